"""What analytics count:

sums of tallies, distinct viewers, and the rates made of them — evidence/wistia.md §7.3, unknown 20.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from playhead.analytics import aggregates, catalog, uniques
from playhead.analytics.aggregates import Measures
from playhead.analytics.query import Dimension, Filters, GroupKey, Milestone
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.uniques import UniqueBy
from playhead.domain.time_range import TimeRange
from playhead.vendors.wistia.analytics import intervals
from playhead.vendors.wistia.analytics.intervals import Granularity
from playhead.vendors.wistia.rates import rate

# A play is one of three seconds here: so analytics count some per cent fewer than the statistics do
# — quirk 17, §7.3, §9.11.
PLAY_MILESTONE = Milestone.view_3


class MediaTotals(NamedTuple):
    """Loads, plays and seconds watched.

    Seconds seen at least once, and as many as those plays could have had.
    """

    loads: int = 0
    plays: int = 0
    played_time: int = 0
    distinct_seconds: int = 0
    possible_seconds: int = 0

    def __add__(self, other: object) -> "MediaTotals":
        """Part by part, unlike other tuples."""
        assert isinstance(other, MediaTotals)
        return MediaTotals(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def play_rate(self) -> float:
        """The share of the loads that came to a play."""
        return rate(self.plays, self.loads)

    @property
    def engagement_rate(self) -> float:
        """The share of a media that a play saw; never more than all of it."""
        return min(1.0, rate(self.distinct_seconds, self.possible_seconds))


class UniqueCounts(NamedTuple):
    """Distinct viewers who loaded, and who played."""

    loads: int = 0
    plays: int = 0


EMPTY_TOTALS = MediaTotals()
EMPTY_UNIQUES = UniqueCounts()


def from_measures(measures: Measures, seconds: int) -> MediaTotals:
    """The sums of a tally of a media of that length."""
    return MediaTotals(
        measures.loads,
        measures.views_3,
        measures.watched_seconds,
        measures.distinct_seconds,
        measures.views_3 * seconds,
    )


def totals_by_media(
    snapshot: Snapshot,
    time_range: TimeRange,
    *,
    dimensions: Sequence[Dimension] = (),
    filters: Filters,
) -> dict[GroupKey, MediaTotals]:
    """Sums by cell; the number of the media is the last in it."""
    lengths = {
        media.number: media.seconds for media in catalog.media(snapshot, numbers=filters.media)
    }
    cells = aggregates.aggregate(
        snapshot, time_range, dimensions=[*dimensions, Dimension.media], filters=filters
    )
    return {
        cell: from_measures(tally, lengths[cell[-1]])
        for cell, tally in cells.items()
        if cell[-1] in lengths
    }


def totals(
    snapshot: Snapshot,
    time_range: TimeRange,
    *,
    dimensions: Sequence[Dimension] = (),
    filters: Filters,
) -> dict[GroupKey, MediaTotals]:
    """Sums by cell."""
    return merge_totals(
        (cell[:-1], part)
        for cell, part in totals_by_media(
            snapshot, time_range, dimensions=dimensions, filters=filters
        ).items()
    )


def merge_totals(parts: Iterable[tuple[GroupKey, MediaTotals]]) -> dict[GroupKey, MediaTotals]:
    """Sums of what falls into one cell."""
    found: dict[GroupKey, MediaTotals] = defaultdict(MediaTotals)
    for cell, part in parts:
        found[cell] = found[cell] + part
    return dict(found)


def totals_by_interval(
    parts: Mapping[GroupKey, MediaTotals], granularity: Granularity
) -> dict[GroupKey, MediaTotals]:
    """Sums by cells that begin with a day, by cells that begin with the start of its interval."""
    return merge_totals(
        ((intervals.interval_start(granularity, day), *rest), part)
        for (day, *rest), part in parts.items()
    )


def unique_counts(
    snapshot: Snapshot,
    time_range: TimeRange,
    *,
    dimensions: Sequence[Dimension] = (),
    filters: Filters,
) -> dict[GroupKey, UniqueCounts]:
    """Distinct viewers by cell."""
    loads = uniques.uniques(
        snapshot,
        time_range,
        unique_by=UniqueBy.viewer,
        milestone=Milestone.load,
        dimensions=dimensions,
        filters=filters,
    )
    plays = uniques.uniques(
        snapshot,
        time_range,
        unique_by=UniqueBy.viewer,
        milestone=PLAY_MILESTONE,
        dimensions=dimensions,
        filters=filters,
    )
    return {cell: UniqueCounts(count, plays.get(cell, 0)) for cell, count in loads.items()}


def unique_counts_total(
    snapshot: Snapshot, time_range: TimeRange, *, filters: Filters
) -> UniqueCounts:
    """Distinct viewers of it all."""
    return unique_counts(snapshot, time_range, filters=filters).get((), EMPTY_UNIQUES)


def unique_counts_by_interval(
    snapshot: Snapshot, time_range: TimeRange, granularity: Granularity, *, filters: Filters
) -> dict[int, UniqueCounts]:
    """Distinct viewers by the start of the interval.

    Those of a longer one than a day are no sum of its days'.
    """
    if granularity is Granularity.daily:
        return {
            day: found
            for (day,), found in unique_counts(
                snapshot, time_range, dimensions=[Dimension.day], filters=filters
            ).items()
        }
    return {
        start: unique_counts_total(snapshot, part, filters=filters)
        for start, part in intervals.split_range(granularity, time_range)
    }
