"""The parameters of Wistia's catalogue, said as our questions — evidence/wistia.md §7.1, §7.2."""

from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Query, Request
from pydantic import Field

from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.vendors.wistia.params import Page, PageParams, WistiaParams, tolerated_enum

_PROJECT_ORDERS = tolerated_enum("name", "created", "updated", "mediaCount", "id")
_MEDIA_ORDERS = tolerated_enum("name", "created", "updated", "position")
_MEDIA_TYPES = tolerated_enum(
    "Video", "Audio", "Image", "PdfDocument", "MicrosoftOfficeDocument", "Swf", "UnknownType"
)


class ListParams(PageParams):
    """A page of the catalogue, in some order."""

    sort_by: str | None = Field(
        None,
        description="By id without it; another word is ignored.",
        json_schema_extra=_PROJECT_ORDERS,
    )
    sort_direction: str | None = Field(
        None, description="1 ascending, 0 descending.", json_schema_extra=tolerated_enum("1", "0")
    )
    hashed_ids: list[str] | None = Field(None, alias="hashed_ids[]", description="Only these.")

    @property
    def descending(self) -> bool:
        return self.sort_direction == "0"


class MediasParams(ListParams):
    """Which media; all conditions together."""

    sort_by: str | None = Field(
        None,
        description="By id without it; another word is ignored.",
        json_schema_extra=_MEDIA_ORDERS,
    )
    name: str | None = Field(None, description="Only media of exactly this name.")
    type: str | None = Field(
        None, description="Only media of this type; all are Video.", json_schema_extra=_MEDIA_TYPES
    )
    tags: list[str] | None = Field(
        None, alias="tags[]", description="Only media with all these tags."
    )
    archived: str | None = Field(
        None,
        description="true: only what was put away; nothing is.",
        json_schema_extra=tolerated_enum("true", "false"),
    )


class ProjectMediasParams(MediasParams):
    """Media by project."""

    project_id: str | None = Field(None, description="Only of this project: hashed or numeric id.")
    hashed_id: str | None = Field(None, description="Only this one.")

    @property
    def project(self) -> str | None:
        return self.project_id

    @property
    def wanted_ids(self) -> list[str] | None:
        return self.hashed_ids if self.hashed_id is None else [self.hashed_id]


class FormatParams(WistiaParams):
    """How descriptions are written."""

    description_format: str | None = Field(
        None,
        description="Ours are plain text in any format.",
        json_schema_extra=tolerated_enum("markdown"),
    )


class FolderMediasParams(MediasParams, FormatParams):
    """Media by folder."""

    folder_id: str | None = Field(None, description="Only of this folder: hashed or numeric id.")

    @property
    def project(self) -> str | None:
        return self.folder_id

    @property
    def wanted_ids(self) -> list[str] | None:
        return self.hashed_ids


class ProjectParams(WistiaParams):
    """Which of a project's media are shown with it."""

    page: Page = Field(
        1, description="Which 500 of its media, from 1; what is no such number is 1."
    )


class Cursor(NamedTuple):
    """Where a list goes on:

    behind one place, or before another; from its beginning where both are None.
    """

    after: str | None
    before: str | None


def _cursor(request: Request) -> Cursor | None:
    """The cursor of a request, None where it counts pages.

    Raises Failure(invalid) for one that does both.
    """
    given = {name: value for name, value in request.query_params.multi_items() if value}
    cursor = Cursor(given.get("cursor[after]"), given.get("cursor[before]"))
    if cursor == Cursor(None, None) and given.get("cursor[enabled]") != "1":
        return None
    if "page" in given:
        raise ApiError(
            ErrorKind.invalid,
            [
                Violation(
                    "page",
                    Rule.refused,
                    given["page"],
                    {"reason": "a page cannot be asked for together with a cursor"},
                )
            ],
        )
    return cursor


ListQueryParams = Annotated[ListParams, Query()]
ProjectMediasQueryParams = Annotated[ProjectMediasParams, Query()]
FolderMediasQueryParams = Annotated[FolderMediasParams, Query()]
FormatQueryParams = Annotated[FormatParams, Query()]
ProjectQueryParams = Annotated[ProjectParams, Query()]
CursorParam = Annotated[Cursor | None, Depends(_cursor)]

# What FastAPI cannot read, and so cannot describe: said here for the exported description.
_CURSOR_OPENAPI = {
    "name": "cursor",
    "in": "query",
    "style": "deepObject",
    "explode": True,
    "description": "Places instead of pages: cursor[enabled]=1 begins, cursor[after] and "
    "cursor[before] go on from the `cursor` of a record, in the same order "
    "and without `page`. Anything else in it is ignored.",
    "schema": {
        "type": "object",
        "properties": {
            "enabled": {"type": "integer", "enum": [0, 1]},
            "before": {"type": "string"},
            "after": {"type": "string"},
        },
    },
    "x-tolerated": True,
}
CURSOR_PARAMETER: dict[str, Any] = {"parameters": [_CURSOR_OPENAPI]}  # Any: a piece of OpenAPI
