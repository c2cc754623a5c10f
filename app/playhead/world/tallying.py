"""Sums over one day's viewings, written beside the facts so that long windows need not read them. Pure."""

import struct
from collections.abc import Sequence
from enum import IntEnum

from playhead.clock import DAY
from playhead.world.rows import Row
from playhead.world.terms import MediaKind

MINUTE = 60


class TallySplit(IntEnum):
    """What a day's tallies are kept by."""

    media = 1
    place = 2


def tally_rows(world: int, day: int, viewings: Sequence[Row]) -> list[Row]:
    """Rows of `tallies` from rows of `viewings`."""
    sums: dict[tuple[int, int, int], list[int]] = {}
    for _, _, media, kind, _, place, _, _, _, _, played_at, viewed_at, _, watched, distinct, _ in viewings:
        for split, key in ((1, media), (2, place)):
            cell = sums.setdefault((split, kind, key), [0, 0, 0, 0, 0])
            cell[0] += 1
            cell[1] += played_at is not None
            cell[2] += viewed_at is not None
            cell[3] += watched
            cell[4] += distinct
    return [(world, split, day, kind, key, *cell) for (split, kind, key), cell in sorted(sums.items())]


def curve_rows(world: int, day: int, stretches: Sequence[Row]) -> list[Row]:
    """Rows of `curves` from rows of `stretches`: seconds watched in each minute, by kind of media."""
    rows = []
    for kind in MediaKind:
        spans = [(row[6], row[7]) for row in stretches if row[4] == kind]
        if spans:
            rows.append((world, day, kind.value, _packed(_seconds_by_minute(spans, start=day * DAY))))
    return rows


def _seconds_by_minute(spans: Sequence[tuple[int, int]], *, start: int) -> list[int]:
    minutes = [0] * (-(-(max(stop for _, stop in spans) - start) // MINUTE) + 1)
    edges = [0] * (len(minutes) + 1)  # how many are watching changes here: whole minutes by their difference
    for started_at, stopped_at in spans:
        first, first_rest = divmod(started_at - start, MINUTE)
        last, last_rest = divmod(stopped_at - start, MINUTE)
        edges[first] += MINUTE
        edges[last] -= MINUTE
        minutes[first] -= first_rest
        minutes[last] += last_rest
    watching = 0
    for minute, change in enumerate(edges[:-1]):
        watching += change
        minutes[minute] += watching
    return minutes


def _packed(minutes: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(minutes)}I", *minutes)


def unpacked(curve: bytes) -> tuple[int, ...]:
    """Seconds watched by minute of a row of `curves`."""
    return struct.unpack(f"<{len(curve) // 4}I", curve)
