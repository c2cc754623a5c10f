"""Register worlds and generate their days: a transaction a day, under a lease, never twice.

The generator is imported only when something is generated: a start from a full store needs none.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select, update

from playhead.domain.clock import DAY, SystemClock
from playhead.storage import tables
from playhead.storage.database import Store, advisory_lock, bulk_insert
from playhead.storage.lease import lease
from playhead.world import digest, rollups
from playhead.world.fact_rows import FactRows
from playhead.world.generator.random import WORLD_VERSION
from playhead.world.registry import INITIAL_LAST_DAY, WorldKey, find_world, generated_through

if TYPE_CHECKING:
    from playhead.world.generator.days import Plan

Progress = Callable[[int, int], None]
"""Called with the number of days generated so far, and of all that are to be generated."""


def ensure(store: Store, key: WorldKey, *, progress: Progress | None = None) -> int:
    """Make a world whole in a store, kept without accounts; its id. Raises UserError.

    It has its past and the anchor's week then.
    """
    with store.snapshot() as connection:
        world = find_world(connection, key)
        complete = world is not None and generated_through(connection, world) >= INITIAL_LAST_DAY
        last_used_at = select(tables.worlds.c.last_used_at).where(tables.worlds.c.id == world)
        is_evictable = world is not None and connection.execute(last_used_at).scalar() is not None
    if is_evictable:  # used by accounts so far; from now on it stays without them
        with store.transaction() as connection:
            kept = update(tables.worlds).where(tables.worlds.c.id == world)
            connection.execute(kept.values(last_used_at=None))
    if world is not None and complete:
        return world
    with store.transaction() as connection:
        advisory_lock(connection, "world")
        world = find_world(connection, key)
        if world is None:
            world = insert_world(connection, key, evictable=False)
    generate_through(store, world, INITIAL_LAST_DAY, progress=progress)
    store.create_indexes()
    return world


def get_or_register(connection: Connection, key: WorldKey) -> int:
    """Register a world unless it is there; its id. Raises UserError.

    Its days are generated when they are first read, and it is kept while it has accounts.
    """
    advisory_lock(connection, "world")
    world = find_world(connection, key)
    if world is None:
        return insert_world(connection, key, evictable=True)
    # Used from now on, so that it is not evicted before its account exists.
    worlds = tables.worlds
    used = update(worlds).where(worlds.c.id == world, worlds.c.last_used_at.is_not(None))
    connection.execute(used.values(last_used_at=SystemClock().now()))
    return world


def insert_world(connection: Connection, key: WorldKey, *, evictable: bool) -> int:
    """Insert a world without days; its id.

    An evictable one is dropped when no account uses it. Raises UserError.
    """
    from playhead.world.scenario.schema import parse

    scenario = parse(key.source.text, name=key.source.name)
    worlds = tables.worlds
    advisory_lock(connection, "world")
    world: int = (connection.execute(select(func.max(worlds.c.id))).scalar() or 0) + 1
    values = (
        world,
        scenario.name,
        key.source.text,
        key.source.fingerprint,
        key.seed,
        key.size,
        WORLD_VERSION,
        0,
        0,
        0,
        "",
    )
    bulk_insert(
        connection,
        worlds,
        [(*values, int(scenario.published_examples), SystemClock().now() if evictable else None)],
    )
    return world


def generate_through(
    store: Store, world: int, last_day: int, *, progress: Progress | None = None
) -> None:
    """Generate what is missing of a world: its library, and the days up to `last_day`."""
    from playhead.world.generator import days

    name = f"days of world {world}"
    with lease(store, name) as renew:
        with store.snapshot() as connection:
            plan = _load_plan(connection, world)
            first = generated_through(connection, world) + 1
            begun = connection.execute(
                select(tables.worlds.c.library_digest).where(tables.worlds.c.id == world)
            ).scalar_one()
        if not begun:
            _write_library(store, plan)
        for day in range(first, last_day + 1):
            rows = days.day_rows(plan, day)
            with store.transaction() as connection:
                renew(connection)
                _write_day(connection, world, day, rows)
            if progress:
                progress(day - first + 1, last_day + 1 - first)


def _write_day(connection: Connection, world: int, day: int, rows: FactRows) -> None:
    closed_at = day * DAY if rows.closed_at is None else rows.closed_at
    bulk_insert(
        connection,
        tables.days,
        [(world, day, len(rows.viewings), closed_at, digest.day_digest(rows, world))],
    )
    insert_facts(connection, world, rows)
    bulk_insert(
        connection, tables.daily_rollups, rollups.daily_rollup_rows(world, day, rows.viewings)
    )
    bulk_insert(
        connection,
        tables.interval_rollups,
        rollups.interval_rollup_rows(world, day, rows.played_ranges),
    )


def insert_facts(connection: Connection, world: int, rows: FactRows) -> None:
    """Insert facts into a world, and raise its two lookback limits.

    They are the longest played range and the latest start after a load; `analytics` clips by them.
    """
    for table, facts in zip(tables.FACT_TABLES, rows, strict=True):
        bulk_insert(connection, table, facts)
    worlds = tables.worlds
    for name, limit in (
        ("max_range_seconds", rows.max_range_seconds),
        ("max_start_delay", rows.max_start_delay),
    ):
        connection.execute(
            update(worlds).where(worlds.c.id == world, worlds.c[name] < limit).values({name: limit})
        )


def _load_plan(connection: Connection, world: int) -> "Plan":
    from playhead.world.generator import days, reference
    from playhead.world.scenario.schema import parse

    row = connection.execute(select(tables.worlds).where(tables.worlds.c.id == world)).one()
    return days.build_plan(
        parse(row.document, name=row.scenario),
        seed=row.seed,
        world=world,
        size=row.size or None,
        places=reference.places(),
        devices=reference.devices(),
    )


def _write_library(store: Store, plan: "Plan") -> None:
    from playhead.world.generator import days

    rows = days.library_rows(plan)
    with store.transaction() as connection:
        advisory_lock(connection, "library")
        for name, facts in rows.items():
            bulk_insert(connection, tables.metadata.tables[name], facts)
        _write_reference(connection)
        worlds = tables.worlds
        connection.execute(
            update(worlds)
            .where(worlds.c.id == plan.world)
            .values(library_digest=digest.library_digest(rows, plan.world))
        )


def _write_reference(connection: Connection) -> None:
    from playhead.world.generator import reference

    if connection.execute(select(func.count()).select_from(tables.places)).scalar():
        return
    bulk_insert(connection, tables.places, [place[:11] for place in reference.places()])
    bulk_insert(connection, tables.devices, [device[:10] for device in reference.devices()])
