"""The parameters of plays: days, a dimension and one filter — contracts/apivideo.md §3.4, §3.5."""

import re
from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BeforeValidator, Field

from playhead.clock import DAY, utc
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats.reading import Window
from playhead.vendor import broken
from playhead.vendors.apivideo.queries import PageQuery

EPOCH = date(1970, 1, 1).toordinal()
FORM = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _day(text: str) -> int:
    """A date as the day since 1970-01-01."""
    try:
        if FORM.fullmatch(text):
            return date.fromisoformat(text).toordinal() - EPOCH
    except ValueError:
        pass
    raise broken(Rule.date)


Day = Annotated[int, BeforeValidator(_day), Field(json_schema_extra={"type": "string", "format": "date"})]
VideoDimension = Literal["emittedAt", "videoId", "country", "deviceType", "operatingSystem", "browser"]
LiveStreamDimension = Literal["emittedAt", "liveStreamId", "country", "deviceType", "operatingSystem", "browser"]


class PlaysQuery(PageQuery):
    """Days, and a page of what was played in them."""

    from_: Day = Field(alias="from", description="The first day, within the last 30.")
    to: Day | None = Field(None, description="The day before which it ends; today unless given.")

    def within(self, now: int, retention: int) -> Window:
        """The days by an account's clock; raises Failure(invalid) for those beyond `retention` days ago or tomorrow's beginning."""
        today = now // DAY
        first, end = self.from_, today if self.to is None else self.to
        for field, day, latest in (("from", first, today), ("to", end, today + 1)):
            if not today - retention <= day <= latest:
                raise Failure(Kind.invalid, [Problem(field, Rule.beyond, _date(day), _beyond(retention))])
        if end < first:
            raise Failure(Kind.invalid, [Problem("to", Rule.range, _date(end), {"minimum": _date(first), "maximum": _date(today + 1)})])
        return Window(first * DAY, end * DAY)


class VideosPlaysQuery(PlaysQuery):
    """Plays of videos."""

    dimension: VideoDimension = Field(description="By what the plays are told apart.")
    filter: str | None = Field(None, description="Only of one video: `videoId:{videoId}`.", json_schema_extra={"pattern": "^videoId:."})


class LiveStreamsPlaysQuery(PlaysQuery):
    """Plays of live streams."""

    dimension: LiveStreamDimension = Field(description="By what the plays are told apart.")
    filter: str | None = Field(None, description="Only of one live stream: `liveStreamId:{liveStreamId}`.", json_schema_extra={"pattern": "^liveStreamId:."})


def _date(day: int) -> str:
    return f"{utc(day * DAY):%Y-%m-%d}"


def _beyond(retention: int) -> dict[str, object]:
    days = f"{retention} days" if retention > 1 else "day"
    return {"days": days, "reason": f"it is not within the last {days} by the account's clock"}


VideosPlays = Annotated[VideosPlaysQuery, Query()]
LiveStreamsPlays = Annotated[LiveStreamsPlaysQuery, Query()]
