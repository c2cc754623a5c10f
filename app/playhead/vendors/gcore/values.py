"""How Gcore's parameters are written, one value each: instants, numbers, lists and words — contracts/gcore.md §1.4, §1.9, §3."""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from playhead.clock import instant_of, utc
from playhead.failure import Rule
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
NO_INTERVAL = 0  # and such a width


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


def _interval(text: str) -> int:
    if text.startswith(NOTHING):
        return NO_INTERVAL
    number = _integer(text)
    if number < 1:
        raise broken(Rule.range, minimum=1)
    return number


def _unmarked(text: str) -> str:
    return text.removeprefix(NOTHING)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise broken(Rule.choice, choices="true, false")
    return text == "true"


def listed(texts: Iterable[str]) -> list[str]:
    """A list that may be repeated, separated by commas, or both; blanks trimmed, each once — §1.9."""
    parts = (part.strip() for text in texts for part in text.split(","))
    return list(dict.fromkeys(part for part in parts if part))


def one_of(words: type[StrEnum]) -> BeforeValidator:
    """The validator of a list of words: the whole list is refused for one that is none."""

    def read(texts: Iterable[str]) -> list[StrEnum]:
        try:
            return [words(text) for text in listed(texts)]
        except ValueError:
            raise broken(Rule.choice, choices=", ".join(words)) from None

    return BeforeValidator(read)


def _integers(texts: Iterable[str]) -> list[int]:
    return [NOBODY if text.startswith(NOTHING) else _integer(text) for text in listed(texts)]


LENIENT: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(("date_from", "date_to", "from", "to"), _instant),
    **dict.fromkeys(("stream_id", "client_user_id"), _integer),
    "interval": _interval,
}
_DATE_TIME = Field(json_schema_extra={"type": "string", "format": "date-time"})
Instant = Annotated[int, BeforeValidator(_instant), _DATE_TIME]
Integer = Annotated[int, BeforeValidator(_integer)]
Interval = Annotated[int, BeforeValidator(_interval), Field(json_schema_extra={"minimum": 1})]
Integers = Annotated[list[int], BeforeValidator(_integers)]
Boolean = Annotated[bool, BeforeValidator(_boolean)]
Id = Annotated[str, BeforeValidator(_unmarked)]  # a number, or a slug that reads like none


class GcoreQuery(BaseModel):
    """Parameters of one operation; an empty one is one that is not set, as Go's client sends it — §1.6."""

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in given.items() if value != ""}


class Type(StrEnum):
    """What an entity is, in the order in which answers tell it — §3.2."""

    vod = "vod"
    live = "live"
    playlist = "playlist"


KINDS = {Type.live: MediaKind.live, Type.vod: MediaKind.video, Type.playlist: MediaKind.playlist}
TYPES = {kind: type_ for type_, kind in KINDS.items()}


class Event(StrEnum):
    """How far a viewing came: the player loaded, playback begun, five seconds watched — §3."""

    init = "init"
    start = "start"
    watch = "watch"


class ViewsGroup(StrEnum):
    """What views are counted by, beside the day and the type."""

    host = "host"
    os = "os"
    browser = "browser"
    platform = "platform"
    ip = "ip"
    country = "country"
    event = "event"
    id = "id"


class UniquesGroup(StrEnum):
    """What addresses are counted by, beside the type."""

    date = "date"
    host = "host"
    os = "os"
    browser = "browser"
    platform = "platform"
    ip = "ip"
    country = "country"
    event = "event"
    id = "id"


class Granularity(StrEnum):
    """Widths of the intervals of a series."""

    minute = "1m"
    five_minutes = "5m"
    quarter = "15m"
    hour = "1h"
    day = "1d"


class WatchTimeGranularity(StrEnum):
    """The same for watch time, which is told by the month as well."""

    minute = "1m"
    five_minutes = "5m"
    quarter = "15m"
    hour = "1h"
    day = "1d"
    month = "1mo"


class Units(StrEnum):
    """What the intervals of `ffprobe` are multiples of."""

    second = "second"
    minute = "minute"
    hour = "hour"
    day = "day"
    week = "week"
    month = "month"


class Status(StrEnum):
    """State of a video's processing."""

    empty = "empty"
    pending = "pending"
    viewable = "viewable"
    ready = "ready"
    error = "error"
