"""Intervals of Gcore's series and probes, and how many are too many."""

import pytest

from playhead.domain.clock import parse_instant
from playhead.domain.errors import ApiError, ErrorKind, Rule
from playhead.domain.time_range import TimeRange
from playhead.vendors.gcore.intervals import (
    MAX_POINTS,
    interval_start,
    interval_starts,
    limit_points,
)
from playhead.vendors.gcore.param_types import Units

AT = parse_instant("2024-05-09T10:11:12Z")  # a Thursday


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
    assert interval_start(AT, interval, units) == parse_instant(start)


def test_before_1970_an_interval_begins_in_the_calendar() -> None:
    assert interval_start(-1, 10, Units.second) == -10
    assert interval_start(-1, 10**17, Units.day) == parse_instant("0001-01-01")


def test_starts_are_of_every_interval_that_is_touched() -> None:
    assert list(interval_starts(TimeRange(59, 121), "1m")) == [0, 60, 120]
    assert list(interval_starts(TimeRange(60, 60), "1m")) == []
    assert list(interval_starts(TimeRange(AT, AT + 1), "1mo")) == [parse_instant("2024-05-01")]


def test_a_hundred_thousand_are_answered_and_no_more() -> None:
    assert len(interval_starts(TimeRange(0, 60 * MAX_POINTS), "1m")) == MAX_POINTS
    for refused in (
        lambda: interval_starts(TimeRange(0, 60 * MAX_POINTS + 1), "1m"),
        lambda: limit_points(MAX_POINTS + 1, field="granularity"),
    ):
        with pytest.raises(ApiError) as failure:
            refused()
        (problem,) = failure.value.violations
        assert (failure.value.kind, problem.field, problem.rule) == (
            ErrorKind.invalid,
            "granularity",
            Rule.too_many,
        )
