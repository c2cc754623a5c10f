"""Digests of a world: of its library, of each day's facts, of the whole; the same in every store."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from playhead.store import tables
from playhead.store.tables import DAY_BITS, NUMBER_BITS
from playhead.world.generate import Row, Rows
from playhead.world.scenario import FIRST_DAY

# Which columns hold ids, whose world part is left out: a world digests alike wherever it is kept.
_IDS = {
    tables.viewings: (0, 2, 4, 7),
    tables.stretches: (0, 3, 5),
    tables.viewing_labels: (0,),
    tables.broadcasts: (0, 2),
    tables.projects: (0,),
    tables.media: (0, 2),
    tables.pages: (0,),
    tables.viewers: (0,),
    tables.aliases: (),
}


def _text(table: Any, rows: Sequence[Row], world: int) -> bytes:  # Any: a Table
    base, ids = world << NUMBER_BITS, _IDS[table]
    world_column = list(table.columns.keys()).index("world")
    plain = []
    for row in rows:
        values = list(row)
        for column in ids:
            values[column] -= base
        del values[world_column]
        plain.append(values)
    return repr(plain).encode()


def day_digest(rows: Rows, world: int) -> str:
    """The digest of one day's facts, rows in the order of their keys."""
    digest = sha256()
    for table, facts in zip((tables.viewings, tables.stretches, tables.viewing_labels, tables.broadcasts), rows, strict=True):
        digest.update(_text(table, sorted(facts), world))
    return digest.hexdigest()


def library_digest(rows: Mapping[str, Sequence[Row]], world: int) -> str:
    """The digest of everything that has no day."""
    digest = sha256()
    for name in ("projects", "media", "pages", "viewers", "aliases"):
        table = tables.metadata.tables[name]
        digest.update(_text(table, sorted(rows[name]), world))
    return digest.hexdigest()


def world_digest(library: str, days: Sequence[str]) -> str:
    """The digest of a world, from those of its library and of its first 98 days in order."""
    return sha256(" ".join([library, *days]).encode()).hexdigest()


def read_day(connection: Connection, world: int, day: int) -> Rows:
    """One day's facts as the store holds them."""
    first = (world << NUMBER_BITS) + (day - FIRST_DAY << DAY_BITS)
    found = []
    for table in (tables.viewings, tables.stretches, tables.viewing_labels, tables.broadcasts):
        key = table.c[0]
        rows = connection.execute(select(table).where(key >= first, key < first + (1 << DAY_BITS)))
        found.append([tuple(row) for row in rows])
    return Rows(*found)


def read_library(connection: Connection, world: int) -> dict[str, list[Row]]:
    """Everything that has no day, as the store holds it."""
    names = ("projects", "media", "pages", "viewers", "aliases")
    found = {name: tables.metadata.tables[name] for name in names}
    return {name: [tuple(row) for row in connection.execute(select(table).where(table.c.world == world))] for name, table in found.items()}
