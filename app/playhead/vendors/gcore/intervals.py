"""Intervals of time as Gcore's series have them:

widths, calendar months, the first of each, and how many are too many. Pure.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from playhead.domain.clock import DAY, WEEK, utc_datetime
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.time_range import TimeRange
from playhead.vendors.gcore.param_types import Units

MAX_POINTS = 100_000  # of a series, or rows of an answer — unknown 12
MONTH = "1mo"
WIDTHS = {"1m": 60, "5m": 300, "15m": 900, "1h": 3600, "1d": DAY, MONTH: DAY}
UNIT_SECONDS = {
    Units.second: 1,
    Units.minute: 60,
    Units.hour: 3600,
    Units.day: DAY,
    Units.week: WEEK,
}
_FIRST_MONDAY = 4 * DAY  # 1970-01-05
_MIN_INSTANT = int(datetime(1, 1, 1, tzinfo=UTC).timestamp())


def clip_to_now(time_range: TimeRange, now: int) -> TimeRange:
    """A window of which nothing lies after now — unknown 4."""
    return TimeRange(time_range.start, min(time_range.end, now + 1))


def interval_starts(
    time_range: TimeRange, granularity: str, *, field: str = "granularity"
) -> Sequence[int]:
    """The first instant of every interval that touches a window.

    `field` is what to name where they are too many.
    """
    if time_range.end <= time_range.start:
        return ()
    if granularity == MONTH:
        return [
            month_start(month)
            for month in range(month_of(time_range.start), month_of(time_range.end - 1) + 1)
        ]
    width = WIDTHS[granularity]
    found = range(time_range.start // width * width, time_range.end, width)
    limit_points(len(found), field=field, value=granularity)
    return found


def limit_points(points: int, *, field: str, value: str | None = None) -> None:
    """Refuse what has more points or rows than are answered."""
    if points > MAX_POINTS:
        raise ApiError(
            ErrorKind.invalid,
            [Violation(field, Rule.too_many, value, {"count": points, "maximum": MAX_POINTS})],
        )


def interval_start(instant: int, interval: int, units: Units) -> int:
    """The start of the interval of so many units that an instant lies in:

    from 1970 on, weeks from a Monday, months from year 0 — §3.12.
    """
    if units is Units.month:
        return month_start(max(month_of(instant) // interval * interval, 12))  # there is no year 0
    width = interval * UNIT_SECONDS[units]
    offset = _FIRST_MONDAY if units is Units.week else 0
    return max((instant - offset) // width * width + offset, _MIN_INSTANT)


def month_of(instant: int) -> int:
    """The calendar month of an instant, counted from year 0."""
    moment = utc_datetime(instant)
    return moment.year * 12 + moment.month - 1


def month_start(month: int) -> int:
    """The first instant of a month that is counted from year 0."""
    return int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp())


Points = list[tuple[int, int]]
"""Pairs of (seconds since 1970, value).

The schema says integers, every example says pairs — quirk 1, §0.2.
"""


def round_up_minutes(seconds: int) -> int:
    """Whole minutes, rounded up."""
    return -(-seconds // 60)
