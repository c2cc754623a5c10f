"""Rows of the fact tables, in the order of their columns."""

from typing import Any, NamedTuple

Row = tuple[Any, ...]  # Any: a row's values are of its columns' types


ENDED_AT_COLUMN = 16  # the column of a viewing


class FactRows(NamedTuple):
    """The facts of one day, by table."""

    viewings: list[Row]
    played_ranges: list[Row]
    labels: list[Row]
    broadcasts: list[Row]
    conversions: list[Row]

    @classmethod
    def empty(cls) -> "FactRows":
        """Room for a day's facts."""
        return cls([], [], [], [], [])

    @property
    def closed_at(self) -> int | None:
        """When the last of the viewings has ended; None without any."""
        return max((row[ENDED_AT_COLUMN] for row in self.viewings), default=None)

    @property
    def max_range_seconds(self) -> int:
        """The length of the longest stretch."""
        return max((row[7] - row[6] for row in self.played_ranges), default=0)

    @property
    def max_start_delay(self) -> int:
        """The longest time from a load to the start of one of its stretches."""
        return max((row[6] - row[11] for row in self.played_ranges), default=0)
