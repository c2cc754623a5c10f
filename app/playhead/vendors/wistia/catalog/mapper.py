"""Media, projects and folders filled into their shapes — evidence/wistia.md §7,
fixtures/documented/wistia.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pydantic import MISSING

from playhead.vendors.wistia import vocabulary
from playhead.vendors.wistia.base_url import still_url
from playhead.vendors.wistia.catalog import schemas
from playhead.vendors.wistia.catalog.schemas import (
    Asset,
    Folder,
    FolderReference,
    MediasOfFolder,
    OldAsset,
    ProjectReference,
    Still,
    Tag,
)
from playhead.vendors.wistia.lookup import MediaEntry, ProjectEntry

THUMBNAIL_WIDTH = 200
Fields = dict[str, Any]  # Any: keys that several shapes have alike


def old_media(base_url: str, entry: MediaEntry, now: int) -> schemas.OldMedia:
    """A media as /v1 tells it."""
    project = entry.project
    return schemas.OldMedia(
        **_media_fields(base_url, entry, now),
        project=ProjectReference(
            id=project.id,
            name=project.project.title,
            hashed_id=project.hashed_id,
            hashedId=project.hashed_id,
        ),
        assets=[
            OldAsset(
                url=file.url,
                width=file.width,
                height=file.height,
                fileSize=file.size,
                contentType=file.content_type,
                type=file.type,
            )
            for file in _files(base_url, entry, now)
        ],
    )


def media(base_url: str, entry: MediaEntry, now: int, cursor: str | None = None) -> schemas.Media:
    """A media as /modern tells it."""
    project = entry.project
    return schemas.Media(
        **_media_fields(base_url, entry, now),
        folder=FolderReference(
            id=project.id, name=project.project.title, hashed_id=project.hashed_id
        ),
        assets=[
            Asset(
                url=file.url,
                width=file.width,
                height=file.height,
                file_size=file.size,
                content_type=file.content_type,
                type=file.type,
            )
            for file in _files(base_url, entry, now)
        ],
        tags=[Tag(name=tag) for tag in entry.media.tags],
        cursor=MISSING if cursor is None else cursor,
    )


def project(entry: ProjectEntry) -> schemas.Project:
    """A project as /v1 tells it in a list."""
    return schemas.Project(**_project_fields(entry))


def project_with_media(
    base_url: str, entry: ProjectEntry, medias: Sequence[MediaEntry], now: int
) -> schemas.WholeProject:
    """A project as /v1 tells it alone."""
    return schemas.WholeProject(
        **_project_fields(entry),
        medias=[schemas.MediaOfProject(**_media_fields(base_url, one, now)) for one in medias],
    )


def folder(base_url: str, entry: ProjectEntry, cursor: str | None = None) -> Folder:
    """A project as /modern tells it."""
    created = vocabulary.format_iso(entry.project.created_at)
    return Folder(
        id=entry.id,
        name=entry.project.title,
        description=entry.project.description,
        media_count=entry.media_count,
        medias=MediasOfFolder(url=f"{base_url}/modern/medias?folder_id={entry.hashed_id}"),
        created=created,
        updated=created,
        hashed_id=entry.hashed_id,
        public=False,
        public_id=entry.hashed_id,
        anonymous_can_upload=False,
        anonymous_can_download=False,
        kind="shared",
        personal_library=False,
        cursor=MISSING if cursor is None else cursor,
    )


def _media_fields(base_url: str, entry: MediaEntry, now: int) -> Fields:
    """What every shape of a media has."""
    media = entry.media
    progress = _progress(entry, now)
    return {
        "id": entry.id,
        "name": media.title,
        "type": "Video",
        "archived": False,
        "created": vocabulary.format_iso(media.released_at),
        "updated": vocabulary.format_iso(media.released_at),
        "duration": media.duration_ms / 1000,
        "hashed_id": entry.hashed_id,
        "description": media.description,
        "progress": progress,
        "status": "ready" if progress == 1 else "processing",
        "thumbnail": Still(
            url=still_url(base_url, entry.hashed_id),
            width=THUMBNAIL_WIDTH,
            height=THUMBNAIL_WIDTH * media.height // media.width,
        ),
    }


def _project_fields(entry: ProjectEntry) -> Fields:
    """What every shape of a project has."""
    created = vocabulary.format_iso(entry.project.created_at)
    return {
        "id": entry.id,
        "name": entry.project.title,
        "description": entry.project.description,
        "mediaCount": entry.media_count,
        "created": created,
        "updated": created,
        "hashedId": entry.hashed_id,
        "hashed_id": entry.hashed_id,
        "public": False,
        "publicId": entry.hashed_id,
        "anonymousCanUpload": False,
        "anonymousCanDownload": False,
    }


def _progress(entry: MediaEntry, now: int) -> float:
    """How far a media is processed, in whole hundredths: 1 when it is ready, and only then."""
    media = entry.media
    if now >= media.processed_at:
        return 1.0
    return (now - media.released_at) * 100 // (media.processed_at - media.released_at) / 100


class File(NamedTuple):
    """A file of a media; `form` is its media type."""

    url: str
    width: int
    height: int
    size: int
    content_type: str
    type: str


def _files(base_url: str, entry: MediaEntry, now: int) -> Iterator[File]:
    """The file that was uploaded, and what was made of it once that is done."""
    media = entry.media
    made = [("IphoneVideoFile", 640, media.duration_ms * 125)] if now >= media.processed_at else []
    for type_, width, size in [("OriginalFile", media.width, media.source_bytes), *made]:
        url = f"{base_url}/deliveries/{entry.hashed_id}-{type_}.bin"
        yield File(url, width, width * media.height // media.width, size, "video/mp4", type_)
