"""build(vendors, emulator) → the control API: which routes it has, and what guards them."""

from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from playhead import __version__
from playhead.control import problems
from playhead.control.routes import accounts, clock, faults, recording, requests, server, stubs
from playhead.control.security import COMMON_RESPONSES, SecurityMiddleware
from playhead.emulator import Emulator
from playhead.gateway.vendor import Vendor
from playhead.settings import CONTROL_PREFIX

ROUTERS = (
    server.routes,
    accounts.routes,
    clock.routes,
    recording.routes,
    faults.routes,
    stubs.routes,
    requests.routes,
)


def create_control_app(vendors: Sequence[Vendor], emulator: Emulator) -> ASGIApp:
    """The control API's application, guarded."""
    app = FastAPI(
        title="Playhead control API",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{CONTROL_PREFIX}/openapi.json",
        redirect_slashes=False,
    )
    app.state.vendors = tuple(vendors)
    app.state.emulator = emulator
    for router in ROUTERS:
        app.include_router(router, prefix=CONTROL_PREFIX, responses=COMMON_RESPONSES)
    problems.install_handlers(app)
    return PathDecodingMiddleware(SecurityMiddleware(app, emulator.settings))


class PathDecodingMiddleware:
    """Reads the path segment by segment, so that an account's name may hold an encoded slash."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0]
        path = "/".join(
            unquote_to_bytes(segment).decode("utf-8", "replace").replace("/", "\0")
            for segment in raw.split(b"/")
        )
        # A stream of events has no end, so it has no head without a body either.
        method = (
            "GET" if scope["method"] == "HEAD" and not path.endswith("/stream") else scope["method"]
        )
        await self.app({**scope, "path": path, "method": method}, receive, send)
