"""What the journal holds of a request, which entries one can ask for, and how they become rows."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, literal, or_, select

from playhead.store import tables

NOBODY = 0
LONGEST_TEXT = 4_000  # bytes
MOST_RETRIES = 2**31 - 1
TEXTS = ("vendor", "operation", "method", "path", "query", "applied", "why")


class Entry(NamedTuple):
    """One request: when it came by the machine's clock, what was asked, how it was answered, and for a refusal the rule in plain words.

    A status of 0: the connection was cut before there was one.
    """

    account: int
    at_ms: int
    vendor: str
    operation: str
    method: str
    path: str
    query: str
    status: int
    microseconds: int
    applied: str
    retry: int
    why: str


class Noted(NamedTuple):
    """An entry with its place in the journal."""

    id: int
    entry: Entry


class Asking(NamedTuple):
    """Which entries are asked for; what is None does not matter.

    `path` is a pattern with `*`, `status` the first and the last of a range, `applied` one of the things applied, or its first words.
    """

    account: int
    vendor: str | None = None
    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: tuple[int, int] | None = None
    applied: str | None = None
    after: int = 0


def conditions(connection: Connection, asking: Asking) -> Sequence[ColumnElement[bool]]:
    """What must be true of the rows that are asked for; an account that was reset has none from before."""
    table, accounts = tables.journal.c, tables.accounts.c
    begins = connection.execute(select(accounts.journal_from).where(accounts.id == asking.account)).scalar() or 0
    fits: list[ColumnElement[bool]] = [table.account == asking.account, table.id > asking.after, table.at_ms >= begins]
    for name in ("vendor", "operation", "method"):
        if (wanted := getattr(asking, name)) is not None:
            fits.append(table[name] == wanted)
    if asking.path is not None:
        fits.append(_fits_path(table.path, asking.path))
    if asking.status is not None:
        fits.append(table.status.between(*asking.status))
    if asking.applied is not None:
        fits.append(_has(table.applied, asking.applied))
    return fits


def _fits_path(column: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
    if "*" not in pattern:
        return column == pattern
    return column.regexp_match(rf"\A{'.*'.join(map(re.escape, pattern.split('*')))}\Z")


def _has(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """`fault` and `fault 1` are in `wait=1, fault 1`, but `fault 1` is not in `fault 10`."""
    whole = literal(", ") + column + ","
    return or_(*(func.replace(whole, f", {words}{mark}", "") != whole for mark in " =,"))


def row_of(entry: Entry) -> Mapping[str, Any]:  # Any: a row's values are of its columns' types
    """The row of an entry, and about how many bytes it takes."""
    texts = {name: _text(getattr(entry, name)) for name in TEXTS}
    return {**entry._asdict(), **texts, "retry": min(entry.retry, MOST_RETRIES), "size": sum(len(text.encode()) for text in texts.values()) + 64}


def _text(text: str) -> str:
    """A text as every database takes it: valid, without NUL, and not too long."""
    return text.encode("utf-8", "replace")[:LONGEST_TEXT].decode("utf-8", "ignore").replace("\0", "\ufffd")
