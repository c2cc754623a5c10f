"""api.video's clients that know plays or /data, with every method and parameter.

What they make of our answers is what `stats` says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from playhead import Server
from playhead.analytics import aggregates, concurrency, lookups, uniques, watch_time
from playhead.analytics.aggregates import Measures
from playhead.analytics.query import Dimension, Filters, Milestone
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.analytics.uniques import UniqueBy
from playhead.domain.clock import parse_instant
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.vendors.apivideo import vocabulary
from tests.clients.apivideo_calls import KEY, MethodCall, camel_case, client_call
from tests.clients.apivideo_data_calls import (
    BREAKDOWNS,
    DATA_CLIENTS,
    METRICS,
    PLAYS_CLIENTS,
    TIMESERIES_METRICS,
    client_methods,
    covered_methods,
    data_calls,
    plays_calls,
)
from tests.clients.client_helpers import Answers, open_snapshot, parsed_value
from tests.clients.environments import Answer, Call, client
from tests.worlds import NOW, NOW_TEXT

pytestmark = [
    pytest.mark.xdist_group(
        "apivideo counts"
    ),  # one worker asks a client everything, in one process
    pytest.mark.covers(
        *(
            f"apivideo.{name}"
            for name in (
                "videos_plays",
                "live_streams_plays",
                "metric",
                "metric_breakdown",
                "metric_over_time",
            )
        )
    ),
]

VISIBILITY = Visibility(frozenset({MediaKind.video, MediaKind.live}))
DAYS, FRAME = (
    TimeRange(parse_instant("2024-05-20"), parse_instant("2024-06-05")) for _ in range(2)
)
HEADERS = "WithResponseHeaders"
WITH_HEADERS = ("apivideo-node-2.6.8",)
REQUESTS: dict[str, Mapping[str, MethodCall]] = {
    **dict.fromkeys(PLAYS_CLIENTS, plays_calls()),
    **dict.fromkeys(DATA_CLIENTS, data_calls()),
}


def is_node(name: str) -> bool:
    return "node" in name


@pytest.fixture(scope="module")
def logging_server() -> Iterator[Server]:
    """The demo world."""
    with Server(scenario="demo", now=NOW_TEXT) as demo:
        yield demo


@pytest.fixture
def snapshot(logging_server: Server) -> Iterator[Snapshot]:
    """The same account as `stats` reads it: videos and live streams."""
    with open_snapshot(logging_server, KEY, VISIBILITY) as found:
        yield found


@pytest.fixture(scope="module")
def answers(logging_server: Server) -> Callable[[str], Answers]:
    """What a client made of all it was asked, when it is first wanted.

    Node's methods once more with the headers.
    """
    held: dict[str, Answers] = {}

    def of(name: str) -> Answers:
        if name not in held:
            calls = [
                client_call(asking, question, {}, node=is_node(name))
                for asking, question in REQUESTS[name].items()
            ]
            calls += [
                Call(f"{one.name}, headers", f"{one.method}{HEADERS}", one.arguments)
                for one in calls
                if name in WITH_HEADERS
            ]
            held[name] = client(name).run(base_url=logging_server.url, key=KEY, calls=calls)
        return held[name]

    return of


AnswerOf = Callable[[str], Answer]


@pytest.fixture(params=PLAYS_CLIENTS)
def plays_answers(request: pytest.FixtureRequest, answers: Callable[[str], Answers]) -> AnswerOf:
    """What a client that knows plays made of a question."""
    return lambda asking: answers(request.param)[asking]


@pytest.fixture(params=DATA_CLIENTS)
def data_answers(request: pytest.FixtureRequest, answers: Callable[[str], Answers]) -> AnswerOf:
    """What a client that knows /data made of a question."""
    return lambda asking: answers(request.param)[asking]


# Nothing is left out.


@pytest.mark.parametrize("name", REQUESTS)
def test_every_method_and_every_parameter_is_asked(name: str) -> None:
    spelled = camel_case if is_node(name) else str
    asked = covered_methods(REQUESTS[name], spelled)
    had = {
        method.name.removesuffix(HEADERS): method.parameters
        for method in client_methods(client(name).folder)
    }
    assert asked == had
    assert any(method.name.endswith(HEADERS) for method in client_methods(client(name).folder)) == (
        name in WITH_HEADERS
    )


@pytest.mark.parametrize("name", REQUESTS)
def test_every_answer_is_parsed(name: str, answers: Callable[[str], Answers]) -> None:
    """Also by those who raise on words that they do not know: peak, live, referrer, play-total."""
    refused = {asking for asking, answer in answers(name).items() if not answer.ok}
    expected = {
        asking
        for asking in REQUESTS[name]
        if asking.endswith("too long ago") or asking == "no such figure"
    }
    assert refused == expected | (
        {f"{asking}, headers" for asking in expected} if name in WITH_HEADERS else set()
    )


@pytest.mark.parametrize("name", WITH_HEADERS)
def test_with_headers_the_body_is_the_same(name: str, answers: Callable[[str], Answers]) -> None:
    for asking, answer in answers(name).items():
        if answer.ok and f"{asking}, headers" in answers(name):
            assert answers(name)[f"{asking}, headers"].value["body"] == answer.value


@pytest.mark.parametrize("name", REQUESTS)
def test_what_is_refused_is_an_error_of_the_client_s_own(
    name: str, answers: Callable[[str], Answers]
) -> None:
    told = {asking: answer for asking, answer in answers(name).items() if not answer.ok}
    assert {(answer.error, answer.status) for answer in told.values()} == {
        ("ApiVideoError" if is_node(name) else "ApiException", 400)
    }
    assert {answer.body["name"] for answer in told.values()} == (
        {"from", "aggregation"} if name in DATA_CLIENTS else {"from"}
    )


# Plays.


def plays_by_value(answer: Answer) -> dict[str, int]:
    return {
        row["value"]: row["plays"] for row in parsed_value(answer, "AnalyticsPlaysResponse")["data"]
    }


def plays(
    snapshot: Snapshot, kind: MediaKind, dimension: Dimension, label: Callable[[int], str]
) -> dict[str, int]:
    """Plays by the words of what they are counted by."""
    found = Counter[str]()
    for (number,), tally in aggregates.aggregate(
        snapshot, DAYS, dimensions=[dimension], filters=Filters(kinds=frozenset({kind}))
    ).items():
        found[label(number)] += tally.plays
    return {word: count for word, count in found.items() if count}


@pytest.mark.parametrize(
    ("thing", "kind"), [("videos", MediaKind.video), ("live_streams", MediaKind.live)]
)
def test_plays(thing: str, kind: MediaKind, plays_answers: AnswerOf, snapshot: Snapshot) -> None:
    places = lookups.places(snapshot)
    devices = lookups.devices(snapshot)
    by_country = plays(
        snapshot, kind, Dimension.place, lambda number: places[number].country_name.lower()
    )
    most = dict(sorted(by_country.items(), key=lambda pair: (-pair[1], pair[0]))[:25])
    assert list(plays_by_value(plays_answers(f"{thing} by country")).items()) == list(most.items())
    computers = sum(
        plays(snapshot, kind, Dimension.device, lambda number: devices[number].type).get(name, 0)
        for name in ("desktop",)
    )
    assert plays_by_value(plays_answers(f"{thing} by deviceType"))["computer"] == computers
    by_day = plays(
        snapshot, kind, Dimension.day, lambda start: vocabulary.format_atom(start)[:19] + ".000Z"
    )
    assert plays_by_value(plays_answers(f"{thing} by emittedAt")) == by_day


def test_a_page_of_one_media_s_plays(plays_answers: AnswerOf) -> None:
    page = parsed_value(plays_answers("one of videos, page 2"), "AnalyticsPlaysResponse")
    assert (
        page["pagination"][
            "current_page" if "current_page" in page["pagination"] else "currentPage"
        ],
        len(page["data"]),
    ) == (2, 3)


# Figures.

METRIC_MEASURES: dict[str, Callable[[Measures], float]] = {
    "play/count": lambda tally: tally.plays,
    "play/sum": lambda tally: tally.plays,
    "play/rate": lambda tally: tally.plays / tally.loads,
    "start/count": lambda tally: tally.plays,
    "end/count": lambda tally: tally.ends,
    "impression/count": lambda tally: tally.loads,
    "impression-time/sum": lambda tally: tally.impression_ms,
    "impression-time/average": lambda tally: tally.impression_ms / tally.loads,
    "view/count": lambda tally: tally.views,
    "view/count 3s": lambda tally: tally.views_3,
    "view/count 5s": lambda tally: tally.views,
    "view/count 10s": lambda tally: tally.views_10,
    "view/count 30s": lambda tally: tally.views_30,
    "view/count, not unique": lambda tally: tally.views,
}


def figure(answer: Answer) -> float:
    found: float = parsed_value(answer, "AnalyticsAggregatedMetricsResponse")["data"]
    return found


@pytest.mark.parametrize("asking", METRIC_MEASURES)
def test_figures_of_the_loads(asking: str, data_answers: AnswerOf, snapshot: Snapshot) -> None:
    assert figure(data_answers(asking)) == METRIC_MEASURES[asking](
        aggregates.total(snapshot, FRAME)
    )


def test_figures_of_the_wall_clock(data_answers: AnswerOf, snapshot: Snapshot) -> None:
    watched = watch_time.watch_time(snapshot, FRAME)
    assert figure(data_answers("watch-time/sum")) == watched.seconds
    assert figure(data_answers("watch-time/average")) == watched.seconds / watched.viewings
    for asking, viewers in (("ccv/peak", False), ("ccv/peak, unique", True)):
        assert (
            figure(data_answers(asking))
            == concurrency.integrate(
                concurrency.deltas(snapshot, FRAME, viewers=viewers)[()], FRAME
            ).peak
        )
    last = TimeRange(NOW - 19, NOW + 1)
    assert (
        figure(data_answers("ccv/live"))
        == concurrency.integrate(concurrency.deltas(snapshot, last).get((), []), last).peak
    )
    assert figure(data_answers("ccv/average")) == watched.seconds / (FRAME.end - FRAME.start)


def test_unique_viewers_and_lifetime_plays(data_answers: AnswerOf, snapshot: Snapshot) -> None:
    assert (
        figure(data_answers("view/count, unique"))
        == uniques.daily_unique_sum(
            snapshot, FRAME, unique_by=UniqueBy.viewer, milestone=Milestone.view
        )[()]
    )
    assert figure(data_answers("play/total")) == aggregates.total(snapshot, None).plays
    assert (
        figure(data_answers("play/count, default"))
        == aggregates.total(snapshot, TimeRange(NOW - 86_400, NOW)).plays
    )
    assert 0 < figure(data_answers("all of a figure")) < figure(data_answers("view/count, unique"))


def context(
    answer: Answer, name: str
) -> Any:  # Any: text, or nothing where the client was told nothing.
    return answer.value["context"].get(name)


@pytest.mark.parametrize("name", DATA_CLIENTS)
def test_words_that_python_raises_on_are_told_to_node_only(
    name: str, answers: Callable[[str], Answers]
) -> None:
    told = [
        ("ccv/peak", "aggregation", "peak"),
        ("ccv/live", "aggregation", "live"),
        ("play by referrer", "breakdown", "referrer"),
    ]
    told += [("play-total by media-id", "metric", "play-total")]
    assert [context(answers(name)[asking], key) for asking, key, _ in told] == [
        word if is_node(name) else None for *_, word in told
    ]


def test_every_figure_is_asked() -> None:
    assert {*METRICS} - {*METRIC_MEASURES} == {
        "watch-time/sum",
        "watch-time/average",
        "ccv/peak",
        "ccv/average",
        "ccv/live",
        "play/total",
    }


# Breakdowns and series.


def buckets(answer: Answer) -> dict[str, float]:
    return {
        row["dimensionValue"]: row["metricValue"]
        for row in parsed_value(answer, "AnalyticsMetricsBreakdownResponse")["data"]
    }


def points(answer: Answer) -> dict[int, float]:
    rows = parsed_value(answer, "AnalyticsMetricsOverTimeResponse")["data"]
    return {parse_instant(row["emittedAt"]): row["metricValue"] for row in rows}


BREAKDOWN_DIMENSIONS: dict[str, Callable[[Measures], float]] = {
    "play": lambda tally: tally.plays,
    "play-rate": lambda tally: tally.plays / tally.loads,
    "start": lambda tally: tally.plays,
    "end": lambda tally: tally.ends,
    "impression": lambda tally: tally.loads,
    "view": lambda tally: tally.views,
}


@pytest.mark.parametrize("metric", BREAKDOWN_DIMENSIONS)
def test_by_country(metric: str, data_answers: AnswerOf, snapshot: Snapshot) -> None:
    """The greatest figures first."""
    found = {
        country.code: BREAKDOWN_DIMENSIONS[metric](tally)
        for country, tally in aggregates.by_country(snapshot, FRAME).items()
    }
    expected = sorted(
        ((code, value) for code, value in found.items() if value),
        key=lambda pair: (-pair[1], pair[0]),
    )
    assert list(buckets(data_answers(f"{metric} by country")).items()) == expected


@pytest.mark.parametrize("breakdown", BREAKDOWNS)
def test_plays_by_every_breakdown_add_up(
    breakdown: str, data_answers: AnswerOf, snapshot: Snapshot
) -> None:
    assert (
        sum(buckets(data_answers(f"play by {breakdown}")).values())
        == aggregates.total(snapshot, FRAME).plays
    )


@pytest.mark.parametrize("metric", BREAKDOWN_DIMENSIONS)
def test_by_hour(metric: str, data_answers: AnswerOf, snapshot: Snapshot) -> None:
    """The first hundred hours that have any."""
    hours = {
        start: BREAKDOWN_DIMENSIONS[metric](tally)
        for (start,), tally in aggregates.aggregate(
            snapshot, FRAME, dimensions=[Dimension.hour]
        ).items()
    }
    assert points(data_answers(f"{metric} by hour")) == dict(
        [pair for pair in sorted(hours.items()) if pair[1]][:100]
    )


@pytest.mark.parametrize(
    "metric", [metric for metric in TIMESERIES_METRICS if metric not in BREAKDOWN_DIMENSIONS]
)
def test_viewers_at_the_same_time(metric: str, data_answers: AnswerOf, snapshot: Snapshot) -> None:
    loads = concurrency.integrate_by_interval(concurrency.deltas(snapshot, FRAME)[()], FRAME, 3600)
    values = {
        start: load.peak if metric == "ccv-peak" else load.viewer_seconds / 3600
        for start, load in loads.items()
    }
    assert points(data_answers(f"{metric} by hour")) == dict([*values.items()][:100])
    assert 0 < max(buckets(data_answers(f"{metric} by country")).values()) < max(values.values())


def test_by_day_and_by_minute(data_answers: AnswerOf, snapshot: Snapshot) -> None:
    days = aggregates.aggregate(snapshot, FRAME, dimensions=[Dimension.day])
    assert points(data_answers("play by day")) == {
        start: tally.plays for (start,), tally in sorted(days.items())
    }
    assert (
        sum(points(data_answers("play by minute")).values())
        == aggregates.total(snapshot, TimeRange(NOW - 5400, NOW - 1800)).plays
    )


def test_sorted_pages(data_answers: AnswerOf) -> None:
    assert [*buckets(data_answers("all of a breakdown"))] == ["firefox", "chrome"]
    starts = [*points(data_answers("all of a series"))]
    assert starts == sorted(starts, reverse=True)
    assert len(starts) == 2
