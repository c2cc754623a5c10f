"""By what api.video tells viewings apart, both ways: our numbers into its words, its filters into our numbers — contracts/apivideo.md §3.4, §3.6, §3.7."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, TypeVar
from urllib.parse import unquote

from playhead.clock import DAY, utc
from playhead.stats import library, traits
from playhead.stats.concurrency import Changes
from playhead.stats.counting import Among, By, Cell
from playhead.stats.reading import Reading
from playhead.stats.tallies import Tally
from playhead.stats.viewings import Device, Place
from playhead.vendors.apivideo import catalogue, words
from playhead.world.terms import MediaKind

Part = TypeVar("Part", int, Tally, Changes)
Trait = TypeVar("Trait", Place, Device)

WIDTHS = {By.minute: 60, By.hour: 3600, By.day: DAY}


class Split(NamedTuple):
    """What is counted apart: cells of the world, and the word of each; `width` in seconds where they are intervals."""

    by: tuple[By, ...]
    word: Callable[[Cell], str]
    width: int | None = None

    def folded(self, cells: Mapping[Cell, Part], *, nothing: Part) -> dict[str, Part]:
        """The sums of the cells that have one word; of a whole there is always one, if only of nothing."""
        found: dict[str, Part] = {} if self.by else {"": nothing}
        for cell, part in cells.items():
            word = self.word(cell)
            found[word] = found[word] + part if word in found else part
        return found


WHOLE = Split((), lambda _cell: "")


def over_time(by: By, spelled: Callable[[int], str] = words.atom) -> Split:
    """By interval, told by its beginning; in order of time these are in the order of their text as well."""
    return Split((by,), lambda cell: spelled(cell[0]), WIDTHS[by])


def milliseconds(instant: int) -> str:
    """An instant as the plays have it, unlike all else — quirk 17."""
    return f"{utc(instant):%Y-%m-%dT%H:%M:%S}.000Z"


def _by_media(reading: Reading) -> Split:
    """By media, those that were watched before their release included, which the catalogue does not have yet."""
    ids = catalogue.ids(reading, MediaKind.video) | catalogue.ids(reading, MediaKind.live)
    return Split((By.kind, By.media), lambda cell: ids.get(cell[1]) or words.id_of(MediaKind(cell[0]).name, cell[1]))


def _of_places(word: Callable[[Place], str]) -> Callable[[Reading], Mapping[int, str]]:
    return lambda reading: {number: word(place) for number, place in traits.places(reading).items()}


def _of_devices(word: Callable[[Device], str]) -> Callable[[Reading], Mapping[int, str]]:
    return lambda reading: {number: word(device) for number, device in traits.devices(reading).items()}


def _referrers(reading: Reading) -> Mapping[int, str]:
    return {number: page.url or "" for number, page in traits.pages(reading).items()}


PLACE_WORDS: dict[str, Callable[[Place], str]] = {
    "continent": lambda place: words.CONTINENTS[place.continent],
    "country": lambda place: place.country,
}
DEVICE_WORDS: dict[str, Callable[[Device], str]] = {
    "deviceType": lambda device: words.DEVICE_TYPES[device.type],
    "operatingSystem": lambda device: words.OPERATING_SYSTEMS[device.os],
    "browser": lambda device: words.BROWSER_FAMILIES[device.browser],
}

MEDIA_ID = "media-id"
# By what else, and the words of its numbers; plays and buckets spell them differently.
DIMENSIONS: dict[str, tuple[By, Callable[[Reading], Mapping[int, str]]]] = {
    "media-type": (By.kind, lambda _reading: {int(kind): word for kind, word in words.MEDIA_TYPES.items()}),
    "continent": (By.place, _of_places(PLACE_WORDS["continent"])),
    "country": (By.place, _of_places(PLACE_WORDS["country"])),
    "country name": (By.place, _of_places(lambda place: place.country_name.lower())),
    "device-type": (By.device, _of_devices(DEVICE_WORDS["deviceType"])),
    "operating-system": (By.device, _of_devices(DEVICE_WORDS["operatingSystem"])),
    "browser": (By.device, _of_devices(DEVICE_WORDS["browser"])),
    "referrer": (By.page, _referrers),
}


def by_dimension(reading: Reading, dimension: str) -> Split:
    """By a dimension, in its words."""
    if dimension == MEDIA_ID:
        return _by_media(reading)
    by, worded = DIMENSIONS[dimension]
    told = worded(reading)
    return Split((by,), lambda cell: told[cell[0]])


Filters = Mapping[str, Collection[str]]


def among(reading: Reading, filters: Filters) -> Among:
    """Which viewings have one of the values of each filter."""
    kinds = {kind for kind, word in words.MEDIA_TYPES.items() if word in filters.get("mediaType", ())}
    return Among(
        kinds=frozenset(kinds) if "mediaType" in filters else None,
        media=_media(reading, filters),
        places=_having(traits.places, PLACE_WORDS, reading, filters),
        devices=_having(traits.devices, DEVICE_WORDS, reading, filters),
        pages=_pages(reading, filters["referrer"]) if "referrer" in filters else None,
    )


def _having(
    known: Callable[[Reading], Mapping[int, Trait]], worded: Mapping[str, Callable[[Trait], str]], reading: Reading, filters: Filters
) -> Collection[int] | None:
    """The numbers of what has one of the words of each filter; None where there is none."""
    asked = [(word, filters[name]) for name, word in worded.items() if name in filters]
    return sorted(number for number, trait in known(reading).items() if all(word(trait) in wanted for word, wanted in asked)) if asked else None


def _media(reading: Reading, filters: Filters) -> Collection[int] | None:
    found: list[set[int]] = []
    if "mediaId" in filters:
        found.append(catalogue.numbers(reading, filters["mediaId"]))
    if "tag" in filters:
        found.append({media.number for media in library.media(reading) if set(media.tags) & set(filters["tag"])})
    return sorted(set.intersection(*found)) if found else None


def _pages(reading: Reading, urls: Collection[str]) -> Collection[int]:
    """The pages of those addresses; the documented value is encoded once more than its place in a query needs — quirk 18."""
    wanted = {*urls, *map(unquote, urls)}
    return sorted(number for number, url in _referrers(reading).items() if url in wanted)
