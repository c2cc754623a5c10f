"""Gcore's Python client, synchronous and asynchronous, with and without validation: what it makes of our answers is what `stats` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from playhead import Server
from playhead.clock import DAY, instant_of, utc
from playhead.stats import library, positions, tallies, watching
from playhead.stats.reading import Reading, Sight, Window
from playhead.vendors.gcore import words
from playhead.world.terms import MediaKind
from tests.clients.asking import Answers, given, media_called, parsed, reading
from tests.clients.environments import Answer, Call, client
from tests.worlds import NOW

pytestmark = [
    pytest.mark.xdist_group("gcore clients"),  # one worker asks a client everything, in one process
    pytest.mark.covers(
        "gcore.views_by_country",
        "gcore.views_heatmap",
        "gcore.live_watch_time",
        "gcore.live_watch_time_total",
        "gcore.streams",
        "gcore.stream",
        "gcore.videos",
        "gcore.video",
    ),
]

KEY = "7_clients"
CLIENT = 7  # the number before the underscore
PLAYLIST = "Conference Highlights"
MODES: dict[str, dict[str, object]] = {
    "synchronous": {},
    "synchronous, strict": {"strict": True},
    "asynchronous": {"async": True},
    "asynchronous, strict": {"async": True, "strict": True},
}

MAY: dict[str, object] = {"date_from": "2024-05-01T00:00:00Z", "date_to": "2024-05-31T23:59:59Z"}
IN_MAY = Window(instant_of("2024-05-01"), instant_of("2024-06-01"))
# Over the end of a month, and cutting every interval but the minute.
NIGHTS: dict[str, object] = {"from_": "2024-04-29T09:10:00Z", "to": "2024-05-02T09:20:59Z"}
IN_NIGHTS = Window(instant_of("2024-04-29T09:10:00Z"), instant_of("2024-05-02T09:21:00Z"))
WIDTHS = {"1m": 60, "5m": 300, "15m": 900, "1h": 3600, "1d": DAY}
GRANULARITIES = (*WIDTHS, "1mo")

STATISTICS = "streaming.statistics"


def questions(playlist: str) -> dict[str, tuple[str, dict[str, object]]]:
    """(method, arguments) by name."""
    watch_time, total = f"{STATISTICS}.get_live_watch_time_cdn", f"{STATISTICS}.get_live_watch_time_total_cdn"
    heatmap, countries = f"{STATISTICS}.get_views_heatmap", f"{STATISTICS}.get_views_by_country"
    return {
        "heatmap vod": (heatmap, {**MAY, "type": "vod", "stream_id": "12345"}),
        "heatmap vod by slug": (heatmap, {**MAY, "type": "vod", "stream_id": "F0000000MxmUA"}),
        "heatmap live": (heatmap, {**MAY, "type": "live", "stream_id": "12345"}),
        "heatmap playlist": (heatmap, {**MAY, "type": "playlist", "stream_id": playlist}),
        "heatmap of nothing": (heatmap, {**MAY, "type": "vod", "stream_id": "1"}),
        "countries": (countries, MAY),
        "countries live": (countries, {**MAY, "type": "live"}),
        **{f"watch time {granularity}": (watch_time, {**NIGHTS, "granularity": granularity}) for granularity in GRANULARITIES},
        "watch time of a stream": (watch_time, {**NIGHTS, "granularity": "1d", "stream_id": 12345}),
        "watch time until now": (watch_time, {"from_": "2024-06-05T00:00:00Z"}),
        "total": (total, {}),
        "total in a window": (total, NIGHTS),
        "total of a stream": (total, {"stream_id": 12345}),
        "total of an owner": (total, {"client_user_id": 102}),
        "streams": ("streaming.streams.list", {}),
        "stream": ("streaming.streams.get", {"stream_id": 12345}),
        "videos": ("streaming.videos.list", {"per_page": 100}),
        "videos, page 2": ("streaming.videos.list", {"per_page": 10, "page": 2}),
        "video": ("streaming.videos.get", {"video_id": 12345}),
        "unknown video": ("streaming.videos.get", {"video_id": 1}),
        "unknown stream": ("streaming.streams.get", {"stream_id": 1}),
        "bad dates": (countries, {"date_from": "yesterday", "date_to": "2024-05-31"}),
        "missing date": (countries, {"date_from": "2024-05-31", "date_to": ""}),
        "bad granularity": (watch_time, {"from_": "2024-05-01", "granularity": "1w"}),
    }


@pytest.fixture(scope="module")
def answers(demo: Server) -> Answers:
    """Every question in every mode, in one process."""
    with reading(demo, KEY, Sight(frozenset(MediaKind))) as stats:
        playlist = str(words.id_of(media_called(stats, PLAYLIST).number))
    calls = []
    for mode, options in MODES.items():
        calls += [Call(f"{mode}: {name}", method, arguments, options) for name, (method, arguments) in questions(playlist).items()]
        calls += [Call(f"{mode}: bad key", f"{STATISTICS}.get_views_by_country", MAY, {**options, "key": "invalid-key"})]
    return client("gcore-0.59.0").run(base_url=demo.url, key=KEY, calls=calls)


Said = Callable[[str], Answer]


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    """How the client is used."""
    return str(request.param)


@pytest.fixture
def said(mode: str, answers: Answers) -> Said:
    """What the client made of a question, by the question's name."""
    return lambda name: answers[f"{mode}: {name}"]


@pytest.fixture
def stats(demo: Server) -> Iterator[Reading]:
    """The same account as `stats` reads it, all kinds of media."""
    with reading(demo, KEY, Sight(frozenset(MediaKind))) as found:
        yield found


# Heat maps.


@pytest.mark.parametrize("name", ["heatmap vod", "heatmap vod by slug"])
def test_a_video_s_heat_map_is_the_first_passes_at_every_tenth_second(name: str, said: Said, stats: Reading) -> None:
    video = media_called(stats, "How It Works: Inside a Kettlemoor Grinder")
    seen = positions.passes(stats, media=video.number, seconds=video.seconds, within=IN_MAY).first
    rows = parsed(said(name), "ViewsHeatmap")["data"]
    assert rows == [{"viewers": viewers, "seconds": second} for second, viewers in enumerate(seen) if second % 10 == 0]
    assert rows[0]["viewers"] > 100


@pytest.mark.parametrize(("name", "title"), [("heatmap live", "The Morning Desk"), ("heatmap playlist", PLAYLIST)])
def test_a_heat_map_over_time_is_the_audience_at_every_minute(name: str, title: str, said: Said, stats: Reading) -> None:
    audience = watching.audience_at(stats, IN_MAY, media=media_called(stats, title).number, step=60)
    rows = parsed(said(name), "ViewsHeatmap")["data"]
    assert rows == [{"viewers": viewers, "time": f"{utc(instant):%Y-%m-%d %H:%M:%S}"} for instant, viewers in audience]
    assert len(rows) > 100


def test_an_unknown_entity_has_an_empty_heat_map(said: Said) -> None:
    assert parsed(said("heatmap of nothing"), "ViewsHeatmap") == {"data": []}


# Countries.


@pytest.mark.parametrize(("name", "kind"), [("countries", None), ("countries live", MediaKind.live)])
def test_views_by_country(name: str, kind: MediaKind | None, said: Said, stats: Reading) -> None:
    counted = tallies.by_country(stats, IN_MAY, kind=kind)
    rows = parsed(said(name), "ViewsByCountry")["data"]
    assert {row["country"]: row["views"] for row in rows} == {country.code: tally.views for country, tally in counted.items() if tally.views}
    assert {row["country_name"] for row in rows} <= {country.name for country in counted}
    assert [row["views"] for row in rows] == sorted((row["views"] for row in rows), reverse=True)
    assert len(rows) > 20


# Watch time: the documented pairs, which the client types as plain integers.


def start_of(instant: int, granularity: str) -> int:
    """The start of the interval that an instant lies in."""
    return instant_of(f"{utc(instant):%Y-%m}-01") if granularity == "1mo" else instant - instant % WIDTHS[granularity]


def series(stats: Reading, window: Window, granularity: str, *, media: list[int] | None = None) -> list[list[int]]:
    """Minutes watched by interval, added up from single minutes; `window` begins with a minute."""
    found = Counter({start_of(minute, granularity): 0 for minute in range(window.start, window.end, 60)})
    for minute, seconds in watching.seconds_by_interval(stats, window, kind=MediaKind.live, width=60, media=media).items():
        found[start_of(minute, granularity)] += seconds
    return [[start, -(-seconds // 60)] for start, seconds in sorted(found.items())]


def watch_time(answer: Answer, mode: str) -> Any:  # Any: JSON
    """The series in an answer. Validation refuses pairs by design: then the series is in the error — contracts/gcore.md §0.2, §6.1."""
    if "strict" in mode:
        assert (answer.ok, answer.error, answer.status) == (False, "APIResponseValidationError", 200)
        assert answer.message == "Data returned by API invalid for expected schema."
        return answer.body
    return parsed(answer, "list[StreamSeriesItem]")


@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_live_watch_time_by_granularity(granularity: str, mode: str, said: Said, stats: Reading) -> None:
    expected = series(stats, IN_NIGHTS, granularity)
    assert watch_time(said(f"watch time {granularity}"), mode) == [{"client": CLIENT, "metrics": {"streams": expected}}]
    assert sum(minutes for _, minutes in expected) > 100


def test_live_watch_time_of_one_stream(mode: str, said: Said, stats: Reading) -> None:
    desk = media_called(stats, "The Morning Desk")
    expected = series(stats, IN_NIGHTS, "1d", media=[desk.number])
    assert watch_time(said("watch time of a stream"), mode) == [{"client": CLIENT, "metrics": {"streams": expected}}]


def test_live_watch_time_goes_on_until_now_by_the_hour(mode: str, said: Said, stats: Reading) -> None:
    expected = series(stats, Window(instant_of("2024-06-05"), NOW + 1), "1h")
    assert watch_time(said("watch time until now"), mode) == [{"client": CLIENT, "metrics": {"streams": expected}}]
    assert len(expected) == 13


def total(said: Said, name: str) -> dict[str, object]:
    (row,) = parsed(said(name), "list[VodTotalStreamDurationSeriesItem]")
    assert isinstance(row, dict)
    return row


def minutes_ever(stats: Reading, *, media: list[int] | None = None) -> int:
    return -(-watching.seconds_ever(stats, kind=MediaKind.live, media=media) // 60)


def test_total_live_watch_time(said: Said, stats: Reading) -> None:
    assert total(said, "total") == {"client": CLIENT, "duration": minutes_ever(stats)}


def test_total_live_watch_time_in_a_window_is_rounded_once(said: Said, stats: Reading) -> None:
    seconds = watching.seconds_by_interval(stats, IN_NIGHTS, kind=MediaKind.live, width=60).total()
    assert total(said, "total in a window") == {"client": CLIENT, "duration": -(-seconds // 60)}


def test_total_live_watch_time_of_one_stream_says_which(said: Said, stats: Reading) -> None:
    minutes = minutes_ever(stats, media=[media_called(stats, "The Morning Desk").number])
    assert total(said, "total of a stream") == {"client": CLIENT, "duration": minutes, "stream_id": "12345"}


def test_total_live_watch_time_of_an_owner_s_streams(said: Said, stats: Reading) -> None:
    owned = [media.number for media in library.media(stats) if media.kind is MediaKind.live and media.client_user_id == 102]
    assert total(said, "total of an owner") == {"client": CLIENT, "duration": minutes_ever(stats, media=owned), "client_user_id": 102}


# Streams and videos. Pages are built unvalidated even in strict mode; single objects are not.


def page_of(kind: str, mode: str) -> str:
    return f"{'Async' if mode.startswith('asynchronous') else 'Sync'}PageStreaming[{kind}]"


def stream(stats: Reading, title: str) -> dict[str, object]:
    found = media_called(stats, title)
    runs = library.broadcasts(stats)[found.number]
    return {
        "id": words.id_of(found.number, given(stats, words.NAME, "live", found.number)),
        "name": title,
        "client_user_id": found.client_user_id,
        "live": any(run.started_at <= NOW < run.ended_at for run in runs),
        "started_at_primary": f"{utc(runs[-1].started_at):%Y-%m-%dT%H:%M:%S}.000Z",
    }


def test_live_streams_and_their_broadcasts(mode: str, said: Said, stats: Reading) -> None:
    expected = [stream(stats, media.title) for media in library.media(stats) if media.kind is MediaKind.live]
    rows = parsed(said("streams"), page_of("Stream", mode))["items"]
    assert [{name: row[name] for name in expected[0]} for row in rows] == expected


def test_one_live_stream(said: Said, stats: Reading) -> None:
    expected = stream(stats, "The Morning Desk")
    row = parsed(said("stream"), "Stream")
    assert {name: row[name] for name in expected} == {**expected, "id": 12345}


def videos(stats: Reading) -> list[dict[str, object]]:
    """Every video with its lifetime counts."""
    counted, found = tallies.by_media(stats), [media for media in library.media(stats) if media.kind is MediaKind.video]
    never = tallies.Tally()
    return [
        {
            "id": words.id_of(media.number, given(stats, words.NAME, "video", media.number)),
            "name": media.title,
            "duration": media.duration_ms,
            "client_id": CLIENT,
            "client_user_id": media.client_user_id,
            "views": counted.get(media.number, never).views,
            "cdn_views": counted.get(media.number, never).plays,
        }
        for media in found
    ]


def test_videos_and_their_views(mode: str, said: Said, stats: Reading) -> None:
    expected = videos(stats)
    rows = parsed(said("videos"), page_of("VideoListResponse", mode))["items"]
    assert [{name: row[name] for name in expected[0]} for row in rows] == expected
    assert len(rows) > 20


def test_a_page_of_videos(mode: str, said: Said, stats: Reading) -> None:
    rows = parsed(said("videos, page 2"), page_of("VideoListResponse", mode))["items"]
    assert [row["id"] for row in rows] == [video["id"] for video in videos(stats)[10:20]]


def test_one_video(said: Said, stats: Reading) -> None:
    expected = next(video for video in videos(stats) if video["id"] == 12345)
    row = parsed(said("video"), "Video")
    assert {name: row[name] for name in expected} == expected
    assert row["slug"] == "F0000000MxmUA"


# Errors.

ERRORS = {
    "bad key": ("AuthenticationError", 401),
    "unknown video": ("NotFoundError", 404),
    "unknown stream": ("NotFoundError", 404),
    "bad dates": ("BadRequestError", 400),
    "missing date": ("BadRequestError", 400),
    "bad granularity": ("BadRequestError", 400),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_of_the_client_s_own_class(name: str, said: Said) -> None:
    answer = said(name)
    assert (answer.ok, answer.error, answer.status) == (False, *ERRORS[name])
    assert isinstance(answer.body, dict), "the client decoded the body"


def test_the_client_tells_which_parameter_is_missing(said: Said) -> None:
    assert said("missing date").body == {"data": [], "errors": ["date_to: query param is not set"]}
