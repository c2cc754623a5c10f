"""GET /streaming/statistics/stream/watching_duration/total."""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.vendors.gcore import ids
from tests.worlds import NOW, World

pytestmark = pytest.mark.covers("gcore.live_watch_time_total")

PATH = "/streaming/statistics/stream/watching_duration/total"


def total(world: World, web: httpx.Client, **parameters: Any) -> dict[str, Any]:
    """The one row, without its client."""
    answer = world.get(web, "gcore", PATH, **parameters)
    assert answer.status_code == 200, answer.text
    (row,) = answer.json()
    return {name: value for name, value in row.items() if name != "client"}


def minutes(world: World, web: httpx.Client, **parameters: Any) -> int:
    found: int = total(world, web, **parameters)["duration"]
    return found


def test_nothing_watched_is_one_row_of_zero(world: World, web: httpx.Client) -> None:
    answer = world.get(web, "gcore", PATH)
    client = ids.client_id(world.key, world.account.number)
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (
        200,
        "application/json",
        f'[{{"client":{client},"duration":0}}]',
    )


def test_the_sum_is_rounded_up_once(world: World, web: httpx.Client) -> None:
    live = world.live()
    for hour in (10, 11, 12):
        world.watch(live, "ana", f"2024-05-10T{hour}:00:00Z", (0, 20))
    assert minutes(world, web) == 1
    world.watch(live, "ana", "2024-05-10T13:00:00Z", (0, 1))
    assert minutes(world, web) == 2


def test_only_live_streams_count(world: World, web: httpx.Client) -> None:
    world.watch(world.video(), "ana", "2024-05-10T10:00:00Z", (0, 60))
    world.watch(world.playlist(), "bo", "2024-05-10T10:00:00Z", (0, 60))
    assert minutes(world, web) == 0


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({}, 10),
        ({"from_": "2024-05-10T10:00:00Z"}, 10),
        ({"from_": "2024-05-10T10:04:00Z"}, 6),
        ({"to": "2024-05-10T10:03:59Z"}, 4),
        ({"to": "2024-05-10T10:04:00Z"}, 5),
        ({"from_": "2024-05-10T10:04:00Z", "to": "2024-05-10T10:04:59Z"}, 1),
        ({"from_": "2024-05-10T10:04:00Z", "to": "2024-05-10T10:04:00Z"}, 1),
        ({"from_": "2024-05-11"}, 0),
        ({"to": "2024-05-10"}, 0),
        ({"to": "1960-01-01"}, 0),
        ({"to": "2030-01-01"}, 10),
        ({"from_": "0001-01-01", "to": "9999-12-31"}, 10),
        ({"from_": "2024-07-01", "to": "2024-07-02"}, 0),
    ],
    ids=str,
)
def test_a_window_takes_its_part(
    world: World, web: httpx.Client, window: dict[str, str], expected: int
) -> None:
    world.watch(world.live(), "ana", "2024-05-10T10:00:00Z", (0, 600))
    assert minutes(world, web, **window) == expected


def test_what_runs_is_counted_up_to_now(world: World, web: httpx.Client) -> None:
    world.watch(world.live(), "ana", NOW - 120, (0, 600))
    for window in ({}, {"from_": "2024-06-05"}, {"to": "2024-06-06"}):
        assert minutes(world, web, **window) == 2


def test_what_is_yet_to_come_is_not_counted(world: World, web: httpx.Client) -> None:
    world.watch(world.live(), "ana", NOW + 60, (0, 600))
    for window in (
        {},
        {"from_": "2024-06-05", "to": "2024-06-06"},
        {"from_": "2024-06-05T12:01:00Z", "to": "2024-06-06"},
    ):
        assert minutes(world, web, **window) == 0


@pytest.fixture
def three_streams(world: World) -> World:
    """Streams that were watched for one, two and four minutes.

    The owner's numbers are 5, 5 and none.
    """
    for length, mark in ((1, 5), (2, 5), (4, None)):
        live = world.live(f"{length}", client_user_id=mark, ids={"gcore": [str(length)]})
        world.watch(live, "ana", "2024-05-10T10:00:00Z", (0, length * 60))
    return world


FILTERS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"duration": 7}),
    ({"stream_id": 1}, {"duration": 1, "stream_id": "1"}),
    ({"client_user_id": 5}, {"duration": 3, "client_user_id": 5}),
    ({"stream_id": 2, "client_user_id": 5}, {"duration": 2, "stream_id": "2", "client_user_id": 5}),
    ({"stream_id": 4, "client_user_id": 5}, {"duration": 0, "stream_id": "4", "client_user_id": 5}),
    ({"stream_id": 3}, {"duration": 0, "stream_id": "3"}),
    ({"client_user_id": 0}, {"duration": 0, "client_user_id": 0}),
    ({"stream_id": ""}, {"duration": 7}),
]


@pytest.mark.parametrize(("filters", "row"), FILTERS, ids=[str(filters) for filters, _ in FILTERS])
@pytest.mark.parametrize(
    "window", [{}, {"from_": "2024-05-10", "to": "2024-05-11"}], ids=["ever", "window"]
)
def test_filters_are_echoed_the_id_as_a_string(
    three_streams: World,
    web: httpx.Client,
    filters: dict[str, Any],
    row: dict[str, Any],
    window: dict[str, str],
) -> None:
    assert total(three_streams, web, **filters, **window) == row


def test_the_keys_come_in_their_order(three_streams: World, web: httpx.Client) -> None:
    (row,) = three_streams.get(web, "gcore", PATH, stream_id=1, client_user_id=5).json()
    assert list(row) == ["client", "duration", "stream_id", "client_user_id"]


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"stream_id": "abc"}, "stream_id: invalid value"),
        ({"client_user_id": "1.5"}, "client_user_id: invalid value"),
        ({"from_": "2024-05-02", "to": "2024-05-01"}, "from: must not be later than to"),
        ({"from_": "2024-07-01"}, "from: must not be later than to"),
        ({"to": "soon"}, "to: invalid datetime, ISO 8601 expected"),
    ],
    ids=str,
)
def test_refused(world: World, web: httpx.Client, parameters: dict[str, str], error: str) -> None:
    answer = world.get(web, "gcore", PATH, **parameters)
    assert (answer.status_code, answer.headers["content-type"], answer.json()) == (
        400,
        "application/json",
        {"data": [], "errors": [error]},
    )


def test_the_documented_stream_of_the_demo(demo: Server, web: httpx.Client) -> None:
    world = World(demo, "demo")
    found = world.get(web, "gcore", PATH, stream_id=320423).json()[0]
    assert (found["client"], found["stream_id"]) == (123, "320423")
    assert 0 < found["duration"] < minutes(world, web)


def test_streams_partition_the_total(demo: Server, web: httpx.Client) -> None:
    world = World(demo, "demo")
    streams = world.get(web, "gcore", "/streaming/streams").json()
    parts = sum(minutes(world, web, stream_id=stream["id"]) for stream in streams)
    assert minutes(world, web) <= parts < minutes(world, web) + len(streams)
