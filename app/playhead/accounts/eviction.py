"""Forgetting:

what goes with an account that is removed, idle accounts in which nothing was set, and worlds that
have no accounts any more.
"""

import json
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, select, update

from playhead.accounts import overlays
from playhead.accounts.repository import AccountRow
from playhead.domain.account import Account
from playhead.domain.clock import SystemClock
from playhead.storage import tables
from playhead.storage.database import Store, advisory_lock

FORKED_TABLES = (tables.faults, tables.stubs)
ACCOUNT_TABLES = (*FORKED_TABLES, tables.rate_limits, tables.journal)


def delete_accounts(connection: Connection, rows: Sequence[AccountRow]) -> None:
    """Remove accounts whose rows are locked, with all that was recorded, planned and noted
    in them.
    """
    ids = [row.id for row in rows]
    for row in rows:
        advisory_lock(connection, f"faults {row.id}")  # as a request does that one of them strikes
        for overlay in {row.overlay, fork_origin_overlay(row.origin)} - {None}:
            overlays.drop(connection, overlay)
    for table in ACCOUNT_TABLES:
        connection.execute(
            delete(table).where(table.c.account.in_([*ids, *map(fork_origin_id, ids)]))
        )
    connection.execute(delete(tables.credentials).where(tables.credentials.c.account.in_(ids)))
    connection.execute(delete(tables.accounts).where(tables.accounts.c.id.in_(ids)))
    mark_world_used(connection, {row.world for row in rows})


def fork_origin_id(account_id: int) -> int:
    """Under which id the faults and stubs are kept to which a fork is reset: no account has it."""
    return -account_id


def fork_origin_overlay(origin: str) -> int | None:
    """The overlay world that is kept to reset a fork to."""
    kept: int | None = json.loads(origin).get("overlay") if origin else None
    return kept


def mark_world_used(connection: Connection, worlds: Collection[int]) -> None:
    """Note that worlds are in use; those that are kept without accounts need no note."""
    table = tables.worlds
    connection.execute(
        update(table)
        .where(table.c.id.in_(sorted(worlds)), table.c.last_used_at.is_not(None))
        .values(last_used_at=SystemClock().now())
    )


def mark_used(store: Store, account: Account, *, account_ttl: int) -> None:
    """Note that an account is in use, and forget idle ones where it is time."""
    now = SystemClock().now()
    accounts = tables.accounts
    facts = tables.store_metadata
    with store.transaction() as connection:
        connection.execute(
            update(accounts).where(accounts.c.id == account.id).values(last_used_at=now)
        )
        due = connection.execute(
            select(facts.c.last_evicted_at).where(facts.c.last_evicted_at <= now - account_ttl // 8)
        ).first()
    if (
        due
    ):  # in a transaction of its own: it holds no account while it waits for those who open some
        evict_idle(store, now, account_ttl=account_ttl)


def evict_idle(store: Store, now: int, *, account_ttl: int) -> None:
    """Forget accounts in which nothing was set and that were idle for so many seconds, and worlds
    without accounts for as long.
    """
    facts = tables.store_metadata
    accounts = tables.accounts
    with store.transaction() as connection:
        advisory_lock(connection, "account")
        if not connection.execute(
            update(facts)
            .where(facts.c.last_evicted_at <= now - account_ttl // 8)
            .values(last_evicted_at=now)
        ).rowcount:
            return  # another process was first
        # What somebody changes at this instant is not idle.
        idle_ones = (
            select(accounts)
            .where(accounts.c.modified == 0, accounts.c.last_used_at <= now - account_ttl)
            .with_for_update(skip_locked=True)
        )
        delete_accounts(connection, list(connection.execute(idle_ones)))
        _drop_unused_worlds(connection, now - account_ttl)
        _drop_orphans(connection)


def _drop_unused_worlds(connection: Connection, unused_since: int) -> None:
    advisory_lock(connection, "world")
    worlds = tables.worlds.c
    unused = select(worlds.id).where(
        worlds.last_used_at <= unused_since, worlds.id.not_in(select(tables.accounts.c.world))
    )
    for world in list(connection.execute(unused).scalars()):
        for table in (tables.days, tables.daily_rollups, tables.interval_rollups):
            connection.execute(delete(table).where(table.c.world == world))
        overlays.drop(connection, world)


def _drop_orphans(connection: Connection) -> None:
    """Remove what was noted of requests that were under way when their account went."""
    there = select(tables.accounts.c.id)
    for table in (tables.rate_limits, tables.journal):
        connection.execute(delete(table).where(table.c.account > 0, table.c.account.not_in(there)))
