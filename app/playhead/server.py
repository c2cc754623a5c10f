"""Server: the application on a real socket, in a thread of this process, as this process, or by
several of its children.
"""

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

from playhead.app import create_app
from playhead.domain.clock import sleep
from playhead.domain.errors import UserError
from playhead.emulator import Emulator
from playhead.settings import Settings

if TYPE_CHECKING:
    from playhead.client import Client


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to an address; port 0 takes a free one; raises Refusal where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only for sockets that name their protocol; with it an
    # answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except (OSError, UnicodeError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(
            f"cannot listen on {host}:{port} ({reason}): choose another --host or --port (0 "
            "takes a free port)"
        ) from None
    return listener


def base_url(listener: socket.socket) -> str:
    """The base URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class FaultableProtocol(H11Protocol):
    """A connection that a planned fault can cut, and that ends without waiting for what will not
    come.
    """

    # as uvicorn's own has it
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {
            **self.app_state,
            "disconnect": transport.close,
        }  # the application finds it in its scope

    def shutdown(self) -> None:
        """Begin to end:

        who waits for requests on this connection is told that none come any more.
        """
        self.app_state["begin_shutdown"]()
        super().shutdown()


class ServerApp:
    """The application over an emulator, which its connections tell when the server is
    about to end.
    """

    def __init__(
        self, emulator: Emulator, *, on_shutdown: Callable[[], None] = lambda: None
    ) -> None:
        self.emulator = emulator
        self.app = create_app(emulator)
        self.app.on_shutdown = on_shutdown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            scope["state"]["begin_shutdown"] = self.emulator.journal.begin_shutdown
        await self.app(scope, receive, send)


def _uvicorn_config(app: Any, **options: Any) -> uvicorn.Config:  # Any: as uvicorn has it
    """How uvicorn serves: it neither logs nor signs what it sends."""
    return uvicorn.Config(
        app,
        http=FaultableProtocol,
        log_level="error",
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        **options,
    )


def uvicorn_server(emulator: Emulator) -> uvicorn.Server:
    """A server of the application over an emulator that somebody else closes."""
    return uvicorn.Server(_uvicorn_config(ServerApp(emulator)))


class Workers(Multiprocess):
    """Processes that answer on one socket and one store; one that dies is replaced."""

    def __init__(self, emulator: Emulator, listener: socket.socket) -> None:
        url = emulator.store.engine.url.render_as_string(hide_password=False)
        settings = emulator.settings.model_copy(
            update={"store": url}
        )  # a temporary store, too, is the one that is there
        # One that is busy is not taken for dead.
        super().__init__(
            _uvicorn_config(
                partial(create_worker_app, settings),
                factory=True,
                workers=settings.workers,
                timeout_worker_healthcheck=60,
            ),
            [listener],
        )

    def handle_hup(self) -> None:
        """A terminal that was closed ends the server; uvicorn would start anew."""
        self.handle_term()


def create_worker_app(settings: Settings) -> ServerApp:
    """The application of one of several processes.

    It ends with the one that started it, however that ended.
    """
    threading.Thread(
        target=_exit_with_parent, args=[multiprocessing.parent_process()], daemon=True
    ).start()
    emulator = Emulator.open(settings)
    return ServerApp(emulator, on_shutdown=emulator.close)


def _exit_with_parent(parent: Any) -> None:  # Any: multiprocessing does not name its type
    wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


class Server:
    """Playhead on a free port of 127.0.0.1, in a thread:

    `with playhead.Server(scenario="empty") as server: server.url`.
    """

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
        self.url = base_url(self._socket)
        self._server = uvicorn_server(self.emulator)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            sleep(0.005)
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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
