"""What of an account is watched most: media, or projects — contracts/wistia.md §7.3, unknown 22."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from playhead.stats.counting import ALL, Among, By
from playhead.stats.reading import Reading, Window
from playhead.vendors.wistia import finding
from playhead.vendors.wistia.analytics import figures
from playhead.vendors.wistia.analytics.figures import NOBODY, NOTHING, People, Sums
from playhead.vendors.wistia.catalogue import listing
from playhead.vendors.wistia.catalogue.listing import ListedMedia, ListedProject


class Watched(NamedTuple):
    """A media or a project, and how it was watched."""

    listed: ListedMedia | ListedProject
    sums: Sums
    people: People


def media(reading: Reading, window: Window, ids: Sequence[str]) -> list[Watched]:
    """The media that were loaded; those of `ids`, loaded or not, where there are any. Raises Failure(unknown) for an id that names nothing."""
    wanted = _wanted(reading, ids)
    among = ALL if wanted is None else Among(media=wanted)
    sums = figures.sums(reading, window, by=[By.media], among=among)
    people = figures.people(reading, window, by=[By.media], among=among)
    listed = listing.medias(reading, wanted)
    return [
        Watched(one, sums.get((one.found.number,), NOTHING), people.get((one.found.number,), NOBODY))
        for one in listed
        if wanted is not None or (one.found.number,) in sums
    ]


def _wanted(reading: Reading, ids: Sequence[str]) -> set[int] | None:
    return {finding.media(reading, each).number for each in ids} if ids else None


def projects(reading: Reading, window: Window) -> list[Watched]:
    """The projects whose media were loaded."""
    sums, members = figures.sums(reading, window, by=[By.media], among=ALL), _members(reading)
    found = []
    for project in listing.projects(reading):
        numbers = [number for number in members.get(project.found.number, ()) if (number,) in sums]
        if numbers:
            people = figures.people_in_all(reading, window, among=Among(media=numbers))
            found.append(Watched(project, sum((sums[number,] for number in numbers), NOTHING), people))
    return found


def _members(reading: Reading) -> dict[int, Collection[int]]:
    """The numbers of the media of each project."""
    found: dict[int, list[int]] = {}
    for one in listing.medias(reading):
        found.setdefault(one.found.project, []).append(one.found.number)
    return dict(found)
