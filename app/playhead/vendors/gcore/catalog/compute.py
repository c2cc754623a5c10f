"""Gcore's catalogue: streams, videos and playlists, filled from the library and its broadcasts."""

from collections.abc import Iterable

from playhead.vendors.gcore.catalog.params import VideosParams
from playhead.vendors.gcore.catalog.schemas import (
    Video,
)


def select_videos(candidates: Iterable[Video], params: VideosParams) -> list[Video]:
    """The page of videos that a query asks for."""
    ids = None if params.id is None else {part.strip() for part in params.id.split(",")}
    kept = [
        video
        for video in candidates
        if (ids is None or str(video.id) in ids)
        and (
            params.search is None
            or params.search in (str(video.id), video.slug)
            or params.search.casefold() in video.name.casefold()
        )
        and (params.status is None or video.status == params.status)
        and (params.client_user_id is None or video.client_user_id == params.client_user_id)
        and (params.stream_id is None or video.stream_id == params.stream_id)
    ]
    return kept[(params.page - 1) * params.per_page : params.page * params.per_page]
