"""Wistia's arithmetic: engagement, hours, cells of the engagement graph. Pure but for the questions it asks — contracts/wistia.md §6."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from playhead.clock import DAY
from playhead.stats import tallies
from playhead.stats.library import Media
from playhead.stats.reading import Reading, Window
from playhead.stats.tallies import People, Tally

MOST_CELLS = 1000
MILLIONTH = 1_000_000
MILLISECONDS_AN_HOUR = 3_600_000


class Counts(NamedTuple):
    """Loads and plays, and the hours that the plays stand for."""

    loads: int
    plays: int
    hours: float


def totals(reading: Reading, media: Sequence[Media], *, only: Collection[int] | None = None) -> Counts:
    """Lifetime counts of media; `only` are their numbers, None where they are all there are."""
    lifetime = tallies.by_media(reading, media=only)
    return counts(media, lifetime, lifetime)


def by_date(reading: Reading, media: Sequence[Media], days: range, *, only: Collection[int] | None = None) -> list[tuple[int, Counts]]:
    """Counts of each day; a day's hours are its plays times a constant of each media — quirk 3, L3."""
    if not days:
        return []
    lifetime = tallies.by_media(reading, media=only)
    cells = tallies.by_day_and_media(reading, Window(days[0], days[-1] + DAY), media=only)
    found: dict[int, dict[int, Tally]] = {}
    for (day, number), tally in cells.items():
        found.setdefault(day, {})[number] = tally
    return [(day, counts(media, found.get(day, {}), lifetime)) for day in days]


def counts(media: Iterable[Media], counted: Mapping[int, Tally], lifetime: Mapping[int, Tally]) -> Counts:
    """Counts of what was `counted`, by the number of the media; hours need their lifetime."""
    loads, plays, hours = 0, 0, 0
    for one in media:
        tally = counted.get(one.number, Tally())
        loads, plays = loads + tally.loads, plays + tally.plays
        hours += tally.plays * _play(one, lifetime.get(one.number, Tally()))
    # One division of whole numbers: the hours of a whole are those of its parts — L1.
    return Counts(loads, plays, hours / (MILLIONTH * MILLISECONDS_AN_HOUR))


def _play(media: Media, lifetime: Tally) -> int:
    """What a play of a media stands for, in millionths of a millisecond: rounded engagement times duration."""
    return round(engagement(media, lifetime) * MILLIONTH) * media.duration_ms


def engagement(media: Media, tally: Tally) -> float:
    """The mean fraction of a media that a play saw, to six decimals; 0 without plays — quirk 2."""
    return round(tally.distinct_seconds / (media.seconds * tally.plays), 6) if tally.plays else 0.0


def percent_viewed(media: Media, distinct_seconds: int) -> float:
    """The fraction of a media that was seen at least once."""
    return distinct_seconds / media.seconds


def play_rate(people: People) -> float:
    """The fraction of those who loaded a media that played it; 0 without visitors — L2."""
    return rate(people.players, people.visitors)


def percent(rate: float) -> int:
    """A fraction in whole percents, halves up — L4."""
    return int(rate * 100 + 0.5)


def rate(part: int, whole: int) -> float:
    """A part of a whole, 0 where there is nothing."""
    return part / whole if whole else 0.0


def cells(seconds: Sequence[int]) -> list[int]:
    """One cell a second; of more than a thousand seconds a thousand rounded means — quirk 4, unknown 6."""
    if len(seconds) <= MOST_CELLS:
        return list(seconds)
    bounds = [index * len(seconds) // MOST_CELLS for index in range(MOST_CELLS + 1)]
    parts = [seconds[start:stop] for start, stop in pairwise(bounds)]
    return [(2 * sum(part) + len(part)) // (2 * len(part)) for part in parts]
