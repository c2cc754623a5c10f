"""Store: one database, opened by URL:

snapshots for reading, transactions for changing, bulk inserts.
"""

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, SQLAlchemyError

from playhead.domain.errors import UserError
from playhead.storage import tables
from playhead.storage.checkpoints import Checkpoints

Row = tuple[Any, ...]  # Any: a row's values are of its columns' types

ADVICE = "name another store, or delete this one and let Playhead make it anew"


class Store:
    """A database with the tables of `tables`.

    Safe to use from many threads and processes at once.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        temporary: Path | None = None,
        checkpoints: Checkpoints | None = None,
    ) -> None:
        self.engine = engine
        self._temporary = temporary
        # A SQLite file has one writer at a time. Threads of one process queue here: the driver
        # would let them sleep and try again, the unlucky for seconds.
        self._write_lock = threading.Lock() if self.is_sqlite else nullcontext()
        self._checkpoints = checkpoints

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The file of a SQLite store."""
        return (
            Path(self.engine.url.database) if self.is_sqlite and self.engine.url.database else None
        )

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection whose every read sees the same instant of the store."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection in a transaction that writes; rolled back when the block raises."""
        # Not a snapshot: what it reads after waiting for a lock must be what stands now.
        options = {} if self.is_sqlite else {"isolation_level": "READ COMMITTED"}
        with (
            self._write_lock,
            self.engine.connect().execution_options(writing=True, **options) as connection,
            connection.begin(),
        ):
            yield connection
        if self._checkpoints:
            self._checkpoints.request()

    def create_tables(self, *, world_version: int, anchor: int) -> None:
        """Make the tables and say what they are.

        Nothing happens where another process was first.
        """
        with self.transaction() as connection:
            advisory_lock(connection, "create")
            if inspect(connection).has_table(tables.store_metadata.name):
                return
            tables.metadata.create_all(connection)
            bulk_insert(
                connection,
                tables.store_metadata,
                [(tables.SCHEMA_VERSION, world_version, anchor, 0, 0, 0)],
            )

    def is_initialized(self, *, world_version: int) -> bool:
        """Whether this is a store already.

        Raises Refusal for a foreign one or one of another version.
        """
        try:
            with self.snapshot() as connection:
                present = set(inspect(connection).get_table_names())
                if not present:
                    return False
                if tables.store_metadata.name not in present:
                    raise UserError(f"{self.safe_url} holds other tables than Playhead's: {ADVICE}")
                made = connection.execute(
                    select(
                        tables.store_metadata.c.schema_version,
                        tables.store_metadata.c.world_version,
                    )
                ).one()
        except DatabaseError as error:
            raise UserError(
                f"{self.safe_url} cannot be read as a store ({_reason(error)}): {ADVICE}"
            ) from None
        if tuple(made) != (tables.SCHEMA_VERSION, world_version):
            wanted = f"schema {tables.SCHEMA_VERSION}, world version {world_version}"
            raise UserError(
                f"{self.safe_url} was made by another Playhead "
                f"(schema {made[0]}, world version {made[1]}"
                f"; this one has {wanted}): {ADVICE}"
            )
        return True

    @property
    def safe_url(self) -> str:
        """The store's address without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    def create_indexes(self) -> None:
        """Build what speeds up reading; called once the first world is loaded."""
        with self.transaction() as connection:
            advisory_lock(connection, "index")
            for index in tables.FACT_INDEXES:
                index.create(connection, checkfirst=True)
            if self.is_sqlite:  # a sample is enough to choose an index by
                connection.exec_driver_sql("PRAGMA analysis_limit=400")
                connection.exec_driver_sql("ANALYZE")
        if not self.is_sqlite:  # an index answers alone only over pages that were vacuumed
            with self.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                connection.exec_driver_sql("VACUUM (ANALYZE)")

    def close(self) -> None:
        """Let go of the database; a temporary one is removed."""
        if self._checkpoints:
            self._checkpoints.stop()
        self.engine.dispose()
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)


def open_for_bulk_load(file: Path) -> Store:
    """A new SQLite file to fill at once:

    nothing is safe until it is closed, so a crash leaves what must be thrown away.
    """
    return Store(_create_engine(f"sqlite:///{file}", pragmas=BULK_LOAD_PRAGMAS))


def open_store(url: str | None, *, template: Path | None = None, anchor: int = 0) -> Store:
    """The store at `url`, or a temporary one.

    A SQLite file that does not exist yet begins as a copy of `template`.
    """
    if url is None:
        directory = Path(tempfile.mkdtemp(prefix="playhead-"))
        file = directory / "store.sqlite"
        _copy_template(file, template, anchor)
        engine = _create_engine(f"sqlite:///{file}")
        return Store(engine, temporary=directory, checkpoints=Checkpoints(engine))
    try:
        parsed = make_url(url)
        engine = _create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise UserError(
            f"store={url!r} cannot be used ({_reason(error)}): sqlite:///file or "
            "postgresql+psycopg://user@host/name"
        ) from None
    if engine.dialect.name not in ("sqlite", "postgresql") or (
        engine.dialect.name == "sqlite" and not parsed.database
    ):
        raise UserError(
            f"store={url!r} cannot be used: sqlite:///file or postgresql+psycopg://user@host/name"
        )
    store = Store(
        engine, checkpoints=Checkpoints(engine) if engine.dialect.name == "sqlite" else None
    )
    if store.file is not None:
        _copy_template(store.file, template, anchor)
    _check_connection(store)
    return store


def _copy_template(file: Path, template: Path | None, anchor: int) -> None:
    """Make the file whole at once, its anchor included, and never in the place of one that another
    process made meanwhile.
    """
    if template is None or file.exists():
        return
    handle, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".part", dir=file.parent)
    os.close(handle)
    try:
        shutil.copyfile(template, name)
        with closing(sqlite3.connect(name, isolation_level=None)) as copy:
            copy.execute(f"UPDATE {tables.store_metadata.name} SET anchor = ?", (anchor,))
        with suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()


def _check_connection(store: Store) -> None:
    if store.file is not None and not store.file.parent.is_dir():
        raise UserError(
            f"{store.safe_url} cannot be opened: there is no directory {store.file.parent}"
        )
    try:
        with store.snapshot():
            pass
    except SQLAlchemyError as error:
        raise UserError(f"{store.safe_url} cannot be opened: {_reason(error)}") from None


def _reason(error: BaseException) -> str:
    text = str(getattr(error, "orig", None) or error).strip()
    return text.splitlines()[0] if text else type(error).__name__


SERVING_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=60000",
    "wal_autocheckpoint=16000",
    "cache_size=-32000",
    "temp_store=MEMORY",
    "mmap_size=1073741824",
)
BULK_LOAD_PRAGMAS = (
    "journal_mode=OFF",
    "synchronous=OFF",
    "locking_mode=EXCLUSIVE",
    "cache_size=-400000",
    "temp_store=MEMORY",
)


def _create_engine(url: str, *, pragmas: Sequence[str] = SERVING_PRAGMAS) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(
            url,
            isolation_level="REPEATABLE READ",
            pool_size=16,
            max_overflow=32,
            connect_args=_postgresql_connect_args(url),
        )
    # While a file is filled, one connection holds it for itself.
    size = (
        {"pool_size": 1, "max_overflow": 0}
        if pragmas is BULK_LOAD_PRAGMAS
        else {"pool_size": 16, "max_overflow": 32}
    )
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 60}, **size)
    event.listen(engine, "connect", partial(_prepare_sqlite, pragmas))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql_connect_args(url: str) -> dict[str, Any]:  # Any: the driver's own arguments
    parsed = make_url(url)
    if parsed.get_driver_name() != "psycopg":
        return {}
    # Never prepared: after a few uses PostgreSQL would keep one plan for all windows and ids, made
    # for none of them.
    never: dict[str, Any] = {"prepare_threshold": None}
    # A commit does not wait for the disk: all see it at once, and what a power cut takes of an
    # emulator is its last moment.
    return never if "options" in parsed.query else {**never, "options": "-c synchronous_commit=off"}


def _prepare_sqlite(
    pragmas: Sequence[str], connection: Any, _record: object
) -> None:  # Any: the driver's own connection
    # The driver would begin transactions only before a change; a snapshot must begin with its first
    # read.
    connection.isolation_level = None
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A change takes the write lock at once: upgrading a read lock later would fail where it need
    # only wait.
    connection.exec_driver_sql(
        "BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN"
    )


def advisory_lock(connection: Connection, name: str) -> None:
    """Until this transaction ends, no other does the same thing.

    On SQLite no other changes anything anyhow.
    """
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def bulk_insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns, by the fastest way of the
    driver.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy_rows(connection, table, rows)
        return
    marks = ",".join("?" * len(table.columns))
    connection.exec_driver_sql(f"INSERT INTO {table.name} VALUES ({marks})", list(rows))


def _copy_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    columns = ",".join(f'"{column.name}"' for column in table.columns)
    cursor: Any = connection.connection.cursor()  # Any: psycopg's own, which knows COPY
    with cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
