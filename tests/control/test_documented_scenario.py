"""The scenario `documented`:

every published example is answered to its published request, and the rest as the empty world.
"""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from playhead import Server
from tests.control.account_client import COUNTRIES, MAY, SIMPLE_PATHS, AccountClient
from tests.test_documented_examples import FIXTURES
from tests.worlds import NOW_TEXT, credentials

STUBBED = [name for name, fixture in FIXTURES.items() if "stub" in fixture]
# Published, and answered so by the voice of any account.
SAME_AS_EMPTY = {
    "apivideo/error_bad_credentials",
    "apivideo/error_plays_dimension_not_allowed",
    "apivideo/error_plays_missing_dimension",
    "apivideo/error_plays_unknown_dimension",
    "gcore/error_missing_parameter",
    "wistia/error_folder_not_found",
}
STUBS = {"gcore/error_internal"}  # its request is that of a success


@pytest.fixture(scope="module")
def documented_server() -> Iterator[Server]:
    with Server(scenario="documented", now=NOW_TEXT) as server:
        yield server


def ask(web: httpx.Client, url: str, name: str, key: str) -> httpx.Response:
    """The answer to a published request."""
    vendor = name.partition("/")[0]
    request = FIXTURES[name]["request"]
    body = request.get("body")
    tokens = request["path"].startswith("/auth/")
    if request["path"] == "/auth/refresh":  # a token is good where it was issued
        with Server(scenario="empty", now=NOW_TEXT) as issuer:
            body = {
                "refreshToken": web.post(f"{issuer.url}/auth/api-key", json={"apiKey": key}).json()[
                    "refresh_token"
                ]
            }
    elif tokens and name != "apivideo/error_bad_credentials":
        body = {"apiKey": key}
    headers = {} if tokens else {"Authorization": credentials(vendor, key)}
    return web.request(
        request["method"],
        f"{url}/{vendor}{request['path']}",
        params=request["query"],
        json=body,
        headers=headers,
    )


def test_what_has_no_stub_says_why() -> None:
    unpublished = {
        name for name, fixture in FIXTURES.items() if fixture["response_source"] != "published"
    }
    assert FIXTURES.keys() - STUBBED == SAME_AS_EMPTY | STUBS | unpublished
    assert {name for name in STUBBED if name.partition("/")[2].startswith("error_")} == {
        "apivideo/error_data_metric",
        "apivideo/error_data_unexpected",
        "apivideo/error_live_plays_filter",
        "apivideo/error_not_found",
        "apivideo/error_out_of_range",
        "apivideo/error_plays_filter",
        "apivideo/error_plays_unknown_live_stream",
        "apivideo/error_plays_unknown_video",
        "gcore/error_not_found",
        "wistia/error_project_not_found",
    }


@pytest.mark.parametrize("name", [*STUBBED, *sorted(SAME_AS_EMPTY)])
def test_a_published_request_is_answered_with_the_published_body(
    web: httpx.Client, documented_server: Server, name: str
) -> None:
    answer = ask(web, documented_server.url, name, "any-key")
    assert (answer.status_code, answer.json()) == (
        FIXTURES[name]["status"],
        FIXTURES[name]["response"],
    )
    problem = name.startswith("apivideo/error_")
    assert answer.headers["content-type"] == (
        "application/problem+json" if problem else "application/json"
    )


@pytest.mark.parametrize("name", STUBBED)
def test_numbers_are_published_to_the_letter(
    web: httpx.Client, documented_server: Server, name: str
) -> None:
    compact = json.dumps(FIXTURES[name]["response"], ensure_ascii=False, separators=(",", ":"))
    assert ask(web, documented_server.url, name, "any-key").text == compact


@pytest.mark.parametrize(
    ("vendor", "path", "query", "example"),
    [
        ("gcore", "/streaming/videos/7", {}, "gcore/video"),
        (
            "gcore",
            COUNTRIES,
            {"date_from": "2030-01-01", "date_to": "2030-01-02"},
            "gcore/countries",
        ),
        ("wistia", "/v1/stats/medias/other", {}, "wistia/media"),
        ("wistia", "/v1/stats/medias/other/by_date", {}, "wistia/media_by_date"),
        ("apivideo", "/videos/viOther", {}, "apivideo/video"),
        ("apivideo", "/videos", {"currentPage": "2"}, "apivideo/videos"),
    ],
)
def test_ids_and_dates_may_be_others(
    web: httpx.Client,
    documented_server: Server,
    vendor: str,
    path: str,
    query: dict[str, str],
    example: str,
) -> None:
    answer = web.get(
        f"{documented_server.url}/{vendor}{path}",
        params=query,
        headers={"Authorization": credentials(vendor, "other")},
    )
    assert answer.json() == FIXTURES[example]["response"]


UNKNOWN_IDS: list[tuple[str, str, dict[str, str], Any]] = [
    (
        "gcore",
        "/streaming/statistics/heatmap",
        {**MAY, "type": "live", "stream_id": "1"},
        {"data": []},
    ),
    ("gcore", SIMPLE_PATHS["gcore"], {}, 0),
    (
        "wistia",
        "/modern/stats/account",
        {},
        {"load_count": 0, "play_count": 0, "hours_watched": 0.0},
    ),
    ("wistia", "/modern/medias", {}, []),
]


@pytest.mark.parametrize(("vendor", "path", "query", "body"), UNKNOWN_IDS)
def test_anything_else_is_answered_as_by_the_empty_world(
    web: httpx.Client,
    documented_server: Server,
    vendor: str,
    path: str,
    query: dict[str, str],
    body: Any,
) -> None:
    answer = web.get(
        f"{documented_server.url}/{vendor}{path}",
        params=query,
        headers={"Authorization": credentials(vendor, "any-key")},
    )
    said = answer.json()
    assert (said[0]["duration"] if body == 0 else said) == body


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (COUNTRIES, {}),
        (COUNTRIES, {"date_from": "2024-05-01"}),
        (COUNTRIES, {"date_from": "", "date_to": ""}),
        (COUNTRIES, {"type": "x"}),
    ],
)
def test_a_request_without_what_is_required_is_refused(
    web: httpx.Client, documented_server: Server, path: str, query: dict[str, str]
) -> None:
    answer = web.get(
        f"{documented_server.url}{path}", params=query, headers={"Authorization": "APIKey any-key"}
    )
    assert (answer.status_code, answer.json()["data"]) == (400, [])


def test_an_account_of_any_server_may_begin_so(web: httpx.Client, demo: Server, key: str) -> None:
    planned = AccountClient(web, demo.url, key, scenario="documented")
    assert planned.account["stubs"] == len(STUBBED)
    assert planned.vendor_request("wistia").json() == FIXTURES["wistia/account"]["response"]
    planned.account_request("DELETE", "/stubs", 204)
    assert planned.vendor_request("wistia").json()["load_count"] == 0
    assert planned.account_request("POST", "/reset", 200)["stubs"] == len(STUBBED)
    assert planned.vendor_request("wistia").json() == FIXTURES["wistia/account"]["response"]
    forked = planned.account_request("POST", "/fork", 201, {"name": f"{key[-150:]}-fork"})
    assert forked["stubs"] == len(STUBBED)


def test_a_stub_of_ones_own_goes_before_the_examples(
    web: httpx.Client, demo: Server, key: str
) -> None:
    planned = AccountClient(web, demo.url, key, scenario="documented")
    planned.add_stub("wistia", SIMPLE_PATHS["wistia"], json="mine")
    assert planned.vendor_request("wistia").json() == "mine"
