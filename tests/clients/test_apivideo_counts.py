"""api.video's clients that know plays or /data, with every method and parameter. What they make of our answers is what `stats` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from playhead import Server
from playhead.clock import instant_of
from playhead.stats import concurrency, tallies, traits, uniques, watching
from playhead.stats.counting import Among, By, Reached
from playhead.stats.reading import Reading, Sight, Window
from playhead.stats.tallies import Tally
from playhead.stats.uniques import Identity
from playhead.vendors.apivideo import words
from playhead.world.terms import MediaKind
from tests.clients.apivideo_counts import BREAKDOWNS, DATA_CLIENTS, FIGURES, PLAYS_CLIENTS, TIMED, covered, data_questions, methods, plays_questions
from tests.clients.apivideo_questions import KEY, Question, call, camel
from tests.clients.asking import Answers, parsed, reading
from tests.clients.environments import Answer, Call, client
from tests.worlds import NOW, NOW_TEXT

pytestmark = [
    pytest.mark.xdist_group("apivideo counts"),  # one worker asks a client everything, in one process
    pytest.mark.covers(*(f"apivideo.{name}" for name in ("videos_plays", "live_streams_plays", "metric", "metric_breakdown", "metric_over_time"))),
]

SIGHT = Sight(frozenset({MediaKind.video, MediaKind.live}))
DAYS, FRAME = (Window(instant_of("2024-05-20"), instant_of("2024-06-05")) for _ in range(2))
HEADERS, WITH_HEADERS = "WithResponseHeaders", ("apivideo-node-2.6.8",)
ASKED: dict[str, Mapping[str, Question]] = {**dict.fromkeys(PLAYS_CLIENTS, plays_questions()), **dict.fromkeys(DATA_CLIENTS, data_questions())}


def node(name: str) -> bool:
    return "node" in name


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The demo world."""
    with Server(scenario="demo", now=NOW_TEXT) as demo:
        yield demo


@pytest.fixture
def stats(server: Server) -> Iterator[Reading]:
    """The same account as `stats` reads it: videos and live streams."""
    with reading(server, KEY, SIGHT) as found:
        yield found


@pytest.fixture(scope="module")
def answers(server: Server) -> Callable[[str], Answers]:
    """What a client made of all it was asked, when it is first wanted; Node's methods once more with the headers."""
    held: dict[str, Answers] = {}

    def of(name: str) -> Answers:
        if name not in held:
            calls = [call(asking, question, {}, node=node(name)) for asking, question in ASKED[name].items()]
            calls += [Call(f"{one.name}, headers", f"{one.method}{HEADERS}", one.arguments) for one in calls if name in WITH_HEADERS]
            held[name] = client(name).run(base_url=server.url, key=KEY, calls=calls)
        return held[name]

    return of


Said = Callable[[str], Answer]


@pytest.fixture(params=PLAYS_CLIENTS)
def played(request: pytest.FixtureRequest, answers: Callable[[str], Answers]) -> Said:
    """What a client that knows plays made of a question."""
    return lambda asking: answers(request.param)[asking]


@pytest.fixture(params=DATA_CLIENTS)
def counted(request: pytest.FixtureRequest, answers: Callable[[str], Answers]) -> Said:
    """What a client that knows /data made of a question."""
    return lambda asking: answers(request.param)[asking]


# Nothing is left out.


@pytest.mark.parametrize("name", ASKED)
def test_every_method_and_every_parameter_is_asked(name: str) -> None:
    spelled = camel if node(name) else str
    asked = covered(ASKED[name], spelled)
    had = {method.name.removesuffix(HEADERS): method.parameters for method in methods(client(name).folder)}
    assert asked == had
    assert any(method.name.endswith(HEADERS) for method in methods(client(name).folder)) == (name in WITH_HEADERS)


@pytest.mark.parametrize("name", ASKED)
def test_every_answer_is_parsed(name: str, answers: Callable[[str], Answers]) -> None:
    """Also by those who raise on words that they do not know: peak, live, referrer, play-total."""
    refused = {asking for asking, answer in answers(name).items() if not answer.ok}
    expected = {asking for asking in ASKED[name] if asking.endswith("too long ago") or asking == "no such figure"}
    assert refused == expected | ({f"{asking}, headers" for asking in expected} if name in WITH_HEADERS else set())


@pytest.mark.parametrize("name", WITH_HEADERS)
def test_with_headers_the_body_is_the_same(name: str, answers: Callable[[str], Answers]) -> None:
    for asking, answer in answers(name).items():
        if answer.ok and f"{asking}, headers" in answers(name):
            assert answers(name)[f"{asking}, headers"].value["body"] == answer.value


@pytest.mark.parametrize("name", ASKED)
def test_what_is_refused_is_an_error_of_the_client_s_own(name: str, answers: Callable[[str], Answers]) -> None:
    told = {asking: answer for asking, answer in answers(name).items() if not answer.ok}
    assert {(answer.error, answer.status) for answer in told.values()} == {("ApiVideoError" if node(name) else "ApiException", 400)}
    assert {answer.body["name"] for answer in told.values()} == ({"from", "aggregation"} if name in DATA_CLIENTS else {"from"})


# Plays.


def plays_told(answer: Answer) -> dict[str, int]:
    return {row["value"]: row["plays"] for row in parsed(answer, "AnalyticsPlaysResponse")["data"]}


def plays(stats: Reading, kind: MediaKind, by: By, word: Callable[[int], str]) -> dict[str, int]:
    """Plays by the words of what they are counted by."""
    found = Counter[str]()
    for (number,), tally in tallies.cells(stats, DAYS, by=[by], among=Among(kinds=frozenset({kind}))).items():
        found[word(number)] += tally.plays
    return {word: count for word, count in found.items() if count}


@pytest.mark.parametrize(("thing", "kind"), [("videos", MediaKind.video), ("live_streams", MediaKind.live)])
def test_plays(thing: str, kind: MediaKind, played: Said, stats: Reading) -> None:
    places, devices = traits.places(stats), traits.devices(stats)
    by_country = plays(stats, kind, By.place, lambda number: places[number].country_name.lower())
    most = dict(sorted(by_country.items(), key=lambda pair: (-pair[1], pair[0]))[:25])
    assert list(plays_told(played(f"{thing} by country")).items()) == list(most.items())
    computers = sum(plays(stats, kind, By.device, lambda number: devices[number].type).get(name, 0) for name in ("desktop",))
    assert plays_told(played(f"{thing} by deviceType"))["computer"] == computers
    by_day = plays(stats, kind, By.day, lambda start: words.atom(start)[:19] + ".000Z")
    assert plays_told(played(f"{thing} by emittedAt")) == by_day


def test_a_page_of_one_media_s_plays(played: Said) -> None:
    page = parsed(played("one of videos, page 2"), "AnalyticsPlaysResponse")
    assert (page["pagination"]["current_page" if "current_page" in page["pagination"] else "currentPage"], len(page["data"])) == (2, 3)


# Figures.

TALLIED: dict[str, Callable[[Tally], float]] = {
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
    found: float = parsed(answer, "AnalyticsAggregatedMetricsResponse")["data"]
    return found


@pytest.mark.parametrize("asking", TALLIED)
def test_figures_of_the_loads(asking: str, counted: Said, stats: Reading) -> None:
    assert figure(counted(asking)) == TALLIED[asking](tallies.total(stats, FRAME))


def test_figures_of_the_wall_clock(counted: Said, stats: Reading) -> None:
    watched = watching.watched(stats, FRAME)
    assert figure(counted("watch-time/sum")) == watched.seconds
    assert figure(counted("watch-time/average")) == watched.seconds / watched.viewings
    for asking, viewers in (("ccv/peak", False), ("ccv/peak, unique", True)):
        assert figure(counted(asking)) == concurrency.load(concurrency.changes(stats, FRAME, viewers=viewers)[()], FRAME).peak
    last = Window(NOW - 19, NOW + 1)
    assert figure(counted("ccv/live")) == concurrency.load(concurrency.changes(stats, last).get((), []), last).peak
    assert figure(counted("ccv/average")) == watched.seconds / (FRAME.end - FRAME.start)


def test_unique_viewers_and_lifetime_plays(counted: Said, stats: Reading) -> None:
    assert figure(counted("view/count, unique")) == uniques.daily(stats, FRAME, of=Identity.viewer, reached=Reached.view)[()]
    assert figure(counted("play/total")) == tallies.total(stats, None).plays
    assert figure(counted("play/count, default")) == tallies.total(stats, Window(NOW - 86_400, NOW)).plays
    assert 0 < figure(counted("all of a figure")) < figure(counted("view/count, unique"))


def context(answer: Answer, name: str) -> Any:  # Any: text, or nothing where the client was told nothing.
    return answer.value["context"].get(name)


@pytest.mark.parametrize("name", DATA_CLIENTS)
def test_words_that_python_raises_on_are_told_to_node_only(name: str, answers: Callable[[str], Answers]) -> None:
    told = [("ccv/peak", "aggregation", "peak"), ("ccv/live", "aggregation", "live"), ("play by referrer", "breakdown", "referrer")]
    told += [("play-total by media-id", "metric", "play-total")]
    assert [context(answers(name)[asking], key) for asking, key, _ in told] == [word if node(name) else None for *_, word in told]


def test_every_figure_is_asked() -> None:
    assert {*FIGURES} - {*TALLIED} == {"watch-time/sum", "watch-time/average", "ccv/peak", "ccv/average", "ccv/live", "play/total"}


# Breakdowns and series.


def buckets(answer: Answer) -> dict[str, float]:
    return {row["dimensionValue"]: row["metricValue"] for row in parsed(answer, "AnalyticsMetricsBreakdownResponse")["data"]}


def points(answer: Answer) -> dict[int, float]:
    rows = parsed(answer, "AnalyticsMetricsOverTimeResponse")["data"]
    return {instant_of(row["emittedAt"]): row["metricValue"] for row in rows}


PARTED: dict[str, Callable[[Tally], float]] = {
    "play": lambda tally: tally.plays,
    "play-rate": lambda tally: tally.plays / tally.loads,
    "start": lambda tally: tally.plays,
    "end": lambda tally: tally.ends,
    "impression": lambda tally: tally.loads,
    "view": lambda tally: tally.views,
}


@pytest.mark.parametrize("metric", PARTED)
def test_by_country(metric: str, counted: Said, stats: Reading) -> None:
    """The greatest figures first."""
    found = {country.code: PARTED[metric](tally) for country, tally in tallies.by_country(stats, FRAME).items()}
    expected = sorted(((code, value) for code, value in found.items() if value), key=lambda pair: (-pair[1], pair[0]))
    assert list(buckets(counted(f"{metric} by country")).items()) == expected


@pytest.mark.parametrize("breakdown", BREAKDOWNS)
def test_plays_by_every_breakdown_add_up(breakdown: str, counted: Said, stats: Reading) -> None:
    assert sum(buckets(counted(f"play by {breakdown}")).values()) == tallies.total(stats, FRAME).plays


@pytest.mark.parametrize("metric", PARTED)
def test_by_hour(metric: str, counted: Said, stats: Reading) -> None:
    """The first hundred hours that have any."""
    hours = {start: PARTED[metric](tally) for (start,), tally in tallies.cells(stats, FRAME, by=[By.hour]).items()}
    assert points(counted(f"{metric} by hour")) == dict([pair for pair in sorted(hours.items()) if pair[1]][:100])


@pytest.mark.parametrize("metric", [metric for metric in TIMED if metric not in PARTED])
def test_viewers_at_the_same_time(metric: str, counted: Said, stats: Reading) -> None:
    loads = concurrency.by_interval(concurrency.changes(stats, FRAME)[()], FRAME, 3600)
    values = {start: load.peak if metric == "ccv-peak" else load.seconds / 3600 for start, load in loads.items()}
    assert points(counted(f"{metric} by hour")) == dict([*values.items()][:100])
    assert 0 < max(buckets(counted(f"{metric} by country")).values()) < max(values.values())


def test_by_day_and_by_minute(counted: Said, stats: Reading) -> None:
    days = tallies.cells(stats, FRAME, by=[By.day])
    assert points(counted("play by day")) == {start: tally.plays for (start,), tally in sorted(days.items())}
    assert sum(points(counted("play by minute")).values()) == tallies.total(stats, Window(NOW - 5400, NOW - 1800)).plays


def test_sorted_pages(counted: Said) -> None:
    assert [*buckets(counted("all of a breakdown"))] == ["firefox", "chrome"]
    starts = [*points(counted("all of a series"))]
    assert starts == sorted(starts, reverse=True)
    assert len(starts) == 2
