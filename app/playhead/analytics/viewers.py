"""Viewers by their last activity:

a walk over recent viewings, so that a page costs what it shows.
"""

from collections.abc import Collection, Iterator
from enum import Enum
from heapq import merge
from itertools import islice
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select

from playhead.analytics.snapshot import Snapshot, number_of
from playhead.analytics.viewings import PROFILE_COLUMNS, ViewerProfile, profile_from_columns
from playhead.storage import tables

CHUNK_SIZE = 512
MAX_DIRECT_LOOKUPS = 500  # viewers whom it is quicker to look up than to meet on the walk
MAX_SEARCH_LENGTH = 1000


class IdentifiedBy(Enum):
    """What is known of the viewers that are asked for."""

    name = "name"
    email = "email"


class ViewerActivity(NamedTuple):
    """A viewer with what it did:

    instants in seconds since 1970; `last_play` is the number of its newest played viewing.
    """

    profile: ViewerProfile
    loads: int
    plays: int
    first_load_at: int
    last_active_at: int
    last_play: int | None


def list_page(
    snapshot: Snapshot,
    *,
    identified_by: IdentifiedBy | None = None,
    search: str | None = None,
    numbers: Collection[int] | None = None,
    limit: int,
    offset: int = 0,
) -> list[ViewerActivity]:
    """A page of the viewers, the most recently active first: by the load of their last play,
    without one by their last load.

    `numbers` restricts the page to these viewers.
    """
    candidates = (
        None
        if identified_by is None and not search
        else set(_matching(snapshot, identified_by, search))
    )
    if numbers is not None:
        candidates = (
            set(snapshot.row_ids(numbers))
            if candidates is None
            else candidates & set(snapshot.row_ids(numbers))
        )
    if candidates is None or len(candidates) > MAX_DIRECT_LOOKUPS:
        active = (
            viewer
            for viewer, _ in _by_recency(snapshot)
            if candidates is None or viewer in candidates
        )
        return _activities(snapshot, list(islice(active, offset, offset + limit)))
    activities = sorted(
        _activities(snapshot, candidates),
        key=lambda visitor: (-visitor.last_active_at, visitor.profile.number),
    )
    return activities[offset : offset + limit]


def get(snapshot: Snapshot, number: int) -> ViewerActivity | None:
    """The viewer of that number, once it loaded anything."""
    row_id = snapshot.row_id(number)
    return next(iter(_activities(snapshot, [row_id])), None) if row_id is not None else None


def _matching(
    snapshot: Snapshot, identified_by: IdentifiedBy | None, search: str | None
) -> list[int]:
    """Packed ids of the named viewers that fit; searching is over casefolded names and e-mails."""
    if search and (
        "\0" in search or len(search) > MAX_SEARCH_LENGTH
    ):  # which a store would refuse, and nobody is called
        return []
    table = tables.viewers
    conditions: list[ColumnElement[bool]] = [
        table.c.world.in_(snapshot.account.worlds),
        table.c.search_text.is_not(None),
    ]
    if identified_by is not None:
        conditions.append(table.c[identified_by.value].is_not(None))
    if search:
        conditions.append(table.c.search_text.contains(search.casefold(), autoescape=True))
    return [row[0] for row in snapshot.rows(select(table.c.id).where(*conditions))]


def _by_recency(snapshot: Snapshot) -> Iterator[tuple[int, int]]:
    """(packed viewer, last activity), the most recently active first, equal ones by number."""
    seen: set[int] = set()
    group: list[int] = []
    group_at: int | None = None
    for negative, viewer in merge(
        *(_activity(snapshot, world) for world in snapshot.account.worlds)
    ):
        if viewer in seen:
            continue
        seen.add(viewer)
        if -negative != group_at:
            yield from ((each, group_at or 0) for each in sorted(group, key=number_of))
            group = []
            group_at = -negative
        group.append(viewer)
    yield from ((each, group_at or 0) for each in sorted(group, key=number_of))


def _activity(snapshot: Snapshot, world: int) -> Iterator[tuple[int, int]]:
    """(-loaded_at, viewer) of the plays of a world, newest first, and of the loads of viewers who
    never play.
    """
    viewings = tables.viewings
    window = snapshot.clip_to_now(None)
    statement = (
        select(viewings.c.loaded_at, viewings.c.viewer, viewings.c.played_at)
        .where(snapshot.loaded_in(world, window))
        .order_by(viewings.c.loaded_at.desc())
    )
    never_play: dict[int, bool] = {}
    with snapshot.connection.execute(statement.execution_options(yield_per=CHUNK_SIZE)) as result:
        for chunk in result.partitions(CHUNK_SIZE):
            idle = {
                row.viewer for row in chunk if row.played_at is None or row.played_at > snapshot.now
            } - never_play.keys()
            players = _players(snapshot, idle)
            never_play.update({viewer: viewer not in players for viewer in idle})
            for row in chunk:
                played = row.played_at is not None and row.played_at <= snapshot.now
                if played or never_play[row.viewer]:
                    yield -row.loaded_at, row.viewer


def _players(snapshot: Snapshot, viewers: Collection[int]) -> set[int]:
    """Which of these viewers ever played anything, in any world of the account."""
    viewings = tables.viewings
    window = snapshot.clip_to_now(None)
    players: set[int] = set()
    for world in snapshot.account.worlds:
        of_them = (
            snapshot.loaded_in(world, window),
            viewings.c.viewer.in_(viewers),
            viewings.c.played_at <= snapshot.now,
        )
        players.update(
            row[0] for row in snapshot.rows(select(viewings.c.viewer).where(*of_them).distinct())
        )
    return players


def _activities(snapshot: Snapshot, row_ids: Collection[int]) -> list[ViewerActivity]:
    """Viewers with what they did, in the given order; one without a load is absent."""
    totals = _totals(snapshot, row_ids)
    profiles = _profiles(snapshot, totals.keys())
    anchor = snapshot.account.anchor
    activities = []
    for viewer in row_ids:
        if viewer not in totals:
            continue
        loads, plays, first, last_load, last_play_at, last_play = totals[viewer]
        last = last_load if last_play_at is None else last_play_at
        activities.append(
            ViewerActivity(profiles[viewer], loads, plays, first + anchor, last + anchor, last_play)
        )
    return activities


def _profiles(snapshot: Snapshot, row_ids: Collection[int]) -> dict[int, ViewerProfile]:
    viewers = tables.viewers
    statement = (
        select(*PROFILE_COLUMNS)
        .join_from(viewers, tables.places, tables.places.c.number == viewers.c.place)
        .join(tables.devices, tables.devices.c.number == viewers.c.device)
        .where(viewers.c.id.in_(row_ids))
    )
    return {row[0]: profile_from_columns(row) for row in snapshot.rows(statement)}


_Totals = tuple[int, int, int, int, int | None, int | None]


def _totals(snapshot: Snapshot, row_ids: Collection[int]) -> dict[int, _Totals]:
    """Loads, plays, first load, last load, load of the last play and its number, by packed
    viewer.
    """
    viewings = tables.viewings
    relative_range = snapshot.clip_to_now(None)
    played = viewings.c.played_at <= snapshot.now
    columns = (
        viewings.c.viewer,
        func.count(),
        func.count(case((played, 1))),
        func.min(viewings.c.loaded_at),
        func.max(viewings.c.loaded_at),
        func.max(case((played, viewings.c.loaded_at))),
    )
    found: dict[int, _Totals] = {}
    for world in snapshot.account.worlds:
        of_them = (snapshot.loaded_in(world, relative_range), viewings.c.viewer.in_(row_ids))
        for row in snapshot.rows(select(*columns).where(*of_them).group_by(viewings.c.viewer)):
            found[row[0]] = _merge_totals(
                found.get(row[0]), (row[1], row[2], row[3], row[4], row[5], None)
            )
    newest = _newest_plays(
        snapshot, {viewer: total[4] for viewer, total in found.items() if total[4] is not None}
    )
    return {viewer: (*total[:5], newest.get(viewer)) for viewer, total in found.items()}


def _merge_totals(left: _Totals | None, right: _Totals) -> _Totals:
    if left is None:
        return right
    plays_at = [at for at in (left[4], right[4]) if at is not None]
    return (
        left[0] + right[0],
        left[1] + right[1],
        min(left[2], right[2]),
        max(left[3], right[3]),
        max(plays_at, default=None),
        None,
    )


def _newest_plays(snapshot: Snapshot, loads: dict[int, int | None]) -> dict[int, int]:
    """The number of the newest played viewing of each viewer, given when it was loaded."""
    viewings = tables.viewings
    found: dict[int, int] = {}
    for world in snapshot.account.worlds:
        window = snapshot.clip_to_now(None)
        of_them = (
            snapshot.loaded_in(world, window),
            viewings.c.viewer.in_(loads.keys()),
            viewings.c.played_at <= snapshot.now,
        )
        for row in snapshot.rows(
            select(viewings.c.viewer, viewings.c.loaded_at, viewings.c.id).where(
                *of_them, viewings.c.loaded_at.in_(set(loads.values()))
            )
        ):
            if row.loaded_at == loads[row.viewer]:
                found[row.viewer] = max(found.get(row.viewer, -1), number_of(row.id))
    return found
