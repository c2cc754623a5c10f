"""Days, ISO weeks and calendar months of a window. Pure."""

from calendar import timegm
from collections.abc import Iterator
from enum import StrEnum

from playhead.domain.clock import DAY, utc_datetime
from playhead.domain.time_range import TimeRange


class Granularity(StrEnum):
    """How long an interval is; all begin at 00:00 UTC."""

    daily = "daily"
    weekly = "weekly"
    monthly = "monthly"


def interval_start(granularity: Granularity, day: int) -> int:
    """The start of the interval that a day is in: of a week its Monday, of a month its first."""
    if granularity is Granularity.daily:
        return day
    moment = utc_datetime(day)
    return (
        day - moment.weekday() * DAY
        if granularity is Granularity.weekly
        else timegm(moment.replace(day=1).timetuple())
    )


def split_range(granularity: Granularity, time_range: TimeRange) -> Iterator[tuple[int, TimeRange]]:
    """The intervals of a window of whole days, in order:

    where each begins, and what of it is in the window.
    """
    first = time_range.start
    for day in range(time_range.start + DAY, time_range.end + DAY, DAY):
        if day >= time_range.end or interval_start(granularity, day) != interval_start(
            granularity, first
        ):
            yield interval_start(granularity, first), TimeRange(first, min(day, time_range.end))
            first = day
