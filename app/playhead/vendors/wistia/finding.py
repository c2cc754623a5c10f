"""What the ids in a path name: a media, a project, or the failure that says so."""

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats import library
from playhead.stats.library import Media
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.vendor import nearest
from playhead.vendors.wistia import words
from playhead.vendors.wistia.catalogue import listing
from playhead.vendors.wistia.catalogue.listing import ListedMedia, ListedProject


def media(reading: Reading, media_id: str) -> Media:
    """The media of a hashed or numeric id; raises Failure(unknown)."""
    number = words.entity(Naming(reading, words.NAME), "video", media_id)
    found = library.media(reading, numbers=[number]) if number is not None else []
    if not found:
        raise unknown("media", media_id, nearest(media_id, [listed.hashed_id for listed in listing.medias(reading)]))
    return found[0]


def listed_media(reading: Reading, media_id: str) -> ListedMedia:
    """The same with its ids and its project."""
    return listing.medias(reading, [media(reading, media_id).number])[0]


def project(reading: Reading, project_id: str, *, called: str = "project") -> ListedProject:
    """The project of a hashed or numeric id; raises Failure(unknown) of what it is called."""
    number, listed = words.entity(Naming(reading, words.NAME), "project", project_id), listing.projects(reading)
    found = next((one for one in listed if one.found.number == number), None)
    if found is None:
        raise unknown(called, project_id, nearest(project_id, [one.hashed_id for one in listed]))
    return found


def media_of_project(reading: Reading, project_id: str) -> list[Media]:
    """The media of a project of that id; raises Failure(unknown)."""
    number = project(reading, project_id).found.number
    return [one for one in library.media(reading) if one.project == number]


def unknown(what: str, given: str, near: str | None = None) -> Failure:
    """The failure of an id that names nothing, with the nearest that names something."""
    return Failure(Kind.unknown, [Problem(what, Rule.unknown, given, {"near": near})])
