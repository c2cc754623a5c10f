"""Server: the application on a real socket, in a thread of this process, as this process, or by several of its children."""

import asyncio
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from functools import cached_property, partial
from multiprocessing.connection import wait
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.supervisors import Multiprocess

from playhead.clock import pause
from playhead.emulator import Emulator
from playhead.failure import Refusal
from playhead.main import create_app
from playhead.settings import Settings

if TYPE_CHECKING:
    from playhead.client import Client


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
    """A connection that a planned fault can cut, and that ends without waiting for what will not come."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own has it
        super().connection_made(transport)
        self.app_state = {**self.app_state, "cut": transport.close}  # the application finds it in its scope

    def shutdown(self) -> None:
        """Begin to end: who waits for requests on this connection is told that none come any more."""
        self.app_state["leave"]()
        super().shutdown()


class Serving:
    """The application over an emulator, which its connections tell when the server is about to end."""

    def __init__(self, emulator: Emulator, *, on_shutdown: Callable[[], None] = lambda: None) -> None:
        self.emulator = emulator
        self.app = create_app(emulator)
        self.app.on_shutdown = on_shutdown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            scope["state"]["leave"] = self.emulator.journal.leave
        await self.app(scope, receive, send)


def _config(app: Any, **more: Any) -> uvicorn.Config:  # Any: as uvicorn has it
    """How uvicorn serves: it neither logs nor signs what it sends."""
    return uvicorn.Config(app, http=Connection, log_level="error", access_log=False, server_header=False, lifespan="on", ws="none", **more)


def uvicorn_server(emulator: Emulator) -> uvicorn.Server:
    """A server of the application over an emulator that somebody else closes."""
    return uvicorn.Server(_config(Serving(emulator)))


class Workers(Multiprocess):
    """Processes that answer on one socket and one store; one that dies is replaced."""

    def __init__(self, emulator: Emulator, listening: socket.socket) -> None:
        url = emulator.store.engine.url.render_as_string(hide_password=False)
        settings = emulator.settings.model_copy(update={"store": url})  # a temporary store, too, is the one that is there
        # One that is busy is not taken for dead.
        super().__init__(_config(partial(worker, settings), factory=True, workers=settings.workers, timeout_worker_healthcheck=60), [listening])

    def handle_hup(self) -> None:
        """A terminal that was closed ends the server; uvicorn would start anew."""
        self.handle_term()


def worker(settings: Settings) -> Serving:
    """The application of one of several processes; it ends with the one that started it, however that ended."""
    threading.Thread(target=_end_after, args=[multiprocessing.parent_process()], daemon=True).start()
    emulator = Emulator.open(settings)
    return Serving(emulator, on_shutdown=emulator.close)


def _end_after(parent: Any) -> None:  # Any: multiprocessing does not name its type
    wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


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

    @cached_property
    def client(self) -> "Client":
        """Its accounts, to arrange and to ask."""
        from playhead.client import Client  # who only serves does not pay for it

        return Client(self.url, self.settings.control_token)

    def stop(self) -> None:
        """Answer what is under way, then end."""
        vars(self).pop("client", None)
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
        self.emulator.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
