"""The control API as tests ask it: by plain requests, with what a vendor then answers."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from playhead import Server
from tests.worlds import NOW_TEXT, World, credentials


class ControlApi:
    """A server's control API."""

    def __init__(self, web: httpx.Client, url: str) -> None:
        self.web = web
        self.url = url

    def __call__(
        self, method: str, path: str, body: Any = None, **more: Any
    ) -> httpx.Response:  # Any: JSON, and what httpx takes
        sent = {} if body is None else {"json": body}
        return self.web.request(method, f"{self.url}/_emulator{path}", **sent, **more)

    def create(self, **fields: Any) -> dict[str, Any]:
        """A new account, as it is shown."""
        response = self("POST", "/accounts", fields)
        assert response.status_code == 201, response.text
        account: dict[str, Any] = response.json()
        return account

    def account(self, name: str, method: str, path: str = "", body: Any = None) -> httpx.Response:
        """An operation on an account."""
        return self(method, f"/accounts/{quote(name, safe='')}{path}", body)

    def status(self, vendor: str, path: str, key: str, **headers: str) -> int:
        """How a vendor answers a key."""
        return self.ask(vendor, path, key, **headers).status_code

    def ask(self, vendor: str, path: str, key: str, **headers: str) -> httpx.Response:
        """What a vendor answers a key."""
        return self.web.get(
            f"{self.url}/{vendor}{path}",
            headers={"Authorization": credentials(vendor, key), **headers},
        )


def account_stats(control: ControlApi, key: str, **headers: str) -> dict[str, Any]:
    """The whole account, as Wistia sums it up."""
    response = control.ask("wistia", "/v1/stats/account", key, **headers)
    assert response.status_code == 200, response.text
    stats: dict[str, Any] = response.json()
    return stats


@pytest.fixture
def control_api(web: httpx.Client, empty: Server) -> ControlApi:
    """The control API of the empty server."""
    return ControlApi(web, empty.url)


@pytest.fixture
def record_plays(empty: Server) -> Callable[[str, int], World]:
    """Records a video and so many viewings of it, an hour before NOW, into an account."""

    def record(name: str, plays: int) -> World:
        world = World(empty, name)
        video = world.video()
        for number in range(plays):
            world.watch(video, f"viewer {number}", "2024-06-05T11:00:00Z", (0, 10))
        return world

    return record


@pytest.fixture
def start_server() -> Iterator[Callable[..., tuple[Server, ControlApi]]]:
    """A maker of servers of the test's own."""
    servers: list[Server] = []
    clients: list[httpx.Client] = []

    def start(**settings: object) -> tuple[Server, ControlApi]:
        servers.append(Server(**{"scenario": "empty", "now": NOW_TEXT, **settings}).start())
        clients.append(httpx.Client(timeout=60))
        return servers[-1], ControlApi(clients[-1], servers[-1].url)

    yield start
    for client in clients:
        client.close()
    for server in servers:
        server.stop()


def send_raw(url: str, request: bytes) -> bytes:
    """What a server sends back to these bytes, until it closes the connection."""
    parts = urlsplit(url)
    with closing(
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30)
    ) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))
