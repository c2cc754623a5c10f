"""Rate limits: requests of an account counted in windows, as rows, so that all processes on a store count together."""

from typing import NamedTuple

from sqlalchemy import insert, select, update

from playhead.accounts.account import Account
from playhead.clock import SystemClock
from playhead.store import tables
from playhead.store.store import Store, exclusively


class Limit(NamedTuple):
    """So many requests of a sort in so many seconds."""

    name: str
    requests: int
    seconds: int


class Standing(NamedTuple):
    """Where a request stands in its window: whether it is beyond the limit, how many may follow, and seconds until the window ends."""

    limit: int
    remaining: int
    ends_in: int
    exceeded: bool


def unlimited(limit: Limit) -> Standing:
    """The standing of the first request of a window, for a vendor that always tells it."""
    return Standing(limit.requests, limit.requests - 1, limit.seconds, False)


def count(store: Store, account: Account, vendor: str, limit: Limit) -> Standing:
    """Count a request; a window ends on the account's clock or on the machine's, whichever is first."""
    table, now = tables.limits, SystemClock().milliseconds()
    which = (table.c.account == account.id, table.c.vendor == vendor, table.c.name == limit.name)
    with store.change() as connection:
        exclusively(connection, f"limit {account.id}")
        row = connection.execute(select(table).where(*which)).first()
        passed = _passed(now, row.began_at, account.now - row.began_now) if row else limit.seconds
        if row is None:
            window = {"account": account.id, "vendor": vendor, "name": limit.name}
            connection.execute(insert(table).values(**window, began_at=now, began_now=account.now, requests=1))
        elif passed >= limit.seconds:
            connection.execute(update(table).where(*which).values(began_at=now, began_now=account.now, requests=1))
        else:
            connection.execute(update(table).where(*which).values(requests=row.requests + 1))
    before = row.requests if row and passed < limit.seconds else 0
    ends_in = limit.seconds - passed if before else limit.seconds
    return Standing(limit.requests, max(0, limit.requests - before - 1), ends_in, before >= limit.requests)


def _passed(now: int, began_at: int, by_account: int) -> int:
    """Whole seconds since a window began: by the machine's clock in milliseconds, or by the account's where that stands still or was moved."""
    # An account's clock that goes as the machine's does ticks at whole seconds, the first time a moment after the window began.
    ticked = 0 <= by_account <= now // 1000 - began_at // 1000
    return max((now - began_at) // 1000, 0 if ticked else abs(by_account))
