"""The parameters of plays: days, a dimension and one filter — evidence/apivideo.md §3.4, §3.5."""

import re
from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BeforeValidator, Field

from playhead.domain.clock import DAY, utc_datetime
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.time_range import TimeRange
from playhead.gateway.validation import validation_error
from playhead.vendors.apivideo.params import PageParams

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
DATE_PATTERN = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _day(text: str) -> int:
    """A date as the day since 1970-01-01."""
    try:
        if DATE_PATTERN.fullmatch(text):
            return date.fromisoformat(text).toordinal() - EPOCH_ORDINAL
    except ValueError:
        pass
    raise validation_error(Rule.date)


Day = Annotated[
    int, BeforeValidator(_day), Field(json_schema_extra={"type": "string", "format": "date"})
]
VideoDimensionName = Literal[
    "emittedAt", "videoId", "country", "deviceType", "operatingSystem", "browser"
]
LiveStreamDimensionName = Literal[
    "emittedAt", "liveStreamId", "country", "deviceType", "operatingSystem", "browser"
]


class PlaysParams(PageParams):
    """Days, and a page of what was played in them."""

    from_: Day = Field(alias="from", description="The first day, within the last 30.")
    to: Day | None = Field(None, description="The day before which it ends; today unless given.")

    def time_range(self, now: int, retention: int) -> TimeRange:
        """The days by an account's clock.

        Raises Failure(invalid) for those beyond `retention` days ago or tomorrow's beginning.
        """
        today = now // DAY
        first = self.from_
        end = today if self.to is None else self.to
        for field, day, latest in (("from", first, today), ("to", end, today + 1)):
            if not today - retention <= day <= latest:
                raise ApiError(
                    ErrorKind.invalid,
                    [Violation(field, Rule.beyond, _format_day(day), _retention_bounds(retention))],
                )
        if end < first:
            raise ApiError(
                ErrorKind.invalid,
                [
                    Violation(
                        "to",
                        Rule.range,
                        _format_day(end),
                        {"minimum": _format_day(first), "maximum": _format_day(today + 1)},
                    )
                ],
            )
        return TimeRange(first * DAY, end * DAY)


class VideosPlaysParams(PlaysParams):
    """Plays of videos."""

    dimension: VideoDimensionName = Field(description="By what the plays are told apart.")
    filter: str | None = Field(
        None,
        description="Only of one video: `videoId:{videoId}`.",
        json_schema_extra={"pattern": "^videoId:."},
    )


class LiveStreamsPlaysParams(PlaysParams):
    """Plays of live streams."""

    dimension: LiveStreamDimensionName = Field(description="By what the plays are told apart.")
    filter: str | None = Field(
        None,
        description="Only of one live stream: `liveStreamId:{liveStreamId}`.",
        json_schema_extra={"pattern": "^liveStreamId:."},
    )


def _format_day(day: int) -> str:
    return f"{utc_datetime(day * DAY):%Y-%m-%d}"


def _retention_bounds(retention: int) -> dict[str, object]:
    days = f"{retention} days" if retention > 1 else "day"
    return {"days": days, "reason": f"it is not within the last {days} by the account's clock"}


VideosPlaysQueryParams = Annotated[VideosPlaysParams, Query()]
LiveStreamsPlaysQueryParams = Annotated[LiveStreamsPlaysParams, Query()]
