"""How fast worlds are generated and written."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.scale import Scale
from bench.stores import SMALL, Stores
from bench.table import Aim, Figure

RATE_AIM = Aim(40_000, "≥")
LINEARITY_AIM = Aim(0.9, "≥", of_ratio=True)
COLUMNS = 16  # as many as a viewing has


def figures(stores: Stores, scale: Scale) -> Iterator[Figure]:
    """Viewings a second of `playhead seed` with an empty cache, against bare rows of a viewing's
    width.
    """
    bare = _bare_rows(stores.folder / "bare.sqlite")
    rates = []
    for size in scale.sizes:
        rates.append(stores.reseed("SQLite", size).rate)
        yield Figure(
            "seeding, against bare INSERTs of as many rows",
            _dataset("SQLite", size),
            "viewings/s",
            [rates[-1]],
            bare,
            RATE_AIM,
        )
    if len(rates) > 1:
        yield Figure(
            f"seeding, against that of {scale.sizes[-2]:,}",
            _dataset("SQLite", scale.sizes[-1]),
            "viewings/s",
            [rates[-1]],
            rates[-2],
            LINEARITY_AIM,
        )
    small = stores.reseed("PostgreSQL", SMALL).rate
    yield Figure(
        "seeding, against SQLite", _dataset("PostgreSQL", SMALL), "viewings/s", [small], rates[0]
    )


def _dataset(database: str, size: int) -> str:
    return f"{database}, {size:,}"


def _bare_rows(file: Path, rows: int = 200_000) -> float:
    """Rows a second that sqlite3 inserts into a table without an index."""
    marks = ",".join("?" * COLUMNS)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(
            f"CREATE TABLE rows ({','.join(f'c{column}' for column in range(COLUMNS))})"
        )
        began = time.perf_counter()
        connection.executemany(
            f"INSERT INTO rows VALUES ({marks})", (_row(number) for number in range(rows))
        )
        connection.commit()
        return rows / (time.perf_counter() - began)


def _row(number: int) -> tuple[int, ...]:
    """A row of whole numbers."""
    return tuple(range(number, number + COLUMNS))
