"""The routes of analytics, under /modern only: what account and media came to, interval by interval, page by page."""

from typing import Any

from fastapi import APIRouter

from playhead.gate import GatedRoute
from playhead.stats.counting import ALL, Among, By
from playhead.stats.reading import Reading
from playhead.vendor import Asked, Entered
from playhead.vendors.wistia import finding
from playhead.vendors.wistia.analytics import entries, figures, forms, intervals, locations, queries, shapes, top, traffic
from playhead.vendors.wistia.analytics.figures import NOBODY, NOTHING
from playhead.vendors.wistia.analytics.locations import Interval, Visits
from playhead.vendors.wistia.analytics.prompts import UNPROMPTED, prompted
from playhead.vendors.wistia.analytics.queries import TopContentQuery, TopGroup
from playhead.vendors.wistia.analytics.ranking import ranked
from playhead.vendors.wistia.catalogue.listing import ListedMedia
from playhead.vendors.wistia.origin import Origin

routes = APIRouter(prefix="/analytics", route_class=GatedRoute, responses={503: {"description": "Analytics cannot be had for now"}})
NOT_OVER: dict[int | str, dict[str, Any]] = {409: {"description": "The event is not over"}}  # Any: of OpenAPI


# Account.


@routes.get("/account")
def analytics_account(query: queries.Dates, asked: Asked) -> shapes.AccountAnalytics:
    """What all media came to — Wistia OpenAPI file (edge), Analytics Account, §7.3, grade S."""
    sums = figures.sums(asked, query.window, among=ALL).get((), NOTHING)
    shown = prompted(asked, query.window, media=None, by=lambda _day, _media: ())
    return entries.account(sums, figures.people_in_all(asked, query.window, among=ALL), shown.get((), UNPROMPTED))


@routes.get("/account/timeseries")
def analytics_account_timeseries(query: queries.Timeseries, asked: Asked) -> list[shapes.AccountInterval]:
    """The same by day, week or month — Wistia OpenAPI file (edge), Analytics Account, §7.3, grade S."""
    window, width = query.window, query.granularity
    sums = figures.by_interval(figures.sums(asked, window, by=[By.day], among=ALL), width)
    people = figures.people_by_interval(asked, window, width, among=ALL)
    shown = prompted(asked, window, media=None, by=lambda day, _media: intervals.start_of(width, day))
    return [
        entries.account_interval(start, sums.get((start,), NOTHING), people.get(start, NOBODY), shown.get(start, UNPROMPTED))
        for start, _ in intervals.parts(width, window)
    ]


@routes.get("/account/top_content", responses={404: {"description": "A media of hashed_ids[] is unknown"}})
def analytics_account_top_content(query: queries.TopContent, asked: Asked, origin: Origin) -> list[shapes.TopMedia | shapes.TopProject]:
    """Media or projects that are watched most — Wistia OpenAPI file (edge), Analytics Account, §7.3, grade S."""
    found = _watched(asked, query)
    shown = prompted(asked, query.window, media=None, by=lambda _day, media: media)
    return [
        entries.top_media(origin, one.listed, one, shown.get(one.listed.found.number, UNPROMPTED))
        if isinstance(one.listed, ListedMedia)
        else entries.top_project(origin, one.listed, one)
        for one in ranked(found, by=query.sort_by, direction=query.sort_direction, limit=query.limit, name=lambda one: one.listed.id)
    ]


def _watched(reading: Reading, query: TopContentQuery) -> list[top.Watched]:
    ids = query.ids
    if query.group_by is TopGroup.media:
        return top.media(reading, query.window, ids)
    return top.projects(reading, query.window) if query.group_by is TopGroup.project else []


@routes.get("/account/embed_locations")
def analytics_account_embed_locations(query: queries.Domains, asked: Asked) -> list[shapes.EmbedDomain]:
    """Domains on which media are embedded — Wistia OpenAPI file (edge), Analytics Account, §7.3, grade S."""
    found = locations.of_account(asked, query.window)
    order = ranked(found, by=query.sort_by, direction=query.sort_direction, limit=query.per_page, name=lambda one: one.name)
    return [entries.domain(one) for one in order]


# Media.


@routes.get("/medias/{media_id}")
def analytics_media(media_id: str, query: queries.Dates, asked: Asked) -> shapes.MediaAnalytics:
    """What a media came to — Wistia OpenAPI file (CLI), Analytics Media, §7.3, grade S."""
    among = Among(media=[finding.media(asked, media_id).number])
    shown = prompted(asked, query.window, media=among.media, by=lambda _day, _media: ())
    sums = figures.sums(asked, query.window, among=among).get((), NOTHING)
    return entries.media(sums, figures.people_in_all(asked, query.window, among=among), shown.get((), UNPROMPTED))


@routes.get("/medias/{media_id}/timeseries")
def analytics_media_timeseries(media_id: str, query: queries.Timeseries, asked: Asked) -> list[shapes.MediaInterval]:
    """The same by day, week or month — Wistia OpenAPI file (CLI), Analytics Media, §7.3, grade S."""
    among, window, width = Among(media=[finding.media(asked, media_id).number]), query.window, query.granularity
    sums = figures.by_interval(figures.sums(asked, window, by=[By.day], among=among), width)
    people = figures.people_by_interval(asked, window, width, among=among)
    shown = prompted(asked, window, media=among.media, by=lambda day, _media: intervals.start_of(width, day))
    return [
        entries.media_interval(start, sums.get((start,), NOTHING), people.get(start, NOBODY), shown.get(start, UNPROMPTED))
        for start, _ in intervals.parts(width, window)
    ]


@routes.get("/medias/{media_id}/embed_locations")
def analytics_media_embed_locations(media_id: str, query: queries.Locations, asked: Asked) -> list[shapes.EmbedLocation]:
    """Pages on which a media is embedded — Wistia OpenAPI file (CLI), Analytics Media, §7.3, grade S."""
    found = locations.of_media(asked, finding.media(asked, media_id), query.window, query.embed_url)
    order = ranked(found, by=query.sort_by, direction=query.sort_direction, limit=query.per_page, name=lambda one: one.url)
    return [entries.location(one) for one in order]


@routes.get("/medias/{media_id}/embed_locations_timeseries")
def analytics_media_embed_locations_timeseries(media_id: str, query: queries.LocationsTimeseries, asked: Asked) -> list[shapes.EmbedInterval]:
    """The same by day, week or month — Wistia OpenAPI file (CLI), Analytics Media, §7.3, grade S."""
    visits = Visits(asked, finding.media(asked, media_id), query.window, query.granularity, query.embed_url)
    return [
        entries.interval(_interval(visits, start, order=query.sort_by, limit=query.per_page)) for start, _ in intervals.parts(query.granularity, query.window)
    ]


def _interval(visits: Visits, start: int, *, order: str, limit: int) -> Interval:
    """The first pages of an interval, and the others together."""
    numbers = {visits.pages[page].url: page for page in visits.on.get(start, ())}
    found = [visits.location(start, page) for page in numbers.values()]
    first = ranked(found, by=order, direction="desc", limit=limit, name=lambda one: one.url)
    rest = numbers.keys() - {one.url for one in first}
    return Interval(start, first, visits.others(start, [numbers[url] for url in rest]) if rest else None)


@routes.get("/medias/{media_id}/traffic")
def analytics_media_traffic(media_id: str, query: queries.Traffic, asked: Asked) -> list[shapes.TrafficRow]:
    """How viewers come to a media — Wistia OpenAPI file (CLI), Analytics Media, §7.3, grade S."""
    found = traffic.ways(asked, finding.media(asked, media_id), query.window, query.group_by)
    order = ranked(found, by=query.sort_by, direction=query.sort_direction, limit=query.per_page, name=lambda one: (one.name is None, one.name or ""))
    return [entries.way(query.group_by, one) for one in order]


@routes.get("/medias/{media_id}/conversions")
def analytics_media_conversions(media_id: str, query: queries.Conversions, asked: Asked) -> shapes.FormConversions:
    """Who filled in a form of a media, newest first — Wistia OpenAPI file (CLI), Analytics Media, §7.3, grade S."""
    return entries.conversions(forms.part(asked, finding.media(asked, media_id), query))


@routes.get("/medias/{media_id}/languages")
def analytics_media_languages(media_id: str, query: queries.Languages, asked: Asked) -> list[shapes.LanguageRow]:
    """In which languages a media is watched — Wistia OpenAPI file (CLI), Analytics Media, §7.3, grade S."""
    found = [one for one in traffic.languages(asked, finding.media(asked, media_id), query.window) if one.sums.plays]
    plays = sum(one.sums.plays for one in found)
    order = ranked(found, by="plays", direction="desc", limit=query.per_page, name=lambda one: one.name or "")
    return [entries.language(one, plays) for one in order]


# Webinars, of which there are none.


@routes.get("/webinars/{webinar_id}", responses=NOT_OVER)
def analytics_webinar(webinar_id: str, _query: queries.Webinar, _entered: Entered) -> None:
    """What a webinar came to; there are none — Wistia OpenAPI file (CLI), Analytics Webinar, §7.3, grade S."""
    raise finding.unknown("webinar", webinar_id)


@routes.get("/webinars/{webinar_id}/registration")
def analytics_webinar_registration(webinar_id: str, _query: queries.Registration, _entered: Entered) -> None:
    """Registrations by interval; there are no webinars — Wistia OpenAPI file (CLI), Analytics Webinar, §7.3, grade S."""
    raise finding.unknown("webinar", webinar_id)


@routes.get("/webinars/{webinar_id}/traffic")
def analytics_webinar_traffic(webinar_id: str, _query: queries.WebinarTraffic, _entered: Entered) -> None:
    """How registrants come; there are no webinars — Wistia OpenAPI file (CLI), Analytics Webinar, §7.3, grade S."""
    raise finding.unknown("webinar", webinar_id)


@routes.get("/webinars/{webinar_id}/audience")
def analytics_webinar_audience(webinar_id: str, _query: queries.Audience, _entered: Entered) -> None:
    """Registrants one by one; there are no webinars — Wistia OpenAPI file (CLI), Analytics Webinar, §7.3, grade S."""
    raise finding.unknown("webinar", webinar_id)


@routes.get("/webinars/{webinar_id}/histograms", responses=NOT_OVER)
def analytics_webinar_histograms(webinar_id: str, _entered: Entered) -> None:
    """When registrants were there; there are no webinars — Wistia OpenAPI file (CLI), Analytics Webinar, §7.3, grade S."""
    raise finding.unknown("webinar", webinar_id)
