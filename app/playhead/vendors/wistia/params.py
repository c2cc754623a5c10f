"""Wistia's parameters, in its spelling and leniency, said as our questions — evidence/wistia.md
§1.5, §3.
"""

import re
from calendar import timegm
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from playhead.domain.errors import Rule
from playhead.gateway.validation import validation_error

MAX_PER_PAGE = 100
MAX_PAGE = 10**9

# What a lenient account's unreadable date is taken for: nobody sends this by accident.
UNPARSEABLE = "\0nothing"
NO_DATE = -(10**12)


def sanitize_param(name: str, value: str) -> str:
    """What a lenient account's parameter is taken for.

    An id that names nothing finds nothing anyhow.
    """
    if name not in ("start_date", "end_date") or not value:
        return value
    try:
        _date(value)
    except PydanticCustomError:
        return UNPARSEABLE
    return value


def _date(text: str) -> int:
    """The start of a day; NEVER for what a lenient account could not read."""
    if text == UNPARSEABLE:
        return NO_DATE
    try:
        found = (
            date.fromisoformat(text)
            if re.fullmatch(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}", text)
            else None
        )
    except ValueError:
        found = None
    if found is None:
        raise validation_error(Rule.date)
    return timegm(found.timetuple())


def _page(text: str) -> int:
    """Nonsense is the first page — unknown 3, §1.5."""
    return max(1, min(_digits_or(text, 1), MAX_PAGE))


def _per_page(text: str) -> int:
    """Above the cap is the cap, nonsense the default — unknown 3, §1.5."""
    return min(_digits_or(text, 0), MAX_PER_PAGE) or MAX_PER_PAGE


def _digits_or(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else default


_DATE = Field(json_schema_extra={"type": "string", "format": "date"})
Date = Annotated[int, BeforeValidator(_date), _DATE]
Page = Annotated[
    int, BeforeValidator(_page), Field(json_schema_extra={"minimum": 1, "x-tolerated": True})
]
PerPage = Annotated[
    int,
    BeforeValidator(_per_page),
    Field(json_schema_extra={"minimum": 1, "maximum": MAX_PER_PAGE, "x-tolerated": True}),
]


def tolerated_enum(*values: str) -> dict[str, JsonValue]:
    """The words that are documented; others are ignored — unknown 4."""
    return {"enum": [*values], "x-tolerated": True}


class WistiaParams(BaseModel):
    """Parameters of one operation; an empty one is one that is not given — unknown 4."""

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in values.items() if value != ""}


class PageParams(WistiaParams):
    """A page of a list."""

    page: Page = Field(1, description="Which page, from 1; what is no such number is 1.")
    per_page: PerPage | None = Field(
        None, description="At most so many, 100 at most; what is no such number is 100."
    )
    page_size: PerPage | None = Field(None, description="The name of per_page before August 2014.")

    @property
    def limit(self) -> int:
        return self.per_page or self.page_size or MAX_PER_PAGE

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit
