"""Gcore's catalogue, key by key:

no defaults and no logic — evidence/gcore.md §5, fixtures/documented/gcore.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from playhead.vendors.gcore.param_types import Status


class Stream(BaseModel):
    """A live stream of the catalogue."""

    id: int
    name: str
    active: bool
    live: bool
    backup_live: bool
    pull: bool
    uri: str | None
    auto_record: bool
    html_overlay: bool
    client_user_id: int | None
    token: str
    srt_passphrase: str | None
    push_url: str
    backup_push_url: str
    push_url_srt: str
    backup_push_url_srt: str
    push_url_whip: str
    created_at: str
    started_at_primary: str | None
    started_at_backup: str | None
    finished_at_primary: str | None
    dvr_duration: int
    broadcast_ids: list[int]
    iframe_url: str
    dash_url: str
    hls_cmaf_url: str
    hls_mpegts_url: str
    screenshot: str
    recording_duration: float | None
    transcoded_qualities: list[str] | None
    transcoding_speed: float | None
    frame_rate: float | None
    video_height: int | None
    video_width: int | None


class ConvertedVideo(BaseModel):
    """One rendition of a video."""

    id: int
    name: str
    width: int
    height: int
    size: int
    progress: int
    status: str
    mp4_url: str


class Video(BaseModel):
    """A video of the catalogue."""

    id: int
    name: str
    description: str | None
    client_id: int
    client_user_id: int | None
    stream_id: int | None
    duration: int
    slug: str
    status: Status
    origin_size: int
    origin_video_duration: int
    origin_audio_channels: int
    origin_height: int
    origin_width: int
    created_at: str
    updated_at: str
    clip_start_seconds: int | None
    clip_duration_seconds: int | None
    hls_url: str
    hls_cmaf_url: str
    dash_url: str
    iframe_url: str
    poster: str | None
    poster_thumb: str | None
    screenshot: str
    screenshots: list[str]
    screenshot_id: int
    views: int
    cdn_views: int
    projection: str
    sprite: str | None
    sprite_vtt: str | None
    converted_videos: list[ConvertedVideo]


class VideoName(BaseModel):
    """A video's name; the answer is documented as `200` alone — unknown 24."""

    id: int
    name: str


class Playlist(BaseModel):
    """A playlist of the catalogue; null where the owner set nothing."""

    id: int
    name: str
    client_id: int
    client_user_id: int | None
    active: bool
    playlist_type: Literal["live", "vod"]
    start_time: str | None
    loop: bool
    countdown: bool
    video_ids: list[int]
    hls_url: str
    hls_cmaf_url: str
    iframe_url: str


class Spectators(BaseModel):
    """Who watches a broadcast at this moment."""

    spectators_count: int


class Product(StrEnum):
    """What Gcore offers."""

    cdn = "CDN"
    storage = "STORAGE"
    streaming = "STREAMING"
    dns = "DNS"
    ddos = "DDOS"
    cloud = "CLOUD"


class Service(BaseModel):
    """Whether a product may be used."""

    enabled: bool
    status: Literal["new", "trial", "trialend", "active", "paused", "deleted"]


class Overview(BaseModel):
    """The account that asks."""

    id: int
    name: str | None
    bill_type: str = Field(examples=["per_month"])
    capabilities: list[Product]
    company_name: str = Field(serialization_alias="companyName")
    current_user: int = Field(serialization_alias="currentUser")
    deleted: bool
    email: str = Field(examples=["user@example.com"])
    entry_base_domain: str | None = Field(serialization_alias="entryBaseDomain")
    free_features: dict[Product, list[str]] = Field(serialization_alias="freeFeatures")
    has_active_admin: bool
    is_test: bool
    paid_features: dict[Product, list[str]] = Field(serialization_alias="paidFeatures")
    service_statuses: dict[Product, Service] = Field(serialization_alias="serviceStatuses")
    status: Literal[
        "new", "trial", "trialend", "active", "integration", "paused", "preparation", "ready"
    ]
