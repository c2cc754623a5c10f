"""Media, projects and folders filled into their shapes — contracts/wistia.md §7, fixtures/documented/wistia."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pydantic import MISSING

from playhead.vendors.wistia import events, words
from playhead.vendors.wistia.catalogue import shapes
from playhead.vendors.wistia.catalogue.listing import ListedMedia, ListedProject
from playhead.vendors.wistia.catalogue.shapes import Asset, Folder, FolderReference, MediasOfFolder, OldAsset, ProjectReference, Still, Tag

STILL_WIDTH = 200
Facts = dict[str, Any]  # Any: keys that several shapes have alike


def old_media(origin: str, listed: ListedMedia, now: int) -> shapes.OldMedia:
    """A media as /v1 tells it."""
    project = listed.project
    return shapes.OldMedia(
        **_facts(origin, listed, now),
        project=ProjectReference(id=project.id, name=project.found.title, hashed_id=project.hashed_id, hashedId=project.hashed_id),
        assets=[
            OldAsset(url=file.url, width=file.width, height=file.height, fileSize=file.size, contentType=file.form, type=file.type)
            for file in _files(origin, listed, now)
        ],
    )


def media(origin: str, listed: ListedMedia, now: int, cursor: str | None = None) -> shapes.Media:
    """A media as /modern tells it."""
    project = listed.project
    return shapes.Media(
        **_facts(origin, listed, now),
        folder=FolderReference(id=project.id, name=project.found.title, hashed_id=project.hashed_id),
        assets=[
            Asset(url=file.url, width=file.width, height=file.height, file_size=file.size, content_type=file.form, type=file.type)
            for file in _files(origin, listed, now)
        ],
        tags=[Tag(name=tag) for tag in listed.found.tags],
        cursor=MISSING if cursor is None else cursor,
    )


def project(listed: ListedProject) -> shapes.Project:
    """A project as /v1 tells it in a list."""
    return shapes.Project(**_project_facts(listed))


def whole_project(origin: str, listed: ListedProject, medias: Sequence[ListedMedia], now: int) -> shapes.WholeProject:
    """A project as /v1 tells it alone."""
    return shapes.WholeProject(**_project_facts(listed), medias=[shapes.MediaOfProject(**_facts(origin, one, now)) for one in medias])


def folder(origin: str, listed: ListedProject, cursor: str | None = None) -> Folder:
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
        kind="shared",
        personal_library=False,
        cursor=MISSING if cursor is None else cursor,
    )


def _facts(origin: str, listed: ListedMedia, now: int) -> Facts:
    """What every shape of a media has."""
    media, progress = listed.found, _progress(listed, now)
    return {
        "id": listed.id,
        "name": media.title,
        "type": "Video",
        "archived": False,
        "created": words.catalogue_stamp(media.released_at),
        "updated": words.catalogue_stamp(media.released_at),
        "duration": media.duration_ms / 1000,
        "hashed_id": listed.hashed_id,
        "description": media.description,
        "progress": progress,
        "status": "ready" if progress == 1 else "processing",
        "thumbnail": Still(url=events.still_url(origin, listed.hashed_id), width=STILL_WIDTH, height=STILL_WIDTH * media.height // media.width),
    }


def _project_facts(listed: ListedProject) -> Facts:
    """What every shape of a project has."""
    created = words.catalogue_stamp(listed.found.created_at)
    return {
        "id": listed.id,
        "name": listed.found.title,
        "description": listed.found.description,
        "mediaCount": listed.media_count,
        "created": created,
        "updated": created,
        "hashedId": listed.hashed_id,
        "hashed_id": listed.hashed_id,
        "public": False,
        "publicId": listed.hashed_id,
        "anonymousCanUpload": False,
        "anonymousCanDownload": False,
    }


def _progress(listed: ListedMedia, now: int) -> float:
    """How far a media is processed, in whole hundredths: 1 when it is ready, and only then."""
    media = listed.found
    if now >= media.processed_at:
        return 1.0
    return (now - media.released_at) * 100 // (media.processed_at - media.released_at) / 100


class File(NamedTuple):
    """A file of a media; `form` is its media type."""

    url: str
    width: int
    height: int
    size: int
    form: str
    type: str


def _files(origin: str, listed: ListedMedia, now: int) -> Iterator[File]:
    """The file that was uploaded, and what was made of it once that is done."""
    media = listed.found
    made = [("IphoneVideoFile", 640, media.duration_ms * 125)] if now >= media.processed_at else []
    for type_, width, size in [("OriginalFile", media.width, media.source_bytes), *made]:
        url = f"{origin}/deliveries/{listed.hashed_id}-{type_}.bin"
        yield File(url, width, width * media.height // media.width, size, "video/mp4", type_)
