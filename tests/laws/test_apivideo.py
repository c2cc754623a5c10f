"""api.video's laws (contracts/apivideo.md §4) on random worlds and on the demo.

| law | here |
|---|---|
| 1 | `law_1_a_session_is_in_one_list`, `law_1_a_period_is_the_sum_of_its_parts` |
| 2 | `law_2_pages_make_the_list` |
| 3 | `law_3_a_session_lasts_from_its_first_event` |
| 4 | `law_4_events_follow_the_grammar` |
| 5 | `law_5_counters_do_not_depend_on_the_page` |
| 6 | `law_6_metadata_narrows` |
| 7 | `test_law_7_sessions_lie_inside_broadcasts`, on the demo: recorded viewings need no broadcast |
| 8–16 | across generations: test_apivideo_counts.py |
| 17 | `law_17_ids_and_kinds_agree`, as far as it concerns the catalogue |
"""

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

import pytest
from hypothesis import given

from playhead import Server
from playhead.clock import instant_of
from tests.laws.conftest import Hear
from tests.laws.hearing import EVER, GRAMMAR, Heard, Live, Video, broadcasts, day_of, days_between, runs, same_worlds, sentence, sessions_of
from tests.stats.sketches import WORLDS, Sketch
from tests.worlds import NOW

pytestmark = [
    pytest.mark.laws,
    pytest.mark.covers("apivideo.video_sessions", "apivideo.live_stream_sessions", "apivideo.session_events", "apivideo.videos", "apivideo.live_streams"),
]

Law = Callable[[Heard], None]
PING = 10


def media_of(heard: Heard) -> list[Video | Live]:
    """What api.video sees; of the demo the least watched, one session after the other being much to ask."""
    everything: list[Video | Live] = [*heard.videos, *heard.lives]
    if heard.told is not None:
        return everything
    return [*sorted(heard.videos, key=heard.session_count)[:3], *sorted(heard.lives, key=heard.session_count)[:1]]


def few_sessions(heard: Heard, media: Video | Live) -> list[dict[str, Any]]:
    """The first and the newest sessions of a media."""
    found = heard.sessions(media)
    return found if len(found) <= 40 else [*found[:20], *found[-20:]]


def times(session: Mapping[str, Any]) -> tuple[int, int]:
    """When a session was loaded, and its last signal."""
    return instant_of(session["session"]["loadedAt"]), instant_of(session["session"]["endedAt"])


def law_1_a_session_is_in_one_list(heard: Heard) -> None:
    """Law 1: each session appears in the list of exactly one media."""
    ids = [session["session"]["sessionId"] for media in media_of(heard) for session in heard.sessions(media)]
    assert len(set(ids)) == len(ids)


def law_1_a_period_is_the_sum_of_its_parts(heard: Heard) -> None:
    """Law 1: itemsTotal of a year = Σ of its months = Σ of its days; week sums likewise (UTC, by loadedAt)."""
    media = max(media_of(heard), key=heard.session_count)

    def total(*periods: str) -> int:
        return sum(heard.session_count(media, period=period) for period in periods)

    everything = heard.session_count(media)
    months = ("2024-01/2024-02", "2024-03", "2024-04", "2024-05", "2024-06", "2024-07/2024-12")
    assert total("2024") == total(*months) == everything == total("2023/2024")
    assert total("2024-06") == total("2024-06-01/2024-06-02", *days_between("2024-06-03", "2024-06-08")) == total("2024-06-01/2024-06-30")
    assert total("2024-W22", "2024-W23") == total("2024-05-27/2024-06-02", *days_between("2024-06-03", "2024-06-09"))
    assert total("2024-06-04") == sum(session["session"]["loadedAt"].startswith("2024-06-04") for session in heard.sessions(media))


def law_2_pages_make_the_list(heard: Heard) -> None:
    """Law 2: concatenating pages gives the list, no duplicates, in a stable order (loadedAt ascending)."""
    for media in media_of(heard):
        found = heard.sessions(media)
        if len(found) <= 60:
            assert heard.sessions(media, size=2) == heard.sessions(media, size=5) == found
        loads = [times(session)[0] for session in found]
        assert loads == sorted(loads)


def law_3_a_session_lasts_from_its_first_event(heard: Heard) -> None:
    """Law 3: loadedAt = that of `ready`, every emittedAt ≤ endedAt, endedAt − last event < 10 s unless playing."""
    for media in media_of(heard):
        for session in few_sessions(heard, media):
            events, (loaded, ended) = heard.session_events(session), times(session)
            emitted = [instant_of(event["emittedAt"]) for event in events]
            assert events[0]["type"] == "ready"
            assert loaded == emitted[0] <= ended <= NOW
            assert emitted == sorted(emitted)
            playing = sentence(events)[-1] in "pms"
            assert 0 <= ended - emitted[-1] < PING or (playing and ended >= emitted[-1] and NOW - ended < PING)


def law_4_events_follow_the_grammar(heard: Heard) -> None:
    """Law 4: ready (play (seek | pause resume)* (pause | end)?)*, 0 ≤ at, from, to ≤ duration, `end` at the duration."""
    for media in media_of(heard):
        for session in few_sessions(heard, media):
            events = heard.session_events(session)
            assert GRAMMAR.fullmatch(sentence(events)), events
            runs(events, until=times(session)[1])  # reads them with the wall clock and refuses a jump that no seek tells
            where = [event[name] for event in events for name in ("at", "from", "to") if name in event]
            assert all(position >= 0 for position in where)
            if isinstance(media, Video):
                assert all(position <= media.seconds for position in where)
                assert all(event["at"] == media.seconds for event in events if event["type"] == "end")
            for event in events:
                assert {*event} - {"type", "emittedAt"} == ({"from", "to"} if event["type"].startswith("seek") else {"at"})
                assert "from" not in event or (event["type"] == "seek.forward") == (event["from"] <= event["to"])


def law_5_counters_do_not_depend_on_the_page(heard: Heard) -> None:
    """Law 5: itemsTotal of events is independent of pageSize; Σ pages = itemsTotal (checked as the pages are read)."""
    for media in media_of(heard):
        for session in few_sessions(heard, media)[:2]:
            path = f"/analytics/sessions/{session['session']['sessionId']}/events"
            assert heard.pages(path, size=1) == heard.pages(path, size=3) == heard.session_events(session)


def law_6_metadata_narrows(heard: Heard) -> None:
    """Law 6: a filter's result ⊆ the unfiltered list; of two pairs it is the intersection."""
    pairs = [("hats", "green"), ("hats", "red"), ("size", "L"), ("userName", "amelie"), ("hats", "Green")]
    for media in (media for media in media_of(heard) if isinstance(media, Video)):
        found = heard.sessions(media)
        with_pair = {pair: [session for session in found if {"key": pair[0], "value": pair[1]} in session["session"]["metadata"]] for pair in pairs}
        for (name, value), expected in with_pair.items():
            assert heard.sessions(media, **{f"metadata[{name}]": value}) == expected
        both = [session for session in with_pair["hats", "green"] if session in with_pair["size", "L"]]
        assert heard.sessions(media, **{"metadata[hats]": "green", "metadata[size]": "L"}) == both


def law_17_ids_and_kinds_agree(heard: Heard) -> None:
    """Law 17: an id of a video is no live stream's, and the other way round; a tag's filter gives those with the tag."""
    videos, lives = heard.pages("/videos"), heard.pages("/live-streams")
    assert not {video["videoId"] for video in videos} & {stream["liveStreamId"] for stream in lives}
    assert all(video["videoId"].startswith("vi") for video in videos)
    for path, id_ in chain((("live-streams", video["videoId"]) for video in videos), (("videos", stream["liveStreamId"]) for stream in lives)):
        for address in (f"/analytics/{path}/{id_}", f"/{path}/{id_}"):
            assert heard.world.get(heard.web, "apivideo", address).status_code == 404
    for tag in {tag for video in videos for tag in video["tags"]}:
        assert heard.pages("/videos", **{"tags[]": tag}) == [video for video in videos if tag in video["tags"]]


LAWS: list[Law] = [
    law_1_a_session_is_in_one_list,
    law_1_a_period_is_the_sum_of_its_parts,
    law_2_pages_make_the_list,
    law_3_a_session_lasts_from_its_first_event,
    law_4_events_follow_the_grammar,
    law_5_counters_do_not_depend_on_the_page,
    law_6_metadata_narrows,
    law_17_ids_and_kinds_agree,
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@same_worlds
@given(sketched=WORLDS)
def test_on_random_worlds(heard: Hear, law: Law, sketched: list[Sketch]) -> None:
    law(heard(sketched))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_on_the_demo(demo_heard: Heard, law: Law) -> None:
    law(demo_heard)


def test_law_7_sessions_lie_inside_broadcasts(demo: Server, demo_heard: Heard) -> None:
    """Law 7: what a session of a live stream plays, it plays while the stream is on air, and it is loaded shortly before at most."""
    early = 1800
    for stream in demo_heard.lives:
        on_air = broadcasts(demo)[stream.title]
        for session in few_sessions(demo_heard, stream):
            loaded, ended = times(session)
            assert any(run.start - early <= loaded and ended <= run.end + PING for run in on_air), session
            for played in runs(demo_heard.session_events(session), until=ended):
                assert any(run.start <= played.started_at <= played.stopped_at <= run.end for run in on_air), session


def test_every_load_is_within_what_the_laws_ask(demo_heard: Heard) -> None:
    """The windows of all laws hold all there is."""
    for media in media_of(demo_heard):
        assert heard_of(demo_heard, media) == demo_heard.session_count(media)


def heard_of(heard: Heard, media: Video | Live) -> int:
    path = sessions_of(media)
    found: int = heard.ask("apivideo", path, pageSize=1, period=f"{day_of(EVER.start)}/{day_of(EVER.end)}")["pagination"]["itemsTotal"]
    return found
