"""Wistia's analytics: what they refuse, and how they say it."""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.vendors.wistia.ids import hashed_id
from tests.worlds import World

JUNE = {"start_date": "2024-06-01", "end_date": "2024-06-05"}
PATHS = (
    "/account",
    "/account/timeseries",
    "/account/top_content",
    "/account/embed_locations",
    *(
        f"/medias/{{}}{rest}"
        for rest in (
            "",
            "/timeseries",
            "/embed_locations",
            "/embed_locations_timeseries",
            "/traffic",
            "/conversions",
            "/languages",
        )
    ),
)
REQUIRED_PARAMS = {"granularity": "daily", "group_by": "media"}
INVALID_QUERIES = {
    "no dates": (
        {"start_date": "", "end_date": ""},
        ["start_date is missing.", "end_date is missing."],
    ),
    "a word": ({"start_date": "today"}, ["start_date is not a valid date, use YYYY-MM-DD."]),
    "an instant": (
        {"end_date": "2024-06-05T00:00:00Z"},
        ["end_date is not a valid date, use YYYY-MM-DD."],
    ),
    "no such day": ({"end_date": "2024-02-30"}, ["end_date is not a valid date, use YYYY-MM-DD."]),
    "too long": (
        {"start_date": "2022-01-01", "end_date": "2024-01-03"},
        ["The date range is too long: 732 days, at most 731."],
    ),
    "absurd": (
        {"start_date": "1000-01-01", "end_date": "9999-12-31"},
        ["The date range is too long: 3287181 days, at most 731."],
    ),
}


def error_of(world: World, web: httpx.Client, path: str, **query: Any) -> list[str]:
    group = {"group_by": "utm_source"} if path.endswith("traffic") else {}
    response = world.get(
        web, "wistia", f"/modern/analytics{path}", **{**JUNE, **REQUIRED_PARAMS, **group, **query}
    )
    assert (response.status_code, response.headers["content-type"]) == (400, "application/json"), (
        path,
        response.text,
    )
    assert response.json()["error"] == "Bad request"
    errors: list[str] = response.json()["errors"]
    return errors


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("query", "errors"), INVALID_QUERIES.values(), ids=INVALID_QUERIES)
def test_bad_dates(
    world: World, web: httpx.Client, path: str, query: dict[str, str], errors: list[str]
) -> None:
    assert error_of(world, web, path.format(hashed_id("video", world.video())), **query) == errors


WORDS = {
    (
        "/account/timeseries",
        "granularity",
        "hourly",
    ): "granularity is not one of 'daily', 'weekly' or 'monthly'.",
    ("/account/timeseries", "granularity", ""): "granularity is missing.",
    (
        "/account/top_content",
        "group_by",
        "tag",
    ): "group_by is not one of 'media', 'channel' or 'project'.",
    (
        "/account/top_content",
        "sort_direction",
        "1",
    ): "sort_direction is not one of 'asc' or 'desc'.",
    ("/account/top_content", "per_page", "1001"): "per_page is out of range.",
    ("/account/top_content", "hashed_ids[]", ("x",) * 1001): "hashed_ids[] is out of range.",
    ("/account/embed_locations", "per_page", "0"): "per_page is out of range.",
    ("/account/embed_locations", "per_page", "+1"): "per_page is not a whole number.",
    (
        "/medias/x/embed_locations",
        "sort_by",
        "played_time",
    ): "sort_by is not one of 'plays', 'loads', 'engagement_rate' or 'play_rate'.",
    ("/medias/x/embed_locations", "embed_url", "example.com"): "embed_url is invalid.",
    ("/medias/x/embed_locations", "embed_url", "ftp://example.com"): "embed_url is invalid.",
    ("/medias/x/embed_locations_timeseries", "per_page", "101"): "per_page is out of range.",
    ("/medias/x/traffic", "group_by", ""): "group_by is missing.",
    ("/medias/x/languages", "per_page", "-1"): "per_page is not a whole number.",
}


@pytest.mark.parametrize(("path", "name", "value"), WORDS)
def test_bad_words_and_numbers(
    world: World, web: httpx.Client, path: str, name: str, value: Any
) -> None:
    assert error_of(world, web, path, **{name: value}) == [WORDS[path, name, value]]


@pytest.mark.parametrize("path", PATHS)
def test_a_window_that_ends_before_it_begins_is_empty(
    world: World, web: httpx.Client, path: str
) -> None:
    video = world.video()
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 10))
    group = {"group_by": "utm_source"} if path.endswith("traffic") else {}
    for end in ("2024-06-01", "2020-01-01"):
        said = world.get(
            web,
            "wistia",
            f"/modern/analytics{path.format(hashed_id('video', video))}",
            **{**JUNE, **REQUIRED_PARAMS, **group, "end_date": end},
        )
        assert said.status_code == 200
        rows = said.json()
        assert not rows or rows.get("data") == [] or set(rows.values()) == {0}


@pytest.mark.parametrize("path", [path for path in PATHS if "medias" in path])
def test_an_unknown_media_is_a_404_without_a_body(
    world: World, web: httpx.Client, path: str
) -> None:
    group = {"group_by": "utm_source"} if path.endswith("traffic") else {}
    answer = world.get(
        web,
        "wistia",
        f"/modern/analytics{path.format('nope')}",
        **{**JUNE, **REQUIRED_PARAMS, **group},
    )
    assert (answer.status_code, answer.content, answer.headers.get("content-type")) == (
        404,
        b"",
        None,
    )


@pytest.mark.covers(
    "wistia.analytics_webinar",
    "wistia.analytics_webinar_registration",
    "wistia.analytics_webinar_traffic",
    "wistia.analytics_webinar_audience",
    "wistia.analytics_webinar_histograms",
)
@pytest.mark.parametrize("rest", ["", "/registration", "/traffic", "/audience", "/histograms"])
def test_there_are_no_webinars(world: World, web: httpx.Client, rest: str) -> None:
    answer = world.get(
        web,
        "wistia",
        f"/modern/analytics/webinars/webinar000{rest}",
        granularity="daily",
        group_by="utm_source",
    )
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("version", ["2026-03", "1999-01", "yesterday", ""])
def test_no_version_is_refused(world: World, web: httpx.Client, version: str) -> None:
    headers = {"Authorization": f"Bearer {world.key}", "X-Wistia-API-Version": version}
    answer = web.get(f"{world.server.url}/modern/analytics/account", params=JUNE, headers=headers)
    assert (answer.status_code, answer.json()) == (
        200,
        world.get(web, "wistia", "/modern/analytics/account", **JUNE).json(),
    )


def test_analytics_are_of_modern_only(world: World, web: httpx.Client) -> None:
    assert world.get(web, "wistia", "/v1/analytics/account", **JUNE).status_code == 404


def test_when_analytics_cannot_be_had_they_say_so(world: World, web: httpx.Client) -> None:
    headers = {"Authorization": f"Bearer {world.key}", "Prefer": "code=503"}
    answer = web.get(f"{world.server.url}/modern/analytics/account", params=JUNE, headers=headers)
    assert (answer.status_code, answer.json()) == (
        503,
        {"error": "Analytics service is temporarily unavailable"},
    )


def test_a_lenient_account_s_unreadable_dates_are_an_empty_window(
    empty: Server, web: httpx.Client, key: str
) -> None:
    empty.client.create(key, lenient=True)
    world = World(empty, key)
    assert (
        world.get(
            web, "wistia", "/modern/analytics/account", start_date="x", end_date="2024-06-05"
        ).json()["plays"]
        == 0
    )
    assert (
        world.get(
            web,
            "wistia",
            "/modern/analytics/account/timeseries",
            start_date="x",
            end_date="y",
            granularity="daily",
        ).json()
        == []
    )
