"""Rows in the order of a figure: a total one, so that equal rows come by their name."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from playhead.vendors.wistia.analytics.compute import MediaTotals, UniqueCounts


class Rankable(Protocol):
    """What has been counted."""

    @property
    def totals(self) -> MediaTotals: ...
    @property
    def uniques(self) -> UniqueCounts: ...


Row = TypeVar("Row", bound=Rankable)
SORT_KEYS: Mapping[str, Callable[[Rankable], float]] = {
    "plays": lambda row: row.totals.plays,
    "loads": lambda row: row.totals.loads,
    "play_rate": lambda row: row.totals.play_rate,
    "engagement_rate": lambda row: row.totals.engagement_rate,
    "played_time": lambda row: row.totals.played_time,
    "unique_visitors": lambda row: row.uniques.loads,
}


def rank(
    rows: Iterable[Row], *, sort_by: str, direction: str, limit: int, name: Callable[[Row], Any]
) -> list[Row]:  # Any: what can be compared
    """The first rows by a figure of theirs, equal ones by name."""
    figure = SORT_KEYS[sort_by]
    sign = -1 if direction == "desc" else 1
    return sorted(rows, key=lambda row: (sign * figure(row), name(row)))[:limit]
