"""Gcore's arithmetic of the built-in player: which viewings count, by which of its words, in which order — contracts/gcore.md §3.2–3.11."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv4Address
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from playhead.stats import tallies, traits
from playhead.stats.counting import Among, By, Cell, Reached
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.stats.tallies import Tally
from playhead.stats.uniques import Identity
from playhead.stats.uniques import uniques as stats_uniques
from playhead.vendors.gcore import words
from playhead.vendors.gcore.intervals import refuse_more
from playhead.vendors.gcore.queries import PlayerQuery, TypeQuery, UniquesQuery, ViewsQuery
from playhead.vendors.gcore.values import KINDS, TYPES, Event, Type
from playhead.world.terms import MediaKind

VOD_STEP = 10  # seconds between the rows of a video's heat map — §3.11
INSTANT_STEP = 60  # and of a stream's or playlist's — unknown 2

_COUNTS: Mapping[Event, Callable[[Tally], int]] = {Event.init: attrgetter("loads"), Event.start: attrgetter("plays"), Event.watch: attrgetter("views")}
_REACHED = {Event.init: Reached.load, Event.start: Reached.play, Event.watch: Reached.view}
_BY = {"host": By.page, "os": By.device, "browser": By.device, "platform": By.device, "ip": By.address, "country": By.place, "id": By.media}
_EXACT = frozenset({"ip", "id"})  # the others put several of our numbers under one word

Word = str | int
Named = TypeVar("Named", str, tuple[str, str])
Says = Callable[[MediaKind, int], Word]


def samples(first_passes: Sequence[int]) -> list[tuple[int, int]]:
    """(second, viewers) at every tenth second, up to the last that anyone watched."""
    last = max((second for second, viewers in enumerate(first_passes) if viewers), default=-1)
    return [(second, first_passes[second]) for second in range(0, last + 1, VOD_STEP)]


def views_by(reading: Reading, query: TypeQuery, by: By, word: Mapping[int, Named | None]) -> list[tuple[int, Named]]:
    """(views, word), the most first, then by the word; what is None is left out."""
    found = Counter[Named]()
    for (number,), tally in tallies.cells(reading, query.window, by=[by], among=Among(kinds=_kinds(query.type))).items():
        named = word[number]
        if named is not None:
            found[named] += tally.views
    return sorted(((views, named) for named, views in found.items() if views), key=lambda row: (-row[0], row[1]))


def popular(reading: Reading, query: TypeQuery) -> list[tuple[int, int]]:
    """(views, id) of every entity that has any, the most first; of equal ones the lower id, a video before a stream before a playlist."""
    found = tallies.cells(reading, query.window, by=[By.kind, By.media], among=Among(kinds=_kinds(query.type)))
    says, types = _says(reading, "id", found, place=1), list(Type)
    rows = [(-tally.views, says(MediaKind(kind), number), types.index(TYPES[MediaKind(kind)])) for (kind, number), tally in found.items() if tally.views]
    return [(-views, int(id_)) for views, id_, _ in sorted(rows)]


class Row(NamedTuple):
    """A count of a type, of the day that begins at an instant, of what it is grouped by."""

    type: Type
    day: int
    counted: int
    of: Mapping[str, Word]

    @property
    def order(self) -> tuple[Any, ...]:  # Any: integers and texts, each in its place
        """By type, day, count, and then whatever it is of."""
        return list(Type).index(self.type), self.day, -self.counted, *self.of.values()


def views(reading: Reading, query: ViewsQuery) -> list[Row]:
    """Views by day, type and the groups; rows without any are left out."""
    by = [By.day, By.kind, *_asked(query.group)]
    found = tallies.cells(reading, query.window, by=by, among=_among(reading, query))
    cells = _worded(reading, query.group, by, found)
    counts = Counter[tuple[Word, ...]]()
    for event in _events(query, query.group):
        for cell, tally in found.items():
            counts[(*cells[cell], *([event] if "event" in query.group else []))] += _COUNTS[event](tally)
    return _rows(query.group, dict(counts))


def uniques(reading: Reading, query: UniquesQuery) -> list[Row]:
    """Distinct addresses by type and the groups, without a group by day; over the whole window unless by day, told as its first day — unknown 6."""
    daily = not query.group or "date" in query.group
    groups = [group for group in query.group if group != "date"]
    by = [*([By.day] if daily else []), By.kind, *_asked(groups)]
    counts: dict[tuple[Word, ...], int] = {}
    for event in _events(query, groups):
        for cell, count in _addresses(reading, query, by, groups, _REACHED[event], words.day_of(query.window.start)).items():
            counts[(*cell, *([event] if "event" in groups else []))] = count
    return _rows(groups, counts)


def _addresses(reading: Reading, query: UniquesQuery, by: list[By], groups: Sequence[str], reached: Reached, day: int) -> dict[tuple[Word, ...], int]:
    """Distinct addresses by worded cell; where several numbers have one word, their addresses are put together."""
    exact = not set(groups) - _EXACT - {"event"}
    asked = by if exact or By.address in by else [*by, By.address]
    found = stats_uniques(reading, query.window, of=Identity.address, reached=reached, by=asked, among=_among(reading, query))
    if By.day not in by:
        found, by, asked = {(day, *cell): count for cell, count in found.items()}, [By.day, *by], [By.day, *asked]
    if exact:
        cells = _worded(reading, groups, by, found)
        return {cells[cell]: count for cell, count in found.items()}
    return _together(reading, groups, by, found, place=asked.index(By.address))


def _together(reading: Reading, groups: Sequence[str], by: Sequence[By], found: Mapping[Cell, object], *, place: int) -> dict[tuple[Word, ...], int]:
    """Distinct addresses, which are at a place of cells that may go beyond what they are counted by, by worded cell."""
    of_numbers = defaultdict[Cell, set[int]](set)
    for cell in found:  # there are many of these, and few of the others
        of_numbers[cell[: len(by)]].add(cell[place])
    of_words = defaultdict[tuple[Word, ...], set[int]](set)
    cells = _worded(reading, groups, by, of_numbers)
    for cell, addresses in of_numbers.items():
        of_words[cells[cell]] |= addresses
    return {cell: len(addresses) for cell, addresses in of_words.items()}


def _asked(groups: Sequence[str]) -> list[By]:
    return list(dict.fromkeys(_BY[group] for group in groups if group in _BY))


def _events(query: PlayerQuery, groups: Sequence[str]) -> list[Event]:
    """Which events are counted: unknown 3."""
    if query.event:
        return [query.event]
    return list(Event) if "event" in groups else [Event.watch]


def _rows(groups: Sequence[str], counts: Mapping[tuple[Word, ...], int]) -> list[Row]:
    """Rows of cells (type, day, words …, event), in order."""
    filled = {cell: count for cell, count in counts.items() if count}
    refuse_more(len(filled), field="group")
    names = [*(group for group in groups if group != "event"), *(["event"] if "event" in groups else [])]
    rows = [Row(Type(str(type_)), int(day), count, dict(zip(names, of, strict=True))) for (type_, day, *of), count in filled.items()]
    return sorted(rows, key=lambda row: row.order)


def _worded(reading: Reading, groups: Sequence[str], by: Sequence[By], cells: Mapping[Cell, object]) -> dict[Cell, tuple[Word, ...]]:
    """(type, day, words …) of cells of a day, a kind and what the groups ask for."""
    named = [group for group in groups if group in _BY]
    places = [by.index(_BY[group]) for group in named]
    says = [_says(reading, group, cells, place=place) for group, place in zip(named, places, strict=True)]
    day, kind = by.index(By.day), by.index(By.kind)
    found = {}
    for cell in cells:
        of = MediaKind(cell[kind])
        found[cell] = (TYPES[of], cell[day], *(say(of, cell[place]) for say, place in zip(says, places, strict=True)))
    return found


def _says(reading: Reading, group: str, cells: Mapping[Cell, object], *, place: int) -> Says:
    """How a group words the numbers at a place of cells."""
    if group == "ip":
        return lambda _kind, number: str(IPv4Address(number))
    if group == "id":
        numbers = {cell[place] for cell in cells}
        given = {kind: Naming(reading, words.NAME).given(kind.name, numbers) for kind in MediaKind}
        return lambda kind, number: words.id_of(number, given[kind].get(number, ()))
    named = vocabulary(reading, group)
    return lambda _kind, number: named[number]


def vocabulary(reading: Reading, group: str) -> dict[int, str]:
    """The words of a group, by the numbers of our pages, places or devices."""
    if group == "host":
        return {number: words.host(page.url) for number, page in traits.pages(reading).items()}
    if group == "country":
        return {number: place.country for number, place in traits.places(reading).items()}
    word = {"os": words.system, "browser": words.browser, "platform": words.platform}[group]
    return {number: word(device) for number, device in traits.devices(reading).items()}


def _kinds(type_: Type | None) -> frozenset[MediaKind] | None:
    return None if type_ is None else frozenset({KINDS[type_]})


def _among(reading: Reading, query: PlayerQuery) -> Among:
    """Which viewings a query lets count."""
    kinds = _kinds(query.type)
    return Among(
        kinds=kinds,
        media=None if query.id is None else words.numbers_of(reading, sorted(kinds or MediaKind), query.id),
        places=None if query.country is None else _said(vocabulary(reading, "country"), query.country.upper()),
        pages=None if query.host is None else _said(vocabulary(reading, "host"), query.host.lower()),
    )


def _said(named: Mapping[int, str], word: str) -> list[int]:
    return [number for number, said in named.items() if said == word]
