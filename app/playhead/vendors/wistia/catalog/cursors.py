"""Cursors: a record's place in the order of its list as an opaque text, and the records behind or
before a place.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.vendors.wistia.catalog.params import Cursor

MAX_CURSOR_LENGTH = 200
MAX_NUMBER = 2**62  # what any store takes
WRONG_LIST = "it is no cursor of this list in this order"
Item = TypeVar("Item")


class CursorKey(NamedTuple):
    """Where a record stands in an order: by this, and by its id among equals."""

    rank: int
    id: int


def encode_cursor(order: str, numbers: Sequence[int]) -> str:
    """A place as clients carry it; it names its order, since it means nothing in another one."""
    return urlsafe_b64encode(json.dumps([order, *numbers]).encode()).decode().rstrip("=")


def decode_cursor(order: str, text: str, count: int) -> list[int] | None:
    """The numbers of a place that a text says; None where it is none of that order."""
    try:
        said = (
            json.loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
            if len(text) <= MAX_CURSOR_LENGTH
            else None
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, list) or len(said) != count + 1 or said[0] != order:
        return None
    return (
        said[1:]
        if all(type(number) is int and abs(number) < MAX_NUMBER for number in said[1:])
        else None
    )


def slice_at(
    items: Sequence[tuple[CursorKey, Item]],
    cursor: Cursor,
    *,
    order: str,
    descending: bool,
    limit: int,
) -> list[tuple[CursorKey, Item]]:
    """At most `limit` records of an ordered list:

    those next behind a place, else those next before one, else the first.
    """
    sign = -1 if descending else 1
    behind = _cursor_rank(order, "cursor[after]", cursor.after, sign)
    before = _cursor_rank(order, "cursor[before]", cursor.before, sign)
    ranked = [((sign * place.rank, sign * place.id), place, one) for place, one in items]
    kept = [
        (place, one)
        for rank, place, one in ranked
        if (behind is None or rank > behind) and (before is None or rank < before)
    ]
    return kept[-limit:] if behind is None and before is not None else kept[:limit]


def _cursor_rank(order: str, field: str, text: str | None, sign: int) -> tuple[int, int] | None:
    """Where in the order a cursor is, ascending; raises Failure(invalid) for what is none."""
    if text is None:
        return None
    found = decode_cursor(order, text, 2)
    if found is None:
        raise ApiError(
            ErrorKind.invalid, [Violation(field, Rule.refused, text, {"reason": WRONG_LIST})]
        )
    return sign * found[0], sign * found[1]
