"""Gcore's Python client, synchronous and asynchronous, with and without validation:

what it makes of our answers is what `stats` says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from playhead import Server
from playhead.analytics import aggregates, catalog, retention, watch_time
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.domain.clock import DAY, parse_instant, utc_datetime
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.vendors.gcore import ids, vocabulary
from tests.clients.client_helpers import (
    Answers,
    assigned_ids,
    media_titled,
    open_snapshot,
    parsed_value,
)
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
IN_MAY = TimeRange(parse_instant("2024-05-01"), parse_instant("2024-06-01"))
# Over the end of a month, and cutting every interval but the minute.
NIGHTS: dict[str, object] = {"from_": "2024-04-29T09:10:00Z", "to": "2024-05-02T09:20:59Z"}
IN_NIGHTS = TimeRange(parse_instant("2024-04-29T09:10:00Z"), parse_instant("2024-05-02T09:21:00Z"))
WIDTHS = {"1m": 60, "5m": 300, "15m": 900, "1h": 3600, "1d": DAY}
GRANULARITIES = (*WIDTHS, "1mo")

STATISTICS = "streaming.statistics"


def calls(playlist: str) -> dict[str, tuple[str, dict[str, object]]]:
    """(method, arguments) by name."""
    watch_time_method = f"{STATISTICS}.get_live_watch_time_cdn"
    total = f"{STATISTICS}.get_live_watch_time_total_cdn"
    heatmap = f"{STATISTICS}.get_views_heatmap"
    countries = f"{STATISTICS}.get_views_by_country"
    return {
        "heatmap vod": (heatmap, {**MAY, "type": "vod", "stream_id": "12345"}),
        "heatmap vod by slug": (heatmap, {**MAY, "type": "vod", "stream_id": "F0000000MxmUA"}),
        "heatmap live": (heatmap, {**MAY, "type": "live", "stream_id": "12345"}),
        "heatmap playlist": (heatmap, {**MAY, "type": "playlist", "stream_id": playlist}),
        "heatmap of nothing": (heatmap, {**MAY, "type": "vod", "stream_id": "1"}),
        "countries": (countries, MAY),
        "countries live": (countries, {**MAY, "type": "live"}),
        **{
            f"watch time {granularity}": (watch_time_method, {**NIGHTS, "granularity": granularity})
            for granularity in GRANULARITIES
        },
        "watch time of a stream": (
            watch_time_method,
            {**NIGHTS, "granularity": "1d", "stream_id": 12345},
        ),
        "watch time until now": (watch_time_method, {"from_": "2024-06-05T00:00:00Z"}),
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
        "bad granularity": (watch_time_method, {"from_": "2024-05-01", "granularity": "1w"}),
    }


@pytest.fixture(scope="module")
def answers(demo: Server) -> Answers:
    """Every question in every mode, in one process."""
    with open_snapshot(demo, KEY, Visibility(frozenset(MediaKind))) as stats:
        playlist = str(ids.id_of(media_titled(stats, PLAYLIST).number))
    planned: list[Call] = []
    for mode, options in MODES.items():
        planned += [
            Call(f"{mode}: {name}", method, arguments, options)
            for name, (method, arguments) in calls(playlist).items()
        ]
        planned += [
            Call(
                f"{mode}: bad key",
                f"{STATISTICS}.get_views_by_country",
                MAY,
                {**options, "key": "invalid-key"},
            )
        ]
    return client("gcore-0.59.0").run(base_url=demo.url, key=KEY, calls=planned)


AnswerOf = Callable[[str], Answer]


@pytest.fixture(params=MODES)
def client_mode(request: pytest.FixtureRequest) -> str:
    """How the client is used."""
    return str(request.param)


@pytest.fixture
def client_answers(client_mode: str, answers: Answers) -> AnswerOf:
    """What the client made of a question, by the question's name."""
    return lambda name: answers[f"{client_mode}: {name}"]


@pytest.fixture
def snapshot(demo: Server) -> Iterator[Snapshot]:
    """The same account as `stats` reads it, all kinds of media."""
    with open_snapshot(demo, KEY, Visibility(frozenset(MediaKind))) as found:
        yield found


# Heat maps.


@pytest.mark.parametrize("name", ["heatmap vod", "heatmap vod by slug"])
def test_a_video_s_heat_map_is_the_first_passes_at_every_tenth_second(
    name: str, client_answers: AnswerOf, snapshot: Snapshot
) -> None:
    video = media_titled(snapshot, "How It Works: Inside a Kettlemoor Grinder")
    seen = retention.retention(
        snapshot, media=video.number, seconds=video.seconds, time_range=IN_MAY
    ).first
    rows = parsed_value(client_answers(name), "ViewsHeatmap")["data"]
    assert rows == [
        {"viewers": viewers, "seconds": second}
        for second, viewers in enumerate(seen)
        if second % 10 == 0
    ]
    assert rows[0]["viewers"] > 100


@pytest.mark.parametrize(
    ("name", "title"), [("heatmap live", "The Morning Desk"), ("heatmap playlist", PLAYLIST)]
)
def test_a_heat_map_over_time_is_the_audience_at_every_minute(
    name: str, title: str, client_answers: AnswerOf, snapshot: Snapshot
) -> None:
    audience = watch_time.concurrent_at(
        snapshot, IN_MAY, media=media_titled(snapshot, title).number, step=60
    )
    rows = parsed_value(client_answers(name), "ViewsHeatmap")["data"]
    assert rows == [
        {"viewers": viewers, "time": f"{utc_datetime(instant):%Y-%m-%d %H:%M:%S}"}
        for instant, viewers in audience
    ]
    assert len(rows) > 100


def test_an_unknown_entity_has_an_empty_heat_map(client_answers: AnswerOf) -> None:
    assert parsed_value(client_answers("heatmap of nothing"), "ViewsHeatmap") == {"data": []}


# Countries.


@pytest.mark.parametrize(
    ("name", "kind"), [("countries", None), ("countries live", MediaKind.live)]
)
def test_views_by_country(
    name: str, kind: MediaKind | None, client_answers: AnswerOf, snapshot: Snapshot
) -> None:
    counted = aggregates.by_country(snapshot, IN_MAY, kind=kind)
    rows = parsed_value(client_answers(name), "ViewsByCountry")["data"]
    assert {row["country"]: row["views"] for row in rows} == {
        country.code: tally.views for country, tally in counted.items() if tally.views
    }
    assert {row["country_name"] for row in rows} <= {country.name for country in counted}
    assert [row["views"] for row in rows] == sorted((row["views"] for row in rows), reverse=True)
    assert len(rows) > 20


# Watch time: the documented pairs, which the client types as plain integers.


def start_of(instant: int, granularity: str) -> int:
    """The start of the interval that an instant lies in."""
    return (
        parse_instant(f"{utc_datetime(instant):%Y-%m}-01")
        if granularity == "1mo"
        else instant - instant % WIDTHS[granularity]
    )


def series(
    snapshot: Snapshot, window: TimeRange, granularity: str, *, media: list[int] | None = None
) -> list[list[int]]:
    """Minutes watched by interval, added up from single minutes; `window` begins with a minute."""
    found = Counter(
        {start_of(minute, granularity): 0 for minute in range(window.start, window.end, 60)}
    )
    for minute, seconds in watch_time.seconds_by_interval(
        snapshot, window, kind=MediaKind.live, width=60, media=media
    ).items():
        found[start_of(minute, granularity)] += seconds
    return [[start, -(-seconds // 60)] for start, seconds in sorted(found.items())]


def watch_time_answer(answer: Answer, mode: str) -> Any:  # Any: JSON
    """The series in an answer.

    Validation refuses pairs by design: then the series is in the error — evidence/gcore.md §0.2,
    §6.1.
    """
    if "strict" in mode:
        assert (answer.ok, answer.error, answer.status) == (
            False,
            "APIResponseValidationError",
            200,
        )
        assert answer.message == "Data returned by API invalid for expected schema."
        return answer.body
    return parsed_value(answer, "list[StreamSeriesItem]")


@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_live_watch_time_by_granularity(
    granularity: str, client_mode: str, client_answers: AnswerOf, snapshot: Snapshot
) -> None:
    expected = series(snapshot, IN_NIGHTS, granularity)
    assert watch_time_answer(client_answers(f"watch time {granularity}"), client_mode) == [
        {"client": CLIENT, "metrics": {"streams": expected}}
    ]
    assert sum(minutes for _, minutes in expected) > 100


def test_live_watch_time_of_one_stream(
    client_mode: str, client_answers: AnswerOf, snapshot: Snapshot
) -> None:
    desk = media_titled(snapshot, "The Morning Desk")
    expected = series(snapshot, IN_NIGHTS, "1d", media=[desk.number])
    assert watch_time_answer(client_answers("watch time of a stream"), client_mode) == [
        {"client": CLIENT, "metrics": {"streams": expected}}
    ]


def test_live_watch_time_goes_on_until_now_by_the_hour(
    client_mode: str, client_answers: AnswerOf, snapshot: Snapshot
) -> None:
    expected = series(snapshot, TimeRange(parse_instant("2024-06-05"), NOW + 1), "1h")
    assert watch_time_answer(client_answers("watch time until now"), client_mode) == [
        {"client": CLIENT, "metrics": {"streams": expected}}
    ]
    assert len(expected) == 13


def total(answers: AnswerOf, name: str) -> dict[str, object]:
    (row,) = parsed_value(answers(name), "list[VodTotalStreamDurationSeriesItem]")
    assert isinstance(row, dict)
    return row


def minutes_ever(snapshot: Snapshot, *, media: list[int] | None = None) -> int:
    return -(-watch_time.total_seconds(snapshot, kind=MediaKind.live, media=media) // 60)


def test_total_live_watch_time(client_answers: AnswerOf, snapshot: Snapshot) -> None:
    assert total(client_answers, "total") == {"client": CLIENT, "duration": minutes_ever(snapshot)}


def test_total_live_watch_time_in_a_window_is_rounded_once(
    client_answers: AnswerOf, snapshot: Snapshot
) -> None:
    seconds = watch_time.seconds_by_interval(
        snapshot, IN_NIGHTS, kind=MediaKind.live, width=60
    ).total()
    assert total(client_answers, "total in a window") == {
        "client": CLIENT,
        "duration": -(-seconds // 60),
    }


def test_total_live_watch_time_of_one_stream_says_which(
    client_answers: AnswerOf, snapshot: Snapshot
) -> None:
    minutes = minutes_ever(snapshot, media=[media_titled(snapshot, "The Morning Desk").number])
    assert total(client_answers, "total of a stream") == {
        "client": CLIENT,
        "duration": minutes,
        "stream_id": "12345",
    }


def test_total_live_watch_time_of_an_owner_s_streams(
    client_answers: AnswerOf, snapshot: Snapshot
) -> None:
    owned = [
        media.number
        for media in catalog.media(snapshot)
        if media.kind is MediaKind.live and media.client_user_id == 102
    ]
    assert total(client_answers, "total of an owner") == {
        "client": CLIENT,
        "duration": minutes_ever(snapshot, media=owned),
        "client_user_id": 102,
    }


# Streams and videos. Pages are built unvalidated even in strict mode; single objects are not.


def page_of(kind: str, mode: str) -> str:
    return f"{'Async' if mode.startswith('asynchronous') else 'Sync'}PageStreaming[{kind}]"


def stream(snapshot: Snapshot, title: str) -> dict[str, object]:
    found = media_titled(snapshot, title)
    runs = catalog.broadcasts(snapshot)[found.number]
    return {
        "id": ids.id_of(
            found.number, assigned_ids(snapshot, vocabulary.NAME, "live", found.number)
        ),
        "name": title,
        "client_user_id": found.client_user_id,
        "live": any(run.started_at <= NOW < run.ended_at for run in runs),
        "started_at_primary": f"{utc_datetime(runs[-1].started_at):%Y-%m-%dT%H:%M:%S}.000Z",
    }


def test_live_streams_and_their_broadcasts(
    client_mode: str, client_answers: AnswerOf, snapshot: Snapshot
) -> None:
    expected = [
        stream(snapshot, media.title)
        for media in catalog.media(snapshot)
        if media.kind is MediaKind.live
    ]
    rows = parsed_value(client_answers("streams"), page_of("Stream", client_mode))["items"]
    assert [{name: row[name] for name in expected[0]} for row in rows] == expected


def test_one_live_stream(client_answers: AnswerOf, snapshot: Snapshot) -> None:
    expected = stream(snapshot, "The Morning Desk")
    row = parsed_value(client_answers("stream"), "Stream")
    assert {name: row[name] for name in expected} == {**expected, "id": 12345}


def videos(snapshot: Snapshot) -> list[dict[str, object]]:
    """Every video with its lifetime counts."""
    counted = aggregates.by_media(snapshot)
    found = [media for media in catalog.media(snapshot) if media.kind is MediaKind.video]
    never = aggregates.Measures()
    return [
        {
            "id": ids.id_of(
                media.number, assigned_ids(snapshot, vocabulary.NAME, "video", media.number)
            ),
            "name": media.title,
            "duration": media.duration_ms,
            "client_id": CLIENT,
            "client_user_id": media.client_user_id,
            "views": counted.get(media.number, never).views,
            "cdn_views": counted.get(media.number, never).plays,
        }
        for media in found
    ]


def test_videos_and_their_views(
    client_mode: str, client_answers: AnswerOf, snapshot: Snapshot
) -> None:
    expected = videos(snapshot)
    rows = parsed_value(client_answers("videos"), page_of("VideoListResponse", client_mode))[
        "items"
    ]
    assert [{name: row[name] for name in expected[0]} for row in rows] == expected
    assert len(rows) > 20


def test_a_page_of_videos(client_mode: str, client_answers: AnswerOf, snapshot: Snapshot) -> None:
    rows = parsed_value(
        client_answers("videos, page 2"), page_of("VideoListResponse", client_mode)
    )["items"]
    assert [row["id"] for row in rows] == [video["id"] for video in videos(snapshot)[10:20]]


def test_one_video(client_answers: AnswerOf, snapshot: Snapshot) -> None:
    expected = next(video for video in videos(snapshot) if video["id"] == 12345)
    row = parsed_value(client_answers("video"), "Video")
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
def test_an_error_is_of_the_client_s_own_class(name: str, client_answers: AnswerOf) -> None:
    answer = client_answers(name)
    assert (answer.ok, answer.error, answer.status) == (False, *ERRORS[name])
    assert isinstance(answer.body, dict), "the client decoded the body"


def test_the_client_tells_which_parameter_is_missing(client_answers: AnswerOf) -> None:
    assert client_answers("missing date").body == {
        "data": [],
        "errors": ["date_to: query param is not set"],
    }
