"""Watch time and audience over the wall clock: seconds watched by interval, viewers at an instant."""

from collections import Counter
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, case, func, literal, select, true, union_all

from playhead.clock import DAY
from playhead.stats import screen, tallies
from playhead.stats.counting import ALL, EPOCH, Among, seen_kinds, traits
from playhead.stats.reading import Reading, Window
from playhead.stats.screen import EVER, Span, bounds, media_of, on_screen, outside, spans
from playhead.stats.tallies import settled_days
from playhead.store import tables
from playhead.world.tallying import MINUTE, VIEWERS, CurveMeasure, TallySplit, unpacked
from playhead.world.terms import MediaKind


def seconds_by_interval(reading: Reading, within: Window | None, *, kind: MediaKind, width: int, media: Collection[int] | None = None) -> Counter[int]:
    """Seconds watched within a window, by the UTC-aligned start of each interval of `width` seconds; empty ones are absent.

    Follows the wall clock, counts what is still being watched up to now. `width` divides a day and is whole minutes.
    """
    found = Counter[int]()
    for part in _whole_minutes(_watched_window(reading, within)):
        found.update(_of_part(reading, part, kind, width, media))
    return Counter({start + reading.account.anchor: seconds for start, seconds in found.items() if seconds})


def _whole_minutes(window: Window) -> list[Window]:
    """A window as the cut minute that it begins with, whole minutes, and the cut one that it ends with, as far as there are any."""
    first, last = -(-window.start // MINUTE) * MINUTE, window.end // MINUTE * MINUTE
    parts = [window] if first >= last else [Window(window.start, first), Window(first, last), Window(last, window.end)]
    return [part for part in parts if part.start < part.end]


def _of_part(reading: Reading, window: Window, kind: MediaKind, width: int, media: Collection[int] | None) -> Counter[int]:
    """Seconds by interval from the anchor on, from curves where they answer."""
    days = None if media is not None else _curve_days(reading, window)
    found = Counter[int]()
    for world in reading.account.worlds:
        for loaded in outside(days if world == reading.account.world else None):
            found.update(_raw(reading, world, window, loaded, kind, width, media))
    if days is not None:
        found.update(_from_curves(reading, window, days, kind, width))
    return found


def seconds_ever(reading: Reading, *, kind: MediaKind, media: Collection[int] | None = None) -> int:
    """Seconds watched in all, up to now."""
    days = settled_days(reading, reading.clipped(None))
    ever, table = Window(-EPOCH, reading.now), tables.tallies
    total = 0
    for world in reading.account.worlds:
        for loaded in outside(days if world == reading.account.world else None):
            total += _raw(reading, world, ever, loaded, kind, DAY, media).total()
    if days is not None:
        written = (table.c.world == reading.account.world, table.c.split == TallySplit.media, table.c.day >= days.start, table.c.day < days.end)
        of = true() if media is None else table.c.key.in_(reading.ids_of(media))
        total += int(reading.rows(select(func.coalesce(func.sum(table.c.watched_seconds), 0)).where(*written, table.c.kind == kind, of))[0][0])
    return total


def viewers_by_interval(reading: Reading, within: Window, *, kind: MediaKind, width: int, media: Collection[int] | None = None) -> Counter[int]:
    """Distinct viewers who watched within a window, by the UTC-aligned start of each interval of `width` seconds; empty ones are absent."""
    window, kinds = _watched_window(reading, within), frozenset({kind})
    if media is None and width in VIEWERS:
        written = screen.by_interval(reading, window, kinds, width, [VIEWERS[width]], partial(_viewers, width))
        found = {start: count for start, (count,) in written.items()}
    else:
        found = _raw_viewers(reading, window, width, media_of(reading, kinds, media))
    # Every width divides a week, at whose beginning the anchor is.
    return Counter({start * width + reading.account.anchor: count for start, count in found.items()})


def _raw_viewers(reading: Reading, window: Window, width: int, media: Collection[int]) -> dict[int, int]:
    """Distinct viewers of media by the number of the interval; of days in the store, where few viewings last into a second one."""
    if width < DAY or len(reading.account.worlds) > 1:
        found = [span for world in reading.account.worlds for span in spans(reading, world, window, media)]
        return {start: count for start, (count,) in _viewers(width, found).items()}
    stretches = tables.stretches.c
    there = on_screen(reading, reading.account.world, window, media)
    starts, stops = _cut(window)
    begins, ends = ((starts + EPOCH) // width).label("interval"), (stops - 1 + EPOCH) // width
    pairs = union_all(select(begins, stretches.viewer).where(*there), select(ends, stretches.viewer).where(*there, ends > begins)).subquery()
    rows = reading.rows(select(pairs.c.interval, func.count(pairs.c.viewer.distinct())).group_by(pairs.c.interval))
    return {int(row[0]) - EPOCH // width: row[1] for row in rows}


def _viewers(width: int, found: Iterable[Span]) -> dict[int, tuple[int]]:
    pairs = {(interval, viewer) for viewer, start, stop in found for interval in range(start // width, (stop - 1) // width + 1)}
    return {interval: (count,) for interval, count in Counter(interval for interval, _ in pairs).items()}


def viewers(reading: Reading, within: Window, *, kind: MediaKind, media: Collection[int] | None = None) -> int:
    """Distinct viewers who watched within a window."""
    window, viewer = _watched_window(reading, within), tables.stretches.c.viewer
    of_them = media_of(reading, [kind], media)
    questions = [select(viewer).where(*on_screen(reading, world, window, of_them)).distinct() for world in reading.account.worlds]
    if len(questions) == 1:
        return int(reading.rows(select(func.count()).select_from(questions[0].subquery()))[0][0])
    return len({row[0] for question in questions for row in reading.rows(question)})


class Watched(NamedTuple):
    """Seconds watched, and by how many viewings."""

    seconds: int
    viewings: int


def watched(reading: Reading, within: Window, *, among: Among = ALL) -> Watched:
    """What was watched within a window, following the wall clock."""
    window, base = _watched_window(reading, within), reading.account.world
    # Whoever loaded on a day that is over for so long has watched all of it before the window ends.
    days = settled_days(reading, Window(window.start, window.end - sum(bounds(reading, base))))
    tally = None if days is None else tallies.of_days(reading, days, among=among)
    parts = [_watched(reading, world, window, EVER, among) for world in reading.account.worlds if world != base or tally is None]
    if tally is not None and days is not None:
        parts += [Watched(tally.watched_seconds, tally.plays), *(_watched(reading, base, window, loaded, among) for loaded in outside(days))]
    return Watched(sum(part.seconds for part in parts), sum(part.viewings for part in parts))


def _watched(reading: Reading, world: int, window: Window, loaded: Window, among: Among) -> Watched:
    """The same of the viewings of one world that were loaded in a window of their own."""
    stretches, viewings, media = tables.stretches, tables.viewings, media_of(reading, seen_kinds(reading, among))
    starts, stops = _cut(window)
    statement = select(func.coalesce(func.sum(stops - starts), 0), func.count(stretches.c.viewing.distinct()))
    if any(numbers is not None for numbers in among[1:]):
        statement = statement.join_from(stretches, viewings, viewings.c.id == stretches.c.viewing).where(*traits(reading, among))
    row = reading.rows(statement.where(*on_screen(reading, world, window, media, loaded)))[0]
    return Watched(int(row[0]), row[1])


def _watched_window(reading: Reading, within: Window | None) -> Window:
    """A window from the anchor, up to, not including, now: the second of now is not over. Of one that is yet to come nothing."""
    start, end = reading.clipped(within)
    return Window(start, max(start, min(end, reading.now)))


def _curve_days(reading: Reading, window: Window) -> Window | None:
    """Days of load whose curves answer for a window: settled ones, where the window cuts no minute."""
    return None if window.start % MINUTE or window.end % MINUTE else settled_days(reading, window)


def _from_curves(reading: Reading, window: Window, days: Window, kind: MediaKind, width: int) -> Counter[int]:
    curves = tables.curves
    found = Counter[int]()
    of_days = (curves.c.world == reading.account.world, curves.c.kind == kind, curves.c.day >= days.start, curves.c.day < days.end)
    measured = curves.c.measure == CurveMeasure.watched_seconds.value
    for row in reading.rows(select(curves.c.day, curves.c.intervals).where(*of_days, measured)):
        minutes = unpacked(row.intervals)
        last = min(len(minutes), (window.end - row.day * DAY + MINUTE - 1) // MINUTE)
        for minute in range(0, last, width // MINUTE):
            found[row.day * DAY + minute * MINUTE] += sum(minutes[minute : min(last, minute + width // MINUTE)])
    return found


def _raw(reading: Reading, world: int, window: Window, loaded: Window, kind: MediaKind, width: int, media: Collection[int] | None) -> Counter[int]:
    """Seconds by interval: every stretch adds whole intervals by their difference, and the rests at its two ends."""
    conditions = on_screen(reading, world, window, media_of(reading, [kind], media), loaded)
    starts, stops = (instants + EPOCH for instants in _cut(window))
    return _filled(_edges(reading, starts, conditions, width), _edges(reading, stops, conditions, width), width)


def _cut(window: Window) -> tuple[ColumnElement[Any], ColumnElement[Any]]:  # Any: integers
    """From when, and up to when, stretches are on screen within a window that they reach into."""
    stretches = tables.stretches.c
    # Said to be of 64 bits: PostgreSQL would take them for 32, which a far-off instant does not fit.
    start, end = literal(window.start, BigInteger()), literal(window.end, BigInteger())
    starts = case((stretches.started_at < start, start), else_=stretches.started_at)
    return starts, case((stretches.stopped_at > end, end), else_=stretches.stopped_at)


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
        found[interval * width - EPOCH] += watching * width - began_rest + ceased_rest
        following = edges[position + 1] if position + 1 < len(edges) else interval + 1
        for between in range(interval + 1, following) if watching else ():
            found[between * width - EPOCH] = watching * width
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
    conditions = on_screen(reading, world, window, reading.ids_of([media]))
    changes = Counter[int]()
    for column, sign in ((stretches.c.started_at, 1), (stretches.c.stopped_at, -1)):
        mark = ((column + EPOCH + step - 1) // step).label("mark")
        for row in reading.rows(select(mark, func.count()).where(*conditions).group_by("mark")):
            changes[int(row[0]) - EPOCH // step] += sign * row[1]
    return changes
