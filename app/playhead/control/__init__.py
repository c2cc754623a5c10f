"""The control API at /_emulator:

accounts, clocks, recordings, faults, stubs and the journal; made at its first request.
"""

from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from playhead.emulator import Emulator
from playhead.gateway.vendor import Vendor


class Control:
    """The control API's application. Who never asks it does not pay for its import."""

    def __init__(self, vendors: Sequence[Vendor], emulator: Emulator) -> None:
        self.vendors = vendors
        self.emulator = emulator
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            from playhead.control.app import create_control_app

            self._app = create_control_app(self.vendors, self.emulator)
        await self._app(scope, receive, send)
