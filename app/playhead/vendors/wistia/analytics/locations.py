"""Where players are embedded: pages of a media, domains of an account — contracts/wistia.md §7.3, unknown 23."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from playhead.stats import conversions, traits, uniques
from playhead.stats.conversions import Count
from playhead.stats.counting import ALL, Among, By, Cell, Reached
from playhead.stats.library import Media
from playhead.stats.reading import Reading, Window
from playhead.stats.uniques import Identity
from playhead.stats.viewings import Page
from playhead.vendors.wistia.analytics import figures, intervals
from playhead.vendors.wistia.analytics.figures import NOBODY, NOTHING, People, Sums
from playhead.vendors.wistia.analytics.intervals import Granularity
from playhead.vendors.wistia.figures import rate
from playhead.world.terms import PromptKind


class Location(NamedTuple):
    """A page, and what happened on it; the page of what is not told one by one is None."""

    page: Page | None
    sums: Sums
    people: People
    calls: Count

    @property
    def cta_rate(self) -> float:
        return rate(self.calls.converted, self.calls.shown)

    @property
    def url(self) -> str:
        return (self.page and self.page.url) or ""


class Domain(NamedTuple):
    """A domain, and what happened on its pages."""

    name: str
    media_count: int
    sums: Sums
    people: People


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


def pages(reading: Reading, url: str | None = None) -> dict[int, Page]:
    """The pages that have an address, or the one of that address, by number."""
    return {number: page for number, page in traits.pages(reading).items() if page.url and host(page.url) and url in (None, page.url)}


def of_media(reading: Reading, media: Media, window: Window, url: str | None) -> list[Location]:
    """The pages that a media was loaded on."""
    found = pages(reading, url)
    among = Among(media=[media.number], pages=found.keys())
    people = figures.people(reading, window, by=[By.page], among=among)
    calls: dict[int, Count] = defaultdict(Count)
    for (_, page), count in _calls(reading, media, window).items():
        calls[page] = Count(calls[page].shown + count.shown, calls[page].converted + count.converted)
    sums = figures.sums(reading, window, by=[By.page], among=among)
    return [Location(found[page], part, people.get((page,), NOBODY), calls[page]) for (page,), part in sums.items()]


def _calls(reading: Reading, media: Media, window: Window) -> Mapping[tuple[int, int], Count]:
    return conversions.by_page(reading, window, media=[media.number], kind=PromptKind.call_to_action)


class Interval(NamedTuple):
    """The pages of one interval: those that are told one by one, and all others together, if there are any."""

    start: int
    locations: list[Location]
    others: Location | None


class Visits:
    """What happened on the pages of a media, by interval, so that any of them can be taken together."""

    def __init__(self, reading: Reading, media: Media, window: Window, granularity: Granularity, url: str | None) -> None:
        self.pages = pages(reading, url)
        among = Among(media=[media.number], pages=self.pages.keys())
        self.sums = figures.by_interval(figures.sums(reading, window, by=[By.day, By.page], among=among), granularity)
        self.loaded = _viewers(reading, window, granularity, among, Reached.load)
        self.played = _viewers(reading, window, granularity, among, figures.PLAYED)
        self.on: dict[int, list[int]] = defaultdict(list)  # the numbers of the pages by interval
        for start, page in self.sums:
            self.on[start].append(page)
        self.calls: Mapping[Cell, Count] = _by_interval(_calls(reading, media, window), granularity)

    def location(self, start: int, page: int) -> Location:
        """One page in one interval."""
        return self._together(self.pages[page], start, [page])

    def others(self, start: int, among: Iterable[int]) -> Location:
        """Several pages in one interval, as one."""
        return self._together(None, start, list(among))

    def _together(self, page: Page | None, start: int, numbers: list[int]) -> Location:
        cells = [(start, number) for number in numbers]
        loaded, played = (set[int]().union(*(viewers.get(cell, ()) for cell in cells)) for viewers in (self.loaded, self.played))
        calls = [self.calls.get(cell, Count()) for cell in cells]
        counted = Count(sum(one.shown for one in calls), sum(one.converted for one in calls))
        return Location(page, sum((self.sums.get(cell, NOTHING) for cell in cells), NOTHING), People(len(loaded), len(played)), counted)


def _viewers(reading: Reading, window: Window, granularity: Granularity, among: Among, reached: Reached) -> Mapping[Cell, set[int]]:
    """The viewers who came so far, by (start of the interval, page): sets, since those of several pages are no sum."""
    found: dict[Cell, set[int]] = defaultdict(set)
    for day, page, viewer in uniques.uniques(reading, window, of=Identity.viewer, reached=reached, by=[By.day, By.page, By.viewer], among=among):
        found[intervals.start_of(granularity, day), page].add(viewer)
    return found


def _by_interval(counts: Mapping[tuple[int, int], Count], granularity: Granularity) -> Mapping[Cell, Count]:
    found: dict[Cell, Count] = defaultdict(Count)
    for (day, page), count in counts.items():
        cell = (intervals.start_of(granularity, day), page)
        found[cell] = Count(found[cell].shown + count.shown, found[cell].converted + count.converted)
    return found


def of_account(reading: Reading, window: Window) -> list[Domain]:
    """The domains that media were loaded on."""
    found = pages(reading)
    sums: dict[str, Sums] = defaultdict(Sums)
    media: dict[str, set[int]] = defaultdict(set)
    for (page, number), part in figures.sums_by_media(reading, window, by=[By.page], among=ALL).items():
        if page in found:
            name = host(found[page].url) or ""
            sums[name] = sums[name] + part
            media[name].add(number)
    people = _people_of_domains(reading, window, found)
    return [Domain(name, len(media[name]), part, people.get(name, NOBODY)) for name, part in sums.items()]


def _people_of_domains(reading: Reading, window: Window, found: Mapping[int, Page]) -> dict[str, People]:
    """Distinct viewers by domain; only those of several pages are asked for one by one, since they are no sum of the pages'."""
    domains: dict[str, list[int]] = defaultdict(list)
    by_page = figures.people(reading, window, by=[By.page], among=ALL)
    for (number,) in by_page:
        if number in found:
            domains[host(found[number].url) or ""].append(number)
    return {
        name: by_page[numbers[0],] if len(numbers) == 1 else figures.people_in_all(reading, window, among=Among(pages=numbers))
        for name, numbers in domains.items()
    }
