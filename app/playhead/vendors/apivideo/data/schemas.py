"""api.video's answers to what is counted, key by key:

plays, metrics, their buckets and series — evidence/apivideo.md §3.4–3.8.
"""

from typing import Literal

from pydantic import MISSING, BaseModel, Field

from playhead.vendors.apivideo.pagination import Pagination


class Timeframe(BaseModel):
    """What was counted: from an instant up to, not including, another; UTC."""

    from_: str = Field(serialization_alias="from")
    to: str


class MetricContext(BaseModel):
    """What was asked.

    Uniqueness and duration are part of the metric's name. Lifetime figures have no timeframe.
    """

    metric: str
    aggregation: str
    timeframe: Timeframe | MISSING


class Metric(BaseModel):
    """One figure."""

    context: MetricContext
    data: int | float


class BreakdownContext(BaseModel):
    """What was asked.

    Uniqueness and duration are part of the metric's name. Lifetime figures have no timeframe.
    """

    metric: str
    breakdown: str
    timeframe: Timeframe | MISSING


class Bucket(BaseModel):
    """The figure of one id or word; a referrer that is not known is empty."""

    metric_value: int | float = Field(serialization_alias="metricValue")
    dimension_value: str = Field(serialization_alias="dimensionValue")


class Breakdown(BaseModel):
    """A metric by one dimension, without what has none of it."""

    context: BreakdownContext
    data: list[Bucket]
    pagination: Pagination


class SeriesContext(BaseModel):
    """What was asked; uniqueness and duration are part of the metric's name."""

    metric: str
    interval: Literal["minute", "hour", "day"]
    timeframe: Timeframe


class Point(BaseModel):
    """The figure of one minute, hour or day, by when it begins."""

    emitted_at: str = Field(serialization_alias="emittedAt")
    metric_value: int | float = Field(serialization_alias="metricValue")


class Series(BaseModel):
    """A metric over time, without the intervals that have none of it."""

    context: SeriesContext
    data: list[Point]
    pagination: Pagination
