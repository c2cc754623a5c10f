"""Faults: which requests they strike, how often, and what a client then sees."""

import asyncio
import contextlib
import itertools
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import update

from playhead import Server
from playhead.app import create_app
from playhead.faults.model import RequestMatch
from playhead.faults.repository import Faults
from playhead.server import listen
from playhead.storage import tables
from tests.control.account_client import (
    COUNTRIES,
    MAY,
    SIMPLE_PATHS,
    AccountClient,
    is_vendor_error,
)
from tests.worlds import NOW_TEXT, credentials

VENDORS = ["apivideo", "gcore", "wistia"]


@pytest.fixture
def account_client(web: httpx.Client, empty: Server, key: str) -> AccountClient:
    return AccountClient(web, empty.url, key)


# Planning.


def test_a_fault_is_shown_as_it_was_planned(account_client: AccountClient) -> None:
    match = {
        "vendor": "gcore",
        "operation": "views_by_country",
        "path": "/streaming/*",
        "nth": [2, 4],
        "probability": 0.5,
    }
    effect = {
        "status": 503,
        "retry": False,
        "headers": {"X-A": "b"},
        "latency": {"median_ms": 10, "sigma": 0.5},
        "disconnect": "mid_body",
        "malformed": True,
    }
    made = account_client.add_fault(effect, times=3, ttl="PT90S", **match)
    shown = {
        "id": made["id"],
        "match": match,
        "effect": effect,
        "times": 3,
        "ttl": "PT90S",
        "met": 0,
        "done": 0,
        "over": False,
    }
    assert made == shown
    assert account_client.account_request("GET", "/faults", 200) == {"faults": [shown]}


def test_what_was_not_planned_is_not_shown(account_client: AccountClient) -> None:
    assert account_client.add_fault({"retry": False}, nth=1)["match"] == {"nth": 1}
    assert account_client.add_fault({"disconnect": "before_response"})["effect"] == {
        "disconnect": "before_response"
    }
    assert account_client.add_fault({"latency": {"ms": 0}})["effect"] == {"latency": {"ms": 0}}


def test_faults_are_removed_one_by_one_or_all(account_client: AccountClient) -> None:
    one = account_client.add_fault({"status": 500})["id"]
    other = account_client.add_fault({"status": 502})["id"]
    account_client.account_request("DELETE", f"/faults/{one}", 204)
    assert account_client.vendor_request("gcore").status_code == 502
    account_client.account_request("DELETE", f"/faults/{one}", 404)
    assert account_client.account_request("GET", "", 200)["faults"] == 1
    account_client.add_fault({"status": 500})
    account_client.account_request("DELETE", "/faults", 204)
    assert account_client.account_request("GET", "/faults", 200) == {"faults": []}
    assert account_client.vendor_request("gcore").status_code == 200
    account_client.account_request("DELETE", f"/faults/{other}", 404)


def test_the_id_of_a_deleted_fault_is_not_used_again(account_client: AccountClient) -> None:
    deleted = account_client.add_fault({"status": 500})["id"]
    account_client.account_request("DELETE", f"/faults/{deleted}", 204)
    assert account_client.add_fault({"status": 500})["id"] > deleted


INVALID_FAULTS: dict[str, tuple[Any, str]] = {
    "no effect": ({}, "effect"),
    "an effect without anything": (
        {"effect": {}},
        "give status, retry, headers, latency, cut or malformed",
    ),
    "an unknown key": ({"effect": {"status": 500}, "matches": {}}, "matches"),
    "an unknown key of the effect": ({"effect": {"code": 500}}, "code"),
    "an unknown vendor": (
        {"match": {"vendor": "vimeo"}, "effect": {"status": 500}},
        "apivideo, gcore, wistia",
    ),
    "an unknown operation": (
        {"match": {"operation": "views_by_contry"}, "effect": {"status": 500}},
        "did you mean views_by_country?",
    ),
    "another vendor's operation": (
        {"match": {"vendor": "wistia", "operation": "views_by_country"}, "effect": {"status": 500}},
        "of wistia",
    ),
    "a path of nobody": ({"match": {"path": "/nothing"}, "effect": {"status": 500}}, "begins with"),
    "a path with a query": (
        {"match": {"path": "/videos?x=1"}, "effect": {"status": 500}},
        "`query`",
    ),
    "the 0th request": ({"match": {"nth": 0}, "effect": {"status": 500}}, "nth"),
    "the 0th of several": ({"match": {"nth": [1, 0]}, "effect": {"status": 500}}, "nth"),
    "none of several": ({"match": {"nth": []}, "effect": {"status": 500}}, "nth"),
    "a probability above 1": (
        {"match": {"probability": 1.1}, "effect": {"status": 500}},
        "probability",
    ),
    "a probability below 0": (
        {"match": {"probability": -0.1}, "effect": {"status": 500}},
        "probability",
    ),
    "a success": ({"effect": {"status": 200}}, "status"),
    "a status beyond HTTP": ({"effect": {"status": 600}}, "status"),
    "a latency above 300 s": ({"effect": {"latency": {"ms": 300_001}}}, "latency"),
    "a negative latency": ({"effect": {"latency": {"ms": -1}}}, "latency"),
    "a latency of two sorts": (
        {"effect": {"latency": {"ms": 1, "median_ms": 1, "sigma": 1}}},
        "latency",
    ),
    "a cut elsewhere": ({"effect": {"disconnect": "after"}}, "disconnect"),
    "a header of two lines": ({"effect": {"headers": {"X-A": "b\r\nX-C: d"}}}, "no header"),
    "a header in no alphabet of HTTP's": ({"effect": {"headers": {"X-Ä": "b"}}}, "no header"),
    "the length": ({"effect": {"headers": {"Content-Length": "1"}}}, "the server's to say"),
    "retry where nobody listens": (
        {"match": {"vendor": "wistia"}, "effect": {"status": 500, "retry": False}},
        "wistia has no header",
    ),
    "no times": ({"effect": {"status": 500}, "times": 0}, "times"),
    "no time": ({"effect": {"status": 500}, "ttl": "PT0S"}, "ttl"),
    "a time to live in the past": ({"effect": {"status": 500}, "ttl": "-PT1S"}, "ttl"),
    "half a character": ({"match": {"path": "/videos/\ud800"}, "effect": {"status": 500}}, "path"),
}


@pytest.mark.parametrize("name", INVALID_FAULTS)
def test_what_cannot_be_planned_is_refused_with_a_reason(
    account_client: AccountClient, name: str
) -> None:
    body, reason = INVALID_FAULTS[name]
    content = json.dumps(body).encode()
    answer = account_client.web.post(
        f"{account_client.url}/_emulator/accounts/{account_client.name}/faults",
        content=content,
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert reason in answer.json()["detail"]
    assert account_client.account_request("GET", "/faults", 200) == {"faults": []}


def test_an_account_that_is_not_there_has_no_faults(account_client: AccountClient) -> None:
    account_client.control("GET", "/accounts/nobody-of-that-name/faults", 404)
    account_client.control(
        "POST", "/accounts/nobody-of-that-name/faults", 404, {"effect": {"status": 500}}
    )


# What is struck.


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("status", [400, 404, 409, 429, 500, 503, 599])
def test_a_status_is_answered_in_the_vendors_envelope(
    account_client: AccountClient, vendor: str, status: int
) -> None:
    account_client.add_fault({"status": status})
    answer = account_client.vendor_request(vendor)
    if (vendor, status) == ("wistia", 429):
        assert (answer.status_code, answer.text) == (429, "Rate limit exceeded")
    else:
        assert is_vendor_error(answer, vendor, status)


@pytest.mark.parametrize(("retry", "said"), [(False, "false"), (True, "true")])
def test_gcore_is_told_whether_to_retry(
    account_client: AccountClient, retry: bool, said: str
) -> None:
    account_client.add_fault({"status": 500, "retry": retry})
    assert account_client.vendor_request("gcore").headers["x-should-retry"] == said
    assert "x-should-retry" not in account_client.vendor_request("wistia").headers


def test_a_header_of_a_fault_replaces_the_answers_own(account_client: AccountClient) -> None:
    account_client.add_fault({"status": 429, "headers": {"retry-after": "7", "x-more": "1"}})
    answer = account_client.vendor_request("wistia")
    assert (answer.headers.get_list("retry-after"), answer.headers["x-more"]) == (["7"], "1")


@pytest.mark.parametrize(
    ("match", "struck"),
    [
        ({}, "apivideo gcore wistia"),
        ({"vendor": "wistia"}, "wistia"),
        ({"operation": "live_watch_time_total"}, "gcore"),
        ({"vendor": "wistia", "operation": "account"}, "wistia"),
        ({"vendor": "wistia", "operation": "visitors"}, ""),
        ({"path": "/v1/stats/account"}, "wistia"),
        ({"path": "/v1/stats/account.json"}, "wistia"),
        ({"path": "/wistia/v1/stats/account.json"}, "wistia"),
        ({"path": "/streaming/statistics/stream/watching_duration/total/"}, "gcore"),
        ({"path": "/v*"}, "apivideo wistia"),
        ({"path": "*"}, "apivideo gcore wistia"),
        ({"path": "*/stats/*"}, "wistia"),
        ({"path": "*stats*count*"}, "wistia"),
        ({"path": "/videos/*"}, ""),
        ({"path": "/v[a-z]deos*"}, ""),
    ],
    ids=str,
)
def test_which_requests_a_fault_is_for(
    account_client: AccountClient, match: dict[str, Any], struck: str
) -> None:
    account_client.add_fault({"status": 500}, **match)
    assert [
        vendor for vendor in VENDORS if account_client.vendor_request(vendor).status_code == 500
    ] == struck.split()


@pytest.mark.parametrize(
    ("more", "statuses"),
    [
        ({"times": 2}, [500, 500, 200, 200, 200]),
        ({"nth": 2}, [200, 500, 200, 200, 200]),
        ({"nth": [1, 4]}, [500, 200, 200, 500, 200]),
        ({"nth": [1, 2, 3], "times": 2}, [500, 500, 200, 200, 200]),
        ({"probability": 0.0}, [200] * 5),
        ({"probability": 1.0}, [500] * 5),
    ],
    ids=str,
)
def test_how_often_a_fault_strikes(
    account_client: AccountClient, more: dict[str, Any], statuses: list[int]
) -> None:
    made = account_client.add_fault({"status": 500}, **more)
    assert account_client.statuses("gcore", 5) == statuses
    shown = account_client.account_request("GET", "/faults", 200)["faults"][0]
    assert (shown["id"], shown["done"]) == (made["id"], statuses.count(500))


def test_only_requests_that_fit_are_counted(account_client: AccountClient) -> None:
    account_client.add_fault({"status": 500}, vendor="gcore", nth=2)
    account_client.statuses("wistia", 3)
    assert account_client.statuses("gcore", 2) == [200, 500]


def test_a_request_without_a_key_or_route_meets_no_fault(account_client: AccountClient) -> None:
    account_client.add_fault({"status": 503}, times=1)
    assert (
        account_client.web.get(f"{account_client.url}/gcore{SIMPLE_PATHS['gcore']}").status_code
        == 401
    )
    assert account_client.vendor_request("gcore", "/streaming/nothing").status_code == 404
    assert account_client.vendor_request("gcore", method="DELETE").status_code == 405
    assert account_client.statuses("gcore", 2) == [503, 200]


def test_the_first_that_is_due_strikes_and_all_count(account_client: AccountClient) -> None:
    account_client.add_fault({"status": 500}, nth=2)
    account_client.add_fault({"status": 502})
    assert account_client.statuses("gcore", 3) == [502, 500, 502]
    assert [
        (fault["met"], fault["done"])
        for fault in account_client.account_request("GET", "/faults", 200)["faults"]
    ] == [(3, 1), (3, 2)]


@pytest.mark.parametrize("by", ["PT60S", "P1D"])
def test_a_fault_ends_on_the_accounts_clock(account_client: AccountClient, by: str) -> None:
    account_client.add_fault({"status": 500}, ttl="PT60S")
    account_client.advance("PT59S")
    assert account_client.vendor_request("gcore").status_code == 500
    account_client.advance(by)
    assert account_client.vendor_request("gcore").status_code == 200
    assert account_client.account_request("GET", "/faults", 200)["faults"][0]["over"] is True


def test_a_fault_ends_in_real_seconds(account_client: AccountClient, empty: Server) -> None:
    made = account_client.add_fault({"status": 500}, ttl="PT60S")
    with empty.emulator.store.transaction() as connection:
        faults = tables.faults
        connection.execute(
            update(faults)
            .where(faults.c.id == made["id"])
            .values(planned_at=faults.c.planned_at - 60)
        )
    assert account_client.vendor_request("gcore").status_code == 200


@pytest.mark.parametrize(
    ("path", "body"), [("/auth/api-key", "apiKey"), ("/auth/refresh", "refreshToken")]
)
def test_the_endpoints_that_give_tokens_are_struck_as_well(
    account_client: AccountClient, path: str, body: str
) -> None:
    given = {
        "apiKey": account_client.name,
        "refreshToken": account_client.web.post(
            f"{account_client.url}/auth/api-key", json={"apiKey": account_client.name}
        ).json()["refresh_token"],
    }
    account_client.add_fault({"status": 503}, path=path, times=1)
    answers = [
        account_client.web.post(account_client.url + path, json={body: given[body]})
        for _ in range(2)
    ]
    assert is_vendor_error(answers[0], "apivideo", 503)
    assert answers[1].json()["token_type"] == "Bearer"


def test_a_reset_forgets_faults_and_a_fork_has_them(account_client: AccountClient) -> None:
    account_client.add_fault({"status": 500}, times=2)
    account_client.vendor_request("gcore")
    forked = account_client.account_request(
        "POST", "/fork", 201, {"name": f"{account_client.name[-150:]}-fork"}
    )
    answers = [
        account_client.web.get(
            f"{account_client.url}{SIMPLE_PATHS['gcore']}",
            headers={"Authorization": credentials("gcore", forked["name"])},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [500, 200]
    account_client.account_request("POST", "/reset", 200)
    assert account_client.vendor_request("gcore").status_code == 200


# Chance.


def fault_outcomes(
    web: httpx.Client, server: Server, name: str, seed: int
) -> tuple[list[int], list[int]]:
    """The statuses that chance chose, and the latencies that it drew."""
    planned = AccountClient(web, server.url, name, seed=seed)
    planned.add_fault({"status": 500}, vendor="gcore", probability=0.5)
    planned.add_fault({"latency": {"median_ms": 1000, "sigma": 0.5}}, vendor="wistia")
    faults = Faults(server.emulator.store, server.emulator.open_account(name))
    struck = [
        faults.apply(RequestMatch("wistia", "account", "/v1/stats/account")) for _ in range(20)
    ]
    return planned.statuses("gcore", 20), [found.latency_ms for found in struck if found]


def test_chance_comes_from_the_seed(web: httpx.Client, empty: Server, key: str) -> None:
    one, same, other = (
        fault_outcomes(web, empty, f"{key[-150:]}-{name}", seed)
        for name, seed in (("one", 5), ("same", 5), ("other", 6))
    )
    assert one == same
    assert one[0] != other[0] and one[1] != other[1]
    assert 3 < one[0].count(500) < 17
    assert len(set(one[1])) == 20
    assert 5 <= sum(wait < 1000 for wait in one[1]) <= 15


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_of_twenty_at_once_exactly_one_is_struck(
    request: pytest.FixtureRequest, web: httpx.Client, store: str
) -> None:
    url = request.getfixturevalue("postgresql_url") if store == "postgresql" else None
    with Server(scenario="empty", now=NOW_TEXT, store=url) as server:
        planned = AccountClient(web, server.url, "account")
        planned.add_fault({"status": 503}, times=1)
        planned.add_fault({"status": 502}, nth=7)
        found = asyncio.run(
            _send_concurrently(
                f"{server.url}{SIMPLE_PATHS['gcore']}",
                {"Authorization": "APIKey account"},
                count=20,
            )
        )
    assert sorted(found) == [200] * 18 + [502, 503]


async def _send_concurrently(url: str, headers: dict[str, str], *, count: int) -> list[int]:
    async with httpx.AsyncClient(timeout=60) as client:
        return [
            answer.status_code
            for answer in await asyncio.gather(
                *(client.get(url, headers=headers) for _ in range(count))
            )
        ]


# What is spoiled.


def send_raw(url: str, target: str, key: str, method: str = "GET") -> bytes:
    """All bytes of an answer, up to where the connection closes."""
    found = httpx.URL(url)
    with contextlib.closing(
        socket.create_connection((found.host, found.port or 80), timeout=10)
    ) as line:
        line.sendall(
            (
                f"{method} {target} HTTP/1.1\r\nHost: x\r\nAuthorization: APIKey {key}\r\n"
                "Connection: close\r\n\r\n"
            ).encode()
        )
        return b"".join(iter(lambda: line.recv(65536), b""))


def test_cut_before_no_byte_arrives(account_client: AccountClient) -> None:
    account_client.add_fault({"disconnect": "before_response"}, times=1)
    assert send_raw(account_client.url, SIMPLE_PATHS["gcore"], account_client.name) == b""
    assert send_raw(account_client.url, SIMPLE_PATHS["gcore"], account_client.name).startswith(
        b"HTTP/1.1 200"
    )


def test_cut_inside_the_headers_and_half_the_body_arrive(account_client: AccountClient) -> None:
    whole = account_client.vendor_request("gcore")
    account_client.add_fault({"disconnect": "mid_body"})
    head, _, body = send_raw(
        account_client.url, SIMPLE_PATHS["gcore"], account_client.name
    ).partition(b"\r\n\r\n")
    assert (
        head.startswith(b"HTTP/1.1 200")
        and f"content-length: {len(whole.content)}".encode() in head
    )
    assert body == whole.content[: len(whole.content) // 2] != b""


@pytest.mark.parametrize(
    "effect",
    [
        {"disconnect": "before_response"},
        {"disconnect": "mid_body"},
        {"disconnect": "mid_body", "status": 500},
    ],
    ids=str,
)
def test_a_client_notices_a_cut(account_client: AccountClient, effect: dict[str, Any]) -> None:
    account_client.add_fault(effect, times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        account_client.vendor_request("gcore")
    assert account_client.vendor_request("gcore").status_code == 200


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("status", [None, 500])
def test_malformed_json_has_the_same_length(
    account_client: AccountClient, vendor: str, status: int | None
) -> None:
    effect = {"status": status} if status else {}
    account_client.add_fault({**effect, "latency": {"ms": 1}}, nth=1)
    account_client.add_fault({**effect, "malformed": True}, nth=2)
    whole = account_client.vendor_request(vendor)
    spoiled = account_client.vendor_request(vendor)
    assert (spoiled.status_code, len(spoiled.content), spoiled.content[:-1]) == (
        whole.status_code,
        len(whole.content),
        whole.content[:-1],
    )
    assert spoiled.headers["content-type"] == whole.headers["content-type"]
    with pytest.raises(ValueError):
        spoiled.json()


COMBINATIONS = [
    {**status, **latency, **cut, **malformed}
    for status, latency, cut, malformed in itertools.product(
        ({}, {"status": 503, "retry": False}),
        ({}, {"latency": {"ms": 1}}),
        ({}, {"disconnect": "before_response"}, {"disconnect": "mid_body"}),
        ({}, {"malformed": True}),
    )
]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_combination_is_answered_or_cut_and_nothing_crashes(
    web: httpx.Client, capfd: pytest.CaptureFixture[str], method: str
) -> None:
    with Server(scenario="empty", now=NOW_TEXT, log="text") as server:
        planned = AccountClient(web, server.url, "account")
        for effect in filter(None, COMBINATIONS):
            planned.add_fault(effect, times=len(VENDORS))
            for vendor in VENDORS:
                _vendor_request_or_error(planned, vendor, method)
        assert planned.statuses("gcore", 1) == [200]
    log = capfd.readouterr().err
    assert "Traceback" not in log and "ERROR" not in log
    assert log.count(f" {method} ") >= (len(COMBINATIONS) - 1) * len(VENDORS)


def _vendor_request_or_error(planned: AccountClient, vendor: str, method: str) -> None:
    try:
        assert planned.vendor_request(vendor, method=method).status_code in (200, 503)
    except httpx.RemoteProtocolError:
        return


# Servers that give the application no hold of the connection.


@pytest.fixture
def plain_server() -> Iterator[str]:
    """The application under uvicorn as it comes."""
    listening = listen("127.0.0.1", 0)
    app = create_app(scenario="empty", now=NOW_TEXT, log="text")
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()
    app.on_shutdown()


@pytest.mark.parametrize("disconnect", ["before_response", "mid_body"])
def test_under_another_server_a_cut_answer_stays_unfinished(
    plain_server: str, web: httpx.Client, capfd: pytest.CaptureFixture[str], disconnect: str
) -> None:
    planned = AccountClient(web, plain_server, "account")
    planned.add_fault({"disconnect": disconnect}, times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        planned.vendor_request("gcore")
    assert planned.vendor_request("gcore", COUNTRIES, **MAY).status_code == 200
    assert "Traceback" not in capfd.readouterr().err
