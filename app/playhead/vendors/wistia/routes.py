"""Wistia's routes: the statistics, under both prefixes; and what the catalogue and the analytics have beside them."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from pydantic import MISSING

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.gate import GatedRoute
from playhead.stats import library, positions, tallies, viewers, viewings
from playhead.stats.tallies import Tally
from playhead.vendor import Asked
from playhead.vendors.wistia import events, figures, finding, heatmap, visitors, words
from playhead.vendors.wistia.actions import actions
from playhead.vendors.wistia.analytics import routes as analytics
from playhead.vendors.wistia.catalogue import routes as catalogue
from playhead.vendors.wistia.origin import Origin
from playhead.vendors.wistia.queries import Dates, Events, Visitors
from playhead.vendors.wistia.shapes import AccountStats, DayStats, Event, MediaEngagement, MediaStats, ProjectStats, Visitor

routes = APIRouter(route_class=GatedRoute)
v1 = APIRouter(prefix="/v1", route_class=GatedRoute)
modern = APIRouter(prefix="/modern", route_class=GatedRoute)
stats = APIRouter(prefix="/stats", route_class=GatedRoute)  # what both prefixes have alike


@routes.get("/health", response_class=PlainTextResponse)
def health() -> str:
    """Whether anybody is there; needs no key — Answer of the live host, §1.1, grade W."""
    return "OK"


@v1.get("/{rest:path}.xml", include_in_schema=False)
@modern.get("/{rest:path}.xml", include_in_schema=False)
def xml(request: Request, _asked: Asked) -> None:
    """XML, which /v1 once had, is not served — unknown 9, §1.6."""
    raise Failure(Kind.not_acceptable, [Problem("path", Rule.suffix, request.scope["path"])])


# Account and project.


@stats.get("/account")
def account(asked: Asked) -> AccountStats:
    """Lifetime counts of the account."""
    counts = figures.totals(asked, library.media(asked))
    return AccountStats(load_count=counts.loads, play_count=counts.plays, hours_watched=counts.hours)


@modern.get("/stats/account/by_date")
def account_by_date(query: Dates, asked: Asked) -> list[DayStats]:
    """Counts of the account by day, oldest first."""
    return _days(figures.by_date(asked, library.media(asked), query.days(asked.account.now)))


@v1.get("/stats/account/by_date", name="account_by_date")
def account_by_date_newest_first(query: Dates, asked: Asked) -> list[DayStats]:
    """Counts of the account by day, newest first: the one list of days that is — quirk 5, §3.2."""
    return account_by_date(query, asked)[::-1]


@stats.get("/projects/{project_id}")
def project(project_id: str, asked: Asked) -> ProjectStats:
    """Lifetime counts of a project."""
    media = finding.media_of_project(asked, project_id)
    counts = figures.totals(asked, media, only=[one.number for one in media])
    return ProjectStats(load_count=counts.loads, play_count=counts.plays, hours_watched=counts.hours, number_of_videos=len(media))


@stats.get("/projects/{project_id}/by_date")
def project_by_date(project_id: str, query: Dates, asked: Asked) -> list[DayStats]:
    """Counts of a project by day, oldest first."""
    media = finding.media_of_project(asked, project_id)
    return _days(figures.by_date(asked, media, query.days(asked.account.now), only=[one.number for one in media]))


# Media.


@stats.get("/medias/{media_id}")
def media(media_id: str, asked: Asked) -> MediaStats:
    """Lifetime counts of a media."""
    found = finding.media(asked, media_id)
    lifetime, people = tallies.by_media(asked, media=[found.number]), tallies.people(asked, found.number)
    counts = figures.counts([found], lifetime, lifetime)
    return MediaStats(
        load_count=counts.loads,
        play_count=counts.plays,
        play_rate=figures.play_rate(people),
        hours_watched=counts.hours,
        engagement=figures.engagement(found, lifetime.get(found.number, Tally())),
        visitors=people.visitors,
        actions=actions(asked, found) or MISSING,
    )


@stats.get("/medias/{media_id}/by_date")
def media_by_date(media_id: str, query: Dates, asked: Asked) -> list[DayStats]:
    """Counts of a media by day, oldest first."""
    found = finding.media(asked, media_id)
    return _days(figures.by_date(asked, [found], query.days(asked.account.now), only=[found.number]))


@stats.get("/medias/{media_id}/engagement")
def media_engagement(media_id: str, asked: Asked) -> MediaEngagement:
    """How often each part of a media was seen: first passes, and further ones."""
    found = finding.media(asked, media_id)
    lifetime = tallies.by_media(asked, media=[found.number]).get(found.number, Tally())
    first, again = positions.passes(asked, media=found.number, seconds=found.seconds)
    return MediaEngagement(engagement=figures.engagement(found, lifetime), engagement_data=figures.cells(first), rewatch_data=figures.cells(again))


# Visitors and events.


@stats.get("/visitors", name="visitors")
def visitor_list(query: Visitors, asked: Asked) -> list[Visitor]:
    """Visitors, the most recently active first."""
    return visitors.told(asked, visitors.chosen(asked, query))


@stats.get("/visitors/{visitor_key}")
def visitor(visitor_key: str, asked: Asked) -> Visitor:
    """One visitor."""
    found = visitors.one(asked, visitor_key)
    if found is None:
        raise finding.unknown("visitor", visitor_key)
    return visitors.told(asked, [found])[0]


@stats.get("/events", name="events")
def event_list(query: Events, asked: Asked, origin: Origin) -> list[Event]:
    """Play sessions of the last two years, newest first."""
    return events.told(asked, origin, events.chosen(asked, query))


@stats.get("/events/{event_key}")
def event(event_key: str, asked: Asked, origin: Origin) -> Event:
    """One play session."""
    found = events.one(asked, event_key)
    if found is None:
        raise finding.unknown("event", event_key)
    return events.told(asked, origin, [found])[0]


@stats.get("/events/{event_key}/iframe.html", response_class=HTMLResponse, openapi_extra={"security": [{"public_token": []}]})
def event_heatmap(event_key: str, asked: Asked) -> HTMLResponse:
    """The heat map of one play session, for an iframe; opened by the account's public token."""
    found = events.one(asked, event_key)
    if found is None:
        raise finding.unknown("event", event_key)
    media, viewer = library.media(asked, numbers=[found.media])[0], viewers.one(asked, found.viewer.number)
    return HTMLResponse(heatmap.page(media, found, viewings.spans(asked, found.number), plays=viewer.plays if viewer else 0))


for prefixed, catalogued in ((v1, catalogue.v1), (modern, catalogue.modern)):
    prefixed.include_router(stats)
    prefixed.include_router(catalogued)
    prefixed.include_router(catalogue.both)
modern.include_router(analytics.routes)
for prefixed in (v1, modern):
    routes.include_router(prefixed)


def _days(days: list[tuple[int, figures.Counts]]) -> list[DayStats]:
    return [DayStats(date=words.date(day), load_count=counts.loads, play_count=counts.plays, hours_watched=counts.hours) for day, counts in days]
