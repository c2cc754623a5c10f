"""Cursors: a record's place in the order of its list as an opaque text, and the records behind or
before a place.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.vendors.wistia.catalog.params import Cursor
from playhead.vendors.wistia.cursors import WRONG_LIST, decode_cursor

Item = TypeVar("Item")


class CursorKey(NamedTuple):
    """Where a record stands in an order: by this, and by its id among equals."""

    rank: int
    id: int


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
