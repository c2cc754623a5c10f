"""Cursors: a record's place in the order of its list as an opaque text, and the records behind or before a place."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.vendors.wistia.catalogue.queries import Cursor

LONGEST = 200
LARGEST = 2**62  # what any store takes
OF_ANOTHER_LIST = "it is no cursor of this list in this order"
Listed = TypeVar("Listed")


class Place(NamedTuple):
    """Where a record stands in an order: by this, and by its id among equals."""

    rank: int
    id: int


def text(order: str, numbers: Sequence[int]) -> str:
    """A place as clients carry it; it names its order, since it means nothing in another one."""
    return urlsafe_b64encode(json.dumps([order, *numbers]).encode()).decode().rstrip("=")


def numbers(order: str, given: str, count: int) -> list[int] | None:
    """The numbers of a place that a text says; None where it is none of that order."""
    try:
        said = json.loads(urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))) if len(given) <= LONGEST else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, list) or len(said) != count + 1 or said[0] != order:
        return None
    return said[1:] if all(type(number) is int and abs(number) < LARGEST for number in said[1:]) else None


def slice_of(ordered: Sequence[tuple[Place, Listed]], cursor: Cursor, *, order: str, descending: bool, limit: int) -> list[tuple[Place, Listed]]:
    """At most `limit` records of an ordered list: those next behind a place, else those next before one, else the first."""
    sign = -1 if descending else 1
    behind = _rank(order, "cursor[after]", cursor.after, sign)
    before = _rank(order, "cursor[before]", cursor.before, sign)
    ranked = [((sign * place.rank, sign * place.id), place, one) for place, one in ordered]
    kept = [(place, one) for rank, place, one in ranked if (behind is None or rank > behind) and (before is None or rank < before)]
    return kept[-limit:] if behind is None and before is not None else kept[:limit]


def _rank(order: str, field: str, given: str | None, sign: int) -> tuple[int, int] | None:
    """Where in the order a cursor is, ascending; raises Failure(invalid) for what is none."""
    if given is None:
        return None
    found = numbers(order, given, 2)
    if found is None:
        raise Failure(Kind.invalid, [Problem(field, Rule.refused, given, {"reason": OF_ANOTHER_LIST})])
    return sign * found[0], sign * found[1]
