"""Rows in the order of a figure: a total one, so that equal rows come by their name."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from playhead.vendors.wistia.analytics.figures import People, Sums


class Counted(Protocol):
    """What has been counted."""

    @property
    def sums(self) -> Sums: ...
    @property
    def people(self) -> People: ...


Row = TypeVar("Row", bound=Counted)
FIGURES: Mapping[str, Callable[[Counted], float]] = {
    "plays": lambda row: row.sums.plays,
    "loads": lambda row: row.sums.loads,
    "play_rate": lambda row: row.sums.play_rate,
    "engagement_rate": lambda row: row.sums.engagement_rate,
    "played_time": lambda row: row.sums.played_time,
    "unique_visitors": lambda row: row.people.loads,
}


def ranked(rows: Iterable[Row], *, by: str, direction: str, limit: int, name: Callable[[Row], Any]) -> list[Row]:  # Any: what can be compared
    """The first rows by a figure of theirs, equal ones by name."""
    figure, sign = FIGURES[by], -1 if direction == "desc" else 1
    return sorted(rows, key=lambda row: (sign * figure(row), name(row)))[:limit]
