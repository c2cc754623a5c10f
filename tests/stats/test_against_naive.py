"""Every question that `stats` answers, asked of small random worlds and compared with a count second by second."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.stats import concurrency, positions, tallies, uniques, viewers, viewings, watching
from playhead.stats.counting import ALL, Among, By, Reached
from playhead.stats.reading import Reading, Sight, Window
from playhead.stats.tallies import Tally
from playhead.stats.uniques import Identity
from playhead.stats.viewers import Known
from playhead.stats.viewings import Order, Which
from playhead.world.terms import MediaKind
from tests import naive
from tests.stats.sketches import EVERYTHING, LABELS, LIBRARY, SEARCHES, SECONDS, SIGHTS, WINDOWS, WORLDS, Sketch, Told, told
from tests.worlds import NOW, World

pytestmark = pytest.mark.laws

WIDTHS = (60, 300, 900, 3600, 86_400)
NewWorld = Callable[[], World]
SOME_MEDIA = st.sets(st.integers(0, len(LIBRARY) - 1))
SOME_WINDOWS = st.lists(WINDOWS, min_size=2, max_size=3)
PICKS = st.integers(0, 8)


def visitor(found: viewers.Visitor) -> naive.Visitor:
    return naive.Visitor(found.person.number, found.loads, found.plays, found.first_load_at, found.last_active_at, found.last_play)


@given(sketched=WORLDS, sight=SIGHTS, windows=SOME_WINDOWS)
def test_tallies_by_country(new_world: NewWorld, sketched: list[Sketch], sight: Sight, windows: list[Window]) -> None:
    world = told(new_world(), sketched)
    model = world.model(sight)
    with world.reading(sight) as reading:
        for window, kind in product((None, *windows), (None, *MediaKind)):
            found = tallies.by_country(reading, window, kind=kind)
            assert {country.code: tally for country, tally in found.items()} == model.by_country(window, kind)


@given(sketched=WORLDS, sight=SIGHTS, windows=SOME_WINDOWS, some=SOME_MEDIA)
def test_tallies_by_media_and_day(new_world: NewWorld, sketched: list[Sketch], sight: Sight, windows: list[Window], some: set[int]) -> None:
    world = told(new_world(), sketched)
    model = world.model(sight)
    with world.reading(sight) as reading:
        for window, media in product(windows, (None, [world.media[index] for index in some])):
            assert tallies.by_media(reading, window, media=media) == model.by_media(window, media)
            assert tallies.by_media(reading, media=media) == model.by_media(None, media)
            assert tallies.by_day_and_media(reading, window, media=media) == model.by_day_and_media(window, media)


BYS = st.lists(st.sampled_from(By), max_size=3, unique=True)
SOME = st.sampled_from([("media", "media"), ("places", "place"), ("devices", "device"), ("pages", "page"), None])


def chosen(world: Told, some: tuple[str, str] | None) -> tuple[Among, naive.Matches]:
    """The viewings that are of the same as the first two in one respect."""
    if some is None:
        return ALL, lambda _: True
    named, trait = some
    values: Any = {getattr(viewing, trait) for viewing in world.viewings[:2]}  # Any: which field it is for depends
    return ALL._replace(**{named: values}), lambda viewing: getattr(viewing, trait) in values


@given(sketched=WORLDS, sight=SIGHTS, windows=SOME_WINDOWS, by=BYS, some=SOME)
def test_cells(new_world: NewWorld, sketched: list[Sketch], sight: Sight, windows: list[Window], by: list[By], some: tuple[str, str] | None) -> None:
    world = told(new_world(), sketched)
    model, (among, matches) = world.model(sight), chosen(world, some)
    with world.reading(sight) as reading:
        for window in (None, *windows):
            expected = model.cells(window, [each.value for each in by], matches)
            assert tallies.cells(reading, window, by=by, among=among) == expected
            assert tallies.total(reading, window, among=among) == model.cells(window, [], matches).get((), Tally())


@given(sketched=WORLDS, sight=SIGHTS, windows=SOME_WINDOWS, by=BYS, some=SOME, reached=st.sampled_from(Reached), of=st.sampled_from(Identity))
def test_uniques(
    new_world: NewWorld,
    sketched: list[Sketch],
    sight: Sight,
    windows: list[Window],
    by: list[By],
    some: tuple[str, str] | None,
    reached: Reached,
    of: Identity,
) -> None:
    world = told(new_world(), sketched)
    model, (among, matches) = world.model(sight), chosen(world, some)
    names, whose = [each.value for each in by], {Identity.viewer: "viewer", Identity.address: "address"}[of]
    with world.reading(sight) as reading:
        for window in (None, *windows):
            found = uniques.uniques(reading, window, of=of, reached=reached, by=by, among=among)
            assert found == model.uniques(window, whose, reached.name, names, matches)
            days = model.uniques(window, whose, reached.name, ["day"], matches)
            assert uniques.daily(reading, window, of=of, reached=reached, among=among).get((), 0) == sum(days.values())


@given(sketched=WORLDS, sight=SIGHTS, windows=SOME_WINDOWS, some=SOME, width=st.sampled_from(WIDTHS))
def test_viewers_and_what_they_watched(
    new_world: NewWorld, sketched: list[Sketch], sight: Sight, windows: list[Window], some: tuple[str, str] | None, width: int
) -> None:
    world = told(new_world(), sketched)
    model, (among, matches) = world.model(sight), chosen(world, some)
    with world.reading(sight) as reading:
        for window, kind, media in product(windows, MediaKind, (None, world.media[:2])):
            found = watching.viewers_by_interval(reading, window, kind=kind, width=width, media=media)
            assert found == model.viewers_by_interval(window, kind=kind, width=width, media=media)
            ever = model.viewers_by_interval(window, kind=kind, width=10**11, media=media)
            assert watching.viewers(reading, window, kind=kind, media=media) == ever.total()
        for window in windows:
            assert watching.watched(reading, window, among=among) == model.watched(window, matches)


@given(
    sketched=WORLDS,
    windows=SOME_WINDOWS,
    some=SOME,
    by=st.lists(st.sampled_from([By.kind, By.media, By.place, By.page]), max_size=2, unique=True),
    viewers_only=st.booleans(),
    width=st.sampled_from(WIDTHS),
)
def test_who_watches_at_the_same_time(
    new_world: NewWorld, sketched: list[Sketch], windows: list[Window], some: tuple[str, str] | None, by: list[By], viewers_only: bool, width: int
) -> None:
    world = told(new_world(), sketched)
    model, (among, matches) = world.model(EVERYTHING), chosen(world, some)
    with world.reading(EVERYTHING) as reading:
        for window in windows:
            expected = model.concurrency(window, [each.value for each in by], matches, viewers=viewers_only)
            found = concurrency.changes(reading, window, by=by, among=among, viewers=viewers_only)
            assert set(found) == set(expected)
            for cell, watching_now in expected.items():
                assert concurrency.load(found[cell], window) == (max(watching_now.values()), watching_now.total())
                assert concurrency.by_interval(found[cell], window, width) == {
                    start: (max(counts), sum(counts))
                    for start in {at // width * width for at in watching_now}
                    if (counts := [count for at, count in watching_now.items() if at // width * width == start])
                }


@given(sketched=WORLDS, sight=SIGHTS)
def test_people(new_world: NewWorld, sketched: list[Sketch], sight: Sight) -> None:
    world = told(new_world(), sketched)
    model = world.model(sight)
    with world.reading(sight) as reading:
        assert [tallies.people(reading, media) for media in world.media] == [model.people(media) for media in world.media]


@given(sketched=WORLDS, sight=SIGHTS, windows=SOME_WINDOWS, some=SOME_MEDIA, width=st.sampled_from(WIDTHS))
def test_seconds_by_interval(new_world: NewWorld, sketched: list[Sketch], sight: Sight, windows: list[Window], some: set[int], width: int) -> None:
    world = told(new_world(), sketched)
    model = world.model(sight)
    with world.reading(sight) as reading:
        for window, kind, media in product((None, *windows), MediaKind, (None, [world.media[index] for index in some])):
            found = watching.seconds_by_interval(reading, window, kind=kind, width=width, media=media)
            assert found == model.seconds_by_interval(window, kind=kind, width=width, media=media), (window, kind)


@given(sketched=WORLDS, sight=SIGHTS, windows=SOME_WINDOWS, step=st.sampled_from([1, 10, 60, 300]))
def test_audience_at(new_world: NewWorld, sketched: list[Sketch], sight: Sight, windows: list[Window], step: int) -> None:
    world = told(new_world(), sketched)
    model = world.model(sight)
    with world.reading(sight) as reading:
        for window, media in product(windows, world.media):
            assert watching.audience_at(reading, window, media=media, step=step) == model.audience_at(window, media=media, step=step)


@given(sketched=WORLDS, sight=SIGHTS, windows=SOME_WINDOWS, cut=st.sampled_from([1, 2, 150]))
def test_passes(new_world: NewWorld, sketched: list[Sketch], sight: Sight, windows: list[Window], cut: int) -> None:
    world = told(new_world(), sketched)
    model = world.model(sight)
    with world.reading(sight) as reading:
        for window, (media, seconds) in product((None, *windows), zip(world.media, SECONDS, strict=True)):
            for length in (seconds, max(1, seconds - cut)):
                assert positions.passes(reading, media=media, seconds=length, within=window) == model.passes(media=media, seconds=length, window=window)


@given(sketched=WORLDS, sight=SIGHTS, picks=st.tuples(PICKS, PICKS), window=WINDOWS, labels=LABELS, limit=st.integers(1, 5))
def test_pages_of_viewings(
    new_world: NewWorld, sketched: list[Sketch], sight: Sight, picks: tuple[int, int], window: Window, labels: dict[str, str], limit: int
) -> None:
    world = told(new_world(), sketched)
    model, media = world.model(sight), world.media[picks[0]]
    viewer = world.viewers[picks[1] % len(world.viewers)].number if world.viewers else None
    alone = [Which(), Which(media=media), Which(viewer=viewer), Which(within=window), Which(labels=labels), Which(played=True)]
    with world.reading(sight) as reading:
        for which, order in product([*alone, Which(None, viewer, window, labels, played=True), Which(media, viewer)], Order):
            expected = [one.number for one in model.matching(**which._asdict())]
            offsets = range(0, len(expected) + limit, limit)
            pages = [viewings.page(reading, which, order=order, limit=limit, offset=offset) for offset in offsets]
            assert viewings.count(reading, which) == len(expected)
            assert [one.number for page in pages for one in page] == (expected if order is Order.oldest_first else expected[::-1])


@given(sketched=WORLDS, sight=SIGHTS)
def test_viewings_one_by_one(new_world: NewWorld, sketched: list[Sketch], sight: Sight) -> None:
    world = told(new_world(), sketched)
    model = world.model(sight)
    with world.reading(sight) as reading:
        labels = viewings.labels(reading, [viewing.number for viewing in world.viewings])
        for viewing in world.viewings:
            assert labels.get(viewing.number, []) == sorted(viewing.labels.items())
            _agree(reading, model, viewing, viewings.one(reading, viewing.number))


def _agree(reading: Reading, model: naive.Naive, told_of: naive.Viewing, found: viewings.Viewing | None) -> None:
    if told_of not in model.seen:
        assert found is None
        return
    assert found is not None
    played_at = told_of.stretches[0][0] if told_of.played_by(model.now) else None
    assert (found.media, found.kind, found.viewer.number) == (told_of.media, told_of.kind, told_of.viewer)
    assert (found.loaded_at, found.played_at, found.ended_at, found.viewer.place.country) == (told_of.loaded_at, played_at, told_of.ended_at, told_of.country)
    assert [naive.Span(*span) for span in viewings.spans(reading, told_of.number)] == model.spans(told_of)


@given(sketched=WORLDS, sight=SIGHTS, limit=st.integers(1, 5))
def test_pages_of_viewers(new_world: NewWorld, sketched: list[Sketch], sight: Sight, limit: int) -> None:
    world = told(new_world(), sketched)
    model = world.model(sight)
    with world.reading(sight) as reading:
        for known, search in product((None, *Known), SEARCHES):
            expected = model.visitors(known=known and known.value, search=search)
            pages = [viewers.page(reading, known=known, search=search, limit=limit, offset=offset) for offset in range(0, len(expected) + 1, limit)]
            assert [visitor(found) for page in pages for found in page] == expected, (known, search)


@given(sketched=WORLDS, sight=SIGHTS)
def test_viewers_one_by_one(new_world: NewWorld, sketched: list[Sketch], sight: Sight) -> None:
    world = told(new_world(), sketched)
    expected = {one.number: one for one in world.model(sight).visitors()}
    with world.reading(sight) as reading:
        for person in world.viewers:
            found = viewers.one(reading, person.number)
            assert (found and visitor(found)) == expected.get(person.number)


def test_a_window_that_is_yet_to_come_has_no_seconds(world: World) -> None:
    world.watch(world.video(seconds=600), "ana", NOW - 10, (0, 300))
    with world.server.emulator.store.snapshot() as connection:
        reading = Reading(connection, world.account, EVERYTHING)
        found = [watching.seconds_by_interval(reading, Window(NOW + wait, NOW + 90), kind=MediaKind.video, width=60) for wait in (-10, 0, 1, 30)]
    assert found == [{NOW - 60: 10}, {}, {}, {}]


def test_who_is_about_to_play_is_a_visitor_and_no_player_yet(world: World) -> None:
    video = world.video()
    world.watch(video, "ana", NOW - 5, (0, 10), wait=6)
    world.watch(video, "bo", NOW - 5, (0, 10), wait=5)
    with world.server.emulator.store.snapshot() as connection:
        assert tallies.people(Reading(connection, world.account, EVERYTHING), video) == (2, 1)
