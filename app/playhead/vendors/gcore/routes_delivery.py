"""Gcore's statistics of what the network delivered, to any player: translate, ask, fill the shape."""

from fastapi import APIRouter
from pydantic import MISSING

from playhead.gate import GatedRoute
from playhead.vendor import Asked
from playhead.vendors.gcore import catalogue, delivery
from playhead.vendors.gcore.queries import CdnUniques, LiveTotal, LiveViewers, LiveWatchTime, VodTotal, VodViewers, VodWatchTime
from playhead.vendors.gcore.shapes import CdnUniquesRow, CdnUniqueViewers, StreamMetrics, StreamSeries, StreamTotal, VodMetrics, VodSeries
from playhead.vendors.gcore.shapes import VodTotal as VodTotalAnswer
from playhead.world.terms import MediaKind

routes = APIRouter(route_class=GatedRoute)
LIVE, VOD = MediaKind.live, MediaKind.video


@routes.get("/streaming/statistics/cdn/uniqs")
def unique_viewers_cdn(query: CdnUniques, asked: Asked) -> CdnUniqueViewers:
    """Distinct viewers of a window by type; a viewer is an address and a device."""
    return CdnUniqueViewers(data=[CdnUniquesRow(uniqs=count, type=type_) for type_, count in delivery.uniques(asked, query)])


@routes.get("/streaming/statistics/stream/viewers")
def live_unique_viewers(query: LiveViewers, asked: Asked) -> list[StreamSeries]:
    """Distinct viewers of live streams by intervals, which must not be added up."""
    series = delivery.viewers(asked, query.window, query.granularity, kind=LIVE, media=catalogue.streams_among(asked, query))
    return [StreamSeries(client=catalogue.client(asked), metrics=StreamMetrics(streams=series))]


@routes.get("/streaming/statistics/stream/watching_duration")
def live_watch_time(query: LiveWatchTime, asked: Asked) -> list[StreamSeries]:
    """Minutes of live streams watched, each interval rounded up by itself."""
    media = catalogue.streams_among(asked, query)
    series = delivery.watch_time(asked, query.window(asked.account.now), query.granularity, kind=LIVE, media=media)
    return [StreamSeries(client=catalogue.client(asked), metrics=StreamMetrics(streams=series))]


@routes.get("/streaming/statistics/stream/watching_duration/total")
def live_watch_time_total(query: LiveTotal, asked: Asked) -> list[StreamTotal]:
    """Minutes of live streams watched in all, rounded up once."""
    media = catalogue.streams_among(asked, query)
    return [
        StreamTotal(
            client=catalogue.client(asked),
            duration=delivery.watch_time_total(asked, query.window(asked.account.now), kind=LIVE, media=media),
            stream_id=MISSING if query.stream_id is None else str(query.stream_id),
            client_user_id=MISSING if query.client_user_id is None else query.client_user_id,
        )
    ]


@routes.get("/streaming/statistics/vod/viewers")
def vod_unique_viewers_cdn(query: VodViewers, asked: Asked) -> list[VodSeries]:
    """Distinct viewers of videos by intervals, which must not be added up."""
    series = delivery.viewers(asked, query.window, query.granularity, kind=VOD, media=catalogue.videos_among(asked, query))
    return [VodSeries(client=catalogue.client(asked), metrics=VodMetrics(vod=series))]


@routes.get("/streaming/statistics/vod/watching_duration")
def vod_watch_time(query: VodWatchTime, asked: Asked) -> list[VodSeries]:
    """Minutes of videos watched, each interval rounded up by itself."""
    media = catalogue.videos_among(asked, query)
    series = delivery.watch_time(asked, query.window(asked.account.now), query.granularity, kind=VOD, media=media)
    return [VodSeries(client=catalogue.client(asked), metrics=VodMetrics(vod=series))]


@routes.get("/streaming/statistics/vod/watching_duration/total")
def vod_watch_time_total(query: VodTotal, asked: Asked) -> list[VodTotalAnswer]:
    """Minutes of videos watched in all, rounded up once."""
    media = catalogue.videos_among(asked, query)
    return [
        VodTotalAnswer(
            client=catalogue.client(asked),
            duration=delivery.watch_time_total(asked, query.window(asked.account.now), kind=VOD, media=media),
            slug=MISSING if query.slug is None else query.slug,
            client_user_id=MISSING if query.client_user_id is None else query.client_user_id,
        )
    ]
