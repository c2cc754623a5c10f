"""Summaries of the worlds of a store: counts, digests, and how far they are generated."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from playhead.domain.account import Account
from playhead.domain.media import FIRST_DAY
from playhead.storage import tables
from playhead.storage.database import Store
from playhead.world import registry


class WorldSummary(NamedTuple):
    """What a start prints of its world."""

    scenario: str
    seed: int
    version: int
    digest: str
    media: int
    viewers: int
    viewings: int


class WorldStatus(NamedTuple):
    """A world of accounts, and its last generated day; None before the first."""

    scenario: str
    seed: int
    generated_through: int | None

    def is_ready(self, account: Account) -> bool:
        """Whether the world is generated as far as the account's clock needs it."""
        if self.generated_through is None:
            return False
        return self.generated_through >= registry.required_day(account.relative_now)


def world_summary(connection: Connection, world: int) -> WorldSummary:
    """Counts and digest of one world."""
    row = connection.execute(select(tables.worlds).where(tables.worlds.c.id == world)).one()
    media, viewers = (
        connection.execute(
            select(func.count()).select_from(table).where(table.c.world == world)
        ).scalar_one()
        for table in (tables.media, tables.viewers)
    )
    viewings = select(func.sum(tables.days.c.viewings)).where(tables.days.c.world == world)
    return WorldSummary(
        row.scenario,
        row.seed,
        row.version,
        registry.digest_from_days(connection, world),
        media,
        viewers,
        int(connection.execute(viewings).scalar() or 0),
    )


def world_statuses(connection: Connection, ids: Collection[int]) -> dict[int, WorldStatus]:
    """The statuses of worlds, by id."""
    worlds = tables.worlds.c
    days = tables.days.c
    last_days = connection.execute(
        select(days.world, func.max(days.day)).where(days.world.in_(ids)).group_by(days.world)
    )
    generated_through = dict(iter(last_days))
    rows = connection.execute(
        select(worlds.id, worlds.scenario, worlds.seed).where(worlds.id.in_(ids))
    )
    return {
        row.id: WorldStatus(row.scenario, row.seed, generated_through.get(row.id)) for row in rows
    }


def is_generated(store: Store, world: int, *, through: int = FIRST_DAY) -> bool:
    """Whether the store answers, and holds the world's days up to `through`."""
    try:
        with store.snapshot() as connection:
            return registry.generated_through(connection, world) >= through
    except SQLAlchemyError:
        return False
