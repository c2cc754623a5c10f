"""An account: what a credential opens."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, update

from playhead.domain.account import EVERY_VENDOR, Account, AccountOptions, ClockSetting
from playhead.domain.clock import Clock
from playhead.domain.errors import NotFoundError
from playhead.storage import tables

AccountRow = Row[*tuple[Any, ...]]  # Any: a row of the table of accounts
_ACCOUNT_COLUMNS = (
    tables.accounts.c.id,
    tables.accounts.c.name,
    tables.accounts.c.number,
    tables.accounts.c.world,
    tables.accounts.c.overlay,
    tables.accounts.c.anchor,
    tables.accounts.c.clock,
    tables.accounts.c.clock_seconds,
    tables.accounts.c.options,
    tables.accounts.c.faults,
    tables.accounts.c.stubs,
    tables.accounts.c.last_used_at,
    (tables.accounts.c.origin != "").label("registered"),
)
SELECT_ACCOUNT: Select[*tuple[Any, ...]] = select(*_ACCOUNT_COLUMNS)


def account_from_row(row: AccountRow, clock: Clock) -> Account:
    """The account of a row, by the server's clock."""
    setting = ClockSetting(row.clock, row.clock_seconds)
    now = clock_now(*setting, clock)
    options = AccountOptions.from_json(row.options)
    return Account(
        row.name,
        row.number,
        row.world,
        row.overlay,
        row.anchor,
        now,
        row.id,
        options,
        row.faults,
        row.stubs,
        setting,
    )


def clock_now(kind: str, seconds: int, clock: Clock) -> int:
    """The instant that an account's clock shows: frozen there, or so far ahead of the server's."""
    return seconds if kind == "frozen" else clock.now() + seconds


def find_account(
    connection: Connection,
    clock: Clock,
    *,
    name: str | None = None,
    number: int | None = None,
    account_id: int | None = None,
) -> Account | None:
    """The account of that name, number or id."""
    accounts = tables.accounts.c
    column, value = (
        (accounts.name, name)
        if name is not None
        else (accounts.number, number)
        if number is not None
        else (accounts.id, account_id)
    )
    row = connection.execute(SELECT_ACCOUNT.where(column == value)).first()
    return account_from_row(row, clock) if row else None


class AccountRecord(NamedTuple):
    """An account that was asked for, when it was seen last, and whether it was created or forked
    rather than just opened by a key.
    """

    account: Account
    last_used_at: int
    registered: bool


def find_by_key(
    connection: Connection, clock: Clock, *, vendor: str, key: str
) -> AccountRecord | None:
    """The account that a key opens at a vendor, as a registered credential or as its name."""
    accounts = tables.accounts
    credentials = tables.credentials
    registered = (
        select(credentials.c.account)
        .where(credentials.c.vendor.in_((EVERY_VENDOR, vendor)), credentials.c.key == key)
        .limit(1)
    )
    named = select(accounts.c.id).where(accounts.c.name == key)
    return _find_record(
        connection,
        clock,
        accounts.c.id == func.coalesce(registered.scalar_subquery(), named.scalar_subquery()),
    )


def find_by_number(connection: Connection, clock: Clock, number: int) -> AccountRecord | None:
    """The account of that number, for what vendors encode it in."""
    return _find_record(connection, clock, tables.accounts.c.number == number)


def _find_record(
    connection: Connection, clock: Clock, where: ColumnElement[bool]
) -> AccountRecord | None:
    row = connection.execute(SELECT_ACCOUNT.where(where)).first()
    return (
        AccountRecord(account_from_row(row, clock), row.last_used_at, row.registered)
        if row
        else None
    )


def lock_account(connection: Connection, account_id: int) -> None:
    """Until this transaction ends, nobody else changes the account; raises Missing when it is gone.

    Whatever is changed of an account is changed under its row, which is locked before any other and
    before what `exclusively` locks:
    two who change the same account wait for one another in the same order.
    """
    accounts = tables.accounts.c
    if (
        connection.execute(
            select(accounts.id).where(accounts.id == account_id).with_for_update()
        ).first()
        is None
    ):
        raise NotFoundError("the account is gone")


def account_not_found(name: str) -> NotFoundError:
    """The refusal of a name that no account has, with the two ways to one."""
    return NotFoundError(f"there is no account {name!r}: create it, or ask a vendor with that key")


def get_for_update(connection: Connection, name: str) -> AccountRow:
    """The whole row of the account of that name, which nobody else changes until the transaction
    ends; raises Missing.
    """
    row = connection.execute(
        select(tables.accounts).where(tables.accounts.c.name == name).with_for_update()
    ).first()
    if row is None:
        raise account_not_found(name)
    return row


def allocate_rule_ids(connection: Connection, count: int) -> range:
    """Ids for new faults or stubs, which no fault or stub of the store ever had.

    The updated row serializes concurrent callers. Take no advisory lock around it: another
    transaction may hold the row and wait for that lock.
    """
    metadata = tables.store_metadata
    connection.execute(update(metadata).values(last_rule=metadata.c.last_rule + count))
    last: int = connection.execute(select(metadata.c.last_rule)).scalar_one()
    return range(last - count + 1, last + 1)
