"""What api.video's metrics are: which there are, what each is computed of, and by what name the answer calls it — contracts/apivideo.md §3.6–3.8."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from playhead.stats import concurrency, tallies, uniques, watching
from playhead.stats.concurrency import Load
from playhead.stats.counting import ALL, Among, Reached
from playhead.stats.reading import Reading, Window
from playhead.stats.tallies import Tally
from playhead.stats.uniques import Identity
from playhead.vendors.apivideo.dimensions import Split
from playhead.vendors.apivideo.words import Duration

LIVE = 20  # seconds of which `live` is the peak — §3.6


class Question(NamedTuple):
    """Which viewings are counted, and how; a window of None is all there ever was."""

    within: Window | None
    among: Among = ALL
    unique: bool = False
    duration: Duration = Duration.five


Figures = dict[str, int | float]
Measure = Callable[[Reading, Question, Split], Figures]


def _tallied(value: Callable[[Tally], int | float]) -> Measure:
    """A measure that is computed of the tallies of each word."""

    def measured(reading: Reading, question: Question, split: Split) -> Figures:
        found = split.folded(tallies.cells(reading, question.within, by=split.by, among=question.among), nothing=Tally())
        return {word: value(tally) for word, tally in found.items()}

    return measured


def _views(reading: Reading, question: Question, split: Split) -> Figures:
    reached, value = VIEWS[question.duration]
    if not question.unique:
        return _tallied(value)(reading, question, split)
    # In an interval, none of which is longer than a day, a viewer counts once — unknown 23.
    count = uniques.uniques if split.width else uniques.daily
    found = count(reading, question.within, of=Identity.viewer, reached=reached, by=split.by, among=question.among)
    return {**split.folded(found, nothing=0)}


def _watch_time(value: Callable[[watching.Watched], int | float]) -> Measure:
    def measured(reading: Reading, question: Question, split: Split) -> Figures:
        assert question.within is not None and not split.by
        return {"": value(watching.watched(reading, question.within, among=question.among))}

    return measured


def _concurrent(value: Callable[[Load, int], int | float], *, ahead: int) -> Measure:
    """A measure of how many watch at a time, of each word, or of each interval, up to `ahead` seconds after now; `value` is given the load and its seconds."""

    def measured(reading: Reading, question: Question, split: Split) -> Figures:
        window = _so_far(reading, question, ahead=ahead)
        if split.width:
            loads = concurrency.loads(reading, window, width=split.width, among=question.among, viewers=question.unique)
            return {split.word((start,)): value(load, _overlap(window, start, split.width)) for start, load in loads.items()}
        if not split.by:
            whole = concurrency.whole(reading, window, among=question.among, viewers=question.unique)
            return {"": value(whole, window.end - window.start)}
        parts = split.folded(concurrency.changes(reading, window, by=split.by, among=question.among, viewers=question.unique), nothing=[])
        return {word: value(concurrency.load(sorted(part), window), window.end - window.start) for word, part in parts.items()}

    return measured


def _average(reading: Reading, question: Question, split: Split) -> Figures:
    """How many watch on average; told by the seconds watched where these can be had alone, which is far cheaper than to follow who watches when."""
    by_interval, finer = split.width is not None, any(numbers is not None for numbers in question.among[2:])
    if question.unique or (split.by and not by_interval) or (by_interval and finer):
        return _AVERAGE_OF_LOADS(reading, question, split)
    window = _so_far(reading, question, ahead=0)
    if split.width is None:
        return {"": _ratio(watching.watched(reading, window, among=question.among).seconds, window.end - window.start)}
    seconds = Counter[int]()
    for kind in sorted(question.among.kinds or reading.sight.kinds):
        seconds.update(watching.seconds_by_interval(reading, window, kind=kind, width=split.width, media=question.among.media))
    return {split.word((start,)): _ratio(found, _overlap(window, start, split.width)) for start, found in seconds.items()}


def _so_far(reading: Reading, question: Question, *, ahead: int) -> Window:
    """As much of a question's window as there has been."""
    assert question.within is not None
    start, end = question.within
    return Window(start, max(start, min(end, reading.account.now + ahead)))


def _overlap(window: Window, start: int, width: int) -> int:
    """How many seconds of an interval lie in a window."""
    return min(start + width, window.end) - max(start, window.start)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


VIEWS: dict[Duration, tuple[Reached, Callable[[Tally], int]]] = {
    Duration.three: (Reached.view_3, lambda tally: tally.views_3),
    Duration.five: (Reached.view, lambda tally: tally.views),
    Duration.ten: (Reached.view_10, lambda tally: tally.views_10),
    Duration.thirty: (Reached.view_30, lambda tally: tally.views_30),
}
PLAYS, ENDS, LOADS = _tallied(lambda tally: tally.plays), _tallied(lambda tally: tally.ends), _tallied(lambda tally: tally.loads)
PLAY_RATE = _tallied(lambda tally: _ratio(tally.plays, tally.loads))
# Of the second of now it is known who watches, and not that they will to its end.
PEAK = _concurrent(lambda load, _seconds: load.peak, ahead=1)
_AVERAGE_OF_LOADS = _concurrent(lambda load, seconds: _ratio(load.seconds, seconds), ahead=0)

# Which aggregations a metric has. Playback starts in the second in which it is asked for, so `start` is `play` — unknown 22.
METRICS: dict[str, dict[str, Measure]] = {
    # `sum` is named by the overview and by no reference — §3.6.
    "play": {"count": PLAYS, "rate": PLAY_RATE, "total": PLAYS, "sum": PLAYS},
    "start": {"count": PLAYS},
    "end": {"count": ENDS},
    "impression": {"count": LOADS},
    "impression-time": {"average": _tallied(lambda tally: _ratio(tally.impression_ms, tally.loads)), "sum": _tallied(lambda tally: tally.impression_ms)},
    "watch-time": {
        "average": _watch_time(lambda watched: _ratio(watched.seconds, watched.viewings)),
        "sum": _watch_time(lambda watched: watched.seconds),
    },
    "ccv": {"average": _average, "peak": PEAK, "live": PEAK},
    "view": {"count": _views},
}
# What is broken down or followed over time; play-total is broken down only, and by media only.
PARTED: dict[str, Measure] = {
    "play": PLAYS,
    "play-rate": PLAY_RATE,
    "play-total": PLAYS,
    "start": PLAYS,
    "end": ENDS,
    "impression": LOADS,
    "ccv-peak": PEAK,
    "ccv-average": _average,
    "view": _views,
}


def named(metric: str, question: Question) -> str:
    """What the answer calls a metric: uniqueness and duration are part of its name — §0.11."""
    seconds = f"-{question.duration.seconds}" if metric == "view" else ""
    return f"{'unique-' if question.unique else ''}{metric}{seconds}"
