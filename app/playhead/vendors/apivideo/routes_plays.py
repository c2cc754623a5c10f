"""/analytics/…/plays: plays by one dimension — contracts/apivideo.md §3.4, §3.5."""

from fastapi import APIRouter, Request

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats.counting import Among, By
from playhead.stats.reading import Reading, Window
from playhead.vendor import Asked, nearest
from playhead.vendors.apivideo import catalogue, dimensions, figures, measures, pages, queries_plays
from playhead.vendors.apivideo.dimensions import Split
from playhead.vendors.apivideo.measures import Question
from playhead.vendors.apivideo.profile import FittedRoute
from playhead.vendors.apivideo.queries_data import Retention
from playhead.vendors.apivideo.shapes_counts import Plays, PlaysRow
from playhead.world.terms import MediaKind

routes = APIRouter(route_class=FittedRoute, prefix="/analytics")

BY_HOUR_UP_TO = 2 * 86_400  # seconds — §3.4
DIMENSIONS = {
    "videoId": dimensions.MEDIA_ID,
    "liveStreamId": dimensions.MEDIA_ID,
    "country": "country name",
    "deviceType": "device-type",
    "operatingSystem": "operating-system",
    "browser": "browser",
}
THINGS = {MediaKind.video: ("videoId", "video"), MediaKind.live: ("liveStreamId", "live stream")}


@routes.get("/videos/plays")
def videos_plays(query: queries_plays.VideosPlays, asked: Asked, kept: Retention, request: Request) -> Plays:
    """Plays of videos by one dimension, the most first; over time, the earliest first."""
    return _plays(asked, MediaKind.video, query, query.within(asked.account.now, kept), request)


@routes.get("/live-streams/plays")
def live_streams_plays(query: queries_plays.LiveStreamsPlays, asked: Asked, kept: Retention, request: Request) -> Plays:
    """Plays of live streams by one dimension, the most first; over time, the earliest first."""
    return _plays(asked, MediaKind.live, query, query.within(asked.account.now, kept), request)


def _plays(
    asked: Reading, kind: MediaKind, query: queries_plays.VideosPlaysQuery | queries_plays.LiveStreamsPlaysQuery, within: Window, request: Request
) -> Plays:
    timed = query.dimension == "emittedAt"
    split = _over_time(within) if timed else dimensions.by_dimension(asked, DIMENSIONS[query.dimension])
    found = measures.PLAYS(asked, Question(within, _among(asked, kind, query.filter)), split)
    rows = figures.ordered(found, by=query.dimension if timed else "metricValue", direction="asc" if timed else "desc")
    page = pages.sliced(rows, query)
    return Plays(
        data=[PlaysRow(value=value, plays=int(plays)) for value, plays in page],
        pagination=pages.pagination(request, query, items=len(page), total=len(rows)),
    )


def _over_time(within: Window) -> Split:
    return dimensions.over_time(By.hour if within.end - within.start <= BY_HOUR_UP_TO else By.day, dimensions.milliseconds)


def _among(asked: Reading, kind: MediaKind, text: str | None) -> Among:
    """The viewings of a kind, or of the one media that a filter names; raises Failure(invalid)."""
    if text is None:
        return Among(kinds=frozenset({kind}))
    name, thing = THINGS[kind]
    named, _, id_ = text.partition(":")
    if named != name or not id_:
        raise Failure(Kind.invalid, [Problem("filter", Rule.scheme, text, {"form": f"{name}:{{{name}}}"})])
    found = catalogue.find(asked, kind, id_)
    if found is None:
        near = nearest(id_, catalogue.ids(asked, kind).values())
        raise Failure(Kind.invalid, [Problem("filter", Rule.unknown, id_, {"thing": thing, "near": near})])
    return Among(kinds=frozenset({kind}), media=[found.number])
