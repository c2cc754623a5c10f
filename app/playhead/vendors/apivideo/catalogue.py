"""api.video's catalogue: videos and live streams, filled from the library and its broadcasts — contracts/apivideo.md §5."""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from uuid import UUID

from playhead.stats import library
from playhead.stats.library import Broadcast, Media
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.vendors.apivideo import words
from playhead.vendors.apivideo.queries import LiveStreamsQuery, VideosQuery
from playhead.vendors.apivideo.shapes import LiveStream, LiveStreamAssets, Pair, Restream, Source, Video, VideoAssets
from playhead.world.terms import MediaKind

HOST = "apivideo.example"  # media are not served, so their addresses lead nowhere
FRAME = '<iframe src="{}" width="100%" height="100%" frameborder="0" scrolling="no" allowfullscreen=""></iframe>'
RESTREAM = ("YouTube", "rtmp://youtube.broadcast.example.com")  # the documented example's; one each (unknown 11)


def find(reading: Reading, kind: MediaKind, text: str) -> Media | None:
    """The media of that kind with that id; the id's own letters do not matter — §1.7."""
    number = _number(reading, kind, text)
    found = library.media(reading, numbers=[] if number is None else [number])
    return next((media for media in found if media.kind is kind), None)


def _number(reading: Reading, kind: MediaKind, text: str) -> int | None:
    return Naming(reading, words.NAME).number(kind.name, text, lambda given: words.number_of(kind.name, given))


def ids(reading: Reading, kind: MediaKind) -> dict[int, str]:
    """The ids of all media of a kind, by number."""
    numbers = [media.number for media in library.media(reading) if media.kind is kind]
    given = Naming(reading, words.NAME).given(kind.name, numbers)
    return {number: words.id_of(kind.name, number, given.get(number, ())) for number in numbers}


def numbers(reading: Reading, texts: Collection[str]) -> set[int]:
    """The numbers of the videos and live streams that have one of those ids."""
    found = {(kind, _number(reading, kind, text)) for text in texts for kind in (MediaKind.video, MediaKind.live)}
    media = library.media(reading, numbers=[number for _, number in found if number is not None])
    return {one.number for one in media if (one.kind, one.number) in found}


def videos(reading: Reading, *, numbers: Collection[int] | None = None) -> list[Video]:
    """Videos by number; only those of `numbers` when given."""
    named = ids(reading, MediaKind.video)
    return [_video(media, named[media.number]) for media in library.media(reading, numbers=numbers) if media.kind is MediaKind.video]


def live_streams(reading: Reading, *, numbers: Collection[int] | None = None) -> list[LiveStream]:
    """Live streams by number; only those of `numbers` when given."""
    named, runs, now = ids(reading, MediaKind.live), library.broadcasts(reading), reading.account.now
    found = library.media(reading, numbers=numbers)
    return [_live_stream(media, named[media.number], runs.get(media.number, ()), now) for media in found if media.kind is MediaKind.live]


def chosen_videos(found: Sequence[Video], query: VideosQuery, *, tags: Collection[str], metadata: Mapping[str, str]) -> list[Video]:
    """The videos that match all conditions, in the query's order."""
    pairs = set(metadata.items())
    kept = [
        video
        for video in found
        if (query.title or "") in video.title
        and (query.description or "") in video.description
        and not query.live_stream_id
        and set(tags) <= set(video.tags)
        and pairs <= {(pair.key, pair.value) for pair in video.metadata}
    ]
    return sorted(kept, key=lambda video: str(getattr(video, query.sort_by)), reverse=query.sort_order == "desc")


def chosen_live_streams(found: Sequence[LiveStream], query: LiveStreamsQuery) -> list[LiveStream]:
    """The live streams that match all conditions, in the query's order."""
    kept = [stream for stream in found if (query.name or "") in stream.name and query.stream_key in (None, "", stream.streamKey)]
    return sorted(kept, key=lambda stream: str(getattr(stream, query.sort_by)), reverse=query.sort_order == "desc")


def _video(media: Media, id_: str) -> Video:
    released = words.atom(media.released_at)
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
    player, files = f"https://embed.{HOST}/vod/{id_}", f"https://cdn.{HOST}/vod/{id_}"
    return VideoAssets(
        iframe=FRAME.format(player), player=player, hls=f"{files}/hls/manifest.m3u8", thumbnail=f"{files}/thumbnail.jpg", mp4=f"{files}/mp4/source.mp4"
    )


def _live_stream(media: Media, id_: str, runs: Sequence[Broadcast], now: int) -> LiveStream:
    created = words.atom(media.released_at)
    player, files = f"https://embed.{HOST}/live/{id_}", f"https://live.{HOST}/{id_}"
    name, server = RESTREAM
    return LiveStream(
        liveStreamId=id_,
        createdAt=created,
        updatedAt=created,
        streamKey=_secret(f"ingest/{media.number}"),
        name=media.title,
        public=True,
        broadcasting=any(run.started_at <= now < run.ended_at for run in runs),
        assets=LiveStreamAssets(iframe=FRAME.format(player), player=player, hls=f"{files}.m3u8", thumbnail=f"{files}/thumbnail.jpg"),
        restreams=[Restream(name=name, serverUrl=server, streamKey=_secret(f"restream/{media.number}"))],
    )


def _secret(of: str) -> str:
    """A stream key: a UUID that looks random."""
    return str(UUID(bytes=sha256(of.encode()).digest()[:16], version=4))
