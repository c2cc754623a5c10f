"""Parameters of the Stats API."""

from calendar import timegm
from typing import Annotated

from fastapi import Query
from pydantic import Field

from playhead.analytics.viewers import IdentifiedBy
from playhead.domain.clock import DAY, utc_datetime
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.time_range import TimeRange
from playhead.vendors.wistia.params import NO_DATE, Date, PageParams, WistiaParams, tolerated_enum

MAX_DAYS = 3_660


RETENTION_YEARS = 2


VISITOR_FILTERS = {"has_name": IdentifiedBy.name, "has_email": IdentifiedBy.email}


EMAIL_GATE = "identified_by_email_gate"


class DatesParams(WistiaParams):
    """Days, both included — quirk 5, §3.2."""

    start_date: Date | None = Field(
        None,
        description="First day, YYYY-MM-DD; without it the day before the last.",
        examples=["2024-05-01"],
    )
    end_date: Date | None = Field(
        None, description="Last day, included; without it today.", examples=["2024-05-31"]
    )

    def days(self, now: int) -> range:
        """The starts of the days, oldest first.

        None where the first is later than the last, or one is no date.
        """
        if NO_DATE in (self.start_date, self.end_date):
            return range(0)
        end = now - now % DAY if self.end_date is None else self.end_date
        start = end - DAY if self.start_date is None else self.start_date
        days = range(start, end + DAY, DAY)
        if len(days) > MAX_DAYS:
            raise ApiError(
                ErrorKind.invalid,
                [
                    Violation(
                        "start_date",
                        Rule.too_many,
                        bounds={"count": len(days), "maximum": MAX_DAYS},
                    )
                ],
            )
        return days


class VisitorsParams(PageParams):
    """Which visitors; both conditions together."""

    filter: str | None = Field(
        None,
        description="Only visitors of this sort; another word is ignored.",
        json_schema_extra=tolerated_enum(*VISITOR_FILTERS, EMAIL_GATE),
    )
    search: str | None = Field(
        None, description="A part of the name or e-mail address, in capitals or not."
    )


class EventsParams(PageParams):
    """Which events; all conditions together."""

    media_id: str | None = Field(None, description="Of this media: hashed or numeric id.")
    visitor_key: str | None = Field(None, description="Of this visitor.")
    start_date: Date | None = Field(
        None, description="First day, YYYY-MM-DD.", examples=["2024-05-01"]
    )
    end_date: Date | None = Field(None, description="Last day, included.", examples=["2024-05-31"])

    def window(self, now: int) -> TimeRange:
        """Its days, as far as they are kept; none where one is no date."""
        if NO_DATE in (self.start_date, self.end_date):
            return TimeRange(0, 0)
        end = now + 1 if self.end_date is None else self.end_date + DAY
        return TimeRange(max(retention_start(now), self.start_date or 0), end)


def retention_start(now: int) -> int:
    """Two calendar years before an instant: events from then on are kept — §1.6."""
    moment = utc_datetime(now)
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return timegm(moment.replace(year=moment.year - RETENTION_YEARS, day=day).timetuple())


DatesQueryParams = Annotated[DatesParams, Query()]


VisitorsQueryParams = Annotated[VisitorsParams, Query()]


EventsQueryParams = Annotated[EventsParams, Query()]
