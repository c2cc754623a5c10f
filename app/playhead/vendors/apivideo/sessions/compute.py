"""api.video's arithmetic:

what the player reported of a viewing, and until when; figures in their order. Pure —
evidence/apivideo.md §3.3, §3.7, §4.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from playhead.analytics import viewings
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.viewings import PlayedSpan, Viewing
from playhead.vendors.apivideo.sessions import compute

PING_SECONDS = 10  # seconds between the signals of a player that plays


class Event(NamedTuple):
    """What the player reported:

    position `at`, or `start` and `stop` of a seek; `emitted_at` in seconds since 1970.
    """

    type: str
    emitted_at: int
    at: int | None = None
    start: int | None = None
    stop: int | None = None


class PlaybackRun(NamedTuple):
    """Playback without a break in wall clock or position."""

    started_at: int
    stopped_at: int
    start: int
    stop: int


class Timeline(NamedTuple):
    """What is known of a viewing at `now`; instants in seconds since 1970."""

    loaded_at: int
    ended_at: int
    runs: Sequence[PlaybackRun]
    now: int

    @property
    def is_playing(self) -> bool:
        """Whether its last stretch of playing goes on."""
        return self.ended_at > self.now and bool(self.runs) and self.runs[-1].stopped_at >= self.now

    @property
    def last_signal(self) -> int:
        """When it ended.

        While it runs, the last that was heard: a ping every 10 s of the load while it plays, a
        pause at once — unknown 8.
        """
        if self.ended_at <= self.now:
            return self.ended_at
        over = self.runs[:-1] if self.is_playing else self.runs
        ping = self.loaded_at + (self.now - self.loaded_at) // PING_SECONDS * PING_SECONDS
        pinged = [ping] if self.is_playing and ping >= self.runs[-1].started_at else []
        return max([self.loaded_at, *(stretch.stopped_at for stretch in over), *pinged])


def join_spans(spans: Iterable[PlayedSpan]) -> list[PlaybackRun]:
    """The spans without the cuts between first and further passes, which no viewer notices."""
    found: list[PlaybackRun] = []
    for span in spans:
        if found and found[-1].stopped_at == span.started_at and found[-1].stop == span.start:
            found[-1] = found[-1]._replace(stopped_at=span.stopped_at, stop=span.stop)
        else:
            found.append(PlaybackRun(span.started_at, span.stopped_at, span.start, span.stop))
    return found


def events(timeline: Timeline, *, seconds: int | None) -> list[Event]:
    """What was heard of a viewing of a media of so many seconds (None: a live stream, which has no
    end).

    Σ (pause|end).at − Σ (play|resume).at − Σ forward seeks = seconds watched, as api.video's own
    demo adds up: so a seek
    forward lies inside its stretch of playing, a seek backward between two of them — quirk 6.
    """
    played = timeline.runs
    found = [Event("ready", timeline.loaded_at, at=0)]
    found += [Event("play", first.started_at, at=first.start) for first in played[:1]]
    for before, after in pairwise(played):
        found += _events_between(before, after, seconds)
    if not timeline.is_playing:
        found += [
            Event(_closing_type(last, seconds), last.stopped_at, at=last.stop)
            for last in played[-1:]
        ]
    return [event for event in found if event.emitted_at <= timeline.last_signal]


def _events_between(before: PlaybackRun, after: PlaybackRun, seconds: int | None) -> list[Event]:
    jump = after.start - before.stop
    closing = _closing_type(before, seconds)
    forward = jump > 0
    opening = Event(
        "play" if closing == "end" else "resume",
        after.started_at,
        at=before.stop if forward else after.start,
    )
    seek = Event(
        "seek.forward" if forward else "seek.backward",
        after.started_at,
        start=before.stop,
        stop=after.start,
    )
    unbroken = forward and closing == "pause" and before.stopped_at == after.started_at
    halt = [] if unbroken else [Event(closing, before.stopped_at, at=before.stop), opening]
    return [*halt, seek] if jump else halt


def _closing_type(run: PlaybackRun, seconds: int | None) -> str:
    return "end" if seconds is not None and run.stop >= seconds else "pause"


def _timeline(snapshot: Snapshot, viewing: Viewing) -> Timeline:
    return Timeline(
        viewing.loaded_at,
        viewing.ended_at,
        compute.join_spans(viewings.spans(snapshot, viewing.number)),
        snapshot.account.now,
    )


def _last_signal(snapshot: Snapshot, viewing: Viewing) -> int:
    """Only of the few that run does it take a look at what they played."""
    if viewing.ended_at <= snapshot.account.now:
        return (
            viewing.loaded_at if viewing.played_at is None else viewing.ended_at
        )  # who never plays never pings — law 3
    return _timeline(snapshot, viewing).last_signal
