"""The answers of Wistia's analytics, key by key: no defaults and no logic — evidence/wistia.md
§7.3.

Every number may be null there and none is here: where there is nothing it is 0, as in the
statistics (unknown 21).
"""

from typing import Literal

from pydantic import MISSING, BaseModel


class AccountAnalytics(BaseModel):
    """All media together."""

    unique_loads: int
    unique_plays: int
    plays: int
    play_rate: float
    played_time: int
    unique_visitors: int
    engagement_rate: float
    form_conversions: int


class MediaAnalytics(BaseModel):
    """One media."""

    unique_loads: int
    unique_plays: int
    plays: int
    play_rate: float
    played_time: int
    unique_visitors: int
    engagement_rate: float
    cta_impressions: int
    cta_conversions: int
    cta_conversion_rate: float
    form_conversions: int


class Interval(BaseModel):
    """When an interval begins."""

    timestamp: str


class AccountInterval(AccountAnalytics, Interval):
    """All media together in one interval."""


class MediaInterval(MediaAnalytics, Interval):
    """One media in one interval."""


class TopMedia(BaseModel):
    """A media among those that are watched most."""

    media_name: str
    media_hashed_id: str
    media_type: Literal["Video"]
    media_thumbnail_url: str
    media_duration: float
    media_uploaded_at: str
    media_deleted_at: str | None
    unique_loads: int
    unique_plays: int
    form_conversions: int
    plays: int
    play_rate: float
    engagement_rate: float
    unique_visitors: int
    played_time: int


class TopProject(BaseModel):
    """A project among those that are watched most."""

    project_name: str
    project_hashed_id: str
    project_created_at: str
    project_url: str
    project_video_count: int
    plays: int
    play_rate: float
    engagement_rate: float
    unique_visitors: int
    played_time: int


class EmbedDomain(BaseModel):
    """A domain on which media are embedded."""

    embed_domain: str
    media_count: int
    loads: int
    plays: int
    play_rate: float
    played_time: int
    engagement_rate: float
    unique_visitors: int


class EmbedLocation(BaseModel):
    """A page on which a media is embedded."""

    embed_domain: str
    embed_path: str
    embed_url: str
    page_title: str
    loads: int
    unique_loads: int
    plays: int
    unique_plays: int
    play_rate: float
    played_time: int
    engagement_rate: float
    unique_visitors: int
    cta_conversion_rate: float


class EmbedEntry(BaseModel):
    """A page on which a media is embedded, or all that are not told one by one."""

    embed_domain: str | None
    embed_path: str | None
    embed_url: str | None
    page_title: str | None
    loads: int
    unique_loads: int
    plays: int
    unique_plays: int
    play_rate: float
    played_time: int
    engagement_rate: float
    unique_visitors: int
    cta_conversion_rate: float


class EmbedInterval(BaseModel):
    """The pages of one interval."""

    timestamp: str
    entries: list[EmbedEntry]


class TrafficRow(BaseModel):
    """What came one way; only the first key that was asked for is there."""

    utm_campaign: str | MISSING | None
    utm_source: str | MISSING | None
    utm_medium: str | MISSING | None
    referrer_domain: str | MISSING | None
    viewer_screen_size: str | MISSING | None
    loads: int
    plays: int
    engagement_rate: float


class FormConversion(BaseModel):
    """Somebody who filled in a form."""

    first_name: str | None
    last_name: str | None
    email: str | None
    converted_at: str


class PageInfo(BaseModel):
    """Where a part of a list stands in it."""

    has_next_page: bool
    has_previous_page: bool
    end_cursor: str | None
    start_cursor: str | None


class FormConversions(BaseModel):
    """A part of those who filled in a form."""

    data: list[FormConversion]
    page_info: PageInfo


class LanguageRow(BaseModel):
    """A language in which a media is watched; the share is 0 to 1."""

    language: str
    plays: int
    percent_of_total_plays: float
    captions_support: bool
