"""Rows of the fact tables, in the order of their columns."""

from typing import Any, NamedTuple

Row = tuple[Any, ...]  # Any: a row's values are of its columns' types


ENDED_AT = 16  # the column of a viewing


class Rows(NamedTuple):
    """The facts of one day, by table."""

    viewings: list[Row]
    stretches: list[Row]
    labels: list[Row]
    broadcasts: list[Row]
    conversions: list[Row]

    @classmethod
    def none(cls) -> "Rows":
        """Room for a day's facts."""
        return cls([], [], [], [], [])

    @property
    def settled_at(self) -> int | None:
        """When the last of the viewings has ended; None without any."""
        return max((row[ENDED_AT] for row in self.viewings), default=None)

    @property
    def longest(self) -> int:
        """The length of the longest stretch."""
        return max((row[7] - row[6] for row in self.stretches), default=0)

    @property
    def linger(self) -> int:
        """The longest time from a load to the start of one of its stretches."""
        return max((row[6] - row[11] for row in self.stretches), default=0)
