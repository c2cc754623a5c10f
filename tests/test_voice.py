"""The voice of every vendor on every one of its routes: whatever goes wrong is said in that vendor's own envelope."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from hypothesis import given, settings
from hypothesis import strategies as some

from playhead import Server
from playhead.accounts.account import Account
from playhead.store import tables
from playhead.vendor import Vendor
from playhead.vendors import VENDORS
from playhead.vendors.apivideo.auth import tokens
from tests.operations import KEY, OPERATIONS, Operation
from tests.voices import (
    BAD_REQUESTS,
    FIRST_COUNTS,
    GOOD,
    HTML,
    JSON,
    NO_ROUTE,
    PREFLIGHT,
    PROBLEM,
    SLASH_CHANGES_NOTHING,
    TEXT,
    VOICES,
    WHAT,
    WORLDLESS,
    Said,
    Voice,
    family,
    good,
)
from tests.worlds import NOW, NOW_TEXT, credentials

# Every route once, as its vendor's documentation asks for it.


def _routes(vendor: Vendor) -> list[tuple[str, str]]:
    return [(method.lower(), str(route.path)) for route in iter_route_contexts(vendor.routes.routes) for method in route.methods or ()]


REFRESH = tokens(Account(KEY, 0, 0, None, 0, NOW)).refresh_token
MORE = [
    Operation("apivideo", "/auth/refresh", body={"refreshToken": REFRESH}),
    *(Operation("wistia", f"{prefix}/{{rest:path}}.xml", {"rest:path": "stats/account"}, status=406) for prefix in ("/v1", "/modern")),
]
ASKED = {(operation.vendor, operation.method, operation.template): operation for operation in reversed([*OPERATIONS, *MORE])}
ROUTES = [ASKED[vendor.name, method, template] for vendor in VENDORS for method, template in _routes(vendor)]
KEYED = [route for route in ROUTES if route.template != "/health"]
# api.video's /data has words in its paths where others have ids, and refuses what it did not expect: tests/vendors/apivideo/test_data_refusals.py.
WORDED = [route for route in ROUTES if route.template.startswith("/data/")]
NAMED = [route for route in ROUTES if route.ids and route not in WORDED and not route.template.endswith(".xml")]
ROOTS = [(vendor.name, root) for vendor in VENDORS for root in vendor.roots]


def spelled(route: Operation) -> str:
    return f"{route.method} {route.template}"


every_route = pytest.mark.parametrize("route", ROUTES, ids=spelled)
every_keyed_route = pytest.mark.parametrize("route", KEYED, ids=spelled)


def path_of(route: Operation) -> str:
    """The route's path with its documented ids."""
    return re.sub(r"\{(.*?)\}", lambda name: route.ids[name[1]], route.template)


def voice_of(route: Operation) -> Voice:
    page, token = route.template.endswith("iframe.html"), route.method == "post"
    return VOICES[f"{route.vendor}, a page" if page else f"{route.vendor}, a token" if token else family(route.vendor, route.template)]


class Caller:
    """Asks a server, and takes no answer that is a framework's."""

    def __init__(self, web: httpx.Client, server: Server) -> None:
        self.web = web
        self.server = server

    def __call__(self, method: str, target: str, *, vendor: str = "", key: str | None = None, **more: Any) -> httpx.Response:
        """The answer to a target that is sent as it is written."""
        headers = {**more.pop("headers", {}), **({"Authorization": credentials(vendor, key)} if key else {})}
        answer = self.web.request(method, self.server.url, headers=headers, extensions={"target": target.encode()}, **more)
        assert '"detail":[' not in answer.text
        assert "Internal Server Error" not in answer.text
        assert answer.status_code != 307
        assert answer.headers.get("content-type", JSON) in (JSON, PROBLEM, HTML, TEXT)
        assert (answer.headers.get("content-type") == TEXT) <= (answer.text in ("OK", "") and "/health" in target)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert len(answer.headers["x-request-id"]) == 32
        return answer

    def route(self, route: Operation, *, method: str = "", path: str = "", query: str | None = None, key: str | None = KEY, **more: Any) -> httpx.Response:
        """The answer of a route to its documented request, or to what is changed of it; without a key where that is None."""
        given = {name: value for name, value in route.query.items() if key or name != "public_token"}
        content = None if route.body is None else json.dumps(route.body if key else {}).encode()
        target = f"{path or path_of(route)}?{urlencode(given) if query is None else query}"
        return self(method or route.method.upper(), target, vendor=route.vendor, key=key, **{"content": content, **more})


@pytest.fixture(scope="module")
def ask(demo: Server, web: httpx.Client) -> Caller:
    return Caller(web, demo)


@pytest.fixture(scope="module")
def usual(ask: Caller) -> dict[str, Said]:
    """What the routes answer to their documented requests."""
    return {spelled(route): heard(ask.route(route)) for route in ROUTES}


def heard(answer: httpx.Response) -> Said:
    """An answer without what belongs to one request or server: its id, its port, and links that repeat it."""
    body = re.sub(r"(?<=127\.0\.0\.1:)\d+", "<port>", re.sub(r'(?<="request_id":")[0-9a-f]{32}', "<32 hex>", answer.text))
    return Said(answer.status_code, answer.headers.get("content-type", ""), re.sub(r'"links":\[.*?\]', '"links":[]', body))


def headers_of(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in ("date", "x-request-id")}


def test_every_route_has_a_request_that_it_answers(usual: dict[str, Said]) -> None:
    assert {name: said.status for name, said in usual.items()} == {spelled(route): route.status for route in ROUTES}


# Keys.


@every_keyed_route
def test_without_a_key(ask: Caller, route: Operation) -> None:
    (param,) = route.body or [""]
    expected = voice_of(route).no_key
    assert heard(ask.route(route, key=None)) == expected._replace(body=expected.body.replace("{param}", param))


@every_keyed_route
def test_with_a_key_that_begins_with_invalid(ask: Caller, route: Operation) -> None:
    bad = dict.fromkeys(route.body or (), "invalid-key")
    query = "public_token=invalid" if "public_token" in route.query else None
    answer = ask.route(route, key="invalid-key", query=query, content=json.dumps(bad).encode() if bad else None)
    assert heard(answer) == voice_of(route).bad_key


# Paths.


@pytest.mark.parametrize(("vendor", "root"), ROOTS)
def test_an_unknown_path_needs_no_key(ask: Caller, vendor: str, root: str) -> None:
    for way in ("/no/such/way", "/no/such/way/", "/%00/%FF/%2F", f"/{'x' * 5000}/y/z", "/no/such/way?%zz=%"):
        assert heard(ask("GET", f"{root}{way}")) == NO_ROUTE[vendor]
        assert heard(ask("GET", f"/{vendor}{root}{way}")) == NO_ROUTE[vendor]
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert heard(ask(method, f"{root}/no/such/way")) == NO_ROUTE[vendor]


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_vendor_has_all_other_paths_of_its_host_and_prefix(ask: Caller, vendor: Vendor) -> None:
    for path in ("/", "", "/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect", "/static", "//", "/favicon.ico"):
        assert heard(ask("GET", f"/{vendor.name}{path}")) == NO_ROUTE[vendor.name]
        for host in vendor.hosts:
            assert heard(ask("GET", path or "/", headers={"Host": host})) == NO_ROUTE[vendor.name]


@every_route
def test_a_trailing_slash(ask: Caller, usual: dict[str, Said], route: Operation) -> None:
    same = route.vendor in SLASH_CHANGES_NOTHING
    assert heard(ask.route(route, path=f"{path_of(route)}/")) == (usual[spelled(route)] if same else NO_ROUTE[route.vendor])


@every_route
def test_a_path_may_be_percent_encoded(ask: Caller, usual: dict[str, Said], route: Operation) -> None:
    root, *segments = path_of(route).removeprefix("/").split("/")
    encoded = ["".join(f"%{byte:02x}" for byte in segment.encode()) for segment in segments]
    assert heard(ask.route(route, path="/".join(["", root, *encoded]))) == usual[spelled(route)]


IDS = {
    "an encoded slash": ("a%2Fb", "a%2Fb"),
    "a null character": ("%00", "\0"),
    "no text": ("%FF%FE", "\ufffd\ufffd"),
    "a blank": ("%20", " "),
    "another script": (quote("日本語"), "日本語"),
    "malformed percents": ("%zz%", "%zz%"),
    "quotes": ("%27%22%5C", "'\"\\"),
    "very long": ("x" * 5000, "x" * 5000),
    "very long digits": ("1" * 5000, "1" * 5000),
    "no digit of ours": (quote("²"), "²"),
}


@pytest.mark.parametrize("route", NAMED, ids=spelled)
def test_unknown_ids(ask: Caller, route: Operation) -> None:
    (param,) = route.ids
    expected = voice_of(route).unknown_id
    for sent, told in IDS.values():
        path = route.template.replace(f"{{{param}}}", sent)
        words = {"param": param, "what": WHAT.get(param, ""), "id": json.dumps(told, ensure_ascii=False)[1:-1]}
        body = re.sub(r"\{(id|param|what)\}", lambda name: words[name[1]], expected.body)  # noqa: B023  # used at once
        assert heard(ask.route(route, path=path)) == expected._replace(body=body)


# Methods.


@every_route
def test_a_wrong_method_needs_no_key(ask: Caller, route: Operation) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"} - {route.method.upper()}:
        answer = ask.route(route, method=method, key=None)
        assert heard(answer) == voice_of(route).wrong_method
        assert answer.headers["allow"] == route.method.upper()


@every_route
def test_head_is_get_without_a_body(ask: Caller, route: Operation) -> None:
    got, head = (ask.route(route, method=method, content=None) for method in ("GET", "HEAD"))
    assert (head.status_code, headers_of(head), head.content) == (got.status_code, headers_of(got), b"")
    assert int(head.headers["content-length"]) == len(got.content)


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_head_of_a_mishap(ask: Caller, vendor: Vendor) -> None:
    path = next(path_of(route) for route in KEYED if route.vendor == vendor.name and route.method == "get")
    for target in (path, f"/{vendor.name}/no/such/way"):
        got, head = (ask(method, target) for method in ("GET", "HEAD"))
        assert (head.status_code, headers_of(head), head.content) == (got.status_code, headers_of(got), b"")


@every_route
def test_a_preflight_needs_no_key(ask: Caller, route: Operation) -> None:
    asked = {"Origin": "https://studio.example", "Access-Control-Request-Method": route.method.upper(), "Access-Control-Request-Headers": "authorization"}
    methods, headers = PREFLIGHT[route.vendor]
    answer = ask.route(route, method="OPTIONS", key=None, content=None, headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (answer.headers["access-control-allow-methods"], answer.headers["access-control-allow-headers"]) == (methods, headers)
    assert route.method.upper() in methods


# Bodies and parameters.


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "get"], ids=spelled)
def test_a_body_on_get_is_not_read(ask: Caller, usual: dict[str, Said], route: Operation) -> None:
    answer = ask.route(route, content=b'{"date_from":\xff', headers={"Content-Type": JSON})
    assert heard(answer) == usual[spelled(route)]


@pytest.mark.parametrize("route", [route for route in ROUTES if route not in WORDED], ids=spelled)
def test_unknown_and_malformed_parameters_are_overlooked(ask: Caller, usual: dict[str, Said], route: Operation) -> None:
    given = urlencode(route.query)
    more = "unknown=1&Page=x&page%20=x&&=&&;=;&%zz=%&%=%%&%ff=%fe&%ff=%fe&%00=%00&[]=1&[a]=2&a[b][c]=3&unknown[]=&" + "x" * 5000
    assert heard(ask.route(route, query=f"{given}&{more}")) == usual[spelled(route)]


def _parameters() -> dict[tuple[str, str, str], list[str]]:
    """The parameters of a route that take one value, as the framework lists them."""
    found = {}
    for vendor in VENDORS:
        app = FastAPI(generate_unique_id_function=lambda route: f"{route.name} {route.path_format}")
        app.include_router(vendor.routes)
        for path, methods in app.openapi()["paths"].items():
            for method, operation in methods.items():
                listed = [parameter for parameter in operation.get("parameters", ()) if parameter["in"] == "query"]
                names = [parameter["name"] for parameter in listed if not re.search('"(array|object)"', json.dumps(parameter["schema"]))]
                found[vendor.name, method, path] = names
    return found


PARAMETERS = _parameters()
# Once where two prefixes lead to the same parameters.
LISTED = {(route.vendor, re.sub("^/(v1|modern)", "", route.template)): route for route in ROUTES}
WITH_PARAMETERS = [route for route in LISTED.values() if PARAMETERS.get((route.vendor, route.method, route.template))]


@pytest.mark.parametrize("route", WITH_PARAMETERS, ids=spelled)
def test_a_repeated_parameter(ask: Caller, route: Operation) -> None:
    for name in PARAMETERS[route.vendor, route.method, route.template]:
        others = [pair for pair in route.query.items() if pair[0] != name]
        once, twice = (name, good(route.vendor, route.template, name)), (name, "nonsense")
        for counts, loses in ((once, twice), (twice, once)):
            repeated = [counts, loses] if route.vendor in FIRST_COUNTS else [loses, counts]
            expected = heard(ask.route(route, query=urlencode([*others, counts])))
            assert heard(ask.route(route, query=urlencode([*others, *repeated]))) == expected, name


NONSENSE = ["", "\0", "9" * 18, "9" * 5000, "0001-01-01T00:00:00+14:00", "9999-12-31", "日本語%'"]


@pytest.mark.parametrize("route", WITH_PARAMETERS, ids=spelled)
def test_no_value_of_a_parameter_is_too_much(ask: Caller, route: Operation) -> None:
    """Answered, or refused in the vendor's words for a bad parameter."""
    status, start = {"gcore": (400, '{"data":[],"errors":["'), "wistia": (422, '{"error":"'), "apivideo": (400, '{"ti')}[route.vendor]
    status = 400 if route.template.startswith(BAD_REQUESTS) else status
    for name in PARAMETERS[route.vendor, route.method, route.template]:
        others = [pair for pair in route.query.items() if pair[0] != name]
        for value in NONSENSE:
            answer = heard(ask.route(route, query=urlencode([*others, (name, value)])))
            refused = answer.status == status and answer.type == (PROBLEM if route.vendor == "apivideo" else JSON)
            assert answer.status == route.status or refused, (name, value, answer)
            assert answer.status == route.status or answer.body.replace('{"type', '{"ti').startswith(start), (name, value, answer)


BODIES = [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 5000, b'{"apiKey":1,"refreshToken":[]}', b'{"apiKey":"\\ud800","refreshToken":"\\ud800"}']


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "post"], ids=spelled)
def test_no_body_is_too_much(ask: Caller, route: Operation) -> None:
    for body in BODIES:
        for type_ in (JSON, "text/plain", "multipart/form-data", "application/x-www-form-urlencoded"):
            answer = ask.route(route, content=body, headers={"Content-Type": type_})
            assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)


# Crashes.


@pytest.fixture(scope="module", params=["of the world", "of the accounts"])
def broken(request: pytest.FixtureRequest, web: httpx.Client) -> Iterator[tuple[str, Caller]]:
    """A server that has lost tables since it began."""
    kept = {"accounts", "credentials", "aliases", "facts", "worlds", "days", "journal"}
    lost = [table for table in tables.metadata.tables if table not in kept] if request.param == "of the world" else ["accounts"]
    with Server(scenario="demo", now=NOW_TEXT) as server:
        Caller(web, server).route(KEYED[0])  # opens the account
        with server.emulator.store.change() as connection:
            for table in lost:
                connection.exec_driver_sql(f"DROP TABLE {table}")
        yield request.param, Caller(web, server)


@every_keyed_route
def test_a_crash(broken: tuple[str, Caller], usual: dict[str, Said], route: Operation) -> None:
    lost, ask = broken
    unharmed = lost == "of the world" and (route.method == "post" or route.template.endswith(".xml") or route.template.startswith(WORLDLESS))
    answer = ask.route(route)
    assert heard(answer) == (usual[spelled(route)] if unharmed else voice_of(route).crash)
    assert not re.search("sqlite|Traceback|no such table", answer.text)


def test_a_crash_leaves_the_rest_standing(broken: tuple[str, Caller]) -> None:
    _, ask = broken
    assert ask("GET", "/health").text == "OK"
    assert heard(ask("GET", "/streaming/no/such/way")) == NO_ROUTE["gcore"]


# Anything at all.

WORDS = sorted({word for route in ROUTES for word in [*path_of(route).split("/"), *route.ids.values()] if word})
VALUES = sorted({value for good in GOOD.values() for value in good.values()} | set(NONSENSE))
NAMES = sorted({name for good in GOOD.values() for name in good} | {"metadata[a]", "tags[]", "tags[0]", "hashed_ids[]", "public_token", "api_password"})
written = some.text(max_size=12).map(lambda text: quote(text, safe=""))
sloppy = some.sampled_from(["%", "%zz", "%ff", "%00", "%2f", "%u1234", "+", "&", "=", ";", "..", "//", "[", "{}"])


def one_of(known: list[str]) -> some.SearchStrategy[str]:
    return some.one_of(some.sampled_from(known).map(lambda text: quote(text, safe="")), written, sloppy)


def queries(names: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
    pairs = some.lists(some.tuples(names, one_of(VALUES)), max_size=5)
    return pairs.map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))


anywhere = some.builds("{}?{}".format, some.lists(one_of(WORDS), max_size=5).map("/".join), queries(one_of(NAMES)))
enough = settings(max_examples=max(30, settings.default.max_examples if settings.default else 0))
keys = some.one_of(some.just(KEY), some.text(some.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20).filter(lambda key: key[0] != " "))


@pytest.mark.laws
@enough
@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
@given(some.data(), some.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS"]), anywhere, keys, some.binary(max_size=20))
def test_anything_under_a_root(ask: Caller, vendor: Vendor, data: some.DataObject, method: str, target: str, key: str, body: bytes) -> None:
    root = data.draw(some.sampled_from(vendor.roots))
    assert ask(method, f"{root}/{target}", vendor=vendor.name, key=key, content=body).status_code < 500


@pytest.mark.laws
@enough
@pytest.mark.parametrize("vendor", [vendor.name for vendor in VENDORS])
@given(some.data())
def test_anything_on_a_route(ask: Caller, vendor: str, data: some.DataObject) -> None:
    route = data.draw(some.sampled_from([route for route in ROUTES if route.vendor == vendor]))
    ids = dict.fromkeys(route.ids, data.draw(one_of(WORDS)))
    query = data.draw(queries(some.sampled_from(NAMES)))
    path = re.sub(r"\{(.*?)\}", lambda name: ids[name[1]], route.template)
    assert ask.route(route, path=path, query=f"{query}&{urlencode(route.query)}", key=data.draw(keys)).status_code < 500


@pytest.mark.laws
@enough
@given(
    route=some.sampled_from(KEYED),
    scheme=some.sampled_from(["", "Bearer ", "Basic ", "APIKey "]),
    header=some.text(some.characters(min_codepoint=33, max_codepoint=255), min_size=1, max_size=40),
)
def test_any_authorization(ask: Caller, route: Operation, scheme: str, header: str) -> None:
    answer = ask.route(route, key=None, headers={"Authorization": f"{scheme}{header}".encode("latin-1")})
    assert answer.status_code in (route.status, 400, 401, 406)
