"""Filling a store with a world: its library, then day after day, a transaction each, under a lease, never twice."""

from sqlalchemy import Connection, func, select, update

from playhead.clock import DAY, SystemClock
from playhead.store import tables
from playhead.store.lease import lease
from playhead.store.store import Store, exclusively, insert
from playhead.world import digest, generate, reference, tallying
from playhead.world.dice import WORLD_VERSION
from playhead.world.growth import THROUGH_AT_FIRST, Progress, WorldKey, find, through
from playhead.world.rows import Rows
from playhead.world.scenario import Scenario, parse


def make(store: Store, key: WorldKey, *, progress: Progress | None = None) -> int:
    """The id of the world in that store, with its past and the anchor's week; generated where it is missing, and kept without accounts."""
    with store.change() as connection:
        exclusively(connection, "world")
        world = find(connection, key)
        if world is None:
            world = note(connection, key, wanted=False)
    grow(store, world, THROUGH_AT_FIRST, progress=progress)
    store.index()
    return world


def note(connection: Connection, key: WorldKey, *, wanted: bool) -> int:
    """Insert a world that has nothing yet; one that is `wanted` by accounts is dropped when it has none. Raises Refusal."""
    scenario, worlds = parse(key.source.text, name=key.source.name), tables.worlds
    exclusively(connection, "world")
    world: int = (connection.execute(select(func.max(worlds.c.id))).scalar() or 0) + 1
    made = (world, scenario.name, key.source.text, key.source.fingerprint, key.seed, key.size, WORLD_VERSION, 0, 0, 0, "")
    insert(connection, worlds, [(*made, int(scenario.published_examples), SystemClock().now() if wanted else None)])
    return world


def grow(store: Store, world: int, last_day: int, *, progress: Progress | None = None) -> None:
    """Generate what is missing of a world: its library, and the days up to `last_day`."""
    name = f"days of world {world}"
    with lease(store, name) as renew:
        with store.snapshot() as connection:
            plan, first = _plan(connection, world), through(connection, world) + 1
            begun = connection.execute(select(tables.worlds.c.library_digest).where(tables.worlds.c.id == world)).scalar_one()
        if not begun:
            _write_library(store, plan)
        for day in range(first, last_day + 1):
            rows = generate.day_rows(plan, day)
            with store.change() as connection:
                renew(connection)
                _write_day(connection, world, day, rows)
            if progress:
                progress(day - first + 1, last_day + 1 - first)


def _write_day(connection: Connection, world: int, day: int, rows: Rows) -> None:
    settled_at = day * DAY if rows.settled_at is None else rows.settled_at
    insert(connection, tables.days, [(world, day, len(rows.viewings), settled_at, digest.day_digest(rows, world))])
    insert_facts(connection, world, rows)
    insert(connection, tables.tallies, tallying.tally_rows(world, day, rows.viewings))
    insert(connection, tables.curves, tallying.curve_rows(world, day, rows.stretches))


def insert_facts(connection: Connection, world: int, rows: Rows) -> None:
    """Insert facts into a world, and keep what `stats` clips its ranges with: the longest stretch, and the latest start after a load."""
    for table, facts in zip(tables.FACTS, rows, strict=True):
        insert(connection, table, facts)
    worlds = tables.worlds
    for name, limit in (("longest", rows.longest), ("linger", rows.linger)):
        connection.execute(update(worlds).where(worlds.c.id == world, worlds.c[name] < limit).values({name: limit}))


def _plan(connection: Connection, world: int) -> generate.Plan:
    row = connection.execute(select(tables.worlds).where(tables.worlds.c.id == world)).one()
    return _planned(parse(row.document, name=row.scenario), world=world, seed=row.seed, size=row.size)


def _planned(scenario: Scenario, *, world: int, seed: int, size: int) -> generate.Plan:
    return generate.plan(scenario, seed=seed, world=world, size=size or None, places=reference.places(), devices=reference.devices())


def _write_library(store: Store, plan: generate.Plan) -> None:
    rows = generate.library_rows(plan)
    with store.change() as connection:
        exclusively(connection, "library")
        for name, facts in rows.items():
            insert(connection, tables.metadata.tables[name], facts)
        _write_reference(connection)
        worlds = tables.worlds
        connection.execute(update(worlds).where(worlds.c.id == plan.world).values(library_digest=digest.library_digest(rows, plan.world)))


def _write_reference(connection: Connection) -> None:
    if connection.execute(select(func.count()).select_from(tables.places)).scalar():
        return
    insert(connection, tables.places, [place[:11] for place in reference.places()])
    insert(connection, tables.devices, [device[:10] for device in reference.devices()])
