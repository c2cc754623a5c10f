"""/analytics/…/plays: plays by one dimension — evidence/apivideo.md §3.4, §3.5."""

from fastapi import APIRouter, Request

from playhead.analytics.query import Dimension, Filters
from playhead.analytics.snapshot import Snapshot
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.gateway.validation import closest_match
from playhead.gateway.vendor_app import CurrentSnapshot
from playhead.vendors.apivideo import pagination
from playhead.vendors.apivideo.catalog import mapper
from playhead.vendors.apivideo.client_compat import CompatRoute
from playhead.vendors.apivideo.data import dimensions, metrics
from playhead.vendors.apivideo.data.dimensions import Breakdown
from playhead.vendors.apivideo.data.metrics import MetricQuery
from playhead.vendors.apivideo.data.params import RetentionDays
from playhead.vendors.apivideo.data.schemas import Plays, PlaysRow
from playhead.vendors.apivideo.plays.params import (
    LiveStreamsPlaysParams,
    LiveStreamsPlaysQueryParams,
    VideosPlaysParams,
    VideosPlaysQueryParams,
)
from playhead.vendors.apivideo.sessions import compute

routes = APIRouter(route_class=CompatRoute, prefix="/analytics")

MAX_HOURLY_RANGE = 2 * 86_400  # seconds — §3.4
DIMENSIONS = {
    "videoId": dimensions.MEDIA_ID,
    "liveStreamId": dimensions.MEDIA_ID,
    "country": "country name",
    "deviceType": "device-type",
    "operatingSystem": "operating-system",
    "browser": "browser",
}
MEDIA_NAMES = {
    MediaKind.video: ("videoId", "video"),
    MediaKind.live: ("liveStreamId", "live stream"),
}


@routes.get("/videos/plays")
def videos_plays(
    params: VideosPlaysQueryParams,
    snapshot: CurrentSnapshot,
    retention_days: RetentionDays,
    request: Request,
) -> Plays:
    """Plays of videos by one dimension, the most first; over time, the earliest first."""
    return _plays(
        snapshot,
        MediaKind.video,
        params,
        params.time_range(snapshot.account.now, retention_days),
        request,
    )


@routes.get("/live-streams/plays")
def live_streams_plays(
    params: LiveStreamsPlaysQueryParams,
    snapshot: CurrentSnapshot,
    retention_days: RetentionDays,
    request: Request,
) -> Plays:
    """Plays of live streams by one dimension, the most first; over time, the earliest first."""
    return _plays(
        snapshot,
        MediaKind.live,
        params,
        params.time_range(snapshot.account.now, retention_days),
        request,
    )


def _plays(
    snapshot: Snapshot,
    kind: MediaKind,
    query: VideosPlaysParams | LiveStreamsPlaysParams,
    time_range: TimeRange,
    request: Request,
) -> Plays:
    timed = query.dimension == "emittedAt"
    breakdown = (
        _breakdown_over_time(time_range)
        if timed
        else dimensions.by_dimension(snapshot, DIMENSIONS[query.dimension])
    )
    found = metrics.PLAYS(
        snapshot, MetricQuery(time_range, _media_filters(snapshot, kind, query.filter)), breakdown
    )
    rows = compute.sort_rows(
        found,
        sort_by=query.dimension if timed else "metricValue",
        direction="asc" if timed else "desc",
    )
    page = pagination.page_of(rows, query)
    return Plays(
        data=[PlaysRow(value=value, plays=int(plays)) for value, plays in page],
        pagination=pagination.build_pagination(request, query, items=len(page), total=len(rows)),
    )


def _breakdown_over_time(time_range: TimeRange) -> Breakdown:
    return dimensions.over_time(
        Dimension.hour if time_range.end - time_range.start <= MAX_HOURLY_RANGE else Dimension.day,
        dimensions.format_millis,
    )


def _media_filters(snapshot: Snapshot, kind: MediaKind, text: str | None) -> Filters:
    """The viewings of a kind, or of the one media that a filter names; raises Failure(invalid)."""
    if text is None:
        return Filters(kinds=frozenset({kind}))
    name, thing = MEDIA_NAMES[kind]
    named, _, id_ = text.partition(":")
    if named != name or not id_:
        raise ApiError(
            ErrorKind.invalid,
            [Violation("filter", Rule.scheme, text, {"form": f"{name}:{{{name}}}"})],
        )
    found = mapper.find_media(snapshot, kind, id_)
    if found is None:
        near = closest_match(id_, mapper.ids_by_number(snapshot, kind).values())
        raise ApiError(
            ErrorKind.invalid,
            [Violation("filter", Rule.unknown, id_, {"thing": thing, "near": near})],
        )
    return Filters(kinds=frozenset({kind}), media=[found.number])
