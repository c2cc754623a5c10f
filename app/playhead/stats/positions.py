"""What parts of a media were watched: passes over its positions, from viewings that have ended."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from playhead.stats.reading import LONG_AGO, Reading, Window
from playhead.stats.screen import bounds
from playhead.store import tables


class Passes(NamedTuple):
    """By second of the media: viewings that had it on screen, and how often it was seen again within one."""

    first: list[int]
    again: list[int]


def passes(reading: Reading, *, media: int, seconds: int, within: Window | None = None) -> Passes:
    """Passes over the first `seconds` positions of a media, of the ended viewings loaded in a window (or ever)."""
    window = reading.clipped(within)
    return Passes(*(_passes(reading, window, media, seconds, again) for again in (0, 1)))


def _passes(reading: Reading, window: Window, media: int, seconds: int, again: int) -> list[int]:
    changes = [0] * (seconds + 1)
    stretches = tables.stretches
    for world in reading.account.worlds:
        of_media = (
            stretches.c.world == world,
            stretches.c.media == reading.id_of(media),
            *_in_order(reading, world, window, again),
            stretches.c.loaded_at >= window.start,
            stretches.c.loaded_at < window.end,
            stretches.c.ended_at <= reading.now,
        )
        for column, sign in ((stretches.c.start_position, 1), (stretches.c.stop_position, -1)):
            for position, count in reading.rows(select(column, func.count()).where(*of_media).group_by(column)):
                changes[min(position, seconds)] += sign * count
    return _running_sums(changes)[:seconds]


def _in_order(reading: Reading, world: int, window: Window, again: int) -> tuple[ColumnElement[bool], ...]:
    """First or further passes, through the index that suits: that of positions for all there ever was, that of the wall clock for a window."""
    stretches = tables.stretches
    if window.start == LONG_AGO and window.end > reading.now:
        return (stretches.c.again == again,)
    _, linger = bounds(reading, world)
    # An expression, lest the index of positions be walked as a whole for a day of it.
    return (stretches.c.again + 0 == again, stretches.c.started_at >= window.start, stretches.c.started_at < window.end + linger + 1)


def _running_sums(changes: list[int]) -> list[int]:
    sums, total = [], 0
    for change in changes:
        total += change
        sums.append(total)
    return sums
