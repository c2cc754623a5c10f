"""Every published example (fixtures/documented) beside our answer to its request:

the same keys, types and nesting, both ways.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.schema import DropTable

from playhead import Server
from playhead.storage import tables
from playhead.vendors import VENDORS
from tests.worlds import credentials

DOCUMENTED = Path(__file__).parent.parent / "fixtures" / "documented"
FIXTURES = {
    f"{file.parent.name}/{file.stem}": json.loads(file.read_text())
    for file in sorted(DOCUMENTED.glob("*/*.json"))
}
REQUEST_KEYS = [
    name for name, fixture in FIXTURES.items() if fixture["response_source"] != "unknown"
]
KEYS = {
    "operation",
    "source",
    "request",
    "adapted",
    "status",
    "response",
    "response_source",
    "repaired",
    "deviations",
}
SOURCES = {"published", "evidence", "unknown"}

Json = Any  # Any: what JSON is
Shape = dict[str, set[str]]

# The examples have whole numbers where any number may stand; the READMEs' tables say so.
NUMBERS = {"wistia/medias": {"[].progress", "[].duration"}}

# Operations that have no file of their own, and why.
WITHOUT_FIXTURE = {
    "gcore": {
        "/streaming/streams/{stream_id}": (
            "answers one of the objects of /streaming/streams: the schema of both is the same"
        ),
        "/streaming/playlists/{playlist_id}": (
            "answers one of the objects of /streaming/playlists: the schema of both is the same"
        ),
        "/streaming/videos/names": (
            "nothing of its answer is published but the status (evidence/gcore.md §5)"
        ),
    },
    "apivideo": dict[str, str](),
    "wistia": {
        "/health": "text, no JSON: OK, as the live host answers (evidence/wistia.md §1.1)",
        **dict.fromkeys(
            (
                "/v1/account",
                "/modern/account",
                "/modern/account_usage",
                "/modern/token",
                "/modern/medias",
                "/modern/folders",
                *(
                    f"/modern/analytics/account{rest}"
                    for rest in ("", "/timeseries", "/top_content", "/embed_locations")
                ),
                *(
                    f"/modern/analytics/medias/{{media_id}}/{rest}"
                    for rest in (
                        "timeseries",
                        "embed_locations",
                        "embed_locations_timeseries",
                        "traffic",
                        "conversions",
                        "languages",
                    )
                ),
            ),
            "published as a schema only, told in the README's table",
        ),
        **dict.fromkeys(
            (
                f"/modern/analytics/webinars/{{webinar_id}}{rest}"
                for rest in ("", "/registration", "/traffic", "/audience", "/histograms")
            ),
            "there are no webinars: the documented 404 without a body (evidence/wistia.md §7.3)",
        ),
        **dict.fromkeys(
            (
                "/modern/stats/account",
                "/modern/stats/account/by_date",
                "/modern/stats/projects/{project_id}",
                "/modern/stats/projects/{project_id}/by_date",
                "/modern/stats/medias/{media_id}",
                "/modern/stats/medias/{media_id}/by_date",
                "/modern/stats/medias/{media_id}/engagement",
                "/modern/stats/visitors",
                "/modern/stats/visitors/{visitor_key}",
                "/modern/stats/events",
                "/modern/stats/events/{event_key}",
                "/modern/stats/events/{event_key}/iframe.html",
                "/modern/medias/{media_id}",
                "/modern/medias/{media_id}/stats",
            ),
            "the same object as under /v1 (evidence/wistia.md §1.1)",
        ),
    },
}


# Outlines.


def type_of(value: Json) -> str:
    names = {
        dict: "object",
        list: "array",
        str: "string",
        bool: "boolean",
        int: "integer",
        float: "number",
        type(None): "null",
    }
    return names[type(value)]


def shape_of(node: Json, path: str = "") -> Shape:
    """Types by path: `a.b` is a key of an object, `a[]` any element of an array."""
    found: Shape = {path: {type_of(node)}}
    if isinstance(node, dict):
        parts = [(f"{path}.{name}" if path else name, value) for name, value in node.items()]
    else:
        parts = [(f"{path}[]", value) for value in node] if isinstance(node, list) else []
    for at, value in parts:
        for below, types in shape_of(value, at).items():
            found.setdefault(below, set()).update(types)
    return found


def is_deviation(path: str, deviations: list[Mapping[str, str]]) -> bool:
    """Whether a deviation names a path or something above it."""
    return any(
        path == one["path"] or path.startswith((f"{one['path']}.", f"{one['path']}[]"))
        for one in deviations
    )


def same_type(published: set[str], actual: set[str], *, number: bool) -> bool:
    """The same types; where a number may be any, a whole one is as good."""
    wider = {"number": "integer"} if number or "number" in published else {}
    return {wider.get(name, name) for name in published} == {
        wider.get(name, name) for name in actual
    }


def differences(
    published: Shape, actual: Shape, deviations: list[Mapping[str, str]], numbers: set[str]
) -> list[str]:
    """What differs and is no deviation, in words."""
    found = []
    for path in sorted(published.keys() | actual.keys()):
        theirs = published.get(path, {"absent"})
        mine = actual.get(path, {"absent"})
        if not same_type(theirs, mine, number=path in numbers) and not is_deviation(
            path, deviations
        ):
            found.append(f"{path or 'the whole'}: published {sorted(theirs)}, ours {sorted(mine)}")
    return found


@pytest.mark.parametrize(
    ("published", "ours", "differ"),
    [
        ({"a": 1}, {"a": 2}, []),
        ({"a": 1}, {}, ["a"]),
        ({}, {"a": 1}, ["a"]),
        ({"a": 1}, {"a": "1"}, ["a"]),
        ({"a": 1}, {"a": None}, ["a"]),
        ({"a": 1}, {"a": 1.0}, ["a"]),
        ({"a": 1.5}, {"a": 1}, []),
        ({"a": True}, {"a": 1}, ["a"]),
        ({"a": [{"b": 1}, {"c": 1}]}, {"a": [{"b": 1, "c": 1}]}, []),
        ({"a": [{"b": 1}]}, {"a": []}, ["a[]", "a[].b"]),
        ({"a": []}, {"a": [{"b": {"c": 1}}]}, ["a[]", "a[].b", "a[].b.c"]),
        ({"a": {"b": 1}}, {"a": [1]}, ["a", "a.b", "a[]"]),
        ({"known": {"b": 1}}, {}, []),
        ({"knownish": 1}, {}, ["knownish"]),
    ],
)
def test_what_differs_is_told_by_its_path(published: Json, ours: Json, differ: list[str]) -> None:
    told = differences(shape_of(published), shape_of(ours), [{"path": "known"}], set())
    assert [line.partition(":")[0] for line in told] == differ


# Our answers.


class FixtureRequest(NamedTuple):
    """A fixture's request as it is sent: adapted to what the demo has."""

    method: str
    path: str
    query: httpx.QueryParams
    body: Json


def adapted_request(fixture: Mapping[str, Json]) -> FixtureRequest:
    request = {
        **fixture["request"],
        **{name: value for name, value in fixture.get("adapted", {}).items() if name != "why"},
    }
    return FixtureRequest(
        request["method"],
        request["path"],
        httpx.QueryParams([(name, value) for name, value in request["query"]]),
        request.get("body"),
    )


@pytest.fixture(scope="module")
def server_without_tables() -> Iterator[Server]:
    """A server that crashes: its store lost a table."""
    with Server(scenario="empty") as server:
        with server.emulator.store.transaction() as connection:
            connection.execute(DropTable(tables.accounts))
        yield server


@pytest.fixture
def fixture_answer(
    request: pytest.FixtureRequest, web: httpx.Client, demo: Server, name: str
) -> httpx.Response:
    """Our answer to a fixture's request, on the demo."""
    vendor = name.partition("/")[0]
    fixture = FIXTURES[name]
    asked = adapted_request(fixture)
    server = (
        request.getfixturevalue("server_without_tables")
        if name.endswith("/error_internal")
        else demo
    )
    headers = {"Authorization": credentials(vendor, "demo")}
    if (
        name.endswith("/error_unauthenticated")
        or asked.path.startswith("/auth/")
        or "iframe.html" in asked.path
    ):
        headers = {}
    body = asked.body
    if name == "apivideo/auth_refresh":
        body = {
            "refreshToken": web.post(
                f"{demo.url}/apivideo/auth/api-key", json={"apiKey": "demo"}
            ).json()["refresh_token"]
        }
    return web.request(
        asked.method,
        f"{server.url}/{vendor}{asked.path}",
        params=asked.query,
        json=body,
        headers=headers,
    )


@pytest.mark.parametrize("name", REQUEST_KEYS)
def test_our_answer_has_the_published_keys_types_and_nesting(
    name: str, fixture_answer: httpx.Response
) -> None:
    fixture = FIXTURES[name]
    assert fixture_answer.status_code == fixture["status"], fixture_answer.text
    problem = name.startswith("apivideo/error_")
    assert fixture_answer.headers["content-type"].partition(";")[0] == (
        "application/problem+json" if problem else "application/json"
    )
    assert (
        differences(
            shape_of(fixture["response"]),
            shape_of(fixture_answer.json()),
            fixture["deviations"],
            NUMBERS.get(name, set()),
        )
        == []
    )


@pytest.mark.parametrize("name", [name for name in REQUEST_KEYS if FIXTURES[name]["deviations"]])
def test_every_deviation_is_one(name: str, fixture_answer: httpx.Response) -> None:
    """A deviation that names what does not differ any more would hide the next difference."""
    published = shape_of(FIXTURES[name]["response"])
    ours = shape_of(fixture_answer.json())
    for deviation in FIXTURES[name]["deviations"]:
        path = deviation["path"]
        assert {*deviation} == {"path", "published", "ours", "why"}
        assert (path in published) != deviation["published"].startswith("absent"), path
        assert (path in ours) == (deviation["ours"] != "absent"), path
        assert ours.get(path, {"absent"}) <= words(deviation["ours"]), path
        assert published.get(path) != words(deviation["ours"]), f"{path} does not differ"


def words(text: str) -> set[str]:
    """The types that a deviation names for our side."""
    return set(
        re.findall(
            r"object|array|string|boolean|integer|number|null|absent",
            re.sub(r"\(.*?\)|\bwith .*|\bof .*|:.*", "", text),
        )
    )


@pytest.mark.parametrize("name", [name for name in FIXTURES if name not in REQUEST_KEYS])
def test_what_is_not_published_is_said_to_be_unknown(
    name: str, fixture_answer: httpx.Response
) -> None:
    fixture = FIXTURES[name]
    assert fixture["response"] is None
    assert fixture["deviations"] == []
    assert (fixture_answer.status_code, bool(fixture_answer.text)) == (fixture["status"], True)


@pytest.mark.parametrize("name", FIXTURES)
def test_a_fixture_says_where_it_comes_from(name: str) -> None:
    fixture = FIXTURES[name]
    assert {*fixture} - {"adapted", "repaired", "stub"} == KEYS - {"adapted", "repaired"}
    assert fixture["operation"] == name.partition("/")[2]
    assert len(fixture["source"]) > 20
    assert fixture["response_source"] in SOURCES
    assert "adapted" not in fixture or len(fixture["adapted"]["why"]) > 20
    paths = [deviation["path"] for deviation in fixture["deviations"]]
    assert len(set(paths)) == len(paths)
    assert all(len(deviation["why"]) > 20 for deviation in fixture["deviations"])


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_every_operation_has_a_fixture_or_a_reason(vendor: Any) -> None:
    app = FastAPI()
    app.include_router(vendor.routes)
    operations = set(app.openapi()["paths"])
    requested = {
        vendor.normalize_path(fixture["request"]["path"])
        for name, fixture in FIXTURES.items()
        if name.startswith(f"{vendor.name}/")
    }
    patterns = {path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in operations}
    shown = {
        path
        for path, pattern in patterns.items()
        if any(pattern.fullmatch(one) for one in requested)
    }
    assert operations - shown == {*WITHOUT_FIXTURE[vendor.name]}
    assert all(any(pattern.fullmatch(one) for pattern in patterns.values()) for one in requested)
