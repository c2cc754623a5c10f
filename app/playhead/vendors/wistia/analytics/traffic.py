"""How viewers come to a media, and in which languages they watch it — contracts/wistia.md §7.3, unknowns 24 and 25."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from playhead.stats import traits
from playhead.stats.counting import Among, By
from playhead.stats.library import Media
from playhead.stats.reading import Reading, Window
from playhead.stats.viewings import Page
from playhead.vendors.wistia.analytics import figures
from playhead.vendors.wistia.analytics.figures import NOBODY, People, Sums
from playhead.vendors.wistia.analytics.locations import host
from playhead.vendors.wistia.analytics.queries import TrafficGroup

# Second-level labels below which a country registers names, as in example.co.uk.
BELOW_COUNTRIES = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})


class Way(NamedTuple):
    """One way to a media, None where it is unknown, and what came by it; whose viewers nobody asks for."""

    name: str | None
    sums: Sums
    people: People


def source(page: Page) -> str | None:
    """What a link would call the site that it stands on: its domain's name, without what is before and behind it."""
    labels = (host(page.source) or "").split(".")
    if labels[-1].isdigit():  # an address, which has no name
        return ".".join(labels)
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in BELOW_COUNTRIES:
        return labels[-3]
    return labels[-2] if len(labels) > 1 else labels[0] or None


BY_PAGE: Mapping[TrafficGroup, Callable[[Page], str | None]] = {
    TrafficGroup.utm_campaign: lambda page: page.campaign,
    TrafficGroup.utm_source: source,
    TrafficGroup.utm_medium: lambda page: page.medium,
    TrafficGroup.referrer_domain: lambda page: host(page.source),
}


def ways(reading: Reading, media: Media, window: Window, group: TrafficGroup) -> list[Way]:
    """The ways to a media."""
    names: dict[int, str | None]
    if group in BY_PAGE:
        by, names = By.page, {number: BY_PAGE[group](page) for number, page in traits.pages(reading).items()}
    else:
        by, names = By.device, {number: device.screen for number, device in traits.devices(reading).items()}
    return _together(figures.sums(reading, window, by=[by], among=Among(media=[media.number])), names)


def languages(reading: Reading, media: Media, window: Window) -> list[Way]:
    """The languages of those who loaded a media."""
    names: dict[int, str | None] = {number: place.language for number, place in traits.places(reading).items()}
    return _together(figures.sums(reading, window, by=[By.place], among=Among(media=[media.number])), names)


def _together(sums: Mapping[tuple[int, ...], Sums], names: Mapping[int, str | None]) -> list[Way]:
    found: dict[str | None, Sums] = {}
    for (number,), part in sums.items():
        name = names[number] or None
        found[name] = found.get(name, Sums()) + part
    return [Way(name, part, NOBODY) for name, part in found.items()]
