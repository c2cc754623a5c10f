"""The ids that recorded things are given at vendors: none is another thing's; written together, for there may be many."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from playhead.accounts.arrangement import Ids, Unfit
from playhead.failure import Refusal
from playhead.store import tables
from playhead.store.store import insert

TOGETHER = 500


class Name(NamedTuple):
    """An id of a kind of things at a vendor."""

    vendor: str
    kind: str
    id: str


class Given(NamedTuple):
    """What an id was given to: its number, and what it is called in a refusal."""

    number: int
    which: str


class Names:
    """The ids that are given within one transaction, beside those that the account's worlds have."""

    def __init__(self, connection: Connection, worlds: Sequence[int]) -> None:
        self.connection = connection
        self.worlds = worlds
        self._given: dict[Name, Given] = {}

    def give(self, which: str, kind: str, ids: Ids, number: int) -> None:
        """Give a thing its ids; raises Refusal for one that another was given just now."""
        for name in names(kind, ids):
            if self._given.setdefault(name, Given(number, which)).number != number:
                raise Refusal(_taken(name))

    def number(self, name: Name) -> int | None:
        """The number of what has that id."""
        given = self.given(*name)
        return self._present([name]).get(name) if given is None else given

    def given(self, vendor: str, kind: str, id: str) -> int | None:
        """The number of what was given that id just now."""
        found = self._given.get(Name(vendor, kind, id))
        return None if found is None else found.number

    def write(self) -> None:
        """Insert what was given; raises Unfit for an id that another thing has."""
        everything = list(self._given)
        for some in (everything[start : start + TOGETHER] for start in range(0, len(everything), TOGETHER)):
            for name in self._present(some):
                raise Unfit(self._given[name].which, _taken(name))
        insert(self.connection, tables.aliases, [(self.worlds[-1], *name, given.number) for name, given in self._given.items()])
        self._given.clear()

    def _present(self, asked: Sequence[Name]) -> dict[Name, int]:
        aliases, found = tables.aliases.c, {}
        for vendor, kind in sorted({(name.vendor, name.kind) for name in asked}):
            texts = [name.id for name in asked if (name.vendor, name.kind) == (vendor, kind)]
            of = (aliases.world.in_(self.worlds), aliases.vendor == vendor, aliases.kind == kind, aliases.id.in_(texts))
            rows = self.connection.execute(select(aliases.id, aliases.number).where(*of))
            found.update({Name(vendor, kind, row.id): int(row.number) for row in rows})
        return found


def names(kind: str, ids: Ids) -> Iterator[Name]:
    """The names of a thing of that kind."""
    return (Name(vendor, kind, text) for vendor, texts in ids.items() for text in texts)


def _taken(name: Name) -> str:
    return f"another {name.kind} has the id {name.id!r} at {name.vendor}"
