"""What is on screen when:

stretches of playback in a window, and what growth wrote of them by interval.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, false, select

from playhead.analytics.aggregates import closed_days
from playhead.analytics.query import BUCKET_OFFSET
from playhead.analytics.snapshot import Snapshot
from playhead.domain.clock import DAY
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.storage import tables
from playhead.world.rollups import RollupMeasure, decode_series

ALL_TIME = TimeRange(-BUCKET_OFFSET, BUCKET_OFFSET)


class ViewerSpan(NamedTuple):
    """A viewer who has something on screen, from an instant up to, not including, another."""

    viewer: int
    start: int
    stop: int


Values = tuple[int, ...]
SpanCounter = Callable[
    [Sequence[ViewerSpan]], Mapping[int, Values]
]  # spans to what there is of them, by interval


def lookback_limits(snapshot: Snapshot, world: int) -> tuple[int, int]:
    """The longest stretch of a world, and the latest start of one after its load, in seconds."""
    worlds = tables.worlds
    row = snapshot.rows(
        select(worlds.c.max_range_seconds, worlds.c.max_start_delay).where(worlds.c.id == world)
    )[0]
    return row.max_range_seconds, row.max_start_delay


def media_row_ids(
    snapshot: Snapshot, kinds: Collection[MediaKind], media: Collection[int] | None = None
) -> list[int]:
    """Packed ids of the media of some kinds (those among `media`), for their index to lead to their
    stretches.
    """
    table = tables.media
    of_kinds = select(table.c.id).where(
        table.c.world.in_(snapshot.account.worlds), table.c.kind.in_(kinds)
    )
    return [
        row.id
        for row in snapshot.rows(
            of_kinds if media is None else of_kinds.where(table.c.id.in_(snapshot.row_ids(media)))
        )
    ]


def overlap_conditions(
    snapshot: Snapshot,
    world: int,
    relative_range: TimeRange,
    media: Collection[int],
    load_range: TimeRange = ALL_TIME,
) -> list[ColumnElement[bool]]:
    """The stretches of media that reach into a window, of viewings that were loaded in another."""
    ranges = tables.played_ranges
    if (
        relative_range.end <= relative_range.start
    ):  # what is on screen at an instant reaches into a window without one as well
        return [false()]
    longest, linger = lookback_limits(snapshot, world)
    begun = (
        ranges.c.started_at >= max(relative_range.start - longest, load_range.start),
        ranges.c.started_at < min(relative_range.end, load_range.end + linger + 1),
    )
    of_loads = (
        []
        if load_range == ALL_TIME
        else [ranges.c.loaded_at >= load_range.start, ranges.c.loaded_at < load_range.end]
    )
    return [
        ranges.c.world == world,
        ranges.c.media.in_(media),
        *begun,
        ranges.c.stopped_at > relative_range.start,
        *of_loads,
    ]


def spans(
    snapshot: Snapshot,
    world: int,
    relative_range: TimeRange,
    media: Collection[int],
    load_range: TimeRange = ALL_TIME,
) -> Iterator[ViewerSpan]:
    """Who has media on screen in a window, cut to it."""
    ranges = tables.played_ranges.c
    columns = select(ranges.viewer, ranges.started_at, ranges.stopped_at)
    for viewer, start, stop in snapshot.rows(
        columns.where(*overlap_conditions(snapshot, world, relative_range, media, load_range))
    ):
        yield ViewerSpan(viewer, max(start, relative_range.start), min(stop, relative_range.end))


def merge_rollups(
    snapshot: Snapshot,
    relative_range: TimeRange,
    kinds: Collection[MediaKind],
    width: int,
    measures: Sequence[RollupMeasure],
    count: SpanCounter,
) -> dict[int, Values]:
    """What there is of all media of some kinds in a window (relative), by interval of `width`
    seconds: its number from the anchor on.

    What growth wrote of a day's loads holds where nobody else watches: no load of another day or
    kind, no recorded one. Elsewhere spans are counted.
    """
    media = media_row_ids(snapshot, kinds)
    days = closed_days(snapshot, relative_range)
    fact_spans = [
        span
        for load_range in ranges_outside(days)
        for span in spans(snapshot, snapshot.account.world, relative_range, media, load_range)
    ]
    fact_spans += [
        span
        for world in snapshot.account.worlds[1:]
        for span in spans(snapshot, world, relative_range, media)
    ]
    values_by_interval = dict(count(fact_spans))
    if days is None:
        return values_by_interval
    rollup_values, contested = _uncontested_rollups(
        snapshot, relative_range, days, kinds, width, measures, counted_intervals=values_by_interval
    )
    for first, last in _consecutive_runs(sorted(contested)):
        part = TimeRange(
            max(relative_range.start, first * width), min(relative_range.end, (last + 1) * width)
        )
        settled = TimeRange(days.start * DAY, days.end * DAY)
        part_spans = [
            *spans(snapshot, snapshot.account.world, part, media, settled),
            *_clip_spans(fact_spans, part),
        ]
        values_by_interval.update(count(part_spans))
    return {**rollup_values, **values_by_interval}


def ranges_outside(days: TimeRange | None) -> tuple[TimeRange, ...]:
    """When what growth's writing does not answer for was loaded:

    before and after the days that it does, or ever.
    """
    return (
        (ALL_TIME,)
        if days is None
        else (TimeRange(ALL_TIME.start, days.start * DAY), TimeRange(days.end * DAY, ALL_TIME.end))
    )


def _uncontested_rollups(
    snapshot: Snapshot,
    relative_range: TimeRange,
    days: TimeRange,
    kinds: Collection[MediaKind],
    width: int,
    measures: Sequence[RollupMeasure],
    counted_intervals: Mapping[int, Values],
) -> tuple[dict[int, Values], set[int]]:
    """What growth wrote of intervals that are wholly in the window and one day's and kind's alone.

    And the others in which somebody watches.
    """
    uncontested: dict[int, Values] = {}
    contested: set[int] = set()
    for day, curves in _rollup_series(snapshot, days, kinds, measures):
        first = day * DAY // width
        for interval, values in enumerate(zip(*curves, strict=True), first):
            if not values[0] or interval * width >= relative_range.end:
                continue
            if (
                interval in uncontested
                or interval in counted_intervals
                or interval * width < relative_range.start
                or (interval + 1) * width > relative_range.end
            ):
                contested.add(interval)
            else:
                uncontested[interval] = values
    return {
        interval: values for interval, values in uncontested.items() if interval not in contested
    }, contested


def _rollup_series(
    snapshot: Snapshot,
    days: TimeRange,
    kinds: Collection[MediaKind],
    measures: Sequence[RollupMeasure],
) -> Iterator[tuple[int, list[tuple[int, ...]]]]:
    """(day, its curve of each measure), by day and kind."""
    table = tables.interval_rollups.c
    of_days = (
        table.world == snapshot.account.world,
        table.day >= days.start,
        table.day < days.end,
        table.kind.in_(kinds),
    )
    found: dict[tuple[int, int], dict[int, tuple[int, ...]]] = {}
    for row in snapshot.rows(
        select(table.day, table.kind, table.measure, table.intervals).where(
            *of_days, table.measure.in_(measures)
        )
    ):
        found.setdefault((row.day, row.kind), {})[row.measure] = decode_series(row.intervals)
    for (day, _), curves in found.items():
        yield day, [curves[measure] for measure in measures]


def _consecutive_runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(first, last) of each run of numbers without a gap."""
    start = 0
    for index, number in enumerate(numbers):
        if index + 1 == len(numbers) or numbers[index + 1] != number + 1:
            yield numbers[start], number
            start = index + 1


def _clip_spans(viewer_spans: Sequence[ViewerSpan], part: TimeRange) -> Iterator[ViewerSpan]:
    return (
        ViewerSpan(viewer, max(start, part.start), min(stop, part.end))
        for viewer, start, stop in viewer_spans
        if start < part.end and stop > part.start
    )
