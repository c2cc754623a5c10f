"""Gcore's arithmetic: samples of a heat map, minutes rounded up, calendar months. Pure but for the question it asks."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from playhead.clock import DAY, utc
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats import watching
from playhead.stats.reading import Reading, Window
from playhead.vendors.gcore.queries import Granularity, WatchTimeTotalQuery
from playhead.world.terms import MediaKind

VOD_STEP = 10  # seconds between the rows of a video's heat map — §3.11
INSTANT_STEP = 60  # and of a stream's or playlist's — unknown 2
MOST_POINTS = 100_000

WIDTHS = {
    Granularity.minute: 60,
    Granularity.five_minutes: 300,
    Granularity.quarter: 900,
    Granularity.hour: 3600,
    Granularity.day: DAY,
    Granularity.month: DAY,
}


def samples(first_passes: Sequence[int]) -> list[tuple[int, int]]:
    """(second, viewers) at every tenth second, up to the last that anyone watched."""
    last = max((second for second, viewers in enumerate(first_passes) if viewers), default=-1)
    return [(second, first_passes[second]) for second in range(0, last + 1, VOD_STEP)]


def minutes(seconds: int) -> int:
    """Whole minutes, rounded up."""
    return -(-seconds // 60)


def watch_time(reading: Reading, window: Window, granularity: Granularity, media: Collection[int] | None) -> list[tuple[int, int]]:
    """(start of interval, minutes watched) for every interval that touches a window, empty ones included — §1.11, unknown 4."""
    window = Window(window.start, min(window.end, reading.account.now + 1))
    starts = _starts(window, granularity)
    watched = watching.seconds_by_interval(reading, window, kind=MediaKind.live, width=WIDTHS[granularity], media=media)
    if granularity is Granularity.month:
        watched = _by_month(watched)
    return [(start, minutes(watched[start])) for start in starts]


def watch_time_total(reading: Reading, query: WatchTimeTotalQuery, media: Collection[int] | None) -> int:
    """Seconds watched in a window, or ever."""
    if query.start is None and query.end is None:
        return watching.seconds_ever(reading, kind=MediaKind.live, media=media)
    return watching.seconds_by_interval(reading, query.window(reading.account.now), kind=MediaKind.live, width=DAY, media=media).total()


def _starts(window: Window, granularity: Granularity) -> Sequence[int]:
    if window.end <= window.start:
        return ()
    width = WIDTHS[granularity]
    if granularity is Granularity.month:
        return [first_of(month) for month in range(month_of(window.start), month_of(window.end - 1) + 1)]
    starts = range(window.start // width * width, window.end, width)
    if len(starts) > MOST_POINTS:
        bounds = {"count": len(starts), "maximum": MOST_POINTS}
        raise Failure(Kind.invalid, [Problem("granularity", Rule.too_many, granularity, bounds)])
    return starts


def month_of(instant: int) -> int:
    """The calendar month of an instant, counted from year 0."""
    moment = utc(instant)
    return moment.year * 12 + moment.month - 1


def first_of(month: int) -> int:
    """The first instant of a month that is counted from year 0."""
    return int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp())


def _by_month(by_day: Counter[int]) -> Counter[int]:
    months = Counter[int]()
    for day, seconds in by_day.items():
        months[first_of(month_of(day))] += seconds
    return months
