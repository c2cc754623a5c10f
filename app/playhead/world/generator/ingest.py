"""What an ingest server measured of a broadcast:

a sample for every ten seconds of the wall clock, from its facts alone. Pure.
"""

from collections.abc import Iterator
from typing import NamedTuple

from playhead.world.generator.random import random_ints

SAMPLE_SECONDS = 10  # seconds
KEYFRAME_SECONDS = 2  # seconds from one key frame to the next


class Sample(NamedTuple):
    """What arrived from `at` on within its ten seconds:

    kbit/s, frames, pixels, frames a second, frames from key frame to key frame.
    """

    at: int
    seconds: int
    bitrate: int
    frames: int
    height: int
    fps: int
    keyframe_interval: int


def samples(
    number: int,
    started_at: int,
    ended_at: int,
    bitrate: int,
    height: int,
    fps: int,
    *,
    since: int | None = None,
) -> Iterator[Sample]:
    """The samples of a broadcast up to, not including, `ended_at`; those of a longer one begin with
    those of a shorter.

    With `since` most of those that were taken before it are passed over.
    """
    first = started_at // SAMPLE_SECONDS
    skipped = (
        0 if since is None else max(0, since // SAMPLE_SECONDS - first) // _BATCH_SIZE * _BATCH_SIZE
    )
    random_values: tuple[int, ...] = ()
    for index, mark in enumerate(
        range(first + skipped, -(-ended_at // SAMPLE_SECONDS)), start=skipped
    ):
        if index % _BATCH_SIZE == 0:
            random_values = random_ints(0, f"ingest/{number}", index // _BATCH_SIZE, _BATCH_SIZE)
        at = max(started_at, mark * SAMPLE_SECONDS)
        draw = random_values[index % _BATCH_SIZE]
        seconds = min(ended_at, (mark + 1) * SAMPLE_SECONDS) - at
        lost = draw >> 8 & 3 if draw & 63 == 0 else 0  # now and then an encoder drops a few
        rate = bitrate * (920 + (draw >> 16) * 161 // 65_536) // 1000
        yield Sample(
            at, seconds, rate, max(1, fps * seconds - lost), height, fps, fps * KEYFRAME_SECONDS
        )


_BATCH_SIZE = 64  # draws of one call
