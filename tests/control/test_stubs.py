"""Stubs: canned answers to a method, a path and a query."""

import json
from typing import Any

import httpx
import pytest

from playhead import Server
from tests.control.account_client import COUNTRIES, MAY, SIMPLE_PATHS, AccountClient
from tests.worlds import credentials

MEDIA = "/v1/stats/medias/{media}"


@pytest.fixture
def account_client(web: httpx.Client, empty: Server, key: str) -> AccountClient:
    return AccountClient(web, empty.url, key)


def test_a_stub_is_shown_as_it_was_set(account_client: AccountClient) -> None:
    query = {"type": "vod", "group": ["host", "os"], "stream_id": "{id}"}
    made = account_client.add_stub(
        "gcore", COUNTRIES, query=query, status=201, headers={"X-A": "b"}, json={"data": []}
    )
    headers = {"Content-Type": "application/json", "X-A": "b"}
    shown = {
        "vendor": "gcore",
        "method": "GET",
        "path": COUNTRIES,
        "query": query,
        "status": 201,
        "headers": headers,
        "json": {"data": []},
        "done": 0,
    }
    assert made == {"id": made["id"], **shown}
    assert account_client.account_request("GET", "/stubs", 200) == {"stubs": [made]}


@pytest.mark.parametrize(
    "body", [None, 0, False, "text", "", [], {}, {"ключ": "😀"}, [1.5, None, True]]
)
def test_any_json_is_answered_and_shown(account_client: AccountClient, body: Any) -> None:
    made = account_client.add_stub("gcore", COUNTRIES, json=body)
    answer = account_client.vendor_request("gcore", COUNTRIES)
    assert (answer.status_code, answer.headers["content-type"], answer.json()) == (
        200,
        "application/json",
        body,
    )
    assert made["json"] == body and "body" not in made


@pytest.mark.parametrize(
    ("given", "type_", "content"),
    [
        ({"body": "näh"}, "text/plain; charset=utf-8", "näh".encode()),
        ({"body": "<p>", "headers": {"content-type": "text/html"}}, "text/html", b"<p>"),
        (
            {"json": {"a": 1}, "headers": {"Content-Type": "application/problem+json"}},
            "application/problem+json",
            b'{"a":1}',
        ),
        (
            {"body": '{ "a": 1 }', "headers": {"Content-Type": "application/json"}},
            "application/json",
            b'{ "a": 1 }',
        ),
        ({}, "text/plain; charset=utf-8", b""),
    ],
    ids=str,
)
def test_the_type_follows_the_body_unless_it_is_given(
    account_client: AccountClient, given: dict[str, Any], type_: str, content: bytes
) -> None:
    made = account_client.add_stub("wistia", SIMPLE_PATHS["wistia"], **given)
    answer = account_client.vendor_request("wistia")
    assert (answer.headers.get_list("content-type"), answer.content) == ([type_], content)
    assert [made[name] for name in ("json", "body") if name in made] == [
        given[name] for name in ("json", "body") if name in given
    ]


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_status_without_a_body_has_none(account_client: AccountClient, status: int) -> None:
    account_client.add_stub("gcore", SIMPLE_PATHS["gcore"], status=status)
    answer = account_client.vendor_request("gcore")
    assert (answer.status_code, answer.content, "content-type" in answer.headers) == (
        status,
        b"",
        False,
    )
    assert (
        account_client.vendor_request("gcore", COUNTRIES, **MAY).status_code == 200
    )  # over the same connection
    account_client.account_request(
        "POST", "/stubs", 422, {"vendor": "gcore", "path": COUNTRIES, "status": status, "json": {}}
    )


def test_head_is_the_stub_without_its_body(account_client: AccountClient) -> None:
    account_client.add_stub("gcore", SIMPLE_PATHS["gcore"], status=202, json=[1, 2, 3])
    answer = account_client.vendor_request("gcore", method="HEAD")
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (202, "7", b"")


@pytest.mark.parametrize(
    ("path", "asked", "answers"),
    [
        ("/v1/stats/medias/abc", "/v1/stats/medias/abc.json", True),
        ("/v1/stats/medias/abc.json", "/v1/stats/medias/abc", True),
        ("/wistia/v1/stats/medias/abc", "/v1/stats/medias/abc", True),
        ("/v1/stats/medias/abc", "/v1/stats/medias/abd", False),
        ("/v1/stats/medias/abc", "/modern/stats/medias/abc", False),
        (MEDIA, "/v1/stats/medias/anything", True),
        (MEDIA, "/v1/stats/medias/anything/by_date", False),
        ("/v1/stats/medias/{a}/by_date", "/v1/stats/medias/anything/by_date", True),
        ("/v1/stats/medias/a%20b", "/v1/stats/medias/a%20b", True),
        ("/v1/stats/medias/a b", "/v1/stats/medias/a%20b", True),
        ("/v1/stats/medias/a%2Fb", "/v1/stats/medias/a%2Fb", True),
    ],
)
def test_which_paths_a_stub_answers(
    account_client: AccountClient, path: str, asked: str, answers: bool
) -> None:
    account_client.add_stub("wistia", path, status=299)
    assert (account_client.vendor_request("wistia", asked).status_code == 299) is answers


def test_a_trailing_slash_of_gcores_changes_nothing(account_client: AccountClient) -> None:
    account_client.add_stub("gcore", f"{COUNTRIES}/", status=299)
    assert [
        account_client.vendor_request("gcore", path).status_code
        for path in (COUNTRIES, f"{COUNTRIES}/")
    ] == [299, 299]


@pytest.mark.parametrize(
    ("wanted", "asked", "answers"),
    [
        ({}, {"type": "vod"}, True),
        ({"type": "vod"}, {"type": "vod", "more": "1"}, True),
        ({"type": "vod"}, {"type": "live"}, False),
        ({"type": "vod"}, {}, False),
        ({"type": "{any}"}, {"type": "x"}, True),
        ({"type": "{any}"}, {"type": ""}, False),
        ({"type": "{any}"}, {}, False),
        ({"type": ""}, {"type": ""}, True),
        ({"group": ["host", "os"]}, {"group": ["os", "host", "browser"]}, True),
        ({"group": ["host", "os"]}, {"group": ["os"]}, False),
        (
            {"date_from": "2024-05-01T00:00:00+02:00"},
            {"date_from": "2024-05-01T00:00:00+02:00"},
            True,
        ),
    ],
    ids=str,
)
def test_which_queries_a_stub_answers(
    account_client: AccountClient, wanted: dict[str, Any], asked: dict[str, Any], answers: bool
) -> None:
    account_client.add_stub("gcore", COUNTRIES, query=wanted, status=299)
    assert (
        account_client.vendor_request("gcore", COUNTRIES, **asked).status_code == 299
    ) is answers


def test_later_stubs_win_and_are_counted(account_client: AccountClient) -> None:
    first = account_client.add_stub("wistia", MEDIA, json=1)
    later = account_client.add_stub("wistia", "/v1/stats/medias/one", json=2)
    assert [
        account_client.vendor_request("wistia", f"/v1/stats/medias/{name}").json()
        for name in ("one", "two", "three")
    ] == [2, 1, 1]
    assert {
        stub["id"]: stub["done"]
        for stub in account_client.account_request("GET", "/stubs", 200)["stubs"]
    } == {first["id"]: 2, later["id"]: 1}
    account_client.account_request("DELETE", f"/stubs/{later['id']}", 204)
    assert account_client.vendor_request("wistia", "/v1/stats/medias/one").json() == 1
    account_client.account_request("DELETE", f"/stubs/{later['id']}", 404)
    account_client.account_request("DELETE", "/stubs", 204)
    assert account_client.vendor_request("wistia", "/v1/stats/medias/one").status_code == 404
    assert account_client.account_request("GET", "", 200)["stubs"] == 0


def test_the_id_of_a_deleted_stub_is_not_used_again(account_client: AccountClient) -> None:
    deleted = account_client.add_stub("wistia", MEDIA, json=1)["id"]
    account_client.account_request("DELETE", f"/stubs/{deleted}", 204)
    assert account_client.add_stub("wistia", MEDIA, json=1)["id"] > deleted


def test_a_stub_stands_before_parameters_and_world_and_behind_the_key(
    account_client: AccountClient,
) -> None:
    account_client.add_stub("gcore", COUNTRIES, json="canned")
    assert (
        account_client.vendor_request("gcore", COUNTRIES, date_from="nonsense").json() == "canned"
    )
    assert account_client.web.get(f"{account_client.url}/gcore{COUNTRIES}").status_code == 401


def test_a_post_has_stubs_of_its_own(account_client: AccountClient) -> None:
    account_client.add_stub(
        "apivideo", "/auth/api-key", method="POST", json={"access_token": "canned"}
    )
    assert account_client.web.post(
        f"{account_client.url}/auth/api-key", json={"apiKey": account_client.name}
    ).json() == {"access_token": "canned"}


def test_a_stub_is_not_fitted_to_old_clients(account_client: AccountClient) -> None:
    account_client.add_stub("apivideo", "/videos", body="no JSON at all")
    assert (
        account_client.vendor_request("apivideo", headers={"AV-Origin-Client": "python:1.2.7"}).text
        == "no JSON at all"
    )


def test_headers_of_a_stub_take_the_place_of_the_vendors(account_client: AccountClient) -> None:
    account_client.add_stub(
        "apivideo",
        "/videos",
        headers={"cache-control": "max-age=1", "X-RateLimit-Remaining": "0"},
        json={},
    )
    headers = account_client.vendor_request("apivideo").headers
    assert headers.get_list("cache-control") == ["max-age=1"]
    assert headers["access-control-allow-origin"] == "*"


def test_a_fault_goes_before_a_stub_and_may_spoil_it(account_client: AccountClient) -> None:
    account_client.add_stub("gcore", SIMPLE_PATHS["gcore"], json={"a": 1})
    account_client.add_fault({"status": 503}, nth=1)
    account_client.add_fault({"malformed": True}, nth=2)
    answers = [account_client.vendor_request("gcore") for _ in range(3)]
    assert [(answer.status_code, answer.text) for answer in answers[1:]] == [
        (200, '{"a":1<'),
        (200, '{"a":1}'),
    ]
    assert answers[0].status_code == 503
    assert account_client.account_request("GET", "/stubs", 200)["stubs"][0]["done"] == 2


def test_a_reset_forgets_stubs_and_a_fork_has_them(account_client: AccountClient) -> None:
    account_client.add_stub("gcore", SIMPLE_PATHS["gcore"], json="canned")
    forked = account_client.account_request(
        "POST", "/fork", 201, {"name": f"{account_client.name[-150:]}-fork"}
    )
    headers = {"Authorization": credentials("gcore", forked["name"])}
    account_client.account_request("POST", "/reset", 200)
    assert (
        account_client.web.get(
            f"{account_client.url}{SIMPLE_PATHS['gcore']}", headers=headers
        ).json()
        == "canned"
    )
    assert account_client.vendor_request("gcore").json() != "canned"


INVALID_STUBS: dict[str, tuple[dict[str, Any], str]] = {
    "no vendor": ({"path": "/videos"}, "vendor"),
    "an unknown vendor": ({"vendor": "vimeo", "path": "/videos"}, "apivideo, gcore, wistia"),
    "no path": ({"vendor": "gcore"}, "path"),
    "an unknown key": ({"vendor": "apivideo", "path": "/videos", "code": 200}, "code"),
    "a path without its slash": ({"vendor": "apivideo", "path": "videos"}, "begins with /"),
    "a path with a query": ({"vendor": "apivideo", "path": "/videos?a=b"}, "`query`"),
    "another vendor's path": ({"vendor": "gcore", "path": "/videos"}, "/streaming"),
    "a path that nothing answers": (
        {"vendor": "apivideo", "path": "/videos/a/b"},
        "no operation of apivideo",
    ),
    "a method that nothing answers": (
        {"vendor": "apivideo", "path": "/videos", "method": "POST"},
        "no operation of apivideo",
    ),
    "an unknown method": ({"vendor": "apivideo", "path": "/videos", "method": "HEAD"}, "method"),
    "two bodies": ({"vendor": "apivideo", "path": "/videos", "json": {}, "body": ""}, "not both"),
    "no status of an answer": ({"vendor": "apivideo", "path": "/videos", "status": 101}, "status"),
    "no status of HTTP's": ({"vendor": "apivideo", "path": "/videos", "status": 600}, "status"),
    "a header of two lines": (
        {"vendor": "apivideo", "path": "/videos", "headers": {"A": "b\nc"}},
        "no header",
    ),
    "a header without a name": (
        {"vendor": "apivideo", "path": "/videos", "headers": {"": "b"}},
        "no header",
    ),
    "a length": (
        {"vendor": "apivideo", "path": "/videos", "headers": {"content-length": "3"}},
        "the server's to say",
    ),
    "half a character": (
        {"vendor": "apivideo", "path": "/videos", "json": ["\ud800"]},
        "surrogate",
    ),
    "half a character of text": (
        {"vendor": "apivideo", "path": "/videos", "body": "\ud800"},
        "surrogate",
    ),
    "no number": ({"vendor": "apivideo", "path": "/videos", "json": float("nan")}, "json"),
}


@pytest.mark.parametrize("name", INVALID_STUBS)
def test_what_cannot_be_answered_is_refused_with_a_reason(
    account_client: AccountClient, name: str
) -> None:
    body, reason = INVALID_STUBS[name]
    address = f"{account_client.url}/_emulator/accounts/{account_client.name}/stubs"
    answer = account_client.web.post(
        address, content=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert reason in answer.json()["detail"].lower() or reason in answer.json()["detail"]
    assert account_client.account_request("GET", "/stubs", 200) == {"stubs": []}
