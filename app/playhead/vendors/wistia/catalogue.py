"""Wistia's catalogue: media, and the projects that /modern calls folders — contracts/wistia.md §7, fixtures/documented/wistia."""

from collections import Counter
from collections.abc import Callable, Collection
from operator import attrgetter
from typing import NamedTuple, TypeVar

from pydantic import MISSING

from playhead.stats import library
from playhead.stats.library import Media
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.vendors.wistia import events, shapes, words
from playhead.vendors.wistia.queries import FolderMediasQuery, ListQuery, ProjectMediasQuery
from playhead.vendors.wistia.shapes import Asset, Folder, FolderReference, OldAsset, OldMedia, Project, ProjectReference, Still, Tag

BYTES_A_SECOND = 250_000


class ListedProject(NamedTuple):
    """A project with its ids; `count` is how many media it holds."""

    id: int
    hashed_id: str
    found: library.Project
    count: int


class ListedMedia(NamedTuple):
    """A media with its ids and its project, if it is in one."""

    id: int
    hashed_id: str
    found: Media
    project: ListedProject | None


Listed = TypeVar("Listed", ListedProject, ListedMedia)
# Nothing is ever changed: the last change is the first. What has no such key, as an unknown word, is by id.
SORTS: dict[str, Callable[[ListedProject | ListedMedia], object]] = {
    "name": lambda listed: listed.found.title.casefold(),
    "created": lambda listed: listed.found.released_at if isinstance(listed.found, Media) else listed.found.created_at,
    "position": attrgetter("found.number"),
    "mediaCount": attrgetter("count"),
}
SORTS["updated"] = SORTS["created"]


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
            owners.get(media.project),
        )
        for media in found
    ]
    return sorted(listed, key=lambda media: media.id)


def chosen(reading: Reading, query: ProjectMediasQuery | FolderMediasQuery) -> list[ListedMedia]:
    """The page of media that a query asks for."""
    owner = words.entity(Naming(reading, words.NAME), "project", query.owner) if query.owner else None
    kept = [
        media
        for media in medias(reading)
        if (query.owner is None or media.found.project == owner)
        and (query.wanted is None or media.hashed_id in query.wanted)
        and (query.name is None or media.found.title == query.name)
        and (query.type is None or query.type == "Video")
        and (query.tags is None or set(query.tags) <= set(media.found.tags))
        and query.archived != "true"
    ]
    return page_of(kept, query)


def chosen_projects(reading: Reading, query: ListQuery) -> list[ListedProject]:
    """The page of projects that a query asks for."""
    return page_of([project for project in projects(reading) if query.hashed_ids is None or project.hashed_id in query.hashed_ids], query)


def page_of(listed: list[Listed], query: ListQuery) -> list[Listed]:
    """A page in the order that a query asks for."""
    by = SORTS.get(query.sort_by or "")
    if by is not None and (query.sort_by != "mediaCount" or all(isinstance(one, ListedProject) for one in listed)):
        listed = sorted(listed, key=by)  # type: ignore[arg-type]  # texts or numbers, never both
    ordered = listed[::-1] if query.descending else listed
    return ordered[query.offset : query.offset + query.limit]
