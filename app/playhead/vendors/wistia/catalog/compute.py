"""Which media and projects a list holds, in which order."""

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from playhead.analytics.aliases import AliasResolver
from playhead.analytics.snapshot import Snapshot
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.vendors.wistia import cursors as wistia_cursors
from playhead.vendors.wistia import ids, vocabulary
from playhead.vendors.wistia.catalog import cursors
from playhead.vendors.wistia.catalog.cursors import CursorKey
from playhead.vendors.wistia.catalog.params import (
    Cursor,
    FolderMediasParams,
    ListParams,
    ProjectMediasParams,
)
from playhead.vendors.wistia.lookup import MediaEntry, ProjectEntry, list_media, list_projects

BY_ID = "id"


EntryT = TypeVar("EntryT", ProjectEntry, MediaEntry)


SortKey = tuple[int, str]


# Nothing is ever changed: the last change is the first. A word that is not here is none: by id.
PROJECT_SORTS: Mapping[str, Callable[[ProjectEntry], SortKey]] = {
    "name": lambda project: (0, project.project.title.casefold()),
    "created": lambda project: (project.project.created_at, ""),
    "updated": lambda project: (project.project.created_at, ""),
    "mediaCount": lambda project: (project.media_count, ""),
}


MEDIA_SORTS: Mapping[str, Callable[[MediaEntry], SortKey]] = {
    "name": lambda media: (0, media.media.title.casefold()),
    "created": lambda media: (media.media.released_at, ""),
    "updated": lambda media: (media.media.released_at, ""),
    "position": lambda media: (media.media.number, ""),
}


# The orders that cursors go with; the other documented ones need pages.
PROJECT_CURSORS = (BY_ID, "created", "updated")


MEDIA_CURSORS = (BY_ID, "created")


def select_media(
    snapshot: Snapshot, params: ProjectMediasParams | FolderMediasParams
) -> list[MediaEntry]:
    """The page of media that a query asks for."""
    return _page(_matching_media(snapshot, params), params, MEDIA_SORTS)


def select_media_from(
    snapshot: Snapshot, params: FolderMediasParams, cursor: Cursor
) -> list[tuple[str, MediaEntry]]:
    """The media from a cursor on that a query asks for, each with its own cursor."""
    return _page_from(_matching_media(snapshot, params), params, cursor, MEDIA_SORTS, MEDIA_CURSORS)


def select_projects(snapshot: Snapshot, params: ListParams) -> list[ProjectEntry]:
    """The page of projects that a query asks for."""
    return _page(_matching_projects(snapshot, params), params, PROJECT_SORTS)


def select_projects_from(
    snapshot: Snapshot, params: ListParams, cursor: Cursor
) -> list[tuple[str, ProjectEntry]]:
    """The projects from a cursor on that a query asks for, each with its own cursor."""
    return _page_from(
        _matching_projects(snapshot, params), params, cursor, PROJECT_SORTS, PROJECT_CURSORS
    )


def _matching_media(
    snapshot: Snapshot, params: ProjectMediasParams | FolderMediasParams
) -> list[MediaEntry]:
    owner = (
        ids.number_of_id(AliasResolver(snapshot, vocabulary.NAME), "project", params.project)
        if params.project
        else None
    )
    return [
        media
        for media in list_media(snapshot)
        if (params.project is None or media.media.project == owner)
        and (params.wanted_ids is None or media.hashed_id in params.wanted_ids)
        and (params.name is None or media.media.title == params.name)
        and (params.type is None or params.type == "Video")
        and (params.tags is None or set(params.tags) <= set(media.media.tags))
        and params.archived != "true"
    ]


def _matching_projects(snapshot: Snapshot, params: ListParams) -> list[ProjectEntry]:
    return [
        project
        for project in list_projects(snapshot)
        if params.hashed_ids is None or project.hashed_id in params.hashed_ids
    ]


def _page(
    entries: list[EntryT], params: ListParams, sorts: Mapping[str, Callable[[EntryT], SortKey]]
) -> list[EntryT]:
    rank = sorts.get(params.sort_by or "")
    ascending = entries if rank is None else sorted(entries, key=rank)
    ordered = ascending[::-1] if params.descending else ascending
    return ordered[params.offset : params.offset + params.limit]


def _page_from(
    entries: list[EntryT],
    params: ListParams,
    cursor: Cursor,
    sorts: Mapping[str, Callable[[EntryT], SortKey]],
    cursor_orders: Collection[str],
) -> list[tuple[str, EntryT]]:
    """A part of a list by places; raises Failure(invalid) for an order that has none."""
    order = params.sort_by if params.sort_by and params.sort_by in sorts else BY_ID
    if order not in cursor_orders:
        raise ApiError(
            ErrorKind.invalid,
            [
                Violation(
                    "sort_by",
                    Rule.refused,
                    order,
                    {"reason": f"a cursor goes with {', '.join(cursor_orders)} only"},
                )
            ],
        )
    rank = sorts.get(order)
    ordered = sorted(
        ((CursorKey(rank(one)[0] if rank else 0, one.id), one) for one in entries),
        key=lambda pair: pair[0],
        reverse=params.descending,
    )
    found = cursors.slice_at(
        ordered, cursor, order=order, descending=params.descending, limit=params.limit
    )
    return [(wistia_cursors.encode_cursor(order, place), one) for place, one in found]
