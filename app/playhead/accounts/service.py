"""Opening accounts: by a key, by name, as a copy of another; resetting and deleting them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from playhead.accounts import overlays, repository
from playhead.accounts.clock import validate_now
from playhead.accounts.eviction import (
    ACCOUNT_TABLES,
    FORKED_TABLES,
    delete_accounts,
    fork_origin_id,
    fork_origin_overlay,
    mark_world_used,
)
from playhead.accounts.repository import (
    SELECT_ACCOUNT,
    AccountRow,
    account_from_row,
    account_not_found,
    allocate_rule_ids,
    clock_now,
    find_account,
    get_for_update,
)
from playhead.domain.account import EVERY_VENDOR, Account, AccountOptions, ClockSetting
from playhead.domain.clock import Clock, SystemClock, week_start
from playhead.domain.errors import ConflictError
from playhead.domain.ids import account_number
from playhead.storage import tables
from playhead.storage.database import Store, advisory_lock
from playhead.stubs import repository as stub_repository

Credentials = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class NewAccount:
    """An account to open; without a name it is given one, without a world it has the server's."""

    name: str | None = None
    world: int | None = None
    clock: ClockSetting = field(default_factory=ClockSetting)
    options: AccountOptions = field(default_factory=AccountOptions)
    credentials: Credentials = field(default_factory=dict)


class AccountService:
    """The accounts of a store, by the server's clock.

    `world` is that of accounts which say nothing of theirs.
    """

    def __init__(self, store: Store, clock: Clock, default_world: int) -> None:
        self.store = store
        self.clock = clock
        self.default_world = default_world

    def open(self, name: str) -> Account:
        """The account of that name, made where there is none: it costs a row."""
        with self.store.snapshot() as connection:
            account = find_account(connection, self.clock, name=name)
        return account or self._open_new(name)

    def _open_new(self, name: str) -> Account:
        with self.store.transaction() as connection:
            advisory_lock(connection, "account")
            if account := find_account(connection, self.clock, name=name):
                return account
            id_ = self._allocate_id(connection)
            anchor = self._store_anchor(connection)
            planned = stub_repository.install_defaults(connection, id_, self.default_world)
            return self._insert(
                connection,
                id_,
                name,
                self.default_world,
                ClockSetting(),
                anchor=anchor,
                stubs=planned,
            )

    def create(self, new: NewAccount) -> Account:
        """A new account, its anchor the Monday of its clock's week.

        Raises Conflict where its name or a credential is taken, and Refusal for its clock.
        """
        now = clock_now(*new.clock, self.clock)
        world = new.world or self.default_world
        anchor = week_start(now)
        validate_now(now, anchor)
        origin = {"clock": list(new.clock), "options": asdict(new.options)}
        with self.store.transaction() as connection:
            advisory_lock(connection, "account")
            name = self._available_name(connection, new.name)
            id_ = self._allocate_id(connection)
            planned = stub_repository.install_defaults(connection, id_, world)
            options = new.options.to_json()
            account = self._insert(
                connection,
                id_,
                name,
                world,
                new.clock,
                anchor=anchor,
                options=options,
                origin=origin,
                stubs=planned,
            )
            self._register_credentials(connection, account, new.credentials)
            return account

    def fork(self, name: str, new_name: str | None) -> Account:
        """A copy of an account:

        what was recorded, planned and set in it; not its journal and not its credentials.
        """
        with self.store.transaction() as connection:
            advisory_lock(connection, "account")
            row = get_for_update(connection, name)
            new_name = self._available_name(connection, new_name)
            # A fork is reset to what it was forked with: it has that until something is recorded
            # into it, and then a copy.
            overlay = None if row.overlay is None else overlays.copy(connection, row.overlay)
            clock = ClockSetting(row.clock, row.clock_seconds)
            origin = {
                "clock": list(clock),
                "options": json.loads(row.options or "{}"),
                "anchor": row.anchor,
                "overlay": overlay,
                "forked": True,
            }
            id_ = self._allocate_id(connection)
            planned = _copy_plans(connection, row.id, [fork_origin_id(id_), id_])
            return self._insert(
                connection,
                id_,
                new_name,
                row.world,
                clock,
                anchor=row.anchor,
                options=row.options,
                origin=origin,
                overlay=overlay,
                **planned,
            )

    def reset(self, name: str) -> Account:
        """The account as it was created, forked or opened.

        A created one has the Monday of its clock's week for its anchor again.
        """
        with self.store.transaction() as connection:
            row = get_for_update(connection, name)
            origin: dict[str, Any] = (
                json.loads(row.origin) if row.origin else {"anchor": self._store_anchor(connection)}
            )  # Any: JSON
            if row.overlay not in (None, fork_origin_overlay(row.origin)):
                overlays.drop(connection, row.overlay)
            advisory_lock(
                connection, f"faults {row.id}"
            )  # as a request does that one of them strikes
            for table in ACCOUNT_TABLES:
                connection.execute(delete(table).where(table.c.account == row.id))
            clock = ClockSetting(*origin.get("clock", ()))
            connection.execute(
                update(tables.accounts)
                .where(tables.accounts.c.id == row.id)
                .values(
                    overlay=origin.get("overlay"),
                    anchor=origin.get("anchor", week_start(clock_now(*clock, self.clock))),
                    clock=clock.kind,
                    clock_seconds=clock.seconds,
                    options=AccountOptions(**origin.get("options", {})).to_json(),
                    **self._restore_plans(connection, row, origin),
                    modified=1 if row.origin else 0,
                    journal_from=SystemClock().now_ms(),
                )
            )
            return self._reload(connection, row.id)

    def _restore_plans(
        self, connection: Connection, row: AccountRow, origin: Mapping[str, Any]
    ) -> Mapping[str, int]:  # Any: JSON
        """Plan again what an account began with; how many there are, by table."""
        if "forked" in origin:
            return _copy_plans(connection, fork_origin_id(row.id), [row.id])
        return {
            "faults": 0,
            "stubs": stub_repository.install_defaults(connection, row.id, row.world),
        }

    def delete(self, name: str) -> None:
        """Remove an account and all that was recorded, planned and noted in it; raises Missing."""
        with self.store.transaction() as connection:
            delete_accounts(connection, [get_for_update(connection, name)])

    def get(self, name: str) -> Account:
        """The account of that name; raises Missing."""
        with self.store.snapshot() as connection:
            account = find_account(connection, self.clock, name=name)
        if account is None:
            raise account_not_found(name)
        return account

    def list_all(self) -> list[Account]:
        """Every account, in the order of opening."""
        with self.store.snapshot() as connection:
            return [
                account_from_row(row, self.clock)
                for row in connection.execute(SELECT_ACCOUNT.order_by(tables.accounts.c.id))
            ]

    def count(self) -> int:
        """The number of accounts."""
        with self.store.snapshot() as connection:
            counted = select(func.count()).select_from(tables.accounts)
            return connection.execute(counted).scalar_one()

    def store_anchor(self) -> int:
        """The anchor of the store's first start."""
        with self.store.snapshot() as connection:
            return self._store_anchor(connection)

    def _insert(
        self,
        connection: Connection,
        account_id: int,
        name: str,
        world: int,
        clock: ClockSetting,
        *,
        anchor: int,
        options: str = "",
        origin: Mapping[str, Any] | None = None,  # Any: JSON
        overlay: int | None = None,
        faults: int = 0,
        stubs: int = 0,
    ) -> Account:
        values = {
            "id": account_id,
            "name": name,
            "number": account_number(name),
            "world": world,
            "overlay": overlay,
            "anchor": anchor,
        }
        set_ = {
            "clock": clock.kind,
            "clock_seconds": clock.seconds,
            "options": options,
            "modified": 0 if origin is None else 1,
        }
        noted = {
            "origin": "" if origin is None else json.dumps(origin),
            "journal_from": 0,
            "last_used_at": SystemClock().now(),
        }
        connection.execute(
            insert(tables.accounts).values(**values, **set_, **noted, faults=faults, stubs=stubs)
        )
        mark_world_used(connection, [world])
        return self._reload(connection, account_id)

    def _allocate_id(self, connection: Connection) -> int:
        """An id that no account ever had."""
        facts = tables.store_metadata
        connection.execute(update(facts).values(last_account=facts.c.last_account + 1))
        account_id: int = connection.execute(select(facts.c.last_account)).scalar_one()
        return account_id

    def _store_anchor(self, connection: Connection) -> int:
        """The anchor of accounts that a key just opens:

        it stays that of the store's first start.
        """
        anchor: int = connection.execute(select(tables.store_metadata.c.anchor)).scalar_one()
        return anchor

    def _reload(self, connection: Connection, account_id: int) -> Account:
        account = find_account(connection, self.clock, account_id=account_id)
        assert account is not None
        return account

    def _available_name(self, connection: Connection, name: str | None) -> str:
        if name is None:
            last = connection.execute(select(tables.store_metadata.c.last_account)).scalar_one()
            return next(
                free
                for number in count(last + 1)
                if not self._is_name_taken(connection, free := f"account-{number}")
            )
        if find_account(connection, self.clock, name=name):
            raise ConflictError(
                f"there is an account {name!r} already: choose another name, or reset it"
            )
        if self._is_name_taken(connection, name):
            raise ConflictError(
                f"the key {name!r} opens another account already, as a credential of it"
            )
        return name

    def _is_name_taken(self, connection: Connection, name: str) -> bool:
        named = select(tables.accounts.c.id).where(tables.accounts.c.name == name)
        registered = select(tables.credentials.c.account).where(tables.credentials.c.key == name)
        return connection.execute(named.union_all(registered)).first() is not None

    def _register_credentials(
        self, connection: Connection, account: Account, keys: Credentials
    ) -> None:
        credentials = tables.credentials
        for vendor, key in (
            (vendor, key) for vendor, several in keys.items() for key in dict.fromkeys(several)
        ):
            there = select(credentials.c.account).where(
                credentials.c.key == key, credentials.c.account != account.id
            )
            same = (
                there
                if vendor == EVERY_VENDOR
                else there.where(credentials.c.vendor.in_((EVERY_VENDOR, vendor)))
            )
            named = find_account(connection, self.clock, name=key)
            if connection.execute(same).first() or (named and named.id != account.id):
                raise ConflictError(f"the credential {key!r} opens another account already")
            connection.execute(
                insert(credentials).values(vendor=vendor, key=key, account=account.id)
            )


def mark_modified(connection: Connection, account_id: int) -> None:
    """Note that something was set in an account, so that it is never forgotten."""
    connection.execute(
        update(tables.accounts).where(tables.accounts.c.id == account_id).values(modified=1)
    )


def ensure_own_overlay(connection: Connection, row: AccountRow) -> AccountRow:
    """The row of an account that is about to be recorded into.

    A fork whose overlay is still the one it was forked with gets a copy of it.
    """
    if row.overlay is None or row.overlay != fork_origin_overlay(row.origin):
        return row
    accounts = tables.accounts
    connection.execute(
        update(accounts)
        .where(accounts.c.id == row.id)
        .values(overlay=overlays.copy(connection, row.overlay))
    )
    return connection.execute(select(accounts).where(accounts.c.id == row.id)).one()


def _copy_plans(
    connection: Connection, account_id: int, target_ids: Sequence[int]
) -> dict[str, int]:
    """Copy the faults and stubs of an account; how many there are, by table."""
    return {
        table.name: _copy_rows(connection, table, account_id, target_ids) for table in FORKED_TABLES
    }


def _copy_rows(
    connection: Connection, table: Table, account_id: int, target_ids: Sequence[int]
) -> int:
    rows = list(
        connection.execute(
            select(table).where(table.c.account == account_id).order_by(table.c.id)
        ).mappings()
    )
    if rows:
        copies = [{**row, "account": to} for to in target_ids for row in rows]
        ids = allocate_rule_ids(connection, len(copies))
        connection.execute(
            insert(table), [{**row, "id": id_} for id_, row in zip(ids, copies, strict=True)]
        )
    return len(rows)


def get_writable_for_update(connection: Connection, name: str) -> AccountRow:
    """The row of an account, which nobody else changes until the transaction ends, its overlay one
    that may be written to; raises Missing.
    """
    return ensure_own_overlay(connection, repository.get_for_update(connection, name))


def create_overlay(connection: Connection, account: int) -> int:
    """Give an account an overlay world in which nothing is."""
    world = overlays.create(connection)
    connection.execute(
        update(tables.accounts).where(tables.accounts.c.id == account).values(overlay=world)
    )
    return world
