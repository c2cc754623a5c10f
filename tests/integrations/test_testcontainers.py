"""The container class, against a stand-in for Docker's engine whose one container is a server
started with the container's environment.

What only an engine can show is left out: that the image is pulled or built, and that its ports are
mapped. tests/test_packaging.py has the image.
"""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from testcontainers.core.config import ConnectionMode, testcontainers_config

from playhead import Server
from playhead.domain.errors import UserError
from playhead.integrations.testcontainers import PlayheadContainer
from playhead.settings import Settings


class FakeEngine(ThreadingHTTPServer):
    """As much of Docker's engine as one container needs."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), EngineHandler)
        self.made: dict[str, Any] = {}  # Any: the JSON of Docker's API
        self.running: Server | None = None

    def create(self, wanted: dict[str, Any]) -> dict[str, Any]:
        self.made = wanted
        return {"Id": "c1", "Warnings": []}

    def start(self) -> None:
        given = Settings.load(
            environment=dict(line.split("=", 1) for line in self.made["Env"])
        ).model_dump(exclude_unset=True)
        self.running = Server(**given, port=0).start()

    def remove(self) -> None:
        if self.running:
            self.running.stop()
            self.running = None

    def inspected(self) -> dict[str, Any]:
        port = self.running.url.rpartition(":")[2] if self.running else ""
        ports = {
            name: [{"HostIp": "127.0.0.1", "HostPort": port}] for name in self.made["ExposedPorts"]
        }
        return {
            "Id": "c1",
            "Name": "/c1",
            "State": {"Status": "running"},
            "NetworkSettings": {"Ports": ports},
            "Config": {},
        }


class EngineHandler(BaseHTTPRequestHandler):
    """What the engine answers."""

    server: FakeEngine

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.endswith("/version"):
            self._send_json({"ApiVersion": "1.45"})
        elif path.endswith("/containers/c1/json"):
            self._send_json(self.server.inspected())
        else:
            self._send_json([] if path.endswith("/networks") else {"Id": "i1"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "/containers/create" in self.path:
            self._send_json(self.server.create(json.loads(body)), 201)
        else:
            self.server.start()
            self._send_json(None, 204)

    def do_DELETE(self) -> None:
        self.server.remove()
        self._send_json(None, 204)

    def _send_json(self, body: object, status: int = 200) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def fake_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEngine]:
    """An engine that Docker's client finds; nothing else may be started in it."""
    with FakeEngine() as engine:
        serving = Thread(target=engine.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{engine.server_port}")
        monkeypatch.setattr(testcontainers_config, "ryuk_disabled", True)
        # The tests themselves may run in a container: there, too, the engine is where DOCKER_HOST
        # says.
        monkeypatch.setattr(
            testcontainers_config, "connection_mode_override", ConnectionMode.docker_host
        )
        yield engine
        engine.shutdown()
        serving.join()


def test_it_is_the_image_with_its_port_and_settings(fake_engine: FakeEngine) -> None:
    with PlayheadContainer(scenario="empty"):
        assert fake_engine.made["Image"] == "playhead"
        assert list(fake_engine.made["ExposedPorts"]) == ["8000/tcp"]
        assert sorted(fake_engine.made["Env"]) == [
            "PLAYHEAD_CONTROL_HOSTS=*",
            "PLAYHEAD_SCENARIO=empty",
        ]


def test_a_started_one_answers_and_is_gone_afterwards(fake_engine: FakeEngine) -> None:
    with (
        PlayheadContainer(scenario="empty", now="2024-06-05T12:00:00Z") as container,
        container.client() as client,
    ):
        account = client.create("boxed")
        assert (account.base_url, account.clock.now) == (container.url, "2024-06-05T12:00:00Z")
    assert fake_engine.running is None


def test_its_client_knows_the_token(fake_engine: FakeEngine) -> None:
    with (
        PlayheadContainer(scenario="empty", control_token="s3cret") as container,
        container.client() as client,
    ):
        assert client.accounts() == []


def test_a_wrong_setting_is_refused_before_anything_is_started(fake_engine: FakeEngine) -> None:
    with pytest.raises(UserError, match="seed='one'"):
        PlayheadContainer(seed="one")
    assert fake_engine.made == {}
