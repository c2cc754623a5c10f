"""api.video's routes: tokens, sessions, the catalogue; and those of plays and /data."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats import library, viewings
from playhead.stats.library import Media
from playhead.stats.reading import Reading
from playhead.stats.viewings import Order, Viewing, Which
from playhead.vendor import Asked, Entered, nearest
from playhead.vendors.apivideo import auth, catalogue, pages, queries, routes_data, routes_plays, sessions
from playhead.vendors.apivideo.profile import FittedRoute
from playhead.vendors.apivideo.queries import Metadata, Tags
from playhead.vendors.apivideo.shapes import Events, LiveStream, LiveStreams, Sessions, Tokens, Video, Videos
from playhead.world.terms import MediaKind

routes = APIRouter(route_class=FittedRoute)
routes.include_router(routes_plays.routes)  # before the sessions of a media: `plays` is no id — §2
routes.include_router(routes_data.routes)

VideoId = Annotated[str, Path(alias="videoId")]
LiveStreamId = Annotated[str, Path(alias="liveStreamId")]
SessionId = Annotated[str, Path(alias="sessionId")]


@routes.post("/auth/api-key", openapi_extra=queries.body_of("apiKey"))
def authenticate(account: Entered) -> Tokens:
    """Tokens for an API key."""
    return auth.tokens(account)


@routes.post("/auth/refresh", openapi_extra=queries.body_of("refreshToken"))
def refresh(account: Entered) -> Tokens:
    """New tokens for a refresh token."""
    return auth.tokens(account)


@routes.get("/analytics/videos/{videoId}", openapi_extra=queries.METADATA_PARAMETER)
def video_sessions(video_id: VideoId, query: queries.Sessions, metadata: Metadata, asked: Asked, request: Request) -> Sessions:
    """Sessions of a video, oldest first."""
    video = _media(asked, MediaKind.video, video_id)
    return _sessions(asked, Which(media=video.number, within=query.within, labels=metadata), query, request)


@routes.get("/analytics/live-streams/{liveStreamId}")
def live_stream_sessions(live_stream_id: LiveStreamId, query: queries.Sessions, asked: Asked, request: Request) -> Sessions:
    """Sessions of a live stream, oldest first."""
    stream = _media(asked, MediaKind.live, live_stream_id)
    return _sessions(asked, Which(media=stream.number, within=query.within), query, request)


def _sessions(asked: Reading, which: Which, query: queries.SessionsQuery, request: Request) -> Sessions:
    total, before = viewings.count(asked, which), pages.offset(query)
    found: list[Viewing] = []
    if before < total:
        found = viewings.page(asked, which, order=Order.oldest_first, limit=query.page_size, offset=before)
    return Sessions(data=sessions.rows(asked, found), pagination=pages.pagination(request, query, items=len(found), total=total))


@routes.get("/analytics/sessions/{sessionId}/events")
def session_events(session_id: SessionId, query: queries.Page, asked: Asked, request: Request) -> Events:
    """Events of one session, in their order."""
    number = sessions.number(asked, session_id)
    viewing = None if number is None else viewings.one(asked, number)
    media = None if viewing is None else next(iter(library.media(asked, numbers=[viewing.media])), None)
    if viewing is None or media is None:
        raise Failure(Kind.unknown, [Problem("sessionId", Rule.unknown, session_id)])
    heard = sessions.events(asked, viewing, media)
    page = pages.sliced(heard, query)
    return Events(data=page, pagination=pages.pagination(request, query, items=len(page), total=len(heard)))


@routes.get("/videos", openapi_extra=queries.METADATA_AND_TAGS_PARAMETERS)
def videos(query: queries.Videos, tags: Tags, metadata: Metadata, asked: Asked, request: Request) -> Videos:
    """The videos that match all conditions."""
    found = catalogue.chosen_videos(catalogue.videos(asked), query, tags=tags, metadata=metadata)
    page = pages.sliced(found, query)
    return Videos(data=page, pagination=pages.pagination(request, query, items=len(page), total=len(found)))


@routes.get("/videos/{videoId}")
def video(video_id: VideoId, asked: Asked) -> Video:
    """One video."""
    found = _media(asked, MediaKind.video, video_id)
    return catalogue.videos(asked, numbers=[found.number])[0]


@routes.get("/live-streams")
def live_streams(query: queries.LiveStreams, asked: Asked, request: Request) -> LiveStreams:
    """The live streams that match all conditions."""
    found = catalogue.chosen_live_streams(catalogue.live_streams(asked), query)
    page = pages.sliced(found, query)
    return LiveStreams(data=page, pagination=pages.pagination(request, query, items=len(page), total=len(found)))


@routes.get("/live-streams/{liveStreamId}")
def live_stream(live_stream_id: LiveStreamId, asked: Asked) -> LiveStream:
    """One live stream."""
    found = _media(asked, MediaKind.live, live_stream_id)
    return catalogue.live_streams(asked, numbers=[found.number])[0]


FIELDS = {MediaKind.video: "videoId", MediaKind.live: "liveStreamId"}


def _media(asked: Reading, kind: MediaKind, given: str) -> Media:
    """The media of that kind with that id; raises Failure(unknown), with the nearest id that there is."""
    found = catalogue.find(asked, kind, given)
    if found is None:
        near = nearest(given, catalogue.ids(asked, kind).values())
        raise Failure(Kind.unknown, [Problem(FIELDS[kind], Rule.unknown, given, {"near": near})])
    return found
