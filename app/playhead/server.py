"""Server: the application on a real socket, in a thread of this process or as this process."""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from playhead.clock import pause
from playhead.emulator import Emulator
from playhead.failure import Refusal
from playhead.main import create_app
from playhead.settings import Settings


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to an address; port 0 takes a free one; raises Refusal where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only for sockets that name their protocol; with it an answer waits 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except (OSError, UnicodeError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise Refusal(f"cannot listen on {host}:{port} ({reason}): choose another --host or --port (0 takes a free port)") from None
    return listening


def address(listening: socket.socket) -> str:
    """The base URL of a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class Connection(H11Protocol):
    """A connection that a planned fault can cut: the application finds how in its scope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own has it
        super().connection_made(transport)
        self.app_state = {**self.app_state, "cut": transport.close}


def uvicorn_server(emulator: Emulator) -> uvicorn.Server:
    """A server of the application that neither logs nor signs what it sends."""
    return uvicorn.Server(
        uvicorn.Config(create_app(emulator), http=Connection, log_level="error", access_log=False, server_header=False, lifespan="off", ws="none")
    )


class Server:
    """Playhead on a free port of 127.0.0.1, in a thread: `with playhead.Server(scenario="empty") as server: server.url`."""

    def __init__(self, **settings: object) -> None:
        self.settings = Settings.load({"log": "off", "port": 0, **settings})

    def start(self) -> Self:
        """Listen and answer; raises Refusal."""
        self._socket = listen(self.settings.host, self.settings.port)
        try:
            self.emulator = Emulator.open(self.settings)
        except BaseException:
            self._socket.close()
            raise
        self.url = address(self._socket)
        self._server = uvicorn_server(self.emulator)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            pause(0.005)
        return self

    def stop(self) -> None:
        """Answer what is under way, then end."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
        self.emulator.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
