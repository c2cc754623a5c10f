"""Finding things by any vendor's ids, and saying the ids that vendors have for them."""

from collections.abc import Callable, Collection, Iterator, Sequence

from playhead.analytics.snapshot import Snapshot
from playhead.domain.errors import UserError
from playhead.domain.media import MediaKind
from playhead.gateway.vendor import Vendor

MEDIA_KINDS = tuple(MediaKind.__members__)
Exists = Callable[[str, int], bool]  # whether there is a thing of that kind and number
PendingNumber = Callable[
    [str, str, str], int | None
]  # the number of what was given that id, by vendor and kind, and is not written yet


class IdLookup:
    """Finds things in one reading; what was found once is known."""

    def __init__(
        self,
        vendors: Sequence[Vendor],
        snapshot: Snapshot,
        exists: Exists,
        pending: PendingNumber = lambda _vendor, _kind, _id: None,
    ) -> None:
        self.vendors = vendors
        self.snapshot = snapshot
        self.exists = exists
        self.pending = pending
        self._assignable: set[tuple[str, str]] = set()
        self._cache: dict[tuple[Sequence[str], str | int], int] = {}

    def number(self, kinds: Sequence[str], reference: str | int) -> int:
        """The number of the thing of one of those kinds that an id or a number names.

        Raises Refusal where it names none, or several.
        """
        if (kinds, reference) not in self._cache:
            self._cache[kinds, reference] = self._number(kinds, reference)
        return self._cache[kinds, reference]

    def _number(self, kinds: Sequence[str], reference: str | int) -> int:
        what = "media" if kinds == MEDIA_KINDS else " or ".join(kinds)
        found = self._by_ids(kinds, str(reference)) or self._by_number(kinds, str(reference))
        if not found:
            raise UserError(
                f"there is no {what} {reference!r}: an id of any vendor's is wanted, or a number"
            )
        if len(found) > 1:
            raise UserError(
                f"{reference!r} is more than one {what}: use the number, "
                f"{' or '.join(map(str, sorted(found)))}"
            )
        return found.pop()

    def _by_ids(self, kinds: Sequence[str], text: str) -> set[int]:
        """What vendors know by that id; where one has it for several kinds, the first of them."""
        found = (next(self._numbers_at(vendor, kinds, text), None) for vendor in self.vendors)
        return {number for number in found if number is not None}

    def _numbers_at(self, vendor: Vendor, kinds: Sequence[str], text: str) -> Iterator[int]:
        for kind in kinds:
            given = self.pending(vendor.name, kind, text)
            number = vendor.ids.decode(self.snapshot, kind, text) if given is None else given
            if number is not None and self.exists(kind, number):
                yield number

    def _by_number(self, kinds: Sequence[str], text: str) -> set[int]:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else -1
        return (
            {number} if number >= 0 and any(self.exists(kind, number) for kind in kinds) else set()
        )

    def check_ids(self, kind: str, ids: Collection[str]) -> None:
        """Raise Refusal for ids at what is no vendor, or at one that has none for things of that
        kind.
        """
        known = {vendor.name: vendor for vendor in self.vendors}
        for name in ids:
            if name not in known:
                raise UserError(f"ids: there is no vendor {name!r}, only {', '.join(known)}")
            if (kind, name) not in self._assignable and not known[name].ids.encode(
                self.snapshot, kind, [0]
            ):
                raise UserError(f"ids: {name} has none for a {kind}")
            self._assignable.add((kind, name))


def ids_of(
    vendors: Sequence[Vendor], snapshot: Snapshot, kind: str, numbers: Collection[int]
) -> dict[int, dict[str, list[str]]]:
    """The ids of things of one kind, by number and vendor; a vendor that has none is left out."""
    found: dict[int, dict[str, list[str]]] = {number: {} for number in numbers}
    for vendor in vendors:
        for number, ids in vendor.ids.encode(snapshot, kind, numbers).items():
            found[number][vendor.name] = ids
    return found
