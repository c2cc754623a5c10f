"""Emulator: settings, clock and store wired together; a credential opens an account."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Self

from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from playhead.accounts.account import Account, find, open_account
from playhead.clock import DAY, Clock, monday_of, utc
from playhead.failure import Refusal
from playhead.settings import Settings
from playhead.store import tables
from playhead.store.store import Store, open_for_filling, open_store
from playhead.world import growth, source
from playhead.world.dice import WORLD_VERSION
from playhead.world.growth import Progress, WorldKey
from playhead.world.terms import LAST_DAY


class WorldSummary(NamedTuple):
    """What a start prints of its world."""

    scenario: str
    seed: int
    version: int
    digest: str
    media: int
    viewers: int
    viewings: int


class Emulator:
    """One store with one default world; two of them in a process do not notice each other."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, world: int) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.world = world

    @classmethod
    def open(cls, settings: Settings, *, progress: Progress | None = None) -> Self:
        """Open the store, with its world generated where it is missing; raises Refusal."""
        clock = settings.clock()
        key = WorldKey(source.find(settings.scenario), settings.seed, settings.viewings or 0)
        store = _opened(settings, key, anchor=monday_of(clock.now()), progress=progress)
        try:
            emulator = cls(settings, store, clock, growth.make(store, key, progress=progress))
            emulator._grow(progress)
        except BaseException:
            store.close()
            raise
        return emulator

    def account(self, name: str) -> Account:
        """The account that a credential of that name opens, its world grown to its clock."""
        account = open_account(self.store, name, world=self.world, clock=self.clock)
        return self._grown(account)

    def account_of_number(self, number: int) -> Account | None:
        """The account of that number, if it was ever opened."""
        with self.store.snapshot() as connection:
            account = find(connection, self.clock, number=number)
        return self._grown(account) if account else None

    def summary(self) -> WorldSummary:
        """Counts and digest of the default world."""
        with self.store.snapshot() as connection:
            row = connection.execute(select(tables.worlds).where(tables.worlds.c.id == self.world)).one()
            counts = [
                connection.execute(select(func.count()).select_from(table).where(table.c.world == self.world)).scalar_one()
                for table in (tables.media, tables.viewers)
            ]
            viewings = connection.execute(select(func.sum(tables.days.c.viewings)).where(tables.days.c.world == self.world)).scalar() or 0
            digest = growth.digest_of(connection, self.world)
            return WorldSummary(row.scenario, row.seed, row.version, digest, counts[0], counts[1], int(viewings))

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def _grown(self, account: Account) -> Account:
        needed = growth.day_needed(account.relative_now)
        with self.store.snapshot() as connection:
            missing = growth.through(connection, account.world) < needed
        if missing:
            growth.grow(self.store, account.world, needed)
        return account

    def _grow(self, progress: Progress | None) -> None:
        with self.store.snapshot() as connection:
            anchor = connection.execute(select(tables.facts.c.anchor)).scalar_one()
            done = growth.through(connection, self.world)
        now = self.clock.now() - anchor
        if now >= (LAST_DAY + 1) * DAY:
            last = utc(anchor + (LAST_DAY + 1) * DAY - 1)
            raise Refusal(
                f"the clock ({utc(self.clock.now()):%Y-%m-%d}) is beyond the last day of this store's world ({last:%Y-%m-%d}): use a new store or --now"
            )
        if done < growth.day_needed(now):
            growth.grow(self.store, self.world, growth.day_needed(now), progress=progress)


def _opened(settings: Settings, key: WorldKey, *, anchor: int, progress: Progress | None) -> Store:
    """The store of the settings; a new SQLite file begins as a copy of the cached world."""
    template = _cached(settings.cache, key, progress) if _begins_as_file(settings.store) else None
    store = open_store(settings.store, template=template, anchor=anchor)
    try:
        if not store.check(world_version=WORLD_VERSION):
            store.create(world_version=WORLD_VERSION, anchor=anchor)
    except BaseException:
        store.close()
        raise
    return store


def _begins_as_file(url: str | None) -> bool:
    if url is None:
        return True
    file = url.removeprefix("sqlite:///")
    return file != url and bool(file) and not Path(file).exists() and Path(file).parent.is_dir()


def _cached(directory: Path, key: WorldKey, progress: Progress | None) -> Path | None:
    """The file that keeps the world in the cache, made where it is missing; None where nothing can be kept."""
    file = directory / f"{key.name}.sqlite"
    if _is_whole(file):
        return file
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{key.name}.", suffix=".part", dir=directory)
        os.close(handle)
        partial = Path(name)
        try:
            _generate_into(partial, key, progress)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    except (OSError, DatabaseError):
        return None
    return file


def _is_whole(file: Path) -> bool:
    """Whether the cache holds the file, and nothing has spoiled its beginning."""
    try:
        with file.open("rb") as kept:
            return kept.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _generate_into(file: Path, key: WorldKey, progress: Callable[[int, int], None] | None) -> None:
    store = open_for_filling(file)
    try:
        store.create(world_version=WORLD_VERSION, anchor=0)
        growth.make(store, key, progress=progress)
    finally:
        store.close()
