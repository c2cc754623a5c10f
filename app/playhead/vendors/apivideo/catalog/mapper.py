"""api.video's catalogue:

videos and live streams, filled from the library and its broadcasts — evidence/apivideo.md §5.
"""

from collections.abc import Collection, Sequence
from hashlib import sha256
from uuid import UUID

from playhead.analytics import catalog
from playhead.analytics.catalog import Broadcast, Media
from playhead.analytics.snapshot import Snapshot
from playhead.domain.media import MediaKind
from playhead.vendors.apivideo import vocabulary
from playhead.vendors.apivideo.catalog.schemas import (
    LiveStream,
    LiveStreamAssets,
    Pair,
    Restream,
    Source,
    Video,
    VideoAssets,
)
from playhead.vendors.apivideo.lookup import ids_by_number

MEDIA_HOST = "apivideo.example"  # media are not served, so their addresses lead nowhere
IFRAME = (
    '<iframe src="{}" width="100%" height="100%" frameborder="0" scrolling="no" '
    'allowfullscreen=""></iframe>'
)
RESTREAM = (
    "YouTube",
    "rtmp://youtube.broadcast.example.com",
)  # the documented example's; one each (unknown 11)


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
