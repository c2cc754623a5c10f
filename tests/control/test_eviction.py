"""What nobody set anything in, and nobody asks any more, is forgotten.

And so are worlds that have no accounts.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from playhead import Server
from playhead.storage import tables
from tests.control.conftest import ControlApi, account_stats
from tests.worlds import NOW_TEXT, World

StartServer = Callable[..., tuple[Server, ControlApi]]
ACCOUNT_TTL = 3600


@pytest.fixture
def server_and_control(start_server: StartServer) -> tuple[Server, ControlApi]:
    """A server that forgets after an hour."""
    return start_server(account_ttl=ACCOUNT_TTL)


def advance_clock(server: Server, seconds: int) -> None:
    """Let so much time have passed since all that was noted, by the machine's clock."""
    accounts = tables.accounts
    worlds = tables.worlds
    facts = tables.store_metadata
    with server.emulator.store.transaction() as connection:
        connection.execute(update(accounts).values(last_used_at=accounts.c.last_used_at - seconds))
        connection.execute(update(worlds).values(last_used_at=worlds.c.last_used_at - seconds))
        connection.execute(update(facts).values(last_evicted_at=facts.c.last_evicted_at - seconds))


def names(control: ControlApi) -> set[str]:
    return {account["name"] for account in control("GET", "/accounts").json()["accounts"]}


def worlds(server: Server) -> int:
    with server.emulator.store.snapshot() as connection:
        return connection.execute(select(func.count()).select_from(tables.worlds)).scalar_one()


def test_an_account_that_a_key_just_opened_is_forgotten_once_it_is_idle(
    server_and_control: tuple[Server, ControlApi],
) -> None:
    server, control = server_and_control
    for key in ("idle", "busy"):
        account_stats(control, key)
    advance_clock(server, ACCOUNT_TTL - 60)
    account_stats(control, "busy")
    assert names(control) == {"idle", "busy"}
    advance_clock(server, 600)
    account_stats(control, "busy")
    assert names(control) == {"busy"}


@pytest.mark.parametrize(
    "setting",
    [
        pytest.param(lambda _, control: control.create(name="kept"), id="created"),
        pytest.param(
            lambda _, control: (
                account_stats(control, "other")
                and control.account("other", "POST", "/fork", {"name": "kept"})
            ),
            id="forked",
        ),
        pytest.param(lambda server, _: World(server, "kept").video(), id="recorded into"),
        pytest.param(
            lambda _, control: (
                account_stats(control, "kept")
                and control.account("kept", "POST", "/clock/advance", {"by": "PT0S"})
            ),
            id="clock set",
        ),
        pytest.param(
            lambda _, control: (
                account_stats(control, "kept")
                and control.account("kept", "POST", "/faults", {"effect": {"status": 500}})
            ),
            id="fault planned",
        ),
        pytest.param(
            lambda _, control: (
                account_stats(control, "kept")
                and control.account(
                    "kept",
                    "POST",
                    "/stubs",
                    {"vendor": "gcore", "path": "/streaming/videos", "json": 1},
                )
            ),
            id="stub set",
        ),
    ],
)
def test_an_account_in_which_anything_was_set_stays(
    server_and_control: tuple[Server, ControlApi], setting: Callable[[Server, ControlApi], object]
) -> None:
    server, control = server_and_control
    setting(server, control)
    account_stats(control, "asks")
    advance_clock(server, 100 * ACCOUNT_TTL)
    account_stats(control, "asks")
    assert "kept" in names(control)


def test_an_account_that_was_reset_to_what_its_key_opened_is_forgotten_again(
    server_and_control: tuple[Server, ControlApi],
) -> None:
    server, control = server_and_control
    World(server, "gone").video()
    control.account("gone", "POST", "/reset")
    account_stats(control, "asks")
    advance_clock(server, 100 * ACCOUNT_TTL)
    account_stats(control, "asks")
    assert names(control) == {"asks"}


def test_with_an_account_goes_all_that_was_noted_in_it(
    server_and_control: tuple[Server, ControlApi],
) -> None:
    server, control = server_and_control
    for key in ("gone", "asks"):
        account_stats(control, key)
    gone = server.emulator.accounts.get("gone").id
    server.emulator.journal.flush()
    advance_clock(server, 100 * ACCOUNT_TTL)
    account_stats(control, "asks")
    with server.emulator.store.snapshot() as connection:
        assert (
            connection.execute(
                select(func.count())
                .select_from(tables.journal)
                .where(tables.journal.c.account == gone)
            ).scalar_one()
            == 0
        )


def test_an_account_that_lives_by_tokens_is_in_use(
    server_and_control: tuple[Server, ControlApi],
) -> None:
    server, control = server_and_control
    issued = control.web.post(
        f"{control.url}/apivideo/auth/api-key", json={"apiKey": "by token"}
    ).json()["access_token"]
    for _ in range(3):
        advance_clock(server, ACCOUNT_TTL - 60)
        assert (
            control.web.get(
                f"{control.url}/apivideo/videos", headers={"Authorization": f"Bearer {issued}"}
            ).status_code
            == 200
        )
    assert names(control) == {"by token"}


def test_a_world_without_accounts_is_dropped_after_as_long(
    server_and_control: tuple[Server, ControlApi],
) -> None:
    server, control = server_and_control
    control.create(name="only", scenario="demo", viewings=300)
    assert account_stats(control, "only")["play_count"] > 0
    advance_clock(server, 100 * ACCOUNT_TTL)
    account_stats(control, "asks")
    assert worlds(server) == 2
    control.account("only", "DELETE")
    advance_clock(server, ACCOUNT_TTL - 60)
    account_stats(control, "asks")
    assert worlds(server) == 2
    advance_clock(server, 600)
    account_stats(control, "asks")
    assert worlds(server) == 1
    with server.emulator.store.snapshot() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tables.days, tables.daily_rollups, tables.viewings)
        ]
    assert counts[1:] == [0, 0]


def test_a_world_that_is_wanted_again_is_kept(
    server_and_control: tuple[Server, ControlApi],
) -> None:
    server, control = server_and_control
    control.create(name="first", scenario="demo", viewings=300)
    control.account("first", "DELETE")
    advance_clock(server, 100 * ACCOUNT_TTL)
    control.create(name="second", scenario="demo", viewings=300)
    account_stats(control, "asks")
    advance_clock(server, 100 * ACCOUNT_TTL)
    account_stats(control, "asks")
    assert account_stats(control, "second")["play_count"] > 0


def test_the_servers_own_world_is_never_dropped(
    server_and_control: tuple[Server, ControlApi],
) -> None:
    server, control = server_and_control
    for _ in range(2):
        account_stats(control, "asks")
        advance_clock(server, 100 * ACCOUNT_TTL)
    assert worlds(server) == 1


def test_a_world_that_an_account_had_first_is_kept_once_a_server_has_it(
    start_server: StartServer, tmp_path: Path
) -> None:
    store = f"sqlite:///{tmp_path}/store.sqlite"
    _, first = start_server(store=store, account_ttl=ACCOUNT_TTL)
    first.create(name="pioneer", scenario="demo", viewings=300)
    assert account_stats(first, "pioneer")["play_count"] > 0
    second, control = start_server(
        store=store, account_ttl=ACCOUNT_TTL, scenario="demo", viewings=300
    )
    first.account("pioneer", "DELETE")
    account_stats(control, "asks")
    advance_clock(second, 100 * ACCOUNT_TTL)
    assert account_stats(control, "asks")["play_count"] > 0
    advance_clock(second, 100 * ACCOUNT_TTL)
    assert account_stats(control, "asks again")["play_count"] > 0


def backdate(server: Server, name: str) -> None:
    """Let one account have been idle for a day, and have it be time to look for such ones."""
    for change in (
        update(tables.accounts)
        .where(tables.accounts.c.name == name)
        .values(last_used_at=tables.accounts.c.last_used_at - 86_400),
        update(tables.store_metadata).values(last_evicted_at=0),
    ):
        with server.emulator.store.transaction() as connection:
            connection.execute(change)


# ---- Everything at once, on the database that lets many change at once


def test_accounts_are_opened_forked_reset_and_forgotten_together(
    start_server: StartServer, postgresql_url: str
) -> None:
    server, control = start_server(store=postgresql_url, account_ttl=60, now=NOW_TEXT)
    for number in range(3):
        World(server, f"kept {number}").video()

    def step(number: int) -> list[int]:
        kept = f"kept {number % 3}"
        own = f"own {number}"
        asked = [
            control(
                "POST",
                "/accounts",
                {
                    "name": own,
                    "scenario": "documented" if number % 4 == 0 else "empty",
                    "seed": number % 2,
                },
            ),
            control.ask("wistia", "/v1/stats/account", f"opened {number}"),
            control.account(
                kept, "POST", "/faults", {"match": {"nth": 999}, "effect": {"status": 500}}
            ),
            control.account(
                kept, "POST", "/stubs", {"vendor": "gcore", "path": "/streaming/streams", "json": 1}
            ),
            control.account(kept, "POST", "/fork", {"name": f"fork {number}"}),
            control.ask("wistia", "/v1/stats/account", kept),
            control.account(kept, "DELETE", "/faults"),
            control.account(kept, "POST", "/clock/advance", {"by": "PT1S"}),
            control.account(kept, "POST", "/reset"),
            control.account(f"fork {number}", "POST", "/reset"),
            control.account(own, "POST", "/reset"),
            control.account(own, "DELETE"),
            control.account(kept, "DELETE", "/requests"),
        ]
        World(server, kept).video(f"video {number}")
        backdate(server, f"opened {number}")
        return [response.status_code for response in asked]

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(step, range(40)))
    assert statuses == [[201, 200, 201, 201, 201, 200, 204, 200, 200, 200, 200, 204, 204]] * 40
    assert {f"kept {number}" for number in range(3)} | {
        f"fork {number}" for number in range(40)
    } <= names(control)
