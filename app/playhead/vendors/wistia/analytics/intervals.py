"""Days, ISO weeks and calendar months of a window. Pure."""

from calendar import timegm
from collections.abc import Iterator
from enum import StrEnum

from playhead.clock import DAY, utc
from playhead.stats.reading import Window


class Granularity(StrEnum):
    """How long an interval is; all begin at 00:00 UTC."""

    daily = "daily"
    weekly = "weekly"
    monthly = "monthly"


def start_of(granularity: Granularity, day: int) -> int:
    """The start of the interval that a day is in: of a week its Monday, of a month its first."""
    if granularity is Granularity.daily:
        return day
    moment = utc(day)
    return day - moment.weekday() * DAY if granularity is Granularity.weekly else timegm(moment.replace(day=1).timetuple())


def parts(granularity: Granularity, window: Window) -> Iterator[tuple[int, Window]]:
    """The intervals of a window of whole days, in order: where each begins, and what of it is in the window."""
    first = window.start
    for day in range(window.start + DAY, window.end + DAY, DAY):
        if day >= window.end or start_of(granularity, day) != start_of(granularity, first):
            yield start_of(granularity, first), Window(first, min(day, window.end))
            first = day
