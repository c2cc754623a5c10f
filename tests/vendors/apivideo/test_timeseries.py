"""GET /data/timeseries/{metric}: sparse intervals, their default, their order."""

import pytest

from tests.vendors.apivideo.small_world import SmallWorld

pytestmark = pytest.mark.covers("apivideo.metric_over_time")

TENTH, ELEVENTH, NOON, NINTH = (
    f"2024-06-0{day}T{hour}:00:00+00:00" for day, hour in ((4, 10), (4, 11), (4, 12), (5, "09"))
)
TUESDAY = "2024-06-04T00:00:00+00:00"
WEDNESDAY = "2024-06-05T00:00:00+00:00"

BY_HOUR: dict[str, dict[str, int | float]] = {
    "play": {TENTH: 2, ELEVENTH: 1, NOON: 1, NINTH: 1},
    "start": {TENTH: 2, ELEVENTH: 1, NOON: 1, NINTH: 1},
    "impression": {TENTH: 2, ELEVENTH: 2, NOON: 1, NINTH: 1},
    "end": {TENTH: 1},
    "play-rate": {TENTH: 1.0, ELEVENTH: 0.5, NOON: 1.0, NINTH: 1.0},
    "view": {TENTH: 1, ELEVENTH: 1, NOON: 1, NINTH: 1},
    "ccv-peak": {TENTH: 1, ELEVENTH: 1, NOON: 1, NINTH: 1},
    "ccv-average": {TENTH: 64 / 3600, ELEVENTH: 12 / 3600, NOON: 30 / 3600, NINTH: 5 / 3600},
}


@pytest.mark.parametrize("metric", BY_HOUR)
def test_by_hour_up_to_two_days(metric: str, small_world: SmallWorld) -> None:
    assert list(small_world.series(metric).items()) == list(BY_HOUR[metric].items())


@pytest.mark.parametrize(
    "query",
    [{"interval": "day"}, {"from": "2024-06-03T23:59:59Z"}],
    ids=["asked for", "of more than two days"],
)
def test_by_day(query: dict[str, str], small_world: SmallWorld) -> None:
    assert small_world.series("play", **query) == {TUESDAY: 4, WEDNESDAY: 1}
    assert small_world.get_json("/data/timeseries/play", **query)["context"]["interval"] == "day"


def test_by_minute(small_world: SmallWorld) -> None:
    hour = {"from": "2024-06-04T10:00:00Z", "to": "2024-06-04T11:00:00Z", "interval": "minute"}
    assert small_world.series("play", **hour) == {
        "2024-06-04T10:00:00+00:00": 1,
        "2024-06-04T10:30:00+00:00": 1,
    }
    assert small_world.series("ccv-average", **hour) == {
        "2024-06-04T10:00:00+00:00": 1.0,
        "2024-06-04T10:30:00+00:00": 4 / 60,
    }


def test_an_average_is_of_as_much_of_an_interval_as_is_asked_for(small_world: SmallWorld) -> None:
    half = {"from": "2024-06-04T10:00:30Z", "to": "2024-06-04T10:10:30Z", "interval": "hour"}
    assert small_world.series("ccv-average", **half) == {TENTH: 30 / 600}
    assert small_world.series("ccv-average", unique="true", **half) == {TENTH: 30 / 600}
    assert small_world.series("ccv-average", **half, **{"filterBy[country]": "US"}) == {
        TENTH: 30 / 600
    }
    assert small_world.series("ccv-average", **half, **{"filterBy[mediaType]": "live-stream"}) == {}


def test_a_viewer_counts_once_an_interval(small_world: SmallWorld) -> None:
    three = {"unique": "true", "viewDuration": "3s"}
    assert small_world.series("view", **three) == {TENTH: 1, ELEVENTH: 1, NOON: 1, NINTH: 1}
    assert small_world.series("view", interval="day", **three) == {TUESDAY: 3, WEDNESDAY: 1}


ORDERS: list[tuple[dict[str, str], list[str]]] = [
    ({}, [TENTH, ELEVENTH, NOON, NINTH]),
    ({"sortOrder": "desc"}, [NINTH, NOON, ELEVENTH, TENTH]),
    ({"sortBy": "emittedAt"}, [TENTH, ELEVENTH, NOON, NINTH]),
    ({"sortBy": "metricValue"}, [ELEVENTH, NOON, NINTH, TENTH]),
    ({"sortBy": "metricValue", "sortOrder": "desc"}, [TENTH, ELEVENTH, NOON, NINTH]),
]


@pytest.mark.parametrize(("query", "starts"), ORDERS, ids=[str(row[0]) for row in ORDERS])
def test_orders(query: dict[str, str], starts: list[str], small_world: SmallWorld) -> None:
    assert list(small_world.series("play", **query)) == starts


def test_filters_narrow(small_world: SmallWorld) -> None:
    assert small_world.series("play", **{"filterBy[country][]": "US"}) == {TENTH: 2, NINTH: 1}
    assert small_world.series("ccv-peak", **{"filterBy[country][]": "FR"}) == {ELEVENTH: 1}


def test_what_was_asked_is_told(small_world: SmallWorld) -> None:
    timeframe = {"from": "2024-06-04T00:00:00+00:00", "to": "2024-06-06T00:00:00+00:00"}
    answer = small_world.get_json(
        "/data/timeseries/view", unique="true", viewDuration="10s", pageSize="2"
    )
    assert answer["context"] == {
        "metric": "unique-view-10",
        "interval": "hour",
        "timeframe": timeframe,
    }
    assert answer["pagination"]["itemsTotal"] == 3
