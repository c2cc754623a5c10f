"""Which days of a world exist:

made once whoever asks, further ones when a clock needs them, none after the last.
"""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, Table, func, select, update

from playhead import Server
from playhead.domain.clock import (
    DAY,
    SystemClock,
    monotonic_seconds,
    sleep,
    utc_datetime,
    week_start,
)
from playhead.domain.errors import UserError
from playhead.domain.media import FIRST_DAY, LAST_DAY
from playhead.emulator import Emulator
from playhead.settings import Settings
from playhead.storage import tables
from playhead.storage.database import Store, bulk_insert, open_store
from playhead.world import provisioning, registry
from playhead.world.generator.random import WORLD_VERSION
from playhead.world.registry import INITIAL_LAST_DAY, WorldKey
from playhead.world.scenario import loader
from tests.worlds import NOW

TINY_SCENARIO = """\
name: tiny
audience: {viewings: 500, viewers: 30}
pages: [{url: "https://www.example.com/"}]
projects:
  - title: Shelf
    media:
      - {title: Clip, duration: 20, viewing_labels: {hats: [green, red]}, ids: {wistia: clip},
         prompts: [{kind: call_to_action, at: 5}]}
      - {title: Air, kind: live, broadcasts: [{every: wed 23:30, minutes: 60}]}
"""
MAKE_PROGRAM = """
import sys
from playhead.storage.database import open_store
from playhead.world import provisioning
from playhead.world.registry import WorldKey
from playhead.world.scenario import loader

store = open_store(sys.argv[1])
print(provisioning.ensure(store, WorldKey(loader.load(sys.argv[2]), 1, 0)))
store.close()
"""
FIRST_WEEKS = range(FIRST_DAY, INITIAL_LAST_DAY + 1)
ANCHOR = week_start(NOW)
StoredWorld = tuple[
    list[int], list[str], list[int]
]  # days, names of worlds, how many rows of each fact


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    (tmp_path / "tiny.yaml").write_text(TINY_SCENARIO)
    return str(tmp_path / "tiny.yaml")


@pytest.fixture
def world_key(scenario: str) -> WorldKey:
    return WorldKey(loader.load(scenario), 1, 0)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Store]:
    """A store with its tables and nothing in them."""
    opened = open_store(f"sqlite:///{tmp_path}/store.sqlite")
    opened.create_tables(world_version=WORLD_VERSION, anchor=ANCHOR)
    yield opened
    opened.close()


def rows_of(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def stored_world(store: Store) -> StoredWorld:
    with store.snapshot() as connection:
        days = list(
            connection.execute(select(tables.days.c.day).order_by(tables.days.c.day)).scalars()
        )
        worlds = list(connection.execute(select(tables.worlds.c.scenario)).scalars())
        return days, worlds, [rows_of(connection, table) for table in tables.FACT_TABLES]


def digests(store: Store, world: int) -> tuple[str, str]:
    with store.snapshot() as connection:
        return registry.digest_from_days(connection, world), registry.digest_from_rows(
            connection, world
        )


# Made once.


@pytest.fixture
def expected_world(tmp_path: Path, world_key: WorldKey) -> StoredWorld:
    """What one maker makes."""
    store = open_store(f"sqlite:///{tmp_path}/alone.sqlite")
    store.create_tables(world_version=WORLD_VERSION, anchor=ANCHOR)
    provisioning.ensure(store, world_key)
    made = stored_world(store)
    store.close()
    return made


def test_a_world_is_its_past_and_the_week_of_its_anchor(expected_world: StoredWorld) -> None:
    days, worlds, counts = expected_world
    assert (days, worlds) == (list(FIRST_WEEKS), ["tiny"])
    assert all(counts)


def test_threads_that_make_the_same_world_make_it_once(
    database: Store, world_key: WorldKey, expected_world: StoredWorld
) -> None:
    ready = Barrier(4)

    def make(_: int) -> int:
        ready.wait()
        return provisioning.ensure(database, world_key)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(make, range(4))) == [1] * 4
    assert stored_world(database) == expected_world


def test_processes_that_make_the_same_world_make_it_once(
    database: Store, scenario: str, expected_world: StoredWorld
) -> None:
    command = [sys.executable, "-c", MAKE_PROGRAM, str(database.engine.url), scenario]
    makers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [maker.communicate(timeout=60)[0] for maker in makers] == ["1\n", "1\n"]
    assert stored_world(database) == expected_world


def test_a_day_is_never_made_twice(
    database: Store, world_key: WorldKey, expected_world: StoredWorld
) -> None:
    world = provisioning.ensure(database, world_key)
    made = list[int]()
    provisioning.generate_through(
        database, world, INITIAL_LAST_DAY, progress=lambda done, of: made.append(done)
    )
    assert provisioning.ensure(database, world_key) == world
    assert (stored_world(database), made) == (expected_world, [])


def test_another_seed_is_another_world_of_the_same_store(
    database: Store, world_key: WorldKey
) -> None:
    first = provisioning.ensure(database, world_key)
    second = provisioning.ensure(database, WorldKey(world_key.source, 2, 0))
    assert first != second
    assert digests(database, first) != digests(database, second)


# The lease.


def hold_lease(store: Store, name: str, *, seconds: int) -> None:
    """Hold a lease as another process would, for so long."""
    with store.transaction() as connection:
        bulk_insert(connection, tables.leases, [(name, "another", SystemClock().now() + seconds)])


@pytest.mark.parametrize("what", ["world {key}", "days of world 1"])
def test_a_dead_holders_lease_lapses(database: Store, world_key: WorldKey, what: str) -> None:
    hold_lease(database, what.format(key=world_key.name), seconds=0)
    started = monotonic_seconds()
    assert provisioning.ensure(database, world_key) == 1
    assert monotonic_seconds() - started < 10
    assert stored_world(database)[0] == list(FIRST_WEEKS)


def test_a_living_holders_lease_is_waited_for(database: Store, world_key: WorldKey) -> None:
    hold_lease(database, "days of world 1", seconds=1000)
    maker = Thread(target=provisioning.ensure, args=(database, world_key))
    maker.start()
    while not stored_world(database)[1]:  # until the world is begun; its days are another's
        sleep(0.01)
    assert stored_world(database)[0] == []
    with database.transaction() as connection:
        connection.execute(
            update(tables.leases).where(tables.leases.c.holder == "another").values(expires_at=0)
        )
    maker.join()
    assert stored_world(database)[0] == list(FIRST_WEEKS)


def test_whoever_lost_the_lease_writes_no_more(database: Store, world_key: WorldKey) -> None:
    def taken_over(done: int, _: int) -> None:
        if done == 3:
            with database.transaction() as connection:
                connection.execute(update(tables.leases).values(holder="another"))

    with pytest.raises(RuntimeError, match="lost"):
        provisioning.ensure(database, world_key, progress=taken_over)
    assert stored_world(database)[0] == list(FIRST_WEEKS)[:3]


# Further weeks.


def open_emulator(tmp_path: Path, scenario: str, now: int) -> Emulator:
    """An emulator on the file that persists between them, its clock at `now`."""
    kept = {
        "store": f"sqlite:///{tmp_path}/kept.sqlite",
        "scenario": scenario,
        "now": utc_datetime(now).isoformat(),
    }
    return Emulator.open(Settings.load(kept))


def test_a_later_clock_grows_the_weeks_up_to_its_own(tmp_path: Path, scenario: str) -> None:
    found = []
    for now in (NOW, NOW + 21 * DAY, NOW):
        emulator = open_emulator(tmp_path, scenario, now)
        emulator.open_account("anyone")
        found.append((stored_world(emulator.store), digests(emulator.store, emulator.world)))
        emulator.close()
    (first, before), (grown, after), again = found
    assert (first[0], grown[0]) == (
        list(FIRST_WEEKS),
        list(range(FIRST_DAY, INITIAL_LAST_DAY + 22)),
    )
    assert all(more > less for more, less in zip(grown[2], first[2], strict=True))
    assert before == after
    assert again == (grown, after)


def test_days_grown_later_are_the_days_that_were_made_at_once(
    tmp_path: Path, scenario: str, database: Store, world_key: WorldKey
) -> None:
    provisioning.generate_through(
        database, provisioning.ensure(database, world_key), INITIAL_LAST_DAY + 14
    )
    open_emulator(tmp_path, scenario, NOW).close()
    emulator = open_emulator(tmp_path, scenario, NOW + 14 * DAY)
    days = select(tables.days).order_by(tables.days.c.day)
    with database.snapshot() as once, emulator.store.snapshot() as later:
        assert once.execute(days).all() == later.execute(days).all()
    emulator.close()


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (-40 * DAY, 6),
        (0, 6),
        (7 * DAY - 1, 6),
        (7 * DAY, 13),
        (20 * DAY, 20),
        (LAST_DAY * DAY, LAST_DAY),
    ],
    ids=["past", "anchor", "sunday", "next monday", "third sunday", "last day"],
)
def test_the_whole_week_of_a_clock_is_needed(now: int, day: int) -> None:
    assert registry.required_day(now) == day


def test_the_last_day_is_answered_and_the_one_after_it_refused(tmp_path: Path) -> None:
    open_emulator(tmp_path, "empty", NOW).close()
    last = open_emulator(tmp_path, "empty", ANCHOR + (LAST_DAY + 1) * DAY - 1)
    assert stored_world(last.store)[0][-1] == LAST_DAY
    last.close()
    with pytest.raises(
        UserError,
        match=(
            r"the clock \(2025-06-10\) is beyond the last day of this store's world "
            r"\(2025-06-09\)"
        ),
    ):
        open_emulator(tmp_path, "empty", ANCHOR + (LAST_DAY + 1) * DAY)


# The digest.


def test_the_digest_is_the_one_of_the_rows(demo: Server) -> None:
    noted, read_back = digests(demo.emulator.store, demo.emulator.world)
    assert noted == read_back


CHANGES = {
    "a viewing": tables.viewings.c.impression_ms,
    "a stretch": tables.played_ranges.c.stop_position,
    "a broadcast": tables.broadcasts.c.bitrate,
    "a label": tables.viewing_labels.c.value,
    "a media": tables.media.c.title,
    "a project": tables.projects.c.description,
    "a viewer": tables.viewers.c.organisation,
    "a page": tables.pages.c.term,
    "an alias": tables.aliases.c.number,
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_row_changes_the_digest_that_is_read_back(
    database: Store, world_key: WorldKey, what: str
) -> None:
    world = provisioning.ensure(database, world_key)
    column = CHANGES[what]
    noted, read_back = digests(database, world)
    with database.transaction() as connection:
        one = select(func.min(column.table.c[0])).scalar_subquery()
        changed = connection.execute(
            update(column.table).where(column.table.c[0] == one).values({column.name: 7})
        )
        assert changed.rowcount
    assert read_back == noted
    assert (digests(database, world)[0], digests(database, world)[1] == noted) == (noted, False)


def test_a_start_from_a_full_store_imports_neither_yaml_nor_the_generator(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'full.db'}"
    Emulator.open(Settings.load({"scenario": "empty", "store": store})).close()
    program = (
        "import sys; from playhead.emulator import Emulator; "
        "from playhead.settings import Settings; "
        "Emulator.open(Settings.load({'scenario': 'empty', 'store': sys.argv[1]})).close(); "
        "print([name for name in ('yaml', 'playhead.world.generator.days') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, store]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"
