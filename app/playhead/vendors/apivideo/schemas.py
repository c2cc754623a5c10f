"""api.video's answers, key by key:

no defaults and no logic — evidence/apivideo.md §1.2, §1.6, §3.1–3.3, §5.
"""

from pydantic import MISSING, BaseModel, Field


class Tokens(BaseModel):
    """A pair of tokens; clients demand all four keys."""

    token_type: str
    expires_in: int
    access_token: str
    refresh_token: str


class Link(BaseModel):
    """A page by its relation to this one."""

    rel: str
    uri: str


class Pagination(BaseModel):
    """Where a page stands in its list."""

    currentPage: int
    currentPageItems: int
    pageSize: int
    pagesTotal: int
    itemsTotal: int
    links: list[Link]


class Pair(BaseModel):
    """One piece of metadata."""

    key: str
    value: str


class Session(BaseModel):
    """One load of the player; sessions of live streams have no `metadata` — §0.4."""

    sessionId: str
    loadedAt: str
    endedAt: str
    metadata: list[Pair] | MISSING


class Location(BaseModel):
    """Where the viewer is; `city` is null for videos only."""

    country: str
    city: str | None


class Referrer(BaseModel):
    """The page that embeds the player, and how its visitor came there.

    `url` is null for videos only.
    """

    url: str | None
    medium: str
    source: str
    searchTerm: str


class Device(BaseModel):
    """The viewer's device."""

    type: str
    vendor: str
    model: str


class System(BaseModel):
    """The viewer's operating system."""

    name: str
    shortname: str
    version: str


class Client(BaseModel):
    """The viewer's browser."""

    type: str
    name: str
    version: str


class SessionRow(BaseModel):
    """A session in a list."""

    session: Session
    location: Location
    referrer: Referrer
    device: Device
    os: System
    client: Client


class Sessions(BaseModel):
    """Sessions of one video or live stream, oldest first."""

    data: list[SessionRow]
    pagination: Pagination


class Event(BaseModel):
    """What happened in a session:

    `from` and `to` of a seek, `at` of all else, in seconds of media time — §0.5.
    """

    type: str
    emittedAt: str
    at: int | MISSING
    from_: int | MISSING = Field(serialization_alias="from")
    to: int | MISSING


class Events(BaseModel):
    """Events of one session, in their order."""

    data: list[Event]
    pagination: Pagination


class Source(BaseModel):
    """Where a video came from."""

    uri: str


class VideoAssets(BaseModel):
    """Addresses of a video."""

    iframe: str
    player: str
    hls: str
    thumbnail: str
    mp4: str


class Video(BaseModel):
    """A video; the last five keys are not for Python's clients before 1.3.2: see profile.py."""

    videoId: str
    createdAt: str
    title: str
    description: str
    publishedAt: str
    updatedAt: str
    tags: list[str]
    metadata: list[Pair]
    source: Source
    assets: VideoAssets
    public: bool
    panoramic: bool
    mp4Support: bool
    discarded: bool
    discardedAt: str | None
    deletesAt: str | None
    language: str | None
    languageOrigin: str | None


class Videos(BaseModel):
    """A page of videos."""

    data: list[Video]
    pagination: Pagination


class LiveStreamAssets(BaseModel):
    """Addresses of a live stream."""

    iframe: str
    player: str
    hls: str
    thumbnail: str


class Restream(BaseModel):
    """Another service that a live stream feeds."""

    name: str
    serverUrl: str
    streamKey: str


class LiveStream(BaseModel):
    """A live stream; `restreams` is not for Python's clients before 1.3.0: see profile.py."""

    liveStreamId: str
    createdAt: str
    updatedAt: str
    streamKey: str
    name: str
    public: bool
    broadcasting: bool
    assets: LiveStreamAssets
    restreams: list[Restream]


class LiveStreams(BaseModel):
    """A page of live streams."""

    data: list[LiveStream]
    pagination: Pagination
