"""api.video's Python and Node.js clients:

strict models, Bearer and Basic. What they make of our answers is what `stats` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from playhead import Server
from playhead.analytics import catalog, viewings
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.catalog import Media
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.analytics.viewings import Order, Viewing, ViewingFilter
from playhead.domain.clock import parse_instant
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.vendors.apivideo import ids, vocabulary
from tests.clients.apivideo_calls import (
    KEY,
    LIVE,
    METADATA,
    NODE,
    PERIODS,
    PYTHON,
    SESSION,
    USES,
    VIDEO,
    WITHOUT_PERIOD,
    RecordedCalls,
    record_calls,
    session_calls,
)
from tests.clients.client_helpers import assigned_ids, media_titled, open_snapshot, parsed_value
from tests.clients.environments import Answer
from tests.worlds import NOW, NOW_TEXT

pytestmark = [
    pytest.mark.xdist_group(
        "apivideo clients"
    ),  # one worker asks a client everything, in one process
    pytest.mark.covers(
        "apivideo.authenticate",
        "apivideo.refresh",
        "apivideo.video_sessions",
        "apivideo.live_stream_sessions",
        "apivideo.session_events",
        "apivideo.videos",
        "apivideo.video",
        "apivideo.live_streams",
        "apivideo.live_stream",
    ),
]

VISIBILITY = Visibility(frozenset({MediaKind.video, MediaKind.live}))
VIDEO_TITLE = "How It Works: Inside a Kettlemoor Grinder"
LIVE_TITLE = "The Morning Desk"


def period_range(period: str) -> TimeRange:
    first, after = PERIODS[period]
    return TimeRange(parse_instant(first), parse_instant(after))


# Asking, once a client.


@pytest.fixture(scope="module")
def logging_server() -> Iterator[Server]:
    """The demo world on a server that writes down what it is asked."""
    with Server(scenario="demo", now=NOW_TEXT, log="json") as logging:
        yield logging


@pytest.fixture(scope="module")
def later_server() -> Iterator[Server]:
    """Another server, whose clock has passed the life of every token that the first one gave."""
    with Server(scenario="empty", now="2024-06-05T13:00:00Z") as late:
        yield late


@pytest.fixture(scope="module")
def live_session(logging_server: Server) -> str:
    """The session of somebody who watched a live stream."""
    with open_snapshot(logging_server, KEY, VISIBILITY) as stats:
        which = ViewingFilter(
            media=media_titled(stats, LIVE_TITLE).number,
            time_range=period_range("2024-05"),
            played_only=True,
        )
        found = viewings.list_page(stats, which, order=Order.oldest_first, limit=20)
        return session_id(stats, next(viewing for viewing in found if viewing.watched_seconds > 60))


@pytest.fixture(scope="module")
def recorded_calls(
    logging_server: Server, later_server: Server, live_session: str
) -> Callable[[str], RecordedCalls]:
    """A client's conversation, held when it is first asked for: every use in one process."""
    held: dict[str, RecordedCalls] = {}

    def of(name: str) -> RecordedCalls:
        if name not in held:
            held[name] = record_calls(
                name,
                logging_server,
                later_server=later_server,
                calls_by_name=session_calls(live_session),
            )
        return held[name]

    return of


AnswerOf = Callable[[str], Answer]


@pytest.fixture(params=USES)
def client_use(request: pytest.FixtureRequest) -> str:
    """Which client, and how it is used."""
    return str(request.param)


@pytest.fixture
def answers(client_use: str, recorded_calls: Callable[[str], RecordedCalls]) -> AnswerOf:
    """What the client made of a question, by the question's name."""
    answers = recorded_calls(USES[client_use][0]).answers
    return lambda asking: answers[f"{client_use}: {asking}"]


@pytest.fixture
def snapshot(logging_server: Server) -> Iterator[Snapshot]:
    """The same account as `stats` reads it: videos and live streams."""
    with open_snapshot(logging_server, KEY, VISIBILITY) as found:
        yield found


# Sessions.


def session_id(snapshot: Snapshot, viewing: Viewing) -> str:
    return ids.id_of(
        "viewing",
        viewing.number,
        assigned_ids(snapshot, vocabulary.NAME, "viewing", viewing.number),
    )


def viewings_page(
    snapshot: Snapshot, viewing_filter: ViewingFilter, *, page: int = 1, size: int = 25
) -> dict[str, Any]:
    """A page of viewings as facts that a session tells, and how many there are."""
    found = viewings.list_page(
        snapshot, viewing_filter, order=Order.oldest_first, limit=size, offset=(page - 1) * size
    )
    brought = viewings.labels(snapshot, [viewing.number for viewing in found])
    rows = [
        {
            "id": session_id(snapshot, viewing),
            "loaded": viewing.loaded_at,
            "ended": viewing.loaded_at
            if viewing.played_at is None
            else viewing.ended_at,  # who never plays never pings
            "metadata": None
            if viewing.kind is MediaKind.live
            else dict(brought.get(viewing.number, [])),
            "place": (viewing.viewer.place.country_name, viewing.viewer.place.city),
            "url": viewing.page.url or ("unknown" if viewing.kind is MediaKind.live else None),
            "device": (
                viewing.viewer.device.type,
                viewing.viewer.device.vendor,
                viewing.viewer.device.model,
            ),
            "version": viewing.viewer.device.browser_version,
        }
        for viewing in found
    ]
    return {"total": viewings.count(snapshot, viewing_filter), "rows": rows}


def checked_value(answer: Answer, class_name: str) -> dict[str, Any]:
    """The same facts, from what a client parsed."""
    document = parsed_value(answer, class_name)
    rows = [
        {
            "id": row["session"]["sessionId"],
            "loaded": parse_instant(row["session"]["loadedAt"]),
            "ended": parse_instant(row["session"]["endedAt"]),
            "metadata": None
            if row["session"].get("metadata") is None
            else {pair["key"]: pair["value"] for pair in row["session"]["metadata"]},
            "place": (row["location"]["country"], row["location"]["city"]),
            "url": row["referrer"]["url"],
            "device": (row["device"]["type"], row["device"]["vendor"], row["device"]["model"]),
            "version": row["client"]["version"],
        }
        for row in document["data"]
    ]
    assert document["pagination"]["currentPageItems"] == len(rows)
    return {"total": document["pagination"]["itemsTotal"], "rows": rows}


SESSIONS = "RawStatisticsListSessionsResponse"
LIVE_SESSIONS = "RawStatisticsListLiveStreamAnalyticsResponse"
EVENTS = "RawStatisticsListPlayerSessionEventsResponse"


@pytest.mark.parametrize("period", PERIODS)
def test_sessions_of_a_video_in_a_period(
    period: str, answers: AnswerOf, snapshot: Snapshot
) -> None:
    expected = viewings_page(
        snapshot,
        ViewingFilter(
            media=media_titled(snapshot, VIDEO_TITLE).number, time_range=period_range(period)
        ),
    )
    assert checked_value(answers(f"video {period}"), SESSIONS) == expected
    assert expected["total"] > 10


@pytest.mark.parametrize("period", PERIODS)
def test_sessions_of_a_live_stream_in_a_period(
    period: str, answers: AnswerOf, snapshot: Snapshot
) -> None:
    expected = viewings_page(
        snapshot,
        ViewingFilter(
            media=media_titled(snapshot, LIVE_TITLE).number, time_range=period_range(period)
        ),
    )
    assert checked_value(answers(f"live {period}"), LIVE_SESSIONS) == expected
    assert expected["total"] > 10


@pytest.mark.parametrize(
    "client_use", [use for use, (name, _) in USES.items() if name in WITHOUT_PERIOD], indirect=True
)
def test_without_a_period_all_sessions_are_told(answers: AnswerOf, snapshot: Snapshot) -> None:
    assert checked_value(answers("no period"), SESSIONS) == viewings_page(
        snapshot, ViewingFilter(media=media_titled(snapshot, VIDEO_TITLE).number)
    )


@pytest.mark.parametrize("name", METADATA)
def test_sessions_by_metadata(name: str, answers: AnswerOf, snapshot: Snapshot) -> None:
    which = ViewingFilter(
        media=media_titled(snapshot, VIDEO_TITLE).number,
        time_range=period_range("2024-05"),
        labels=METADATA[name],
    )
    expected = viewings_page(snapshot, which)
    assert checked_value(answers(f"metadata {name}"), SESSIONS) == expected
    assert (expected["total"] == 0) == (name == "of nobody")


@pytest.mark.parametrize(
    ("name", "kind", "title", "page"),
    [("video, page 3", SESSIONS, VIDEO_TITLE, 3), ("live, page 2", LIVE_SESSIONS, LIVE_TITLE, 2)],
)
def test_a_page_of_sessions(
    name: str, kind: str, title: str, page: int, answers: AnswerOf, snapshot: Snapshot
) -> None:
    expected = viewings_page(
        snapshot,
        ViewingFilter(
            media=media_titled(snapshot, title).number, time_range=period_range("2024-05")
        ),
        page=page,
        size=10,
    )
    assert checked_value(answers(name), kind) == expected
    pagination = answers(name).value["pagination"]
    pages = -(-expected["total"] // 10)
    assert (pagination["currentPage"], pagination["pageSize"], pagination["pagesTotal"]) == (
        page,
        10,
        pages,
    )
    assert [link["rel"] for link in pagination["links"]] == [
        "self",
        "first",
        "previous",
        "next",
        "last",
    ]
    assert pagination["links"][-1]["uri"].endswith(
        f"?period=2024-05&currentPage={pages}&pageSize=10"
    )


def test_beyond_the_last_page_there_is_nothing(answers: AnswerOf, snapshot: Snapshot) -> None:
    total = viewings.count(
        snapshot,
        ViewingFilter(
            media=media_titled(snapshot, VIDEO_TITLE).number, time_range=period_range("2024-05")
        ),
    )
    assert checked_value(answers("beyond the last page"), SESSIONS) == {"total": total, "rows": []}


# Events.


def viewing_of(snapshot: Snapshot, session: str) -> Viewing:
    number = AliasResolver(snapshot, vocabulary.NAME).number(
        "viewing", session, lambda text: ids.number_of("viewing", text)
    )
    found = None if number is None else viewings.get(snapshot, number)
    assert found, session
    return found


def seconds_watched(events: list[dict[str, Any]]) -> int:
    """As api.video's own demo adds up — evidence/apivideo.md §3.3."""
    ends = sum(event["at"] for event in events if event["type"] in ("pause", "end"))
    starts = sum(event["at"] for event in events if event["type"] in ("play", "resume"))
    return int(
        ends
        - starts
        - sum(event["to"] - event["from"] for event in events if event["type"] == "seek.forward")
    )


def test_events_of_a_video_s_session_add_up_to_what_was_watched(
    answers: AnswerOf, snapshot: Snapshot
) -> None:
    check_events(
        parsed_value(answers("events"), EVENTS)["data"], viewing_of(snapshot, SESSION), snapshot
    )


def test_events_of_a_live_stream_s_session_add_up_to_what_was_watched(
    answers: AnswerOf, snapshot: Snapshot, live_session: str
) -> None:
    check_events(
        parsed_value(answers("live events"), EVENTS)["data"],
        viewing_of(snapshot, live_session),
        snapshot,
    )


def check_events(events: list[dict[str, Any]], viewing: Viewing, snapshot: Snapshot) -> None:
    spans = viewings.spans(snapshot, viewing.number)
    emitted = [parse_instant(event["emittedAt"]) for event in events]
    first = events[1]
    last = events[-1]
    assert (events[0]["type"], emitted[0]) == ("ready", viewing.loaded_at)
    assert (first["type"], emitted[1], first["at"]) == ("play", viewing.played_at, spans[0].start)
    assert (emitted[-1], last["at"]) == (spans[-1].stopped_at, spans[-1].stop)
    assert emitted == sorted(emitted)
    assert seconds_watched(events) == viewing.watched_seconds


def test_a_session_of_many_stretches_has_seeks_both_ways(answers: AnswerOf) -> None:
    events = parsed_value(answers("events"), EVENTS)["data"]
    seeks = [
        (event["type"], event["from"], event["to"])
        for event in events
        if event["type"].startswith("seek")
    ]
    assert seeks[:3] == [
        ("seek.backward", 118, 104),
        ("seek.backward", 214, 190),
        ("seek.backward", 390, 372),
    ]
    assert ("seek.forward", 420, 480) in seeks
    assert {"pause", "resume"} < {event["type"] for event in events}


def test_a_page_of_events(answers: AnswerOf) -> None:
    events = parsed_value(answers("events"), EVENTS)["data"]
    second = parsed_value(answers("events, page 2"), EVENTS)
    assert second["data"] == events[10:20]
    assert second["pagination"]["itemsTotal"] == len(events)


# Videos and live streams.


def all_media(snapshot: Snapshot, kind: MediaKind) -> dict[str, Media]:
    """All media of a kind by id, the oldest first."""
    found = sorted(
        (media for media in catalog.media(snapshot) if media.kind is kind),
        key=lambda media: media.released_at,
    )
    return {
        ids.id_of(
            kind.name,
            media.number,
            assigned_ids(snapshot, vocabulary.NAME, kind.name, media.number),
        ): media
        for media in found
    }


def test_videos(answers: AnswerOf, snapshot: Snapshot) -> None:
    expected = all_media(snapshot, MediaKind.video)
    page = parsed_value(answers("videos"), "VideosListResponse")
    assert [row["videoId"] for row in page["data"]] == list(expected)
    assert [
        (row["title"], parse_instant(row["createdAt"]), row["tags"]) for row in page["data"]
    ] == [(media.title, media.released_at, list(media.tags)) for media in expected.values()]
    assert page["pagination"]["itemsTotal"] == len(expected) > 20


def test_a_page_of_videos_by_title(answers: AnswerOf, snapshot: Snapshot) -> None:
    titles = sorted(
        (media.title for media in all_media(snapshot, MediaKind.video).values()), reverse=True
    )
    assert [
        row["title"]
        for row in parsed_value(answers("videos, page 2"), "VideosListResponse")["data"]
    ] == titles[10:20]


FILTERS: dict[str, Callable[[Media], bool]] = {
    "tagged videos": lambda media: {"course", "cleaning"} <= set(media.tags),
    "labelled videos": lambda media: ("hats", "green") in media.labels,
}


@pytest.mark.parametrize("name", FILTERS)
def test_chosen_videos(name: str, answers: AnswerOf, snapshot: Snapshot) -> None:
    expected = [
        id_ for id_, media in all_media(snapshot, MediaKind.video).items() if FILTERS[name](media)
    ]
    assert [
        row["videoId"] for row in parsed_value(answers(name), "VideosListResponse")["data"]
    ] == expected
    assert expected


def test_one_video(answers: AnswerOf, snapshot: Snapshot) -> None:
    media = all_media(snapshot, MediaKind.video)[VIDEO]
    row = parsed_value(answers("one video"), "Video")
    assert (row["videoId"], row["title"], row["description"]) == (
        VIDEO,
        media.title,
        media.description,
    )
    assert {pair["key"]: pair["value"] for pair in row["metadata"]} == dict(media.labels)


def on_air_now(snapshot: Snapshot, media: Media) -> bool:
    return any(
        run.started_at <= NOW < run.ended_at for run in catalog.broadcasts(snapshot)[media.number]
    )


def test_live_streams(client_use: str, answers: AnswerOf, snapshot: Snapshot) -> None:
    rows = parsed_value(answers("live streams"), "LiveStreamListResponse")["data"]
    assert [(row["liveStreamId"], row["name"], row["broadcasting"]) for row in rows] == [
        (id_, media.title, on_air_now(snapshot, media))
        for id_, media in all_media(snapshot, MediaKind.live).items()
    ]
    # Python's 1.2.7 refuses this key, 1.3.0 demands it — evidence/apivideo.md §6.4. Node's 2.2.8
    # leaves out what it does not know.
    assert all("restreams" in row for row in rows) == (
        USES[client_use][0] not in ("apivideo-1.2.7", "apivideo-node-2.2.8")
    )


def test_one_live_stream(answers: AnswerOf, snapshot: Snapshot) -> None:
    row = parsed_value(answers("one live stream"), "LiveStream")
    assert (row["liveStreamId"], row["name"]) == (
        LIVE,
        all_media(snapshot, MediaKind.live)[LIVE].title,
    )


# Errors: a class for each status in Python, one class for all in Node, which it only is if the
# content type is right.

UNKNOWN = {
    "unknown video": "videoId",
    "sessions of an unknown video": "videoId",
    "sessions of an unknown live stream": "liveStreamId",
    "events of an unknown session": "sessionId",
}


def assert_refused(answer: Answer, use: str, status: int, python: str) -> dict[str, Any]:
    """The problem in an error of the client's own."""
    assert (answer.ok, answer.error, answer.status) == (
        False,
        "ApiVideoError" if USES[use][0] in NODE else python,
        status,
    ), answer
    assert answer.body["status"] == status
    problem: dict[str, Any] = answer.body
    return problem


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_id_is_a_404_that_names_it(
    name: str, client_use: str, answers: AnswerOf
) -> None:
    problem = assert_refused(answers(name), client_use, 404, "NotFoundException")
    assert (problem["title"], problem["name"]) == (
        "The requested resource was not found.",
        UNKNOWN[name],
    )


@pytest.mark.parametrize(("name", "parameter"), [("bad period", "period"), ("bad page", "page")])
def test_a_bad_parameter_is_a_400_that_names_it(
    name: str, parameter: str, client_use: str, answers: AnswerOf
) -> None:
    assert assert_refused(answers(name), client_use, 400, "ApiException")["name"] == parameter


def test_a_bad_key_is_refused(client_use: str, answers: AnswerOf) -> None:
    """Where tokens are given with a 400, and on a request that carries the key itself with
    a 401.
    """
    basic = USES[client_use][0] == "apivideo-node-2.5.4"
    problem = assert_refused(answers("bad key"), client_use, 401 if basic else 400, "ApiException")
    assert problem["title"] == (
        "The API key is invalid." if basic else "The user credentials were incorrect."
    )


@pytest.mark.parametrize("name", PYTHON)
def test_a_token_expires_by_the_account_s_clock(
    name: str, recorded_calls: Callable[[str], RecordedCalls]
) -> None:
    answer = recorded_calls(name).answers["expired token"]
    assert (answer.ok, answer.error, answer.status) == (False, "UnauthorizedException", 401)
    assert answer.body["title"] == "The access token is invalid or expired."


# Authentication, as the server saw it.


@pytest.mark.parametrize("name", PYTHON)
def test_python_fetches_tokens_and_ends_its_block_with_a_refresh(
    name: str, recorded_calls: Callable[[str], RecordedCalls]
) -> None:
    requests = recorded_calls(name).requests
    assert requests[0] == ("POST", "/auth/api-key", 200)
    assert [request for request in requests if request[1] == "/auth/refresh"] == [
        ("POST", "/auth/refresh", 200)
    ]
    assert requests[-1] == ("POST", "/auth/refresh", 200)
    # One token for what is asked after connect(), one for the block, and two that are refused.
    assert sorted(status for _, path, status in requests if path == "/auth/api-key") == [
        200,
        200,
        400,
        400,
    ]


def test_node_2_2_8_fetches_one_token_for_all(
    recorded_calls: Callable[[str], RecordedCalls],
) -> None:
    requests = recorded_calls("apivideo-node-2.2.8").requests
    assert requests[0] == ("POST", "/auth/api-key", 200)
    assert sorted(status for _, path, status in requests if path.startswith("/auth")) == [200, 400]


def test_node_2_5_4_sends_its_key_with_every_request(
    recorded_calls: Callable[[str], RecordedCalls],
) -> None:
    requests = recorded_calls("apivideo-node-2.5.4").requests
    assert not [path for _, path, _ in requests if path.startswith("/auth")]
    assert {status for _, _, status in requests} == {200, 400, 401, 404}
