"""Viewers by their last activity: a walk over recent viewings, so that a page costs what it shows."""

from collections.abc import Collection, Iterator
from enum import Enum
from heapq import merge
from itertools import islice
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select

from playhead.stats.reading import Reading, number_of
from playhead.stats.viewings import PERSON_COLUMNS, Person, person
from playhead.store import tables

CHUNK = 512
FEW = 500  # viewers whom it is quicker to look up than to meet on the walk
LONGEST_SEARCH = 1000


class Known(Enum):
    """What is known of the viewers that are asked for."""

    name = "name"
    email = "email"


class Visitor(NamedTuple):
    """A viewer with what it did: instants in seconds since 1970; `last_play` is the number of its newest played viewing."""

    person: Person
    loads: int
    plays: int
    first_load_at: int
    last_active_at: int
    last_play: int | None


def page(
    reading: Reading, *, known: Known | None = None, search: str | None = None, among: Collection[int] | None = None, limit: int, offset: int = 0
) -> list[Visitor]:
    """A page of the viewers, the most recently active first: by the load of their last play, without one by their last load.

    `among` are numbers of viewers that alone count.
    """
    wanted = None if known is None and not search else set(_matching(reading, known, search))
    if among is not None:
        wanted = set(reading.ids_of(among)) if wanted is None else wanted & set(reading.ids_of(among))
    if wanted is None or len(wanted) > FEW:
        active = (viewer for viewer, _ in _walk(reading) if wanted is None or viewer in wanted)
        return _visitors(reading, list(islice(active, offset, offset + limit)))
    found = sorted(_visitors(reading, wanted), key=lambda visitor: (-visitor.last_active_at, visitor.person.number))
    return found[offset : offset + limit]


def one(reading: Reading, number: int) -> Visitor | None:
    """The viewer of that number, once it loaded anything."""
    packed = reading.id_of(number)
    return next(iter(_visitors(reading, [packed])), None) if packed is not None else None


def _matching(reading: Reading, known: Known | None, search: str | None) -> list[int]:
    """Packed ids of the named viewers that fit; searching is over casefolded names and e-mails."""
    if search and ("\0" in search or len(search) > LONGEST_SEARCH):  # which a store would refuse, and nobody is called
        return []
    table = tables.viewers
    conditions: list[ColumnElement[bool]] = [table.c.world.in_(reading.account.worlds), table.c.folded.is_not(None)]
    if known is not None:
        conditions.append(table.c[known.value].is_not(None))
    if search:
        conditions.append(table.c.folded.contains(search.casefold(), autoescape=True))
    return [row[0] for row in reading.rows(select(table.c.id).where(*conditions))]


def _walk(reading: Reading) -> Iterator[tuple[int, int]]:
    """(packed viewer, last activity), the most recently active first, equal ones by number."""
    seen: set[int] = set()
    group: list[int] = []
    group_at: int | None = None
    for negative, viewer in merge(*(_activity(reading, world) for world in reading.account.worlds)):
        if viewer in seen:
            continue
        seen.add(viewer)
        if -negative != group_at:
            yield from ((each, group_at or 0) for each in sorted(group, key=number_of))
            group, group_at = [], -negative
        group.append(viewer)
    yield from ((each, group_at or 0) for each in sorted(group, key=number_of))


def _activity(reading: Reading, world: int) -> Iterator[tuple[int, int]]:
    """(-loaded_at, viewer) of the plays of a world, newest first, and of the loads of viewers who never play."""
    viewings, window = tables.viewings, reading.clipped(None)
    statement = select(viewings.c.loaded_at, viewings.c.viewer, viewings.c.played_at).where(reading.loaded(world, window)).order_by(viewings.c.loaded_at.desc())
    never_play: dict[int, bool] = {}
    with reading.connection.execute(statement.execution_options(yield_per=CHUNK)) as result:
        for chunk in result.partitions(CHUNK):
            idle = {row.viewer for row in chunk if row.played_at is None or row.played_at > reading.now} - never_play.keys()
            players = _players(reading, idle)
            never_play.update({viewer: viewer not in players for viewer in idle})
            for row in chunk:
                played = row.played_at is not None and row.played_at <= reading.now
                if played or never_play[row.viewer]:
                    yield -row.loaded_at, row.viewer


def _players(reading: Reading, viewers: Collection[int]) -> set[int]:
    """Which of these viewers ever played anything, in any world of the account."""
    viewings, window = tables.viewings, reading.clipped(None)
    players: set[int] = set()
    for world in reading.account.worlds:
        of_them = (reading.loaded(world, window), viewings.c.viewer.in_(viewers), viewings.c.played_at <= reading.now)
        players.update(row[0] for row in reading.rows(select(viewings.c.viewer).where(*of_them).distinct()))
    return players


def _visitors(reading: Reading, packed: Collection[int]) -> list[Visitor]:
    """Viewers with what they did, in the given order; one without a load is absent."""
    totals = _totals(reading, packed)
    people = _people(reading, totals.keys())
    anchor = reading.account.anchor
    found = []
    for viewer in packed:
        if viewer not in totals:
            continue
        loads, plays, first, last_load, last_play_at, last_play = totals[viewer]
        last = last_load if last_play_at is None else last_play_at
        found.append(Visitor(people[viewer], loads, plays, first + anchor, last + anchor, last_play))
    return found


def _people(reading: Reading, packed: Collection[int]) -> dict[int, Person]:
    viewers = tables.viewers
    statement = (
        select(*PERSON_COLUMNS)
        .join_from(viewers, tables.places, tables.places.c.number == viewers.c.place)
        .join(tables.devices, tables.devices.c.number == viewers.c.device)
        .where(viewers.c.id.in_(packed))
    )
    return {row[0]: person(row) for row in reading.rows(statement)}


_Totals = tuple[int, int, int, int, int | None, int | None]


def _totals(reading: Reading, packed: Collection[int]) -> dict[int, _Totals]:
    """Loads, plays, first load, last load, load of the last play and its number, by packed viewer."""
    viewings, window = tables.viewings, reading.clipped(None)
    played = viewings.c.played_at <= reading.now
    columns = (
        viewings.c.viewer,
        func.count(),
        func.count(case((played, 1))),
        func.min(viewings.c.loaded_at),
        func.max(viewings.c.loaded_at),
        func.max(case((played, viewings.c.loaded_at))),
    )
    found: dict[int, _Totals] = {}
    for world in reading.account.worlds:
        of_them = (reading.loaded(world, window), viewings.c.viewer.in_(packed))
        for row in reading.rows(select(*columns).where(*of_them).group_by(viewings.c.viewer)):
            found[row[0]] = _merged(found.get(row[0]), (row[1], row[2], row[3], row[4], row[5], None))
    newest = _newest_plays(reading, {viewer: total[4] for viewer, total in found.items() if total[4] is not None})
    return {viewer: (*total[:5], newest.get(viewer)) for viewer, total in found.items()}


def _merged(mine: _Totals | None, theirs: _Totals) -> _Totals:
    if mine is None:
        return theirs
    plays_at = [at for at in (mine[4], theirs[4]) if at is not None]
    return (mine[0] + theirs[0], mine[1] + theirs[1], min(mine[2], theirs[2]), max(mine[3], theirs[3]), max(plays_at, default=None), None)


def _newest_plays(reading: Reading, loads: dict[int, int | None]) -> dict[int, int]:
    """The number of the newest played viewing of each viewer, given when it was loaded."""
    viewings = tables.viewings
    found: dict[int, int] = {}
    for world in reading.account.worlds:
        window = reading.clipped(None)
        of_them = (reading.loaded(world, window), viewings.c.viewer.in_(loads.keys()), viewings.c.played_at <= reading.now)
        for row in reading.rows(select(viewings.c.viewer, viewings.c.loaded_at, viewings.c.id).where(*of_them, viewings.c.loaded_at.in_(set(loads.values())))):
            if row.loaded_at == loads[row.viewer]:
                found[row.viewer] = max(found.get(row.viewer, -1), number_of(row.id))
    return found
