"""Who watches at the same time:

how many viewings, or viewers, have something on screen in each second.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import select

from playhead.analytics import playback_spans
from playhead.analytics.playback_spans import (
    ALL_TIME,
    ViewerSpan,
    media_row_ids,
    overlap_conditions,
)
from playhead.analytics.query import (
    NO_FILTERS,
    Dimension,
    Filters,
    GroupKey,
    filter_conditions,
    group_columns,
    key_decoder,
    visible_kinds,
)
from playhead.analytics.snapshot import Snapshot
from playhead.domain.clock import DAY
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.storage import tables
from playhead.world.rollups import MINUTE, RollupMeasure, merge_overlaps

Deltas = list[tuple[int, int]]  # (instant, by how many more or fewer watch from then on), ascending

_TIME_DIMENSIONS = frozenset({Dimension.day, Dimension.hour, Dimension.minute})


class Concurrency(NamedTuple):
    """How many watched in an interval:

    the most at one time, and the seconds that all of them watched together.
    """

    peak: int
    viewer_seconds: int


def deltas(
    snapshot: Snapshot,
    time_range: TimeRange,
    *,
    dimensions: Sequence[Dimension] = (),
    filters: Filters = NO_FILTERS,
    viewers: bool = False,
) -> dict[GroupKey, Deltas]:
    """How many watch, as its changes within a window, by cell:

    viewings, or distinct viewers. Second by second, the second of now included.
    """
    assert not _TIME_DIMENSIONS & set(dimensions), "who watches at a time is no matter of the load"
    relative_range = snapshot.clip_to_now(time_range)
    spans: dict[GroupKey, list[ViewerSpan]] = defaultdict(list)
    for world in snapshot.account.worlds:
        for key, span in _spans_by_key(snapshot, world, relative_range, dimensions, filters):
            spans[key].append(span)
    return {
        cell: deltas_of(merge_overlaps(found) if viewers else found, snapshot.account.anchor)
        for cell, found in spans.items()
    }


def by_interval(
    snapshot: Snapshot,
    time_range: TimeRange,
    *,
    width: int,
    filters: Filters = NO_FILTERS,
    viewers: bool = False,
) -> dict[int, Concurrency]:
    """The load of each interval of `width` seconds, aligned to UTC, in which anyone watches.

    `width` is whole minutes.
    """
    if any(numbers is not None for numbers in filters[1:]):
        total_deltas = deltas(snapshot, time_range, filters=filters, viewers=viewers).get((), [])
        return integrate_by_interval(total_deltas, time_range, width)
    minutes = _by_minute(snapshot, time_range, visible_kinds(snapshot, filters), viewers=viewers)
    totals: dict[int, Concurrency] = {}
    for start, (peak, seconds) in sorted(minutes.items()):
        before = totals.get(start // width * width, Concurrency(0, 0))
        totals[start // width * width] = Concurrency(
            max(peak, before.peak), seconds + before.viewer_seconds
        )
    return totals


def total(
    snapshot: Snapshot,
    time_range: TimeRange,
    *,
    filters: Filters = NO_FILTERS,
    viewers: bool = False,
) -> Concurrency:
    """The load of a whole window."""
    intervals = by_interval(
        snapshot, time_range, width=DAY, filters=filters, viewers=viewers
    ).values()
    return Concurrency(
        max((load.peak for load in intervals), default=0),
        sum(load.viewer_seconds for load in intervals),
    )


def _by_minute(
    snapshot: Snapshot, time_range: TimeRange, kinds: Collection[MediaKind], *, viewers: bool
) -> dict[int, Concurrency]:
    """The load of each minute in which anyone watches."""
    measures = (
        (RollupMeasure.viewer_peak, RollupMeasure.viewer_seconds)
        if viewers
        else (RollupMeasure.peak, RollupMeasure.watched_seconds)
    )

    def count(found: Sequence[ViewerSpan]) -> dict[int, tuple[int, ...]]:
        return {
            start // MINUTE: load
            for start, load in integrate_by_interval(
                deltas_of(merge_overlaps(found) if viewers else found), ALL_TIME, MINUTE
            ).items()
        }

    values_by_interval = playback_spans.merge_rollups(
        snapshot, snapshot.clip_to_now(time_range), kinds, MINUTE, measures, count
    )
    return {
        interval * MINUTE + snapshot.account.anchor: Concurrency(*values)
        for interval, values in values_by_interval.items()
    }


def integrate(deltas: Deltas, time_range: TimeRange) -> Concurrency:
    """The load of a whole window."""
    return _integrate_steps(_steps(deltas, time_range))


def integrate_by_interval(
    deltas: Deltas, time_range: TimeRange, width: int
) -> dict[int, Concurrency]:
    """The load of each interval of `width` seconds, aligned to UTC, in which anyone watches."""
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for start, stop, watching in _steps(deltas, time_range):
        for interval in range(start // width, (stop - 1) // width + 1) if watching else ():
            found[interval * width].append(
                (max(start, interval * width), min(stop, (interval + 1) * width), watching)
            )
    return {start: _integrate_steps(steps) for start, steps in sorted(found.items())}


def _integrate_steps(steps: Iterable[tuple[int, int, int]]) -> Concurrency:
    peak = 0
    seconds = 0
    for start, stop, watching in steps:
        peak = max(peak, watching)
        seconds = seconds + watching * (stop - start)
    return Concurrency(peak, seconds)


def _steps(deltas: Deltas, time_range: TimeRange) -> Iterator[tuple[int, int, int]]:
    """(from, up to, how many watch) within a window."""
    watching = 0
    since = time_range.start
    for instant, change in deltas:
        at = min(max(instant, time_range.start), time_range.end)
        if at > since:
            yield since, at, watching
        watching = watching + change
        since = max(at, since)
    if time_range.end > since:
        yield since, time_range.end, watching


def _spans_by_key(
    snapshot: Snapshot,
    world: int,
    relative_range: TimeRange,
    dimensions: Sequence[Dimension],
    filters: Filters,
) -> Iterator[tuple[GroupKey, ViewerSpan]]:
    """Who has something on screen in a window, cut to it, by cell."""
    ranges = tables.played_ranges
    viewings = tables.viewings
    media = media_row_ids(snapshot, visible_kinds(snapshot, filters), filters.media)
    statement = select(
        *group_columns(dimensions),
        ranges.c.viewer,
        ranges.c.started_at,
        ranges.c.stopped_at,
    )
    conditions = overlap_conditions(snapshot, world, relative_range, media)
    if dimensions or any(numbers is not None for numbers in filters[2:]):
        statement = statement.join_from(ranges, viewings, viewings.c.id == ranges.c.viewing)
        conditions += filter_conditions(snapshot, filters)
    read = key_decoder(dimensions, snapshot.account.anchor)
    for *cell, viewer, start, stop in snapshot.rows(statement.where(*conditions)):
        yield (
            read(cell),
            ViewerSpan(viewer, max(start, relative_range.start), min(stop, relative_range.end)),
        )


def deltas_of(spans: Iterable[tuple[int, int, int]], anchor: int = 0) -> Deltas:
    """The changes that spans of (who, from, up to) make, later by `anchor`."""
    deltas: dict[int, int] = defaultdict(int)
    for _, start, stop in spans:
        deltas[start + anchor] += 1
        deltas[stop + anchor] -= 1
    return sorted(deltas.items())
