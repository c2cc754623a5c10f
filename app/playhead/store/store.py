"""Store: one database, opened by URL: snapshots for reading, transactions for changing, bulk inserts."""

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

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, SQLAlchemyError

from playhead.failure import Refusal
from playhead.store import tables
from playhead.store.checkpoints import Checkpoints

Row = tuple[Any, ...]  # Any: a row's values are of its columns' types

ADVICE = "name another store, or delete this one and let Playhead make it anew"


class Store:
    """A database with the tables of `tables`; safe to use from many threads and processes at once."""

    def __init__(self, engine: Engine, *, temporary: Path | None = None, checkpoints: Checkpoints | None = None) -> None:
        self.engine = engine
        self._temporary = temporary
        # A SQLite file has one writer at a time. Threads of one process queue here: the driver would let them sleep and try again, the unlucky for seconds.
        self._turn = threading.Lock() if self.is_sqlite else nullcontext()
        self._checkpoints = checkpoints

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The file of a SQLite store."""
        return Path(self.engine.url.database) if self.is_sqlite and self.engine.url.database else None

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection whose every read sees the same instant of the store."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def change(self) -> Iterator[Connection]:
        """A connection in a transaction that writes; rolled back when the block raises."""
        # Not a snapshot: what it reads after waiting for a lock must be what stands now.
        options = {} if self.is_sqlite else {"isolation_level": "READ COMMITTED"}
        with self._turn, self.engine.connect().execution_options(writing=True, **options) as connection, connection.begin():
            yield connection
        if self._checkpoints:
            self._checkpoints.note()

    def create(self, *, world_version: int, anchor: int) -> None:
        """Make the tables and say what they are; nothing happens where another process was first."""
        with self.change() as connection:
            exclusively(connection, "create")
            if inspect(connection).has_table(tables.facts.name):
                return
            tables.metadata.create_all(connection)
            insert(connection, tables.facts, [(tables.SCHEMA_VERSION, world_version, anchor, 0, 0)])

    def check(self, *, world_version: int) -> bool:
        """Whether this is a store already; raises Refusal for a foreign one or one of another version."""
        try:
            with self.snapshot() as connection:
                present = set(inspect(connection).get_table_names())
                if not present:
                    return False
                if tables.facts.name not in present:
                    raise Refusal(f"{self.name} holds other tables than Playhead's: {ADVICE}")
                made = connection.execute(select(tables.facts.c.schema_version, tables.facts.c.world_version)).one()
        except DatabaseError as error:
            raise Refusal(f"{self.name} cannot be read as a store ({_reason(error)}): {ADVICE}") from None
        if tuple(made) != (tables.SCHEMA_VERSION, world_version):
            wanted = f"schema {tables.SCHEMA_VERSION}, world version {world_version}"
            raise Refusal(f"{self.name} was made by another Playhead (schema {made[0]}, world version {made[1]}; this one has {wanted}): {ADVICE}")
        return True

    @property
    def name(self) -> str:
        """The store's address without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    def index(self) -> None:
        """Build what speeds up reading; called once the first world is loaded."""
        with self.change() as connection:
            exclusively(connection, "index")
            for index in tables.FACT_INDEXES:
                index.create(connection, checkfirst=True)
            if self.is_sqlite:  # a sample is enough to choose an index by
                connection.exec_driver_sql("PRAGMA analysis_limit=400")
                connection.exec_driver_sql("ANALYZE")
        if not self.is_sqlite:  # an index answers alone only over pages that were vacuumed
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM (ANALYZE)")

    def close(self) -> None:
        """Let go of the database; a temporary one is removed."""
        if self._checkpoints:
            self._checkpoints.end()
        self.engine.dispose()
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)


def open_for_filling(file: Path) -> Store:
    """A new SQLite file to fill at once: nothing is safe until it is closed, so a crash leaves what must be thrown away."""
    return Store(_engine(f"sqlite:///{file}", pragmas=FILLING))


def open_store(url: str | None, *, template: Path | None = None, anchor: int = 0) -> Store:
    """The store at `url`, or a temporary one; a SQLite file that does not exist yet begins as a copy of `template`."""
    if url is None:
        directory = Path(tempfile.mkdtemp(prefix="playhead-"))
        file = directory / "store.sqlite"
        _begin_as_copy(file, template, anchor)
        engine = _engine(f"sqlite:///{file}")
        return Store(engine, temporary=directory, checkpoints=Checkpoints(engine))
    try:
        parsed = make_url(url)
        engine = _engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise Refusal(f"store={url!r} cannot be used ({_reason(error)}): sqlite:///file or postgresql+psycopg://user@host/name") from None
    if engine.dialect.name not in ("sqlite", "postgresql") or (engine.dialect.name == "sqlite" and not parsed.database):
        raise Refusal(f"store={url!r} cannot be used: sqlite:///file or postgresql+psycopg://user@host/name")
    store = Store(engine, checkpoints=Checkpoints(engine) if engine.dialect.name == "sqlite" else None)
    if store.file is not None:
        _begin_as_copy(store.file, template, anchor)
    _try_connecting(store)
    return store


def _begin_as_copy(file: Path, template: Path | None, anchor: int) -> None:
    """Make the file whole at once, its anchor included, and never in the place of one that another process made meanwhile."""
    if template is None or file.exists():
        return
    handle, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".part", dir=file.parent)
    os.close(handle)
    try:
        shutil.copyfile(template, name)
        with closing(sqlite3.connect(name, isolation_level=None)) as copy:
            copy.execute(f"UPDATE {tables.facts.name} SET anchor = ?", (anchor,))
        with suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()


def _try_connecting(store: Store) -> None:
    if store.file is not None and not store.file.parent.is_dir():
        raise Refusal(f"{store.name} cannot be opened: there is no directory {store.file.parent}")
    try:
        with store.snapshot():
            pass
    except SQLAlchemyError as error:
        raise Refusal(f"{store.name} cannot be opened: {_reason(error)}") from None


def _reason(error: BaseException) -> str:
    text = str(getattr(error, "orig", None) or error).strip()
    return text.splitlines()[0] if text else type(error).__name__


SERVING = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=60000",
    "wal_autocheckpoint=16000",
    "cache_size=-32000",
    "temp_store=MEMORY",
    "mmap_size=1073741824",
)
FILLING = ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-400000", "temp_store=MEMORY")


def _engine(url: str, *, pragmas: Sequence[str] = SERVING) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, isolation_level="REPEATABLE READ", pool_size=16, max_overflow=32, connect_args=_of_postgresql(url))
    # While a file is filled, one connection holds it for itself.
    size = {"pool_size": 1, "max_overflow": 0} if pragmas is FILLING else {"pool_size": 16, "max_overflow": 32}
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 60}, **size)
    event.listen(engine, "connect", partial(_prepare_sqlite, pragmas))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _of_postgresql(url: str) -> dict[str, Any]:  # Any: the driver's own arguments
    parsed = make_url(url)
    if parsed.get_driver_name() != "psycopg":
        return {}
    # Never prepared: after a few uses PostgreSQL would keep one plan for all windows and ids, made for none of them.
    never: dict[str, Any] = {"prepare_threshold": None}
    # A commit does not wait for the disk: all see it at once, and what a power cut takes of an emulator is its last moment.
    return never if "options" in parsed.query else {**never, "options": "-c synchronous_commit=off"}


def _prepare_sqlite(pragmas: Sequence[str], connection: Any, _record: object) -> None:  # Any: the driver's own connection
    # The driver would begin transactions only before a change; a snapshot must begin with its first read.
    connection.isolation_level = None
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A change takes the write lock at once: upgrading a read lock later would fail where it need only wait.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")


def exclusively(connection: Connection, what: str) -> None:
    """Until this transaction ends, no other does the same thing; on SQLite no other changes anything anyhow."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(sha256(what.encode()).digest()[:8], signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns, by the fastest way of the driver."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
        return
    marks = ",".join("?" * len(table.columns))
    connection.exec_driver_sql(f"INSERT INTO {table.name} VALUES ({marks})", list(rows))


def _copy(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    columns = ",".join(f'"{column.name}"' for column in table.columns)
    cursor: Any = connection.connection.cursor()  # Any: psycopg's own, which knows COPY
    with cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
