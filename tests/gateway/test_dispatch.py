"""Whose request it is, and what every answer and every line of the log carries."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest

from playhead import Server
from playhead.app import create_app
from playhead.gateway.dispatch import VendorDispatcher
from playhead.gateway.vendor import Vendor
from playhead.vendors import VENDORS
from tests.operations import OPERATIONS, OperationRequest
from tests.worlds import credentials

every_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
PLAIN_PATHS = [
    next(
        operation
        for operation in OPERATIONS
        if operation.vendor == vendor.name
        and not operation.body
        and operation.template != "/health"
    )
    for vendor in VENDORS
]
PATH_BY_VENDOR = pytest.mark.parametrize(
    "operation", PLAIN_PATHS, ids=lambda operation: operation.vendor
)


def vendor_request(web: httpx.Client, server: Server, path: str, **headers: str) -> httpx.Response:
    return web.get(f"{server.url}{path}", headers=headers)


# ---- Whose request it is


@PATH_BY_VENDOR
def test_by_prefix_and_by_documented_path_it_is_the_same_vendor(
    web: httpx.Client, demo: Server, operation: OperationRequest
) -> None:
    key = credentials(operation.vendor, "anyone")
    by_prefix = web.get(
        f"{demo.url}/{operation.vendor}{operation.path}",
        params=dict(operation.query),
        headers={"Authorization": key},
    )
    by_path = web.get(
        f"{demo.url}{operation.path}", params=dict(operation.query), headers={"Authorization": key}
    )
    assert by_path.status_code == 200
    assert (by_prefix.status_code, by_prefix.content) == (by_path.status_code, by_path.content)


@every_vendor
def test_by_documented_host_every_path_is_the_vendors(
    web: httpx.Client, demo: Server, vendor: Vendor
) -> None:
    for host in vendor.hosts:
        named = vendor_request(web, demo, "/no/such/path", host=host)
        prefixed = vendor_request(web, demo, f"/{vendor.name}/no/such/path")
        assert (named.status_code, named.content) == (prefixed.status_code, prefixed.content)
        assert named.status_code == 404


def test_a_host_is_known_in_capitals_and_with_a_port(web: httpx.Client, demo: Server) -> None:
    assert vendor_request(web, demo, "/no/such/path", host="API.GCORE.COM:443").json() == {
        "data": [],
        "errors": ["not found"],
    }


def test_a_root_is_a_whole_segment(web: httpx.Client, demo: Server) -> None:
    assert "No vendor answers" in vendor_request(web, demo, "/streamings").json()["detail"]
    assert "No vendor answers" in vendor_request(web, demo, "/gcorestreaming").json()["detail"]


@every_vendor
def test_the_roots_of_a_vendor_are_nobody_elses(vendor: Vendor) -> None:
    others = [
        root
        for other in VENDORS
        if other is not vendor
        for root in (*other.path_prefixes, f"/{other.name}")
    ]
    assert set(vendor.path_prefixes).isdisjoint(others)


# ---- What is nobody's


@pytest.mark.parametrize(
    "path", ["/nothing", "/docs", "/openapi.json", "/favicon.ico", "//", "/%2F"]
)
def test_what_is_no_vendors_is_our_own_404(web: httpx.Client, demo: Server, path: str) -> None:
    answer = vendor_request(web, demo, path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["status"] == 404


def test_the_page_at_the_root_says_where_the_vendors_are(web: httpx.Client, demo: Server) -> None:
    answer = vendor_request(web, demo, "/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert [
        root
        for vendor in VENDORS
        for root in (*vendor.path_prefixes, *vendor.hosts)
        if root not in answer.text
    ] == []


def test_nothing_can_be_posted_to_the_root(web: httpx.Client, demo: Server) -> None:
    assert web.post(demo.url).status_code == 404


# ---- HEAD


@pytest.mark.parametrize("path", ["/", "/nothing", *(operation.path for operation in PLAIN_PATHS)])
def test_head_is_get_without_a_body(web: httpx.Client, demo: Server, path: str) -> None:
    got = web.get(f"{demo.url}{path}")
    head = web.head(f"{demo.url}{path}")
    assert head.content == b"" != got.content
    assert head.status_code == got.status_code
    assert without_request_headers(head.headers) == without_request_headers(got.headers)
    assert int(head.headers["content-length"]) == len(got.content)


def without_request_headers(headers: httpx.Headers) -> dict[str, str]:
    """The headers but those of the moment."""
    return {name: value for name, value in headers.items() if name not in ("x-request-id", "date")}


# ---- Request ids


def test_every_answer_has_a_request_id_of_its_own(web: httpx.Client, demo: Server) -> None:
    answers = [
        vendor_request(web, demo, path)
        for path in (
            "/",
            "/nothing",
            "/streaming/videos",
            "/v1/stats/account",
            "/videos",
            "/videos",
        )
    ]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert [found for found in ids if not re.fullmatch("[0-9a-f]{32}", found)] == []
    assert len(set(ids)) == len(ids)


# ---- The log


class LoggingApp(NamedTuple):
    """A server whose log is kept."""

    app: VendorDispatcher
    lines: list[str]

    async def get(self, path: str, *, method: str = "GET", **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://playhead") as client:
            return await client.request(method, path, headers=headers)


@pytest.fixture
def logging_app(empty: Server) -> Iterator[LoggingApp]:
    """The application over the empty world, its log kept in a list."""
    app = create_app(empty.emulator)
    lines = list[str]()
    app.access_log.mode = "text"
    app.access_log.write = lines.append
    yield LoggingApp(app, lines)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


KEY = {"authorization": "APIKey anything"}


@pytest.mark.anyio
async def test_a_line_says_who_asked_what_and_how_it_ended(logging_app: LoggingApp) -> None:
    await logging_app.get("/gcore/streaming/videos?page=1", **KEY)
    (line,) = logging_app.lines
    assert re.fullmatch(r"gcore videos 'anything' GET /gcore/streaming/videos 200 \d+\.\d ms", line)


@pytest.mark.anyio
async def test_a_line_as_json(logging_app: LoggingApp) -> None:
    logging_app.app.access_log.mode = "json"
    await logging_app.get("/streaming/statistics/countries", method="HEAD", **KEY)
    line = json.loads(logging_app.lines[0])
    assert line.pop("milliseconds") >= 0
    assert line == {
        "vendor": "gcore",
        "operation": "views_by_country",
        "account": "anything",
        "method": "HEAD",
        "path": "/streaming/statistics/countries",
        "status": 400,
        "reason": "date_from is missing; date_to is missing",
    }


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "status", "why"),
    [
        (
            "/streaming/statistics/countries?date_from=x&date_to=2024-05-01",
            400,
            "date_from='x' is not an ISO 8601 instant",
        ),
        ("/streaming/videos?page=0", 400, "page='0' is outside 1.."),
        ("/streaming/nothing", 404, "no route"),
        ("/nothing", 404, ""),
        ("/v1/stats/medias/zz", 401, "Authorization"),
    ],
)
async def test_a_refusal_is_said_in_plain_words(
    logging_app: LoggingApp, path: str, status: int, why: str
) -> None:
    await logging_app.get(path, **(KEY if path.startswith("/streaming") else {}))
    (line,) = logging_app.lines
    assert f" {status} " in line and why in line


@pytest.mark.anyio
async def test_an_unknown_id_is_told_its_neighbour(demo: Server, logging_app: LoggingApp) -> None:
    app = create_app(demo.emulator)
    lines = list[str]()
    app.access_log.mode = "text"
    app.access_log.write = lines.append
    await LoggingApp(app, lines).get("/streaming/videos/12346", **KEY)
    assert lines[0].endswith("no video 12346: did you mean 12345?")


@pytest.mark.anyio
async def test_nothing_is_written_when_the_log_is_off(logging_app: LoggingApp) -> None:
    logging_app.app.access_log.mode = "off"
    await logging_app.get("/streaming/videos")
    assert logging_app.lines == []


@pytest.mark.anyio
async def test_a_line_break_in_a_path_begins_no_new_line(logging_app: LoggingApp) -> None:
    await logging_app.get("/streaming/%0Aforged", **KEY)
    assert [line for line in logging_app.lines if "\n" in line] == []
