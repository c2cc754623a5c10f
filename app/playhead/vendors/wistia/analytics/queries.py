"""The parameters of Wistia's analytics, said as our questions — contracts/wistia.md §7.3."""

import re
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BeforeValidator, Field

from playhead.clock import DAY
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats.reading import Window
from playhead.vendor import broken
from playhead.vendors.wistia.analytics.intervals import Granularity
from playhead.vendors.wistia.queries import NEVER, Date, WistiaQuery

MOST_DAYS = 731  # two years with a 29 February
MOST_IDS = 1000
FEW, SOME, MANY, MOST = 5, 10, 25, 100
URL = r"^https?://\S+$"

Direction = Literal["asc", "desc"]
LocationOrder = Literal["plays", "loads", "engagement_rate", "play_rate"]


class TopGroup(StrEnum):
    """What the content of an account is grouped by."""

    media = "media"
    channel = "channel"
    project = "project"


class TrafficGroup(StrEnum):
    """What the traffic of a media is grouped by."""

    utm_campaign = "utm_campaign"
    utm_source = "utm_source"
    utm_medium = "utm_medium"
    referrer_domain = "referrer_domain"
    viewer_screen_size = "viewer_screen_size"


def _whole(text: object) -> object:
    """A whole number in plain digits, where others would take a blank, a sign or a point."""
    if isinstance(text, str) and not re.fullmatch(r"[0-9]{1,18}", text):
        raise broken(Rule.integer)
    return text


def _url(text: str) -> str:
    if not re.fullmatch(URL, text):
        raise broken(Rule.malformed)
    return text


PerPage = Annotated[int, Field(ge=1, le=MOST), BeforeValidator(_whole)]
PerLongPage = Annotated[int, Field(ge=1, le=MOST_IDS), BeforeValidator(_whole)]
Url = Annotated[str, BeforeValidator(_url), Field(json_schema_extra={"pattern": URL})]


class AnalyticsQuery(WistiaQuery):
    """Which days: the last is not included, unlike everywhere else — quirk 16, §7.3."""

    start_date: Date = Field(description="First day, YYYY-MM-DD.", examples=["2024-05-01"])
    end_date: Date = Field(description="The day after the last, at most two years later.", examples=["2024-06-01"])

    @property
    def window(self) -> Window:
        """Its days; none where the end is not later than the start, or one is no date. Raises Failure(invalid)."""
        if NEVER in (self.start_date, self.end_date) or self.end_date <= self.start_date:
            return Window(0, 0)
        days = (self.end_date - self.start_date) // DAY
        if days > MOST_DAYS:
            raise Failure(Kind.invalid, [Problem("end_date", Rule.too_many, bounds={"count": days, "maximum": MOST_DAYS})])
        return Window(self.start_date, self.end_date)


class TimeseriesQuery(AnalyticsQuery):
    """By interval."""

    granularity: Granularity = Field(description="How long an interval is: days, weeks from Monday on, or calendar months.")


class TopContentQuery(AnalyticsQuery):
    """What is watched most."""

    group_by: TopGroup = Field(TopGroup.media, description="What is listed; there are no channels.")
    hashed_ids: list[str] | None = Field(None, alias="hashed_ids[]", max_length=MOST_IDS, description="Only these media; with group_by=media only.")
    sort_by: Literal["plays", "loads", "play_rate", "engagement_rate", "played_time", "unique_visitors"] = Field("plays", description="What ranks.")
    sort_direction: Direction = Field("desc", description="In which direction.")
    per_page: PerLongPage | None = Field(None, description="At most so many; without it as many as there are hashed_ids[], else 10.")

    @property
    def ids(self) -> list[str]:
        """The media that are asked for, each once. Raises Failure(invalid) where none can be."""
        if self.hashed_ids and self.group_by is not TopGroup.media:
            raise Failure(Kind.invalid, [Problem("hashed_ids[]", Rule.refused, bounds={"reason": "it goes with group_by=media only"})])
        return list(dict.fromkeys(self.hashed_ids or ()))

    @property
    def limit(self) -> int:
        return self.per_page or len(self.ids) or SOME


class DomainsQuery(AnalyticsQuery):
    """Where players are embedded, by domain."""

    sort_by: Literal["plays", "loads", "engagement_rate", "play_rate", "played_time", "unique_visitors"] = Field("plays", description="What ranks.")
    sort_direction: Direction = Field("desc", description="In which direction.")
    per_page: PerPage = Field(SOME, description="At most so many.")


class LocationsQuery(AnalyticsQuery):
    """Where a media is embedded, by page."""

    sort_by: LocationOrder = Field("plays", description="What ranks.")
    sort_direction: Direction = Field("desc", description="In which direction.")
    embed_url: Url | None = Field(None, description="Only the page of this address.", examples=["https://example.com/xxx-yyy"])
    per_page: PerPage = Field(SOME, description="At most so many.")


class LocationsTimeseriesQuery(TimeseriesQuery):
    """Where a media is embedded, by page and interval."""

    sort_by: LocationOrder = Field("plays", description="What ranks.")
    embed_url: Url | None = Field(None, description="Only the page of this address.", examples=["https://example.com/xxx-yyy"])
    per_page: PerPage = Field(FEW, description="At most so many in each interval; the rest is told in one.")


class TrafficQuery(AnalyticsQuery):
    """How viewers come to a media."""

    group_by: TrafficGroup = Field(description="What is told of them.")
    sort_by: Literal["plays", "loads", "engagement_rate"] = Field("plays", description="What ranks.")
    sort_direction: Direction = Field("desc", description="In which direction.")
    per_page: PerPage = Field(MOST, description="At most so many.")


class ConversionsQuery(AnalyticsQuery):
    """A part of those who filled in a form."""

    per_page: PerPage = Field(MANY, description="At most so many.")
    cursor: str | None = Field(None, description="The `end_cursor` of the part before.")


class LanguagesQuery(AnalyticsQuery):
    """In which languages a media is watched."""

    per_page: PerPage = Field(MOST, description="At most so many.")


class WebinarQuery(WistiaQuery):
    """Whether what came after the event counts; there are no webinars."""

    include_post_event: bool = Field(False, description="Whether what came after the event counts.")
    post_event_start_date: Date | None = Field(None, description="From this day on.", examples=["2024-05-01"])
    post_event_end_date: Date | None = Field(None, description="Up to, not including, this day.", examples=["2024-06-01"])


class RegistrationQuery(WebinarQuery):
    """Registrations by interval."""

    granularity: Granularity = Field(description="How long an interval is.")


class WebinarTrafficQuery(WistiaQuery):
    """How registrants come."""

    group_by: Literal["utm_campaign", "utm_source", "utm_medium", "referrer_domain"] = Field(description="What is told of them.")
    sort_by: Literal["registrations", "attendees", "impressions"] = Field("registrations", description="What ranks.")
    sort_direction: Direction = Field("desc", description="In which direction.")


class AudienceQuery(WistiaQuery):
    """A part of the registrants."""

    per_page: PerPage = Field(MANY, description="At most so many.")
    cursor: str | None = Field(None, description="The `end_cursor` of the part before.")


Dates = Annotated[AnalyticsQuery, Query()]
Timeseries = Annotated[TimeseriesQuery, Query()]
TopContent = Annotated[TopContentQuery, Query()]
Domains = Annotated[DomainsQuery, Query()]
Locations = Annotated[LocationsQuery, Query()]
LocationsTimeseries = Annotated[LocationsTimeseriesQuery, Query()]
Traffic = Annotated[TrafficQuery, Query()]
Conversions = Annotated[ConversionsQuery, Query()]
Languages = Annotated[LanguagesQuery, Query()]
Webinar = Annotated[WebinarQuery, Query()]
Registration = Annotated[RegistrationQuery, Query()]
WebinarTraffic = Annotated[WebinarTrafficQuery, Query()]
Audience = Annotated[AudienceQuery, Query()]
