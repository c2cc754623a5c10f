"""What /data refuses, word by word."""

from typing import Any

import httpx
import pytest

from playhead import Server
from tests.control.account_client import AccountClient
from tests.worlds import World

pytestmark = pytest.mark.covers(
    "apivideo.metric", "apivideo.metric_breakdown", "apivideo.metric_over_time"
)

REFERENCE = "https://docs.api.video/reference/"
METRIC = "/data/metrics/play/count"
BUCKETS = "/data/buckets/play/country"
SERIES = "/data/timeseries/play"
UNEXPECTED = "This field was not expected."
DATETIME = "This value is not a valid datetime."
RETENTION = "This value is out of the retention period."
ORDER = 'This value should be less than "to".'
DURATION = 'This view duration is invalid. Use one of "3s", "5s", "10s", "30s".'
CHOICES = "This value must be part of the following values: "


def error_body(world: World, web: httpx.Client, path: str, query: dict[str, str]) -> dict[str, Any]:
    answer = world.get(web, "apivideo", path, **query)
    assert (answer.status_code, answer.headers["content-type"]) == (
        400,
        "application/problem+json",
    ), answer.text
    document: dict[str, Any] = answer.json()
    return document


def violation(name: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"{REFERENCE}request-invalid-query-parameter",
        "title": "A query parameter is invalid.",
        "status": 400,
        "detail": detail,
        "name": name,
    }


def not_a_string(name: str) -> dict[str, Any]:
    detail = "This value must be of type string."
    return {
        "type": f"{REFERENCE}invalid-attribute",
        "title": "An attribute is invalid.",
        "status": 400,
        "detail": detail,
        "name": name,
    }


PATHS = {
    "/data/metrics/nonsense/count": "metric",
    "/data/metrics/play-rate/count": "metric",
    "/data/metrics/play/nonsense": "aggregation",
    "/data/metrics/play/average": "aggregation",
    "/data/metrics/play/peak": "aggregation",
    "/data/metrics/end/average": "aggregation",
    "/data/metrics/end/sum": "aggregation",
    "/data/metrics/watch-time/count": "aggregation",
    "/data/metrics/impression-time/live": "aggregation",
    "/data/metrics/ccv/count": "aggregation",
    "/data/metrics/view/total": "aggregation",
    "/data/buckets/watch-time/country": "metric",
    "/data/buckets/impression-time/country": "metric",
    "/data/buckets/ccv/country": "metric",
    "/data/buckets/play/nonsense": "breakdown",
    "/data/buckets/play/mediaId": "breakdown",
    "/data/buckets/play-total/country": "breakdown",
    "/data/timeseries/play-total": "metric",
    "/data/timeseries/watch-time": "metric",
    "/data/timeseries/nonsense": "metric",
}


@pytest.mark.parametrize("path", PATHS)
def test_what_is_not_measured(path: str, world: World, web: httpx.Client) -> None:
    assert error_body(world, web, path, {}) == not_a_string(PATHS[path])


@pytest.mark.parametrize(
    "path",
    [
        "/data",
        "/data/metrics",
        "/data/metrics/play",
        "/data/metrics/play/count/x",
        "/data/buckets/play",
        "/data/timeseries",
    ],
)
def test_a_part_of_a_path_is_no_path(path: str, world: World, web: httpx.Client) -> None:
    answer = world.get(web, "apivideo", path)
    assert (answer.status_code, answer.json()["title"]) == (404, "Unrecognized request URL.")


NOT_EXPECTED = [
    "from:2024-05-20T09:15:05+02:00",
    "mediaId",
    "mediaType",
    "From",
    "filterBy",
    "filterBy[]",
    "filterBy[city]",
    "filterBy[country][a]",
    "%",
    "é",
    "\0",
    "",
]


@pytest.mark.parametrize("path", [METRIC, BUCKETS, SERIES])
@pytest.mark.parametrize("name", NOT_EXPECTED)
def test_what_was_not_expected(name: str, path: str, world: World, web: httpx.Client) -> None:
    assert error_body(world, web, path, {name: "x"}) == violation(name, UNEXPECTED)


ALLOWED_ELSEWHERE: list[tuple[str, str]] = [
    (METRIC, "unique"),
    (METRIC, "viewDuration"),
    (METRIC, "interval"),
    (METRIC, "sortBy"),
    (METRIC, "currentPage"),
    ("/data/metrics/ccv/peak", "viewDuration"),
    ("/data/metrics/play/total", "filterBy[country]"),
    ("/data/metrics/play/total", "filterBy[tag]"),
    (BUCKETS, "unique"),
    (BUCKETS, "interval"),
    ("/data/buckets/ccv-peak/country", "viewDuration"),
    ("/data/buckets/play-total/media-id", "filterBy[browser][]"),
    (SERIES, "viewDuration"),
    ("/data/timeseries/ccv-average", "viewDuration"),
]


@pytest.mark.parametrize(("path", "name"), ALLOWED_ELSEWHERE)
def test_what_is_expected_elsewhere(path: str, name: str, world: World, web: httpx.Client) -> None:
    assert error_body(world, web, path, {name: "1"}) == violation(name, UNEXPECTED)


TIME_RANGE_ERRORS: list[tuple[dict[str, str], str, str]] = [
    ({"from": "nonsense"}, "from", DATETIME),
    ({"from": ""}, "from", DATETIME),
    ({"from": "2024-06-01"}, "from", DATETIME),
    ({"from": "1717200000"}, "from", DATETIME),
    ({"to": "2024-06-31T00:00:00Z"}, "to", DATETIME),
    ({"to": "9999-12-31T23:59:59-14:00"}, "to", DATETIME),
    ({"from": "0001-01-01T00:00:00+14:00"}, "from", DATETIME),
    ({"from": "2024-05-06T11:59:59Z"}, "from", RETENTION),
    ({"from": "0001-01-01T00:00:00Z"}, "from", RETENTION),
    ({"to": "2024-05-07T11:59:59Z"}, "from", RETENTION),
    ({"to": "0001-01-01T00:00:00Z"}, "from", RETENTION),
    ({"from": "2024-06-04T00:00:00Z", "to": "2024-06-04T00:00:00Z"}, "from", ORDER),
    ({"from": "2024-06-05T12:00:00Z"}, "from", ORDER),
]


@pytest.mark.parametrize("path", [METRIC, BUCKETS, SERIES])
@pytest.mark.parametrize(
    ("query", "name", "detail"), TIME_RANGE_ERRORS, ids=[str(row[0]) for row in TIME_RANGE_ERRORS]
)
def test_bad_timeframes(
    query: dict[str, str], name: str, detail: str, path: str, world: World, web: httpx.Client
) -> None:
    assert error_body(world, web, path, query) == violation(name, detail)


VALUES: list[tuple[str, dict[str, str], str, str]] = [
    ("/data/metrics/view/count", {"viewDuration": "7s"}, "viewDuration", DURATION),
    ("/data/timeseries/view", {"viewDuration": ""}, "viewDuration", DURATION),
    ("/data/metrics/ccv/peak", {"unique": "yes"}, "unique", f"{CHOICES}true,false"),
    (
        SERIES,
        {"interval": "week"},
        "interval",
        'This interval is invalid. Use one of "minute", "hour", "day".',
    ),
    (
        SERIES,
        {"interval": "minute"},
        "interval",
        "This interval cannot be used with a timeframe over 60 minutes.",
    ),
    (
        SERIES,
        {"interval": "minute", "from": "2024-06-05T10:00:00Z", "to": "2024-06-05T11:00:01Z"},
        "interval",
        "This interval cannot be used with a timeframe over 60 minutes.",
    ),
    (BUCKETS, {"sortBy": "emittedAt"}, "sortBy", f"{CHOICES}metricValue,dimensionValue"),
    (SERIES, {"sortBy": "dimensionValue"}, "sortBy", f"{CHOICES}metricValue,emittedAt"),
    (SERIES, {"sortOrder": "up"}, "sortOrder", f"{CHOICES}asc,desc"),
    (METRIC, {"filterBy[mediaType]": "live"}, "filterBy[mediaType]", f"{CHOICES}video,live-stream"),
    (
        METRIC,
        {"filterBy[continent][]": "XX"},
        "filterBy[continent]",
        f"{CHOICES}AF,AN,AS,EU,NA,AZ,SA",
    ),
    (
        METRIC,
        {"filterBy[referrer][0]": "x" * 2049},
        "filterBy[referrer]",
        "This value should not contain more than 2048 characters.",
    ),
]


@pytest.mark.parametrize(
    ("path", "query", "name", "detail"), VALUES, ids=[f"{row[0]} {row[2]}" for row in VALUES]
)
def test_bad_values(
    path: str, query: dict[str, str], name: str, detail: str, world: World, web: httpx.Client
) -> None:
    assert error_body(world, web, path, query) == violation(name, detail)


def test_more_values_than_a_store_looks_for(world: World, web: httpx.Client) -> None:
    many = {f"filterBy[mediaId][{index}]": f"vi{index}" for index in range(101)}
    assert error_body(world, web, METRIC, many)["name"] == "filterBy[mediaId]"
    assert world.get(web, "apivideo", METRIC, **dict(list(many.items())[:100])).json()["data"] == 0


def test_a_timeframe_may_end_when_years_do(world: World, web: httpx.Client) -> None:
    for path in (
        METRIC,
        BUCKETS,
        SERIES,
        "/data/metrics/ccv/average",
        "/data/timeseries/ccv-peak",
        "/data/metrics/watch-time/average",
    ):
        for frame in (
            {"to": "9999-12-31T23:59:59Z"},
            {"from": "9999-12-30T00:00:00Z", "to": "9999-12-31T23:59:59Z"},
        ):
            given = {"from": "2024-06-01T00:00:00Z", **frame}
            assert world.get(web, "apivideo", path, **given).json()["data"] in (0, [])


def test_a_page_out_of_range_is_told_as_everywhere(world: World, web: httpx.Client) -> None:
    assert error_body(world, web, BUCKETS, {"pageSize": "101"})["name"] == "pageSize"


@pytest.mark.parametrize(
    ("now", "status"), [("2024-06-05T12:00:00Z", 200), ("2024-06-05T12:00:01Z", 400)]
)
def test_thirty_days_by_the_account_s_clock(
    now: str, status: int, world: World, web: httpx.Client
) -> None:
    headers = {"X-Playhead-Now": now}
    query = {"from": "2024-05-06T12:00:00Z"}
    assert (
        web.get(
            f"{world.server.url}{METRIC}", params=query, auth=(world.key, ""), headers=headers
        ).status_code
        == status
    )


@pytest.mark.parametrize(
    "path", [METRIC, BUCKETS, SERIES, "/analytics/videos/plays", "/analytics/live-streams/plays"]
)
def test_a_project_without_analytics(path: str, empty: Server, web: httpx.Client, key: str) -> None:
    answer = AccountClient(
        web, empty.url, key, permissions={"apivideo": {"analytics": False}}
    ).vendor_request("apivideo", f"{path}?from=2024-06-01&dimension=country")
    page = "authorization-disabled-analytics"
    title = "You cannot get analytics from this project."
    assert (answer.status_code, answer.json()) == (
        403,
        {"type": f"{REFERENCE}{page}", "title": title, "status": 403},
    )


@pytest.mark.parametrize(
    ("start", "status"), [("2024-06-04T12:00:00Z", 200), ("2024-06-04T11:59:59Z", 400)]
)
def test_the_sandbox_keeps_one_day(
    start: str, status: int, world: World, web: httpx.Client
) -> None:
    answer = web.get(
        f"{world.server.url}{METRIC}",
        params={"from": start},
        auth=(world.key, ""),
        headers={"Host": "sandbox.api.video"},
    )
    assert answer.status_code == status
