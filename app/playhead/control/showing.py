"""What was recorded, as the control API shows it: with the ids that each vendor has for it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from playhead.accounts import recorded
from playhead.accounts.account import Account
from playhead.accounts.recorded import Recorded, is_recorded
from playhead.clock import DAY
from playhead.control import recording_shapes as shapes
from playhead.control.asking import iso
from playhead.control.finding import ids_of
from playhead.stats import library
from playhead.stats.reading import Reading
from playhead.vendor import Vendor
from playhead.world.terms import LAST_DAY

TOGETHER = 500  # viewings whose ids are worked out in one go


def media(vendors: Sequence[Vendor], reading: Reading, numbers: Collection[int] | None = None) -> shapes.MediaList:
    """The media of an account, or those of some numbers; also what is released later."""
    found = library.media(_at_the_end(reading), numbers=numbers)
    ids = {kind: ids_of(vendors, reading, kind.name, [one.number for one in found if one.kind is kind]) for kind in {one.kind for one in found}}
    return shapes.MediaList(media=[_media(one, ids[one.kind][one.number]) for one in found])


def _at_the_end(reading: Reading) -> Reading:
    assert isinstance(reading.account, Account)
    return replace(reading, account=replace(reading.account, now=reading.account.anchor + (LAST_DAY + 1) * DAY))


def _media(one: library.Media, ids: dict[str, list[str]]) -> shapes.Media:
    return shapes.Media.model_construct(
        number=one.number,
        kind=one.kind.name,
        title=one.title,
        duration=one.duration_ms / 1000,
        released_at=one.released_at,
        ids=ids,
        recorded=is_recorded(one.number),
    )


def viewings(vendors: Sequence[Vendor], reading: Reading, *, after: int, count: int) -> Iterator[dict[str, Any]]:  # Any: JSON
    """The recorded viewings that come after a number, that many; as `shapes.Viewing` has them, for they may be many."""
    while count > 0 and (some := recorded.viewings(reading, after=after, limit=min(count, TOGETHER))):
        ids = ids_of(vendors, reading, "viewing", [one.number for one in some])
        viewers = ids_of(vendors, reading, "viewer", {one.viewer for one in some})
        yield from (_viewing(vendors, one, ids[one.number], viewers[one.viewer]) for one in some)
        after, count = some[-1].number, count - len(some)


def _viewing(vendors: Sequence[Vendor], one: Recorded, ids: dict[str, list[str]], viewer: dict[str, list[str]]) -> dict[str, Any]:  # Any: JSON
    loaded_at, ended_at = iso(one.loaded_at), iso(one.ended_at)
    visible = {vendor.name: ended_at if vendor.sight.finished_only else loaded_at for vendor in vendors if one.kind in vendor.sight.kinds}
    return {
        "id": str(one.number),
        "media": one.media,
        "ids": {vendor: given for vendor, given in ids.items() if vendor in visible},
        "viewer": viewer,
        "loaded_at": loaded_at,
        "ended_at": ended_at,
        "visible_from": visible,
    }
