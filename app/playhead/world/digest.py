"""Digests of a world:

of its library, of each day's facts, of the whole; the same in every store.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from sqlalchemy import Connection, select

from playhead.domain.media import FIRST_DAY
from playhead.storage import tables
from playhead.storage.tables import DAY_BITS, NUMBER_BITS
from playhead.world.fact_rows import FactRows, Row

# The rows of each table without what depends on where a world is kept: its id, alone and within
# other ids.
_WORLD_INDEPENDENT: dict[str, Callable[..., Row]] = {
    "viewings": lambda base, key, _, media, kind, viewer, place, device, page, *facts: (
        (key - base, media - base, kind, viewer - base, place, device, page - base, *facts)
    ),
    "played_ranges": lambda base, viewing, ordinal, _, media, kind, viewer, *facts: (
        viewing - base,
        ordinal,
        media - base,
        kind,
        viewer - base,
        *facts,
    ),
    "viewing_labels": lambda base, viewing, name, _, value: (viewing - base, name, value),
    "broadcasts": lambda base, key, _, media, *facts: (key - base, media - base, *facts),
    "conversions": lambda base, viewing, prompt, _, media, kind, viewer, *facts: (
        viewing - base,
        prompt,
        media - base,
        kind,
        viewer - base,
        *facts,
    ),
    "projects": lambda base, key, _, *facts: (key - base, *facts),
    "media": lambda base, key, _, project, *facts: (key - base, project - base, *facts),
    "pages": lambda base, key, _, *facts: (key - base, *facts),
    "viewers": lambda base, key, _, *facts: (key - base, *facts),
    "aliases": lambda _base, _, *facts: facts,
}


def _canonical_bytes(name: str, rows: Sequence[Row], world: int) -> bytes:
    normalize = _WORLD_INDEPENDENT[name]
    base = world << NUMBER_BITS
    return repr([normalize(base, *row) for row in sorted(rows)]).encode()


def day_digest(rows: FactRows, world: int) -> str:
    """The digest of one day's facts, rows in the order of their keys."""
    digest = sha256()
    for table, facts in zip(tables.FACT_TABLES, rows, strict=True):
        digest.update(_canonical_bytes(table.name, facts, world))
    return digest.hexdigest()


def library_digest(rows: Mapping[str, Sequence[Row]], world: int) -> str:
    """The digest of everything that has no day."""
    digest = sha256()
    for name in ("projects", "media", "pages", "viewers", "aliases"):
        digest.update(_canonical_bytes(name, rows[name], world))
    return digest.hexdigest()


def world_digest(library: str, days: Sequence[str]) -> str:
    """The digest of a world, from those of its library and of its first 98 days in order."""
    return sha256(" ".join([library, *days]).encode()).hexdigest()


def read_day(connection: Connection, world: int, day: int) -> FactRows:
    """One day's facts as the store holds them."""
    first = (world << NUMBER_BITS) + (day - FIRST_DAY << DAY_BITS)
    facts_by_table = []
    for table in tables.FACT_TABLES:
        key = table.c[0]
        rows = connection.execute(select(table).where(key >= first, key < first + (1 << DAY_BITS)))
        facts_by_table.append([tuple(row) for row in rows])
    return FactRows(*facts_by_table)


def read_library(connection: Connection, world: int) -> dict[str, list[Row]]:
    """Everything that has no day, as the store holds it."""
    names = ("projects", "media", "pages", "viewers", "aliases")
    tables_by_name = {name: tables.metadata.tables[name] for name in names}
    return {
        name: [
            tuple(row) for row in connection.execute(select(table).where(table.c.world == world))
        ]
        for name, table in tables_by_name.items()
    }
