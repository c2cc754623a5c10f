"""Which videos and live streams a list holds."""

from collections.abc import Collection, Mapping, Sequence

from playhead.vendors.apivideo.catalog.params import LiveStreamsParams, VideosParams
from playhead.vendors.apivideo.catalog.schemas import LiveStream, Video


def select_videos(
    candidates: Sequence[Video],
    params: VideosParams,
    *,
    tags: Collection[str],
    metadata: Mapping[str, str],
) -> list[Video]:
    """The videos that match all conditions, in the query's order."""
    pairs = set(metadata.items())
    kept = [
        video
        for video in candidates
        if (params.title or "") in video.title
        and (params.description or "") in video.description
        and not params.live_stream_id
        and set(tags) <= set(video.tags)
        and pairs <= {(pair.key, pair.value) for pair in video.metadata}
    ]
    return sorted(
        kept,
        key=lambda video: str(getattr(video, params.sort_by)),
        reverse=params.sort_order == "desc",
    )


def select_live_streams(
    candidates: Sequence[LiveStream], params: LiveStreamsParams
) -> list[LiveStream]:
    """The live streams that match all conditions, in the query's order."""
    kept = [
        stream
        for stream in candidates
        if (params.name or "") in stream.name and params.stream_key in (None, "", stream.streamKey)
    ]
    return sorted(
        kept,
        key=lambda stream: str(getattr(stream, params.sort_by)),
        reverse=params.sort_order == "desc",
    )
