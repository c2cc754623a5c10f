"""The journal below HTTP: its bounds, what it survives, what of it is left when a server ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError

from playhead.journal import writer as bounds
from playhead.journal.entry import ANONYMOUS, JournalEntry, JournalFilter
from playhead.journal.writer import Journal
from playhead.storage import tables
from playhead.storage.database import Store, open_store
from tests.worlds import NOW_TEXT, credentials

ENTRY = JournalEntry(
    1, 1000, "gcore", "videos", "GET", "/streaming/videos", "", 200, 1500, "", 0, ""
)
TIMEOUT_SECONDS = 20  # seconds


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store without a world."""
    opened = open_store(
        None if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    )
    opened.create_tables(world_version=1, anchor=0)
    yield opened
    opened.close()


@pytest.fixture
def journal(store: Store) -> Iterator[Journal]:
    opened = Journal(store)
    yield opened
    opened.close()


def stored_paths(store: Store, account: int = 1) -> tuple[int, int]:
    """How many entries of an account the store holds, and their bytes."""
    table = tables.journal.c
    with store.snapshot() as connection:
        row = connection.execute(
            select(func.count(), func.coalesce(func.sum(table.size), 0)).where(
                table.account == account
            )
        ).one()
        return int(row[0]), int(row[1])


def add_entries(journal: Journal, *entries: JournalEntry) -> None:
    for entry in entries:
        journal.add(entry)
    journal.flush()


def wait_until(true: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < TIMEOUT_SECONDS
        time.sleep(0.005)


# ---- Bounds


@pytest.mark.parametrize("account", [1, ANONYMOUS], ids=["an account", "nobody"])
def test_an_account_keeps_its_newest_requests(journal: Journal, store: Store, account: int) -> None:
    for start in range(0, bounds.MAX_ENTRIES + 3000, 500):
        add_entries(
            journal,
            *(ENTRY._replace(account=account, at_ms=1000 + start + index) for index in range(500)),
        )
        assert stored_paths(store, account)[0] <= bounds.MAX_ENTRIES + bounds.TRIM_AFTER_ENTRIES
    newest = journal.page(JournalFilter(account), limit=20_000)[-1]
    assert newest.entry.at_ms == 1000 + bounds.MAX_ENTRIES + 3000 - 1
    assert stored_paths(store, account)[0] >= bounds.MAX_ENTRIES


def test_an_account_keeps_no_more_than_so_many_bytes(journal: Journal, store: Store) -> None:
    great = ENTRY._replace(
        path="/" * 4000, query="q" * 4000, reason="w" * 4000, interventions="a" * 4000
    )
    for _ in range(24):
        add_entries(journal, *[great] * 25)
        assert stored_paths(store)[1] <= bounds.MAX_BYTES + bounds.TRIM_AFTER_BYTES + 25 * 16_100
    assert stored_paths(store)[1] > bounds.MAX_BYTES - 16_100


def test_one_accounts_requests_drive_out_no_others(journal: Journal, store: Store) -> None:
    add_entries(journal, ENTRY._replace(account=2))
    add_entries(journal, *[ENTRY] * (bounds.MAX_ENTRIES + bounds.TRIM_AFTER_ENTRIES))
    assert (stored_paths(store, 2)[0], stored_paths(store)[0]) == (1, bounds.MAX_ENTRIES)


def test_a_new_process_trims_what_others_left(store: Store) -> None:
    """However often servers are started again before they would have trimmed."""
    for _ in range(bounds.MAX_ENTRIES // 900 + 3):
        one = Journal(store)
        add_entries(one, *[ENTRY] * 900)
        one.close()
    assert stored_paths(store)[0] <= bounds.MAX_ENTRIES + 900


def test_many_accounts_take_no_more_memory(journal: Journal, store: Store) -> None:
    add_entries(journal, *[ENTRY] * (bounds.MAX_ENTRIES + 500))
    add_entries(
        journal,
        *(ENTRY._replace(account=number) for number in range(2, 2 * bounds.MAX_TRACKED_ACCOUNTS)),
    )
    assert len(journal._untrimmed) <= bounds.MAX_TRACKED_ACCOUNTS
    add_entries(journal, *[ENTRY] * 10)
    assert stored_paths(store)[0] == bounds.MAX_ENTRIES


def test_a_text_takes_no_more_than_so_many_bytes(journal: Journal, store: Store) -> None:
    add_entries(journal, ENTRY._replace(path="/" + "é" * 10_000))
    path = journal.page(JournalFilter(1), limit=1)[0].entry.path
    assert (path[:3], len(path.encode()) in (3999, 4000)) == ("/éé", True)


@pytest.mark.parametrize(
    "text",
    ["\0", "\ud800", "\U0001f600", "'; DROP TABLE journal"],
    ids=["NUL", "half a pair", "emoji", "quote"],
)
def test_any_text_can_be_noted(journal: Journal, text: str) -> None:
    add_entries(
        journal, ENTRY._replace(path=text, query=text, reason=text, method=text, retry=10**30)
    )
    (noted,) = journal.page(JournalFilter(1), limit=10)
    assert noted.entry.path in (text, "\ufffd", "?")


# ---- What it survives


def drop_connections(store: Store, *, back: bool = False) -> None:
    """Take the table away, or bring it back."""
    old, new = ("elsewhere", "journal") if back else ("journal", "elsewhere")
    with store.transaction() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")


def test_what_cannot_be_written_now_is_written_later(journal: Journal, store: Store) -> None:
    drop_connections(store)
    journal.add(ENTRY)
    with pytest.raises(DatabaseError):
        journal.flush()
    drop_connections(store, back=True)
    journal.add(ENTRY._replace(status=404))
    assert [noted.entry.status for noted in journal.page(JournalFilter(1), limit=10)] == [200, 404]


class FailingDatabase(Store):
    """A store whose first changes fail."""

    failures = 0

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        if self.failures < 2:
            self.failures += 1
            raise OSError("the disk is full")
        with super().transaction() as connection:
            yield connection


def test_what_writes_goes_on_after_a_crash(store: Store) -> None:
    failing = FailingDatabase(store.engine)
    journal = Journal(failing)
    journal.add(ENTRY)
    wait_until(lambda: failing.failures == 1)
    journal.add(ENTRY)
    wait_until(lambda: failing.failures == 2)
    journal.add(ENTRY)
    wait_until(lambda: stored_paths(store)[0] == 3)
    journal.close()


def test_a_store_that_is_lost_is_no_reason_not_to_end(store: Store) -> None:
    journal = Journal(store)
    drop_connections(store)
    journal.add(ENTRY)
    journal.close()
    drop_connections(store, back=True)
    assert stored_paths(store) == (0, 0)


def test_an_entry_is_written_without_being_asked_for(journal: Journal, store: Store) -> None:
    journal.add(ENTRY)
    wait_until(lambda: stored_paths(store)[0] == 1)


def test_what_was_noted_just_before_the_end_is_written(store: Store) -> None:
    journal = Journal(store)
    for _ in range(20):
        journal.add(ENTRY)
    journal.close()
    assert stored_paths(store)[0] == 20


# ---- Who watches


def test_who_watches_an_account_hears_of_it_alone(journal: Journal) -> None:
    rung: list[str] = []
    with (
        journal.subscribe(1, lambda: rung.append("one")),
        journal.subscribe(2, lambda: rung.append("two")),
    ):
        wait_until(lambda: len(rung) >= 2)  # the first time everyone
        rung.clear()
        journal.add(ENTRY)
        assert rung == ["one"]
    journal.add(ENTRY)
    assert "two" not in rung


def test_who_watches_hears_of_what_another_process_wrote(journal: Journal, store: Store) -> None:
    rung: list[int] = []
    with journal.subscribe(1, lambda: rung.append(1)):
        wait_until(lambda: len(rung) >= 1)
        rung.clear()
        add_entries(Journal(store), ENTRY)
        wait_until(lambda: rung == [1])


# ---- The end of a server


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_nothing_is_lost_when_a_server_is_told_to_end(tmp_path: Path, number: int) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    line = [
        sys.executable,
        "-m",
        "playhead",
        "serve",
        "--port",
        "0",
        "--scenario",
        "empty",
        "--now",
        NOW_TEXT,
        "--store",
        url,
        "--log",
        "off",
    ]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout
        where = process.stdout.readline().split()[3]
        for _ in range(7):
            httpx.get(
                f"{where}/gcore/streaming/videos",
                headers={"Authorization": credentials("gcore", "ana")},
            )
        process.send_signal(number)
        process.communicate(timeout=TIMEOUT_SECONDS)
    kept = open_store(url)
    with kept.snapshot() as connection:
        assert (
            connection.execute(select(func.count()).select_from(tables.journal)).scalar_one() == 7
        )
    kept.close()
