"""Gcore's laws (evidence/gcore.md §4) on random worlds and on the demo.

| law | here; the player's words, viewers, transcoding and storage are in test_gcore_statistics.py |
|---|---|
| 1 | `law_1_countries_add_up_to_all_views` |
| 2 | `law_2_a_window_is_the_sum_of_its_parts` |
| 3 | `law_3_types_add_up` |
| 4 | `law_4_a_view_was_a_play`, of the catalogue's lifetime counts |
| 7 | `law_7_heat_map_stays_within_its_video`,
`test_law_7_without_seeking_the_first_sample_is_the_highest`; docs/world.md: a row is a sample |
| 9 | `law_9_each_interval_is_rounded_up_by_itself` |
| 10 | `law_10_a_coarse_interval_is_at_most_its_fine_ones` |
| 11 | `law_11_streams_partition_the_watch_time`,
`test_law_11_owners_numbers_partition_the_watch_time` |
| 13 | `law_13_who_is_on_screen_is_watching`, of the heat map's samples |
| 14 | `law_14_any_player_sees_at_least_the_built_in_one`: its cdn_views ≥ views; lifetime, so
without an edge |
| 21 | `test_law_21_nobody_watches_a_stream_off_air`, on the demo: recorded viewings need no
broadcast |
| 22 | `law_22_entities_are_one_and_hold_their_views` |
"""

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playhead import Server
from playhead.domain.clock import utc_datetime
from playhead.domain.time_range import TimeRange
from tests.analytics.world_sketches import WORLDS, ViewingSketch
from tests.invariants.conftest import RecordAndQuery
from tests.invariants.vendor_client import (
    ALL_TIME,
    CLOSED_TIME_RANGES,
    ENDED_WORLDS,
    GRANULARITIES,
    SHORT_VIEWINGS,
    TODAY,
    Live,
    VendorClient,
    broadcast_ranges,
    iso_date,
    shared_examples,
    without_seeks,
)
from tests.worlds import DAY, NOW

pytestmark = [
    pytest.mark.invariants,
    pytest.mark.covers(
        "gcore.views_by_country",
        "gcore.views_heatmap",
        "gcore.live_watch_time",
        "gcore.live_watch_time_total",
        "gcore.streams",
        "gcore.videos",
        "gcore.video",
    ),
]

Invariant = Callable[[VendorClient, TimeRange], None]
TYPES = ("vod", "live", "playlist")


def within_rounding(whole: int, parts: Sequence[int]) -> bool:
    """Whether minutes of a whole, rounded up once, agree with those of its parts, each rounded up
    by itself.
    """
    filled = sum(part > 0 for part in parts)
    return whole == 0 if not filled else whole <= sum(parts) <= whole + filled - 1


def month_start(instant: int) -> int:
    """The first instant of the calendar month, UTC."""
    day = utc_datetime(instant).date()
    return instant // DAY * DAY - (day.day - 1) * DAY


def split_in_half(time_range: TimeRange) -> list[TimeRange]:
    """A window cut in two; one of a single second stays whole."""
    middle = (time_range.start + time_range.end) // 2
    return [
        part
        for part in (TimeRange(time_range.start, middle), TimeRange(middle, time_range.end))
        if part.start < part.end
    ]


def invariant_1_countries_add_up_to_all_views(client: VendorClient, _window: TimeRange) -> None:
    """Law 1: Σ countries.views = Σ views; of all vod, for ever, these are the catalogue's."""
    assert sum(client.views_by_country(ALL_TIME, "vod").values()) == sum(
        video["views"] for video in client.gcore_videos
    )


def invariant_2_a_window_is_the_sum_of_its_parts(
    client: VendorClient, time_range: TimeRange
) -> None:
    """Law 2, as far as it concerns countries:

    counts are attributed to the load, so that windows partition them.
    """
    parts = sum(
        (Counter(client.views_by_country(part)) for part in split_in_half(time_range)),
        Counter[str](),
    )
    assert client.views_by_country(time_range) == parts
    for video in client.videos:
        parts_of_map = sum(
            (
                Counter(client.heatmap(part, "vod", video.gcore))
                for part in split_in_half(time_range)
            ),
            Counter[int](),
        )
        assert {
            second: viewers
            for second, viewers in client.heatmap(time_range, "vod", video.gcore).items()
            if viewers
        } == +parts_of_map


def invariant_3_types_add_up(client: VendorClient, time_range: TimeRange) -> None:
    """Law 3: countries(no type) = live + vod + playlist."""
    assert client.views_by_country(time_range) == sum(
        (Counter(client.views_by_country(time_range, kind)) for kind in TYPES), Counter[str]()
    )


def invariant_4_a_view_was_a_play(client: VendorClient, _window: TimeRange) -> None:
    """Law 4: E(start) ≥ E(watch), of every video."""
    assert all(video["cdn_views"] >= video["views"] >= 0 for video in client.gcore_videos)


def invariant_7_heat_map_stays_within_its_video(
    client: VendorClient, time_range: TimeRange
) -> None:
    """Law 7, read as docs/world.md does:

    max(viewers) ≤ E(start), seconds ≤ duration in steps of ten, rows only after a start.
    """
    plays = {video["id"]: video["cdn_views"] for video in client.gcore_videos}
    for video in client.videos:
        for asked in (time_range, ALL_TIME):
            seen = client.heatmap(asked, "vod", video.gcore)
            assert max(seen.values(), default=0) <= plays[video.gcore]
            assert list(seen) == list(range(0, len(seen) * 10, 10))
            assert max(seen, default=0) <= video.duration


def invariant_9_each_interval_is_rounded_up_by_itself(
    client: VendorClient, time_range: TimeRange
) -> None:
    """Law 9: total ≤ Σ intervals ≤ total + n − 1, n intervals with something in them."""
    total = client.total_live_minutes(time_range)
    for granularity in GRANULARITIES:
        assert within_rounding(
            total, list(client.live_minutes(time_range, granularity).values())
        ), granularity


def invariant_10_a_coarse_interval_is_at_most_its_fine_ones(
    client: VendorClient, time_range: TimeRange
) -> None:
    """Law 10: a coarse interval ≤ Σ of its fine ones, which add less than a minute each.

    And they cover the same time.
    """
    series = {
        granularity: client.live_minutes(time_range, granularity) for granularity in GRANULARITIES
    }
    for fine, coarse in zip(list(series)[:-1], list(series)[1:], strict=True):
        width = GRANULARITIES[coarse]
        parts: dict[int, list[int]] = {}
        for start, minutes in series[fine].items():
            parts.setdefault(start // width * width if width else month_start(start), []).append(
                minutes
            )
        assert list(parts) == list(series[coarse]) == sorted(series[coarse])
        assert all(
            within_rounding(series[coarse][start], found) for start, found in parts.items()
        ), (fine, coarse)


def invariant_11_streams_partition_the_watch_time(
    client: VendorClient, time_range: TimeRange
) -> None:
    """Law 11: total ≤ Σ total(stream) ≤ total + k − 1; in every interval likewise."""
    of_each = [
        client.total_live_minutes(time_range, stream_id=stream.gcore) for stream in client.lives
    ]
    assert within_rounding(client.total_live_minutes(time_range), of_each)
    series = [
        client.live_minutes(time_range, "1h", stream_id=stream.gcore) for stream in client.lives
    ]
    for start, minutes in client.live_minutes(time_range, "1h").items():
        assert within_rounding(minutes, [one[start] for one in series])


def invariant_13_who_is_on_screen_is_watching(client: VendorClient, time_range: TimeRange) -> None:
    """Law 13, as far as it concerns the samples of a heat map:

    viewers at a minute ⇒ minutes > 0 in the minute from there.
    """
    for stream in client.lives:
        minutes = client.live_minutes(time_range, "1m", stream_id=stream.gcore)
        for instant, viewers in client.heatmap(time_range, "live", stream.gcore).items():
            assert time_range.start <= instant < time_range.end
            assert viewers > 0
            assert instant == NOW or minutes[instant] > 0


def invariant_14_any_player_sees_at_least_the_built_in_one(
    client: VendorClient, time_range: TimeRange
) -> None:
    """Law 14: cdn_views ≥ views, in sum as for each; both lifetime, so at any instant."""
    found = client.gcore_videos
    assert (
        sum(video["cdn_views"] for video in found)
        >= sum(client.views_by_country(ALL_TIME, "vod").values())
        >= sum(client.views_by_country(time_range, "vod").values())
    )


def invariant_22_entities_are_one_and_hold_their_views(
    client: VendorClient, time_range: TimeRange
) -> None:
    """Law 22: a slug and an id belong to one video; lifetime views ≥ those of any window."""
    found = client.gcore_videos
    assert (
        len({video["id"] for video in found})
        == len({video["slug"] for video in found})
        == len(found)
    )
    assert len({stream.gcore for stream in client.lives}) == len(client.lives)
    assert sum(video["views"] for video in found) >= sum(
        client.views_by_country(time_range, "vod").values()
    )
    for video in found:
        assert (
            client.get_json("gcore", f"/streaming/videos/{video['id']}")
            == client.get_json("gcore", f"/streaming/videos/{video['slug']}")
            == video
        )
        assert client.heatmap(time_range, "vod", video["slug"]) == client.heatmap(
            time_range, "vod", video["id"]
        )


INVARIANTS: list[Invariant] = [
    invariant_1_countries_add_up_to_all_views,
    invariant_2_a_window_is_the_sum_of_its_parts,
    invariant_3_types_add_up,
    invariant_4_a_view_was_a_play,
    invariant_7_heat_map_stays_within_its_video,
    invariant_9_each_interval_is_rounded_up_by_itself,
    invariant_10_a_coarse_interval_is_at_most_its_fine_ones,
    invariant_11_streams_partition_the_watch_time,
    invariant_13_who_is_on_screen_is_watching,
    invariant_14_any_player_sees_at_least_the_built_in_one,
    invariant_22_entities_are_one_and_hold_their_views,
]
DEMO_TIME_RANGES = [
    TimeRange(TODAY - 2 * DAY, TODAY + DAY),
    TimeRange(TODAY - 30 * DAY - 3_000, TODAY - 27 * DAY + 12_345),
]


@pytest.mark.parametrize("law", INVARIANTS, ids=lambda law: law.__name__)
@shared_examples
@given(sketched=WORLDS, window=CLOSED_TIME_RANGES)
@example(sketched=SHORT_VIEWINGS, window=TimeRange(TODAY, TODAY + DAY))
@example(
    sketched=SHORT_VIEWINGS,
    window=TimeRange(SHORT_VIEWINGS[0].loaded_at - 9, SHORT_VIEWINGS[0].loaded_at + 11),
)  # a load in the last second of its first half
def test_on_random_worlds(
    record_and_query: RecordAndQuery,
    law: Invariant,
    sketched: list[ViewingSketch],
    window: TimeRange,
) -> None:
    law(record_and_query(sketched), window)


@pytest.mark.parametrize("window", DEMO_TIME_RANGES, ids=["now", "a month ago"])
@pytest.mark.parametrize("law", INVARIANTS, ids=lambda law: law.__name__)
def test_on_the_demo(demo_client: VendorClient, law: Invariant, window: TimeRange) -> None:
    law(demo_client, window)


@shared_examples
@given(
    sketched=ENDED_WORLDS.map(without_seeks),
    window=st.one_of(st.just(ALL_TIME), CLOSED_TIME_RANGES),
)
def test_law_7_without_seeking_the_first_sample_is_the_highest(
    record_and_query: RecordAndQuery, sketched: list[ViewingSketch], window: TimeRange
) -> None:
    """Law 7: everyone begins at the beginning and nobody jumps, so that viewers only leave."""
    said = record_and_query(sketched)
    for video in said.videos:
        viewers = list(said.heatmap(window, "vod", video.gcore).values())
        assert viewers == sorted(viewers, reverse=True)


@pytest.mark.parametrize("window", DEMO_TIME_RANGES, ids=["now", "a month ago"])
def test_law_11_owners_numbers_partition_the_watch_time(
    demo_client: VendorClient, window: TimeRange
) -> None:
    """Law 11: the minutes of a number of the owner's are those of the streams that carry it."""
    streams = demo_client.get_json("gcore", "/streaming/streams")
    for number in {stream["client_user_id"] for stream in streams} - {None}:
        carriers = [stream["id"] for stream in streams if stream["client_user_id"] == number]
        of_each = [demo_client.total_live_minutes(window, stream_id=id_) for id_ in carriers]
        assert sum(of_each) > 0
        assert within_rounding(
            demo_client.total_live_minutes(window, client_user_id=number), of_each
        )


@shared_examples
@given(day=st.integers(-90, 0))
def test_law_21_nobody_watches_a_stream_off_air(
    demo: Server, demo_client: VendorClient, day: int
) -> None:
    """Law 21: no viewers and no minutes outside its broadcasts.

    Watch time ≤ viewers × time on air.
    """
    start = TODAY + day * DAY
    window = TimeRange(start, start + DAY)
    on_air = broadcast_ranges(demo)
    for stream in demo_client.lives:
        runs = on_air[stream.title]
        for instant in demo_client.heatmap(window, "live", stream.gcore):
            assert any(run.start <= instant < run.end for run in runs), utc_datetime(instant)
        for minute, minutes in demo_client.live_minutes(
            window, "1m", stream_id=stream.gcore
        ).items():
            assert not minutes or any(
                run.start < minute + 60 and minute < run.end for run in runs
            ), utc_datetime(minute)
        sessions = session_count_around(demo_client, stream, window)
        alive = sum(
            run.end - run.start for run in runs if run.start < window.end and run.end > window.start
        )
        assert (
            demo_client.total_live_minutes(window, stream_id=stream.gcore) * 60
            <= sessions * alive + 59
        )


def session_count_around(client: VendorClient, stream: Live, time_range: TimeRange) -> int:
    """How many sessions a stream may have had in a window of a day:

    those loaded on it or on the day before.
    """
    return client.session_count(
        stream, period=f"{iso_date(time_range.start - DAY)}/{iso_date(time_range.start)}"
    )
