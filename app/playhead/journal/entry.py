"""What the journal holds of a request, which entries one can ask for, and how they become rows."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, literal, or_, select

from playhead.storage import tables

ANONYMOUS = 0
MAX_TEXT_BYTES = 4_000  # bytes
MAX_RETRIES = 2**31 - 1
TEXT_COLUMNS = ("vendor", "operation", "method", "path", "query", "interventions", "reason")


class JournalEntry(NamedTuple):
    """One request: when it came by the machine's clock, what was asked, how it was answered, and
    for a refusal the rule in plain words.

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
    interventions: str
    retry: int
    reason: str


class StoredEntry(NamedTuple):
    """An entry with its place in the journal."""

    id: int
    entry: JournalEntry


class JournalFilter(NamedTuple):
    """Which entries are asked for; what is None does not matter.

    `path` is a pattern with `*`, `status` the first and the last of a range, `applied` one of the
    things applied, or its first words.
    """

    account: int
    vendor: str | None = None
    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: tuple[int, int] | None = None
    interventions: str | None = None
    after: int = 0


def where(connection: Connection, filters: JournalFilter) -> Sequence[ColumnElement[bool]]:
    """What must be true of the rows that are asked for.

    An account that was reset has none from before.
    """
    table = tables.journal.c
    accounts = tables.accounts.c
    begins = (
        connection.execute(
            select(accounts.journal_from).where(accounts.id == filters.account)
        ).scalar()
        or 0
    )
    fits: list[ColumnElement[bool]] = [
        table.account == filters.account,
        table.id > filters.after,
        table.at_ms >= begins,
    ]
    for name in ("vendor", "operation", "method"):
        if (wanted := getattr(filters, name)) is not None:
            fits.append(table[name] == wanted)
    if filters.path is not None:
        fits.append(_path_condition(table.path, filters.path))
    if filters.status is not None:
        fits.append(table.status.between(*filters.status))
    if filters.interventions is not None:
        fits.append(_contains_item(table.interventions, filters.interventions))
    return fits


def _path_condition(column: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
    if "*" not in pattern:
        return column == pattern
    return column.regexp_match(rf"\A{'.*'.join(map(re.escape, pattern.split('*')))}\Z")


def _contains_item(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """`fault` and `fault 1` are in `wait=1, fault 1`, but `fault 1` is not in `fault 10`."""
    whole = literal(", ") + column + ","
    return or_(*(func.replace(whole, f", {words}{mark}", "") != whole for mark in " =,"))


def to_row(
    entry: JournalEntry,
) -> Mapping[str, Any]:  # Any: a row's values are of its columns' types
    """The row of an entry, and about how many bytes it takes."""
    texts = {name: _sanitize_text(getattr(entry, name)) for name in TEXT_COLUMNS}
    return {
        **entry._asdict(),
        **texts,
        "retry": min(entry.retry, MAX_RETRIES),
        "size": sum(len(text.encode()) for text in texts.values()) + 64,
    }


def _sanitize_text(text: str) -> str:
    """A text as every database takes it: valid, without NUL, and not too long."""
    return (
        text.encode("utf-8", "replace")[:MAX_TEXT_BYTES]
        .decode("utf-8", "ignore")
        .replace("\0", "\ufffd")
    )
