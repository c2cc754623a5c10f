"""The vendors' published examples in fixtures/documented, as stubs."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any, NamedTuple

from playhead.stubs.matching import PLACEHOLDER_PATTERN, QueryPairs, StubDefinition


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
