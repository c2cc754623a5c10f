"""Gcore's arithmetic of the built-in player:

which viewings count, by which of its words, in which order — evidence/gcore.md §3.2–3.11.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv4Address
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from playhead.analytics import aggregates, lookups
from playhead.analytics.aggregates import Measures
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.query import Dimension, Filters, GroupKey, Milestone
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.uniques import UniqueBy
from playhead.analytics.uniques import uniques as stats_uniques
from playhead.domain.media import MediaKind
from playhead.vendors.gcore import ids, vocabulary
from playhead.vendors.gcore.intervals import limit_points
from playhead.vendors.gcore.param_types import KIND_OF_TYPE, TYPE_OF_KIND, Event, Type
from playhead.vendors.gcore.params import TypedPeriodParams
from playhead.vendors.gcore.player.params import PlayerParams, UniquesParams, ViewsParams

VOD_SAMPLE_SECONDS = 10  # seconds between the rows of a video's heat map — §3.11
LIVE_SAMPLE_SECONDS = 60  # and of a stream's or playlist's — unknown 2

_EVENT_MEASURES: Mapping[Event, Callable[[Measures], int]] = {
    Event.init: attrgetter("loads"),
    Event.start: attrgetter("plays"),
    Event.watch: attrgetter("views"),
}
_MILESTONES = {Event.init: Milestone.load, Event.start: Milestone.play, Event.watch: Milestone.view}
_GROUP_DIMENSIONS = {
    "host": Dimension.page,
    "os": Dimension.device,
    "browser": Dimension.device,
    "platform": Dimension.device,
    "ip": Dimension.address,
    "country": Dimension.place,
    "id": Dimension.media,
}
_UNAMBIGUOUS_GROUPS = frozenset(
    {"ip", "id"}
)  # the others put several of our numbers under one word

Label = str | int
LabelT = TypeVar("LabelT", str, tuple[str, str])
Labeler = Callable[[MediaKind, int], Label]


def heatmap_samples(first_passes: Sequence[int]) -> list[tuple[int, int]]:
    """(second, viewers) at every tenth second, up to the last that anyone watched."""
    last = max((second for second, viewers in enumerate(first_passes) if viewers), default=-1)
    return [(second, first_passes[second]) for second in range(0, last + 1, VOD_SAMPLE_SECONDS)]


def views_by(
    snapshot: Snapshot,
    params: TypedPeriodParams,
    dimension: Dimension,
    labels: Mapping[int, LabelT | None],
) -> list[tuple[int, LabelT]]:
    """(views, word), the most first, then by the word; what is None is left out."""
    found = Counter[LabelT]()
    for (number,), tally in aggregates.aggregate(
        snapshot, params.window, dimensions=[dimension], filters=Filters(kinds=_kinds(params.type))
    ).items():
        named = labels[number]
        if named is not None:
            found[named] += tally.views
    return sorted(
        ((views, named) for named, views in found.items() if views),
        key=lambda row: (-row[0], row[1]),
    )


def views_by_entity(snapshot: Snapshot, params: TypedPeriodParams) -> list[tuple[int, int]]:
    """(views, id) of every entity that has any, the most first.

    Of equal ones the lower id, a video before a stream before a playlist.
    """
    found = aggregates.aggregate(
        snapshot,
        params.window,
        dimensions=[Dimension.kind, Dimension.media],
        filters=Filters(kinds=_kinds(params.type)),
    )
    says = _labeler(snapshot, "id", found, index=1)
    types = list(Type)
    rows = [
        (-tally.views, says(MediaKind(kind), number), types.index(TYPE_OF_KIND[MediaKind(kind)]))
        for (kind, number), tally in found.items()
        if tally.views
    ]
    return [(-views, int(id_)) for views, id_, _ in sorted(rows)]


class GroupRow(NamedTuple):
    """A count of a type, of the day that begins at an instant, of what it is grouped by."""

    type: Type
    day: int
    value: int
    labels: Mapping[str, Label]

    @property
    def sort_key(self) -> tuple[Any, ...]:  # Any: integers and texts, each in its place
        """By type, day, count, and then whatever it is of."""
        return list(Type).index(self.type), self.day, -self.value, *self.labels.values()


def views(snapshot: Snapshot, params: ViewsParams) -> list[GroupRow]:
    """Views by day, type and the groups; rows without any are left out."""
    by = [Dimension.day, Dimension.kind, *_dimensions_of(params.group)]
    found = aggregates.aggregate(
        snapshot, params.window, dimensions=by, filters=_filters(snapshot, params)
    )
    cells = _label_keys(snapshot, params.group, by, found)
    counts = Counter[tuple[Label, ...]]()
    for event in _counted_events(params, params.group):
        for cell, tally in found.items():
            counts[(*cells[cell], *([event] if "event" in params.group else []))] += (
                _EVENT_MEASURES[event](tally)
            )
    return _sorted_rows(params.group, dict(counts))


def uniques(snapshot: Snapshot, params: UniquesParams) -> list[GroupRow]:
    """Distinct addresses by type and the groups, without a group by day.

    Over the whole window unless by day, told as its first day — unknown 6.
    """
    daily = not params.group or "date" in params.group
    groups = [group for group in params.group if group != "date"]
    by = [*([Dimension.day] if daily else []), Dimension.kind, *_dimensions_of(groups)]
    counts: dict[tuple[Label, ...], int] = {}
    for event in _counted_events(params, groups):
        for cell, count in _addresses_by_labels(
            snapshot,
            params,
            by,
            groups,
            _MILESTONES[event],
            vocabulary.start_of_day(params.window.start),
        ).items():
            counts[(*cell, *([event] if "event" in groups else []))] = count
    return _sorted_rows(groups, counts)


def _addresses_by_labels(
    snapshot: Snapshot,
    params: UniquesParams,
    dimensions: list[Dimension],
    groups: Sequence[str],
    milestone: Milestone,
    day: int,
) -> dict[tuple[Label, ...], int]:
    """Distinct addresses by worded cell.

    Where several numbers have one word, their addresses are put together.
    """
    exact = not set(groups) - _UNAMBIGUOUS_GROUPS - {"event"}
    asked = (
        dimensions if exact or Dimension.address in dimensions else [*dimensions, Dimension.address]
    )
    found = stats_uniques(
        snapshot,
        params.window,
        unique_by=UniqueBy.address,
        milestone=milestone,
        dimensions=asked,
        filters=_filters(snapshot, params),
    )
    if Dimension.day not in dimensions:
        found = {(day, *cell): count for cell, count in found.items()}
        dimensions = [Dimension.day, *dimensions]
        asked = [Dimension.day, *asked]
    if exact:
        cells = _label_keys(snapshot, groups, dimensions, found)
        return {cells[cell]: count for cell, count in found.items()}
    return _merge_addresses(
        snapshot, groups, dimensions, found, index=asked.index(Dimension.address)
    )


def _merge_addresses(
    snapshot: Snapshot,
    groups: Sequence[str],
    dimensions: Sequence[Dimension],
    keys: Mapping[GroupKey, object],
    *,
    index: int,
) -> dict[tuple[Label, ...], int]:
    """Distinct addresses, which are at a place of cells that may go beyond what they are counted
    by, by worded cell.
    """
    of_numbers = defaultdict[GroupKey, set[int]](set)
    for cell in keys:  # there are many of these, and few of the others
        of_numbers[cell[: len(dimensions)]].add(cell[index])
    of_words = defaultdict[tuple[Label, ...], set[int]](set)
    cells = _label_keys(snapshot, groups, dimensions, of_numbers)
    for cell, addresses in of_numbers.items():
        of_words[cells[cell]] |= addresses
    return {cell: len(addresses) for cell, addresses in of_words.items()}


def _dimensions_of(groups: Sequence[str]) -> list[Dimension]:
    return list(
        dict.fromkeys(_GROUP_DIMENSIONS[group] for group in groups if group in _GROUP_DIMENSIONS)
    )


def _counted_events(params: PlayerParams, groups: Sequence[str]) -> list[Event]:
    """Which events are counted: unknown 3."""
    if params.event:
        return [params.event]
    return list(Event) if "event" in groups else [Event.watch]


def _sorted_rows(groups: Sequence[str], counts: Mapping[tuple[Label, ...], int]) -> list[GroupRow]:
    """Rows of cells (type, day, words …, event), in order."""
    filled = {cell: count for cell, count in counts.items() if count}
    limit_points(len(filled), field="group")
    names = [
        *(group for group in groups if group != "event"),
        *(["event"] if "event" in groups else []),
    ]
    rows = [
        GroupRow(Type(str(type_)), int(day), count, dict(zip(names, of, strict=True)))
        for (type_, day, *of), count in filled.items()
    ]
    return sorted(rows, key=lambda row: row.sort_key)


def _label_keys(
    snapshot: Snapshot,
    groups: Sequence[str],
    dimensions: Sequence[Dimension],
    keys: Mapping[GroupKey, object],
) -> dict[GroupKey, tuple[Label, ...]]:
    """(type, day, words …) of cells of a day, a kind and what the groups ask for."""
    named = [group for group in groups if group in _GROUP_DIMENSIONS]
    places = [dimensions.index(_GROUP_DIMENSIONS[group]) for group in named]
    says = [
        _labeler(snapshot, group, keys, index=place)
        for group, place in zip(named, places, strict=True)
    ]
    day = dimensions.index(Dimension.day)
    kind = dimensions.index(Dimension.kind)
    found = {}
    for cell in keys:
        of = MediaKind(cell[kind])
        found[cell] = (
            TYPE_OF_KIND[of],
            cell[day],
            *(say(of, cell[place]) for say, place in zip(says, places, strict=True)),
        )
    return found


def _labeler(
    snapshot: Snapshot, group: str, keys: Mapping[GroupKey, object], *, index: int
) -> Labeler:
    """How a group words the numbers at a place of cells."""
    if group == "ip":
        return lambda _kind, number: str(IPv4Address(number))
    if group == "id":
        numbers = {cell[index] for cell in keys}
        given = {
            kind: AliasResolver(snapshot, vocabulary.NAME).assigned(kind.name, numbers)
            for kind in MediaKind
        }
        return lambda kind, number: ids.id_of(number, given[kind].get(number, ()))
    named = labels_by_number(snapshot, group)
    return lambda _kind, number: named[number]


def labels_by_number(snapshot: Snapshot, group: str) -> dict[int, str]:
    """The words of a group, by the numbers of our pages, places or devices."""
    if group == "host":
        return {
            number: vocabulary.host(page.url) for number, page in lookups.pages(snapshot).items()
        }
    if group == "country":
        return {number: place.country for number, place in lookups.places(snapshot).items()}
    word = {
        "os": vocabulary.os_family,
        "browser": vocabulary.browser_family,
        "platform": vocabulary.platform,
    }[group]
    return {number: word(device) for number, device in lookups.devices(snapshot).items()}


def _kinds(type_: Type | None) -> frozenset[MediaKind] | None:
    return None if type_ is None else frozenset({KIND_OF_TYPE[type_]})


def _filters(snapshot: Snapshot, params: PlayerParams) -> Filters:
    """Which viewings a query lets count."""
    kinds = _kinds(params.type)
    return Filters(
        kinds=kinds,
        media=None
        if params.id is None
        else ids.numbers_of_id(snapshot, sorted(kinds or MediaKind), params.id),
        places=None
        if params.country is None
        else _numbers_labelled(labels_by_number(snapshot, "country"), params.country.upper()),
        pages=None
        if params.host is None
        else _numbers_labelled(labels_by_number(snapshot, "host"), params.host.lower()),
    )


def _numbers_labelled(labels: Mapping[int, str], label: str) -> list[int]:
    return [number for number, said in labels.items() if said == label]
