"""api.video's parameters, in its spelling and strictness, said as our questions —
evidence/apivideo.md §1.6, §3, §5.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, BeforeValidator, Field

from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.gateway.context import request_context
from playhead.gateway.validation import validation_error

METADATA_PATTERN = re.compile(r"metadata\[(.+)\]", re.DOTALL)
MAX_PAIRS = 100  # a store has an end to the conditions that it takes (unknown 7)
INTEGER_PATTERN = re.compile(r"-?\d{1,18}", re.ASCII)


def _integer(text: str) -> int:
    if not INTEGER_PATTERN.fullmatch(text):
        raise validation_error(Rule.integer)
    return int(text)


Integer = Annotated[int, BeforeValidator(_integer)]


class PageParams(BaseModel):
    """Which page of a list."""

    current_page: Integer = Field(1, alias="currentPage", ge=1, description="Which page, from 1.")
    page_size: Integer = Field(
        25, alias="pageSize", ge=1, le=100, description="How many items a page has."
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


PageQueryParams = Annotated[PageParams, Query()]
Metadata = Annotated[Mapping[str, str], Depends(_metadata)]

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
METADATA_PARAMETER: dict[str, Any] = {"parameters": [_METADATA_OPENAPI]}


VideoId = Annotated[str, Path(alias="videoId")]


LiveStreamId = Annotated[str, Path(alias="liveStreamId")]
