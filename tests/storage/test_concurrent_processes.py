"""Several processes on one store, and on one cache, at the same time."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from playhead.storage import tables
from playhead.storage.database import open_store
from tests.worlds import NOW_TEXT

PROCESSES = 3

# Opens an emulator at a sign, and in it the accounts of the given names.
OPENER_PROGRAM = """
import json, sys
from playhead.emulator import Emulator
from playhead.settings import Settings
settings, names = json.loads(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
emulator = Emulator.open(Settings.load(settings))
accounts = [emulator.open_account(name).number for name in names]
print(json.dumps([emulator.world_summary(), accounts]))
emulator.close()
"""


class ProcessResult(NamedTuple):
    """What a process saw: its world's summary, and the numbers of its accounts."""

    world: list[object]
    accounts: list[int]


def open_concurrently(
    names_for: Callable[[int], list[str]] = lambda _number: [], **settings_overrides: str
) -> list[ProcessResult]:
    """What so many processes see that open a small world at the same instant."""
    settings = {"scenario": "demo", "viewings": 300, "now": NOW_TEXT, **settings_overrides}
    commands = [
        [sys.executable, "-c", OPENER_PROGRAM, json.dumps([settings, names_for(number)])]
        for number in range(PROCESSES)
    ]
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=pipe)
        for command in commands
    ]
    try:
        assert [process.stdout.readline() for process in processes if process.stdout] == [
            "ready\n"
        ] * PROCESSES
        for process in processes:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        ended = [process.communicate(timeout=60) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert "".join(stderr for _, stderr in ended) == ""
    return [ProcessResult(*json.loads(stdout)) for stdout, _ in ended]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    found: str = request.getfixturevalue("postgresql_url")
    return found


def test_processes_make_one_store_at_once(database_url: str) -> None:
    first, *others = open_concurrently(store=database_url)
    assert others == [first] * (PROCESSES - 1)
    store = open_store(database_url)
    with store.snapshot() as connection:
        worlds = connection.execute(select(func.count()).select_from(tables.worlds)).scalar()
        days = connection.execute(select(func.count()).select_from(tables.days)).scalar()
        leases = connection.execute(select(tables.leases)).all()
    store.close()
    assert (worlds, days, leases) == (1, 98, [])


def test_what_a_process_opens_in_a_new_store_is_not_lost(database_url: str) -> None:
    open_concurrently(
        lambda number: [f"{number}-{index}" for index in range(20)], store=database_url
    )
    assert count_accounts(database_url) == 20 * PROCESSES


def test_processes_open_the_same_accounts_at_once(database_url: str) -> None:
    first, *others = open_concurrently(
        lambda _: [f"shared-{index}" for index in range(20)], store=database_url
    )
    assert [other.accounts for other in others] == [first.accounts] * (PROCESSES - 1)
    assert count_accounts(database_url) == 20


def count_accounts(url: str) -> int:
    store = open_store(url)
    with store.snapshot() as connection:
        found = connection.execute(select(func.count()).select_from(tables.accounts)).scalar_one()
    store.close()
    return int(found)


def test_processes_make_one_cached_world_at_once(tmp_path: Path) -> None:
    first, *others = open_concurrently(cache=str(tmp_path))
    assert others == [first] * (PROCESSES - 1)
    assert [file.suffix for file in tmp_path.iterdir()] == [".sqlite"], (
        "and nothing half made is left"
    )
