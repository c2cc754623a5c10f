"""The journal:

every request of an account, written soon after it was answered, in one go with others.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select

from playhead.domain.clock import SystemClock
from playhead.journal.entry import JournalEntry, JournalFilter, StoredEntry, to_row, where
from playhead.storage import tables
from playhead.storage.database import Store, advisory_lock

FLUSH_SECONDS = 0.08  # others see an entry, and hear of it, within 250 ms
MAX_ENTRIES = 10_000  # of an account
MAX_BYTES = 8_000_000
TRIM_AFTER_ENTRIES = 1_000  # entries, so that trimming costs little of each
TRIM_AFTER_BYTES = 1_000_000
MAX_TRACKED_ACCOUNTS = 1_000  # accounts whose entries are counted until they are trimmed
MAX_PENDING = 50_000  # entries, while the store cannot be written
Listener = Callable[[], None]


class Journal:
    """The journal of a store, with what this process has yet to write."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.is_shutting_down = False
        self._pending: list[JournalEntry] = []
        self._untrimmed: dict[int, tuple[int, int]] = {}  # entries and bytes by account
        self._listeners: dict[int, list[Listener]] = {}
        self._last_notified: int | None = None  # the last entry that was told of
        self._lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, entry: JournalEntry) -> None:
        """Note a request; it is written within a moment."""
        with self._lock:
            self._pending.append(entry)
            rings = list(self._listeners.get(entry.account, ()))
            self._start_thread()
        self._wake.set()
        for ring in rings:
            ring()

    def flush(self) -> None:
        """Write what is pending; what cannot be written stays pending."""
        with self._write_lock:
            with self._lock:
                entries = self._pending
                self._pending = []
            try:
                self._write(entries)
            except BaseException:
                with self._lock:
                    self._pending = [*entries, *self._pending][-MAX_PENDING:]
                raise

    def begin_shutdown(self) -> None:
        """Let nobody wait any longer: the server is about to end."""
        self.is_shutting_down = True
        with self._lock:
            rings = [ring for several in self._listeners.values() for ring in several]
        for ring in rings:
            ring()

    def close(self) -> None:
        """Write what is pending, and end."""
        self._stopped.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        with suppress(
            Exception
        ):  # a store that cannot be written any more is still to be let go of
            self.flush()

    def page(self, filters: JournalFilter, *, limit: int) -> list[StoredEntry]:
        """The entries that fit, oldest first, from behind `after`."""
        self.flush()
        table = tables.journal
        with self.store.snapshot() as connection:
            rows = connection.execute(
                select(table).where(*where(connection, filters)).order_by(table.c.id).limit(limit)
            )
            return [
                StoredEntry(
                    row.id, JournalEntry(*(getattr(row, name) for name in JournalEntry._fields))
                )
                for row in rows
            ]

    def count(self, filters: JournalFilter) -> int:
        """How many entries fit."""
        self.flush()
        with self.store.snapshot() as connection:
            counted = (
                select(func.count()).select_from(tables.journal).where(*where(connection, filters))
            )
            return connection.execute(counted).scalar_one()

    def clear(self, account: int) -> None:
        """Remove an account's entries, those included that other processes have yet to write."""
        self.flush()
        journal = tables.journal
        accounts = tables.accounts
        with self.store.transaction() as connection:
            # The account's row first: see `accounts.account.hold`.
            connection.execute(
                accounts.update()
                .where(accounts.c.id == account)
                .values(journal_from=SystemClock().now_ms())
            )
            connection.execute(delete(journal).where(journal.c.account == account))

    @property
    def has_subscribers(self) -> bool:
        """Whether anybody waits for requests."""
        return bool(self._listeners)

    @contextmanager
    def subscribe(self, account: int, listener: Listener) -> Iterator[None]:
        """While the block runs, `ring` is called soon after any process noted something of an
        account, on whatever thread.
        """
        with self._lock:
            self._listeners.setdefault(account, []).append(listener)
            self._start_thread()
        self._wake.set()
        try:
            yield
        finally:
            with self._lock:
                self._listeners[account].remove(listener)
                if not self._listeners[account]:
                    del self._listeners[account]

    def _start_thread(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._stopped.is_set():
            if not self._listeners:
                self._wake.wait()
                self._last_notified = None
            self._wake.clear()
            self._stopped.wait(FLUSH_SECONDS)
            for step in (self.flush, self._notify):
                with suppress(
                    Exception
                ):  # the journal never ends a server: the next time may do better
                    step()

    def _notify(self) -> None:
        """Tell those who watch of what was written since the last time, by any process."""
        if not self._listeners:
            return
        table = tables.journal.c
        with self.store.snapshot() as connection:
            if self._last_notified is None:
                written = None
                self._last_notified = connection.execute(select(func.max(table.id))).scalar() or 0
            else:
                latest = (
                    select(table.account, func.max(table.id))
                    .where(table.id > self._last_notified)
                    .group_by(table.account)
                )
                written = dict(connection.execute(latest).all())
                self._last_notified = max([self._last_notified, *written.values()])
        with self._lock:  # the first time everyone: nobody knows what was written since they looked
            rings = [
                ring
                for account, several in self._listeners.items()
                if written is None or account in written
                for ring in several
            ]
        for ring in rings:
            ring()

    def _write(self, entries: Sequence[JournalEntry]) -> None:
        if not entries:
            return
        rows = [to_row(entry) for entry in entries]
        with self.store.transaction() as connection:
            # One process after the other, so that no id comes to light after a greater one: readers
            # go on behind the last they saw.
            advisory_lock(connection, "journal")
            connection.execute(insert(tables.journal), rows)
            self._trim(connection, rows)

    def _trim(
        self, connection: Connection, rows: Sequence[Mapping[str, Any]]
    ) -> None:  # Any: as of a row
        """Trim the accounts that have had many entries since.

        And those not counted, since nobody knows how many they have.
        """
        entries = Counter(row["account"] for row in rows)
        sizes = Counter[int]()
        for row in rows:
            sizes[row["account"]] += row["size"]
        for account, count in entries.items():
            before = self._untrimmed.get(account, (TRIM_AFTER_ENTRIES, 0))
            since = before[0] + count, before[1] + sizes[account]
            if since[0] >= TRIM_AFTER_ENTRIES or since[1] >= TRIM_AFTER_BYTES:
                _trim(connection, account)
                since = 0, 0
            self._untrimmed[account] = since
        if len(self._untrimmed) > MAX_TRACKED_ACCOUNTS:
            self._untrimmed.clear()


def _trim(connection: Connection, account: int) -> None:
    """Keep the newest entries of an account, as many as its bounds allow."""
    table = tables.journal
    newest = table.c.id.desc()
    ranked = (
        select(
            table.c.id,
            func.row_number().over(order_by=newest).label("place"),
            func.sum(table.c.size).over(order_by=newest).label("bytes"),
        )
        .where(table.c.account == account)
        .subquery()
    )
    beyond = select(func.max(ranked.c.id)).where(
        or_(ranked.c.place > MAX_ENTRIES, ranked.c.bytes > MAX_BYTES)
    )
    connection.execute(
        delete(table).where(table.c.account == account, table.c.id <= beyond.scalar_subquery())
    )
