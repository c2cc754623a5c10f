"""Every question that `stats` answers, asked of small random worlds and compared with a count
second by second.
"""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.analytics import (
    aggregates,
    concurrency,
    retention,
    uniques,
    viewers,
    viewings,
    watch_time,
)
from playhead.analytics.aggregates import Measures
from playhead.analytics.query import NO_FILTERS, Dimension, Filters, Milestone
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.analytics.uniques import UniqueBy
from playhead.analytics.viewers import IdentifiedBy
from playhead.analytics.viewings import Order, ViewingFilter
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from tests import reference_model
from tests.analytics.world_sketches import (
    ALL_VISIBLE,
    CATALOG,
    CATALOG_SECONDS,
    LABELS,
    SEARCHES,
    TIME_RANGES,
    VISIBILITIES,
    WORLDS,
    RecordedWorld,
    ViewingSketch,
    record,
)
from tests.worlds import NOW, World

pytestmark = pytest.mark.invariants

INTERVALS = (60, 300, 900, 3600, 86_400)
WorldFactory = Callable[[], World]
MEDIA_SETS = st.sets(st.integers(0, len(CATALOG) - 1))
TIME_RANGE_LISTS = st.lists(TIME_RANGES, min_size=2, max_size=3)
PICK_INDEXES = st.integers(0, 8)


def reference_activity(activity: viewers.ViewerActivity) -> reference_model.ViewerActivity:
    return reference_model.ViewerActivity(
        activity.profile.number,
        activity.loads,
        activity.plays,
        activity.first_load_at,
        activity.last_active_at,
        activity.last_play,
    )


@given(sketched=WORLDS, sight=VISIBILITIES, windows=TIME_RANGE_LISTS)
def test_tallies_by_country(
    new_world: WorldFactory,
    sketched: list[ViewingSketch],
    sight: Visibility,
    windows: list[TimeRange],
) -> None:
    world = record(new_world(), sketched)
    model = world.model(sight)
    with world.snapshot(sight) as reading:
        for window, kind in product((None, *windows), (None, *MediaKind)):
            found = aggregates.by_country(reading, window, kind=kind)
            assert {country.code: tally for country, tally in found.items()} == model.by_country(
                window, kind
            )


@given(sketched=WORLDS, sight=VISIBILITIES, windows=TIME_RANGE_LISTS, some=MEDIA_SETS)
def test_tallies_by_media_and_day(
    new_world: WorldFactory,
    sketched: list[ViewingSketch],
    sight: Visibility,
    windows: list[TimeRange],
    some: set[int],
) -> None:
    world = record(new_world(), sketched)
    model = world.model(sight)
    with world.snapshot(sight) as reading:
        for window, media in product(windows, (None, [world.media[index] for index in some])):
            assert aggregates.by_media(reading, window, media=media) == model.by_media(
                window, media
            )
            assert aggregates.by_media(reading, media=media) == model.by_media(None, media)
            assert aggregates.by_day_and_media(
                reading, window, media=media
            ) == model.by_day_and_media(window, media)


DIMENSION_LISTS = st.lists(st.sampled_from(Dimension), max_size=3, unique=True)
FILTER_CHOICES = st.sampled_from(
    [("media", "media"), ("places", "place"), ("devices", "device"), ("pages", "page"), None]
)


def filters_and_predicate(
    world: RecordedWorld, filter_by: tuple[str, str] | None
) -> tuple[Filters, reference_model.Predicate]:
    """The viewings that are of the same as the first two in one respect."""
    if filter_by is None:
        return NO_FILTERS, lambda _: True
    filter_name, trait = filter_by
    values: Any = {
        getattr(viewing, trait) for viewing in world.viewings[:2]
    }  # Any: which field it is for depends
    return NO_FILTERS._replace(
        **{filter_name: values}
    ), lambda viewing: getattr(viewing, trait) in values


@given(
    sketched=WORLDS,
    sight=VISIBILITIES,
    windows=TIME_RANGE_LISTS,
    by=DIMENSION_LISTS,
    some=FILTER_CHOICES,
)
def test_cells(
    new_world: WorldFactory,
    sketched: list[ViewingSketch],
    sight: Visibility,
    windows: list[TimeRange],
    by: list[Dimension],
    some: tuple[str, str] | None,
) -> None:
    world = record(new_world(), sketched)
    model, (among, matches) = world.model(sight), filters_and_predicate(world, some)
    with world.snapshot(sight) as reading:
        for window in (None, *windows):
            expected = model.aggregate(window, [each.value for each in by], matches)
            assert aggregates.aggregate(reading, window, dimensions=by, filters=among) == expected
            assert aggregates.total(reading, window, filters=among) == model.aggregate(
                window, [], matches
            ).get((), Measures())


@given(
    sketched=WORLDS,
    sight=VISIBILITIES,
    windows=TIME_RANGE_LISTS,
    by=DIMENSION_LISTS,
    some=FILTER_CHOICES,
    reached=st.sampled_from(Milestone),
    of=st.sampled_from(UniqueBy),
)
def test_uniques(
    new_world: WorldFactory,
    sketched: list[ViewingSketch],
    sight: Visibility,
    windows: list[TimeRange],
    by: list[Dimension],
    some: tuple[str, str] | None,
    reached: Milestone,
    of: UniqueBy,
) -> None:
    world = record(new_world(), sketched)
    model, (among, matches) = world.model(sight), filters_and_predicate(world, some)
    names = [each.value for each in by]
    whose = {UniqueBy.viewer: "viewer", UniqueBy.address: "address"}[of]
    with world.snapshot(sight) as reading:
        for window in (None, *windows):
            found = uniques.uniques(
                reading, window, unique_by=of, milestone=reached, dimensions=by, filters=among
            )
            assert found == model.uniques(window, whose, reached.name, names, matches)
            days = model.uniques(window, whose, reached.name, ["day"], matches)
            assert uniques.daily_unique_sum(
                reading, window, unique_by=of, milestone=reached, filters=among
            ).get((), 0) == sum(days.values())


@given(
    sketched=WORLDS,
    sight=VISIBILITIES,
    windows=TIME_RANGE_LISTS,
    some=FILTER_CHOICES,
    width=st.sampled_from(INTERVALS),
)
def test_viewers_and_what_they_watched(
    new_world: WorldFactory,
    sketched: list[ViewingSketch],
    sight: Visibility,
    windows: list[TimeRange],
    some: tuple[str, str] | None,
    width: int,
) -> None:
    world = record(new_world(), sketched)
    model, (among, matches) = world.model(sight), filters_and_predicate(world, some)
    with world.snapshot(sight) as reading:
        for window, kind, media in product(windows, MediaKind, (None, world.media[:2])):
            found = watch_time.viewers_by_interval(
                reading, window, kind=kind, width=width, media=media
            )
            assert found == model.viewers_by_interval(window, kind=kind, width=width, media=media)
            ever = model.viewers_by_interval(window, kind=kind, width=10**11, media=media)
            assert watch_time.viewers(reading, window, kind=kind, media=media) == ever.total()
        for window in windows:
            assert watch_time.watch_time(reading, window, filters=among) == model.watch_time(
                window, matches
            )


@given(
    sketched=WORLDS,
    windows=TIME_RANGE_LISTS,
    some=FILTER_CHOICES,
    by=st.lists(
        st.sampled_from([Dimension.kind, Dimension.media, Dimension.place, Dimension.page]),
        max_size=2,
        unique=True,
    ),
    viewers_only=st.booleans(),
    width=st.sampled_from(INTERVALS),
)
def test_who_watches_at_the_same_time(
    new_world: WorldFactory,
    sketched: list[ViewingSketch],
    windows: list[TimeRange],
    some: tuple[str, str] | None,
    by: list[Dimension],
    viewers_only: bool,
    width: int,
) -> None:
    world = record(new_world(), sketched)
    model, (among, matches) = world.model(ALL_VISIBLE), filters_and_predicate(world, some)
    with world.snapshot(ALL_VISIBLE) as reading:
        for window in windows:
            expected = model.concurrency(
                window, [each.value for each in by], matches, viewers=viewers_only
            )
            found = concurrency.deltas(
                reading, window, dimensions=by, filters=among, viewers=viewers_only
            )
            assert set(found) == set(expected)
            for cell, watching_now in expected.items():
                assert concurrency.integrate(found[cell], window) == (
                    max(watching_now.values()),
                    watching_now.total(),
                )
                assert concurrency.integrate_by_interval(found[cell], window, width) == {
                    start: (max(counts), sum(counts))
                    for start in {at // width * width for at in watching_now}
                    if (
                        counts := [
                            count
                            for at, count in watching_now.items()
                            if at // width * width == start
                        ]
                    )
                }


@given(sketched=WORLDS, sight=VISIBILITIES)
def test_people(new_world: WorldFactory, sketched: list[ViewingSketch], sight: Visibility) -> None:
    world = record(new_world(), sketched)
    model = world.model(sight)
    with world.snapshot(sight) as reading:
        assert [aggregates.audience(reading, media) for media in world.media] == [
            model.audience(media) for media in world.media
        ]


@given(
    sketched=WORLDS,
    sight=VISIBILITIES,
    windows=TIME_RANGE_LISTS,
    some=MEDIA_SETS,
    width=st.sampled_from(INTERVALS),
)
def test_seconds_by_interval(
    new_world: WorldFactory,
    sketched: list[ViewingSketch],
    sight: Visibility,
    windows: list[TimeRange],
    some: set[int],
    width: int,
) -> None:
    world = record(new_world(), sketched)
    model = world.model(sight)
    with world.snapshot(sight) as reading:
        for window, kind, media in product(
            (None, *windows), MediaKind, (None, [world.media[index] for index in some])
        ):
            found = watch_time.seconds_by_interval(
                reading, window, kind=kind, width=width, media=media
            )
            assert found == model.seconds_by_interval(
                window, kind=kind, width=width, media=media
            ), (window, kind)


@given(
    sketched=WORLDS,
    sight=VISIBILITIES,
    windows=TIME_RANGE_LISTS,
    step=st.sampled_from([1, 10, 60, 300]),
)
def test_audience_at(
    new_world: WorldFactory,
    sketched: list[ViewingSketch],
    sight: Visibility,
    windows: list[TimeRange],
    step: int,
) -> None:
    world = record(new_world(), sketched)
    model = world.model(sight)
    with world.snapshot(sight) as reading:
        for window, media in product(windows, world.media):
            assert watch_time.concurrent_at(
                reading, window, media=media, step=step
            ) == model.concurrent_at(window, media=media, step=step)


@given(
    sketched=WORLDS, sight=VISIBILITIES, windows=TIME_RANGE_LISTS, cut=st.sampled_from([1, 2, 150])
)
def test_passes(
    new_world: WorldFactory,
    sketched: list[ViewingSketch],
    sight: Visibility,
    windows: list[TimeRange],
    cut: int,
) -> None:
    world = record(new_world(), sketched)
    model = world.model(sight)
    with world.snapshot(sight) as reading:
        for window, (media, seconds) in product(
            (None, *windows), zip(world.media, CATALOG_SECONDS, strict=True)
        ):
            for length in (seconds, max(1, seconds - cut)):
                assert retention.retention(
                    reading, media=media, seconds=length, time_range=window
                ) == model.retention(media=media, seconds=length, time_range=window)


@given(
    sketched=WORLDS,
    sight=VISIBILITIES,
    picks=st.tuples(PICK_INDEXES, PICK_INDEXES),
    window=TIME_RANGES,
    labels=LABELS,
    limit=st.integers(1, 5),
)
def test_pages_of_viewings(
    new_world: WorldFactory,
    sketched: list[ViewingSketch],
    sight: Visibility,
    picks: tuple[int, int],
    window: TimeRange,
    labels: dict[str, str],
    limit: int,
) -> None:
    world = record(new_world(), sketched)
    model = world.model(sight)
    media = world.media[picks[0]]
    viewer = world.viewers[picks[1] % len(world.viewers)].number if world.viewers else None
    alone = [
        ViewingFilter(),
        ViewingFilter(media=media),
        ViewingFilter(viewer=viewer),
        ViewingFilter(time_range=window),
        ViewingFilter(labels=labels),
        ViewingFilter(played_only=True),
    ]
    with world.snapshot(sight) as reading:
        for which, order in product(
            [
                *alone,
                ViewingFilter(None, viewer, window, labels, played_only=True),
                ViewingFilter(media, viewer),
            ],
            Order,
        ):
            expected = [one.number for one in model.matching(**which._asdict())]
            offsets = range(0, len(expected) + limit, limit)
            pages = [
                viewings.list_page(reading, which, order=order, limit=limit, offset=offset)
                for offset in offsets
            ]
            assert viewings.count(reading, which) == len(expected)
            assert [one.number for page in pages for one in page] == (
                expected if order is Order.oldest_first else expected[::-1]
            )


@given(sketched=WORLDS, sight=VISIBILITIES)
def test_viewings_one_by_one(
    new_world: WorldFactory, sketched: list[ViewingSketch], sight: Visibility
) -> None:
    world = record(new_world(), sketched)
    model = world.model(sight)
    with world.snapshot(sight) as reading:
        labels = viewings.labels(reading, [viewing.number for viewing in world.viewings])
        for viewing in world.viewings:
            assert labels.get(viewing.number, []) == sorted(viewing.labels.items())
            _assert_same_viewings(reading, model, viewing, viewings.get(reading, viewing.number))


def _assert_same_viewings(
    snapshot: Snapshot,
    model: reference_model.ReferenceModel,
    reference: reference_model.Viewing,
    answer: viewings.Viewing | None,
) -> None:
    if reference not in model.visible:
        assert answer is None
        return
    assert answer is not None
    played_at = reference.played[0][0] if reference.played_by(model.now) else None
    assert (answer.media, answer.kind, answer.viewer.number) == (
        reference.media,
        reference.kind,
        reference.viewer,
    )
    assert (
        answer.loaded_at,
        answer.played_at,
        answer.ended_at,
        answer.viewer.place.country,
    ) == (reference.loaded_at, played_at, reference.ended_at, reference.country)
    assert [
        reference_model.PlayedSpan(*span) for span in viewings.spans(snapshot, reference.number)
    ] == model.spans(reference)


@given(sketched=WORLDS, sight=VISIBILITIES, limit=st.integers(1, 5))
def test_pages_of_viewers(
    new_world: WorldFactory, sketched: list[ViewingSketch], sight: Visibility, limit: int
) -> None:
    world = record(new_world(), sketched)
    model = world.model(sight)
    with world.snapshot(sight) as reading:
        for known, search in product((None, *IdentifiedBy), SEARCHES):
            expected = model.viewer_activity(identified_by=known and known.value, search=search)
            pages = [
                viewers.list_page(
                    reading, identified_by=known, search=search, limit=limit, offset=offset
                )
                for offset in range(0, len(expected) + 1, limit)
            ]
            assert [reference_activity(found) for page in pages for found in page] == expected, (
                known,
                search,
            )


@given(sketched=WORLDS, sight=VISIBILITIES)
def test_viewers_one_by_one(
    new_world: WorldFactory, sketched: list[ViewingSketch], sight: Visibility
) -> None:
    world = record(new_world(), sketched)
    expected = {one.number: one for one in world.model(sight).viewer_activity()}
    with world.snapshot(sight) as reading:
        for person in world.viewers:
            found = viewers.get(reading, person.number)
            assert (found and reference_activity(found)) == expected.get(person.number)


def test_a_window_that_is_yet_to_come_has_no_seconds(world: World) -> None:
    world.watch(world.video(seconds=600), "ana", NOW - 10, (0, 300))
    with world.server.emulator.store.snapshot() as connection:
        reading = Snapshot(connection, world.account, ALL_VISIBLE)
        found = [
            watch_time.seconds_by_interval(
                reading, TimeRange(NOW + wait, NOW + 90), kind=MediaKind.video, width=60
            )
            for wait in (-10, 0, 1, 30)
        ]
    assert found == [{NOW - 60: 10}, {}, {}, {}]


def test_who_is_about_to_play_is_a_visitor_and_no_player_yet(world: World) -> None:
    video = world.video()
    world.watch(video, "ana", NOW - 5, (0, 10), start_delay=6)
    world.watch(video, "bo", NOW - 5, (0, 10), start_delay=5)
    with world.server.emulator.store.snapshot() as connection:
        assert aggregates.audience(Snapshot(connection, world.account, ALL_VISIBLE), video) == (
            2,
            1,
        )
