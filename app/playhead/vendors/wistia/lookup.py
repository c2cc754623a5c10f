"""What the ids in a path name: a media, a project, or the failure that says so."""

from playhead.analytics import catalog
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.catalog import Media
from playhead.analytics.snapshot import Snapshot
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.gateway.validation import closest_match
from playhead.vendors.wistia import vocabulary
from playhead.vendors.wistia.catalog import listing
from playhead.vendors.wistia.catalog.listing import MediaEntry, ProjectEntry


def get_media(snapshot: Snapshot, media_id: str) -> Media:
    """The media of a hashed or numeric id; raises Failure(unknown)."""
    number = vocabulary.number_of_id(AliasResolver(snapshot, vocabulary.NAME), "video", media_id)
    found = catalog.media(snapshot, numbers=[number]) if number is not None else []
    if not found:
        raise not_found(
            "media",
            media_id,
            closest_match(media_id, [listed.hashed_id for listed in listing.list_media(snapshot)]),
        )
    return found[0]


def get_media_entry(snapshot: Snapshot, media_id: str) -> MediaEntry:
    """The same with its ids and its project."""
    return listing.list_media(snapshot, [get_media(snapshot, media_id).number])[0]


def get_project(
    snapshot: Snapshot, project_id: str, *, error_field: str = "project"
) -> ProjectEntry:
    """The project of a hashed or numeric id; raises Failure(unknown) of what it is called."""
    number = vocabulary.number_of_id(
        AliasResolver(snapshot, vocabulary.NAME), "project", project_id
    )
    listed = listing.list_projects(snapshot)
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
