"""Watch time and audience over the wall clock:

seconds watched by interval, viewers at an instant.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, case, func, literal, select, true, union_all

from playhead.analytics import aggregates, playback_spans
from playhead.analytics.aggregates import closed_days
from playhead.analytics.playback_spans import (
    ALL_TIME,
    ViewerSpan,
    lookback_limits,
    media_row_ids,
    overlap_conditions,
    ranges_outside,
    spans,
)
from playhead.analytics.query import (
    BUCKET_OFFSET,
    NO_FILTERS,
    Filters,
    filter_conditions,
    visible_kinds,
)
from playhead.analytics.snapshot import Snapshot
from playhead.domain.clock import DAY
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.storage import tables
from playhead.world.rollups import (
    MINUTE,
    VIEWER_MEASURES,
    RollupDimension,
    RollupMeasure,
    decode_series,
)


def seconds_by_interval(
    snapshot: Snapshot,
    time_range: TimeRange | None,
    *,
    kind: MediaKind,
    width: int,
    media: Collection[int] | None = None,
) -> Counter[int]:
    """Seconds watched within a window, by the UTC-aligned start of each interval of `width`
    seconds; empty ones are absent.

    Follows the wall clock, counts what is still being watched up to now. `width` divides a day and
    is whole minutes.
    """
    seconds_by_start = Counter[int]()
    for part in _split_at_minutes(_elapsed_range(snapshot, time_range)):
        seconds_by_start.update(_seconds_in_part(snapshot, part, kind, width, media))
    return Counter(
        {
            start + snapshot.account.anchor: seconds
            for start, seconds in seconds_by_start.items()
            if seconds
        }
    )


def _split_at_minutes(relative_range: TimeRange) -> list[TimeRange]:
    """A window as the cut minute that it begins with, whole minutes, and the cut one that it ends
    with, as far as there are any.
    """
    first = -(-relative_range.start // MINUTE) * MINUTE
    last = relative_range.end // MINUTE * MINUTE
    parts = (
        [relative_range]
        if first >= last
        else [
            TimeRange(relative_range.start, first),
            TimeRange(first, last),
            TimeRange(last, relative_range.end),
        ]
    )
    return [part for part in parts if part.start < part.end]


def _seconds_in_part(
    snapshot: Snapshot,
    relative_range: TimeRange,
    kind: MediaKind,
    width: int,
    media: Collection[int] | None,
) -> Counter[int]:
    """Seconds by interval from the anchor on, from curves where they answer."""
    days = None if media is not None else _rollup_days(snapshot, relative_range)
    found = Counter[int]()
    for world in snapshot.account.worlds:
        for load_range in ranges_outside(days if world == snapshot.account.world else None):
            found.update(
                _seconds_from_facts(snapshot, world, relative_range, load_range, kind, width, media)
            )
    if days is not None:
        found.update(_seconds_from_rollups(snapshot, relative_range, days, kind, width))
    return found


def total_seconds(
    snapshot: Snapshot, *, kind: MediaKind, media: Collection[int] | None = None
) -> int:
    """Seconds watched in all, up to now."""
    days = closed_days(snapshot, snapshot.clip_to_now(None))
    elapsed = TimeRange(-BUCKET_OFFSET, snapshot.now)
    table = tables.daily_rollups
    total = 0
    for world in snapshot.account.worlds:
        for load_range in ranges_outside(days if world == snapshot.account.world else None):
            total += _seconds_from_facts(
                snapshot, world, elapsed, load_range, kind, DAY, media
            ).total()
    if days is not None:
        written = (
            table.c.world == snapshot.account.world,
            table.c.dimension == RollupDimension.media,
            table.c.day >= days.start,
            table.c.day < days.end,
        )
        media_condition = true() if media is None else table.c.key.in_(snapshot.row_ids(media))
        total += int(
            snapshot.rows(
                select(func.coalesce(func.sum(table.c.watched_seconds), 0)).where(
                    *written, table.c.kind == kind, media_condition
                )
            )[0][0]
        )
    return total


def viewers_by_interval(
    snapshot: Snapshot,
    time_range: TimeRange,
    *,
    kind: MediaKind,
    width: int,
    media: Collection[int] | None = None,
) -> Counter[int]:
    """Distinct viewers who watched within a window, by the UTC-aligned start of each interval of
    `width` seconds; empty ones are absent.
    """
    relative_range = _elapsed_range(snapshot, time_range)
    kinds = frozenset({kind})
    if media is None and width in VIEWER_MEASURES:
        written = playback_spans.merge_rollups(
            snapshot,
            relative_range,
            kinds,
            width,
            [VIEWER_MEASURES[width]],
            partial(_distinct_viewers, width),
        )
        found = {start: count for start, (count,) in written.items()}
    else:
        found = _viewers_from_facts(
            snapshot, relative_range, width, media_row_ids(snapshot, kinds, media)
        )
    # Every width divides a week, at whose beginning the anchor is.
    return Counter(
        {start * width + snapshot.account.anchor: count for start, count in found.items()}
    )


def _viewers_from_facts(
    snapshot: Snapshot, relative_range: TimeRange, width: int, media: Collection[int]
) -> dict[int, int]:
    """Distinct viewers of media by the number of the interval.

    Of days in the store, where few viewings last into a second one.
    """
    if width < DAY or len(snapshot.account.worlds) > 1:
        found = [
            span
            for world in snapshot.account.worlds
            for span in spans(snapshot, world, relative_range, media)
        ]
        return {start: count for start, (count,) in _distinct_viewers(width, found).items()}
    ranges = tables.played_ranges.c
    there = overlap_conditions(snapshot, snapshot.account.world, relative_range, media)
    starts, stops = _overlap_bounds(relative_range)
    begins = ((starts + BUCKET_OFFSET) // width).label("interval")
    ends = (stops - 1 + BUCKET_OFFSET) // width
    pairs = union_all(
        select(begins, ranges.viewer).where(*there),
        select(ends, ranges.viewer).where(*there, ends > begins),
    ).subquery()
    rows = snapshot.rows(
        select(pairs.c.interval, func.count(pairs.c.viewer.distinct())).group_by(pairs.c.interval)
    )
    return {int(row[0]) - BUCKET_OFFSET // width: row[1] for row in rows}


def _distinct_viewers(width: int, viewer_spans: Iterable[ViewerSpan]) -> dict[int, tuple[int]]:
    pairs = {
        (interval, viewer)
        for viewer, start, stop in viewer_spans
        for interval in range(start // width, (stop - 1) // width + 1)
    }
    return {
        interval: (count,) for interval, count in Counter(interval for interval, _ in pairs).items()
    }


def viewers(
    snapshot: Snapshot,
    time_range: TimeRange,
    *,
    kind: MediaKind,
    media: Collection[int] | None = None,
) -> int:
    """Distinct viewers who watched within a window."""
    relative_range = _elapsed_range(snapshot, time_range)
    viewer = tables.played_ranges.c.viewer
    of_them = media_row_ids(snapshot, [kind], media)
    questions = [
        select(viewer)
        .where(*overlap_conditions(snapshot, world, relative_range, of_them))
        .distinct()
        for world in snapshot.account.worlds
    ]
    if len(questions) == 1:
        return int(snapshot.rows(select(func.count()).select_from(questions[0].subquery()))[0][0])
    return len({row[0] for question in questions for row in snapshot.rows(question)})


class WatchTime(NamedTuple):
    """Seconds watched, and by how many viewings."""

    seconds: int
    viewings: int


def watch_time(
    snapshot: Snapshot, time_range: TimeRange, *, filters: Filters = NO_FILTERS
) -> WatchTime:
    """What was watched within a window, following the wall clock."""
    relative_range = _elapsed_range(snapshot, time_range)
    base = snapshot.account.world
    # Whoever loaded on a day that is over for so long has watched all of it before the window ends.
    days = closed_days(
        snapshot,
        TimeRange(relative_range.start, relative_range.end - sum(lookback_limits(snapshot, base))),
    )
    rollup = None if days is None else aggregates.rollup_total(snapshot, days, filters=filters)
    parts = [
        _watch_time_from_facts(snapshot, world, relative_range, ALL_TIME, filters)
        for world in snapshot.account.worlds
        if world != base or rollup is None
    ]
    if rollup is not None and days is not None:
        parts += [
            WatchTime(rollup.watched_seconds, rollup.plays),
            *(
                _watch_time_from_facts(snapshot, base, relative_range, load_range, filters)
                for load_range in ranges_outside(days)
            ),
        ]
    return WatchTime(sum(part.seconds for part in parts), sum(part.viewings for part in parts))


def _watch_time_from_facts(
    snapshot: Snapshot,
    world: int,
    relative_range: TimeRange,
    load_range: TimeRange,
    filters: Filters,
) -> WatchTime:
    """The same of the viewings of one world that were loaded in a window of their own."""
    ranges = tables.played_ranges
    viewings = tables.viewings
    media = media_row_ids(snapshot, visible_kinds(snapshot, filters))
    starts, stops = _overlap_bounds(relative_range)
    statement = select(
        func.coalesce(func.sum(stops - starts), 0), func.count(ranges.c.viewing.distinct())
    )
    if any(numbers is not None for numbers in filters[1:]):
        statement = statement.join_from(ranges, viewings, viewings.c.id == ranges.c.viewing).where(
            *filter_conditions(snapshot, filters)
        )
    row = snapshot.rows(
        statement.where(*overlap_conditions(snapshot, world, relative_range, media, load_range))
    )[0]
    return WatchTime(int(row[0]), row[1])


def _elapsed_range(snapshot: Snapshot, time_range: TimeRange | None) -> TimeRange:
    """A window from the anchor, up to, not including, now:

    the second of now is not over. Of one that is yet to come nothing.
    """
    start, end = snapshot.clip_to_now(time_range)
    return TimeRange(start, max(start, min(end, snapshot.now)))


def _rollup_days(snapshot: Snapshot, relative_range: TimeRange) -> TimeRange | None:
    """Days of load whose curves answer for a window:

    settled ones, where the window cuts no minute.
    """
    return (
        None
        if relative_range.start % MINUTE or relative_range.end % MINUTE
        else closed_days(snapshot, relative_range)
    )


def _seconds_from_rollups(
    snapshot: Snapshot, relative_range: TimeRange, days: TimeRange, kind: MediaKind, width: int
) -> Counter[int]:
    curves = tables.interval_rollups
    found = Counter[int]()
    of_days = (
        curves.c.world == snapshot.account.world,
        curves.c.kind == kind,
        curves.c.day >= days.start,
        curves.c.day < days.end,
    )
    measured = curves.c.measure == RollupMeasure.watched_seconds.value
    for row in snapshot.rows(select(curves.c.day, curves.c.intervals).where(*of_days, measured)):
        minutes = decode_series(row.intervals)
        last = min(len(minutes), (relative_range.end - row.day * DAY + MINUTE - 1) // MINUTE)
        for minute in range(0, last, width // MINUTE):
            found[row.day * DAY + minute * MINUTE] += sum(
                minutes[minute : min(last, minute + width // MINUTE)]
            )
    return found


def _seconds_from_facts(
    snapshot: Snapshot,
    world: int,
    relative_range: TimeRange,
    load_range: TimeRange,
    kind: MediaKind,
    width: int,
    media: Collection[int] | None,
) -> Counter[int]:
    """Seconds by interval:

    every stretch adds whole intervals by their difference, and the rests at its two ends.
    """
    conditions = overlap_conditions(
        snapshot, world, relative_range, media_row_ids(snapshot, [kind], media), load_range
    )
    starts, stops = (instants + BUCKET_OFFSET for instants in _overlap_bounds(relative_range))
    return _integrate(
        _edge_counts(snapshot, starts, conditions, width),
        _edge_counts(snapshot, stops, conditions, width),
        width,
    )


def _overlap_bounds(
    relative_range: TimeRange,
) -> tuple[ColumnElement[Any], ColumnElement[Any]]:  # Any: integers
    """From when, and up to when, stretches are on screen within a window that they reach into."""
    ranges = tables.played_ranges.c
    # Said to be of 64 bits: PostgreSQL would take them for 32, which a far-off instant does not
    # fit.
    start = literal(relative_range.start, BigInteger())
    end = literal(relative_range.end, BigInteger())
    starts = case((ranges.started_at < start, start), else_=ranges.started_at)
    return starts, case((ranges.stopped_at > end, end), else_=ranges.stopped_at)


def _edge_counts(
    snapshot: Snapshot,
    instants: ColumnElement[Any],
    conditions: list[ColumnElement[bool]],
    width: int,
) -> dict[int, tuple[int, int]]:
    """How many stretches begin (or end) in each interval, and the sum of how far into it."""
    interval = (instants // width).label("interval")
    rows = snapshot.rows(
        select(interval, func.count(), func.sum(instants % width))
        .where(*conditions)
        .group_by("interval")
    )
    return {int(row[0]): (row[1], int(row[2])) for row in rows}


def _integrate(
    starts: dict[int, tuple[int, int]], stops: dict[int, tuple[int, int]], width: int
) -> Counter[int]:
    found = Counter[int]()
    watching = 0
    edges = sorted(starts.keys() | stops.keys())
    for position, interval in enumerate(edges):
        began, began_rest = starts.get(interval, (0, 0))
        ceased, ceased_rest = stops.get(interval, (0, 0))
        watching += began - ceased
        found[interval * width - BUCKET_OFFSET] += watching * width - began_rest + ceased_rest
        following = edges[position + 1] if position + 1 < len(edges) else interval + 1
        for between in range(interval + 1, following) if watching else ():
            found[between * width - BUCKET_OFFSET] = watching * width
    return found


def concurrent_at(
    snapshot: Snapshot, time_range: TimeRange, *, media: int, step: int
) -> list[tuple[int, int]]:
    """How many viewings had a media on screen at each multiple of `step` seconds in a window, where
    any had: (instant, viewings).
    """
    relative_range = snapshot.clip_to_now(time_range)
    deltas = Counter[int]()
    for world in snapshot.account.worlds:
        deltas.update(_deltas(snapshot, world, relative_range, media, step))
    found = []
    watching = 0
    first = -(-relative_range.start // step)
    last = -(-relative_range.end // step)
    marks = sorted(deltas)
    for position, mark in enumerate(marks):
        watching += deltas[mark]
        following = marks[position + 1] if position + 1 < len(marks) else mark + 1
        for instant in range(max(mark, first), min(following, last)) if watching else ():
            found.append((instant * step + snapshot.account.anchor, watching))
    return found


def _deltas(
    snapshot: Snapshot, world: int, relative_range: TimeRange, media: int, step: int
) -> Counter[int]:
    """By how much the audience changes at each step:

    a stretch is on screen from its start up to, not at, its end.
    """
    ranges = tables.played_ranges
    conditions = overlap_conditions(snapshot, world, relative_range, snapshot.row_ids([media]))
    deltas = Counter[int]()
    for column, sign in ((ranges.c.started_at, 1), (ranges.c.stopped_at, -1)):
        mark = ((column + BUCKET_OFFSET + step - 1) // step).label("mark")
        for row in snapshot.rows(select(mark, func.count()).where(*conditions).group_by("mark")):
            deltas[int(row[0]) - BUCKET_OFFSET // step] += sign * row[1]
    return deltas
