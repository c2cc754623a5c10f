"""Distinct viewers, or addresses, of viewings that came so far."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from enum import Enum

from sqlalchemy import func, select

from playhead.stats.counting import ALL, Among, By, Cell, Reached, cell_reader, columns, which
from playhead.stats.reading import Reading, Window
from playhead.store import tables


class Identity(Enum):
    """What makes two viewings those of one: the viewer, which is an address and a device, or the address alone."""

    viewer = "viewer"
    address = "ip"


def uniques(reading: Reading, within: Window | None, *, of: Identity, reached: Reached, by: Sequence[By] = (), among: Among = ALL) -> dict[Cell, int]:
    """How many distinct ones there are among the viewings loaded in a window (or ever) that came so far, by cell; empty cells are absent."""
    window, identity = reading.clipped(within), tables.viewings.c[of.value]
    read = cell_reader(by, reading.account.anchor)
    cells = [column.label(f"cell_{place}") for place, column in enumerate(columns(by))]
    names = [cell.name for cell in cells]
    if len(reading.account.worlds) == 1:
        conditions = (which(reading, reading.account.world, window, among), reached.by(reading.now))
        rows = reading.rows(select(*cells, func.count(identity.distinct())).where(*conditions).group_by(*names))
        return {read(row[:-1]): row[-1] for row in rows if row[-1]}
    found: dict[Cell, set[int]] = defaultdict(set)
    for world in reading.account.worlds:  # one of the base may have been recorded in the overlay as well
        conditions = (which(reading, world, window, among), reached.by(reading.now))
        for row in reading.rows(select(*cells, identity).where(*conditions).distinct()):
            found[read(row[:-1])].add(row[-1])
    return {cell: len(identities) for cell, identities in found.items()}


def daily(reading: Reading, within: Window | None, *, of: Identity, reached: Reached, by: Sequence[By] = (), among: Among = ALL) -> dict[Cell, int]:
    """The same where one counts once a UTC day: the distinct ones of each day together, by cell."""
    found = Counter[Cell]()
    for (_, *cell), count in uniques(reading, within, of=of, reached=reached, by=[By.day, *by], among=among).items():
        found[tuple(cell)] += count
    return dict(found)
