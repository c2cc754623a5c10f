"""/data: a metric as one figure, by dimension, and over time — contracts/apivideo.md §3.6–3.8."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import MISSING

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats.counting import By
from playhead.stats.reading import Reading, Window
from playhead.vendor import Asked
from playhead.vendors.apivideo import dimensions, figures, measures, pages, words
from playhead.vendors.apivideo import queries_data as queries
from playhead.vendors.apivideo.dimensions import Filters
from playhead.vendors.apivideo.measures import Question
from playhead.vendors.apivideo.profile import FittedRoute
from playhead.vendors.apivideo.queries_data import MetricQuery, Retention
from playhead.vendors.apivideo.shapes_counts import Breakdown, BreakdownContext, Bucket, Metric, MetricContext, Point, Series, SeriesContext, Timeframe

routes = APIRouter(route_class=FittedRoute, prefix="/data")

MetricName = Annotated[queries.MetricName, Path(description="What is counted.")]
PartedName = Annotated[queries.PartedName, Path(description="What is counted.")]
TimedName = Annotated[queries.TimedName, Path(description="What is counted.")]
Aggregation = Annotated[
    queries.Aggregation, Path(description="How: play has count, rate and total, times have average and sum, ccv has average, peak and live, all else count.")
]
Dimension = Annotated[queries.Dimension, Path(description="By what; play-total by media-id only.")]


@routes.get("/metrics/{metric}/{aggregation}", openapi_extra=queries.FILTER_PARAMETER)
def metric(metric: MetricName, aggregation: Aggregation, query: queries.Metric, filters: queries.MetricFilters, asked: Asked, kept: Retention) -> Metric:
    """A metric as one figure."""
    measure = measures.METRICS[metric].get(aggregation)
    if measure is None:
        raise _unsupported("aggregation", aggregation, measures.METRICS[metric])
    question = _question(asked, query, filters, _within(query, asked, kept, metric, aggregation))
    context = MetricContext(metric=measures.named(metric, question), aggregation=aggregation, timeframe=_told(question.within))
    return Metric(context=context, data=measure(asked, question, dimensions.WHOLE).get("", 0))


@routes.get("/buckets/{metric}/{breakdown}", openapi_extra=queries.FILTER_PARAMETER)
def metric_breakdown(
    metric: PartedName,
    breakdown: Dimension,
    query: queries.Breakdown,
    filters: queries.BreakdownFilters,
    asked: Asked,
    kept: Retention,
    request: Request,
) -> Breakdown:
    """A metric by one dimension: where, on what and of what it was watched."""
    if metric == "play-total" and breakdown != dimensions.MEDIA_ID:
        raise _unsupported("breakdown", breakdown, [dimensions.MEDIA_ID])
    question = _question(asked, query, filters, _within(query, asked, kept, metric))
    found = measures.PARTED[metric](asked, question, dimensions.by_dimension(asked, breakdown))
    rows = figures.ordered(found, by=query.sort_by or "metricValue", direction=query.sort_order or ("asc" if query.sort_by else "desc"))
    page = pages.sliced(rows, query)
    return Breakdown(
        context=BreakdownContext(metric=measures.named(metric, question), breakdown=breakdown, timeframe=_told(question.within)),
        data=[Bucket(metric_value=figure, dimension_value=word) for word, figure in page],
        pagination=pages.pagination(request, query, items=len(page), total=len(rows)),
    )


@routes.get("/timeseries/{metric}", openapi_extra=queries.FILTER_PARAMETER)
def metric_over_time(metric: TimedName, query: queries.Series, filters: queries.SeriesFilters, asked: Asked, kept: Retention, request: Request) -> Series:
    """A metric over time, by minute, hour or day."""
    within = query.within(asked.account.now, kept)
    interval, question = query.every(within), _question(asked, query, filters, within)
    found = measures.PARTED[metric](asked, question, dimensions.over_time(By(interval)))
    rows = figures.ordered(found, by=query.sort_by or "emittedAt", direction=query.sort_order or "asc")
    page = pages.sliced(rows, query)
    return Series(
        context=SeriesContext(metric=measures.named(metric, question), interval=interval, timeframe=_timeframe(within)),
        data=[Point(emitted_at=start, metric_value=figure) for start, figure in page],
        pagination=pages.pagination(request, query, items=len(page), total=len(rows)),
    )


def _within(query: MetricQuery, asked: Reading, kept: int, metric: str, aggregation: str = "") -> Window | None:
    """What is counted: all there ever was, the last seconds, or the timeframe that is asked for."""
    if queries.is_lifetime(metric, aggregation):
        return None
    if aggregation == "live":
        return Window(asked.account.now + 1 - measures.LIVE, asked.account.now + 1)
    return query.within(asked.account.now, kept)


def _question(asked: Reading, query: MetricQuery, filters: Filters, within: Window | None) -> Question:
    return Question(within, dimensions.among(asked, filters), query.unique, query.view_duration)


def _told(within: Window | None) -> Timeframe | MISSING:
    return MISSING if within is None else _timeframe(within)


def _timeframe(within: Window) -> Timeframe:
    return Timeframe(from_=words.atom(within.start), to=words.atom(within.end))


def _unsupported(field: str, given: str, choices: Iterable[str]) -> Failure:
    return Failure(Kind.invalid, [Problem(field, Rule.choice, given, {"choices": ", ".join(choices)})])
