"""Parameters of sessions."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from playhead.domain.errors import Rule
from playhead.domain.time_range import TimeRange
from playhead.gateway.validation import validation_error
from playhead.vendors.apivideo.params import PageParams
from playhead.vendors.apivideo.sessions.period import PATTERN, parse_period

SessionId = Annotated[str, Path(alias="sessionId")]


# What a lenient account's unreadable period is taken for: nobody sends this by accident.
UNPARSEABLE = "\0nothing"


def sanitize_param(name: str, value: str) -> str:
    """What a lenient account's parameter is taken for."""
    if name != "period":
        return value
    try:
        return _period(value)
    except PydanticCustomError:
        return UNPARSEABLE


def _period(text: str) -> str:
    try:
        _time_range(text)
    except (ValueError, OverflowError):
        raise validation_error(Rule.period) from None
    return text


def _time_range(text: str) -> TimeRange | None:
    if text == UNPARSEABLE:
        return TimeRange(0, 0)
    return parse_period(text) if text else None


Period = Annotated[
    str, AfterValidator(_period), Field(json_schema_extra={"format": "period", "pattern": PATTERN})
]


class SessionsParams(PageParams):
    """Sessions that were loaded in a period; `metadata[key]` comes beside it."""

    period: Period = Field(
        "",
        description=(
            "A year, month, ISO week or day, or a range A/B of them, its last day included."
        ),
        examples=["2024-05"],
    )

    @property
    def time_range(self) -> TimeRange | None:
        return _time_range(self.period)


SessionsQueryParams = Annotated[SessionsParams, Query()]
