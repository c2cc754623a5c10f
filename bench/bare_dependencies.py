"""What the fixed packages cost:

FastAPI and SQLAlchemy imported, one route that answers. `python -m bench.bare_dependencies PORT`.
"""

import sys

import sqlalchemy
import uvicorn
from fastapi import FastAPI

app = FastAPI(title=f"SQLAlchemy {sqlalchemy.__version__}", openapi_url=None)


@app.get("/")
def front() -> str:
    """The one answer."""
    return "floor"


if __name__ == "__main__":
    uvicorn.run(
        app, port=int(sys.argv[1]), log_level="error", access_log=False, lifespan="off", ws="none"
    )
