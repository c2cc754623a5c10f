"""The parameters of Gcore's statistics, in its spelling and strictness, said as our questions — contracts/gcore.md §2, §3."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats.reading import Window
from playhead.vendors.gcore.values import (
    NEVER,
    Boolean,
    Event,
    GcoreQuery,
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
    one_of,
)


def _closed(start: int, end: int, *, names: tuple[str, str]) -> Window:
    """Both ends included, at a resolution of one second — unknown 11, §1.4; of what is no date, an empty one."""
    if NEVER in (start, end):
        return Window(0, 0)
    if start > end:
        raise Failure(Kind.invalid, [Problem(names[0], Rule.order, bounds={"after": names[1]})])
    return Window(start, end + 1)


# What takes `date_from` and `date_to`: the player's statistics, the probes, and cdn/uniqs.


class PeriodQuery(GcoreQuery):
    """A window of the player's statistics."""

    date_from: Instant = Field(description="Start of the window, ISO 8601; without an offset UTC.", examples=["2024-05-01T00:00:00Z"])
    date_to: Instant = Field(description="End of the window, included.", examples=["2024-05-31T23:59:59Z"])

    @property
    def window(self) -> Window:
        return _closed(self.date_from, self.date_to, names=("date_from", "date_to"))


class TypeQuery(PeriodQuery):
    """Views in a window; for the seven plain ones `type` came with the SDK's 0.58.0."""

    type: Type | None = Field(None, description="Only entities of this type.")


class PlayerQuery(TypeQuery):
    """Which viewings count, all conditions together."""

    id: Id | None = Field(None, description="Only the entity with this id, of whatever type where none is given; of a video also its slug.")
    event: Event | None = Field(None, description="How far a viewing must have come; without it `watch`, or all where they are grouped by event.")
    host: str | None = Field(None, description="Only pages of this host, in capitals or not.")
    country: str | None = Field(None, description="Only viewers in this country, ISO 3166-1 alpha-2, in capitals or not.")


class ViewsQuery(PlayerQuery):
    """Views, by what."""

    group: Annotated[list[ViewsGroup], one_of(ViewsGroup)] = Field([], description="Further keys to count by; repeated, or separated by commas.")


class UniquesQuery(PlayerQuery):
    """Addresses, by what."""

    group: Annotated[list[UniquesGroup], one_of(UniquesGroup)] = Field(
        [], description="Keys to count by, without any `date`; repeated, or separated by commas."
    )


class HeatmapQuery(PeriodQuery):
    """One entity in a window."""

    type: Type = Field(description="What the entity is; decides the form of the rows.")
    stream_id: Id = Field(description="Id of the entity, whatever its type; of a video also its slug.")


class CdnUniquesQuery(TypeQuery):
    """Viewers in a window, of entities of a type or of one."""

    id: Id | None = Field(None, description="Only the entity with this id; without `type` it is overlooked. Of a video also its slug.")


class ProbesQuery(PeriodQuery):
    """What arrived of a stream, by intervals."""

    stream_id: Id = Field(description="Id of the live stream.")
    interval: Interval = Field(10, description="Width of an interval, in `units`.")
    units: Units = Field(Units.second, description="What `interval` counts; weeks begin on Monday, months are calendar months.")


# What takes `from` and `to`: the series.


class SeriesPeriodQuery(GcoreQuery):
    """A window of a series."""

    start: Instant = Field(alias="from", description="Start, ISO 8601; without an offset UTC.", examples=["2024-05-01T00:00:00Z"])
    end: Instant = Field(alias="to", description="End, included; what lies after now is not answered.", examples=["2024-05-31T23:59:59Z"])

    @property
    def window(self) -> Window:
        return _closed(self.start, self.end, names=("from", "to"))


class SeriesQuery(SeriesPeriodQuery):
    """A series by intervals."""

    granularity: Granularity = Field(Granularity.hour, description="Width of the intervals, aligned to UTC.")


class ResellerQuery(SeriesQuery):
    """A reseller's series."""

    by_streams: Boolean = Field(False, description="An element for each stream in place of one for the client.")


class LiveFilter(GcoreQuery):
    """Which live streams."""

    stream_id: Integer | None = Field(None, description="Only this stream.")
    client_user_id: Integer | None = Field(None, description="Only streams that carry this number of the owner's.")


class VodFilter(GcoreQuery):
    """Which videos."""

    slug: Id | None = Field(None, description="Only the video with this slug.", examples=["F0000000MxmUA"])
    client_user_id: Integer | None = Field(None, description="Only videos that carry this number of the owner's.")


class LiveViewersQuery(LiveFilter, SeriesQuery):
    """Viewers of live streams by intervals."""


class VodViewersQuery(VodFilter, SeriesQuery):
    """Viewers of videos by intervals."""


class WatchTimePeriodQuery(GcoreQuery):
    """A window that may be open at its end, by intervals."""

    start: Instant = Field(alias="from", description="Start, ISO 8601; without an offset UTC.", examples=["2024-05-01T00:00:00Z"])
    end: Instant | None = Field(None, alias="to", description="End, included; without it now.", examples=["2024-05-31T23:59:59Z"])
    granularity: WatchTimeGranularity = Field(WatchTimeGranularity.hour, description="Width of the intervals, aligned to UTC.")

    def window(self, now: int) -> Window:
        return _closed(self.start, now if self.end is None else self.end, names=("from", "to"))


class LiveWatchTimeQuery(LiveFilter, WatchTimePeriodQuery):
    """Watch time of live streams by intervals."""


class VodWatchTimeQuery(VodFilter, WatchTimePeriodQuery):
    """Watch time of videos by intervals."""


class TotalPeriodQuery(GcoreQuery):
    """A window that may be open at both ends."""

    start: Instant | None = Field(None, alias="from", description="Start, ISO 8601; without it the earliest view.")
    end: Instant | None = Field(None, alias="to", description="End, included; without it now.")

    def window(self, now: int) -> Window | None:
        """The window; None for all there ever was."""
        if self.start is None and self.end is None:
            return None
        end = now if self.end is None else self.end
        return _closed(min(0, end) if self.start is None else self.start, end, names=("from", "to"))


class LiveTotalQuery(LiveFilter, TotalPeriodQuery):
    """Watch time of live streams in all."""


class VodTotalQuery(VodFilter, TotalPeriodQuery):
    """Watch time of videos in all."""


Views = Annotated[ViewsQuery, Query()]
Uniques = Annotated[UniquesQuery, Query()]
OfType = Annotated[TypeQuery, Query()]
Heatmap = Annotated[HeatmapQuery, Query()]
CdnUniques = Annotated[CdnUniquesQuery, Query()]
Probes = Annotated[ProbesQuery, Query()]
SeriesPeriod = Annotated[SeriesPeriodQuery, Query()]
Series = Annotated[SeriesQuery, Query()]
Reseller = Annotated[ResellerQuery, Query()]
LiveViewers = Annotated[LiveViewersQuery, Query()]
VodViewers = Annotated[VodViewersQuery, Query()]
LiveWatchTime = Annotated[LiveWatchTimeQuery, Query()]
VodWatchTime = Annotated[VodWatchTimeQuery, Query()]
LiveTotal = Annotated[LiveTotalQuery, Query()]
VodTotal = Annotated[VodTotalQuery, Query()]
