"""Catalog entries as Gcore answers them."""

from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from typing import Any

from playhead.analytics import aggregates, catalog
from playhead.analytics.aggregates import Measures
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.catalog import Broadcast, Media
from playhead.analytics.snapshot import Snapshot
from playhead.domain.clock import utc_datetime
from playhead.domain.media import MediaKind
from playhead.vendors.gcore import ids as gcore_ids
from playhead.vendors.gcore import vocabulary
from playhead.vendors.gcore.catalog.schemas import (
    ConvertedVideo,
    Overview,
    Playlist,
    Product,
    Service,
    Stream,
    Video,
    VideoName,
)
from playhead.vendors.gcore.lookup import client_id
from playhead.vendors.gcore.param_types import Status
from playhead.vendors.gcore.renditions import Rendition, renditions
from playhead.vendors.gcore.vocabulary import format_iso

MEDIA_HOST = "gvideo.example"  # media are not served, so their addresses lead nowhere


ON_AIR_KEYS = (
    "recording_duration",
    "transcoded_qualities",
    "transcoding_speed",
    "frame_rate",
    "video_height",
    "video_width",
)


# What no video of the emulator has: it is cut from nothing, recorded from nothing, and nobody made
# it a poster or storyboard.
ABSENT_VIDEO_KEYS: dict[str, Any] = dict.fromkeys(
    (
        "stream_id",
        "clip_start_seconds",
        "clip_duration_seconds",
        "poster",
        "poster_thumb",
        "sprite",
        "sprite_vtt",
    )
)


def streams(snapshot: Snapshot) -> list[Stream]:
    """All live streams, by number."""
    found = [media for media in catalog.media(snapshot) if media.kind is MediaKind.live]
    runs = catalog.broadcasts(snapshot)
    given = AliasResolver(snapshot, vocabulary.NAME).assigned(
        "live", [media.number for media in found]
    )
    owner = client_id(snapshot)
    return [
        _stream(
            media,
            runs.get(media.number, []),
            gcore_ids.id_of(media.number, given.get(media.number, ())),
            owner,
            snapshot.account.now,
        )
        for media in found
    ]


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
        created_at=format_iso(media.released_at),
        started_at_primary=format_iso(latest.started_at) if latest else None,
        started_at_backup=None,
        finished_at_primary=format_iso(ended[-1]) if ended else None,
        dvr_duration=3600,
        broadcast_ids=[gcore_ids.broadcast_id(media.number)],
        **_stream_addresses(id_, owner, token),
        **_on_air_fields(latest if latest and latest.ended_at > now else None, now),
    )


def _stream_addresses(
    id_: int, owner: int, token: str
) -> dict[str, Any]:  # Any: each key is of its shape's type
    """Where a stream is sent to and watched."""
    return {
        "push_url": f"rtmp://push.{MEDIA_HOST}/in/{id_}?{token}",
        "backup_push_url": f"rtmp://backup.{MEDIA_HOST}/in/{id_}b?{token}",
        "push_url_srt": f"srt://push-srt.{MEDIA_HOST}:5001?streamid={id_}#{token}",
        "backup_push_url_srt": f"srt://backup-srt.{MEDIA_HOST}:5001?streamid={id_}b#{token}",
        "push_url_whip": f"https://whip.{MEDIA_HOST}/{id_}_{token}/whip",
        "iframe_url": f"https://player.{MEDIA_HOST}/streams/{owner}_{id_}",
        "dash_url": f"https://{owner}.{MEDIA_HOST}/cmaf/{owner}_{id_}/index.mpd",
        "hls_cmaf_url": f"https://{owner}.{MEDIA_HOST}/cmaf/{owner}_{id_}/master.m3u8",
        "hls_mpegts_url": f"https://{owner}.{MEDIA_HOST}/mpegts/{owner}_{id_}/master_mpegts.m3u8",
        "screenshot": f"https://static.{MEDIA_HOST}/live/{owner}_{id_}.jpg",
    }


def _on_air_fields(
    run: Broadcast | None, now: int
) -> dict[str, Any]:  # Any: each key is of its shape's type
    """What is told of a running broadcast; null off air."""
    if run is None:
        return {"live": False, **dict.fromkeys(ON_AIR_KEYS)}
    facts = (
        float(now - run.started_at),
        ["audioa", "360pa", "720pa"],
        1.0,
        float(run.fps),
        run.height,
        run.height * 16 // 9,
    )
    return {"live": True, **dict(zip(ON_AIR_KEYS, facts, strict=True))}


def videos(snapshot: Snapshot, numbers: Iterable[int] | None = None) -> list[Video]:
    """Videos with their lifetime views, by number; only those of `numbers` when given."""
    found = [
        media
        for media in catalog.media(snapshot, numbers=None if numbers is None else list(numbers))
        if media.kind is MediaKind.video
    ]
    given = AliasResolver(snapshot, vocabulary.NAME).assigned(
        "video", [media.number for media in found]
    )
    counts = aggregates.by_media(
        snapshot, media=None if numbers is None else [media.number for media in found]
    )
    owner = client_id(snapshot)
    return [
        _video(
            media,
            given.get(media.number, ()),
            counts.get(media.number, Measures()),
            owner,
            snapshot.account.now,
        )
        for media in found
    ]


def _video(
    media: Media, assigned: Sequence[str], measures: Measures, owner: int, now: int
) -> Video:
    slug = gcore_ids.slug_of(media.number, assigned)
    id_ = gcore_ids.id_of(media.number, assigned)
    ready = media.processed_at <= now
    return Video(
        id=id_,
        name=media.title,
        description=media.description or None,
        client_id=owner,
        client_user_id=media.client_user_id,
        duration=media.duration_ms,
        slug=slug,
        status=Status.ready if ready else Status.pending,
        origin_size=media.source_bytes,
        origin_video_duration=media.duration_ms,
        origin_audio_channels=2,
        origin_height=media.height,
        origin_width=media.width,
        created_at=format_iso(media.released_at),
        updated_at=format_iso(media.processed_at if ready else media.released_at),
        views=measures.views,
        cdn_views=measures.plays,
        projection="regular",
        converted_videos=[
            _converted_video(media, id_, owner, slug, rendition) for rendition in renditions(media)
        ]
        if ready
        else [],
        **_video_addresses(owner, slug),
        **ABSENT_VIDEO_KEYS,
    )


def _video_addresses(
    owner: int, slug: str
) -> dict[str, Any]:  # Any: each key is of its shape's type
    """Where a video is watched, and its stills."""
    stills = [
        f"https://static.{MEDIA_HOST}/thumbnails/{owner}/{slug}_{index}.jpg" for index in (1, 2, 3)
    ]
    return {
        "hls_url": f"https://{owner}.{MEDIA_HOST}/videos/{owner}_{slug}/master.m3u8",
        "hls_cmaf_url": f"https://{owner}.{MEDIA_HOST}/videos/{owner}_{slug}/master-cmaf.m3u8",
        "dash_url": f"https://{owner}.{MEDIA_HOST}/videos/{owner}_{slug}/master.mpd",
        "iframe_url": f"https://player.{MEDIA_HOST}/videos/{owner}_{slug}",
        "screenshot": stills[0],
        "screenshots": stills,
        "screenshot_id": 0,
    }


def _converted_video(
    media: Media, id_: int, owner: int, slug: str, rendition: Rendition
) -> ConvertedVideo:
    height, rate, size = rendition
    return ConvertedVideo(
        id=id_ * 10_000 + height,
        name=f"vod{height}p",
        width=media.width * height // media.height,
        height=height,
        size=size,
        progress=100,
        status="complete",
        mp4_url=(
            f"https://{owner}.{MEDIA_HOST}/videos/{owner}_{slug}/qid{height}v1_h264_{rate}_{height}"
            ".mp4"
        ),
    )


def video_names(snapshot: Snapshot, ids: Collection[int] = ()) -> list[VideoName]:
    """Ids and names of all videos, in the order they were made.

    Only those of `ids` where there are any.
    """
    found = [media for media in catalog.media(snapshot) if media.kind is MediaKind.video]
    given = AliasResolver(snapshot, vocabulary.NAME).assigned(
        "video", [media.number for media in found]
    )
    named = [
        VideoName(id=gcore_ids.id_of(media.number, given.get(media.number, ())), name=media.title)
        for media in found
    ]
    return [video for video in named if not ids or video.id in ids]


def playlists(snapshot: Snapshot) -> list[Playlist]:
    """All playlists, by number."""
    found = [media for media in catalog.media(snapshot) if media.kind is MediaKind.playlist]
    naming = AliasResolver(snapshot, vocabulary.NAME)
    given = naming.assigned("playlist", [media.number for media in found])
    videos = naming.assigned("video", {item for media in found for item in media.items})
    owner = client_id(snapshot)
    return [
        _playlist(
            media,
            gcore_ids.id_of(media.number, given.get(media.number, ())),
            [gcore_ids.id_of(item, videos.get(item, ())) for item in media.items],
            owner,
        )
        for media in found
    ]


def _playlist(media: Media, id_: int, video_ids: list[int], owner: int) -> Playlist:
    return Playlist(
        id=id_,
        name=media.title,
        client_id=owner,
        client_user_id=media.client_user_id,
        active=True,
        playlist_type="live",  # unknown 2: a linear show
        start_time=f"{utc_datetime(media.released_at):%Y-%m-%dT%H:%M:%SZ}",
        loop=False,
        countdown=False,
        video_ids=video_ids,
        hls_url=f"https://{owner}.{MEDIA_HOST}/playlists/{owner}_{id_}/master.m3u8",
        hls_cmaf_url=f"https://{owner}.{MEDIA_HOST}/playlists/{owner}_{id_}/master-cmaf.m3u8",
        iframe_url=f"https://player.{MEDIA_HOST}/playlists/{owner}_{id_}",
    )


def overview(snapshot: Snapshot) -> Overview:
    """The account as its owner sees it: it streams, and has nothing else."""
    id_ = client_id(snapshot)
    return Overview(
        id=id_,
        name=None,
        bill_type="per_month",
        capabilities=[Product.streaming],
        company_name="Playhead",
        current_user=id_,
        deleted=False,
        email="user@example.com",
        entry_base_domain=None,
        free_features={product: [] for product in Product},
        has_active_admin=True,
        is_test=True,
        paid_features={product: [] for product in Product},
        service_statuses={
            **dict.fromkeys(Product, Service(enabled=False, status="new")),
            Product.streaming: Service(enabled=True, status="active"),
        },
        status="active",
    )
