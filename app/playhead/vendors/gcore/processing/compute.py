"""Transcoding, storage and probes: Gcore's own arithmetic over ingest samples and files."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from playhead.analytics import catalog, concurrency, ingest
from playhead.analytics.catalog import Broadcast, Media
from playhead.analytics.concurrency import Deltas
from playhead.analytics.snapshot import Snapshot
from playhead.domain.clock import DAY
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.vendors.gcore.intervals import (
    WIDTHS,
    Points,
    clip_to_now,
    interval_start,
    interval_starts,
    limit_points,
    round_up_minutes,
)
from playhead.vendors.gcore.param_types import NO_WIDTH
from playhead.vendors.gcore.params import SeriesParams
from playhead.vendors.gcore.processing.params import ProbesParams
from playhead.vendors.gcore.renditions import stored_bytes
from playhead.world.generator.ingest import SAMPLE_SECONDS, Sample
from playhead.world.rollups import merge_overlaps

BY_DAY = "1d"  # the granularity of what has no such parameter


def stored_bytes_by_interval(snapshot: Snapshot, time_range: TimeRange, granularity: str) -> Points:
    """(start of interval, the most bytes stored in it) for every interval that touches a window, up
    to now.
    """
    return list(
        _levels(snapshot, time_range, granularity, amount=stored_bytes, field="granularity")
    )


def highest_point(points: Points) -> list[int]:
    """The earliest point with the highest value; nothing of no points — law 17."""
    return list(max(points, key=lambda point: point[1], default=()))


def minutes_stored(snapshot: Snapshot, time_range: TimeRange) -> Points:
    """(00:00 of the day, the most minutes of videos stored in it, rounded up once) for every day
    that touches a window, up to now.
    """
    levels = _levels(
        snapshot, time_range, BY_DAY, amount=lambda media: media.duration_ms, field="from"
    )
    return [(start, _minutes(milliseconds)) for start, milliseconds in levels]


def video_minutes_transcoded(snapshot: Snapshot, time_range: TimeRange) -> Points:
    """(00:00 of the day, minutes of videos whose processing ended in it, rounded up) for every day
    that touches a window, up to now.
    """
    time_range = clip_to_now(time_range, snapshot.account.now)
    processed = Counter[int]()
    for media in _videos(snapshot):
        if time_range.start <= media.processed_at < time_range.end:
            processed[media.processed_at // DAY * DAY] += media.duration_ms
    return [
        (start, _minutes(processed[start]))
        for start in interval_starts(time_range, BY_DAY, field="from")
    ]


def _levels(
    snapshot: Snapshot,
    time_range: TimeRange,
    granularity: str,
    *,
    amount: Callable[[Media], int],
    field: str,
) -> Iterator[tuple[int, int]]:
    """The level at the end of each interval, which is its highest: nothing is ever deleted."""
    time_range = clip_to_now(time_range, snapshot.account.now)
    videos = _videos(snapshot)
    instants: Sequence[int] = [media.processed_at for media in videos]
    levels = [0, *accumulate(amount(media) for media in videos)]
    for start in interval_starts(time_range, granularity, field=field):
        yield (
            start,
            levels[bisect_right(instants, min(start + WIDTHS[granularity], time_range.end) - 1)],
        )


def _videos(snapshot: Snapshot) -> list[Media]:
    """All videos, by when they were ready."""
    return sorted(
        (media for media in catalog.media(snapshot) if media.kind is MediaKind.video),
        key=lambda media: media.processed_at,
    )


def _minutes(milliseconds: int) -> int:
    return -(-milliseconds // 60_000)


MAX_SAMPLES = 1_000_000  # of one answer: 115 days on air — unknown 12


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
        self.height = max(self.height, sample.height)
        self.fps = max(self.fps, sample.fps)
        self.keyframe_interval = max(self.keyframe_interval, sample.keyframe_interval)

    @property
    def bitrate(self) -> float:
        """Mean kbit/s, weighted by seconds, to a tenth."""
        return (20 * self.kilobits + self.seconds) // (2 * self.seconds) / 10


def probes(snapshot: Snapshot, params: ProbesParams, number: int) -> list[tuple[int, Probe]]:
    """(start of interval, what arrived of a live stream in it), up to now.

    Intervals in which nothing did are left out.
    """
    if params.interval == NO_WIDTH:
        return []
    _limit_samples(snapshot, params.window, number)
    found = defaultdict[int, Probe](Probe)
    for sample in ingest.samples(snapshot, params.window, media=number):
        found[interval_start(sample.at, params.interval, params.units)].add(sample)
        limit_points(len(found), field="interval")
    return sorted(found.items())


def _limit_samples(snapshot: Snapshot, time_range: TimeRange, number: int) -> None:
    """Refuse a window in which a stream was on air for longer than is answered."""
    spans = (
        _clip_run(run, time_range, snapshot.account.now)
        for run in catalog.broadcasts(snapshot).get(number, [])
    )
    samples = sum(span.end - span.start for span in spans) // SAMPLE_SECONDS
    if samples > MAX_SAMPLES:
        raise ApiError(
            ErrorKind.invalid,
            [
                Violation(
                    "date_to", Rule.too_many, bounds={"count": samples, "maximum": MAX_SAMPLES}
                )
            ],
        )


def stream_minutes_transcoded(
    snapshot: Snapshot, params: SeriesParams, numbers: Iterable[int] | None = None
) -> Points:
    """(start of interval, minutes of all streams, or of some, rounded up) for every interval that
    touches a window.
    """
    return [
        (start, round_up_minutes(load.viewer_seconds))
        for start, load in _concurrency_by_interval(snapshot, params, numbers)
    ]


def peak_streams(snapshot: Snapshot, params: SeriesParams) -> Points:
    """(start of interval, the most streams at the same time) for every interval that touches a
    window.
    """
    return [(start, load.peak) for start, load in _concurrency_by_interval(snapshot, params, None)]


def _concurrency_by_interval(
    snapshot: Snapshot, params: SeriesParams, numbers: Iterable[int] | None
) -> Iterator[tuple[int, concurrency.Concurrency]]:
    time_range = clip_to_now(params.window, snapshot.account.now)
    found = interval_starts(time_range, params.granularity)
    on_air = (
        concurrency.integrate_by_interval(
            _on_air_deltas(snapshot, time_range, numbers), time_range, WIDTHS[params.granularity]
        )
        if found
        else {}
    )
    return ((start, on_air.get(start, concurrency.Concurrency(0, 0))) for start in found)


def _on_air_deltas(
    snapshot: Snapshot, time_range: TimeRange, numbers: Iterable[int] | None
) -> Deltas:
    """How many streams are on air, as its changes within a window.

    One that runs twice at a time is one.
    """
    streams = {media.number for media in catalog.media(snapshot) if media.kind is MediaKind.live}
    wanted = streams if numbers is None else streams & set(numbers)
    runs = (
        run
        for number, found in catalog.broadcasts(snapshot).items()
        if number in wanted
        for run in found
    )
    return concurrency.deltas_of(
        merge_overlaps(
            [(run.media, *_clip_run(run, time_range, snapshot.account.now)) for run in runs]
        )
    )


def _clip_run(run: Broadcast, time_range: TimeRange, now: int) -> TimeRange:
    """A run as far as it lies in a window and before now, whose second is not over.

    Maybe nothing.
    """
    start = max(run.started_at, time_range.start)
    return TimeRange(start, max(start, min(run.ended_at, time_range.end, now)))
