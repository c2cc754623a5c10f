"""Counts and sums over viewings, by media, country or day of load."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select

from playhead.clock import DAY
from playhead.stats.library import Country, countries
from playhead.stats.reading import AnySelect, Reading, Window, number_of
from playhead.store import tables
from playhead.world.tallying import TallySplit
from playhead.world.terms import MediaKind

_EPOCH_DAYS = 40_000  # added before dividing, since SQL divides negative numbers towards zero


class Tally(NamedTuple):
    """How many loads, plays and views, and the seconds of those that have ended."""

    loads: int = 0
    plays: int = 0
    views: int = 0
    watched_seconds: int = 0
    distinct_seconds: int = 0

    def __add__(self, other: object) -> "Tally":
        """Cell by cell, unlike other tuples."""
        assert isinstance(other, Tally)
        return Tally(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class Split(NamedTuple):
    """What tallies are kept by: how growth wrote them, and the same of the viewings themselves."""

    written: TallySplit
    of_tallies: tuple[ColumnElement[int], ...]
    of_viewings: tuple[ColumnElement[int], ...]


_DAY = (tables.viewings.c.loaded_at + _EPOCH_DAYS * DAY) // DAY - _EPOCH_DAYS
BY_MEDIA = Split(TallySplit.media, (tables.tallies.c.key,), (tables.viewings.c.media,))
BY_PLACE = Split(TallySplit.place, (tables.tallies.c.key,), (tables.viewings.c.place,))
BY_DAY_AND_MEDIA = Split(TallySplit.media, (tables.tallies.c.day, tables.tallies.c.key), (_DAY, tables.viewings.c.media))

Cell = tuple[int, ...]


def _sum(column: ColumnElement[Any], condition: ColumnElement[bool] | None = None) -> ColumnElement[Any]:  # Any: integers
    return func.coalesce(func.sum(column if condition is None else case((condition, column), else_=0)), 0)


def _formulas(now: int) -> tuple[ColumnElement[Any], ...]:
    """What the columns of a Tally are, over viewings, as far as a clock has reached."""
    viewings = tables.viewings
    ended = viewings.c.ended_at <= now
    return (
        func.count(),
        func.count(case((viewings.c.played_at <= now, 1))),
        func.count(case((viewings.c.viewed_at <= now, 1))),
        _sum(viewings.c.watched_seconds, ended),
        _sum(viewings.c.distinct_seconds, ended),
    )


def by_country(reading: Reading, within: Window | None, *, kind: MediaKind | None = None) -> dict[Country, Tally]:
    """Tallies of the viewings loaded in a window, by the viewer's country; only of media of a kind when given."""
    of = countries(reading)
    if kind is not None:
        reading = replace(reading, sight=reading.sight._replace(kinds=reading.sight.kinds & {kind}))
    found: dict[Country, Tally] = {}
    for (place,), tally in _cells(reading, BY_PLACE, within).items():
        country = of[place]
        found[country] = found.get(country, Tally()) + tally
    return found


def by_media(reading: Reading, within: Window | None = None, *, media: Collection[int] | None = None) -> dict[int, Tally]:
    """Tallies of the viewings loaded in a window (or ever), by the number of the media."""
    return {number_of(key): tally for (key,), tally in _cells(reading, BY_MEDIA, within, media).items()}


def by_day_and_media(reading: Reading, within: Window, *, media: Collection[int] | None = None) -> dict[tuple[int, int], Tally]:
    """Tallies by (00:00 UTC of the day of load in seconds since 1970, number of the media)."""
    cells = _cells(reading, BY_DAY_AND_MEDIA, within, media)
    return {(day * DAY + reading.account.anchor, number_of(key)): tally for (day, key), tally in cells.items()}


def _cells(reading: Reading, split: Split, within: Window | None, media: Collection[int] | None = None) -> dict[Cell, Tally]:
    """Tallies by cell: settled days of the base as growth wrote them, the rest from the viewings."""
    window = reading.clipped(within)
    settled = settled_days(reading, window)
    parts = [window] if settled is None else [Window(window.start, settled.start * DAY), Window(settled.end * DAY, window.end)]
    questions = [_raw(reading, split, reading.account.world, part, media) for part in parts if part.start < part.end]
    if settled is not None:
        questions.append(_written(reading, split, settled, media))
    if reading.account.overlay is not None:
        questions.append(_raw(reading, split, reading.account.overlay, window, media))
    found: dict[Cell, Tally] = {}
    for question in questions:
        for row in reading.rows(question):
            cell, tally = tuple(row[: len(split.of_tallies)]), Tally(*(int(value) for value in row[len(split.of_tallies) :]))
            found[cell] = found.get(cell, Tally()) + tally
    return found


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


def _written(reading: Reading, split: Split, days: Window, media: Collection[int] | None) -> AnySelect:
    table = tables.tallies
    sums = [_sum(column) for column in (table.c.loads, table.c.plays, table.c.views, table.c.watched_seconds, table.c.distinct_seconds)]
    of_days = (table.c.split == split.written.value, table.c.day >= days.start, table.c.day < days.end)
    statement = select(*split.of_tallies, *sums).where(table.c.world == reading.account.world, *of_days, table.c.kind.in_(reading.sight.kinds))
    return (statement if media is None else statement.where(table.c.key.in_(reading.ids_of(media)))).group_by(*split.of_tallies)


def _raw(reading: Reading, split: Split, world: int, part: Window, media: Collection[int] | None) -> AnySelect:
    cell = [column.label(f"cell_{place}") for place, column in enumerate(split.of_viewings)]
    statement = select(*cell, *_formulas(reading.now)).where(reading.loaded(world, part)).group_by(*(column.name for column in cell))
    return statement if media is None else statement.where(tables.viewings.c.media.in_(reading.ids_of(media)))


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
