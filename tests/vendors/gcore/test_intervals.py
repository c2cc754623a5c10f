"""Intervals of Gcore's series and probes, and how many are too many."""

import pytest

from playhead.clock import instant_of
from playhead.failure import Failure, Kind, Rule
from playhead.stats.reading import Window
from playhead.vendors.gcore.intervals import MOST_POINTS, refuse_more, start_of, starts
from playhead.vendors.gcore.values import Units

AT = instant_of("2024-05-09T10:11:12Z")  # a Thursday


@pytest.mark.parametrize(
    ("interval", "units", "start"),
    [
        (10, Units.second, "2024-05-09T10:11:10Z"),
        (1, Units.minute, "2024-05-09T10:11:00Z"),
        (100, Units.minute, "2024-05-09T08:40:00Z"),
        (1, Units.hour, "2024-05-09T10:00:00Z"),
        (1, Units.day, "2024-05-09"),
        (1, Units.week, "2024-05-06"),
        (2, Units.week, "2024-04-29"),
        (1, Units.month, "2024-05-01"),
        (3, Units.month, "2024-04-01"),
        (12, Units.month, "2024-01-01"),
        (10**17, Units.second, "1970-01-01"),
        (10**17, Units.week, "1970-01-05"),
        (10**17, Units.month, "0001-01-01"),
    ],
)
def test_the_interval_that_an_instant_lies_in(interval: int, units: Units, start: str) -> None:
    assert start_of(AT, interval, units) == instant_of(start)


def test_before_1970_an_interval_begins_in_the_calendar() -> None:
    assert start_of(-1, 10, Units.second) == -10
    assert start_of(-1, 10**17, Units.day) == instant_of("0001-01-01")


def test_starts_are_of_every_interval_that_is_touched() -> None:
    assert list(starts(Window(59, 121), "1m")) == [0, 60, 120]
    assert list(starts(Window(60, 60), "1m")) == []
    assert list(starts(Window(AT, AT + 1), "1mo")) == [instant_of("2024-05-01")]


def test_a_hundred_thousand_are_answered_and_no_more() -> None:
    assert len(starts(Window(0, 60 * MOST_POINTS), "1m")) == MOST_POINTS
    for refused in (lambda: starts(Window(0, 60 * MOST_POINTS + 1), "1m"), lambda: refuse_more(MOST_POINTS + 1, field="granularity")):
        with pytest.raises(Failure) as failure:
            refused()
        (problem,) = failure.value.problems
        assert (failure.value.kind, problem.field, problem.rule) == (Kind.invalid, "granularity", Rule.too_many)
