"""What every question is asked of: a snapshot, the worlds of an account, its clock, and what a vendor sees."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select, true

from playhead.store import tables
from playhead.store.tables import NUMBER_BITS, NUMBER_MASK, OVERLAY_BIT
from playhead.world.terms import MediaKind

# Any: rows are of the columns of their statement
AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]


LONG_AGO = -(10**11)  # before anything that can be recorded, in seconds from any anchor


class Window(NamedTuple):
    """Instants from `start` up to, not including, `end`, in seconds since 1970."""

    start: int
    end: int

    def relative(self, anchor: int) -> "Window":
        """The window in seconds from an anchor: the one place where an anchor is subtracted."""
        return Window(self.start - anchor, self.end - anchor)


class Viewpoint(Protocol):
    """Whose world is read and up to when: an account, as far as reading goes."""

    @property
    def name(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def world(self) -> int: ...
    @property
    def overlay(self) -> int | None: ...
    @property
    def worlds(self) -> tuple[int, ...]: ...
    @property
    def anchor(self) -> int: ...
    @property
    def now(self) -> int: ...
    @property
    def relative_now(self) -> int: ...


class Sight(NamedTuple):
    """What of a world a vendor is shown: kinds of media, and whether viewings in progress count."""

    kinds: frozenset[MediaKind]
    finished_only: bool = False


@dataclass(frozen=True)
class Reading:
    """One snapshot of what an account's clock has reached, as one vendor sees it."""

    connection: Connection
    account: Viewpoint
    sight: Sight

    @property
    def now(self) -> int:
        """The account's clock in seconds from its anchor."""
        return self.account.relative_now

    def rows(self, statement: AnySelect) -> list[AnyRow]:
        """All rows of a statement."""
        return list(self.connection.execute(statement))

    def clipped(self, window: Window | None) -> Window:
        """A window in seconds from the anchor, nothing after now."""
        if window is None:
            return Window(LONG_AGO, self.now + 1)
        start, end = window.relative(self.account.anchor)
        return Window(start, min(end, self.now + 1))

    def loaded(self, world: int, window: Window, *, media: int | None = None) -> ColumnElement[bool]:
        """The viewings of a world, or of a media in it, that were loaded in a clipped window and are seen."""
        viewings = tables.viewings
        which = self.of_kinds() if media is None else viewings.c.media == self._seen_media(media)
        return and_(viewings.c.world == world, viewings.c.loaded_at >= window.start, viewings.c.loaded_at < window.end, which, self.finished())

    def ever_loaded(self, world: int, *, media: int) -> ColumnElement[bool]:
        """All viewings of a media in a world so far: an expression keeps off the index by load, so that they come by their viewers."""
        viewings = tables.viewings
        return and_(viewings.c.world == world, viewings.c.media == self._seen_media(media), viewings.c.loaded_at + 0 <= self.now, self.finished())

    def _seen_media(self, media: int) -> ColumnElement[int]:
        """The packed id of a media, or null when its kind is not seen: asked of the media, so that the viewings' index still covers the answer."""
        table = tables.media
        return select(table.c.id).where(table.c.id == self.id_of(media), table.c.kind.in_(self.sight.kinds)).scalar_subquery()

    def of_kinds(self) -> ColumnElement[bool]:
        """Viewings of the kinds of media that the vendor sees."""
        return tables.viewings.c.kind.in_(self.sight.kinds) if len(self.sight.kinds) < len(MediaKind) else true()

    def finished(self) -> ColumnElement[bool]:
        """Viewings that have ended, where the vendor sees no others."""
        return tables.viewings.c.ended_at <= self.now if self.sight.finished_only else true()

    def world_of(self, number: int) -> int | None:
        """The world in which a number's row is; none for what is no number of ours, lest it reach into another world."""
        if number >> NUMBER_BITS:
            return None
        return self.account.overlay if number & OVERLAY_BIT else self.account.world

    def id_of(self, number: int) -> int | None:
        """The packed id of a number, or None where this account has no such world."""
        world = self.world_of(number)
        return None if world is None else (world << NUMBER_BITS) | number

    def ids_of(self, numbers: Collection[int]) -> list[int]:
        """The packed ids of numbers that this account can have."""
        return [packed for number in numbers if (packed := self.id_of(number)) is not None]


def number_of(packed: int) -> int:
    """The number in a packed id."""
    return packed & NUMBER_MASK
