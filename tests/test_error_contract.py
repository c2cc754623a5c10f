"""The voice of every vendor on every one of its routes:

whatever goes wrong is said in that vendor's own envelope.
"""

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
from playhead.domain.account import Account
from playhead.gateway.vendor import Vendor
from playhead.storage import tables
from playhead.vendors import VENDORS
from playhead.vendors.apivideo.auth_tokens.mapper import issue_tokens
from tests.error_contract import (
    BAD_REQUEST_PREFIXES,
    ERROR_CONTRACTS,
    FIRST_DUPLICATE_WINS,
    HTML,
    JSON,
    NO_ROUTE,
    PREFLIGHT,
    PROBLEM,
    RESOURCE_NAMES,
    TEXT,
    TRAILING_SLASH_IGNORED,
    VALID_VALUES,
    WORLD_INDEPENDENT_ROUTES,
    ErrorContract,
    ExpectedError,
    contract_family,
    valid_value,
)
from tests.operations import KEY, OPERATIONS, OperationRequest
from tests.worlds import NOW, NOW_TEXT, credentials

# Every route once, as its vendor's documentation asks for it.


def _route_keys(vendor: Vendor) -> list[tuple[str, str]]:
    return [
        (method.lower(), str(route.path))
        for route in iter_route_contexts(vendor.routes.routes)
        for method in route.methods or ()
    ]


REFRESH = issue_tokens(Account(KEY, 0, 0, None, 0, NOW)).refresh_token
EXTRA_REQUESTS = [
    OperationRequest("apivideo", "/auth/refresh", body={"refreshToken": REFRESH}),
    *(
        OperationRequest(
            "wistia", f"{prefix}/{{rest:path}}.xml", {"rest:path": "stats/account"}, status=406
        )
        for prefix in ("/v1", "/modern")
    ),
]
REQUEST_BY_ROUTE = {
    (operation.vendor, operation.method, operation.template): operation
    for operation in reversed([*OPERATIONS, *EXTRA_REQUESTS])
}
ROUTES = [
    REQUEST_BY_ROUTE[vendor.name, method, template]
    for vendor in VENDORS
    for method, template in _route_keys(vendor)
]
AUTHENTICATED_ROUTES = [route for route in ROUTES if route.template != "/health"]
# api.video's /data has words in its paths where others have ids, and refuses what it did not
# expect: tests/vendors/apivideo/test_data_errors.py.
ENUM_PATH_ROUTES = [route for route in ROUTES if route.template.startswith("/data/")]
ROUTES_WITH_IDS = [
    route
    for route in ROUTES
    if route.ids and route not in ENUM_PATH_ROUTES and not route.template.endswith(".xml")
]
PATH_PREFIXES = [(vendor.name, root) for vendor in VENDORS for root in vendor.path_prefixes]


def route_id(route: OperationRequest) -> str:
    return f"{route.method} {route.template}"


every_route = pytest.mark.parametrize("route", ROUTES, ids=route_id)
every_authenticated_route = pytest.mark.parametrize("route", AUTHENTICATED_ROUTES, ids=route_id)


def path_of(route: OperationRequest) -> str:
    """The route's path with its documented ids."""
    return re.sub(r"\{(.*?)\}", lambda name: route.ids[name[1]], route.template)


def contract_of(route: OperationRequest) -> ErrorContract:
    page = route.template.endswith("iframe.html")
    token = route.method == "post"
    return ERROR_CONTRACTS[
        f"{route.vendor}, a page"
        if page
        else f"{route.vendor}, a token"
        if token
        else contract_family(route.vendor, route.template)
    ]


class Caller:
    """Asks a server, and takes no answer that is a framework's."""

    def __init__(self, web: httpx.Client, server: Server) -> None:
        self.web = web
        self.server = server

    def __call__(
        self, method: str, target: str, *, vendor: str = "", key: str | None = None, **more: Any
    ) -> httpx.Response:
        """The answer to a target that is sent as it is written."""
        headers = {
            **more.pop("headers", {}),
            **({"Authorization": credentials(vendor, key)} if key else {}),
        }
        answer = self.web.request(
            method, self.server.url, headers=headers, extensions={"target": target.encode()}, **more
        )
        assert '"detail":[' not in answer.text
        assert "Internal Server Error" not in answer.text
        assert answer.status_code != 307
        assert answer.headers.get("content-type", JSON) in (JSON, PROBLEM, HTML, TEXT)
        assert (answer.headers.get("content-type") == TEXT) <= (
            answer.text in ("OK", "") and "/health" in target
        )
        assert answer.headers["access-control-allow-origin"] == "*"
        assert len(answer.headers["x-request-id"]) == 32
        return answer

    def route(
        self,
        route: OperationRequest,
        *,
        method: str = "",
        path: str = "",
        query: str | None = None,
        key: str | None = KEY,
        **more: Any,
    ) -> httpx.Response:
        """The answer of a route to its documented request, or to what is changed of it.

        Without a key where that is None.
        """
        params = {
            name: value for name, value in route.query.items() if key or name != "public_token"
        }
        content = None if route.body is None else json.dumps(route.body if key else {}).encode()
        target = f"{path or path_of(route)}?{urlencode(params) if query is None else query}"
        return self(
            method or route.method.upper(),
            target,
            vendor=route.vendor,
            key=key,
            **{"content": content, **more},
        )


@pytest.fixture(scope="module")
def caller(demo: Server, web: httpx.Client) -> Caller:
    return Caller(web, demo)


@pytest.fixture(scope="module")
def documented_answers(caller: Caller) -> dict[str, ExpectedError]:
    """What the routes answer to their documented requests."""
    return {route_id(route): normalize(caller.route(route)) for route in ROUTES}


def normalize(answer: httpx.Response) -> ExpectedError:
    """An answer without what belongs to one request or server:

    its id, its port, and links that repeat it.
    """
    body = re.sub(
        r"(?<=127\.0\.0\.1:)\d+",
        "<port>",
        re.sub(r'(?<="request_id":")[0-9a-f]{32}', "<32 hex>", answer.text),
    )
    return ExpectedError(
        answer.status_code,
        answer.headers.get("content-type", ""),
        re.sub(r'"links":\[.*?\]', '"links":[]', body),
    )


def stable_headers(answer: httpx.Response) -> dict[str, str]:
    return {
        name: value
        for name, value in answer.headers.items()
        if name not in ("date", "x-request-id")
    }


def test_every_route_has_a_request_that_it_answers(
    documented_answers: dict[str, ExpectedError],
) -> None:
    assert {name: said.status for name, said in documented_answers.items()} == {
        route_id(route): route.status for route in ROUTES
    }


# Keys.


@every_authenticated_route
def test_without_a_key(caller: Caller, route: OperationRequest) -> None:
    (param,) = route.body or [""]
    expected = contract_of(route).no_key
    assert normalize(caller.route(route, key=None)) == expected._replace(
        body=expected.body.replace("{param}", param)
    )


@every_authenticated_route
def test_with_a_key_that_begins_with_invalid(caller: Caller, route: OperationRequest) -> None:
    bad = dict.fromkeys(route.body or (), "invalid-key")
    query = "public_token=invalid" if "public_token" in route.query else None
    answer = caller.route(
        route, key="invalid-key", query=query, content=json.dumps(bad).encode() if bad else None
    )
    assert normalize(answer) == contract_of(route).bad_key


# Paths.


@pytest.mark.parametrize(("vendor", "root"), PATH_PREFIXES)
def test_an_unknown_path_needs_no_key(caller: Caller, vendor: str, root: str) -> None:
    for way in (
        "/no/such/way",
        "/no/such/way/",
        "/%00/%FF/%2F",
        f"/{'x' * 5000}/y/z",
        "/no/such/way?%zz=%",
    ):
        assert normalize(caller("GET", f"{root}{way}")) == NO_ROUTE[vendor]
        assert normalize(caller("GET", f"/{vendor}{root}{way}")) == NO_ROUTE[vendor]
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert normalize(caller(method, f"{root}/no/such/way")) == NO_ROUTE[vendor]


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_vendor_has_all_other_paths_of_its_host_and_prefix(
    caller: Caller, vendor: Vendor
) -> None:
    for path in (
        "/",
        "",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/docs/oauth2-redirect",
        "/static",
        "//",
        "/favicon.ico",
    ):
        assert normalize(caller("GET", f"/{vendor.name}{path}")) == NO_ROUTE[vendor.name]
        for host in vendor.hosts:
            assert (
                normalize(caller("GET", path or "/", headers={"Host": host}))
                == NO_ROUTE[vendor.name]
            )


@every_route
def test_a_trailing_slash(
    caller: Caller, documented_answers: dict[str, ExpectedError], route: OperationRequest
) -> None:
    same = route.vendor in TRAILING_SLASH_IGNORED
    assert normalize(caller.route(route, path=f"{path_of(route)}/")) == (
        documented_answers[route_id(route)] if same else NO_ROUTE[route.vendor]
    )


@every_route
def test_a_path_may_be_percent_encoded(
    caller: Caller, documented_answers: dict[str, ExpectedError], route: OperationRequest
) -> None:
    root, *segments = path_of(route).removeprefix("/").split("/")
    encoded = ["".join(f"%{byte:02x}" for byte in segment.encode()) for segment in segments]
    assert (
        normalize(caller.route(route, path="/".join(["", root, *encoded])))
        == documented_answers[route_id(route)]
    )


UNKNOWN_IDS = {
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


@pytest.mark.parametrize("route", ROUTES_WITH_IDS, ids=route_id)
def test_unknown_ids(caller: Caller, route: OperationRequest) -> None:
    (param,) = route.ids
    expected = contract_of(route).unknown_id
    for sent, told in UNKNOWN_IDS.values():
        path = route.template.replace(f"{{{param}}}", sent)
        words = {
            "param": param,
            "what": RESOURCE_NAMES.get(param, ""),
            "id": json.dumps(told, ensure_ascii=False)[1:-1],
        }
        # used at once
        pattern = r"\{(id|param|what)\}"
        body = re.sub(pattern, lambda name: words[name[1]], expected.body)  # noqa: B023
        assert normalize(caller.route(route, path=path)) == expected._replace(body=body)


# Methods.


@every_route
def test_a_wrong_method_needs_no_key(caller: Caller, route: OperationRequest) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"} - {route.method.upper()}:
        answer = caller.route(route, method=method, key=None)
        assert normalize(answer) == contract_of(route).wrong_method
        assert answer.headers["allow"] == route.method.upper()


@every_route
def test_head_is_get_without_a_body(caller: Caller, route: OperationRequest) -> None:
    got, head = (caller.route(route, method=method, content=None) for method in ("GET", "HEAD"))
    assert (head.status_code, stable_headers(head), head.content) == (
        got.status_code,
        stable_headers(got),
        b"",
    )
    assert int(head.headers["content-length"]) == len(got.content)


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_head_of_a_mishap(caller: Caller, vendor: Vendor) -> None:
    path = next(
        path_of(route)
        for route in AUTHENTICATED_ROUTES
        if route.vendor == vendor.name and route.method == "get"
    )
    for target in (path, f"/{vendor.name}/no/such/way"):
        got, head = (caller(method, target) for method in ("GET", "HEAD"))
        assert (head.status_code, stable_headers(head), head.content) == (
            got.status_code,
            stable_headers(got),
            b"",
        )


@every_route
def test_a_preflight_needs_no_key(caller: Caller, route: OperationRequest) -> None:
    asked = {
        "Origin": "https://studio.example",
        "Access-Control-Request-Method": route.method.upper(),
        "Access-Control-Request-Headers": "authorization",
    }
    methods, headers = PREFLIGHT[route.vendor]
    answer = caller.route(route, method="OPTIONS", key=None, content=None, headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (
        answer.headers["access-control-allow-methods"],
        answer.headers["access-control-allow-headers"],
    ) == (methods, headers)
    assert route.method.upper() in methods


# Bodies and parameters.


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.method == "get"], ids=route_id
)
def test_a_body_on_get_is_not_read(
    caller: Caller, documented_answers: dict[str, ExpectedError], route: OperationRequest
) -> None:
    answer = caller.route(route, content=b'{"date_from":\xff', headers={"Content-Type": JSON})
    assert normalize(answer) == documented_answers[route_id(route)]


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route not in ENUM_PATH_ROUTES], ids=route_id
)
def test_unknown_and_malformed_parameters_are_overlooked(
    caller: Caller, documented_answers: dict[str, ExpectedError], route: OperationRequest
) -> None:
    given = urlencode(route.query)
    more = (
        "unknown=1&Page=x&page%20=x&&=&&;=;&%zz=%&%=%%&%ff=%fe&%ff=%fe&%00=%00&[]=1&"
        "[a]=2&a[b][c]=3&unknown[]=&"
    ) + "x" * 5000
    assert (
        normalize(caller.route(route, query=f"{given}&{more}"))
        == documented_answers[route_id(route)]
    )


def _scalar_params() -> dict[tuple[str, str, str], list[str]]:
    """The parameters of a route that take one value, as the framework lists them."""
    names_by_route = {}
    for vendor in VENDORS:
        app = FastAPI(generate_unique_id_function=lambda route: f"{route.name} {route.path_format}")
        app.include_router(vendor.routes)
        for path, methods in app.openapi()["paths"].items():
            for method, operation in methods.items():
                listed = [
                    parameter
                    for parameter in operation.get("parameters", ())
                    if parameter["in"] == "query"
                ]
                names = [
                    parameter["name"]
                    for parameter in listed
                    if not re.search('"(array|object)"', json.dumps(parameter["schema"]))
                ]
                names_by_route[vendor.name, method, path] = names
    return names_by_route


SCALAR_PARAMS = _scalar_params()
# Once where two prefixes lead to the same parameters.
ROUTES_ONCE = {
    (route.vendor, re.sub("^/(v1|modern)", "", route.template)): route for route in ROUTES
}
ROUTES_WITH_PARAMS = [
    route
    for route in ROUTES_ONCE.values()
    if SCALAR_PARAMS.get((route.vendor, route.method, route.template))
]


@pytest.mark.parametrize("route", ROUTES_WITH_PARAMS, ids=route_id)
def test_a_repeated_parameter(caller: Caller, route: OperationRequest) -> None:
    for name in SCALAR_PARAMS[route.vendor, route.method, route.template]:
        others = [pair for pair in route.query.items() if pair[0] != name]
        once = (name, valid_value(route.vendor, route.template, name))
        twice = (name, "nonsense")
        for counts, loses in ((once, twice), (twice, once)):
            repeated = [counts, loses] if route.vendor in FIRST_DUPLICATE_WINS else [loses, counts]
            expected = normalize(caller.route(route, query=urlencode([*others, counts])))
            assert (
                normalize(caller.route(route, query=urlencode([*others, *repeated]))) == expected
            ), name


EXTREME_VALUES = [
    "",
    "\0",
    "9" * 18,
    "9" * 5000,
    "0001-01-01T00:00:00+14:00",
    "9999-12-31",
    "日本語%'",
]


@pytest.mark.parametrize("route", ROUTES_WITH_PARAMS, ids=route_id)
def test_no_value_of_a_parameter_is_too_much(caller: Caller, route: OperationRequest) -> None:
    """Answered, or refused in the vendor's words for a bad parameter."""
    status, start = {
        "gcore": (400, '{"data":[],"errors":["'),
        "wistia": (422, '{"error":"'),
        "apivideo": (400, '{"ti'),
    }[route.vendor]
    status = 400 if route.template.startswith(BAD_REQUEST_PREFIXES) else status
    for name in SCALAR_PARAMS[route.vendor, route.method, route.template]:
        others = [pair for pair in route.query.items() if pair[0] != name]
        for value in EXTREME_VALUES:
            answer = normalize(caller.route(route, query=urlencode([*others, (name, value)])))
            refused = answer.status == status and answer.content_type == (
                PROBLEM if route.vendor == "apivideo" else JSON
            )
            assert answer.status == route.status or refused, (name, value, answer)
            assert answer.status == route.status or answer.body.replace(
                '{"type', '{"ti'
            ).startswith(start), (name, value, answer)


MALFORMED_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b"[" * 5000,
    b'{"apiKey":1,"refreshToken":[]}',
    b'{"apiKey":"\\ud800","refreshToken":"\\ud800"}',
]


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.method == "post"], ids=route_id
)
def test_no_body_is_too_much(caller: Caller, route: OperationRequest) -> None:
    for body in MALFORMED_BODIES:
        for type_ in (
            JSON,
            "text/plain",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
        ):
            answer = caller.route(route, content=body, headers={"Content-Type": type_})
            assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)


# Crashes.


@pytest.fixture(scope="module", params=["of the world", "of the accounts"])
def server_without_tables(
    request: pytest.FixtureRequest, web: httpx.Client
) -> Iterator[tuple[str, Caller]]:
    """A server that has lost tables since it began."""
    kept_tables = {"accounts", "credentials", "aliases", "facts", "worlds", "days", "journal"}
    dropped_tables = (
        [table for table in tables.metadata.tables if table not in kept_tables]
        if request.param == "of the world"
        else ["accounts"]
    )
    with Server(scenario="demo", now=NOW_TEXT) as server:
        Caller(web, server).route(AUTHENTICATED_ROUTES[0])  # opens the account
        with server.emulator.store.transaction() as connection:
            for table in dropped_tables:
                connection.exec_driver_sql(f"DROP TABLE {table}")
        yield request.param, Caller(web, server)


@every_authenticated_route
def test_a_crash(
    server_without_tables: tuple[str, Caller],
    documented_answers: dict[str, ExpectedError],
    route: OperationRequest,
) -> None:
    lost, ask = server_without_tables
    unharmed = lost == "of the world" and (
        route.method == "post"
        or route.template.endswith(".xml")
        or route.template.startswith(WORLD_INDEPENDENT_ROUTES)
    )
    answer = ask.route(route)
    assert normalize(answer) == (
        documented_answers[route_id(route)] if unharmed else contract_of(route).crash
    )
    assert not re.search("sqlite|Traceback|no such table", answer.text)


def test_a_crash_leaves_the_rest_standing(server_without_tables: tuple[str, Caller]) -> None:
    _, ask = server_without_tables
    assert ask("GET", "/health").text == "OK"
    assert normalize(ask("GET", "/streaming/no/such/way")) == NO_ROUTE["gcore"]


# Anything at all.

PATH_SEGMENTS = sorted(
    {word for route in ROUTES for word in [*path_of(route).split("/"), *route.ids.values()] if word}
)
PARAM_VALUES = sorted(
    {value for good in VALID_VALUES.values() for value in good.values()} | set(EXTREME_VALUES)
)
PARAM_NAMES = sorted(
    {name for good in VALID_VALUES.values() for name in good}
    | {"metadata[a]", "tags[]", "tags[0]", "hashed_ids[]", "public_token", "api_password"}
)
quoted_text = some.text(max_size=12).map(lambda text: quote(text, safe=""))
malformed_text = some.sampled_from(
    ["%", "%zz", "%ff", "%00", "%2f", "%u1234", "+", "&", "=", ";", "..", "//", "[", "{}"]
)


def text_like(values: list[str]) -> some.SearchStrategy[str]:
    return some.one_of(
        some.sampled_from(values).map(lambda text: quote(text, safe="")),
        quoted_text,
        malformed_text,
    )


def queries(names: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
    pairs = some.lists(some.tuples(names, text_like(PARAM_VALUES)), max_size=5)
    return pairs.map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))


targets = some.builds(
    "{}?{}".format,
    some.lists(text_like(PATH_SEGMENTS), max_size=5).map("/".join),
    queries(text_like(PARAM_NAMES)),
)
at_least_30_examples = settings(
    max_examples=max(30, settings.default.max_examples if settings.default else 0)
)
keys = some.one_of(
    some.just(KEY),
    some.text(some.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20).filter(
        lambda key: key[0] != " "
    ),
)


@pytest.mark.invariants
@at_least_30_examples
@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
@given(
    some.data(),
    some.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS"]),
    targets,
    keys,
    some.binary(max_size=20),
)
def test_anything_under_a_root(
    caller: Caller,
    vendor: Vendor,
    data: some.DataObject,
    method: str,
    target: str,
    key: str,
    body: bytes,
) -> None:
    root = data.draw(some.sampled_from(vendor.path_prefixes))
    assert (
        caller(method, f"{root}/{target}", vendor=vendor.name, key=key, content=body).status_code
        < 500
    )


@pytest.mark.invariants
@at_least_30_examples
@pytest.mark.parametrize("vendor", [vendor.name for vendor in VENDORS])
@given(some.data())
def test_anything_on_a_route(caller: Caller, vendor: str, data: some.DataObject) -> None:
    route = data.draw(some.sampled_from([route for route in ROUTES if route.vendor == vendor]))
    ids = dict.fromkeys(route.ids, data.draw(text_like(PATH_SEGMENTS)))
    query = data.draw(queries(some.sampled_from(PARAM_NAMES)))
    path = re.sub(r"\{(.*?)\}", lambda name: ids[name[1]], route.template)
    assert (
        caller.route(
            route, path=path, query=f"{query}&{urlencode(route.query)}", key=data.draw(keys)
        ).status_code
        < 500
    )


@pytest.mark.invariants
@at_least_30_examples
@given(
    route=some.sampled_from(AUTHENTICATED_ROUTES),
    scheme=some.sampled_from(["", "Bearer ", "Basic ", "APIKey "]),
    header=some.text(some.characters(min_codepoint=33, max_codepoint=255), min_size=1, max_size=40),
)
def test_any_authorization(
    caller: Caller, route: OperationRequest, scheme: str, header: str
) -> None:
    answer = caller.route(
        route, key=None, headers={"Authorization": f"{scheme}{header}".encode("latin-1")}
    )
    assert answer.status_code in (route.status, 400, 401, 406)
