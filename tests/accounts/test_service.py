"""Accounts: a credential opens one, once, whoever asks at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from sqlalchemy import Connection, func, select

from playhead import Server
from playhead.accounts.repository import find_account
from playhead.accounts.service import AccountService
from playhead.domain.account import Account
from playhead.domain.clock import FrozenClock, week_start
from playhead.domain.ids import account_number
from playhead.storage import tables
from playhead.storage.database import Store
from tests.worlds import NOW

THREADS = 8


def accounts_named(server: Server, name: str) -> int:
    accounts = tables.accounts
    with server.emulator.store.snapshot() as connection:
        return connection.execute(
            select(func.count()).select_from(accounts).where(accounts.c.name == name)
        ).scalar_one()


def test_a_name_opened_twice_is_one_account(empty: Server, key: str) -> None:
    first = empty.emulator.open_account(key)
    second = empty.emulator.open_account(key)
    assert first == second
    assert accounts_named(empty, key) == 1


def test_a_new_account_begins_with_the_world_and_anchor_of_its_store(
    empty: Server, account: Account, key: str
) -> None:
    assert (account.name, account.world, account.overlay, account.worlds) == (
        key,
        empty.emulator.world,
        None,
        (empty.emulator.world,),
    )
    assert (account.anchor, account.now, account.relative_now) == (
        week_start(NOW),
        NOW,
        NOW - week_start(NOW),
    )


class BarrierDatabase(Store):
    """A store in which nobody begins a change before all are about to."""

    ready = Barrier(THREADS)

    @contextmanager
    def change(self) -> Iterator[Connection]:
        self.ready.wait(timeout=30)
        with super().transaction() as connection:
            yield connection


def test_many_who_open_a_name_at_once_open_one_account(empty: Server, key: str) -> None:
    store = BarrierDatabase(empty.emulator.store.engine)

    def open_it(_: int) -> Account:
        return AccountService(store, empty.emulator.clock, empty.emulator.world).open(key)

    with ThreadPoolExecutor(THREADS) as threads:
        opened = list(threads.map(open_it, range(THREADS)))
    assert opened == [opened[0]] * THREADS
    assert accounts_named(empty, key) == 1


def test_many_who_open_names_at_once_open_as_many_accounts(empty: Server, key: str) -> None:
    names = [f"{key}-{index}" for index in range(THREADS)]
    store = BarrierDatabase(empty.emulator.store.engine)

    def open_it(name: str) -> Account:
        return AccountService(store, empty.emulator.clock, empty.emulator.world).open(name)

    with ThreadPoolExecutor(THREADS) as threads:
        opened = list(threads.map(open_it, names))
    assert [account.name for account in opened] == names
    assert len({account.number for account in opened}) == THREADS


def test_an_account_is_found_by_its_number_once_it_was_opened(empty: Server, key: str) -> None:
    assert empty.emulator.key_resolver("gcore").account_by_number(account_number(key)) is None
    opened = empty.emulator.open_account(key)
    assert empty.emulator.key_resolver("gcore").account_by_number(opened.number) == opened


@pytest.mark.parametrize(
    ("name", "number"),
    [("anything", 414913370391927), ("Ключ", 147618954362828)],
    ids=["latin", "other"],
)
def test_the_number_of_a_name_is_the_same_for_ever(name: str, number: int) -> None:
    assert account_number(name) == number


def test_numbers_have_fifty_bits_and_differ() -> None:
    numbers = {account_number(f"key-{index}") for index in range(1000)}
    assert len(numbers) == 1000
    assert max(numbers).bit_length() == 50


def test_the_clock_of_an_account_is_the_one_it_is_asked_by(empty: Server, key: str) -> None:
    opened = empty.emulator.open_account(key)
    with empty.emulator.store.snapshot() as connection:
        later = find_account(connection, FrozenClock(NOW + 60), name=key)
    assert later is not None
    assert (later.relative_now, opened.relative_now) == (
        opened.relative_now + 60,
        opened.relative_now,
    )
