"""Leases: one process at a time does a thing, whatever the store; a dead holder's lease lapses."""

import os
import secrets  # noqa: TID251  # names a holder; no part of any world
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, delete, select, update

from playhead.domain.clock import SystemClock, sleep
from playhead.storage import tables
from playhead.storage.database import Store, advisory_lock, bulk_insert

LEASE_SECONDS = 30
RETRY_SECONDS = 0.02


@contextmanager
def lease(store: Store, name: str) -> Iterator[Callable[[Connection], None]]:
    """Hold the lease of that name, waiting for it; yields what renews it within a transaction."""
    holder = f"{os.getpid()}-{secrets.token_hex(8)}"  # a name nobody else has, no part of any world
    while not _try_acquire(store, name, holder):
        sleep(RETRY_SECONDS)
    leases = tables.leases

    def renew(connection: Connection) -> None:
        renewal = update(leases).where(leases.c.name == name, leases.c.holder == holder)
        if (
            connection.execute(
                renewal.values(expires_at=SystemClock().now() + LEASE_SECONDS)
            ).rowcount
            != 1
        ):
            raise RuntimeError(f"the lease of {name} was lost to another process")

    try:
        yield renew
    finally:
        with store.transaction() as connection:
            connection.execute(
                delete(leases).where(leases.c.name == name, leases.c.holder == holder)
            )


def _try_acquire(store: Store, name: str, holder: str) -> bool:
    leases = tables.leases
    now = SystemClock().now()
    with store.transaction() as connection:
        advisory_lock(connection, "lease")
        connection.execute(delete(leases).where(leases.c.name == name, leases.c.expires_at <= now))
        if connection.execute(select(leases.c.name).where(leases.c.name == name)).scalar():
            return False
        bulk_insert(connection, leases, [(name, holder, now + LEASE_SECONDS)])
    return True
