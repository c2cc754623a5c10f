"""Lenient accounts beside strict ones:

a date that cannot be read is an empty window, an id that names nothing matches nothing.
"""

from typing import Any, NamedTuple

import httpx
import pytest

from playhead import Server
from tests.control.account_client import COUNTRIES, TOTAL_PATH, AccountClient
from tests.worlds import World

SERIES = "/streaming/statistics/stream/watching_duration"
HEATMAP = "/streaming/statistics/heatmap"
MAY = {"date_from": "2024-05-01", "date_to": "2024-05-31"}
FROM_MAY = {"from": "2024-05-01", "to": "2024-05-31"}
DAYS = {"start_date": "2024-05-01", "end_date": "2024-05-31"}
UNREADABLE = "nonsense"


class LenientAndStrict(NamedTuple):
    """A lenient account and a strict one with the same viewings, and the ids of what was viewed."""

    lenient: AccountClient
    strict: AccountClient
    ids: dict[str, str]


@pytest.fixture
def lenient_and_strict(web: httpx.Client, empty: Server, key: str) -> LenientAndStrict:
    lenient, strict = (
        AccountClient(web, empty.url, f"{key[-150:]}-{lenient}", lenient=lenient)
        for lenient in (True, False)
    )
    for planned in (lenient, strict):
        world = World(empty, planned.name)
        video = world.video()
        live = world.live(client_user_id=7)
        world.watch(video, "ana", "2024-05-10T12:00:00Z", (0, 60))
        world.watch(live, "ana", "2024-05-10T12:00:00Z", (0, 60))
    project = lenient.vendor_request("wistia", "/v1/projects").json()
    return LenientAndStrict(
        lenient,
        strict,
        {
            "media": str(lenient.vendor_request("wistia", "/v1/medias").json()[0]["hashed_id"]),
            "project": str(project[0]["hashedId"]) if project else "",
            "video": str(lenient.vendor_request("gcore", "/streaming/videos").json()[0]["id"]),
            "slug": lenient.vendor_request("gcore", "/streaming/videos").json()[0]["slug"],
            "stream": str(lenient.vendor_request("gcore", "/streaming/streams").json()[0]["id"]),
            "api_video": lenient.vendor_request("apivideo", "/videos").json()["data"][0]["videoId"],
            "api_stream": lenient.vendor_request("apivideo", "/live-streams").json()["data"][0][
                "liveStreamId"
            ],
        },
    )


def rows(body: Any) -> Any:
    """What an answer lists: its rows, a series' pairs, a total's minutes."""
    if isinstance(body, list) and body and "client" in body[0]:
        assert len(body) == 1
        return (
            body[0]["metrics"]["streams"]
            if "metrics" in body[0]
            else [body[0]["duration"]] * bool(body[0]["duration"])
        )
    return body["data"] if isinstance(body, dict) else body


class ReadRequest(NamedTuple):
    """A request that finds something, and those of its dates and numbers that a strict account must
    be able to read.
    """

    vendor: str
    path: str
    query: dict[str, str]
    reader: tuple[str, ...]


REQUESTS = [
    ReadRequest("gcore", COUNTRIES, MAY, ("date_from", "date_to")),
    ReadRequest(
        "gcore", HEATMAP, {**MAY, "type": "vod", "stream_id": "{video}"}, ("date_from", "date_to")
    ),
    ReadRequest(
        "gcore", HEATMAP, {**MAY, "type": "live", "stream_id": "{stream}"}, ("date_from", "date_to")
    ),
    ReadRequest(
        "gcore",
        SERIES,
        {**FROM_MAY, "stream_id": "{stream}", "client_user_id": "7"},
        ("from", "to"),
    ),
    ReadRequest(
        "gcore",
        TOTAL_PATH,
        {**FROM_MAY, "stream_id": "{stream}", "client_user_id": "7"},
        ("from", "to", "stream_id", "client_user_id"),
    ),
    ReadRequest("wistia", "/v1/stats/account/by_date", DAYS, ("start_date", "end_date")),
    ReadRequest("wistia", "/modern/stats/account/by_date", DAYS, ("start_date", "end_date")),
    ReadRequest("wistia", "/v1/stats/medias/{media}/by_date", DAYS, ("start_date", "end_date")),
    ReadRequest("wistia", "/v1/stats/events", DAYS, ("start_date", "end_date")),
    ReadRequest("apivideo", "/analytics/videos/{api_video}", {"period": "2024-05"}, ("period",)),
    ReadRequest(
        "apivideo", "/analytics/live-streams/{api_stream}", {"period": "2024-05"}, ("period",)
    ),
]
UNREADABLE_VALUES = {
    "a word": "nonsense",
    "no day": "2024-13-45",
    "a dash": "-",
    "a NUL": "\x00",
    "thirty digits": "9" * 30,
    "a blank": " ",
    "a sum": "1+1",
}
every_request = [
    pytest.param(
        asked, name, id=f"{asked.vendor} {asked.path} {asked.query.get('type', '')} {name}"
    )
    for asked in REQUESTS
    for name in asked.reader
]


def ask(
    client: AccountClient, request: ReadRequest, ids: dict[str, str], **params: str
) -> httpx.Response:
    query = {name: value.format_map(ids) for name, value in {**request.query, **params}.items()}
    return client.vendor_request(request.vendor, request.path.format_map(ids), **query)


@pytest.mark.parametrize(("asked", "name"), every_request)
def test_what_cannot_be_read_is_nothing_instead_of_a_refusal(
    lenient_and_strict: LenientAndStrict, asked: ReadRequest, name: str
) -> None:
    assert rows(ask(lenient_and_strict.lenient, asked, lenient_and_strict.ids).json())
    for bad in UNREADABLE_VALUES.values():
        refused, taken = (
            ask(planned, asked, lenient_and_strict.ids, **{name: bad})
            for planned in (lenient_and_strict.strict, lenient_and_strict.lenient)
        )
        assert refused.status_code == (422 if asked.vendor == "wistia" else 400), bad
        assert (taken.status_code, rows(taken.json())) == (200, []), bad


@pytest.mark.parametrize("name", ["stream_id", "client_user_id"])
def test_a_series_of_nobody_is_of_zeros(lenient_and_strict: LenientAndStrict, name: str) -> None:
    asked = REQUESTS[3]
    assert (
        ask(
            lenient_and_strict.strict, asked, lenient_and_strict.ids, **{name: UNREADABLE}
        ).status_code
        == 400
    )
    strange, nobody = (
        ask(lenient_and_strict.lenient, asked, lenient_and_strict.ids, **{name: value}).json()
        for value in (UNREADABLE, "0")
    )
    assert strange == nobody
    assert {minutes for _, minutes in rows(nobody)} == {0}


@pytest.mark.parametrize(
    "asked",
    REQUESTS,
    ids=lambda asked: f"{asked.vendor} {asked.path} {asked.query.get('type', '')}",
)
def test_what_can_be_read_is_read_alike(
    lenient_and_strict: LenientAndStrict, asked: ReadRequest
) -> None:
    lenient, strict = (
        ask(planned, asked, lenient_and_strict.ids).json()
        for planned in (lenient_and_strict.lenient, lenient_and_strict.strict)
    )
    assert (
        rows(lenient) == rows(strict) != []
        if asked.vendor == "gcore"
        else len(rows(lenient)) == len(rows(strict)) > 0
    )


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (HEATMAP, {**MAY, "type": "vod", "stream_id": UNREADABLE}),
        ("/streaming/videos", {"id": UNREADABLE}),
        ("/streaming/videos", {"search": UNREADABLE}),
    ],
    ids=str,
)
def test_ids_that_may_be_any_text_match_nothing_for_anybody(
    lenient_and_strict: LenientAndStrict, path: str, query: dict[str, str]
) -> None:
    assert [
        rows(planned.vendor_request("gcore", path, **query).json())
        for planned in (lenient_and_strict.lenient, lenient_and_strict.strict)
    ] == [[], []]


@pytest.mark.parametrize("name", ["client_user_id", "stream_id"])
def test_a_catalogues_numbers_as_well(lenient_and_strict: LenientAndStrict, name: str) -> None:
    answers = [
        planned.vendor_request("gcore", "/streaming/videos", **{name: UNREADABLE})
        for planned in (lenient_and_strict.lenient, lenient_and_strict.strict)
    ]
    assert ([answer.status_code for answer in answers], answers[0].json()) == ([200, 400], [])


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("media_id", "/v1/stats/events"),
        ("visitor_key", "/v1/stats/events"),
        ("project_id", "/v1/medias"),
    ],
)
def test_wistias_ids_match_nothing_for_anybody(
    lenient_and_strict: LenientAndStrict, name: str, path: str
) -> None:
    assert [
        planned.vendor_request("wistia", path, **{name: UNREADABLE}).json()
        for planned in (lenient_and_strict.lenient, lenient_and_strict.strict)
    ] == [[], []]


def test_a_slug_is_an_id_on_a_lenient_account_too(lenient_and_strict: LenientAndStrict) -> None:
    query = {**MAY, "type": "vod", "stream_id": lenient_and_strict.ids["slug"]}
    found = [
        planned.vendor_request("gcore", HEATMAP, **query).json()
        for planned in (lenient_and_strict.lenient, lenient_and_strict.strict)
    ]
    assert found[0]["data"] and len(found[0]["data"]) in (6, 7)
    assert (
        lenient_and_strict.lenient.vendor_request(
            "gcore", HEATMAP, **{**query, "stream_id": lenient_and_strict.ids["video"]}
        ).json()
        == found[0]
    )


def test_what_is_missing_or_empty_is_still_missing(lenient_and_strict: LenientAndStrict) -> None:
    for query in ({}, {"date_from": "", "date_to": UNREADABLE}):
        answer = lenient_and_strict.lenient.vendor_request("gcore", COUNTRIES, **query)
        assert (answer.status_code, answer.json()["errors"][0]) == (
            400,
            "date_from: query param is not set",
        )


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
def test_what_is_no_date_and_no_id_is_refused_as_ever(
    lenient_and_strict: LenientAndStrict, path: str, query: dict[str, str]
) -> None:
    assert [
        planned.vendor_request("gcore", path, **query).status_code
        for planned in (lenient_and_strict.lenient, lenient_and_strict.strict)
    ] == [400, 400]


def test_links_repeat_what_was_asked(lenient_and_strict: LenientAndStrict) -> None:
    path = f"/analytics/videos/{lenient_and_strict.ids['api_video']}"
    links = lenient_and_strict.lenient.vendor_request(
        "apivideo", path, period=UNREADABLE, **{"metadata[a]": "b"}
    ).json()["pagination"]["links"]
    assert (
        links[0]["uri"] == f"{path}?period={UNREADABLE}&metadata%5Ba%5D=b&currentPage=1&pageSize=25"
    )


def test_the_values_of_the_vendors_own_suite(lenient_and_strict: LenientAndStrict) -> None:
    """The literals that the test-suites of Gcore's SDKs send — evidence/gcore.md §6.4."""
    dates = {"date_from": "date_from", "date_to": "date_to"}
    spans = {"from": "from", "to": "to"}
    asked = [
        (COUNTRIES, {**dates, "type": "live"}),
        (HEATMAP, {**dates, "type": "live", "stream_id": "stream_id"}),
        (SERIES, {**spans, "client_user_id": "0", "granularity": "1m", "stream_id": "0"}),
        (TOTAL_PATH, {**spans, "client_user_id": "0", "stream_id": "0"}),
    ]
    answers = [
        lenient_and_strict.lenient.vendor_request("gcore", path, **query) for path, query in asked
    ]
    assert [(answer.status_code, rows(answer.json())) for answer in answers] == [(200, [])] * 4


def test_a_lenient_account_says_so_and_its_fork_too(lenient_and_strict: LenientAndStrict) -> None:
    assert (
        lenient_and_strict.lenient.account["lenient"],
        lenient_and_strict.strict.account["lenient"],
    ) == (True, False)
    forked = lenient_and_strict.lenient.account_request(
        "POST", "/fork", 201, {"name": f"{lenient_and_strict.lenient.name[-150:]}-fork"}
    )
    assert forked["lenient"] is True
