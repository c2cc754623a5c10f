"""api.video's parameters, in its spelling and strictness, said as our questions —
evidence/apivideo.md §1.6, §3, §5.
"""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.time_range import TimeRange
from playhead.gateway.context import request_context
from playhead.gateway.validation import validation_error
from playhead.vendors.apivideo.sessions.period import PATTERN, parse_period

METADATA_PATTERN = re.compile(r"metadata\[(.+)\]", re.DOTALL)
TAGS_PATTERN = re.compile(
    r"tags(\[\d*\])?", re.ASCII
)  # Python repeats `tags[]`, other clients number them
MAX_PAIRS = 100  # a store has an end to the conditions that it takes (unknown 7)
INTEGER_PATTERN = re.compile(r"-?\d{1,18}", re.ASCII)
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


def _integer(text: str) -> int:
    if not INTEGER_PATTERN.fullmatch(text):
        raise validation_error(Rule.integer)
    return int(text)


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


Integer = Annotated[int, BeforeValidator(_integer)]
Period = Annotated[
    str, AfterValidator(_period), Field(json_schema_extra={"format": "period", "pattern": PATTERN})
]


class PageParams(BaseModel):
    """Which page of a list."""

    current_page: Integer = Field(1, alias="currentPage", ge=1, description="Which page, from 1.")
    page_size: Integer = Field(
        25, alias="pageSize", ge=1, le=100, description="How many items a page has."
    )


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


class VideosParams(PageParams):
    """A page of the videos, all conditions together.

    `tags[]` and `metadata[key]` come beside it.
    """

    title: str | None = Field(None, description="A part of the title.")
    description: str | None = Field(None, description="A part of the description.")
    live_stream_id: str | None = Field(
        None, alias="liveStreamId", description="Recordings of this live stream; there are none."
    )
    sort_by: Literal["title", "createdAt", "publishedAt", "updatedAt"] = Field(
        "createdAt", alias="sortBy", description="What orders the list."
    )
    sort_order: Literal["asc", "desc"] = Field(
        "asc", alias="sortOrder", description="In which direction."
    )


class LiveStreamsParams(PageParams):
    """A page of the live streams, all conditions together."""

    name: str | None = Field(None, description="A part of the name.")
    stream_key: str | None = Field(None, alias="streamKey", description="The whole key.")
    sort_by: Literal["name", "createdAt", "updatedAt"] = Field(
        "createdAt", alias="sortBy", description="What orders the list."
    )
    sort_order: Literal["asc", "desc"] = Field(
        "asc", alias="sortOrder", description="In which direction."
    )


def _metadata(request: Request) -> dict[str, str]:
    """The pairs of `metadata[key]=value`.

    Of a repeated key the last counts. Raises Failure(invalid) for too many.
    """
    pairs = request.query_params.multi_items()
    if any(name == "metadata" for name, _ in pairs):
        request_context(request).warnings.append("metadata=… is ignored: write metadata[key]=value")
    found = {
        named[1]: value for name, value in pairs if (named := METADATA_PATTERN.fullmatch(name))
    }
    if len(found) > MAX_PAIRS:
        raise ApiError(
            ErrorKind.invalid,
            [Violation("metadata", Rule.range, str(len(found)), {"maximum": MAX_PAIRS})],
        )
    return found


def _tags(request: Request) -> list[str]:
    return [
        value for name, value in request.query_params.multi_items() if TAGS_PATTERN.fullmatch(name)
    ]


def parse_json_object(body: bytes) -> Mapping[str, Any]:  # Any: whatever JSON a client sends
    """The JSON object in a body, whatever its content type says; raises Failure(invalid)."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise ApiError(ErrorKind.invalid, [Violation("body", Rule.json)])
    return document


def required_text(document: Mapping[str, Any], name: str) -> str:
    """A text that a body must have; raises Failure(invalid)."""
    value = document.get(name)
    if value is None:
        raise ApiError(ErrorKind.invalid, [Violation(name, Rule.missing)])
    if not isinstance(value, str):
        raise ApiError(ErrorKind.invalid, [Violation(name, Rule.malformed)])
    return value


PageQueryParams = Annotated[PageParams, Query()]
SessionsQueryParams = Annotated[SessionsParams, Query()]
VideosQueryParams = Annotated[VideosParams, Query()]
LiveStreamsQueryParams = Annotated[LiveStreamsParams, Query()]
Metadata = Annotated[Mapping[str, str], Depends(_metadata)]
Tags = Annotated[list[str], Depends(_tags)]

# What FastAPI cannot read, and so cannot describe: said here for the exported description.
_METADATA_OPENAPI = {
    "name": "metadata",
    "in": "query",
    "style": "deepObject",
    "explode": True,
    "description": "Only what has all these pairs: metadata[key]=value; metadata=… is ignored.",
    "schema": {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "maxProperties": MAX_PAIRS,
    },
}
_TAGS_OPENAPI = {
    "name": "tags[]",
    "in": "query",
    "description": "Only videos with all these tags; tags[0] and tags are taken as well.",
    "schema": {"type": "array", "items": {"type": "string"}},
}
METADATA_PARAMETER: dict[str, Any] = {"parameters": [_METADATA_OPENAPI]}
METADATA_AND_TAGS_PARAMETERS: dict[str, Any] = {"parameters": [_METADATA_OPENAPI, _TAGS_OPENAPI]}


def body_openapi(name: str) -> dict[str, Any]:  # Any: a piece of OpenAPI
    """The description of a body with one attribute."""
    schema = {"type": "object", "required": [name], "properties": {name: {"type": "string"}}}
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": {name: "demo"}}},
        }
    }
