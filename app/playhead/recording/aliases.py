"""The ids that recorded things are given at vendors:

none is another thing's; written together, for there may be many.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from playhead.domain.errors import UserError
from playhead.recording.inputs import Ids, ItemError
from playhead.storage import tables
from playhead.storage.database import bulk_insert

BATCH_SIZE = 500


class Alias(NamedTuple):
    """An id of a kind of things at a vendor."""

    vendor: str
    kind: str
    id: str


class AliasTarget(NamedTuple):
    """What an id was given to: its number, and what it is called in a refusal."""

    number: int
    label: str


class AliasRegistry:
    """The ids that are given within one transaction, beside those that the account's
    worlds have.
    """

    def __init__(self, connection: Connection, worlds: Sequence[int]) -> None:
        self.connection = connection
        self.worlds = worlds
        self._pending: dict[Alias, AliasTarget] = {}

    def assign(self, label: str, kind: str, ids: Ids, number: int) -> None:
        """Give a thing its ids; raises Refusal for one that another was given just now."""
        for name in aliases_of(kind, ids):
            if self._pending.setdefault(name, AliasTarget(number, label)).number != number:
                raise UserError(_taken_message(name))

    def number(self, alias: Alias) -> int | None:
        """The number of what has that id."""
        given = self.pending(*alias)
        return self._existing([alias]).get(alias) if given is None else given

    def pending(self, vendor: str, kind: str, id: str) -> int | None:
        """The number of what was given that id just now."""
        found = self._pending.get(Alias(vendor, kind, id))
        return None if found is None else found.number

    def write(self) -> None:
        """Insert what was given; raises Unfit for an id that another thing has."""
        everything = list(self._pending)
        for some in (
            everything[start : start + BATCH_SIZE]
            for start in range(0, len(everything), BATCH_SIZE)
        ):
            for name in self._existing(some):
                raise ItemError(self._pending[name].label, _taken_message(name))
        bulk_insert(
            self.connection,
            tables.aliases,
            [(self.worlds[-1], *name, given.number) for name, given in self._pending.items()],
        )
        self._pending.clear()

    def _existing(self, candidates: Sequence[Alias]) -> dict[Alias, int]:
        aliases = tables.aliases.c
        found = {}
        for vendor, kind in sorted({(name.vendor, name.kind) for name in candidates}):
            texts = [name.id for name in candidates if (name.vendor, name.kind) == (vendor, kind)]
            of = (
                aliases.world.in_(self.worlds),
                aliases.vendor == vendor,
                aliases.kind == kind,
                aliases.id.in_(texts),
            )
            rows = self.connection.execute(select(aliases.id, aliases.number).where(*of))
            found.update({Alias(vendor, kind, row.id): int(row.number) for row in rows})
        return found


def aliases_of(kind: str, ids: Ids) -> Iterator[Alias]:
    """The names of a thing of that kind."""
    return (Alias(vendor, kind, text) for vendor, texts in ids.items() for text in texts)


def _taken_message(alias: Alias) -> str:
    return f"another {alias.kind} has the id {alias.id!r} at {alias.vendor}"
