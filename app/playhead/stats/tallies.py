"""Counts and sums over viewings, by whatever they are of and by when they were loaded."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select

from playhead.clock import DAY
from playhead.stats.counting import ALL, EPOCH, HOUR, Among, By, Cell, Reached, cell_reader, columns, restrictions, seen_kinds, which
from playhead.stats.library import Country, countries
from playhead.stats.reading import AnySelect, Reading, Window
from playhead.store import tables
from playhead.world.tallying import TallySplit
from playhead.world.terms import MediaKind


class Tally(NamedTuple):
    """How many loads, plays, views (of 3, 5, 10 and 30 seconds) and ends; the seconds of those that have ended; milliseconds until the player appeared."""

    loads: int = 0
    plays: int = 0
    views_3: int = 0
    views: int = 0
    views_10: int = 0
    views_30: int = 0
    ends: int = 0
    watched_seconds: int = 0
    distinct_seconds: int = 0
    impression_ms: int = 0

    def __add__(self, other: object) -> "Tally":
        """Cell by cell, unlike other tuples."""
        assert isinstance(other, Tally)
        return Tally(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


# What growth has written tallies by.
_SPLITS = {By.media: TallySplit.media, By.place: TallySplit.place, By.device: TallySplit.device, By.page: TallySplit.page, By.hour: TallySplit.hour}
_WRITTEN = tables.tallies.c


def cells(reading: Reading, within: Window | None, *, by: Sequence[By] = (), among: Among = ALL) -> dict[Cell, Tally]:
    """Tallies of the viewings loaded in a window (or ever) that count, by cell: one number or instant for each of `by`, in its order.

    Settled days of the base are read as growth wrote them, where it kept what is asked for; the rest from the viewings.
    """
    window, split = reading.clipped(within), _split(reading, by, among)
    settled = settled_days(reading, window) if split else None
    parts = [window] if settled is None else [Window(window.start, settled.start * DAY), Window(settled.end * DAY, window.end)]
    questions = [_raw(reading, by, among, reading.account.world, part) for part in parts if part.start < part.end]
    if settled is not None and split:
        questions.append(_written(reading, by, among, split, settled))
    if reading.account.overlay is not None:
        questions.append(_raw(reading, by, among, reading.account.overlay, window))
    read, width = cell_reader(by, reading.account.anchor), len(by)
    found: dict[Cell, Tally] = {}
    for question in questions:
        for row in reading.rows(question):
            cell, tally = read(row[:width]), Tally(*map(int, row[width:]))
            found[cell] = found[cell] + tally if cell in found else tally
    return {cell: tally for cell, tally in found.items() if tally.loads}


def total(reading: Reading, within: Window | None, *, among: Among = ALL) -> Tally:
    """The tally of the viewings loaded in a window (or ever) that count."""
    return cells(reading, within, among=among).get((), Tally())


def of_days(reading: Reading, days: Window, *, among: Among = ALL) -> Tally | None:
    """The tally of settled days of the base, as growth wrote it; None where it did not keep what is asked for."""
    split = _split(reading, (), among)
    rows = reading.rows(_written(reading, (), among, split, days)) if split else []
    return Tally(*map(int, rows[0])) if rows else None


def by_country(reading: Reading, within: Window | None, *, kind: MediaKind | None = None) -> dict[Country, Tally]:
    """Tallies of the viewings loaded in a window, by the viewer's country; only of media of a kind when given."""
    of = countries(reading)
    found: dict[Country, Tally] = {}
    for (place,), tally in cells(reading, within, by=[By.place], among=Among(kinds=None if kind is None else frozenset({kind}))).items():
        found[of[place]] = found.get(of[place], Tally()) + tally
    return found


def by_media(reading: Reading, within: Window | None = None, *, media: Collection[int] | None = None) -> dict[int, Tally]:
    """Tallies of the viewings loaded in a window (or ever), by the number of the media."""
    return {number: tally for (number,), tally in cells(reading, within, by=[By.media], among=Among(media=media)).items()}


def by_day_and_media(reading: Reading, within: Window, *, media: Collection[int] | None = None) -> dict[tuple[int, int], Tally]:
    """Tallies by (00:00 UTC of the day of load in seconds since 1970, number of the media)."""
    found = cells(reading, within, by=[By.day, By.media], among=Among(media=media))
    return {(day, number): tally for (day, number), tally in found.items()}


def _split(reading: Reading, by: Sequence[By], among: Among) -> TallySplit | None:
    """What written tallies answer: those that are kept by the one thing which is asked about; None when they do not."""
    things = {*by, *(each for each, _ in restrictions(reading, among))} - {By.kind, By.day}
    if not things:
        return TallySplit.page  # of which there are the fewest
    return _SPLITS.get(things.pop()) if len(things) == 1 else None


def settled_days(reading: Reading, window: Window) -> Window | None:
    """The first run of whole days in a window (relative) of whose base viewings all have ended: (first day, after the last)."""
    days = tables.days
    first, last = -(-window.start // DAY), window.end // DAY
    rows = reading.rows(
        select(days.c.day, days.c.settled_at).where(days.c.world == reading.account.world, days.c.day >= first, days.c.day < last).order_by(days.c.day)
    )
    end = None
    for row in rows:
        if row.settled_at > reading.now or (end is not None and row.day != end):
            break
        end = row.day + 1
    return Window(rows[0].day, end) if end is not None else None


def _written(reading: Reading, by: Sequence[By], among: Among, split: TallySplit, days: Window) -> AnySelect:
    cell = [_written_column(each) for each in by]
    sums = [func.coalesce(func.sum(_WRITTEN[name]), 0) for name in Tally._fields]
    of_days = (_WRITTEN.world == reading.account.world, _WRITTEN.split == split.value, _WRITTEN.day >= days.start, _WRITTEN.day < days.end)
    statement = select(*cell, *sums).where(*of_days, _WRITTEN.kind.in_(seen_kinds(reading, among)))
    for _, keys in restrictions(reading, among):
        statement = statement.where(_WRITTEN.key.in_(keys))
    return statement.group_by(*cell)


def _written_column(by: By) -> ColumnElement[Any]:  # Any: integers
    """The same as `columns` says of viewings, of what was written."""
    if by is By.kind:
        return _WRITTEN.kind
    day = _WRITTEN.day + EPOCH // DAY
    return day if by is By.day else day * (DAY // HOUR) + _WRITTEN.key if by is By.hour else _WRITTEN.key


def _raw(reading: Reading, by: Sequence[By], among: Among, world: int, part: Window) -> AnySelect:
    cell = [column.label(f"cell_{place}") for place, column in enumerate(columns(by))]
    return select(*cell, *_formulas(reading.now)).where(which(reading, world, part, among)).group_by(*(column.name for column in cell))


def _formulas(now: int) -> tuple[ColumnElement[Any], ...]:
    """What the columns of a Tally are, over viewings, as far as a clock has reached."""
    viewings = tables.viewings
    ended = viewings.c.ended_at <= now
    reached = [func.count(case((each.by(now), 1))) for each in (Reached.play, Reached.view_3, Reached.view, Reached.view_10, Reached.view_30, Reached.end)]
    return (
        func.count(),
        *reached,
        _sum(case((ended, viewings.c.watched_seconds), else_=0)),
        _sum(case((ended, viewings.c.distinct_seconds), else_=0)),
        _sum(viewings.c.impression_ms),
    )


def _sum(column: ColumnElement[Any]) -> ColumnElement[Any]:  # Any: integers
    return func.coalesce(func.sum(column), 0)


class People(NamedTuple):
    """How many viewers loaded a media, and how many of them played it."""

    visitors: int
    players: int


def people(reading: Reading, media: int) -> People:
    """Distinct viewers of a media, ever."""
    viewer = tables.viewings.c.viewer
    played = func.max(case((tables.viewings.c.played_at <= reading.now, 1), else_=0)).label("played")
    if len(reading.account.worlds) == 1:
        # Grouped, the viewers come in the order of their index, which count(DISTINCT) would sort anew, twice.
        each = select(played).where(reading.ever_loaded(reading.account.world, media=media)).group_by(viewer).subquery()
        visitors, players = reading.rows(select(func.count(), func.coalesce(func.sum(each.c.played), 0)).select_from(each))[0]
        return People(visitors, int(players))
    found: dict[int, int] = {}
    for world in reading.account.worlds:  # a viewer of the base may have been recorded in the overlay as well
        for each_viewer, plays in reading.rows(select(viewer, played).where(reading.ever_loaded(world, media=media)).group_by(viewer)):
            found[each_viewer] = max(plays, found.get(each_viewer, 0))
    return People(len(found), sum(found.values()))
