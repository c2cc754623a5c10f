"""/videos and /live-streams: the catalog — evidence/apivideo.md §5."""

from fastapi import APIRouter, Request

from playhead.domain.media import MediaKind
from playhead.gateway.vendor_app import CurrentSnapshot
from playhead.vendors.apivideo import lookup, pagination
from playhead.vendors.apivideo.catalog import compute, mapper
from playhead.vendors.apivideo.catalog.params import (
    METADATA_AND_TAGS_PARAMETERS,
    LiveStreamsQueryParams,
    Tags,
    VideosQueryParams,
)
from playhead.vendors.apivideo.catalog.schemas import LiveStream, LiveStreams, Video, Videos
from playhead.vendors.apivideo.client_compat import CompatRoute
from playhead.vendors.apivideo.params import LiveStreamId, Metadata, VideoId

routes = APIRouter(route_class=CompatRoute)


@routes.get("/videos", openapi_extra=METADATA_AND_TAGS_PARAMETERS)
def videos(
    params: VideosQueryParams,
    tags: Tags,
    metadata: Metadata,
    snapshot: CurrentSnapshot,
    request: Request,
) -> Videos:
    """The videos that match all conditions."""
    found = compute.select_videos(mapper.videos(snapshot), params, tags=tags, metadata=metadata)
    page = pagination.page_of(found, params)
    return Videos(
        data=page,
        pagination=pagination.build_pagination(request, params, items=len(page), total=len(found)),
    )


@routes.get("/videos/{videoId}")
def video(video_id: VideoId, snapshot: CurrentSnapshot) -> Video:
    """One video."""
    found = lookup.get_media(snapshot, MediaKind.video, video_id)
    return mapper.videos(snapshot, numbers=[found.number])[0]


@routes.get("/live-streams")
def live_streams(
    params: LiveStreamsQueryParams, snapshot: CurrentSnapshot, request: Request
) -> LiveStreams:
    """The live streams that match all conditions."""
    found = compute.select_live_streams(mapper.live_streams(snapshot), params)
    page = pagination.page_of(found, params)
    return LiveStreams(
        data=page,
        pagination=pagination.build_pagination(request, params, items=len(page), total=len(found)),
    )


@routes.get("/live-streams/{liveStreamId}")
def live_stream(live_stream_id: LiveStreamId, snapshot: CurrentSnapshot) -> LiveStream:
    """One live stream."""
    found = lookup.get_media(snapshot, MediaKind.live, live_stream_id)
    return mapper.live_streams(snapshot, numbers=[found.number])[0]
