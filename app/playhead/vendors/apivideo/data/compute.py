"""Order of breakdowns, and the question that a request asks."""

from collections.abc import Mapping

from playhead.analytics.snapshot import Snapshot
from playhead.domain.time_range import TimeRange
from playhead.vendors.apivideo.data import dimensions, metrics
from playhead.vendors.apivideo.data import params as queries
from playhead.vendors.apivideo.data.dimensions import FilterValues
from playhead.vendors.apivideo.data.metrics import MetricQuery
from playhead.vendors.apivideo.data.params import MetricParams


def sort_rows(
    values: Mapping[str, int | float], *, sort_by: str, direction: str
) -> list[tuple[str, int | float]]:
    """(word or instant, figure) of all that have any, by `metricValue` or by word.

    What is equal by word — §3.7.
    """
    rows = sorted((word, figure) for word, figure in values.items() if figure)
    return sorted(
        rows,
        key=lambda row: row[1] if sort_by == "metricValue" else row[0],
        reverse=direction == "desc",
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
