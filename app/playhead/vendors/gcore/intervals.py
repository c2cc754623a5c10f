"""Intervals of time as Gcore's series have them: widths, calendar months, the first of each, and how many are too many. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime

from playhead.clock import DAY, WEEK, utc
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats.reading import Window
from playhead.vendors.gcore.values import Units

MOST_POINTS = 100_000  # of a series, or rows of an answer — unknown 12
MONTH = "1mo"
WIDTHS = {"1m": 60, "5m": 300, "15m": 900, "1h": 3600, "1d": DAY, MONTH: DAY}
UNITS = {Units.second: 1, Units.minute: 60, Units.hour: 3600, Units.day: DAY, Units.week: WEEK}
_MONDAY = 4 * DAY  # 1970-01-05
_FIRST = int(datetime(1, 1, 1, tzinfo=UTC).timestamp())


def until_now(window: Window, now: int) -> Window:
    """A window of which nothing lies after now — unknown 4."""
    return Window(window.start, min(window.end, now + 1))


def starts(window: Window, granularity: str, *, field: str = "granularity") -> Sequence[int]:
    """The first instant of every interval that touches a window; `field` is what to name where they are too many."""
    if window.end <= window.start:
        return ()
    if granularity == MONTH:
        return [first_of(month) for month in range(month_of(window.start), month_of(window.end - 1) + 1)]
    width = WIDTHS[granularity]
    found = range(window.start // width * width, window.end, width)
    refuse_more(len(found), field=field, given=granularity)
    return found


def refuse_more(points: int, *, field: str, given: str | None = None) -> None:
    """Refuse what has more points or rows than are answered."""
    if points > MOST_POINTS:
        raise Failure(Kind.invalid, [Problem(field, Rule.too_many, given, {"count": points, "maximum": MOST_POINTS})])


def start_of(instant: int, interval: int, units: Units) -> int:
    """The start of the interval of so many units that an instant lies in: from 1970 on, weeks from a Monday, months from year 0 — §3.12."""
    if units is Units.month:
        return first_of(max(month_of(instant) // interval * interval, 12))  # there is no year 0
    width, offset = interval * UNITS[units], _MONDAY if units is Units.week else 0
    return max((instant - offset) // width * width + offset, _FIRST)


def month_of(instant: int) -> int:
    """The calendar month of an instant, counted from year 0."""
    moment = utc(instant)
    return moment.year * 12 + moment.month - 1


def first_of(month: int) -> int:
    """The first instant of a month that is counted from year 0."""
    return int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp())
