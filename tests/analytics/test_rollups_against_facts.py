"""A generated world with recordings on top:

what growth wrote beside the facts, and the facts themselves, both tell what a count by hand tells.
"""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, delete, select

from playhead.accounts import repository as accounts
from playhead.analytics import (
    aggregates,
    concurrency,
    retention,
    uniques,
    viewers,
    viewings,
    watch_time,
)
from playhead.analytics.query import NO_FILTERS, Dimension, Filters, Milestone
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.analytics.uniques import UniqueBy
from playhead.analytics.viewings import Order, ViewingFilter
from playhead.domain.account import Account
from playhead.domain.clock import FrozenClock, week_start
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.emulator import Emulator
from playhead.recording.inputs import NewMedia, NewViewer, NewViewing
from playhead.settings import Settings
from playhead.storage import tables
from playhead.storage.database import Store, open_store
from playhead.storage.tables import NUMBER_MASK
from tests import reference_model
from tests.analytics.world_sketches import VISIBILITIES
from tests.recorder import Recording
from tests.worlds import DAY, NOW, NOW_TEXT, played_ranges, viewer

pytestmark = pytest.mark.invariants

TINY = """\
name: tiny
audience: {viewings: 180, viewers: 12}
pages: [{url: "https://www.example.com/"}, {autoplay: true}]
projects:
  - title: Shelf
    media:
      - {title: Clip, duration: 20, weight: 30}
      - {title: Film, duration: 400.5, retention: 80}
      - {title: Air, kind: live, weight: 30,
         broadcasts: [{every: wed 23:30, minutes: 60}, {every: sat 10:00, minutes: 5}]}
      - {title: Row, kind: playlist, items: [Clip, Film]}
"""
CLIP, FILM, AIR, ROW = range(4)
ANCHOR = week_start(NOW)
MEDIA_COUNT = 6  # of the base, then of the overlay


@dataclass(frozen=True)
class RollupsAndFacts:
    """The world as a store that holds everything, and as a copy without what growth wrote beside
    the facts.
    """

    with_rollups: Store
    facts_only: Store
    account: Account
    media: list[int]
    viewings: tuple[reference_model.Viewing, ...]
    viewers: tuple[reference_model.Viewer, ...]

    def model(self, visibility: Visibility, now: int) -> reference_model.ReferenceModel:
        return reference_model.ReferenceModel(
            self.viewings, self.viewers, now, frozenset(visibility.kinds), visibility.ended_only
        )

    @contextmanager
    def snapshots(self, visibility: Visibility, now: int) -> Iterator[tuple[Snapshot, Snapshot]]:
        """The same question to both stores, the clock standing at `now`."""
        account = replace(self.account, now=now)
        with self.with_rollups.snapshot() as full, self.facts_only.snapshot() as bare:
            yield Snapshot(full, account, visibility), Snapshot(bare, account, visibility)


@pytest.fixture(scope="module")
def rollups_and_facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RollupsAndFacts]:
    directory = tmp_path_factory.mktemp("layered")
    (directory / "tiny.yaml").write_text(TINY)
    file = directory / "full.sqlite"
    copy = directory / "bare.sqlite"
    _make_store(file, str(directory / "tiny.yaml"))
    shutil.copyfile(file, copy)
    full = open_store(f"sqlite:///{file}")
    bare = open_store(f"sqlite:///{copy}")
    with bare.transaction() as connection:
        for table in (tables.daily_rollups, tables.interval_rollups, tables.days):
            connection.execute(delete(table))
    with full.snapshot() as connection:
        account = accounts.find_account(connection, FrozenClock(NOW), name="layers")
        assert account is not None
        yield RollupsAndFacts(
            full,
            bare,
            account,
            _media_of(connection, account),
            _viewings_of(connection, account),
            _viewers_of(connection, account),
        )
    full.close()
    bare.close()


def _make_store(file: Path, scenario: str) -> None:
    emulator = Emulator.open(
        Settings.load({"store": f"sqlite:///{file}", "scenario": scenario, "now": NOW_TEXT})
    )
    recording = Recording(emulator.store, emulator.open_account("layers"))
    media = recording.media(
        [NewMedia("Own", duration_ms=30_000), NewMedia("Own live", kind=MediaKind.live)]
    )
    with emulator.store.snapshot() as connection:
        known: Any = connection.execute(
            select(tables.viewers.c.ip, tables.viewers.c.device)
            .order_by(tables.viewers.c.id)
            .limit(3)
        ).all()
    crowd = [
        viewer("ana", place=20),
        viewer("bo"),
        *(NewViewer(str(IPv4Address(row.ip)), device=row.device) for row in known),
    ]
    recording.viewings(
        [_viewing(index, [CLIP, FILM, AIR, ROW, *media], crowd) for index in range(30)]
    )
    # Another account's recordings, that must not show.
    Recording(emulator.store, emulator.open_account("other")).viewings(
        [_viewing(index, [CLIP, AIR], crowd) for index in range(5)]
    )
    emulator.close()


def _viewing(index: int, media: Sequence[int], crowd: Sequence[NewViewer]) -> NewViewing:
    """The index-th of viewings that lie 41 hours and some seconds apart, some over midnight and
    some running at NOW.
    """
    loaded_at = (
        NOW - 30 - index * (41 * 3600 + 61) if index % 7 else NOW - NOW % DAY - index * DAY - 10
    )
    spans = [(), ((0, 4),), ((0, 20), (3, 15)), ((5, 18, 9), (0, 10, 2), (8, 20))][index % 4]
    labels = {"hats": "green"} if index % 3 else {}
    return NewViewing(
        media[index % len(media)],
        crowd[index % len(crowd)],
        loaded_at,
        played_ranges(*spans, at=loaded_at + 2),
        labels=labels,
    )


# The facts, read from the store row by row.


def _rows(connection: Connection, account: Account, table: Table) -> list[Any]:
    return list(
        connection.execute(
            select(table).where(table.c.world.in_(account.worlds)).order_by(table.c[0])
        )
    )


def _media_of(connection: Connection, account: Account) -> list[int]:
    return [row.id & NUMBER_MASK for row in _rows(connection, account, tables.media)]


def _viewers_of(connection: Connection, account: Account) -> tuple[reference_model.Viewer, ...]:
    return tuple(
        reference_model.Viewer(row.id & NUMBER_MASK, row.name, row.email)
        for row in _rows(connection, account, tables.viewers)
    )


def _viewings_of(connection: Connection, account: Account) -> tuple[reference_model.Viewing, ...]:
    lengths = {
        row.id: -(-row.duration_ms // 1000) for row in connection.execute(select(tables.media))
    }
    countries = {row.number: row.country for row in connection.execute(select(tables.places))}
    stretches: dict[int, list[tuple[int, int, int]]] = {}
    for row in connection.execute(
        select(tables.played_ranges).order_by(
            tables.played_ranges.c.viewing, tables.played_ranges.c.ordinal
        )
    ):
        stretches.setdefault(row.viewing, []).append(
            (row.started_at + ANCHOR, row.start_position, row.stop_position)
        )
    labels: dict[int, dict[str, str]] = {}
    for row in _rows(connection, account, tables.viewing_labels):
        labels.setdefault(row.viewing, {})[row.name] = row.value
    return tuple(
        reference_model.Viewing(
            row.id & NUMBER_MASK,
            row.media & NUMBER_MASK,
            row.kind,
            row.viewer & NUMBER_MASK,
            countries[row.place],
            row.loaded_at + ANCHOR,
            row.ended_at + ANCHOR,
            tuple(stretches.get(row.id, ())),
            labels.get(row.id, {}),
            row.place,
            row.device,
            row.page & NUMBER_MASK,
            row.ip,
            row.impression_ms,
            lengths[row.media] if row.kind == MediaKind.video else None,
        )
        for row in _rows(connection, account, tables.viewings)
    )


def filters_and_predicate(
    world: Sequence[reference_model.Viewing], dimension: Dimension | None
) -> tuple[Filters, reference_model.Predicate]:
    """Those viewings that are of the same as the first or the last in one respect."""
    if dimension is None:
        return NO_FILTERS, lambda _: True
    values: Any = {
        getattr(viewing, dimension.value) for viewing in (world[0], world[-1])
    }  # Any: which field it is for depends
    named = {
        Dimension.media: "media",
        Dimension.place: "places",
        Dimension.device: "devices",
        Dimension.page: "pages",
    }[dimension]
    return NO_FILTERS._replace(
        **{named: values}
    ), lambda viewing: getattr(viewing, dimension.value) in values


# What is asked: where the clock stands, and windows around there, around a viewing, anywhere.


INSTANTS = st.one_of(
    st.integers(-91, 7).map(lambda day: ANCHOR + day * DAY),
    st.builds(
        lambda week, second: ANCHOR + 2 * DAY + week * 7 * DAY + 23 * 3600 + 1800 + second,
        st.integers(-13, 0),
        st.integers(-600, 4200),
    ),  # Air
    st.integers(ANCHOR - 93 * DAY, ANCHOR + 9 * DAY),
    st.integers(ANCHOR - 93 * DAY, ANCHOR + 9 * DAY).map(lambda instant: instant // 60 * 60),
)
CLOCKS = st.one_of(st.sampled_from([NOW, ANCHOR, ANCHOR + 9 * DAY, ANCHOR - 100 * DAY]), INSTANTS)
TIME_RANGES = st.lists(
    st.tuples(INSTANTS, INSTANTS).map(lambda pair: TimeRange(*sorted(pair))), min_size=2, max_size=2
)


@given(sight=VISIBILITIES, now=CLOCKS, windows=TIME_RANGES)
def test_tallies(
    rollups_and_facts: RollupsAndFacts, sight: Visibility, now: int, windows: list[TimeRange]
) -> None:
    model = rollups_and_facts.model(sight, now)
    with rollups_and_facts.snapshots(sight, now) as readings:
        for window, reading in product(windows, readings):
            assert {
                country.code: tally
                for country, tally in aggregates.by_country(reading, window).items()
            } == model.by_country(window)
            assert aggregates.by_media(
                reading, window, media=rollups_and_facts.media[1:5]
            ) == model.by_media(window, rollups_and_facts.media[1:5])
            assert aggregates.by_media(reading) == model.by_media(None)
            assert aggregates.by_day_and_media(reading, window) == model.by_day_and_media(window)


@given(
    sight=VISIBILITIES,
    now=CLOCKS,
    windows=TIME_RANGES,
    by=st.lists(st.sampled_from(Dimension), max_size=3, unique=True),
    one=st.sampled_from([None, Dimension.place, Dimension.device, Dimension.media, Dimension.page]),
)
def test_cells(
    rollups_and_facts: RollupsAndFacts,
    sight: Visibility,
    now: int,
    windows: list[TimeRange],
    by: list[Dimension],
    one: Dimension | None,
) -> None:
    model, (among, matches) = (
        rollups_and_facts.model(sight, now),
        filters_and_predicate(rollups_and_facts.viewings, one),
    )
    with rollups_and_facts.snapshots(sight, now) as readings:
        for window, reading in product((*windows, None), readings):
            assert aggregates.aggregate(
                reading, window, dimensions=by, filters=among
            ) == model.aggregate(window, [each.value for each in by], matches)


@given(
    sight=VISIBILITIES,
    now=CLOCKS,
    windows=TIME_RANGES,
    reached=st.sampled_from(Milestone),
    of=st.sampled_from(UniqueBy),
    by=st.lists(
        st.sampled_from([Dimension.day, Dimension.kind, Dimension.media]), max_size=2, unique=True
    ),
)
def test_uniques(
    rollups_and_facts: RollupsAndFacts,
    sight: Visibility,
    now: int,
    windows: list[TimeRange],
    reached: Milestone,
    of: UniqueBy,
    by: list[Dimension],
) -> None:
    model = rollups_and_facts.model(sight, now)
    names = [each.value for each in by]
    with rollups_and_facts.snapshots(sight, now) as (reading, _):
        for window in (*windows, None):
            whose = {UniqueBy.viewer: "viewer", UniqueBy.address: "address"}[of]
            expected = model.uniques(window, whose, reached.name, names, lambda _: True)
            assert (
                uniques.uniques(reading, window, unique_by=of, milestone=reached, dimensions=by)
                == expected
            )


@given(now=CLOCKS, windows=TIME_RANGES, viewers_only=st.booleans())
def test_concurrency(
    rollups_and_facts: RollupsAndFacts, now: int, windows: list[TimeRange], viewers_only: bool
) -> None:
    sight = Visibility(frozenset(MediaKind))
    model = rollups_and_facts.model(sight, now)
    with rollups_and_facts.snapshots(sight, now) as (reading, _):
        for window in windows:
            watching_now = model.concurrency(window, ["kind"], lambda _: True, viewers=viewers_only)
            found = concurrency.deltas(
                reading, window, dimensions=[Dimension.kind], viewers=viewers_only
            )
            loads = {
                cell: concurrency.integrate(changes, window) for cell, changes in found.items()
            }
            assert loads == {
                cell: (max(each.values()), each.total()) for cell, each in watching_now.items()
            }


@given(
    now=CLOCKS,
    windows=TIME_RANGES,
    viewers_only=st.booleans(),
    width=st.sampled_from([60, 3600, DAY]),
    sight=VISIBILITIES,
)
def test_loads_of_intervals(
    rollups_and_facts: RollupsAndFacts,
    now: int,
    windows: list[TimeRange],
    viewers_only: bool,
    width: int,
    sight: Visibility,
) -> None:
    model = rollups_and_facts.model(sight, now)
    with rollups_and_facts.snapshots(sight, now) as readings:
        for window, reading in product(windows, readings):
            watching_now = model.concurrency(window, [], lambda _: True, viewers=viewers_only).get(
                (), Counter()
            )
            intervals: dict[int, list[int]] = {}
            for at, count in watching_now.items():
                intervals.setdefault(at // width * width, []).append(count)
            found = concurrency.by_interval(reading, window, width=width, viewers=viewers_only)
            assert found == {
                start: (max(counts), sum(counts)) for start, counts in intervals.items()
            }
            assert concurrency.total(reading, window, viewers=viewers_only) == (
                max(watching_now.values(), default=0),
                watching_now.total(),
            )


@given(
    now=CLOCKS,
    windows=TIME_RANGES,
    sight=VISIBILITIES,
    one=st.sampled_from([None, Dimension.place, Dimension.device, Dimension.media, Dimension.page]),
)
def test_watched(
    rollups_and_facts: RollupsAndFacts,
    now: int,
    windows: list[TimeRange],
    sight: Visibility,
    one: Dimension | None,
) -> None:
    model, (among, matches) = (
        rollups_and_facts.model(sight, now),
        filters_and_predicate(rollups_and_facts.viewings, one),
    )
    with rollups_and_facts.snapshots(sight, now) as readings:
        for window, reading in product(windows, readings):
            assert watch_time.watch_time(reading, window, filters=among) == model.watch_time(
                window, matches
            )


@given(now=CLOCKS, windows=TIME_RANGES, width=st.sampled_from([60, 300, 900, 3600, DAY]))
def test_viewers_by_interval(
    rollups_and_facts: RollupsAndFacts, now: int, windows: list[TimeRange], width: int
) -> None:
    sight = Visibility(frozenset(MediaKind))
    model = rollups_and_facts.model(sight, now)
    with rollups_and_facts.snapshots(sight, now) as readings:
        for window, kind, reading in product(windows, MediaKind, readings):
            assert watch_time.viewers_by_interval(
                reading, window, kind=kind, width=width
            ) == model.viewers_by_interval(window, kind=kind, width=width)


@given(
    sight=VISIBILITIES,
    now=CLOCKS,
    windows=TIME_RANGES,
    width=st.sampled_from([60, 300, 900, 3600, DAY]),
)
def test_seconds_by_interval(
    rollups_and_facts: RollupsAndFacts,
    sight: Visibility,
    now: int,
    windows: list[TimeRange],
    width: int,
) -> None:
    model = rollups_and_facts.model(sight, now)
    with rollups_and_facts.snapshots(sight, now) as readings:
        for window, kind in product((None, *windows), MediaKind):
            expected = model.seconds_by_interval(window, kind=kind, width=width)
            for reading in readings:
                assert (
                    watch_time.seconds_by_interval(reading, window, kind=kind, width=width)
                    == expected
                )
        for kind, media, reading in product(
            MediaKind, (None, rollups_and_facts.media[1:5]), readings
        ):
            assert (
                watch_time.total_seconds(reading, kind=kind, media=media)
                == model.seconds_by_interval(None, kind=kind, width=DAY, media=media).total()
            )


@given(sight=VISIBILITIES, now=CLOCKS, windows=TIME_RANGES)
def test_one_media(
    rollups_and_facts: RollupsAndFacts, sight: Visibility, now: int, windows: list[TimeRange]
) -> None:
    model = rollups_and_facts.model(sight, now)
    with rollups_and_facts.snapshots(sight, now) as (reading, _):
        assert [aggregates.audience(reading, media) for media in rollups_and_facts.media] == [
            model.audience(media) for media in rollups_and_facts.media
        ]
        for window, media in product(windows, rollups_and_facts.media):
            assert retention.retention(
                reading, media=media, seconds=401, time_range=window
            ) == model.retention(media=media, seconds=401, time_range=window)
            assert watch_time.concurrent_at(
                reading, window, media=media, step=60
            ) == model.concurrent_at(window, media=media, step=60)


@given(
    sight=VISIBILITIES,
    now=CLOCKS,
    windows=TIME_RANGES,
    order=st.sampled_from(Order),
    media=st.integers(0, MEDIA_COUNT - 1),
    played_ones=st.booleans(),
)
def test_pages_of_viewings(
    rollups_and_facts: RollupsAndFacts,
    sight: Visibility,
    now: int,
    windows: list[TimeRange],
    order: Order,
    media: int,
    played_ones: bool,
) -> None:
    model = rollups_and_facts.model(sight, now)
    with rollups_and_facts.snapshots(sight, now) as (reading, _):
        for window, number, labels in product(
            (None, *windows), (None, rollups_and_facts.media[media]), ({}, {"hats": "green"})
        ):
            which = ViewingFilter(number, None, window, labels, played_ones)
            expected = [
                viewing.number
                for viewing in model.matching(
                    media=number, time_range=window, labels=labels, played_only=played_ones
                )
            ]
            pages = [
                viewings.list_page(reading, which, order=order, limit=50, offset=offset)
                for offset in range(0, len(expected) + 50, 50)
            ]
            assert viewings.count(reading, which) == len(expected)
            assert [one.number for page in pages for one in page] == (
                expected if order is Order.oldest_first else expected[::-1]
            )


@given(sight=VISIBILITIES, now=CLOCKS, limit=st.integers(1, 8))
def test_pages_of_viewers(
    rollups_and_facts: RollupsAndFacts, sight: Visibility, now: int, limit: int
) -> None:
    expected = rollups_and_facts.model(sight, now).viewer_activity()
    with rollups_and_facts.snapshots(sight, now) as (reading, _):
        pages = [
            viewers.list_page(reading, limit=limit, offset=offset)
            for offset in range(0, len(expected) + limit, limit)
        ]
    found = [
        (
            one.profile.number,
            one.loads,
            one.plays,
            one.first_load_at,
            one.last_active_at,
            one.last_play,
        )
        for page in pages
        for one in page
    ]
    assert found == expected


@given(sight=VISIBILITIES, now=CLOCKS)
def test_spans(rollups_and_facts: RollupsAndFacts, sight: Visibility, now: int) -> None:
    model = rollups_and_facts.model(sight, now)
    with rollups_and_facts.snapshots(sight, now) as (reading, _):
        for viewing in model.visible[-20:]:
            assert [
                reference_model.PlayedSpan(*span)
                for span in viewings.spans(reading, viewing.number)
            ] == model.spans(viewing)


# Whoever watches over midnight: Air runs every Wednesday from 23:30 for an hour.

RANGE_ENDS = (
    0,
    1,
    60,
    89,
    600,
    1799,
    1860,
    DAY,
)  # seconds after the midnight that ends a Wednesday


@pytest.mark.parametrize("week", [-9, -1, 0])
def test_the_night_after_a_wednesday(rollups_and_facts: RollupsAndFacts, week: int) -> None:
    midnight = ANCHOR + week * 7 * DAY + 3 * DAY
    sight = Visibility(frozenset(MediaKind))
    for now, end in {(instant, last) for instant in RANGE_ENDS for last in (60, instant, DAY)}:
        model = rollups_and_facts.model(sight, midnight + now)
        window = TimeRange(midnight - 3 * DAY, midnight + end)
        with rollups_and_facts.snapshots(sight, midnight + now) as (reading, _):
            assert aggregates.by_media(reading, window) == model.by_media(window)
            watched = watch_time.seconds_by_interval(reading, window, kind=MediaKind.live, width=60)
            assert watched == model.seconds_by_interval(window, kind=MediaKind.live, width=60)
            for width in (60, 3600):
                there = watch_time.viewers_by_interval(
                    reading, window, kind=MediaKind.live, width=width
                )
                assert there == model.viewers_by_interval(window, kind=MediaKind.live, width=width)
            most = model.concurrency(window, [], lambda _: True, viewers=True).get((), Counter())
            assert concurrency.total(reading, window, viewers=True) == (
                max(most.values(), default=0),
                most.total(),
            )


def test_somebody_watches_over_midnight(rollups_and_facts: RollupsAndFacts) -> None:
    assert any(
        second.at % DAY < 600 and viewing.loaded_at % DAY > DAY - 7200
        for viewing in rollups_and_facts.viewings
        if viewing.kind == 2
        for second in viewing.seconds
    )


# The comparison above says nothing where the written ones are never read.


@pytest.mark.parametrize(
    "table", [tables.daily_rollups, tables.interval_rollups], ids=["tallies", "curves"]
)
def test_settled_days_are_answered_from_what_growth_wrote(
    rollups_and_facts: RollupsAndFacts, tmp_path: Path, table: Table
) -> None:
    assert rollups_and_facts.with_rollups.file is not None
    shutil.copyfile(rollups_and_facts.with_rollups.file, tmp_path / "tampered.sqlite")
    store = open_store(f"sqlite:///{tmp_path}/tampered.sqlite")
    with store.transaction() as connection:
        connection.execute(delete(table))
    window = TimeRange(ANCHOR - 21 * DAY, ANCHOR - 7 * DAY)
    answers = []
    for each in (store, rollups_and_facts.with_rollups):
        with each.snapshot() as connection:
            reading = Snapshot(
                connection, rollups_and_facts.account, Visibility(frozenset(MediaKind))
            )
            counted = sum(tally.loads for tally in aggregates.by_media(reading, window).values())
            watched = watch_time.seconds_by_interval(
                reading, window, kind=MediaKind.video, width=DAY
            ).total()
            answers.append({tables.daily_rollups: counted, tables.interval_rollups: watched}[table])
    store.close()
    assert answers[0] < answers[1]
