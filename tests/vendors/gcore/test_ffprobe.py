"""GET /streaming/statistics/ffprobe."""

from typing import Any

import httpx
import pytest

from playhead.domain.clock import parse_instant
from playhead.recording.inputs import NewBroadcast
from tests.vendors.gcore.client_helpers import MAY, error_messages, rows
from tests.worlds import NOW, World

pytestmark = pytest.mark.covers("gcore.ffprobes")


@pytest.fixture
def live_on_air(world: World) -> int:
    """A live stream with the id 7, never on air."""
    return world.live(ids={"gcore": ["7"]})


def probes(world: World, web: httpx.Client, **parameters: Any) -> list[dict[str, Any]]:
    return rows(world, web, "ffprobe", **{"stream_id": 7, **parameters})


def test_intervals_in_which_something_arrived(
    world: World, web: httpx.Client, live_on_air: int
) -> None:
    world.broadcast(live_on_air, "2024-05-10T10:00:50Z", "2024-05-10T10:01:30Z")
    world.broadcast(live_on_air, "2024-05-10T10:03:00Z", "2024-05-10T10:03:10Z")
    found = probes(world, web, interval=1, units="minute")
    assert [row["time"] for row in found] == [
        "2024-05-10 10:00:00",
        "2024-05-10 10:01:00",
        "2024-05-10 10:03:00",
    ]
    for row, seconds in zip(found, (10, 30, 10), strict=True):
        assert [*row] == [
            "time",
            "avg_bitrate",
            "sum_frames",
            "max_height",
            "max_fps",
            "max_keyframe_interval",
        ]
        assert (
            seconds * 30 - 9 <= row["sum_frames"] <= seconds * 30
        )  # an encoder drops a few now and then
        assert 4500 * 0.9 < row["avg_bitrate"] < 4500 * 1.1
        assert [row["max_height"], row["max_fps"], row["max_keyframe_interval"]] == [1080, 30, 60]


def test_the_bitrate_is_the_mean_of_its_seconds(
    world: World, web: httpx.Client, live_on_air: int
) -> None:
    world.broadcast(live_on_air, "2024-05-10T10:00:05Z", "2024-05-10T10:00:30Z")
    fine = probes(world, web)
    (coarse,) = probes(world, web, units="month", interval=1)
    assert [row["time"][-2:] for row in fine] == ["00", "10", "20"]
    weighted = (
        sum(row["avg_bitrate"] * seconds for row, seconds in zip(fine, (5, 10, 10), strict=True))
        / 25
    )
    assert coarse["avg_bitrate"] == pytest.approx(weighted, abs=0.051)
    assert coarse["sum_frames"] == sum(row["sum_frames"] for row in fine)
    assert coarse["time"] == "2024-05-01 00:00:00"


def test_the_highest_of_several_broadcasts(
    world: World, web: httpx.Client, live_on_air: int
) -> None:
    start = parse_instant("2024-05-10T10:00:00Z")
    world.recording.broadcasts(
        [
            NewBroadcast(live_on_air, start, start + 10, 2000, 720, 25),
            NewBroadcast(live_on_air, start + 20, start + 30, 4000, 480, 50),
        ]
    )
    (row,) = probes(world, web, units="day", interval=1)
    assert [row["max_height"], row["max_fps"], row["max_keyframe_interval"]] == [720, 50, 100]


def test_without_an_interval_it_is_ten_seconds(
    world: World, web: httpx.Client, live_on_air: int
) -> None:
    world.broadcast(live_on_air, "2024-05-10T10:00:00Z", "2024-05-10T10:01:00Z")
    assert len(probes(world, web)) == 6
    assert probes(world, web, interval="", units="") == probes(world, web)


def test_samples_are_in_the_window_by_when_they_were_taken_and_up_to_now(
    world: World, web: httpx.Client, live_on_air: int
) -> None:
    world.broadcast(live_on_air, "2024-06-05T11:59:30Z", "2024-06-05T13:00:00Z")
    assert len(probes(world, web, date_to="2024-07-01")) == 3
    assert (
        len(probes(world, web, date_from="2024-06-05T11:59:35Z", date_to="2024-06-05T11:59:40Z"))
        == 1
    )
    assert parse_instant("2024-06-05T12:00:00Z") == NOW


@pytest.mark.parametrize("stream_id", ["8", "nobody", "0"])
def test_an_unknown_stream_was_never_on_air(
    world: World, web: httpx.Client, stream_id: str
) -> None:
    video = world.video(ids={"gcore": ["8"]})
    assert video is not None
    assert probes(world, web, stream_id=stream_id) == []


def test_a_stream_that_was_on_air_for_too_long_is_refused(
    world: World, web: httpx.Client, live_on_air: int
) -> None:
    world.broadcast(live_on_air, "2001-01-01", "2024-05-10")
    assert error_messages(
        world,
        web,
        "ffprobe",
        stream_id=7,
        date_from="2001-01-01",
        date_to="2024-01-01",
        units="month",
    ) == ["date_to: too many points"]
    assert error_messages(
        world, web, "ffprobe", stream_id=7, date_from="2024-01-01", date_to="2024-03-01"
    ) == ["interval: too many points"]
    assert len(probes(world, web, units="day", interval=1, date_to="2024-05-02")) == 2


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        (
            {},
            [
                "date_from: query param is not set",
                "date_to: query param is not set",
                "stream_id: query param is not set",
            ],
        ),
        ({**MAY, "stream_id": 7, "interval": 0}, ["interval: invalid value"]),
        ({**MAY, "stream_id": 7, "interval": -5}, ["interval: invalid value"]),
        ({**MAY, "stream_id": 7, "interval": "1.5"}, ["interval: invalid value"]),
        ({**MAY, "stream_id": 7, "units": "year"}, ["units: invalid value"]),
    ],
    ids=str,
)
def test_refused(
    world: World, web: httpx.Client, parameters: dict[str, Any], errors: list[str]
) -> None:
    assert error_messages(world, web, "ffprobe", **parameters) == errors


@pytest.mark.parametrize("interval", [1, 7, 10**17])
@pytest.mark.parametrize("units", ["second", "minute", "hour", "day", "week", "month"])
def test_any_interval_is_answered(
    world: World, web: httpx.Client, live_on_air: int, interval: int, units: str
) -> None:
    world.broadcast(live_on_air, "2024-05-10T10:00:00Z", "2024-05-10T10:01:00Z")
    found = probes(world, web, interval=interval, units=units)
    assert sum(row["sum_frames"] for row in found) > 1700
    assert [row["time"] for row in found] == sorted({row["time"] for row in found})
