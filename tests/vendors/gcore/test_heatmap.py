"""GET /streaming/statistics/heatmap."""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.vendors.gcore import ids
from tests.worlds import NOW, NOW_TEXT, World

pytestmark = pytest.mark.covers("gcore.views_heatmap")

MAY = {"date_from": "2024-05-01T00:00:00Z", "date_to": "2024-05-31T23:59:59Z"}
JUNE = {"date_from": "2024-06-01T00:00:00Z", "date_to": "2024-06-30T23:59:59Z"}
AT = "2024-05-10T10:00:00Z"


def heatmap(
    world: World, web: httpx.Client, type_: str, entity: int | str, **parameters: str
) -> list[dict[str, Any]]:
    """The rows of an entity: its number, or any id."""
    id_ = ids.id_of(entity) if isinstance(entity, int) else entity
    answer = world.get(
        web,
        "gcore",
        "/streaming/statistics/heatmap",
        type_=type_,
        stream_id=id_,
        **{**MAY, **parameters},
    )
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["data"]
    return rows


def vod(world: World, web: httpx.Client, video: int, **parameters: str) -> dict[int, int]:
    """Viewers by second."""
    return {
        row["seconds"]: row["viewers"] for row in heatmap(world, web, "vod", video, **parameters)
    }


def wall(
    world: World, web: httpx.Client, type_: str, media: int, **parameters: str
) -> dict[str, int]:
    """Viewers by the time of day."""
    return {
        row["time"][11:]: row["viewers"] for row in heatmap(world, web, type_, media, **parameters)
    }


# Videos: samples of every tenth second.


def test_a_row_says_who_had_that_very_second_on_screen(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", AT, (0, 30))
    world.watch(video, "bo", AT, (0, 10))  # ends before the tenth second
    world.watch(video, "cy", AT, (11, 20))  # between two samples
    world.watch(video, "di", AT, (20, 21))
    assert vod(world, web, video) == {0: 2, 10: 1, 20: 2}


def test_the_rows_have_no_time_and_come_in_order(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", AT, (0, 11))
    answer = world.get(
        web,
        "gcore",
        "/streaming/statistics/heatmap",
        type="vod",
        stream_id=ids.id_of(video),
        **MAY,
    )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.text == '{"data":[{"viewers":1,"seconds":0},{"viewers":1,"seconds":10}]}'


def test_rows_end_with_the_last_second_that_anyone_watched(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=600)
    world.watch(video, "ana", AT, (25, 31))
    assert vod(world, web, video) == {0: 0, 10: 0, 20: 0, 30: 1}


def test_a_whole_video_has_no_row_beyond_its_end(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=20)
    world.watch(video, "ana", AT, (0, 20))
    assert vod(world, web, video) == {0: 1, 10: 1}


def test_a_second_that_is_seen_again_counts_once(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", AT, (0, 20), (5, 15))
    assert vod(world, web, video) == {0: 1, 10: 1}


def test_two_viewings_of_one_viewer_are_two(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", AT, (0, 5))
    world.watch(video, "ana", "2024-05-11T10:00:00Z", (0, 5))
    assert vod(world, web, video) == {0: 2}


def test_a_video_is_mapped_from_viewings_that_have_ended(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", NOW - 30, (0, 31))
    assert vod(world, web, video, **JUNE) == {}
    world.watch(video, "bo", NOW - 30, (0, 30))
    assert vod(world, web, video, **JUNE) == {0: 1, 10: 1, 20: 1}


def test_a_viewing_belongs_to_the_window_of_its_load(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", "2024-05-10T09:59:59Z", (0, 30), start_delay=60)
    world.watch(video, "bo", AT, (10, 12), start_delay=60)
    assert vod(world, web, video, date_from=AT, date_to=AT) == {0: 0, 10: 1}
    assert vod(world, web, video, date_to="2024-05-10T09:59:59Z") == {0: 1, 10: 1, 20: 1}


def test_a_slug_names_a_video_as_well(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", AT, (0, 5))
    assert heatmap(world, web, "vod", ids.slug_of(video)) == [{"viewers": 1, "seconds": 0}]


# Live streams and playlists: samples of every full minute of the wall clock.


@pytest.mark.parametrize("type_", ["live", "playlist"])
def test_full_minutes_of_the_wall_clock(world: World, web: httpx.Client, type_: str) -> None:
    media = world.live() if type_ == "live" else world.playlist(seconds=600)
    world.watch(media, "ana", "2024-05-10T10:00:30Z", (0, 150))  # until 10:03:00, when it is gone
    world.watch(media, "bo", "2024-05-10T10:01:00Z", (30, 90))
    world.watch(media, "cy", "2024-05-10T10:01:01Z", (0, 58))  # between two minutes
    expected = [
        {"viewers": 2, "time": "2024-05-10 10:01:00"},
        {"viewers": 1, "time": "2024-05-10 10:02:00"},
    ]
    assert heatmap(world, web, type_, media) == expected


def test_minutes_without_viewers_have_no_row(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.watch(live, "ana", "2024-05-10T10:00:00Z", (0, 1))
    world.watch(live, "bo", "2024-05-10T12:00:00Z", (0, 1))
    assert wall(world, web, "live", live) == {"10:00:00": 1, "12:00:00": 1}


def test_a_running_viewing_is_seen_up_to_now(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.watch(live, "ana", NOW - 150, (0, 3600))
    assert wall(world, web, "live", live, **JUNE) == {"11:58:00": 1, "11:59:00": 1, "12:00:00": 1}


def test_a_paused_viewer_has_nothing_on_screen(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.watch(
        live, "ana", "2024-05-10T10:00:00Z", (0, 61), (200, 320, 119)
    )  # paused from 10:01:01 to 10:03:00
    assert wall(world, web, "live", live) == {
        "10:00:00": 1,
        "10:01:00": 1,
        "10:03:00": 1,
        "10:04:00": 1,
    }


def test_who_is_paused_now_is_not_seen_now(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.watch(live, "ana", NOW - 120, (0, 61), (61, 900, 300))
    assert wall(world, web, "live", live, **JUNE) == {"11:58:00": 1, "11:59:00": 1}


def test_both_ends_of_the_window_are_sampled(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.watch(live, "ana", "2024-05-10T10:00:00Z", (0, 600))
    window = {"date_from": "2024-05-10T10:02:00Z", "date_to": "2024-05-10T10:04:00Z"}
    assert wall(world, web, "live", live, **window) == {"10:02:00": 1, "10:03:00": 1, "10:04:00": 1}
    window = {"date_from": "2024-05-10T10:02:01Z", "date_to": "2024-05-10T10:03:59Z"}
    assert wall(world, web, "live", live, **window) == {"10:03:00": 1}


def test_what_is_yet_to_come_is_not_seen(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.watch(live, "ana", NOW + 60, (0, 600))
    assert heatmap(world, web, "live", live, **JUNE) == []


# Which entity.


@pytest.mark.parametrize("type_", ["vod", "live", "playlist"])
@pytest.mark.parametrize(
    "id_",
    [
        "1",
        "999999999999",
        "-5",
        "nobody",
        "F0000000MxmUA",
        "0" * 22,
        "z" * 22,
        "²",
        "٣",
        "a/b",
        "\0",
        "x" * 3000,
    ],
)
def test_an_unknown_entity_is_one_that_nobody_watched(
    world: World, web: httpx.Client, type_: str, id_: str
) -> None:
    answer = world.get(
        web, "gcore", "/streaming/statistics/heatmap", type=type_, stream_id=id_, **MAY
    )
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (
        200,
        "application/json",
        '{"data":[]}',
    )


def test_an_entity_of_another_type_is_unknown(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", AT, (0, 60))
    assert heatmap(world, web, "live", video) == []
    assert heatmap(world, web, "playlist", video) == []


def test_12345_is_a_video_a_live_stream_and_a_playlist(demo: Server, web: httpx.Client) -> None:
    world = World(demo, "demo")
    assert (
        heatmap(world, web, "vod", "12345")[:1]
        == heatmap(world, web, "vod", "F0000000MxmUA")[:1]
        != []
    )
    assert {*heatmap(world, web, "vod", "12345")[0]} == {"viewers", "seconds"}
    assert {*heatmap(world, web, "live", "12345")[0]} == {"viewers", "time"}
    assert {*heatmap(world, web, "playlist", "12345")[0]} == {"viewers", "time"}


def test_all_that_is_missing_is_told_in_order(world: World, web: httpx.Client) -> None:
    answer = world.get(web, "gcore", "/streaming/statistics/heatmap")
    names = ["date_from", "date_to", "type", "stream_id"]
    assert (answer.status_code, answer.json()) == (
        400,
        {"data": [], "errors": [f"{name}: query param is not set" for name in names]},
    )


def test_a_type_of_another_name_is_refused(world: World, web: httpx.Client) -> None:
    answer = world.get(
        web, "gcore", "/streaming/statistics/heatmap", type="video", stream_id="1", **MAY
    )
    assert (answer.status_code, answer.json()) == (
        400,
        {"data": [], "errors": ["type: invalid value"]},
    )


def test_a_window_in_the_future_is_empty(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.watch(live, "ana", NOW - 60, (0, 600))
    assert (
        heatmap(world, web, "live", live, date_from="2024-06-05T12:00:01Z", date_to="2024-07-01")
        == []
    )
    assert heatmap(world, web, "live", live, date_from=NOW_TEXT, date_to="2024-07-01") == [
        {"viewers": 1, "time": "2024-06-05 12:00:00"}
    ]
