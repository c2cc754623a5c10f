"""Reset, fork and delete over HTTP:

what an account returns to, what a copy has, and that nothing is left behind.
"""

from collections.abc import Callable

from sqlalchemy import func, select

from playhead import Server
from playhead.storage import tables
from tests.control.conftest import ControlApi
from tests.control.test_accounts import plays
from tests.worlds import NOW_TEXT, World, viewer

StartServer = Callable[..., tuple[Server, ControlApi]]
RecordPlays = Callable[[str, int], World]


def test_reset_makes_an_account_as_it_was_created(
    control_api: ControlApi, record_plays: RecordPlays, key: str
) -> None:
    created = control_api.create(name=key, clock={"mode": "frozen", "at": NOW_TEXT}, lenient=True)
    record_plays(key, 2)
    control_api.account(key, "POST", "/clock/advance", {"by": "P3D"})
    assert (plays(control_api, key), control_api.account(key, "GET").json()["recorded"]) == (
        2,
        True,
    )
    assert control_api.account(key, "POST", "/reset").json() == {**created, "ready": True}
    assert plays(control_api, key) == 0


def test_reset_makes_an_account_as_its_key_opened_it(control_api: ControlApi, key: str) -> None:
    plays(control_api, key)
    opened = control_api.account(key, "GET").json()
    control_api.account(key, "PUT", "/clock", {"mode": "frozen", "at": "2020-01-01T00:00:00Z"})
    assert control_api.account(key, "POST", "/reset").json() == opened


def test_a_fork_has_what_was_recorded_and_set(
    control_api: ControlApi, record_plays: RecordPlays, key: str
) -> None:
    control_api.create(
        name=key,
        clock={"mode": "frozen", "at": "2024-06-05T13:00:00Z"},
        lenient=True,
        rate_limits={"wistia": 9},
    )
    record_plays(key, 2)
    shown = control_api.account(key, "POST", "/fork", {"name": f"{key} fork"}).json()
    assert shown == {
        **control_api.account(key, "GET").json(),
        "name": f"{key} fork",
        "key": f"{key} fork",
    }
    assert plays(control_api, f"{key} fork") == 2


def test_what_is_recorded_into_one_is_never_seen_in_the_other(
    control_api: ControlApi, record_plays: RecordPlays, key: str
) -> None:
    original = record_plays(key, 2)
    forked = f"{key} fork"
    control_api.account(key, "POST", "/fork", {"name": forked})
    original.watch(original.video("later"), "ana", "2024-06-05T11:00:00Z", (0, 5))
    assert (plays(control_api, key), plays(control_api, forked)) == (3, 2)
    record_plays(forked, 3)
    assert (plays(control_api, key), plays(control_api, forked)) == (3, 5)


def test_reset_of_a_fork_returns_to_what_it_was_forked_with(
    control_api: ControlApi, record_plays: RecordPlays, key: str
) -> None:
    control_api.create(name=key, clock={"mode": "frozen", "at": NOW_TEXT})
    record_plays(key, 2)
    fork = control_api.account(key, "POST", "/fork", {"name": f"{key} fork"}).json()
    for _ in range(2):  # as often as one likes
        record_plays(fork["name"], 3)
        control_api.account(
            fork["name"], "PUT", "/clock", {"mode": "frozen", "at": "2024-06-06T00:00:00Z"}
        )
        assert plays(control_api, fork["name"]) == 5
        assert control_api.account(fork["name"], "POST", "/reset").json() == fork
        assert plays(control_api, fork["name"]) == 2
    control_api.account(key, "DELETE")
    control_api.account(fork["name"], "POST", "/reset")
    assert plays(control_api, fork["name"]) == 2


def test_a_viewing_that_is_deleted_in_a_fork_stays_in_the_original_and_comes_back_with_a_reset(
    control_api: ControlApi, record_plays: RecordPlays, key: str
) -> None:
    record_plays(key, 2)
    fork = control_api.account(key, "POST", "/fork", {"name": f"{key} fork"}).json()["name"]
    first = control_api.account(fork, "GET", "/viewings").json()["viewings"][0]["id"]
    assert control_api.account(fork, "DELETE", f"/viewings/{first}").status_code == 204
    assert [plays(control_api, name) for name in (key, fork)] == [2, 1]
    control_api.account(fork, "POST", "/reset")
    assert [plays(control_api, name) for name in (key, fork)] == [2, 2]


def test_a_fork_of_a_fork_is_forked_with_what_that_has_now(
    control_api: ControlApi, record_plays: RecordPlays, key: str
) -> None:
    record_plays(key, 1)
    control_api.account(key, "POST", "/fork", {"name": f"{key} 2"})
    record_plays(f"{key} 2", 2)
    control_api.account(f"{key} 2", "POST", "/fork", {"name": f"{key} 3"})
    control_api.account(f"{key} 2", "POST", "/reset")
    control_api.account(f"{key} 3", "POST", "/reset")
    assert [plays(control_api, name) for name in (key, f"{key} 2", f"{key} 3")] == [1, 1, 3]


def test_a_fork_has_no_journal_and_no_credentials(
    control_api: ControlApi, record_plays: RecordPlays, key: str
) -> None:
    control_api.create(name=key, credentials=[f"{key}+"])
    record_plays(key, 1)
    plays(control_api, key)
    control_api.account(key, "POST", "/fork", {"name": f"{key} fork"})
    assert control_api.account(f"{key} fork", "GET", "/requests").json()["requests"] == []
    control_api.account(key, "DELETE")
    assert plays(control_api, f"{key}+") == 0


FAULT = {"match": {"vendor": "wistia"}, "effect": {"status": 503}}
STUB = {"vendor": "gcore", "path": "/streaming/videos", "json": []}


def test_faults_and_stubs_are_forked_and_come_back_when_the_fork_is_reset(
    control_api: ControlApi, key: str
) -> None:
    control_api.create(name=key)
    assert control_api.account(key, "POST", "/faults", FAULT).status_code == 201
    assert control_api.account(key, "POST", "/stubs", STUB).status_code == 201
    control_api.account(key, "POST", "/fork", {"name": f"{key} fork"})
    control_api.account(key, "POST", "/reset")
    assert [control_api.account(name, "GET").json()["faults"] for name in (key, f"{key} fork")] == [
        0,
        1,
    ]
    assert control_api.status("wistia", "/v1/stats/account", key) == 200
    assert control_api.status("wistia", "/v1/stats/account", f"{key} fork") == 503
    assert [
        control_api.account(f"{key} fork", "DELETE", path).status_code
        for path in ("/faults", "/stubs")
    ] == [204, 204]
    assert control_api.status("wistia", "/v1/stats/account", f"{key} fork") == 200
    back = control_api.account(f"{key} fork", "POST", "/reset").json()
    assert (back["faults"], back["stubs"]) == (1, 1)
    assert control_api.status("wistia", "/v1/stats/account", f"{key} fork") == 503


def row_counts(server: Server) -> dict[str, int]:
    """How many rows each table has that is not the server's own."""
    server.emulator.journal.flush()
    with server.emulator.store.snapshot() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        }


def test_deleting_removes_everything(start_server: StartServer) -> None:
    server, control = start_server()
    before = row_counts(server)
    control.create(name="gone", credentials=["another key"], rate_limits=True)
    world = World(server, "gone")
    film = world.video("film", ids={"wistia": ["fixed"]})
    world.watch(
        film,
        "ana",
        "2024-06-05T11:00:00Z",
        (0, 5),
        page="https://example.com/",
        labels={"hats": "green"},
        viewer=viewer("ana"),
    )
    world.broadcast(world.live(), "2024-06-05T10:00:00Z", "2024-06-05T11:00:00Z")
    control.account("gone", "POST", "/stubs", STUB)
    control.account("gone", "POST", "/fork", {"name": "fork"})
    control.account("fork", "POST", "/reset")
    control.account("gone", "POST", "/faults", {**FAULT, "effect": {"latency": {"ms": 1}}})
    assert [plays(control, name) for name in ("gone", "fork")] == [1, 1]
    during = row_counts(server)
    assert {name for name in before if during[name] > before[name]} >= {
        *(
            "accounts",
            "credentials",
            "faults",
            "stubs",
            "journal",
            "rate_limits",
            "worlds",
            "aliases",
            "projects",
            "media",
        ),
        *("broadcasts", "pages", "viewers", "viewings", "played_ranges", "viewing_labels"),
    }
    assert [control.account(name, "DELETE").status_code for name in ("gone", "fork")] == [204, 204]
    assert row_counts(server) == before


def test_an_id_is_never_another_accounts_later(start_server: StartServer) -> None:
    server, control = start_server()
    ids = []
    for _ in range(3):
        control.create(name="again")
        ids.append(server.emulator.accounts.get("again").id)
        control.account("again", "DELETE")
    assert len(set(ids)) == 3


def test_an_account_that_was_deleted_is_opened_anew_by_its_key(
    control_api: ControlApi, record_plays: RecordPlays, key: str
) -> None:
    record_plays(key, 2)
    assert plays(control_api, key) == 2
    control_api.account(key, "DELETE")
    assert plays(control_api, key) == 0
