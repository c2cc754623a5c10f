"""The ground that recording stands on: an account's two worlds within one transaction, what was looked up once being known."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple, Self

from sqlalchemy import Connection, Table, func, select, update

from playhead.accounts import account, overlays
from playhead.accounts.account import Account, AnyRow, account_of
from playhead.accounts.arrangement import Unfit
from playhead.accounts.attendance import Attendance, Known
from playhead.accounts.names import Names
from playhead.accounts.opening import touch, with_own_overlay
from playhead.clock import DAY, Clock, instant_of, utc
from playhead.failure import Refusal
from playhead.stats.reading import Reading, Sight
from playhead.store import tables
from playhead.store.tables import NUMBER_BITS, NUMBER_MASK, OVERLAY_BIT
from playhead.world.terms import LAST_DAY, MediaKind, PromptKind
from playhead.world.viewing import Prompt

EARLIEST = instant_of("2000-01-01")
EVERYTHING = Sight(frozenset(MediaKind))


class Medium(NamedTuple):
    """A media as viewings of it need it: `seconds` are 0 of a live stream."""

    kind: MediaKind
    seconds: int
    prompts: tuple[Prompt, ...]


class Ground:
    """An account's worlds, locked for recording; its overlay is made where there is none."""

    def __init__(self, connection: Connection, account: Account) -> None:
        assert account.overlay is not None
        self.connection = connection
        self.account = account
        self.anchor, self.base, self.world = account.anchor, account.world, account.overlay
        self.which = ""
        self.attendance = Attendance(connection, account.worlds)
        self.names = Names(connection, account.worlds)
        self._next: dict[Table, int] = {}
        self._media: dict[int, Medium | None] = {}
        self._known: dict[Table, frozenset[int]] = {}

    @classmethod
    def open(cls, connection: Connection, name: str, clock: Clock) -> Self:
        """The overlay of an account, which nobody else writes to until the transaction ends; raises Missing."""
        row = locked(connection, name)
        touch(connection, row.id)
        account = account_of(row, clock)
        return cls(connection, account if row.overlay is not None else replace(account, overlay=new_overlay(connection, row.id)))

    @property
    def reading(self) -> Reading:
        """What the account holds, with what was recorded in this transaction but is not written yet left out."""
        return Reading(self.connection, self.account, EVERYTHING)

    @contextmanager
    def at(self, which: str) -> Iterator[None]:
        """While one of several things is recorded: a Refusal says of which."""
        self.which = which
        try:
            yield
        except Unfit:
            raise
        except Refusal as refusal:
            raise Unfit(which, str(refusal)) from None

    def media(self, number: int) -> Medium | None:
        """The media of that number."""
        if number not in self._media:
            self._media[number] = self._read_media(number)
        return self._media[number]

    def has(self, kind: str, number: int) -> bool:
        """Whether there is such a thing: kinds as in `stats.naming`."""
        if kind in MediaKind.__members__:
            media = self.media(number)
            return media is not None and media.kind is MediaKind[kind]
        if kind == "viewer":
            return self.viewer(number) is not None
        return self._row(tables.projects if kind == "project" else tables.viewings, number) is not None

    def viewer(self, number: int) -> Known | None:
        """The viewer of that number."""
        return None if number >> NUMBER_BITS else self.attendance.numbered(self.packed(number))

    def packed(self, number: int) -> int:
        """The packed id of a number of either world."""
        return (self.world if number & OVERLAY_BIT else self.base) << NUMBER_BITS | number

    def _read_media(self, number: int) -> Medium | None:
        row = self._row(tables.media, number)
        if row is None:
            return None
        prompts = tuple(Prompt(PromptKind(kind), at, text, url) for kind, at, text, url in json.loads(row.prompts))
        return Medium(MediaKind(row.kind), -(-row.duration_ms // 1000), prompts)

    def _row(self, table: Table, number: int) -> AnyRow | None:
        return None if number >> NUMBER_BITS else self.connection.execute(select(table).where(table.c.id == self.packed(number))).first()

    def numbers(self, table: Table) -> frozenset[int]:
        """The numbers of places or devices."""
        if table not in self._known:
            self._known[table] = frozenset(self.connection.execute(select(table.c.number)).scalars())
        return self._known[table]

    def next(self, table: Table) -> int:
        """The number of the next thing to record; those of viewings that were deleted never come again."""
        if table not in self._next:
            worlds = tables.worlds.c
            ever = select(OVERLAY_BIT + worlds.size).where(worlds.id == self.world)
            last = select(func.max(table.c.id)).where(table.c.world == self.world)
            found = self.connection.execute(ever if table is tables.viewings else last).scalar()
            self._next[table] = OVERLAY_BIT if found is None else (found & NUMBER_MASK) + (table is not tables.viewings)
        return self._next[table]

    def take(self, table: Table, number: int | None = None) -> int:
        """A new number: the next, or a given one that comes after all before it."""
        following = self.next(table)
        if number is not None and not following <= number < OVERLAY_BIT << 1:
            raise Refusal(f"the number {number} is none of those from {following} on")
        self._next[table] = (following if number is None else number) + 1
        return self._next[table] - 1

    def skip_to(self, table: Table, number: int) -> None:
        """Let that be the number of the next thing; raises Refusal where there are later ones."""
        if number < self.next(table):
            raise Refusal(f"there are more {table.name} than it says")
        self._next[table] = number

    def relative(self, instant: int) -> int:
        """Seconds from the anchor; raises Refusal for what lies before 2000 or after the world's last day."""
        relative = instant - self.anchor
        if instant < EARLIEST or relative >= (LAST_DAY + 1) * DAY:
            raise Refusal(f"it has an instant before 2000 or after the last day of the account's world, {utc(self.anchor + LAST_DAY * DAY):%Y-%m-%d}")
        return relative


def locked(connection: Connection, name: str) -> AnyRow:
    """The row of an account, which nobody else changes until the transaction ends, its overlay one that may be written to; raises Missing."""
    return with_own_overlay(connection, account.locked(connection, name))


def new_overlay(connection: Connection, account: int) -> int:
    """Give an account an overlay world in which nothing is."""
    world = overlays.make(connection)
    connection.execute(update(tables.accounts).where(tables.accounts.c.id == account).values(overlay=world))
    return world
