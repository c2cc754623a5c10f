"""GET /analytics/sessions/{sessionId}/events, and what is true of the events of every viewing."""

import re
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.analytics.viewings import PlayedSpan
from playhead.domain.playback import PlayedRange, split_repeats
from playhead.vendors.apivideo import ids
from playhead.vendors.apivideo.sessions.compute import (
    Event,
    PlaybackRun,
    Timeline,
    events,
    join_spans,
)
from tests.worlds import NOW, World

pytestmark = pytest.mark.covers("apivideo.session_events")

AT = "2024-05-10T10:00:00Z"


def session_events(world: World, web: httpx.Client, viewing: int, **query: Any) -> list[str]:
    """A session's events as `time type at` or `time type from→to`."""
    answer = world.get(
        web,
        "apivideo",
        f"/analytics/sessions/{ids.id_of('viewing', viewing)}/events",
        pageSize=100,
        **query,
    )
    return [
        f"{event['emittedAt'][11:19]} {event['type']} {position(event)}"
        for event in answer.json()["data"]
    ]


def position(event: dict[str, Any]) -> str:
    return (
        f"{event['from']}→{event['to']}" if event["type"].startswith("seek") else str(event["at"])
    )


BEHAVIOURS = {
    "never played": ((), ["10:00:00 ready 0"]),
    "watched a part": (((0, 12),), ["10:00:00 ready 0", "10:00:00 play 0", "10:00:12 pause 12"]),
    "watched to the end": (((0, 60),), ["10:00:00 ready 0", "10:00:00 play 0", "10:01:00 end 60"]),
    "came by a link into the video": (
        ((20, 30),),
        ["10:00:00 ready 0", "10:00:00 play 20", "10:00:10 pause 30"],
    ),
    "paused": (
        ((0, 7), (7, 20, 14)),
        [
            "10:00:00 ready 0",
            "10:00:00 play 0",
            "10:00:07 pause 7",
            "10:00:21 resume 7",
            "10:00:34 pause 20",
        ],
    ),
    "skipped while playing": (
        ((0, 7), (21, 30)),
        ["10:00:00 ready 0", "10:00:00 play 0", "10:00:07 seek.forward 7→21", "10:00:16 pause 30"],
    ),
    "paused, then skipped": (
        ((0, 7), (21, 60, 14)),
        [
            "10:00:00 ready 0",
            "10:00:00 play 0",
            "10:00:07 pause 7",
            "10:00:21 resume 7",
            "10:00:21 seek.forward 7→21",
            "10:01:00 end 60",
        ],
    ),
    "went back while playing": (
        ((0, 24), (20, 40)),
        [
            "10:00:00 ready 0",
            "10:00:00 play 0",
            "10:00:24 pause 24",
            "10:00:24 resume 20",
            "10:00:24 seek.backward 24→20",
            "10:00:44 pause 40",
        ],
    ),
    "paused, then went back": (
        ((0, 24), (20, 40, 5)),
        [
            "10:00:00 ready 0",
            "10:00:00 play 0",
            "10:00:24 pause 24",
            "10:00:29 resume 20",
            "10:00:29 seek.backward 24→20",
            "10:00:49 pause 40",
        ],
    ),
    "watched it twice": (
        ((0, 60), (0, 10, 1)),
        [
            "10:00:00 ready 0",
            "10:00:00 play 0",
            "10:01:00 end 60",
            "10:01:01 play 0",
            "10:01:01 seek.backward 60→0",
            "10:01:11 pause 10",
        ],
    ),
}


@pytest.mark.parametrize(("positions", "expected"), BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_the_events_of_a_viewer_who(
    positions: tuple[tuple[int, ...], ...], expected: list[str], world: World, web: httpx.Client
) -> None:
    viewing = world.watch(world.video(seconds=60), "ana", AT, *positions)
    assert session_events(world, web, viewing) == expected


def test_ready_comes_with_the_load_and_play_when_playback_starts(
    world: World, web: httpx.Client
) -> None:
    viewing = world.watch(world.video(seconds=60), "ana", AT, (0, 5), start_delay=3)
    assert session_events(world, web, viewing) == [
        "10:00:00 ready 0",
        "10:00:03 play 0",
        "10:00:08 pause 5",
    ]


def test_a_video_ends_in_its_last_begun_second(world: World, web: httpx.Client) -> None:
    viewing = world.watch(world.video(seconds=59.2), "ana", AT, (0, 60))
    assert session_events(world, web, viewing)[-1] == "10:01:00 end 60"


def test_a_live_session_closes_with_a_pause(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.broadcast(live, "2024-05-10T09:50:00Z", "2024-05-10T10:30:00Z")
    viewing = world.watch(live, "ana", AT, (600, 2400))
    assert session_events(world, web, viewing) == [
        "10:00:00 ready 0",
        "10:00:00 play 600",
        "10:30:00 pause 2400",
    ]


def test_keys_that_do_not_apply_are_absent(world: World, web: httpx.Client) -> None:
    viewing = world.watch(world.video(seconds=60), "ana", AT, (0, 7), (21, 30))
    answer = world.get(
        web, "apivideo", f"/analytics/sessions/{ids.id_of('viewing', viewing)}/events"
    ).json()
    assert answer["data"][1] == {"type": "play", "emittedAt": "2024-05-10T10:00:00+00:00", "at": 0}
    assert answer["data"][2] == {
        "type": "seek.forward",
        "emittedAt": "2024-05-10T10:00:07+00:00",
        "from": 7,
        "to": 21,
    }


@pytest.mark.parametrize(
    ("positions", "loaded", "heard"),
    [
        (((0, 60),), 25, ["ready", "play"]),
        (
            ((0, 60),),
            30,
            ["ready", "play"],
        ),  # a ping at this very second says that it plays, not that it paused
        (((0, 4), (4, 60, 10)), 11, ["ready", "play", "pause"]),
        (((0, 4), (4, 60, 10)), 17, ["ready", "play", "pause"]),  # resumed at 14, not yet heard of
        (((0, 4), (4, 60, 10)), 23, ["ready", "play", "pause", "resume"]),
        (((0, 4), (30, 60)), 25, ["ready", "play", "seek.forward"]),
    ],
)
def test_a_running_session_tells_what_its_last_signal_brought(
    positions: Any, loaded: int, heard: list[str], world: World, web: httpx.Client
) -> None:
    viewing = world.watch(world.video(seconds=60), "ana", NOW - loaded, *positions)
    assert [line.split()[1] for line in session_events(world, web, viewing)] == heard


def test_events_are_paged(world: World, web: httpx.Client) -> None:
    viewing = world.watch(world.video(seconds=60), "ana", AT, (0, 7), (7, 20, 14))
    session = f"/analytics/sessions/{ids.id_of('viewing', viewing)}/events"
    second = world.get(web, "apivideo", session, pageSize=2, currentPage=2).json()
    assert [event["type"] for event in second["data"]] == ["pause", "resume"]
    assert [
        second["pagination"][name] for name in ("currentPageItems", "pagesTotal", "itemsTotal")
    ] == [2, 3, 5]


# ---- What is true of every viewing

SECONDS = 50


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """A viewing of a video of 50 s:

    some stretches of it with waits between, seen at some instant while it runs or after.
    """
    loaded_at = draw(st.integers(0, 30))
    at = loaded_at
    stretches = []
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, SECONDS - 1))
        stop = draw(st.integers(start + 1, SECONDS))
        at += draw(st.sampled_from([0, 0, 1, 9, 40]))
        stretches.append(PlayedRange(at, start, stop))
        at += stop - start
    ended_at = at + draw(st.integers(0, 9))
    now = draw(st.integers(loaded_at, ended_at + 20))
    pieces = [piece for piece in split_repeats(stretches) if piece.started_at < now]
    spans = [
        PlayedSpan(began, min(stopped, now), start, start + min(stopped, now) - began, bool(again))
        for began, stopped, start, _, again in pieces
    ]
    return Timeline(loaded_at, ended_at, join_spans(spans), now)


def playback_runs(events: list[Event]) -> int:
    """What api.video's demo `trainingavideo` adds up of a session."""
    opened = sum(event.at or 0 for event in events if event.type in ("play", "resume"))
    closed = sum(event.at or 0 for event in events if event.type in ("pause", "end"))
    return (
        closed
        - opened
        - sum(
            (event.stop or 0) - (event.start or 0)
            for event in events
            if event.type == "seek.forward"
        )
    )


GRAMMAR = re.compile(r"ready( play(( seek\.\w+)| pause resume)*( pause| end|$))*")


@pytest.mark.invariants
@given(timelines())
def test_the_last_signal_lies_between_load_and_now_and_comes_with_the_last_event(
    timeline: Timeline,
) -> None:
    found = events(timeline, seconds=SECONDS)
    assert timeline.loaded_at == found[0].emitted_at
    assert found[-1].emitted_at <= timeline.last_signal <= max(timeline.now, timeline.loaded_at)
    assert timeline.is_playing or timeline.last_signal - found[-1].emitted_at < 10


@pytest.mark.invariants
@given(timelines())
def test_events_follow_the_grammar_in_the_order_of_time(timeline: Timeline) -> None:
    found = events(timeline, seconds=SECONDS)
    assert GRAMMAR.fullmatch(" ".join(event.type for event in found))
    assert all(before.emitted_at <= after.emitted_at for before, after in pairwise(found))


@pytest.mark.invariants
@given(timelines())
def test_events_lie_in_the_media_and_have_the_keys_of_their_kind(timeline: Timeline) -> None:
    for event in events(timeline, seconds=SECONDS):
        seek = event.type.startswith("seek")
        positions = [event.start, event.stop] if seek else [event.at]
        assert all(position is not None and 0 <= position <= SECONDS for position in positions)
        assert (event.at is None) == seek
        assert event.type != "end" or event.at == SECONDS
        assert not seek or (event.type == "seek.forward") == (
            (event.start or 0) < (event.stop or 0)
        )


@pytest.mark.invariants
@given(timelines())
def test_the_events_of_an_ended_session_add_up_to_what_was_watched(timeline: Timeline) -> None:
    ended = timeline._replace(now=max(timeline.now, timeline.ended_at))
    assert playback_runs(events(ended, seconds=SECONDS)) == sum(
        stretch.stop - stretch.start for stretch in ended.runs
    )


@pytest.mark.invariants
@given(timelines())
def test_media_time_advances_by_wall_time_and_the_seeks_of_a_stretch(timeline: Timeline) -> None:
    opened: Event | None = None
    skipped = 0
    for event in events(timeline, seconds=SECONDS):
        if event.type in ("play", "resume"):
            opened = event
            skipped = 0
        elif (
            event.type == "seek.forward"
        ):  # one backward lies before the resume that names its new position
            skipped += (event.stop or 0) - (event.start or 0)
        elif event.type in ("pause", "end") and opened:
            assert (event.at or 0) - (
                opened.at or 0
            ) == event.emitted_at - opened.emitted_at + skipped


def test_cuts_that_nobody_notices_are_joined() -> None:
    spans = [
        PlayedSpan(0, 10, 0, 10, False),
        PlayedSpan(10, 15, 10, 15, True),
        PlayedSpan(15, 20, 15, 20, False),
        PlayedSpan(21, 25, 20, 24, False),
    ]
    assert join_spans(spans) == [PlaybackRun(0, 20, 0, 20), PlaybackRun(21, 25, 20, 24)]
