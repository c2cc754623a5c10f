"""Rate limits:

requests of an account counted in windows, as rows, so that all processes on a store count together.
"""

from typing import NamedTuple

from sqlalchemy import insert, select, update

from playhead.domain.account import Account
from playhead.domain.clock import SystemClock
from playhead.storage import tables
from playhead.storage.database import Store, advisory_lock


class RateLimit(NamedTuple):
    """So many requests of a sort in so many seconds."""

    name: str
    requests: int
    seconds: int


class RateLimitState(NamedTuple):
    """Where a request stands in its window:

    whether it is beyond the limit, how many may follow, and seconds until the window ends.
    """

    limit: int
    remaining: int
    reset_after: int
    is_exceeded: bool


def untouched_state(limit: RateLimit) -> RateLimitState:
    """The standing of the first request of a window, for a vendor that always tells it."""
    return RateLimitState(limit.requests, limit.requests - 1, limit.seconds, False)


def count_request(
    store: Store, account: Account, vendor: str, limit: RateLimit, *, clock_ticks: bool
) -> RateLimitState:
    """Count a request; `clock_ticks` is False where the account's clock stands still.

    A window ends on the account's clock or on the machine's, whichever is first.
    """
    table = tables.rate_limits
    now = SystemClock().now_ms()
    where = (table.c.account == account.id, table.c.vendor == vendor, table.c.name == limit.name)
    with store.transaction() as connection:
        advisory_lock(connection, f"limit {account.id}")
        row = connection.execute(select(table).where(*where)).first()
        passed = (
            _elapsed_seconds(
                now, row.began_at, account.now - row.began_now, clock_ticks=clock_ticks
            )
            if row
            else limit.seconds
        )
        if row is None:
            window = {"account": account.id, "vendor": vendor, "name": limit.name}
            connection.execute(
                insert(table).values(**window, began_at=now, began_now=account.now, requests=1)
            )
        elif passed >= limit.seconds:
            connection.execute(
                update(table).where(*where).values(began_at=now, began_now=account.now, requests=1)
            )
        else:
            connection.execute(update(table).where(*where).values(requests=row.requests + 1))
    before = row.requests if row and passed < limit.seconds else 0
    ends_in = limit.seconds - passed if before else limit.seconds
    return RateLimitState(
        limit.requests, max(0, limit.requests - before - 1), ends_in, before >= limit.requests
    )


def _elapsed_seconds(now: int, began_at: int, account_elapsed: int, *, clock_ticks: bool) -> int:
    """Whole seconds since a window began, by the machine's clock (in ms) or the account's."""
    machine_elapsed = (now - began_at) // 1000
    # A clock that ticks with the machine's does so at whole seconds, the first time a moment after
    # the window began. A clock that stands still differs only when it was moved.
    ticks = now // 1000 - began_at // 1000
    if clock_ticks and 0 <= account_elapsed <= ticks:
        return machine_elapsed
    return max(machine_elapsed, abs(account_elapsed))
