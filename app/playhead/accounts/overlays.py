"""Overlay worlds:

made at the first recording, copied by a fork, dropped by a reset; each costs what it holds.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Table, func, select

from playhead.storage import tables
from playhead.storage.database import advisory_lock
from playhead.storage.database import bulk_insert as insert_rows
from playhead.storage.tables import NUMBER_BITS
from playhead.world.generator.random import WORLD_VERSION

# What an overlay holds, by the column that leads its key, and its columns that name a row of either
# world.
_ID_COLUMNS: dict[Table, tuple[str, ...]] = {
    tables.projects: ("id",),
    tables.media: ("id", "project"),
    tables.pages: ("id",),
    tables.viewers: ("id",),
    tables.broadcasts: ("id", "media"),
    tables.viewings: ("id", "media", "viewer", "page"),
    tables.played_ranges: ("viewing", "media", "viewer"),
    tables.viewing_labels: ("viewing",),
    tables.conversions: ("viewing", "media", "viewer"),
}


def create(connection: Connection) -> int:
    """A new, empty overlay world."""
    world = _next_world_id(connection)
    insert_rows(
        connection, tables.worlds, [(world, "", "", "", 0, 0, WORLD_VERSION, 0, 0, 1, "", 0, None)]
    )
    return world


def copy(connection: Connection, world: int) -> int:
    """A new overlay world with all that another holds."""
    into = _next_world_id(connection)
    _execute_all(
        connection, COPY_STATEMENTS, world=world, into=into, shift=(into - world) << NUMBER_BITS
    )
    return into


def drop(connection: Connection, world: int) -> None:
    """Remove an overlay world and all that it holds."""
    _execute_all(connection, DELETE_STATEMENTS, world=world)


def is_empty(connection: Connection, world: int) -> bool:
    """Whether nothing is recorded in an overlay world that has a place in time."""
    timed = (tables.media, tables.broadcasts, tables.viewings)
    return not any(
        connection.execute(select(table.c.id).where(_rows_of_world(table, world)).limit(1)).first()
        for table in timed
    )


def _next_world_id(connection: Connection) -> int:
    advisory_lock(connection, "world")
    last: int = connection.execute(select(func.max(tables.worlds.c.id))).scalar_one()
    return last + 1


def _rows_of_world(table: Table, world: int) -> ColumnElement[bool]:
    """The rows of a world, by the primary key: no other index is needed."""
    key = table.c[0]
    return (key >= world << NUMBER_BITS) & (key < (world + 1) << NUMBER_BITS)


# What copies and drops is written once, as text: to put it together each time takes several times
# as long as to carry it out.


def _execute_all(
    connection: Connection, statements: Sequence[str], *, world: int, **numbers: int
) -> None:
    """Carry out statements in whose text numbers are to be filled in.

    Where the driver can, in one go.
    """
    places = {
        "world": world,
        "first": world << NUMBER_BITS,
        "end": (world + 1) << NUMBER_BITS,
        **numbers,
    }
    written = [statement.format_map(places) for statement in statements]
    for statement in written if connection.dialect.name == "sqlite" else ["; ".join(written)]:
        connection.exec_driver_sql(statement)


def _where_world(table: Table) -> str:
    """Which rows of a table are of a world."""
    if table in _ID_COLUMNS:
        return f'"{table.columns[0].name}" >= {{first}} AND "{table.columns[0].name}" < {{end}}'
    return f"{'world' if 'world' in table.columns else 'id'} = {{world}}"


def _copy_statement(table: Table) -> str:
    names = [column.name for column in table.columns]
    values = ", ".join(_copied_value(table, name) for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO {table.name} ({listed}) "
        f"SELECT {values} FROM {table.name} WHERE {_where_world(table)}"
    )


def _copied_value(table: Table, name: str) -> str:
    if (table, name) == (tables.worlds, "id") or name == "world":
        return "{into}"
    if name not in _ID_COLUMNS.get(table, ()):
        return f'"{name}"'
    # A recorded row may name one of the base, which stays where it is.
    return (
        f'CASE WHEN "{name}" >= {{first}} AND "{name}" < {{end}} THEN "{name}" + {{shift}}'
        f' ELSE "{name}" END'
    )


_OVERLAY_TABLES = (*_ID_COLUMNS, tables.aliases, tables.worlds)
COPY_STATEMENTS = tuple(map(_copy_statement, _OVERLAY_TABLES))
DELETE_STATEMENTS = tuple(
    f"DELETE FROM {table.name} WHERE {_where_world(table)}" for table in _OVERLAY_TABLES
)
