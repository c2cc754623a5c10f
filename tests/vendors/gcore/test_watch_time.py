"""GET /streaming/statistics/stream/watching_duration."""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.domain.clock import parse_instant, utc_datetime
from playhead.vendors.gcore import ids
from tests.worlds import NOW, NOW_TEXT, World

pytestmark = pytest.mark.covers("gcore.live_watch_time")

PATH = "/streaming/statistics/stream/watching_duration"
TEN = {"from_": "2024-05-10T10:00:00Z", "to": "2024-05-10T10:59:59Z"}


def series(world: World, web: httpx.Client, **parameters: Any) -> list[tuple[str, int]]:
    """(start of interval, minutes), the starts as MM-DD hh:mm."""
    answer = world.get(web, "gcore", PATH, **parameters)
    assert answer.status_code == 200, answer.text
    (row,) = answer.json()
    return [(format_instant(start), minutes) for start, minutes in row["metrics"]["streams"]]


def format_instant(instant: int) -> str:
    return next(text for text in SPELLINGS if parse_instant(f"2024-{text}") == instant)


# Every start that these tests expect; another one is an error.
SPELLINGS = [
    *(f"05-10 {hour:02}:{minute:02}" for hour in range(24) for minute in range(60)),
    *(f"06-05 {hour:02}:{minute:02}" for hour in range(24) for minute in range(60)),
    *(
        "05-31 23:00",
        "05-31 23:45",
        "05-31 23:55",
        "05-31 23:59",
        "05-31 00:00",
        "05-01 00:00",
        "06-01 00:00",
    ),
]


def test_the_shape_is_pairs_of_one_client(world: World, web: httpx.Client) -> None:
    world.watch(world.live(), "ana", "2024-05-10T10:00:00Z", (0, 90))
    answer = world.get(web, "gcore", PATH, **TEN)
    client = ids.client_id(world.key, world.account.number)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.text == (
        f'[{{"client":{client},"metrics":{{"streams":[[{parse_instant("2024-05-10T10:00:00Z")}'
        f",2]]}}}}]"
    )


@pytest.mark.parametrize(
    ("granularity", "first"),
    [
        ("1m", "05-31 23:59"),
        ("5m", "05-31 23:55"),
        ("15m", "05-31 23:45"),
        ("1h", "05-31 23:00"),
        ("1d", "05-31 00:00"),
        ("1mo", "05-01 00:00"),
    ],
)
def test_a_viewing_is_split_at_the_borders_of_intervals(
    world: World, web: httpx.Client, granularity: str, first: str
) -> None:
    world.watch(world.live(), "ana", "2024-05-31T23:58:30Z", (0, 135))  # 45 seconds of June
    window = {
        "from_": "2024-05-31T23:59:00Z",
        "to": "2024-06-01T00:00:59Z",
    }  # the first half minute is outside
    assert series(world, web, granularity=granularity, **window) == [(first, 1), ("06-01 00:00", 1)]


def test_without_a_granularity_it_is_an_hour(world: World, web: httpx.Client) -> None:
    assert series(world, web, from_="2024-05-10T10:30:00Z", to="2024-05-10T12:00:00Z") == [
        ("05-10 10:00", 0),
        ("05-10 11:00", 0),
        ("05-10 12:00", 0),
    ]


def test_each_interval_is_rounded_up_by_itself(world: World, web: httpx.Client) -> None:
    live = world.live()
    for hour, seconds in ((10, 1), (11, 60), (12, 61)):
        world.watch(live, "ana", f"2024-05-10T{hour}:00:00Z", (0, seconds))
    found = series(world, web, from_="2024-05-10T10:00:00Z", to="2024-05-10T13:59:59Z")
    assert found == [("05-10 10:00", 1), ("05-10 11:00", 1), ("05-10 12:00", 2), ("05-10 13:00", 0)]


def test_viewers_are_added_up_before_rounding(world: World, web: httpx.Client) -> None:
    live = world.live()
    for name in ("ana", "bo", "cy"):
        world.watch(live, name, "2024-05-10T10:00:00Z", (0, 20))
    assert series(world, web, **TEN) == [("05-10 10:00", 1)]


def test_both_ends_are_in_the_window(world: World, web: httpx.Client) -> None:
    world.watch(world.live(), "ana", "2024-05-10T10:00:00Z", (0, 600))
    inside = {"from_": "2024-05-10T10:00:00Z", "granularity": "1d"}
    day = "05-10 00:00"
    assert series(world, web, to="2024-05-10T10:00:59Z", **inside) == [(day, 1)]
    assert series(world, web, to="2024-05-10T10:01:00Z", **inside) == [(day, 2)]
    assert series(
        world, web, from_="2024-05-10T10:09:00Z", to="2024-05-10T23:59:59Z", granularity="1d"
    ) == [(day, 1)]
    assert series(
        world, web, from_="2024-05-10T10:08:59Z", to="2024-05-10T23:59:59Z", granularity="1d"
    ) == [(day, 2)]


def test_pauses_are_not_watched(world: World, web: httpx.Client) -> None:
    world.watch(world.live(), "ana", "2024-05-10T10:00:00Z", (0, 30), (30, 60, 600))
    assert series(world, web, **TEN) == [("05-10 10:00", 1)]


def test_what_is_seen_again_is_watched_again(world: World, web: httpx.Client) -> None:
    world.watch(world.live(), "ana", "2024-05-10T10:00:00Z", (0, 60), (0, 60))
    assert series(world, web, **TEN) == [("05-10 10:00", 2)]


def test_only_live_streams_count(world: World, web: httpx.Client) -> None:
    world.watch(world.video(), "ana", "2024-05-10T10:00:00Z", (0, 60))
    world.watch(world.playlist(), "bo", "2024-05-10T10:00:00Z", (0, 60))
    assert series(world, web, **TEN) == [("05-10 10:00", 0)]


def test_without_an_end_it_is_now(world: World, web: httpx.Client) -> None:
    world.watch(world.live(), "ana", NOW - 119, (0, 600))  # still on screen
    assert series(world, web, from_="2024-06-05T11:00:00Z") == [
        ("06-05 11:00", 2),
        ("06-05 12:00", 0),
    ]


def test_an_end_in_the_future_is_now(world: World, web: httpx.Client) -> None:
    world.watch(world.live(), "ana", NOW - 119, (0, 600))
    for end in ("2024-06-05T12:59:59Z", "2025-01-01", "9999-12-31"):
        assert series(world, web, from_="2024-06-05T11:00:00Z", to=end) == [
            ("06-05 11:00", 2),
            ("06-05 12:00", 0),
        ]


def test_a_window_in_the_future_has_no_interval(world: World, web: httpx.Client) -> None:
    world.watch(world.live(), "ana", NOW - 119, (0, 600))
    assert series(world, web, from_="2024-06-05T12:00:01Z", to="2024-06-06") == []


def test_a_start_after_the_clock_needs_an_end(world: World, web: httpx.Client) -> None:
    answer = world.get(web, "gcore", PATH, from_="2024-06-05T12:00:01Z")
    assert (answer.status_code, answer.json()) == (
        400,
        {"data": [], "errors": ["from: must not be later than to"]},
    )
    assert series(world, web, from_=NOW_TEXT) == [("06-05 12:00", 0)]


def test_months_are_those_of_the_calendar(world: World, web: httpx.Client) -> None:
    answer = world.get(web, "gcore", PATH, from_="2023-12-15", to="2024-03-01", granularity="1mo")
    starts = [start for start, _ in answer.json()[0]["metrics"]["streams"]]
    assert starts == [
        parse_instant(text) for text in ("2023-12-01", "2024-01-01", "2024-02-01", "2024-03-01")
    ]


def test_months_are_counted_as_months(world: World, web: httpx.Client) -> None:
    answer = world.get(web, "gcore", PATH, from_="0001-01-01", granularity="1mo")
    assert len(answer.json()[0]["metrics"]["streams"]) == 2023 * 12 + 6


def test_a_hundred_thousand_points_and_no_more(world: World, web: httpx.Client) -> None:
    start = parse_instant("2024-05-01") - 100_000 * 60
    window = {"to": "2024-04-30T23:59:59Z", "granularity": "1m"}
    answer = world.get(
        web, "gcore", PATH, from_=f"{utc_datetime(start):%Y-%m-%dT%H:%M:%SZ}", **window
    )
    assert len(answer.json()[0]["metrics"]["streams"]) == 100_000
    answer = world.get(
        web, "gcore", PATH, from_=f"{utc_datetime(start - 1):%Y-%m-%dT%H:%M:%SZ}", **window
    )
    assert (answer.status_code, answer.json()) == (
        400,
        {"data": [], "errors": ["granularity: too many points"]},
    )


@pytest.fixture
def three_streams(world: World) -> World:
    """Streams that were watched for one, two and four minutes.

    The owner's numbers are 5, 5 and none.
    """
    for minutes, mark in ((1, 5), (2, 5), (4, None)):
        live = world.live(f"{minutes}", client_user_id=mark, ids={"gcore": [str(minutes)]})
        world.watch(live, "ana", "2024-05-10T10:00:00Z", (0, minutes * 60))
    return world


FILTERS: list[tuple[dict[str, Any], int]] = [
    ({}, 7),
    ({"stream_id": 1}, 1),
    ({"stream_id": 4}, 4),
    ({"client_user_id": 5}, 3),
    ({"stream_id": 2, "client_user_id": 5}, 2),
    ({"stream_id": 4, "client_user_id": 5}, 0),
    ({"stream_id": 3}, 0),
    ({"client_user_id": 6}, 0),
    ({"stream_id": 0}, 0),
    ({"stream_id": -1}, 0),
    ({"stream_id": 10**17}, 0),
]


@pytest.mark.parametrize(
    ("filters", "minutes"), FILTERS, ids=[str(filters) for filters, _ in FILTERS]
)
def test_filters_leave_the_streams_that_match_all(
    three_streams: World, web: httpx.Client, filters: dict[str, Any], minutes: int
) -> None:
    assert series(three_streams, web, **TEN, **filters) == [("05-10 10:00", minutes)]


def test_a_video_of_that_id_is_no_stream(world: World, web: httpx.Client) -> None:
    video = world.video(ids={"gcore": ["77"]})
    world.watch(video, "ana", "2024-05-10T10:00:00Z", (0, 60))
    assert series(world, web, stream_id=77, **TEN) == [("05-10 10:00", 0)]


REFUSED = [
    ({"granularity": "2h"}, ["from: query param is not set", "granularity: invalid value"]),
    ({"from_": "2024-05-01", "granularity": "1H"}, ["granularity: invalid value"]),
    ({"from_": "2024-05-01", "stream_id": "abc"}, ["stream_id: invalid value"]),
    ({"from_": "2024-05-01", "stream_id": "٣"}, ["stream_id: invalid value"]),
    ({"from_": "2024-05-01", "client_user_id": "1.5"}, ["client_user_id: invalid value"]),
    ({"from_": "2024-05-01", "client_user_id": "9" * 19}, ["client_user_id: invalid value"]),
    ({"from_": "2024-05-02", "to": "2024-05-01"}, ["from: must not be later than to"]),
    (
        {"from_": "x", "to": "y"},
        ["from: invalid datetime, ISO 8601 expected", "to: invalid datetime, ISO 8601 expected"],
    ),
    ({"to": "2024-05-01"}, ["from: query param is not set"]),
]


@pytest.mark.parametrize(
    ("parameters", "errors"), REFUSED, ids=[str(parameters) for parameters, _ in REFUSED]
)
def test_refused(
    world: World, web: httpx.Client, parameters: dict[str, Any], errors: list[str]
) -> None:
    answer = world.get(web, "gcore", PATH, **parameters)
    assert (answer.status_code, answer.headers["content-type"], answer.json()) == (
        400,
        "application/json",
        {"data": [], "errors": errors},
    )


def test_12345_of_the_demo_was_watched(demo: Server, web: httpx.Client) -> None:
    answer = World(demo, "demo").get(
        web, "gcore", PATH, from_="2024-05-01", granularity="1mo", stream_id=12345
    )
    (row,) = answer.json()
    assert row["client"] == 123
    assert all(minutes > 0 for _, minutes in row["metrics"]["streams"])
