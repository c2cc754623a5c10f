"""The parameters of Gcore's statistics, in its spelling and strictness, said as our questions —
evidence/gcore.md §2, §3.
"""

from pydantic import BaseModel, Field, model_validator

from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.time_range import TimeRange
from playhead.vendors.gcore.param_types import (
    NO_DATE,
    Granularity,
    Id,
    Instant,
    Integer,
    Type,
)


class GcoreParams(BaseModel):
    """Parameters of one operation.

    An empty one is one that is not set, as Go's client sends it — §1.6.
    """

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in values.items() if value != ""}


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
