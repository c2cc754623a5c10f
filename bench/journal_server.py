"""Playhead of the demo world with its journal, or without:

`python -m bench.journal_server PORT with|without`.
"""

import signal
import sys

import uvicorn

from playhead.app import create_app
from playhead.emulator import Emulator
from playhead.settings import Settings

if __name__ == "__main__":
    port, journal = sys.argv[1:]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    emulator = Emulator.open(Settings.load({"log": "off"}))
    app = create_app(emulator)
    if journal == "without":
        app.observers = ()
    try:
        uvicorn.run(
            app,
            port=int(port),
            http="h11",
            log_level="error",
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
        )
    finally:
        emulator.close()
