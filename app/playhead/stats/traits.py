"""What viewings are of, by the numbers that they are counted by: places, devices and pages."""

from sqlalchemy import select

from playhead.stats.reading import Reading, number_of
from playhead.stats.viewings import Device, Page, Place, place
from playhead.store import tables


def places(reading: Reading) -> dict[int, Place]:
    """All places, by number."""
    table = tables.places
    rows = reading.rows(select(table.c.number, *(table.c[name] for name in Place._fields)))
    return {row[0]: place(row[1:]) for row in rows}


def devices(reading: Reading) -> dict[int, Device]:
    """All devices, by number."""
    table = tables.devices
    return {row[0]: Device(*row[1:]) for row in reading.rows(select(table.c.number, *(table.c[name] for name in Device._fields)))}


def pages(reading: Reading) -> dict[int, Page]:
    """The pages of the account's worlds, by number."""
    table = tables.pages
    rows = reading.rows(select(table.c.id, *(table.c[name] for name in Page._fields)).where(table.c.world.in_(reading.account.worlds)))
    return {number_of(row[0]): Page(*row[1:]) for row in rows}
