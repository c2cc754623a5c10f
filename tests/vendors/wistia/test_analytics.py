"""Wistia's analytics: what account and media came to in a window, and interval by interval."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from playhead.domain.media import PromptKind
from playhead.domain.playback import Prompt
from playhead.vendors.wistia.ids import hashed_id, numeric_id
from tests.worlds import World, viewer

pytestmark = pytest.mark.covers(
    "wistia.analytics_account",
    "wistia.analytics_account_timeseries",
    "wistia.analytics_media",
    "wistia.analytics_media_timeseries",
)

FORM = PromptKind.form
CALL = PromptKind.call_to_action
JUNE = {"start_date": "2024-06-01", "end_date": "2024-06-05"}
EMPTY_TOTALS = {
    "unique_loads": 0,
    "unique_plays": 0,
    "plays": 0,
    "play_rate": 0,
    "played_time": 0,
    "unique_visitors": 0,
    "engagement_rate": 0,
    "form_conversions": 0,
}
EMPTY_CONVERSIONS = {"cta_impressions": 0, "cta_conversions": 0, "cta_conversion_rate": 0}
GetJson = Callable[..., Any]


@pytest.fixture
def get_json(world: World, web: httpx.Client) -> GetJson:
    def get(path: str, **parameters: Any) -> Any:
        response = world.get(web, "wistia", f"/modern/analytics{path}", **{**JUNE, **parameters})
        assert (response.status_code, response.headers["content-type"]) == (
            200,
            "application/json",
        ), response.text
        return response.json()

    return get


def media_path(media: int, rest: str = "") -> str:
    return f"/medias/{hashed_id('video', media)}{rest}"


def test_nothing_is_zeros_and_never_null(get_json: GetJson, world: World) -> None:
    assert get_json(media_path(world.video())) == {**EMPTY_TOTALS, **EMPTY_CONVERSIONS}
    assert get_json("/account") == EMPTY_TOTALS


def test_what_a_media_came_to(get_json: GetJson, world: World) -> None:
    """Four loads by three viewers, two plays by one of them.

    Of ten seconds all, then six and two of them again.
    """
    video = world.video(seconds=9.5)
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 10))
    world.watch(video, "ana", "2024-06-02T08:00:00Z", (0, 6), (4, 6))
    world.watch(video, "bo", "2024-06-02T08:00:00Z")
    world.watch(video, "cy", "2024-06-04T23:59:59Z")
    expected = {
        "unique_loads": 3,
        "unique_plays": 1,
        "plays": 2,
        "play_rate": 0.5,
        "played_time": 18,
        "unique_visitors": 3,
        "engagement_rate": 0.8,
        "form_conversions": 0,
    }
    assert get_json(media_path(video)) == {**expected, **EMPTY_CONVERSIONS}
    assert get_json(f"/medias/{numeric_id('video', video)}") == {**expected, **EMPTY_CONVERSIONS}
    assert get_json("/account") == expected


def test_a_play_is_one_of_three_seconds_unlike_in_the_statistics(
    get_json: GetJson, world: World, web: httpx.Client
) -> None:
    video = world.video(seconds=10)
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 2))
    world.watch(video, "bo", "2024-06-01T08:00:00Z", (0, 3))
    found = get_json(media_path(video))
    assert (found["plays"], found["unique_plays"], found["play_rate"], found["played_time"]) == (
        1,
        1,
        0.5,
        5,
    )
    assert (
        world.get(web, "wistia", f"/modern/stats/medias/{hashed_id('video', video)}").json()[
            "play_count"
        ]
        == 2
    )


def test_no_rate_is_more_than_all(get_json: GetJson, world: World) -> None:
    """Ten seconds of a play, and two of each that is none."""
    video = world.video(seconds=10)
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 10))
    world.watch(video, "bo", "2024-06-01T08:00:00Z", (0, 2))
    assert get_json(media_path(video))["engagement_rate"] == 1


def test_the_engagement_of_an_account_weighs_media_by_length(
    get_json: GetJson, world: World
) -> None:
    """All of ten seconds and a quarter of forty: twenty of fifty."""
    world.watch(world.video("short", seconds=10), "ana", "2024-06-01T08:00:00Z", (0, 10))
    world.watch(world.video("long", seconds=40), "ana", "2024-06-01T08:00:00Z", (0, 10))
    found = get_json("/account")
    assert (found["engagement_rate"], found["unique_loads"], found["plays"]) == (0.4, 1, 2)


def test_the_first_day_counts_and_the_last_does_not(get_json: GetJson, world: World) -> None:
    video = world.video()
    for at in (
        "2024-05-31T23:59:59Z",
        "2024-06-01T00:00:00Z",
        "2024-06-04T23:59:59Z",
        "2024-06-05T00:00:00Z",
    ):
        world.watch(video, "ana", at, (0, 5))
    assert get_json(media_path(video))["plays"] == 2
    assert get_json(media_path(video), end_date="2024-06-06")["plays"] == 3


def test_only_what_has_ended_counts(get_json: GetJson, world: World) -> None:
    video = world.video()
    world.watch(video, "ana", "2024-06-05T11:59:50Z", (0, 30))
    assert get_json(media_path(video), end_date="2024-06-06") == {
        **EMPTY_TOTALS,
        **EMPTY_CONVERSIONS,
    }


def test_calls_to_action_and_forms(get_json: GetJson, world: World) -> None:
    video = world.video(
        prompts=[
            Prompt(CALL, 2, "Read on", "https://example.com/"),
            Prompt(FORM, 5, "Ask us", None),
        ]
    )
    known = viewer("ana", email="ana@example.com")
    world.watch(video, "", "2024-06-01T08:00:00Z", (0, 6), viewer=known, converts=[FORM, CALL])
    world.watch(video, "bo", "2024-06-02T08:00:00Z", (0, 6))
    world.watch(video, "cy", "2024-05-02T08:00:00Z", (0, 6), converts=[CALL])
    found = get_json(media_path(video))
    assert {name: found[name] for name in EMPTY_CONVERSIONS} == {
        "cta_impressions": 2,
        "cta_conversions": 1,
        "cta_conversion_rate": 0.5,
    }
    assert (found["form_conversions"], get_json("/account")["form_conversions"]) == (1, 1)


# Intervals.


@pytest.fixture
def two_weeks(world: World) -> int:
    """Ana plays on a Sunday and the two days behind it, Bo on that Tuesday.

    And Ana on the last of May.
    """
    video = world.video(seconds=10)
    for name, day in (
        ("ana", "05-31"),
        ("ana", "06-02"),
        ("ana", "06-03"),
        ("ana", "06-04"),
        ("bo", "06-04"),
    ):
        world.watch(video, name, f"2024-{day}T08:00:00Z", (0, 5))
    return video


SERIES = {
    "daily": (
        "06-01",
        "06-05",
        {"06-01": (0, 0), "06-02": (1, 1), "06-03": (1, 1), "06-04": (2, 2)},
    ),
    "weekly": ("06-01", "06-05", {"05-27": (1, 1), "06-03": (3, 2)}),
    "weekly, from a Monday on": ("05-27", "06-10", {"05-27": (2, 1), "06-03": (3, 2)}),
    "monthly": ("05-30", "06-05", {"05-01": (1, 1), "06-01": (4, 2)}),
    "monthly, with a month to come": ("06-01", "07-02", {"06-01": (4, 2), "07-01": (0, 0)}),
    "daily, a day": ("06-04", "06-05", {"06-04": (2, 2)}),
}


@pytest.mark.parametrize("path", ["/account", "media"])
@pytest.mark.parametrize(
    ("name", "first", "end", "expected"), [(name, *row) for name, row in SERIES.items()], ids=SERIES
)
def test_plays_and_players_by_interval(
    get_json: GetJson,
    two_weeks: int,
    path: str,
    name: str,
    first: str,
    end: str,
    expected: dict[str, tuple[int, int]],
) -> None:
    where = path if path == "/account" else media_path(two_weeks)
    dates = {"start_date": f"2024-{first}", "end_date": f"2024-{end}"}
    rows = get_json(f"{where}/timeseries", granularity=name.partition(",")[0], **dates)
    assert {row["timestamp"]: (row["plays"], row["unique_plays"]) for row in rows} == {
        f"2024-{day}T00:00:00.000Z": counts for day, counts in expected.items()
    }
    assert [next(iter(row)) for row in rows] == ["timestamp"] * len(rows)


def test_an_interval_says_what_the_whole_would_say_of_it(get_json: GetJson, two_weeks: int) -> None:
    for where in ("/account", media_path(two_weeks)):
        (row,) = get_json(f"{where}/timeseries", granularity="daily", start_date="2024-06-04")
        assert row == {
            "timestamp": "2024-06-04T00:00:00.000Z",
            **get_json(where, start_date="2024-06-04"),
        }
