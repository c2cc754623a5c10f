"""What viewings are counted by, which of them, and how far they must have come:

the terms that tallies, uniques and concurrency share.
"""

from collections.abc import Callable, Collection, Sequence
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_

from playhead.analytics.snapshot import Snapshot, number_of
from playhead.domain.clock import DAY
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.storage import tables

HOUR = 3600
MINUTE = 60
BUCKET_OFFSET = 40_000 * DAY

GroupKey = tuple[int, ...]


class Dimension(Enum):
    """What viewings are counted by.

    Times are of the load, UTC, and told as the instant at which they begin.
    """

    kind = "kind"
    media = "media"
    place = "place"
    device = "device"
    page = "page"
    address = "address"
    viewer = "viewer"
    day = "day"
    hour = "hour"
    minute = "minute"


class Filters(NamedTuple):
    """Which viewings count: those of all these, by number; what is None does not matter."""

    kinds: frozenset[MediaKind] | None = None
    media: Collection[int] | None = None
    places: Collection[int] | None = None
    devices: Collection[int] | None = None
    pages: Collection[int] | None = None


NO_FILTERS = Filters()


class Milestone(Enum):
    """How far a viewing must have come to count."""

    load = "loaded_at"
    play = "played_at"
    view_3 = "viewed_3_at"
    view = "viewed_5_at"
    view_10 = "viewed_10_at"
    view_30 = "viewed_30_at"
    end = "finished_at"

    def condition(self, now: int) -> ColumnElement[bool]:
        """Whether a viewing had come so far at an instant from the anchor."""
        return tables.viewings.c[self.value] <= now


BUCKET_SECONDS = {Dimension.day: DAY, Dimension.hour: HOUR, Dimension.minute: MINUTE}
_DIMENSION_COLUMNS = {
    Dimension.kind: tables.viewings.c.kind,
    Dimension.media: tables.viewings.c.media,
    Dimension.place: tables.viewings.c.place,
    Dimension.device: tables.viewings.c.device,
    Dimension.page: tables.viewings.c.page,
    Dimension.address: tables.viewings.c.ip,
    Dimension.viewer: tables.viewings.c.viewer,
}
_ROW_ID_DIMENSIONS = frozenset({Dimension.media, Dimension.page, Dimension.viewer})


def group_columns(dimensions: Sequence[Dimension]) -> list[ColumnElement[Any]]:  # Any: integers
    """What rows of viewings are grouped by:

    packed ids, and intervals counted from EPOCH before the anchor.
    """
    return [
        _DIMENSION_COLUMNS[each]
        if each in _DIMENSION_COLUMNS
        else (tables.viewings.c.loaded_at + BUCKET_OFFSET) // BUCKET_SECONDS[each]
        for each in dimensions
    ]


def key_decoder(
    dimensions: Sequence[Dimension], anchor: int
) -> Callable[[Sequence[int]], GroupKey]:
    """From the values of `columns` to numbers and instants."""
    readers = [_decoder(each, anchor) for each in dimensions]
    return lambda values: tuple([read(value) for read, value in zip(readers, values, strict=False)])


def _decoder(dimension: Dimension, anchor: int) -> Callable[[int], int]:
    if dimension in BUCKET_SECONDS:
        return lambda value: int(value) * BUCKET_SECONDS[dimension] - BUCKET_OFFSET + anchor
    return number_of if dimension in _ROW_ID_DIMENSIONS else int


def visible_kinds(snapshot: Snapshot, filters: Filters) -> frozenset[MediaKind]:
    """The kinds of media that count and that the vendor sees."""
    return (
        snapshot.visibility.kinds
        if filters.kinds is None
        else snapshot.visibility.kinds & filters.kinds
    )


def where(
    snapshot: Snapshot, world: int, relative_range: TimeRange, filters: Filters
) -> ColumnElement[bool]:
    """The viewings of a world that were loaded in a clipped window, are seen, and count."""
    viewings = tables.viewings
    conditions = [
        viewings.c.world == world,
        viewings.c.loaded_at >= relative_range.start,
        viewings.c.loaded_at < relative_range.end,
        *filter_conditions(snapshot, filters),
    ]
    return and_(*conditions, snapshot.ended_condition())


def filter_conditions(snapshot: Snapshot, filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions on what viewings are of, whenever they were."""
    viewings = tables.viewings
    kinds = visible_kinds(snapshot, filters)
    conditions: list[ColumnElement[bool]] = (
        [viewings.c.kind.in_(kinds)] if len(kinds) < len(MediaKind) else []
    )
    return conditions + [
        _DIMENSION_COLUMNS[by].in_(keys) for by, keys in filter_columns(snapshot, filters)
    ]


def filter_columns(snapshot: Snapshot, filters: Filters) -> list[tuple[Dimension, Collection[int]]]:
    """What viewings must be of, as the store has it: packed ids where it packs them."""
    named = zip(
        (Dimension.media, Dimension.place, Dimension.device, Dimension.page),
        filters[1:],
        strict=True,
    )
    return [
        (by, snapshot.row_ids(numbers) if by in _ROW_ID_DIMENSIONS else numbers)
        for by, numbers in named
        if numbers is not None
    ]
