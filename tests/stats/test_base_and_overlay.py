"""A generated world with recordings on top: what growth wrote beside the facts, and the facts themselves, both tell what a count by hand tells."""

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

from playhead.accounts import account as accounts
from playhead.accounts.account import Account
from playhead.accounts.recording import NewMedia, NewViewer, NewViewing, Recording
from playhead.clock import FrozenClock, monday_of
from playhead.emulator import Emulator
from playhead.settings import Settings
from playhead.stats import concurrency, positions, tallies, uniques, viewers, viewings, watching
from playhead.stats.counting import ALL, Among, By, Reached
from playhead.stats.reading import Reading, Sight, Window
from playhead.stats.uniques import Identity
from playhead.stats.viewings import Order, Which
from playhead.store import tables
from playhead.store.store import Store, open_store
from playhead.store.tables import NUMBER_MASK
from playhead.world.terms import MediaKind
from tests import naive
from tests.stats.sketches import SIGHTS
from tests.worlds import DAY, NOW, NOW_TEXT, played, viewer

pytestmark = pytest.mark.laws

TINY = """\
name: tiny
audience: {viewings: 180, viewers: 12}
pages: [{url: "https://www.example.com/"}, {autoplay: true}]
projects:
  - title: Shelf
    media:
      - {title: Clip, duration: 20, weight: 30}
      - {title: Film, duration: 400.5, grip: 80}
      - {title: Air, kind: live, weight: 30, broadcasts: [{every: wed 23:30, minutes: 60}, {every: sat 10:00, minutes: 5}]}
      - {title: Row, kind: playlist, items: [Clip, Film]}
"""
CLIP, FILM, AIR, ROW = range(4)
ANCHOR = monday_of(NOW)
MEDIA = 6  # of the base, then of the overlay


@dataclass(frozen=True)
class Layered:
    """The world as a store that holds everything, and as a copy without what growth wrote beside the facts."""

    full: Store
    bare: Store
    account: Account
    media: list[int]
    viewings: tuple[naive.Viewing, ...]
    viewers: tuple[naive.Viewer, ...]

    def model(self, sight: Sight, now: int) -> naive.Naive:
        return naive.Naive(self.viewings, self.viewers, now, frozenset(sight.kinds), sight.finished_only)

    @contextmanager
    def readings(self, sight: Sight, now: int) -> Iterator[tuple[Reading, Reading]]:
        """The same question to both stores, the clock standing at `now`."""
        account = replace(self.account, now=now)
        with self.full.snapshot() as full, self.bare.snapshot() as bare:
            yield Reading(full, account, sight), Reading(bare, account, sight)


@pytest.fixture(scope="module")
def layered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layered]:
    directory = tmp_path_factory.mktemp("layered")
    (directory / "tiny.yaml").write_text(TINY)
    file, copy = directory / "full.sqlite", directory / "bare.sqlite"
    _made(file, str(directory / "tiny.yaml"))
    shutil.copyfile(file, copy)
    full, bare = open_store(f"sqlite:///{file}"), open_store(f"sqlite:///{copy}")
    with bare.change() as connection:
        for table in (tables.tallies, tables.curves, tables.days):
            connection.execute(delete(table))
    with full.snapshot() as connection:
        account = accounts.find(connection, FrozenClock(NOW), name="layers")
        assert account is not None
        yield Layered(full, bare, account, _media_of(connection, account), _viewings_of(connection, account), _viewers_of(connection, account))
    full.close()
    bare.close()


def _made(file: Path, scenario: str) -> None:
    emulator = Emulator.open(Settings.load({"store": f"sqlite:///{file}", "scenario": scenario, "now": NOW_TEXT}))
    recording = Recording(emulator.store, emulator.account("layers"))
    media = recording.media([NewMedia("Own", duration_ms=30_000), NewMedia("Own live", kind=MediaKind.live)])
    with emulator.store.snapshot() as connection:
        known: Any = connection.execute(select(tables.viewers.c.ip, tables.viewers.c.device).order_by(tables.viewers.c.id).limit(3)).all()
    crowd = [viewer("ana", place=20), viewer("bo"), *(NewViewer(str(IPv4Address(row.ip)), device=row.device) for row in known)]
    recording.viewings([_viewing(index, [CLIP, FILM, AIR, ROW, *media], crowd) for index in range(30)])
    # Another account's recordings, that must not show.
    Recording(emulator.store, emulator.account("other")).viewings([_viewing(index, [CLIP, AIR], crowd) for index in range(5)])
    emulator.close()


def _viewing(index: int, media: Sequence[int], crowd: Sequence[NewViewer]) -> NewViewing:
    """The index-th of viewings that lie 41 hours and some seconds apart, some over midnight and some running at NOW."""
    loaded_at = NOW - 30 - index * (41 * 3600 + 61) if index % 7 else NOW - NOW % DAY - index * DAY - 10
    positions = [(), ((0, 4),), ((0, 20), (3, 15)), ((5, 18, 9), (0, 10, 2), (8, 20))][index % 4]
    labels = {"hats": "green"} if index % 3 else {}
    return NewViewing(media[index % len(media)], crowd[index % len(crowd)], loaded_at, played(*positions, at=loaded_at + 2), labels=labels)


# The facts, read from the store row by row.


def _rows(connection: Connection, account: Account, table: Table) -> list[Any]:
    return list(connection.execute(select(table).where(table.c.world.in_(account.worlds)).order_by(table.c[0])))


def _media_of(connection: Connection, account: Account) -> list[int]:
    return [row.id & NUMBER_MASK for row in _rows(connection, account, tables.media)]


def _viewers_of(connection: Connection, account: Account) -> tuple[naive.Viewer, ...]:
    return tuple(naive.Viewer(row.id & NUMBER_MASK, row.name, row.email) for row in _rows(connection, account, tables.viewers))


def _viewings_of(connection: Connection, account: Account) -> tuple[naive.Viewing, ...]:
    lengths = {row.id: -(-row.duration_ms // 1000) for row in connection.execute(select(tables.media))}
    countries = {row.number: row.country for row in connection.execute(select(tables.places))}
    stretches: dict[int, list[tuple[int, int, int]]] = {}
    for row in connection.execute(select(tables.stretches).order_by(tables.stretches.c.viewing, tables.stretches.c.ordinal)):
        stretches.setdefault(row.viewing, []).append((row.started_at + ANCHOR, row.start_position, row.stop_position))
    labels: dict[int, dict[str, str]] = {}
    for row in _rows(connection, account, tables.viewing_labels):
        labels.setdefault(row.viewing, {})[row.name] = row.value
    return tuple(
        naive.Viewing(
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


def some_of(told: Sequence[naive.Viewing], one: By | None) -> tuple[Among, naive.Matches]:
    """Those viewings that are of the same as the first or the last in one respect."""
    if one is None:
        return ALL, lambda _: True
    values: Any = {getattr(viewing, one.value) for viewing in (told[0], told[-1])}  # Any: which field it is for depends
    named = {By.media: "media", By.place: "places", By.device: "devices", By.page: "pages"}[one]
    return ALL._replace(**{named: values}), lambda viewing: getattr(viewing, one.value) in values


# What is asked: where the clock stands, and windows around there, around a viewing, anywhere.


INSTANTS = st.one_of(
    st.integers(-91, 7).map(lambda day: ANCHOR + day * DAY),
    st.builds(lambda week, second: ANCHOR + 2 * DAY + week * 7 * DAY + 23 * 3600 + 1800 + second, st.integers(-13, 0), st.integers(-600, 4200)),  # Air
    st.integers(ANCHOR - 93 * DAY, ANCHOR + 9 * DAY),
    st.integers(ANCHOR - 93 * DAY, ANCHOR + 9 * DAY).map(lambda instant: instant // 60 * 60),
)
NOWS = st.one_of(st.sampled_from([NOW, ANCHOR, ANCHOR + 9 * DAY, ANCHOR - 100 * DAY]), INSTANTS)
WINDOWS = st.lists(st.tuples(INSTANTS, INSTANTS).map(lambda pair: Window(*sorted(pair))), min_size=2, max_size=2)


@given(sight=SIGHTS, now=NOWS, windows=WINDOWS)
def test_tallies(layered: Layered, sight: Sight, now: int, windows: list[Window]) -> None:
    model = layered.model(sight, now)
    with layered.readings(sight, now) as readings:
        for window, reading in product(windows, readings):
            assert {country.code: tally for country, tally in tallies.by_country(reading, window).items()} == model.by_country(window)
            assert tallies.by_media(reading, window, media=layered.media[1:5]) == model.by_media(window, layered.media[1:5])
            assert tallies.by_media(reading) == model.by_media(None)
            assert tallies.by_day_and_media(reading, window) == model.by_day_and_media(window)


@given(
    sight=SIGHTS,
    now=NOWS,
    windows=WINDOWS,
    by=st.lists(st.sampled_from(By), max_size=3, unique=True),
    one=st.sampled_from([None, By.place, By.device, By.media, By.page]),
)
def test_cells(layered: Layered, sight: Sight, now: int, windows: list[Window], by: list[By], one: By | None) -> None:
    model, (among, matches) = layered.model(sight, now), some_of(layered.viewings, one)
    with layered.readings(sight, now) as readings:
        for window, reading in product((*windows, None), readings):
            assert tallies.cells(reading, window, by=by, among=among) == model.cells(window, [each.value for each in by], matches)


@given(
    sight=SIGHTS,
    now=NOWS,
    windows=WINDOWS,
    reached=st.sampled_from(Reached),
    of=st.sampled_from(Identity),
    by=st.lists(st.sampled_from([By.day, By.kind, By.media]), max_size=2, unique=True),
)
def test_uniques(layered: Layered, sight: Sight, now: int, windows: list[Window], reached: Reached, of: Identity, by: list[By]) -> None:
    model, names = layered.model(sight, now), [each.value for each in by]
    with layered.readings(sight, now) as (reading, _):
        for window in (*windows, None):
            whose = {Identity.viewer: "viewer", Identity.address: "address"}[of]
            expected = model.uniques(window, whose, reached.name, names, lambda _: True)
            assert uniques.uniques(reading, window, of=of, reached=reached, by=by) == expected


@given(now=NOWS, windows=WINDOWS, viewers_only=st.booleans())
def test_concurrency(layered: Layered, now: int, windows: list[Window], viewers_only: bool) -> None:
    sight = Sight(frozenset(MediaKind))
    model = layered.model(sight, now)
    with layered.readings(sight, now) as (reading, _):
        for window in windows:
            watching_now = model.concurrency(window, ["kind"], lambda _: True, viewers=viewers_only)
            found = concurrency.changes(reading, window, by=[By.kind], viewers=viewers_only)
            loads = {cell: concurrency.load(changes, window) for cell, changes in found.items()}
            assert loads == {cell: (max(each.values()), each.total()) for cell, each in watching_now.items()}


@given(now=NOWS, windows=WINDOWS, viewers_only=st.booleans(), width=st.sampled_from([60, 3600, DAY]), sight=SIGHTS)
def test_loads_of_intervals(layered: Layered, now: int, windows: list[Window], viewers_only: bool, width: int, sight: Sight) -> None:
    model = layered.model(sight, now)
    with layered.readings(sight, now) as readings:
        for window, reading in product(windows, readings):
            watching_now = model.concurrency(window, [], lambda _: True, viewers=viewers_only).get((), Counter())
            intervals: dict[int, list[int]] = {}
            for at, count in watching_now.items():
                intervals.setdefault(at // width * width, []).append(count)
            found = concurrency.loads(reading, window, width=width, viewers=viewers_only)
            assert found == {start: (max(counts), sum(counts)) for start, counts in intervals.items()}
            assert concurrency.whole(reading, window, viewers=viewers_only) == (max(watching_now.values(), default=0), watching_now.total())


@given(now=NOWS, windows=WINDOWS, sight=SIGHTS, one=st.sampled_from([None, By.place, By.device, By.media, By.page]))
def test_watched(layered: Layered, now: int, windows: list[Window], sight: Sight, one: By | None) -> None:
    model, (among, matches) = layered.model(sight, now), some_of(layered.viewings, one)
    with layered.readings(sight, now) as readings:
        for window, reading in product(windows, readings):
            assert watching.watched(reading, window, among=among) == model.watched(window, matches)


@given(now=NOWS, windows=WINDOWS, width=st.sampled_from([60, 300, 900, 3600, DAY]))
def test_viewers_by_interval(layered: Layered, now: int, windows: list[Window], width: int) -> None:
    sight = Sight(frozenset(MediaKind))
    model = layered.model(sight, now)
    with layered.readings(sight, now) as readings:
        for window, kind, reading in product(windows, MediaKind, readings):
            assert watching.viewers_by_interval(reading, window, kind=kind, width=width) == model.viewers_by_interval(window, kind=kind, width=width)


@given(sight=SIGHTS, now=NOWS, windows=WINDOWS, width=st.sampled_from([60, 300, 900, 3600, DAY]))
def test_seconds_by_interval(layered: Layered, sight: Sight, now: int, windows: list[Window], width: int) -> None:
    model = layered.model(sight, now)
    with layered.readings(sight, now) as readings:
        for window, kind in product((None, *windows), MediaKind):
            expected = model.seconds_by_interval(window, kind=kind, width=width)
            for reading in readings:
                assert watching.seconds_by_interval(reading, window, kind=kind, width=width) == expected
        for kind, media, reading in product(MediaKind, (None, layered.media[1:5]), readings):
            assert watching.seconds_ever(reading, kind=kind, media=media) == model.seconds_by_interval(None, kind=kind, width=DAY, media=media).total()


@given(sight=SIGHTS, now=NOWS, windows=WINDOWS)
def test_one_media(layered: Layered, sight: Sight, now: int, windows: list[Window]) -> None:
    model = layered.model(sight, now)
    with layered.readings(sight, now) as (reading, _):
        assert [tallies.people(reading, media) for media in layered.media] == [model.people(media) for media in layered.media]
        for window, media in product(windows, layered.media):
            assert positions.passes(reading, media=media, seconds=401, within=window) == model.passes(media=media, seconds=401, window=window)
            assert watching.audience_at(reading, window, media=media, step=60) == model.audience_at(window, media=media, step=60)


@given(sight=SIGHTS, now=NOWS, windows=WINDOWS, order=st.sampled_from(Order), media=st.integers(0, MEDIA - 1), played_ones=st.booleans())
def test_pages_of_viewings(layered: Layered, sight: Sight, now: int, windows: list[Window], order: Order, media: int, played_ones: bool) -> None:
    model = layered.model(sight, now)
    with layered.readings(sight, now) as (reading, _):
        for window, number, labels in product((None, *windows), (None, layered.media[media]), ({}, {"hats": "green"})):
            which = Which(number, None, window, labels, played_ones)
            expected = [viewing.number for viewing in model.matching(media=number, within=window, labels=labels, played=played_ones)]
            pages = [viewings.page(reading, which, order=order, limit=50, offset=offset) for offset in range(0, len(expected) + 50, 50)]
            assert viewings.count(reading, which) == len(expected)
            assert [one.number for page in pages for one in page] == (expected if order is Order.oldest_first else expected[::-1])


@given(sight=SIGHTS, now=NOWS, limit=st.integers(1, 8))
def test_pages_of_viewers(layered: Layered, sight: Sight, now: int, limit: int) -> None:
    expected = layered.model(sight, now).visitors()
    with layered.readings(sight, now) as (reading, _):
        pages = [viewers.page(reading, limit=limit, offset=offset) for offset in range(0, len(expected) + limit, limit)]
    found = [(one.person.number, one.loads, one.plays, one.first_load_at, one.last_active_at, one.last_play) for page in pages for one in page]
    assert found == expected


@given(sight=SIGHTS, now=NOWS)
def test_spans(layered: Layered, sight: Sight, now: int) -> None:
    model = layered.model(sight, now)
    with layered.readings(sight, now) as (reading, _):
        for viewing in model.seen[-20:]:
            assert [naive.Span(*span) for span in viewings.spans(reading, viewing.number)] == model.spans(viewing)


# Whoever watches over midnight: Air runs every Wednesday from 23:30 for an hour.

ENDS = (0, 1, 60, 89, 600, 1799, 1860, DAY)  # seconds after the midnight that ends a Wednesday


@pytest.mark.parametrize("week", [-9, -1, 0])
def test_the_night_after_a_wednesday(layered: Layered, week: int) -> None:
    midnight, sight = ANCHOR + week * 7 * DAY + 3 * DAY, Sight(frozenset(MediaKind))
    for now, end in {(instant, last) for instant in ENDS for last in (60, instant, DAY)}:
        model, window = layered.model(sight, midnight + now), Window(midnight - 3 * DAY, midnight + end)
        with layered.readings(sight, midnight + now) as (reading, _):
            assert tallies.by_media(reading, window) == model.by_media(window)
            watched = watching.seconds_by_interval(reading, window, kind=MediaKind.live, width=60)
            assert watched == model.seconds_by_interval(window, kind=MediaKind.live, width=60)
            for width in (60, 3600):
                there = watching.viewers_by_interval(reading, window, kind=MediaKind.live, width=width)
                assert there == model.viewers_by_interval(window, kind=MediaKind.live, width=width)
            most = model.concurrency(window, [], lambda _: True, viewers=True).get((), Counter())
            assert concurrency.whole(reading, window, viewers=True) == (max(most.values(), default=0), most.total())


def test_somebody_watches_over_midnight(layered: Layered) -> None:
    assert any(
        second.at % DAY < 600 and viewing.loaded_at % DAY > DAY - 7200 for viewing in layered.viewings if viewing.kind == 2 for second in viewing.seconds
    )


# The comparison above says nothing where the written ones are never read.


@pytest.mark.parametrize("table", [tables.tallies, tables.curves], ids=["tallies", "curves"])
def test_settled_days_are_answered_from_what_growth_wrote(layered: Layered, tmp_path: Path, table: Table) -> None:
    assert layered.full.file is not None
    shutil.copyfile(layered.full.file, tmp_path / "tampered.sqlite")
    store = open_store(f"sqlite:///{tmp_path}/tampered.sqlite")
    with store.change() as connection:
        connection.execute(delete(table))
    window = Window(ANCHOR - 21 * DAY, ANCHOR - 7 * DAY)
    answers = []
    for each in (store, layered.full):
        with each.snapshot() as connection:
            reading = Reading(connection, layered.account, Sight(frozenset(MediaKind)))
            counted = sum(tally.loads for tally in tallies.by_media(reading, window).values())
            watched = watching.seconds_by_interval(reading, window, kind=MediaKind.video, width=DAY).total()
            answers.append({tables.tallies: counted, tables.curves: watched}[table])
    store.close()
    assert answers[0] < answers[1]
