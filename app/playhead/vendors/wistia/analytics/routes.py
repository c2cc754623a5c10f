"""The routes of analytics, under /modern only:

what account and media came to, interval by interval, page by page.
"""

from typing import Any

from fastapi import APIRouter

from playhead.analytics.query import NO_FILTERS, Dimension, Filters
from playhead.analytics.snapshot import Snapshot
from playhead.gateway.pipeline import EmulatedRoute
from playhead.gateway.vendor_app import CurrentAccount, CurrentSnapshot
from playhead.vendors.wistia import lookup
from playhead.vendors.wistia.analytics import (
    compute,
    forms,
    intervals,
    locations,
    mapper,
    schemas,
    top,
    traffic,
)
from playhead.vendors.wistia.analytics.compute import EMPTY_TOTALS, EMPTY_UNIQUES
from playhead.vendors.wistia.analytics.locations import EmbedVisits, Interval
from playhead.vendors.wistia.analytics.params import (
    AnalyticsQueryParams,
    AudienceQueryParams,
    ConversionsQueryParams,
    DomainsQueryParams,
    LanguagesQueryParams,
    LocationsQueryParams,
    LocationsTimeseriesQueryParams,
    RegistrationQueryParams,
    TimeseriesQueryParams,
    TopContentParams,
    TopContentQueryParams,
    TopGroup,
    TrafficQueryParams,
    WebinarQueryParams,
    WebinarTrafficQueryParams,
)
from playhead.vendors.wistia.analytics.prompts import EMPTY_PROMPTS, prompt_totals
from playhead.vendors.wistia.analytics.ranking import rank
from playhead.vendors.wistia.base_url import BaseUrl
from playhead.vendors.wistia.lookup import MediaEntry

routes = APIRouter(
    prefix="/analytics",
    route_class=EmulatedRoute,
    responses={503: {"description": "Analytics cannot be had for now"}},
)
WEBINAR_RESPONSES: dict[int | str, dict[str, Any]] = {
    409: {"description": "The event is not over"}
}  # Any: of OpenAPI


# Account.


@routes.get("/account")
def analytics_account(
    params: AnalyticsQueryParams, snapshot: CurrentSnapshot
) -> schemas.AccountAnalytics:
    """What all media came to — Wistia OpenAPI file (edge), Analytics Account, §7.3, grade S."""
    sums = compute.totals(snapshot, params.window, filters=NO_FILTERS).get((), EMPTY_TOTALS)
    shown = prompt_totals(snapshot, params.window, media=None, key=lambda _day, _media: ())
    return mapper.account(
        sums,
        compute.unique_counts_total(snapshot, params.window, filters=NO_FILTERS),
        shown.get((), EMPTY_PROMPTS),
    )


@routes.get("/account/timeseries")
def analytics_account_timeseries(
    params: TimeseriesQueryParams, snapshot: CurrentSnapshot
) -> list[schemas.AccountInterval]:
    """The same by day, week or month — Wistia OpenAPI file (edge), Analytics Account, §7.3, grade
    S.
    """
    time_range = params.window
    width = params.granularity
    sums = compute.totals_by_interval(
        compute.totals(snapshot, time_range, dimensions=[Dimension.day], filters=NO_FILTERS), width
    )
    people = compute.unique_counts_by_interval(snapshot, time_range, width, filters=NO_FILTERS)
    shown = prompt_totals(
        snapshot,
        time_range,
        media=None,
        key=lambda day, _media: intervals.interval_start(width, day),
    )
    return [
        mapper.account_interval(
            start,
            sums.get((start,), EMPTY_TOTALS),
            people.get(start, EMPTY_UNIQUES),
            shown.get(start, EMPTY_PROMPTS),
        )
        for start, _ in intervals.split_range(width, time_range)
    ]


@routes.get(
    "/account/top_content", responses={404: {"description": "A media of hashed_ids[] is unknown"}}
)
def analytics_account_top_content(
    params: TopContentQueryParams, snapshot: CurrentSnapshot, base_url: BaseUrl
) -> list[schemas.TopMedia | schemas.TopProject]:
    """Media or projects that are watched most — Wistia OpenAPI file (edge), Analytics Account,
    §7.3, grade S.
    """
    found = _top_content(snapshot, params)
    shown = prompt_totals(snapshot, params.window, media=None, key=lambda _day, media: media)
    return [
        mapper.top_media(base_url, one.entry, one, shown.get(one.entry.media.number, EMPTY_PROMPTS))
        if isinstance(one.entry, MediaEntry)
        else mapper.top_project(base_url, one.entry, one)
        for one in rank(
            found,
            sort_by=params.sort_by,
            direction=params.sort_direction,
            limit=params.limit,
            name=lambda one: one.entry.id,
        )
    ]


def _top_content(snapshot: Snapshot, params: TopContentParams) -> list[top.TopEntry]:
    ids = params.ids
    if params.group_by is TopGroup.media:
        return top.top_media(snapshot, params.window, ids)
    return top.top_projects(snapshot, params.window) if params.group_by is TopGroup.project else []


@routes.get("/account/embed_locations")
def analytics_account_embed_locations(
    params: DomainsQueryParams, snapshot: CurrentSnapshot
) -> list[schemas.EmbedDomain]:
    """Domains on which media are embedded — Wistia OpenAPI file (edge), Analytics Account, §7.3,
    grade S.
    """
    found = locations.domains_of_account(snapshot, params.window)
    order = rank(
        found,
        sort_by=params.sort_by,
        direction=params.sort_direction,
        limit=params.per_page,
        name=lambda one: one.name,
    )
    return [mapper.domain(one) for one in order]


# Media.


@routes.get("/medias/{media_id}")
def analytics_media(
    media_id: str, params: AnalyticsQueryParams, snapshot: CurrentSnapshot
) -> schemas.MediaAnalytics:
    """What a media came to — Wistia OpenAPI file (CLI), Analytics Media, §7.3, grade S."""
    filters = Filters(media=[lookup.get_media(snapshot, media_id).number])
    shown = prompt_totals(snapshot, params.window, media=filters.media, key=lambda _day, _media: ())
    sums = compute.totals(snapshot, params.window, filters=filters).get((), EMPTY_TOTALS)
    return mapper.media(
        sums,
        compute.unique_counts_total(snapshot, params.window, filters=filters),
        shown.get((), EMPTY_PROMPTS),
    )


@routes.get("/medias/{media_id}/timeseries")
def analytics_media_timeseries(
    media_id: str, params: TimeseriesQueryParams, snapshot: CurrentSnapshot
) -> list[schemas.MediaInterval]:
    """The same by day, week or month — Wistia OpenAPI file (CLI), Analytics Media, §7.3,
    grade S.
    """
    filters = Filters(media=[lookup.get_media(snapshot, media_id).number])
    time_range = params.window
    width = params.granularity
    sums = compute.totals_by_interval(
        compute.totals(snapshot, time_range, dimensions=[Dimension.day], filters=filters), width
    )
    people = compute.unique_counts_by_interval(snapshot, time_range, width, filters=filters)
    shown = prompt_totals(
        snapshot,
        time_range,
        media=filters.media,
        key=lambda day, _media: intervals.interval_start(width, day),
    )
    return [
        mapper.media_interval(
            start,
            sums.get((start,), EMPTY_TOTALS),
            people.get(start, EMPTY_UNIQUES),
            shown.get(start, EMPTY_PROMPTS),
        )
        for start, _ in intervals.split_range(width, time_range)
    ]


@routes.get("/medias/{media_id}/embed_locations")
def analytics_media_embed_locations(
    media_id: str, params: LocationsQueryParams, snapshot: CurrentSnapshot
) -> list[schemas.EmbedLocation]:
    """Pages on which a media is embedded — Wistia OpenAPI file (CLI), Analytics Media, §7.3, grade
    S.
    """
    found = locations.locations_of_media(
        snapshot, lookup.get_media(snapshot, media_id), params.window, params.embed_url
    )
    order = rank(
        found,
        sort_by=params.sort_by,
        direction=params.sort_direction,
        limit=params.per_page,
        name=lambda one: one.url,
    )
    return [mapper.location(one) for one in order]


@routes.get("/medias/{media_id}/embed_locations_timeseries")
def analytics_media_embed_locations_timeseries(
    media_id: str, params: LocationsTimeseriesQueryParams, snapshot: CurrentSnapshot
) -> list[schemas.EmbedInterval]:
    """The same by day, week or month — Wistia OpenAPI file (CLI), Analytics Media, §7.3,
    grade S.
    """
    visits = EmbedVisits(
        snapshot,
        lookup.get_media(snapshot, media_id),
        params.window,
        params.granularity,
        params.embed_url,
    )
    return [
        mapper.interval(
            _embed_interval(visits, start, sort_by=params.sort_by, limit=params.per_page)
        )
        for start, _ in intervals.split_range(params.granularity, params.window)
    ]


def _embed_interval(visits: EmbedVisits, start: int, *, sort_by: str, limit: int) -> Interval:
    """The first pages of an interval, and the others together."""
    numbers = {visits.pages[page].url: page for page in visits.pages_by_interval.get(start, ())}
    found = [visits.location(start, page) for page in numbers.values()]
    first = rank(found, sort_by=sort_by, direction="desc", limit=limit, name=lambda one: one.url)
    rest = numbers.keys() - {one.url for one in first}
    return Interval(
        start, first, visits.others(start, [numbers[url] for url in rest]) if rest else None
    )


@routes.get("/medias/{media_id}/traffic")
def analytics_media_traffic(
    media_id: str, params: TrafficQueryParams, snapshot: CurrentSnapshot
) -> list[schemas.TrafficRow]:
    """How viewers come to a media — Wistia OpenAPI file (CLI), Analytics Media, §7.3, grade S."""
    found = traffic.traffic(
        snapshot, lookup.get_media(snapshot, media_id), params.window, params.group_by
    )
    order = rank(
        found,
        sort_by=params.sort_by,
        direction=params.sort_direction,
        limit=params.per_page,
        name=lambda one: (one.name is None, one.name or ""),
    )
    return [mapper.traffic_row(params.group_by, one) for one in order]


@routes.get("/medias/{media_id}/conversions")
def analytics_media_conversions(
    media_id: str, params: ConversionsQueryParams, snapshot: CurrentSnapshot
) -> schemas.FormConversions:
    """Who filled in a form of a media, newest first — Wistia OpenAPI file (CLI), Analytics Media,
    §7.3, grade S.
    """
    return mapper.conversions(
        forms.conversions_page(snapshot, lookup.get_media(snapshot, media_id), params)
    )


@routes.get("/medias/{media_id}/languages")
def analytics_media_languages(
    media_id: str, params: LanguagesQueryParams, snapshot: CurrentSnapshot
) -> list[schemas.LanguageRow]:
    """In which languages a media is watched — Wistia OpenAPI file (CLI), Analytics Media, §7.3,
    grade S.
    """
    found = [
        one
        for one in traffic.languages(snapshot, lookup.get_media(snapshot, media_id), params.window)
        if one.totals.plays
    ]
    plays = sum(one.totals.plays for one in found)
    order = rank(
        found,
        sort_by="plays",
        direction="desc",
        limit=params.per_page,
        name=lambda one: one.name or "",
    )
    return [mapper.language(one, plays) for one in order]


# Webinars, of which there are none.


@routes.get("/webinars/{webinar_id}", responses=WEBINAR_RESPONSES)
def analytics_webinar(
    webinar_id: str, _params: WebinarQueryParams, _account: CurrentAccount
) -> None:
    """What a webinar came to.

    There are none — Wistia OpenAPI file (CLI), Analytics Webinar, §7.3, grade S.
    """
    raise lookup.not_found("webinar", webinar_id)


@routes.get("/webinars/{webinar_id}/registration")
def analytics_webinar_registration(
    webinar_id: str, _params: RegistrationQueryParams, _account: CurrentAccount
) -> None:
    """Registrations by interval.

    There are no webinars — Wistia OpenAPI file (CLI), Analytics Webinar, §7.3, grade S.
    """
    raise lookup.not_found("webinar", webinar_id)


@routes.get("/webinars/{webinar_id}/traffic")
def analytics_webinar_traffic(
    webinar_id: str, _params: WebinarTrafficQueryParams, _account: CurrentAccount
) -> None:
    """How registrants come.

    There are no webinars — Wistia OpenAPI file (CLI), Analytics Webinar, §7.3, grade S.
    """
    raise lookup.not_found("webinar", webinar_id)


@routes.get("/webinars/{webinar_id}/audience")
def analytics_webinar_audience(
    webinar_id: str, _params: AudienceQueryParams, _account: CurrentAccount
) -> None:
    """Registrants one by one.

    There are no webinars — Wistia OpenAPI file (CLI), Analytics Webinar, §7.3, grade S.
    """
    raise lookup.not_found("webinar", webinar_id)


@routes.get("/webinars/{webinar_id}/histograms", responses=WEBINAR_RESPONSES)
def analytics_webinar_histograms(webinar_id: str, _account: CurrentAccount) -> None:
    """When registrants were there.

    There are no webinars — Wistia OpenAPI file (CLI), Analytics Webinar, §7.3, grade S.
    """
    raise lookup.not_found("webinar", webinar_id)
