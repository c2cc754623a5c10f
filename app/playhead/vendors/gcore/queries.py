"""Gcore's parameters, in its spelling and strictness, said as our questions — contracts/gcore.md §1.4, §3."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from playhead.clock import instant_of, utc
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats.reading import Window
from playhead.vendor import broken
from playhead.world.terms import MediaKind

# A `+` that nobody encoded arrives as a blank before the offset — §1.4.
LOST_PLUS = re.compile(r"(:\d\d(?:\.\d+)?) (\d\d:?\d\d)$", re.ASCII)
# Python would take any character between the date and the time.
DATE_AND_TIME = re.compile(r"\d{4}-?(\d\d-?\d\d|W\d\d(-?\d)?)([T ].+)?", re.ASCII)
# What marks a lenient account's date or number that cannot be read; nobody sends this by accident — §1.6, §6.4.
NOTHING = "\0nothing"
NEVER = -(10**12)  # such a date
NOBODY = -1  # and such a number: no entity and no owner has one below 0


def lenient(name: str, value: str) -> str:
    """What a lenient account's parameter is taken for: marked, where it cannot be read."""
    try:
        LENIENT.get(name, str)(value)
    except PydanticCustomError:
        return NOTHING + value if value else value  # an empty one is not set
    return value


def _instant(text: str) -> int:
    if text.startswith(NOTHING):
        return NEVER
    if not DATE_AND_TIME.fullmatch(text):
        raise broken(Rule.instant)
    try:
        instant = instant_of(LOST_PLUS.sub(r"\1+\2", text))
        utc(instant)  # an offset may lead out of the calendar
    except (ValueError, OverflowError):
        raise broken(Rule.instant) from None
    return instant


def _integer(text: str) -> int:
    if text.startswith(NOTHING):
        return NOBODY
    if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII):
        raise broken(Rule.integer)
    return int(text)


def _unmarked(text: str) -> str:
    return text.removeprefix(NOTHING)


LENIENT: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(("date_from", "date_to", "from", "to"), _instant),
    **dict.fromkeys(("stream_id", "client_user_id"), _integer),
}
_DATE_TIME = Field(json_schema_extra={"type": "string", "format": "date-time"})
Instant = Annotated[int, BeforeValidator(_instant), _DATE_TIME]
Integer = Annotated[int, BeforeValidator(_integer)]
Id = Annotated[str, BeforeValidator(_unmarked)]  # a number, or a slug that reads like none


class GcoreQuery(BaseModel):
    """Parameters of one operation; an empty one is one that is not set, as Go's client sends it — §1.6."""

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in given.items() if value != ""}


class Type(StrEnum):
    """What an entity is."""

    live = "live"
    vod = "vod"
    playlist = "playlist"


KINDS = {Type.live: MediaKind.live, Type.vod: MediaKind.video, Type.playlist: MediaKind.playlist}


class Granularity(StrEnum):
    """Widths of the intervals of a series."""

    minute = "1m"
    five_minutes = "5m"
    quarter = "15m"
    hour = "1h"
    day = "1d"
    month = "1mo"


class Status(StrEnum):
    """State of a video's processing."""

    empty = "empty"
    pending = "pending"
    viewable = "viewable"
    ready = "ready"
    error = "error"


def _closed(start: int, end: int, *, names: tuple[str, str]) -> Window:
    """Both ends included, at a resolution of one second — unknown 11, §1.4; of what is no date, an empty one."""
    if NEVER in (start, end):
        return Window(0, 0)
    if start > end:
        raise Failure(Kind.invalid, [Problem(names[0], Rule.order, bounds={"after": names[1]})])
    return Window(start, end + 1)


class PeriodQuery(GcoreQuery):
    """A window of the player's statistics."""

    date_from: Instant = Field(description="Start of the window, ISO 8601; without an offset UTC.", examples=["2024-05-01T00:00:00Z"])
    date_to: Instant = Field(description="End of the window, included.", examples=["2024-05-31T23:59:59Z"])

    @property
    def window(self) -> Window:
        return _closed(self.date_from, self.date_to, names=("date_from", "date_to"))


class CountriesQuery(PeriodQuery):
    """Views by country; `type` came with the SDK's 0.58.0."""

    type: Type | None = Field(None, description="Only entities of this type.")


class HeatmapQuery(PeriodQuery):
    """One entity in a window."""

    type: Type = Field(description="What the entity is; decides the form of the rows.")
    stream_id: Id = Field(description="Id of the entity, whatever its type; of a video also its slug.")


class LiveQuery(GcoreQuery):
    """Which live streams."""

    stream_id: Integer | None = Field(None, description="Only this stream.")
    client_user_id: Integer | None = Field(None, description="Only streams that carry this number of the owner's.")


class WatchTimeTotalQuery(LiveQuery):
    """A window that may be open at both ends."""

    start: Instant | None = Field(None, alias="from", description="Start, ISO 8601; without it the earliest view.")
    end: Instant | None = Field(None, alias="to", description="End, included; without it now.")

    def window(self, now: int) -> Window:
        end = now if self.end is None else self.end
        start = min(0, end) if self.start is None else self.start
        return _closed(start, end, names=("from", "to"))


class WatchTimeQuery(LiveQuery):
    """A series over a window."""

    start: Instant = Field(alias="from", description="Start, ISO 8601; without an offset UTC.", examples=["2024-05-01T00:00:00Z"])
    end: Instant | None = Field(None, alias="to", description="End, included; without it now.", examples=["2024-05-31T23:59:59Z"])
    granularity: Granularity = Field(Granularity.hour, description="Width of the intervals, aligned to UTC.")

    def window(self, now: int) -> Window:
        return _closed(self.start, now if self.end is None else self.end, names=("from", "to"))


class StreamsQuery(GcoreQuery):
    """A page of the live streams."""

    page: Integer = Field(1, ge=1, description="Which page.")
    with_broadcasts: Integer = Field(0, ge=0, le=1, description="Broadcasts are not told; accepted.")


class VideosQuery(GcoreQuery):
    """A page of the videos, all conditions together."""

    id: str | None = Field(None, description="Numbers, separated by commas.")
    search: str | None = Field(None, description="Number or slug, or a part of the name.")
    status: Status | None = Field(None, description="State of processing; every video is ready.")
    client_user_id: Integer | None = None
    stream_id: Integer | None = Field(None, description="Recordings of this stream; there are none.")
    fields: str | None = Field(None, description="Names of the keys to answer, separated by commas.")
    page: Integer = Field(1, ge=1)
    per_page: Integer = Field(25, ge=1, le=1000)


Streams = Annotated[StreamsQuery, Query()]
Videos = Annotated[VideosQuery, Query()]
Countries = Annotated[CountriesQuery, Query()]
Heatmap = Annotated[HeatmapQuery, Query()]
WatchTime = Annotated[WatchTimeQuery, Query()]
WatchTimeTotal = Annotated[WatchTimeTotalQuery, Query()]
