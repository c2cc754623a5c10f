"""The parameters of Wistia's analytics, said as our questions — evidence/wistia.md §7.3."""

import re
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BeforeValidator, Field

from playhead.domain.clock import DAY
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.time_range import TimeRange
from playhead.gateway.validation import validation_error
from playhead.vendors.wistia.analytics.intervals import Granularity
from playhead.vendors.wistia.params import NO_DATE, Date, WistiaParams

MAX_DAYS = 731  # two years with a 29 February
MAX_IDS = 1000
DEFAULT_PER_INTERVAL = 5
DEFAULT_TOP = 10
DEFAULT_PER_PAGE = 25
MAX_PER_PAGE = 100
URL_PATTERN = r"^https?://\S+$"

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


def _plain_digits(text: object) -> object:
    """A whole number in plain digits, where others would take a blank, a sign or a point."""
    if isinstance(text, str) and not re.fullmatch(r"[0-9]{1,18}", text):
        raise validation_error(Rule.integer)
    return text


def _url(text: str) -> str:
    if not re.fullmatch(URL_PATTERN, text):
        raise validation_error(Rule.malformed)
    return text


PerPage = Annotated[int, Field(ge=1, le=MAX_PER_PAGE), BeforeValidator(_plain_digits)]
PerLongPage = Annotated[int, Field(ge=1, le=MAX_IDS), BeforeValidator(_plain_digits)]
Url = Annotated[str, BeforeValidator(_url), Field(json_schema_extra={"pattern": URL_PATTERN})]


class AnalyticsParams(WistiaParams):
    """Which days: the last is not included, unlike everywhere else — quirk 16, §7.3."""

    start_date: Date = Field(description="First day, YYYY-MM-DD.", examples=["2024-05-01"])
    end_date: Date = Field(
        description="The day after the last, at most two years later.", examples=["2024-06-01"]
    )

    @property
    def window(self) -> TimeRange:
        """Its days; none where the end is not later than the start, or one is no date.

        Raises Failure(invalid).
        """
        if NO_DATE in (self.start_date, self.end_date) or self.end_date <= self.start_date:
            return TimeRange(0, 0)
        days = (self.end_date - self.start_date) // DAY
        if days > MAX_DAYS:
            raise ApiError(
                ErrorKind.invalid,
                [Violation("end_date", Rule.too_many, bounds={"count": days, "maximum": MAX_DAYS})],
            )
        return TimeRange(self.start_date, self.end_date)


class TimeseriesParams(AnalyticsParams):
    """By interval."""

    granularity: Granularity = Field(
        description="How long an interval is: days, weeks from Monday on, or calendar months."
    )


class TopContentParams(AnalyticsParams):
    """What is watched most."""

    group_by: TopGroup = Field(TopGroup.media, description="What is listed; there are no channels.")
    hashed_ids: list[str] | None = Field(
        None,
        alias="hashed_ids[]",
        max_length=MAX_IDS,
        description="Only these media; with group_by=media only.",
    )
    sort_by: Literal[
        "plays", "loads", "play_rate", "engagement_rate", "played_time", "unique_visitors"
    ] = Field("plays", description="What ranks.")
    sort_direction: Direction = Field("desc", description="In which direction.")
    per_page: PerLongPage | None = Field(
        None, description="At most so many; without it as many as there are hashed_ids[], else 10."
    )

    @property
    def ids(self) -> list[str]:
        """The media that are asked for, each once. Raises Failure(invalid) where none can be."""
        if self.hashed_ids and self.group_by is not TopGroup.media:
            raise ApiError(
                ErrorKind.invalid,
                [
                    Violation(
                        "hashed_ids[]",
                        Rule.refused,
                        bounds={"reason": "it goes with group_by=media only"},
                    )
                ],
            )
        return list(dict.fromkeys(self.hashed_ids or ()))

    @property
    def limit(self) -> int:
        return self.per_page or len(self.ids) or DEFAULT_TOP


class DomainsParams(AnalyticsParams):
    """Where players are embedded, by domain."""

    sort_by: Literal[
        "plays", "loads", "engagement_rate", "play_rate", "played_time", "unique_visitors"
    ] = Field("plays", description="What ranks.")
    sort_direction: Direction = Field("desc", description="In which direction.")
    per_page: PerPage = Field(DEFAULT_TOP, description="At most so many.")


class LocationsParams(AnalyticsParams):
    """Where a media is embedded, by page."""

    sort_by: LocationOrder = Field("plays", description="What ranks.")
    sort_direction: Direction = Field("desc", description="In which direction.")
    embed_url: Url | None = Field(
        None, description="Only the page of this address.", examples=["https://example.com/xxx-yyy"]
    )
    per_page: PerPage = Field(DEFAULT_TOP, description="At most so many.")


class LocationsTimeseriesParams(TimeseriesParams):
    """Where a media is embedded, by page and interval."""

    sort_by: LocationOrder = Field("plays", description="What ranks.")
    embed_url: Url | None = Field(
        None, description="Only the page of this address.", examples=["https://example.com/xxx-yyy"]
    )
    per_page: PerPage = Field(
        DEFAULT_PER_INTERVAL,
        description="At most so many in each interval; the rest is told in one.",
    )


class TrafficParams(AnalyticsParams):
    """How viewers come to a media."""

    group_by: TrafficGroup = Field(description="What is told of them.")
    sort_by: Literal["plays", "loads", "engagement_rate"] = Field(
        "plays", description="What ranks."
    )
    sort_direction: Direction = Field("desc", description="In which direction.")
    per_page: PerPage = Field(MAX_PER_PAGE, description="At most so many.")


class ConversionsParams(AnalyticsParams):
    """A part of those who filled in a form."""

    per_page: PerPage = Field(DEFAULT_PER_PAGE, description="At most so many.")
    cursor: str | None = Field(None, description="The `end_cursor` of the part before.")


class LanguagesParams(AnalyticsParams):
    """In which languages a media is watched."""

    per_page: PerPage = Field(MAX_PER_PAGE, description="At most so many.")


class WebinarParams(WistiaParams):
    """Whether what came after the event counts; there are no webinars."""

    include_post_event: bool = Field(False, description="Whether what came after the event counts.")
    post_event_start_date: Date | None = Field(
        None, description="From this day on.", examples=["2024-05-01"]
    )
    post_event_end_date: Date | None = Field(
        None, description="Up to, not including, this day.", examples=["2024-06-01"]
    )


class RegistrationParams(WebinarParams):
    """Registrations by interval."""

    granularity: Granularity = Field(description="How long an interval is.")


class WebinarTrafficParams(WistiaParams):
    """How registrants come."""

    group_by: Literal["utm_campaign", "utm_source", "utm_medium", "referrer_domain"] = Field(
        description="What is told of them."
    )
    sort_by: Literal["registrations", "attendees", "impressions"] = Field(
        "registrations", description="What ranks."
    )
    sort_direction: Direction = Field("desc", description="In which direction.")


class AudienceParams(WistiaParams):
    """A part of the registrants."""

    per_page: PerPage = Field(DEFAULT_PER_PAGE, description="At most so many.")
    cursor: str | None = Field(None, description="The `end_cursor` of the part before.")


AnalyticsQueryParams = Annotated[AnalyticsParams, Query()]
TimeseriesQueryParams = Annotated[TimeseriesParams, Query()]
TopContentQueryParams = Annotated[TopContentParams, Query()]
DomainsQueryParams = Annotated[DomainsParams, Query()]
LocationsQueryParams = Annotated[LocationsParams, Query()]
LocationsTimeseriesQueryParams = Annotated[LocationsTimeseriesParams, Query()]
TrafficQueryParams = Annotated[TrafficParams, Query()]
ConversionsQueryParams = Annotated[ConversionsParams, Query()]
LanguagesQueryParams = Annotated[LanguagesParams, Query()]
WebinarQueryParams = Annotated[WebinarParams, Query()]
RegistrationQueryParams = Annotated[RegistrationParams, Query()]
WebinarTrafficQueryParams = Annotated[WebinarTrafficParams, Query()]
AudienceQueryParams = Annotated[AudienceParams, Query()]
