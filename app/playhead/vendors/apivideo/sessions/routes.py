"""/analytics: the sessions of a media and the events of a session."""

from fastapi import APIRouter, Request

from playhead.analytics import catalog, viewings
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.viewings import Order, Viewing, ViewingFilter
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.media import MediaKind
from playhead.gateway.vendor_app import CurrentSnapshot
from playhead.vendors.apivideo import lookup, pagination
from playhead.vendors.apivideo.client_compat import CompatRoute
from playhead.vendors.apivideo.params import (
    METADATA_PARAMETER,
    LiveStreamId,
    Metadata,
    PageQueryParams,
    VideoId,
)
from playhead.vendors.apivideo.sessions import mapper
from playhead.vendors.apivideo.sessions.params import SessionId, SessionsParams, SessionsQueryParams
from playhead.vendors.apivideo.sessions.schemas import Events, Sessions

routes = APIRouter(route_class=CompatRoute)


@routes.get("/analytics/videos/{videoId}", openapi_extra=METADATA_PARAMETER)
def video_sessions(
    video_id: VideoId,
    params: SessionsQueryParams,
    metadata: Metadata,
    snapshot: CurrentSnapshot,
    request: Request,
) -> Sessions:
    """Sessions of a video, oldest first."""
    video = lookup.get_media(snapshot, MediaKind.video, video_id)
    return _list_sessions(
        snapshot,
        ViewingFilter(media=video.number, time_range=params.time_range, labels=metadata),
        params,
        request,
    )


@routes.get("/analytics/live-streams/{liveStreamId}")
def live_stream_sessions(
    live_stream_id: LiveStreamId,
    params: SessionsQueryParams,
    snapshot: CurrentSnapshot,
    request: Request,
) -> Sessions:
    """Sessions of a live stream, oldest first."""
    stream = lookup.get_media(snapshot, MediaKind.live, live_stream_id)
    return _list_sessions(
        snapshot, ViewingFilter(media=stream.number, time_range=params.time_range), params, request
    )


def _list_sessions(
    snapshot: Snapshot, viewing_filter: ViewingFilter, query: SessionsParams, request: Request
) -> Sessions:
    total = viewings.count(snapshot, viewing_filter)
    before = pagination.offset(query)
    found: list[Viewing] = []
    if before < total:
        found = viewings.list_page(
            snapshot, viewing_filter, order=Order.oldest_first, limit=query.page_size, offset=before
        )
    return Sessions(
        data=mapper.session_rows(snapshot, found),
        pagination=pagination.build_pagination(request, query, items=len(found), total=total),
    )


@routes.get("/analytics/sessions/{sessionId}/events")
def session_events(
    session_id: SessionId, params: PageQueryParams, snapshot: CurrentSnapshot, request: Request
) -> Events:
    """Events of one session, in their order."""
    number = lookup.session_number(snapshot, session_id)
    viewing = None if number is None else viewings.get(snapshot, number)
    media = (
        None
        if viewing is None
        else next(iter(catalog.media(snapshot, numbers=[viewing.media])), None)
    )
    if viewing is None or media is None:
        raise ApiError(ErrorKind.unknown, [Violation("sessionId", Rule.unknown, session_id)])
    heard = mapper.session_events(snapshot, viewing, media)
    page = pagination.page_of(heard, params)
    return Events(
        data=page,
        pagination=pagination.build_pagination(request, params, items=len(page), total=len(heard)),
    )
