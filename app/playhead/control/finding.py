"""Finding things by any vendor's ids, and saying the ids that vendors have for them."""

from collections.abc import Callable, Collection, Iterator, Sequence

from playhead.failure import Refusal
from playhead.stats.reading import Reading
from playhead.vendor import Vendor
from playhead.world.terms import MediaKind

MEDIA = tuple(MediaKind.__members__)
Exists = Callable[[str, int], bool]  # whether there is a thing of that kind and number
Given = Callable[[str, str, str], int | None]  # the number of what was given that id, by vendor and kind, and is not written yet


class Finder:
    """Finds things in one reading; what was found once is known."""

    def __init__(self, vendors: Sequence[Vendor], reading: Reading, exists: Exists, given: Given = lambda _vendor, _kind, _id: None) -> None:
        self.vendors = vendors
        self.reading = reading
        self.exists = exists
        self.given = given
        self._fixable: set[tuple[str, str]] = set()
        self._found: dict[tuple[Sequence[str], str | int], int] = {}

    def number(self, kinds: Sequence[str], said: str | int) -> int:
        """The number of the thing of one of those kinds that an id or a number names; raises Refusal where it names none, or several."""
        if (kinds, said) not in self._found:
            self._found[kinds, said] = self._number(kinds, said)
        return self._found[kinds, said]

    def _number(self, kinds: Sequence[str], said: str | int) -> int:
        what = "media" if kinds == MEDIA else " or ".join(kinds)
        found = self._by_ids(kinds, str(said)) or self._by_number(kinds, str(said))
        if not found:
            raise Refusal(f"there is no {what} {said!r}: an id of any vendor's is wanted, or a number")
        if len(found) > 1:
            raise Refusal(f"{said!r} is more than one {what}: use the number, {' or '.join(map(str, sorted(found)))}")
        return found.pop()

    def _by_ids(self, kinds: Sequence[str], text: str) -> set[int]:
        """What vendors know by that id; where one has it for several kinds, the first of them."""
        found = (next(self._at(vendor, kinds, text), None) for vendor in self.vendors)
        return {number for number in found if number is not None}

    def _at(self, vendor: Vendor, kinds: Sequence[str], text: str) -> Iterator[int]:
        for kind in kinds:
            given = self.given(vendor.name, kind, text)
            number = vendor.ids.number(self.reading, kind, text) if given is None else given
            if number is not None and self.exists(kind, number):
                yield number

    def _by_number(self, kinds: Sequence[str], text: str) -> set[int]:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else -1
        return {number} if number >= 0 and any(self.exists(kind, number) for kind in kinds) else set()

    def check_ids(self, kind: str, ids: Collection[str]) -> None:
        """Raise Refusal for ids at what is no vendor, or at one that has none for things of that kind."""
        known = {vendor.name: vendor for vendor in self.vendors}
        for name in ids:
            if name not in known:
                raise Refusal(f"ids: there is no vendor {name!r}, only {', '.join(known)}")
            if (kind, name) not in self._fixable and not known[name].ids.of(self.reading, kind, [0]):
                raise Refusal(f"ids: {name} has none for a {kind}")
            self._fixable.add((kind, name))


def ids_of(vendors: Sequence[Vendor], reading: Reading, kind: str, numbers: Collection[int]) -> dict[int, dict[str, list[str]]]:
    """The ids of things of one kind, by number and vendor; a vendor that has none is left out."""
    found: dict[int, dict[str, list[str]]] = {number: {} for number in numbers}
    for vendor in vendors:
        for number, ids in vendor.ids.of(reading, kind, numbers).items():
            found[number][vendor.name] = ids
    return found
