"""By what api.video tells viewings apart, both ways:

our numbers into its words, its filters into our numbers — evidence/apivideo.md §3.4, §3.6, §3.7.
"""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, TypeVar
from urllib.parse import unquote

from playhead.analytics import catalog, lookups
from playhead.analytics.aggregates import Measures
from playhead.analytics.concurrency import Deltas
from playhead.analytics.query import Dimension, Filters, GroupKey
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.viewings import Device, Place
from playhead.domain.clock import DAY
from playhead.domain.media import MediaKind
from playhead.vendors.apivideo import ids as apivideo_ids
from playhead.vendors.apivideo import lookup as apivideo_lookup
from playhead.vendors.apivideo import vocabulary

ValueT = TypeVar("ValueT", int, Measures, Deltas)
RecordT = TypeVar("RecordT", Place, Device)

INTERVAL_SECONDS = {Dimension.minute: 60, Dimension.hour: 3600, Dimension.day: DAY}


class Breakdown(NamedTuple):
    """What is counted apart:

    cells of the world, and the word of each; `width` in seconds where they are intervals.
    """

    dimensions: tuple[Dimension, ...]
    label: Callable[[GroupKey], str]
    width: int | None = None

    def merge(self, values: Mapping[GroupKey, ValueT], *, empty: ValueT) -> dict[str, ValueT]:
        """The sums of the cells that have one word.

        Of a whole there is always one, if only of nothing.
        """
        found: dict[str, ValueT] = {} if self.dimensions else {"": empty}
        for cell, part in values.items():
            word = self.label(cell)
            found[word] = found[word] + part if word in found else part
        return found


TOTAL = Breakdown((), lambda _cell: "")


def over_time(
    dimension: Dimension, format_start: Callable[[int], str] = vocabulary.format_atom
) -> Breakdown:
    """By interval, told by its beginning.

    In order of time these are in the order of their text as well.
    """
    return Breakdown((dimension,), lambda cell: format_start(cell[0]), INTERVAL_SECONDS[dimension])


def _by_media(snapshot: Snapshot) -> Breakdown:
    """By media, those that were watched before their release included, which the catalogue does not
    have yet.
    """
    ids = apivideo_lookup.ids_by_number(snapshot, MediaKind.video) | apivideo_lookup.ids_by_number(
        snapshot, MediaKind.live
    )
    return Breakdown(
        (Dimension.kind, Dimension.media),
        lambda cell: ids.get(cell[1]) or apivideo_ids.id_of(MediaKind(cell[0]).name, cell[1]),
    )


def _place_labels(label: Callable[[Place], str]) -> Callable[[Snapshot], Mapping[int, str]]:
    return lambda reading: {
        number: label(place) for number, place in lookups.places(reading).items()
    }


def _device_labels(label: Callable[[Device], str]) -> Callable[[Snapshot], Mapping[int, str]]:
    return lambda reading: {
        number: label(device) for number, device in lookups.devices(reading).items()
    }


def _urls_by_page(snapshot: Snapshot) -> Mapping[int, str]:
    return {number: page.url or "" for number, page in lookups.pages(snapshot).items()}


PLACE_LABELS: dict[str, Callable[[Place], str]] = {
    "continent": lambda place: vocabulary.CONTINENTS[place.continent],
    "country": lambda place: place.country,
}
DEVICE_LABELS: dict[str, Callable[[Device], str]] = {
    "deviceType": lambda device: vocabulary.DEVICE_TYPES[device.type],
    "operatingSystem": lambda device: vocabulary.OPERATING_SYSTEMS[device.os],
    "browser": lambda device: vocabulary.BROWSER_FAMILIES[device.browser],
}

MEDIA_ID = "media-id"
# By what else, and the words of its numbers; plays and buckets spell them differently.
DIMENSIONS: dict[str, tuple[Dimension, Callable[[Snapshot], Mapping[int, str]]]] = {
    "media-type": (
        Dimension.kind,
        lambda _reading: {int(kind): word for kind, word in vocabulary.MEDIA_TYPES.items()},
    ),
    "continent": (Dimension.place, _place_labels(PLACE_LABELS["continent"])),
    "country": (Dimension.place, _place_labels(PLACE_LABELS["country"])),
    "country name": (Dimension.place, _place_labels(lambda place: place.country_name.lower())),
    "device-type": (Dimension.device, _device_labels(DEVICE_LABELS["deviceType"])),
    "operating-system": (Dimension.device, _device_labels(DEVICE_LABELS["operatingSystem"])),
    "browser": (Dimension.device, _device_labels(DEVICE_LABELS["browser"])),
    "referrer": (Dimension.page, _urls_by_page),
}


def by_dimension(snapshot: Snapshot, name: str) -> Breakdown:
    """By a dimension, in its words."""
    if name == MEDIA_ID:
        return _by_media(snapshot)
    by, worded = DIMENSIONS[name]
    told = worded(snapshot)
    return Breakdown((by,), lambda cell: told[cell[0]])


FilterValues = Mapping[str, Collection[str]]


def to_filters(snapshot: Snapshot, values: FilterValues) -> Filters:
    """Which viewings have one of the values of each filter."""
    kinds = {
        kind for kind, word in vocabulary.MEDIA_TYPES.items() if word in values.get("mediaType", ())
    }
    return Filters(
        kinds=frozenset(kinds) if "mediaType" in values else None,
        media=_media_matching(snapshot, values),
        places=_numbers_matching(lookups.places, PLACE_LABELS, snapshot, values),
        devices=_numbers_matching(lookups.devices, DEVICE_LABELS, snapshot, values),
        pages=_pages_with_url(snapshot, values["referrer"]) if "referrer" in values else None,
    )


def _numbers_matching(
    lookup: Callable[[Snapshot], Mapping[int, RecordT]],
    labelers: Mapping[str, Callable[[RecordT], str]],
    snapshot: Snapshot,
    values: FilterValues,
) -> Collection[int] | None:
    """The numbers of what has one of the words of each filter; None where there is none."""
    asked = [(word, values[name]) for name, word in labelers.items() if name in values]
    return (
        sorted(
            number
            for number, trait in lookup(snapshot).items()
            if all(word(trait) in wanted for word, wanted in asked)
        )
        if asked
        else None
    )


def _media_matching(snapshot: Snapshot, values: FilterValues) -> Collection[int] | None:
    found: list[set[int]] = []
    if "mediaId" in values:
        found.append(apivideo_lookup.numbers_of_ids(snapshot, values["mediaId"]))
    if "tag" in values:
        found.append(
            {
                media.number
                for media in catalog.media(snapshot)
                if set(media.tags) & set(values["tag"])
            }
        )
    return sorted(set.intersection(*found)) if found else None


def _pages_with_url(snapshot: Snapshot, urls: Collection[str]) -> Collection[int]:
    """The pages of those addresses.

    The documented value is encoded once more than its place in a query needs — quirk 18.
    """
    wanted = {*urls, *map(unquote, urls)}
    return sorted(number for number, url in _urls_by_page(snapshot).items() if url in wanted)
