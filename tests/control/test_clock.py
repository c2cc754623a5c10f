"""Clocks over HTTP: real, frozen, ahead or behind; what moves with them, and what stays."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from playhead import Server
from tests.control.conftest import ControlApi, account_stats
from tests.worlds import DAY, NOW, NOW_TEXT, World

StartServer = Callable[..., tuple[Server, ControlApi]]
RecordPlays = Callable[[str, int], World]


def put(control: ControlApi, key: str, **clock: str) -> dict[str, Any]:
    """The clock after it was set."""
    response = control.account(key, "PUT", "/clock", clock)
    assert response.status_code == 200, response.text
    shown: dict[str, Any] = response.json()
    return shown


def freeze(control: ControlApi, key: str, at: str) -> dict[str, Any]:
    return put(control, key, mode="frozen", at=at)


def advance(control: ControlApi, key: str, by: str) -> httpx.Response:
    return control.account(key, "POST", "/clock/advance", {"by": by})


def plays(control: ControlApi, key: str, **headers: str) -> int:
    return int(account_stats(control, key, **headers)["play_count"])


@pytest.fixture
def account_name(control_api: ControlApi, key: str) -> str:
    """An account of the test's own, on the server's clock, which stands at NOW."""
    return str(control_api.create(name=key)["name"])


# ---- Setting


def test_a_new_clock_is_the_servers(control_api: ControlApi, account_name: str) -> None:
    shown = control_api.account(account_name, "GET", "/clock").json()
    assert shown == {
        "mode": "real",
        "offset_seconds": 0,
        "now": NOW_TEXT,
        "first": "2024-03-04T00:00:00Z",
        "last": "2025-06-09T23:59:59Z",
    }


def test_a_clock_stands_where_it_is_frozen(control_api: ControlApi, account_name: str) -> None:
    shown = freeze(control_api, account_name, "2031-02-03T04:05:06+01:00")
    assert (shown["mode"], shown["now"]) == ("frozen", "2031-02-03T03:05:06Z")
    assert (
        control_api.account(account_name, "GET", "/clock").json()
        == shown
        == control_api.account(account_name, "GET").json()["clock"]
    )


def test_a_clock_goes_ahead_of_the_servers(control_api: ControlApi, account_name: str) -> None:
    shown = put(control_api, account_name, mode="offset", by="P1DT12H")
    assert (shown["mode"], shown["offset_seconds"], shown["now"]) == (
        "offset",
        129_600,
        "2024-06-07T00:00:00Z",
    )
    assert (
        put(control_api, account_name, mode="offset", by="-PT30M")["now"] == "2024-06-05T11:30:00Z"
    )


def test_a_clock_that_is_let_go_is_the_servers_again(
    control_api: ControlApi, account_name: str
) -> None:
    before = control_api.account(account_name, "GET", "/clock").json()
    freeze(control_api, account_name, "2031-01-01T00:00:00Z")
    assert control_api.account(account_name, "DELETE", "/clock").json() == before
    assert put(control_api, account_name, mode="real") == before


@pytest.mark.parametrize(
    ("by", "now"),
    [
        ("P1D", "2024-06-06T12:00:00Z"),
        ("P1W", "2024-06-12T12:00:00Z"),
        ("-PT30M", "2024-06-05T11:30:00Z"),
        ("PT90S", "2024-06-05T12:01:30Z"),
        ("PT0S", NOW_TEXT),
    ],
)
@pytest.mark.parametrize("mode", ["frozen", "offset"])
def test_a_clock_moves_forward_and_back(
    control_api: ControlApi, account_name: str, mode: str, by: str, now: str
) -> None:
    before = (
        freeze(control_api, account_name, NOW_TEXT)
        if mode == "frozen"
        else put(control_api, account_name, mode="offset", by="PT0S")
    )
    shown = advance(control_api, account_name, by).json()
    assert shown == {**before, "now": now, "offset_seconds": shown["offset_seconds"]}
    assert (
        advance(
            control_api, account_name, by.removeprefix("-") if by.startswith("-") else f"-{by}"
        ).json()["now"]
        == NOW_TEXT
    )


def test_a_clock_that_was_not_set_moves_away_from_the_servers(
    control_api: ControlApi, account_name: str
) -> None:
    advance(control_api, account_name, "P1D")
    assert advance(control_api, account_name, "P1D").json()["offset_seconds"] == 2 * DAY


@pytest.mark.parametrize(
    "by",
    [
        "P1Y",
        "P1M",
        "P",
        "PT",
        "P1DT",
        "1D",
        "P1.5D",
        "PT1.5H",
        "P-1D",
        "--P1D",
        "p1d",
        " P1D",
        "P1D ",
        "P1H",
        "PT1D",
        "P1D1W",
        "",
        "P1٣D",
        60,
        None,
        ["P1D"],
    ],
)
def test_durations_without_a_fixed_length_or_form_are_refused(
    control_api: ControlApi, account_name: str, by: object
) -> None:
    response = control_api.account(account_name, "POST", "/clock/advance", {"by": by})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "body.by"
    assert control_api.account(account_name, "GET", "/clock").json()["now"] == NOW_TEXT


@pytest.mark.parametrize(
    "at",
    [
        "2024-02-30T00:00:00Z",
        "2023-02-29",
        "2024-06-05T24:00:01Z",
        "2024-06-05T12:00:60Z",
        "2024-13-01",
        "",
        "12:00",
        "now",
        0,
        None,
        True,
    ],
)
def test_instants_that_there_are_not_are_refused(
    control_api: ControlApi, account_name: str, at: object
) -> None:
    assert (
        control_api.account(account_name, "PUT", "/clock", {"mode": "frozen", "at": at}).status_code
        == 422
    )


def test_a_leap_day_is_a_day(control_api: ControlApi, account_name: str) -> None:
    freeze(control_api, account_name, "2024-02-28T23:00:00Z")
    assert advance(control_api, account_name, "P1D").json()["now"] == "2024-02-29T23:00:00Z"


def test_a_day_is_24_hours_whatever_the_clocks_of_a_country_do(
    control_api: ControlApi, account_name: str
) -> None:
    freeze(control_api, account_name, "2024-03-30T12:00:00+01:00")
    assert (
        advance(control_api, account_name, "P1D").json()["now"]
        == advance(control_api, account_name, "PT0S").json()["now"]
        == "2024-03-31T11:00:00Z"
    )


@pytest.mark.parametrize("at", ["1971-01-01T00:00:00Z", "9997-12-30T23:59:59Z"])
def test_the_years_that_a_world_can_reach(
    control_api: ControlApi, account_name: str, at: str
) -> None:
    assert freeze(control_api, account_name, at)["now"] == at
    assert plays(control_api, account_name) == 0


@pytest.mark.parametrize(
    "clock",
    [
        {"mode": "frozen", "at": "1970-12-31T23:59:59Z"},
        {"mode": "frozen", "at": "9997-12-31"},
        {"mode": "offset", "by": "P9999999W"},
    ],
)
def test_years_beyond_are_refused(
    control_api: ControlApi, account_name: str, clock: dict[str, str]
) -> None:
    response = control_api.account(account_name, "PUT", "/clock", clock)
    assert response.status_code == 422
    assert "from 1971-01-01" in response.json()["detail"]
    assert control_api.account(account_name, "GET", "/clock").json()["now"] == NOW_TEXT


@pytest.mark.parametrize("by", ["P9999999999999W", f"P{'9' * 5000}D", "-P99999W"])
def test_a_clock_does_not_move_beyond_them_either(
    control_api: ControlApi, account_name: str, by: str
) -> None:
    assert advance(control_api, account_name, by).status_code == 422


# ---- The anchor


def test_the_world_follows_a_clock_that_is_set_while_nothing_is_recorded(
    control_api: ControlApi, account_name: str
) -> None:
    assert (
        freeze(control_api, account_name, "2030-01-02T00:00:00Z")["first"] == "2029-10-01T00:00:00Z"
    )


def test_the_world_stays_when_a_clock_is_only_moved(
    control_api: ControlApi, account_name: str
) -> None:
    assert advance(control_api, account_name, "P30D").json()["first"] == "2024-03-04T00:00:00Z"


def test_the_world_stays_once_something_is_recorded(
    control_api: ControlApi, record_plays: RecordPlays, account_name: str
) -> None:
    record_plays(account_name, 1)
    assert (
        freeze(control_api, account_name, "2024-08-01T00:00:00Z")["first"] == "2024-03-04T00:00:00Z"
    )
    assert plays(control_api, account_name) == 1


def test_no_clock_shows_what_is_beyond_its_worlds_last_day(
    control_api: ControlApi, record_plays: RecordPlays, account_name: str
) -> None:
    record_plays(account_name, 1)
    response = control_api.account(
        account_name, "PUT", "/clock", {"mode": "frozen", "at": "2025-06-10T00:00:00Z"}
    )
    assert (response.status_code, "2025-06-09T23:59:59Z" in response.json()["detail"]) == (
        422,
        True,
    )
    assert (
        freeze(control_api, account_name, "2025-06-09T23:59:59Z")["now"] == "2025-06-09T23:59:59Z"
    )
    assert advance(control_api, account_name, "PT1S").status_code == 422


def test_an_account_that_forgot_what_was_recorded_is_free_again(
    control_api: ControlApi, record_plays: RecordPlays, account_name: str
) -> None:
    record_plays(account_name, 1)
    control_api.account(account_name, "POST", "/reset")
    assert (
        freeze(control_api, account_name, "2030-01-02T00:00:00Z")["first"] == "2029-10-01T00:00:00Z"
    )


# ---- What follows it


def test_a_viewing_is_seen_when_the_clock_has_come_to_it(
    control_api: ControlApi, record_plays: RecordPlays, account_name: str
) -> None:
    record_plays(account_name, 2)
    assert [
        advance(control_api, account_name, by).status_code and plays(control_api, account_name)
        for by in ("-PT2H", "PT2H")
    ] == [0, 2]


def test_two_accounts_of_a_server_stand_at_different_instants(
    control_api: ControlApi, record_plays: RecordPlays, account_name: str
) -> None:
    record_plays(account_name, 2)
    other = control_api.account(
        account_name, "POST", "/fork", {"name": f"{account_name} fork"}
    ).json()["name"]
    freeze(control_api, other, "2024-06-05T10:00:00Z")
    assert [plays(control_api, each) for each in (account_name, other)] == [2, 0]


def test_a_world_grows_as_its_clock_goes(start_server: StartServer) -> None:
    _, control = start_server(scenario="demo", viewings=300)
    control.create(name="growing")
    before = plays(control, "growing")
    assert advance(control, "growing", "P14D").json()["now"] == "2024-06-19T12:00:00Z"
    assert control.account("growing", "GET").json()["ready"] is False
    assert plays(control, "growing") > before
    assert control.account("growing", "GET").json()["ready"] is True
    advance(control, "growing", "-P14D")
    assert plays(control, "growing") == before


def token(control: ControlApi, key: str) -> str:
    issued = control.web.post(f"{control.url}/apivideo/auth/api-key", json={"apiKey": key})
    return str(issued.json()["access_token"])


def videos(control: ControlApi, token: str, **headers: str) -> int:
    return control.web.get(
        f"{control.url}/apivideo/videos", headers={"Authorization": f"Bearer {token}", **headers}
    ).status_code


def test_a_token_expires_by_the_accounts_clock(control_api: ControlApi, account_name: str) -> None:
    issued = token(control_api, account_name)
    advance(control_api, account_name, "PT59M59S")
    assert videos(control_api, issued) == 200
    advance(control_api, account_name, "PT1S")
    assert videos(control_api, issued) == 401
    advance(control_api, account_name, "-PT1S")
    assert videos(control_api, issued) == 200


def test_days_that_nobody_names_end_at_the_accounts_clock(
    control_api: ControlApi, record_plays: RecordPlays, account_name: str
) -> None:
    record_plays(account_name, 2)
    duration = "/streaming/statistics/stream/watching_duration/total?from=2024-06-01T00:00:00Z"
    assert (
        control_api.ask("gcore", duration, account_name).json()
        == control_api.ask("gcore", f"{duration}&to={NOW_TEXT}", account_name).json()
    )
    today = control_api.ask("wistia", "/v1/stats/account/by_date", account_name).json()
    freeze(control_api, account_name, "2024-06-20T00:00:00Z")
    later = control_api.ask("wistia", "/v1/stats/account/by_date", account_name).json()
    assert [max(day["date"] for day in days) for days in (today, later)] == [
        "2024-06-05",
        "2024-06-20",
    ]


def test_events_are_kept_for_two_years_by_the_accounts_clock(start_server: StartServer) -> None:
    server, control = start_server(now="2027-06-05T12:00:00Z")
    world = World(server, "old")
    world.watch(world.video(), "ana", "2025-06-05T11:00:00Z", (0, 5))
    assert control.ask("wistia", "/v1/stats/events", "old").json() == []
    assert advance(control, "old", "-PT2H").status_code == 200
    assert len(control.ask("wistia", "/v1/stats/events", "old").json()) == 1
    assert plays(control, "old") == 1


# ---- One read at another instant

CLOCK_READERS = {
    "gcore": (
        "/streaming/statistics/countries?date_from=2024-06-05T00:00:00Z&"
        "date_to=2024-06-05T23:59:59Z"
    ),
    "wistia": "/v1/stats/account",
}


def countries(control: ControlApi, key: str, **headers: str) -> int:
    """How many views Gcore tells of."""
    rows = control.ask("gcore", CLOCK_READERS["gcore"], key, **headers).json()
    return sum(row["views"] for row in rows.get("data", rows) if isinstance(row, dict))


@pytest.mark.parametrize("ask", [plays, countries], ids=["wistia", "gcore"])
def test_one_read_is_answered_at_the_instant_that_it_names(
    control_api: ControlApi, record_plays: RecordPlays, account_name: str, ask: Callable[..., int]
) -> None:
    record_plays(account_name, 2)
    assert ask(control_api, account_name) == 2
    assert ask(control_api, account_name, **{"X-Playhead-Now": "2024-06-05T10:59:59Z"}) == 0
    assert ask(control_api, account_name) == 2
    assert ask(control_api, account_name, **{"X-Playhead-Now": "2025-06-09T23:59:59Z"}) == 2


def test_one_read_of_sessions_is_answered_at_the_instant_that_it_names(
    control_api: ControlApi, record_plays: RecordPlays, account_name: str
) -> None:
    record_plays(account_name, 2)
    video = control_api.ask("apivideo", "/videos", account_name).json()["data"][0]["videoId"]

    def sessions(**headers: str) -> int:
        return len(
            control_api.ask(
                "apivideo", f"/analytics/videos/{video}?period=2024-06-05", account_name, **headers
            ).json()["data"]
        )

    assert [sessions(), sessions(**{"X-Playhead-Now": "2024-06-05T10:59:59Z"}), sessions()] == [
        2,
        0,
        2,
    ]


def test_an_instant_in_a_header_expires_no_token_and_moves_no_world(
    control_api: ControlApi, account_name: str
) -> None:
    issued = token(control_api, account_name)
    before = control_api.account(account_name, "GET").json()
    assert videos(control_api, issued, **{"X-Playhead-Now": "2025-01-01T00:00:00Z"}) == 200
    assert control_api.account(account_name, "GET").json() == before


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "",
        "2024-02-30",
        "1717588800",
        "2025-06-10T00:00:00Z",
        "1970-01-01",
        "9999-12-31",
    ],
)
@pytest.mark.parametrize("vendor", ["gcore", "wistia", "apivideo"])
def test_an_instant_that_cannot_be_is_refused_in_the_vendors_voice(
    control_api: ControlApi, account_name: str, vendor: str, text: str
) -> None:
    path = {**CLOCK_READERS, "apivideo": "/videos"}[vendor]
    response = control_api.ask(vendor, path, account_name, **{"X-Playhead-Now": text})
    assert 400 <= response.status_code < 500
    assert (
        response.headers["content-type"]
        == control_api.ask(vendor, path, account_name, Prefer="code=400").headers["content-type"]
    )


def test_an_instant_in_a_header_is_of_the_account_that_is_asked(
    control_api: ControlApi, account_name: str
) -> None:
    freeze(control_api, account_name, "2030-01-02T00:00:00Z")
    assert (
        control_api.status(
            "wistia",
            "/v1/stats/account",
            account_name,
            **{"X-Playhead-Now": "2030-06-01T00:00:00Z"},
        )
        == 200
    )


def test_the_servers_clock_does_not_follow_an_accounts(
    control_api: ControlApi, account_name: str, empty: Server
) -> None:
    freeze(control_api, account_name, "2030-01-02T00:00:00Z")
    assert empty.emulator.clock.now() == NOW
    assert control_api.create()["clock"]["now"] == NOW_TEXT
