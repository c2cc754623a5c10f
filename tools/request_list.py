"""The list of requests whose answers are compared: the same at every run of one tree."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import ceil

from tools.openapi_operations import Operation, Parameter
from tools.parameter_values import Pairs, nonsense, twice, valid
from tools.request_variants import variants
from tools.vendor_requests import KINDS, Ids, VendorRequest, filled_path, required, to

TOGETHER = 6  # optional parameters of one request
UNKNOWN = ("unknown000", "999999999", "0", "-1", "a%20b/c", "é")
# Topics of which a short list has about half.
MANY = {
    "body",
    "credentials",
    "empty",
    "id of the catalogue",
    "page",
    "preference",
    "twice",
    "unknown id",
}
GOLDEN = 0.618034
PAGE = {"page", "currentPage"}
SIZE = {"per_page", "pageSize"}


def requests_of(
    operations: Sequence[Operation], catalogue: Mapping[str, Ids]
) -> list[VendorRequest]:
    """Every request once, in the order in which they are sent."""
    listed: dict[VendorRequest, None] = {}
    for vendor in sorted({operation.vendor for operation in operations}):
        own = [operation for operation in operations if operation.vendor == vendor]
        listed |= dict.fromkeys(_of_vendor(own, catalogue.get(vendor, {})))
    return list(listed)


def thinned(requests: Sequence[VendorRequest]) -> list[VendorRequest]:
    """Without about half of the requests of the topics that have many of a kind."""
    kept = []
    seen = Counter[tuple[str, str]]()
    for request in requests:
        seen[request.vendor, request.topic] += 1
        if request.topic not in MANY or _is_kept(seen[request.vendor, request.topic]):
            kept.append(request)
    return kept


def _is_kept(turn: int) -> bool:
    """True for half of all turns, without a period that could go with the list's own."""
    return turn * GOLDEN % 1 < 0.5


def _of_vendor(operations: Sequence[Operation], ids: Ids) -> Iterator[VendorRequest]:
    yield from _plain(operations)
    yield from _chosen_words(operations)
    yield from _listed_ids(operations, ids)
    yield from _unknown_ids(operations)
    yield from _optional(operations)
    yield from _missing(operations)
    yield from _nonsense(operations)
    yield from _empty_and_twice(operations)
    yield from _pages(operations)
    yield from variants(operations)


def _plain(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    for turn, operation in enumerate(operations):
        yield to(operation, "plain", turn=turn)


def _chosen_words(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    """Each word that a part of a path can be, the other parts as in the example."""
    for operation in operations:
        for placeholder in operation.placeholders:
            for word in placeholder.schema.get("enum", ()):
                path = filled_path(operation, **{placeholder.name: word})
                yield to(operation, "word of a path", path=path)


def _listed_ids(operations: Sequence[Operation], ids: Ids) -> Iterator[VendorRequest]:
    """The second id that the catalogue lists of what a path names."""
    for operation in operations:
        for placeholder in operation.placeholders:
            for id_ in islice(ids.get(KINDS.get(placeholder.name, ""), ()), 1, 2):
                path = filled_path(operation, **{placeholder.name: id_})
                yield to(operation, "id of the catalogue", path=path)


def _unknown_ids(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    for turn, operation in enumerate(operations):
        for placeholder in operation.placeholders:
            unknown = UNKNOWN[turn % len(UNKNOWN)]
            yield to(
                operation, "unknown id", path=filled_path(operation, **{placeholder.name: unknown})
            )


def _optional(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    """Every optional parameter with a valid value, some at a time; values change by operation."""
    for turn, operation in enumerate(operations):
        parameters = operation.optional
        # Neighbours often exclude each other, so they go into different groups.
        groups = ceil(len(parameters) / TOGETHER)
        for first in range(groups):
            some = parameters[first::groups]
            pairs = [(parameter.name, valid(parameter, turn)) for parameter in some]
            yield to(operation, "valid", [*required(operation, turn), *pairs])


def _missing(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    """Without any required parameter, or without one of them, in turn."""
    for turn, operation in enumerate(one for one in operations if one.required):
        pairs = required(operation)
        left_out = turn % (len(pairs) + 1)
        kept = [*pairs[:left_out], *pairs[left_out + 1 :]] if left_out < len(pairs) else []
        yield to(operation, "missing", kept)


def _nonsense(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    """Each kind of nonsense once for every parameter, spread over the operations that have it."""
    for turn, (parameter, having) in enumerate(_by_signature(operations)):
        for kind, value in enumerate(nonsense(parameter)):
            operation = having[(turn + kind) % len(having)]
            others = [pair for pair in required(operation) if pair[0] != parameter.name]
            yield to(operation, "nonsense", [*others, (parameter.name, value)])


def _empty_and_twice(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    """All optional parameters empty, a required one empty, and each twice; once for equal sets."""
    sets = {tuple(parameter.signature for parameter in one.query): one for one in operations}
    for turn, operation in enumerate(one for one in sets.values() if one.query):
        needed = required(operation)
        optional = operation.optional
        if optional:
            yield to(operation, "empty", [*needed, *((each.name, "") for each in optional)])
        if needed:
            empty = needed[turn % len(needed)][0]
            yield to(
                operation,
                "empty",
                [(name, "" if name == empty else value) for name, value in needed],
            )
        yield to(operation, "twice", [pair for each in operation.query for pair in twice(each)])


def _by_signature(
    operations: Sequence[Operation],
) -> list[tuple[Parameter, Sequence[Operation]]]:
    having: dict[tuple[str, str], tuple[Parameter, list[Operation]]] = {}
    for operation in operations:
        for parameter in operation.query:
            having.setdefault(parameter.signature, (parameter, []))[1].append(operation)
    return [having[signature] for signature in sorted(having)]


def _pages(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    """The second page of small ones, and one far behind the end."""
    for turn, operation in enumerate(operations):
        names = {parameter.name for parameter in operation.optional}
        for page, size in zip(sorted(names & PAGE), sorted(names & SIZE), strict=False):
            pairs: Pairs = [(page, "2"), (size, "2")] if turn % 3 else [(page, "99999")]
            yield to(operation, "page", [*required(operation), *pairs])


def counts(requests: Sequence[VendorRequest]) -> dict[str, int]:
    """How many requests each vendor gets."""
    vendors = [request.vendor for request in requests]
    return {vendor: vendors.count(vendor) for vendor in sorted({*vendors})}
