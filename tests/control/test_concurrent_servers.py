"""Two servers on one store:

what is changed through one is seen by the next read through the other, and never half of it.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from playhead import Server
from playhead.domain.clock import monotonic_seconds
from playhead.recording.inputs import NewViewing
from tests.control.conftest import ControlApi, account_stats
from tests.worlds import NOW, World, played_ranges, viewer

StartServer = Callable[..., tuple[Server, ControlApi]]
SECONDS = 2
MAX_LATENCY = 20
BATCH = 20


class TwoServers(NamedTuple):
    """Two servers on one store, and their control APIs."""

    servers: tuple[Server, Server]
    one: ControlApi
    other: ControlApi


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def two_servers(
    request: pytest.FixtureRequest, start_server: StartServer, tmp_path: Path
) -> TwoServers:
    """Two servers on one file, or on one database."""
    store = (
        f"sqlite:///{tmp_path}/store.sqlite"
        if request.param == "SQLite"
        else request.getfixturevalue("postgresql_url")
    )
    (first, one), (second, other) = start_server(store=store), start_server(store=store)
    return TwoServers((first, second), one, other)


def plays(control: ControlApi, key: str) -> int:
    return int(account_stats(control, key)["play_count"])


def test_each_change_is_seen_by_the_next_read_through_the_other(two_servers: TwoServers) -> None:
    one = two_servers.one
    other = two_servers.other
    world = World(two_servers.servers[0], "shared")
    one.create(name="shared", clock={"mode": "frozen", "at": "2024-06-05T12:00:00Z"})
    assert plays(other, "shared") == 0
    video = world.video()
    for number in range(3):
        world.watch(video, "ana", NOW - 3600 + number, (0, 5))
        assert plays(other, "shared") == number + 1
    one.account("shared", "POST", "/clock/advance", {"by": "-PT2H"})
    assert plays(other, "shared") == 0
    other.account("shared", "DELETE", "/clock")
    assert plays(one, "shared") == 3
    one.account("shared", "POST", "/fork", {"name": "forked"})
    assert plays(other, "forked") == 3
    other.account(
        "forked", "POST", "/faults", {"match": {"vendor": "wistia"}, "effect": {"status": 503}}
    )
    assert one.status("wistia", "/v1/stats/account", "forked") == 503
    one.account("forked", "DELETE", "/faults")
    assert plays(other, "forked") == 3
    other.account(
        "forked",
        "POST",
        "/stubs",
        {"vendor": "wistia", "path": "/v1/stats/account", "json": {"play_count": 99}},
    )
    assert plays(one, "forked") == 99
    one.account("shared", "POST", "/reset")
    assert plays(other, "shared") == 0
    one.account("shared", "DELETE")
    assert other.account("shared", "GET").status_code == 404
    assert other.create(name="shared")["name"] == "shared"


def test_a_token_of_one_opens_the_other(two_servers: TwoServers) -> None:
    issued = two_servers.one.web.post(
        f"{two_servers.one.url}/apivideo/auth/api-key", json={"apiKey": "shared"}
    ).json()["access_token"]
    assert (
        two_servers.other.web.get(
            f"{two_servers.other.url}/apivideo/videos",
            headers={"Authorization": f"Bearer {issued}"},
        ).status_code
        == 200
    )


def test_what_one_deleted_is_gone_from_the_others_journal(two_servers: TwoServers) -> None:
    assert plays(two_servers.one, "shared") == plays(two_servers.other, "shared") == 0
    assert two_servers.one.account("shared", "DELETE").status_code == 204
    assert plays(two_servers.other, "shared") == 0
    assert len(two_servers.other.account("shared", "GET", "/requests").json()["requests"]) == 1


# ---- Never half a change


def wistia(control: ControlApi, _video: str) -> tuple[str, int]:
    """The account's day, and how many played the day before or on it.

    Hours and counts of one answer go together.
    """
    days = control.ask("wistia", "/v1/stats/account/by_date", "torn").json()
    assert [day["play_count"] for day in days] == [day["load_count"] for day in days]
    assert [day["hours_watched"] > 0 for day in days] == [day["play_count"] > 0 for day in days]
    return max(day["date"] for day in days), sum(day["play_count"] for day in days)


def gcore(control: ControlApi, _video: str) -> tuple[str, int]:
    rows = control.ask(
        "gcore",
        (
            "/streaming/statistics/countries?date_from=2024-06-05T00:00:00Z&"
            "date_to=2024-06-05T23:59:59Z"
        ),
        "torn",
    ).json()
    return "", sum(row["views"] for row in rows.get("data", rows))


def apivideo(control: ControlApi, video: str) -> tuple[str, int]:
    page = control.ask(
        "apivideo", f"/analytics/videos/{video}?period=2024-06-05&pageSize=100", "torn"
    ).json()
    assert len(page["data"]) == page["pagination"]["itemsTotal"]
    return "", len(page["data"])


# What an account can be found as: nothing recorded, a batch recorded, and then its clock a day on.
# Never the clock on and nothing recorded.
VENDOR_STATES = {
    wistia: {("2024-06-05", 0), ("2024-06-05", BATCH), ("2024-06-06", BATCH)},
    gcore: {("", 0), ("", BATCH)},
    apivideo: {("", 0), ("", BATCH)},
}


@pytest.fixture
def concurrent_writer(two_servers: TwoServers) -> Iterator[str]:
    """While the test runs, one thread records a batch, sets the clock and resets, over and over.

    The id of the account's video at api.video.
    """
    original = World(two_servers.servers[0], "whole")
    film = original.video()
    two_servers.one.account("whole", "POST", "/fork", {"name": "torn"})
    world = World(two_servers.servers[0], "torn")
    ended = threading.Event()
    crashed = list[BaseException]()
    batch = [
        NewViewing(film, viewer(str(number)), NOW - 3600, played_ranges((0, 20), at=NOW - 3600))
        for number in range(BATCH)
    ]

    def write() -> None:
        try:
            with httpx.Client(timeout=60) as web:
                control = ControlApi(web, two_servers.one.url)
                while not ended.is_set():
                    world.recording.viewings(batch)
                    assert (
                        control.account(
                            "torn",
                            "PUT",
                            "/clock",
                            {"mode": "frozen", "at": "2024-06-06T12:00:00Z"},
                        ).status_code
                        == 200
                    )
                    assert control.account("torn", "POST", "/reset").status_code == 200
        except BaseException as error:
            crashed.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    yield str(two_servers.one.ask("apivideo", "/videos", "torn").json()["data"][0]["videoId"])
    ended.set()
    thread.join()
    assert crashed == []


def test_no_read_sees_a_part_of_a_change(two_servers: TwoServers, concurrent_writer: str) -> None:
    found: dict[Any, set[tuple[str, int]]] = {ask: set() for ask in VENDOR_STATES}
    began = monotonic_seconds()
    while monotonic_seconds() < began + SECONDS or (
        found != VENDOR_STATES and monotonic_seconds() < began + MAX_LATENCY
    ):
        for ask in VENDOR_STATES:
            found[ask].add(ask(two_servers.other, concurrent_writer))
    assert found == VENDOR_STATES  # every whole state is met at some time, and no other
