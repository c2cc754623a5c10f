"""The container class, against a stand-in for Docker's engine whose one container is a server started with the container's environment.

What only an engine can show is left out: that the image is pulled or built, and that its ports are mapped. tests/test_packaging.py has the image.
"""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from testcontainers.core.config import ConnectionMode, testcontainers_config

from playhead import Server
from playhead.containers import PlayheadContainer
from playhead.failure import Refusal
from playhead.settings import Settings


class Engine(ThreadingHTTPServer):
    """As much of Docker's engine as one container needs."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.made: dict[str, Any] = {}  # Any: the JSON of Docker's API
        self.running: Server | None = None

    def create(self, wanted: dict[str, Any]) -> dict[str, Any]:
        self.made = wanted
        return {"Id": "c1", "Warnings": []}

    def start(self) -> None:
        given = Settings.load(environment=dict(line.split("=", 1) for line in self.made["Env"])).model_dump(exclude_unset=True)
        self.running = Server(**given, port=0).start()

    def remove(self) -> None:
        if self.running:
            self.running.stop()
            self.running = None

    def inspected(self) -> dict[str, Any]:
        port = self.running.url.rpartition(":")[2] if self.running else ""
        ports = {name: [{"HostIp": "127.0.0.1", "HostPort": port}] for name in self.made["ExposedPorts"]}
        return {"Id": "c1", "Name": "/c1", "State": {"Status": "running"}, "NetworkSettings": {"Ports": ports}, "Config": {}}


class Answer(BaseHTTPRequestHandler):
    """What the engine answers."""

    server: Engine

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.endswith("/version"):
            self._say({"ApiVersion": "1.45"})
        elif path.endswith("/containers/c1/json"):
            self._say(self.server.inspected())
        else:
            self._say([] if path.endswith("/networks") else {"Id": "i1"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "/containers/create" in self.path:
            self._say(self.server.create(json.loads(body)), 201)
        else:
            self.server.start()
            self._say(None, 204)

    def do_DELETE(self) -> None:
        self.server.remove()
        self._say(None, 204)

    def _say(self, said: object, status: int = 200) -> None:
        content = b"" if said is None else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine that Docker's client finds; nothing else may be started in it."""
    with Engine() as engine:
        serving = Thread(target=engine.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{engine.server_port}")
        monkeypatch.setattr(testcontainers_config, "ryuk_disabled", True)
        # The tests themselves may run in a container: there, too, the engine is where DOCKER_HOST says.
        monkeypatch.setattr(testcontainers_config, "connection_mode_override", ConnectionMode.docker_host)
        yield engine
        engine.shutdown()
        serving.join()


def test_it_is_the_image_with_its_port_and_settings(engine: Engine) -> None:
    with PlayheadContainer(scenario="empty"):
        assert engine.made["Image"] == "playhead"
        assert list(engine.made["ExposedPorts"]) == ["8000/tcp"]
        assert sorted(engine.made["Env"]) == ["PLAYHEAD_CONTROL_HOSTS=*", "PLAYHEAD_SCENARIO=empty"]


def test_a_started_one_answers_and_is_gone_afterwards(engine: Engine) -> None:
    with PlayheadContainer(scenario="empty", now="2024-06-05T12:00:00Z") as container, container.client() as client:
        account = client.create("boxed")
        assert (account.base, account.clock.now) == (container.url, "2024-06-05T12:00:00Z")
    assert engine.running is None


def test_its_client_knows_the_token(engine: Engine) -> None:
    with PlayheadContainer(scenario="empty", control_token="s3cret") as container, container.client() as client:
        assert client.accounts() == []


def test_a_wrong_setting_is_refused_before_anything_is_started(engine: Engine) -> None:
    with pytest.raises(Refusal, match="seed='one'"):
        PlayheadContainer(seed="one")
    assert engine.made == {}
