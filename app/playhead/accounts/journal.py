"""The journal: every request of an account, written soon after it was answered, in one go with others."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from playhead.clock import SystemClock, pause
from playhead.store import tables
from playhead.store.store import Store

NOBODY = 0
FLUSH_SECONDS = 0.1  # others see an entry within 250 ms
MOST_ENTRIES = 10_000  # of an account
MOST_BYTES = 8_000_000
LONGEST_TEXT = 4_000
TRIM_AFTER = 1_000  # entries, so that trimming costs little of each


class Entry(NamedTuple):
    """One request: when by the machine's clock, what was asked, how it was answered, and for a refusal the rule in plain words."""

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
    """Which entries are asked for; what is None does not matter."""

    account: int
    vendor: str | None = None
    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    applied: str | None = None
    after: int = 0


class Journal:
    """The journal of a store, with what this process has yet to write."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._pending: list[Entry] = []
        self._since_trim: dict[int, int] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    def add(self, entry: Entry) -> None:
        """Note a request; it is written within a moment."""
        with self._lock:
            self._pending.append(entry)
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_on, name="journal", daemon=True)
                self._thread.start()
        self._wake.set()

    def flush(self) -> None:
        """Write what is pending."""
        with self._writing:
            with self._lock:
                entries, self._pending = self._pending, []
            if entries:
                with self.store.change() as connection:
                    connection.execute(insert(tables.journal), [_row(entry) for entry in entries])
                    self._trim(connection, entries)

    def close(self) -> None:
        """Write what is pending, and end."""
        self._closed = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        self.flush()

    def page(self, asking: Asking, *, limit: int) -> list[Noted]:
        """The entries that fit, oldest first, from behind `after`."""
        self.flush()
        table = tables.journal
        with self.store.snapshot() as connection:
            rows = connection.execute(select(table).where(*self._where(connection, asking)).order_by(table.c.id).limit(limit))
            return [Noted(row.id, Entry(*(getattr(row, name) for name in Entry._fields))) for row in rows]

    def count(self, asking: Asking) -> int:
        """How many entries fit."""
        self.flush()
        with self.store.snapshot() as connection:
            counted = select(func.count()).select_from(tables.journal).where(*self._where(connection, asking))
            return connection.execute(counted).scalar_one()

    def forget(self, account: int) -> None:
        """Remove an account's entries, those included that other processes have yet to write."""
        self.flush()
        journal, accounts = tables.journal, tables.accounts
        with self.store.change() as connection:
            connection.execute(delete(journal).where(journal.c.account == account))
            connection.execute(accounts.update().where(accounts.c.id == account).values(journal_from=SystemClock().milliseconds()))

    def _where(self, connection: Connection, asking: Asking) -> Sequence[ColumnElement[bool]]:
        table, accounts = tables.journal.c, tables.accounts.c
        begins = connection.execute(select(accounts.journal_from).where(accounts.id == asking.account)).scalar() or 0
        conditions = [table.account == asking.account, table.id > asking.after, table.at_ms >= begins]
        for name in ("vendor", "operation", "method", "path", "status", "applied"):
            if (wanted := getattr(asking, name)) is not None:
                conditions.append(table[name] == wanted)
        return conditions

    def _write_on(self) -> None:
        while not self._closed:
            self._wake.wait()
            self._wake.clear()
            pause(FLUSH_SECONDS)
            try:
                self.flush()
            except Exception:  # the journal never ends a server: what could not be written is lost
                continue

    def _trim(self, connection: Connection, entries: Sequence[Entry]) -> None:
        for account in {entry.account for entry in entries}:
            written = self._since_trim.get(account, 0) + sum(entry.account == account for entry in entries)
            self._since_trim[account] = 0 if written >= TRIM_AFTER else written
            if written >= TRIM_AFTER:
                _trim(connection, account)


def _trim(connection: Connection, account: int) -> None:
    """Keep the newest entries of an account, as many as its bounds allow."""
    table = tables.journal
    ids: list[int] = []
    total = 0
    for row in connection.execute(select(table.c.id, table.c.size).where(table.c.account == account).order_by(table.c.id.desc()).limit(MOST_ENTRIES)):
        total += row.size
        if total > MOST_BYTES:
            break
        ids.append(row.id)
    connection.execute(delete(table).where(table.c.account == account, table.c.id < (ids[-1] if ids else 1 << 62)))


def _row(entry: Entry) -> Mapping[str, Any]:  # Any: a row's values are of its columns' types
    row = entry._asdict()
    for name in ("path", "query", "why", "applied"):
        row[name] = row[name][:LONGEST_TEXT].replace("\0", "\ufffd")
    return {**row, "size": sum(len(value) for value in row.values() if isinstance(value, str)) + 64}
