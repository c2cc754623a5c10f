"""What of an account is watched most: media, or projects — evidence/wistia.md §7.3, unknown 22."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from playhead.analytics.query import NO_FILTERS, Dimension, Filters
from playhead.analytics.snapshot import Snapshot
from playhead.domain.time_range import TimeRange
from playhead.vendors.wistia import lookup
from playhead.vendors.wistia.analytics import compute
from playhead.vendors.wistia.analytics.compute import (
    EMPTY_TOTALS,
    EMPTY_UNIQUES,
    MediaTotals,
    UniqueCounts,
)
from playhead.vendors.wistia.lookup import MediaEntry, ProjectEntry


class TopEntry(NamedTuple):
    """A media or a project, and how it was watched."""

    entry: MediaEntry | ProjectEntry
    totals: MediaTotals
    uniques: UniqueCounts


def top_media(snapshot: Snapshot, time_range: TimeRange, ids: Sequence[str]) -> list[TopEntry]:
    """The media that were loaded.

    Those of `ids`, loaded or not, where there are any. Raises Failure(unknown) for an id that names
    nothing.
    """
    wanted = _numbers_of_ids(snapshot, ids)
    filters = NO_FILTERS if wanted is None else Filters(media=wanted)
    sums = compute.totals(snapshot, time_range, dimensions=[Dimension.media], filters=filters)
    people = compute.unique_counts(
        snapshot, time_range, dimensions=[Dimension.media], filters=filters
    )
    listed = lookup.list_media(snapshot, wanted)
    return [
        TopEntry(
            one,
            sums.get((one.media.number,), EMPTY_TOTALS),
            people.get((one.media.number,), EMPTY_UNIQUES),
        )
        for one in listed
        if wanted is not None or (one.media.number,) in sums
    ]


def _numbers_of_ids(snapshot: Snapshot, ids: Sequence[str]) -> set[int] | None:
    return {lookup.get_media(snapshot, each).number for each in ids} if ids else None


def top_projects(snapshot: Snapshot, time_range: TimeRange) -> list[TopEntry]:
    """The projects whose media were loaded."""
    sums = compute.totals(snapshot, time_range, dimensions=[Dimension.media], filters=NO_FILTERS)
    members = _media_by_project(snapshot)
    found = []
    for project in lookup.list_projects(snapshot):
        numbers = [
            number for number in members.get(project.project.number, ()) if (number,) in sums
        ]
        if numbers:
            people = compute.unique_counts_total(
                snapshot, time_range, filters=Filters(media=numbers)
            )
            found.append(
                TopEntry(project, sum((sums[number,] for number in numbers), EMPTY_TOTALS), people)
            )
    return found


def _media_by_project(snapshot: Snapshot) -> dict[int, Collection[int]]:
    """The numbers of the media of each project."""
    found: dict[int, list[int]] = {}
    for one in lookup.list_media(snapshot):
        found.setdefault(one.media.project, []).append(one.media.number)
    return dict(found)
