"""Watch time and audience over the wall clock: seconds watched by interval, viewers at an instant."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, func, literal, select, true

from playhead.clock import DAY
from playhead.stats.reading import Reading, Window
from playhead.stats.tallies import settled_days
from playhead.store import tables
from playhead.world.tallying import MINUTE, TallySplit, unpacked
from playhead.world.terms import MediaKind

_BEFORE = 40_000 * DAY  # added before dividing, since SQL divides negative numbers towards zero; a multiple of every width


def seconds_by_interval(reading: Reading, within: Window | None, *, kind: MediaKind, width: int, media: Collection[int] | None = None) -> Counter[int]:
    """Seconds watched within a window, by the UTC-aligned start of each interval of `width` seconds; empty ones are absent.

    Follows the wall clock, counts what is still being watched up to now. `width` divides a day and is whole minutes.
    """
    window = reading.clipped(within)
    window = Window(window.start, min(window.end, reading.now))
    if window.end <= window.start:  # what is on screen now would count backwards from a window that is yet to come
        return Counter()
    days = None if media is not None else _curve_days(reading, window)
    found = Counter[int]()
    for world in reading.account.worlds:
        for loaded in _loads_not_in(days if world == reading.account.world else None):
            found.update(_raw(reading, world, window, loaded, kind, width, media))
    if days is not None:
        found.update(_from_curves(reading, window, days, kind, width))
    return Counter({start + reading.account.anchor: seconds for start, seconds in found.items() if seconds})


def seconds_ever(reading: Reading, *, kind: MediaKind, media: Collection[int] | None = None) -> int:
    """Seconds watched in all, up to now."""
    days = settled_days(reading, reading.clipped(None))
    ever, table = Window(-_BEFORE, reading.now), tables.tallies
    total = 0
    for world in reading.account.worlds:
        for loaded in _loads_not_in(days if world == reading.account.world else None):
            total += _raw(reading, world, ever, loaded, kind, DAY, media).total()
    if days is not None:
        written = (table.c.world == reading.account.world, table.c.split == TallySplit.media, table.c.day >= days.start, table.c.day < days.end)
        of = true() if media is None else table.c.key.in_(reading.ids_of(media))
        total += int(reading.rows(select(func.coalesce(func.sum(table.c.watched_seconds), 0)).where(*written, table.c.kind == kind, of))[0][0])
    return total


def _curve_days(reading: Reading, window: Window) -> Window | None:
    """Days of load whose curves answer for a window: settled ones, where the window cuts no minute."""
    if window.start % MINUTE or (window.end % MINUTE and window.end < reading.now):
        return None
    return settled_days(reading, window)


def _loads_not_in(days: Window | None) -> tuple[Window, ...]:
    """When what must be read from the stretches was loaded: before and after the days that have curves."""
    ever = Window(-_BEFORE, _BEFORE)
    return (ever,) if days is None else (Window(ever.start, days.start * DAY), Window(days.end * DAY, ever.end))


def _from_curves(reading: Reading, window: Window, days: Window, kind: MediaKind, width: int) -> Counter[int]:
    curves = tables.curves
    found = Counter[int]()
    statement = select(curves.c.day, curves.c.watched_seconds).where(
        curves.c.world == reading.account.world, curves.c.kind == kind, curves.c.day >= days.start, curves.c.day < days.end
    )
    for row in reading.rows(statement):
        minutes = unpacked(row.watched_seconds)
        last = min(len(minutes), (window.end - row.day * DAY + MINUTE - 1) // MINUTE)
        for minute in range(0, last, width // MINUTE):
            found[row.day * DAY + minute * MINUTE] += sum(minutes[minute : min(last, minute + width // MINUTE)])
    return found


def bounds(reading: Reading, world: int) -> tuple[int, int]:
    """The longest stretch of a world, and the latest start of one after its load, in seconds."""
    worlds = tables.worlds
    row = reading.rows(select(worlds.c.longest, worlds.c.linger).where(worlds.c.id == world))[0]
    return row.longest, row.linger


def _raw(reading: Reading, world: int, window: Window, loaded: Window, kind: MediaKind, width: int, media: Collection[int] | None) -> Counter[int]:
    """Seconds by interval: every stretch adds whole intervals by their difference, and the rests at its two ends."""
    stretches = tables.stretches
    longest, linger = bounds(reading, world)
    conditions = [
        stretches.c.world == world,
        stretches.c.media.in_(_ids(reading, kind, media)),
        stretches.c.started_at >= max(window.start - longest, loaded.start),
        stretches.c.started_at < min(window.end, loaded.end + linger + 1),
        stretches.c.stopped_at > window.start,
        stretches.c.loaded_at >= loaded.start,
        stretches.c.loaded_at < loaded.end,
    ]
    # Said to be of 64 bits: PostgreSQL would take them for 32, which a far-off instant does not fit.
    start, end = literal(window.start, BigInteger()), literal(window.end, BigInteger())
    starts = case((stretches.c.started_at < start, start), else_=stretches.c.started_at) + _BEFORE
    stops = case((stretches.c.stopped_at > end, end), else_=stretches.c.stopped_at) + _BEFORE
    return _filled(_edges(reading, starts, conditions, width), _edges(reading, stops, conditions, width), width)


def _ids(reading: Reading, kind: MediaKind, media: Collection[int] | None) -> list[int]:
    """Packed ids of the media that are asked about: those of the kind among them, for their index to lead to their stretches."""
    table = tables.media
    of_kind = select(table.c.id).where(table.c.world.in_(reading.account.worlds), table.c.kind == kind)
    return [row.id for row in reading.rows(of_kind if media is None else of_kind.where(table.c.id.in_(reading.ids_of(media))))]


def _edges(reading: Reading, instants: ColumnElement[Any], conditions: list[ColumnElement[bool]], width: int) -> dict[int, tuple[int, int]]:
    """How many stretches begin (or end) in each interval, and the sum of how far into it."""
    interval = (instants // width).label("interval")
    rows = reading.rows(select(interval, func.count(), func.sum(instants % width)).where(*conditions).group_by("interval"))
    return {int(row[0]): (row[1], int(row[2])) for row in rows}


def _filled(starts: dict[int, tuple[int, int]], stops: dict[int, tuple[int, int]], width: int) -> Counter[int]:
    found = Counter[int]()
    watching = 0
    edges = sorted(starts.keys() | stops.keys())
    for position, interval in enumerate(edges):
        began, began_rest = starts.get(interval, (0, 0))
        ceased, ceased_rest = stops.get(interval, (0, 0))
        watching += began - ceased
        found[interval * width - _BEFORE] += watching * width - began_rest + ceased_rest
        following = edges[position + 1] if position + 1 < len(edges) else interval + 1
        for between in range(interval + 1, following) if watching else ():
            found[between * width - _BEFORE] = watching * width
    return found


def audience_at(reading: Reading, within: Window, *, media: int, step: int) -> list[tuple[int, int]]:
    """How many viewings had a media on screen at each multiple of `step` seconds in a window, where any had: (instant, viewings)."""
    window = reading.clipped(within)
    changes = Counter[int]()
    for world in reading.account.worlds:
        changes.update(_changes(reading, world, window, media, step))
    found, watching = [], 0
    first, last = -(-window.start // step), -(-window.end // step)
    marks = sorted(changes)
    for position, mark in enumerate(marks):
        watching += changes[mark]
        following = marks[position + 1] if position + 1 < len(marks) else mark + 1
        for instant in range(max(mark, first), min(following, last)) if watching else ():
            found.append((instant * step + reading.account.anchor, watching))
    return found


def _changes(reading: Reading, world: int, window: Window, media: int, step: int) -> Counter[int]:
    """By how much the audience changes at each step: a stretch is on screen from its start up to, not at, its end."""
    stretches = tables.stretches
    longest, _ = bounds(reading, world)
    conditions = [
        stretches.c.world == world,
        stretches.c.media == reading.id_of(media),
        stretches.c.started_at >= window.start - longest,
        stretches.c.started_at < window.end,
        stretches.c.stopped_at > window.start,
    ]
    changes = Counter[int]()
    for column, sign in ((stretches.c.started_at, 1), (stretches.c.stopped_at, -1)):
        mark = ((column + _BEFORE + step - 1) // step).label("mark")
        for row in reading.rows(select(mark, func.count()).where(*conditions).group_by("mark")):
            changes[int(row[0]) - _BEFORE // step] += sign * row[1]
    return changes
