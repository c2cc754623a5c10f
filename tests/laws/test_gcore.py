"""Gcore's laws (contracts/gcore.md §4) on random worlds and on the demo.

| law | here; the player's words, viewers, transcoding and storage are in test_gcore_statistics.py |
|---|---|
| 1 | `law_1_countries_add_up_to_all_views` |
| 2 | `law_2_a_window_is_the_sum_of_its_parts` |
| 3 | `law_3_types_add_up` |
| 4 | `law_4_a_view_was_a_play`, of the catalogue's lifetime counts |
| 7 | `law_7_heat_map_stays_within_its_video`, `test_law_7_without_seeking_the_first_sample_is_the_highest`; WORLD §2: a row is a sample |
| 9 | `law_9_each_interval_is_rounded_up_by_itself` |
| 10 | `law_10_a_coarse_interval_is_at_most_its_fine_ones` |
| 11 | `law_11_streams_partition_the_watch_time`, `test_law_11_owners_numbers_partition_the_watch_time` |
| 13 | `law_13_who_is_on_screen_is_watching`, of the heat map's samples |
| 14 | `law_14_any_player_sees_at_least_the_built_in_one`: its cdn_views ≥ views; lifetime, so without an edge |
| 21 | `test_law_21_nobody_watches_a_stream_off_air`, on the demo: recorded viewings need no broadcast |
| 22 | `law_22_entities_are_one_and_hold_their_views` |
"""

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playhead import Server
from playhead.clock import utc
from playhead.stats.reading import Window
from tests.laws.conftest import Hear
from tests.laws.hearing import BRIEF, EVER, GRANULARITIES, QUIET_WORLDS, TODAY, WINDOWS, Heard, Live, broadcasts, day_of, same_worlds, straight
from tests.stats.sketches import WORLDS, Sketch
from tests.worlds import DAY, NOW

pytestmark = [
    pytest.mark.laws,
    pytest.mark.covers(
        "gcore.views_by_country", "gcore.views_heatmap", "gcore.live_watch_time", "gcore.live_watch_time_total", "gcore.streams", "gcore.videos", "gcore.video"
    ),
]

Law = Callable[[Heard, Window], None]
TYPES = ("vod", "live", "playlist")


def within_rounding(whole: int, parts: Sequence[int]) -> bool:
    """Whether minutes of a whole, rounded up once, agree with those of its parts, each rounded up by itself."""
    filled = sum(part > 0 for part in parts)
    return whole == 0 if not filled else whole <= sum(parts) <= whole + filled - 1


def month_start(instant: int) -> int:
    """The first instant of the calendar month, UTC."""
    day = utc(instant).date()
    return instant // DAY * DAY - (day.day - 1) * DAY


def halves(window: Window) -> list[Window]:
    """A window cut in two; one of a single second stays whole."""
    middle = (window.start + window.end) // 2
    return [part for part in (Window(window.start, middle), Window(middle, window.end)) if part.start < part.end]


def law_1_countries_add_up_to_all_views(heard: Heard, _window: Window) -> None:
    """Law 1: Σ countries.views = Σ views; of all vod, for ever, these are the catalogue's."""
    assert sum(heard.countries(EVER, "vod").values()) == sum(video["views"] for video in heard.gcore_videos)


def law_2_a_window_is_the_sum_of_its_parts(heard: Heard, window: Window) -> None:
    """Law 2, as far as it concerns countries: counts are attributed to the load, so that windows partition them."""
    parts = sum((Counter(heard.countries(part)) for part in halves(window)), Counter[str]())
    assert heard.countries(window) == parts
    for video in heard.videos:
        parts_of_map = sum((Counter(heard.heatmap(part, "vod", video.gcore)) for part in halves(window)), Counter[int]())
        assert {second: viewers for second, viewers in heard.heatmap(window, "vod", video.gcore).items() if viewers} == +parts_of_map


def law_3_types_add_up(heard: Heard, window: Window) -> None:
    """Law 3: countries(no type) = live + vod + playlist."""
    assert heard.countries(window) == sum((Counter(heard.countries(window, kind)) for kind in TYPES), Counter[str]())


def law_4_a_view_was_a_play(heard: Heard, _window: Window) -> None:
    """Law 4: E(start) ≥ E(watch), of every video."""
    assert all(video["cdn_views"] >= video["views"] >= 0 for video in heard.gcore_videos)


def law_7_heat_map_stays_within_its_video(heard: Heard, window: Window) -> None:
    """Law 7, read as WORLD §2 does: max(viewers) ≤ E(start), seconds ≤ duration in steps of ten, rows only after a start."""
    plays = {video["id"]: video["cdn_views"] for video in heard.gcore_videos}
    for video in heard.videos:
        for asked in (window, EVER):
            seen = heard.heatmap(asked, "vod", video.gcore)
            assert max(seen.values(), default=0) <= plays[video.gcore]
            assert list(seen) == list(range(0, len(seen) * 10, 10))
            assert max(seen, default=0) <= video.duration


def law_9_each_interval_is_rounded_up_by_itself(heard: Heard, window: Window) -> None:
    """Law 9: total ≤ Σ intervals ≤ total + n − 1, n intervals with something in them."""
    total = heard.minutes_in_all(window)
    for granularity in GRANULARITIES:
        assert within_rounding(total, list(heard.minutes(window, granularity).values())), granularity


def law_10_a_coarse_interval_is_at_most_its_fine_ones(heard: Heard, window: Window) -> None:
    """Law 10: a coarse interval ≤ Σ of its fine ones, which add less than a minute each; and they cover the same time."""
    series = {granularity: heard.minutes(window, granularity) for granularity in GRANULARITIES}
    for fine, coarse in zip(list(series)[:-1], list(series)[1:], strict=True):
        width = GRANULARITIES[coarse]
        parts: dict[int, list[int]] = {}
        for start, minutes in series[fine].items():
            parts.setdefault(start // width * width if width else month_start(start), []).append(minutes)
        assert list(parts) == list(series[coarse]) == sorted(series[coarse])
        assert all(within_rounding(series[coarse][start], found) for start, found in parts.items()), (fine, coarse)


def law_11_streams_partition_the_watch_time(heard: Heard, window: Window) -> None:
    """Law 11: total ≤ Σ total(stream) ≤ total + k − 1; in every interval likewise."""
    of_each = [heard.minutes_in_all(window, stream_id=stream.gcore) for stream in heard.lives]
    assert within_rounding(heard.minutes_in_all(window), of_each)
    series = [heard.minutes(window, "1h", stream_id=stream.gcore) for stream in heard.lives]
    for start, minutes in heard.minutes(window, "1h").items():
        assert within_rounding(minutes, [one[start] for one in series])


def law_13_who_is_on_screen_is_watching(heard: Heard, window: Window) -> None:
    """Law 13, as far as it concerns the samples of a heat map: viewers at a minute ⇒ minutes > 0 in the minute from there."""
    for stream in heard.lives:
        minutes = heard.minutes(window, "1m", stream_id=stream.gcore)
        for instant, viewers in heard.heatmap(window, "live", stream.gcore).items():
            assert window.start <= instant < window.end
            assert viewers > 0
            assert instant == NOW or minutes[instant] > 0


def law_14_any_player_sees_at_least_the_built_in_one(heard: Heard, window: Window) -> None:
    """Law 14: cdn_views ≥ views, in sum as for each; both lifetime, so at any instant."""
    found = heard.gcore_videos
    assert sum(video["cdn_views"] for video in found) >= sum(heard.countries(EVER, "vod").values()) >= sum(heard.countries(window, "vod").values())


def law_22_entities_are_one_and_hold_their_views(heard: Heard, window: Window) -> None:
    """Law 22: a slug and an id belong to one video; lifetime views ≥ those of any window."""
    found = heard.gcore_videos
    assert len({video["id"] for video in found}) == len({video["slug"] for video in found}) == len(found)
    assert len({stream.gcore for stream in heard.lives}) == len(heard.lives)
    assert sum(video["views"] for video in found) >= sum(heard.countries(window, "vod").values())
    for video in found:
        assert heard.ask("gcore", f"/streaming/videos/{video['id']}") == heard.ask("gcore", f"/streaming/videos/{video['slug']}") == video
        assert heard.heatmap(window, "vod", video["slug"]) == heard.heatmap(window, "vod", video["id"])


LAWS: list[Law] = [
    law_1_countries_add_up_to_all_views,
    law_2_a_window_is_the_sum_of_its_parts,
    law_3_types_add_up,
    law_4_a_view_was_a_play,
    law_7_heat_map_stays_within_its_video,
    law_9_each_interval_is_rounded_up_by_itself,
    law_10_a_coarse_interval_is_at_most_its_fine_ones,
    law_11_streams_partition_the_watch_time,
    law_13_who_is_on_screen_is_watching,
    law_14_any_player_sees_at_least_the_built_in_one,
    law_22_entities_are_one_and_hold_their_views,
]
DEMO_WINDOWS = [Window(TODAY - 2 * DAY, TODAY + DAY), Window(TODAY - 30 * DAY - 3_000, TODAY - 27 * DAY + 12_345)]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@same_worlds
@given(sketched=WORLDS, window=WINDOWS)
@example(sketched=BRIEF, window=Window(TODAY, TODAY + DAY))
@example(sketched=BRIEF, window=Window(BRIEF[0].loaded_at - 9, BRIEF[0].loaded_at + 11))  # a load in the last second of its first half
def test_on_random_worlds(heard: Hear, law: Law, sketched: list[Sketch], window: Window) -> None:
    law(heard(sketched), window)


@pytest.mark.parametrize("window", DEMO_WINDOWS, ids=["now", "a month ago"])
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_on_the_demo(demo_heard: Heard, law: Law, window: Window) -> None:
    law(demo_heard, window)


@same_worlds
@given(sketched=QUIET_WORLDS.map(straight), window=st.one_of(st.just(EVER), WINDOWS))
def test_law_7_without_seeking_the_first_sample_is_the_highest(heard: Hear, sketched: list[Sketch], window: Window) -> None:
    """Law 7: everyone begins at the beginning and nobody jumps, so that viewers only leave."""
    said = heard(sketched)
    for video in said.videos:
        viewers = list(said.heatmap(window, "vod", video.gcore).values())
        assert viewers == sorted(viewers, reverse=True)


@pytest.mark.parametrize("window", DEMO_WINDOWS, ids=["now", "a month ago"])
def test_law_11_owners_numbers_partition_the_watch_time(demo_heard: Heard, window: Window) -> None:
    """Law 11: the minutes of a number of the owner's are those of the streams that carry it."""
    streams = demo_heard.ask("gcore", "/streaming/streams")
    for number in {stream["client_user_id"] for stream in streams} - {None}:
        carriers = [stream["id"] for stream in streams if stream["client_user_id"] == number]
        of_each = [demo_heard.minutes_in_all(window, stream_id=id_) for id_ in carriers]
        assert sum(of_each) > 0
        assert within_rounding(demo_heard.minutes_in_all(window, client_user_id=number), of_each)


@same_worlds
@given(day=st.integers(-90, 0))
def test_law_21_nobody_watches_a_stream_off_air(demo: Server, demo_heard: Heard, day: int) -> None:
    """Law 21: no viewers and no minutes outside its broadcasts; watch time ≤ viewers × time on air."""
    start = TODAY + day * DAY
    window = Window(start, start + DAY)
    on_air = broadcasts(demo)
    for stream in demo_heard.lives:
        runs = on_air[stream.title]
        for instant in demo_heard.heatmap(window, "live", stream.gcore):
            assert any(run.start <= instant < run.end for run in runs), utc(instant)
        for minute, minutes in demo_heard.minutes(window, "1m", stream_id=stream.gcore).items():
            assert not minutes or any(run.start < minute + 60 and minute < run.end for run in runs), utc(minute)
        sessions = heard_on(demo_heard, stream, window)
        alive = sum(run.end - run.start for run in runs if run.start < window.end and run.end > window.start)
        assert demo_heard.minutes_in_all(window, stream_id=stream.gcore) * 60 <= sessions * alive + 59


def heard_on(heard: Heard, stream: Live, window: Window) -> int:
    """How many sessions a stream may have had in a window of a day: those loaded on it or on the day before."""
    return heard.session_count(stream, period=f"{day_of(window.start - DAY)}/{day_of(window.start)}")
