"""/analytics/…/plays: plays by one dimension — evidence/apivideo.md §3.4, §3.5."""

from fastapi import APIRouter, Request

from playhead.analytics.snapshot import Snapshot
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.gateway.vendor_app import CurrentSnapshot
from playhead.vendors.apivideo import pagination
from playhead.vendors.apivideo.client_compat import CompatRoute
from playhead.vendors.apivideo.data import compute as data_compute
from playhead.vendors.apivideo.data import dimensions, metrics
from playhead.vendors.apivideo.data.metrics import MetricQuery
from playhead.vendors.apivideo.data.params import RetentionDays
from playhead.vendors.apivideo.plays.compute import DIMENSIONS, _breakdown_over_time, _media_filters
from playhead.vendors.apivideo.plays.params import (
    LiveStreamsPlaysParams,
    LiveStreamsPlaysQueryParams,
    VideosPlaysParams,
    VideosPlaysQueryParams,
)
from playhead.vendors.apivideo.plays.schemas import Plays, PlaysRow

routes = APIRouter(route_class=CompatRoute, prefix="/analytics")


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
    rows = data_compute.sort_rows(
        found,
        sort_by=query.dimension if timed else "metricValue",
        direction="asc" if timed else "desc",
    )
    page = pagination.page_of(rows, query)
    return Plays(
        data=[PlaysRow(value=value, plays=int(plays)) for value, plays in page],
        pagination=pagination.build_pagination(request, query, items=len(page), total=len(rows)),
    )
