"""`period`: years, months, weeks, days, and ranges of them, as a window.

Pure — evidence/apivideo.md §3.0.
"""

import re
from collections.abc import Callable
from datetime import date

from playhead.domain.clock import DAY, parse_instant
from playhead.domain.time_range import TimeRange

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
# A `+` that nobody encoded arrives as a blank before the offset.
_LOST_PLUS = re.compile(r" (?=\d\d:?\d\d$)")


def parse_period(text: str) -> TimeRange:
    """The window that a period says, up to the end of its last day; raises ValueError."""
    first, slash, last = text.partition("/")
    start, end = _days(first)
    if slash:
        end = _days(last)[1]
    if start >= end:
        raise ValueError("reversed range")
    return TimeRange(start * DAY, end * DAY)


def _days(text: str) -> tuple[int, int]:
    """The first day of one form and the day after its last, counted from 1970-01-01."""
    for form, read in _PARSERS.items():
        if re.fullmatch(form, text, re.ASCII):
            return read(text)
    raise ValueError("no form of a period")


def _year(text: str) -> tuple[int, int]:
    first = date(int(text), 1, 1)
    return _days_from(first, days=date(first.year, 12, 31).timetuple().tm_yday)


def _month(text: str) -> tuple[int, int]:
    first = date.fromisoformat(f"{text}-01")
    following = 31 if first.month == 12 else (first.replace(month=first.month + 1) - first).days
    return _days_from(first, days=following)


def _week(text: str) -> tuple[int, int]:
    return _days_from(date.fromisocalendar(int(text[:4]), int(text[6:]), 1), days=7)


def _day(text: str) -> tuple[int, int]:
    return _days_from(date.fromisoformat(text), days=1)


def _instant(text: str) -> tuple[int, int]:
    # Quirk 8: a timestamp is an artefact of the documentation and stands for its UTC day — §0.8.
    day = parse_instant(_LOST_PLUS.sub("+", text)) // DAY
    return day, day + 1


def _days_from(first: date, *, days: int) -> tuple[int, int]:
    start = first.toordinal() - _EPOCH_ORDINAL
    return start, start + days


_PARSERS: dict[str, Callable[[str], tuple[int, int]]] = {
    r"\d{4}": _year,
    r"\d{4}-\d\d": _month,
    r"\d{4}-W\d\d": _week,
    r"\d{4}-\d\d-\d\d": _day,
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+ -]\d\d:?\d\d)?": _instant,
}
_SINGLE_PATTERN = f"({'|'.join(_PARSERS)})"
PATTERN = f"^({_SINGLE_PATTERN}(/{_SINGLE_PATTERN})?)?$".replace(
    r"\d", "[0-9]"
)  # what any of them looks like, for the exported description; a calendar says more
