"""Which media and projects are listed, and in what order — contracts/wistia.md §7, fixtures/documented/wistia."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, TypeVar

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats import library
from playhead.stats.library import Media
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.vendors.wistia import words
from playhead.vendors.wistia.catalogue import cursors
from playhead.vendors.wistia.catalogue.cursors import Place
from playhead.vendors.wistia.catalogue.queries import Cursor, FolderMediasQuery, ListQuery, ProjectMediasQuery

BY_ID = "id"


class ListedProject(NamedTuple):
    """A project with its ids; `media_count` is how many media it holds."""

    id: int
    hashed_id: str
    found: library.Project
    media_count: int


class ListedMedia(NamedTuple):
    """A media with its ids and its project; every media is in one."""

    id: int
    hashed_id: str
    found: Media
    project: ListedProject


Listed = TypeVar("Listed", ListedProject, ListedMedia)
Rank = tuple[int, str]
# Nothing is ever changed: the last change is the first. A word that is not here is none: by id.
PROJECT_SORTS: Mapping[str, Callable[[ListedProject], Rank]] = {
    "name": lambda project: (0, project.found.title.casefold()),
    "created": lambda project: (project.found.created_at, ""),
    "updated": lambda project: (project.found.created_at, ""),
    "mediaCount": lambda project: (project.media_count, ""),
}
MEDIA_SORTS: Mapping[str, Callable[[ListedMedia], Rank]] = {
    "name": lambda media: (0, media.found.title.casefold()),
    "created": lambda media: (media.found.released_at, ""),
    "updated": lambda media: (media.found.released_at, ""),
    "position": lambda media: (media.found.number, ""),
}
# The orders that cursors go with; the other documented ones need pages.
PROJECT_CURSORS = (BY_ID, "created", "updated")
MEDIA_CURSORS = (BY_ID, "created")


def projects(reading: Reading) -> list[ListedProject]:
    """All projects, by id."""
    found = library.projects(reading)
    given = Naming(reading, words.NAME).given("project", [project.number for project in found])
    counts = Counter(media.project for media in library.media(reading))
    return sorted(
        ListedProject(
            words.numeric_id("project", project.number, given.get(project.number, ())),
            words.hashed_id("project", project.number, given.get(project.number, ())),
            project,
            counts[project.number],
        )
        for project in found
    )


def medias(reading: Reading, numbers: Collection[int] | None = None) -> list[ListedMedia]:
    """Media by id; only those of `numbers` when given."""
    found = library.media(reading, numbers=numbers)
    given = Naming(reading, words.NAME).given("video", [media.number for media in found])
    owners = {project.found.number: project for project in projects(reading)}
    listed = [
        ListedMedia(
            words.numeric_id("video", media.number, given.get(media.number, ())),
            words.hashed_id("video", media.number, given.get(media.number, ())),
            media,
            owners[media.project],
        )
        for media in found
    ]
    return sorted(listed, key=lambda media: media.id)


def chosen(reading: Reading, query: ProjectMediasQuery | FolderMediasQuery) -> list[ListedMedia]:
    """The page of media that a query asks for."""
    return _page(_kept(reading, query), query, MEDIA_SORTS)


def chosen_from(reading: Reading, query: FolderMediasQuery, cursor: Cursor) -> list[tuple[str, ListedMedia]]:
    """The media from a cursor on that a query asks for, each with its own cursor."""
    return _from(_kept(reading, query), query, cursor, MEDIA_SORTS, MEDIA_CURSORS)


def chosen_projects(reading: Reading, query: ListQuery) -> list[ListedProject]:
    """The page of projects that a query asks for."""
    return _page(_kept_projects(reading, query), query, PROJECT_SORTS)


def chosen_projects_from(reading: Reading, query: ListQuery, cursor: Cursor) -> list[tuple[str, ListedProject]]:
    """The projects from a cursor on that a query asks for, each with its own cursor."""
    return _from(_kept_projects(reading, query), query, cursor, PROJECT_SORTS, PROJECT_CURSORS)


def _kept(reading: Reading, query: ProjectMediasQuery | FolderMediasQuery) -> list[ListedMedia]:
    owner = words.entity(Naming(reading, words.NAME), "project", query.owner) if query.owner else None
    return [
        media
        for media in medias(reading)
        if (query.owner is None or media.found.project == owner)
        and (query.wanted is None or media.hashed_id in query.wanted)
        and (query.name is None or media.found.title == query.name)
        and (query.type is None or query.type == "Video")
        and (query.tags is None or set(query.tags) <= set(media.found.tags))
        and query.archived != "true"
    ]


def _kept_projects(reading: Reading, query: ListQuery) -> list[ListedProject]:
    return [project for project in projects(reading) if query.hashed_ids is None or project.hashed_id in query.hashed_ids]


def _page(listed: list[Listed], query: ListQuery, sorts: Mapping[str, Callable[[Listed], Rank]]) -> list[Listed]:
    rank = sorts.get(query.sort_by or "")
    ascending = listed if rank is None else sorted(listed, key=rank)
    ordered = ascending[::-1] if query.descending else ascending
    return ordered[query.offset : query.offset + query.limit]


def _from(
    listed: list[Listed], query: ListQuery, cursor: Cursor, sorts: Mapping[str, Callable[[Listed], Rank]], allowed: Collection[str]
) -> list[tuple[str, Listed]]:
    """A part of a list by places; raises Failure(invalid) for an order that has none."""
    order = query.sort_by if query.sort_by and query.sort_by in sorts else BY_ID
    if order not in allowed:
        raise Failure(Kind.invalid, [Problem("sort_by", Rule.refused, order, {"reason": f"a cursor goes with {', '.join(allowed)} only"})])
    rank = sorts.get(order)
    ordered = sorted(((Place(rank(one)[0] if rank else 0, one.id), one) for one in listed), key=lambda pair: pair[0], reverse=query.descending)
    found = cursors.slice_of(ordered, cursor, order=order, descending=query.descending, limit=query.limit)
    return [(cursors.text(order, place), one) for place, one in found]
