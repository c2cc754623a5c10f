"""Parameters of the delivery statistics."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from playhead.domain.time_range import TimeRange
from playhead.vendors.gcore.param_types import Id, Instant, WatchTimeGranularity
from playhead.vendors.gcore.params import (
    GcoreParams,
    LiveFilter,
    SeriesParams,
    TypedPeriodParams,
    VodFilter,
    _inclusive_range,
)


class CdnUniquesParams(TypedPeriodParams):
    """Viewers in a window, of entities of a type or of one."""

    id: Id | None = Field(
        None,
        description=(
            "Only the entity with this id; without `type` it is overlooked. Of a video also "
            "its slug."
        ),
    )


class LiveViewersParams(LiveFilter, SeriesParams):
    """Viewers of live streams by intervals."""


class VodViewersParams(VodFilter, SeriesParams):
    """Viewers of videos by intervals."""


class WatchTimePeriodParams(GcoreParams):
    """A window that may be open at its end, by intervals."""

    start: Instant = Field(
        alias="from",
        description="Start, ISO 8601; without an offset UTC.",
        examples=["2024-05-01T00:00:00Z"],
    )
    end: Instant | None = Field(
        None,
        alias="to",
        description="End, included; without it now.",
        examples=["2024-05-31T23:59:59Z"],
    )
    granularity: WatchTimeGranularity = Field(
        WatchTimeGranularity.hour, description="Width of the intervals, aligned to UTC."
    )

    def window(self, now: int) -> TimeRange:
        return _inclusive_range(
            self.start, now if self.end is None else self.end, fields=("from", "to")
        )


class LiveWatchTimeParams(LiveFilter, WatchTimePeriodParams):
    """Watch time of live streams by intervals."""


class VodWatchTimeParams(VodFilter, WatchTimePeriodParams):
    """Watch time of videos by intervals."""


class TotalPeriodParams(GcoreParams):
    """A window that may be open at both ends."""

    start: Instant | None = Field(
        None, alias="from", description="Start, ISO 8601; without it the earliest view."
    )
    end: Instant | None = Field(None, alias="to", description="End, included; without it now.")

    def window(self, now: int) -> TimeRange | None:
        """The window; None for all there ever was."""
        if self.start is None and self.end is None:
            return None
        end = now if self.end is None else self.end
        return _inclusive_range(
            min(0, end) if self.start is None else self.start, end, fields=("from", "to")
        )


class LiveTotalParams(LiveFilter, TotalPeriodParams):
    """Watch time of live streams in all."""


class VodTotalParams(VodFilter, TotalPeriodParams):
    """Watch time of videos in all."""


CdnUniquesQueryParams = Annotated[CdnUniquesParams, Query()]


LiveViewersQueryParams = Annotated[LiveViewersParams, Query()]


VodViewersQueryParams = Annotated[VodViewersParams, Query()]


LiveWatchTimeQueryParams = Annotated[LiveWatchTimeParams, Query()]


VodWatchTimeQueryParams = Annotated[VodWatchTimeParams, Query()]


LiveTotalQueryParams = Annotated[LiveTotalParams, Query()]


VodTotalQueryParams = Annotated[VodTotalParams, Query()]
