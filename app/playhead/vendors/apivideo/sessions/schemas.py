"""Answers of sessions."""

from pydantic import MISSING, BaseModel, Field

from playhead.vendors.apivideo.catalog.schemas import Pair
from playhead.vendors.apivideo.pagination import Pagination


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
