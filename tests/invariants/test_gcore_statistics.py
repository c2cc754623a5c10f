"""Gcore's laws (evidence/gcore.md §4) on what test_gcore.py leaves: the player's words, viewers,
transcoding, storage.

| law | here |
|---|---|
| 1, 5, 8 | `law_1_aggregates_count_the_same_views`, `law_5_a_host_is_its_pages`,
`law_8_popular_never_increases` |
| 2, 3 | `law_2_groups_are_parts_of_the_whole`, `law_3_types_are_parts_of_the_whole` |
| 4 | `law_4_the_funnel_narrows`, of every entity and day |
| 6 | `law_6_addresses_are_at_most_views`, `law_6_a_window_has_at_most_its_days` |
| 12, 13 | `law_12_viewers_of_a_window_and_its_intervals`, `law_13_who_watches_watches_minutes` |
| 14 | `test_law_14_any_player_is_seen_by_the_network`, where nothing is in progress |
| 15, 16, 20 | `test_law_15_on_air`, `test_law_16_the_most_of_a_day`,
`test_law_20_a_reseller_has_all_streams`, on random broadcasts and on the demo |
| 17–19 | `test_laws_17_to_19_of_storage` |
| 22 | `law_22_every_id_is_an_entity` |
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.domain.clock import parse_instant
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.recording.inputs import NewBroadcast, NewMedia
from playhead.vendors.gcore import vocabulary
from tests.analytics.world_sketches import WORLDS, ViewingSketch
from tests.invariants.conftest import RecordAndQuery
from tests.invariants.vendor_client import (
    ALL_TIME,
    CLOSED_TIME_RANGES,
    ENDED_WORLDS,
    TODAY,
    VendorClient,
    WorldFactory,
    closed_interval_params,
    shared_examples,
)
from tests.worlds import DAY, NOW

OPERATION_NAMES = [
    "views",
    "unique_viewers",
    "unique_viewers_cdn",
    "views_by_country",
    "views_by_region",
    "popular_videos",
    "views_by_browser",
    "views_by_operating_system",
    "views_by_referer",
    "views_by_hostname",
    "live_unique_viewers",
    "vod_unique_viewers_cdn",
    "vod_watch_time",
    "vod_watch_time_total",
    "ffprobes",
    "stream_series",
    "max_streams_series",
    "reseller_stream_series",
    "storage_series",
    "vod_storage_volume",
    "vod_transcoding_duration",
    "playlists",
]
pytestmark = [
    pytest.mark.invariants,
    pytest.mark.covers(*(f"gcore.{name}" for name in OPERATION_NAMES)),
]

Invariant = Callable[[VendorClient, TimeRange], None]
TYPES = ("vod", "live", "playlist")
KINDS = {"vod": "vod", "live": "stream"}
AGGREGATES = {
    "countries": "country",
    "browsers": "browser",
    "systems": "os",
    "hosts": "host",
    "popular": "id",
}
WIDTHS = {"1m": 60, "5m": 300, "15m": 900, "1h": 3600, "1d": DAY}


def rows(
    client: VendorClient, name: str, time_range: TimeRange, **params: Any
) -> list[dict[str, Any]]:
    """The rows of a statistic in a window."""
    found: list[dict[str, Any]] = client.get_json(
        "gcore",
        f"/streaming/statistics/{name}",
        **closed_interval_params(time_range, "date_from", "date_to"),
        **params,
    )["data"]
    return found


def points(client: VendorClient, name: str, time_range: TimeRange, **params: Any) -> dict[int, int]:
    """The one series of a statistic in a window."""
    (element,) = client.get_json(
        "gcore",
        f"/streaming/statistics/{name}",
        **closed_interval_params(time_range, "from_", "to"),
        **params,
    )
    (series,) = (series for key, series in element["metrics"].items() if key != "max_volume_usage")
    return dict(series)


def sum_by(rows: list[dict[str, Any]], *keys: str, measure: str = "views") -> Counter[Any]:
    """Counts by some of the keys of rows."""
    counts = Counter[Any]()
    for row in rows:
        counts[tuple(row[key] for key in keys)] += row[measure]
    return +counts


def invariant_1_aggregates_count_the_same_views(
    client: VendorClient, time_range: TimeRange
) -> None:
    """Law 1: all sums are that of views, regions at most."""
    whole = sum(row["views"] for row in rows(client, "views", time_range))
    assert {
        sum(row["views"] for row in rows(client, name, time_range))
        for name in (*AGGREGATES, "embeds")
    } == {whole}
    assert sum(row["views"] for row in rows(client, "regions", time_range)) <= whole


def invariant_2_groups_are_parts_of_the_whole(client: VendorClient, time_range: TimeRange) -> None:
    """Law 2: rows of a group add up to those without, and to the aggregate of that word."""
    whole = sum_by(rows(client, "views", time_range), "type", "date")
    for name, group in AGGREGATES.items():
        found = rows(client, "views", time_range, group=group)
        assert sum_by(found, "type", "date") == whole
        aggregate = sum_by(rows(client, name, time_range), group)
        assert sum_by([{**row, group: str(row[group])} for row in found], group) == aggregate
    for more in ("ip", "platform", "host,os,country"):
        assert sum_by(rows(client, "views", time_range, group=more), "type", "date") == whole


def invariant_3_types_are_parts_of_the_whole(client: VendorClient, time_range: TimeRange) -> None:
    """Law 3: views and the aggregates of all types are those of each."""
    for name, key in (
        ("views", "date"),
        *AGGREGATES.items(),
        ("regions", "region_name"),
        ("embeds", "embed_url"),
    ):
        parts = sum(
            (sum_by(rows(client, name, time_range, type=type_), key) for type_ in TYPES),
            Counter[Any](),
        )
        assert sum_by(rows(client, name, time_range), key) == parts, name


def invariant_4_the_funnel_narrows(client: VendorClient, time_range: TimeRange) -> None:
    """Law 4: loads ≥ plays ≥ views, of every entity and day; asked together as one by one."""
    together = sum_by(
        rows(client, "views", time_range, group="event,id"), "event", "type", "id", "date"
    )
    of_each = {
        event: sum_by(
            rows(client, "views", time_range, event=event, group="id"), "type", "id", "date"
        )
        for event in ("init", "start", "watch")
    }
    assert all(
        of_each["init"][cell] >= of_each["start"][cell] >= of_each["watch"][cell]
        for cell in of_each["init"]
    )
    assert of_each["watch"].keys() <= of_each["start"].keys() <= of_each["init"].keys()
    assert together == Counter(
        {
            (event, *cell): count
            for event, counts in of_each.items()
            for cell, count in counts.items()
        }
    )


def invariant_5_a_host_is_its_pages(client: VendorClient, time_range: TimeRange) -> None:
    """Law 5: the views of a host are those of its pages."""
    pages = Counter[str]()
    for row in rows(client, "embeds", time_range):
        pages[vocabulary.host(row["embed_url"])] += row["views"]
    assert pages == Counter(
        {row["host"]: row["views"] for row in rows(client, "hosts", time_range)}
    )


def invariant_6_addresses_are_at_most_views(client: VendorClient, time_range: TimeRange) -> None:
    """Law 6: in every cell; and grouped by address each is one."""
    for group in ("date", "date,country", "date,id", "date,os,host"):
        keys = ("type", *group.split(","))
        words_alone = ",".join(key for key in group.split(",") if key != "date")
        views = sum_by(rows(client, "views", time_range, group=words_alone), *keys)
        found = sum_by(rows(client, "uniqs", time_range, group=group), *keys, measure="unique_ips")
        assert found.keys() == views.keys()
        assert all(found[cell] <= views[cell] for cell in found)
    of_addresses = rows(client, "uniqs", time_range, group="ip")
    assert all(row["unique_ips"] == 1 for row in of_addresses)
    of_types = Counter((row["type"],) for row in of_addresses)
    assert (
        sum_by(
            rows(client, "uniqs", time_range, group="event", event="watch"),
            "type",
            measure="unique_ips",
        )
        == of_types
    )


def invariant_6_a_window_has_at_most_its_days(client: VendorClient, time_range: TimeRange) -> None:
    """Law 6: the most of a day ≤ the window ≤ the sum of its days; of each country likewise."""
    for group in ("event", "event,country"):
        keys = ("type", *group.split(","))
        whole = sum_by(rows(client, "uniqs", time_range, group=group), *keys, measure="unique_ips")
        daily = rows(client, "uniqs", time_range, group=f"date,{group}")
        sums = sum_by(daily, *keys, measure="unique_ips")
        most = Counter[Any]()
        for row in daily:
            cell = tuple(row[key] for key in keys)
            most[cell] = max(most[cell], row["unique_ips"])
        assert whole.keys() == sums.keys()
        assert all(most[cell] <= whole[cell] <= sums[cell] for cell in whole)


def invariant_8_popular_never_increases(client: VendorClient, time_range: TimeRange) -> None:
    """Law 8."""
    views = [row["views"] for row in rows(client, "popular", time_range)]
    assert views == sorted(views, reverse=True)


def invariant_12_viewers_of_a_window_and_its_intervals(
    client: VendorClient, time_range: TimeRange
) -> None:
    """Law 12: the most of an interval ≤ the window ≤ the sum.

    A coarse interval and its fine ones likewise.
    """
    for type_, kind in KINDS.items():
        (row,) = rows(client, "cdn/uniqs", time_range, type=type_)
        series = {
            width: points(client, f"{kind}/viewers", time_range, granularity=width)
            for width in WIDTHS
        }
        for found in series.values():
            assert max(found.values(), default=0) <= row["uniqs"] <= sum(found.values())
        for (_, fine), (width, coarse) in zip(
            list(series.items())[:-1], list(series.items())[1:], strict=True
        ):
            for start, viewers in coarse.items():
                parts = [
                    count
                    for instant, count in fine.items()
                    if start <= instant < start + WIDTHS[width]
                ]
                assert max(parts, default=0) <= viewers <= sum(parts)


def invariant_13_who_watches_watches_minutes(client: VendorClient, time_range: TimeRange) -> None:
    """Law 13: minutes where there are viewers, and only there."""
    for kind in KINDS.values():
        for width in ("1m", "1h", "1d"):
            viewers = points(client, f"{kind}/viewers", time_range, granularity=width)
            minutes = points(client, f"{kind}/watching_duration", time_range, granularity=width)
            assert {start for start, count in viewers.items() if count} == {
                start for start, count in minutes.items() if count
            }
            assert viewers.keys() == minutes.keys()


def invariant_22_every_id_is_an_entity(client: VendorClient, time_range: TimeRange) -> None:
    """Law 22: of popular and of views; a video's lifetime views are at least those of a window."""
    catalogue = {
        "vod": "/streaming/videos",
        "live": "/streaming/streams",
        "playlist": "/streaming/playlists",
    }
    for type_, path in catalogue.items():
        more = {"per_page": 1000} if type_ == "vod" else {}
        entities = {entity["id"]: entity for entity in client.get_json("gcore", path, **more)}
        for row in rows(client, "popular", time_range, type=type_):
            assert row["views"] <= entities[int(row["id"])].get("views", row["views"])
            of_id = rows(client, "views", time_range, type=type_, id=row["id"])
            assert sum(one["views"] for one in of_id) == row["views"]


INVARIANTS: list[Invariant] = [
    invariant_1_aggregates_count_the_same_views,
    invariant_2_groups_are_parts_of_the_whole,
    invariant_3_types_are_parts_of_the_whole,
    invariant_4_the_funnel_narrows,
    invariant_5_a_host_is_its_pages,
    invariant_6_addresses_are_at_most_views,
    invariant_6_a_window_has_at_most_its_days,
    invariant_8_popular_never_increases,
    invariant_12_viewers_of_a_window_and_its_intervals,
    invariant_13_who_watches_watches_minutes,
    invariant_22_every_id_is_an_entity,
]


@pytest.mark.parametrize("law", INVARIANTS, ids=lambda law: law.__name__)
@shared_examples
@given(sketched=WORLDS, window=CLOSED_TIME_RANGES)
def test_on_random_worlds(
    record_and_query: RecordAndQuery,
    law: Invariant,
    sketched: list[ViewingSketch],
    window: TimeRange,
) -> None:
    law(record_and_query(sketched), window)


@pytest.mark.parametrize("law", INVARIANTS, ids=lambda law: law.__name__)
def test_on_the_demo(demo_client: VendorClient, law: Invariant) -> None:
    law(demo_client, TimeRange(TODAY - 2 * DAY + 3_333, TODAY + DAY))


@shared_examples
@given(sketched=ENDED_WORLDS)
def test_law_14_any_player_is_seen_by_the_network(
    record_and_query: RecordAndQuery, sketched: list[ViewingSketch]
) -> None:
    """Law 14: viewers of any player ≥ addresses that viewed in the built-in one."""
    said = record_and_query(sketched)
    for type_ in TYPES:
        (row,) = rows(said, "cdn/uniqs", ALL_TIME, type=type_)
        assert row["uniqs"] >= sum(
            one["unique_ips"]
            for one in rows(said, "uniqs", ALL_TIME, type=type_, group="event", event="watch")
        )


# Transcoding, on random broadcasts of three streams.

BROADCASTS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-2 * DAY, 300), st.integers(1, 20_000)), max_size=8
)
MINUTES = st.tuples(st.integers(-2 * 1440, 5), st.integers(1, 1500)).map(
    lambda pair: TimeRange(NOW + 60 * pair[0], NOW + 60 * sum(pair))
)


@pytest.fixture
def record_broadcasts(
    new_world: WorldFactory, web: httpx.Client
) -> Callable[[list[tuple[int, int, int]]], VendorClient]:
    """What Gcore says of streams with those broadcasts: (which, start from now, seconds)."""

    def recorded(broadcasts: list[tuple[int, int, int]]) -> VendorClient:
        world = new_world()
        streams = world.recording.media(
            [NewMedia(str(index), kind=MediaKind.live) for index in range(3)]
        )
        world.recording.broadcasts(
            [
                NewBroadcast(streams[which], NOW + start, NOW + start + seconds)
                for which, start, seconds in broadcasts
            ]
        )
        return VendorClient(world, web)

    return recorded


RecordBroadcasts = Callable[[list[tuple[int, int, int]]], VendorClient]


def probed_intervals(client: VendorClient, time_range: TimeRange, units: str) -> set[int]:
    """The intervals in which anything arrived of any stream."""
    streams = [stream["id"] for stream in client.get_json("gcore", "/streaming/streams")]
    found = [
        row
        for id_ in streams
        for row in rows(client, "ffprobe", time_range, stream_id=id_, interval=1, units=units)
    ]
    assert all(row["sum_frames"] > 0 for row in found)
    return {parse_instant(row["time"]) for row in found}


def check_transcoding_series(client: VendorClient, time_range: TimeRange) -> None:
    for width, units in (("1m", "minute"), ("1h", "hour"), ("1d", "day")):
        minutes, most = (
            points(client, name, time_range, granularity=width) for name in ("stream", "max_stream")
        )
        assert all(minutes[start] <= most[start] * WIDTHS[width] // 60 for start in minutes)
        assert (
            {start for start in minutes if minutes[start]}
            == {start for start in most if most[start]}
            == probed_intervals(client, time_range, units)
        )


@shared_examples
@given(broadcasts=BROADCASTS, window=MINUTES)
def test_law_15_on_air(
    record_broadcasts: RecordBroadcasts, broadcasts: list[tuple[int, int, int]], window: TimeRange
) -> None:
    """Law 15: minutes ≤ streams at once × time.

    Both where samples arrived, and only there. In windows of whole minutes: a sample is told where
    it begins.
    """
    check_transcoding_series(record_broadcasts(broadcasts), window)


@shared_examples
@given(broadcasts=BROADCASTS, window=CLOSED_TIME_RANGES)
def test_law_16_the_most_of_a_day(
    record_broadcasts: RecordBroadcasts, broadcasts: list[tuple[int, int, int]], window: TimeRange
) -> None:
    """Law 16: a coarse interval has the most of its fine ones."""
    heard = record_broadcasts(broadcasts)
    fine = points(heard, "max_stream", window, granularity="5m")
    for start, most in points(heard, "max_stream", window, granularity="1h").items():
        assert most == max(
            count for instant, count in fine.items() if start <= instant < start + 3600
        )


@shared_examples
@given(broadcasts=BROADCASTS, window=CLOSED_TIME_RANGES)
def test_law_20_a_reseller_has_all_streams(
    record_broadcasts: RecordBroadcasts, broadcasts: list[tuple[int, int, int]], window: TimeRange
) -> None:
    """Law 20: a reseller's minutes are the account's own.

    Those of its streams add up to them but for rounding.
    """
    heard = record_broadcasts(broadcasts)
    whole = points(heard, "stream", window)
    assert points(heard, "reseller/stream", window) == whole
    of_each = heard.get_json(
        "gcore",
        "/streaming/statistics/reseller/stream",
        by_streams="true",
        **closed_interval_params(window, "from_", "to"),
    )
    for index, (start, minutes) in enumerate(whole.items()):
        parts = [element["metrics"]["streams"][index] for element in of_each]
        assert {instant for instant, _ in parts} == {start}
        assert (
            minutes
            <= sum(count for _, count in parts)
            <= minutes + max(0, sum(count > 0 for _, count in parts) - 1)
        )


def test_laws_15_and_16_on_the_demo(demo_client: VendorClient) -> None:
    window = TimeRange(TODAY - 3 * DAY, TODAY + DAY)
    check_transcoding_series(demo_client, window)
    assert max(points(demo_client, "max_stream", window, granularity="1d").values()) > 0


# Storage: of videos released in the last days, some of them not for an hour.

VIDEOS = st.lists(st.tuples(st.integers(-3 * DAY, 3600), st.integers(1, 5_000_000)), max_size=6)


def record_videos(
    new_world: WorldFactory, client: VendorClient, videos: list[tuple[int, int]]
) -> VendorClient:
    world = new_world()
    world.recording.media(
        [
            NewMedia(str(index), duration_ms=length, released_at=NOW + start)
            for index, (start, length) in enumerate(videos)
        ]
    )
    return VendorClient(world, client.web)


@shared_examples
@given(videos=VIDEOS, window=CLOSED_TIME_RANGES)
def test_laws_17_to_19_of_storage(
    new_world: WorldFactory,
    demo_client: VendorClient,
    videos: list[tuple[int, int]],
    window: TimeRange,
) -> None:
    heard = record_videos(new_world, demo_client, videos)
    (element,) = heard.get_json(
        "gcore",
        "/streaming/statistics/storage",
        granularity="1d",
        **closed_interval_params(window, "from_", "to"),
    )
    series = element["metrics"]["storage"]
    most = element["metrics"]["max_volume_usage"]
    assert most == next(
        ([start, size] for start, size in series if size == max(size for _, size in series)), []
    )
    minutes, transcoded = (
        points(heard, f"vod/{name}_duration", window) for name in ("storage", "transcoding")
    )
    assert [(start, size > 0) for start, size in series] == [
        (start, count > 0) for start, count in minutes.items()
    ]
    levels = [*minutes.values()]
    assert levels == sorted(levels)
    ready = [video for video in heard.gcore_videos if video["status"] == "ready"]
    assert points(heard, "vod/storage_duration", TimeRange(NOW, NOW + 1)) == {
        TODAY: -(-sum(video["duration"] for video in ready) // 60_000)
    }
    before = [
        *points(heard, "vod/storage_duration", TimeRange(window.start - 1, window.start)).values()
    ]
    for level in levels[-1:]:
        assert sum(transcoded.values()) >= level - before[0]


def file_sizes(client: VendorClient) -> Iterator[int]:
    """What the catalogue says that each video takes."""
    for video in client.gcore_videos:
        yield video["origin_size"] + sum(
            rendition["size"] for rendition in video["converted_videos"]
        )


@shared_examples
@given(videos=VIDEOS)
def test_what_is_stored_now_is_what_the_catalogue_lists(
    new_world: WorldFactory, demo_client: VendorClient, videos: list[tuple[int, int]]
) -> None:
    heard = record_videos(new_world, demo_client, videos)
    assert points(heard, "storage", TimeRange(NOW, NOW + 1)) == {
        NOW // 3600 * 3600: sum(file_sizes(heard))
    }
