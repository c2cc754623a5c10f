"""Which worlds and which of their days a store holds; only SELECTs."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from playhead.domain.clock import DAY
from playhead.domain.media import FIRST_DAY, LAST_DAY
from playhead.storage import tables
from playhead.world import digest
from playhead.world.generator.random import WORLD_VERSION
from playhead.world.scenario.loader import ScenarioSource

WEEK_DAYS = 7
INITIAL_LAST_DAY = 6  # the past and the anchor's own week


@dataclass(frozen=True)
class WorldKey:
    """What makes a world: a scenario's text, a seed and the size it is scaled to (0: its own)."""

    source: ScenarioSource
    seed: int
    size: int

    @property
    def name(self) -> str:
        return (
            f"{tables.SCHEMA_VERSION}.{WORLD_VERSION}-{self.source.fingerprint[:16]}-{self.seed}"
            f"-{self.size}"
        )


def find_world(connection: Connection, key: WorldKey) -> int | None:
    """The id of the world in a store, if it is there."""
    worlds = tables.worlds
    statement = select(worlds.c.id).where(
        worlds.c.fingerprint == key.source.fingerprint,
        worlds.c.seed == key.seed,
        worlds.c.size == key.size,
    )
    return connection.execute(
        statement.where(worlds.c.version == WORLD_VERSION, worlds.c.overlay == 0)
    ).scalar()


def generated_through(connection: Connection, world: int) -> int:
    """The last generated day."""
    last = connection.execute(
        select(func.max(tables.days.c.day)).where(tables.days.c.world == world)
    ).scalar()
    return FIRST_DAY - 1 if last is None else last


def required_day(now: int) -> int:
    """The last day that must exist for a clock at `now` (relative): its whole week."""
    day = now // DAY
    return min(LAST_DAY, max(INITIAL_LAST_DAY, day - day % WEEK_DAYS + WEEK_DAYS - 1))


def digest_from_days(connection: Connection, world: int) -> str:
    """The digest of a world, from the digests of its days."""
    library = connection.execute(
        select(tables.worlds.c.library_digest).where(tables.worlds.c.id == world)
    ).scalar_one()
    days = (
        select(tables.days.c.digest)
        .where(tables.days.c.world == world, tables.days.c.day <= INITIAL_LAST_DAY)
        .order_by(tables.days.c.day)
    )
    return digest.world_digest(library, list(connection.execute(days).scalars()))


def digest_from_rows(connection: Connection, world: int) -> str:
    """The digest of a world, from the rows that the store holds now."""
    days = [
        digest.day_digest(digest.read_day(connection, world, day), world)
        for day in range(FIRST_DAY, INITIAL_LAST_DAY + 1)
    ]
    return digest.world_digest(
        digest.library_digest(digest.read_library(connection, world), world), days
    )
