"""Lenient accounts beside strict ones: a date that cannot be read is an empty window, an id that names nothing matches nothing."""

from typing import Any, NamedTuple

import httpx
import pytest

from playhead import Server
from tests.control.planning import COUNTRIES, TOTAL, Planned
from tests.worlds import World

SERIES = "/streaming/statistics/stream/watching_duration"
HEATMAP = "/streaming/statistics/heatmap"
MAY = {"date_from": "2024-05-01", "date_to": "2024-05-31"}
FROM_MAY = {"from": "2024-05-01", "to": "2024-05-31"}
DAYS = {"start_date": "2024-05-01", "end_date": "2024-05-31"}
BAD = "nonsense"


class Pair(NamedTuple):
    """A lenient account and a strict one with the same viewings, and the ids of what was viewed."""

    lenient: Planned
    strict: Planned
    ids: dict[str, str]


@pytest.fixture
def pair(web: httpx.Client, empty: Server, key: str) -> Pair:
    lenient, strict = (Planned(web, empty.url, f"{key[-150:]}-{lenient}", lenient=lenient) for lenient in (True, False))
    for planned in (lenient, strict):
        world = World(empty, planned.name)
        video, live = world.video(), world.live(client_user_id=7)
        world.watch(video, "ana", "2024-05-10T12:00:00Z", (0, 60))
        world.watch(live, "ana", "2024-05-10T12:00:00Z", (0, 60))
    project = lenient.ask("wistia", "/v1/projects").json()
    return Pair(
        lenient,
        strict,
        {
            "media": str(lenient.ask("wistia", "/v1/medias").json()[0]["hashed_id"]),
            "project": str(project[0]["hashedId"]) if project else "",
            "video": str(lenient.ask("gcore", "/streaming/videos").json()[0]["id"]),
            "slug": lenient.ask("gcore", "/streaming/videos").json()[0]["slug"],
            "stream": str(lenient.ask("gcore", "/streaming/streams").json()[0]["id"]),
            "api_video": lenient.ask("apivideo", "/videos").json()["data"][0]["videoId"],
            "api_stream": lenient.ask("apivideo", "/live-streams").json()["data"][0]["liveStreamId"],
        },
    )


def rows(said: Any) -> Any:
    """What an answer lists: its rows, a series' pairs, a total's minutes."""
    if isinstance(said, list) and said and "client" in said[0]:
        assert len(said) == 1
        return said[0]["metrics"]["streams"] if "metrics" in said[0] else [said[0]["duration"]] * bool(said[0]["duration"])
    return said["data"] if isinstance(said, dict) else said


class Asked(NamedTuple):
    """A request that finds something, and those of its dates and numbers that a strict account must be able to read."""

    vendor: str
    path: str
    query: dict[str, str]
    read: tuple[str, ...]


ASKED = [
    Asked("gcore", COUNTRIES, MAY, ("date_from", "date_to")),
    Asked("gcore", HEATMAP, {**MAY, "type": "vod", "stream_id": "{video}"}, ("date_from", "date_to")),
    Asked("gcore", HEATMAP, {**MAY, "type": "live", "stream_id": "{stream}"}, ("date_from", "date_to")),
    Asked("gcore", SERIES, {**FROM_MAY, "stream_id": "{stream}", "client_user_id": "7"}, ("from", "to")),
    Asked("gcore", TOTAL, {**FROM_MAY, "stream_id": "{stream}", "client_user_id": "7"}, ("from", "to", "stream_id", "client_user_id")),
    Asked("wistia", "/v1/stats/account/by_date", DAYS, ("start_date", "end_date")),
    Asked("wistia", "/modern/stats/account/by_date", DAYS, ("start_date", "end_date")),
    Asked("wistia", "/v1/stats/medias/{media}/by_date", DAYS, ("start_date", "end_date")),
    Asked("wistia", "/v1/stats/events", DAYS, ("start_date", "end_date")),
    Asked("apivideo", "/analytics/videos/{api_video}", {"period": "2024-05"}, ("period",)),
    Asked("apivideo", "/analytics/live-streams/{api_stream}", {"period": "2024-05"}, ("period",)),
]
BADS = {"a word": "nonsense", "no day": "2024-13-45", "a dash": "-", "a NUL": "\x00", "thirty digits": "9" * 30, "a blank": " ", "a sum": "1+1"}
EACH = [pytest.param(asked, name, id=f"{asked.vendor} {asked.path} {asked.query.get('type', '')} {name}") for asked in ASKED for name in asked.read]


def ask(planned: Planned, asked: Asked, ids: dict[str, str], **changed: str) -> httpx.Response:
    query = {name: value.format_map(ids) for name, value in {**asked.query, **changed}.items()}
    return planned.ask(asked.vendor, asked.path.format_map(ids), **query)


@pytest.mark.parametrize(("asked", "name"), EACH)
def test_what_cannot_be_read_is_nothing_instead_of_a_refusal(pair: Pair, asked: Asked, name: str) -> None:
    assert rows(ask(pair.lenient, asked, pair.ids).json())
    for bad in BADS.values():
        refused, taken = (ask(planned, asked, pair.ids, **{name: bad}) for planned in (pair.strict, pair.lenient))
        assert refused.status_code == (422 if asked.vendor == "wistia" else 400), bad
        assert (taken.status_code, rows(taken.json())) == (200, []), bad


@pytest.mark.parametrize("name", ["stream_id", "client_user_id"])
def test_a_series_of_nobody_is_of_zeros(pair: Pair, name: str) -> None:
    asked = ASKED[3]
    assert ask(pair.strict, asked, pair.ids, **{name: BAD}).status_code == 400
    strange, nobody = (ask(pair.lenient, asked, pair.ids, **{name: value}).json() for value in (BAD, "0"))
    assert strange == nobody
    assert {minutes for _, minutes in rows(nobody)} == {0}


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: f"{asked.vendor} {asked.path} {asked.query.get('type', '')}")
def test_what_can_be_read_is_read_alike(pair: Pair, asked: Asked) -> None:
    lenient, strict = (ask(planned, asked, pair.ids).json() for planned in (pair.lenient, pair.strict))
    assert rows(lenient) == rows(strict) != [] if asked.vendor == "gcore" else len(rows(lenient)) == len(rows(strict)) > 0


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (HEATMAP, {**MAY, "type": "vod", "stream_id": BAD}),
        ("/streaming/videos", {"id": BAD}),
        ("/streaming/videos", {"search": BAD}),
    ],
    ids=str,
)
def test_ids_that_may_be_any_text_match_nothing_for_anybody(pair: Pair, path: str, query: dict[str, str]) -> None:
    assert [rows(planned.ask("gcore", path, **query).json()) for planned in (pair.lenient, pair.strict)] == [[], []]


@pytest.mark.parametrize("name", ["client_user_id", "stream_id"])
def test_a_catalogues_numbers_as_well(pair: Pair, name: str) -> None:
    answers = [planned.ask("gcore", "/streaming/videos", **{name: BAD}) for planned in (pair.lenient, pair.strict)]
    assert ([answer.status_code for answer in answers], answers[0].json()) == ([200, 400], [])


@pytest.mark.parametrize(("name", "path"), [("media_id", "/v1/stats/events"), ("visitor_key", "/v1/stats/events"), ("project_id", "/v1/medias")])
def test_wistias_ids_match_nothing_for_anybody(pair: Pair, name: str, path: str) -> None:
    assert [planned.ask("wistia", path, **{name: BAD}).json() for planned in (pair.lenient, pair.strict)] == [[], []]


def test_a_slug_is_an_id_on_a_lenient_account_too(pair: Pair) -> None:
    query = {**MAY, "type": "vod", "stream_id": pair.ids["slug"]}
    found = [planned.ask("gcore", HEATMAP, **query).json() for planned in (pair.lenient, pair.strict)]
    assert found[0]["data"] and len(found[0]["data"]) in (6, 7)
    assert pair.lenient.ask("gcore", HEATMAP, **{**query, "stream_id": pair.ids["video"]}).json() == found[0]


def test_what_is_missing_or_empty_is_still_missing(pair: Pair) -> None:
    for query in ({}, {"date_from": "", "date_to": BAD}):
        answer = pair.lenient.ask("gcore", COUNTRIES, **query)
        assert (answer.status_code, answer.json()["errors"][0]) == (400, "date_from: query param is not set")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (COUNTRIES, {"date_from": "2024-05-31", "date_to": "2024-05-01"}),
        (COUNTRIES, {**MAY, "type": "cinema"}),
        (SERIES, {**FROM_MAY, "granularity": "1y"}),
        ("/streaming/videos", {"page": "x"}),
    ],
    ids=str,
)
def test_what_is_no_date_and_no_id_is_refused_as_ever(pair: Pair, path: str, query: dict[str, str]) -> None:
    assert [planned.ask("gcore", path, **query).status_code for planned in (pair.lenient, pair.strict)] == [400, 400]


def test_links_repeat_what_was_asked(pair: Pair) -> None:
    path = f"/analytics/videos/{pair.ids['api_video']}"
    links = pair.lenient.ask("apivideo", path, period=BAD, **{"metadata[a]": "b"}).json()["pagination"]["links"]
    assert links[0]["uri"] == f"{path}?period={BAD}&metadata%5Ba%5D=b&currentPage=1&pageSize=25"


def test_the_values_of_the_vendors_own_suite(pair: Pair) -> None:
    """The literals that the test-suites of Gcore's SDKs send — contracts/gcore.md §6.4."""
    dates, spans = {"date_from": "date_from", "date_to": "date_to"}, {"from": "from", "to": "to"}
    asked = [
        (COUNTRIES, {**dates, "type": "live"}),
        (HEATMAP, {**dates, "type": "live", "stream_id": "stream_id"}),
        (SERIES, {**spans, "client_user_id": "0", "granularity": "1m", "stream_id": "0"}),
        (TOTAL, {**spans, "client_user_id": "0", "stream_id": "0"}),
    ]
    answers = [pair.lenient.ask("gcore", path, **query) for path, query in asked]
    assert [(answer.status_code, rows(answer.json())) for answer in answers] == [(200, [])] * 4


def test_a_lenient_account_says_so_and_its_fork_too(pair: Pair) -> None:
    assert (pair.lenient.account["lenient"], pair.strict.account["lenient"]) == (True, False)
    forked = pair.lenient.of("POST", "/fork", 201, {"name": f"{pair.lenient.name[-150:]}-fork"})
    assert forked["lenient"] is True
