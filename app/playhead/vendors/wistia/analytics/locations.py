"""Where players are embedded:

pages of a media, domains of an account — evidence/wistia.md §7.3, unknown 23.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from playhead.analytics import conversions, lookups, uniques
from playhead.analytics.catalog import Media
from playhead.analytics.conversions import PromptCounts
from playhead.analytics.query import NO_FILTERS, Dimension, Filters, GroupKey, Milestone
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.uniques import UniqueBy
from playhead.analytics.viewings import Page
from playhead.domain.media import PromptKind
from playhead.domain.time_range import TimeRange
from playhead.vendors.wistia.analytics import compute, intervals
from playhead.vendors.wistia.analytics.compute import (
    EMPTY_TOTALS,
    EMPTY_UNIQUES,
    MediaTotals,
    UniqueCounts,
)
from playhead.vendors.wistia.analytics.intervals import Granularity
from playhead.vendors.wistia.rates import rate


class Location(NamedTuple):
    """A page, and what happened on it; the page of what is not told one by one is None."""

    page: Page | None
    totals: MediaTotals
    uniques: UniqueCounts
    call_counts: PromptCounts

    @property
    def cta_rate(self) -> float:
        return rate(self.call_counts.converted, self.call_counts.shown)

    @property
    def url(self) -> str:
        return (self.page and self.page.url) or ""


class Domain(NamedTuple):
    """A domain, and what happened on its pages."""

    name: str
    media_count: int
    totals: MediaTotals
    uniques: UniqueCounts


def host(url: str | None) -> str | None:
    """The domain of an address, None where there is none."""
    try:
        return urlsplit(url or "").hostname
    except ValueError:  # an address that a user made up
        return None


def path(url: str) -> str:
    """The path of an address."""
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return "/"


def pages(snapshot: Snapshot, url: str | None = None) -> dict[int, Page]:
    """The pages that have an address, or the one of that address, by number."""
    return {
        number: page
        for number, page in lookups.pages(snapshot).items()
        if page.url and host(page.url) and url in (None, page.url)
    }


def locations_of_media(
    snapshot: Snapshot, media: Media, time_range: TimeRange, url: str | None
) -> list[Location]:
    """The pages that a media was loaded on."""
    found = pages(snapshot, url)
    filters = Filters(media=[media.number], pages=found.keys())
    people = compute.unique_counts(
        snapshot, time_range, dimensions=[Dimension.page], filters=filters
    )
    calls: dict[int, PromptCounts] = defaultdict(PromptCounts)
    for (_, page), count in _call_to_action_counts(snapshot, media, time_range).items():
        calls[page] = PromptCounts(
            calls[page].shown + count.shown, calls[page].converted + count.converted
        )
    sums = compute.totals(snapshot, time_range, dimensions=[Dimension.page], filters=filters)
    return [
        Location(found[page], part, people.get((page,), EMPTY_UNIQUES), calls[page])
        for (page,), part in sums.items()
    ]


def _call_to_action_counts(
    snapshot: Snapshot, media: Media, time_range: TimeRange
) -> Mapping[tuple[int, int], PromptCounts]:
    return conversions.by_page(
        snapshot, time_range, media=[media.number], kind=PromptKind.call_to_action
    )


class Interval(NamedTuple):
    """The pages of one interval:

    those that are told one by one, and all others together, if there are any.
    """

    start: int
    locations: list[Location]
    others: Location | None


class EmbedVisits:
    """What happened on the pages of a media, by interval, so that any of them can be taken
    together.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        media: Media,
        time_range: TimeRange,
        granularity: Granularity,
        url: str | None,
    ) -> None:
        self.pages = pages(snapshot, url)
        filters = Filters(media=[media.number], pages=self.pages.keys())
        self.totals = compute.totals_by_interval(
            compute.totals(
                snapshot, time_range, dimensions=[Dimension.day, Dimension.page], filters=filters
            ),
            granularity,
        )
        self.load_viewers = _viewers_by_interval(
            snapshot, time_range, granularity, filters, Milestone.load
        )
        self.play_viewers = _viewers_by_interval(
            snapshot, time_range, granularity, filters, compute.PLAY_MILESTONE
        )
        self.pages_by_interval: dict[int, list[int]] = defaultdict(
            list
        )  # the numbers of the pages by interval
        for start, page in self.totals:
            self.pages_by_interval[start].append(page)
        self.call_counts: Mapping[GroupKey, PromptCounts] = _counts_by_interval(
            _call_to_action_counts(snapshot, media, time_range), granularity
        )

    def location(self, start: int, page: int) -> Location:
        """One page in one interval."""
        return self._merge(self.pages[page], start, [page])

    def others(self, start: int, numbers: Iterable[int]) -> Location:
        """Several pages in one interval, as one."""
        return self._merge(None, start, list(numbers))

    def _merge(self, page: Page | None, start: int, numbers: list[int]) -> Location:
        cells = [(start, number) for number in numbers]
        loaded, played = (
            set[int]().union(*(viewers.get(cell, ()) for cell in cells))
            for viewers in (self.load_viewers, self.play_viewers)
        )
        calls = [self.call_counts.get(cell, PromptCounts()) for cell in cells]
        counted = PromptCounts(sum(one.shown for one in calls), sum(one.converted for one in calls))
        return Location(
            page,
            sum((self.totals.get(cell, EMPTY_TOTALS) for cell in cells), EMPTY_TOTALS),
            UniqueCounts(len(loaded), len(played)),
            counted,
        )


def _viewers_by_interval(
    snapshot: Snapshot,
    time_range: TimeRange,
    granularity: Granularity,
    filters: Filters,
    milestone: Milestone,
) -> Mapping[GroupKey, set[int]]:
    """The viewers who came so far, by (start of the interval, page):

    sets, since those of several pages are no sum.
    """
    found: dict[GroupKey, set[int]] = defaultdict(set)
    for day, page, viewer in uniques.uniques(
        snapshot,
        time_range,
        unique_by=UniqueBy.viewer,
        milestone=milestone,
        dimensions=[Dimension.day, Dimension.page, Dimension.viewer],
        filters=filters,
    ):
        found[intervals.interval_start(granularity, day), page].add(viewer)
    return found


def _counts_by_interval(
    counts: Mapping[tuple[int, int], PromptCounts], granularity: Granularity
) -> Mapping[GroupKey, PromptCounts]:
    found: dict[GroupKey, PromptCounts] = defaultdict(PromptCounts)
    for (day, page), count in counts.items():
        cell = (intervals.interval_start(granularity, day), page)
        found[cell] = PromptCounts(
            found[cell].shown + count.shown, found[cell].converted + count.converted
        )
    return found


def domains_of_account(snapshot: Snapshot, time_range: TimeRange) -> list[Domain]:
    """The domains that media were loaded on."""
    found = pages(snapshot)
    sums: dict[str, MediaTotals] = defaultdict(MediaTotals)
    media: dict[str, set[int]] = defaultdict(set)
    for (page, number), part in compute.totals_by_media(
        snapshot, time_range, dimensions=[Dimension.page], filters=NO_FILTERS
    ).items():
        if page in found:
            name = host(found[page].url) or ""
            sums[name] = sums[name] + part
            media[name].add(number)
    people = _uniques_by_domain(snapshot, time_range, found)
    return [
        Domain(name, len(media[name]), part, people.get(name, EMPTY_UNIQUES))
        for name, part in sums.items()
    ]


def _uniques_by_domain(
    snapshot: Snapshot, time_range: TimeRange, pages_by_number: Mapping[int, Page]
) -> dict[str, UniqueCounts]:
    """Distinct viewers by domain.

    Only those of several pages are asked for one by one, since they are no sum of the pages'.
    """
    domains: dict[str, list[int]] = defaultdict(list)
    by_page = compute.unique_counts(
        snapshot, time_range, dimensions=[Dimension.page], filters=NO_FILTERS
    )
    for (number,) in by_page:
        if number in pages_by_number:
            domains[host(pages_by_number[number].url) or ""].append(number)
    return {
        name: by_page[numbers[0],]
        if len(numbers) == 1
        else compute.unique_counts_total(snapshot, time_range, filters=Filters(pages=numbers))
        for name, numbers in domains.items()
    }
