"""Digests of a world: of its library, of each day's facts, of the whole; the same in every store."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from sqlalchemy import Connection, select

from playhead.store import tables
from playhead.store.tables import DAY_BITS, NUMBER_BITS
from playhead.world.rows import Row, Rows
from playhead.world.terms import FIRST_DAY

# The rows of each table without what depends on where a world is kept: its id, alone and within other ids.
_PLAIN: dict[str, Callable[..., Row]] = {
    "viewings": lambda base, key, _, media, kind, viewer, place, device, page, *facts: (
        (key - base, media - base, kind, viewer - base, place, device, page - base, *facts)
    ),
    "stretches": lambda base, viewing, ordinal, _, media, kind, viewer, *facts: (viewing - base, ordinal, media - base, kind, viewer - base, *facts),
    "viewing_labels": lambda base, viewing, name, _, value: (viewing - base, name, value),
    "broadcasts": lambda base, key, _, media, *facts: (key - base, media - base, *facts),
    "conversions": lambda base, viewing, prompt, _, media, kind, viewer, *facts: (viewing - base, prompt, media - base, kind, viewer - base, *facts),
    "projects": lambda base, key, _, *facts: (key - base, *facts),
    "media": lambda base, key, _, project, *facts: (key - base, project - base, *facts),
    "pages": lambda base, key, _, *facts: (key - base, *facts),
    "viewers": lambda base, key, _, *facts: (key - base, *facts),
    "aliases": lambda _base, _, *facts: facts,
}


def _text(name: str, rows: Sequence[Row], world: int) -> bytes:
    plain, base = _PLAIN[name], world << NUMBER_BITS
    return repr([plain(base, *row) for row in sorted(rows)]).encode()


def day_digest(rows: Rows, world: int) -> str:
    """The digest of one day's facts, rows in the order of their keys."""
    digest = sha256()
    for table, facts in zip(tables.FACTS, rows, strict=True):
        digest.update(_text(table.name, facts, world))
    return digest.hexdigest()


def library_digest(rows: Mapping[str, Sequence[Row]], world: int) -> str:
    """The digest of everything that has no day."""
    digest = sha256()
    for name in ("projects", "media", "pages", "viewers", "aliases"):
        digest.update(_text(name, rows[name], world))
    return digest.hexdigest()


def world_digest(library: str, days: Sequence[str]) -> str:
    """The digest of a world, from those of its library and of its first 98 days in order."""
    return sha256(" ".join([library, *days]).encode()).hexdigest()


def read_day(connection: Connection, world: int, day: int) -> Rows:
    """One day's facts as the store holds them."""
    first = (world << NUMBER_BITS) + (day - FIRST_DAY << DAY_BITS)
    found = []
    for table in tables.FACTS:
        key = table.c[0]
        rows = connection.execute(select(table).where(key >= first, key < first + (1 << DAY_BITS)))
        found.append([tuple(row) for row in rows])
    return Rows(*found)


def read_library(connection: Connection, world: int) -> dict[str, list[Row]]:
    """Everything that has no day, as the store holds it."""
    names = ("projects", "media", "pages", "viewers", "aliases")
    found = {name: tables.metadata.tables[name] for name in names}
    return {name: [tuple(row) for row in connection.execute(select(table).where(table.c.world == world))] for name, table in found.items()}
