"""How Gcore's parameters are written, one value each:

instants, numbers, lists and words — evidence/gcore.md §1.4, §1.9, §3.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from playhead.domain.clock import parse_instant, utc_datetime
from playhead.domain.errors import Rule
from playhead.domain.media import MediaKind
from playhead.gateway.validation import validation_error

# A `+` that nobody encoded arrives as a blank before the offset — §1.4.
LOST_PLUS = re.compile(r"(:\d\d(?:\.\d+)?) (\d\d:?\d\d)$", re.ASCII)
# Python would take any character between the date and the time.
DATE_AND_TIME = re.compile(r"\d{4}-?(\d\d-?\d\d|W\d\d(-?\d)?)([T ].+)?", re.ASCII)
# What marks a lenient account's date or number that cannot be read; nobody sends this by accident —
# §1.6, §6.4.
UNPARSEABLE = "\0nothing"
NO_DATE = -(10**12)  # such a date
NO_ID = -1  # and such a number: no entity and no owner has one below 0
NO_WIDTH = 0  # and such a width


def sanitize_param(name: str, value: str) -> str:
    """What a lenient account's parameter is taken for: marked, where it cannot be read."""
    try:
        SANITIZERS.get(name, str)(value)
    except PydanticCustomError:
        return UNPARSEABLE + value if value else value  # an empty one is not set
    return value


def _instant(text: str) -> int:
    if text.startswith(UNPARSEABLE):
        return NO_DATE
    if not DATE_AND_TIME.fullmatch(text):
        raise validation_error(Rule.instant)
    try:
        instant = parse_instant(LOST_PLUS.sub(r"\1+\2", text))
        utc_datetime(instant)  # an offset may lead out of the calendar
    except (ValueError, OverflowError):
        raise validation_error(Rule.instant) from None
    return instant


def _integer(text: str) -> int:
    if text.startswith(UNPARSEABLE):
        return NO_ID
    if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII):
        raise validation_error(Rule.integer)
    return int(text)


def _interval(text: str) -> int:
    if text.startswith(UNPARSEABLE):
        return NO_WIDTH
    number = _integer(text)
    if number < 1:
        raise validation_error(Rule.range, minimum=1)
    return number


def _without_mark(text: str) -> str:
    return text.removeprefix(UNPARSEABLE)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise validation_error(Rule.choice, choices="true, false")
    return text == "true"


def split_list(texts: Iterable[str]) -> list[str]:
    """A list that may be repeated, separated by commas, or both.

    Blanks trimmed, each once — §1.9.
    """
    parts = (part.strip() for text in texts for part in text.split(","))
    return list(dict.fromkeys(part for part in parts if part))


def choice_list(choices: type[StrEnum]) -> BeforeValidator:
    """The validator of a list of words: the whole list is refused for one that is none."""

    def read(texts: Iterable[str]) -> list[StrEnum]:
        try:
            return [choices(text) for text in split_list(texts)]
        except ValueError:
            raise validation_error(Rule.choice, choices=", ".join(choices)) from None

    return BeforeValidator(read)


def _integers(texts: Iterable[str]) -> list[int]:
    return [NO_ID if text.startswith(UNPARSEABLE) else _integer(text) for text in split_list(texts)]


SANITIZERS: Mapping[str, Callable[[str], object]] = {
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
Id = Annotated[str, BeforeValidator(_without_mark)]  # a number, or a slug that reads like none


class Type(StrEnum):
    """What an entity is, in the order in which answers tell it — §3.2."""

    vod = "vod"
    live = "live"
    playlist = "playlist"


KIND_OF_TYPE = {
    Type.live: MediaKind.live,
    Type.vod: MediaKind.video,
    Type.playlist: MediaKind.playlist,
}
TYPE_OF_KIND = {kind: type_ for type_, kind in KIND_OF_TYPE.items()}


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
