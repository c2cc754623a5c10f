"""Wistia: counts of the account, lifetime and by day."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.worlds import NOW, World

pytestmark = pytest.mark.covers("wistia.account", "wistia.account_by_date")

GetJson = Callable[..., Any]


@pytest.fixture
def get_json(world: World, web: httpx.Client) -> GetJson:
    def get(path: str, **parameters: str) -> Any:
        response = world.get(web, "wistia", path, **parameters)
        assert response.status_code == 200, response.text
        return response.json()

    return get


def test_an_empty_account_counts_zero(get_json: GetJson) -> None:
    assert get_json("/v1/stats/account.json") == {
        "load_count": 0,
        "play_count": 0,
        "hours_watched": 0,
    }


def test_loads_and_plays_are_counted_and_hours_follow_from_them(
    get_json: GetJson, world: World
) -> None:
    hour = world.video("hour", seconds=3600)
    half = world.video("half", seconds=1800)
    world.watch(hour, "ana", "2024-06-01T08:00:00Z", (0, 1800))
    world.watch(hour, "bo", "2024-06-01T09:00:00Z")  # loads, never plays
    world.watch(half, "bo", "2024-06-02T09:00:00Z", (0, 900), (0, 900))
    assert get_json("/v1/stats/account.json") == {
        "load_count": 3,
        "play_count": 2,
        "hours_watched": 0.75,
    }


def test_only_videos_are_seen(get_json: GetJson, world: World) -> None:
    video = world.video()
    live = world.live()
    playlist = world.playlist(items=[video])
    for media in (video, live, playlist):
        world.watch(media, "ana", "2024-06-01T08:00:00Z", (0, 30))
    assert get_json("/v1/stats/account.json")["load_count"] == 1


def test_what_has_not_ended_is_not_counted(get_json: GetJson, world: World) -> None:
    video = world.video(seconds=600)
    world.watch(video, "ana", NOW - 10, (0, 5), ended_at=NOW + 1)
    world.watch(video, "bo", NOW - 10, (0, 5), ended_at=NOW)
    assert get_json("/v1/stats/account.json")["play_count"] == 1


def test_modern_answers_the_same(get_json: GetJson, world: World) -> None:
    world.watch(world.video(), "ana", "2024-06-01T08:00:00Z", (0, 30))
    assert (
        get_json("/modern/stats/account")
        == get_json("/v1/stats/account.json")
        == get_json("/v1/stats/account")
    )


DAYS = {
    "without dates yesterday and today": ({}, ["2024-06-04", "2024-06-05"]),
    "both ends are included": (
        {"start_date": "2024-05-30", "end_date": "2024-06-01"},
        ["2024-05-30", "2024-05-31", "2024-06-01"],
    ),
    "one day is a window": ({"start_date": "2024-05-31", "end_date": "2024-05-31"}, ["2024-05-31"]),
    "only a start goes on to today": (
        {"start_date": "2024-06-03"},
        ["2024-06-03", "2024-06-04", "2024-06-05"],
    ),
    "only an end has the day before": ({"end_date": "2024-03-01"}, ["2024-02-29", "2024-03-01"]),
    "start after end is nothing": ({"start_date": "2024-06-02", "end_date": "2024-06-01"}, []),
    "start in the future is nothing": ({"start_date": "2024-06-06"}, []),
    "future days are there": (
        {"start_date": "2024-06-05", "end_date": "2024-06-06"},
        ["2024-06-05", "2024-06-06"],
    ),
    "days before 1970 are there": (
        {"start_date": "1969-12-31", "end_date": "1970-01-01"},
        ["1969-12-31", "1970-01-01"],
    ),
    "the last day there is": (
        {"start_date": "9999-12-31", "end_date": "9999-12-31"},
        ["9999-12-31"],
    ),
    "the first day there is": ({"end_date": "1000-01-01"}, ["0999-12-31", "1000-01-01"]),
    "empty dates are none": ({"start_date": "", "end_date": ""}, ["2024-06-04", "2024-06-05"]),
    "other parameters are ignored": ({"media_id": "x", "start_date": "2024-06-05"}, ["2024-06-05"]),
}


@pytest.mark.parametrize(("parameters", "days"), DAYS.values(), ids=DAYS)
def test_which_days_are_answered(
    get_json: GetJson, parameters: dict[str, str], days: list[str]
) -> None:
    rows = get_json("/modern/stats/account/by_date", **parameters)
    assert rows == [
        {"date": day, "load_count": 0, "play_count": 0, "hours_watched": 0} for day in days
    ]


def test_the_account_under_v1_is_newest_first(get_json: GetJson, world: World) -> None:
    video = world.video(seconds=3600)
    world.watch(video, "ana", "2024-05-30T23:59:59Z", (0, 1800))
    world.watch(video, "ana", "2024-05-31T00:00:00Z")
    expected = [
        {"date": "2024-05-31", "load_count": 1, "play_count": 0, "hours_watched": 0},
        {"date": "2024-05-30", "load_count": 1, "play_count": 1, "hours_watched": 0.5},
    ]
    window = {"start_date": "2024-05-30", "end_date": "2024-05-31"}
    assert get_json("/v1/stats/account/by_date.json", **window) == expected
    assert get_json("/v1/stats/account/by_date", **window) == expected
    assert get_json("/modern/stats/account/by_date.json", **window) == expected[::-1]


def test_a_days_hours_are_its_plays_times_a_constant_of_each_media(
    get_json: GetJson, world: World
) -> None:
    video = world.video(seconds=3600)
    world.watch(video, "ana", "2024-05-30T08:00:00Z", (0, 3600))
    world.watch(video, "bo", "2024-05-31T08:00:00Z", (0, 1800))
    rows = get_json("/modern/stats/account/by_date", start_date="2024-05-30", end_date="2024-05-31")
    assert [row["hours_watched"] for row in rows] == [0.75, 0.75]


def test_a_repeated_date_counts_for_the_last(world: World, web: httpx.Client) -> None:
    rows = world.get(
        web, "wistia", "/modern/stats/account/by_date", start_date=["2024-06-01", "2024-06-05"]
    ).json()
    assert [row["date"] for row in rows] == ["2024-06-05"]


def test_ten_years_are_answered_and_a_day_more_is_refused(world: World, web: httpx.Client) -> None:
    longest = {"start_date": "2014-05-30", "end_date": "2024-06-05"}
    assert len(world.get(web, "wistia", "/v1/stats/account/by_date.json", **longest).json()) == 3660
    refused = world.get(
        web, "wistia", "/v1/stats/account/by_date.json", **{**longest, "start_date": "2014-05-29"}
    )
    assert refused.status_code == 422
    assert refused.json() == {"error": "The date range is too long: 3661 days, at most 3660."}
