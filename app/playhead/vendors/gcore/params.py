"""The parameters of Gcore's statistics, in its spelling and strictness, said as our questions —
evidence/gcore.md §2, §3.
"""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.time_range import TimeRange
from playhead.vendors.gcore.param_types import (
    NO_DATE,
    Boolean,
    Event,
    GcoreParams,
    Granularity,
    Id,
    Instant,
    Integer,
    Interval,
    Type,
    UniquesGroup,
    Units,
    ViewsGroup,
    WatchTimeGranularity,
    choice_list,
)


def _inclusive_range(start: int, end: int, *, fields: tuple[str, str]) -> TimeRange:
    """Both ends included, at a resolution of one second — unknown 11, §1.4.

    Of what is no date, an empty one.
    """
    if NO_DATE in (start, end):
        return TimeRange(0, 0)
    if start > end:
        raise ApiError(
            ErrorKind.invalid, [Violation(fields[0], Rule.order, bounds={"after": fields[1]})]
        )
    return TimeRange(start, end + 1)


# What takes `date_from` and `date_to`: the player's statistics, the probes, and cdn/uniqs.


class PeriodParams(GcoreParams):
    """A window of the player's statistics."""

    date_from: Instant = Field(
        description="Start of the window, ISO 8601; without an offset UTC.",
        examples=["2024-05-01T00:00:00Z"],
    )
    date_to: Instant = Field(
        description="End of the window, included.", examples=["2024-05-31T23:59:59Z"]
    )

    @property
    def window(self) -> TimeRange:
        return _inclusive_range(self.date_from, self.date_to, fields=("date_from", "date_to"))


class TypedPeriodParams(PeriodParams):
    """Views in a window; for the seven plain ones `type` came with the SDK's 0.58.0."""

    type: Type | None = Field(None, description="Only entities of this type.")


class PlayerParams(TypedPeriodParams):
    """Which viewings count, all conditions together."""

    id: Id | None = Field(
        None,
        description=(
            "Only the entity with this id, of whatever type where none is given; of a video "
            "also its slug."
        ),
    )
    event: Event | None = Field(
        None,
        description=(
            "How far a viewing must have come; without it `watch`, or all where they are "
            "grouped by event."
        ),
    )
    host: str | None = Field(None, description="Only pages of this host, in capitals or not.")
    country: str | None = Field(
        None, description="Only viewers in this country, ISO 3166-1 alpha-2, in capitals or not."
    )


class ViewsParams(PlayerParams):
    """Views, by what."""

    group: Annotated[list[ViewsGroup], choice_list(ViewsGroup)] = Field(
        [], description="Further keys to count by; repeated, or separated by commas."
    )


class UniquesParams(PlayerParams):
    """Addresses, by what."""

    group: Annotated[list[UniquesGroup], choice_list(UniquesGroup)] = Field(
        [], description="Keys to count by, without any `date`; repeated, or separated by commas."
    )


class HeatmapParams(PeriodParams):
    """One entity in a window."""

    type: Type = Field(description="What the entity is; decides the form of the rows.")
    stream_id: Id = Field(
        description="Id of the entity, whatever its type; of a video also its slug."
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


class ProbesParams(PeriodParams):
    """What arrived of a stream, by intervals."""

    stream_id: Id = Field(description="Id of the live stream.")
    interval: Interval = Field(10, description="Width of an interval, in `units`.")
    units: Units = Field(
        Units.second,
        description="What `interval` counts; weeks begin on Monday, months are calendar months.",
    )


# What takes `from` and `to`: the series.


class SeriesPeriodParams(GcoreParams):
    """A window of a series."""

    start: Instant = Field(
        alias="from",
        description="Start, ISO 8601; without an offset UTC.",
        examples=["2024-05-01T00:00:00Z"],
    )
    end: Instant = Field(
        alias="to",
        description="End, included; what lies after now is not answered.",
        examples=["2024-05-31T23:59:59Z"],
    )

    @property
    def window(self) -> TimeRange:
        return _inclusive_range(self.start, self.end, fields=("from", "to"))


class SeriesParams(SeriesPeriodParams):
    """A series by intervals."""

    granularity: Granularity = Field(
        Granularity.hour, description="Width of the intervals, aligned to UTC."
    )


class ResellerParams(SeriesParams):
    """A reseller's series."""

    by_streams: Boolean = Field(
        False, description="An element for each stream in place of one for the client."
    )


class LiveFilter(GcoreParams):
    """Which live streams."""

    stream_id: Integer | None = Field(None, description="Only this stream.")
    client_user_id: Integer | None = Field(
        None, description="Only streams that carry this number of the owner's."
    )


class VodFilter(GcoreParams):
    """Which videos."""

    slug: Id | None = Field(
        None, description="Only the video with this slug.", examples=["F0000000MxmUA"]
    )
    client_user_id: Integer | None = Field(
        None, description="Only videos that carry this number of the owner's."
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


ViewsQueryParams = Annotated[ViewsParams, Query()]
UniquesQueryParams = Annotated[UniquesParams, Query()]
TypedPeriodQueryParams = Annotated[TypedPeriodParams, Query()]
HeatmapQueryParams = Annotated[HeatmapParams, Query()]
CdnUniquesQueryParams = Annotated[CdnUniquesParams, Query()]
ProbesQueryParams = Annotated[ProbesParams, Query()]
SeriesPeriodQueryParams = Annotated[SeriesPeriodParams, Query()]
SeriesQueryParams = Annotated[SeriesParams, Query()]
ResellerQueryParams = Annotated[ResellerParams, Query()]
LiveViewersQueryParams = Annotated[LiveViewersParams, Query()]
VodViewersQueryParams = Annotated[VodViewersParams, Query()]
LiveWatchTimeQueryParams = Annotated[LiveWatchTimeParams, Query()]
VodWatchTimeQueryParams = Annotated[VodWatchTimeParams, Query()]
LiveTotalQueryParams = Annotated[LiveTotalParams, Query()]
VodTotalQueryParams = Annotated[VodTotalParams, Query()]
