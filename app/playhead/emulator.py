"""Emulator: settings, clock and store wired together; a credential opens an account."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple, Self

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from playhead.accounts.clock import AccountClocks
from playhead.accounts.keys import KeyResolver
from playhead.accounts.repository import find_account
from playhead.accounts.service import AccountService
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.domain.account import Account
from playhead.domain.clock import DAY, Clock, utc_datetime, week_start
from playhead.domain.errors import NotFoundError, UserError
from playhead.domain.media import FIRST_DAY, LAST_DAY
from playhead.gateway.metrics import Metrics
from playhead.journal.writer import Journal
from playhead.settings import Settings
from playhead.storage import tables
from playhead.storage.database import Store
from playhead.world import provisioning, registry
from playhead.world.cache import _open_store
from playhead.world.provisioning import Progress
from playhead.world.registry import WorldKey
from playhead.world.scenario import loader

UNSTORABLE_CHARACTERS = re.compile(
    r"[\ud800-\udfff]|(?<!\\)(?:\\\\)*\\u0000"
)  # as `json` writes it


class WorldSummary(NamedTuple):
    """What a start prints of its world."""

    scenario: str
    seed: int
    version: int
    digest: str
    media: int
    viewers: int
    viewings: int


class WorldStatus(NamedTuple):
    """A world that accounts have, and the last day that is generated of it.

    None before the first.
    """

    scenario: str
    seed: int
    generated_through: int | None

    def is_ready(self, account: Account) -> bool:
        """Whether it is generated as far as the clock of an account needs it."""
        return (
            self.generated_through is not None
            and self.generated_through >= registry.required_day(account.relative_now)
        )


class Emulator:
    """One store with one default world; two of them in a process do not notice each other."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, world: int) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.world = world
        self.accounts = AccountService(store, clock, world)
        self.clocks = AccountClocks(store, clock)
        self.journal = Journal(store)
        self.metrics: Metrics | None = None

    @classmethod
    def open(cls, settings: Settings, *, progress: Progress | None = None) -> Self:
        """Open the store, with its world generated where it is missing; raises Refusal."""
        metrics = Metrics() if settings.metrics else None
        clock = settings.make_clock()
        key = WorldKey(loader.load(settings.scenario), settings.seed, settings.viewings or 0)
        store = _open_store(settings, key, anchor=week_start(clock.now()), progress=progress)
        try:
            emulator = cls(
                settings, store, clock, provisioning.ensure(store, key, progress=progress)
            )
            emulator.metrics = metrics
            emulator._generate_through_now(progress)
        except BaseException:
            store.close()
            raise
        return emulator

    def open_account(self, name: str) -> Account:
        """The account of that name, opened where there is none."""
        return self.accounts.open(name)

    def key_resolver(self, vendor: str, *, auto_create: bool = True) -> "KeyResolver":
        """What keys open at a vendor.

        Those that open nothing yet are only given an account when `opens`.
        """
        is_open = self.settings.auth == "open"
        return KeyResolver(
            self.accounts,
            vendor,
            registered_only=not is_open,
            auto_create=auto_create and is_open,
            account_ttl=self.settings.account_ttl,
        )

    def get_or_register_world(
        self, scenario: str | Mapping[str, object] | None, *, seed: int | None, viewings: int | None
    ) -> int:
        """The id of a world, noted where it is missing:

        of a scenario that ships with Playhead or the server's own, or of a document. Raises
        Refusal.
        """
        if scenario is None and seed is None and viewings is None:
            return self.world
        settings = self.settings
        usual = (
            settings.viewings if scenario in (None, settings.scenario) else None
        )  # the server scales its own scenario
        key = WorldKey(
            self._scenario_source(scenario),
            settings.seed if seed is None else seed,
            viewings or usual or 0,
        )
        with self.store.transaction() as connection:
            return provisioning.get_or_register(connection, key)

    def _scenario_source(
        self, scenario: str | Mapping[str, object] | None
    ) -> loader.ScenarioSource:
        if scenario is None or scenario == self.settings.scenario:
            return loader.load(self.settings.scenario)
        if not isinstance(scenario, str):
            return loader.source_from_text("scenario", _document_text(scenario))
        if scenario not in loader.builtin_names():  # a server does not read files for whoever asks
            raise UserError(
                f"there is no scenario {scenario!r}: these ship with Playhead: "
                f"{', '.join(loader.builtin_names())}"
                "; or give a document"
            )
        return loader.load(scenario)

    def world_statuses(self, accounts: Sequence[Account]) -> dict[int, WorldStatus]:
        """The worlds of accounts, by id."""
        worlds = tables.worlds.c
        days = tables.days.c
        ids = {account.world for account in accounts}
        with self.store.snapshot() as connection:
            grown = connection.execute(
                select(days.world, func.max(days.day))
                .where(days.world.in_(ids))
                .group_by(days.world)
            )
            done = dict(iter(grown))
            rows = connection.execute(
                select(worlds.id, worlds.scenario, worlds.seed).where(worlds.id.in_(ids))
            )
            return {row.id: WorldStatus(row.scenario, row.seed, done.get(row.id)) for row in rows}

    @contextmanager
    def snapshot(
        self, account: Account, visibility: Visibility, *, now: int | None = None
    ) -> Iterator[Snapshot]:
        """One snapshot of an account as it stands now, its world grown to its clock (or to `at`).

        Raises Missing when it is gone.
        """
        while True:
            with self.store.snapshot() as connection:
                found = find_account(connection, self.clock, account_id=account.id)
                if found is None:
                    raise NotFoundError(f"there is no account {account.name!r} any more")
                found = found if now is None else replace(found, now=now)
                needed = registry.required_day(found.relative_now)
                if registry.generated_through(connection, found.world) >= needed:
                    yield Snapshot(connection, found, visibility)
                    return
            provisioning.generate_through(self.store, found.world, needed)

    def is_ready(self) -> bool:
        """Whether the store answers, and holds the server's world."""
        try:
            with self.store.snapshot() as connection:
                return registry.generated_through(connection, self.world) >= FIRST_DAY
        except SQLAlchemyError:
            return False

    def count_accounts(self) -> int:
        """How many accounts the store has."""
        with self.store.snapshot() as connection:
            return connection.execute(
                select(func.count()).select_from(tables.accounts)
            ).scalar_one()

    def world_summary(self) -> WorldSummary:
        """Counts and digest of the default world."""
        with self.store.snapshot() as connection:
            row = connection.execute(
                select(tables.worlds).where(tables.worlds.c.id == self.world)
            ).one()
            counts = [
                connection.execute(
                    select(func.count()).select_from(table).where(table.c.world == self.world)
                ).scalar_one()
                for table in (tables.media, tables.viewers)
            ]
            viewings = (
                connection.execute(
                    select(func.sum(tables.days.c.viewings)).where(
                        tables.days.c.world == self.world
                    )
                ).scalar()
                or 0
            )
            digest = registry.digest_from_days(connection, self.world)
            return WorldSummary(
                row.scenario, row.seed, row.version, digest, counts[0], counts[1], int(viewings)
            )

    def close(self) -> None:
        """Write what is noted, and let go of the store."""
        self.journal.close()
        self.store.close()

    def _generate_through_now(self, progress: Progress | None) -> None:
        with self.store.snapshot() as connection:
            anchor = connection.execute(select(tables.store_metadata.c.anchor)).scalar_one()
            done = registry.generated_through(connection, self.world)
        now = self.clock.now() - anchor
        if now >= (LAST_DAY + 1) * DAY:
            last = utc_datetime(anchor + (LAST_DAY + 1) * DAY - 1)
            raise UserError(
                f"the clock ({utc_datetime(self.clock.now()):%Y-%m-%d}) is beyond the last day "
                f"of this store's world ({last:%Y-%m-%d}): use a new store or --now"
            )
        if done < registry.required_day(now):
            provisioning.generate_through(
                self.store, self.world, registry.required_day(now), progress=progress
            )


def _document_text(document: Mapping[str, object]) -> str:
    """A document as text.

    Raises Refusal for characters that JSON can send and not every database keeps.
    """
    text = json.dumps(document, ensure_ascii=False)
    if UNSTORABLE_CHARACTERS.search(text):
        raise UserError("scenario: it holds the character U+0000, or half of a character")
    return text
