"""Gcore: who is let in, and as which client."""

import re

import httpx
import pytest

from playhead import Server
from playhead.domain.ids import account_number
from tests.worlds import NOW, World

TOTAL = "/streaming/statistics/stream/watching_duration/total"
MISSING_CREDENTIALS = (
    '{"exception_class":"not_authenticated","message":"Authentication credentials '
    'were not provided.","request_id":"…"}'
)
INVALID_CREDENTIALS = (
    '{"exception_class":"token_not_valid","message":"Token is invalid or expired","request_id":"…"}'
)


def request_with_authorization(
    server: Server, web: httpx.Client, authorization: bytes | str | None
) -> httpx.Response:
    return web.get(
        server.url + TOTAL,
        headers=[] if authorization is None else [(b"Authorization", as_bytes(authorization))],
    )


def as_bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def error_fields(answer: httpx.Response) -> tuple[int, str, str]:
    """Status, content type and body, the request's id left out."""
    return (
        answer.status_code,
        answer.headers["content-type"],
        re.sub(r'(?<=request_id":")[0-9a-f]{32}', "…", answer.text),
    )


@pytest.mark.parametrize("scheme", ["APIKey", "apikey", "APIkey", "Bearer", "bearer"])
def test_the_scheme_may_be_spelled_in_any_case(
    world: World, web: httpx.Client, scheme: str
) -> None:
    world.watch(world.live(), "ana", NOW - 100, (0, 60))
    assert (
        request_with_authorization(world.server, web, f"{scheme} {world.key}").json()[0]["duration"]
        == 1
    )


@pytest.mark.parametrize(
    "key", ["My API Key", "1_local", "1234$abcdef", "k", "k" * 200, "a.b:c/d?e=f&g", "valid"]
)
def test_any_key_opens_an_account(empty: Server, web: httpx.Client, key: str) -> None:
    assert request_with_authorization(empty, web, f"APIKey {key}").status_code == 200


def test_blanks_before_a_key_are_no_part_of_it(world: World, web: httpx.Client) -> None:
    world.watch(world.live(), "ana", NOW - 100, (0, 60))
    assert (
        request_with_authorization(world.server, web, f"APIKey   {world.key}").json()[0]["duration"]
        == 1
    )


@pytest.mark.parametrize("authorization", [None, "APIKey", "Bearer"])
def test_no_key(empty: Server, web: httpx.Client, authorization: str | None) -> None:
    answer = request_with_authorization(empty, web, authorization)
    assert error_fields(answer) == (401, "application/json", MISSING_CREDENTIALS)
    assert answer.headers["www-authenticate"] == "APIKey"


REFUSED = {
    "invalid": "APIKey invalid",
    "begins with invalid": "APIKey invalid_key",
    "no scheme": "1_local",
    "another scheme": "Basic MV9sb2NhbDo=",
    "an empty header": "",
    "201 characters": f"APIKey {'k' * 201}",
    "unprintable": b"APIKey a\tb",
    "a soft hyphen": "APIKey a\xadb".encode("latin-1"),
}


@pytest.mark.parametrize("authorization", REFUSED.values(), ids=REFUSED)
def test_a_bad_key(empty: Server, web: httpx.Client, authorization: bytes | str) -> None:
    answer = request_with_authorization(empty, web, authorization)
    assert error_fields(answer) == (401, "application/json", INVALID_CREDENTIALS)
    assert answer.headers["www-authenticate"] == "APIKey"


def test_a_key_comes_before_parameters(empty: Server, web: httpx.Client) -> None:
    assert web.get(f"{empty.url}/streaming/statistics/countries?date_from=x").status_code == 401


@pytest.mark.parametrize(
    ("key", "client"),
    [
        ("123_secret", 123),
        ("123$secret", 123),
        ("7_", 7),
        ("999999999999999_x", 999_999_999_999_999),
        ("secret", account_number("secret") % 10_000_000),
        ("123-secret", account_number("123-secret") % 10_000_000),
        ("x123_secret", account_number("x123_secret") % 10_000_000),
        ("123", account_number("123") % 10_000_000),
    ],
)
def test_the_client_is_the_number_before_the_secret(
    empty: Server, web: httpx.Client, key: str, client: int
) -> None:
    assert request_with_authorization(empty, web, f"APIKey {key}").json()[0]["client"] == client


def test_a_client_is_one_everywhere(empty: Server, web: httpx.Client) -> None:
    world = World(empty, "4711_everywhere")
    world.video()
    assert world.get(web, "gcore", "/streaming/videos").json()[0]["client_id"] == 4711
    series = world.get(
        web, "gcore", "/streaming/statistics/stream/watching_duration", from_="2024-06-05"
    )
    assert series.json()[0]["client"] == 4711


def test_the_demo_account_is_client_123(demo: Server, web: httpx.Client) -> None:
    assert request_with_authorization(demo, web, "APIKey demo").json()[0]["client"] == 123
    assert request_with_authorization(demo, web, "APIKey 5_other").json()[0]["client"] == 5
