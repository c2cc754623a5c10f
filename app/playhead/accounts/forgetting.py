"""Forgetting: what goes with an account that is removed, idle accounts in which nothing was set, and worlds that have no accounts any more."""

import json
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, select, update

from playhead.accounts import overlays
from playhead.accounts.account import Account, AnyRow
from playhead.clock import SystemClock
from playhead.store import tables
from playhead.store.store import Store, exclusively

PLANNED = (tables.faults, tables.stubs)
OF_AN_ACCOUNT = (*PLANNED, tables.limits, tables.journal)


def remove(connection: Connection, rows: Sequence[AnyRow]) -> None:
    """Remove accounts whose rows are locked, with all that was recorded, planned and noted in them."""
    ids = [row.id for row in rows]
    for row in rows:
        exclusively(connection, f"faults {row.id}")  # as a request does that one of them strikes
        for overlay in {row.overlay, kept_overlay(row.origin)} - {None}:
            overlays.drop(connection, overlay)
    for table in OF_AN_ACCOUNT:
        connection.execute(delete(table).where(table.c.account.in_([*ids, *map(kept_for, ids)])))
    connection.execute(delete(tables.credentials).where(tables.credentials.c.account.in_(ids)))
    connection.execute(delete(tables.accounts).where(tables.accounts.c.id.in_(ids)))
    want(connection, {row.world for row in rows})


def kept_for(account: int) -> int:
    """Under which id the faults and stubs are kept to which a fork is reset: no account has it."""
    return -account


def kept_overlay(origin: str) -> int | None:
    """The overlay world that is kept to reset a fork to."""
    kept: int | None = json.loads(origin).get("overlay") if origin else None
    return kept


def want(connection: Connection, worlds: Collection[int]) -> None:
    """Note that worlds are in use; those that are kept without accounts need no note."""
    table = tables.worlds
    connection.execute(update(table).where(table.c.id.in_(sorted(worlds)), table.c.wanted_at.is_not(None)).values(wanted_at=SystemClock().now()))


def seen(store: Store, account: Account, *, idle: int) -> None:
    """Note that an account is in use, and forget idle ones where it is time."""
    now, accounts, facts = SystemClock().now(), tables.accounts, tables.facts
    with store.change() as connection:
        connection.execute(update(accounts).where(accounts.c.id == account.id).values(seen_at=now))
        due = connection.execute(select(facts.c.swept_at).where(facts.c.swept_at <= now - idle // 8)).first()
    if due:  # in a transaction of its own: it holds no account while it waits for those who open some
        sweep(store, now, idle=idle)


def sweep(store: Store, now: int, *, idle: int) -> None:
    """Forget accounts in which nothing was set and that were idle for so many seconds, and worlds without accounts for as long."""
    facts, accounts = tables.facts, tables.accounts
    with store.change() as connection:
        exclusively(connection, "account")
        if not connection.execute(update(facts).where(facts.c.swept_at <= now - idle // 8).values(swept_at=now)).rowcount:
            return  # another process was first
        # What somebody changes at this instant is not idle.
        idle_ones = select(accounts).where(accounts.c.touched == 0, accounts.c.seen_at <= now - idle).with_for_update(skip_locked=True)
        remove(connection, list(connection.execute(idle_ones)))
        _drop_unused_worlds(connection, now - idle)
        _drop_orphans(connection)


def _drop_unused_worlds(connection: Connection, since: int) -> None:
    exclusively(connection, "world")
    worlds = tables.worlds.c
    unused = select(worlds.id).where(worlds.wanted_at <= since, worlds.id.not_in(select(tables.accounts.c.world)))
    for world in list(connection.execute(unused).scalars()):
        for table in (tables.days, tables.tallies, tables.curves):
            connection.execute(delete(table).where(table.c.world == world))
        overlays.drop(connection, world)


def _drop_orphans(connection: Connection) -> None:
    """Remove what was noted of requests that were under way when their account went."""
    there = select(tables.accounts.c.id)
    for table in (tables.limits, tables.journal):
        connection.execute(delete(table).where(table.c.account > 0, table.c.account.not_in(there)))
