"""Stubs: canned answers of an account for a method, a path and a query.

Among them the published examples of `fixtures/documented/`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.resources import files
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from playhead.accounts.repository import allocate_rule_ids, lock_account
from playhead.domain.errors import ConflictError, NotFoundError
from playhead.storage import tables
from playhead.storage.database import Store, advisory_lock

QueryPairs = Sequence[tuple[str, str]]
PLACEHOLDER_PATTERN = re.compile(r"\{[^{}]*\}")
MAX_STUBS = 1_000


@dataclass(frozen=True)
class StubDefinition:
    """What is answered, and to what:

    in path and query a `{placeholder}` stands for any segment or value; `query` is what must be
    there.
    """

    vendor: str
    method: str
    path: str
    query: QueryPairs = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def matches(
        self, vendor: str, method: str, path: str, query: QueryPairs, *, template: str = ""
    ) -> bool:
        """Whether a request is one that it answers.

        With the template of its route, a placeholder stands for none of the words that the route
        itself has.
        """
        if (vendor, method) != (self.vendor, self.method) or not _path_matches(
            self.path, path, template
        ):
            return False
        return all(
            any(name == given and _segment_matches(value, text) for given, text in query)
            for name, value in self.query
        )


class Stub(NamedTuple):
    """A stub that is set, and how many requests it answered."""

    id: int
    definition: StubDefinition
    served: int


def _path_matches(pattern: str, path: str, template: str) -> bool:
    wanted = pattern.split("/")
    given = path.split("/")
    words = template.split("/")
    if len(wanted) != len(given) or not all(
        _segment_matches(segment, text) for segment, text in zip(wanted, given, strict=True)
    ):
        return False
    # `plays` of /analytics/videos/plays is not the id of a video, for which
    # /analytics/videos/{videoId} stands.
    own = (
        [text == word for text, word in zip(given, words, strict=True)]
        if len(words) == len(given)
        else [False] * len(given)
    )
    return not any(
        PLACEHOLDER_PATTERN.fullmatch(segment) and fixed
        for segment, fixed in zip(wanted, own, strict=True)
    )


def _segment_matches(pattern: str, text: str) -> bool:
    return pattern == text or bool(text and PLACEHOLDER_PATTERN.fullmatch(pattern))


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
    advisory_lock(connection, "stubs")
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


def _specificity(stub: StubDefinition) -> tuple[int, int]:
    """How exactly a published example tells which request it is of:

    one of an error to the letter, others the more the fewer placeholders their path has.
    """
    return stub.status, -sum(
        PLACEHOLDER_PATTERN.fullmatch(segment) is not None for segment in stub.path.split("/")
    )


class Example(NamedTuple):
    """A published example:

    the vendor and operation it is of, its source, what is asked (with ids that the demo has), and
    the stub that answers as it does.
    """

    vendor: str
    operation: str
    source: str
    path: str
    query: QueryPairs
    status: int
    stub: StubDefinition | None


def examples() -> Iterator[Example]:
    """Every published example that ships with Playhead, by vendor and operation."""
    for folder in sorted(
        (files("playhead") / "fixtures" / "documented").iterdir(), key=lambda entry: entry.name
    ):
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".json"):
                yield _parse_example(folder.name, json.loads(file.read_text(encoding="utf-8")))


def _parse_example(vendor: str, document: Mapping[str, Any]) -> Example:  # Any: JSON
    asked = document.get("stub")
    stub = None
    if asked is not None:
        type_ = asked.get("content_type", "application/json")
        body = json.dumps(document["response"], ensure_ascii=False, separators=(",", ":"))
        query = tuple((name, value) for name, value in asked["query"])
        stub = StubDefinition(
            vendor,
            document["request"]["method"],
            asked["path"],
            query,
            document["status"],
            {"Content-Type": type_},
            body,
        )
    request = {**document["request"], **document.get("adapted", {})}
    return Example(
        vendor,
        document["operation"],
        document["source"],
        request["path"],
        tuple(map(tuple, request["query"])),
        document["status"],
        stub,
    )


def find_example(
    vendor: str,
    method: str,
    path: str,
    query: QueryPairs,
    *,
    template: str = "",
    status: int | None = None,
) -> StubDefinition | None:
    """The published example that answers a request, or another one of its operation.

    Of that status, where one is wanted.
    """
    published = [
        example.stub for example in examples() if example.stub and example.vendor == vendor
    ]
    of_status = sorted(
        (stub for stub in published if status in (None, stub.status)),
        key=_specificity,
        reverse=True,
    )
    exact = (
        stub for stub in of_status if stub.matches(vendor, method, path, query, template=template)
    )
    of_operation = (
        stub
        for stub in of_status
        if replace(stub, query=()).matches(vendor, method, path, query, template=template)
    )
    return next(exact, None) or next(of_operation, None)
