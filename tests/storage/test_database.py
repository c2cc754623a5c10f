"""The store, on SQLite and on PostgreSQL alike:

snapshots, changes, bulk inserts, and what it refuses to open.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select, update

from playhead.domain.errors import UserError
from playhead.storage import tables
from playhead.storage.database import Row, Store, bulk_insert, open_store

VERSION = 1
ANCHOR = 1_717_372_800
KINDS = ["sqlite", "postgresql"]


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    found: str = request.getfixturevalue("postgresql_url")
    return found


@pytest.fixture
def database(database_url: str) -> Iterator[Store]:
    """A store with its tables and nothing in them."""
    opened = open_store(database_url)
    opened.create_tables(world_version=VERSION, anchor=ANCHOR)
    yield opened
    opened.close()


def stored_anchor(store: Store) -> int:
    with store.snapshot() as connection:
        return int(connection.execute(select(tables.store_metadata.c.anchor)).scalar_one())


# ---- Transactions


def test_a_snapshot_does_not_see_what_is_committed_meanwhile(database: Store) -> None:
    read = select(tables.store_metadata.c.anchor)
    with database.snapshot() as reader:
        before = reader.execute(read).scalar_one()
        with database.transaction() as writer:
            writer.execute(update(tables.store_metadata).values(anchor=7))
        during = reader.execute(read).scalar_one()
    assert (before, during, stored_anchor(database)) == (ANCHOR, ANCHOR, 7)


def test_all_reads_of_a_snapshot_see_the_same_instant(database: Store) -> None:
    with database.snapshot() as reader:
        reader.execute(select(tables.store_metadata)).one()
        with database.transaction() as writer:
            bulk_insert(writer, tables.leases, [("a", "b", 1)])
        assert reader.execute(select(func.count()).select_from(tables.leases)).scalar() == 0


def test_a_change_that_raises_changes_nothing(database: Store) -> None:
    with pytest.raises(KeyError), database.transaction() as connection:
        connection.execute(update(tables.store_metadata).values(anchor=7))
        bulk_insert(connection, tables.leases, [("a", "b", 1)])
        raise KeyError
    with database.snapshot() as connection:
        assert connection.execute(select(tables.leases)).all() == []
    assert stored_anchor(database) == ANCHOR


# ---- Bulk inserts


SAMPLE_ROWS: dict[Table, list[Row]] = {
    tables.store_metadata: [(99, 2, -5, 0, 0, 0)],
    tables.viewers: [
        (2**62, 3, "Ada 真理 \\N\t\n\"'", None, "ada 真理", 0, "", 1, 2),
        (2**62 + 1, 3, None, "", None, 2**32 - 1, "Café | Söhne", 1, 2),
    ],
    tables.viewings: [(1, 3, 5, 0, 6, 1, 2, 3, 4, -7_862_400, *[None] * 6, -7_862_399, 0, 0, 0)],
    tables.played_ranges: [
        (1, 0, 3, 5, 0, 6, -10, -5, 0, 5, 0, -11, -5),
        (1, 1, 3, 5, 0, 6, -5, 5, 0, 10, 1, -11, -5),
    ],
    tables.interval_rollups: [(3, -91, 0, 1, b"\x00\xff\\\n"), (3, 371, 1, 2, b"")],
    tables.pages: [(1, 3, None, None, "", "naïve", None, "真")],
}


@pytest.mark.parametrize("table", SAMPLE_ROWS, ids=lambda table: table.name)
def test_rows_come_back_as_they_were_inserted(database: Store, table: Table) -> None:
    with database.transaction() as connection:
        connection.execute(table.delete())
        bulk_insert(connection, table, SAMPLE_ROWS[table])
    with database.snapshot() as connection:
        assert [
            tuple(row)
            for row in connection.execute(select(table).order_by(*table.primary_key.columns))
        ] == SAMPLE_ROWS[table]


def test_text_is_ordered_by_its_code_points(database: Store) -> None:
    names = ["Zoe", "zoe", "Ärger", "a b", "a-b", "ab", "_", "真"]
    with database.transaction() as connection:
        bulk_insert(connection, tables.leases, [(name, "", 0) for name in names])
    with database.snapshot() as connection:
        assert connection.execute(
            select(tables.leases.c.name).order_by(tables.leases.c.name)
        ).scalars().all() == sorted(names)


# ---- What is opened


def test_an_empty_database_is_no_store_yet(database_url: str) -> None:
    store = open_store(database_url)
    assert store.is_initialized(world_version=VERSION) is False
    store.close()


def test_a_store_that_was_made_is_one(database: Store) -> None:
    assert database.is_initialized(world_version=VERSION) is True


def test_making_a_store_again_changes_nothing(database: Store) -> None:
    database.create_tables(world_version=VERSION + 1, anchor=7)
    assert stored_anchor(database) == ANCHOR
    assert database.is_initialized(world_version=VERSION) is True


def test_a_store_of_another_world_version_is_refused(database: Store) -> None:
    with pytest.raises(
        UserError,
        match=(
            r"was made by another Playhead \(schema 5, world version 1; this one has schema "
            r"5, world version 2\): name another store"
        ),
    ):
        database.is_initialized(world_version=VERSION + 1)


def test_a_store_of_another_schema_is_refused(database: Store) -> None:
    with database.transaction() as connection:
        connection.execute(
            update(tables.store_metadata).values(schema_version=tables.SCHEMA_VERSION + 1)
        )
    with pytest.raises(UserError, match="was made by another Playhead"):
        database.is_initialized(world_version=VERSION)


def test_somebody_elses_database_is_refused_and_left_alone(database_url: str) -> None:
    store = open_store(database_url)
    with store.transaction() as connection:
        connection.exec_driver_sql("CREATE TABLE invoices (number INTEGER)")
    with pytest.raises(UserError, match="holds other tables than Playhead's"):
        store.is_initialized(world_version=VERSION)
    with store.snapshot() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM invoices").scalar() == 0
    store.close()


def test_a_refusal_names_the_store_without_its_password() -> None:
    with pytest.raises(
        UserError, match=r"postgresql\+psycopg://ann:\*\*\*@127.0.0.1:1/x cannot be opened: "
    ) as refused:
        open_store("postgresql+psycopg://ann:hunter2@127.0.0.1:1/x")
    assert "hunter2" not in str(refused.value) and "\n" not in str(refused.value)


# ---- The temporary store


def test_a_temporary_store_is_removed_when_it_is_closed() -> None:
    store = open_store(None)
    store.create_tables(world_version=VERSION, anchor=ANCHOR)
    folder = store.engine.url.database and Path(store.engine.url.database).parent
    assert folder and folder.is_dir()
    store.close()
    assert not folder.exists()


def test_a_named_store_stays_when_it_is_closed(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    store.create_tables(world_version=VERSION, anchor=ANCHOR)
    store.close()
    assert (tmp_path / "store.db").exists()
