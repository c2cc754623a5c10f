"""What was recorded, as the control API shows it: with the ids that each vendor has for it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from playhead.analytics import catalog
from playhead.analytics.snapshot import Snapshot
from playhead.control.dependencies import format_iso
from playhead.control.id_lookup import ids_of
from playhead.control.schemas import recording as shapes
from playhead.domain.account import Account
from playhead.domain.clock import DAY
from playhead.domain.media import LAST_DAY
from playhead.gateway.vendor import Vendor
from playhead.recording import viewings
from playhead.recording.viewings import RecordedViewing, is_recorded

BATCH_SIZE = 500  # viewings whose ids are worked out in one go


def list_media(
    vendors: Sequence[Vendor], snapshot: Snapshot, numbers: Collection[int] | None = None
) -> shapes.MediaList:
    """The media of an account, or those of some numbers; also what is released later."""
    found = catalog.media(_at_world_end(snapshot), numbers=numbers)
    ids = {
        kind: ids_of(
            vendors, snapshot, kind.name, [one.number for one in found if one.kind is kind]
        )
        for kind in {one.kind for one in found}
    }
    return shapes.MediaList(media=[_media(one, ids[one.kind][one.number]) for one in found])


def _at_world_end(snapshot: Snapshot) -> Snapshot:
    assert isinstance(snapshot.account, Account)
    return replace(
        snapshot,
        account=replace(snapshot.account, now=snapshot.account.anchor + (LAST_DAY + 1) * DAY),
    )


def _media(item: catalog.Media, ids: dict[str, list[str]]) -> shapes.Media:
    return shapes.Media.model_construct(
        number=item.number,
        kind=item.kind.name,
        title=item.title,
        duration=item.duration_ms / 1000,
        released_at=item.released_at,
        ids=ids,
        recorded=is_recorded(item.number),
    )


def list_viewings(
    vendors: Sequence[Vendor], snapshot: Snapshot, *, after: int, count: int
) -> Iterator[dict[str, Any]]:  # Any: JSON
    """The recorded viewings that come after a number, that many.

    As `shapes.Viewing` has them, for they may be many.
    """
    while count > 0 and (
        some := viewings.list_viewings(snapshot, after=after, limit=min(count, BATCH_SIZE))
    ):
        ids = ids_of(vendors, snapshot, "viewing", [one.number for one in some])
        viewers = ids_of(vendors, snapshot, "viewer", {one.viewer for one in some})
        yield from (_viewing(vendors, one, ids[one.number], viewers[one.viewer]) for one in some)
        after = some[-1].number
        count = count - len(some)


def _viewing(
    vendors: Sequence[Vendor],
    viewing: RecordedViewing,
    ids: dict[str, list[str]],
    viewer: dict[str, list[str]],
) -> dict[str, Any]:  # Any: JSON
    loaded_at = format_iso(viewing.loaded_at)
    ended_at = format_iso(viewing.ended_at)
    visible = {
        vendor.name: ended_at if vendor.visibility.ended_only else loaded_at
        for vendor in vendors
        if viewing.kind in vendor.visibility.kinds
    }
    return {
        "id": str(viewing.number),
        "media": viewing.media,
        "ids": {vendor: given for vendor, given in ids.items() if vendor in visible},
        "viewer": viewer,
        "loaded_at": loaded_at,
        "ended_at": ended_at,
        "visible_from": visible,
    }
