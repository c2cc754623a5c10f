"""Gcore's catalogue: streams and videos, filled from the library and its broadcasts."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from playhead.clock import utc
from playhead.stats import library, tallies
from playhead.stats.library import Broadcast, Media
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.stats.tallies import Tally
from playhead.vendors.gcore import words
from playhead.vendors.gcore.queries import VideosQuery
from playhead.vendors.gcore.shapes import ConvertedVideo, Stream, Video
from playhead.world.terms import MediaKind

HOST = "gvideo.example"  # media are not served, so their addresses lead nowhere
ON_AIR = ("recording_duration", "transcoded_qualities", "transcoding_speed", "frame_rate", "video_height", "video_width")
# What no video of the emulator has: it is cut from nothing, recorded from nothing, and nobody made it a poster or storyboard.
WITHOUT: dict[str, Any] = dict.fromkeys(("stream_id", "clip_start_seconds", "clip_duration_seconds", "poster", "poster_thumb", "sprite", "sprite_vtt"))
RENDITIONS = ((1080, 4300), (720, 2000), (480, 1000), (360, 600))  # height, kbit/s


def client(reading: Reading) -> int:
    """The client id of the account that asks."""
    account = reading.account
    return words.client_id(account.name, account.number, Naming(reading, words.NAME).given("account", [account.number]).get(account.number, ()))


def ids(reading: Reading, kind: MediaKind) -> list[str]:
    """The ids of all entities of a kind, by number."""
    numbers = [media.number for media in library.media(reading) if media.kind is kind]
    given = Naming(reading, words.NAME).given(kind.name, numbers)
    return [str(words.id_of(number, given.get(number, ()))) for number in numbers]


def numbers_of_streams(reading: Reading, *, stream_id: int | None, client_user_id: int | None) -> list[int] | None:
    """The live streams that both filters leave; None when neither is used."""
    if stream_id is None and client_user_id is None:
        return None
    wanted = None if stream_id is None else words.entity(Naming(reading, words.NAME), "live", str(stream_id))
    streams = [media for media in library.media(reading) if media.kind is MediaKind.live]
    return [
        media.number
        for media in streams
        if (stream_id is None or media.number == wanted) and (client_user_id is None or media.client_user_id == client_user_id)
    ]


def streams(reading: Reading) -> list[Stream]:
    """All live streams, by number."""
    found = [media for media in library.media(reading) if media.kind is MediaKind.live]
    runs, given = library.broadcasts(reading), Naming(reading, words.NAME).given("live", [media.number for media in found])
    owner = client(reading)
    return [_stream(media, runs.get(media.number, []), words.id_of(media.number, given.get(media.number, ())), owner, reading.account.now) for media in found]


def _stream(media: Media, runs: Sequence[Broadcast], id_: int, owner: int, now: int) -> Stream:
    latest = runs[-1] if runs else None
    ended = [run.ended_at for run in runs if run.ended_at <= now]
    token = sha256(f"token/{media.number}".encode()).hexdigest()[:8]
    return Stream(
        id=id_,
        name=media.title,
        active=True,
        backup_live=False,
        pull=False,
        uri=None,
        auto_record=False,
        html_overlay=False,
        client_user_id=media.client_user_id,
        token=token,
        srt_passphrase=None,
        created_at=iso(media.released_at),
        started_at_primary=iso(latest.started_at) if latest else None,
        started_at_backup=None,
        finished_at_primary=iso(ended[-1]) if ended else None,
        dvr_duration=3600,
        **_stream_addresses(id_, owner, token),
        **_on_air(latest if latest and latest.ended_at > now else None, now),
    )


def _stream_addresses(id_: int, owner: int, token: str) -> dict[str, Any]:  # Any: each key is of its shape's type
    """Where a stream is sent to and watched."""
    return {
        "push_url": f"rtmp://push.{HOST}/in/{id_}?{token}",
        "backup_push_url": f"rtmp://backup.{HOST}/in/{id_}b?{token}",
        "push_url_srt": f"srt://push-srt.{HOST}:5001?streamid={id_}#{token}",
        "backup_push_url_srt": f"srt://backup-srt.{HOST}:5001?streamid={id_}b#{token}",
        "push_url_whip": f"https://whip.{HOST}/{id_}_{token}/whip",
        "iframe_url": f"https://player.{HOST}/streams/{owner}_{id_}",
        "dash_url": f"https://{owner}.{HOST}/cmaf/{owner}_{id_}/index.mpd",
        "hls_cmaf_url": f"https://{owner}.{HOST}/cmaf/{owner}_{id_}/master.m3u8",
        "hls_mpegts_url": f"https://{owner}.{HOST}/mpegts/{owner}_{id_}/master_mpegts.m3u8",
        "screenshot": f"https://static.{HOST}/live/{owner}_{id_}.jpg",
    }


def _on_air(run: Broadcast | None, now: int) -> dict[str, Any]:  # Any: each key is of its shape's type
    """What is told of a running broadcast; null off air."""
    if run is None:
        return {"live": False, **dict.fromkeys(ON_AIR)}
    facts = (float(now - run.started_at), ["audioa", "360pa", "720pa"], 1.0, float(run.fps), run.height, run.height * 16 // 9)
    return {"live": True, **dict(zip(ON_AIR, facts, strict=True))}


def videos(reading: Reading, numbers: Iterable[int] | None = None) -> list[Video]:
    """Videos with their lifetime views, by number; only those of `numbers` when given."""
    found = [media for media in library.media(reading, numbers=None if numbers is None else list(numbers)) if media.kind is MediaKind.video]
    given = Naming(reading, words.NAME).given("video", [media.number for media in found])
    counts = tallies.by_media(reading, media=None if numbers is None else [media.number for media in found])
    owner = client(reading)
    return [_video(media, given.get(media.number, ()), counts.get(media.number, Tally()), owner) for media in found]


def chosen(found: Iterable[Video], query: VideosQuery) -> list[Video]:
    """The page of videos that a query asks for."""
    ids = None if query.id is None else {part.strip() for part in query.id.split(",")}
    kept = [
        video
        for video in found
        if (ids is None or str(video.id) in ids)
        and (query.search is None or query.search in (str(video.id), video.slug) or query.search.casefold() in video.name.casefold())
        and (query.status is None or video.status == query.status)
        and (query.client_user_id is None or video.client_user_id == query.client_user_id)
        and (query.stream_id is None or video.stream_id == query.stream_id)
    ]
    return kept[(query.page - 1) * query.per_page : query.page * query.per_page]


def _video(media: Media, given: Sequence[str], tally: Tally, owner: int) -> Video:
    slug, id_ = words.slug_of(media.number, given), words.id_of(media.number, given)
    released = iso(media.released_at)
    return Video(
        id=id_,
        name=media.title,
        description=media.description or None,
        client_id=owner,
        client_user_id=media.client_user_id,
        duration=media.duration_ms,
        slug=slug,
        status="ready",
        origin_size=media.duration_ms * 625,
        origin_video_duration=media.duration_ms,
        origin_audio_channels=2,
        origin_height=media.height,
        origin_width=media.width,
        created_at=released,
        updated_at=released,
        views=tally.views,
        cdn_views=tally.plays,
        projection="regular",
        converted_videos=[_rendition(media, id_, owner, slug, height, rate) for height, rate in RENDITIONS if height <= media.height],
        **_video_addresses(owner, slug),
        **WITHOUT,
    )


def _video_addresses(owner: int, slug: str) -> dict[str, Any]:  # Any: each key is of its shape's type
    """Where a video is watched, and its stills."""
    stills = [f"https://static.{HOST}/thumbnails/{owner}/{slug}_{index}.jpg" for index in (1, 2, 3)]
    return {
        "hls_url": f"https://{owner}.{HOST}/videos/{owner}_{slug}/master.m3u8",
        "hls_cmaf_url": f"https://{owner}.{HOST}/videos/{owner}_{slug}/master-cmaf.m3u8",
        "dash_url": f"https://{owner}.{HOST}/videos/{owner}_{slug}/master.mpd",
        "iframe_url": f"https://player.{HOST}/videos/{owner}_{slug}",
        "screenshot": stills[0],
        "screenshots": stills,
        "screenshot_id": 0,
    }


def _rendition(media: Media, id_: int, owner: int, slug: str, height: int, rate: int) -> ConvertedVideo:
    return ConvertedVideo(
        id=id_ * 10_000 + height,
        name=f"vod{height}p",
        width=media.width * height // media.height,
        height=height,
        size=media.duration_ms * rate // 8,
        progress=100,
        status="complete",
        mp4_url=f"https://{owner}.{HOST}/videos/{owner}_{slug}/qid{height}v1_h264_{rate}_{height}.mp4",
    )


def iso(instant: int) -> str:
    """An instant as the catalogue writes it."""
    return f"{utc(instant):%Y-%m-%dT%H:%M:%S}.000Z"
