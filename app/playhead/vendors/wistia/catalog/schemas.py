"""The catalogue's answers, key by key:

no defaults and no logic — evidence/wistia.md §7, fixtures/documented/wistia.
"""

from typing import Literal

from pydantic import MISSING, BaseModel, Field

Status = Literal["queued", "processing", "ready", "failed"]
Type = Literal[
    "Video", "Audio", "Image", "PdfDocument", "MicrosoftOfficeDocument", "Swf", "UnknownType"
]


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
    """A media of the catalogue, under /v1.

    Without `tags`, which a client of v1 refuses — quirk 12.
    """

    id: int
    name: str
    type: Type
    archived: bool
    created: str
    updated: str
    duration: float
    hashed_id: str
    description: str
    progress: float
    status: Status
    thumbnail: Still
    project: ProjectReference
    assets: list[OldAsset]


class MediaOfProject(BaseModel):
    """A media inside its project, under /v1: without the project and its files."""

    id: int
    name: str
    type: Type
    archived: bool
    created: str
    updated: str
    duration: float
    hashed_id: str
    description: str
    progress: float
    status: Status
    thumbnail: Still


class Media(BaseModel):
    """A media of the catalogue, under /modern; `cursor` where the list is asked for by cursors."""

    id: int
    name: str
    type: Type
    archived: bool
    created: str
    updated: str
    duration: float
    hashed_id: str
    description: str
    progress: float
    status: Status
    thumbnail: Still
    folder: FolderReference
    assets: list[Asset]
    tags: list[Tag]
    cursor: str | MISSING


class Project(BaseModel):
    """A project of the catalogue, under /v1.

    `hashed_id` is the spelling that wistiapy reads — quirk 12.
    """

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


class WholeProject(BaseModel):
    """A project with its media, under /v1."""

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
    medias: list[MediaOfProject]


class MediasOfFolder(BaseModel):
    """Where to fetch a folder's media."""

    url: str


class Folder(BaseModel):
    """A folder of the catalogue, under /modern:

    what /v1 calls a project; `cursor` where the list is asked for by cursors.
    """

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
    kind: Literal["library", "shared", "account"]
    personal_library: bool
    cursor: str | MISSING


class Percents(BaseModel):
    """All there ever was of a media, in whole percents and camelCase under both prefixes —
    quirk 1.
    """

    pageLoads: int
    visitors: int
    percentOfVisitorsClickingPlay: int
    plays: int
    averagePercentWatched: int


class MediaSummary(BaseModel):
    """A media with its counts."""

    id: int
    hashed_id: str
    name: str
    stats: Percents


class OldAccount(BaseModel):
    """Whose token it is, under /v1."""

    id: int
    name: str
    url: str
    mediaCount: int
    videoLimit: int
    projectCount: int
    channelCount: int


class Account(BaseModel):
    """Whose token it is, under /modern."""

    id: int
    name: str
    url: str
    media_count: int
    video_limit: int | None
    folder_count: int
    channel_count: int


class Token(BaseModel):
    """The token that asks; all of ours are permanent."""

    type: Literal["permanent", "expiring", "oauth"]
    application: None
    scopes: list[str] = Field(examples=[["media:read", "stats:read"]])
    name: str
    expires_at: str | None


class Plan(BaseModel):
    """What the account pays for."""

    tier: str
    name: str
    is_standard: bool
    is_trial: bool
    trial_expires_at: str | None


class UsageLinks(BaseModel):
    """Where plans are told of."""

    plans_url: str


class AccountUsage(BaseModel):
    """What the account may use; `limits` is null for who may not see bills."""

    plan: Plan
    can_upload: bool
    upload_blocked_reason: str | None
    limits: None
    links: UsageLinks
