"""Gcore's arithmetic of what is stored:

bytes and minutes of the videos that are processed, minutes transcoded — evidence/gcore.md §3.15,
§3.17, §3.18.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from playhead.analytics import catalog
from playhead.analytics.catalog import Media
from playhead.analytics.snapshot import Snapshot
from playhead.domain.clock import DAY
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.vendors.gcore.delivery.compute import Points
from playhead.vendors.gcore.intervals import WIDTHS, clip_to_now, interval_starts

_RENDITIONS = ((1080, 4300), (720, 2000), (480, 1000), (360, 600))  # height, kbit/s
BY_DAY = "1d"  # the granularity of what has no such parameter


class Rendition(NamedTuple):
    """One of the sizes that a video is transcoded to."""

    height: int
    bitrate: int
    size: int


def renditions(media: Media) -> list[Rendition]:
    """The renditions of a video, up to its own height."""
    return [
        Rendition(height, rate, media.duration_ms * rate // 8)
        for height, rate in _RENDITIONS
        if height <= media.height
    ]


def stored_bytes(media: Media) -> int:
    """What a processed video takes: its source file and its renditions."""
    return media.source_bytes + sum(rendition.size for rendition in renditions(media))


def stored_bytes_by_interval(snapshot: Snapshot, time_range: TimeRange, granularity: str) -> Points:
    """(start of interval, the most bytes stored in it) for every interval that touches a window, up
    to now.
    """
    return list(
        _levels(snapshot, time_range, granularity, amount=stored_bytes, field="granularity")
    )


def highest_point(points: Points) -> list[int]:
    """The earliest point with the highest value; nothing of no points — law 17."""
    return list(max(points, key=lambda point: point[1], default=()))


def minutes_stored(snapshot: Snapshot, time_range: TimeRange) -> Points:
    """(00:00 of the day, the most minutes of videos stored in it, rounded up once) for every day
    that touches a window, up to now.
    """
    levels = _levels(
        snapshot, time_range, BY_DAY, amount=lambda media: media.duration_ms, field="from"
    )
    return [(start, _minutes(milliseconds)) for start, milliseconds in levels]


def minutes_transcoded(snapshot: Snapshot, time_range: TimeRange) -> Points:
    """(00:00 of the day, minutes of videos whose processing ended in it, rounded up) for every day
    that touches a window, up to now.
    """
    time_range = clip_to_now(time_range, snapshot.account.now)
    processed = Counter[int]()
    for media in _videos(snapshot):
        if time_range.start <= media.processed_at < time_range.end:
            processed[media.processed_at // DAY * DAY] += media.duration_ms
    return [
        (start, _minutes(processed[start]))
        for start in interval_starts(time_range, BY_DAY, field="from")
    ]


def _levels(
    snapshot: Snapshot,
    time_range: TimeRange,
    granularity: str,
    *,
    amount: Callable[[Media], int],
    field: str,
) -> Iterator[tuple[int, int]]:
    """The level at the end of each interval, which is its highest: nothing is ever deleted."""
    time_range = clip_to_now(time_range, snapshot.account.now)
    videos = _videos(snapshot)
    instants: Sequence[int] = [media.processed_at for media in videos]
    levels = [0, *accumulate(amount(media) for media in videos)]
    for start in interval_starts(time_range, granularity, field=field):
        yield (
            start,
            levels[bisect_right(instants, min(start + WIDTHS[granularity], time_range.end) - 1)],
        )


def _videos(snapshot: Snapshot) -> list[Media]:
    """All videos, by when they were ready."""
    return sorted(
        (media for media in catalog.media(snapshot) if media.kind is MediaKind.video),
        key=lambda media: media.processed_at,
    )


def _minutes(milliseconds: int) -> int:
    return -(-milliseconds // 60_000)
