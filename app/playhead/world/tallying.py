"""Sums over one day's viewings, written beside the facts so that long windows need not read them. Pure."""

import struct
import zlib
from collections.abc import Sequence
from enum import IntEnum

from playhead.clock import DAY
from playhead.world.rows import Row
from playhead.world.terms import MediaKind

MINUTE = 60
HOUR = 3600


class TallySplit(IntEnum):
    """What a day's tallies are kept by."""

    media = 1
    place = 2
    device = 3
    page = 4
    hour = 5


def tally_rows(world: int, day: int, viewings: Sequence[Row]) -> list[Row]:
    """Rows of `tallies` from rows of `viewings`."""
    groups: dict[tuple[int, int, int], list[Row]] = {}
    for row in viewings:
        kind = row[3]
        for split, key in ((1, row[2]), (2, row[5]), (3, row[6]), (4, row[7]), (5, row[9] // HOUR % 24)):
            groups.setdefault((split, kind, key), []).append(row)
    return [(world, split, day, kind, key, *_sums(rows)) for (split, kind, key), rows in sorted(groups.items())]


def _sums(viewings: Sequence[Row]) -> tuple[int, ...]:
    """Loads, plays, views of 3, 5, 10 and 30 seconds, ends; and seconds watched, distinct ones, milliseconds of impression."""
    columns = list(zip(*viewings, strict=True))
    happened = [len(viewings) - columns[index].count(None) for index in range(10, 16)]
    return (len(viewings), *happened, *map(sum, columns[17:20]))


class CurveMeasure(IntEnum):
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
        return _WIDTHS.get(self, MINUTE)


# Of viewers there are curves by several widths, since the distinct ones of a longer interval are not the sum of those of its parts.
_WIDTHS = {CurveMeasure.viewers_5_minutes: 5 * MINUTE, CurveMeasure.viewers_15_minutes: 15 * MINUTE, CurveMeasure.viewers_hour: HOUR}
VIEWERS = {measure.width: measure for measure in CurveMeasure if measure.name.startswith("viewers_")}

Span = tuple[int, int, int]  # viewer, from, up to


def curve_rows(world: int, day: int, stretches: Sequence[Row]) -> list[Row]:
    """Rows of `curves` from rows of `stretches`, by kind of media."""
    rows = []
    for kind in MediaKind:
        spans = [(row[5], row[6] - day * DAY, row[7] - day * DAY) for row in stretches if row[4] == kind]
        if spans:
            rows += [(world, day, kind.value, measure.value, packed(curve)) for measure, curve in _curves(spans).items()]
    return rows


def _curves(spans: Sequence[Span]) -> dict[CurveMeasure, list[int]]:
    together = alone(spans)
    peaks, seconds = by_minute(spans)
    viewer_peaks, viewer_seconds = (peaks, seconds) if len(together) == len(spans) else by_minute(together)
    return {
        CurveMeasure.watched_seconds: seconds,
        CurveMeasure.peak: peaks,
        CurveMeasure.viewer_seconds: viewer_seconds,
        CurveMeasure.viewer_peak: viewer_peaks,
        **{measure: viewers_by(spans, width) for width, measure in VIEWERS.items()},
    }


def alone(spans: Sequence[Span]) -> Sequence[Span]:
    """The spans, those of one viewer that overlap made one."""
    of_viewers: dict[int, list[Span]] = {}
    for span in spans:
        of_viewers.setdefault(span[0], []).append(span)
    found: list[Span] = []
    for several in of_viewers.values():
        found += several if len(several) == 1 else _merged(several)
    return found


def _merged(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for viewer, start, stop in sorted(spans):
        if found and start < found[-1][2]:
            found[-1] = (viewer, found[-1][1], max(stop, found[-1][2]))
        else:
            found.append((viewer, start, stop))
    return found


def by_minute(spans: Sequence[Span]) -> tuple[list[int], list[int]]:
    """By minute from 0 on: the most who watch at one time, and the seconds that they watch together."""
    changes: dict[int, int] = {}
    for _, start, stop in spans:
        changes[start] = changes.get(start, 0) + 1
        changes[stop] = changes.get(stop, 0) - 1
    minutes = -(-max(changes) // MINUTE)
    peaks, seconds = [0] * minutes, [0] * minutes
    watching, since = 0, 0
    for instant in sorted(changes):
        while watching and since < instant:
            minute = since // MINUTE
            until = min(instant, (minute + 1) * MINUTE)
            seconds[minute] += watching * (until - since)
            if watching > peaks[minute]:
                peaks[minute] = watching
            since = until
        watching, since = watching + changes[instant], instant
    return peaks, seconds


def viewers_by(spans: Sequence[Span], width: int) -> list[int]:
    """By interval of that width from 0 on: how many distinct viewers watch in it."""
    pairs = {(interval, viewer) for viewer, start, stop in spans for interval in range(start // width, (stop - 1) // width + 1)}
    found = [0] * (max(interval for interval, _ in pairs) + 1)
    for interval, _ in pairs:
        found[interval] += 1
    return found


def packed(curve: Sequence[int]) -> bytes:
    """A curve as a store keeps it: most of them are nearly empty."""
    return zlib.compress(struct.pack(f"<{len(curve)}I", *curve), 1)


def unpacked(curve: bytes) -> tuple[int, ...]:
    """The values of a curve."""
    values = zlib.decompress(curve)
    return struct.unpack(f"<{len(values) // 4}I", values)
