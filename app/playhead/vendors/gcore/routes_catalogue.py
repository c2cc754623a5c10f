"""Gcore's catalogue and the account that asks: translate, ask, fill the shape."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Path

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.gate import GatedRoute
from playhead.stats.naming import Naming
from playhead.vendor import Asked, nearest
from playhead.vendors.gcore import catalogue, delivery, words
from playhead.vendors.gcore.catalogue_queries import Names, Playlists, Streams, Videos
from playhead.vendors.gcore.catalogue_shapes import Overview, Playlist, Spectators, Stream, Video, VideoName

routes = APIRouter(route_class=GatedRoute)


@routes.get("/streaming/streams")
def streams(query: Streams, asked: Asked) -> list[Stream]:
    """The live streams; everything is on the first page, since no size is documented."""
    return catalogue.streams(asked) if query.page == 1 else []


@routes.get("/streaming/streams/{stream_id}")
def stream(stream_id: str, asked: Asked) -> Stream:
    """One live stream — Gcore API reference, schema stream, §5, grade DOC."""
    found = next((stream for stream in catalogue.streams(asked) if str(stream.id) == stream_id), None)
    if found is None:
        raise unknown("stream", stream_id, map(str, catalogue.stream_ids(asked).values()))
    return found


@routes.get("/streaming/broadcasts/{broadcast_id}/spectators")
def spectators(broadcast_id: str, asked: Asked) -> Spectators:
    """Distinct viewers who have the live stream of a broadcast on screen now."""
    numbers = {str(words.broadcast_id(number)): number for number in catalogue.stream_ids(asked)}
    if broadcast_id not in numbers:
        raise unknown("broadcast", broadcast_id, numbers)
    return Spectators(spectators_count=delivery.spectators(asked, numbers[broadcast_id]))


@routes.get("/streaming/videos", response_model=list[Video] | list[dict[str, Any]])
def videos(query: Videos, asked: Asked) -> list[Video] | list[dict[str, object]]:
    """The videos that match all conditions, with their lifetime views."""
    page = catalogue.chosen(catalogue.videos(asked), query)
    if query.fields is None:
        return page
    names = {name.strip() for name in query.fields.split(",")}
    return [video.model_dump(include=names) for video in page]


@routes.get("/streaming/videos/names")
def video_names(query: Names, asked: Asked) -> list[VideoName]:
    """Names of videos by number — Gcore API reference, the operation without a schema, §5, grade CHOICE."""
    return catalogue.names(asked, query.ids)


@routes.get("/streaming/videos/{video_id}")
def video(video_id: str, asked: Asked) -> Video:
    """One video."""
    number = words.entity(Naming(asked, words.NAME), "video", video_id)
    found = catalogue.videos(asked, [number]) if number is not None else []
    if not found:
        raise unknown("video", video_id, (str(name.id) for name in catalogue.names(asked)))
    return found[0]


@routes.get("/streaming/playlists")
def playlists(query: Playlists, asked: Asked) -> list[Playlist]:
    """The playlists; everything is on the first page, since no size is documented."""
    return catalogue.playlists(asked) if query.page == 1 else []


@routes.get("/streaming/playlists/{playlist_id}")
def playlist(playlist_id: Annotated[str, Path(examples=["12345"])], asked: Asked) -> Playlist:
    """One playlist — Gcore API reference, schema playlist, §5, grade DOC."""
    found = {str(playlist.id): playlist for playlist in catalogue.playlists(asked)}
    if playlist_id not in found:
        raise unknown("playlist", playlist_id, found)
    return found[playlist_id]


@routes.get("/iam/clients/me")
def account_overview(asked: Asked) -> Overview:
    """The account that asks — Gcore API reference, IAM schema ClientBase, §5, grade DOC."""
    return catalogue.overview(asked)


def unknown(what: str, given: str, known: Iterable[str]) -> Failure:
    """The failure of an id that names nothing, with the nearest that names something."""
    return Failure(Kind.unknown, [Problem(what, Rule.unknown, given, {"near": nearest(given, known)})])
