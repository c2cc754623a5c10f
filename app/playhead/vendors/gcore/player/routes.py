"""Gcore's statistics of the built-in player: translate, ask, fill the shape."""

from typing import Any

from fastapi import APIRouter
from pydantic import MISSING

from playhead.analytics import aggregates, lookups, retention, watch_time
from playhead.analytics.catalog import media
from playhead.analytics.query import Dimension
from playhead.gateway.pipeline import EmulatedRoute
from playhead.gateway.vendor_app import CurrentSnapshot
from playhead.vendors.gcore import ids, vocabulary
from playhead.vendors.gcore.param_types import KIND_OF_TYPE, Type, ViewsGroup
from playhead.vendors.gcore.player import compute
from playhead.vendors.gcore.player.params import (
    HeatmapQueryParams,
    TypedPeriodQueryParams,
    UniquesQueryParams,
    ViewsQueryParams,
)
from playhead.vendors.gcore.player.schemas import (
    BrowserViews,
    CountryViews,
    EmbedViews,
    HeatmapRow,
    HostViews,
    PopularVideo,
    PopularVideos,
    RegionViews,
    SystemViews,
    UniquesRow,
    UniqueViewers,
    ViewsByBrowser,
    ViewsByCountry,
    ViewsByEmbed,
    ViewsByHost,
    ViewsByRegion,
    ViewsBySystem,
    ViewsHeatmap,
    ViewsRow,
)
from playhead.vendors.gcore.player.schemas import Views as ViewsAnswer

routes = APIRouter(route_class=EmulatedRoute)
ABSENT_GROUPS: dict[str, Any] = dict.fromkeys(
    ViewsGroup, MISSING
)  # Any: each key is of its shape's type


@routes.get("/streaming/statistics/views")
def views(params: ViewsQueryParams, snapshot: CurrentSnapshot) -> ViewsAnswer:
    """Views in the built-in player by day, by type, and by what is asked for."""
    rows = compute.views(snapshot, params)
    return ViewsAnswer(
        data=[
            ViewsRow(
                views=row.value,
                date=vocabulary.format_date(row.day),
                type=row.type,
                **{**ABSENT_GROUPS, **row.labels},
            )
            for row in rows
        ]
    )


@routes.get("/streaming/statistics/uniqs")
def unique_viewers(params: UniquesQueryParams, snapshot: CurrentSnapshot) -> UniqueViewers:
    """Distinct addresses of the viewers in the built-in player by type, and by what is
    asked for.
    """
    rows = compute.uniques(snapshot, params)
    return UniqueViewers(
        data=[
            UniquesRow(
                unique_ips=row.value,
                date=vocabulary.format_date(row.day),
                type=row.type,
                **{**ABSENT_GROUPS, **row.labels},
            )
            for row in rows
        ]
    )


@routes.get("/streaming/statistics/countries")
def views_by_country(params: TypedPeriodQueryParams, snapshot: CurrentSnapshot) -> ViewsByCountry:
    """Views by country in the built-in player, the most first."""
    found = aggregates.by_country(
        snapshot, params.window, kind=KIND_OF_TYPE[params.type] if params.type else None
    )
    rows = sorted(
        (-tally.views, country.code, country.name)
        for country, tally in found.items()
        if tally.views
    )
    return ViewsByCountry(
        data=[
            CountryViews(views=-views, country=code, country_name=name)
            for views, code, name in rows
        ]
    )


@routes.get("/streaming/statistics/regions")
def views_by_region(params: TypedPeriodQueryParams, snapshot: CurrentSnapshot) -> ViewsByRegion:
    """Views by region in the built-in player, the most first.

    Those of no known region are left out.
    """
    regions = {
        number: (place.subdivision, place.subdivision_name) if place.subdivision else None
        for number, place in lookups.places(snapshot).items()
    }
    rows = compute.views_by(snapshot, params, Dimension.place, regions)
    return ViewsByRegion(
        data=[
            RegionViews(views=views, region=code, region_name=name) for views, (code, name) in rows
        ]
    )


@routes.get("/streaming/statistics/popular")
def popular_videos(params: TypedPeriodQueryParams, snapshot: CurrentSnapshot) -> PopularVideos:
    """Views by entity in the built-in player, the most first."""
    return PopularVideos(
        data=[
            PopularVideo(views=views, id=str(id_))
            for views, id_ in compute.views_by_entity(snapshot, params)
        ]
    )


@routes.get("/streaming/statistics/browsers")
def views_by_browser(params: TypedPeriodQueryParams, snapshot: CurrentSnapshot) -> ViewsByBrowser:
    """Views by browser in the built-in player, the most first."""
    rows = compute.views_by(
        snapshot, params, Dimension.device, compute.labels_by_number(snapshot, "browser")
    )
    return ViewsByBrowser(
        data=[BrowserViews(views=views, browser=browser) for views, browser in rows]
    )


@routes.get("/streaming/statistics/systems")
def views_by_operating_system(
    params: TypedPeriodQueryParams, snapshot: CurrentSnapshot
) -> ViewsBySystem:
    """Views by operating system in the built-in player, the most first."""
    rows = compute.views_by(
        snapshot, params, Dimension.device, compute.labels_by_number(snapshot, "os")
    )
    return ViewsBySystem(data=[SystemViews(views=views, os=system) for views, system in rows])


@routes.get("/streaming/statistics/embeds")
def views_by_referer(params: TypedPeriodQueryParams, snapshot: CurrentSnapshot) -> ViewsByEmbed:
    """Views by the page that embeds the player, the most first."""
    rows = compute.views_by(
        snapshot,
        params,
        Dimension.page,
        {
            number: vocabulary.embed_url(page.url)
            for number, page in lookups.pages(snapshot).items()
        },
    )
    return ViewsByEmbed(data=[EmbedViews(views=views, embed_url=url) for views, url in rows])


@routes.get("/streaming/statistics/hosts")
def views_by_hostname(params: TypedPeriodQueryParams, snapshot: CurrentSnapshot) -> ViewsByHost:
    """Views by the host of the page that embeds the player, the most first."""
    rows = compute.views_by(
        snapshot, params, Dimension.page, compute.labels_by_number(snapshot, "host")
    )
    return ViewsByHost(data=[HostViews(views=views, host=host) for views, host in rows])


@routes.get("/streaming/statistics/heatmap")
def views_heatmap(params: HeatmapQueryParams, snapshot: CurrentSnapshot) -> ViewsHeatmap:
    """What part of an entity its viewers watched:

    seconds of a video, instants of a live stream or playlist.
    """
    numbers = ids.numbers_of_id(snapshot, [KIND_OF_TYPE[params.type]], params.stream_id)
    if not numbers:  # an unknown entity is one that nobody watched — §1.6
        return ViewsHeatmap(data=[])
    if params.type is Type.vod:
        (found,) = media(snapshot, numbers=numbers)
        seen = retention.retention(
            snapshot, media=found.number, seconds=found.seconds, time_range=params.window
        ).first
        return ViewsHeatmap(
            data=[
                HeatmapRow(viewers=viewers, seconds=second, time=MISSING)
                for second, viewers in compute.heatmap_samples(seen)
            ]
        )
    audience = watch_time.concurrent_at(
        snapshot, params.window, media=numbers[0], step=compute.LIVE_SAMPLE_SECONDS
    )
    return ViewsHeatmap(
        data=[
            HeatmapRow(viewers=viewers, seconds=MISSING, time=vocabulary.format_datetime(at))
            for at, viewers in audience
        ]
    )
