"""Sums over one day's viewings, written beside the facts so that long windows need not read them.

Pure.
"""

import struct
import zlib
from collections.abc import Sequence
from enum import IntEnum

from playhead.domain.clock import DAY
from playhead.domain.media import MediaKind
from playhead.world.fact_rows import Row

MINUTE = 60
HOUR = 3600


class RollupDimension(IntEnum):
    """What a day's tallies are kept by."""

    media = 1
    place = 2
    device = 3
    page = 4
    hour = 5


def daily_rollup_rows(world: int, day: int, viewings: Sequence[Row]) -> list[Row]:
    """Rows of `tallies` from rows of `viewings`."""
    groups: dict[tuple[int, int, int], list[Row]] = {}
    for row in viewings:
        kind = row[3]
        for dimension, key in (
            (1, row[2]),
            (2, row[5]),
            (3, row[6]),
            (4, row[7]),
            (5, row[9] // HOUR % 24),
        ):
            groups.setdefault((dimension, kind, key), []).append(row)
    return [
        (world, split, day, kind, key, *_measures(rows))
        for (split, kind, key), rows in sorted(groups.items())
    ]


def _measures(viewings: Sequence[Row]) -> tuple[int, ...]:
    """Loads, plays, views of 3, 5, 10 and 30 seconds, ends.

    And seconds watched, distinct ones, milliseconds of impression.
    """
    columns = list(zip(*viewings, strict=True))
    milestone_counts = [len(viewings) - columns[index].count(None) for index in range(10, 16)]
    return (len(viewings), *milestone_counts, *map(sum, columns[17:20]))


class RollupMeasure(IntEnum):
    """What a day's curves tell of its viewings, by intervals from the beginning of the day on."""

    watched_seconds = 1
    peak = 2
    viewer_seconds = 3
    viewer_peak = 4
    viewers_minute = 5
    viewers_5_minutes = 6
    viewers_15_minutes = 7
    viewers_hour = 8

    @property
    def width(self) -> int:
        """The seconds of an interval."""
        return _MEASURE_WIDTHS.get(self, MINUTE)


# Of viewers there are curves by several widths, since the distinct ones of a longer interval are
# not the sum of those of its parts.
_MEASURE_WIDTHS = {
    RollupMeasure.viewers_5_minutes: 5 * MINUTE,
    RollupMeasure.viewers_15_minutes: 15 * MINUTE,
    RollupMeasure.viewers_hour: HOUR,
}
VIEWER_MEASURES = {
    measure.width: measure for measure in RollupMeasure if measure.name.startswith("viewers_")
}

SpanTuple = tuple[int, int, int]  # viewer, from, up to


def interval_rollup_rows(world: int, day: int, played_ranges: Sequence[Row]) -> list[Row]:
    """Rows of `curves` from rows of `stretches`, by kind of media."""
    rows = []
    for kind in MediaKind:
        spans = [
            (row[5], row[6] - day * DAY, row[7] - day * DAY)
            for row in played_ranges
            if row[4] == kind
        ]
        if spans:
            rows += [
                (world, day, kind.value, measure.value, encode_series(series))
                for measure, series in _interval_series(spans).items()
            ]
    return rows


def _interval_series(spans: Sequence[SpanTuple]) -> dict[RollupMeasure, list[int]]:
    merged_spans = merge_overlaps(spans)
    peaks, seconds = concurrency_by_minute(spans)
    viewer_peaks, viewer_seconds = (
        (peaks, seconds) if len(merged_spans) == len(spans) else concurrency_by_minute(merged_spans)
    )
    return {
        RollupMeasure.watched_seconds: seconds,
        RollupMeasure.peak: peaks,
        RollupMeasure.viewer_seconds: viewer_seconds,
        RollupMeasure.viewer_peak: viewer_peaks,
        **{
            measure: distinct_viewers_by_interval(spans, width)
            for width, measure in VIEWER_MEASURES.items()
        },
    }


def merge_overlaps(spans: Sequence[SpanTuple]) -> Sequence[SpanTuple]:
    """The spans, those of one viewer that overlap made one."""
    spans_by_viewer: dict[int, list[SpanTuple]] = {}
    for span in spans:
        spans_by_viewer.setdefault(span[0], []).append(span)
    merged_spans: list[SpanTuple] = []
    for viewer_spans in spans_by_viewer.values():
        merged_spans += viewer_spans if len(viewer_spans) == 1 else _merge_spans(viewer_spans)
    return merged_spans


def _merge_spans(spans: list[SpanTuple]) -> list[SpanTuple]:
    merged_spans: list[SpanTuple] = []
    for viewer, start, stop in sorted(spans):
        if merged_spans and start < merged_spans[-1][2]:
            merged_spans[-1] = (viewer, merged_spans[-1][1], max(stop, merged_spans[-1][2]))
        else:
            merged_spans.append((viewer, start, stop))
    return merged_spans


def concurrency_by_minute(spans: Sequence[SpanTuple]) -> tuple[list[int], list[int]]:
    """By minute from 0 on:

    the most who watch at one time, and the seconds that they watch together.
    """
    deltas: dict[int, int] = {}
    for _, start, stop in spans:
        deltas[start] = deltas.get(start, 0) + 1
        deltas[stop] = deltas.get(stop, 0) - 1
    minutes = -(-max(deltas) // MINUTE)
    peaks = [0] * minutes
    seconds = [0] * minutes
    watching = 0
    since = 0
    for instant in sorted(deltas):
        while watching and since < instant:
            minute = since // MINUTE
            until = min(instant, (minute + 1) * MINUTE)
            seconds[minute] += watching * (until - since)
            if watching > peaks[minute]:
                peaks[minute] = watching
            since = until
        watching = watching + deltas[instant]
        since = instant
    return peaks, seconds


def distinct_viewers_by_interval(spans: Sequence[SpanTuple], width: int) -> list[int]:
    """By interval of that width from 0 on: how many distinct viewers watch in it."""
    pairs = {
        (interval, viewer)
        for viewer, start, stop in spans
        for interval in range(start // width, (stop - 1) // width + 1)
    }
    counts = [0] * (max(interval for interval, _ in pairs) + 1)
    for interval, _ in pairs:
        counts[interval] += 1
    return counts


def encode_series(series: Sequence[int]) -> bytes:
    """A curve as a store keeps it: most of them are nearly empty."""
    return zlib.compress(struct.pack(f"<{len(series)}I", *series), 1)


def decode_series(series: bytes) -> tuple[int, ...]:
    """The values of a curve."""
    values = zlib.decompress(series)
    return struct.unpack(f"<{len(values) // 4}I", values)
