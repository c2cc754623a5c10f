"""The same scenario and seed are the same world, and the same question has the same answer,
wherever it is kept and whoever answers.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from playhead import Server
from playhead.emulator import Emulator
from playhead.settings import Settings
from playhead.vendors import VENDORS
from playhead.world import registry
from playhead.world.generator.random import WORLD_VERSION
from tests.operations import OPERATIONS, REFRESH_PATH, OperationRequest, refresh_request
from tests.worlds import NOW_TEXT
from tools.export_openapi.document import build_document

ROOT = Path(__file__).parents[1]
DIGESTS: dict[str, str] = json.loads((ROOT / "fixtures/digests.json").read_text())
DEMO_DIGEST = DIGESTS[str(WORLD_VERSION)]
COMMAND = str(Path(sys.executable).with_name("playhead"))


# ---- The digest


@pytest.mark.parametrize(
    ("hashes", "zone"),
    [("0", "UTC"), ("4242", "Pacific/Kiritimati"), ("random", "America/St_Johns")],
)
def test_the_digest_of_the_demo_stands_in_a_fixture(tmp_path: Path, hashes: str, zone: str) -> None:
    surroundings = {"PYTHONHASHSEED": hashes, "TZ": zone, "PLAYHEAD_CACHE": str(tmp_path)}
    ended = subprocess.run(
        [COMMAND, "seed", "--verify"], env=surroundings, capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines()[1:] == [
        f"scenario demo, seed 1, world version {WORLD_VERSION}, digest {DEMO_DIGEST}",
        f"verified: the stored rows digest to {DEMO_DIGEST}",
    ]


class TwoServers(NamedTuple):
    """Two servers on one store."""

    url: str
    servers: tuple[Server, Server]


@pytest.fixture(scope="module")
def sqlite_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoServers]:
    """Two servers on one SQLite file."""
    yield from two_servers(f"sqlite:///{tmp_path_factory.mktemp('two')}/store.db")


@pytest.fixture(scope="module")
def postgresql_servers(new_postgresql_url: Callable[[], str]) -> Iterator[TwoServers]:
    """Two servers on one PostgreSQL database."""
    yield from two_servers(new_postgresql_url())


def two_servers(url: str) -> Iterator[TwoServers]:
    with Server(store=url, now=NOW_TEXT) as one, Server(store=url, now=NOW_TEXT) as other:
        yield TwoServers(url, (one, other))


def test_the_digest_of_what_sqlite_keeps(sqlite_servers: TwoServers) -> None:
    assert read_back(sqlite_servers.servers[0].emulator) == DEMO_DIGEST


def test_the_digest_of_what_postgresql_keeps(postgresql_servers: TwoServers) -> None:
    assert read_back(postgresql_servers.servers[0].emulator) == DEMO_DIGEST


def read_back(emulator: Emulator) -> str:
    with emulator.store.snapshot() as connection:
        return registry.digest_from_rows(connection, emulator.world)


@pytest.mark.parametrize("other", [{"seed": 2}, {"viewings": 21_000}], ids=["seed", "size"])
def test_another_world_has_another_digest(other: dict[str, object]) -> None:
    emulator = Emulator.open(Settings.load({"now": NOW_TEXT, **other}))
    assert emulator.world_summary().digest != DEMO_DIGEST
    emulator.close()


# ---- The answers


@pytest.mark.parametrize(
    "operation",
    [each for each in OPERATIONS if each.status == 200],
    ids=lambda operation: operation.name,
)
def test_every_operation_answers_the_same_bytes_everywhere(
    sqlite_servers: TwoServers,
    postgresql_servers: TwoServers,
    web: httpx.Client,
    operation: OperationRequest,
) -> None:
    answers = [
        operation.send(web, server.url)
        for server in (*sqlite_servers.servers, postgresql_servers.servers[0])
    ]
    first = answers[0]
    assert first.status_code == 200
    assert len(first.content) > 20 or operation.template == "/health", (
        "an answer with nothing in it shows nothing"
    )
    assert [
        (each.status_code, each.headers["content-type"], body_without_port(each))
        for each in answers
    ] == [(200, first.headers["content-type"], body_without_port(first))] * len(answers)


def body_without_port(answer: httpx.Response) -> bytes:
    """The body, without the port, which is the server's own."""
    return answer.content.replace(f"127.0.0.1:{answer.request.url.port}".encode(), b"ADDRESS")


def test_a_token_of_one_server_opens_the_other(
    sqlite_servers: TwoServers, web: httpx.Client
) -> None:
    one, other = sqlite_servers.servers
    assert refresh_request(web, one.url).send(web, other.url).status_code == 200


def test_an_account_opened_by_one_server_is_the_others_too(
    sqlite_servers: TwoServers, postgresql_servers: TwoServers
) -> None:
    for place in (sqlite_servers, postgresql_servers):
        one, other = (server.emulator.open_account("of both") for server in place.servers)
        assert one == other


def test_every_route_is_asked() -> None:
    routes = {
        (vendor.name, path, method)
        for vendor in VENDORS
        for path, methods in build_document(vendor)["paths"].items()
        for method in methods
    }
    asked = {
        (operation.vendor, operation.template, operation.method) for operation in OPERATIONS
    } | {("apivideo", REFRESH_PATH, "post")}
    assert asked == routes
