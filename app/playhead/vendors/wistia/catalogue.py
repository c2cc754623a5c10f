"""Wistia's catalogue: media, and the projects that /modern calls folders — contracts/wistia.md §7, fixtures/documented/wistia."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple, TypeVar

from playhead.stats import library
from playhead.stats.library import Media
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.vendors.wistia import events, shapes, words
from playhead.vendors.wistia.queries import FolderMediasQuery, ListQuery, ProjectMediasQuery
from playhead.vendors.wistia.shapes import Asset, Folder, FolderReference, MediasOfFolder, OldAsset, OldMedia, Project, ProjectReference, Still, Tag

STILL_WIDTH = 200


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
PROJECT_SORTS: dict[str, Callable[[ListedProject], Rank]] = {
    "name": lambda project: (0, project.found.title.casefold()),
    "created": lambda project: (project.found.created_at, ""),
    "updated": lambda project: (project.found.created_at, ""),
    "mediaCount": lambda project: (project.media_count, ""),
}
MEDIA_SORTS: dict[str, Callable[[ListedMedia], Rank]] = {
    "name": lambda media: (0, media.found.title.casefold()),
    "created": lambda media: (media.found.released_at, ""),
    "updated": lambda media: (media.found.released_at, ""),
    "position": lambda media: (media.found.number, ""),
}


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
    return _page(kept, query, MEDIA_SORTS)


def chosen_projects(reading: Reading, query: ListQuery) -> list[ListedProject]:
    """The page of projects that a query asks for."""
    kept = [project for project in projects(reading) if query.hashed_ids is None or project.hashed_id in query.hashed_ids]
    return _page(kept, query, PROJECT_SORTS)


def _page(listed: list[Listed], query: ListQuery, sorts: Mapping[str, Callable[[Listed], Rank]]) -> list[Listed]:
    rank = sorts.get(query.sort_by or "")
    ascending = listed if rank is None else sorted(listed, key=rank)
    ordered = ascending[::-1] if query.descending else ascending
    return ordered[query.offset : query.offset + query.limit]


# Into shapes.


def old_media(origin: str, listed: ListedMedia) -> OldMedia:
    """A media as /v1 tells it."""
    media, project = listed.found, listed.project
    return OldMedia(
        id=listed.id,
        name=media.title,
        type="Video",
        archived=False,
        created=words.catalogue_stamp(media.released_at),
        updated=words.catalogue_stamp(media.released_at),
        duration=media.duration_ms / 1000,
        hashed_id=listed.hashed_id,
        description=media.description,
        progress=1.0,
        status="ready",
        thumbnail=_still(origin, listed),
        project=ProjectReference(id=project.id, name=project.found.title, hashed_id=project.hashed_id, hashedId=project.hashed_id),
        assets=[
            OldAsset(url=file.url, width=file.width, height=file.height, fileSize=file.size, contentType=file.form, type=file.type)
            for file in _files(origin, listed)
        ],
    )


def media(origin: str, listed: ListedMedia) -> shapes.Media:
    """A media as /modern tells it."""
    media, project = listed.found, listed.project
    return shapes.Media(
        id=listed.id,
        name=media.title,
        type="Video",
        archived=False,
        created=words.catalogue_stamp(media.released_at),
        updated=words.catalogue_stamp(media.released_at),
        duration=media.duration_ms / 1000,
        hashed_id=listed.hashed_id,
        description=media.description,
        progress=1.0,
        status="ready",
        thumbnail=_still(origin, listed),
        folder=FolderReference(id=project.id, name=project.found.title, hashed_id=project.hashed_id),
        assets=[
            Asset(url=file.url, width=file.width, height=file.height, file_size=file.size, content_type=file.form, type=file.type)
            for file in _files(origin, listed)
        ],
        tags=[Tag(name=tag) for tag in media.tags],
    )


def project(listed: ListedProject) -> Project:
    """A project as /v1 tells it."""
    created = words.catalogue_stamp(listed.found.created_at)
    return Project(
        id=listed.id,
        name=listed.found.title,
        description=listed.found.description,
        mediaCount=listed.media_count,
        created=created,
        updated=created,
        hashedId=listed.hashed_id,
        hashed_id=listed.hashed_id,
        public=False,
        publicId=listed.hashed_id,
        anonymousCanUpload=False,
        anonymousCanDownload=False,
    )


def folder(origin: str, listed: ListedProject) -> Folder:
    """A project as /modern tells it."""
    created = words.catalogue_stamp(listed.found.created_at)
    return Folder(
        id=listed.id,
        name=listed.found.title,
        description=listed.found.description,
        media_count=listed.media_count,
        medias=MediasOfFolder(url=f"{origin}/modern/medias?folder_id={listed.hashed_id}"),
        created=created,
        updated=created,
        hashed_id=listed.hashed_id,
        public=False,
        public_id=listed.hashed_id,
        anonymous_can_upload=False,
        anonymous_can_download=False,
    )


class File(NamedTuple):
    """A file of a media; `form` is its media type."""

    url: str
    width: int
    height: int
    size: int
    form: str
    type: str


def _still(origin: str, listed: ListedMedia) -> Still:
    return Still(url=events.still_url(origin, listed.hashed_id), width=STILL_WIDTH, height=STILL_WIDTH * listed.found.height // listed.found.width)


def _files(origin: str, listed: ListedMedia) -> Iterator[File]:
    media = listed.found
    for type_, width, rate in (("OriginalFile", media.width, 750), ("IphoneVideoFile", 640, 125)):
        url = f"{origin}/deliveries/{listed.hashed_id}-{type_}.bin"
        yield File(url, width, width * media.height // media.width, media.duration_ms * rate, "video/mp4", type_)
