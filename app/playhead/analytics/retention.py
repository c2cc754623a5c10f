"""What parts of a media were watched: passes over its positions, from viewings that have ended."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from playhead.analytics.playback_spans import lookback_limits
from playhead.analytics.snapshot import Snapshot
from playhead.domain.time_range import MIN_TIME, TimeRange
from playhead.storage import tables


class RetentionCurve(NamedTuple):
    """By second of the media:

    viewings that had it on screen, and how often it was seen again within one.
    """

    first: list[int]
    repeat: list[int]


def retention(
    snapshot: Snapshot, *, media: int, seconds: int, time_range: TimeRange | None = None
) -> RetentionCurve:
    """Passes over the first `seconds` positions of a media, of the ended viewings loaded in a
    window (or ever).
    """
    relative_range = snapshot.clip_to_now(time_range)
    return RetentionCurve(
        *(_pass_counts(snapshot, relative_range, media, seconds, again) for again in (0, 1))
    )


def _pass_counts(
    snapshot: Snapshot, relative_range: TimeRange, media: int, seconds: int, is_repeat: int
) -> list[int]:
    deltas = [0] * (seconds + 1)
    ranges = tables.played_ranges
    for world in snapshot.account.worlds:
        of_media = (
            ranges.c.world == world,
            ranges.c.media == snapshot.row_id(media),
            *_pass_conditions(snapshot, world, relative_range, is_repeat),
            ranges.c.loaded_at >= relative_range.start,
            ranges.c.loaded_at < relative_range.end,
            ranges.c.ended_at <= snapshot.now,
        )
        for column, sign in ((ranges.c.start_position, 1), (ranges.c.stop_position, -1)):
            for position, count in snapshot.rows(
                select(column, func.count()).where(*of_media).group_by(column)
            ):
                deltas[min(position, seconds)] += sign * count
    return _running_sums(deltas)[:seconds]


def _pass_conditions(
    snapshot: Snapshot, world: int, relative_range: TimeRange, is_repeat: int
) -> tuple[ColumnElement[bool], ...]:
    """First or further passes, through the index that suits:

    that of positions for all there ever was, that of the wall clock for a window.
    """
    ranges = tables.played_ranges
    if relative_range.start == MIN_TIME and relative_range.end > snapshot.now:
        return (ranges.c.is_repeat == is_repeat,)
    _, linger = lookback_limits(snapshot, world)
    # An expression, lest the index of positions be walked as a whole for a day of it.
    return (
        ranges.c.is_repeat + 0 == is_repeat,
        ranges.c.started_at >= relative_range.start,
        ranges.c.started_at < relative_range.end + linger + 1,
    )


def _running_sums(changes: list[int]) -> list[int]:
    sums = []
    total = 0
    for change in changes:
        total += change
        sums.append(total)
    return sums
