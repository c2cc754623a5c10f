"""api.video's routes: tokens, sessions, the catalogue; and those of plays and /data."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from playhead.analytics import catalog, viewings
from playhead.analytics.catalog import Media
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.viewings import Order, Viewing, ViewingFilter
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.media import MediaKind
from playhead.gateway.validation import closest_match
from playhead.gateway.vendor_app import CurrentAccount, CurrentSnapshot
from playhead.vendors.apivideo import auth, pagination
from playhead.vendors.apivideo.catalog import mapper as catalog_mapper
from playhead.vendors.apivideo.client_compat import CompatRoute
from playhead.vendors.apivideo.data.routes import routes as data_routes
from playhead.vendors.apivideo.params import (
    METADATA_AND_TAGS_PARAMETERS,
    METADATA_PARAMETER,
    LiveStreamsQueryParams,
    Metadata,
    PageQueryParams,
    SessionsParams,
    SessionsQueryParams,
    Tags,
    VideosQueryParams,
    body_openapi,
)
from playhead.vendors.apivideo.plays.routes import routes as plays_routes
from playhead.vendors.apivideo.schemas import (
    Events,
    LiveStream,
    LiveStreams,
    Sessions,
    Tokens,
    Video,
    Videos,
)
from playhead.vendors.apivideo.sessions import mapper

routes = APIRouter(route_class=CompatRoute)
routes.include_router(plays_routes)  # before the sessions of a media: `plays` is no id — §2
routes.include_router(data_routes)

VideoId = Annotated[str, Path(alias="videoId")]
LiveStreamId = Annotated[str, Path(alias="liveStreamId")]
SessionId = Annotated[str, Path(alias="sessionId")]


@routes.post("/auth/api-key", openapi_extra=body_openapi("apiKey"))
def authenticate(account: CurrentAccount) -> Tokens:
    """Tokens for an API key."""
    return auth.issue_tokens(account)


@routes.post("/auth/refresh", openapi_extra=body_openapi("refreshToken"))
def refresh(account: CurrentAccount) -> Tokens:
    """New tokens for a refresh token."""
    return auth.issue_tokens(account)


@routes.get("/analytics/videos/{videoId}", openapi_extra=METADATA_PARAMETER)
def video_sessions(
    video_id: VideoId,
    params: SessionsQueryParams,
    metadata: Metadata,
    snapshot: CurrentSnapshot,
    request: Request,
) -> Sessions:
    """Sessions of a video, oldest first."""
    video = _get_media(snapshot, MediaKind.video, video_id)
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
    stream = _get_media(snapshot, MediaKind.live, live_stream_id)
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
    number = mapper.session_number(snapshot, session_id)
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


@routes.get("/videos", openapi_extra=METADATA_AND_TAGS_PARAMETERS)
def videos(
    params: VideosQueryParams,
    tags: Tags,
    metadata: Metadata,
    snapshot: CurrentSnapshot,
    request: Request,
) -> Videos:
    """The videos that match all conditions."""
    found = catalog_mapper.select_videos(
        catalog_mapper.videos(snapshot), params, tags=tags, metadata=metadata
    )
    page = pagination.page_of(found, params)
    return Videos(
        data=page,
        pagination=pagination.build_pagination(request, params, items=len(page), total=len(found)),
    )


@routes.get("/videos/{videoId}")
def video(video_id: VideoId, snapshot: CurrentSnapshot) -> Video:
    """One video."""
    found = _get_media(snapshot, MediaKind.video, video_id)
    return catalog_mapper.videos(snapshot, numbers=[found.number])[0]


@routes.get("/live-streams")
def live_streams(
    params: LiveStreamsQueryParams, snapshot: CurrentSnapshot, request: Request
) -> LiveStreams:
    """The live streams that match all conditions."""
    found = catalog_mapper.select_live_streams(catalog_mapper.live_streams(snapshot), params)
    page = pagination.page_of(found, params)
    return LiveStreams(
        data=page,
        pagination=pagination.build_pagination(request, params, items=len(page), total=len(found)),
    )


@routes.get("/live-streams/{liveStreamId}")
def live_stream(live_stream_id: LiveStreamId, snapshot: CurrentSnapshot) -> LiveStream:
    """One live stream."""
    found = _get_media(snapshot, MediaKind.live, live_stream_id)
    return catalog_mapper.live_streams(snapshot, numbers=[found.number])[0]


ID_FIELDS = {MediaKind.video: "videoId", MediaKind.live: "liveStreamId"}


def _get_media(snapshot: Snapshot, kind: MediaKind, media_id: str) -> Media:
    """The media of that kind with that id.

    Raises Failure(unknown), with the nearest id that there is.
    """
    found = catalog_mapper.find_media(snapshot, kind, media_id)
    if found is None:
        near = closest_match(media_id, catalog_mapper.ids_by_number(snapshot, kind).values())
        raise ApiError(
            ErrorKind.unknown, [Violation(ID_FIELDS[kind], Rule.unknown, media_id, {"near": near})]
        )
    return found
