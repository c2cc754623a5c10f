"""Rate limits: as each vendor documents and words them, counted in windows."""

from typing import Any

import httpx
import pytest
from sqlalchemy import update

from playhead import Server
from playhead.storage import tables
from tests.control.account_client import MAY, SIMPLE_PATHS, AccountClient, is_vendor_error
from tests.worlds import NOW_TEXT, credentials

DOCUMENTED = {"gcore": (4, 1), "wistia": (600, 60), "apivideo": (500, 60)}
RATE_LIMIT_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-retry-after")


@pytest.fixture
def limited_account(web: httpx.Client, empty: Server, key: str) -> AccountClient:
    """An account with two requests a window at every vendor."""
    return AccountClient(web, empty.url, key, rate_limits=dict.fromkeys(DOCUMENTED, 2))


@pytest.fixture(autouse=True)
def _frozen_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's clock stands still, or a window of one second would end within a test."""
    monkeypatch.setattr("playhead.domain.clock.time.time", lambda: 1_800_000_000.0)
    monkeypatch.setattr("playhead.domain.clock.time.time_ns", lambda: 1_800_000_000 * 10**9)


def remaining(answer: httpx.Response) -> list[str]:
    return [answer.headers[name] for name in RATE_LIMIT_HEADERS]


@pytest.mark.parametrize("vendor", DOCUMENTED)
def test_beyond_the_limit_is_429_until_the_window_ends(
    limited_account: AccountClient, vendor: str
) -> None:
    assert limited_account.statuses(vendor, 4) == [200, 200, 429, 429]
    limited_account.advance(f"PT{DOCUMENTED[vendor][1]}S")
    assert limited_account.statuses(vendor, 3) == [200, 200, 429]


def test_an_advanced_clock_ends_a_window_when_the_machines_second_changes(
    limited_account: AccountClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playhead.domain.clock.time.time_ns", lambda: 1_800_000_000_999 * 10**6)
    assert limited_account.statuses("gcore", 3) == [200, 200, 429]
    limited_account.advance("PT1S")
    monkeypatch.setattr("playhead.domain.clock.time.time_ns", lambda: 1_800_000_001_001 * 10**6)
    assert limited_account.statuses("gcore", 1) == [200]


@pytest.mark.parametrize("vendor", DOCUMENTED)
def test_a_window_ends_in_real_seconds(
    limited_account: AccountClient, empty: Server, vendor: str
) -> None:
    assert limited_account.statuses(vendor, 3) == [200, 200, 429]
    with empty.emulator.store.transaction() as connection:
        limits = tables.rate_limits
        connection.execute(
            update(limits)
            .where(limits.c.vendor == vendor)
            .values(began_at=limits.c.began_at - DOCUMENTED[vendor][1] * 1000)
        )
    assert limited_account.vendor_request(vendor).status_code == 200


def test_vendors_are_counted_apart(limited_account: AccountClient) -> None:
    assert [limited_account.statuses(vendor, 2) for vendor in DOCUMENTED] == [[200, 200]] * 3


def test_wistia_says_it_in_text(limited_account: AccountClient) -> None:
    limited_account.statuses("wistia", 2)
    limited_account.advance("PT20S")
    answer = limited_account.vendor_request("wistia")
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (
        429,
        "text/plain; charset=utf-8",
        "Rate limit exceeded",
    )
    assert answer.headers["retry-after"] == "40"
    assert not any("ratelimit" in name for name in answer.headers)


def test_gcore_says_it_in_its_envelope(limited_account: AccountClient) -> None:
    limited_account.statuses("gcore", 2)
    answer = limited_account.vendor_request("gcore")
    assert (answer.status_code, answer.json(), answer.headers["retry-after"]) == (
        429,
        {"data": [], "errors": ["too many requests"]},
        "1",
    )


def test_apivideo_tells_where_the_window_stands_and_never_retry_after(
    limited_account: AccountClient,
) -> None:
    answers = [limited_account.vendor_request("apivideo")]
    limited_account.advance("PT25S")
    answers += [
        limited_account.vendor_request("apivideo"),
        limited_account.vendor_request("apivideo"),
    ]
    assert [remaining(answer) for answer in answers] == [
        ["2", "1", "60"],
        ["2", "0", "35"],
        ["2", "0", "35"],
    ]
    assert is_vendor_error(answers[2], "apivideo", 429)
    assert answers[2].json()["title"] == "Too many requests."
    assert all("retry-after" not in answer.headers for answer in answers)


def test_apivideos_requests_for_tokens_are_not_counted(limited_account: AccountClient) -> None:
    for _ in range(5):
        answer = limited_account.web.post(
            f"{limited_account.url}/auth/api-key", json={"apiKey": limited_account.name}
        )
        assert (answer.status_code, any(name in answer.headers for name in RATE_LIMIT_HEADERS)) == (
            200,
            False,
        )
    assert limited_account.statuses("apivideo", 3) == [200, 200, 429]


def test_refusals_count_as_well_but_not_what_has_no_key_or_route(
    limited_account: AccountClient,
) -> None:
    limited_account.vendor_request("apivideo", "/nothing")
    limited_account.vendor_request("apivideo", method="DELETE")
    limited_account.web.get(f"{limited_account.url}/apivideo/videos")
    assert limited_account.vendor_request("apivideo", currentPage="0").status_code == 400
    assert limited_account.vendor_request("apivideo", "/videos/vi0").status_code == 404
    assert limited_account.vendor_request("apivideo").status_code == 429


@pytest.mark.parametrize(
    ("method", "path", "keyed", "status"),
    [
        ("GET", "/videos", True, 200),
        ("GET", "/videos/vi0", True, 404),
        ("GET", "/videos?currentPage=0", True, 400),
        ("GET", "/videos", False, 401),
        ("DELETE", "/videos", True, 405),
        ("GET", "/videos/a/b/c", True, 404),
        ("GET", "/videos/a/b/c", False, 404),
    ],
)
def test_without_a_limit_apivideo_tells_the_documented_one(
    web: httpx.Client, empty: Server, key: str, method: str, path: str, keyed: bool, status: int
) -> None:
    planned = AccountClient(web, empty.url, key)
    answer = (
        planned.vendor_request("apivideo", path, method=method)
        if keyed
        else web.request(method, f"{empty.url}/apivideo{path}")
    )
    assert (answer.status_code, remaining(answer)) == (status, ["500", "499", "60"])
    assert "retry-after" not in answer.headers


def test_a_limit_that_is_preferred_is_told_as_one(
    web: httpx.Client, empty: Server, key: str
) -> None:
    answer = AccountClient(web, empty.url, key).vendor_request(
        "apivideo", headers={"Prefer": "code=429"}
    )
    assert (answer.status_code, remaining(answer)) == (429, ["500", "0", "60"])


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (True, {"apivideo": True, "gcore": True, "wistia": True}),
        ({"gcore": True}, {"gcore": True}),
        ({"gcore": 3, "wistia": False}, {"gcore": 3}),
        (False, {}),
    ],
    ids=str,
)
def test_how_limits_are_set(
    web: httpx.Client, empty: Server, key: str, given: Any, shown: dict[str, Any]
) -> None:
    assert AccountClient(web, empty.url, key, rate_limits=given).account["rate_limits"] == shown


def test_true_is_the_documented_limit(web: httpx.Client, empty: Server, key: str) -> None:
    planned = AccountClient(web, empty.url, key, rate_limits=True)
    assert planned.statuses("gcore", 5) == [200, 200, 200, 200, 429]
    assert remaining(planned.vendor_request("apivideo")) == ["500", "499", "60"]
    headers = {"Authorization": credentials("apivideo", key), "Host": "sandbox.api.video"}
    assert remaining(web.get(f"{empty.url}/videos", headers=headers)) == ["100", "98", "60"]


def test_sandbox_is_told_its_own_limit(web: httpx.Client, empty: Server, key: str) -> None:
    planned = AccountClient(web, empty.url, key, environment="sandbox")
    assert remaining(planned.vendor_request("apivideo"))[0] == "100"


@pytest.mark.parametrize(
    "bad", [{"vimeo": 2}, {"gcore": 0}, {"gcore": -1}, {"gcore": "many"}, 5], ids=str
)
def test_what_is_no_limit_is_refused(web: httpx.Client, empty: Server, key: str, bad: Any) -> None:
    assert (
        web.post(
            f"{empty.url}/_emulator/accounts", json={"name": key, "rate_limits": bad}
        ).status_code
        == 422
    )


def test_two_servers_on_one_store_count_together(web: httpx.Client, postgresql_url: str) -> None:
    with (
        Server(scenario="empty", now=NOW_TEXT, store=postgresql_url) as one,
        Server(scenario="empty", now=NOW_TEXT, store=postgresql_url) as other,
    ):
        here = AccountClient(web, one.url, "account", rate_limits={"wistia": 3})
        headers = {"Authorization": "Bearer account"}
        statuses = [
            web.get(f"{server.url}{SIMPLE_PATHS['wistia']}", headers=headers).status_code
            for server in (one, other, one, other)
        ]
    assert statuses == [200, 200, 200, 429]
    assert here.account["rate_limits"] == {"wistia": 3}


def test_a_limit_goes_before_what_is_preferred_and_behind_permission(
    web: httpx.Client, empty: Server, key: str
) -> None:
    planned = AccountClient(
        web, empty.url, key, rate_limits={"gcore": 1}, permissions={"gcore": {"statistics": False}}
    )
    assert [
        planned.vendor_request("gcore").status_code,
        planned.vendor_request("gcore").status_code,
    ] == [403, 403]
    prefer = {"Prefer": "code=503"}
    assert [
        planned.vendor_request("gcore", "/streaming/videos", headers=prefer, **MAY).status_code
        for _ in range(2)
    ] == [503, 429]
