"""What the ids in a path name: a media, a project, or the failure that says so."""

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from playhead.analytics import catalog
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.catalog import Media
from playhead.analytics.snapshot import Snapshot
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.gateway.validation import closest_match
from playhead.vendors.wistia import ids, vocabulary


def get_media(snapshot: Snapshot, media_id: str) -> Media:
    """The media of a hashed or numeric id; raises Failure(unknown)."""
    number = ids.number_of_id(AliasResolver(snapshot, vocabulary.NAME), "video", media_id)
    found = catalog.media(snapshot, numbers=[number]) if number is not None else []
    if not found:
        raise not_found(
            "media",
            media_id,
            closest_match(media_id, [listed.hashed_id for listed in list_media(snapshot)]),
        )
    return found[0]


class ProjectEntry(NamedTuple):
    """A project with its ids; `media_count` is how many media it holds."""

    id: int
    hashed_id: str
    project: catalog.Project
    media_count: int


class MediaEntry(NamedTuple):
    """A media with its ids and its project; every media is in one."""

    id: int
    hashed_id: str
    media: Media
    project: ProjectEntry


def get_media_entry(snapshot: Snapshot, media_id: str) -> MediaEntry:
    """The same with its ids and its project."""
    return list_media(snapshot, [get_media(snapshot, media_id).number])[0]


def get_project(
    snapshot: Snapshot, project_id: str, *, error_field: str = "project"
) -> ProjectEntry:
    """The project of a hashed or numeric id; raises Failure(unknown) of what it is called."""
    number = ids.number_of_id(AliasResolver(snapshot, vocabulary.NAME), "project", project_id)
    listed = list_projects(snapshot)
    found = next((one for one in listed if one.project.number == number), None)
    if found is None:
        raise not_found(
            error_field, project_id, closest_match(project_id, [one.hashed_id for one in listed])
        )
    return found


def list_project_media(snapshot: Snapshot, project_id: str) -> list[Media]:
    """The media of a project of that id; raises Failure(unknown)."""
    number = get_project(snapshot, project_id).project.number
    return [one for one in catalog.media(snapshot) if one.project == number]


def not_found(field: str, value: str, suggestion: str | None = None) -> ApiError:
    """The failure of an id that names nothing, with the nearest that names something."""
    return ApiError(
        ErrorKind.unknown, [Violation(field, Rule.unknown, value, {"near": suggestion})]
    )


def list_projects(snapshot: Snapshot) -> list[ProjectEntry]:
    """All projects, by id."""
    found = catalog.projects(snapshot)
    given = AliasResolver(snapshot, vocabulary.NAME).assigned(
        "project", [project.number for project in found]
    )
    counts = Counter(media.project for media in catalog.media(snapshot))
    return sorted(
        ProjectEntry(
            ids.numeric_id("project", project.number, given.get(project.number, ())),
            ids.hashed_id("project", project.number, given.get(project.number, ())),
            project,
            counts[project.number],
        )
        for project in found
    )


def list_media(snapshot: Snapshot, numbers: Collection[int] | None = None) -> list[MediaEntry]:
    """Media by id; only those of `numbers` when given."""
    found = catalog.media(snapshot, numbers=numbers)
    given = AliasResolver(snapshot, vocabulary.NAME).assigned(
        "video", [media.number for media in found]
    )
    owners = {project.project.number: project for project in list_projects(snapshot)}
    listed = [
        MediaEntry(
            ids.numeric_id("video", media.number, given.get(media.number, ())),
            ids.hashed_id("video", media.number, given.get(media.number, ())),
            media,
            owners[media.project],
        )
        for media in found
    ]
    return sorted(listed, key=lambda media: media.id)


def public_token(snapshot: Snapshot) -> str:
    """The public token of the account that asks."""
    number = snapshot.account.number
    return ids.public_token(
        number,
        AliasResolver(snapshot, vocabulary.NAME).assigned("account", [number]).get(number, ()),
    )


def hashed_ids_by_number(snapshot: Snapshot, numbers: set[int]) -> dict[int, str]:
    """Hashed ids of media, by number."""
    given = AliasResolver(snapshot, vocabulary.NAME).assigned("video", numbers)
    return {number: ids.hashed_id("video", number, given.get(number, ())) for number in numbers}


def keys_by_number(snapshot: Snapshot, kind: str, numbers: set[int]) -> dict[int, str]:
    """Keys of visitors ("viewer") or events ("viewing"), by number."""
    given = AliasResolver(snapshot, vocabulary.NAME).assigned(kind, numbers)
    return {number: ids.record_key(kind, number, given.get(number, ())) for number in numbers}
