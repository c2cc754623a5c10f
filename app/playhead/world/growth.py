"""Which days of a world exist: made at first need, a transaction a day, under a lease, never twice."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from playhead.clock import DAY
from playhead.store import tables
from playhead.store.lease import lease
from playhead.store.store import Store, insert
from playhead.world import digest, generate, reference, tallying
from playhead.world.dice import WORLD_VERSION
from playhead.world.scenario import FIRST_DAY, LAST_DAY, Source, parse

WEEK_DAYS = 7
THROUGH_AT_FIRST = 6  # the past and the anchor's own week

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class WorldKey:
    """What makes a world: a scenario's text, a seed and the size it is scaled to (0: its own)."""

    source: Source
    seed: int
    size: int

    @property
    def name(self) -> str:
        return f"{WORLD_VERSION}-{self.source.fingerprint[:16]}-{self.seed}-{self.size}"


def find(connection: Connection, key: WorldKey) -> int | None:
    """The id of the world in a store, if it is there."""
    worlds = tables.worlds
    found = select(worlds.c.id).where(worlds.c.fingerprint == key.source.fingerprint, worlds.c.seed == key.seed, worlds.c.size == key.size)
    return connection.execute(found.where(worlds.c.version == WORLD_VERSION, worlds.c.overlay == 0)).scalar()


def make(store: Store, key: WorldKey, *, progress: Progress | None = None) -> int:
    """The id of the world in that store, with its past and the anchor's week; generated where it is missing."""
    with lease(store, f"world {key.name}"):
        with store.snapshot() as connection:
            world = find(connection, key)
        plan = _begin(store, key) if world is None else None
    world = plan.world if plan else world
    assert world is not None
    with store.snapshot() as connection:
        complete = through(connection, world) >= THROUGH_AT_FIRST
    if not complete:
        grow(store, world, THROUGH_AT_FIRST, plan=plan, progress=progress)
    store.index()
    return world


def through(connection: Connection, world: int) -> int:
    """The last generated day."""
    last = connection.execute(select(func.max(tables.days.c.day)).where(tables.days.c.world == world)).scalar()
    return FIRST_DAY - 1 if last is None else last


def day_needed(now: int) -> int:
    """The last day that must exist for a clock at `now` (relative): its whole week."""
    day = now // DAY
    return min(LAST_DAY, max(THROUGH_AT_FIRST, day - day % WEEK_DAYS + WEEK_DAYS - 1))


def grow(store: Store, world: int, last_day: int, *, plan: generate.Plan | None = None, progress: Progress | None = None) -> None:
    """Generate the missing days up to `last_day`, by the world's plan, which is made when it is not at hand."""
    name = f"days of world {world}"
    with lease(store, name) as renew:
        with store.snapshot() as connection:
            plan, first = plan or _plan(connection, world), through(connection, world) + 1
        for day in range(first, last_day + 1):
            rows = generate.day_rows(plan, day)
            with store.change() as connection:
                renew(connection)
                _write_day(connection, world, day, rows)
            if progress:
                progress(day - first + 1, last_day + 1 - first)


def _write_day(connection: Connection, world: int, day: int, rows: generate.Rows) -> None:
    settled_at = max([row[12] for row in rows.viewings], default=day * DAY)
    insert(connection, tables.days, [(world, day, len(rows.viewings), settled_at, digest.day_digest(rows, world))])
    for table, facts in zip((tables.viewings, tables.stretches, tables.viewing_labels, tables.broadcasts), rows, strict=True):
        insert(connection, table, facts)
    insert(connection, tables.tallies, tallying.tally_rows(world, day, rows.viewings))
    insert(connection, tables.curves, tallying.curve_rows(world, day, rows.stretches))
    _stretch_limits(connection, world, rows)


def _stretch_limits(connection: Connection, world: int, rows: generate.Rows) -> None:
    """Keep what `stats` clips its ranges with: the longest stretch, and the latest start after a load."""
    longest = max([row[7] - row[6] for row in rows.stretches], default=0)
    linger = max([row[6] - row[11] for row in rows.stretches], default=0)
    worlds = tables.worlds
    connection.execute(update(worlds).where(worlds.c.id == world, worlds.c.longest < longest).values(longest=longest))
    connection.execute(update(worlds).where(worlds.c.id == world, worlds.c.linger < linger).values(linger=linger))


def _plan(connection: Connection, world: int) -> generate.Plan:
    row = connection.execute(select(tables.worlds).where(tables.worlds.c.id == world)).one()
    scenario = parse(row.document, name=row.scenario)
    return generate.plan(scenario, seed=row.seed, world=world, size=row.size or None, places=reference.places(), devices=reference.devices())


def _begin(store: Store, key: WorldKey) -> generate.Plan:
    """Insert the world and its library; its plan."""
    scenario = parse(key.source.text, name=key.source.name)
    with store.change() as connection:
        world = (connection.execute(select(func.max(tables.worlds.c.id))).scalar() or 0) + 1
        plan = generate.plan(scenario, seed=key.seed, world=world, size=key.size or None, places=reference.places(), devices=reference.devices())
        rows = generate.library_rows(plan)
        library = digest.library_digest(rows, world)
        insert(
            connection, tables.worlds, [(world, scenario.name, key.source.text, key.source.fingerprint, key.seed, key.size, WORLD_VERSION, 0, 0, 0, library)]
        )
        for name, facts in rows.items():
            insert(connection, tables.metadata.tables[name], facts)
        _write_reference(connection)
    return plan


def _write_reference(connection: Connection) -> None:
    if connection.execute(select(func.count()).select_from(tables.places)).scalar():
        return
    insert(connection, tables.places, [place[:10] for place in reference.places()])
    insert(connection, tables.devices, [device[:9] for device in reference.devices()])


def digest_of(connection: Connection, world: int) -> str:
    """The digest of a world, from what growth noted of each day."""
    library = connection.execute(select(tables.worlds.c.library_digest).where(tables.worlds.c.id == world)).scalar_one()
    days = select(tables.days.c.digest).where(tables.days.c.world == world, tables.days.c.day <= THROUGH_AT_FIRST).order_by(tables.days.c.day)
    return digest.world_digest(library, list(connection.execute(days).scalars()))


def digest_read_back(connection: Connection, world: int) -> str:
    """The digest of a world, from the rows that the store holds now."""
    days = [digest.day_digest(digest.read_day(connection, world, day), world) for day in range(FIRST_DAY, THROUGH_AT_FIRST + 1)]
    return digest.world_digest(digest.library_digest(digest.read_library(connection, world), world), days)
