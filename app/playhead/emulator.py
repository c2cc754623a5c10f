"""Emulator: settings, clock and store wired together; a credential opens an account."""

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Self

from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from playhead.accounts.account import Account, Opened, find, find_by_key, find_by_number
from playhead.accounts.clocks import Clocks
from playhead.accounts.forgetting import seen
from playhead.accounts.journal import Journal
from playhead.accounts.opening import Accounts
from playhead.clock import DAY, Clock, SystemClock, monday_of, utc
from playhead.failure import Failure, Kind, Missing, Problem, Refusal, Rule
from playhead.metrics import Metrics
from playhead.settings import Settings
from playhead.stats.reading import Reading, Sight
from playhead.store import tables
from playhead.store.store import Store, open_for_filling, open_store
from playhead.world import growth, source
from playhead.world.dice import WORLD_VERSION
from playhead.world.growth import Progress, WorldKey
from playhead.world.terms import FIRST_DAY, LAST_DAY

UNKEPT = re.compile(r"[\ud800-\udfff]|(?<!\\)(?:\\\\)*\\u0000")  # as `json` writes it


class WorldSummary(NamedTuple):
    """What a start prints of its world."""

    scenario: str
    seed: int
    version: int
    digest: str
    media: int
    viewers: int
    viewings: int


class KnownWorld(NamedTuple):
    """A world that accounts have, and the last day that is generated of it; None before the first."""

    scenario: str
    seed: int
    through: int | None

    def is_ready(self, account: Account) -> bool:
        """Whether it is generated as far as the clock of an account needs it."""
        return self.through is not None and self.through >= growth.day_needed(account.relative_now)


class Emulator:
    """One store with one default world; two of them in a process do not notice each other."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, world: int) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.world = world
        self.accounts = Accounts(store, clock, world)
        self.clocks = Clocks(store, clock)
        self.journal = Journal(store)
        self.metrics: Metrics | None = None

    @classmethod
    def open(cls, settings: Settings, *, progress: Progress | None = None) -> Self:
        """Open the store, with its world generated where it is missing; raises Refusal."""
        metrics = Metrics() if settings.metrics else None
        clock = settings.clock()
        key = WorldKey(source.find(settings.scenario), settings.seed, settings.viewings or 0)
        store = _opened(settings, key, anchor=monday_of(clock.now()), progress=progress)
        try:
            emulator = cls(settings, store, clock, growth.make(store, key, progress=progress))
            emulator.metrics = metrics
            emulator._grow(progress)
        except BaseException:
            store.close()
            raise
        return emulator

    def account(self, name: str) -> Account:
        """The account of that name, opened where there is none."""
        return self.accounts.open(name)

    def keys(self, vendor: str, *, opens: bool = True) -> "Keys":
        """What keys open at a vendor; those that open nothing yet are only given an account when `opens`."""
        return Keys(self, vendor, opens=opens and self.settings.auth == "open")

    def world_of(self, scenario: str | Mapping[str, object] | None, *, seed: int | None, viewings: int | None) -> int:
        """The id of a world, noted where it is missing: of a scenario that ships with Playhead or the server's own, or of a document. Raises Refusal."""
        if scenario is None and seed is None and viewings is None:
            return self.world
        settings = self.settings
        usual = settings.viewings if scenario in (None, settings.scenario) else None  # the server scales its own scenario
        key = WorldKey(self._source(scenario), settings.seed if seed is None else seed, viewings or usual or 0)
        with self.store.change() as connection:
            return growth.register(connection, key)

    def _source(self, scenario: str | Mapping[str, object] | None) -> source.Source:
        if scenario is None or scenario == self.settings.scenario:
            return source.find(self.settings.scenario)
        if not isinstance(scenario, str):
            return source.of_text("scenario", _written(scenario))
        if scenario not in source.shipped_names():  # a server does not read files for whoever asks
            raise Refusal(f"there is no scenario {scenario!r}: these ship with Playhead: {', '.join(source.shipped_names())}; or give a document")
        return source.find(scenario)

    def worlds(self, accounts: Sequence[Account]) -> dict[int, KnownWorld]:
        """The worlds of accounts, by id."""
        worlds, days = tables.worlds.c, tables.days.c
        ids = {account.world for account in accounts}
        with self.store.snapshot() as connection:
            grown = connection.execute(select(days.world, func.max(days.day)).where(days.world.in_(ids)).group_by(days.world))
            done = dict(iter(grown))
            rows = connection.execute(select(worlds.id, worlds.scenario, worlds.seed).where(worlds.id.in_(ids)))
            return {row.id: KnownWorld(row.scenario, row.seed, done.get(row.id)) for row in rows}

    @contextmanager
    def reading(self, account: Account, sight: Sight, *, at: int | None = None) -> Iterator[Reading]:
        """One snapshot of an account as it stands now, its world grown to its clock (or to `at`); raises Missing when it is gone."""
        while True:
            with self.store.snapshot() as connection:
                found = find(connection, self.clock, id=account.id)
                if found is None:
                    raise Missing(f"there is no account {account.name!r} any more")
                found = found if at is None else replace(found, now=at)
                needed = growth.day_needed(found.relative_now)
                if growth.through(connection, found.world) >= needed:
                    yield Reading(connection, found, sight)
                    return
            growth.grow(self.store, found.world, needed)

    def is_up(self) -> bool:
        """Whether the store answers, and holds the server's world."""
        try:
            with self.store.snapshot() as connection:
                return growth.through(connection, self.world) >= FIRST_DAY
        except SQLAlchemyError:
            return False

    def number_of_accounts(self) -> int:
        """How many accounts the store has."""
        with self.store.snapshot() as connection:
            return connection.execute(select(func.count()).select_from(tables.accounts)).scalar_one()

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
        """Write what is noted, and let go of the store."""
        self.journal.close()
        self.store.close()

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


class Keys:
    """What keys open at one vendor."""

    def __init__(self, emulator: Emulator, vendor: str, *, opens: bool) -> None:
        self.emulator = emulator
        self.vendor = vendor
        self.opens = opens
        self.opened: Account | None = None  # the last one: a key that is refused for another reason has still named its account

    def account(self, key: str) -> Account:
        """The account that a key opens: as a registered credential, or as its name; raises Failure(unauthenticated) where it opens none."""
        emulator = self.emulator
        with emulator.store.snapshot() as connection:
            opened = find_by_key(connection, emulator.clock, vendor=self.vendor, key=key)
        if found := self._admitted(opened):
            return found
        if not self.opens:
            reason = "no account is registered for it, and only registered credentials open anything"
            raise Failure(Kind.unauthenticated, [Problem("Authorization", Rule.refused, bounds={"reason": reason})])
        self.opened = emulator.accounts.open(key)
        return self.opened

    def account_of_number(self, number: int) -> Account | None:
        """The account of that number, if it was ever opened."""
        with self.emulator.store.snapshot() as connection:
            opened = find_by_number(connection, self.emulator.clock, number)
        return self._admitted(opened)

    def _admitted(self, opened: Opened | None) -> Account | None:
        """The account that was asked for, noted as in use; a strict server has none but those that were created."""
        settings = self.emulator.settings
        if opened is None or (settings.auth == "strict" and not opened.created):
            return None
        if SystemClock().now() - opened.seen_at > settings.idle // 8:
            seen(self.emulator.store, opened.account, idle=settings.idle)
        self.opened = opened.account
        return opened.account


def _written(document: Mapping[str, object]) -> str:
    """A document as text; raises Refusal for characters that JSON can send and not every database keeps."""
    text = json.dumps(document, ensure_ascii=False)
    if UNKEPT.search(text):
        raise Refusal("scenario: it holds the character U+0000, or half of a character")
    return text


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
