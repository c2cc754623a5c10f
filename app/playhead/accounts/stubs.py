"""Stubs: canned answers of an account for a method, a path and a query; among them the published examples of `fixtures/documented/`."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.resources import files
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from playhead.accounts.account import hold
from playhead.failure import Conflict, Missing
from playhead.store import tables
from playhead.store.store import Store, exclusively

Pairs = Sequence[tuple[str, str]]
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
MOST_STUBS = 1_000


@dataclass(frozen=True)
class NewStub:
    """What is answered, and to what: in path and query a `{placeholder}` stands for any segment or value; `query` is what must be there."""

    vendor: str
    method: str
    path: str
    query: Pairs = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def matches(self, vendor: str, method: str, path: str, query: Pairs, *, template: str = "") -> bool:
        """Whether a request is one that it answers; with the template of its route, a placeholder stands for none of the words that the route itself has."""
        if (vendor, method) != (self.vendor, self.method) or not _fits_path(self.path, path, template):
            return False
        return all(any(name == given and _fits(value, text) for given, text in query) for name, value in self.query)


class Stub(NamedTuple):
    """A stub that is set, and how many requests it answered."""

    id: int
    stub: NewStub
    done: int


def _fits_path(pattern: str, path: str, template: str) -> bool:
    wanted, given, words = pattern.split("/"), path.split("/"), template.split("/")
    if len(wanted) != len(given) or not all(_fits(segment, text) for segment, text in zip(wanted, given, strict=True)):
        return False
    # `plays` of /analytics/videos/plays is not the id of a video, for which /analytics/videos/{videoId} stands.
    own = [text == word for text, word in zip(given, words, strict=True)] if len(words) == len(given) else [False] * len(given)
    return not any(PLACEHOLDER.fullmatch(segment) and fixed for segment, fixed in zip(wanted, own, strict=True))


def _fits(pattern: str, text: str) -> bool:
    return pattern == text or bool(text and PLACEHOLDER.fullmatch(pattern))


class Stubs:
    """The stubs of one account."""

    def __init__(self, store: Store, account: int) -> None:
        self.store = store
        self.account = account

    def all(self) -> list[Stub]:
        """The stubs, in the order in which they were set."""
        with self.store.snapshot() as connection:
            return list(_all(connection, self.account))

    def add(self, stub: NewStub) -> Stub:
        """Set a stub; it goes before the ones that were there. Raises Conflict for one too many."""
        with self.store.change() as connection:
            hold(connection, self.account)
            if len(list(_all(connection, self.account))) >= MOST_STUBS:
                raise Conflict(f"an account has {MOST_STUBS} stubs at most: remove some")
            added = _add(connection, self.account, [stub])[0]
            _count(connection, self.account)
            return Stub(added, stub, 0)

    def remove(self, id: int | None = None) -> None:
        """Remove a stub, or all of them; raises Missing."""
        table = tables.stubs
        which = (table.c.account == self.account,) if id is None else (table.c.account == self.account, table.c.id == id)
        with self.store.change() as connection:
            hold(connection, self.account)
            if not connection.execute(delete(table).where(*which)).rowcount and id is not None:
                raise Missing(f"there is no stub {id}")
            _count(connection, self.account)

    def answering(self, vendor: str, method: str, path: str, query: Pairs, *, template: str = "") -> Stub | None:
        """The latest stub that answers a request of a route; it is counted."""
        found = next((stub for stub in reversed(self.all()) if stub.stub.matches(vendor, method, path, query, template=template)), None)
        if found is not None:
            table = tables.stubs
            with self.store.change() as connection:
                connection.execute(update(table).where(table.c.id == found.id).values(done=table.c.done + 1))
        return found


def of_world(connection: Connection, account: int, world: int) -> int:
    """Set the stubs with which an account of a world begins; how many."""
    stubbed = connection.execute(select(tables.worlds.c.stubbed).where(tables.worlds.c.id == world)).scalar()
    if not stubbed:
        return 0
    # Later stubs win.
    return len(_add(connection, account, sorted((example.stub for example in examples() if example.stub), key=_precision)))


def _all(connection: Connection, account: int) -> Iterator[Stub]:
    table = tables.stubs
    for row in connection.execute(select(table).where(table.c.account == account).order_by(table.c.id)):
        said = json.loads(row.answer)
        yield Stub(row.id, NewStub(**{**said, "query": tuple(map(tuple, said["query"]))}), row.done)


def _add(connection: Connection, account: int, stubs: Iterable[NewStub]) -> list[int]:
    exclusively(connection, "stubs")
    table = tables.stubs
    last = connection.execute(select(func.max(table.c.id))).scalar() or 0
    added = dict(enumerate(stubs, last + 1))
    rows = [{"id": id_, "account": account, "vendor": stub.vendor, "answer": json.dumps(asdict(stub)), "done": 0} for id_, stub in added.items()]
    if rows:
        connection.execute(insert(table), rows)
    return list(added)


def _count(connection: Connection, account: int) -> None:
    table, accounts = tables.stubs, tables.accounts
    count = select(func.count()).select_from(table).where(table.c.account == account).scalar_subquery()
    connection.execute(update(accounts).where(accounts.c.id == account).values(stubs=count, touched=1))


def _precision(stub: NewStub) -> tuple[int, int]:
    """How exactly a published example tells which request it is of: one of an error to the letter, others the more the fewer placeholders their path has."""
    return stub.status, -sum(PLACEHOLDER.fullmatch(segment) is not None for segment in stub.path.split("/"))


class Example(NamedTuple):
    """A published example: the vendor and operation it is of, its source, what is asked (with ids that the demo has), and the stub that answers as it does."""

    vendor: str
    operation: str
    source: str
    path: str
    query: Pairs
    status: int
    stub: NewStub | None


def examples() -> Iterator[Example]:
    """Every published example that ships with Playhead, by vendor and operation."""
    for folder in sorted((files("playhead") / "fixtures" / "documented").iterdir(), key=lambda entry: entry.name):
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".json"):
                yield _example(folder.name, json.loads(file.read_text(encoding="utf-8")))


def _example(vendor: str, document: Mapping[str, Any]) -> Example:  # Any: JSON
    asked, stub = document.get("stub"), None
    if asked is not None:
        type_ = asked.get("content_type", "application/json")
        body = json.dumps(document["response"], ensure_ascii=False, separators=(",", ":"))
        query = tuple((name, value) for name, value in asked["query"])
        stub = NewStub(vendor, document["request"]["method"], asked["path"], query, document["status"], {"Content-Type": type_}, body)
    request = {**document["request"], **document.get("adapted", {})}
    return Example(vendor, document["operation"], document["source"], request["path"], tuple(map(tuple, request["query"])), document["status"], stub)


def example_for(vendor: str, method: str, path: str, query: Pairs, *, template: str = "", status: int | None = None) -> NewStub | None:
    """The published example that answers a request, or another one of its operation; of that status, where one is wanted."""
    published = [example.stub for example in examples() if example.stub and example.vendor == vendor]
    of_status = sorted((stub for stub in published if status in (None, stub.status)), key=_precision, reverse=True)
    exact = (stub for stub in of_status if stub.matches(vendor, method, path, query, template=template))
    of_operation = (stub for stub in of_status if replace(stub, query=()).matches(vendor, method, path, query, template=template))
    return next(exact, None) or next(of_operation, None)
