"""Wistia: counts of a media, its days and its engagement graph."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.analytics.aggregates import Measures
from playhead.analytics.catalog import Media
from playhead.domain.media import MediaKind
from playhead.vendors.wistia import rates
from playhead.vendors.wistia.ids import hashed_id, numeric_id
from playhead.vendors.wistia.stats import compute
from tests.worlds import NOW, World

pytestmark = pytest.mark.covers("wistia.media", "wistia.media_by_date", "wistia.media_engagement")

GetJson = Callable[..., Any]


@pytest.fixture
def get_json(world: World, web: httpx.Client) -> GetJson:
    def get(number: int, rest: str = "", **parameters: str) -> Any:
        response = world.get(
            web, "wistia", f"/v1/stats/medias/{hashed_id('video', number)}{rest}.json", **parameters
        )
        assert response.status_code == 200, response.text
        return response.json()

    return get


def test_a_media_says_who_loaded_and_who_played(get_json: GetJson, world: World) -> None:
    video = world.video(seconds=100)
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 50))
    world.watch(video, "ana", "2024-06-01T09:00:00Z", (0, 100))
    world.watch(video, "bo", "2024-06-01T10:00:00Z")
    found = get_json(video)
    assert found == {
        "load_count": 3,
        "play_count": 2,
        "play_rate": 0.5,
        "hours_watched": 150 / 3600,
        "engagement": 0.75,
        "visitors": 2,
    }
    assert list(found) == [
        "load_count",
        "play_count",
        "play_rate",
        "hours_watched",
        "engagement",
        "visitors",
    ]


def test_a_media_that_nobody_loaded_is_all_zeros(get_json: GetJson, world: World) -> None:
    video = world.video(seconds=3)
    assert get_json(video) == {
        "load_count": 0,
        "play_count": 0,
        "play_rate": 0,
        "hours_watched": 0,
        "engagement": 0,
        "visitors": 0,
    }
    assert get_json(video, "/engagement") == {
        "engagement": 0,
        "engagement_data": [0, 0, 0],
        "rewatch_data": [0, 0, 0],
    }


def test_watching_again_adds_no_engagement_and_no_hours(get_json: GetJson, world: World) -> None:
    video = world.video(seconds=100)
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 50), (0, 50), (0, 50))
    assert get_json(video)["engagement"] == 0.5
    assert get_json(video)["hours_watched"] == 50 / 3600


def test_a_media_counts_its_own_viewings_only(get_json: GetJson, world: World) -> None:
    one = world.video("one")
    other = world.video("other")
    world.watch(other, "ana", "2024-06-01T08:00:00Z", (0, 30))
    assert (get_json(one)["load_count"], get_json(other)["load_count"]) == (0, 1)


def test_engagement_has_six_decimals_and_hours_follow_from_them(
    get_json: GetJson, world: World
) -> None:
    video = world.video(seconds=7)
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 3))
    assert get_json(video)["engagement"] == 0.428571
    assert get_json(video)["hours_watched"] == pytest.approx(0.428571 * 7 / 3600, abs=1e-15)


def test_a_fraction_of_a_second_is_a_cell_but_no_hour(get_json: GetJson, world: World) -> None:
    video = world.video(seconds=9.5)
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 5))
    assert get_json(video)["engagement"] == 0.5  # 5 of 10 cells
    assert get_json(video)["hours_watched"] == 4.75 / 3600
    assert len(get_json(video, "/engagement")["engagement_data"]) == 10


def test_hours_agree_with_the_live_value_to_the_last_digit() -> None:
    """evidence/wistia.md §6 L1: 43810 × 0.500445 × 435.456 / 3600."""
    media = Media(0, 0, MediaKind.video, "", "", 435_456, 1920, 1080, 0, None, (), (), (), 0, 0, ())
    lifetime = Measures(
        loads=110_694, plays=43_810, distinct_seconds=round(0.500445 * 436 * 43_810)
    )
    assert rates.engagement(media, lifetime) == 0.500445
    assert compute.counts([media], {0: lifetime}, {0: lifetime}).hours == 2651.986969632


def test_first_passes_and_further_ones_are_apart(get_json: GetJson, world: World) -> None:
    video = world.video(seconds=6)
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 4), (2, 5), (3, 4))
    world.watch(video, "bo", "2024-06-01T08:00:00Z", (3, 6))
    graph = get_json(video, "/engagement")
    assert graph == {
        "engagement": 0.666667,
        "engagement_data": [1, 1, 1, 2, 2, 1],
        "rewatch_data": [0, 0, 1, 2, 0, 0],
    }


def test_the_graph_leaves_out_what_has_not_ended(get_json: GetJson, world: World) -> None:
    video = world.video(seconds=600)
    world.watch(video, "ana", NOW - 10, (0, 5), ended_at=NOW + 1)
    assert sum(get_json(video, "/engagement")["engagement_data"]) == 0


def test_a_long_media_has_a_thousand_cells(get_json: GetJson, world: World) -> None:
    video = world.video(seconds=2000)
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 1))  # half of the first cell: rounded up
    world.watch(video, "bo", "2024-06-01T08:00:00Z", (2, 4))
    world.watch(video, "cy", "2024-06-01T08:00:00Z", (1998, 2000))
    graph = get_json(video, "/engagement")
    assert graph["engagement_data"] == [1, 1, *[0] * 997, 1]
    assert graph["rewatch_data"] == [0] * 1000


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([3] * 1000, [3] * 1000),
        ([3] * 1001, [3] * 1000),
        ([4] * 4350, [4] * 1000),
        ([1, 2, 3, 6] * 500, [2, 5] * 500),
        ([1, 0, 0] * 1000, [0] * 1000),
    ],
    ids=[
        "as they are",
        "a second too many",
        "keeps the level",
        "halves go up",
        "less than a half goes down",
    ],
)
def test_cells_are_rounded_means(seconds: list[int], expected: list[int]) -> None:
    assert compute.engagement_cells(seconds) == expected


def test_days_of_a_media_are_ascending_without_gaps(get_json: GetJson, world: World) -> None:
    video, other = world.video(seconds=3600), world.video("other")
    world.watch(video, "ana", "2024-05-01T23:59:59Z", (0, 3600))
    world.watch(video, "bo", "2024-05-03T00:00:00Z")
    world.watch(other, "bo", "2024-05-03T00:00:00Z", (0, 1))
    assert get_json(video, "/by_date", start_date="2024-05-01", end_date="2024-05-03") == [
        {"date": "2024-05-01", "load_count": 1, "play_count": 1, "hours_watched": 1},
        {"date": "2024-05-02", "load_count": 0, "play_count": 0, "hours_watched": 0},
        {"date": "2024-05-03", "load_count": 1, "play_count": 0, "hours_watched": 0},
    ]
    assert [row["date"] for row in get_json(video, "/by_date")] == ["2024-06-04", "2024-06-05"]


def test_a_days_figures_do_not_depend_on_the_window(get_json: GetJson, world: World) -> None:
    video = world.video(seconds=100)
    world.watch(video, "ana", "2024-05-01T12:00:00Z", (0, 33))
    world.watch(video, "bo", "2024-05-09T12:00:00Z", (0, 71))
    alone = get_json(video, "/by_date", start_date="2024-05-01", end_date="2024-05-01")
    assert (
        get_json(video, "/by_date", start_date="2024-04-20", end_date="2024-05-31")[11] == alone[0]
    )
    assert alone[0]["hours_watched"] == 52 / 3600


@pytest.mark.parametrize("rest", ["", "/by_date", "/engagement"])
@pytest.mark.parametrize("prefix", ["/v1", "/modern"])
def test_hashed_and_numeric_ids_name_the_same_with_and_without_suffix(
    world: World, web: httpx.Client, get_json: GetJson, prefix: str, rest: str
) -> None:
    video = world.video(seconds=5)
    world.watch(video, "ana", "2024-06-04T08:00:00Z", (0, 5))
    for id_ in (hashed_id("video", video), str(numeric_id("video", video))):
        for suffix in ("", ".json"):
            assert world.get(
                web, "wistia", f"{prefix}/stats/medias/{id_}{rest}{suffix}"
            ).json() == get_json(video, rest)


def test_a_given_id_and_a_given_number_name_the_media(world: World, web: httpx.Client) -> None:
    video = world.video(ids={"wistia": ["abcdefghij", "77"]})
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 30))
    for id_ in ("abcdefghij", "77", hashed_id("video", video)):
        assert world.get(web, "wistia", f"/v1/stats/medias/{id_}.json").json()["load_count"] == 1


@pytest.mark.parametrize("rest", ["", "/by_date", "/engagement"])
def test_a_live_stream_is_no_media_here(world: World, web: httpx.Client, rest: str) -> None:
    id_ = hashed_id("video", world.live())
    response = world.get(web, "wistia", f"/v1/stats/medias/{id_}{rest}.json")
    assert (response.status_code, response.json()) == (
        404,
        {"error": f"Media with ID '{id_}' not found."},
    )


@pytest.mark.parametrize("id_", ["993554ba94", "r2wybv7xr0", "gskhw4w4lm", "g5pnf59ala", "4489021"])
def test_documented_media_have_data_in_the_demo(
    demo: Server, key: str, web: httpx.Client, id_: str
) -> None:
    found = World(demo, key).get(web, "wistia", f"/v1/stats/medias/{id_}.json").json()
    assert found["load_count"] > found["play_count"] > 0
    assert 0 < found["engagement"] < 1
