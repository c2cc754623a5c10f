"""Every method of the statistics in Gcore's Python client, with every parameter:

what it makes of our answers is what `stats` says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from playhead import Server
from playhead.analytics import aggregates, catalog, lookups, watch_time
from playhead.analytics.query import Dimension, Filters, Milestone
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.analytics.uniques import UniqueBy, uniques
from playhead.domain.clock import DAY, parse_instant, utc_datetime
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.vendors.gcore import ids, vocabulary
from tests.clients.client_helpers import Answers, media_titled, open_snapshot, parsed_value
from tests.clients.environments import Call, client

METHODS = {
    "get_unique_viewers_cdn": "unique_viewers_cdn",
    "get_views": "views",
    "get_unique_viewers": "unique_viewers",
    "get_views_by_country": "views_by_country",
    "get_views_by_region": "views_by_region",
    "get_popular_videos": "popular_videos",
    "get_views_by_browsers": "views_by_browser",
    "get_views_by_operating_system": "views_by_operating_system",
    "get_views_by_referer": "views_by_referer",
    "get_views_by_hostname": "views_by_hostname",
    "get_views_heatmap": "views_heatmap",
    "get_ffprobes": "ffprobes",
    "get_stream_series": "stream_series",
    "get_max_streams_series": "max_streams_series",
    "get_storage_series": "storage_series",
    "get_vod_storage_volume": "vod_storage_volume",
    "get_vod_transcoding_duration": "vod_transcoding_duration",
    "get_vod_unique_viewers_cdn": "vod_unique_viewers_cdn",
    "get_vod_watch_time_cdn": "vod_watch_time",
    "get_vod_watch_time_total_cdn": "vod_watch_time_total",
    "get_live_unique_viewers": "live_unique_viewers",
    "get_live_watch_time_cdn": "live_watch_time",
    "get_live_watch_time_total_cdn": "live_watch_time_total",
}
OTHER_METHODS = {
    "streams.list": "streams",
    "streams.get": "stream",
    "videos.list": "videos",
    "videos.get": "video",
    "videos.list_names": "video_names",
    "playlists.list": "playlists",
    "playlists.get": "playlist",
    "broadcasts.get_spectators_count": "spectators",
}
pytestmark = [
    pytest.mark.xdist_group("gcore clients"),
    pytest.mark.covers(
        *(
            f"gcore.{name}"
            for name in (*METHODS.values(), *OTHER_METHODS.values(), "account_overview")
        )
    ),
]

KEY = "8_clients"
CLIENT = 8
VIDEO = "How It Works: Inside a Kettlemoor Grinder"
LIVE = "The Morning Desk"
SPECTATED = 3278898  # the broadcast around it
MAY: dict[str, Any] = {"date_from": "2024-05-01T00:00:00Z", "date_to": "2024-05-31T23:59:59Z"}
FROM_MAY: dict[str, Any] = {"from_": "2024-05-01T00:00:00Z", "to": "2024-05-31T23:59:59Z"}
IN_MAY = TimeRange(parse_instant("2024-05-01"), parse_instant("2024-06-01"))
DAYS = range(IN_MAY.start, IN_MAY.end, DAY)
MODES: dict[str, dict[str, object]] = {
    "synchronous": {},
    "synchronous, strict": {"strict": True},
    "asynchronous": {"async": True},
    "asynchronous, strict": {"async": True, "strict": True},
}
AnswerOf = Callable[[Snapshot], Any]


class ClientCall(NamedTuple):
    """A call, the class that the client returns, and what it must say."""

    method: str
    arguments: dict[str, Any]
    kind: str
    expected: AnswerOf


# What `stats` says, in the client's words.


def counted_by(
    dimension: Dimension,
    label: Callable[[Snapshot], Mapping[int, Any]],
    key: str,
    *fields: str,
    kind: MediaKind | None = None,
) -> AnswerOf:
    """Views by a word, the most first."""

    def said(stats: Snapshot) -> object:
        found = Counter[Any]()
        named = label(stats)
        for (number,), tally in aggregates.aggregate(
            stats,
            IN_MAY,
            dimensions=[dimension],
            filters=Filters(kinds=frozenset({kind}) if kind else None),
        ).items():
            found[named[number]] += tally.views
        rows = sorted((-views, named) for named, views in found.items() if views)
        return {
            "data": [
                {
                    "views": -views,
                    **dict(zip((key, *fields), named if fields else (named,), strict=True)),
                }
                for views, named in rows
            ]
        }

    return said


def regions(snapshot: Snapshot) -> Mapping[int, Any]:
    return {
        number: (place.subdivision, place.subdivision_name)
        for number, place in lookups.places(snapshot).items()
    }


def countries(snapshot: Snapshot) -> Mapping[int, Any]:
    return {
        number: (place.country, place.country_name)
        for number, place in lookups.places(snapshot).items()
    }


def browsers(snapshot: Snapshot) -> Mapping[int, str]:
    return {
        number: vocabulary.browser_family(device)
        for number, device in lookups.devices(snapshot).items()
    }


def systems(snapshot: Snapshot) -> Mapping[int, str]:
    return {
        number: vocabulary.os_family(device) for number, device in lookups.devices(snapshot).items()
    }


def referrers(snapshot: Snapshot) -> Mapping[int, str]:
    return {
        number: (page.url or "unknown").partition("?")[0]
        for number, page in lookups.pages(snapshot).items()
    }


def hosts(snapshot: Snapshot) -> Mapping[int, str]:
    return {
        number: page.url.split("/")[2] if page.url else "unknown"
        for number, page in lookups.pages(snapshot).items()
    }


def numbers(rows: Mapping[int, Any], wanted: str) -> list[int]:
    return [number for number, named in rows.items() if wanted == named or wanted in named[:1]]


def filtered_views(snapshot: Snapshot) -> Filters:
    """What the calls with every filter leave."""
    pages = numbers(hosts(snapshot), "example.com")
    places = numbers(countries(snapshot), "US")
    return Filters(
        frozenset({MediaKind.video}), [media_titled(snapshot, VIDEO).number], places, None, pages
    )


def popular(snapshot: Snapshot) -> object:
    found = aggregates.by_media(snapshot, IN_MAY)
    names = {media.number: media for media in catalog.media(snapshot)}
    given = {
        kind: catalog.aliases(snapshot, vocabulary.NAME, kind.name, found) for kind in MediaKind
    }
    rows = [
        (-tally.views, ids.id_of(number, given[names[number].kind].get(number, ())))
        for number, tally in found.items()
        if tally.views
    ]
    return {"data": [{"views": -views, "id": str(id_)} for views, id_ in sorted(rows)]}


def date(day: int) -> str:
    return utc_datetime(day).date().isoformat()


def views_by_day(snapshot: Snapshot) -> object:
    found = aggregates.aggregate(snapshot, IN_MAY, dimensions=[Dimension.kind, Dimension.day])
    types = {MediaKind.video: "vod", MediaKind.live: "live", MediaKind.playlist: "playlist"}
    return {
        "data": [
            {"views": tally.views, "date": date(day), "type": types[MediaKind(kind)]}
            for (kind, day), tally in sorted(found.items())
            if tally.views
        ]
    }


def starts_by_device(snapshot: Snapshot) -> object:
    found = Counter[tuple[Any, ...]]()
    system = systems(snapshot)
    browser = browsers(snapshot)
    for (day, device), tally in aggregates.aggregate(
        snapshot,
        IN_MAY,
        dimensions=[Dimension.day, Dimension.device],
        filters=filtered_views(snapshot),
    ).items():
        found[day, system[device], browser[device]] += tally.plays
    rows = sorted((day, -views, *named) for (day, *named), views in found.items() if views)
    return {
        "data": [
            {"views": -views, "date": date(day), "type": "vod", "os": os, "browser": name}
            for day, views, os, name in rows
        ]
    }


def addresses_by_day(snapshot: Snapshot) -> object:
    found = uniques(
        snapshot,
        IN_MAY,
        unique_by=UniqueBy.address,
        milestone=Milestone.play,
        dimensions=[Dimension.day],
        filters=filtered_views(snapshot),
    )
    return {
        "data": [
            {"unique_ips": count, "date": date(day), "type": "vod"}
            for (day,), count in sorted(found.items())
        ]
    }


def addresses(snapshot: Snapshot) -> object:
    found = uniques(
        snapshot,
        IN_MAY,
        unique_by=UniqueBy.address,
        milestone=Milestone.view,
        dimensions=[Dimension.kind, Dimension.day],
    )
    types = {MediaKind.video: "vod", MediaKind.live: "live", MediaKind.playlist: "playlist"}
    return {
        "data": [
            {"unique_ips": count, "date": date(day), "type": types[MediaKind(kind)]}
            for (kind, day), count in sorted(found.items())
        ]
    }


def viewers(*kinds: tuple[str, MediaKind], title: str | None = None) -> AnswerOf:
    def said(stats: Snapshot) -> object:
        media = [media_titled(stats, title).number] if title else None
        return {
            "data": [
                {"uniqs": watch_time.viewers(stats, IN_MAY, kind=kind, media=media), "type": name}
                for name, kind in kinds
            ]
        }

    return said


def series(
    name: str, values: Callable[[Snapshot], Mapping[int, int]], starts: Sequence[int] = DAYS
) -> AnswerOf:
    """The one element of a series."""

    def said(stats: Snapshot) -> object:
        found = values(stats)
        return [{"client": CLIENT, "metrics": {name: [[start, found[start]] for start in starts]}}]

    return said


def viewers_by(
    width: int, kind: MediaKind, title: str | None = None
) -> Callable[[Snapshot], Mapping[int, int]]:
    return lambda stats: watch_time.viewers_by_interval(
        stats,
        IN_MAY,
        kind=kind,
        width=width,
        media=[media_titled(stats, title).number] if title else None,
    )


def minutes_by(
    width: int, kind: MediaKind, title: str | None = None
) -> Callable[[Snapshot], Mapping[int, int]]:
    def said(stats: Snapshot) -> Counter[int]:
        media = [media_titled(stats, title).number] if title else None
        watched = watch_time.seconds_by_interval(
            stats, IN_MAY, kind=kind, width=min(width, DAY), media=media
        )
        found = Counter[int]()
        for start, seconds in watched.items():
            found[IN_MAY.start if width > DAY else start] += seconds
        return Counter({start: -(-seconds // 60) for start, seconds in found.items()})

    return said


def total(kind: MediaKind, **echoed: Any) -> AnswerOf:
    """Minutes ever, or of one media in May, where filters are echoed."""

    def said(stats: Snapshot) -> object:
        media = [media_titled(stats, VIDEO if kind is MediaKind.video else LIVE).number]
        in_may = watch_time.seconds_by_interval(
            stats, IN_MAY, kind=kind, width=DAY, media=media
        ).total()
        seconds = in_may if echoed else watch_time.total_seconds(stats, kind=kind)
        return [{"client": CLIENT, "duration": -(-seconds // 60), **echoed}]

    return said


def on_air(snapshot: Snapshot, title: str | None = None) -> list[TimeRange]:
    """Broadcasts in May, which none of the demo's leaves or enters."""
    runs = catalog.broadcasts(snapshot)
    wanted = runs if title is None else [media_titled(snapshot, title).number]
    return sorted(
        TimeRange(run.started_at, run.ended_at)
        for number in wanted
        for run in runs[number]
        if IN_MAY.start <= run.started_at < IN_MAY.end
    )


def transcoded(snapshot: Snapshot) -> Counter[int]:
    found = Counter[int]()
    for run in on_air(snapshot):
        assert run.start // DAY == (run.end - 1) // DAY
        found[run.start // DAY * DAY] += run.end - run.start
    return Counter({day: -(-seconds // 60) for day, seconds in found.items()})


def peak_concurrency(snapshot: Snapshot) -> Counter[int]:
    found = Counter[int]()
    for run in on_air(snapshot):
        day = run.start // DAY * DAY
        found[day] = max(
            found[day], sum(other.start <= run.start < other.end for other in on_air(snapshot))
        )
    return found


def stored_by(snapshot: Snapshot, instant: int) -> list[catalog.Media]:
    return [
        media
        for media in catalog.media(snapshot)
        if media.kind is MediaKind.video and media.processed_at < instant
    ]


def stored_minutes(snapshot: Snapshot) -> dict[int, int]:
    return {
        day: -(-sum(media.duration_ms for media in stored_by(snapshot, day + DAY)) // 60_000)
        for day in DAYS
    }


def new_minutes(snapshot: Snapshot) -> dict[int, int]:
    return {
        day: -(
            -sum(
                media.duration_ms
                for media in stored_by(snapshot, day + DAY)
                if media.processed_at >= day
            )
            // 60_000
        )
        for day in DAYS
    }


# Without a word of expectation: their figures are compared elsewhere.
COMPARED = lambda _stats: None  # noqa: E731  # a value of a table

FILTERS: dict[str, Any] = {
    "type": "vod",
    "id": "12345",
    "event": "start",
    "host": "example.com",
    "country": "US",
}
OF_LIVE: dict[str, Any] = {"stream_id": 12345, "client_user_id": 2400001}
OF_VOD: dict[str, Any] = {"slug": "F0000000MxmUA", "client_user_id": 2400001}
DAILY = {"granularity": "1d"}
VOD = MediaKind.video
STREAM = MediaKind.live
HOURS = range(IN_MAY.start, IN_MAY.end, 3600)
BOTH = (("vod", VOD), ("live", STREAM), ("playlist", MediaKind.playlist))
CALLS = [
    ClientCall("get_unique_viewers_cdn", MAY, "UniqueViewersCDN", viewers(*BOTH)),
    ClientCall(
        "get_unique_viewers_cdn",
        {**MAY, "type": "live", "id": "12345"},
        "UniqueViewersCDN",
        viewers(BOTH[1], title=LIVE),
    ),
    ClientCall("get_views", MAY, "Views", views_by_day),
    ClientCall(
        "get_views", {**MAY, **FILTERS, "group": ["os", "browser"]}, "Views", starts_by_device
    ),
    ClientCall("get_unique_viewers", MAY, "UniqueViewers", addresses),
    ClientCall(
        "get_unique_viewers",
        {**MAY, **FILTERS, "group": ["date"]},
        "UniqueViewers",
        addresses_by_day,
    ),
    ClientCall(
        "get_views_by_country",
        MAY,
        "ViewsByCountry",
        counted_by(Dimension.place, countries, "country", "country_name"),
    ),
    ClientCall(
        "get_views_by_country",
        {**MAY, "type": "vod"},
        "ViewsByCountry",
        counted_by(Dimension.place, countries, "country", "country_name", kind=VOD),
    ),
    ClientCall(
        "get_views_by_region",
        MAY,
        "ViewsByRegion",
        counted_by(Dimension.place, regions, "region", "region_name"),
    ),
    ClientCall(
        "get_views_by_region",
        {**MAY, "type": "live"},
        "ViewsByRegion",
        counted_by(Dimension.place, regions, "region", "region_name", kind=STREAM),
    ),
    ClientCall("get_popular_videos", MAY, "PopularVideos", popular),
    ClientCall("get_popular_videos", {**MAY, "type": "playlist"}, "PopularVideos", COMPARED),
    ClientCall(
        "get_views_by_browsers",
        MAY,
        "ViewsByBrowser",
        counted_by(Dimension.device, browsers, "browser"),
    ),
    ClientCall(
        "get_views_by_browsers",
        {**MAY, "type": "vod"},
        "ViewsByBrowser",
        counted_by(Dimension.device, browsers, "browser", kind=VOD),
    ),
    ClientCall(
        "get_views_by_operating_system",
        MAY,
        "ViewsByOperatingSystem",
        counted_by(Dimension.device, systems, "os"),
    ),
    ClientCall(
        "get_views_by_operating_system",
        {**MAY, "type": "live"},
        "ViewsByOperatingSystem",
        counted_by(Dimension.device, systems, "os", kind=STREAM),
    ),
    ClientCall(
        "get_views_by_referer",
        MAY,
        "ViewsByReferer",
        counted_by(Dimension.page, referrers, "embed_url"),
    ),
    ClientCall(
        "get_views_by_referer",
        {**MAY, "type": "vod"},
        "ViewsByReferer",
        counted_by(Dimension.page, referrers, "embed_url", kind=VOD),
    ),
    ClientCall(
        "get_views_by_hostname", MAY, "ViewsByHostname", counted_by(Dimension.page, hosts, "host")
    ),
    ClientCall(
        "get_views_by_hostname",
        {**MAY, "type": "live"},
        "ViewsByHostname",
        counted_by(Dimension.page, hosts, "host", kind=STREAM),
    ),
    ClientCall(
        "get_views_heatmap", {**MAY, "type": "vod", "stream_id": "12345"}, "ViewsHeatmap", COMPARED
    ),
    ClientCall("get_ffprobes", {**MAY, "stream_id": "12345"}, "Ffprobes", COMPARED),
    ClientCall(
        "get_ffprobes",
        {**MAY, "stream_id": "12345", "interval": 1, "units": "hour"},
        "Ffprobes",
        COMPARED,
    ),
    ClientCall("get_stream_series", FROM_MAY, "list[StreamSeriesItem]", COMPARED),
    ClientCall(
        "get_stream_series",
        {**FROM_MAY, **DAILY},
        "list[StreamSeriesItem]",
        series("streams", transcoded),
    ),
    ClientCall(
        "get_max_streams_series",
        {**FROM_MAY, **DAILY},
        "list[MaxStreamSeriesItem]",
        series("streams", peak_concurrency),
    ),
    ClientCall("get_storage_series", {**FROM_MAY, **DAILY}, "list[StorageSeriesItem]", COMPARED),
    ClientCall(
        "get_vod_storage_volume",
        FROM_MAY,
        "list[VodStatisticsSeriesItem]",
        series("vod", stored_minutes),
    ),
    ClientCall(
        "get_vod_transcoding_duration",
        FROM_MAY,
        "list[VodStatisticsSeriesItem]",
        series("vod", new_minutes),
    ),
    ClientCall(
        "get_vod_unique_viewers_cdn",
        FROM_MAY,
        "list[VodStatisticsSeriesItem]",
        series("vod", viewers_by(3600, VOD), HOURS),
    ),
    ClientCall(
        "get_vod_unique_viewers_cdn",
        {**FROM_MAY, **OF_VOD, **DAILY},
        "list[VodStatisticsSeriesItem]",
        series("vod", viewers_by(DAY, VOD, VIDEO)),
    ),
    ClientCall(
        "get_vod_watch_time_cdn",
        {**FROM_MAY, **DAILY},
        "list[VodStatisticsSeriesItem]",
        series("vod", minutes_by(DAY, VOD)),
    ),
    ClientCall(
        "get_vod_watch_time_cdn",
        {**FROM_MAY, **OF_VOD, "granularity": "1mo"},
        "list[VodStatisticsSeriesItem]",
        series("vod", minutes_by(31 * DAY, VOD, VIDEO), [IN_MAY.start]),
    ),
    ClientCall(
        "get_vod_watch_time_total_cdn",
        {},
        "list[StatisticGetVodWatchTimeTotalCDNResponseItem]",
        total(VOD),
    ),
    ClientCall(
        "get_vod_watch_time_total_cdn",
        {**FROM_MAY, **OF_VOD},
        "list[StatisticGetVodWatchTimeTotalCDNResponseItem]",
        total(VOD, **OF_VOD),
    ),
    ClientCall(
        "get_live_unique_viewers",
        FROM_MAY,
        "list[StatisticGetLiveUniqueViewersResponseItem]",
        series("streams", viewers_by(3600, STREAM), HOURS),
    ),
    ClientCall(
        "get_live_unique_viewers",
        {**FROM_MAY, **OF_LIVE, **DAILY},
        "list[StatisticGetLiveUniqueViewersResponseItem]",
        series("streams", viewers_by(DAY, STREAM, LIVE)),
    ),
    ClientCall(
        "get_live_watch_time_cdn",
        {**FROM_MAY, **OF_LIVE, **DAILY},
        "list[StreamSeriesItem]",
        series("streams", minutes_by(DAY, STREAM, LIVE)),
    ),
    ClientCall(
        "get_live_watch_time_total_cdn", {}, "list[VodTotalStreamDurationSeriesItem]", total(STREAM)
    ),
    ClientCall(
        "get_live_watch_time_total_cdn",
        {**FROM_MAY, **OF_LIVE},
        "list[VodTotalStreamDurationSeriesItem]",
        total(STREAM, stream_id="12345", client_user_id=2400001),
    ),
]
# Of the catalogue: the class, and some of the keys.
CATALOGUE: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("streaming.streams.list", {"page": 1, "with_broadcasts": 0}, "PageStreaming[Stream]", {}),
    (
        "streaming.streams.get",
        {"stream_id": 12345},
        "Stream",
        {"name": LIVE, "broadcast_ids": [SPECTATED]},
    ),
    (
        "streaming.videos.list",
        {
            "id": "12345",
            "search": "grinder",
            "status": "ready",
            "client_user_id": 2400001,
            "stream_id": 0,
            "fields": "id",
            "page": 1,
            "per_page": 5,
        },
        "PageStreaming[VideoListResponse]",
        {},
    ),
    ("streaming.videos.get", {"video_id": 12345}, "Video", {"name": VIDEO, "status": "ready"}),
    ("streaming.playlists.list", {"page": 1}, "PageStreaming[Playlist]", {}),
    (
        "streaming.playlists.get",
        {"playlist_id": 12345},
        "Playlist",
        {"name": "Conference Highlights", "playlist_type": "live", "client_id": CLIENT},
    ),
    (
        "streaming.broadcasts.get_spectators_count",
        {"broadcast_id": SPECTATED},
        "BroadcastSpectatorsCount",
        {"spectators_count": 0},
    ),
    (
        "iam.get_account_overview",
        {},
        "AccountOverview",
        {"id": CLIENT, "status": "active", "capabilities": ["STREAMING"]},
    ),
]


def call_id(call: ClientCall) -> str:
    return f"{call.method} {' '.join(map(str, call.arguments))}"


@pytest.fixture(scope="module")
def answers(demo: Server) -> Answers:
    """Every question in every mode, in one process."""
    calls = [
        Call("methods", "streaming.statistics", {}, {"list": True}),
        Call("methods, asynchronous", "streaming.statistics", {}, {"list": True, "async": True}),
    ]
    for mode, options in MODES.items():
        calls += [
            Call(
                f"{mode}: {call_id(one)}",
                f"streaming.statistics.{one.method}",
                one.arguments,
                options,
            )
            for one in CALLS
        ]
        calls += [
            Call(f"{mode}: {method}", method, arguments, options)
            for method, arguments, _, _ in CATALOGUE
        ]
        calls += [
            Call(f"{mode}: names", "streaming.videos.list_names", {"ids": [12345, 65432]}, options)
        ]
    return client("gcore-0.59.0").run(base_url=demo.url, key=KEY, calls=calls)


@pytest.fixture
def snapshot(demo: Server) -> Iterator[Snapshot]:
    """The same account as `stats` reads it, all kinds of media."""
    with open_snapshot(demo, KEY, Visibility(frozenset(MediaKind))) as found:
        yield found


@pytest.mark.parametrize("asked", ["methods", "methods, asynchronous"])
def test_every_method_is_called_with_every_parameter(answers: Answers, asked: str) -> None:
    there_are = {
        name: {*parameters}
        for name, parameters in answers[asked].value.items()
        if name not in ("with_raw_response", "with_streaming_response")
    }
    called: dict[str, set[str]] = {}
    for question in CALLS:
        called.setdefault(question.method, set()).update(question.arguments)
    assert called == there_are
    assert METHODS.keys() == there_are.keys()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("question", CALLS, ids=call_id)
def test_the_client_makes_of_it_what_stats_says(
    answers: Answers, snapshot: Snapshot, mode: str, question: ClientCall
) -> None:
    answer = answers[f"{mode}: {call_id(question)}"]
    expected = question.expected(snapshot)
    if (
        "strict" in mode
        and "Series" in question.kind + question.method
        and "Storage" not in question.kind
        and "total" not in question.method
    ):
        # Validation refuses pairs by design: then the series is in the error — evidence/gcore.md
        # §0.2, §6.1.
        assert (answer.ok, answer.error, answer.status) == (
            False,
            "APIResponseValidationError",
            200,
        )
        said = answer.body
    elif "strict" in mode and question.method == "get_live_unique_viewers":
        assert (answer.ok, answer.error) == (False, "APIResponseValidationError")
        said = answer.body
    else:
        said = parsed_value(answer, question.kind)
    assert said
    assert expected is None or said == expected


def test_figures_are_there(answers: Answers) -> None:
    """What is equal to nothing at both ends would show nothing."""
    for question in CALLS:
        said = answers[f"synchronous: {call_id(question)}"].value
        rows = (
            said["data"]
            if isinstance(said, dict)
            else next(iter(said[0].get("metrics", {"": [[0, said[0].get("duration")]]}).values()))
        )
        assert rows, call_id(question)
        assert any(row[1] if isinstance(row, list) else True for row in rows), call_id(question)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("method", "arguments", "kind", "expected"), CATALOGUE, ids=[method for method, *_ in CATALOGUE]
)
def test_the_catalogue(
    answers: Answers,
    mode: str,
    method: str,
    arguments: dict[str, Any],
    kind: str,
    expected: dict[str, Any],
) -> None:
    prefix = (
        ("Async" if mode.startswith("asynchronous") else "Sync") if kind.startswith("Page") else ""
    )
    said = parsed_value(answers[f"{mode}: {method}"], prefix + kind)
    assert {name: said[name] for name in expected} == expected


@pytest.mark.parametrize("mode", MODES)
def test_names_are_not_read_by_the_client(answers: Answers, mode: str) -> None:
    answer = answers[f"{mode}: names"]
    assert (answer.ok, answer.value) == (True, None)
