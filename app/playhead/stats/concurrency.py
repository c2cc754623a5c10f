"""Who watches at the same time: how many viewings, or viewers, have something on screen in each second."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import select

from playhead.clock import DAY
from playhead.stats import screen
from playhead.stats.counting import ALL, Among, By, Cell, cell_reader, columns, seen_kinds, traits
from playhead.stats.reading import Reading, Window
from playhead.stats.screen import EVER, Span, media_of, on_screen
from playhead.store import tables
from playhead.world.tallying import MINUTE, CurveMeasure, alone
from playhead.world.terms import MediaKind

Changes = list[tuple[int, int]]  # (instant, by how many more or fewer watch from then on), ascending

_TIMED = frozenset({By.day, By.hour, By.minute})


class Load(NamedTuple):
    """How many watched in an interval: the most at one time, and the seconds that all of them watched together."""

    peak: int
    seconds: int


def changes(reading: Reading, within: Window, *, by: Sequence[By] = (), among: Among = ALL, viewers: bool = False) -> dict[Cell, Changes]:
    """How many watch, as its changes within a window, by cell: viewings, or distinct viewers. Second by second, the second of now included."""
    assert not _TIMED & set(by), "who watches at a time is no matter of the load"
    window = reading.clipped(within)
    spans: dict[Cell, list[Span]] = defaultdict(list)
    for world in reading.account.worlds:
        for cell, span in _spans(reading, world, window, by, among):
            spans[cell].append(span)
    return {cell: changes_of(alone(found) if viewers else found, reading.account.anchor) for cell, found in spans.items()}


def loads(reading: Reading, within: Window, *, width: int, among: Among = ALL, viewers: bool = False) -> dict[int, Load]:
    """The load of each interval of `width` seconds, aligned to UTC, in which anyone watches; `width` is whole minutes."""
    if any(numbers is not None for numbers in among[1:]):
        found = changes(reading, within, among=among, viewers=viewers).get((), [])
        return by_interval(found, within, width)
    minutes = _minutes(reading, within, seen_kinds(reading, among), viewers=viewers)
    totals: dict[int, Load] = {}
    for start, (peak, seconds) in sorted(minutes.items()):
        before = totals.get(start // width * width, Load(0, 0))
        totals[start // width * width] = Load(max(peak, before.peak), seconds + before.seconds)
    return totals


def whole(reading: Reading, within: Window, *, among: Among = ALL, viewers: bool = False) -> Load:
    """The load of a whole window."""
    each = loads(reading, within, width=DAY, among=among, viewers=viewers).values()
    return Load(max((load.peak for load in each), default=0), sum(load.seconds for load in each))


def _minutes(reading: Reading, within: Window, kinds: Collection[MediaKind], *, viewers: bool) -> dict[int, Load]:
    """The load of each minute in which anyone watches."""
    measures = (CurveMeasure.viewer_peak, CurveMeasure.viewer_seconds) if viewers else (CurveMeasure.peak, CurveMeasure.watched_seconds)

    def count(found: Sequence[Span]) -> dict[int, tuple[int, ...]]:
        return {start // MINUTE: load for start, load in by_interval(changes_of(alone(found) if viewers else found), EVER, MINUTE).items()}

    found = screen.by_interval(reading, reading.clipped(within), kinds, MINUTE, measures, count)
    return {interval * MINUTE + reading.account.anchor: Load(*values) for interval, values in found.items()}


def load(changes: Changes, window: Window) -> Load:
    """The load of a whole window."""
    return _load(_steps(changes, window))


def by_interval(changes: Changes, window: Window, width: int) -> dict[int, Load]:
    """The load of each interval of `width` seconds, aligned to UTC, in which anyone watches."""
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for start, stop, watching in _steps(changes, window):
        for interval in range(start // width, (stop - 1) // width + 1) if watching else ():
            found[interval * width].append((max(start, interval * width), min(stop, (interval + 1) * width), watching))
    return {start: _load(steps) for start, steps in sorted(found.items())}


def _load(steps: Iterable[tuple[int, int, int]]) -> Load:
    peak, seconds = 0, 0
    for start, stop, watching in steps:
        peak, seconds = max(peak, watching), seconds + watching * (stop - start)
    return Load(peak, seconds)


def _steps(changes: Changes, window: Window) -> Iterator[tuple[int, int, int]]:
    """(from, up to, how many watch) within a window."""
    watching, since = 0, window.start
    for instant, change in changes:
        at = min(max(instant, window.start), window.end)
        if at > since:
            yield since, at, watching
        watching, since = watching + change, max(at, since)
    if window.end > since:
        yield since, window.end, watching


def _spans(reading: Reading, world: int, window: Window, by: Sequence[By], among: Among) -> Iterator[tuple[Cell, Span]]:
    """Who has something on screen in a window, cut to it, by cell."""
    stretches, viewings = tables.stretches, tables.viewings
    media = media_of(reading, seen_kinds(reading, among), among.media)
    statement = select(*columns(by), stretches.c.viewer, stretches.c.started_at, stretches.c.stopped_at)
    conditions = on_screen(reading, world, window, media)
    if by or any(numbers is not None for numbers in among[2:]):
        statement = statement.join_from(stretches, viewings, viewings.c.id == stretches.c.viewing)
        conditions += traits(reading, among)
    read = cell_reader(by, reading.account.anchor)
    for *cell, viewer, start, stop in reading.rows(statement.where(*conditions)):
        yield read(cell), Span(viewer, max(start, window.start), min(stop, window.end))


def changes_of(found: Iterable[tuple[int, int, int]], anchor: int = 0) -> Changes:
    """The changes that spans of (who, from, up to) make, later by `anchor`."""
    changes: dict[int, int] = defaultdict(int)
    for _, start, stop in found:
        changes[start + anchor] += 1
        changes[stop + anchor] -= 1
    return sorted(changes.items())
