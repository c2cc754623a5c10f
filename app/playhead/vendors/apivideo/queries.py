"""api.video's parameters, in its spelling and strictness, said as our questions — contracts/apivideo.md §1.6, §3, §5."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats.reading import Window
from playhead.vendor import broken, visit
from playhead.vendors.apivideo.period import PATTERN, window_of

METADATA = re.compile(r"metadata\[(.+)\]", re.DOTALL)
TAGS = re.compile(r"tags(\[\d*\])?", re.ASCII)  # Python repeats `tags[]`, other clients number them
MOST_PAIRS = 100  # a store has an end to the conditions that it takes (unknown 7)
WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
# What a lenient account's unreadable period is taken for: nobody sends this by accident.
NOTHING = "\0nothing"


def lenient(name: str, value: str) -> str:
    """What a lenient account's parameter is taken for."""
    if name != "period":
        return value
    try:
        return _period(value)
    except PydanticCustomError:
        return NOTHING


def _integer(text: str) -> int:
    if not WHOLE.fullmatch(text):
        raise broken(Rule.integer)
    return int(text)


def _period(text: str) -> str:
    try:
        _within(text)
    except (ValueError, OverflowError):
        raise broken(Rule.period) from None
    return text


def _within(text: str) -> Window | None:
    if text == NOTHING:
        return Window(0, 0)
    return window_of(text) if text else None


Integer = Annotated[int, BeforeValidator(_integer)]
Period = Annotated[str, AfterValidator(_period), Field(json_schema_extra={"format": "period", "pattern": PATTERN})]


class PageQuery(BaseModel):
    """Which page of a list."""

    current_page: Integer = Field(1, alias="currentPage", ge=1, description="Which page, from 1.")
    page_size: Integer = Field(25, alias="pageSize", ge=1, le=100, description="How many items a page has.")


class SessionsQuery(PageQuery):
    """Sessions that were loaded in a period; `metadata[key]` comes beside it."""

    period: Period = Field("", description="A year, month, ISO week or day, or a range A/B of them, its last day included.", examples=["2024-05"])

    @property
    def within(self) -> Window | None:
        return _within(self.period)


class VideosQuery(PageQuery):
    """A page of the videos, all conditions together; `tags[]` and `metadata[key]` come beside it."""

    title: str | None = Field(None, description="A part of the title.")
    description: str | None = Field(None, description="A part of the description.")
    live_stream_id: str | None = Field(None, alias="liveStreamId", description="Recordings of this live stream; there are none.")
    sort_by: Literal["title", "createdAt", "publishedAt", "updatedAt"] = Field("createdAt", alias="sortBy", description="What orders the list.")
    sort_order: Literal["asc", "desc"] = Field("asc", alias="sortOrder", description="In which direction.")


class LiveStreamsQuery(PageQuery):
    """A page of the live streams, all conditions together."""

    name: str | None = Field(None, description="A part of the name.")
    stream_key: str | None = Field(None, alias="streamKey", description="The whole key.")
    sort_by: Literal["name", "createdAt", "updatedAt"] = Field("createdAt", alias="sortBy", description="What orders the list.")
    sort_order: Literal["asc", "desc"] = Field("asc", alias="sortOrder", description="In which direction.")


def _metadata(request: Request) -> dict[str, str]:
    """The pairs of `metadata[key]=value`; of a repeated key the last counts. Raises Failure(invalid) for too many."""
    pairs = request.query_params.multi_items()
    if any(name == "metadata" for name, _ in pairs):
        visit(request).remarks.append("metadata=… is ignored: write metadata[key]=value")
    found = {named[1]: value for name, value in pairs if (named := METADATA.fullmatch(name))}
    if len(found) > MOST_PAIRS:
        raise Failure(Kind.invalid, [Problem("metadata", Rule.range, str(len(found)), {"maximum": MOST_PAIRS})])
    return found


def _tags(request: Request) -> list[str]:
    return [value for name, value in request.query_params.multi_items() if TAGS.fullmatch(name)]


def document_of(body: bytes) -> Mapping[str, Any]:  # Any: whatever JSON a client sends
    """The JSON object in a body, whatever its content type says; raises Failure(invalid)."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Failure(Kind.invalid, [Problem("body", Rule.json)])
    return document


def attribute(document: Mapping[str, Any], name: str) -> str:
    """A text that a body must have; raises Failure(invalid)."""
    value = document.get(name)
    if value is None:
        raise Failure(Kind.invalid, [Problem(name, Rule.missing)])
    if not isinstance(value, str):
        raise Failure(Kind.invalid, [Problem(name, Rule.malformed)])
    return value


Page = Annotated[PageQuery, Query()]
Sessions = Annotated[SessionsQuery, Query()]
Videos = Annotated[VideosQuery, Query()]
LiveStreams = Annotated[LiveStreamsQuery, Query()]
Metadata = Annotated[Mapping[str, str], Depends(_metadata)]
Tags = Annotated[list[str], Depends(_tags)]

# What FastAPI cannot read, and so cannot describe: said here for the exported description.
_PAIRS = {
    "name": "metadata",
    "in": "query",
    "style": "deepObject",
    "explode": True,
    "description": "Only what has all these pairs: metadata[key]=value; metadata=… is ignored.",
    "schema": {"type": "object", "additionalProperties": {"type": "string"}, "maxProperties": MOST_PAIRS},
}
_TAGS = {
    "name": "tags[]",
    "in": "query",
    "description": "Only videos with all these tags; tags[0] and tags are taken as well.",
    "schema": {"type": "array", "items": {"type": "string"}},
}
METADATA_PARAMETER: dict[str, Any] = {"parameters": [_PAIRS]}
METADATA_AND_TAGS_PARAMETERS: dict[str, Any] = {"parameters": [_PAIRS, _TAGS]}


def body_of(name: str) -> dict[str, Any]:  # Any: a piece of OpenAPI
    """The description of a body with one attribute."""
    schema = {"type": "object", "required": [name], "properties": {name: {"type": "string"}}}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": {name: "demo"}}}}}
