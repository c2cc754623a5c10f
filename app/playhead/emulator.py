"""The composition root: settings, storage, worlds and accounts wired together."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Self

from playhead.accounts.clock import AccountClocks
from playhead.accounts.keys import KeyResolver
from playhead.accounts.repository import find_account
from playhead.accounts.service import AccountService
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.domain.account import Account
from playhead.domain.clock import DAY, Clock, utc_datetime, week_start
from playhead.domain.errors import NotFoundError, UserError
from playhead.domain.media import LAST_DAY
from playhead.gateway.metrics import Metrics
from playhead.journal.writer import Journal
from playhead.settings import Settings
from playhead.storage.database import Store
from playhead.world import provisioning, registry, summary
from playhead.world.cache import _open_store
from playhead.world.provisioning import Progress
from playhead.world.registry import WorldKey
from playhead.world.scenario import loader
from playhead.world.summary import WorldStatus, WorldSummary

UNSTORABLE_CHARACTERS = re.compile(
    r"[\ud800-\udfff]|(?<!\\)(?:\\\\)*\\u0000"
)  # as `json` writes it


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
        """Open the store, and generate its world if it is missing; raises UserError."""
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
        """The account of that name, created if it does not exist."""
        return self.accounts.open(name)

    def key_resolver(self, vendor: str, *, auto_create: bool = True) -> KeyResolver:
        """The resolver of a vendor's keys; with `auto_create`, unknown keys get an account."""
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
        """The id of a world, registered if it is new.

        `scenario` is the name of a built-in scenario, the server's own, or a document. Raises
        UserError.
        """
        if scenario is None and seed is None and viewings is None:
            return self.world
        settings = self.settings
        if seed is None:
            seed = settings.seed
        if viewings is None and scenario in (None, settings.scenario):
            viewings = settings.viewings  # the server scales its own scenario
        key = WorldKey(self._scenario_source(scenario), seed, viewings or 0)
        with self.store.transaction() as connection:
            return provisioning.get_or_register(connection, key)

    def _scenario_source(
        self, scenario: str | Mapping[str, object] | None
    ) -> loader.ScenarioSource:
        if scenario is None or scenario == self.settings.scenario:
            return loader.load(self.settings.scenario)
        if not isinstance(scenario, str):
            return loader.source_from_text("scenario", _document_text(scenario))
        if scenario not in loader.builtin_names():  # clients cannot read files
            raise UserError(
                f"there is no scenario {scenario!r}: these ship with Playhead: "
                f"{', '.join(loader.builtin_names())}"
                "; or give a document"
            )
        return loader.load(scenario)

    def world_statuses(self, accounts: Sequence[Account]) -> dict[int, WorldStatus]:
        """The worlds of accounts, by id."""
        with self.store.snapshot() as connection:
            return summary.world_statuses(connection, {account.world for account in accounts})

    @contextmanager
    def snapshot(
        self, account: Account, visibility: Visibility, *, now: int | None = None
    ) -> Iterator[Snapshot]:
        """A snapshot of an account as it is now, its world generated to its clock, or to `now`.

        Raises NotFoundError for a deleted account.
        """
        while True:
            with self.store.snapshot() as connection:
                current = find_account(connection, self.clock, account_id=account.id)
                if current is None:
                    raise NotFoundError(f"there is no account {account.name!r} any more")
                if now is not None:
                    current = replace(current, now=now)
                last_day = registry.required_day(current.relative_now)
                if registry.generated_through(connection, current.world) >= last_day:
                    yield Snapshot(connection, current, visibility)
                    return
            provisioning.generate_through(self.store, current.world, last_day)

    def is_ready(self) -> bool:
        """Whether the store answers, and holds the server's world."""
        return summary.is_generated(self.store, self.world)

    def world_summary(self) -> WorldSummary:
        """Counts and digest of the default world."""
        with self.store.snapshot() as connection:
            return summary.world_summary(connection, self.world)

    def close(self) -> None:
        """Write what is noted, and let go of the store."""
        self.journal.close()
        self.store.close()

    def _generate_through_now(self, progress: Progress | None) -> None:
        anchor = self.accounts.store_anchor()
        now = self.clock.now() - anchor
        if now >= (LAST_DAY + 1) * DAY:
            last = utc_datetime(anchor + (LAST_DAY + 1) * DAY - 1)
            raise UserError(
                f"the clock ({utc_datetime(self.clock.now()):%Y-%m-%d}) is beyond the last day "
                f"of this store's world ({last:%Y-%m-%d}): use a new store or --now"
            )
        last_day = registry.required_day(now)
        if not summary.is_generated(self.store, self.world, through=last_day):
            provisioning.generate_through(self.store, self.world, last_day, progress=progress)


def _document_text(document: Mapping[str, object]) -> str:
    """A document as JSON; raises UserError for characters that not every database stores."""
    text = json.dumps(document, ensure_ascii=False)
    if UNSTORABLE_CHARACTERS.search(text):
        raise UserError("scenario: it holds the character U+0000, or half of a character")
    return text
