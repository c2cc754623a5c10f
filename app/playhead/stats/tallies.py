"""Counts and sums over viewings, by media, country or day of load."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, distinct, func, select

from playhead.clock import DAY
from playhead.stats.library import Country, countries
from playhead.stats.reading import Reading, Window, number_of
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


class Split(Enum):
    """What a tally is kept by."""

    media = TallySplit.media
    place = TallySplit.place


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
    for place, tally in _split(reading, Split.place, within, None).items():
        country = of[place]
        found[country] = found.get(country, Tally()) + tally
    return found


def by_media(reading: Reading, within: Window | None = None, *, media: Collection[int] | None = None) -> dict[int, Tally]:
    """Tallies of the viewings loaded in a window (or ever), by the number of the media."""
    return _split(reading, Split.media, within, media)


def by_day_and_media(reading: Reading, within: Window, *, media: Collection[int] | None = None) -> dict[tuple[int, int], Tally]:
    """Tallies by (00:00 UTC of the day of load in seconds since 1970, number of the media)."""
    found: dict[tuple[int, int], Tally] = {}
    anchor = reading.account.anchor
    for (day, key), tally in _cells(reading, Split.media, within, media):
        cell = (day * DAY + anchor, number_of(key))
        found[cell] = found.get(cell, Tally()) + tally
    return found


def _split(reading: Reading, split: Split, within: Window | None, media: Collection[int] | None) -> dict[int, Tally]:
    found: dict[int, Tally] = {}
    for (_, key), tally in _cells(reading, split, within, media):
        number = number_of(key) if split is Split.media else key
        found[number] = found.get(number, Tally()) + tally
    return found


def _cells(reading: Reading, split: Split, within: Window | None, media: Collection[int] | None) -> Iterator[tuple[tuple[int, int], Tally]]:
    """Tallies by (day of load, packed key): settled days of the base as growth wrote them, the rest from the viewings."""
    window = reading.clipped(within)
    settled = settled_days(reading, window)
    if settled is not None:
        yield from _written(reading, split, settled, media)
        parts = [Window(window.start, settled.start * DAY), Window(settled.end * DAY, window.end)]
    else:
        parts = [window]
    for part in parts:
        yield from _raw(reading, split, reading.account.world, part, media)
    if reading.account.overlay is not None:
        yield from _raw(reading, split, reading.account.overlay, window, media)


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


def _written(reading: Reading, split: Split, days: Window, media: Collection[int] | None) -> Iterator[tuple[tuple[int, int], Tally]]:
    table = tables.tallies
    columns = (table.c.loads, table.c.plays, table.c.views, table.c.watched_seconds, table.c.distinct_seconds)
    statement = select(table.c.day, table.c.key, *columns).where(
        table.c.world == reading.account.world,
        table.c.split == split.value.value,
        table.c.day >= days.start,
        table.c.day < days.end,
        table.c.kind.in_(reading.sight.kinds),
    )
    if media is not None:
        statement = statement.where(table.c.key.in_(reading.ids_of(media)))
    for row in reading.rows(statement):
        yield (row.day, row.key), Tally(*row[2:])


def _raw(reading: Reading, split: Split, world: int, part: Window, media: Collection[int] | None) -> Iterator[tuple[tuple[int, int], Tally]]:
    if part.start >= part.end:
        return
    viewings = tables.viewings
    day = ((viewings.c.loaded_at + _EPOCH_DAYS * DAY) // DAY).label("day")
    key = viewings.c.media if split is Split.media else viewings.c.place
    statement = select(day, key.label("key"), *_formulas(reading.now)).where(reading.loaded(world, part)).group_by("day", "key")
    if media is not None:
        statement = statement.where(viewings.c.media.in_(reading.ids_of(media)))
    for row in reading.rows(statement):
        yield (int(row.day) - _EPOCH_DAYS, row.key), Tally(*(int(cell) for cell in row[2:]))


class People(NamedTuple):
    """How many viewers loaded a media, and how many of them played it."""

    visitors: int
    players: int


def people(reading: Reading, media: int) -> People:
    """Distinct viewers of a media, ever."""
    viewings, window = tables.viewings, reading.clipped(None)
    played = viewings.c.played_at <= reading.now
    if len(reading.account.worlds) == 1:
        counts = select(func.count(distinct(viewings.c.viewer)), func.count(distinct(case((played, viewings.c.viewer)))))
        row = reading.rows(counts.where(reading.loaded(reading.account.world, window, media=media)))[0]
        return People(row[0], row[1])
    visitors, players = set[int](), set[int]()
    for world in reading.account.worlds:  # a viewer of the base may have been recorded in the overlay as well
        each = select(viewings.c.viewer, func.count(case((played, 1)))).where(reading.loaded(world, window, media=media)).group_by(viewings.c.viewer)
        for viewer, plays in reading.rows(each):
            visitors.add(viewer)
            players.update({viewer} if plays else ())
    return People(len(visitors), len(players))
