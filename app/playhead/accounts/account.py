"""An account: what a credential opens."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from playhead.clock import Clock
from playhead.ids import account_number
from playhead.store import tables
from playhead.store.store import Store, exclusively, insert


@dataclass(frozen=True)
class Account:
    """One account as it stands now: `world` is its base, `overlay` the world of what was recorded in it."""

    name: str
    number: int
    world: int
    overlay: int | None
    anchor: int
    now: int

    @property
    def worlds(self) -> tuple[int, ...]:
        """The worlds that it sees, the base first."""
        return (self.world,) if self.overlay is None else (self.world, self.overlay)

    @property
    def relative_now(self) -> int:
        """Its clock, in seconds from its anchor."""
        return self.now - self.anchor


def find(connection: Connection, clock: Clock, *, name: str | None = None, number: int | None = None) -> Account | None:
    """The account of that name or number."""
    accounts = tables.accounts
    which = accounts.c.name == name if name is not None else accounts.c.number == number
    row = connection.execute(select(accounts).where(which)).first()
    return Account(row.name, row.number, row.world, row.overlay, row.anchor, clock.now()) if row else None


def open_account(store: Store, name: str, *, world: int, clock: Clock) -> Account:
    """The account of that name, made where there is none: it costs a row."""
    with store.snapshot() as connection:
        account = find(connection, clock, name=name)
    return account or _make(store, name, world=world, clock=clock)


def _make(store: Store, name: str, *, world: int, clock: Clock) -> Account:
    accounts = tables.accounts
    with store.change() as connection:
        exclusively(connection, "account")
        if account := find(connection, clock, name=name):
            return account
        anchor = connection.execute(select(tables.facts.c.anchor)).scalar_one()
        last = connection.execute(select(func.max(accounts.c.id))).scalar() or 0
        insert(connection, accounts, [(last + 1, name, account_number(name), world, None, anchor)])
        return Account(name, account_number(name), world, None, anchor, clock.now())
