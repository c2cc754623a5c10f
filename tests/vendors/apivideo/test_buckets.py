"""GET /data/buckets/{metric}/{breakdown}: words, order, pages."""

from typing import Any

import httpx
import pytest

from playhead.vendors.apivideo import ids
from tests.vendors.apivideo.small_world import SHOP, SmallWorld
from tests.worlds import DAY, NOW, World, viewer

pytestmark = pytest.mark.covers("apivideo.metric_breakdown")

PLAYS: dict[str, dict[str, int]] = {
    "media-type": {"video": 4, "live-stream": 1},
    "continent": {"NA": 3, "AZ": 1, "EU": 1},
    "country": {"US": 3, "AU": 1, "FR": 1},
    "device-type": {"computer": 3, "phone": 2},
    "operating-system": {"windows": 3, "android": 1, "ios": 1},
    "browser": {"firefox": 3, "chrome": 1, "safari": 1},
    "referrer": {"": 4, SHOP: 1},
}


@pytest.mark.parametrize("breakdown", PLAYS)
def test_plays(breakdown: str, small_world: SmallWorld) -> None:
    """The most first, what is equal by its word."""
    assert list(small_world.buckets(f"play/{breakdown}").items()) == list(PLAYS[breakdown].items())


def test_plays_by_media(small_world: SmallWorld) -> None:
    expected = {small_world.first: 3, small_world.second: 1, small_world.live: 1}
    assert (
        small_world.buckets("play/media-id")
        == small_world.buckets("play-total/media-id")
        == expected
    )


def test_what_was_watched_before_its_release_counts(world: World, web: httpx.Client) -> None:
    video = world.video(released_at=NOW + DAY)
    world.watch(video, "ana", "2024-06-05T10:00:00Z", (0, 5))
    for path in (
        "/data/buckets/play/media-id",
        "/data/buckets/ccv-peak/media-id",
        "/data/buckets/play-total/media-id",
    ):
        assert world.get(web, "apivideo", path).json()["data"] == [
            {"metricValue": 1, "dimensionValue": ids.id_of("video", video)}
        ]


BY_COUNTRY: dict[str, dict[str, int | float]] = {
    "impression": {"US": 3, "FR": 2, "AU": 1},
    "start": {"US": 3, "AU": 1, "FR": 1},
    "end": {"US": 1},
    "play-rate": {"AU": 1.0, "US": 1.0, "FR": 0.5},
    "view": {"US": 2, "AU": 1, "FR": 1},
    "ccv-peak": {"AU": 1, "FR": 1, "US": 1},
    "ccv-average": {"US": 69 / 129_600, "AU": 30 / 129_600, "FR": 12 / 129_600},
}


@pytest.mark.parametrize("metric", BY_COUNTRY)
def test_metrics_by_country(metric: str, small_world: SmallWorld) -> None:
    """What has none of a metric has no row. Of both days, a day and a half have been."""
    assert list(small_world.buckets(f"{metric}/country").items()) == list(
        BY_COUNTRY[metric].items()
    )


def test_unique_viewers(small_world: SmallWorld) -> None:
    unique = {"unique": "true", "viewDuration": "3s"}
    assert small_world.buckets("view/country", **unique) == {"US": 2, "AU": 1, "FR": 1}
    assert small_world.buckets("view/referrer", **unique) == {"": 4, SHOP: 1}
    assert small_world.buckets("ccv-peak/device-type", unique="true") == {"computer": 1, "phone": 1}


def test_viewers_in_two_cities_of_a_country_watch_together(small_world: SmallWorld) -> None:
    video = small_world.world.video()
    for name, place in (("di", 1), ("ed", 2)):  # New York and Los Angeles
        small_world.world.watch(
            video, name, "2024-06-05T10:00:00Z", (0, 20), viewer=viewer(name, place=place)
        )
    for query in ({}, {"unique": "true"}):
        assert small_world.buckets("ccv-peak/country", **query) == {"US": 2, "AU": 1, "FR": 1}


ORDERS: list[tuple[dict[str, str], list[str]]] = [
    ({}, ["US", "AU", "FR"]),
    ({"sortBy": "metricValue"}, ["AU", "FR", "US"]),
    ({"sortBy": "metricValue", "sortOrder": "desc"}, ["US", "AU", "FR"]),
    ({"sortBy": "dimensionValue"}, ["AU", "FR", "US"]),
    ({"sortBy": "dimensionValue", "sortOrder": "desc"}, ["US", "FR", "AU"]),
    ({"sortOrder": "asc"}, ["AU", "FR", "US"]),
]


@pytest.mark.parametrize(("query", "told"), ORDERS, ids=[str(row[0]) for row in ORDERS])
def test_orders(query: dict[str, str], told: list[str], small_world: SmallWorld) -> None:
    assert list(small_world.buckets("play/country", **query)) == told


def test_a_page_keeps_the_question_in_its_links(small_world: SmallWorld) -> None:
    answer = small_world.get_json(
        "/data/buckets/play/country",
        pageSize="2",
        currentPage="2",
        **{"filterBy[continent][]": "EU", "filterBy[continent][0]": "NA"},
    )
    asked = (
        "from=2024-06-04T00%3A00%3A00Z&to=2024-06-06T00%3A00%3A00%2B00%3A00&"
        "filterBy%5Bcontinent%5D%5B%5D=EU&filterBy%5Bcontinent%5D%5B0%5D=NA"
    )
    assert answer["data"] == []
    assert answer["pagination"]["itemsTotal"] == 2
    assert answer["pagination"]["links"][0] == {
        "rel": "self",
        "uri": f"/data/buckets/play/country?{asked}&currentPage=2&pageSize=2",
    }


CONTEXTS: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("view/country", {"unique": "true"}, {"metric": "unique-view-5", "breakdown": "country"}),
    ("ccv-peak/browser", {"unique": "true"}, {"metric": "unique-ccv-peak", "breakdown": "browser"}),
    ("play-rate/referrer", {}, {"metric": "play-rate", "breakdown": "referrer"}),
]


@pytest.mark.parametrize(("path", "query", "told"), CONTEXTS, ids=[row[0] for row in CONTEXTS])
def test_what_was_asked_is_told(
    path: str, query: dict[str, str], told: dict[str, Any], small_world: SmallWorld
) -> None:
    timeframe = {"from": "2024-06-04T00:00:00+00:00", "to": "2024-06-06T00:00:00+00:00"}
    assert small_world.get_json(f"/data/buckets/{path}", **query)["context"] == {
        **told,
        "timeframe": timeframe,
    }


def test_what_was_ever_played_has_no_timeframe(small_world: SmallWorld) -> None:
    assert small_world.get_json("/data/buckets/play-total/media-id")["context"] == {
        "metric": "play-total",
        "breakdown": "media-id",
    }
