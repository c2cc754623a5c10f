"""Two servers on one store: what is changed through one is seen by the next read through the other, and never half of it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from playhead import Server
from playhead.accounts.recording import NewViewing
from playhead.clock import stopwatch
from tests.control.conftest import Control, account_stats
from tests.worlds import NOW, World, played, viewer

Start = Callable[..., tuple[Server, Control]]
SECONDS, LONGEST = 2, 20
BATCH = 20


class Pair(NamedTuple):
    """Two servers on one store, and their control APIs."""

    servers: tuple[Server, Server]
    one: Control
    other: Control


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def pair(request: pytest.FixtureRequest, own_server: Start, tmp_path: Path) -> Pair:
    """Two servers on one file, or on one database."""
    store = f"sqlite:///{tmp_path}/store.sqlite" if request.param == "SQLite" else request.getfixturevalue("postgresql")
    (first, one), (second, other) = own_server(store=store), own_server(store=store)
    return Pair((first, second), one, other)


def plays(control: Control, key: str) -> int:
    return int(account_stats(control, key)["play_count"])


def test_each_change_is_seen_by_the_next_read_through_the_other(pair: Pair) -> None:
    one, other, world = pair.one, pair.other, World(pair.servers[0], "shared")
    one.create(name="shared", clock={"mode": "frozen", "at": "2024-06-05T12:00:00Z"})
    assert plays(other, "shared") == 0
    video = world.video()
    for number in range(3):
        world.watch(video, "ana", NOW - 3600 + number, (0, 5))
        assert plays(other, "shared") == number + 1
    one.of("shared", "POST", "/clock/advance", {"by": "-PT2H"})
    assert plays(other, "shared") == 0
    other.of("shared", "DELETE", "/clock")
    assert plays(one, "shared") == 3
    one.of("shared", "POST", "/fork", {"name": "forked"})
    assert plays(other, "forked") == 3
    other.of("forked", "POST", "/faults", {"match": {"vendor": "wistia"}, "effect": {"status": 503}})
    assert one.status("wistia", "/v1/stats/account", "forked") == 503
    one.of("forked", "DELETE", "/faults")
    assert plays(other, "forked") == 3
    other.of("forked", "POST", "/stubs", {"vendor": "wistia", "path": "/v1/stats/account", "json": {"play_count": 99}})
    assert plays(one, "forked") == 99
    one.of("shared", "POST", "/reset")
    assert plays(other, "shared") == 0
    one.of("shared", "DELETE")
    assert other.of("shared", "GET").status_code == 404
    assert other.create(name="shared")["name"] == "shared"


def test_a_token_of_one_opens_the_other(pair: Pair) -> None:
    issued = pair.one.web.post(f"{pair.one.url}/apivideo/auth/api-key", json={"apiKey": "shared"}).json()["access_token"]
    assert pair.other.web.get(f"{pair.other.url}/apivideo/videos", headers={"Authorization": f"Bearer {issued}"}).status_code == 200


def test_what_one_deleted_is_gone_from_the_others_journal(pair: Pair) -> None:
    assert plays(pair.one, "shared") == plays(pair.other, "shared") == 0
    assert pair.one.of("shared", "DELETE").status_code == 204
    assert plays(pair.other, "shared") == 0
    assert len(pair.other.of("shared", "GET", "/requests").json()["requests"]) == 1


# ---- Never half a change


def wistia(control: Control, _video: str) -> tuple[str, int]:
    """The account's day, and how many played the day before or on it; hours and counts of one answer go together."""
    days = control.ask("wistia", "/v1/stats/account/by_date", "torn").json()
    assert [day["play_count"] for day in days] == [day["load_count"] for day in days]
    assert [day["hours_watched"] > 0 for day in days] == [day["play_count"] > 0 for day in days]
    return max(day["date"] for day in days), sum(day["play_count"] for day in days)


def gcore(control: Control, _video: str) -> tuple[str, int]:
    rows = control.ask("gcore", "/streaming/statistics/countries?date_from=2024-06-05T00:00:00Z&date_to=2024-06-05T23:59:59Z", "torn").json()
    return "", sum(row["views"] for row in rows.get("data", rows))


def apivideo(control: Control, video: str) -> tuple[str, int]:
    page = control.ask("apivideo", f"/analytics/videos/{video}?period=2024-06-05&pageSize=100", "torn").json()
    assert len(page["data"]) == page["pagination"]["itemsTotal"]
    return "", len(page["data"])


# What an account can be found as: nothing recorded, a batch recorded, and then its clock a day on. Never the clock on and nothing recorded.
STATES = {
    wistia: {("2024-06-05", 0), ("2024-06-05", BATCH), ("2024-06-06", BATCH)},
    gcore: {("", 0), ("", BATCH)},
    apivideo: {("", 0), ("", BATCH)},
}


@pytest.fixture
def writing(pair: Pair) -> Iterator[str]:
    """While the test runs, one thread records a batch, sets the clock and resets, over and over; the id of the account's video at api.video."""
    original = World(pair.servers[0], "whole")
    film = original.video()
    pair.one.of("whole", "POST", "/fork", {"name": "torn"})
    world, ended, crashed = World(pair.servers[0], "torn"), threading.Event(), list[BaseException]()
    batch = [NewViewing(film, viewer(str(number)), NOW - 3600, played((0, 20), at=NOW - 3600)) for number in range(BATCH)]

    def write() -> None:
        try:
            with httpx.Client(timeout=60) as web:
                control = Control(web, pair.one.url)
                while not ended.is_set():
                    world.recording.viewings(batch)
                    assert control.of("torn", "PUT", "/clock", {"mode": "frozen", "at": "2024-06-06T12:00:00Z"}).status_code == 200
                    assert control.of("torn", "POST", "/reset").status_code == 200
        except BaseException as error:
            crashed.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    yield str(pair.one.ask("apivideo", "/videos", "torn").json()["data"][0]["videoId"])
    ended.set()
    thread.join()
    assert crashed == []


def test_no_read_sees_a_part_of_a_change(pair: Pair, writing: str) -> None:
    found: dict[Any, set[tuple[str, int]]] = {ask: set() for ask in STATES}
    began = stopwatch()
    while stopwatch() < began + SECONDS or (found != STATES and stopwatch() < began + LONGEST):
        for ask in STATES:
            found[ask].add(ask(pair.other, writing))
    assert found == STATES  # every whole state is met at some time, and no other
