"""api.video's catalogue:

videos and live streams, filled from the library and its broadcasts — evidence/apivideo.md §5.
"""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from uuid import UUID

from playhead.analytics import catalog
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.catalog import Broadcast, Media
from playhead.analytics.snapshot import Snapshot
from playhead.domain.media import MediaKind
from playhead.vendors.apivideo import vocabulary
from playhead.vendors.apivideo.params import LiveStreamsParams, VideosParams
from playhead.vendors.apivideo.schemas import (
    LiveStream,
    LiveStreamAssets,
    Pair,
    Restream,
    Source,
    Video,
    VideoAssets,
)

MEDIA_HOST = "apivideo.example"  # media are not served, so their addresses lead nowhere
IFRAME = (
    '<iframe src="{}" width="100%" height="100%" frameborder="0" scrolling="no" '
    'allowfullscreen=""></iframe>'
)
RESTREAM = (
    "YouTube",
    "rtmp://youtube.broadcast.example.com",
)  # the documented example's; one each (unknown 11)


def find_media(snapshot: Snapshot, kind: MediaKind, text: str) -> Media | None:
    """The media of that kind with that id; the id's own letters do not matter — §1.7."""
    number = _number_of_id(snapshot, kind, text)
    found = catalog.media(snapshot, numbers=[] if number is None else [number])
    return next((media for media in found if media.kind is kind), None)


def _number_of_id(snapshot: Snapshot, kind: MediaKind, text: str) -> int | None:
    return AliasResolver(snapshot, vocabulary.NAME).number(
        kind.name, text, lambda given: vocabulary.number_of(kind.name, given)
    )


def ids_by_number(snapshot: Snapshot, kind: MediaKind) -> dict[int, str]:
    """The ids of all media of a kind, by number."""
    numbers = [media.number for media in catalog.media(snapshot) if media.kind is kind]
    given = AliasResolver(snapshot, vocabulary.NAME).assigned(kind.name, numbers)
    return {
        number: vocabulary.id_of(kind.name, number, given.get(number, ())) for number in numbers
    }


def numbers_of_ids(snapshot: Snapshot, texts: Collection[str]) -> set[int]:
    """The numbers of the videos and live streams that have one of those ids."""
    found = {
        (kind, _number_of_id(snapshot, kind, text))
        for text in texts
        for kind in (MediaKind.video, MediaKind.live)
    }
    media = catalog.media(snapshot, numbers=[number for _, number in found if number is not None])
    return {one.number for one in media if (one.kind, one.number) in found}


def videos(snapshot: Snapshot, *, numbers: Collection[int] | None = None) -> list[Video]:
    """Videos by number; only those of `numbers` when given."""
    named = ids_by_number(snapshot, MediaKind.video)
    return [
        _video(media, named[media.number])
        for media in catalog.media(snapshot, numbers=numbers)
        if media.kind is MediaKind.video
    ]


def live_streams(snapshot: Snapshot, *, numbers: Collection[int] | None = None) -> list[LiveStream]:
    """Live streams by number; only those of `numbers` when given."""
    named = ids_by_number(snapshot, MediaKind.live)
    runs = catalog.broadcasts(snapshot)
    now = snapshot.account.now
    found = catalog.media(snapshot, numbers=numbers)
    return [
        _live_stream(media, named[media.number], runs.get(media.number, ()), now)
        for media in found
        if media.kind is MediaKind.live
    ]


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


def _video(media: Media, id_: str) -> Video:
    released = vocabulary.format_atom(media.released_at)
    return Video(
        videoId=id_,
        createdAt=released,
        title=media.title,
        description=media.description,
        publishedAt=released,
        updatedAt=released,
        tags=list(media.tags),
        metadata=[Pair(key=key, value=value) for key, value in media.labels],
        source=Source(uri=f"/videos/{id_}/source"),
        assets=_assets(id_),
        public=True,
        panoramic=False,
        mp4Support=True,
        discarded=False,
        discardedAt=None,
        deletesAt=None,
        language=None,
        languageOrigin=None,
    )


def _assets(id_: str) -> VideoAssets:
    player = f"https://embed.{MEDIA_HOST}/vod/{id_}"
    files = f"https://cdn.{MEDIA_HOST}/vod/{id_}"
    return VideoAssets(
        iframe=IFRAME.format(player),
        player=player,
        hls=f"{files}/hls/manifest.m3u8",
        thumbnail=f"{files}/thumbnail.jpg",
        mp4=f"{files}/mp4/source.mp4",
    )


def _live_stream(media: Media, id_: str, runs: Sequence[Broadcast], now: int) -> LiveStream:
    created = vocabulary.format_atom(media.released_at)
    player = f"https://embed.{MEDIA_HOST}/live/{id_}"
    files = f"https://live.{MEDIA_HOST}/{id_}"
    name, server = RESTREAM
    return LiveStream(
        liveStreamId=id_,
        createdAt=created,
        updatedAt=created,
        streamKey=_stream_key(f"ingest/{media.number}"),
        name=media.title,
        public=True,
        broadcasting=any(run.started_at <= now < run.ended_at for run in runs),
        assets=LiveStreamAssets(
            iframe=IFRAME.format(player),
            player=player,
            hls=f"{files}.m3u8",
            thumbnail=f"{files}/thumbnail.jpg",
        ),
        restreams=[
            Restream(name=name, serverUrl=server, streamKey=_stream_key(f"restream/{media.number}"))
        ],
    )


def _stream_key(seed: str) -> str:
    """A stream key: a UUID that looks random."""
    return str(UUID(bytes=sha256(seed.encode()).digest()[:16], version=4))
