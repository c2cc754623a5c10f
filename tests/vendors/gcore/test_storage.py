"""GET /streaming/statistics/storage, vod/storage_duration and vod/transcoding_duration, and the
videos of the catalogue that they are of.
"""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.domain.clock import parse_instant
from tests.vendors.gcore.client_helpers import error_messages, series_metrics, series_values
from tests.worlds import World, credentials

pytestmark = pytest.mark.covers(
    "gcore.storage_series",
    "gcore.vod_storage_volume",
    "gcore.vod_transcoding_duration",
    "gcore.videos",
)

DAYS = ("2024-05-10", "2024-05-12")
# A minute in four renditions (4300, 2000, 1000 and 600 kbit/s) of 32,250,000, 15,000,000, 7,500,000
# and 4,500,000 bytes.
RENDITIONS = 59_250_000


@pytest.fixture
def stored_videos(world: World) -> World:
    """A video of a minute on the tenth, one of half a minute on the twelfth.

    1,000 bytes each before they were transcoded.
    """
    world.video(
        "one", seconds=60, source_bytes=1000, released_at=parse_instant("2024-05-10T12:00:00Z")
    )
    world.video(
        "other", seconds=30, source_bytes=1000, released_at=parse_instant("2024-05-12T12:00:00Z")
    )
    world.live()
    world.playlist()
    return world


def test_bytes_are_of_the_files_and_their_renditions(
    stored_videos: World, web: httpx.Client
) -> None:
    one = RENDITIONS + 1000
    both = RENDITIONS + 1000 + RENDITIONS // 2 + 1000
    assert series_values(
        stored_videos, web, "storage", "2024-05-09", "2024-05-13", granularity="1d"
    ) == [0, one, one, both, both]
    assert series_values(
        stored_videos, web, "storage", "2024-05-10T11:00:00Z", "2024-05-10T12:59:59Z"
    ) == [0, one]
    videos = stored_videos.get(web, "gcore", "/streaming/videos").json()
    assert (
        sum(
            video["origin_size"] + sum(one["size"] for one in video["converted_videos"])
            for video in videos
        )
        == both
    )


def test_the_most_is_the_earliest_of_the_highest_points(
    stored_videos: World, web: httpx.Client
) -> None:
    found = series_metrics(
        stored_videos, web, "storage", "2024-05-10", "2024-05-11", granularity="1d"
    )
    assert found == {
        "storage": [[1715299200, RENDITIONS + 1000], [1715385600, RENDITIONS + 1000]],
        "max_volume_usage": [1715299200, RENDITIONS + 1000],
    }


def test_nothing_stored_is_zeros_and_no_interval_is_no_point(
    world: World, web: httpx.Client
) -> None:
    assert series_metrics(world, web, "storage", "2024-05-10", "2024-05-10", granularity="1d") == {
        "storage": [[1715299200, 0]],
        "max_volume_usage": [1715299200, 0],
    }
    assert series_metrics(world, web, "storage", "2024-07-10", "2024-07-10") == {
        "storage": [],
        "max_volume_usage": [],
    }


def test_minutes_stored_are_rounded_up_once_over_their_sum(
    stored_videos: World, web: httpx.Client
) -> None:
    assert series_values(
        stored_videos, web, "vod/storage_duration", "2024-05-09", "2024-05-12T23:59:59Z"
    ) == [0, 1, 1, 2]
    stored_videos.video("third", seconds=29.999, released_at=parse_instant("2024-05-12T13:00:00Z"))
    assert series_values(
        stored_videos, web, "vod/storage_duration", "2024-05-12", "2024-05-12T23:59:59Z"
    ) == [2]


def test_minutes_transcoded_are_of_the_day_when_it_was_done(
    stored_videos: World, web: httpx.Client
) -> None:
    stored_videos.video("third", seconds=31, released_at=parse_instant("2024-05-10T23:59:59Z"))
    assert series_values(
        stored_videos, web, "vod/transcoding_duration", "2024-05-09", "2024-05-12T23:59:59Z"
    ) == [0, 2, 0, 1]
    assert series_values(
        stored_videos,
        web,
        "vod/transcoding_duration",
        "2024-05-10T12:00:01Z",
        "2024-05-10T23:59:58Z",
    ) == [0]


def test_days_go_up_to_now(stored_videos: World, web: httpx.Client) -> None:
    for name in ("vod/storage_duration", "vod/transcoding_duration"):
        assert len(series_values(stored_videos, web, name, "2024-06-04", "2024-06-30")) == 2
        assert series_values(stored_videos, web, name, "2024-07-01", "2024-07-02") == []
        assert [*series_metrics(stored_videos, web, name, *DAYS)] == ["vod"]


# 72 minutes and a half, uploaded at noon: 20 s and a quarter of its length until it is ready
WORKSHOP = "Full Workshop: From Bean to Cup"


@pytest.mark.parametrize(
    ("now", "status", "updated_at", "renditions", "minutes"),
    [
        ("2024-05-06T12:18:26Z", "pending", "2024-05-06T12:00:00.000Z", 0, 0),
        ("2024-05-06T12:18:27Z", "ready", "2024-05-06T12:18:27.000Z", 4, 73),
    ],
)
def test_a_video_is_stored_once_it_is_ready(
    demo: Server,
    web: httpx.Client,
    now: str,
    status: str,
    updated_at: str,
    renditions: int,
    minutes: int,
) -> None:
    headers = {"Authorization": credentials("gcore", "demo"), "X-Playhead-Now": now}
    videos = web.get(f"{demo.url}/gcore/streaming/videos?per_page=100", headers=headers).json()
    (video,) = [video for video in videos if video["name"] == WORKSHOP]
    assert (video["status"], video["updated_at"], len(video["converted_videos"])) == (
        status,
        updated_at,
        renditions,
    )
    assert (
        video
        in web.get(
            f"{demo.url}/gcore/streaming/videos?per_page=100&status={status}", headers=headers
        ).json()
    )
    told = {}
    for name in ("storage_duration", "transcoding_duration"):
        (row,) = web.get(
            f"{demo.url}/gcore/streaming/statistics/vod/{name}?from=2024-05-06&to=2024-05-07",
            headers=headers,
        ).json()
        ((_, told[name]),) = row["metrics"]["vod"]
    assert told == {
        "transcoding_duration": minutes,
        "storage_duration": -(
            -sum(video["duration"] for video in videos if video["status"] == "ready") // 60_000
        ),
    }


@pytest.mark.parametrize(
    ("name", "parameters", "errors"),
    [
        ("storage", {}, ["from: query param is not set", "to: query param is not set"]),
        ("storage", {"from_": "2000-01-01", "to": "2024-05-02"}, ["granularity: too many points"]),
        (
            "storage",
            {"from_": "2024-05-01", "to": "2024-05-02", "granularity": "1mo"},
            ["granularity: invalid value"],
        ),
        ("vod/storage_duration", {"from_": "2024-05-01"}, ["to: query param is not set"]),
        (
            "vod/storage_duration",
            {"from_": "1700-01-01", "to": "2024-05-02"},
            ["from: too many points"],
        ),
        (
            "vod/transcoding_duration",
            {"from_": "1700-01-01", "to": "2024-05-02"},
            ["from: too many points"],
        ),
        (
            "vod/transcoding_duration",
            {"from_": "2024-05-02", "to": "2024-05-01"},
            ["from: must not be later than to"],
        ),
    ],
)
def test_refused(
    world: World, web: httpx.Client, name: str, parameters: dict[str, Any], errors: list[str]
) -> None:
    assert error_messages(world, web, name, **parameters) == errors
