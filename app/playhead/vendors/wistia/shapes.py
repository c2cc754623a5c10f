"""Wistia's answers, key by key: no defaults and no logic — contracts/wistia.md §3, §7, fixtures/documented/wistia."""

from pydantic import MISSING, BaseModel


class AccountStats(BaseModel):
    """All there ever was."""

    load_count: int
    play_count: int
    hours_watched: float


class DayStats(BaseModel):
    """One day."""

    date: str
    load_count: int
    play_count: int
    hours_watched: float


class ProjectStats(BaseModel):
    """All there ever was of a project."""

    load_count: int
    play_count: int
    hours_watched: float
    number_of_videos: int


class MediaStats(BaseModel):
    """All there ever was of a media; fractions, never percents — quirk 1."""

    load_count: int
    play_count: int
    play_rate: float
    hours_watched: float
    engagement: float
    visitors: int


class MediaEngagement(BaseModel):
    """The engagement graph: whole numbers, which the official SDK insists on."""

    engagement: float
    engagement_data: list[int]
    rewatch_data: list[int]


class Organisation(BaseModel):
    """What a visitor said of its employer."""

    name: str | None
    title: str | None


class Identity(BaseModel):
    """Who a visitor is; an unknown name is "", an unknown address null — quirk 6."""

    name: str
    email: str | None
    org: Organisation


class UserAgent(BaseModel):
    """What a visitor watches on; the version is text."""

    browser: str
    browser_version: str
    platform: str
    mobile: bool


class Visitor(BaseModel):
    """A visitor; `last_event_key` is absent where there is no such event to fetch — quirk 7."""

    visitor_key: str
    created_at: str
    last_active_at: str
    last_event_key: str | MISSING
    load_count: int
    play_count: int
    identifying_event_key: str | None
    visitor_identity: Identity
    user_agent_details: UserAgent


class Thumbnail(BaseModel):
    """An event's still: camelCase under both prefixes."""

    url: str
    width: int
    height: int
    fileSize: int
    contentType: str
    type: str


class Conversion(BaseModel):
    """Nothing: there are no conversions, and `{}` is the form that both official clients take — quirk 6."""


class Event(BaseModel):
    """A play session; only `email` may be null."""

    received_at: str
    event_key: str
    ip: str
    country: str
    region: str
    city: str
    lat: float
    lon: float
    org: str
    email: str | None
    percent_viewed: float
    embed_url: str
    conversion_type: str
    conversion_data: Conversion
    iframe_heatmap_url: str
    visitor_key: str
    user_agent_details: UserAgent
    media_id: str
    media_name: str
    media_url: str
    thumbnail: Thumbnail


class Still(BaseModel):
    """A media's still in the catalogue."""

    url: str
    width: int
    height: int


class ProjectReference(BaseModel):
    """Where a media is kept, in the old and the new spelling of one id — quirk 12."""

    id: int
    name: str
    hashed_id: str
    hashedId: str


class FolderReference(BaseModel):
    """Where a media is kept."""

    id: int
    name: str
    hashed_id: str


class OldAsset(BaseModel):
    """A file of a media, under /v1."""

    url: str
    width: int
    height: int
    fileSize: int
    contentType: str
    type: str


class Asset(BaseModel):
    """A file of a media, under /modern."""

    url: str
    width: int
    height: int
    file_size: int
    content_type: str
    type: str


class Tag(BaseModel):
    """A tag of a media."""

    name: str


class OldMedia(BaseModel):
    """A media of the catalogue, under /v1; without `tags`, which a client of v1 refuses — quirk 12."""

    id: int
    name: str
    type: str
    archived: bool
    created: str
    updated: str
    duration: float
    hashed_id: str
    description: str
    progress: float
    status: str
    thumbnail: Still
    project: ProjectReference
    assets: list[OldAsset]


class Media(BaseModel):
    """A media of the catalogue, under /modern."""

    id: int
    name: str
    type: str
    archived: bool
    created: str
    updated: str
    duration: float
    hashed_id: str
    description: str
    progress: float
    status: str
    thumbnail: Still
    folder: FolderReference
    assets: list[Asset]
    tags: list[Tag]


class Project(BaseModel):
    """A project of the catalogue, under /v1; `hashed_id` is the spelling that wistiapy reads — quirk 12."""

    id: int
    name: str
    description: str
    mediaCount: int
    created: str
    updated: str
    hashedId: str
    hashed_id: str
    public: bool
    publicId: str
    anonymousCanUpload: bool
    anonymousCanDownload: bool


class MediasOfFolder(BaseModel):
    """Where to fetch a folder's media."""

    url: str


class Folder(BaseModel):
    """A folder of the catalogue, under /modern: what /v1 calls a project."""

    id: int
    name: str
    description: str
    media_count: int
    medias: MediasOfFolder
    created: str
    updated: str
    hashed_id: str
    public: bool
    public_id: str
    anonymous_can_upload: bool
    anonymous_can_download: bool
