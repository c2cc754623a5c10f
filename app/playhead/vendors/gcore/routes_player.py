"""Gcore's statistics of the built-in player: translate, ask, fill the shape."""

from typing import Any

from fastapi import APIRouter
from pydantic import MISSING

from playhead.gate import GatedRoute
from playhead.stats import positions, tallies, traits, watching
from playhead.stats.counting import By
from playhead.stats.library import media
from playhead.vendor import Asked
from playhead.vendors.gcore import player, words
from playhead.vendors.gcore.queries import Heatmap, OfType, Uniques, Views
from playhead.vendors.gcore.shapes import (
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
from playhead.vendors.gcore.shapes import Views as ViewsAnswer
from playhead.vendors.gcore.values import KINDS, Type, ViewsGroup

routes = APIRouter(route_class=GatedRoute)
ABSENT: dict[str, Any] = dict.fromkeys(ViewsGroup, MISSING)  # Any: each key is of its shape's type


@routes.get("/streaming/statistics/views")
def views(query: Views, asked: Asked) -> ViewsAnswer:
    """Views in the built-in player by day, by type, and by what is asked for."""
    rows = player.views(asked, query)
    return ViewsAnswer(data=[ViewsRow(views=row.counted, date=words.date(row.day), type=row.type, **{**ABSENT, **row.of}) for row in rows])


@routes.get("/streaming/statistics/uniqs")
def unique_viewers(query: Uniques, asked: Asked) -> UniqueViewers:
    """Distinct addresses of the viewers in the built-in player by type, and by what is asked for."""
    rows = player.uniques(asked, query)
    return UniqueViewers(data=[UniquesRow(unique_ips=row.counted, date=words.date(row.day), type=row.type, **{**ABSENT, **row.of}) for row in rows])


@routes.get("/streaming/statistics/countries")
def views_by_country(query: OfType, asked: Asked) -> ViewsByCountry:
    """Views by country in the built-in player, the most first."""
    found = tallies.by_country(asked, query.window, kind=KINDS[query.type] if query.type else None)
    rows = sorted((-tally.views, country.code, country.name) for country, tally in found.items() if tally.views)
    return ViewsByCountry(data=[CountryViews(views=-views, country=code, country_name=name) for views, code, name in rows])


@routes.get("/streaming/statistics/regions")
def views_by_region(query: OfType, asked: Asked) -> ViewsByRegion:
    """Views by region in the built-in player, the most first; those of no known region are left out."""
    regions = {number: (place.subdivision, place.subdivision_name) if place.subdivision else None for number, place in traits.places(asked).items()}
    rows = player.views_by(asked, query, By.place, regions)
    return ViewsByRegion(data=[RegionViews(views=views, region=code, region_name=name) for views, (code, name) in rows])


@routes.get("/streaming/statistics/popular")
def popular_videos(query: OfType, asked: Asked) -> PopularVideos:
    """Views by entity in the built-in player, the most first."""
    return PopularVideos(data=[PopularVideo(views=views, id=str(id_)) for views, id_ in player.popular(asked, query)])


@routes.get("/streaming/statistics/browsers")
def views_by_browser(query: OfType, asked: Asked) -> ViewsByBrowser:
    """Views by browser in the built-in player, the most first."""
    rows = player.views_by(asked, query, By.device, player.vocabulary(asked, "browser"))
    return ViewsByBrowser(data=[BrowserViews(views=views, browser=browser) for views, browser in rows])


@routes.get("/streaming/statistics/systems")
def views_by_operating_system(query: OfType, asked: Asked) -> ViewsBySystem:
    """Views by operating system in the built-in player, the most first."""
    rows = player.views_by(asked, query, By.device, player.vocabulary(asked, "os"))
    return ViewsBySystem(data=[SystemViews(views=views, os=system) for views, system in rows])


@routes.get("/streaming/statistics/embeds")
def views_by_referer(query: OfType, asked: Asked) -> ViewsByEmbed:
    """Views by the page that embeds the player, the most first."""
    rows = player.views_by(asked, query, By.page, {number: words.embed_url(page.url) for number, page in traits.pages(asked).items()})
    return ViewsByEmbed(data=[EmbedViews(views=views, embed_url=url) for views, url in rows])


@routes.get("/streaming/statistics/hosts")
def views_by_hostname(query: OfType, asked: Asked) -> ViewsByHost:
    """Views by the host of the page that embeds the player, the most first."""
    rows = player.views_by(asked, query, By.page, player.vocabulary(asked, "host"))
    return ViewsByHost(data=[HostViews(views=views, host=host) for views, host in rows])


@routes.get("/streaming/statistics/heatmap")
def views_heatmap(query: Heatmap, asked: Asked) -> ViewsHeatmap:
    """What part of an entity its viewers watched: seconds of a video, instants of a live stream or playlist."""
    numbers = words.numbers_of(asked, [KINDS[query.type]], query.stream_id)
    if not numbers:  # an unknown entity is one that nobody watched — §1.6
        return ViewsHeatmap(data=[])
    if query.type is Type.vod:
        (found,) = media(asked, numbers=numbers)
        seen = positions.passes(asked, media=found.number, seconds=found.seconds, within=query.window).first
        return ViewsHeatmap(data=[HeatmapRow(viewers=viewers, seconds=second, time=MISSING) for second, viewers in player.samples(seen)])
    audience = watching.audience_at(asked, query.window, media=numbers[0], step=player.INSTANT_STEP)
    return ViewsHeatmap(data=[HeatmapRow(viewers=viewers, seconds=MISSING, time=words.moment(at)) for at, viewers in audience])
