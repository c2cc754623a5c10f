"""A strict server: what was not created opens nothing, and each vendor says so in its own voice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from playhead import Server
from playhead.domain.ids import account_number
from playhead.vendors.wistia import ids
from tests.control.conftest import ControlApi
from tests.error_contract import ERROR_CONTRACTS
from tests.worlds import NOW_TEXT

StartServer = Callable[..., tuple[Server, ControlApi]]
PATHS = {"gcore": "/streaming/videos", "wistia": "/v1/stats/account", "apivideo": "/videos"}


@pytest.fixture(scope="module")
def strict_control() -> Iterator[ControlApi]:
    """A strict server on which one account was created."""
    with (
        Server(scenario="empty", now=NOW_TEXT, auth="strict") as server,
        httpx.Client(timeout=60) as web,
    ):
        control = ControlApi(web, server.url)
        control.create(name="known", credentials={"": ["everywhere"], "wistia": ["at wistia"]})
        yield control


@pytest.mark.parametrize("vendor", PATHS)
@pytest.mark.parametrize("key", ["known", "everywhere"])
def test_what_was_created_opens(strict_control: ControlApi, vendor: str, key: str) -> None:
    assert strict_control.status(vendor, PATHS[vendor], key) == 200


@pytest.mark.parametrize("vendor", PATHS)
@pytest.mark.parametrize("key", ["unknown", "account-1", "Known", "known2"])
def test_anything_else_is_refused_as_a_bad_key_is(
    strict_control: ControlApi, vendor: str, key: str
) -> None:
    response = strict_control.ask(vendor, PATHS[vendor], key)
    said = ERROR_CONTRACTS[vendor].bad_key
    assert (response.status_code, response.headers["content-type"]) == (
        said.status,
        said.content_type,
    )
    before = strict_control("GET", "/accounts").json()["accounts"]
    assert [account["name"] for account in before] == ["known"]


def test_a_credential_of_one_vendor_opens_nothing_elsewhere(strict_control: ControlApi) -> None:
    assert [strict_control.status(vendor, path, "at wistia") for vendor, path in PATHS.items()] == [
        401,
        200,
        401,
    ]


def exchange(control: ControlApi, key: str) -> httpx.Response:
    return control.web.post(f"{control.url}/apivideo/auth/api-key", json={"apiKey": key})


def test_keys_are_exchanged_for_tokens_only_where_they_open(strict_control: ControlApi) -> None:
    refused = exchange(strict_control, "unknown")
    assert (refused.status_code, refused.headers["content-type"]) == (
        400,
        "application/problem+json",
    )
    token = exchange(strict_control, "everywhere").json()["access_token"]
    assert (
        strict_control.web.get(
            f"{strict_control.url}/apivideo/videos", headers={"Authorization": f"Bearer {token}"}
        ).status_code
        == 200
    )


def test_tokens_of_an_account_that_is_gone_open_nothing(strict_control: ControlApi) -> None:
    strict_control.create(name="leaving")
    issued = exchange(strict_control, "leaving").json()
    strict_control.account("leaving", "DELETE")
    assert (
        strict_control.web.get(
            f"{strict_control.url}/apivideo/videos",
            headers={"Authorization": f"Bearer {issued['access_token']}"},
        ).status_code
        == 401
    )
    assert (
        400
        <= strict_control.web.post(
            f"{strict_control.url}/apivideo/auth/refresh",
            json={"refreshToken": issued["refresh_token"]},
        ).status_code
        <= 401
    )


def heatmap(control: ControlApi, name: str) -> int:
    """How a heat map that there is not is answered to the public token of an account."""
    path = "/wistia/v1/stats/events/1390862572596e0.8447021404281259/iframe.html"
    return control.web.get(
        f"{control.url}{path}",
        params={"public_token": ids.public_token(account_number(name))},
    ).status_code


@pytest.mark.parametrize(("name", "status"), [("known", 404), ("unknown", 401)])
def test_a_public_token_opens_what_was_created(
    strict_control: ControlApi, name: str, status: int
) -> None:
    assert heatmap(strict_control, name) == status


def test_what_a_key_opened_before_a_server_was_strict_is_closed_then(
    start_server: StartServer, tmp_path: Path
) -> None:
    store = f"sqlite:///{tmp_path}/store.sqlite"
    _, control = start_server(store=store)
    assert control.status("wistia", PATHS["wistia"], "opened") == 200
    assert control.account("opened", "POST", "/fork", {"name": "forked"}).status_code == 201
    _, stricter = start_server(store=store, auth="strict")
    assert [stricter.status(vendor, path, "opened") for vendor, path in PATHS.items()] == [
        401,
        401,
        401,
    ]
    assert [stricter.status(vendor, path, "forked") for vendor, path in PATHS.items()] == [
        200,
        200,
        200,
    ]
    assert [heatmap(stricter, name) for name in ("opened", "forked")] == [401, 404]
