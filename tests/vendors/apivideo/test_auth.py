"""The two endpoints that give tokens, and what opens an account."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from playhead import Server
from tests.worlds import NOW, World

pytestmark = pytest.mark.covers("apivideo.authenticate", "apivideo.refresh")

REFERENCE = "https://docs.api.video/reference/"
BAD_CREDENTIALS = {
    "type": f"{REFERENCE}authentication-invalid-user-credentials",
    "title": "The user credentials were incorrect.",
    "name": "",
    "status": 400,
}
NO_PAYLOAD = {
    "type": f"{REFERENCE}invalid-payload",
    "title": "The payload is invalid.",
    "status": 400,
}


def issue_tokens(web: httpx.Client, server: Server, key: str) -> dict[str, Any]:
    answer = web.post(f"{server.url}/auth/api-key", json={"apiKey": key})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), (
        answer.text
    )
    document: dict[str, Any] = answer.json()
    return document


def auth_request(web: httpx.Client, server: Server, authorization: str | None) -> httpx.Response:
    return web.get(
        f"{server.url}/videos",
        headers={} if authorization is None else {"Authorization": authorization},
    )


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def test_a_key_gives_tokens(empty: Server, web: httpx.Client, key: str) -> None:
    found = issue_tokens(web, empty, key)
    assert list(found) == ["token_type", "expires_in", "access_token", "refresh_token"]
    assert (found["token_type"], found["expires_in"]) == ("Bearer", 3600)
    header, claims, _ = (
        json.loads(base64.urlsafe_b64decode(part + "==") if index < 2 else "0")
        for index, part in enumerate(found["access_token"].split("."))
    )
    assert header == {"typ": "JWT", "alg": "HS256"}
    assert claims == {"iat": NOW, "exp": NOW + 3600, "sub": key}
    assert len(found["refresh_token"]) >= 80
    assert int(found["refresh_token"], 16)


def test_a_token_and_a_basic_user_open_the_account_of_the_key(
    world: World, web: httpx.Client
) -> None:
    world.video("mine")
    bearer = f"Bearer {issue_tokens(web, world.server, world.key)['access_token']}"
    users = [
        basic(f"{world.key}:"),
        basic(f"{world.key}:ignored"),
        basic(world.key),
        basic(f"{world.key}:").replace("Basic", "BASIC"),
    ]
    for authorization in [bearer, bearer.replace("Bearer", "bearer"), *users]:
        assert [
            video["title"]
            for video in auth_request(web, world.server, authorization).json()["data"]
        ] == ["mine"]


def test_a_refresh_token_gives_tokens_of_the_same_account(world: World, web: httpx.Client) -> None:
    world.video("mine")
    first = issue_tokens(web, world.server, world.key)
    for _ in range(2):  # an older refresh token stays good
        answer = web.post(
            f"{world.server.url}/auth/refresh", json={"refreshToken": first["refresh_token"]}
        )
        assert answer.status_code == 200
        assert (
            len(
                auth_request(web, world.server, f"Bearer {answer.json()['access_token']}").json()[
                    "data"
                ]
            )
            == 1
        )


def test_a_name_beyond_ascii_survives_its_tokens(empty: Server, web: httpx.Client) -> None:
    first = issue_tokens(web, empty, "clé d’été")
    second = web.post(
        f"{empty.url}/auth/refresh", json={"refreshToken": first["refresh_token"]}
    ).json()
    assert (
        json.loads(base64.urlsafe_b64decode(second["access_token"].split(".")[1] + "=="))["sub"]
        == "clé d’été"
    )


def test_basic_beside_a_request_for_tokens_is_tolerated(empty: Server, web: httpx.Client) -> None:
    answer = web.post(
        f"{empty.url}/auth/api-key",
        json={"apiKey": "node"},
        headers={"Authorization": "Basic nonsense"},
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/vnd.api.video+json", "application/x-www-form-urlencoded"],
)
def test_a_body_is_read_whatever_it_says_of_itself(
    content_type: str | None, empty: Server, web: httpx.Client
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    assert (
        web.post(
            f"{empty.url}/auth/api-key", content=b'{"apiKey": "any"}', headers=headers
        ).status_code
        == 200
    )


def missing_param(name: str) -> dict[str, Any]:
    return {
        "type": f"{REFERENCE}attribute-required",
        "title": "This attribute is required.",
        "name": name,
        "status": 400,
    }


def not_a_string(name: str) -> dict[str, Any]:
    return {
        "type": f"{REFERENCE}invalid-attribute",
        "title": "An attribute is invalid.",
        "status": 400,
        "detail": "This value must be of type string.",
        "name": name,
    }


@pytest.mark.parametrize(
    ("path", "name"), [("/auth/api-key", "apiKey"), ("/auth/refresh", "refreshToken")]
)
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"text"', b"null", b"\xff", b"[" * 100_000, b"apiKey=x"],
    ids=lambda body: repr(body[:8]),
)
def test_a_body_that_is_no_object_is_refused(
    body: bytes, path: str, name: str, empty: Server, web: httpx.Client
) -> None:
    answer = web.post(empty.url + path, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"], answer.json()) == (
        400,
        "application/problem+json",
        NO_PAYLOAD,
    )


@pytest.mark.parametrize(
    ("path", "name"), [("/auth/api-key", "apiKey"), ("/auth/refresh", "refreshToken")]
)
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("absent", missing_param),
        (None, missing_param),
        (5, not_a_string),
        (["key"], not_a_string),
        ("", lambda _: BAD_CREDENTIALS),
        ("invalid", lambda _: BAD_CREDENTIALS),
        ("invalid-key", lambda _: BAD_CREDENTIALS),
        ("x" * 201, lambda _: BAD_CREDENTIALS),
        ("tab\tkey", lambda _: BAD_CREDENTIALS),
        ("\ud800", lambda _: BAD_CREDENTIALS),
    ],
)
def test_an_attribute_that_opens_nothing(
    value: Any, expected: Any, path: str, name: str, empty: Server, web: httpx.Client
) -> None:
    answer = web.post(
        empty.url + path, content=json.dumps({} if value == "absent" else {name: value})
    )
    assert (answer.status_code, answer.headers["content-type"], answer.json()) == (
        400,
        "application/problem+json",
        expected(name),
    )


MALFORMED_TOKENS = {
    "cut": lambda token: token[:-2],
    "upper case": lambda token: token.upper(),
    "another beginning": lambda token: ("00" if token[:2] != "00" else "01") + token[2:],
    "another name": lambda token: token[:-2] + "00",
    "no hex": lambda _: "ab cd",
}


@pytest.mark.parametrize("spoil", MALFORMED_TOKENS.values(), ids=MALFORMED_TOKENS)
def test_a_spoilt_refresh_token_is_refused(spoil: Any, empty: Server, web: httpx.Client) -> None:
    token = issue_tokens(web, empty, "spoilt")["refresh_token"]
    assert (
        web.post(f"{empty.url}/auth/refresh", json={"refreshToken": spoil(token)}).json()
        == BAD_CREDENTIALS
    )


def refusal(slug: str, title: str) -> dict[str, Any]:
    return {"type": f"{REFERENCE}authentication-{slug}", "title": title, "status": 401}


MISSING = refusal("missing-authorization-header", 'The "Authorization" header is missing.')
MALFORMED = refusal(
    "invalid-authorization-header-value", 'The "Authorization" header value is invalid.'
)
NO_TOKEN = refusal("invalid-access-token", "The access token is invalid or expired.")
NO_KEY = refusal("invalid-api-key", "The API key is invalid.")
INVALID_BODIES = [
    (None, MISSING),
    ("", MALFORMED),
    ("justakey", MALFORMED),
    ("APIKey key", MALFORMED),
    ("Bearer", MALFORMED),
    ("Basic !!!", MALFORMED),
    ("Basic /w==", MALFORMED),
    (basic("invalid:"), NO_KEY),
    (basic("invalid-one:"), NO_KEY),
    (basic(":password"), NO_KEY),
    (basic("x" * 201 + ":"), NO_KEY),
    ("Bearer my-api-key", NO_TOKEN),
    ("Bearer a.b.c", NO_TOKEN),
    ("Bearer ..", NO_TOKEN),
]


@pytest.mark.parametrize(
    ("authorization", "body"), INVALID_BODIES, ids=[str(row[0])[:30] for row in INVALID_BODIES]
)
def test_what_opens_nothing_is_told_apart(
    authorization: str | None, body: dict[str, Any], empty: Server, web: httpx.Client
) -> None:
    answer = auth_request(web, empty, authorization)
    assert (answer.status_code, answer.headers["content-type"], answer.json()) == (
        401,
        "application/problem+json",
        body,
    )


def test_a_token_with_another_name_in_it_is_refused(empty: Server, web: httpx.Client) -> None:
    header, claims, signature = issue_tokens(web, empty, "mallory")["access_token"].split(".")
    other = issue_tokens(web, empty, "alice")["access_token"].split(".")[1]
    assert auth_request(web, empty, f"Bearer {header}.{claims}.{signature}").status_code == 200
    assert auth_request(web, empty, f"Bearer {header}.{other}.{signature}").json() == NO_TOKEN


def test_a_key_sent_as_bearer_is_told_what_to_do(
    capsys: pytest.CaptureFixture[str], web: httpx.Client
) -> None:
    with Server(scenario="empty", now="2024-06-05T12:00:00Z", log="text") as server:
        assert auth_request(web, server, "Bearer my-api-key").status_code == 401
    assert "POST /auth/api-key" in capsys.readouterr().err


@pytest.fixture
def later_servers(tmp_path: Path) -> Iterator[list[Server]]:
    """Three servers on one store, their clocks an hour apart less a second, and an hour apart."""
    clocks = ("2024-06-05T12:00:00Z", "2024-06-05T12:59:59Z", "2024-06-05T13:00:00Z")
    servers = [
        Server(scenario="empty", store=f"sqlite:///{tmp_path}/store.sqlite", now=now).start()
        for now in clocks
    ]
    yield servers
    for server in servers:
        server.stop()


def test_a_token_expires_by_the_clock_of_the_account_on_every_server(
    later_servers: list[Server], web: httpx.Client
) -> None:
    first, second, third = later_servers
    token = issue_tokens(web, first, "key")
    bearer = f"Bearer {token['access_token']}"
    assert [auth_request(web, server, bearer).status_code for server in later_servers] == [
        200,
        200,
        401,
    ]
    refreshed = web.post(
        f"{third.url}/auth/refresh", json={"refreshToken": token["refresh_token"]}
    ).json()
    assert refreshed["refresh_token"] != token["refresh_token"]
    assert auth_request(web, third, f"Bearer {refreshed['access_token']}").status_code == 200
    assert auth_request(web, second, f"Bearer {refreshed['access_token']}").status_code == 200
