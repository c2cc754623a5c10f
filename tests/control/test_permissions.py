"""Permissions: what an account may not do, as each vendor words it."""

from typing import Any

import httpx
import pytest

from playhead import Server
from tests.control.account_client import SIMPLE_PATHS, AccountClient
from tests.worlds import credentials

NO_SCOPE = {
    "code": "unauthorized_scope",
    "error": "This token does not have the scope that this request needs.",
}
REFERENCE = "https://docs.api.video/reference/"
SUSPENDED = {
    "type": f"{REFERENCE}authorization-suspended-account",
    "title": "Suspended account",
    "status": 403,
}
NO_ANALYTICS = {
    "type": f"{REFERENCE}authorization-disabled-analytics",
    "title": "You cannot get analytics from this project.",
    "status": 403,
}
LACKING: dict[tuple[str, str], tuple[int, Any, list[str], list[str]]] = {
    ("wistia", "stats_scope"): (
        401,
        NO_SCOPE,
        [
            SIMPLE_PATHS["wistia"],
            "/modern/stats/events",
            "/v1/stats/medias/x",
            "/modern/analytics/account",
        ],
        ["/v1/medias", "/modern/folders", "/health"],
    ),
    ("wistia", "stats_plan"): (
        403,
        {"error": "Your account does not have access to this feature."},
        [SIMPLE_PATHS["wistia"], "/modern/stats/visitors", "/modern/analytics/medias/x"],
        ["/v1/projects", "/health"],
    ),
    ("apivideo", "active"): (
        403,
        SUSPENDED,
        ["/videos", "/live-streams", "/analytics/videos/vi0"],
        [],
    ),
    ("apivideo", "analytics"): (
        403,
        NO_ANALYTICS,
        ["/analytics/videos/vi0", "/analytics/sessions/ps0/events"],
        ["/videos", "/live-streams"],
    ),
    ("gcore", "statistics"): (
        403,
        {"data": [], "errors": ["access denied"]},
        [SIMPLE_PATHS["gcore"]],
        ["/streaming/videos", "/streaming/streams"],
    ),
}


@pytest.mark.parametrize(("vendor", "name"), LACKING, ids=" ".join)
def test_an_account_without_a_permission(
    web: httpx.Client, empty: Server, key: str, vendor: str, name: str
) -> None:
    status, body, refused, allowed = LACKING[vendor, name]
    planned = AccountClient(web, empty.url, key, permissions={vendor: {name: False}})
    assert planned.account["permissions"] == {vendor: {name: False}}
    for path in refused:
        answer = planned.vendor_request(vendor, path)
        assert (answer.status_code, answer.json()) == (status, body), path
        assert answer.headers["content-type"] == (
            "application/problem+json" if vendor == "apivideo" else "application/json"
        )
    assert [planned.vendor_request(vendor, path).status_code for path in allowed] == [200] * len(
        allowed
    )
    assert [
        planned.vendor_request(other).status_code for other in SIMPLE_PATHS if other != vendor
    ] == [200, 200]


@pytest.mark.parametrize(("vendor", "name"), LACKING, ids=" ".join)
def test_an_account_that_has_it_or_says_nothing(
    web: httpx.Client, empty: Server, key: str, vendor: str, name: str
) -> None:
    planned = AccountClient(web, empty.url, key, permissions={vendor: {name: True}})
    assert planned.vendor_request(vendor).status_code == 200
    headers = {"Authorization": credentials(vendor, f"{planned.name[-150:]}-another")}
    assert (
        web.get(f"{empty.url}/{vendor}{SIMPLE_PATHS[vendor]}", headers=headers).status_code == 200
    )


def test_a_suspended_account_is_given_no_token(web: httpx.Client, empty: Server, key: str) -> None:
    AccountClient(web, empty.url, key, permissions={"apivideo": {"active": False}})
    answer = web.post(f"{empty.url}/auth/api-key", json={"apiKey": key})
    assert (answer.status_code, answer.json()) == (403, SUSPENDED)


def test_a_heat_map_is_opened_by_the_public_token_whatever_the_tokens_scope(
    web: httpx.Client, empty: Server, key: str
) -> None:
    AccountClient(
        web, empty.url, key, permissions={"wistia": {"stats_scope": False, "stats_plan": False}}
    )
    assert (
        web.get(f"{empty.url}/v1/stats/events/x/iframe.html?public_token=nothing").status_code
        == 401
    )


@pytest.mark.parametrize(
    ("permissions", "reason"),
    [
        ({"vimeo": {"statistics": False}}, "apivideo, gcore, wistia"),
        ({"gcore": {"stats_scope": False}}, "only statistics"),
        ({"gcore": False}, "permissions"),
        ({"gcore": {"statistics": "perhaps"}}, "permissions"),
    ],
    ids=str,
)
def test_what_is_no_permission_is_refused(
    web: httpx.Client, empty: Server, key: str, permissions: Any, reason: str
) -> None:
    answer = web.post(
        f"{empty.url}/_emulator/accounts", json={"name": key, "permissions": permissions}
    )
    assert answer.status_code == 422
    assert reason in answer.json()["detail"]


def test_permissions_are_forked_and_reset(web: httpx.Client, empty: Server, key: str) -> None:
    planned = AccountClient(web, empty.url, key, permissions={"gcore": {"statistics": False}})
    planned.account_request("POST", "/reset", 200)
    assert planned.vendor_request("gcore").status_code == 403
    forked = planned.account_request("POST", "/fork", 201, {"name": f"{key[-150:]}-fork"})
    assert (
        web.get(
            f"{empty.url}{SIMPLE_PATHS['gcore']}",
            headers={"Authorization": credentials("gcore", forked["name"])},
        ).status_code
        == 403
    )
