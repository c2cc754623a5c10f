"""api.video's environments:

production and sandbox keys are told apart at the vendor's own host names, and nowhere else.
"""

import httpx
import pytest

from playhead import Server
from tests.control.account_client import AccountClient, is_vendor_error
from tests.worlds import credentials

HOSTS = {"ws.api.video": "production", "sandbox.api.video": "sandbox"}


@pytest.mark.parametrize("environment", ["production", "sandbox", None])
@pytest.mark.parametrize(
    "host",
    [
        *HOSTS,
        "ws.api.video:8000",
        "SANDBOX.api.video",
        "127.0.0.1",
        "localhost:8000",
        "video.example",
    ],
)
def test_a_key_opens_at_the_host_of_its_environment(
    web: httpx.Client, empty: Server, key: str, environment: str | None, host: str
) -> None:
    planned = AccountClient(web, empty.url, key, environment=environment)
    its_own = HOSTS.get(host.partition(":")[0].lower(), environment)
    allowed = environment in (None, its_own)
    answer = web.get(
        f"{planned.url}/videos",
        headers={"Authorization": credentials("apivideo", key), "Host": host},
    )
    assert answer.status_code == (200 if allowed else 401)
    exchange = web.post(f"{empty.url}/auth/api-key", json={"apiKey": key}, headers={"Host": host})
    assert exchange.status_code == (200 if allowed else 400)
    assert allowed or (
        is_vendor_error(answer, "apivideo", 401)
        and answer.json()["type"].endswith("/authentication-invalid-api-key")
    )
    assert allowed or exchange.json()["title"] == "The user credentials were incorrect."


def test_a_token_is_of_the_accounts_environment_too(
    web: httpx.Client, empty: Server, key: str
) -> None:
    AccountClient(web, empty.url, key, environment="sandbox")
    issued = web.post(
        f"{empty.url}/auth/api-key", json={"apiKey": key}, headers={"Host": "sandbox.api.video"}
    ).json()
    headers = {"Authorization": f"Bearer {issued['access_token']}"}
    answers = {
        host: web.get(f"{empty.url}/videos", headers={**headers, "Host": host}) for host in HOSTS
    }
    assert {host: answer.status_code for host, answer in answers.items()} == {
        "ws.api.video": 401,
        "sandbox.api.video": 200,
    }
    assert answers["ws.api.video"].json()["type"].endswith("/authentication-invalid-access-token")
    refreshed = web.post(
        f"{empty.url}/auth/refresh",
        json={"refreshToken": issued["refresh_token"]},
        headers={"Host": "ws.api.video"},
    )
    assert refreshed.status_code == 400


@pytest.mark.parametrize("vendor", ["gcore", "wistia"])
@pytest.mark.parametrize("environment", ["production", "sandbox"])
def test_other_vendors_know_no_environments(
    web: httpx.Client, empty: Server, key: str, vendor: str, environment: str
) -> None:
    planned = AccountClient(web, empty.url, key, environment=environment)
    assert planned.vendor_request(vendor).status_code == 200


def test_an_account_that_a_key_opened_is_of_both(
    web: httpx.Client, empty: Server, key: str
) -> None:
    headers = {"Authorization": credentials("apivideo", key)}
    assert [
        web.get(f"{empty.url}/videos", headers={**headers, "Host": host}).status_code
        for host in HOSTS
    ] == [200, 200]


def test_another_environment_is_refused(web: httpx.Client, empty: Server, key: str) -> None:
    assert (
        web.post(
            f"{empty.url}/_emulator/accounts", json={"name": key, "environment": "staging"}
        ).status_code
        == 422
    )
