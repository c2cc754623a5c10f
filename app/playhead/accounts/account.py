"""An account: what a credential opens."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from playhead.clock import Clock
from playhead.store import tables

EVERY_VENDOR = ""


@dataclass(frozen=True)
class Options:
    """What a user may set of an account; by vendor where the key is a vendor's name.

    `permissions` are those given otherwise than the vendor's default, `limits` requests in a window (0: as documented).
    """

    lenient: bool = False
    environment: str | None = None
    permissions: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)

    def text(self) -> str:
        """As JSON; empty where nothing was set."""
        return "" if self == Options() else json.dumps(asdict(self))


@lru_cache(maxsize=256)
def options_of(text: str) -> Options:
    """The options that a text says; the same text is the same options, so that keeping a few of them is no state."""
    return Options(**json.loads(text)) if text else Options()


@dataclass(frozen=True)
class Account:
    """One account as it stands now: `world` is its base, `overlay` the world of what was recorded in it."""

    name: str
    number: int
    world: int
    overlay: int | None
    anchor: int
    now: int
    id: int = 0
    options: Options = field(default_factory=Options)
    faults: int = 0
    stubs: int = 0

    @property
    def worlds(self) -> tuple[int, ...]:
        """The worlds that it sees, the base first."""
        return (self.world,) if self.overlay is None else (self.world, self.overlay)

    @property
    def relative_now(self) -> int:
        """Its clock, in seconds from its anchor."""
        return self.now - self.anchor


AnyRow = Row[*tuple[Any, ...]]  # Any: a row of the table of accounts
_PLAIN = (
    tables.accounts.c.id,
    tables.accounts.c.name,
    tables.accounts.c.number,
    tables.accounts.c.world,
    tables.accounts.c.overlay,
    tables.accounts.c.anchor,
    tables.accounts.c.clock,
    tables.accounts.c.clock_seconds,
    tables.accounts.c.options,
    tables.accounts.c.faults,
    tables.accounts.c.stubs,
    tables.accounts.c.seen_at,
)
PLAIN: Select[*tuple[Any, ...]] = select(*_PLAIN)


def account_of(row: AnyRow, clock: Clock) -> Account:
    """The account of a row, by the server's clock."""
    now = now_of(row.clock, row.clock_seconds, clock)
    options = options_of(row.options)
    return Account(row.name, row.number, row.world, row.overlay, row.anchor, now, row.id, options, row.faults, row.stubs)


def now_of(kind: str, seconds: int, clock: Clock) -> int:
    """The instant that an account's clock shows: frozen there, or so far ahead of the server's."""
    return seconds if kind == "frozen" else clock.now() + seconds


def find(connection: Connection, clock: Clock, *, name: str | None = None, number: int | None = None, id: int | None = None) -> Account | None:
    """The account of that name, number or id."""
    accounts = tables.accounts.c
    column, value = (accounts.name, name) if name is not None else (accounts.number, number) if number is not None else (accounts.id, id)
    row = connection.execute(PLAIN.where(column == value)).first()
    return account_of(row, clock) if row else None


def find_by_key(connection: Connection, clock: Clock, *, vendor: str, key: str) -> tuple[Account, int] | None:
    """The account that a key opens at a vendor, as a registered credential or as its name; and when it was last seen."""
    accounts, credentials = tables.accounts, tables.credentials
    registered = select(func.min(credentials.c.account)).where(credentials.c.vendor.in_((EVERY_VENDOR, vendor)), credentials.c.key == key)
    named = select(accounts.c.id).where(accounts.c.name == key)
    row = connection.execute(PLAIN.where(accounts.c.id == func.coalesce(registered.scalar_subquery(), named.scalar_subquery()))).first()
    return (account_of(row, clock), row.seen_at) if row else None


def through(connection: Connection, account: Account) -> int | None:
    """The last generated day of an account's world; None before the first."""
    days = tables.days
    return connection.execute(select(func.max(days.c.day)).where(days.c.world == account.world)).scalar()
