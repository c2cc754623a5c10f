"""GET /streaming/statistics/views."""

from typing import Any

import httpx
import pytest

from playhead.domain.media import MediaKind
from playhead.recording.inputs import NewMedia
from playhead.vendors.gcore import ids
from tests.vendors.gcore.client_helpers import MAY, error_messages, row_values, rows
from tests.worlds import World, viewer

pytestmark = pytest.mark.covers("gcore.views")

SEATTLE = 0
TORONTO = 7
WINDOWS_FIREFOX = 0
IPHONE_SAFARI = 18
FIRST = "2024-05-01T10:00:00Z"
SECOND = "2024-05-02T10:00:00Z"
HERE = "https://Example.com:8443/xxx?a=1#b"
THERE = "https://simple.com/"


@pytest.fixture
def recorded_views(world: World) -> World:
    """On the first of May four of a video, two of them views.

    On the second a view of a stream, and one of a playlist.
    """
    video = world.video("film", ids={"gcore": ["11", "slugOfFilm"]})
    live = world.live("air", ids={"gcore": ["11"]})
    world.watch(video, "ana", FIRST, (0, 5), page=HERE)
    world.watch(video, "ana", FIRST, (0, 9), page=THERE)
    world.watch(
        video,
        "bo",
        FIRST,
        (0, 4),
        page=HERE,
        viewer=viewer("bo", device=IPHONE_SAFARI, place=TORONTO),
    )
    world.watch(video, "cy", FIRST)
    world.watch(
        live, "bo", SECOND, (0, 9), viewer=viewer("bo", device=IPHONE_SAFARI, place=TORONTO)
    )
    (list_,) = world.recording.media(
        [NewMedia("list", kind=MediaKind.playlist, duration_ms=60_000, ids={"gcore": ["12"]})]
    )
    world.watch(list_, "ana", SECOND, (0, 9), page=HERE)
    return world


def test_rows_are_of_a_type_and_a_day_and_views_take_five_seconds(
    recorded_views: World, web: httpx.Client
) -> None:
    assert recorded_views.get(web, "gcore", "/streaming/statistics/views", **MAY).text == (
        '{"data":[{"views":2,"date":"2024-05-01","type":"vod"},'
        '{"views":1,"date":"2024-05-02","type":"live"},'
        '{"views":1,"date":"2024-05-02","type":"playlist"}]}'
    )


def test_a_type_comes_before_a_day(world: World, web: httpx.Client) -> None:
    video = world.video()
    live = world.live()
    for media in (live, video):
        for at in (SECOND, FIRST):
            world.watch(media, "ana", at, (0, 9))
    assert row_values(world, web, "views") == [
        (1, "2024-05-01", "vod"),
        (1, "2024-05-02", "vod"),
        (1, "2024-05-01", "live"),
        (1, "2024-05-02", "live"),
    ]


@pytest.mark.parametrize(
    ("event", "counted"), [("init", [4, 1, 1]), ("start", [3, 1, 1]), ("watch", [2, 1, 1])]
)
def test_an_event_is_how_far_a_viewing_came(
    recorded_views: World, web: httpx.Client, event: str, counted: list[int]
) -> None:
    assert [row["views"] for row in rows(recorded_views, web, "views", event=event)] == counted


GROUPS: list[tuple[str, list[tuple[Any, ...]]]] = [
    ("host", [(1, "example.com"), (1, "simple.com"), (1, "unknown"), (1, "example.com")]),
    ("os", [(2, "Windows"), (1, "iOS"), (1, "Windows")]),
    ("browser", [(2, "Firefox"), (1, "Mobile Safari"), (1, "Firefox")]),
    ("platform", [(2, "desktop"), (1, "mobile"), (1, "desktop")]),
    ("ip", [(2, "203.0.113.1"), (1, "203.0.113.2"), (1, "203.0.113.1")]),
    ("country", [(2, "US"), (1, "CA"), (1, "US")]),
    (
        "event",
        [
            (4, "init"),
            (3, "start"),
            (2, "watch"),
            *[(1, event) for event in ("init", "start", "watch")] * 2,
        ],
    ),
    ("id", [(2, 11), (1, 11), (1, 12)]),
]


@pytest.mark.parametrize(("group", "expected"), GROUPS, ids=[group for group, _ in GROUPS])
def test_a_group_splits_days_and_types(
    recorded_views: World, web: httpx.Client, group: str, expected: list[tuple[Any, ...]]
) -> None:
    found = rows(recorded_views, web, "views", group=group)
    assert [*found[0]] == ["views", "date", "type", group]
    assert [(row["views"], row[group]) for row in found] == expected


@pytest.mark.parametrize(
    "group",
    [
        "host,country",
        ["host", "country"],
        ["country", "host", "country"],
        " country , host ,",
        ["country,host", ""],
    ],
)
def test_groups_are_repeated_or_separated_by_commas(
    recorded_views: World, web: httpx.Client, group: Any
) -> None:
    found = rows(recorded_views, web, "views", group=group, type="vod")
    assert [(row["views"], row["host"], row["country"]) for row in found] == [
        (1, "example.com", "US"),
        (1, "simple.com", "US"),
    ]


def test_the_most_viewed_come_first_within_a_day_then_by_word(
    world: World, web: httpx.Client
) -> None:
    video = world.video()
    for name, page in (
        ("ana", "https://c.com"),
        ("bo", "https://b.com"),
        ("cy", "https://a.com"),
        ("di", "https://c.com"),
    ):
        world.watch(video, name, FIRST, (0, 9), page=page)
    assert [(row["views"], row["host"]) for row in rows(world, web, "views", group="host")] == [
        (2, "c.com"),
        (1, "a.com"),
        (1, "b.com"),
    ]


FILTERS: list[tuple[dict[str, str], list[tuple[Any, ...]]]] = [
    ({"type": "live"}, [(1, "2024-05-02", "live")]),
    ({"id": "11"}, [(2, "2024-05-01", "vod"), (1, "2024-05-02", "live")]),
    ({"id": "11", "type": "vod"}, [(2, "2024-05-01", "vod")]),
    ({"id": "slugOfFilm"}, [(2, "2024-05-01", "vod")]),
    ({"id": "slugOfFilm", "type": "live"}, []),
    ({"id": "12", "type": "vod"}, []),
    ({"id": "nobody"}, []),
    ({"host": "EXAMPLE.com"}, [(1, "2024-05-01", "vod"), (1, "2024-05-02", "playlist")]),
    (
        {"host": "example.com", "event": "start"},
        [(2, "2024-05-01", "vod"), (1, "2024-05-02", "playlist")],
    ),
    ({"host": "example"}, []),
    ({"host": "unknown"}, [(1, "2024-05-02", "live")]),
    ({"country": "ca"}, [(1, "2024-05-02", "live")]),
    ({"country": "US", "host": "simple.com"}, [(1, "2024-05-01", "vod")]),
    ({"country": "Canada"}, []),
    (
        {"type": "", "id": "", "event": "", "host": "", "country": "", "group": ""},
        [(2, "2024-05-01", "vod"), *[(1, "2024-05-02", "live")]],
    ),
]


@pytest.mark.parametrize(
    ("filters", "expected"), FILTERS, ids=[str(filters) for filters, _ in FILTERS]
)
def test_all_conditions_together(
    recorded_views: World,
    web: httpx.Client,
    filters: dict[str, str],
    expected: list[tuple[Any, ...]],
) -> None:
    found = row_values(recorded_views, web, "views", **filters)
    assert (found[:2] if "" in filters.values() else found) == expected


def test_the_id_of_a_made_up_entity_leads_to_its_views(world: World, web: httpx.Client) -> None:
    video = world.video()
    world.watch(video, "ana", FIRST, (0, 9))
    for id_ in (str(ids.id_of(video)), ids.slug_of(video)):
        assert rows(world, web, "views", id=id_, group="id") == [
            {"views": 1, "date": "2024-05-01", "type": "vod", "id": ids.id_of(video)}
        ]


def test_what_is_yet_to_come_is_not_seen(world: World, web: httpx.Client) -> None:
    world.watch(world.video(), "ana", "2024-06-05T13:00:00Z", (0, 9))
    assert rows(world, web, "views", date_to="2024-07-01", event="init") == []


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({}, ["date_from: query param is not set", "date_to: query param is not set"]),
        ({**MAY, "group": "cat"}, ["group: invalid value"]),
        ({**MAY, "group": "host,date"}, ["group: invalid value"]),
        ({**MAY, "group": ["Host"]}, ["group: invalid value"]),
        ({**MAY, "event": "play"}, ["event: invalid value"]),
        ({**MAY, "type": "video"}, ["type: invalid value"]),
        (
            {**MAY, "type": "x", "event": "x", "group": "x"},
            ["type: invalid value", "event: invalid value", "group: invalid value"],
        ),
    ],
    ids=str,
)
def test_refused(
    world: World, web: httpx.Client, parameters: dict[str, Any], errors: list[str]
) -> None:
    assert error_messages(world, web, "views", **parameters) == errors
