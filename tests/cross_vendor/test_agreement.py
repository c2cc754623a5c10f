"""One world, three vendors: the same question asked of two of them gives the same number, at an
instant when nothing runs.

| question | asked of | agreement |
|---|---|---|
| what is in the library | all | `titles_and_durations` |
| how often was a video loaded | Wistia, api.video | `loads_of_a_video` |
| … on a day | Wistia, api.video | `loads_of_a_day` |
| how often was it played | all | `plays_of_a_video` |
| … on a day | Wistia, api.video | `plays_of_a_day` |
| how often was it viewed (≥ 5 s) | Gcore, api.video | `views_of_a_video` |
| … from which country | Gcore, api.video | `views_by_country` |
| how many saw each part of it | Wistia, Gcore, api.video | `viewers_of_a_second` |
| how often was a part seen again | Wistia, api.video | `seconds_seen_again` |
| how much of it did a play see | Wistia, api.video | `how_much_a_play_saw` |
| how long was live watched | Gcore, api.video | `watch_time_of_live` |
| how many watched at an instant | Gcore, api.video | `audience_of_a_live_stream` |
| who was it, on what, where | Wistia, api.video | `who_watched` |

Over the kinds both see: Wistia and Gcore share videos, api.video and Gcore videos and live streams.
Playlists have Gcore alone.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from sqlalchemy import select

from playhead import Server
from playhead.domain.clock import parse_instant
from playhead.domain.time_range import TimeRange
from playhead.storage import tables
from tests.analytics.world_sketches import ViewingSketch
from tests.invariants.vendor_client import (
    ALL_TIME,
    ENDED_WORLDS,
    SHORT_VIEWINGS,
    Live,
    PlaybackRun,
    VendorClient,
    Video,
    WorldFactory,
    format_iso,
    iso_date,
    playback_runs,
    positions_played,
    record_and_query,
    shared_examples,
)
from tests.worlds import DAY, NOW, World

pytestmark = [
    pytest.mark.invariants,
    pytest.mark.covers(
        "gcore.views_by_country",
        "gcore.views_heatmap",
        "gcore.live_watch_time",
        "gcore.live_watch_time_total",
        "gcore.streams",
        "gcore.videos",
        "gcore.video",
        "wistia.media",
        "wistia.media_by_date",
        "wistia.media_engagement",
        "wistia.visitors",
        "wistia.events",
        "wistia.medias",
        "apivideo.video_sessions",
        "apivideo.live_stream_sessions",
        "apivideo.session_events",
        "apivideo.videos",
        "apivideo.video",
        "apivideo.live_streams",
    ),
]

Invariant = Callable[[VendorClient], None]
VIEW_SECONDS = 5  # watched seconds that make a view
# sessions of the demo that are read one by one, of the least watched media with so many at most
SAMPLE_SIZE = 250


def media_of(client: VendorClient) -> tuple[list[Video], list[Live]]:
    """What is asked about: everything, of the demo what few watched."""
    if client.recorded is not None:
        return client.videos, client.lives
    return [
        video for video in client.videos if client.session_count(video) <= SAMPLE_SIZE
    ], client.lives


def ended_sessions(
    client: VendorClient, of: Video | Live
) -> Iterator[tuple[dict[str, Any], list[PlaybackRun]]]:
    """Sessions with what they played; of a live stream of the demo only the newest day's."""
    parameters = (
        {}
        if client.recorded is not None or isinstance(of, Video)
        else {"period": last_day(client, of)}
    )
    for session in client.sessions(of, **parameters):
        yield session, playback_runs(client.session_events(session), until=NOW)


def last_day(client: VendorClient, stream: Live) -> str:
    """The newest day with few, but some sessions of a live stream."""
    days = (iso_date(NOW - back * DAY) for back in range(60))
    return next(day for day in days if 0 < client.session_count(stream, period=day) <= SAMPLE_SIZE)


def time_of(client: VendorClient, stream: Live) -> TimeRange:
    """When what is `played` of a live stream was played:

    no viewing of the demo's crosses midnight.
    """
    return ALL_TIME if client.recorded is not None else day_window(last_day(client, stream))


def day_window(day: str) -> TimeRange:
    return TimeRange(parse_instant(day), parse_instant(day) + DAY)


def seconds(runs: list[PlaybackRun]) -> int:
    return sum(run.seconds for run in runs)


def titles_and_durations(client: VendorClient) -> None:
    """The catalogues name the same titles, durations, days and descriptions.

    An id names the same video at each.
    """
    said = {
        media["name"]: (media["duration"], media["created"][:10], media["description"])
        for media in client.wistia_medias
    }
    assert said == {
        video["name"]: (
            video["duration"] / 1000,
            video["created_at"][:10],
            video["description"] or "",
        )
        for video in client.gcore_videos
    }
    assert {name: rest[1:] for name, rest in said.items()} == {
        row["title"]: (row["createdAt"][:10], row["description"])
        for row in client.apivideo_list("/videos")
    }
    streams = {
        stream["name"]: stream["created_at"][:10]
        for stream in client.get_json("gcore", "/streaming/streams")
    }
    assert streams == {
        stream["name"]: stream["createdAt"][:10] for stream in client.apivideo_list("/live-streams")
    }
    for video in client.videos:
        assert (
            client.get_json("gcore", f"/streaming/videos/{video.gcore}")["name"]
            == client.get_json("apivideo", f"/videos/{video.apivideo}")["title"]
            == video.title
        )


def loads_of_a_video(client: VendorClient) -> None:
    """Wistia's load_count = api.video's sessions."""
    for video in client.videos:
        assert client.get_json("wistia", f"/v1/stats/medias/{video.wistia}.json")[
            "load_count"
        ] == client.session_count(video)


def loads_of_a_day(client: VendorClient) -> None:
    """Wistia's by_date[d].load_count = api.video's sessions of period=d."""
    for video in media_of(client)[0]:
        by_date = client.by_date(f"medias/{video.wistia}")
        days = [iso_date(NOW - back * DAY) for back in range(5 if client.recorded else 40)]
        assert [by_date[day]["load_count"] for day in days] == [
            client.session_count(video, period=day) for day in days
        ]


def plays_of_a_video(client: VendorClient) -> None:
    """Wistia's play_count = its events = api.video's sessions with a `play` = Gcore's cdn_views."""
    cdn_views = {video["id"]: video["cdn_views"] for video in client.gcore_videos}
    for video in client.videos:
        plays = client.get_json("wistia", f"/v1/stats/medias/{video.wistia}.json")["play_count"]
        assert plays == len(client.events[video.wistia]) == cdn_views[video.gcore]
    for video in media_of(client)[0]:
        with_play = [
            session
            for session in client.sessions(video)
            if any(event["type"] == "play" for event in client.session_events(session))
        ]
        assert len(with_play) == cdn_views[video.gcore]


def plays_of_a_day(client: VendorClient) -> None:
    """Wistia's by_date[d].play_count = api.video's sessions loaded on d that have a `play`."""
    for video in media_of(client)[0]:
        days = Counter(
            session["session"]["loadedAt"][:10]
            for session, found in ended_sessions(client, video)
            if found
        )
        assert days == +Counter(
            {
                date: row["play_count"]
                for date, row in client.by_date(f"medias/{video.wistia}").items()
            }
        )


def views_of_a_video(client: VendorClient) -> None:
    """Gcore's views = api.video's sessions whose events add up to five watched seconds."""
    views = {video["id"]: video["views"] for video in client.gcore_videos}
    for video in media_of(client)[0]:
        assert views[video.gcore] == sum(
            seconds(found) >= VIEW_SECONDS for _, found in ended_sessions(client, video)
        )


def views_by_country(client: VendorClient) -> None:
    """Gcore's countries = api.video's sessions of five watched seconds by country, of a whole
    world.

    Of the demo, of a day of live streams.
    """
    videos, lives = media_of(client)
    if client.recorded is not None:
        for kind, found in (("vod", videos), ("live", lives)):
            assert by_name(client, ALL_TIME, kind) == views_of(client, *found)
        return
    day = next(last_day(client, stream) for stream in lives)
    window = day_window(day)
    sessions = [session for stream in lives for session in client.sessions(stream, period=day)]
    said = Counter(
        row["location"]["country"]
        for row in sessions
        if seconds(playback_runs(client.session_events(row), until=NOW)) >= VIEW_SECONDS
    )
    assert by_name(client, window, "live") == said != {}


def by_name(client: VendorClient, time_range: TimeRange, kind: str) -> dict[str, int]:
    query = {
        "date_from": format_iso(time_range.start),
        "date_to": format_iso(time_range.end - 1),
        "type": kind,
    }
    return {
        row["country_name"]: row["views"]
        for row in client.get_json("gcore", "/streaming/statistics/countries", **query)["data"]
    }


def views_of(client: VendorClient, *of: Video | Live) -> Counter[str]:
    """Views by the country's name, counted from sessions."""
    return Counter(
        session["location"]["country"]
        for one in of
        for session, found in ended_sessions(client, one)
        if seconds(found) >= VIEW_SECONDS
    )


def viewers_of_a_second(client: VendorClient) -> None:
    """Wistia's engagement_data at every tenth second = Gcore's heat map = api.video's sessions that
    had it on screen.
    """
    for video in client.videos:
        if video.seconds <= 1000:
            data = client.get_json("wistia", f"/v1/stats/medias/{video.wistia}/engagement.json")[
                "engagement_data"
            ]
            seen = client.heatmap(ALL_TIME, "vod", video.gcore)
            assert data[::10] == [seen.get(second, 0) for second in range(0, video.seconds, 10)]
    for video in media_of(client)[0]:
        sessions = Counter(
            position
            for _, found in ended_sessions(client, video)
            for position in set(positions_played(found))
            if position % 10 == 0
        )
        assert sessions == +Counter(client.heatmap(ALL_TIME, "vod", video.gcore))


def seconds_seen_again(client: VendorClient) -> None:
    """Wistia's engagement_data + rewatch_data = how often api.video's sessions had each second."""
    for video in (video for video in media_of(client)[0] if video.seconds <= 1000):
        graph = client.get_json("wistia", f"/v1/stats/medias/{video.wistia}/engagement.json")
        passes = Counter(
            position
            for _, found in ended_sessions(client, video)
            for position in positions_played(found)
        )
        assert [passes[second] for second in range(video.seconds)] == [
            sum(pair) for pair in zip(graph["engagement_data"], graph["rewatch_data"], strict=True)
        ]


def how_much_a_play_saw(client: VendorClient) -> None:
    """percent_viewed of Wistia's events = distinct seconds that the events of api.video's sessions
    tell, play by play.
    """
    for video in media_of(client)[0]:
        events = Counter(
            (event["received_at"][:19], round(event["percent_viewed"] * video.seconds))
            for event in client.events[video.wistia]
        )
        sessions = Counter(
            (session["session"]["loadedAt"][:19], len(set(positions_played(found))))
            for session, found in ended_sessions(client, video)
            if found
        )
        assert events == sessions


def watch_time_of_live(client: VendorClient) -> None:
    """Gcore's minutes of live streams, rounded up once = seconds between the events of api.video's
    sessions.
    """
    for stream in client.lives:
        window = time_of(client, stream)
        found = [run for _, one in ended_sessions(client, stream) for run in one]
        assert client.total_live_minutes(window, stream_id=stream.gcore) == -(-seconds(found) // 60)
        by_hour = Counter[int]()
        for run in found:
            by_hour.update(
                second // 3600 * 3600 for second in range(run.started_at, run.stopped_at)
            )
        series = client.live_minutes(
            TimeRange(max(window.start, NOW - 60 * DAY), window.end), "1h", stream_id=stream.gcore
        )
        assert {start: minutes for start, minutes in series.items() if minutes} == {
            start: -(-held // 60) for start, held in by_hour.items()
        }


def audience_of_a_live_stream(client: VendorClient) -> None:
    """Gcore's heat map of a live stream = api.video's sessions that play at each full minute."""
    for stream in client.lives:
        found = [run for _, one in ended_sessions(client, stream) for run in one]
        watching = Counter(
            minute
            for run in found
            for minute in range(-(-run.started_at // 60) * 60, run.stopped_at, 60)
        )
        assert watching == client.heatmap(time_of(client, stream), "live", stream.gcore)


# What Wistia and api.video call the same systems and browsers.
SYSTEMS = {
    "Microsoft Windows": "Windows",
    "macOS": "Macintosh",
    "iOS": "iOS (iPhone)",
    "iPadOS": "iOS (iPad)",
    "Android": "Android",
    "Linux": "Generic Linux",
    "Tizen": "Generic Linux",
    "webOS": "Generic Linux",
    "Chrome OS": "Chrome OS",
    "PlayStation": "Unknown",
}
BROWSERS = {
    "Chrome": "Chrome",
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Firefox": "Firefox",
    "Firefox Mobile": "Firefox",
    "Safari": "Safari",
    "Mobile Safari": "Safari",
    "Samsung Internet": "Samsung Browser",
    "Microsoft Edge": "Microsoft Edge",
    "Opera": "Opera",
    "TV Browser": "Unknown Browser",
}
SeenViewer = tuple[str, ...]


def who_watched(client: VendorClient) -> None:
    """Instant, city, country, page and device of a play agree.

    So do address and e-mail of a visitor with those of its events.
    """
    names = {
        row["country"]: row["country_name"]
        for row in client.get_json(
            "gcore",
            "/streaming/statistics/countries",
            date_from=format_iso(ALL_TIME.start),
            date_to=format_iso(NOW),
        )["data"]
    }
    for video in media_of(client)[0]:
        events = Counter(viewer_from_wistia(event, names) for event in client.events[video.wistia])
        sessions = Counter(
            viewer_from_apivideo(session, names)
            for session, found in ended_sessions(client, video)
            if found
        )
        assert events == sessions
    for found in client.events.values():
        for event in found:
            visitor = client.visitors[event["visitor_key"]]
            assert (event["email"], event["user_agent_details"]) == (
                visitor["visitor_identity"]["email"],
                visitor["user_agent_details"],
            )
    addresses: dict[str, set[str]] = {}
    for event in (event for found in client.events.values() for event in found):
        addresses.setdefault(event["visitor_key"], set()).add(event["ip"])
    assert all(len(found) == 1 for found in addresses.values())


def viewer_from_wistia(event: Mapping[str, Any], names: Mapping[str, str]) -> SeenViewer:
    device = event["user_agent_details"]
    country = names.get(event["country"], "")  # a country without a view has no name at Gcore
    return (
        event["received_at"][:19],
        event["city"],
        country,
        event["embed_url"],
        device["browser"],
        device["browser_version"],
        device["platform"],
        str(device["mobile"]),
    )


def viewer_from_apivideo(session: Mapping[str, Any], names: Mapping[str, str]) -> SeenViewer:
    country = session["location"]["country"]
    version = session["client"]["version"].partition(".")[0]
    return (
        session["session"]["loadedAt"][:19],
        session["location"]["city"],
        country if country in names.values() else "",
        session["referrer"]["url"] or "",
        BROWSERS[session["client"]["name"]],
        version if version.isdigit() else "0",
        SYSTEMS[session["os"]["name"]],
        str(session["device"]["type"] == "mobile"),
    )


INVARIANTS: list[Invariant] = [
    titles_and_durations,
    loads_of_a_video,
    loads_of_a_day,
    plays_of_a_video,
    plays_of_a_day,
    views_of_a_video,
    views_by_country,
    viewers_of_a_second,
    seconds_seen_again,
    how_much_a_play_saw,
    watch_time_of_live,
    audience_of_a_live_stream,
    who_watched,
]


@pytest.fixture(scope="module")
def idle_demo_client(demo: Server, web: httpx.Client) -> Iterator[VendorClient]:
    """The demo at the last instant of its clock's day at which nothing runs."""
    with Server(scenario="demo", now=format_iso(idle_instant(demo))) as server:
        yield VendorClient(World(server, "agreement"), web)


def idle_instant(server: Server) -> int:
    """The last instant up to now at which no viewing of the world is in progress."""
    emulator = server.emulator
    viewings = tables.viewings
    account = emulator.open_account("quiet")
    with emulator.store.snapshot() as connection:
        spans = connection.execute(
            select(viewings.c.loaded_at, viewings.c.ended_at)
            .where(
                viewings.c.world == account.world,
                viewings.c.loaded_at <= account.relative_now,
                viewings.c.loaded_at > account.relative_now - 3 * DAY,
            )
            .order_by(viewings.c.loaded_at.desc())
        ).all()
    return next(
        at
        for at in range(NOW, NOW - DAY, -1)
        if not any(row[0] <= at - account.anchor < row[1] for row in spans)
    )


@pytest.mark.parametrize("agreement", INVARIANTS, ids=lambda agreement: agreement.__name__)
@shared_examples
@given(sketched=ENDED_WORLDS)
@example(sketched=SHORT_VIEWINGS)
def test_on_random_worlds(
    new_world: WorldFactory, web: httpx.Client, agreement: Invariant, sketched: list[ViewingSketch]
) -> None:
    agreement(record_and_query(new_world, web, sketched))


@pytest.mark.parametrize("agreement", INVARIANTS, ids=lambda agreement: agreement.__name__)
def test_on_the_demo(idle_demo_client: VendorClient, agreement: Invariant) -> None:
    agreement(idle_demo_client)


def test_nothing_runs_when_the_demo_is_asked(idle_demo_client: VendorClient) -> None:
    """And still there is something to agree on."""
    videos, lives = media_of(idle_demo_client)
    assert len(videos) >= 5 and len(lives) >= 3
    assert sum(map(idle_demo_client.session_count, videos)) > 200
    assert not any(
        stream["live"] for stream in idle_demo_client.get_json("gcore", "/streaming/streams")
    )
