"""The journal over HTTP:

what is noted of a request, whose it is, what is masked; asking, counting, forgetting, waiting.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest
from starlette.types import Message

from playhead import Server
from playhead.app import create_app
from playhead.domain.clock import SystemClock
from playhead.gateway.vendor import Vendor
from playhead.journal.entry import JournalEntry, JournalFilter
from playhead.journal.writer import Journal
from playhead.vendors import VENDORS
from tests.control.client_helpers import COUNTRIES, VIDEOS, JournalClient
from tests.operations import OPERATIONS
from tests.worlds import NOW_TEXT, World, credentials

every_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)


@pytest.fixture
def journal_client(empty: Server, world: World, web: httpx.Client) -> JournalClient:
    assert world.account.name == world.key  # it is there
    return JournalClient(web, empty.url, world.key)


@pytest.fixture
def anonymous_client(empty: Server, web: httpx.Client) -> Callable[..., list[dict[str, Any]]]:
    """The requests that named no account."""

    def found(**filters: Any) -> list[dict[str, Any]]:
        page: list[dict[str, Any]] = web.get(
            f"{empty.url}/_emulator/requests", params={"limit": 1000, **filters}
        ).json()["requests"]
        return page

    return found


# ---- What is noted


def test_a_request_is_noted_with_all_that_is_known_of_it(journal_client: JournalClient) -> None:
    began = time.time()
    assert journal_client.gcore(f"{VIDEOS}?page=1&per_page=10").status_code == 200
    (noted,) = journal_client.requests()
    assert began - 0.001 <= seconds_of(noted.pop("at")) <= time.time()
    assert 0 < noted.pop("milliseconds") < 1000 * (time.time() - began)
    assert noted.pop("id") > 0
    assert noted == {
        "vendor": "gcore",
        "operation": "videos",
        "method": "GET",
        "path": VIDEOS,
        "query": "page=1&per_page=10",
        "status": 200,
        "interventions": "",
        "retry": 0,
        "reason": "",
    }


def seconds_of(text: str) -> float:
    """An instant as the journal writes it: with milliseconds."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text)
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("path", "method", "status", "operation", "reason"),
    [
        pytest.param(
            COUNTRIES,
            "GET",
            400,
            "views_by_country",
            "date_from is missing; date_to is missing",
            id="a parameter",
        ),
        pytest.param(
            f"{VIDEOS}?page=0", "GET", 400, "videos", "page='0' is outside 1..", id="a bound"
        ),
        pytest.param(f"{VIDEOS}/1", "GET", 404, "video", "no video 1", id="an id"),
        pytest.param("/streaming/nothing", "GET", 404, "", "no route", id="a path"),
        pytest.param(VIDEOS, "POST", 405, "videos", "wrong method", id="a method"),
        pytest.param(VIDEOS, "HEAD", 200, "videos", "", id="a head"),
    ],
)
def test_a_refusal_is_noted_with_its_rule_in_plain_words(
    journal_client: JournalClient, path: str, method: str, status: int, operation: str, reason: str
) -> None:
    assert journal_client.gcore(path, method=method).status_code == status
    noted = journal_client.last_request()
    assert (noted["path"], noted["method"], noted["status"], noted["reason"]) == (
        path.partition("?")[0],
        method,
        status,
        reason,
    )
    assert noted["operation"] in (operation, "")


@pytest.mark.parametrize(
    ("header", "retry"),
    [
        ("0", 0),
        ("2", 2),
        ("007", 7),
        ("-1", 0),
        ("two", 0),
        ("9" * 9, 999_999_999),
        ("9" * 5000, 0),
        ("²", 0),
    ],
    ids=lambda value: str(value)[:12],
)
def test_the_clients_own_count_of_retries_is_noted(
    journal_client: JournalClient, header: str, retry: int
) -> None:
    journal_client.web.get(
        f"{journal_client.url}/gcore{VIDEOS}",
        headers={
            b"authorization": credentials("gcore", journal_client.key).encode(),
            b"x-stainless-retry-count": header.encode(),
        },
    )
    assert journal_client.last_request()["retry"] == retry


def test_what_answered_instead_of_the_world_is_noted(journal_client: JournalClient) -> None:
    fault = journal_client.control(
        "POST",
        "/faults",
        json={"match": {"operation": "videos"}, "effect": {"status": 503}, "times": 1},
    ).json()["id"]
    stub = journal_client.control(
        "POST", "/stubs", json={"vendor": "gcore", "path": "/streaming/streams", "json": []}
    ).json()["id"]
    assert journal_client.gcore().status_code == 503
    journal_client.gcore("/streaming/streams")
    journal_client.gcore(Prefer="code=429")
    assert [request["interventions"] for request in journal_client.requests()] == [
        f"fault {fault}",
        f"stub {stub}",
        "code=429",
    ]


def test_a_limit_that_was_met_is_noted(web: httpx.Client, empty: Server, key: str) -> None:
    web.post(
        f"{empty.url}/_emulator/accounts",
        json={
            "name": key,
            "rate_limits": {"gcore": 1},
            "clock": {"mode": "frozen", "at": NOW_TEXT},
        },
    )
    ask = JournalClient(web, empty.url, key)
    assert [ask.gcore().status_code for _ in range(2)] == [200, 429]
    assert [(request["status"], request["interventions"]) for request in ask.requests()] == [
        (200, ""),
        (429, "limit"),
    ]
    assert "more than 1 in 1 s" in ask.last_request()["reason"]


def test_a_request_whose_connection_was_cut_is_noted_without_a_status(
    journal_client: JournalClient,
) -> None:
    journal_client.control(
        "POST", "/faults", json={"match": {}, "effect": {"disconnect": "before_response"}}
    )
    with pytest.raises(httpx.RemoteProtocolError):
        journal_client.gcore()
    assert [
        (request["status"], request["interventions"][:5])
        for request in journal_client.requests(status="0")
    ] == [(0, "fault")]


def test_a_path_is_noted_as_it_was_sent(journal_client: JournalClient) -> None:
    journal_client.gcore("/streaming/videos/a%2Fb%20c?x=%26&y=+")
    assert (journal_client.last_request()["path"], journal_client.last_request()["query"]) == (
        "/streaming/videos/a%2Fb%20c",
        "x=%26&y=+",
    )


def test_an_entry_is_there_as_soon_as_the_answer_is(journal_client: JournalClient) -> None:
    for count in range(1, 31):
        journal_client.gcore()
        assert journal_client.control("GET", "/requests/count").json() == {"count": count}


def test_an_entry_is_written_down_before_the_last_byte_is_sent(world: World) -> None:
    account = world.account
    emulator = world.server.emulator
    counts: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            counts.append(emulator.journal.count(JournalFilter(account.id)))

    headers = [(b"authorization", credentials("gcore", world.key).encode())]
    scope = {
        "type": "http",
        "method": "GET",
        "path": VIDEOS,
        "query_string": b"",
        "headers": headers,
        "scheme": "http",
        "server": ("127.0.0.1", 80),
    }
    asyncio.run(create_app(emulator)(scope, receive, send))
    assert counts == [1]


# ---- Whose it is


@every_vendor
def test_one_without_a_key_is_nobodys(
    web: httpx.Client,
    empty: Server,
    anonymous_client: Callable[..., list[dict[str, Any]]],
    key: str,
    vendor: Vendor,
) -> None:
    path = next(
        operation.path
        for operation in OPERATIONS
        if operation.vendor == vendor.name
        and not operation.body
        and operation.template != "/health"
    )
    assert web.get(f"{empty.url}/{vendor.name}{path}?mine={key}").status_code == 401
    (noted,) = [
        request
        for request in anonymous_client(vendor=vendor.name, status="401")
        if key in request["query"]
    ]
    assert noted["reason"]


@pytest.mark.parametrize(
    ("bad", "rule"),
    [("invalid-key", "open nothing"), ("x" * 201, "malformed")],
    ids=["refused", "too long"],
)
def test_one_with_a_bad_key_is_nobodys(
    journal_client: JournalClient,
    anonymous_client: Callable[..., list[dict[str, Any]]],
    bad: str,
    rule: str,
) -> None:
    JournalClient(journal_client.web, journal_client.url, bad).gcore(
        f"{VIDEOS}?mine={journal_client.key}"
    )
    (noted,) = [
        request
        for request in anonymous_client(status="4xx")
        if journal_client.key in request["query"] and rule in request["reason"]
    ]
    assert (noted["vendor"], bad in json.dumps(noted)) == ("gcore", False)


def test_one_at_no_vendors_path_is_nobodys(
    journal_client: JournalClient, anonymous_client: Callable[..., list[dict[str, Any]]]
) -> None:
    journal_client.web.get(
        f"{journal_client.url}/nothing/{journal_client.key}",
        headers={"Authorization": credentials("gcore", journal_client.key)},
    )
    (noted,) = anonymous_client(path=f"/nothing/{journal_client.key}")
    assert (noted["vendor"], noted["status"], noted["operation"]) == ("playhead", 404, "")


@every_vendor
@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("DELETE", 404), ("PATCH", 405)])
def test_one_at_an_unknown_path_is_its_accounts(
    journal_client: JournalClient, vendor: Vendor, method: str, status: int
) -> None:
    known = next(
        operation.path
        for operation in OPERATIONS
        if operation.vendor == vendor.name and not operation.body
    )
    path = "/no/such/way" if status == 404 else known
    headers = {"Authorization": credentials(vendor.name, journal_client.key)}
    assert (
        journal_client.web.request(
            method, f"{journal_client.url}/{vendor.name}{path}", headers=headers
        ).status_code
        == status
    )
    if path != "/health":  # which asks for no key, and so nobody
        assert [
            (request["method"], request["status"])
            for request in journal_client.requests(vendor=vendor.name)
        ] == [(method, status)]


def test_one_at_an_unknown_path_opens_no_account(
    journal_client: JournalClient, key: str, anonymous_client: Callable[..., list[dict[str, Any]]]
) -> None:
    stranger = JournalClient(journal_client.web, journal_client.url, f"{key} stranger")
    stranger.gcore(f"/streaming/nothing/{key}")
    assert stranger.control("GET", "").status_code == 404
    assert [
        request["status"] for request in anonymous_client(path=f"/streaming/nothing/{key}")
    ] == [404]


def test_neither_the_control_api_nor_the_page_at_the_root_is_noted(
    journal_client: JournalClient, anonymous_client: Callable[..., list[dict[str, Any]]]
) -> None:
    journal_client.web.get(journal_client.url)
    journal_client.control("GET", "")
    journal_client.control("GET", "/nothing")
    assert journal_client.requests() == []
    assert [
        request
        for request in anonymous_client()
        if request["path"] == "/" or "_emulator" in request["path"]
    ] == []


def test_one_account_never_sees_anothers(
    journal_client: JournalClient, world: World, key: str
) -> None:
    other = JournalClient(journal_client.web, journal_client.url, f"{key} other")
    other.gcore()
    assert journal_client.requests() == []
    assert other.paths() == [VIDEOS]


# ---- Secrets


@pytest.mark.parametrize(
    ("query", "noted"),
    [
        pytest.param("api_password={key}", "api_password=***", id="api_password"),
        pytest.param("access_token={key}&page=2", "access_token=***&page=2", id="access_token"),
        pytest.param(
            "page=2&api%5Fpassword={key}", "page=2&api%5Fpassword=***", id="a name in disguise"
        ),
        pytest.param(
            "api_password={key}&api_password={key}", "api_password=***&api_password=***", id="twice"
        ),
        pytest.param("page=api_password", "page=api_password", id="a value of that name"),
        pytest.param("api_password", "api_password***", id="without a value"),
    ],
)
def test_a_key_in_a_query_is_masked(journal_client: JournalClient, query: str, noted: str) -> None:
    headers = (
        {} if "{key}" in query else {"Authorization": credentials("wistia", journal_client.key)}
    )
    journal_client.web.get(
        f"{journal_client.url}/v1/medias?{query.format(key=journal_client.key)}", headers=headers
    )
    assert journal_client.last_request()["query"] == noted


def test_a_key_is_masked_at_a_mistaken_path_too(
    journal_client: JournalClient, anonymous_client: Callable[..., list[dict[str, Any]]]
) -> None:
    journal_client.web.get(f"{journal_client.url}/v9/{journal_client.key}?api_password=sesame")
    assert [request["query"] for request in anonymous_client(path=f"/v9/{journal_client.key}")] == [
        "api_password=***"
    ]


def test_a_public_token_is_masked_even_where_it_is_refused(
    journal_client: JournalClient, anonymous_client: Callable[..., list[dict[str, Any]]]
) -> None:
    journal_client.web.get(
        f"{journal_client.url}/v1/stats/events/{journal_client.key}/iframe.html?"
        "public_token=sesame0000"
    )
    (noted,) = anonymous_client(path=f"/v1/stats/events/{journal_client.key}/iframe.html")
    assert (noted["query"], "sesame" in json.dumps(noted)) == ("public_token=***", False)


@pytest.mark.parametrize(
    "secret", ["Ali-Baba-2718", "invalid-2718", "2718" * 60], ids=["good", "refused", "too long"]
)
def test_no_key_is_ever_written_down(demo: Server, web: httpx.Client, secret: str) -> None:
    """At every operation, in every place where a vendor takes a key."""
    for operation in OPERATIONS:
        url = f"{demo.url}/{operation.vendor}{operation.path}"
        headers = {"Authorization": credentials(operation.vendor, secret)}
        body = dict.fromkeys(operation.body, secret) if operation.body else None
        for method in ("GET", "POST", "PUT"):
            web.request(method, url, params=dict(operation.query), headers=headers, json=body)
        web.get(
            url, params={"api_password": secret, "access_token": secret, "public_token": secret}
        )
        web.get(url, headers={"Authorization": secret})
    account = demo.emulator.accounts
    ids = [0, *(found.id for found in account.list_all() if found.name == secret)]
    noted = [
        entry
        for id_ in ids
        for entry in demo.emulator.journal.page(JournalFilter(id_), limit=10_000)
    ]
    assert len(noted) > len(OPERATIONS)
    assert [found for found in noted if secret in repr(found)] == []


# ---- Asking


@pytest.fixture
def three_requests(journal_client: JournalClient) -> JournalClient:
    """An account that asked for videos twice, countries, a stub and a video, and api.video's
    videos.
    """
    journal_client.control(
        "POST", "/stubs", json={"vendor": "gcore", "path": "/streaming/streams", "json": []}
    )
    journal_client.gcore()
    journal_client.gcore(Prefer="code=503, wait=0.01")
    journal_client.gcore(COUNTRIES)
    journal_client.gcore("/streaming/streams", method="HEAD")
    journal_client.gcore(f"{VIDEOS}/7")
    journal_client.web.get(
        f"{journal_client.url}/apivideo/videos",
        headers={"Authorization": credentials("apivideo", journal_client.key)},
    )
    return journal_client


FILTERS: dict[str, tuple[dict[str, object], list[int]]] = {
    "none": ({}, [0, 1, 2, 3, 4, 5]),
    "a vendor": ({"vendor": "apivideo"}, [5]),
    "an operation of two vendors": ({"operation": "videos"}, [0, 1, 5]),
    "a method": ({"method": "HEAD"}, [3]),
    "a path": ({"path": VIDEOS}, [0, 1]),
    "the beginning of a path": ({"path": "/streaming/v*"}, [0, 1, 4]),
    "the middle of a path": ({"path": "*videos*"}, [0, 1, 4, 5]),
    "a pattern is no regular expression": ({"path": "/streaming/video.*"}, []),
    "a path in capitals": ({"path": "/STREAMING/*"}, []),
    "a status": ({"status": "400"}, [2]),
    "a class of statuses": ({"status": "4xx"}, [2, 4]),
    "what answered": ({"interventions": "stub"}, [3]),
    "one of what answered": ({"interventions": "code=503"}, [1]),
    "another": ({"interventions": "wait"}, [1]),
    "not half of it": ({"interventions": "code=50"}, []),
    "several": ({"operation": "videos", "status": "2xx", "vendor": "gcore"}, [0]),
}


@pytest.mark.parametrize(("filters", "expected"), FILTERS.values(), ids=FILTERS)
def test_requests_are_found_by(
    three_requests: JournalClient, filters: dict[str, object], expected: list[int]
) -> None:
    every = [request["id"] for request in three_requests.requests()]
    assert [
        every.index(request["id"]) for request in three_requests.requests(**filters)
    ] == expected
    assert three_requests.control("GET", "/requests/count", params=filters).json() == {
        "count": len(expected)
    }


def test_requests_come_in_pages(three_requests: JournalClient) -> None:
    every = three_requests.requests()
    first = three_requests.control("GET", "/requests?limit=4").json()
    assert first == {"requests": every[:4], "next": every[3]["id"]}
    assert three_requests.control("GET", f"/requests?limit=4&after={first['next']}").json() == {
        "requests": every[4:],
        "next": None,
    }
    assert three_requests.control("GET", "/requests?limit=6").json()["next"] is None


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "after=-1",
        f"after={2**63}",
        "status=7xx",
        "status=40",
        "colour=red",
        "path=%00",
        "operation=a%00",
        "method=" + "x" * 5000,
    ],
)
def test_what_cannot_be_asked_is_refused(journal_client: JournalClient, query: str) -> None:
    answer = journal_client.control("GET", f"/requests?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["field"] == f"query.{query.partition('=')[0]}"


@pytest.mark.parametrize(
    "path", ["/requests", "/requests/count", "/requests/wait", "/requests/stream"]
)
def test_an_account_that_does_not_exist_has_no_journal(
    web: httpx.Client, empty: Server, key: str, path: str
) -> None:
    answer = web.get(f"{empty.url}/_emulator/accounts/{key}{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


# ---- Forgetting


def test_what_is_forgotten_is_gone_and_what_comes_later_is_not(
    three_requests: JournalClient, key: str
) -> None:
    other = JournalClient(three_requests.web, three_requests.url, f"{key} other")
    other.gcore()
    last = three_requests.last_request()["id"]
    assert three_requests.control("DELETE", "/requests").status_code == 204
    assert (three_requests.requests(), other.paths()) == ([], [VIDEOS])
    three_requests.gcore(COUNTRIES)
    assert [request["path"] for request in three_requests.requests(after=last)] == [COUNTRIES]


def test_no_id_is_given_twice(web: httpx.Client, key: str) -> None:
    with Server(scenario="empty", now=NOW_TEXT) as server:
        ask = JournalClient(web, server.url, key)
        ask.gcore()
        forgotten = ask.last_request()["id"]
        ask.control("DELETE", "/requests")
        ask.gcore()
        assert ask.last_request()["id"] > forgotten


@pytest.mark.parametrize("path", ["/reset", "/requests"], ids=["reset", "forget"])
def test_what_another_process_has_yet_to_write_is_forgotten_too(
    empty: Server, journal_client: JournalClient, world: World, path: str
) -> None:
    other = Journal(empty.emulator.store)
    early = JournalEntry(
        world.account.id,
        SystemClock().now_ms() - 1,
        "gcore",
        "videos",
        "GET",
        VIDEOS,
        "",
        200,
        1,
        "",
        0,
        "",
    )
    assert journal_client.control("POST" if path == "/reset" else "DELETE", path).is_success
    other.add(early)
    other.add(early._replace(at_ms=SystemClock().now_ms(), path=COUNTRIES))
    other.close()
    assert journal_client.paths() == [COUNTRIES]


def test_a_fork_begins_with_no_requests(journal_client: JournalClient, key: str) -> None:
    journal_client.gcore()
    fork = JournalClient(
        journal_client.web,
        journal_client.url,
        journal_client.control("POST", "/fork", json={"name": f"{key} fork"}).json()["name"],
    )
    assert (fork.requests(), journal_client.paths()) == ([], [VIDEOS])
