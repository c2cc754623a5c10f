"""Gcore's arithmetic of what the network delivered, to any player: viewers and minutes, following the wall clock — contracts/gcore.md §3.1, §3.19–3.24."""

from collections import Counter
from collections.abc import Collection

from playhead.stats import concurrency, watching
from playhead.stats.counting import Among
from playhead.stats.reading import Reading, Window
from playhead.vendors.gcore import words
from playhead.vendors.gcore.intervals import MONTH, WIDTHS, first_of, month_of, starts, until_now
from playhead.vendors.gcore.queries import CdnUniquesQuery
from playhead.vendors.gcore.values import KINDS, Type
from playhead.world.terms import MediaKind

Points = list[tuple[int, int]]


def minutes(seconds: int) -> int:
    """Whole minutes, rounded up."""
    return -(-seconds // 60)


def watch_time(reading: Reading, window: Window, granularity: str, *, kind: MediaKind, media: Collection[int] | None) -> Points:
    """(start of interval, minutes watched) for every interval that touches a window, empty ones included — §1.11, unknown 4."""
    window = until_now(window, reading.account.now)
    found = starts(window, granularity)
    watched = watching.seconds_by_interval(reading, window, kind=kind, width=WIDTHS[granularity], media=media)
    if granularity == MONTH:
        watched = _by_month(watched)
    return [(start, minutes(watched[start])) for start in found]


def watch_time_total(reading: Reading, window: Window | None, *, kind: MediaKind, media: Collection[int] | None) -> int:
    """Minutes watched in a window, or ever, rounded up once."""
    if window is None:
        return minutes(watching.seconds_ever(reading, kind=kind, media=media))
    return minutes(watching.seconds_by_interval(reading, window, kind=kind, width=WIDTHS["1d"], media=media).total())


def viewers(reading: Reading, window: Window, granularity: str, *, kind: MediaKind, media: Collection[int] | None) -> Points:
    """(start of interval, distinct viewers) for every interval that touches a window, empty ones included."""
    window = until_now(window, reading.account.now)
    found = starts(window, granularity)
    watched = watching.viewers_by_interval(reading, window, kind=kind, width=WIDTHS[granularity], media=media)
    return [(start, watched[start]) for start in found]


def uniques(reading: Reading, query: CdnUniquesQuery) -> list[tuple[Type, int]]:
    """Distinct viewers of the type that is asked for; else of each: a playlist's only where there are any — §3.1."""
    if query.type:
        return [(query.type, watching.viewers(reading, query.window, kind=KINDS[query.type], media=_entity(reading, query.type, query.id)))]
    found = [(type_, watching.viewers(reading, query.window, kind=KINDS[type_])) for type_ in Type]
    return [(type_, count) for type_, count in found if count or type_ is not Type.playlist]


def spectators(reading: Reading, number: int) -> int:
    """Distinct viewers who have a live stream on screen at this second."""
    now = Window(reading.account.now, reading.account.now + 1)
    watched = concurrency.changes(reading, now, among=Among(kinds=frozenset({MediaKind.live}), media=[number]), viewers=True)
    return concurrency.load(watched.get((), []), now).peak


def _entity(reading: Reading, type_: Type, id_: str | None) -> list[int] | None:
    """The numbers to ask for: none of what has no such id, None without an id."""
    return None if id_ is None else words.numbers_of(reading, [KINDS[type_]], id_)


def _by_month(by_day: Counter[int]) -> Counter[int]:
    months = Counter[int]()
    for day, seconds in by_day.items():
        months[first_of(month_of(day))] += seconds
    return months
