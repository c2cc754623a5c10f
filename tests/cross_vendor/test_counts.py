"""One world, three vendors: counts, breakdowns and series that two of them are asked for, at an
instant when nothing runs.

| question | asked of | agreement |
|---|---|---|
| how often was each video loaded | all | `loads_of_each_video` |
| how often was each played | all, api.video in two ways | `plays_of_each_video` |
| how often was each viewed (≥ 5 s) | Gcore in two ways, api.video | `views_of_each_media` |
| on which day were they played | all, api.video in two ways | `plays_by_day` |
| from which country | Gcore, api.video in two ways | `countries` |
| on what | Gcore, api.video | `devices` |
| on which system | Gcore, api.video | `systems` |
| on which page | Gcore, api.video, Wistia | `pages` |
| how long did they watch | Gcore, api.video | `watch_time` |
| how many plays of three seconds and more, by how many | Wistia, api.video |
`plays_that_analytics_count` |
| how large is each file | Wistia, Gcore | `sizes` |

`test_agreement.py` compares what single viewings tell; this what is counted of many. api.video
keeps thirty days, so the question is of twenty.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import example, given

from playhead import Server
from playhead.domain.time_range import TimeRange
from tests.analytics.world_sketches import ViewingSketch
from tests.cross_vendor.test_agreement import idle_instant
from tests.invariants.vendor_client import (
    ENDED_WORLDS,
    SHORT_VIEWINGS,
    TODAY,
    Live,
    VendorClient,
    Video,
    WorldFactory,
    closed_interval_params,
    format_iso,
    iso_date,
    record_and_query,
    shared_examples,
)
from tests.worlds import DAY, NOW, World

pytestmark = [
    pytest.mark.invariants,
    pytest.mark.covers(
        "gcore.views",
        "gcore.views_by_country",
        "gcore.popular_videos",
        "gcore.views_by_operating_system",
        "gcore.views_by_referer",
        "gcore.vod_watch_time_total",
        "gcore.live_watch_time_total",
        "gcore.videos",
        "wistia.media_by_date",
        "wistia.medias",
        "wistia.analytics_media",
        "wistia.analytics_media_embed_locations",
        "apivideo.videos_plays",
        "apivideo.live_streams_plays",
        "apivideo.metric",
        "apivideo.metric_breakdown",
        "apivideo.metric_over_time",
    ),
]

FIRST_DAY = TODAY - 20 * DAY
UP_TO_NOW = TimeRange(FIRST_DAY, NOW + 1)
DAYS = TimeRange(FIRST_DAY, TODAY)
KINDS = {"vod": "video", "live": "live-stream"}


def by_gcore(
    client: VendorClient, time_range: TimeRange, *group: str, event: str = "start", **filters: str
) -> Counter[tuple[Any, ...]]:
    """Views by (type, *group) of videos and live streams: playlists have Gcore alone."""
    asked = [*(name for name in group if name != "date"), "id"]  # by date they are anyhow
    rows = client.get_json(
        "gcore",
        "/streaming/statistics/views",
        **closed_interval_params(time_range, "date_from", "date_to"),
        group=asked,
        event=event,
        **filters,
    )["data"]
    found = Counter[tuple[Any, ...]]()
    for row in rows:
        if row["type"] in KINDS:
            found[row["type"], *(row[name] for name in group)] += row["views"]
    return found


def entities(client: VendorClient) -> Iterator[tuple[str, Video | Live]]:
    """(Gcore's type, media)."""
    yield from (("vod", video) for video in client.videos)
    yield from (("live", live) for live in client.lives)


def loads_of_each_video(client: VendorClient) -> None:
    """Wistia's load_count of the days = api.video's impressions = Gcore's inits."""
    inits = by_gcore(client, DAYS, "id", event="init")
    impressions = client.buckets("impression/media-id", DAYS)
    for video in client.videos:
        assert (
            inits["vod", video.gcore]
            == impressions.get(video.apivideo, 0)
            == by_day(client, video, "load_count")
        )


def by_day(client: VendorClient, video: Video, field: str) -> int:
    return sum(
        row[field]
        for date, row in client.by_date(f"medias/{video.wistia}").items()
        if iso_date(FIRST_DAY) <= date < iso_date(TODAY)
    )


def plays_of_each_video(client: VendorClient) -> None:
    """Wistia's play_count of the days = api.video's plays and play/media-id = Gcore's starts."""
    days = {"from_": iso_date(FIRST_DAY), "to": iso_date(TODAY)}
    plays = client.plays_by_dimension(
        "/analytics/videos/plays", "videoId", **days
    ) | client.plays_by_dimension("/analytics/live-streams/plays", "liveStreamId", **days)
    starts = by_gcore(client, DAYS, "id")
    played = client.buckets("play/media-id", DAYS)
    for kind, media in entities(client):
        assert (
            starts[kind, media.gcore]
            == plays.get(media.apivideo, 0)
            == played.get(media.apivideo, 0)
        )
        if isinstance(media, Video):
            assert starts[kind, media.gcore] == by_day(client, media, "play_count")


def views_of_each_media(client: VendorClient) -> None:
    """Gcore's watches = its popular = api.video's views of five seconds."""
    watched = by_gcore(client, UP_TO_NOW, "id", event="watch")
    views = client.buckets("view/media-id", UP_TO_NOW)
    for kind in KINDS:
        popular = client.get_json(
            "gcore",
            "/streaming/statistics/popular",
            **closed_interval_params(UP_TO_NOW, "date_from", "date_to"),
            type=kind,
        )["data"]
        said = {media.apivideo: media.gcore for type_, media in entities(client) if type_ == kind}
        assert {row["id"]: row["views"] for row in popular} == {
            str(id_): watched[kind, id_] for id_ in said.values() if watched[kind, id_]
        }
        assert {said[id_]: count for id_, count in views.items() if id_ in said} == {
            id_: watched[kind, id_] for id_ in said.values() if watched[kind, id_]
        }


def plays_by_day(client: VendorClient) -> None:
    """api.video's plays by day, of both generations = Gcore's starts by date, videos and live
    streams apart.
    """
    for path, kind in (("videos", "vod"), ("live-streams", "live")):
        days = client.plays_by_dimension(
            f"/analytics/{path}/plays", "emittedAt", from_=iso_date(FIRST_DAY), to=iso_date(TODAY)
        )
        starts = {
            date: count
            for (type_, date), count in by_gcore(client, DAYS, "date").items()
            if type_ == kind
        }
        points = client.timeseries(
            "play", DAYS, interval="day", **{"filterBy[mediaType]": KINDS[kind]}
        )
        assert (
            {at[:10]: count for at, count in days.items()}
            == {at[:10]: count for at, count in points.items()}
            == starts
        )


def countries(client: VendorClient) -> None:
    """Gcore's countries = api.video's views of five seconds by country.

    Api.video's plays by name = by code.
    """
    for kind, type_ in KINDS.items():
        which = {"filterBy[mediaType]": type_}
        assert client.views_by_country(UP_TO_NOW, kind) == client.buckets(
            "view/country", UP_TO_NOW, **which
        )
    days = {"from_": iso_date(FIRST_DAY), "to": iso_date(TODAY)}
    named = client.plays_by_dimension("/analytics/videos/plays", "country", **days)
    coded = client.buckets("play/country", DAYS, **{"filterBy[mediaType]": "video"})
    assert sorted(named.values()) == sorted(coded.values())


PLATFORMS = {
    "computer": "desktop",
    "phone": "mobile",
    "tablet": "tablet",
    "tv": "tv",
    "console": "other",
}


def devices(client: VendorClient) -> None:
    """Gcore's platforms = api.video's device types, of plays."""
    starts = Counter[str]()
    for (_, platform), count in by_gcore(client, UP_TO_NOW, "platform").items():
        starts[platform] += count
    assert {
        PLATFORMS[name]: count
        for name, count in client.buckets("play/device-type", UP_TO_NOW).items()
    } == starts


# What Gcore and api.video call the same; one word of one stands for several of the other in no
# case.
SYSTEMS = {
    "windows": "Windows",
    "mac osx": "Mac OS X",
    "ios": "iOS",
    "android": "Android",
    "linux": "Linux",
}


def systems(client: VendorClient) -> None:
    """Gcore's systems = api.video's operating systems, of views of five seconds, for the five that
    api.video documents.
    """
    rows = [
        client.get_json(
            "gcore",
            "/streaming/statistics/systems",
            **closed_interval_params(UP_TO_NOW, "date_from", "date_to"),
            type=kind,
        )["data"]
        for kind in KINDS
    ]
    said = sum(
        (Counter({row["os"]: row["views"] for row in found}) for found in rows), Counter[str]()
    )
    views = client.buckets("view/operating-system", UP_TO_NOW)
    assert {SYSTEMS[name]: count for name, count in views.items() if name in SYSTEMS} == {
        name: said[name] for name in SYSTEMS.values() if said[name]
    }


def pages(client: VendorClient) -> None:
    """Gcore's embeds = api.video's referrers, of views of five seconds.

    Wistia's embed locations = api.video's, of plays of three.
    """
    for kind, type_ in KINDS.items():
        embeds = client.get_json(
            "gcore",
            "/streaming/statistics/embeds",
            **closed_interval_params(UP_TO_NOW, "date_from", "date_to"),
            type=kind,
        )["data"]
        views = Counter[str]()
        for url, count in client.buckets(
            "view/referrer", UP_TO_NOW, **{"filterBy[mediaType]": type_}
        ).items():
            views[url.partition("?")[0] or "unknown"] += int(count)
        assert {row["embed_url"]: row["views"] for row in embeds} == views
    for video in client.videos:
        window = {"start_date": iso_date(FIRST_DAY), "end_date": iso_date(TODAY)}
        locations = client.get_json(
            "wistia",
            f"/modern/analytics/medias/{video.wistia}/embed_locations",
            per_page=100,
            **window,
        )
        longer = client.buckets(
            "view/referrer", DAYS, viewDuration="3s", **{"filterBy[mediaId][]": video.apivideo}
        )
        assert {row["embed_url"]: row["plays"] for row in locations if row["plays"]} == {
            url: count for url, count in longer.items() if url
        }


def watch_time(client: VendorClient) -> None:
    """Gcore's minutes, rounded up once = api.video's seconds of the same wall clock."""
    for path, type_ in (("vod", "video"), ("stream", "live-stream")):
        minutes = client.get_json(
            "gcore",
            f"/streaming/statistics/{path}/watching_duration/total",
            **closed_interval_params(UP_TO_NOW, "from_", "to"),
        )[0]["duration"]
        seconds = client.metric("watch-time/sum", UP_TO_NOW, **{"filterBy[mediaType]": type_})
        assert minutes == -(-int(seconds) // 60)


def plays_that_analytics_count(client: VendorClient) -> None:
    """Wistia's analytics of a day = api.video's views of three seconds, and its unique ones.

    Of several days plays add up.
    """
    for video in client.videos:
        which = {"viewDuration": "3s", "filterBy[mediaId][]": video.apivideo}
        whole = client.get_json(
            "wistia",
            f"/modern/analytics/medias/{video.wistia}",
            start_date=iso_date(FIRST_DAY),
            end_date=iso_date(TODAY),
        )
        assert whole["plays"] == client.metric("view/count", DAYS, **which)
        day = TimeRange(TODAY - DAY, TODAY)
        one = client.get_json(
            "wistia",
            f"/modern/analytics/medias/{video.wistia}",
            start_date=iso_date(day.start),
            end_date=iso_date(day.end),
        )
        assert (one["plays"], one["unique_plays"]) == (
            client.metric("view/count", day, **which),
            client.metric("view/count", day, unique="true", **which),
        )


def sizes(client: VendorClient) -> None:
    """The size of Wistia's original file = Gcore's origin_size."""
    said = {video["id"]: video["origin_size"] for video in client.gcore_videos}
    files = {
        media["hashed_id"]: next(
            asset["fileSize"] for asset in media["assets"] if asset["type"] == "OriginalFile"
        )
        for media in client.wistia_medias
    }
    assert {video.wistia: said[video.gcore] for video in client.videos} == files


INVARIANTS: list[Callable[[VendorClient], None]] = [
    loads_of_each_video,
    plays_of_each_video,
    views_of_each_media,
    plays_by_day,
    countries,
    devices,
    systems,
    pages,
    watch_time,
    plays_that_analytics_count,
    sizes,
]
every_invariant = pytest.mark.parametrize(
    "agreement", INVARIANTS, ids=lambda agreement: agreement.__name__
)


@every_invariant
@shared_examples
@given(sketched=ENDED_WORLDS)
@example(sketched=SHORT_VIEWINGS)
def test_on_random_worlds(
    new_world: WorldFactory,
    web: httpx.Client,
    agreement: Callable[[VendorClient], None],
    sketched: list[ViewingSketch],
) -> None:
    agreement(record_and_query(new_world, web, sketched))


@pytest.fixture(scope="module")
def idle_demo_client(demo: Server, web: httpx.Client) -> Iterator[VendorClient]:
    """The demo at the last instant of its clock's day at which nothing runs."""
    with Server(scenario="demo", now=format_iso(idle_instant(demo))) as server:
        yield VendorClient(World(server, "agreement"), web)


@every_invariant
def test_on_the_demo(
    idle_demo_client: VendorClient, agreement: Callable[[VendorClient], None]
) -> None:
    agreement(idle_demo_client)


def test_who_watches_a_live_stream_now(world: World, web: httpx.Client) -> None:
    """Gcore's spectators = api.video's unique concurrent viewers, while they watch."""
    air = world.live(ids={"apivideo": ["liAir"]})
    world.broadcast(air, format_iso(NOW - 600), format_iso(NOW + 600))
    world.watch(air, "ana", NOW - 300, (300, 700))
    world.watch(air, "ana", NOW - 200, (400, 700))  # in a second tab
    world.watch(air, "bo", NOW - 200, (400, 700))
    world.watch(air, "cy", NOW - 200, (400, 500))  # who has left
    (stream,) = world.get(web, "gcore", "/streaming/streams").json()
    spectators = world.get(
        web, "gcore", f"/streaming/broadcasts/{stream['broadcast_ids'][0]}/spectators"
    ).json()
    now = world.get(
        web, "apivideo", "/data/metrics/ccv/live", unique="true", **{"filterBy[mediaId][]": "liAir"}
    ).json()
    assert (spectators, now["data"]) == ({"spectators_count": 2}, 2)
