"""Gcore's answers, key by key: no defaults and no logic — contracts/gcore.md §3, fixtures/documented/gcore."""

from pydantic import MISSING, BaseModel


class CountryViews(BaseModel):
    """Views from one country."""

    views: int
    country: str
    country_name: str


class ViewsByCountry(BaseModel):
    """Views by country, the most first."""

    data: list[CountryViews]


class HeatmapRow(BaseModel):
    """Viewers at one second of a video, or at one instant of a stream or playlist; never both keys — §3.11."""

    viewers: int
    seconds: int | MISSING
    time: str | MISSING


class ViewsHeatmap(BaseModel):
    """A heat map, in ascending order."""

    data: list[HeatmapRow]


class StreamMetrics(BaseModel):
    """Pairs of (seconds since 1970, minutes): the schema says integers, every example says pairs — quirk 1, §0.2."""

    streams: list[tuple[int, int]]


class StreamSeries(BaseModel):
    """One client's series."""

    client: int
    metrics: StreamMetrics


class StreamTotal(BaseModel):
    """One client's minutes; a filter that was used is echoed, the stream's id as a string — quirk 2, §3.24."""

    client: int
    duration: int
    stream_id: str | MISSING
    client_user_id: int | MISSING


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
    status: str
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
