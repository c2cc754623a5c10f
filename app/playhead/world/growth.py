"""Which days of a world exist: made at first need, a transaction a day, under a lease, never twice."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from playhead.clock import DAY, SystemClock
from playhead.store import tables
from playhead.store.store import Store, exclusively
from playhead.world import digest
from playhead.world.dice import WORLD_VERSION
from playhead.world.source import Source
from playhead.world.terms import FIRST_DAY, LAST_DAY

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
        return f"{tables.SCHEMA_VERSION}.{WORLD_VERSION}-{self.source.fingerprint[:16]}-{self.seed}-{self.size}"


def find(connection: Connection, key: WorldKey) -> int | None:
    """The id of the world in a store, if it is there."""
    worlds = tables.worlds
    found = select(worlds.c.id).where(worlds.c.fingerprint == key.source.fingerprint, worlds.c.seed == key.seed, worlds.c.size == key.size)
    return connection.execute(found.where(worlds.c.version == WORLD_VERSION, worlds.c.overlay == 0)).scalar()


def make(store: Store, key: WorldKey, *, progress: Progress | None = None) -> int:
    """The id of the world in that store, with its past and the anchor's week; generated where it is missing."""
    with store.snapshot() as connection:
        world = find(connection, key)
        complete = world is not None and through(connection, world) >= THROUGH_AT_FIRST
        wanted = world is not None and connection.execute(select(tables.worlds.c.wanted_at).where(tables.worlds.c.id == world)).scalar() is not None
    if wanted:  # by accounts so far; from now on it stays without them
        with store.change() as connection:
            connection.execute(update(tables.worlds).where(tables.worlds.c.id == world).values(wanted_at=None))
    if world is not None and complete:
        return world
    from playhead.world import filling  # generation is no part of starting from a store that is full

    return filling.make(store, key, progress=progress)


def register(connection: Connection, key: WorldKey) -> int:
    """The id of the world, noted where it is missing and generated at its first reading; kept only while it has accounts. Raises Refusal."""
    exclusively(connection, "world")
    world, worlds = find(connection, key), tables.worlds
    if world is not None:
        # Wanted from now on, lest it be dropped before its account is there.
        connection.execute(update(worlds).where(worlds.c.id == world, worlds.c.wanted_at.is_not(None)).values(wanted_at=SystemClock().now()))
        return world
    from playhead.world import filling

    return filling.note(connection, key, wanted=True)


def grow(store: Store, world: int, last_day: int, *, progress: Progress | None = None) -> None:
    """Generate the missing days up to `last_day`."""
    from playhead.world import filling

    filling.grow(store, world, last_day, progress=progress)


def through(connection: Connection, world: int) -> int:
    """The last generated day."""
    last = connection.execute(select(func.max(tables.days.c.day)).where(tables.days.c.world == world)).scalar()
    return FIRST_DAY - 1 if last is None else last


def day_needed(now: int) -> int:
    """The last day that must exist for a clock at `now` (relative): its whole week."""
    day = now // DAY
    return min(LAST_DAY, max(THROUGH_AT_FIRST, day - day % WEEK_DAYS + WEEK_DAYS - 1))


def digest_of(connection: Connection, world: int) -> str:
    """The digest of a world, from what growth noted of each day."""
    library = connection.execute(select(tables.worlds.c.library_digest).where(tables.worlds.c.id == world)).scalar_one()
    days = select(tables.days.c.digest).where(tables.days.c.world == world, tables.days.c.day <= THROUGH_AT_FIRST).order_by(tables.days.c.day)
    return digest.world_digest(library, list(connection.execute(days).scalars()))


def digest_read_back(connection: Connection, world: int) -> str:
    """The digest of a world, from the rows that the store holds now."""
    days = [digest.day_digest(digest.read_day(connection, world, day), world) for day in range(FIRST_DAY, THROUGH_AT_FIRST + 1)]
    return digest.world_digest(digest.library_digest(digest.read_library(connection, world), world), days)
