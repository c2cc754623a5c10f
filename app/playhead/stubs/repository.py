"""Stubs: canned answers of an account for a method, a path and a query.

Among them the published examples of `fixtures/documented/`.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from playhead.accounts.repository import allocate_rule_ids, lock_account
from playhead.domain.errors import ConflictError, NotFoundError
from playhead.storage import tables
from playhead.storage.database import Store
from playhead.stubs.documented_examples import _specificity, examples
from playhead.stubs.matching import QueryPairs, StubDefinition

MAX_STUBS = 1_000


class Stub(NamedTuple):
    """A stub that is set, and how many requests it answered."""

    id: int
    definition: StubDefinition
    served: int


class Stubs:
    """The stubs of one account."""

    def __init__(self, store: Store, account: int) -> None:
        self.store = store
        self.account = account

    def all(self) -> list[Stub]:
        """The stubs, in the order in which they were set."""
        with self.store.snapshot() as connection:
            return list(_read_all(connection, self.account))

    def add(self, definition: StubDefinition) -> Stub:
        """Set a stub; it goes before the ones that were there. Raises Conflict for one too many."""
        with self.store.transaction() as connection:
            lock_account(connection, self.account)
            if len(list(_read_all(connection, self.account))) >= MAX_STUBS:
                raise ConflictError(f"an account has {MAX_STUBS} stubs at most: remove some")
            added = _insert(connection, self.account, [definition])[0]
            _update_count(connection, self.account)
            return Stub(added, definition, 0)

    def remove(self, id: int | None = None) -> None:
        """Remove a stub, or all of them; raises Missing."""
        table = tables.stubs
        which = (
            (table.c.account == self.account,)
            if id is None
            else (table.c.account == self.account, table.c.id == id)
        )
        with self.store.transaction() as connection:
            lock_account(connection, self.account)
            if not connection.execute(delete(table).where(*which)).rowcount and id is not None:
                raise NotFoundError(f"there is no stub {id}")
            _update_count(connection, self.account)

    def match(
        self, vendor: str, method: str, path: str, query: QueryPairs, *, template: str = ""
    ) -> Stub | None:
        """The latest stub that answers a request of a route; it is counted."""
        found = next(
            (
                stub
                for stub in reversed(self.all())
                if stub.definition.matches(vendor, method, path, query, template=template)
            ),
            None,
        )
        if found is not None:
            table = tables.stubs
            with self.store.transaction() as connection:
                connection.execute(
                    update(table).where(table.c.id == found.id).values(served=table.c.served + 1)
                )
        return found


def install_defaults(connection: Connection, account: int, world: int) -> int:
    """Set the stubs with which an account of a world begins; how many."""
    stubbed = connection.execute(
        select(tables.worlds.c.stubbed).where(tables.worlds.c.id == world)
    ).scalar()
    if not stubbed:
        return 0
    # Later stubs win.
    return len(
        _insert(
            connection,
            account,
            sorted((example.stub for example in examples() if example.stub), key=_specificity),
        )
    )


def _read_all(connection: Connection, account: int) -> Iterator[Stub]:
    table = tables.stubs
    for row in connection.execute(
        select(table).where(table.c.account == account).order_by(table.c.id)
    ):
        said = json.loads(row.definition)
        yield Stub(
            row.id,
            StubDefinition(**{**said, "query": tuple(map(tuple, said["query"]))}),
            row.served,
        )


def _insert(
    connection: Connection, account: int, definitions: Iterable[StubDefinition]
) -> list[int]:
    table = tables.stubs
    new = list(definitions)
    added = dict(zip(allocate_rule_ids(connection, len(new)), new, strict=True))
    rows = [
        {
            "id": id_,
            "account": account,
            "vendor": stub.vendor,
            "definition": json.dumps(asdict(stub)),
            "served": 0,
        }
        for id_, stub in added.items()
    ]
    if rows:
        connection.execute(insert(table), rows)
    return list(added)


def _update_count(connection: Connection, account: int) -> None:
    table = tables.stubs
    accounts = tables.accounts
    count = (
        select(func.count()).select_from(table).where(table.c.account == account).scalar_subquery()
    )
    connection.execute(
        update(accounts).where(accounts.c.id == account).values(stubs=count, modified=1)
    )
