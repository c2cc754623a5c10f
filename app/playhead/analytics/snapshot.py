"""What every question is asked of:

a snapshot, the worlds of an account, its clock, and what a vendor sees.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select, true

from playhead.domain.account import Account
from playhead.domain.media import MediaKind
from playhead.domain.time_range import MIN_TIME, TimeRange
from playhead.storage import tables
from playhead.storage.tables import NUMBER_BITS, NUMBER_MASK, OVERLAY_BIT

# Any: rows are of the columns of their statement
AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]


class Visibility(NamedTuple):
    """What of a world a vendor is shown: kinds of media, and whether viewings in progress count."""

    kinds: frozenset[MediaKind]
    ended_only: bool = False


@dataclass(frozen=True)
class Snapshot:
    """One snapshot of what an account's clock has reached, as one vendor sees it."""

    connection: Connection
    account: Account
    visibility: Visibility

    @property
    def now(self) -> int:
        """The account's clock in seconds from its anchor."""
        return self.account.relative_now

    def rows(self, statement: AnySelect) -> list[AnyRow]:
        """All rows of a statement."""
        return list(self.connection.execute(statement))

    def clip_to_now(self, time_range: TimeRange | None) -> TimeRange:
        """A window in seconds from the anchor, nothing after now."""
        if time_range is None:
            return TimeRange(MIN_TIME, self.now + 1)
        start, end = time_range.relative_to(self.account.anchor)
        return TimeRange(start, min(end, self.now + 1))

    def loaded_in(
        self, world: int, relative_range: TimeRange, *, media: int | None = None
    ) -> ColumnElement[bool]:
        """The viewings of a world, or of a media in it, that were loaded in a clipped window and
        are seen.
        """
        viewings = tables.viewings
        media_condition = (
            self.kind_condition()
            if media is None
            else viewings.c.media == self._visible_media_id(media)
        )
        return and_(
            viewings.c.world == world,
            viewings.c.loaded_at >= relative_range.start,
            viewings.c.loaded_at < relative_range.end,
            media_condition,
            self.ended_condition(),
        )

    def loaded_ever(self, world: int, *, media: int) -> ColumnElement[bool]:
        """All viewings of a media in a world so far:

        an expression keeps off the index by load, so that they come by their viewers.
        """
        viewings = tables.viewings
        return and_(
            viewings.c.world == world,
            viewings.c.media == self._visible_media_id(media),
            viewings.c.loaded_at + 0 <= self.now,
            self.ended_condition(),
        )

    def _visible_media_id(self, media: int) -> ColumnElement[int]:
        """The packed id of a media, or null when its kind is not seen:

        asked of the media, so that the viewings' index still covers the answer.
        """
        table = tables.media
        return (
            select(table.c.id)
            .where(table.c.id == self.row_id(media), table.c.kind.in_(self.visibility.kinds))
            .scalar_subquery()
        )

    def kind_condition(self) -> ColumnElement[bool]:
        """Viewings of the kinds of media that the vendor sees."""
        return (
            tables.viewings.c.kind.in_(self.visibility.kinds)
            if len(self.visibility.kinds) < len(MediaKind)
            else true()
        )

    def ended_condition(self) -> ColumnElement[bool]:
        """Viewings that have ended, where the vendor sees no others."""
        return tables.viewings.c.ended_at <= self.now if self.visibility.ended_only else true()

    def world_of(self, number: int) -> int | None:
        """The world in which a number's row is.

        None for what is no number of ours, lest it reach into another world.
        """
        if number >> NUMBER_BITS:
            return None
        return self.account.overlay if number & OVERLAY_BIT else self.account.world

    def row_id(self, number: int) -> int | None:
        """The packed id of a number, or None where this account has no such world."""
        world = self.world_of(number)
        return None if world is None else (world << NUMBER_BITS) | number

    def row_ids(self, numbers: Collection[int]) -> list[int]:
        """The packed ids of numbers that this account can have."""
        return [row_id for number in numbers if (row_id := self.row_id(number)) is not None]


def number_of(row_id: int) -> int:
    """The number in a packed id."""
    return row_id & NUMBER_MASK
