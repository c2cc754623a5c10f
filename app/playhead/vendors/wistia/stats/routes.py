"""Wistia's routes:

the statistics, under both prefixes; and what the catalogue and the analytics have beside them.
"""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from pydantic import MISSING

from playhead.analytics import aggregates, catalog, retention, viewers, viewings
from playhead.analytics.aggregates import Measures
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.gateway.pipeline import EmulatedRoute
from playhead.gateway.vendor_app import CurrentSnapshot
from playhead.vendors.wistia import lookup, rates
from playhead.vendors.wistia.analytics import routes as analytics
from playhead.vendors.wistia.base_url import BaseUrl
from playhead.vendors.wistia.catalog import routes as catalogue
from playhead.vendors.wistia.stats import compute, heatmap, mapper
from playhead.vendors.wistia.stats.mapper import _day_rows, actions
from playhead.vendors.wistia.stats.params import (
    DatesQueryParams,
    EventsQueryParams,
    VisitorsQueryParams,
)
from playhead.vendors.wistia.stats.schemas import (
    AccountStats,
    DayStats,
    Event,
    MediaEngagement,
    MediaStats,
    ProjectStats,
    Visitor,
)

routes = APIRouter(route_class=EmulatedRoute)
v1 = APIRouter(prefix="/v1", route_class=EmulatedRoute)
modern = APIRouter(prefix="/modern", route_class=EmulatedRoute)
stats = APIRouter(prefix="/stats", route_class=EmulatedRoute)  # what both prefixes have alike


@routes.get("/health", response_class=PlainTextResponse)
def health() -> str:
    """Whether anybody is there; needs no key — Answer of the live host, §1.1, grade W."""
    return "OK"


@v1.get("/{rest:path}.xml", include_in_schema=False)
@modern.get("/{rest:path}.xml", include_in_schema=False)
def xml(request: Request, _snapshot: CurrentSnapshot) -> None:
    """XML, which /v1 once had, is not served — unknown 9, §1.6."""
    raise ApiError(
        ErrorKind.not_acceptable, [Violation("path", Rule.suffix, request.scope["path"])]
    )


# Account and project.


@stats.get("/account")
def account(snapshot: CurrentSnapshot) -> AccountStats:
    """Lifetime counts of the account."""
    counts = compute.lifetime_counts(snapshot, catalog.media(snapshot))
    return AccountStats(
        load_count=counts.loads, play_count=counts.plays, hours_watched=counts.hours
    )


@modern.get("/stats/account/by_date")
def account_by_date(params: DatesQueryParams, snapshot: CurrentSnapshot) -> list[DayStats]:
    """Counts of the account by day, oldest first."""
    return _day_rows(
        compute.counts_by_date(snapshot, catalog.media(snapshot), params.days(snapshot.account.now))
    )


@v1.get("/stats/account/by_date", name="account_by_date")
def account_by_date_newest_first(
    params: DatesQueryParams, snapshot: CurrentSnapshot
) -> list[DayStats]:
    """Counts of the account by day, newest first: the one list of days that is — quirk 5, §3.2."""
    return account_by_date(params, snapshot)[::-1]


@stats.get("/projects/{project_id}")
def project(project_id: str, snapshot: CurrentSnapshot) -> ProjectStats:
    """Lifetime counts of a project."""
    media = lookup.list_project_media(snapshot, project_id)
    counts = compute.lifetime_counts(snapshot, media, numbers=[one.number for one in media])
    return ProjectStats(
        load_count=counts.loads,
        play_count=counts.plays,
        hours_watched=counts.hours,
        number_of_videos=len(media),
    )


@stats.get("/projects/{project_id}/by_date")
def project_by_date(
    project_id: str, params: DatesQueryParams, snapshot: CurrentSnapshot
) -> list[DayStats]:
    """Counts of a project by day, oldest first."""
    media = lookup.list_project_media(snapshot, project_id)
    return _day_rows(
        compute.counts_by_date(
            snapshot,
            media,
            params.days(snapshot.account.now),
            numbers=[one.number for one in media],
        )
    )


# Media.


@stats.get("/medias/{media_id}")
def media(media_id: str, snapshot: CurrentSnapshot) -> MediaStats:
    """Lifetime counts of a media."""
    found = lookup.get_media(snapshot, media_id)
    lifetime = aggregates.by_media(snapshot, media=[found.number])
    people = aggregates.audience(snapshot, found.number)
    counts = compute.counts([found], lifetime, lifetime)
    return MediaStats(
        load_count=counts.loads,
        play_count=counts.plays,
        play_rate=rates.play_rate(people),
        hours_watched=counts.hours,
        engagement=rates.engagement(found, lifetime.get(found.number, Measures())),
        visitors=people.viewers,
        actions=actions(snapshot, found) or MISSING,
    )


@stats.get("/medias/{media_id}/by_date")
def media_by_date(
    media_id: str, params: DatesQueryParams, snapshot: CurrentSnapshot
) -> list[DayStats]:
    """Counts of a media by day, oldest first."""
    found = lookup.get_media(snapshot, media_id)
    return _day_rows(
        compute.counts_by_date(
            snapshot, [found], params.days(snapshot.account.now), numbers=[found.number]
        )
    )


@stats.get("/medias/{media_id}/engagement")
def media_engagement(media_id: str, snapshot: CurrentSnapshot) -> MediaEngagement:
    """How often each part of a media was seen: first passes, and further ones."""
    found = lookup.get_media(snapshot, media_id)
    lifetime = aggregates.by_media(snapshot, media=[found.number]).get(found.number, Measures())
    first, again = retention.retention(snapshot, media=found.number, seconds=found.seconds)
    return MediaEngagement(
        engagement=rates.engagement(found, lifetime),
        engagement_data=compute.engagement_cells(first),
        rewatch_data=compute.engagement_cells(again),
    )


# Visitors and events.


@stats.get("/visitors", name="visitors")
def visitor_list(params: VisitorsQueryParams, snapshot: CurrentSnapshot) -> list[Visitor]:
    """Visitors, the most recently active first."""
    return mapper.visitors_to_schema(snapshot, compute.select_visitors(snapshot, params))


@stats.get("/visitors/{visitor_key}")
def visitor(visitor_key: str, snapshot: CurrentSnapshot) -> Visitor:
    """One visitor."""
    found = compute.find_visitor(snapshot, visitor_key)
    if found is None:
        raise lookup.not_found("visitor", visitor_key)
    return mapper.visitors_to_schema(snapshot, [found])[0]


@stats.get("/events", name="events")
def event_list(
    params: EventsQueryParams, snapshot: CurrentSnapshot, base_url: BaseUrl
) -> list[Event]:
    """Play sessions of the last two years, newest first."""
    return mapper.events_to_schema(snapshot, base_url, compute.select_events(snapshot, params))


@stats.get("/events/{event_key}")
def event(event_key: str, snapshot: CurrentSnapshot, base_url: BaseUrl) -> Event:
    """One play session."""
    found = compute.find_event(snapshot, event_key)
    if found is None:
        raise lookup.not_found("event", event_key)
    return mapper.events_to_schema(snapshot, base_url, [found])[0]


@stats.get(
    "/events/{event_key}/iframe.html",
    response_class=HTMLResponse,
    openapi_extra={"security": [{"public_token": []}]},
)
def event_heatmap(event_key: str, snapshot: CurrentSnapshot) -> HTMLResponse:
    """The heat map of one play session, for an iframe; opened by the account's public token."""
    found = compute.find_event(snapshot, event_key)
    if found is None:
        raise lookup.not_found("event", event_key)
    media = catalog.media(snapshot, numbers=[found.media])[0]
    viewer = viewers.get(snapshot, found.viewer.number)
    return HTMLResponse(
        heatmap.render_page(
            media,
            found,
            viewings.spans(snapshot, found.number),
            plays=viewer.plays if viewer else 0,
        )
    )


for prefixed, catalogued in ((v1, catalogue.v1), (modern, catalogue.modern)):
    prefixed.include_router(stats)
    prefixed.include_router(catalogued)
    prefixed.include_router(catalogue.both)
modern.include_router(analytics.routes)
for prefixed in (v1, modern):
    routes.include_router(prefixed)
