"""Counts and sums over viewings, by whatever they are of and by when they were loaded."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select

from playhead.analytics.catalog import Country, countries
from playhead.analytics.query import (
    BUCKET_OFFSET,
    HOUR,
    NO_FILTERS,
    Dimension,
    Filters,
    GroupKey,
    Milestone,
    filter_columns,
    group_columns,
    key_decoder,
    visible_kinds,
    where,
)
from playhead.analytics.snapshot import AnySelect, Snapshot
from playhead.domain.clock import DAY
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.storage import tables
from playhead.world.rollups import RollupDimension


class Measures(NamedTuple):
    """How many loads, plays, views (of 3, 5, 10 and 30 seconds) and ends.

    The seconds of those that have ended; milliseconds until the player appeared.
    """

    loads: int = 0
    plays: int = 0
    views_3: int = 0
    views: int = 0
    views_10: int = 0
    views_30: int = 0
    ends: int = 0
    watched_seconds: int = 0
    distinct_seconds: int = 0
    impression_ms: int = 0

    def __add__(self, other: object) -> "Measures":
        """Cell by cell, unlike other tuples."""
        assert isinstance(other, Measures)
        return Measures(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


# What growth has written tallies by.
_ROLLUP_DIMENSIONS = {
    Dimension.media: RollupDimension.media,
    Dimension.place: RollupDimension.place,
    Dimension.device: RollupDimension.device,
    Dimension.page: RollupDimension.page,
    Dimension.hour: RollupDimension.hour,
}
_ROLLUP = tables.daily_rollups.c


def aggregate(
    snapshot: Snapshot,
    time_range: TimeRange | None,
    *,
    dimensions: Sequence[Dimension] = (),
    filters: Filters = NO_FILTERS,
) -> dict[GroupKey, Measures]:
    """Tallies of the viewings loaded in a window (or ever) that count, by cell: one number or
    instant for each of `by`, in its order.

    Settled days of the base are read as growth wrote them, where it kept what is asked for; the
    rest from the viewings.
    """
    relative_range = snapshot.clip_to_now(time_range)
    rollup_dimension = _rollup_dimension(snapshot, dimensions, filters)
    days = closed_days(snapshot, relative_range) if rollup_dimension else None
    parts = (
        [relative_range]
        if days is None
        else [
            TimeRange(relative_range.start, days.start * DAY),
            TimeRange(days.end * DAY, relative_range.end),
        ]
    )
    statements = [
        _from_facts(snapshot, dimensions, filters, snapshot.account.world, part)
        for part in parts
        if part.start < part.end
    ]
    if days is not None and rollup_dimension:
        statements.append(_from_rollup(snapshot, dimensions, filters, rollup_dimension, days))
    if snapshot.account.overlay is not None:
        statements.append(
            _from_facts(snapshot, dimensions, filters, snapshot.account.overlay, relative_range)
        )
    read = key_decoder(dimensions, snapshot.account.anchor)
    width = len(dimensions)
    measures_by_key: dict[GroupKey, Measures] = {}
    for statement in statements:
        for row in snapshot.rows(statement):
            key = read(row[:width])
            measures = Measures(*map(int, row[width:]))
            measures_by_key[key] = (
                measures_by_key[key] + measures if key in measures_by_key else measures
            )
    return {cell: tally for cell, tally in measures_by_key.items() if tally.loads}


def total(
    snapshot: Snapshot, time_range: TimeRange | None, *, filters: Filters = NO_FILTERS
) -> Measures:
    """The tally of the viewings loaded in a window (or ever) that count."""
    return aggregate(snapshot, time_range, filters=filters).get((), Measures())


def rollup_total(
    snapshot: Snapshot, days: TimeRange, *, filters: Filters = NO_FILTERS
) -> Measures | None:
    """The tally of settled days of the base, as growth wrote it.

    None where it did not keep what is asked for.
    """
    rollup_dimension = _rollup_dimension(snapshot, (), filters)
    rows = (
        snapshot.rows(_from_rollup(snapshot, (), filters, rollup_dimension, days))
        if rollup_dimension
        else []
    )
    return Measures(*map(int, rows[0])) if rows else None


def by_country(
    snapshot: Snapshot, time_range: TimeRange | None, *, kind: MediaKind | None = None
) -> dict[Country, Measures]:
    """Tallies of the viewings loaded in a window, by the viewer's country.

    Only of media of a kind when given.
    """
    country_by_place = countries(snapshot)
    measures_by_country: dict[Country, Measures] = {}
    for (place,), tally in aggregate(
        snapshot,
        time_range,
        dimensions=[Dimension.place],
        filters=Filters(kinds=None if kind is None else frozenset({kind})),
    ).items():
        measures_by_country[country_by_place[place]] = (
            measures_by_country.get(country_by_place[place], Measures()) + tally
        )
    return measures_by_country


def by_media(
    snapshot: Snapshot, time_range: TimeRange | None = None, *, media: Collection[int] | None = None
) -> dict[int, Measures]:
    """Tallies of the viewings loaded in a window (or ever), by the number of the media."""
    return {
        number: tally
        for (number,), tally in aggregate(
            snapshot, time_range, dimensions=[Dimension.media], filters=Filters(media=media)
        ).items()
    }


def by_day_and_media(
    snapshot: Snapshot, time_range: TimeRange, *, media: Collection[int] | None = None
) -> dict[tuple[int, int], Measures]:
    """Tallies by (00:00 UTC of the day of load in seconds since 1970, number of the media)."""
    found = aggregate(
        snapshot,
        time_range,
        dimensions=[Dimension.day, Dimension.media],
        filters=Filters(media=media),
    )
    return {(day, number): tally for (day, number), tally in found.items()}


def _rollup_dimension(
    snapshot: Snapshot, dimensions: Sequence[Dimension], filters: Filters
) -> RollupDimension | None:
    """What written tallies answer:

    those that are kept by the one thing which is asked about; None when they do not.
    """
    restricted_dimensions = {
        *dimensions,
        *(each for each, _ in filter_columns(snapshot, filters)),
    } - {Dimension.kind, Dimension.day}
    if not restricted_dimensions:
        return RollupDimension.page  # of which there are the fewest
    return (
        _ROLLUP_DIMENSIONS.get(restricted_dimensions.pop())
        if len(restricted_dimensions) == 1
        else None
    )


def closed_days(snapshot: Snapshot, relative_range: TimeRange) -> TimeRange | None:
    """The first run of whole days in a window (relative) of whose base viewings all have ended:

    (first day, after the last).
    """
    days = tables.days
    first = -(-relative_range.start // DAY)
    last = relative_range.end // DAY
    rows = snapshot.rows(
        select(days.c.day, days.c.closed_at)
        .where(days.c.world == snapshot.account.world, days.c.day >= first, days.c.day < last)
        .order_by(days.c.day)
    )
    end = None
    for row in rows:
        if row.closed_at > snapshot.now or (end is not None and row.day != end):
            break
        end = row.day + 1
    return TimeRange(rows[0].day, end) if end is not None else None


def _from_rollup(
    snapshot: Snapshot,
    dimensions: Sequence[Dimension],
    filters: Filters,
    rollup_dimension: RollupDimension,
    days: TimeRange,
) -> AnySelect:
    cell = [_rollup_column(each) for each in dimensions]
    sums = [func.coalesce(func.sum(_ROLLUP[name]), 0) for name in Measures._fields]
    of_days = (
        _ROLLUP.world == snapshot.account.world,
        _ROLLUP.dimension == rollup_dimension.value,
        _ROLLUP.day >= days.start,
        _ROLLUP.day < days.end,
    )
    statement = select(*cell, *sums).where(
        *of_days, _ROLLUP.kind.in_(visible_kinds(snapshot, filters))
    )
    for _, keys in filter_columns(snapshot, filters):
        statement = statement.where(_ROLLUP.key.in_(keys))
    return statement.group_by(*cell)


def _rollup_column(dimension: Dimension) -> ColumnElement[Any]:  # Any: integers
    """The same as `columns` says of viewings, of what was written."""
    if dimension is Dimension.kind:
        return _ROLLUP.kind
    day = _ROLLUP.day + BUCKET_OFFSET // DAY
    return (
        day
        if dimension is Dimension.day
        else day * (DAY // HOUR) + _ROLLUP.key
        if dimension is Dimension.hour
        else _ROLLUP.key
    )


def _from_facts(
    snapshot: Snapshot,
    dimensions: Sequence[Dimension],
    filters: Filters,
    world: int,
    relative_range: TimeRange,
) -> AnySelect:
    cell = [column.label(f"cell_{place}") for place, column in enumerate(group_columns(dimensions))]
    return (
        select(*cell, *_measure_columns(snapshot.now))
        .where(where(snapshot, world, relative_range, filters))
        .group_by(*(column.name for column in cell))
    )


def _measure_columns(now: int) -> tuple[ColumnElement[Any], ...]:
    """What the columns of a Tally are, over viewings, as far as a clock has reached."""
    viewings = tables.viewings
    ended = viewings.c.ended_at <= now
    reached = [
        func.count(case((each.condition(now), 1)))
        for each in (
            Milestone.play,
            Milestone.view_3,
            Milestone.view,
            Milestone.view_10,
            Milestone.view_30,
            Milestone.end,
        )
    ]
    return (
        func.count(),
        *reached,
        _sum(case((ended, viewings.c.watched_seconds), else_=0)),
        _sum(case((ended, viewings.c.distinct_seconds), else_=0)),
        _sum(viewings.c.impression_ms),
    )


def _sum(column: ColumnElement[Any]) -> ColumnElement[Any]:  # Any: integers
    return func.coalesce(func.sum(column), 0)


class Audience(NamedTuple):
    """How many viewers loaded a media, and how many of them played it."""

    viewers: int
    players: int


def audience(snapshot: Snapshot, media: int) -> Audience:
    """Distinct viewers of a media, ever."""
    viewer = tables.viewings.c.viewer
    played = func.max(case((tables.viewings.c.played_at <= snapshot.now, 1), else_=0)).label(
        "played"
    )
    if len(snapshot.account.worlds) == 1:
        # Grouped, the viewers come in the order of their index, which count(DISTINCT) would sort
        # anew, twice.
        each = (
            select(played)
            .where(snapshot.loaded_ever(snapshot.account.world, media=media))
            .group_by(viewer)
            .subquery()
        )
        viewers, players = snapshot.rows(
            select(func.count(), func.coalesce(func.sum(each.c.played), 0)).select_from(each)
        )[0]
        return Audience(viewers, int(players))
    played_by_viewer: dict[int, int] = {}
    for world in (
        snapshot.account.worlds
    ):  # a viewer of the base may have been recorded in the overlay as well
        for each_viewer, plays in snapshot.rows(
            select(viewer, played).where(snapshot.loaded_ever(world, media=media)).group_by(viewer)
        ):
            played_by_viewer[each_viewer] = max(plays, played_by_viewer.get(each_viewer, 0))
    return Audience(len(played_by_viewer), sum(played_by_viewer.values()))
