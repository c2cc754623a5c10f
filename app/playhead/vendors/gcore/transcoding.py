"""Gcore's arithmetic of what arrived of live streams and was transcoded: minutes, streams at a time, probes — contracts/gcore.md §3.12–3.16."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats import concurrency, ingest, library
from playhead.stats.concurrency import Changes
from playhead.stats.library import Broadcast
from playhead.stats.reading import Reading, Window
from playhead.vendors.gcore.delivery import Points, minutes
from playhead.vendors.gcore.intervals import WIDTHS, refuse_more, start_of, starts, until_now
from playhead.vendors.gcore.queries import ProbesQuery, SeriesQuery
from playhead.vendors.gcore.values import NO_INTERVAL
from playhead.world.ingest import GRAIN, Sample
from playhead.world.tallying import alone
from playhead.world.terms import MediaKind

MOST_SAMPLES = 1_000_000  # of one answer: 115 days on air — unknown 12


@dataclass
class Probe:
    """What the samples of an interval come to; `kilobits` arrived in `seconds`."""

    kilobits: int = 0
    seconds: int = 0
    frames: int = 0
    height: int = 0
    fps: int = 0
    keyframe_interval: int = 0

    def add(self, sample: Sample) -> None:
        """Take in one more sample."""
        self.kilobits += sample.bitrate * sample.seconds
        self.seconds += sample.seconds
        self.frames += sample.frames
        self.height, self.fps = max(self.height, sample.height), max(self.fps, sample.fps)
        self.keyframe_interval = max(self.keyframe_interval, sample.keyframe_interval)

    @property
    def bitrate(self) -> float:
        """Mean kbit/s, weighted by seconds, to a tenth."""
        return (20 * self.kilobits + self.seconds) // (2 * self.seconds) / 10


def probes(reading: Reading, query: ProbesQuery, number: int) -> list[tuple[int, Probe]]:
    """(start of interval, what arrived of a live stream in it), up to now; intervals in which nothing did are left out."""
    if query.interval == NO_INTERVAL:
        return []
    _refuse_samples(reading, query.window, number)
    found = defaultdict[int, Probe](Probe)
    for sample in ingest.samples(reading, query.window, media=number):
        found[start_of(sample.at, query.interval, query.units)].add(sample)
        refuse_more(len(found), field="interval")
    return sorted(found.items())


def _refuse_samples(reading: Reading, window: Window, number: int) -> None:
    """Refuse a window in which a stream was on air for longer than is answered."""
    spans = (_within(run, window, reading.account.now) for run in library.broadcasts(reading).get(number, []))
    samples = sum(span.end - span.start for span in spans) // GRAIN
    if samples > MOST_SAMPLES:
        raise Failure(Kind.invalid, [Problem("date_to", Rule.too_many, bounds={"count": samples, "maximum": MOST_SAMPLES})])


def minutes_transcoded(reading: Reading, query: SeriesQuery, numbers: Iterable[int] | None = None) -> Points:
    """(start of interval, minutes of all streams, or of some, rounded up) for every interval that touches a window."""
    return [(start, minutes(load.seconds)) for start, load in _loads(reading, query, numbers)]


def most_at_once(reading: Reading, query: SeriesQuery) -> Points:
    """(start of interval, the most streams at the same time) for every interval that touches a window."""
    return [(start, load.peak) for start, load in _loads(reading, query, None)]


def _loads(reading: Reading, query: SeriesQuery, numbers: Iterable[int] | None) -> Iterator[tuple[int, concurrency.Load]]:
    window = until_now(query.window, reading.account.now)
    found = starts(window, query.granularity)
    on_air = concurrency.by_interval(_on_air(reading, window, numbers), window, WIDTHS[query.granularity]) if found else {}
    return ((start, on_air.get(start, concurrency.Load(0, 0))) for start in found)


def _on_air(reading: Reading, window: Window, numbers: Iterable[int] | None) -> Changes:
    """How many streams are on air, as its changes within a window; one that runs twice at a time is one."""
    streams = {media.number for media in library.media(reading) if media.kind is MediaKind.live}
    wanted = streams if numbers is None else streams & set(numbers)
    runs = (run for number, found in library.broadcasts(reading).items() if number in wanted for run in found)
    return concurrency.changes_of(alone([(run.media, *_within(run, window, reading.account.now)) for run in runs]))


def _within(run: Broadcast, window: Window, now: int) -> Window:
    """A run as far as it lies in a window and before now, whose second is not over; maybe nothing."""
    start = max(run.started_at, window.start)
    return Window(start, max(start, min(run.ended_at, window.end, now)))
