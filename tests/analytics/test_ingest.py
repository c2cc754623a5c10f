"""Samples of broadcasts as an account's clock lets them be seen."""

from playhead.analytics import ingest
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from tests.worlds import DAY, NOW, World

EVER = TimeRange(0, NOW + DAY)


def sampled(world: World, media: int, time_range: TimeRange = EVER) -> list[tuple[int, int]]:
    """(when, frames) of the samples, to the nearest hundred of frames."""
    with world.server.emulator.store.snapshot() as connection:
        found = ingest.samples(
            Snapshot(connection, world.account, Visibility(frozenset(MediaKind))),
            time_range,
            media=media,
        )
        return [(sample.at, round(sample.frames, -2)) for sample in found]


def test_a_broadcast_is_sampled_up_to_now(world: World) -> None:
    air = world.live()
    world.broadcast(air, "2024-06-05T11:59:40Z", "2024-06-05T13:00:00Z")
    assert sampled(world, air) == [(NOW - 20, 300), (NOW - 10, 300)]


def test_samples_are_of_their_window_and_stream_oldest_first(world: World) -> None:
    air = world.live()
    other = world.live("other")
    world.broadcast(air, "2024-06-04T10:00:00Z", "2024-06-04T10:00:30Z")
    world.broadcast(air, "2024-06-03T10:00:00Z", "2024-06-03T10:00:10Z")
    world.broadcast(other, "2024-06-03T10:00:00Z", "2024-06-03T11:00:00Z")
    tuesday = NOW - DAY - 2 * 3600
    assert [at for at, _ in sampled(world, air)] == [
        tuesday - DAY,
        tuesday,
        tuesday + 10,
        tuesday + 20,
    ]
    assert [at for at, _ in sampled(world, air, TimeRange(tuesday + 10, tuesday + 20))] == [
        tuesday + 10
    ]
