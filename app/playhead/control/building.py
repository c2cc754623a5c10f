"""build(vendors, emulator) → the control API: which routes it has, and what guards them."""

from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from playhead import __version__
from playhead.control import about, accounts, clocks, faults, journal, problems, recording, stubs
from playhead.control.guard import OF_EVERY_OPERATION, Guard
from playhead.emulator import Emulator
from playhead.settings import CONTROL
from playhead.vendor import Vendor

ROUTERS = (about.routes, accounts.routes, clocks.routes, recording.routes, faults.routes, stubs.routes, journal.routes)


def build(vendors: Sequence[Vendor], emulator: Emulator) -> ASGIApp:
    """The control API's application, guarded."""
    app = FastAPI(
        title="Playhead control API", version=__version__, docs_url=None, redoc_url=None, openapi_url=f"{CONTROL}/openapi.json", redirect_slashes=False
    )
    app.state.vendors, app.state.emulator = tuple(vendors), emulator
    for router in ROUTERS:
        app.include_router(router, prefix=CONTROL, responses=OF_EVERY_OPERATION)
    problems.install(app)
    return Entrance(Guard(app, emulator.settings))


class Entrance:
    """Reads the path segment by segment, so that an account's name may hold an encoded slash."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0]
        path = "/".join(unquote_to_bytes(segment).decode("utf-8", "replace").replace("/", "\0") for segment in raw.split(b"/"))
        # A stream of events has no end, so it has no head without a body either.
        method = "GET" if scope["method"] == "HEAD" and not path.endswith("/stream") else scope["method"]
        await self.app({**scope, "path": path, "method": method}, receive, send)
