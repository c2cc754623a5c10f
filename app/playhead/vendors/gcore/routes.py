"""Gcore's routes: translate, ask, fill the shape."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter
from pydantic import MISSING

from playhead.clock import utc
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.gate import GatedRoute
from playhead.stats import library, positions, tallies, watching
from playhead.stats.naming import Naming
from playhead.vendor import Asked, nearest
from playhead.vendors.gcore import catalogue, figures, words
from playhead.vendors.gcore.queries import KINDS, Countries, Heatmap, Streams, Type, Videos, WatchTime, WatchTimeTotal
from playhead.vendors.gcore.shapes import CountryViews, HeatmapRow, Stream, StreamMetrics, StreamSeries, StreamTotal, Video, ViewsByCountry, ViewsHeatmap
from playhead.world.terms import MediaKind

routes = APIRouter(route_class=GatedRoute)


@routes.get("/streaming/statistics/countries")
def views_by_country(query: Countries, asked: Asked) -> ViewsByCountry:
    """Views by country in the built-in player, the most first."""
    found = tallies.by_country(asked, query.window, kind=KINDS[query.type] if query.type else None)
    rows = sorted((-tally.views, country.code, country.name) for country, tally in found.items() if tally.views)
    return ViewsByCountry(data=[CountryViews(views=-views, country=code, country_name=name) for views, code, name in rows])


@routes.get("/streaming/statistics/heatmap")
def views_heatmap(query: Heatmap, asked: Asked) -> ViewsHeatmap:
    """What part of an entity its viewers watched: seconds of a video, instants of a live stream or playlist."""
    number = words.entity(Naming(asked, words.NAME), KINDS[query.type].name, query.stream_id)
    found = next((media for media in library.media(asked, numbers=[number] if number is not None else []) if media.kind is KINDS[query.type]), None)
    if found is None:  # an unknown entity is one that nobody watched — §1.6
        return ViewsHeatmap(data=[])
    if query.type is Type.vod:
        seen = positions.passes(asked, media=found.number, seconds=found.seconds, within=query.window).first
        return ViewsHeatmap(data=[HeatmapRow(viewers=viewers, seconds=second, time=MISSING) for second, viewers in figures.samples(seen)])
    audience = watching.audience_at(asked, query.window, media=found.number, step=figures.INSTANT_STEP)
    return ViewsHeatmap(data=[HeatmapRow(viewers=viewers, seconds=MISSING, time=f"{utc(at):%Y-%m-%d %H:%M:%S}") for at, viewers in audience])


@routes.get("/streaming/statistics/stream/watching_duration")
def live_watch_time(query: WatchTime, asked: Asked) -> list[StreamSeries]:
    """Minutes of live streams watched, each interval rounded up by itself."""
    media = catalogue.numbers_of_streams(asked, stream_id=query.stream_id, client_user_id=query.client_user_id)
    series = figures.watch_time(asked, query.window(asked.account.now), query.granularity, media)
    return [StreamSeries(client=catalogue.client(asked), metrics=StreamMetrics(streams=series))]


@routes.get("/streaming/statistics/stream/watching_duration/total")
def live_watch_time_total(query: WatchTimeTotal, asked: Asked) -> list[StreamTotal]:
    """Minutes of live streams watched in all, rounded up once."""
    media = catalogue.numbers_of_streams(asked, stream_id=query.stream_id, client_user_id=query.client_user_id)
    seconds = figures.watch_time_total(asked, query, media)
    return [
        StreamTotal(
            client=catalogue.client(asked),
            duration=figures.minutes(seconds),
            stream_id=MISSING if query.stream_id is None else str(query.stream_id),
            client_user_id=MISSING if query.client_user_id is None else query.client_user_id,
        )
    ]


@routes.get("/streaming/streams")
def streams(query: Streams, asked: Asked) -> list[Stream]:
    """The live streams; everything is on the first page, since no size is documented."""
    return catalogue.streams(asked) if query.page == 1 else []


@routes.get("/streaming/streams/{stream_id}")
def stream(stream_id: str, asked: Asked) -> Stream:
    """One live stream."""
    found = next((stream for stream in catalogue.streams(asked) if str(stream.id) == stream_id), None)
    if found is None:
        raise unknown("stream", stream_id, catalogue.ids(asked, MediaKind.live))
    return found


@routes.get("/streaming/videos", response_model=list[Video] | list[dict[str, Any]])
def videos(query: Videos, asked: Asked) -> list[Video] | list[dict[str, object]]:
    """The videos that match all conditions, with their lifetime views."""
    page = catalogue.chosen(catalogue.videos(asked), query)
    if query.fields is None:
        return page
    names = {name.strip() for name in query.fields.split(",")}
    return [video.model_dump(include=names) for video in page]


@routes.get("/streaming/videos/{video_id}")
def video(video_id: str, asked: Asked) -> Video:
    """One video."""
    number = words.entity(Naming(asked, words.NAME), "video", video_id)
    found = catalogue.videos(asked, [number]) if number is not None else []
    if not found:
        raise unknown("video", video_id, catalogue.ids(asked, MediaKind.video))
    return found[0]


def unknown(what: str, given: str, known: Iterable[str]) -> Failure:
    """The failure of an id that names nothing, with the nearest that names something."""
    return Failure(Kind.unknown, [Problem(what, Rule.unknown, given, {"near": nearest(given, known)})])
