"""The baseline:

a Starlette application with one answer, under uvicorn. `python -m bench.bare_starlette PORT`.
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def front(_request: Request) -> PlainTextResponse:
    """The one answer."""
    return PlainTextResponse("bare")


if __name__ == "__main__":
    uvicorn.run(
        Starlette(routes=[Route("/", front)]),
        port=int(sys.argv[1]),
        log_level="error",
        access_log=False,
        lifespan="off",
        ws="none",
    )
