"""Answers of the catalog."""

from pydantic import BaseModel

from playhead.vendors.apivideo.pagination import Pagination


class Pair(BaseModel):
    """One piece of metadata."""

    key: str
    value: str


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
