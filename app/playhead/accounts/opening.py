"""Opening accounts: by a key, by name, as a copy of another; resetting, deleting, and forgetting idle ones."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from playhead.accounts import overlays, stubs
from playhead.accounts.account import PLAIN, Account, AnyRow, Options, account_of, find, now_of
from playhead.clock import Clock, SystemClock, monday_of
from playhead.failure import Conflict, Missing
from playhead.ids import account_number
from playhead.store import tables
from playhead.store.store import Store, exclusively

OF_AN_ACCOUNT = (tables.faults, tables.stubs, tables.limits, tables.journal)
Credentials = Mapping[str, Sequence[str]]


class ClockSetting(NamedTuple):
    """How an account's clock goes: `frozen` at an instant, else so many seconds ahead of the server's."""

    kind: str = "real"
    seconds: int = 0


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
            anchor = connection.execute(select(tables.facts.c.anchor)).scalar_one()
            return self._insert(connection, name, self.world, ClockSetting(), anchor=anchor)

    def create(self, new: NewAccount) -> Account:
        """A new account, its anchor the Monday of its clock's week; raises Conflict where its name or a credential is taken."""
        with self.store.change() as connection:
            exclusively(connection, "account")
            name = self._free_name(connection, new.name)
            anchor = monday_of(now_of(*new.clock, self.clock))
            origin = {"clock": list(new.clock), "options": asdict(new.options)}
            account = self._insert(connection, name, new.world or self.world, new.clock, anchor=anchor, options=new.options, origin=origin)
            self._register(connection, account, new.credentials)
            return account

    def fork(self, name: str, into: str | None) -> Account:
        """A copy of an account: what was recorded, planned and set in it; not its journal and not its credentials."""
        with self.store.change() as connection:
            exclusively(connection, "account")
            row = self._row(connection, name)
            copied = None if row.overlay is None else overlays.copy(connection, row.overlay)
            # A fork is reset to what it was forked with, so what it was forked with is kept.
            kept = None if row.overlay is None else overlays.copy(connection, row.overlay)
            clock = ClockSetting(row.clock, row.clock_seconds)
            origin = {"clock": list(clock), "options": json.loads(row.options or "{}"), "anchor": row.anchor, "overlay": kept}
            new_name, options = self._free_name(connection, into), account_of(row, self.clock).options
            forked = self._insert(connection, new_name, row.world, clock, anchor=row.anchor, options=options, origin=origin, stubbed=False)
            for table in (tables.faults, tables.stubs):
                _copy_rows(connection, table, row.id, forked.id)
            connection.execute(_of(forked.id).values(overlay=copied, faults=row.faults, stubs=row.stubs))
            return self._again(connection, forked.id)

    def reset(self, name: str) -> Account:
        """The account as it was created or forked, its anchor the Monday of its clock's week unless it was forked."""
        with self.store.change() as connection:
            row = self._row(connection, name)
            origin = json.loads(row.origin) if row.origin else {}
            for overlay in filter(None, (row.overlay,)):
                overlays.drop(connection, overlay)
            for table in OF_AN_ACCOUNT:
                connection.execute(delete(table).where(table.c.account == row.id))
            clock = ClockSetting(*origin.get("clock", ()))
            kept = origin.get("overlay")
            connection.execute(
                _of(row.id).values(
                    overlay=None if kept is None else overlays.copy(connection, kept),
                    anchor=origin.get("anchor", monday_of(now_of(*clock, self.clock))),
                    clock=clock.kind,
                    clock_seconds=clock.seconds,
                    options=Options(**origin.get("options", {})).text(),
                    faults=0,
                    stubs=stubs.of_world(connection, row.id, row.world),
                    touched=1 if row.origin else 0,
                    journal_from=SystemClock().milliseconds(),
                )
            )
            return self._again(connection, row.id)

    def delete(self, name: str) -> None:
        """Remove an account and all that was recorded, planned and noted in it."""
        with self.store.change() as connection:
            _remove(connection, [self._row(connection, name)])

    def one(self, name: str) -> Account:
        """The account of that name; raises Missing."""
        with self.store.snapshot() as connection:
            account = find(connection, self.clock, name=name)
        if account is None:
            raise Missing(f"there is no account {name!r}")
        return account

    def all(self) -> list[Account]:
        """Every account, in the order of opening."""
        with self.store.snapshot() as connection:
            return [account_of(row, self.clock) for row in connection.execute(PLAIN.order_by(tables.accounts.c.id))]

    def seen(self, account: Account, *, idle: int) -> None:
        """Note that an account is in use, and forget idle ones where it is time."""
        now = SystemClock().now()
        with self.store.change() as connection:
            connection.execute(_of(account.id).values(seen_at=now))
            self.sweep(connection, now, idle=idle)

    def sweep(self, connection: Connection, now: int, *, idle: int) -> None:
        """Forget accounts in which nothing was set and that were idle for so many seconds, and worlds without accounts for as long."""
        facts, accounts, worlds = tables.facts, tables.accounts, tables.worlds
        due = update(facts).where(facts.c.swept_at <= now - max(1, idle // 8)).values(swept_at=now)
        if connection.execute(due).rowcount == 0:
            return
        exclusively(connection, "account")
        idle_ones = select(accounts).where(accounts.c.touched == 0, accounts.c.seen_at <= now - idle)
        _remove(connection, list(connection.execute(idle_ones)))
        unused = select(worlds.c.id).where(worlds.c.wanted_at <= now - idle, worlds.c.id.not_in(select(accounts.c.world)))
        for world in list(connection.execute(unused).scalars()):
            _drop_world(connection, world)

    def _insert(
        self,
        connection: Connection,
        name: str,
        world: int,
        clock: ClockSetting,
        *,
        anchor: int,
        options: Options | None = None,
        origin: Mapping[str, Any] | None = None,  # Any: JSON
        stubbed: bool = True,
    ) -> Account:
        facts, now = tables.facts, SystemClock()
        connection.execute(update(facts).values(last_account=facts.c.last_account + 1))
        id_ = connection.execute(select(facts.c.last_account)).scalar_one()
        connection.execute(
            insert(tables.accounts).values(
                id=id_,
                name=name,
                number=account_number(name),
                world=world,
                overlay=None,
                anchor=anchor,
                clock=clock.kind,
                clock_seconds=clock.seconds,
                options="" if options is None else options.text(),
                origin="" if origin is None else json.dumps(origin),
                touched=0 if origin is None else 1,
                faults=0,
                stubs=stubs.of_world(connection, id_, world) if stubbed else 0,
                journal_from=0,
                seen_at=now.now(),
            )
        )
        _want(connection, [world])
        return self._again(connection, id_)

    def _again(self, connection: Connection, id_: int) -> Account:
        account = find(connection, self.clock, id=id_)
        assert account is not None
        return account

    def _row(self, connection: Connection, name: str) -> AnyRow:
        row = connection.execute(select(tables.accounts).where(tables.accounts.c.name == name).with_for_update()).first()
        if row is None:
            raise Missing(f"there is no account {name!r}")
        return row

    def _free_name(self, connection: Connection, name: str | None) -> str:
        if name is None:
            name = f"account-{connection.execute(select(tables.facts.c.last_account)).scalar_one() + 1}"
        if find(connection, self.clock, name=name):
            raise Conflict(f"there is an account {name!r} already: choose another name, or reset it")
        return name

    def _register(self, connection: Connection, account: Account, keys: Credentials) -> None:
        credentials = tables.credentials
        for vendor, key in ((vendor, key) for vendor, several in keys.items() for key in dict.fromkeys(several)):
            same = select(credentials.c.account).where(credentials.c.vendor == vendor, credentials.c.key == key)
            if connection.execute(same).first():
                raise Conflict(f"the credential {key!r} opens another account already")
            connection.execute(insert(credentials).values(vendor=vendor, key=key, account=account.id))


def touch(connection: Connection, account: int) -> None:
    """Note that something was set in an account, so that it is never forgotten."""
    connection.execute(_of(account).values(touched=1))


def _of(account: int) -> Any:  # Any: an UPDATE, whose type names its columns' types
    return update(tables.accounts).where(tables.accounts.c.id == account)


def _copy_rows(connection: Connection, table: Any, account: int, into: int) -> None:  # Any: a table of planned things
    last = connection.execute(select(func.max(table.c.id))).scalar() or 0
    rows = connection.execute(select(table).where(table.c.account == account).order_by(table.c.id)).mappings()
    copied = [{**row, "id": last + 1 + index, "account": into} for index, row in enumerate(rows)]
    if copied:
        connection.execute(insert(table), copied)


def _remove(connection: Connection, rows: Sequence[AnyRow]) -> None:
    ids = [row.id for row in rows]
    for row in rows:
        kept = json.loads(row.origin).get("overlay") if row.origin else None
        for overlay in filter(None, (row.overlay, kept)):
            overlays.drop(connection, overlay)
    for table in (*OF_AN_ACCOUNT, tables.credentials):
        connection.execute(delete(table).where(table.c.account.in_(ids)))
    connection.execute(delete(tables.accounts).where(tables.accounts.c.id.in_(ids)))
    _want(connection, {row.world for row in rows})


def _want(connection: Connection, worlds: Any) -> None:  # Any: ids of worlds, in any collection
    """Note that worlds are in use; those that are kept without accounts need no note."""
    table = tables.worlds
    connection.execute(update(table).where(table.c.id.in_(list(worlds)), table.c.wanted_at.is_not(None)).values(wanted_at=SystemClock().now()))


def _drop_world(connection: Connection, world: int) -> None:
    for table in (tables.days, tables.tallies, tables.curves):
        connection.execute(delete(table).where(table.c.world == world))
    overlays.drop(connection, world)
