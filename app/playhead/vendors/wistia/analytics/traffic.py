"""How viewers come to a media, and in which languages they watch it — evidence/wistia.md §7.3,
unknowns 24 and 25.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from playhead.analytics import lookups
from playhead.analytics.catalog import Media
from playhead.analytics.query import Dimension, Filters
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.viewings import Page
from playhead.domain.time_range import TimeRange
from playhead.vendors.wistia.analytics import compute
from playhead.vendors.wistia.analytics.compute import EMPTY_UNIQUES, MediaTotals, UniqueCounts
from playhead.vendors.wistia.analytics.locations import host
from playhead.vendors.wistia.analytics.params import TrafficGroup

# Second-level labels below which a country registers names, as in example.co.uk.
SECOND_LEVEL_LABELS = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})


class TrafficRow(NamedTuple):
    """One way to a media, None where it is unknown, and what came by it.

    Whose viewers nobody asks for.
    """

    name: str | None
    totals: MediaTotals
    uniques: UniqueCounts


def utm_source(page: Page) -> str | None:
    """What a link would call the site that it stands on:

    its domain's name, without what is before and behind it.
    """
    labels = (host(page.source) or "").split(".")
    if labels[-1].isdigit():  # an address, which has no name
        return ".".join(labels)
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL_LABELS:
        return labels[-3]
    return labels[-2] if len(labels) > 1 else labels[0] or None


PAGE_LABELERS: Mapping[TrafficGroup, Callable[[Page], str | None]] = {
    TrafficGroup.utm_campaign: lambda page: page.campaign,
    TrafficGroup.utm_source: utm_source,
    TrafficGroup.utm_medium: lambda page: page.medium,
    TrafficGroup.referrer_domain: lambda page: host(page.source),
}


def traffic(
    snapshot: Snapshot, media: Media, time_range: TimeRange, group: TrafficGroup
) -> list[TrafficRow]:
    """The ways to a media."""
    names: dict[int, str | None]
    if group in PAGE_LABELERS:
        by = Dimension.page
        names = {
            number: PAGE_LABELERS[group](page) for number, page in lookups.pages(snapshot).items()
        }
    else:
        by = Dimension.device
        names = {number: device.screen for number, device in lookups.devices(snapshot).items()}
    return _merge_by_name(
        compute.totals(
            snapshot, time_range, dimensions=[by], filters=Filters(media=[media.number])
        ),
        names,
    )


def languages(snapshot: Snapshot, media: Media, time_range: TimeRange) -> list[TrafficRow]:
    """The languages of those who loaded a media."""
    names: dict[int, str | None] = {
        number: place.language for number, place in lookups.places(snapshot).items()
    }
    return _merge_by_name(
        compute.totals(
            snapshot,
            time_range,
            dimensions=[Dimension.place],
            filters=Filters(media=[media.number]),
        ),
        names,
    )


def _merge_by_name(
    totals: Mapping[tuple[int, ...], MediaTotals], names: Mapping[int, str | None]
) -> list[TrafficRow]:
    found: dict[str | None, MediaTotals] = {}
    for (number,), part in totals.items():
        name = names[number] or None
        found[name] = found.get(name, MediaTotals()) + part
    return [TrafficRow(name, part, EMPTY_UNIQUES) for name, part in found.items()]
