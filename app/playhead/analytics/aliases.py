"""Ids at a vendor:

what was given an id has it, everything else has the id that its number makes.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from playhead.analytics.catalog import aliases, number_of_alias
from playhead.analytics.snapshot import Snapshot


class IdCodec(NamedTuple):
    """How a vendor names things: the ids of things of a kind by their numbers, the usual one first;
    and the number behind an id.

    Kinds that it has no ids for have none.
    """

    encode: Callable[[Snapshot, str, Collection[int]], Mapping[int, list[str]]]
    decode: Callable[[Snapshot, str, str], int | None]


@dataclass(frozen=True)
class AliasResolver:
    """The ids of one vendor in one reading.

    Kinds are video, live, playlist, project, viewer, viewing and account.
    """

    snapshot: Snapshot
    vendor: str

    def number(self, kind: str, text: str, decode: Callable[[str], int | None]) -> int | None:
        """The number of what has that id:

        as an alias, else as decoded; None where it can be no id.
        """
        number = number_of_alias(self.snapshot, self.vendor, kind, text)
        return number if number is not None else decode(text)

    def assigned(self, kind: str, numbers: Collection[int]) -> Mapping[int, list[str]]:
        """The ids that were given to things of a kind, by number."""
        return aliases(self.snapshot, self.vendor, kind, numbers) if numbers else {}
