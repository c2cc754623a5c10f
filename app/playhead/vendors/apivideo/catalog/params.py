"""Parameters of the catalog."""

import re
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import Field

from playhead.vendors.apivideo.params import _METADATA_OPENAPI, PageParams

TAGS_PATTERN = re.compile(
    r"tags(\[\d*\])?", re.ASCII
)  # Python repeats `tags[]`, other clients number them


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


def _tags(request: Request) -> list[str]:
    return [
        value for name, value in request.query_params.multi_items() if TAGS_PATTERN.fullmatch(name)
    ]


VideosQueryParams = Annotated[VideosParams, Query()]


LiveStreamsQueryParams = Annotated[LiveStreamsParams, Query()]


Tags = Annotated[list[str], Depends(_tags)]


_TAGS_OPENAPI = {
    "name": "tags[]",
    "in": "query",
    "description": "Only videos with all these tags; tags[0] and tags are taken as well.",
    "schema": {"type": "array", "items": {"type": "string"}},
}


METADATA_AND_TAGS_PARAMETERS: dict[str, Any] = {"parameters": [_METADATA_OPENAPI, _TAGS_OPENAPI]}
