"""/data: a metric as one figure, by dimension, and over time — evidence/apivideo.md §3.6–3.8."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import MISSING

from playhead.analytics.query import Dimension
from playhead.analytics.snapshot import Snapshot
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.time_range import TimeRange
from playhead.gateway.vendor_app import CurrentSnapshot
from playhead.vendors.apivideo import pagination, vocabulary
from playhead.vendors.apivideo.client_compat import CompatRoute
from playhead.vendors.apivideo.data import dimensions, metrics
from playhead.vendors.apivideo.data import params as queries
from playhead.vendors.apivideo.data.dimensions import FilterValues
from playhead.vendors.apivideo.data.metrics import MetricQuery
from playhead.vendors.apivideo.data.params import MetricParams, RetentionDays
from playhead.vendors.apivideo.data.schemas import (
    Breakdown,
    BreakdownContext,
    Bucket,
    Metric,
    MetricContext,
    Point,
    Series,
    SeriesContext,
    Timeframe,
)
from playhead.vendors.apivideo.sessions import compute

routes = APIRouter(route_class=CompatRoute, prefix="/data")

MetricPath = Annotated[queries.MetricName, Path(description="What is counted.")]
BreakdownMetricPath = Annotated[queries.BreakdownMetricName, Path(description="What is counted.")]
TimeseriesMetricPath = Annotated[queries.TimeseriesMetricName, Path(description="What is counted.")]
AggregationPath = Annotated[
    queries.AggregationName,
    Path(
        description=(
            "How: play has count, rate and total, times have average and sum, ccv has "
            "average, peak and live, all else count."
        )
    ),
]
DimensionPath = Annotated[
    queries.DimensionName, Path(description="By what; play-total by media-id only.")
]


@routes.get("/metrics/{metric}/{aggregation}", openapi_extra=queries.FILTER_PARAMETER)
def metric(
    metric: MetricPath,
    aggregation: AggregationPath,
    params: queries.MetricQueryParams,
    filters: queries.MetricFilterValues,
    snapshot: CurrentSnapshot,
    retention_days: RetentionDays,
) -> Metric:
    """A metric as one figure."""
    measure = metrics.METRICS[metric].get(aggregation)
    if measure is None:
        raise _unsupported_choice("aggregation", aggregation, metrics.METRICS[metric])
    metric_query = _metric_query(
        snapshot,
        params,
        filters,
        _time_range(params, snapshot, retention_days, metric, aggregation),
    )
    context = MetricContext(
        metric=metrics.answer_name(metric, metric_query),
        aggregation=aggregation,
        timeframe=_optional_timeframe(metric_query.time_range),
    )
    return Metric(
        context=context, data=measure(snapshot, metric_query, dimensions.TOTAL).get("", 0)
    )


@routes.get("/buckets/{metric}/{breakdown}", openapi_extra=queries.FILTER_PARAMETER)
def metric_breakdown(
    metric: BreakdownMetricPath,
    breakdown: DimensionPath,
    params: queries.BreakdownQueryParams,
    filters: queries.BreakdownFilterValues,
    snapshot: CurrentSnapshot,
    retention_days: RetentionDays,
    request: Request,
) -> Breakdown:
    """A metric by one dimension: where, on what and of what it was watched."""
    if metric == "play-total" and breakdown != dimensions.MEDIA_ID:
        raise _unsupported_choice("breakdown", breakdown, [dimensions.MEDIA_ID])
    metric_query = _metric_query(
        snapshot, params, filters, _time_range(params, snapshot, retention_days, metric)
    )
    found = metrics.BREAKDOWN_METRICS[metric](
        snapshot, metric_query, dimensions.by_dimension(snapshot, breakdown)
    )
    rows = compute.sort_rows(
        found,
        sort_by=params.sort_by or "metricValue",
        direction=params.sort_order or ("asc" if params.sort_by else "desc"),
    )
    page = pagination.page_of(rows, params)
    return Breakdown(
        context=BreakdownContext(
            metric=metrics.answer_name(metric, metric_query),
            breakdown=breakdown,
            timeframe=_optional_timeframe(metric_query.time_range),
        ),
        data=[Bucket(metric_value=figure, dimension_value=word) for word, figure in page],
        pagination=pagination.build_pagination(request, params, items=len(page), total=len(rows)),
    )


@routes.get("/timeseries/{metric}", openapi_extra=queries.FILTER_PARAMETER)
def metric_over_time(
    metric: TimeseriesMetricPath,
    params: queries.SeriesQueryParams,
    filters: queries.SeriesFilterValues,
    snapshot: CurrentSnapshot,
    retention_days: RetentionDays,
    request: Request,
) -> Series:
    """A metric over time, by minute, hour or day."""
    time_range = params.time_range(snapshot.account.now, retention_days)
    interval = params.interval_for(time_range)
    metric_query = _metric_query(snapshot, params, filters, time_range)
    found = metrics.BREAKDOWN_METRICS[metric](
        snapshot, metric_query, dimensions.over_time(Dimension(interval))
    )
    rows = compute.sort_rows(
        found, sort_by=params.sort_by or "emittedAt", direction=params.sort_order or "asc"
    )
    page = pagination.page_of(rows, params)
    return Series(
        context=SeriesContext(
            metric=metrics.answer_name(metric, metric_query),
            interval=interval,
            timeframe=_timeframe(time_range),
        ),
        data=[Point(emitted_at=start, metric_value=figure) for start, figure in page],
        pagination=pagination.build_pagination(request, params, items=len(page), total=len(rows)),
    )


def _time_range(
    params: MetricParams,
    snapshot: Snapshot,
    retention_days: int,
    metric: str,
    aggregation: str = "",
) -> TimeRange | None:
    """What is counted: all there ever was, the last seconds, or the timeframe that is asked for."""
    if queries.is_lifetime(metric, aggregation):
        return None
    if aggregation == "live":
        return TimeRange(snapshot.account.now + 1 - metrics.LIVE_SECONDS, snapshot.account.now + 1)
    return params.time_range(snapshot.account.now, retention_days)


def _metric_query(
    snapshot: Snapshot, params: MetricParams, filters: FilterValues, time_range: TimeRange | None
) -> MetricQuery:
    return MetricQuery(
        time_range, dimensions.to_filters(snapshot, filters), params.unique, params.view_duration
    )


def _optional_timeframe(time_range: TimeRange | None) -> Timeframe | MISSING:
    return MISSING if time_range is None else _timeframe(time_range)


def _timeframe(time_range: TimeRange) -> Timeframe:
    return Timeframe(
        from_=vocabulary.format_atom(time_range.start), to=vocabulary.format_atom(time_range.end)
    )


def _unsupported_choice(field: str, value: str, choices: Iterable[str]) -> ApiError:
    return ApiError(
        ErrorKind.invalid, [Violation(field, Rule.choice, value, {"choices": ", ".join(choices)})]
    )
