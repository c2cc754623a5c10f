"""Gcore's laws (contracts/gcore.md §4) on what test_gcore.py leaves: the player's words, viewers, transcoding, storage.

| law | here |
|---|---|
| 1, 5, 8 | `law_1_aggregates_count_the_same_views`, `law_5_a_host_is_its_pages`, `law_8_popular_never_increases` |
| 2, 3 | `law_2_groups_are_parts_of_the_whole`, `law_3_types_are_parts_of_the_whole` |
| 4 | `law_4_the_funnel_narrows`, of every entity and day |
| 6 | `law_6_addresses_are_at_most_views`, `law_6_a_window_has_at_most_its_days` |
| 12, 13 | `law_12_viewers_of_a_window_and_its_intervals`, `law_13_who_watches_watches_minutes` |
| 14 | `test_law_14_any_player_is_seen_by_the_network`, where nothing is in progress |
| 15, 16, 20 | `test_law_15_on_air`, `test_law_16_the_most_of_a_day`, `test_law_20_a_reseller_has_all_streams`, on random broadcasts and on the demo |
| 17–19 | `test_laws_17_to_19_of_storage` |
| 22 | `law_22_every_id_is_an_entity` |
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.accounts.recording import NewBroadcast, NewMedia
from playhead.clock import instant_of
from playhead.stats.reading import Window
from playhead.vendors.gcore import words
from playhead.world.terms import MediaKind
from tests.laws.conftest import Hear
from tests.laws.hearing import EVER, QUIET_WORLDS, TODAY, WINDOWS, Heard, NewWorld, closed, same_worlds
from tests.stats.sketches import WORLDS, Sketch
from tests.worlds import DAY, NOW

NAMES = [
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
pytestmark = [pytest.mark.laws, pytest.mark.covers(*(f"gcore.{name}" for name in NAMES))]

Law = Callable[[Heard, Window], None]
TYPES = ("vod", "live", "playlist")
KINDS = {"vod": "vod", "live": "stream"}
AGGREGATES = {"countries": "country", "browsers": "browser", "systems": "os", "hosts": "host", "popular": "id"}
WIDTHS = {"1m": 60, "5m": 300, "15m": 900, "1h": 3600, "1d": DAY}


def rows(heard: Heard, name: str, window: Window, **more: Any) -> list[dict[str, Any]]:
    """The rows of a statistic in a window."""
    found: list[dict[str, Any]] = heard.ask("gcore", f"/streaming/statistics/{name}", **closed(window, "date_from", "date_to"), **more)["data"]
    return found


def points(heard: Heard, name: str, window: Window, **more: Any) -> dict[int, int]:
    """The one series of a statistic in a window."""
    (element,) = heard.ask("gcore", f"/streaming/statistics/{name}", **closed(window, "from_", "to"), **more)
    (series,) = (series for key, series in element["metrics"].items() if key != "max_volume_usage")
    return dict(series)


def summed(found: list[dict[str, Any]], *keys: str, of: str = "views") -> Counter[Any]:
    """Counts by some of the keys of rows."""
    counts = Counter[Any]()
    for row in found:
        counts[tuple(row[key] for key in keys)] += row[of]
    return +counts


def law_1_aggregates_count_the_same_views(heard: Heard, window: Window) -> None:
    """Law 1: all sums are that of views, regions at most."""
    whole = sum(row["views"] for row in rows(heard, "views", window))
    assert {sum(row["views"] for row in rows(heard, name, window)) for name in (*AGGREGATES, "embeds")} == {whole}
    assert sum(row["views"] for row in rows(heard, "regions", window)) <= whole


def law_2_groups_are_parts_of_the_whole(heard: Heard, window: Window) -> None:
    """Law 2: rows of a group add up to those without, and to the aggregate of that word."""
    whole = summed(rows(heard, "views", window), "type", "date")
    for name, group in AGGREGATES.items():
        found = rows(heard, "views", window, group=group)
        assert summed(found, "type", "date") == whole
        aggregate = summed(rows(heard, name, window), group)
        assert summed([{**row, group: str(row[group])} for row in found], group) == aggregate
    for more in ("ip", "platform", "host,os,country"):
        assert summed(rows(heard, "views", window, group=more), "type", "date") == whole


def law_3_types_are_parts_of_the_whole(heard: Heard, window: Window) -> None:
    """Law 3: views and the aggregates of all types are those of each."""
    for name, key in (("views", "date"), *AGGREGATES.items(), ("regions", "region_name"), ("embeds", "embed_url")):
        parts = sum((summed(rows(heard, name, window, type=type_), key) for type_ in TYPES), Counter[Any]())
        assert summed(rows(heard, name, window), key) == parts, name


def law_4_the_funnel_narrows(heard: Heard, window: Window) -> None:
    """Law 4: loads ≥ plays ≥ views, of every entity and day; asked together as one by one."""
    together = summed(rows(heard, "views", window, group="event,id"), "event", "type", "id", "date")
    of_each = {event: summed(rows(heard, "views", window, event=event, group="id"), "type", "id", "date") for event in ("init", "start", "watch")}
    assert all(of_each["init"][cell] >= of_each["start"][cell] >= of_each["watch"][cell] for cell in of_each["init"])
    assert of_each["watch"].keys() <= of_each["start"].keys() <= of_each["init"].keys()
    assert together == Counter({(event, *cell): count for event, counts in of_each.items() for cell, count in counts.items()})


def law_5_a_host_is_its_pages(heard: Heard, window: Window) -> None:
    """Law 5: the views of a host are those of its pages."""
    pages = Counter[str]()
    for row in rows(heard, "embeds", window):
        pages[words.host(row["embed_url"])] += row["views"]
    assert pages == Counter({row["host"]: row["views"] for row in rows(heard, "hosts", window)})


def law_6_addresses_are_at_most_views(heard: Heard, window: Window) -> None:
    """Law 6: in every cell; and grouped by address each is one."""
    for group in ("date", "date,country", "date,id", "date,os,host"):
        keys = ("type", *group.split(","))
        words_alone = ",".join(key for key in group.split(",") if key != "date")
        views = summed(rows(heard, "views", window, group=words_alone), *keys)
        found = summed(rows(heard, "uniqs", window, group=group), *keys, of="unique_ips")
        assert found.keys() == views.keys()
        assert all(found[cell] <= views[cell] for cell in found)
    of_addresses = rows(heard, "uniqs", window, group="ip")
    assert all(row["unique_ips"] == 1 for row in of_addresses)
    of_types = Counter((row["type"],) for row in of_addresses)
    assert summed(rows(heard, "uniqs", window, group="event", event="watch"), "type", of="unique_ips") == of_types


def law_6_a_window_has_at_most_its_days(heard: Heard, window: Window) -> None:
    """Law 6: the most of a day ≤ the window ≤ the sum of its days; of each country likewise."""
    for group in ("event", "event,country"):
        keys = ("type", *group.split(","))
        whole = summed(rows(heard, "uniqs", window, group=group), *keys, of="unique_ips")
        daily = rows(heard, "uniqs", window, group=f"date,{group}")
        sums, most = summed(daily, *keys, of="unique_ips"), Counter[Any]()
        for row in daily:
            cell = tuple(row[key] for key in keys)
            most[cell] = max(most[cell], row["unique_ips"])
        assert whole.keys() == sums.keys()
        assert all(most[cell] <= whole[cell] <= sums[cell] for cell in whole)


def law_8_popular_never_increases(heard: Heard, window: Window) -> None:
    """Law 8."""
    views = [row["views"] for row in rows(heard, "popular", window)]
    assert views == sorted(views, reverse=True)


def law_12_viewers_of_a_window_and_its_intervals(heard: Heard, window: Window) -> None:
    """Law 12: the most of an interval ≤ the window ≤ the sum; a coarse interval and its fine ones likewise."""
    for type_, kind in KINDS.items():
        (row,) = rows(heard, "cdn/uniqs", window, type=type_)
        series = {width: points(heard, f"{kind}/viewers", window, granularity=width) for width in WIDTHS}
        for found in series.values():
            assert max(found.values(), default=0) <= row["uniqs"] <= sum(found.values())
        for (_, fine), (width, coarse) in zip(list(series.items())[:-1], list(series.items())[1:], strict=True):
            for start, viewers in coarse.items():
                parts = [count for instant, count in fine.items() if start <= instant < start + WIDTHS[width]]
                assert max(parts, default=0) <= viewers <= sum(parts)


def law_13_who_watches_watches_minutes(heard: Heard, window: Window) -> None:
    """Law 13: minutes where there are viewers, and only there."""
    for kind in KINDS.values():
        for width in ("1m", "1h", "1d"):
            viewers = points(heard, f"{kind}/viewers", window, granularity=width)
            minutes = points(heard, f"{kind}/watching_duration", window, granularity=width)
            assert {start for start, count in viewers.items() if count} == {start for start, count in minutes.items() if count}
            assert viewers.keys() == minutes.keys()


def law_22_every_id_is_an_entity(heard: Heard, window: Window) -> None:
    """Law 22: of popular and of views; a video's lifetime views are at least those of a window."""
    catalogue = {"vod": "/streaming/videos", "live": "/streaming/streams", "playlist": "/streaming/playlists"}
    for type_, path in catalogue.items():
        more = {"per_page": 1000} if type_ == "vod" else {}
        entities = {entity["id"]: entity for entity in heard.ask("gcore", path, **more)}
        for row in rows(heard, "popular", window, type=type_):
            assert row["views"] <= entities[int(row["id"])].get("views", row["views"])
            of_id = rows(heard, "views", window, type=type_, id=row["id"])
            assert sum(one["views"] for one in of_id) == row["views"]


LAWS: list[Law] = [
    law_1_aggregates_count_the_same_views,
    law_2_groups_are_parts_of_the_whole,
    law_3_types_are_parts_of_the_whole,
    law_4_the_funnel_narrows,
    law_5_a_host_is_its_pages,
    law_6_addresses_are_at_most_views,
    law_6_a_window_has_at_most_its_days,
    law_8_popular_never_increases,
    law_12_viewers_of_a_window_and_its_intervals,
    law_13_who_watches_watches_minutes,
    law_22_every_id_is_an_entity,
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@same_worlds
@given(sketched=WORLDS, window=WINDOWS)
def test_on_random_worlds(heard: Hear, law: Law, sketched: list[Sketch], window: Window) -> None:
    law(heard(sketched), window)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_on_the_demo(demo_heard: Heard, law: Law) -> None:
    law(demo_heard, Window(TODAY - 2 * DAY + 3_333, TODAY + DAY))


@same_worlds
@given(sketched=QUIET_WORLDS)
def test_law_14_any_player_is_seen_by_the_network(heard: Hear, sketched: list[Sketch]) -> None:
    """Law 14: viewers of any player ≥ addresses that viewed in the built-in one."""
    said = heard(sketched)
    for type_ in TYPES:
        (row,) = rows(said, "cdn/uniqs", EVER, type=type_)
        assert row["uniqs"] >= sum(one["unique_ips"] for one in rows(said, "uniqs", EVER, type=type_, group="event", event="watch"))


# Transcoding, on random broadcasts of three streams.

BROADCASTS = st.lists(st.tuples(st.integers(0, 2), st.integers(-2 * DAY, 300), st.integers(1, 20_000)), max_size=8)
MINUTES = st.tuples(st.integers(-2 * 1440, 5), st.integers(1, 1500)).map(lambda pair: Window(NOW + 60 * pair[0], NOW + 60 * sum(pair)))


@pytest.fixture
def air(new_world: NewWorld, demo_heard: Heard) -> Callable[[list[tuple[int, int, int]]], Heard]:
    """What Gcore says of streams with those broadcasts: (which, start from now, seconds)."""

    def recorded(broadcasts: list[tuple[int, int, int]]) -> Heard:
        world = new_world()
        streams = world.recording.media([NewMedia(str(index), kind=MediaKind.live) for index in range(3)])
        world.recording.broadcasts([NewBroadcast(streams[which], NOW + start, NOW + start + seconds) for which, start, seconds in broadcasts])
        return Heard(world, demo_heard.web)

    return recorded


Air = Callable[[list[tuple[int, int, int]]], Heard]


def probed(heard: Heard, window: Window, units: str) -> set[int]:
    """The intervals in which anything arrived of any stream."""
    streams = [stream["id"] for stream in heard.ask("gcore", "/streaming/streams")]
    found = [row for id_ in streams for row in rows(heard, "ffprobe", window, stream_id=id_, interval=1, units=units)]
    assert all(row["sum_frames"] > 0 for row in found)
    return {instant_of(row["time"]) for row in found}


def obey_law_15(heard: Heard, window: Window) -> None:
    for width, units in (("1m", "minute"), ("1h", "hour"), ("1d", "day")):
        minutes, most = (points(heard, name, window, granularity=width) for name in ("stream", "max_stream"))
        assert all(minutes[start] <= most[start] * WIDTHS[width] // 60 for start in minutes)
        assert {start for start in minutes if minutes[start]} == {start for start in most if most[start]} == probed(heard, window, units)


@same_worlds
@given(broadcasts=BROADCASTS, window=MINUTES)
def test_law_15_on_air(air: Air, broadcasts: list[tuple[int, int, int]], window: Window) -> None:
    """Law 15: minutes ≤ streams at once × time; both where samples arrived, and only there. In windows of whole minutes: a sample is told where it begins."""
    obey_law_15(air(broadcasts), window)


@same_worlds
@given(broadcasts=BROADCASTS, window=WINDOWS)
def test_law_16_the_most_of_a_day(air: Air, broadcasts: list[tuple[int, int, int]], window: Window) -> None:
    """Law 16: a coarse interval has the most of its fine ones."""
    heard = air(broadcasts)
    fine = points(heard, "max_stream", window, granularity="5m")
    for start, most in points(heard, "max_stream", window, granularity="1h").items():
        assert most == max(count for instant, count in fine.items() if start <= instant < start + 3600)


@same_worlds
@given(broadcasts=BROADCASTS, window=WINDOWS)
def test_law_20_a_reseller_has_all_streams(air: Air, broadcasts: list[tuple[int, int, int]], window: Window) -> None:
    """Law 20: a reseller's minutes are the account's own; those of its streams add up to them but for rounding."""
    heard = air(broadcasts)
    whole = points(heard, "stream", window)
    assert points(heard, "reseller/stream", window) == whole
    of_each = heard.ask("gcore", "/streaming/statistics/reseller/stream", by_streams="true", **closed(window, "from_", "to"))
    for index, (start, minutes) in enumerate(whole.items()):
        parts = [element["metrics"]["streams"][index] for element in of_each]
        assert {instant for instant, _ in parts} == {start}
        assert minutes <= sum(count for _, count in parts) <= minutes + max(0, sum(count > 0 for _, count in parts) - 1)


def test_laws_15_and_16_on_the_demo(demo_heard: Heard) -> None:
    window = Window(TODAY - 3 * DAY, TODAY + DAY)
    obey_law_15(demo_heard, window)
    assert max(points(demo_heard, "max_stream", window, granularity="1d").values()) > 0


# Storage: of videos released in the last days, some of them not for an hour.

VIDEOS = st.lists(st.tuples(st.integers(-3 * DAY, 3600), st.integers(1, 5_000_000)), max_size=6)


def stored(new_world: NewWorld, demo_heard: Heard, videos: list[tuple[int, int]]) -> Heard:
    world = new_world()
    world.recording.media([NewMedia(str(index), duration_ms=length, released_at=NOW + start) for index, (start, length) in enumerate(videos)])
    return Heard(world, demo_heard.web)


@same_worlds
@given(videos=VIDEOS, window=WINDOWS)
def test_laws_17_to_19_of_storage(new_world: NewWorld, demo_heard: Heard, videos: list[tuple[int, int]], window: Window) -> None:
    heard = stored(new_world, demo_heard, videos)
    (element,) = heard.ask("gcore", "/streaming/statistics/storage", granularity="1d", **closed(window, "from_", "to"))
    series, most = element["metrics"]["storage"], element["metrics"]["max_volume_usage"]
    assert most == next(([start, size] for start, size in series if size == max(size for _, size in series)), [])
    minutes, transcoded = (points(heard, f"vod/{name}_duration", window) for name in ("storage", "transcoding"))
    assert [(start, size > 0) for start, size in series] == [(start, count > 0) for start, count in minutes.items()]
    levels = [*minutes.values()]
    assert levels == sorted(levels)
    ready = [video for video in heard.gcore_videos if video["status"] == "ready"]
    assert points(heard, "vod/storage_duration", Window(NOW, NOW + 1)) == {TODAY: -(-sum(video["duration"] for video in ready) // 60_000)}
    before = [*points(heard, "vod/storage_duration", Window(window.start - 1, window.start)).values()]
    for level in levels[-1:]:
        assert sum(transcoded.values()) >= level - before[0]


def stored_sizes(heard: Heard) -> Iterator[int]:
    """What the catalogue says that each video takes."""
    for video in heard.gcore_videos:
        yield video["origin_size"] + sum(rendition["size"] for rendition in video["converted_videos"])


@same_worlds
@given(videos=VIDEOS)
def test_what_is_stored_now_is_what_the_catalogue_lists(new_world: NewWorld, demo_heard: Heard, videos: list[tuple[int, int]]) -> None:
    heard = stored(new_world, demo_heard, videos)
    assert points(heard, "storage", Window(NOW, NOW + 1)) == {NOW // 3600 * 3600: sum(stored_sizes(heard))}
