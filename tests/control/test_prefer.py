"""`Prefer`: what a request may ask of its own answer, and in which order everything at the gate is
looked at.
"""

import json
import re
from typing import Any

import httpx
import pytest

from playhead import Server
from tests.control.account_client import (
    COUNTRIES,
    MAY,
    SIMPLE_PATHS,
    AccountClient,
    is_vendor_error,
)
from tests.error_contract import contract_family
from tests.operations import KEY, OperationRequest
from tests.test_documented_examples import FIXTURES
from tests.test_error_contract import every_route, path_of
from tests.worlds import NOW_TEXT, credentials

STATUSES = (401, 403, 404, 405, 406, 409, 418, 422, 429, 500, 502, 503)


@pytest.fixture
def account_client(web: httpx.Client, empty: Server, key: str) -> AccountClient:
    return AccountClient(web, empty.url, key)


def request_with_prefer(
    route: OperationRequest, web: httpx.Client, url: str, prefer: str
) -> httpx.Response:
    """A route's answer to its documented request, with a preference."""
    headers = {"Authorization": credentials(route.vendor, KEY), "Prefer": prefer}
    return web.request(
        route.method,
        f"{url}/{route.vendor}{path_of(route)}",
        params=dict(route.query),
        json=route.body,
        headers=headers,
    )


# Every status on every route.


def content_type_of(route: OperationRequest, status: int) -> str:
    if route.vendor == "wistia" and status == 429:
        return "text/plain; charset=utf-8"
    if route.template.endswith("iframe.html"):
        return "text/html; charset=utf-8"
    return "application/problem+json" if route.vendor == "apivideo" else "application/json"


def has_content(content: str, content_type: str) -> bool:
    """Whether a body says something, in the form that its type names."""
    if content_type.startswith("text/html"):
        return bool(
            re.sub(r"<(style|title)>.*?</\1>|<[^>]*>", "", content, flags=re.DOTALL).strip()
        )
    return bool(content.strip()) if content_type.startswith("text/") else bool(json.loads(content))


@every_route
def test_a_status_is_answered_in_the_vendors_voice(
    web: httpx.Client, demo: Server, route: OperationRequest
) -> None:
    for status in STATUSES:
        assert_status(request_with_prefer(route, web, demo.url, f"code={status}"), route, status)


def assert_status(answer: httpx.Response, route: OperationRequest, status: int) -> None:
    kind = content_type_of(route, status)
    assert (answer.status_code, answer.headers["preference-applied"]) == (status, f"code={status}")
    if (
        status == 404 and contract_family(route.vendor, route.template) == "wistia, analytics"
    ):  # of these it is documented that it has no body
        assert (answer.content, "content-type" in answer.headers) == (b"", False)
        return
    assert answer.headers["content-type"] == kind
    assert has_content(answer.text, kind)
    if kind.endswith("json"):
        told = {
            "gcore": {"errors", "message", "error"},
            "wistia": {"error"},
            "apivideo": {"title"},
        }[route.vendor]
        assert any(answer.json().get(key) for key in told)
        assert answer.json().get("status", status) == status


@pytest.mark.parametrize("vendor", SIMPLE_PATHS)
def test_any_status_from_400_to_599_is_one(account_client: AccountClient, vendor: str) -> None:
    spoken = {
        status
        for status in range(400, 600)
        if is_vendor_error(
            account_client.vendor_request(vendor, headers={"Prefer": f"code={status}"}),
            vendor,
            status,
        )
    }
    others = {"wistia": {429}, "gcore": {401}, "apivideo": set[int]()}[
        vendor
    ]  # these are said otherwise: see above
    assert spoken == {*range(400, 600)} - others


def test_404_of_an_operation_that_takes_an_id_is_that_of_an_unknown_one(
    account_client: AccountClient,
) -> None:
    prefer = {"Prefer": "code=404"}
    assert account_client.vendor_request(
        "wistia", "/v1/stats/medias/abc", headers=prefer
    ).json() == {"error": "Media with ID 'abc' not found."}
    assert account_client.vendor_request(
        "wistia", "/v1/stats/visitors/abc", headers=prefer
    ).json() == {"error": "Visitor with ID 'abc' not found."}
    assert (
        account_client.vendor_request("apivideo", "/videos/vi0", headers=prefer).json()["name"]
        == "videoId"
    )
    assert (
        account_client.vendor_request("gcore", "/streaming/videos/1", headers=prefer).json()[
            "status"
        ]
        == 404
    )
    assert (
        account_client.vendor_request("apivideo", "/videos", headers=prefer).json()["title"]
        == "Unrecognized request URL."
    )


# What is understood.


@pytest.mark.parametrize(
    ("prefer", "status", "applied"),
    [
        ("code=503", 503, "code=503"),
        ("CODE=503", 503, "code=503"),
        ('code = "503"', 503, "code=503"),
        ("code=503, code=500", 503, "code=503"),
        ("code=503; wait=0.001", 503, "wait=0.001, code=503"),
        ("wait=0.001", 200, "wait=0.001"),
        ("return=minimal, code=500", 500, "code=500"),
        ("code=nonsense, code=500", 500, "code=500"),
        ("wait=0", 200, None),
        ("code=200", 200, None),
        ("code=399", 200, None),
        ("code=600", 200, None),
        ("code=50", 200, None),
        ("code=٥٠٠".encode().decode("latin-1"), 200, None),
        ("code", 200, None),
        ("code=", 200, None),
        ("wait=-1", 200, None),
        ("wait=301", 200, None),
        ("wait=1e9", 200, None),
        ("wait=nan", 200, None),
        ("example=ours", 200, None),
        ("respond-async", 200, None),
        ("=;,=,;", 200, None),
        ("", 200, None),
    ],
)
def test_what_is_understood_is_applied_and_the_rest_ignored(
    account_client: AccountClient, prefer: str, status: int, applied: str | None
) -> None:
    answer = account_client.vendor_request(
        "gcore", headers={"Prefer": prefer.encode("latin-1")}
    )  # httpx takes bytes, to send what is no ASCII
    assert (answer.status_code, answer.headers.get("preference-applied")) == (status, applied)


def test_several_headers_are_one(account_client: AccountClient) -> None:
    headers = [
        ("Authorization", f"APIKey {account_client.name}"),
        ("Prefer", "wait=0.001"),
        ("Prefer", "code=503"),
    ]
    assert (
        account_client.web.get(account_client.url + SIMPLE_PATHS["gcore"], headers=headers).headers[
            "preference-applied"
        ]
        == "wait=0.001, code=503"
    )


@pytest.mark.parametrize("prefer", ["code=200", "cod=500", "wait=1000", "example=ours", "nonsense"])
def test_nonsense_is_remarked_on_in_the_log_and_the_journal(
    web: httpx.Client, capfd: pytest.CaptureFixture[str], prefer: str
) -> None:
    with Server(scenario="empty", now=NOW_TEXT, log="text") as server:
        planned = AccountClient(web, server.url, "account")
        planned.vendor_request("gcore", headers={"Prefer": prefer})
        (noted,) = planned.account_request("GET", "/requests", 200)["requests"]
    assert f"Prefer: {prefer} is ignored: " in noted["reason"]
    assert f"Prefer: {prefer} is ignored: " in capfd.readouterr().err


# Published examples.


def fixture_request(name: str) -> dict[str, Any]:
    request: dict[str, Any] = FIXTURES[name]["request"]
    return request


STUBBED = [name for name, fixture in FIXTURES.items() if "stub" in fixture]


@pytest.mark.parametrize("name", STUBBED)
def test_the_published_example_is_answered_on_any_account(
    web: httpx.Client, demo: Server, name: str
) -> None:
    vendor = name.partition("/")[0]
    request = fixture_request(name)
    fixture = FIXTURES[name]
    tokens = request["path"].startswith("/auth/")
    body = {"apiKey": KEY} if tokens else None
    if request["path"] == "/auth/refresh":
        body = {
            "refreshToken": web.post(f"{demo.url}/auth/api-key", json=body).json()["refresh_token"]
        }
    headers = {
        "Prefer": "example=documented",
        **({} if tokens else {"Authorization": credentials(vendor, KEY)}),
    }
    answer = web.request(
        request["method"],
        f"{demo.url}/{vendor}{request['path']}",
        params=request["query"],
        json=body,
        headers=headers,
    )
    assert (answer.status_code, answer.json()) == (fixture["status"], fixture["response"])
    assert answer.headers["preference-applied"] == "example=documented"


def test_the_example_of_an_operation_needs_no_published_query(
    account_client: AccountClient,
) -> None:
    prefer = {"Prefer": "example=documented"}
    assert (
        account_client.vendor_request("gcore", COUNTRIES, headers=prefer).json()
        == FIXTURES["gcore/countries"]["response"]
    )
    assert (
        account_client.vendor_request("apivideo", currentPage="3", headers=prefer).json()
        == FIXTURES["apivideo/videos"]["response"]
    )
    refused = account_client.vendor_request(
        "apivideo", headers={"Prefer": "example=documented, code=400"}
    )
    assert (refused.status_code, refused.json()) == (
        400,
        FIXTURES["apivideo/error_out_of_range"]["response"],
    )


def test_without_a_published_example_the_world_answers(account_client: AccountClient) -> None:
    answer = account_client.vendor_request(
        "wistia", "/modern/stats/account", headers={"Prefer": "example=documented"}
    )
    assert (answer.json()["load_count"], "preference-applied" in answer.headers) == (0, False)
    assert (
        account_client.vendor_request(
            "wistia", "/modern/stats/account", headers={"Prefer": "example=documented, code=500"}
        ).headers["preference-applied"]
        == "code=500"
    )


# The order.


def test_route_before_key_before_preference(account_client: AccountClient) -> None:
    prefer = {"Prefer": "code=503"}
    assert (
        account_client.vendor_request("gcore", "/streaming/nothing", headers=prefer).status_code
        == 404
    )
    assert account_client.vendor_request("gcore", method="POST", headers=prefer).status_code == 405
    assert (
        account_client.web.get(
            account_client.url + SIMPLE_PATHS["gcore"], headers=prefer
        ).status_code
        == 401
    )
    assert account_client.web.get(account_client.url + "/streaming/nothing").status_code == 404


def test_preference_before_fault_before_stub_before_parameters_before_world(
    account_client: AccountClient,
) -> None:
    account_client.add_stub("gcore", COUNTRIES, json="stub", query={"date_from": "{any}"})
    account_client.add_fault({"status": 500}, times=1)
    assert (
        account_client.vendor_request(
            "gcore", COUNTRIES, headers={"Prefer": "code=418"}, date_from="x"
        ).status_code
        == 418
    )
    assert (
        account_client.vendor_request(
            "gcore", COUNTRIES, headers={"Prefer": "example=documented"}, date_from="x"
        ).json()
        == FIXTURES["gcore/countries"]["response"]
    )
    assert account_client.account_request("GET", "/faults", 200)["faults"][0]["met"] == 0
    assert account_client.vendor_request("gcore", COUNTRIES, date_from="x").status_code == 500
    assert account_client.vendor_request("gcore", COUNTRIES, date_from="x").json() == "stub"
    assert account_client.vendor_request("gcore", COUNTRIES, date_to="x").status_code == 400
    assert (
        account_client.vendor_request(
            "gcore", COUNTRIES, date_to=MAY["date_to"], headers={"Prefer": "wait=0.001"}
        ).status_code
        == 400
    )
    account_client.account_request("DELETE", "/stubs", 204)
    assert account_client.vendor_request("gcore", COUNTRIES, **MAY).json() == {"data": []}


def test_a_wait_leaves_the_rest_as_it_was_planned(account_client: AccountClient) -> None:
    account_client.add_fault({"status": 500}, times=1)
    account_client.add_stub("gcore", SIMPLE_PATHS["gcore"], json="stub")
    answers = [
        account_client.vendor_request("gcore", headers={"Prefer": "wait=0.001"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [500, 200]
    assert [answer.headers["preference-applied"] for answer in answers] == ["wait=0.001"] * 2
    assert answers[1].json() == "stub"


def test_the_journal_tells_what_answered(account_client: AccountClient) -> None:
    fault = account_client.add_fault({"latency": {"ms": 1}}, times=1)["id"]
    stub = account_client.add_stub("gcore", SIMPLE_PATHS["gcore"], json="stub")["id"]
    account_client.vendor_request("gcore", headers={"Prefer": "wait=0.001"})
    account_client.vendor_request("gcore")
    account_client.vendor_request("gcore", headers={"Prefer": "code=500"})
    applied = [
        entry["interventions"]
        for entry in account_client.account_request("GET", "/requests", 200)["requests"]
    ]
    assert applied == [f"fault {fault}, stub {stub}, wait=0.001", f"stub {stub}", "code=500"]


def test_health_needs_no_key_to_be_preferred(account_client: AccountClient) -> None:
    assert (
        account_client.web.get(
            f"{account_client.url}/health", headers={"Prefer": "code=503"}
        ).status_code
        == 503
    )
