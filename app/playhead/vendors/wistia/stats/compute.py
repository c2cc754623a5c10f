"""Wistia's arithmetic:

engagement, hours, cells of the engagement graph. Pure but for the questions it asks —
evidence/wistia.md §6.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from playhead.analytics import aggregates
from playhead.analytics.aggregates import Audience, Measures
from playhead.analytics.catalog import Media
from playhead.analytics.snapshot import Snapshot
from playhead.domain.clock import DAY
from playhead.domain.time_range import TimeRange

MAX_CELLS = 1000
MILLIONTH = 1_000_000
MILLIS_PER_HOUR = 3_600_000


class Counts(NamedTuple):
    """Loads and plays, and the hours that the plays stand for."""

    loads: int
    plays: int
    hours: float


def lifetime_counts(
    snapshot: Snapshot, media: Sequence[Media], *, numbers: Collection[int] | None = None
) -> Counts:
    """Lifetime counts of media; `only` are their numbers, None where they are all there are."""
    lifetime = aggregates.by_media(snapshot, media=numbers)
    return counts(media, lifetime, lifetime)


def counts_by_date(
    snapshot: Snapshot,
    media: Sequence[Media],
    days: range,
    *,
    numbers: Collection[int] | None = None,
) -> list[tuple[int, Counts]]:
    """Counts of each day.

    A day's hours are its plays times a constant of each media — quirk 3, L3.
    """
    if not days:
        return []
    lifetime = aggregates.by_media(snapshot, media=numbers)
    cells = aggregates.by_day_and_media(snapshot, TimeRange(days[0], days[-1] + DAY), media=numbers)
    found: dict[int, dict[int, Measures]] = {}
    for (day, number), tally in cells.items():
        found.setdefault(day, {})[number] = tally
    return [(day, counts(media, found.get(day, {}), lifetime)) for day in days]


def counts(
    media: Iterable[Media], measures: Mapping[int, Measures], lifetime: Mapping[int, Measures]
) -> Counts:
    """Counts of what was `counted`, by the number of the media; hours need their lifetime."""
    loads = 0
    plays = 0
    hours = 0
    for one in media:
        tally = measures.get(one.number, Measures())
        loads = loads + tally.loads
        plays = plays + tally.plays
        hours += tally.plays * _play_length(one, lifetime.get(one.number, Measures()))
    # One division of whole numbers: the hours of a whole are those of its parts — L1.
    return Counts(loads, plays, hours / (MILLIONTH * MILLIS_PER_HOUR))


def _play_length(media: Media, lifetime: Measures) -> int:
    """What a play of a media stands for, in millionths of a millisecond:

    rounded engagement times duration.
    """
    return round(engagement(media, lifetime) * MILLIONTH) * media.duration_ms


def engagement(media: Media, measures: Measures) -> float:
    """The mean fraction of a media that a play saw, to six decimals; 0 without plays — quirk 2."""
    return (
        round(measures.distinct_seconds / (media.seconds * measures.plays), 6)
        if measures.plays
        else 0.0
    )


def percent_viewed(media: Media, distinct_seconds: int) -> float:
    """The fraction of a media that was seen at least once."""
    return distinct_seconds / media.seconds


def play_rate(audience: Audience) -> float:
    """The fraction of those who loaded a media that played it; 0 without visitors — L2."""
    return rate(audience.players, audience.viewers)


def to_percent(fraction: float) -> int:
    """A fraction in whole percents, halves up — L4."""
    return int(fraction * 100 + 0.5)


def rate(part: int, total: int) -> float:
    """A part of a whole, 0 where there is nothing."""
    return part / total if total else 0.0


def engagement_cells(seconds: Sequence[int]) -> list[int]:
    """One cell a second.

    Of more than a thousand seconds a thousand rounded means — quirk 4, unknown 6.
    """
    if len(seconds) <= MAX_CELLS:
        return list(seconds)
    bounds = [index * len(seconds) // MAX_CELLS for index in range(MAX_CELLS + 1)]
    parts = [seconds[start:stop] for start, stop in pairwise(bounds)]
    return [(2 * sum(part) + len(part)) // (2 * len(part)) for part in parts]
