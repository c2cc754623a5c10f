"""What is on screen when: stretches of playback in a window, and what growth wrote of them by interval."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, false, select

from playhead.clock import DAY
from playhead.stats.counting import EPOCH
from playhead.stats.reading import Reading, Window
from playhead.stats.tallies import settled_days
from playhead.store import tables
from playhead.world.tallying import CurveMeasure, unpacked
from playhead.world.terms import MediaKind

EVER = Window(-EPOCH, EPOCH)


class Span(NamedTuple):
    """A viewer who has something on screen, from an instant up to, not including, another."""

    viewer: int
    start: int
    stop: int


Values = tuple[int, ...]
Count = Callable[[Sequence[Span]], Mapping[int, Values]]  # spans to what there is of them, by interval


def bounds(reading: Reading, world: int) -> tuple[int, int]:
    """The longest stretch of a world, and the latest start of one after its load, in seconds."""
    worlds = tables.worlds
    row = reading.rows(select(worlds.c.longest, worlds.c.linger).where(worlds.c.id == world))[0]
    return row.longest, row.linger


def media_of(reading: Reading, kinds: Collection[MediaKind], media: Collection[int] | None = None) -> list[int]:
    """Packed ids of the media of some kinds (those among `media`), for their index to lead to their stretches."""
    table = tables.media
    of_kinds = select(table.c.id).where(table.c.world.in_(reading.account.worlds), table.c.kind.in_(kinds))
    return [row.id for row in reading.rows(of_kinds if media is None else of_kinds.where(table.c.id.in_(reading.ids_of(media))))]


def on_screen(reading: Reading, world: int, window: Window, media: Collection[int], loaded: Window = EVER) -> list[ColumnElement[bool]]:
    """The stretches of media that reach into a window, of viewings that were loaded in another."""
    stretches = tables.stretches
    if window.end <= window.start:  # what is on screen at an instant reaches into a window without one as well
        return [false()]
    longest, linger = bounds(reading, world)
    begun = (stretches.c.started_at >= max(window.start - longest, loaded.start), stretches.c.started_at < min(window.end, loaded.end + linger + 1))
    of_loads = [] if loaded == EVER else [stretches.c.loaded_at >= loaded.start, stretches.c.loaded_at < loaded.end]
    return [stretches.c.world == world, stretches.c.media.in_(media), *begun, stretches.c.stopped_at > window.start, *of_loads]


def spans(reading: Reading, world: int, window: Window, media: Collection[int], loaded: Window = EVER) -> Iterator[Span]:
    """Who has media on screen in a window, cut to it."""
    stretches = tables.stretches.c
    columns = select(stretches.viewer, stretches.started_at, stretches.stopped_at)
    for viewer, start, stop in reading.rows(columns.where(*on_screen(reading, world, window, media, loaded))):
        yield Span(viewer, max(start, window.start), min(stop, window.end))


def by_interval(
    reading: Reading, window: Window, kinds: Collection[MediaKind], width: int, measures: Sequence[CurveMeasure], count: Count
) -> dict[int, Values]:
    """What there is of all media of some kinds in a window (relative), by interval of `width` seconds: its number from the anchor on.

    What growth wrote of a day's loads holds where nobody else watches: no load of another day or kind, no recorded one. Elsewhere spans are counted.
    """
    media, days = media_of(reading, kinds), settled_days(reading, window)
    raw = [span for loaded in outside(days) for span in spans(reading, reading.account.world, window, media, loaded)]
    raw += [span for world in reading.account.worlds[1:] for span in spans(reading, world, window, media)]
    found = dict(count(raw))
    if days is None:
        return found
    written, meeting = _written(reading, window, days, kinds, width, measures, among=found)
    for first, last in _runs(sorted(meeting)):
        part = Window(max(window.start, first * width), min(window.end, (last + 1) * width))
        settled = Window(days.start * DAY, days.end * DAY)
        there = [*spans(reading, reading.account.world, part, media, settled), *_cut(raw, part)]
        found.update(count(there))
    return {**written, **found}


def outside(days: Window | None) -> tuple[Window, ...]:
    """When what growth's writing does not answer for was loaded: before and after the days that it does, or ever."""
    return (EVER,) if days is None else (Window(EVER.start, days.start * DAY), Window(days.end * DAY, EVER.end))


def _written(
    reading: Reading, window: Window, days: Window, kinds: Collection[MediaKind], width: int, measures: Sequence[CurveMeasure], among: Mapping[int, Values]
) -> tuple[dict[int, Values], set[int]]:
    """What growth wrote of intervals that are wholly in the window and one day's and kind's alone; and the others in which somebody watches."""
    alone: dict[int, Values] = {}
    meeting: set[int] = set()
    for day, curves in _curves(reading, days, kinds, measures):
        first = day * DAY // width
        for interval, values in enumerate(zip(*curves, strict=True), first):
            if not values[0] or interval * width >= window.end:
                continue
            if interval in alone or interval in among or interval * width < window.start or (interval + 1) * width > window.end:
                meeting.add(interval)
            else:
                alone[interval] = values
    return {interval: values for interval, values in alone.items() if interval not in meeting}, meeting


def _curves(reading: Reading, days: Window, kinds: Collection[MediaKind], measures: Sequence[CurveMeasure]) -> Iterator[tuple[int, list[tuple[int, ...]]]]:
    """(day, its curve of each measure), by day and kind."""
    table = tables.curves.c
    of_days = (table.world == reading.account.world, table.day >= days.start, table.day < days.end, table.kind.in_(kinds))
    found: dict[tuple[int, int], dict[int, tuple[int, ...]]] = {}
    for row in reading.rows(select(table.day, table.kind, table.measure, table.intervals).where(*of_days, table.measure.in_(measures))):
        found.setdefault((row.day, row.kind), {})[row.measure] = unpacked(row.intervals)
    for (day, _), curves in found.items():
        yield day, [curves[measure] for measure in measures]


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(first, last) of each run of numbers without a gap."""
    start = 0
    for place, number in enumerate(numbers):
        if place + 1 == len(numbers) or numbers[place + 1] != number + 1:
            yield numbers[start], number
            start = place + 1


def _cut(found: Sequence[Span], part: Window) -> Iterator[Span]:
    return (Span(viewer, max(start, part.start), min(stop, part.end)) for viewer, start, stop in found if start < part.end and stop > part.start)
