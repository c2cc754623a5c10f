"""Gcore's statistics of what the network delivered, to any player:

translate, ask, fill the shape.
"""

from fastapi import APIRouter
from pydantic import MISSING

from playhead.domain.media import MediaKind
from playhead.gateway.pipeline import EmulatedRoute
from playhead.gateway.vendor_app import CurrentSnapshot
from playhead.vendors.gcore import lookup
from playhead.vendors.gcore.delivery import compute
from playhead.vendors.gcore.delivery.params import (
    CdnUniquesQueryParams,
    LiveTotalQueryParams,
    LiveViewersQueryParams,
    LiveWatchTimeQueryParams,
    VodTotalQueryParams,
    VodViewersQueryParams,
    VodWatchTimeQueryParams,
)
from playhead.vendors.gcore.delivery.schemas import (
    CdnUniquesRow,
    CdnUniqueViewers,
    StreamMetrics,
    StreamSeries,
    StreamTotal,
    VodMetrics,
    VodSeries,
)
from playhead.vendors.gcore.delivery.schemas import VodTotal as VodTotalAnswer

routes = APIRouter(route_class=EmulatedRoute)
LIVE = MediaKind.live
VOD = MediaKind.video


@routes.get("/streaming/statistics/cdn/uniqs")
def unique_viewers_cdn(
    params: CdnUniquesQueryParams, snapshot: CurrentSnapshot
) -> CdnUniqueViewers:
    """Distinct viewers of a window by type; a viewer is an address and a device."""
    return CdnUniqueViewers(
        data=[
            CdnUniquesRow(uniqs=count, type=type_)
            for type_, count in compute.unique_viewers(snapshot, params)
        ]
    )


@routes.get("/streaming/statistics/stream/viewers")
def live_unique_viewers(
    params: LiveViewersQueryParams, snapshot: CurrentSnapshot
) -> list[StreamSeries]:
    """Distinct viewers of live streams by intervals, which must not be added up."""
    series = compute.viewers_by_interval(
        snapshot,
        params.window,
        params.granularity,
        kind=LIVE,
        media=lookup.stream_numbers_matching(snapshot, params),
    )
    return [StreamSeries(client=lookup.client_id(snapshot), metrics=StreamMetrics(streams=series))]


@routes.get("/streaming/statistics/stream/watching_duration")
def live_watch_time(
    params: LiveWatchTimeQueryParams, snapshot: CurrentSnapshot
) -> list[StreamSeries]:
    """Minutes of live streams watched, each interval rounded up by itself."""
    media = lookup.stream_numbers_matching(snapshot, params)
    series = compute.watch_minutes(
        snapshot, params.window(snapshot.account.now), params.granularity, kind=LIVE, media=media
    )
    return [StreamSeries(client=lookup.client_id(snapshot), metrics=StreamMetrics(streams=series))]


@routes.get("/streaming/statistics/stream/watching_duration/total")
def live_watch_time_total(
    params: LiveTotalQueryParams, snapshot: CurrentSnapshot
) -> list[StreamTotal]:
    """Minutes of live streams watched in all, rounded up once."""
    media = lookup.stream_numbers_matching(snapshot, params)
    return [
        StreamTotal(
            client=lookup.client_id(snapshot),
            duration=compute.watch_minutes_total(
                snapshot, params.window(snapshot.account.now), kind=LIVE, media=media
            ),
            stream_id=MISSING if params.stream_id is None else str(params.stream_id),
            client_user_id=MISSING if params.client_user_id is None else params.client_user_id,
        )
    ]


@routes.get("/streaming/statistics/vod/viewers")
def vod_unique_viewers_cdn(
    params: VodViewersQueryParams, snapshot: CurrentSnapshot
) -> list[VodSeries]:
    """Distinct viewers of videos by intervals, which must not be added up."""
    series = compute.viewers_by_interval(
        snapshot,
        params.window,
        params.granularity,
        kind=VOD,
        media=lookup.video_numbers_matching(snapshot, params),
    )
    return [VodSeries(client=lookup.client_id(snapshot), metrics=VodMetrics(vod=series))]


@routes.get("/streaming/statistics/vod/watching_duration")
def vod_watch_time(params: VodWatchTimeQueryParams, snapshot: CurrentSnapshot) -> list[VodSeries]:
    """Minutes of videos watched, each interval rounded up by itself."""
    media = lookup.video_numbers_matching(snapshot, params)
    series = compute.watch_minutes(
        snapshot, params.window(snapshot.account.now), params.granularity, kind=VOD, media=media
    )
    return [VodSeries(client=lookup.client_id(snapshot), metrics=VodMetrics(vod=series))]


@routes.get("/streaming/statistics/vod/watching_duration/total")
def vod_watch_time_total(
    params: VodTotalQueryParams, snapshot: CurrentSnapshot
) -> list[VodTotalAnswer]:
    """Minutes of videos watched in all, rounded up once."""
    media = lookup.video_numbers_matching(snapshot, params)
    return [
        VodTotalAnswer(
            client=lookup.client_id(snapshot),
            duration=compute.watch_minutes_total(
                snapshot, params.window(snapshot.account.now), kind=VOD, media=media
            ),
            slug=MISSING if params.slug is None else params.slug,
            client_user_id=MISSING if params.client_user_id is None else params.client_user_id,
        )
    ]
