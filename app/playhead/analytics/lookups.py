"""What viewings are of, by the numbers that they are counted by: places, devices and pages."""

from sqlalchemy import select

from playhead.analytics.snapshot import Snapshot, number_of
from playhead.analytics.viewings import Device, Page, Place, place_from_columns
from playhead.storage import tables


def places(snapshot: Snapshot) -> dict[int, Place]:
    """All places, by number."""
    table = tables.places
    rows = snapshot.rows(select(table.c.number, *(table.c[name] for name in Place._fields)))
    return {row[0]: place_from_columns(row[1:]) for row in rows}


def devices(snapshot: Snapshot) -> dict[int, Device]:
    """All devices, by number."""
    table = tables.devices
    return {
        row[0]: Device(*row[1:])
        for row in snapshot.rows(
            select(table.c.number, *(table.c[name] for name in Device._fields))
        )
    }


def pages(snapshot: Snapshot) -> dict[int, Page]:
    """The pages of the account's worlds, by number."""
    table = tables.pages
    rows = snapshot.rows(
        select(table.c.id, *(table.c[name] for name in Page._fields)).where(
            table.c.world.in_(snapshot.account.worlds)
        )
    )
    return {number_of(row[0]): Page(*row[1:]) for row in rows}
