"""What an ingest server measured of a broadcast: a sample for every ten seconds of the wall clock, from its facts alone. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from playhead.world.dice import draws

GRAIN = 10  # seconds
KEYFRAMES = 2  # seconds from one key frame to the next


class Sample(NamedTuple):
    """What arrived from `at` on within its ten seconds: kbit/s, frames, pixels, frames a second, frames from key frame to key frame."""

    at: int
    seconds: int
    bitrate: int
    frames: int
    height: int
    fps: int
    keyframe_interval: int


def samples(number: int, started_at: int, ended_at: int, bitrate: int, height: int, fps: int, *, since: int | None = None) -> Iterator[Sample]:
    """The samples of a broadcast up to, not including, `ended_at`; those of a longer one begin with those of a shorter.

    With `since` most of those that were taken before it are passed over.
    """
    first = started_at // GRAIN
    passed = 0 if since is None else max(0, since // GRAIN - first) // _TOGETHER * _TOGETHER
    drawn: tuple[int, ...] = ()
    for index, mark in enumerate(range(first + passed, -(-ended_at // GRAIN)), start=passed):
        if index % _TOGETHER == 0:
            drawn = draws(0, f"ingest/{number}", index // _TOGETHER, _TOGETHER)
        at, draw = max(started_at, mark * GRAIN), drawn[index % _TOGETHER]
        seconds = min(ended_at, (mark + 1) * GRAIN) - at
        lost = draw >> 8 & 3 if draw & 63 == 0 else 0  # now and then an encoder drops a few
        rate = bitrate * (920 + (draw >> 16) * 161 // 65_536) // 1000
        yield Sample(at, seconds, rate, max(1, fps * seconds - lost), height, fps, fps * KEYFRAMES)


_TOGETHER = 64  # draws of one call
