"""The parameters of Gcore's catalogue — evidence/gcore.md §5."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from playhead.vendors.gcore.param_types import Integer, Integers, Status
from playhead.vendors.gcore.params import GcoreParams


class PlaylistsParams(GcoreParams):
    """A page of the playlists."""

    page: Integer = Field(1, ge=1, description="Which page; everything is on the first.")


class StreamsParams(PlaylistsParams):
    """A page of the live streams."""

    with_broadcasts: Integer = Field(
        0, ge=0, le=1, description="Broadcasts are not told; accepted."
    )


class VideosParams(GcoreParams):
    """A page of the videos, all conditions together."""

    id: str | None = Field(None, description="Numbers, separated by commas.")
    search: str | None = Field(None, description="Number or slug, or a part of the name.")
    status: Status | None = Field(
        None, description="State of processing: a video is pending, then ready."
    )
    client_user_id: Integer | None = Field(
        None, description="Only videos that carry this number of the owner's."
    )
    stream_id: Integer | None = Field(
        None, description="Recordings of this stream; there are none."
    )
    fields: str | None = Field(
        None, description="Names of the keys to answer, separated by commas."
    )
    page: Integer = Field(1, ge=1, description="Which page.")
    per_page: Integer = Field(25, ge=1, le=1000, description="How many a page has.")


class NamesParams(GcoreParams):
    """Which videos."""

    ids: Integers = Field(
        [], description="Only the videos with these numbers; repeated, or separated by commas."
    )


StreamsQueryParams = Annotated[StreamsParams, Query()]
PlaylistsQueryParams = Annotated[PlaylistsParams, Query()]
VideosQueryParams = Annotated[VideosParams, Query()]
NamesQueryParams = Annotated[NamesParams, Query()]
