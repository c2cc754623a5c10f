"""/data: a metric as one figure, by dimension, and over time — evidence/apivideo.md §3.6–3.8."""

from fastapi import APIRouter, Request

from playhead.analytics.query import Dimension
from playhead.gateway.vendor_app import CurrentSnapshot
from playhead.vendors.apivideo import pagination
from playhead.vendors.apivideo.client_compat import CompatRoute
from playhead.vendors.apivideo.data import compute as data_compute
from playhead.vendors.apivideo.data import dimensions, metrics
from playhead.vendors.apivideo.data import params as queries
from playhead.vendors.apivideo.data.compute import _metric_query, _time_range
from playhead.vendors.apivideo.data.mapper import _optional_timeframe, _timeframe
from playhead.vendors.apivideo.data.params import (
    AggregationPath,
    BreakdownMetricPath,
    DimensionPath,
    MetricPath,
    RetentionDays,
    TimeseriesMetricPath,
    _unsupported_choice,
)
from playhead.vendors.apivideo.data.schemas import (
    Breakdown,
    BreakdownContext,
    Bucket,
    Metric,
    MetricContext,
    Point,
    Series,
    SeriesContext,
)

routes = APIRouter(route_class=CompatRoute, prefix="/data")


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
    rows = data_compute.sort_rows(
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
    rows = data_compute.sort_rows(
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
