"""What growth writes beside a day's facts: sums and curves that can be counted on the fingers."""

from collections.abc import Sequence

from playhead.domain.clock import DAY
from playhead.domain.media import MediaKind
from playhead.domain.playback import PlayedRange
from playhead.storage.tables import NUMBER_BITS
from playhead.world.fact_rows import FactRows
from playhead.world.generator.days import PlayerLoad, add_viewing
from playhead.world.rollups import (
    RollupDimension,
    RollupMeasure,
    daily_rollup_rows,
    decode_series,
    interval_rollup_rows,
)

WORLD = 3
MONDAY = 7
START = MONDAY * DAY
CLIP, FILM, AIR = (WORLD << NUMBER_BITS | number for number in range(3))
SEATTLE = 0
PARIS = 20


def add_rollup_viewing(
    rows: FactRows, media: int, place: int, at: int, *ranges: tuple[int, int, int], viewer: int = 1
) -> None:
    """A viewing loaded `at` seconds into the day, with stretches (seconds into the day,
    from, to).
    """
    kind = MediaKind.live if media == AIR else MediaKind.video
    load = PlayerLoad(
        len(rows.viewings), WORLD, media, kind, viewer, place, 0, 0, 0, START + at, 250
    )
    played = [PlayedRange(START + began, start, stop) for began, start, stop in ranges]
    end = None if media == AIR else 40
    add_viewing(
        rows,
        load,
        played,
        START + max([at, *(began + stop - start for began, start, stop in ranges)]),
        end=end,
    )


def one_day_rows() -> FactRows:
    rows = FactRows.empty()
    add_rollup_viewing(rows, CLIP, SEATTLE, 10)
    add_rollup_viewing(rows, CLIP, SEATTLE, 20, (30, 0, 4))
    add_rollup_viewing(rows, CLIP, PARIS, 60, (100, 0, 30), (130, 10, 40))
    add_rollup_viewing(rows, FILM, PARIS, 90, (90, 0, 5))
    add_rollup_viewing(rows, AIR, PARIS, DAY - 30, (DAY - 20, 0, 90))
    return rows


def test_tallies_of_a_day_by_whatever_they_are_kept_by() -> None:
    videos = (4, 3, 3, 2, 1, 1, 1, 69, 49, 1000)
    live = (1, 1, 1, 1, 1, 1, 0, 90, 90, 250)
    assert daily_rollup_rows(WORLD, MONDAY, one_day_rows().viewings) == [
        # loads, plays, views of 3, 5, 10 and 30 seconds, ends, watched, distinct, milliseconds of
        # impression
        (
            WORLD,
            RollupDimension.media,
            MONDAY,
            MediaKind.video,
            CLIP,
            3,
            2,
            2,
            1,
            1,
            1,
            1,
            64,
            44,
            750,
        ),
        (
            WORLD,
            RollupDimension.media,
            MONDAY,
            MediaKind.video,
            FILM,
            1,
            1,
            1,
            1,
            0,
            0,
            0,
            5,
            5,
            250,
        ),
        (WORLD, RollupDimension.media, MONDAY, MediaKind.live, AIR, *live),
        (
            WORLD,
            RollupDimension.place,
            MONDAY,
            MediaKind.video,
            SEATTLE,
            2,
            1,
            1,
            0,
            0,
            0,
            0,
            4,
            4,
            500,
        ),
        (
            WORLD,
            RollupDimension.place,
            MONDAY,
            MediaKind.video,
            PARIS,
            2,
            2,
            2,
            2,
            1,
            1,
            1,
            65,
            45,
            500,
        ),
        (WORLD, RollupDimension.place, MONDAY, MediaKind.live, PARIS, *live),
        (WORLD, RollupDimension.device, MONDAY, MediaKind.video, 0, *videos),
        (WORLD, RollupDimension.device, MONDAY, MediaKind.live, 0, *live),
        (WORLD, RollupDimension.page, MONDAY, MediaKind.video, 0, *videos),
        (WORLD, RollupDimension.page, MONDAY, MediaKind.live, 0, *live),
        (WORLD, RollupDimension.hour, MONDAY, MediaKind.video, 0, *videos),
        (WORLD, RollupDimension.hour, MONDAY, MediaKind.live, 23, *live),
    ]


def interval_rollup(
    rows: FactRows, kind: MediaKind, measure: RollupMeasure = RollupMeasure.watched_seconds
) -> Sequence[int]:
    """What there is by minute (or longer) of the day: seconds watched, unless said otherwise."""
    found = {
        (row[2], row[3]): decode_series(row[4])
        for row in interval_rollup_rows(WORLD, MONDAY, rows.played_ranges)
    }
    return found[kind, measure]


def seconds(minutes: Sequence[int]) -> dict[int, int]:
    return {minute: watched for minute, watched in enumerate(minutes) if watched}


def test_a_curve_has_the_seconds_watched_in_each_minute() -> None:
    # 30-34; 100-130 and 130-160, 90-95: twenty and five of them before 2:00.
    assert seconds(interval_rollup(one_day_rows(), MediaKind.video)) == {0: 4, 1: 20 + 5, 2: 40}


def test_a_viewing_over_midnight_counts_where_it_was_loaded_and_is_watched_on() -> None:
    minutes = interval_rollup(one_day_rows(), MediaKind.live)
    assert seconds(minutes) == {1439: 20, 1440: 60, 1441: 10}
    assert (
        sum(
            row[12]
            for row in daily_rollup_rows(WORLD, MONDAY, one_day_rows().viewings)
            if (row[1], row[3]) == (RollupDimension.media, MediaKind.live)
        )
        == 90
    )


def test_viewers_of_one_minute_add_up_and_whole_minutes_are_whole() -> None:
    rows = FactRows.empty()
    add_rollup_viewing(rows, FILM, PARIS, 0, (0, 0, 180))
    add_rollup_viewing(rows, FILM, PARIS, 0, (60, 0, 60))
    add_rollup_viewing(rows, FILM, PARIS, 0, (119, 0, 2))
    assert seconds(interval_rollup(rows, MediaKind.video)) == {0: 60, 1: 60 + 60 + 1, 2: 60 + 1}


def test_curves_of_who_watches_at_the_same_time() -> None:
    rows = FactRows.empty()
    add_rollup_viewing(rows, FILM, PARIS, 0, (0, 0, 100), viewer=1)
    add_rollup_viewing(rows, FILM, PARIS, 0, (30, 0, 20), viewer=1)  # in a second tab
    add_rollup_viewing(rows, CLIP, PARIS, 0, (90, 0, 20), viewer=2)
    add_rollup_viewing(rows, CLIP, PARIS, 0, (110, 0, 5), viewer=1)  # when the other has just left
    told = {
        measure: list(interval_rollup(rows, MediaKind.video, measure)) for measure in RollupMeasure
    }
    assert told == {
        RollupMeasure.watched_seconds: [60 + 20, 40 + 20 + 5],
        RollupMeasure.peak: [2, 2],
        RollupMeasure.viewer_seconds: [60, 40 + 20 + 5],
        RollupMeasure.viewer_peak: [1, 2],
        RollupMeasure.viewers_minute: [1, 2],
        RollupMeasure.viewers_5_minutes: [2],
        RollupMeasure.viewers_15_minutes: [2],
        RollupMeasure.viewers_hour: [2],
    }


def test_a_day_without_playback_has_no_curve_and_one_without_loads_no_tally() -> None:
    rows = FactRows.empty()
    assert (
        daily_rollup_rows(WORLD, MONDAY, rows.viewings),
        interval_rollup_rows(WORLD, MONDAY, rows.played_ranges),
    ) == ([], [])
    add_rollup_viewing(rows, CLIP, PARIS, 5)
    assert len(daily_rollup_rows(WORLD, MONDAY, rows.viewings)) == len(RollupDimension)
    assert interval_rollup_rows(WORLD, MONDAY, rows.played_ranges) == []
