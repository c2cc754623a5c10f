"""Overlay worlds: made at the first recording, copied by a fork, dropped by a reset; each costs what it holds."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, case, delete, func, insert, literal, select

from playhead.store import tables
from playhead.store.store import exclusively
from playhead.store.store import insert as insert_rows
from playhead.store.tables import NUMBER_BITS
from playhead.world.dice import WORLD_VERSION

# What an overlay holds, by the column that leads its key, and its columns that name a row of either world.
_PACKED: dict[Table, tuple[str, ...]] = {
    tables.projects: ("id",),
    tables.media: ("id", "project"),
    tables.pages: ("id",),
    tables.viewers: ("id",),
    tables.broadcasts: ("id", "media"),
    tables.viewings: ("id", "media", "viewer", "page"),
    tables.stretches: ("viewing", "media", "viewer"),
    tables.viewing_labels: ("viewing",),
}


def make(connection: Connection) -> int:
    """A new, empty overlay world."""
    exclusively(connection, "world")
    worlds = tables.worlds
    world: int = connection.execute(select(func.max(worlds.c.id))).scalar_one() + 1
    insert_rows(connection, worlds, [(world, "", "", "", 0, 0, WORLD_VERSION, 0, 0, 1, "", 0, None)])
    return world


def copy(connection: Connection, world: int) -> int:
    """A new overlay world with all that another holds."""
    into = make(connection)
    worlds = tables.worlds.c
    limits = connection.execute(select(worlds.longest, worlds.linger).where(worlds.id == world)).one()
    connection.execute(tables.worlds.update().where(worlds.id == into).values(longest=limits.longest, linger=limits.linger))
    for table, packed in _PACKED.items():
        moved = [_moved(column, packed, world, into) for column in table.columns]
        connection.execute(insert(table).from_select(list(table.columns.keys()), select(*moved).where(_within(table, world))))
    aliases = tables.aliases
    names = [literal(into) if column.name == "world" else column for column in aliases.columns]
    connection.execute(insert(aliases).from_select(list(aliases.columns.keys()), select(*names).where(aliases.c.world == world)))
    return into


def drop(connection: Connection, world: int) -> None:
    """Remove an overlay world and all that it holds."""
    for table in _PACKED:
        connection.execute(delete(table).where(_within(table, world)))
    connection.execute(delete(tables.aliases).where(tables.aliases.c.world == world))
    connection.execute(delete(tables.worlds).where(tables.worlds.c.id == world))


def is_empty(connection: Connection, world: int) -> bool:
    """Whether nothing is recorded in an overlay world that has a place in time."""
    timed = (tables.media, tables.broadcasts, tables.viewings)
    return not any(connection.execute(select(table.c.id).where(_within(table, world)).limit(1)).first() for table in timed)


def _within(table: Table, world: int) -> ColumnElement[bool]:
    """The rows of a world, by the primary key: no other index is needed."""
    key = table.c[0]
    return (key >= world << NUMBER_BITS) & (key < (world + 1) << NUMBER_BITS)


def _moved(column: Column[Any], packed: tuple[str, ...], world: int, into: int) -> ColumnElement[Any]:  # Any: a column of any type
    if column.name == "world":
        return literal(into)
    if column.name not in packed:
        return column
    # A recorded row may name one of the base, which stays where it is.
    recorded = (column >= world << NUMBER_BITS) & (column < (world + 1) << NUMBER_BITS)
    return case((recorded, column + literal((into - world) << NUMBER_BITS, tables.Big)), else_=column)
