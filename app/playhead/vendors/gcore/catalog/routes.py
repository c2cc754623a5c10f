"""Gcore's catalogue and the account that asks: translate, ask, fill the shape."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Path

from playhead.analytics.aliases import AliasResolver
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.gateway.pipeline import EmulatedRoute
from playhead.gateway.validation import closest_match
from playhead.gateway.vendor_app import CurrentSnapshot
from playhead.vendors.gcore import ids, lookup, vocabulary
from playhead.vendors.gcore.catalog import compute, mapper
from playhead.vendors.gcore.catalog.params import (
    NamesQueryParams,
    PlaylistsQueryParams,
    StreamsQueryParams,
    VideosQueryParams,
)
from playhead.vendors.gcore.catalog.schemas import (
    Overview,
    Playlist,
    Spectators,
    Stream,
    Video,
    VideoName,
)
from playhead.vendors.gcore.delivery import compute as delivery

routes = APIRouter(route_class=EmulatedRoute)


@routes.get("/streaming/streams")
def streams(params: StreamsQueryParams, snapshot: CurrentSnapshot) -> list[Stream]:
    """The live streams; everything is on the first page, since no size is documented."""
    return mapper.streams(snapshot) if params.page == 1 else []


@routes.get("/streaming/streams/{stream_id}")
def stream(stream_id: str, snapshot: CurrentSnapshot) -> Stream:
    """One live stream — Gcore API reference, schema stream, §5, grade DOC."""
    found = next(
        (stream for stream in mapper.streams(snapshot) if str(stream.id) == stream_id), None
    )
    if found is None:
        raise not_found(
            "stream", stream_id, map(str, lookup.stream_ids_by_number(snapshot).values())
        )
    return found


@routes.get("/streaming/broadcasts/{broadcast_id}/spectators")
def spectators(broadcast_id: str, snapshot: CurrentSnapshot) -> Spectators:
    """Distinct viewers who have the live stream of a broadcast on screen now."""
    numbers = {
        str(ids.broadcast_id(number)): number for number in lookup.stream_ids_by_number(snapshot)
    }
    if broadcast_id not in numbers:
        raise not_found("broadcast", broadcast_id, numbers)
    return Spectators(spectators_count=delivery.spectators(snapshot, numbers[broadcast_id]))


@routes.get("/streaming/videos", response_model=list[Video] | list[dict[str, Any]])
def videos(
    params: VideosQueryParams, snapshot: CurrentSnapshot
) -> list[Video] | list[dict[str, object]]:
    """The videos that match all conditions, with their lifetime views."""
    page = compute.select_videos(mapper.videos(snapshot), params)
    if params.fields is None:
        return page
    names = {name.strip() for name in params.fields.split(",")}
    return [video.model_dump(include=names) for video in page]


@routes.get("/streaming/videos/names")
def video_names(params: NamesQueryParams, snapshot: CurrentSnapshot) -> list[VideoName]:
    """Names of videos by number — Gcore API reference, the operation without a schema, §5, grade
    CHOICE.
    """
    return mapper.video_names(snapshot, params.ids)


@routes.get("/streaming/videos/{video_id}")
def video(video_id: str, snapshot: CurrentSnapshot) -> Video:
    """One video."""
    number = ids.number_of_id(AliasResolver(snapshot, vocabulary.NAME), "video", video_id)
    found = mapper.videos(snapshot, [number]) if number is not None else []
    if not found:
        raise not_found("video", video_id, (str(name.id) for name in mapper.video_names(snapshot)))
    return found[0]


@routes.get("/streaming/playlists")
def playlists(params: PlaylistsQueryParams, snapshot: CurrentSnapshot) -> list[Playlist]:
    """The playlists; everything is on the first page, since no size is documented."""
    return mapper.playlists(snapshot) if params.page == 1 else []


@routes.get("/streaming/playlists/{playlist_id}")
def playlist(
    playlist_id: Annotated[str, Path(examples=["12345"])], snapshot: CurrentSnapshot
) -> Playlist:
    """One playlist — Gcore API reference, schema playlist, §5, grade DOC."""
    found = {str(playlist.id): playlist for playlist in mapper.playlists(snapshot)}
    if playlist_id not in found:
        raise not_found("playlist", playlist_id, found)
    return found[playlist_id]


@routes.get("/iam/clients/me")
def account_overview(snapshot: CurrentSnapshot) -> Overview:
    """The account that asks — Gcore API reference, IAM schema ClientBase, §5, grade DOC."""
    return mapper.overview(snapshot)


def not_found(field: str, value: str, candidates: Iterable[str]) -> ApiError:
    """The failure of an id that names nothing, with the nearest that names something."""
    return ApiError(
        ErrorKind.unknown,
        [Violation(field, Rule.unknown, value, {"near": closest_match(value, candidates)})],
    )
