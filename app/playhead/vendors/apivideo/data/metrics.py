"""What api.video's metrics are:

which there are, what each is computed of, and by what name the answer calls it —
evidence/apivideo.md §3.6–3.8.
"""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from playhead.analytics import aggregates, concurrency, uniques, watch_time
from playhead.analytics.aggregates import Measures
from playhead.analytics.concurrency import Concurrency
from playhead.analytics.query import NO_FILTERS, Filters, Milestone
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.uniques import UniqueBy
from playhead.domain.time_range import TimeRange
from playhead.vendors.apivideo.data.dimensions import Breakdown
from playhead.vendors.apivideo.vocabulary import Duration

LIVE_SECONDS = 20  # seconds of which `live` is the peak — §3.6


class MetricQuery(NamedTuple):
    """Which viewings are counted, and how; a window of None is all there ever was."""

    time_range: TimeRange | None
    filters: Filters = NO_FILTERS
    unique: bool = False
    duration: Duration = Duration.five


MetricValues = dict[str, int | float]
MetricFunction = Callable[[Snapshot, MetricQuery, Breakdown], MetricValues]


def _from_measures(value: Callable[[Measures], int | float]) -> MetricFunction:
    """A measure that is computed of the tallies of each word."""

    def compute(
        snapshot: Snapshot, metric_query: MetricQuery, breakdown: Breakdown
    ) -> MetricValues:
        found = breakdown.merge(
            aggregates.aggregate(
                snapshot,
                metric_query.time_range,
                dimensions=breakdown.dimensions,
                filters=metric_query.filters,
            ),
            empty=Measures(),
        )
        return {word: value(tally) for word, tally in found.items()}

    return compute


def _views(snapshot: Snapshot, metric_query: MetricQuery, breakdown: Breakdown) -> MetricValues:
    reached, value = VIEW_MEASURES[metric_query.duration]
    if not metric_query.unique:
        return _from_measures(value)(snapshot, metric_query, breakdown)
    # In an interval, none of which is longer than a day, a viewer counts once — unknown 23.
    count = uniques.uniques if breakdown.width else uniques.daily_unique_sum
    found = count(
        snapshot,
        metric_query.time_range,
        unique_by=UniqueBy.viewer,
        milestone=reached,
        dimensions=breakdown.dimensions,
        filters=metric_query.filters,
    )
    return {**breakdown.merge(found, empty=0)}


def _watch_time(value: Callable[[watch_time.WatchTime], int | float]) -> MetricFunction:
    def compute(
        snapshot: Snapshot, metric_query: MetricQuery, breakdown: Breakdown
    ) -> MetricValues:
        assert metric_query.time_range is not None and not breakdown.dimensions
        return {
            "": value(
                watch_time.watch_time(
                    snapshot, metric_query.time_range, filters=metric_query.filters
                )
            )
        }

    return compute


def _concurrent(value: Callable[[Concurrency, int], int | float], *, ahead: int) -> MetricFunction:
    """A measure of how many watch at a time, of each word, or of each interval, up to `ahead`
    seconds after now; `value` is given the load and its seconds.
    """

    def compute(
        snapshot: Snapshot, metric_query: MetricQuery, breakdown: Breakdown
    ) -> MetricValues:
        time_range = _elapsed_range(snapshot, metric_query, ahead=ahead)
        if breakdown.width:
            loads = concurrency.by_interval(
                snapshot,
                time_range,
                width=breakdown.width,
                filters=metric_query.filters,
                viewers=metric_query.unique,
            )
            return {
                breakdown.label((start,)): value(load, _overlap(time_range, start, breakdown.width))
                for start, load in loads.items()
            }
        if not breakdown.dimensions:
            whole = concurrency.total(
                snapshot, time_range, filters=metric_query.filters, viewers=metric_query.unique
            )
            return {"": value(whole, time_range.end - time_range.start)}
        parts = breakdown.merge(
            concurrency.deltas(
                snapshot,
                time_range,
                dimensions=breakdown.dimensions,
                filters=metric_query.filters,
                viewers=metric_query.unique,
            ),
            empty=[],
        )
        return {
            word: value(
                concurrency.integrate(sorted(part), time_range), time_range.end - time_range.start
            )
            for word, part in parts.items()
        }

    return compute


def _average_concurrency(
    snapshot: Snapshot, metric_query: MetricQuery, breakdown: Breakdown
) -> MetricValues:
    """How many watch on average.

    Told by the seconds watched where these can be had alone, which is far cheaper than to follow
    who watches when.
    """
    by_interval = breakdown.width is not None
    finer = any(numbers is not None for numbers in metric_query.filters[2:])
    if metric_query.unique or (breakdown.dimensions and not by_interval) or (by_interval and finer):
        return _AVERAGE_FROM_DELTAS(snapshot, metric_query, breakdown)
    time_range = _elapsed_range(snapshot, metric_query, ahead=0)
    if breakdown.width is None:
        return {
            "": _ratio(
                watch_time.watch_time(snapshot, time_range, filters=metric_query.filters).seconds,
                time_range.end - time_range.start,
            )
        }
    seconds = Counter[int]()
    for kind in sorted(metric_query.filters.kinds or snapshot.visibility.kinds):
        seconds.update(
            watch_time.seconds_by_interval(
                snapshot,
                time_range,
                kind=kind,
                width=breakdown.width,
                media=metric_query.filters.media,
            )
        )
    return {
        breakdown.label((start,)): _ratio(found, _overlap(time_range, start, breakdown.width))
        for start, found in seconds.items()
    }


def _elapsed_range(snapshot: Snapshot, metric_query: MetricQuery, *, ahead: int) -> TimeRange:
    """As much of a question's window as there has been."""
    assert metric_query.time_range is not None
    start, end = metric_query.time_range
    return TimeRange(start, max(start, min(end, snapshot.account.now + ahead)))


def _overlap(time_range: TimeRange, start: int, width: int) -> int:
    """How many seconds of an interval lie in a window."""
    return min(start + width, time_range.end) - max(start, time_range.start)


def _ratio(part: int, total: int) -> float:
    return part / total if total else 0.0


VIEW_MEASURES: dict[Duration, tuple[Milestone, Callable[[Measures], int]]] = {
    Duration.three: (Milestone.view_3, lambda tally: tally.views_3),
    Duration.five: (Milestone.view, lambda tally: tally.views),
    Duration.ten: (Milestone.view_10, lambda tally: tally.views_10),
    Duration.thirty: (Milestone.view_30, lambda tally: tally.views_30),
}
PLAYS = _from_measures(lambda tally: tally.plays)
ENDS = _from_measures(lambda tally: tally.ends)
LOADS = _from_measures(lambda tally: tally.loads)
PLAY_RATE = _from_measures(lambda tally: _ratio(tally.plays, tally.loads))
# Of the second of now it is known who watches, and not that they will to its end.
PEAK_CONCURRENCY = _concurrent(lambda load, _seconds: load.peak, ahead=1)
_AVERAGE_FROM_DELTAS = _concurrent(
    lambda load, seconds: _ratio(load.viewer_seconds, seconds), ahead=0
)

# Which aggregations a metric has. Playback starts in the second in which it is asked for, so
# `start` is `play` — unknown 22.
METRICS: dict[str, dict[str, MetricFunction]] = {
    # `sum` is named by the overview and by no reference — §3.6.
    "play": {"count": PLAYS, "rate": PLAY_RATE, "total": PLAYS, "sum": PLAYS},
    "start": {"count": PLAYS},
    "end": {"count": ENDS},
    "impression": {"count": LOADS},
    "impression-time": {
        "average": _from_measures(lambda tally: _ratio(tally.impression_ms, tally.loads)),
        "sum": _from_measures(lambda tally: tally.impression_ms),
    },
    "watch-time": {
        "average": _watch_time(lambda watched: _ratio(watched.seconds, watched.viewings)),
        "sum": _watch_time(lambda watched: watched.seconds),
    },
    "ccv": {"average": _average_concurrency, "peak": PEAK_CONCURRENCY, "live": PEAK_CONCURRENCY},
    "view": {"count": _views},
}
# What is broken down or followed over time; play-total is broken down only, and by media only.
BREAKDOWN_METRICS: dict[str, MetricFunction] = {
    "play": PLAYS,
    "play-rate": PLAY_RATE,
    "play-total": PLAYS,
    "start": PLAYS,
    "end": ENDS,
    "impression": LOADS,
    "ccv-peak": PEAK_CONCURRENCY,
    "ccv-average": _average_concurrency,
    "view": _views,
}


def answer_name(metric: str, metric_query: MetricQuery) -> str:
    """What the answer calls a metric: uniqueness and duration are part of its name — §0.11."""
    seconds = f"-{metric_query.duration.seconds}" if metric == "view" else ""
    return f"{'unique-' if metric_query.unique else ''}{metric}{seconds}"
