"""The answers of Wistia's statistics, key by key:

no defaults and no logic — evidence/wistia.md §3, fixtures/documented/wistia.
"""

from typing import Literal

from pydantic import MISSING, BaseModel

ConversionType = Literal["", "pre-roll-email", "mid-roll-email", "post-roll-email"]


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


class Action(BaseModel):
    """Something that viewers are asked to do on a media's timeline, and how often they did it.

    `rate` has three decimals.
    """

    type: Literal["Call to Action", "Turnstile"]
    action_count: int
    impression_count: int
    rate: float
    url: str | None
    text: str | None


class MediaStats(BaseModel):
    """All there ever was of a media.

    Fractions, never percents — quirk 1. Without anything on its timeline there are no `actions`.
    """

    load_count: int
    play_count: int
    play_rate: float
    hours_watched: float
    engagement: float
    visitors: int
    actions: list[Action] | MISSING


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
    """What a viewer said in a form.

    Where there was none it is `{}`, the form that both official clients take — quirk 6.
    """

    email: str | MISSING
    first_name: str | MISSING
    last_name: str | MISSING
    is_new_lead: bool | MISSING


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
    conversion_type: ConversionType
    conversion_data: Conversion
    iframe_heatmap_url: str
    visitor_key: str
    user_agent_details: UserAgent
    media_id: str
    media_name: str
    media_url: str
    thumbnail: Thumbnail
