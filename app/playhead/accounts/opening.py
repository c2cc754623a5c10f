"""Opening accounts: by a key, by name, as a copy of another; resetting and deleting them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from playhead.accounts import overlays, stubs
from playhead.accounts.account import EVERY_VENDOR, PLAIN, Account, AnyRow, ClockSetting, Options, account_of, find, locked, no_account, now_of
from playhead.accounts.clocks import check
from playhead.accounts.forgetting import OF_AN_ACCOUNT, PLANNED, kept_for, kept_overlay, remove, want
from playhead.clock import Clock, SystemClock, monday_of
from playhead.failure import Conflict
from playhead.ids import account_number
from playhead.store import tables
from playhead.store.store import Store, exclusively

Credentials = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class NewAccount:
    """An account to open; without a name it is given one, without a world it has the server's."""

    name: str | None = None
    world: int | None = None
    clock: ClockSetting = field(default_factory=ClockSetting)
    options: Options = field(default_factory=Options)
    credentials: Credentials = field(default_factory=dict)


class Accounts:
    """The accounts of a store, by the server's clock; `world` is that of accounts which say nothing of theirs."""

    def __init__(self, store: Store, clock: Clock, world: int) -> None:
        self.store = store
        self.clock = clock
        self.world = world

    def open(self, name: str) -> Account:
        """The account of that name, made where there is none: it costs a row."""
        with self.store.snapshot() as connection:
            account = find(connection, self.clock, name=name)
        return account or self._open(name)

    def _open(self, name: str) -> Account:
        with self.store.change() as connection:
            exclusively(connection, "account")
            if account := find(connection, self.clock, name=name):
                return account
            id_, anchor = self._take_id(connection), self._first_anchor(connection)
            planned = stubs.of_world(connection, id_, self.world)
            return self._insert(connection, id_, name, self.world, ClockSetting(), anchor=anchor, stubs=planned)

    def create(self, new: NewAccount) -> Account:
        """A new account, its anchor the Monday of its clock's week; raises Conflict where its name or a credential is taken, and Refusal for its clock."""
        now, world = now_of(*new.clock, self.clock), new.world or self.world
        anchor = monday_of(now)
        check(now, anchor)
        origin = {"clock": list(new.clock), "options": asdict(new.options)}
        with self.store.change() as connection:
            exclusively(connection, "account")
            name, id_ = self._free_name(connection, new.name), self._take_id(connection)
            planned, options = stubs.of_world(connection, id_, world), new.options.text()
            account = self._insert(connection, id_, name, world, new.clock, anchor=anchor, options=options, origin=origin, stubs=planned)
            self._register(connection, account, new.credentials)
            return account

    def fork(self, name: str, into: str | None) -> Account:
        """A copy of an account: what was recorded, planned and set in it; not its journal and not its credentials."""
        with self.store.change() as connection:
            exclusively(connection, "account")
            row, into = locked(connection, name), self._free_name(connection, into)
            # A fork is reset to what it was forked with: it has that until something is recorded into it, and then a copy.
            overlay = None if row.overlay is None else overlays.copy(connection, row.overlay)
            clock = ClockSetting(row.clock, row.clock_seconds)
            origin = {"clock": list(clock), "options": json.loads(row.options or "{}"), "anchor": row.anchor, "overlay": overlay, "forked": True}
            id_ = self._take_id(connection)
            planned = _copy_plans(connection, row.id, [kept_for(id_), id_])
            return self._insert(connection, id_, into, row.world, clock, anchor=row.anchor, options=row.options, origin=origin, overlay=overlay, **planned)

    def reset(self, name: str) -> Account:
        """The account as it was created, forked or opened; a created one has the Monday of its clock's week for its anchor again."""
        with self.store.change() as connection:
            row = locked(connection, name)
            origin: dict[str, Any] = json.loads(row.origin) if row.origin else {"anchor": self._first_anchor(connection)}  # Any: JSON
            if row.overlay not in (None, kept_overlay(row.origin)):
                overlays.drop(connection, row.overlay)
            exclusively(connection, f"faults {row.id}")  # as a request does that one of them strikes
            for table in OF_AN_ACCOUNT:
                connection.execute(delete(table).where(table.c.account == row.id))
            clock = ClockSetting(*origin.get("clock", ()))
            connection.execute(
                update(tables.accounts)
                .where(tables.accounts.c.id == row.id)
                .values(
                    overlay=origin.get("overlay"),
                    anchor=origin.get("anchor", monday_of(now_of(*clock, self.clock))),
                    clock=clock.kind,
                    clock_seconds=clock.seconds,
                    options=Options(**origin.get("options", {})).text(),
                    **self._plans(connection, row, origin),
                    touched=1 if row.origin else 0,
                    journal_from=SystemClock().milliseconds(),
                )
            )
            return self._again(connection, row.id)

    def _plans(self, connection: Connection, row: AnyRow, origin: Mapping[str, Any]) -> Mapping[str, int]:  # Any: JSON
        """Plan again what an account began with; how many there are, by table."""
        if "forked" in origin:
            return _copy_plans(connection, kept_for(row.id), [row.id])
        return {"faults": 0, "stubs": stubs.of_world(connection, row.id, row.world)}

    def delete(self, name: str) -> None:
        """Remove an account and all that was recorded, planned and noted in it; raises Missing."""
        with self.store.change() as connection:
            remove(connection, [locked(connection, name)])

    def one(self, name: str) -> Account:
        """The account of that name; raises Missing."""
        with self.store.snapshot() as connection:
            account = find(connection, self.clock, name=name)
        if account is None:
            raise no_account(name)
        return account

    def all(self) -> list[Account]:
        """Every account, in the order of opening."""
        with self.store.snapshot() as connection:
            return [account_of(row, self.clock) for row in connection.execute(PLAIN.order_by(tables.accounts.c.id))]

    def _insert(
        self,
        connection: Connection,
        id_: int,
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
        values = {"id": id_, "name": name, "number": account_number(name), "world": world, "overlay": overlay, "anchor": anchor}
        set_ = {"clock": clock.kind, "clock_seconds": clock.seconds, "options": options, "touched": 0 if origin is None else 1}
        noted = {"origin": "" if origin is None else json.dumps(origin), "journal_from": 0, "seen_at": SystemClock().now()}
        connection.execute(insert(tables.accounts).values(**values, **set_, **noted, faults=faults, stubs=stubs))
        want(connection, [world])
        return self._again(connection, id_)

    def _take_id(self, connection: Connection) -> int:
        """An id that no account ever had."""
        facts = tables.facts
        connection.execute(update(facts).values(last_account=facts.c.last_account + 1))
        taken: int = connection.execute(select(facts.c.last_account)).scalar_one()
        return taken

    def _first_anchor(self, connection: Connection) -> int:
        """The anchor of accounts that a key just opens: it stays that of the store's first start."""
        anchor: int = connection.execute(select(tables.facts.c.anchor)).scalar_one()
        return anchor

    def _again(self, connection: Connection, id_: int) -> Account:
        account = find(connection, self.clock, id=id_)
        assert account is not None
        return account

    def _free_name(self, connection: Connection, name: str | None) -> str:
        if name is None:
            last = connection.execute(select(tables.facts.c.last_account)).scalar_one()
            return next(free for number in count(last + 1) if not self._is_taken(connection, free := f"account-{number}"))
        if find(connection, self.clock, name=name):
            raise Conflict(f"there is an account {name!r} already: choose another name, or reset it")
        if self._is_taken(connection, name):
            raise Conflict(f"the key {name!r} opens another account already, as a credential of it")
        return name

    def _is_taken(self, connection: Connection, name: str) -> bool:
        named = select(tables.accounts.c.id).where(tables.accounts.c.name == name)
        registered = select(tables.credentials.c.account).where(tables.credentials.c.key == name)
        return connection.execute(named.union_all(registered)).first() is not None

    def _register(self, connection: Connection, account: Account, keys: Credentials) -> None:
        credentials = tables.credentials
        for vendor, key in ((vendor, key) for vendor, several in keys.items() for key in dict.fromkeys(several)):
            there = select(credentials.c.account).where(credentials.c.key == key, credentials.c.account != account.id)
            same = there if vendor == EVERY_VENDOR else there.where(credentials.c.vendor.in_((EVERY_VENDOR, vendor)))
            named = find(connection, self.clock, name=key)
            if connection.execute(same).first() or (named and named.id != account.id):
                raise Conflict(f"the credential {key!r} opens another account already")
            connection.execute(insert(credentials).values(vendor=vendor, key=key, account=account.id))


def touch(connection: Connection, account: int) -> None:
    """Note that something was set in an account, so that it is never forgotten."""
    connection.execute(update(tables.accounts).where(tables.accounts.c.id == account).values(touched=1))


def with_own_overlay(connection: Connection, row: AnyRow) -> AnyRow:
    """The row of an account that is about to be recorded into; a fork whose overlay is still the one it was forked with gets a copy of it."""
    if row.overlay is None or row.overlay != kept_overlay(row.origin):
        return row
    accounts = tables.accounts
    connection.execute(update(accounts).where(accounts.c.id == row.id).values(overlay=overlays.copy(connection, row.overlay)))
    return connection.execute(select(accounts).where(accounts.c.id == row.id)).one()


def _copy_plans(connection: Connection, account: int, into: Sequence[int]) -> dict[str, int]:
    """Copy the faults and stubs of an account; how many there are, by table."""
    return {table.name: _copy_rows(connection, table, account, into) for table in PLANNED}


def _copy_rows(connection: Connection, table: Table, account: int, into: Sequence[int]) -> int:
    rows = list(connection.execute(select(table).where(table.c.account == account).order_by(table.c.id)).mappings())
    if rows:
        exclusively(connection, table.name)  # as who plans one does
        last = connection.execute(select(func.max(table.c.id))).scalar_one()
        copies = [{**row, "account": to} for to in into for row in rows]
        connection.execute(insert(table), [{**row, "id": last + 1 + index} for index, row in enumerate(copies)])
    return len(rows)
