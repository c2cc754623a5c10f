"""What was recorded: viewings in the order of recording, and how one of them is taken away."""

from typing import NamedTuple

from sqlalchemy import delete, select

from playhead.accounts.service import get_writable_for_update
from playhead.analytics.snapshot import Snapshot, number_of
from playhead.domain.errors import ConflictError, NotFoundError
from playhead.domain.media import MediaKind
from playhead.storage import tables
from playhead.storage.database import Store
from playhead.storage.tables import NUMBER_BITS, OVERLAY_BIT


class RecordedViewing(NamedTuple):
    """A recorded viewing: numbers, and instants in seconds since 1970."""

    number: int
    media: int
    kind: MediaKind
    viewer: int
    loaded_at: int
    ended_at: int


def is_recorded(number: int) -> bool:
    """Whether a number is of what was recorded, not generated."""
    return bool(number & OVERLAY_BIT)


def list_viewings(snapshot: Snapshot, *, after: int = 0, limit: int) -> list[RecordedViewing]:
    """The recorded viewings whose numbers come after one, whether they are visible yet or not."""
    overlay = snapshot.account.overlay
    anchor = snapshot.account.anchor
    viewings = tables.viewings.c
    if overlay is None:
        return []
    first = overlay << NUMBER_BITS | max(OVERLAY_BIT, after + 1)
    columns = select(
        viewings.id,
        viewings.media,
        viewings.kind,
        viewings.viewer,
        viewings.loaded_at,
        viewings.ended_at,
    )
    rows = snapshot.rows(
        columns.where(viewings.id >= first, viewings.id < overlay + 1 << NUMBER_BITS)
        .order_by(viewings.id)
        .limit(limit)
    )
    return [
        RecordedViewing(
            number_of(row.id),
            number_of(row.media),
            MediaKind(row.kind),
            number_of(row.viewer),
            row.loaded_at + anchor,
            row.ended_at + anchor,
        )
        for row in rows
    ]


def viewing_exists(snapshot: Snapshot, number: int) -> bool:
    """Whether there is a viewing of that number, recorded or generated."""
    packed = snapshot.row_id(number)
    return packed is not None and bool(
        snapshot.rows(select(tables.viewings.c.id).where(tables.viewings.c.id == packed))
    )


def delete_viewing(store: Store, account: str, number: int) -> None:
    """Take a recorded viewing away with its stretches, labels and ids.

    Its number never comes again. Raises Missing, and Conflict for a generated one.
    """
    if not is_recorded(number):
        raise ConflictError(
            "that viewing was generated with the account's world: only recorded ones can be deleted"
        )
    with store.transaction() as connection:
        overlay = get_writable_for_update(connection, account).overlay
        packed = (overlay or 0) << NUMBER_BITS | number
        if not connection.execute(
            delete(tables.viewings).where(tables.viewings.c.id == packed)
        ).rowcount:
            raise NotFoundError(f"there is no viewing {number}")
        for table in (tables.played_ranges, tables.viewing_labels, tables.conversions):
            connection.execute(delete(table).where(table.c.viewing == packed))
        aliases = tables.aliases.c
        connection.execute(
            delete(tables.aliases).where(
                aliases.world == overlay, aliases.kind == "viewing", aliases.number == number
            )
        )
