"""What growth writes beside a day's facts: sums and curves that can be counted on the fingers."""

from collections.abc import Sequence

from playhead.clock import DAY
from playhead.store.tables import NUMBER_BITS
from playhead.world.generate import Load, add_viewing
from playhead.world.rows import Rows
from playhead.world.tallying import CurveMeasure, TallySplit, curve_rows, tally_rows, unpacked
from playhead.world.terms import MediaKind
from playhead.world.viewing import Stretch

WORLD, MONDAY = 3, 7
START = MONDAY * DAY
CLIP, FILM, AIR = (WORLD << NUMBER_BITS | number for number in range(3))
SEATTLE, PARIS = 0, 20


def viewed(rows: Rows, media: int, place: int, at: int, *stretches: tuple[int, int, int], viewer: int = 1) -> None:
    """A viewing loaded `at` seconds into the day, with stretches (seconds into the day, from, to)."""
    kind = MediaKind.live if media == AIR else MediaKind.video
    load = Load(len(rows.viewings), WORLD, media, kind, viewer, place, 0, 0, 0, START + at, 250)
    played = [Stretch(START + began, start, stop) for began, start, stop in stretches]
    end = None if media == AIR else 40
    add_viewing(rows, load, played, START + max([at, *(began + stop - start for began, start, stop in stretches)]), end=end)


def a_day() -> Rows:
    rows = Rows.none()
    viewed(rows, CLIP, SEATTLE, 10)
    viewed(rows, CLIP, SEATTLE, 20, (30, 0, 4))
    viewed(rows, CLIP, PARIS, 60, (100, 0, 30), (130, 10, 40))
    viewed(rows, FILM, PARIS, 90, (90, 0, 5))
    viewed(rows, AIR, PARIS, DAY - 30, (DAY - 20, 0, 90))
    return rows


def test_tallies_of_a_day_by_whatever_they_are_kept_by() -> None:
    videos, live = (4, 3, 3, 2, 1, 1, 1, 69, 49, 1000), (1, 1, 1, 1, 1, 1, 0, 90, 90, 250)
    assert tally_rows(WORLD, MONDAY, a_day().viewings) == [
        # loads, plays, views of 3, 5, 10 and 30 seconds, ends, watched, distinct, milliseconds of impression
        (WORLD, TallySplit.media, MONDAY, MediaKind.video, CLIP, 3, 2, 2, 1, 1, 1, 1, 64, 44, 750),
        (WORLD, TallySplit.media, MONDAY, MediaKind.video, FILM, 1, 1, 1, 1, 0, 0, 0, 5, 5, 250),
        (WORLD, TallySplit.media, MONDAY, MediaKind.live, AIR, *live),
        (WORLD, TallySplit.place, MONDAY, MediaKind.video, SEATTLE, 2, 1, 1, 0, 0, 0, 0, 4, 4, 500),
        (WORLD, TallySplit.place, MONDAY, MediaKind.video, PARIS, 2, 2, 2, 2, 1, 1, 1, 65, 45, 500),
        (WORLD, TallySplit.place, MONDAY, MediaKind.live, PARIS, *live),
        (WORLD, TallySplit.device, MONDAY, MediaKind.video, 0, *videos),
        (WORLD, TallySplit.device, MONDAY, MediaKind.live, 0, *live),
        (WORLD, TallySplit.page, MONDAY, MediaKind.video, 0, *videos),
        (WORLD, TallySplit.page, MONDAY, MediaKind.live, 0, *live),
        (WORLD, TallySplit.hour, MONDAY, MediaKind.video, 0, *videos),
        (WORLD, TallySplit.hour, MONDAY, MediaKind.live, 23, *live),
    ]


def curve(rows: Rows, kind: MediaKind, measure: CurveMeasure = CurveMeasure.watched_seconds) -> Sequence[int]:
    """What there is by minute (or longer) of the day: seconds watched, unless said otherwise."""
    found = {(row[2], row[3]): unpacked(row[4]) for row in curve_rows(WORLD, MONDAY, rows.stretches)}
    return found[kind, measure]


def seconds(minutes: Sequence[int]) -> dict[int, int]:
    return {minute: watched for minute, watched in enumerate(minutes) if watched}


def test_a_curve_has_the_seconds_watched_in_each_minute() -> None:
    # 30-34; 100-130 and 130-160, 90-95: twenty and five of them before 2:00.
    assert seconds(curve(a_day(), MediaKind.video)) == {0: 4, 1: 20 + 5, 2: 40}


def test_a_viewing_over_midnight_counts_where_it_was_loaded_and_is_watched_on() -> None:
    minutes = curve(a_day(), MediaKind.live)
    assert seconds(minutes) == {1439: 20, 1440: 60, 1441: 10}
    assert sum(row[12] for row in tally_rows(WORLD, MONDAY, a_day().viewings) if (row[1], row[3]) == (TallySplit.media, MediaKind.live)) == 90


def test_viewers_of_one_minute_add_up_and_whole_minutes_are_whole() -> None:
    rows = Rows.none()
    viewed(rows, FILM, PARIS, 0, (0, 0, 180))
    viewed(rows, FILM, PARIS, 0, (60, 0, 60))
    viewed(rows, FILM, PARIS, 0, (119, 0, 2))
    assert seconds(curve(rows, MediaKind.video)) == {0: 60, 1: 60 + 60 + 1, 2: 60 + 1}


def test_curves_of_who_watches_at_the_same_time() -> None:
    rows = Rows.none()
    viewed(rows, FILM, PARIS, 0, (0, 0, 100), viewer=1)
    viewed(rows, FILM, PARIS, 0, (30, 0, 20), viewer=1)  # in a second tab
    viewed(rows, CLIP, PARIS, 0, (90, 0, 20), viewer=2)
    viewed(rows, CLIP, PARIS, 0, (110, 0, 5), viewer=1)  # when the other has just left
    told = {measure: list(curve(rows, MediaKind.video, measure)) for measure in CurveMeasure}
    assert told == {
        CurveMeasure.watched_seconds: [60 + 20, 40 + 20 + 5],
        CurveMeasure.peak: [2, 2],
        CurveMeasure.viewer_seconds: [60, 40 + 20 + 5],
        CurveMeasure.viewer_peak: [1, 2],
        CurveMeasure.viewers_minute: [1, 2],
        CurveMeasure.viewers_5_minutes: [2],
        CurveMeasure.viewers_15_minutes: [2],
        CurveMeasure.viewers_hour: [2],
    }


def test_a_day_without_playback_has_no_curve_and_one_without_loads_no_tally() -> None:
    rows = Rows.none()
    assert (tally_rows(WORLD, MONDAY, rows.viewings), curve_rows(WORLD, MONDAY, rows.stretches)) == ([], [])
    viewed(rows, CLIP, PARIS, 5)
    assert len(tally_rows(WORLD, MONDAY, rows.viewings)) == len(TallySplit)
    assert curve_rows(WORLD, MONDAY, rows.stretches) == []
