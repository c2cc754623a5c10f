"""Wistia: who is let in, and how everything else is refused, beyond what test_voice.py asks of
every vendor.
"""

import base64
from collections.abc import Callable, Mapping

import httpx
import pytest

from playhead import Server
from tests.worlds import NOW, World

CREDENTIALS = '{"code":"unauthorized_credentials","error":"Invalid credentials."}'
STATS_PATH = [
    "account",
    "account/by_date",
    "projects/ln2k6qwi9k",
    "projects/ln2k6qwi9k/by_date",
    "medias/993554ba94",
    "medias/993554ba94/by_date",
    "medias/993554ba94/engagement",
    "visitors",
    "visitors/E4E7613B5C24CB0F1F7C0A1E4E874635E752263E",
    "events",
    "events/1390862572596e0.8447021404281259",
]
PATHS = [
    *(
        f"{prefix}/stats/{path}{suffix}"
        for prefix in ("/v1", "/modern")
        for path in STATS_PATH
        for suffix in ("", ".json")
    ),
    *(
        "/v1/medias.json",
        "/v1/medias",
        "/v1/projects.json",
        "/v1/projects",
        "/modern/medias",
        "/modern/folders",
    ),
    *(
        "/v1/account.json",
        "/modern/account",
        "/modern/account_usage",
        "/modern/token",
        "/v1/medias/993554ba94.json",
        "/modern/medias/993554ba94",
    ),
    *(
        "/v1/medias/993554ba94/stats.json",
        "/modern/medias/993554ba94/stats",
        "/v1/projects/ln2k6qwi9k.json",
        "/modern/folders/ln2k6qwi9k",
    ),
]
every_path = pytest.mark.parametrize("path", PATHS)
Send = Callable[..., httpx.Response]


KEY = "voice"


@pytest.fixture(scope="module")
def send(demo: Server, web: httpx.Client) -> Send:
    def ask(
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        given = {"Authorization": f"Bearer {KEY}"} if headers is None else dict(headers)
        return web.request(method, demo.url + path, headers=given, content=content)

    return ask


def normalize(response: httpx.Response) -> tuple[int, str, str]:
    return (response.status_code, response.headers["content-type"], response.text)


@every_path
def test_every_operation_answers_json_to_anybody(send: Send, path: str) -> None:
    response = send(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert response.headers["access-control-allow-origin"] == "*"
    assert len(response.headers["x-request-id"]) == 32
    assert response.json()


@every_path
def test_xml_is_not_served(send: Send, path: str) -> None:
    path = path.removesuffix(".json") + ".xml"
    assert normalize(send(path)) == (406, "application/json", '{"error":"Only JSON is available."}')
    assert normalize(send(path, headers={})) == (401, "application/json", CREDENTIALS)


@every_path
def test_nonsense_in_pages_filters_versions_and_bodies_is_overlooked(send: Send, path: str) -> None:
    headers = {
        "Authorization": f"Bearer {KEY}",
        "X-Wistia-API-Version": "yesterday",
        "Content-Type": "application/json",
    }
    response = send(
        f"{path}?page=x&per_page=-3&filter=cats&sort_by=&unknown=%00&&=&%ff=%fe",
        headers=headers,
        content=b"{broken",
    )
    assert normalize(response) == normalize(send(path))


BY_ID = {
    "projects/{}": "Project",
    "projects/{}/by_date": "Project",
    "medias/{}": "Media",
    "medias/{}/by_date": "Media",
    "medias/{}/engagement": "Media",
    "visitors/{}": "Visitor",
    "events/{}": "Event",
}
UNKNOWN_IDS = {
    "nope": "nope",
    "993554BA94": "993554BA94",
    "a.b_c-d": "a.b_c-d",
    "%E2%9C%93": "✓",
    "a%2Fb": "a%2Fb",
    "%00": "\\u0000",
    "a.json": "a.json",
}


@pytest.mark.parametrize(("path", "what"), BY_ID.items())
@pytest.mark.parametrize(("sent", "given"), UNKNOWN_IDS.items())
def test_unknown_ids_are_named(send: Send, path: str, what: str, sent: str, given: str) -> None:
    for prefix, suffix in (("/v1", ".json"), ("/modern", ".json")):
        response = send(f"{prefix}/stats/{path.format(sent)}{suffix}")
        assert normalize(response) == (
            404,
            "application/json",
            f'{{"error":"{what} with ID \'{given}\' not found."}}',
        )


DATES = [
    "x",
    "2024-02-30",
    "2024-13-01",
    "2024-5-1",
    "20240501",
    "2024-05-01T00:00:00Z",
    "0999-01-01",
    "10000-01-01",
    "%00",
    "٢٠٢٤-٠١-٠١",
    "+",
]


@pytest.mark.parametrize("path", ["account", "projects/ln2k6qwi9k", "medias/993554ba94"])
@pytest.mark.parametrize("text", DATES)
def test_bad_dates_are_refused(send: Send, path: str, text: str) -> None:
    for prefix, name in (("/v1", "start_date"), ("/modern", "end_date")):
        refused = (
            422,
            "application/json",
            f'{{"error":"{name} is not a valid date, use YYYY-MM-DD."}}',
        )
        assert normalize(send(f"{prefix}/stats/{path}/by_date?{name}={text}")) == refused
        assert normalize(send(f"{prefix}/stats/events?{name}={text}")) == refused


def test_dates_are_nothing_to_visitors(send: Send) -> None:
    assert send("/v1/stats/visitors.json?start_date=x").status_code == 200


def test_a_bad_date_of_an_unknown_media_is_told_before_it(send: Send) -> None:
    assert send("/v1/stats/medias/nope/by_date.json?start_date=x").status_code == 422
    assert send("/v1/stats/medias/nope/by_date.json?start_date=x", headers={}).status_code == 401


EMPTY_DAY = """
    /v1 /v1/ /modern/ /v1/stats /v1/stats.json /v1/events.json /v1/stats/projects.json
    /v1/stats/medias.json /v1/stats/medias/993554ba94/visitors.json
    /v1/medias/993554ba94/engagement.json /v1/stats/medias//by_date.json
    /v1/stats/visitors/.json /modern/projects /v1/folders /modern/stats/account.html
    /v1//stats/account /v1/docs /v1/openapi.json /health/ /v1/Stats/account
    /v1/stats/events/x/iframe /v1/stats/events/x/y/iframe.html /wistia/nothing /wistia
"""


@pytest.mark.parametrize("path", EMPTY_DAY.split())
def test_unknown_paths(send: Send, path: str) -> None:
    assert normalize(send(path, headers={})) == (404, "application/json", '{"error":"Not found."}')


@pytest.mark.covers("wistia.health")
def test_health_needs_no_key(send: Send) -> None:
    assert normalize(send("/health", headers={})) == (200, "text/plain; charset=utf-8", "OK")
    assert normalize(send("/wistia/health", headers={})) == (200, "text/plain; charset=utf-8", "OK")


def basic(user: str, password: str | None = None) -> str:
    return (
        "Basic "
        + base64.b64encode((user if password is None else f"{user}:{password}").encode()).decode()
    )


@pytest.fixture
def own_media(world: World) -> World:
    """An account that can be told from every other: it has one load."""
    world.watch(world.video(), "ana", NOW - 100)
    return world


KEYS: dict[str, Callable[[str], tuple[dict[str, str], dict[str, str]]]] = {
    "Bearer": lambda key: ({"Authorization": f"Bearer {key}"}, {}),
    "bearer in small letters": lambda key: ({"authorization": f"bearer   {key}"}, {}),
    "Basic, the password": lambda key: ({"Authorization": basic("api", key)}, {}),
    "Basic, the user before a colon": lambda key: ({"Authorization": basic(key, "")}, {}),
    "Basic, the user alone": lambda key: ({"Authorization": basic(key)}, {}),
    "Basic, without a user": lambda key: ({"Authorization": basic("", key)}, {}),
    "api_password": lambda key: ({}, {"api_password": key}),
    "access_token": lambda key: ({}, {"access_token": key}),
    "an empty header and api_password": lambda key: ({"Authorization": ""}, {"api_password": key}),
    "an empty api_password and access_token": lambda key: (
        {},
        {"api_password": "", "access_token": key},
    ),
    "the header before the query": lambda key: (
        {"Authorization": f"Bearer {key}"},
        {"api_password": "other"},
    ),
}


@pytest.mark.parametrize("send", KEYS.values(), ids=KEYS)
def test_all_ways_of_sending_a_key_open_one_account(
    own_media: World,
    web: httpx.Client,
    send: Callable[[str], tuple[dict[str, str], dict[str, str]]],
) -> None:
    headers, parameters = send(own_media.key)
    assert (
        web.get(
            f"{own_media.server.url}/v1/stats/account.json", headers=headers, params=parameters
        ).json()["load_count"]
        == 1
    )


REFUSED = {
    "nothing": ({}, {}),
    "an empty header": ({"Authorization": ""}, {}),
    "Bearer alone": ({"Authorization": "Bearer"}, {}),
    "a bare key": ({"Authorization": "key"}, {}),
    "another scheme": ({"Authorization": "APIKey key"}, {}),
    "another scheme beside a good query": ({"Authorization": "Token key"}, {"api_password": "key"}),
    "an invalid key": ({"Authorization": "Bearer invalid-key"}, {}),
    "an invalid password": ({"Authorization": basic("good", "invalid")}, {}),
    "an invalid api_password": ({}, {"api_password": "invalid"}),
    "an unprintable key": ({}, {"api_password": "a\nb"}),
    "201 characters": ({"Authorization": f"Bearer {'k' * 201}"}, {}),
    "Basic alone": ({"Authorization": "Basic"}, {}),
    "Basic, no base64": ({"Authorization": "Basic key:key"}, {}),
    "Basic, cut off": ({"Authorization": "Basic YXBpOmt"}, {}),
    "Basic, no text": ({"Authorization": "Basic /////w=="}, {}),
    "Basic, nothing in it": ({"Authorization": basic("", "")}, {}),
    "a public token": ({}, {"public_token": "p5j1mnpakv"}),
}


@pytest.mark.parametrize(("headers", "parameters"), REFUSED.values(), ids=REFUSED)
def test_other_credentials_are_refused(
    demo: Server, web: httpx.Client, headers: dict[str, str], parameters: dict[str, str]
) -> None:
    response = web.get(f"{demo.url}/v1/stats/account.json", headers=headers, params=parameters)
    assert normalize(response) == (401, "application/json", CREDENTIALS)


def test_a_key_of_200_characters_is_one(send: Send) -> None:
    assert (
        send("/v1/stats/account.json", headers={"Authorization": f"Bearer {'k' * 200}"}).status_code
        == 200
    )


def test_a_trailing_ampersand_is_nothing(send: Send) -> None:
    """As wistia-js sends it."""
    assert send(f"/v1/stats/account.json?api_password={KEY}&", headers={}).status_code == 200


@pytest.mark.parametrize("path", ["/v1/stats/account.json", "/modern/medias"])
def test_a_crash_is_told_in_one_sentence(web: httpx.Client, path: str) -> None:
    with Server(scenario="empty", now="2024-06-05T12:00:00Z") as server:
        server.emulator.store.close()
        response = web.get(server.url + path, headers={"Authorization": "Bearer key"})
        server.emulator.store.close = lambda: None  # type: ignore[method-assign]  # it is closed
    assert normalize(response) == (500, "application/json", '{"error":"Internal server error"}')
