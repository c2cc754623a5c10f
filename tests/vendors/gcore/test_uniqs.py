"""GET /streaming/statistics/uniqs."""

from typing import Any

import httpx
import pytest

from tests.vendors.gcore.client_helpers import MAY, error_messages, row_values, rows
from tests.worlds import World, viewer

pytestmark = pytest.mark.covers("gcore.unique_viewers")

SEATTLE = 0
NEW_YORK = 1
TORONTO = 7
FIRST = "2024-05-10T10:00:00Z"
SECOND = "2024-05-11T10:00:00Z"


@pytest.fixture
def recorded_views(world: World) -> World:
    """Ana on both days and two devices, Bo in two cities of one country on the first day.

    A stream that Ana only loaded.
    """
    video = world.video("film", ids={"gcore": ["11"]})
    live = world.live("air", ids={"gcore": ["11"]})
    world.watch(video, "ana", FIRST, (0, 9), page="https://a.com/1")
    world.watch(video, "ana", FIRST, (0, 9), page="https://a.com/2")
    world.watch(
        video, "ana", SECOND, (0, 9), page="https://a.com/1", viewer=viewer("ana", device=18)
    )
    world.watch(
        video,
        "bo",
        FIRST,
        (0, 4),
        (4, 5),
        page="https://b.com/",
        viewer=viewer("bo", place=SEATTLE),
    )
    world.watch(
        video,
        "bo",
        FIRST,
        (0, 9),
        page="https://b.com/",
        viewer=viewer("bo", place=NEW_YORK, device=18),
    )
    world.watch(live, "ana", FIRST)
    return world


def test_an_address_counts_once_a_day(recorded_views: World, web: httpx.Client) -> None:
    answer = recorded_views.get(web, "gcore", "/streaming/statistics/uniqs", **MAY)
    assert answer.text == (
        '{"data":[{"unique_ips":2,"date":"2024-05-10","type":"vod"},{"unique_ips":1,'
        '"date":"2024-05-11","type":"vod"}]}'
    )


GROUPS: list[tuple[str, list[tuple[Any, ...]]]] = [
    ("date", [(2, "2024-05-10", "vod"), (1, "2024-05-11", "vod")]),
    ("host", [(1, "2024-05-01", "vod", "a.com"), (1, "2024-05-01", "vod", "b.com")]),
    ("os", [(2, "2024-05-01", "vod", "Windows"), (2, "2024-05-01", "vod", "iOS")]),
    ("platform", [(2, "2024-05-01", "vod", "desktop"), (2, "2024-05-01", "vod", "mobile")]),
    ("browser", [(2, "2024-05-01", "vod", "Firefox"), (2, "2024-05-01", "vod", "Mobile Safari")]),
    ("ip", [(1, "2024-05-01", "vod", "203.0.113.1"), (1, "2024-05-01", "vod", "203.0.113.2")]),
    ("country", [(2, "2024-05-01", "vod", "US")]),
    ("id", [(2, "2024-05-01", "vod", 11)]),
    (
        "event",
        [
            (2, "2024-05-01", "vod", "init"),
            (2, "2024-05-01", "vod", "start"),
            (2, "2024-05-01", "vod", "watch"),
            (1, "2024-05-01", "live", "init"),
        ],
    ),
    ("date,country", [(2, "2024-05-10", "vod", "US"), (1, "2024-05-11", "vod", "US")]),
    (
        "date,ip",
        [(1, "2024-05-10", "vod", f"203.0.113.{last}") for last in (1, 2)]
        + [(1, "2024-05-11", "vod", "203.0.113.1")],
    ),
    (
        "host,ip",
        [
            (1, "2024-05-01", "vod", "a.com", "203.0.113.1"),
            (1, "2024-05-01", "vod", "b.com", "203.0.113.2"),
        ],
    ),
]


@pytest.mark.parametrize(("group", "expected"), GROUPS, ids=[group for group, _ in GROUPS])
def test_a_group_without_date_is_of_the_whole_window(
    recorded_views: World, web: httpx.Client, group: str, expected: list[tuple[Any, ...]]
) -> None:
    """Such rows carry the first day of the window, since `date` is required."""
    assert row_values(recorded_views, web, "uniqs", group=group) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (
            {"event": "init"},
            [(2, "2024-05-10", "vod"), (1, "2024-05-11", "vod"), (1, "2024-05-10", "live")],
        ),
        ({"event": "start"}, [(2, "2024-05-10", "vod"), (1, "2024-05-11", "vod")]),
        ({"type": "live"}, []),
        ({"type": "live", "event": "init", "id": "11"}, [(1, "2024-05-10", "live")]),
        ({"host": "b.com"}, [(1, "2024-05-10", "vod")]),
        ({"country": "us", "group": "country"}, [(2, "2024-05-01", "vod", "US")]),
        ({"country": "FR"}, []),
        (
            {"date_from": "2024-05-10T10:00:00Z", "date_to": "2024-05-11T09:59:59Z", "group": "id"},
            [(2, "2024-05-10", "vod", 11)],
        ),
    ],
    ids=str,
)
def test_all_conditions_together(
    recorded_views: World,
    web: httpx.Client,
    filters: dict[str, str],
    expected: list[tuple[Any, ...]],
) -> None:
    assert row_values(recorded_views, web, "uniqs", **filters) == expected


def test_the_most_come_first_within_a_day_then_by_word(world: World, web: httpx.Client) -> None:
    video = world.video()
    for name, place in (("ana", SEATTLE), ("bo", TORONTO), ("cy", TORONTO)):
        world.watch(video, name, FIRST, (0, 9), viewer=viewer(name, place=place))
    assert [
        (row["unique_ips"], row["country"]) for row in rows(world, web, "uniqs", group="country")
    ] == [(2, "CA"), (1, "US")]


def test_nobody_is_an_empty_list(world: World, web: httpx.Client) -> None:
    for group in ("", "date", "ip", "country"):
        assert rows(world, web, "uniqs", group=group) == []


@pytest.mark.parametrize("group", ["cat", "date,cat", "DATE"])
def test_an_unknown_group_is_refused(world: World, web: httpx.Client, group: str) -> None:
    assert error_messages(world, web, "uniqs", **MAY, group=group) == ["group: invalid value"]
