"""GET /streaming/statistics/cdn/uniqs, stream/viewers, vod/viewers, vod/watching_duration and its
total: any player, by the wall clock.
"""

from typing import Any

import httpx
import pytest

from playhead.vendors.gcore import ids
from tests.vendors.gcore.client_helpers import (
    MAY,
    error_messages,
    row_values,
    series_metrics,
    series_values,
)
from tests.worlds import NOW, World, viewer

pytestmark = pytest.mark.covers(
    "gcore.unique_viewers_cdn",
    "gcore.live_unique_viewers",
    "gcore.vod_unique_viewers_cdn",
    "gcore.vod_watch_time",
    "gcore.vod_watch_time_total",
)

TEN = ("2024-05-10T10:00:00Z", "2024-05-10T12:59:59Z")


def test_a_viewer_is_an_address_and_a_device(world: World, web: httpx.Client) -> None:
    video = world.video(ids={"gcore": ["11", "slugOfIt"]})
    live = world.live(ids={"gcore": ["11"]})
    for device in (0, 0, 18):
        world.watch(
            video, "ana", "2024-05-10T10:00:00Z", (0, 1), viewer=viewer("ana", device=device)
        )
    world.watch(live, "ana", "2024-05-10T10:00:00Z", (0, 1))
    world.watch(world.video("other"), "bo", "2024-05-10T10:00:00Z", (0, 1))
    world.watch(video, "cy", "2024-05-10T10:00:00Z")  # loaded, never played
    assert row_values(world, web, "cdn/uniqs") == [(3, "vod"), (1, "live")]
    assert (
        row_values(world, web, "cdn/uniqs", type="vod", id="11")
        == row_values(world, web, "cdn/uniqs", type="vod", id="slugOfIt")
        == [(2, "vod")]
    )
    assert row_values(world, web, "cdn/uniqs", id="11") == [
        (3, "vod"),
        (1, "live"),
    ]  # without a type the id is overlooked


def test_video_and_live_are_always_told_a_playlist_where_anyone_watched(
    world: World, web: httpx.Client
) -> None:
    assert row_values(world, web, "cdn/uniqs") == [(0, "vod"), (0, "live")]
    assert row_values(world, web, "cdn/uniqs", type="playlist") == [(0, "playlist")]
    assert row_values(world, web, "cdn/uniqs", type="live", id="nobody") == [(0, "live")]
    world.watch(world.playlist(), "ana", "2024-05-10T10:00:00Z", (0, 1))
    assert row_values(world, web, "cdn/uniqs") == [(0, "vod"), (0, "live"), (1, "playlist")]


def test_who_goes_on_watching_counts_in_every_window(world: World, web: httpx.Client) -> None:
    world.watch(world.video(), "ana", "2024-05-10T23:59:50Z", (0, 20))
    for window in ({"date_to": "2024-05-10T23:59:59Z"}, {"date_from": "2024-05-11"}):
        assert row_values(world, web, "cdn/uniqs", **window)[0] == (1, "vod")
    assert row_values(world, web, "cdn/uniqs", date_from="2024-05-11T00:00:10Z")[0] == (0, "vod")


@pytest.mark.parametrize(("kind", "name"), [("live", "stream/viewers"), ("video", "vod/viewers")])
def test_viewers_are_distinct_in_each_interval(
    world: World, web: httpx.Client, kind: str, name: str
) -> None:
    media = world.live() if kind == "live" else world.video(seconds=9000)
    world.watch(media, "ana", "2024-05-10T10:59:00Z", (0, 120))
    world.watch(media, "ana", "2024-05-10T10:10:00Z", (0, 9))
    world.watch(media, "bo", "2024-05-10T12:00:00Z", (0, 1))
    assert series_values(world, web, name, *TEN) == [1, 1, 1]
    assert series_values(world, web, name, *TEN, granularity="1d") == [2]
    assert series_values(
        world, web, name, "2024-05-10T10:55:00Z", "2024-05-10T11:04:59Z", granularity="5m"
    ) == [1, 1]
    assert series_values(
        world, web, name, "2024-05-10T10:58:00Z", "2024-05-10T11:01:00Z", granularity="1m"
    ) == [0, 1, 1, 0]


def test_one_client_and_pairs(world: World, web: httpx.Client) -> None:
    assert [*series_metrics(world, web, "stream/viewers", *TEN)] == ["streams"]
    assert (
        [*series_metrics(world, web, "vod/viewers", *TEN)]
        == [*series_metrics(world, web, "vod/watching_duration", *TEN)]
        == ["vod"]
    )
    assert series_metrics(world, web, "vod/viewers", *TEN, granularity="1d") == {
        "vod": [[1715299200, 0]]
    }


def test_filters_of_live_streams(world: World, web: httpx.Client) -> None:
    for name, number in (("ana", 7), ("bo", 8)):
        world.watch(
            world.live(name, client_user_id=number, ids={"gcore": [str(number)]}),
            name,
            "2024-05-10T10:00:00Z",
            (0, 9),
        )
    assert series_values(world, web, "stream/viewers", *TEN, granularity="1d") == [2]
    ones: list[dict[str, Any]] = [
        {"stream_id": 7},
        {"client_user_id": 7},
        {"stream_id": 7, "client_user_id": 7},
    ]
    for filters in ones:
        assert series_values(world, web, "stream/viewers", *TEN, granularity="1d", **filters) == [1]
    nothing: list[dict[str, Any]] = [
        {"stream_id": 9},
        {"client_user_id": 9},
        {"stream_id": 7, "client_user_id": 8},
    ]
    for filters in nothing:
        assert series_values(world, web, "stream/viewers", *TEN, granularity="1d", **filters) == [0]


@pytest.mark.parametrize("name", ["vod/viewers", "vod/watching_duration"])
def test_filters_of_videos(world: World, web: httpx.Client, name: str) -> None:
    first = world.video("first", client_user_id=7, ids={"gcore": ["77", "slugOfFirst"]})
    second = world.video("second", client_user_id=8)
    for media, who in ((first, "ana"), (second, "bo")):
        world.watch(media, who, "2024-05-10T10:00:00Z", (0, 60))
    assert series_values(world, web, name, *TEN, granularity="1d") == [2]
    ones: list[dict[str, Any]] = [
        {"slug": "slugOfFirst"},
        {"slug": ids.slug_of(second)},
        {"client_user_id": 8},
        {"slug": "slugOfFirst", "client_user_id": 7},
    ]
    for filters in ones:
        assert series_values(world, web, name, *TEN, granularity="1d", **filters) == [1], filters
    # An id is no slug.
    nothing: list[dict[str, Any]] = [
        {"slug": "77"},
        {"slug": "nobody"},
        {"client_user_id": 9},
        {"slug": "slugOfFirst", "client_user_id": 8},
    ]
    for filters in nothing:
        assert series_values(world, web, name, *TEN, granularity="1d", **filters) == [0], filters


def test_minutes_of_videos_are_rounded_up_by_interval_and_once_in_all(
    world: World, web: httpx.Client
) -> None:
    video = world.video(seconds=9000)
    world.watch(video, "ana", "2024-05-10T10:59:30Z", (0, 31))
    world.watch(video, "bo", "2024-05-10T12:00:00Z", (0, 10))
    assert series_values(world, web, "vod/watching_duration", *TEN) == [1, 1, 1]
    assert series_values(world, web, "vod/watching_duration", *TEN, granularity="1mo") == [1]
    total = world.get(web, "gcore", "/streaming/statistics/vod/watching_duration/total")
    assert total.json() == [
        {"client": ids.client_id(world.key, world.account.number), "duration": 1}
    ]


def test_a_total_echoes_the_filters_that_were_used(world: World, web: httpx.Client) -> None:
    world.watch(
        world.video(client_user_id=7, ids={"gcore": ["slugOfIt"]}),
        "ana",
        "2024-05-10T10:00:00Z",
        (0, 60),
    )
    client = ids.client_id(world.key, world.account.number)
    asked = world.get(
        web,
        "gcore",
        "/streaming/statistics/vod/watching_duration/total",
        slug="slugOfIt",
        client_user_id=7,
    )
    assert (
        asked.text == f'[{{"client":{client},"duration":1,"slug":"slugOfIt","client_user_id":7}}]'
    )
    nothing = world.get(
        web, "gcore", "/streaming/statistics/vod/watching_duration/total", slug="other"
    )
    assert nothing.json() == [{"client": client, "duration": 0, "slug": "other"}]


def test_what_is_on_screen_now_counts_up_to_now(world: World, web: httpx.Client) -> None:
    world.watch(world.video(seconds=9000), "ana", NOW - 60, (0, 600))
    assert series_values(world, web, "vod/viewers", "2024-06-05T11:00:00Z", "2024-06-06") == [1, 0]
    assert series_values(
        world, web, "vod/watching_duration", "2024-06-05T11:00:00Z", "2024-06-06"
    ) == [1, 0]
    assert (
        world.get(web, "gcore", "/streaming/statistics/vod/watching_duration/total").json()[0][
            "duration"
        ]
        == 1
    )


@pytest.mark.parametrize(
    ("name", "parameters", "errors"),
    [
        ("cdn/uniqs", {**MAY, "type": "cat"}, ["type: invalid value"]),
        ("stream/viewers", {"from_": "2024-05-01"}, ["to: query param is not set"]),
        ("vod/viewers", {}, ["from: query param is not set", "to: query param is not set"]),
        (
            "vod/viewers",
            {"from_": "2024-05-01", "to": "2024-05-02", "granularity": "1mo"},
            ["granularity: invalid value"],
        ),
        (
            "stream/viewers",
            {"from_": "2024-05-01", "to": "2024-05-02", "granularity": "1mo"},
            ["granularity: invalid value"],
        ),
        (
            "stream/viewers",
            {"from_": "2024-05-02", "to": "2024-05-01"},
            ["from: must not be later than to"],
        ),
        (
            "stream/viewers",
            {"from_": "2024-05-01", "to": "2024-05-02", "stream_id": "x"},
            ["stream_id: invalid value"],
        ),
        (
            "vod/watching_duration",
            {"from_": "2024-05-01", "client_user_id": "x"},
            ["client_user_id: invalid value"],
        ),
        (
            "vod/watching_duration/total",
            {"from_": "x"},
            ["from: invalid datetime, ISO 8601 expected"],
        ),
        (
            "stream/viewers",
            {"from_": "2000-01-01", "to": "2024-05-02", "granularity": "1h"},
            ["granularity: too many points"],
        ),
        (
            "vod/watching_duration",
            {"from_": "2000-01-01", "to": "2024-05-02", "granularity": "1m"},
            ["granularity: too many points"],
        ),
    ],
)
def test_refused(
    world: World, web: httpx.Client, name: str, parameters: dict[str, Any], errors: list[str]
) -> None:
    assert error_messages(world, web, name, **parameters) == errors
