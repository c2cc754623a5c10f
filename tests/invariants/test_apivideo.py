"""api.video's laws (evidence/apivideo.md §4) on random worlds and on the demo.

| law | here |
|---|---|
| 1 | `law_1_a_session_is_in_one_list`, `law_1_a_period_is_the_sum_of_its_parts` |
| 2 | `law_2_pages_make_the_list` |
| 3 | `law_3_a_session_lasts_from_its_first_event` |
| 4 | `law_4_events_follow_the_grammar` |
| 5 | `law_5_counters_do_not_depend_on_the_page` |
| 6 | `law_6_metadata_narrows` |
| 7 | `test_law_7_sessions_lie_inside_broadcasts`, on the demo: recorded viewings need no broadcast
|
| 8–16 | across generations: test_apivideo_counts.py |
| 17 | `law_17_ids_and_kinds_agree`, as far as it concerns the catalogue |
"""

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

import pytest
from hypothesis import given

from playhead import Server
from playhead.domain.clock import parse_instant
from tests.analytics.world_sketches import WORLDS, ViewingSketch
from tests.invariants.conftest import RecordAndQuery
from tests.invariants.vendor_client import (
    ALL_TIME,
    EVENT_GRAMMAR,
    Live,
    VendorClient,
    Video,
    broadcast_ranges,
    days_between,
    event_string,
    iso_date,
    playback_runs,
    sessions_path,
    shared_examples,
)
from tests.worlds import NOW

pytestmark = [
    pytest.mark.invariants,
    pytest.mark.covers(
        "apivideo.video_sessions",
        "apivideo.live_stream_sessions",
        "apivideo.session_events",
        "apivideo.videos",
        "apivideo.live_streams",
    ),
]

Invariant = Callable[[VendorClient], None]
PING = 10


def media_of(client: VendorClient) -> list[Video | Live]:
    """What api.video sees.

    Of the demo the least watched, one session after the other being much to ask.
    """
    everything: list[Video | Live] = [*client.videos, *client.lives]
    if client.recorded is not None:
        return everything
    return [
        *sorted(client.videos, key=client.session_count)[:3],
        *sorted(client.lives, key=client.session_count)[:1],
    ]


def sample_sessions(client: VendorClient, media: Video | Live) -> list[dict[str, Any]]:
    """The first and the newest sessions of a media."""
    found = client.sessions(media)
    return found if len(found) <= 40 else [*found[:20], *found[-20:]]


def session_bounds(session: Mapping[str, Any]) -> tuple[int, int]:
    """When a session was loaded, and its last signal."""
    return parse_instant(session["session"]["loadedAt"]), parse_instant(
        session["session"]["endedAt"]
    )


def invariant_1_a_session_is_in_one_list(client: VendorClient) -> None:
    """Law 1: each session appears in the list of exactly one media."""
    ids = [
        session["session"]["sessionId"]
        for media in media_of(client)
        for session in client.sessions(media)
    ]
    assert len(set(ids)) == len(ids)


def invariant_1_a_period_is_the_sum_of_its_parts(client: VendorClient) -> None:
    """Law 1: itemsTotal of a year = Σ of its months = Σ of its days.

    Week sums likewise (UTC, by loadedAt).
    """
    media = max(media_of(client), key=client.session_count)

    def total(*periods: str) -> int:
        return sum(client.session_count(media, period=period) for period in periods)

    everything = client.session_count(media)
    months = ("2024-01/2024-02", "2024-03", "2024-04", "2024-05", "2024-06", "2024-07/2024-12")
    assert total("2024") == total(*months) == everything == total("2023/2024")
    assert (
        total("2024-06")
        == total("2024-06-01/2024-06-02", *days_between("2024-06-03", "2024-06-08"))
        == total("2024-06-01/2024-06-30")
    )
    assert total("2024-W22", "2024-W23") == total(
        "2024-05-27/2024-06-02", *days_between("2024-06-03", "2024-06-09")
    )
    assert total("2024-06-04") == sum(
        session["session"]["loadedAt"].startswith("2024-06-04")
        for session in client.sessions(media)
    )


def invariant_2_pages_make_the_list(client: VendorClient) -> None:
    """Law 2: concatenating pages gives the list, no duplicates, in a stable order (loadedAt
    ascending).
    """
    for media in media_of(client):
        found = client.sessions(media)
        if len(found) <= 60:
            assert client.sessions(media, size=2) == client.sessions(media, size=5) == found
        loads = [session_bounds(session)[0] for session in found]
        assert loads == sorted(loads)


def invariant_3_a_session_lasts_from_its_first_event(client: VendorClient) -> None:
    """Law 3: loadedAt = that of `ready`, every emittedAt ≤ endedAt, endedAt − last event < 10 s
    unless playing.
    """
    for media in media_of(client):
        for session in sample_sessions(client, media):
            events, (loaded, ended) = client.session_events(session), session_bounds(session)
            emitted = [parse_instant(event["emittedAt"]) for event in events]
            assert events[0]["type"] == "ready"
            assert loaded == emitted[0] <= ended <= NOW
            assert emitted == sorted(emitted)
            playing = event_string(events)[-1] in "pms"
            assert 0 <= ended - emitted[-1] < PING or (
                playing and ended >= emitted[-1] and NOW - ended < PING
            )


def invariant_4_events_follow_the_grammar(client: VendorClient) -> None:
    """Law 4: ready (play (seek | pause resume)* (pause | end)?)*, 0 ≤ at, from, to ≤ duration,
    `end` at the duration.
    """
    for media in media_of(client):
        for session in sample_sessions(client, media):
            events = client.session_events(session)
            assert EVENT_GRAMMAR.fullmatch(event_string(events)), events
            playback_runs(
                events, until=session_bounds(session)[1]
            )  # reads them with the wall clock and refuses a jump that no seek tells
            where = [
                event[name] for event in events for name in ("at", "from", "to") if name in event
            ]
            assert all(position >= 0 for position in where)
            if isinstance(media, Video):
                assert all(position <= media.seconds for position in where)
                assert all(
                    event["at"] == media.seconds for event in events if event["type"] == "end"
                )
            for event in events:
                assert {*event} - {"type", "emittedAt"} == (
                    {"from", "to"} if event["type"].startswith("seek") else {"at"}
                )
                assert "from" not in event or (event["type"] == "seek.forward") == (
                    event["from"] <= event["to"]
                )


def invariant_5_counters_do_not_depend_on_the_page(client: VendorClient) -> None:
    """Law 5: itemsTotal of events is independent of pageSize.

    Σ pages = itemsTotal (checked as the pages are read).
    """
    for media in media_of(client):
        for session in sample_sessions(client, media)[:2]:
            path = f"/analytics/sessions/{session['session']['sessionId']}/events"
            assert (
                client.apivideo_list(path, size=1)
                == client.apivideo_list(path, size=3)
                == client.session_events(session)
            )


def invariant_6_metadata_narrows(client: VendorClient) -> None:
    """Law 6: a filter's result ⊆ the unfiltered list; of two pairs it is the intersection."""
    pairs = [
        ("hats", "green"),
        ("hats", "red"),
        ("size", "L"),
        ("userName", "amelie"),
        ("hats", "Green"),
    ]
    for media in (media for media in media_of(client) if isinstance(media, Video)):
        found = client.sessions(media)
        with_pair = {
            pair: [
                session
                for session in found
                if {"key": pair[0], "value": pair[1]} in session["session"]["metadata"]
            ]
            for pair in pairs
        }
        for (name, value), expected in with_pair.items():
            assert client.sessions(media, **{f"metadata[{name}]": value}) == expected
        both = [
            session for session in with_pair["hats", "green"] if session in with_pair["size", "L"]
        ]
        assert client.sessions(media, **{"metadata[hats]": "green", "metadata[size]": "L"}) == both


def invariant_17_ids_and_kinds_agree(client: VendorClient) -> None:
    """Law 17: an id of a video is no live stream's, and the other way round.

    A tag's filter gives those with the tag.
    """
    videos = client.apivideo_list("/videos")
    lives = client.apivideo_list("/live-streams")
    assert not {video["videoId"] for video in videos} & {stream["liveStreamId"] for stream in lives}
    assert all(video["videoId"].startswith("vi") for video in videos)
    for path, id_ in chain(
        (("live-streams", video["videoId"]) for video in videos),
        (("videos", stream["liveStreamId"]) for stream in lives),
    ):
        for address in (f"/analytics/{path}/{id_}", f"/{path}/{id_}"):
            assert client.world.get(client.web, "apivideo", address).status_code == 404
    for tag in {tag for video in videos for tag in video["tags"]}:
        assert client.apivideo_list("/videos", **{"tags[]": tag}) == [
            video for video in videos if tag in video["tags"]
        ]


INVARIANTS: list[Invariant] = [
    invariant_1_a_session_is_in_one_list,
    invariant_1_a_period_is_the_sum_of_its_parts,
    invariant_2_pages_make_the_list,
    invariant_3_a_session_lasts_from_its_first_event,
    invariant_4_events_follow_the_grammar,
    invariant_5_counters_do_not_depend_on_the_page,
    invariant_6_metadata_narrows,
    invariant_17_ids_and_kinds_agree,
]


@pytest.mark.parametrize("law", INVARIANTS, ids=lambda law: law.__name__)
@shared_examples
@given(sketched=WORLDS)
def test_on_random_worlds(
    record_and_query: RecordAndQuery, law: Invariant, sketched: list[ViewingSketch]
) -> None:
    law(record_and_query(sketched))


@pytest.mark.parametrize("law", INVARIANTS, ids=lambda law: law.__name__)
def test_on_the_demo(demo_client: VendorClient, law: Invariant) -> None:
    law(demo_client)


def test_law_7_sessions_lie_inside_broadcasts(demo: Server, demo_client: VendorClient) -> None:
    """Law 7: what a session of a live stream plays, it plays while the stream is on air, and it is
    loaded shortly before at most.
    """
    early = 1800
    for stream in demo_client.lives:
        on_air = broadcast_ranges(demo)[stream.title]
        for session in sample_sessions(demo_client, stream):
            loaded, ended = session_bounds(session)
            assert any(run.start - early <= loaded and ended <= run.end + PING for run in on_air), (
                session
            )
            for played in playback_runs(demo_client.session_events(session), until=ended):
                assert any(
                    run.start <= played.started_at <= played.stopped_at <= run.end for run in on_air
                ), session


def test_every_load_is_within_what_the_laws_ask(demo_client: VendorClient) -> None:
    """The windows of all laws hold all there is."""
    for media in media_of(demo_client):
        assert total_sessions(demo_client, media) == demo_client.session_count(media)


def total_sessions(client: VendorClient, media: Video | Live) -> int:
    path = sessions_path(media)
    found: int = client.get_json(
        "apivideo", path, pageSize=1, period=f"{iso_date(ALL_TIME.start)}/{iso_date(ALL_TIME.end)}"
    )["pagination"]["itemsTotal"]
    return found
