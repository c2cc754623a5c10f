"""The ground that recording stands on:

an account's two worlds within one transaction, what was looked up once being known.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple, Self

from sqlalchemy import Connection, Table, func, select, update

from playhead.accounts import overlays, repository
from playhead.accounts.repository import AccountRow, account_from_row
from playhead.accounts.service import ensure_own_overlay, mark_modified
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.domain.account import Account
from playhead.domain.clock import DAY, Clock, parse_instant, utc_datetime
from playhead.domain.errors import UserError
from playhead.domain.media import LAST_DAY, MediaKind, PromptKind
from playhead.domain.playback import Prompt
from playhead.recording.aliases import AliasRegistry
from playhead.recording.inputs import ItemError
from playhead.recording.viewer_index import ViewerIndex, ViewerRef
from playhead.storage import tables
from playhead.storage.tables import NUMBER_BITS, NUMBER_MASK, OVERLAY_BIT

MIN_INSTANT = parse_instant("2000-01-01")
ALL_VISIBLE = Visibility(frozenset(MediaKind))


class MediaRef(NamedTuple):
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
        self.anchor = account.anchor
        self.base = account.world
        self.world = account.overlay
        self.label = ""
        self.viewer_index = ViewerIndex(connection, account.worlds)
        self.aliases = AliasRegistry(connection, account.worlds)
        self._next_numbers: dict[Table, int] = {}
        self._media: dict[int, MediaRef | None] = {}
        self._numbers_cache: dict[Table, frozenset[int]] = {}

    @classmethod
    def open(cls, connection: Connection, name: str, clock: Clock) -> Self:
        """The overlay of an account, which nobody else writes to until the transaction ends.

        Raises Missing.
        """
        row = get_writable_for_update(connection, name)
        mark_modified(connection, row.id)
        account = account_from_row(row, clock)
        return cls(
            connection,
            account
            if row.overlay is not None
            else replace(account, overlay=create_overlay(connection, row.id)),
        )

    @property
    def snapshot(self) -> Snapshot:
        """What the account holds, with what was recorded in this transaction but is not written yet
        left out.
        """
        return Snapshot(self.connection, self.account, ALL_VISIBLE)

    @contextmanager
    def item(self, label: str) -> Iterator[None]:
        """While one of several things is recorded: a Refusal says of which."""
        self.label = label
        try:
            yield
        except ItemError:
            raise
        except UserError as refusal:
            raise ItemError(label, str(refusal)) from None

    def media(self, number: int) -> MediaRef | None:
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
        return (
            self._row(tables.projects if kind == "project" else tables.viewings, number) is not None
        )

    def viewer(self, number: int) -> ViewerRef | None:
        """The viewer of that number."""
        return None if number >> NUMBER_BITS else self.viewer_index.by_id(self.row_id(number))

    def row_id(self, number: int) -> int:
        """The packed id of a number of either world."""
        return (self.world if number & OVERLAY_BIT else self.base) << NUMBER_BITS | number

    def _read_media(self, number: int) -> MediaRef | None:
        row = self._row(tables.media, number)
        if row is None:
            return None
        prompts = tuple(
            Prompt(PromptKind(kind), at, text, url)
            for kind, at, text, url in json.loads(row.prompts)
        )
        return MediaRef(MediaKind(row.kind), -(-row.duration_ms // 1000), prompts)

    def _row(self, table: Table, number: int) -> AccountRow | None:
        return (
            None
            if number >> NUMBER_BITS
            else self.connection.execute(
                select(table).where(table.c.id == self.row_id(number))
            ).first()
        )

    def known_numbers(self, table: Table) -> frozenset[int]:
        """The numbers of places or devices."""
        if table not in self._numbers_cache:
            self._numbers_cache[table] = frozenset(
                self.connection.execute(select(table.c.number)).scalars()
            )
        return self._numbers_cache[table]

    def peek_number(self, table: Table) -> int:
        """The number of the next thing to record.

        Those of viewings that were deleted never come again.
        """
        if table not in self._next_numbers:
            worlds = tables.worlds.c
            ever = select(OVERLAY_BIT + worlds.size).where(worlds.id == self.world)
            last = select(func.max(table.c.id)).where(table.c.world == self.world)
            found = self.connection.execute(ever if table is tables.viewings else last).scalar()
            self._next_numbers[table] = (
                OVERLAY_BIT
                if found is None
                else (found & NUMBER_MASK) + (table is not tables.viewings)
            )
        return self._next_numbers[table]

    def allocate_number(self, table: Table, number: int | None = None) -> int:
        """A new number: the next, or a given one that comes after all before it."""
        following = self.peek_number(table)
        if number is not None and not following <= number < OVERLAY_BIT << 1:
            raise UserError(f"the number {number} is none of those from {following} on")
        self._next_numbers[table] = (following if number is None else number) + 1
        return self._next_numbers[table] - 1

    def advance_sequence(self, table: Table, number: int) -> None:
        """Let that be the number of the next thing; raises Refusal where there are later ones."""
        if number < self.peek_number(table):
            raise UserError(f"there are more {table.name} than it says")
        self._next_numbers[table] = number

    def to_world_time(self, instant: int) -> int:
        """Seconds from the anchor.

        Raises Refusal for what lies before 2000 or after the world's last day.
        """
        relative = instant - self.anchor
        if instant < MIN_INSTANT or relative >= (LAST_DAY + 1) * DAY:
            raise UserError(
                f"it has an instant before 2000 or after the last day of the account's world, "
                f"{utc_datetime(self.anchor + LAST_DAY * DAY):%Y-%m-%d}"
            )
        return relative


def get_writable_for_update(connection: Connection, name: str) -> AccountRow:
    """The row of an account, which nobody else changes until the transaction ends, its overlay one
    that may be written to; raises Missing.
    """
    return ensure_own_overlay(connection, repository.get_for_update(connection, name))


def create_overlay(connection: Connection, account: int) -> int:
    """Give an account an overlay world in which nothing is."""
    world = overlays.create(connection)
    connection.execute(
        update(tables.accounts).where(tables.accounts.c.id == account).values(overlay=world)
    )
    return world
