"""Playhead as an object: on a port, or inside the test's own process."""

import contextlib
import socket
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

import playhead
from playhead import Server, create_app
from playhead.domain.errors import UserError
from playhead.gateway.vendor import Vendor
from playhead.vendors import VENDORS
from tests.operations import OPERATIONS
from tests.worlds import NOW_TEXT, World, credentials


def port_of(server: Server) -> int:
    return int(server.url.rpartition(":")[2])


def test_the_package_exports_server_and_create_app() -> None:
    assert (playhead.Server, playhead.create_app) == (Server, create_app)
    assert not hasattr(playhead, "nothing")


def test_a_server_takes_a_free_port_of_this_machine_and_frees_it() -> None:
    with (
        Server(scenario="empty") as server,
        socket.create_connection(("127.0.0.1", port_of(server)), timeout=5),
    ):
        assert server.url.startswith("http://127.0.0.1:")
    with (
        pytest.raises(ConnectionRefusedError),
        socket.create_connection(("127.0.0.1", port_of(server)), timeout=5),
    ):
        pass
    with socket.create_server(("127.0.0.1", port_of(server))):
        pass


def test_a_server_removes_its_temporary_store() -> None:
    with Server(scenario="empty") as server:
        file = server.emulator.store.file
        assert file and file.exists()
    assert not file.parent.exists()


def test_a_server_can_be_started_and_stopped_again() -> None:
    server = Server(scenario="empty")
    for _ in range(2):
        server.start()
        assert httpx.get(server.url).status_code == 200
        server.stop()


def test_a_bad_setting_is_refused_at_once() -> None:
    with pytest.raises(UserError, match="port='http'"):
        Server(port="http")


def test_a_taken_port_is_refused_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(UserError, match="Address already in use"),
    ):
        Server(scenario="empty", port=taken.getsockname()[1]).start()
    assert list(tmp_path.iterdir()) == []


def test_two_emulators_in_one_process_do_not_notice_each_other(web: httpx.Client) -> None:
    with (
        Server(scenario="empty", now=NOW_TEXT) as one,
        Server(scenario="empty", now="2020-01-01T00:00:00Z") as other,
    ):
        World(one, "same").video("only here")
        totals = [
            [
                item["name"]
                for item in World(server, "same").get(web, "gcore", "/streaming/videos").json()
            ]
            for server in (one, other)
        ]
        clocks = [server.emulator.open_account("same").now for server in (one, other)]
    assert totals == [["only here"], []]
    assert clocks[0] - clocks[1] > 4 * 365 * 86_400


# ---- In process


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_the_application_answers_without_a_socket() -> None:
    app = create_app(scenario="demo", now=NOW_TEXT)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://api.gcore.com"
    ) as client:
        answer = await client.get(
            "/streaming/videos/12345", headers={"Authorization": "APIKey anything"}
        )
    app.on_shutdown()
    assert (answer.status_code, answer.json()["id"]) == (200, 12345)


@pytest.mark.anyio
async def test_the_application_closes_its_own_emulator_when_its_lifespan_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    app = create_app(scenario="empty")
    assert len(list(tmp_path.iterdir())) == 1
    events = iter(["lifespan.startup", "lifespan.shutdown"])
    sent: list[str] = []

    async def receive() -> dict[str, str]:
        return {"type": next(events)}

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        sent.append(message["type"])

    await app({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert list(tmp_path.iterdir()) == []


def test_an_emulator_that_was_handed_over_stays_open(empty: Server) -> None:
    create_app(empty.emulator).on_shutdown()
    assert empty.emulator.world_summary().scenario == "empty"


# ---- A crash


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_crash_is_the_vendors_500_and_a_traceback_in_the_log(
    web: httpx.Client, capfd: pytest.CaptureFixture[str], vendor: Vendor
) -> None:
    operation = next(
        each
        for each in OPERATIONS
        if each.vendor == vendor.name
        and "account" not in each.path
        and not each.body
        and each.template != "/health"
    )
    with Server(scenario="demo", now=NOW_TEXT, log="text") as server:
        assert operation.send(web, server.url).status_code == 200
        with server.emulator.store.transaction() as connection:
            for table in ("viewings", "played_ranges", "daily_rollups", "media"):
                connection.execute(text(f"DROP TABLE {table}"))
        answer = operation.send(web, server.url)
        intact = web.get(server.url)
    log = capfd.readouterr().err
    assert (answer.status_code, intact.status_code) == (500, 200)
    assert "Traceback" not in answer.text and "no such table" not in answer.text
    assert answer.headers["x-request-id"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Traceback (most recent call last)" in log and "no such table" in log
    assert f"{vendor.name} " in log and " 500 " in log


def test_after_a_crash_the_next_request_is_answered(web: httpx.Client) -> None:
    with Server(scenario="empty", now=NOW_TEXT) as server:
        with server.emulator.store.transaction() as connection:
            connection.execute(text("ALTER TABLE media RENAME TO hidden"))
        headers = {"Authorization": credentials("gcore", "k")}
        crashed = web.get(f"{server.url}/streaming/videos", headers=headers)
        with server.emulator.store.transaction() as connection:
            connection.execute(text("ALTER TABLE hidden RENAME TO media"))
        again = web.get(f"{server.url}/streaming/videos", headers=headers)
    assert (crashed.status_code, again.status_code) == (500, 200)


def test_a_request_that_is_cut_off_harms_nothing(web: httpx.Client, empty: Server) -> None:
    with contextlib.closing(
        socket.create_connection(("127.0.0.1", port_of(empty)), timeout=5)
    ) as line:
        line.sendall(b"GET /streaming/videos HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    assert web.get(empty.url).status_code == 200
