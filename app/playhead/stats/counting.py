"""What viewings are counted by, which of them, and how far they must have come: the terms that tallies, uniques and concurrency share."""

from collections.abc import Callable, Collection, Sequence
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_

from playhead.clock import DAY
from playhead.stats.reading import Reading, Window, number_of
from playhead.store import tables
from playhead.world.terms import MediaKind

HOUR, MINUTE = 3600, 60
EPOCH = 40_000 * DAY  # added before dividing, since SQL divides negative numbers towards zero; a multiple of every width

Cell = tuple[int, ...]


class By(Enum):
    """What viewings are counted by; times are of the load, UTC, and told as the instant at which they begin."""

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


class Among(NamedTuple):
    """Which viewings count: those of all these, by number; what is None does not matter."""

    kinds: frozenset[MediaKind] | None = None
    media: Collection[int] | None = None
    places: Collection[int] | None = None
    devices: Collection[int] | None = None
    pages: Collection[int] | None = None


ALL = Among()


class Reached(Enum):
    """How far a viewing must have come to count."""

    load = "loaded_at"
    play = "played_at"
    view_3 = "viewed_3_at"
    view = "viewed_5_at"
    view_10 = "viewed_10_at"
    view_30 = "viewed_30_at"
    end = "finished_at"

    def by(self, now: int) -> ColumnElement[bool]:
        """Whether a viewing had come so far at an instant from the anchor."""
        return tables.viewings.c[self.value] <= now


WIDTHS = {By.day: DAY, By.hour: HOUR, By.minute: MINUTE}
_COLUMNS = {
    By.kind: tables.viewings.c.kind,
    By.media: tables.viewings.c.media,
    By.place: tables.viewings.c.place,
    By.device: tables.viewings.c.device,
    By.page: tables.viewings.c.page,
    By.address: tables.viewings.c.ip,
    By.viewer: tables.viewings.c.viewer,
}
_PACKED = frozenset({By.media, By.page, By.viewer})


def columns(by: Sequence[By]) -> list[ColumnElement[Any]]:  # Any: integers
    """What rows of viewings are grouped by: packed ids, and intervals counted from EPOCH before the anchor."""
    return [_COLUMNS[each] if each in _COLUMNS else (tables.viewings.c.loaded_at + EPOCH) // WIDTHS[each] for each in by]


def cell_reader(by: Sequence[By], anchor: int) -> Callable[[Sequence[int]], Cell]:
    """From the values of `columns` to numbers and instants."""
    readers = [_reader(each, anchor) for each in by]
    return lambda values: tuple([read(value) for read, value in zip(readers, values, strict=False)])


def _reader(by: By, anchor: int) -> Callable[[int], int]:
    if by in WIDTHS:
        return lambda value: int(value) * WIDTHS[by] - EPOCH + anchor
    return number_of if by in _PACKED else int


def seen_kinds(reading: Reading, among: Among) -> frozenset[MediaKind]:
    """The kinds of media that count and that the vendor sees."""
    return reading.sight.kinds if among.kinds is None else reading.sight.kinds & among.kinds


def which(reading: Reading, world: int, window: Window, among: Among) -> ColumnElement[bool]:
    """The viewings of a world that were loaded in a clipped window, are seen, and count."""
    viewings = tables.viewings
    conditions = [viewings.c.world == world, viewings.c.loaded_at >= window.start, viewings.c.loaded_at < window.end, *traits(reading, among)]
    return and_(*conditions, reading.finished())


def traits(reading: Reading, among: Among) -> list[ColumnElement[bool]]:
    """The conditions on what viewings are of, whenever they were."""
    viewings, kinds = tables.viewings, seen_kinds(reading, among)
    found: list[ColumnElement[bool]] = [viewings.c.kind.in_(kinds)] if len(kinds) < len(MediaKind) else []
    return found + [_COLUMNS[by].in_(keys) for by, keys in restrictions(reading, among)]


def restrictions(reading: Reading, among: Among) -> list[tuple[By, Collection[int]]]:
    """What viewings must be of, as the store has it: packed ids where it packs them."""
    named = zip((By.media, By.place, By.device, By.page), among[1:], strict=True)
    return [(by, reading.ids_of(numbers) if by in _PACKED else numbers) for by, numbers in named if numbers is not None]
