"""Ids at a vendor: what was given an id has it, everything else has the id that its number makes."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from playhead.stats.library import aliases, number_of_alias
from playhead.stats.reading import Reading


class Ids(NamedTuple):
    """How a vendor names things: the ids of things of a kind by their numbers, the usual one first; and the number behind an id.

    Kinds that it has no ids for have none.
    """

    of: Callable[[Reading, str, Collection[int]], Mapping[int, list[str]]]
    number: Callable[[Reading, str, str], int | None]


@dataclass(frozen=True)
class Naming:
    """The ids of one vendor in one reading. Kinds are video, live, playlist, project, viewer, viewing and account."""

    reading: Reading
    vendor: str

    def number(self, kind: str, text: str, decode: Callable[[str], int | None]) -> int | None:
        """The number of what has that id: as an alias, else as decoded; None where it can be no id."""
        found = number_of_alias(self.reading, self.vendor, kind, text)
        return found if found is not None else decode(text)

    def given(self, kind: str, numbers: Collection[int]) -> Mapping[int, list[str]]:
        """The ids that were given to things of a kind, by number."""
        return aliases(self.reading, self.vendor, kind, numbers) if numbers else {}
