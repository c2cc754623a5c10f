"""Rate limits: as each vendor documents and words them, counted in windows."""

from typing import Any

import httpx
import pytest
from sqlalchemy import update

from playhead import Server
from playhead.store import tables
from tests.control.planning import MAY, SIMPLE, Planned, speaks
from tests.worlds import NOW_TEXT, credentials

DOCUMENTED = {"gcore": (4, 1), "wistia": (600, 60), "apivideo": (500, 60)}
TRIO = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-retry-after")


@pytest.fixture
def limited(web: httpx.Client, empty: Server, key: str) -> Planned:
    """An account with two requests a window at every vendor."""
    return Planned(web, empty.url, key, rate_limits=dict.fromkeys(DOCUMENTED, 2))


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's second stands still, or a window of one second would end in the midst of a test."""
    monkeypatch.setattr("playhead.clock.time.time", lambda: 1_800_000_000.0)


def rest(answer: httpx.Response) -> list[str]:
    return [answer.headers[name] for name in TRIO]


@pytest.mark.parametrize("vendor", DOCUMENTED)
def test_beyond_the_limit_is_429_until_the_window_ends(limited: Planned, vendor: str) -> None:
    assert limited.statuses(vendor, 4) == [200, 200, 429, 429]
    limited.advance(f"PT{DOCUMENTED[vendor][1]}S")
    assert limited.statuses(vendor, 3) == [200, 200, 429]


@pytest.mark.parametrize("vendor", DOCUMENTED)
def test_a_window_ends_in_real_seconds(limited: Planned, empty: Server, vendor: str) -> None:
    assert limited.statuses(vendor, 3) == [200, 200, 429]
    with empty.emulator.store.change() as connection:
        limits = tables.limits
        connection.execute(update(limits).where(limits.c.vendor == vendor).values(began_at=limits.c.began_at - DOCUMENTED[vendor][1] * 1000))
    assert limited.ask(vendor).status_code == 200


def test_vendors_are_counted_apart(limited: Planned) -> None:
    assert [limited.statuses(vendor, 2) for vendor in DOCUMENTED] == [[200, 200]] * 3


def test_wistia_says_it_in_text(limited: Planned) -> None:
    limited.statuses("wistia", 2)
    limited.advance("PT20S")
    answer = limited.ask("wistia")
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (429, "text/plain; charset=utf-8", "Rate limit exceeded")
    assert answer.headers["retry-after"] == "40"
    assert not any("ratelimit" in name for name in answer.headers)


def test_gcore_says_it_in_its_envelope(limited: Planned) -> None:
    limited.statuses("gcore", 2)
    answer = limited.ask("gcore")
    assert (answer.status_code, answer.json(), answer.headers["retry-after"]) == (429, {"data": [], "errors": ["too many requests"]}, "1")


def test_apivideo_tells_where_the_window_stands_and_never_retry_after(limited: Planned) -> None:
    answers = [limited.ask("apivideo")]
    limited.advance("PT25S")
    answers += [limited.ask("apivideo"), limited.ask("apivideo")]
    assert [rest(answer) for answer in answers] == [["2", "1", "60"], ["2", "0", "35"], ["2", "0", "35"]]
    assert speaks(answers[2], "apivideo", 429)
    assert answers[2].json()["title"] == "Too many requests."
    assert all("retry-after" not in answer.headers for answer in answers)


def test_apivideos_requests_for_tokens_are_not_counted(limited: Planned) -> None:
    for _ in range(5):
        answer = limited.web.post(f"{limited.url}/auth/api-key", json={"apiKey": limited.name})
        assert (answer.status_code, any(name in answer.headers for name in TRIO)) == (200, False)
    assert limited.statuses("apivideo", 3) == [200, 200, 429]


def test_refusals_count_as_well_but_not_what_has_no_key_or_route(limited: Planned) -> None:
    limited.ask("apivideo", "/nothing")
    limited.ask("apivideo", method="DELETE")
    limited.web.get(f"{limited.url}/apivideo/videos")
    assert limited.ask("apivideo", currentPage="0").status_code == 400
    assert limited.ask("apivideo", "/videos/vi0").status_code == 404
    assert limited.ask("apivideo").status_code == 429


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
    planned = Planned(web, empty.url, key)
    answer = planned.ask("apivideo", path, method=method) if keyed else web.request(method, f"{empty.url}/apivideo{path}")
    assert (answer.status_code, rest(answer)) == (status, ["500", "499", "60"])
    assert "retry-after" not in answer.headers


def test_a_limit_that_is_preferred_is_told_as_one(web: httpx.Client, empty: Server, key: str) -> None:
    answer = Planned(web, empty.url, key).ask("apivideo", headers={"Prefer": "code=429"})
    assert (answer.status_code, rest(answer)) == (429, ["500", "0", "60"])


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
def test_how_limits_are_set(web: httpx.Client, empty: Server, key: str, given: Any, shown: dict[str, Any]) -> None:
    assert Planned(web, empty.url, key, rate_limits=given).account["rate_limits"] == shown


def test_true_is_the_documented_limit(web: httpx.Client, empty: Server, key: str) -> None:
    planned = Planned(web, empty.url, key, rate_limits=True)
    assert planned.statuses("gcore", 5) == [200, 200, 200, 200, 429]
    assert rest(planned.ask("apivideo")) == ["500", "499", "60"]
    headers = {"Authorization": credentials("apivideo", key), "Host": "sandbox.api.video"}
    assert rest(web.get(f"{empty.url}/videos", headers=headers)) == ["100", "98", "60"]


def test_sandbox_is_told_its_own_limit(web: httpx.Client, empty: Server, key: str) -> None:
    planned = Planned(web, empty.url, key, environment="sandbox")
    assert rest(planned.ask("apivideo"))[0] == "100"


@pytest.mark.parametrize("bad", [{"vimeo": 2}, {"gcore": 0}, {"gcore": -1}, {"gcore": "many"}, 5], ids=str)
def test_what_is_no_limit_is_refused(web: httpx.Client, empty: Server, key: str, bad: Any) -> None:
    assert web.post(f"{empty.url}/_emulator/accounts", json={"name": key, "rate_limits": bad}).status_code == 422


def test_two_servers_on_one_store_count_together(web: httpx.Client, postgresql: str) -> None:
    with Server(scenario="empty", now=NOW_TEXT, store=postgresql) as one, Server(scenario="empty", now=NOW_TEXT, store=postgresql) as other:
        here = Planned(web, one.url, "account", rate_limits={"wistia": 3})
        headers = {"Authorization": "Bearer account"}
        statuses = [web.get(f"{server.url}{SIMPLE['wistia']}", headers=headers).status_code for server in (one, other, one, other)]
    assert statuses == [200, 200, 200, 429]
    assert here.account["rate_limits"] == {"wistia": 3}


def test_a_limit_goes_before_what_is_preferred_and_behind_permission(web: httpx.Client, empty: Server, key: str) -> None:
    planned = Planned(web, empty.url, key, rate_limits={"gcore": 1}, permissions={"gcore": {"statistics": False}})
    assert [planned.ask("gcore").status_code, planned.ask("gcore").status_code] == [403, 403]
    prefer = {"Prefer": "code=503"}
    assert [planned.ask("gcore", "/streaming/videos", headers=prefer, **MAY).status_code for _ in range(2)] == [503, 429]
