"""Accounts over HTTP: created, listed, shown, reset, forked and deleted, under any name."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from playhead import Server
from playhead.storage import tables
from tests.control.conftest import ControlApi, account_stats
from tests.worlds import World

VENDORS = ("apivideo", "gcore", "wistia")
PROBLEM = "application/problem+json"
StartServer = Callable[..., tuple[Server, ControlApi]]
RecordPlays = Callable[[str, int], World]


def plays(control: ControlApi, key: str) -> int:
    """How many plays an account has, by the vendor that says it shortest."""
    return int(account_stats(control, key)["play_count"])


def assert_problem(response: httpx.Response, status: int, detail: str = "") -> None:
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM), (
        response.text
    )
    assert response.json()["status"] == status
    assert detail in response.json()["detail"]


# ---- Creating


def test_an_account_needs_nothing(control_api: ControlApi) -> None:
    first = control_api.create()
    second = control_api.create()
    assert first["name"] != second["name"]
    assert first["key"] == first["name"]
    assert plays(control_api, first["key"]) == 0


def test_a_name_that_was_taken_is_not_given(control_api: ControlApi) -> None:
    number = int(control_api.create()["name"].removeprefix("account-"))
    taken = control_api.create(name=f"account-{number + 2}")["name"]
    assert control_api.create()["name"] not in (taken, f"account-{number}")


def test_an_account_is_shown_as_it_was_asked_for(control_api: ControlApi, key: str) -> None:
    wanted = {
        "name": key,
        "scenario": "demo",
        "seed": 7,
        "viewings": 300,
        "clock": {"mode": "frozen", "at": "2024-06-05T12:00:00Z"},
        "credentials": {"wistia": [f"{key} at wistia"]},
        "lenient": True,
        "environment": "sandbox",
        "permissions": {"wistia": {"stats_plan": False}},
        "rate_limits": {"apivideo": 5, "wistia": True, "gcore": False},
    }
    shown = control_api.create(**wanted)
    assert shown == control_api.account(key, "GET").json()
    assert shown == {
        "name": key,
        "key": key,
        "scenario": "demo",
        "seed": 7,
        "ready": False,
        "recorded": False,
        "clock": {
            "mode": "frozen",
            "offset_seconds": 0,
            "now": "2024-06-05T12:00:00Z",
            "first": "2024-03-04T00:00:00Z",
            "last": "2025-06-09T23:59:59Z",
        },
        "lenient": True,
        "environment": "sandbox",
        "permissions": {"wistia": {"stats_plan": False}},
        "rate_limits": {"apivideo": 5, "wistia": True},
        "faults": 0,
        "stubs": 0,
        "urls": {vendor: f"{control_api.url}/{vendor}" for vendor in VENDORS},
    }


def test_rate_limits_of_every_vendor_are_asked_for_in_a_word(control_api: ControlApi) -> None:
    assert control_api.create(rate_limits=True)["rate_limits"] == dict.fromkeys(VENDORS, True)


def test_an_account_is_ready_once_it_was_read(start_server: StartServer) -> None:
    _, control = start_server()
    control.create(name="lazy", scenario="demo", viewings=300)
    assert control.account("lazy", "GET").json()["ready"] is False
    assert plays(control, "lazy") > 0
    assert control.account("lazy", "GET").json()["ready"] is True


def test_two_accounts_of_one_world_are_ready_together(start_server: StartServer) -> None:
    server, control = start_server()
    for name in ("one", "two"):
        control.create(name=name, scenario="demo", viewings=300, seed=2)
    assert plays(control, "one") == plays(control, "two") > 0
    with server.emulator.store.snapshot() as connection:
        assert (
            connection.execute(
                select(func.count()).select_from(tables.worlds).where(tables.worlds.c.overlay == 0)
            ).scalar_one()
            == 2
        )


def test_a_scenario_is_given_as_a_document(control_api: ControlApi, key: str) -> None:
    control_api.create(
        name=key,
        scenario={
            "name": "one-film",
            "projects": [{"title": "P", "media": [{"title": "The film", "duration": 20}]}],
        },
    )
    assert control_api.account(key, "GET").json()["scenario"] == "one-film"
    assert [media["name"] for media in control_api.ask("wistia", "/v1/medias", key).json()] == [
        "The film"
    ]


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        pytest.param("/etc/passwd", "there is no scenario '/etc/passwd'", id="a path"),
        pytest.param("../../etc/passwd", "there is no scenario", id="a path upwards"),
        pytest.param("fixtures/scenarios/demo.yaml", "there is no scenario", id="a file of ours"),
        pytest.param("", "there is no scenario", id="nothing"),
        pytest.param({"viewers": "many"}, "scenario:1", id="a document that breaks a rule"),
        pytest.param({"nothing": 1}, "scenario:1", id="a document with a key that there is not"),
        pytest.param(
            {"name": "x", "description": "a\0"},
            "U+0000",
            id="a document with a character that no database keeps",
        ),
        pytest.param(
            {"name": "x", "description": "\ud800"},
            "half of a character",
            id="a document with half a character",
        ),
    ],
)
def test_other_scenarios_are_refused_with_their_reason(
    control_api: ControlApi, key: str, scenario: object, said: str
) -> None:
    response = control_api(
        "POST",
        "/accounts",
        content=json.dumps({"name": key, "scenario": scenario}),
        headers={"Content-Type": "application/json"},
    )
    assert_problem(response, 422, said)
    assert control_api.account(key, "GET").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"nmae": "x"}, "body.nmae"),
        ({"name": ""}, "body.name"),
        ({"name": " x"}, "body.name"),
        ({"name": "x\n"}, "body.name"),
        ({"name": "x" * 201}, "body.name"),
        ({"name": "invalid-key"}, "body.name"),
        ({"name": "\ud800"}, "body.name"),
        ({"seed": -1}, "body.seed"),
        ({"seed": 2**63}, "body.seed"),
        ({"viewings": 0}, "body.viewings"),
        ({"environment": "staging"}, "body.environment"),
        ({"clock": {"mode": "frozen"}}, "body.clock.frozen.at"),
        ({"clock": {"mode": "frozen", "at": "yesterday"}}, "body.clock.frozen.at"),
        ({"clock": {"mode": "frozen", "at": 1717588800}}, "body.clock.frozen.at"),
        ({"clock": {"mode": "slow"}}, "body.clock"),
        ({"credentials": ["x" * 201]}, "body.credentials.list[constrained-str].0"),
        ({"rate_limits": {"wistia": 0}}, "body.rate_limits"),
        ([], "body"),
    ],
)
def test_what_breaks_a_rule_is_named(control_api: ControlApi, wanted: Any, field: str) -> None:
    response = control_api(
        "POST",
        "/accounts",
        content=json.dumps(wanted),
        headers={"Content-Type": "application/json"},
    )
    assert_problem(response, 422)
    assert any(
        error["field"].startswith(field.partition(".list[")[0])
        for error in response.json()["errors"]
    )


@pytest.mark.parametrize(
    "wanted",
    [
        {"permissions": {"vimeo": {}}},
        {"permissions": {"wistia": {"flying": True}}},
        {"credentials": {"vimeo": ["x"]}},
        {"rate_limits": {"vimeo": True}},
    ],
    ids=["vendor of permissions", "permission", "vendor of credentials", "vendor of limits"],
)
def test_vendors_and_permissions_that_there_are_not_are_refused(
    control_api: ControlApi, key: str, wanted: dict[str, object]
) -> None:
    assert_problem(control_api("POST", "/accounts", {"name": key, **wanted}), 422)
    assert control_api.account(key, "GET").status_code == 404


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00Z",
        "1970-12-31T23:59:59Z",
        "9997-12-31T00:00:00Z",
        "9999-12-31T23:59:59Z",
    ],
)
def test_a_clock_of_years_that_no_world_reaches_is_refused(
    control_api: ControlApi, key: str, at: str
) -> None:
    assert_problem(
        control_api("POST", "/accounts", {"name": key, "clock": {"mode": "frozen", "at": at}}),
        422,
        "1971-01-01",
    )


# ---- Names


@pytest.mark.parametrize(
    "name",
    [
        "a/b",
        "/",
        "..",
        "a%2Fb",
        "100%",
        "%",
        "?#&=+",
        "Ключ от всех дверей",
        "多",
        "🎬 take 2",
        "a b  c",
        "é́",
        "'\"<>\\",
        ":",
        "a:b",
        "ß",
        "x" * 200,
    ],
)
def test_any_printable_name_works_everywhere(control_api: ControlApi, key: str, name: str) -> None:
    name = f"{name}{key[-40:]}"[-200:] if name != "x" * 200 else name
    assert control_api.create(name=name)["name"] == name
    assert control_api.account(name, "GET").json()["name"] == name
    assert (
        control_api.account(
            name, "PUT", "/clock", {"mode": "frozen", "at": "2024-01-01T00:00:00Z"}
        ).status_code
        == 200
    )
    assert control_api.account(name, "POST", "/reset").json()["name"] == name
    assert name in [
        account["name"] for account in control_api("GET", "/accounts").json()["accounts"]
    ]
    assert control_api.account(name, "DELETE").status_code == 204
    assert control_api.account(name, "GET").status_code == 404


def test_names_that_look_alike_are_different_accounts(control_api: ControlApi, key: str) -> None:
    composed = f"\u00e9 {key[-60:]}"
    decomposed = f"e\u0301 {key[-60:]}"
    control_api.create(name=composed)
    assert control_api.account(decomposed, "GET").status_code == 404
    assert control_api.account(composed.upper(), "GET").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/reset"),
        ("POST", "/fork"),
        ("GET", "/clock"),
        ("DELETE", "/clock"),
        ("POST", "/clock/advance"),
    ],
)
def test_an_account_that_there_is_not_is_missing(
    control_api: ControlApi, method: str, path: str
) -> None:
    body = {"by": "P1D"} if path.endswith("advance") else None
    assert_problem(control_api.account("nobody at all", method, path, body), 404, "'nobody at all'")


@pytest.mark.parametrize("name", ["invalid-key", " x", "x\n", "x" * 201])
def test_a_name_that_no_account_can_have_is_refused(control_api: ControlApi, name: str) -> None:
    assert_problem(control_api.account(name, "GET"), 422)


@pytest.mark.parametrize("path", ["/accounts/", "/accounts/a/b/c", "/nothing", "", "/"])
def test_what_there_is_not_is_a_problem(control_api: ControlApi, path: str) -> None:
    assert_problem(control_api("GET", path), 404)


def test_a_wrong_method_tells_the_right_ones(control_api: ControlApi) -> None:
    response = control_api("PATCH", "/accounts")
    assert_problem(response, 405)
    assert "GET" in response.headers["allow"] or "POST" in response.headers["allow"]


def test_a_name_is_taken_once(control_api: ControlApi, key: str) -> None:
    control_api.create(name=key)
    assert_problem(control_api("POST", "/accounts", {"name": key}), 409, "there is an account")
    assert_problem(
        control_api.account(key, "POST", "/fork", {"name": key}), 409, "there is an account"
    )


# ---- Keys


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_name_opens_its_account_at_every_vendor(
    control_api: ControlApi, record_plays: RecordPlays, vendor: str, key: str
) -> None:
    control_api.create(name=key, permissions={vendor: {} for vendor in VENDORS})
    record_plays(key, 2)
    assert (
        control_api.status(
            vendor,
            {"gcore": "/streaming/videos", "wistia": "/v1/medias", "apivideo": "/videos"}[vendor],
            key,
        )
        == 200
    )
    assert plays(control_api, key) == 2


def test_a_credential_of_all_vendors_opens_the_account_at_each(
    control_api: ControlApi, record_plays: RecordPlays, key: str
) -> None:
    control_api.create(name=key, credentials=[f"{key}+"])
    record_plays(key, 3)
    assert plays(control_api, f"{key}+") == 3
    assert len(control_api.ask("gcore", "/streaming/videos", f"{key}+").json()) == 1
    assert len(control_api.ask("apivideo", "/videos", f"{key}+").json()["data"]) == 1


def test_a_credential_of_one_vendor_opens_another_account_elsewhere(
    control_api: ControlApi, record_plays: RecordPlays, key: str
) -> None:
    control_api.create(name=key, credentials={"wistia": [f"{key}+"]})
    record_plays(key, 3)
    assert plays(control_api, f"{key}+") == 3
    assert control_api.ask("gcore", "/streaming/videos", f"{key}+").json() == []


@pytest.mark.parametrize(
    ("had", "wanted"),
    [
        (["{}+"], ["{}+"]),
        (["{}+"], {"wistia": ["{}+"]}),
        ({"wistia": ["{}+"]}, {"wistia": ["{}+"]}),
        ({"wistia": ["{}+"]}, ["{}+"]),
        ([], ["{}"]),
        ([], {"gcore": ["{}"]}),
    ],
    ids=["of all", "of all, for one", "of one", "of one, for all", "a name", "a name, for one"],
)
def test_a_key_opens_one_account(control_api: ControlApi, key: str, had: Any, wanted: Any) -> None:
    def of(credentials: Any) -> Any:
        listed = isinstance(credentials, list)
        return (
            [text.format(key) for text in credentials]
            if listed
            else {
                vendor: [text.format(key) for text in texts]
                for vendor, texts in credentials.items()
            }
        )

    control_api.create(name=key, credentials=of(had))
    assert_problem(
        control_api("POST", "/accounts", {"name": f"{key} too", "credentials": of(wanted)}),
        409,
        "another account",
    )
    assert control_api.account(f"{key} too", "GET").status_code == 404


def test_one_key_may_open_two_accounts_at_two_vendors(control_api: ControlApi, key: str) -> None:
    for vendor in ("wistia", "gcore"):
        control_api.create(name=f"{key} {vendor}", credentials={vendor: [f"{key}+"]})
    assert control_api.status("wistia", "/v1/stats/account", f"{key}+") == 200


def test_a_credential_of_an_account_is_no_name_for_another(
    control_api: ControlApi, key: str
) -> None:
    control_api.create(name=key, credentials={"wistia": [f"{key}+"]})
    assert_problem(control_api("POST", "/accounts", {"name": f"{key}+"}), 409, "credential")
    assert_problem(
        control_api.account(key, "POST", "/fork", {"name": f"{key}+"}), 409, "credential"
    )
