"""Filling a store with a world:

its library, then day after day, a transaction each, under a lease, never twice.
"""

from sqlalchemy import Connection, func, select, update

from playhead.domain.clock import DAY, SystemClock
from playhead.storage import tables
from playhead.storage.database import Store, advisory_lock, bulk_insert
from playhead.storage.lease import lease
from playhead.world import digest, rollups
from playhead.world.fact_rows import FactRows
from playhead.world.generator import days, reference
from playhead.world.generator.random import WORLD_VERSION
from playhead.world.registry import (
    INITIAL_LAST_DAY,
    Progress,
    WorldKey,
    find_world,
    generated_through,
)
from playhead.world.scenario.schema import Scenario, parse


def provision_missing(store: Store, key: WorldKey, *, progress: Progress | None = None) -> int:
    """The id of the world in that store, with its past and the anchor's week.

    Generated where it is missing, and kept without accounts.
    """
    with store.transaction() as connection:
        advisory_lock(connection, "world")
        world = find_world(connection, key)
        if world is None:
            world = insert_world(connection, key, evictable=False)
    generate_through(store, world, INITIAL_LAST_DAY, progress=progress)
    store.create_indexes()
    return world


def insert_world(connection: Connection, key: WorldKey, *, evictable: bool) -> int:
    """Insert a world that has nothing yet.

    One that is `wanted` by accounts is dropped when it has none. Raises Refusal.
    """
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
    """Insert facts into a world, and keep what `stats` clips its ranges with:

    the longest stretch, and the latest start after a load.
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


def _load_plan(connection: Connection, world: int) -> days.Plan:
    row = connection.execute(select(tables.worlds).where(tables.worlds.c.id == world)).one()
    return _plan_for_scenario(
        parse(row.document, name=row.scenario), world=world, seed=row.seed, size=row.size
    )


def _plan_for_scenario(scenario: Scenario, *, world: int, seed: int, size: int) -> days.Plan:
    return days.build_plan(
        scenario,
        seed=seed,
        world=world,
        size=size or None,
        places=reference.places(),
        devices=reference.devices(),
    )


def _write_library(store: Store, plan: days.Plan) -> None:
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
    if connection.execute(select(func.count()).select_from(tables.places)).scalar():
        return
    bulk_insert(connection, tables.places, [place[:11] for place in reference.places()])
    bulk_insert(connection, tables.devices, [device[:10] for device in reference.devices()])
