"""What `stats` must say, counted second by second in plain lists; it shares no code with Playhead."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import NamedTuple, TypeVar

DAY = 86_400
VIEWS = (3, 5, 10, 30)  # watched seconds that make a view

Key = TypeVar("Key")
Cells = tuple[int, ...]  # loads, plays, views of 3, 5, 10 and 30 seconds, ends, watched seconds, distinct seconds, milliseconds of impression


class Second(NamedTuple):
    """One second of playback: when, of which position, whether its viewing had that before, of which stretch."""

    at: int
    position: int
    again: bool
    stretch: int


class Span(NamedTuple):
    """Seconds in a row, all new or all seen before."""

    started_at: int
    stopped_at: int
    start: int
    stop: int
    again: bool


class Visitor(NamedTuple):
    """A viewer and what it did."""

    number: int
    loads: int
    plays: int
    first_load_at: int
    last_active_at: int
    last_play: int | None


@dataclass(frozen=True)
class Viewer:
    """A viewer by number."""

    number: int
    name: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Viewing:
    """One load of the player; `stretches` are (began, from, to) in the order they were played."""

    number: int
    media: int
    kind: int
    viewer: int
    country: str
    loaded_at: int
    ended_at: int
    stretches: tuple[tuple[int, int, int], ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    place: int = 0
    device: int = 0
    page: int = 0
    address: int = 0
    impression_ms: int = 0
    end: int | None = None  # the last position of a video

    @cached_property
    def seconds(self) -> list[Second]:
        """Every second that was watched, in order."""
        seen: set[int] = set()
        found = []
        for index, (began, start, stop) in enumerate(self.stretches):
            for position in range(start, stop):
                found.append(Second(began + position - start, position, position in seen, index))
                seen.add(position)
        return found

    def played_by(self, now: int) -> bool:
        return bool(self.stretches) and self.stretches[0][0] <= now

    def viewed_by(self, now: int, seconds: int) -> bool:
        """Whether so many seconds had been watched."""
        return len(self.seconds) >= seconds and self.seconds[seconds - 1].at + 1 <= now

    def finished_by(self, now: int) -> bool:
        """Whether it had come to the end of its video."""
        return any(second.position + 1 == self.end and second.at + 1 <= now for second in self.seconds)

    def reached(self, what: str, now: int) -> bool:
        """Whether it had come so far: load, play, view (of 5 seconds), view_3, view_10, view_30, end."""
        views = {"view": 5, "view_3": 3, "view_10": 10, "view_30": 30}
        if what in views:
            return self.viewed_by(now, views[what])
        return {"load": self.loaded_at <= now, "play": self.played_by(now), "end": self.finished_by(now)}[what]


Matches = Callable[[Viewing], bool]
WIDTHS = {"day": DAY, "hour": 3600, "minute": 60}


def traits(viewing: Viewing, by: Sequence[str]) -> tuple[int, ...]:
    """What a viewing is of; of its load, the beginning of the day, hour or minute."""
    return tuple(viewing.loaded_at // WIDTHS[each] * WIDTHS[each] if each in WIDTHS else getattr(viewing, each) for each in by)


@dataclass(frozen=True)
class Naive:
    """A world at one instant, as one vendor is shown it."""

    viewings: tuple[Viewing, ...]
    viewers: tuple[Viewer, ...]
    now: int
    kinds: frozenset[int]
    finished_only: bool

    @cached_property
    def seen(self) -> list[Viewing]:
        """The viewings that the vendor is shown, oldest first."""
        found = [viewing for viewing in self.viewings if viewing.kind in self.kinds and viewing.loaded_at <= self.now]
        if self.finished_only:
            found = [viewing for viewing in found if viewing.ended_at <= self.now]
        return sorted(found, key=lambda viewing: (viewing.loaded_at, viewing.number))

    def loaded(self, window: tuple[int, int] | None) -> list[Viewing]:
        return [viewing for viewing in self.seen if window is None or window[0] <= viewing.loaded_at < window[1]]

    # Counts.

    def tally(self, viewings: Collection[Viewing]) -> Cells:
        """What there is of viewings; their seconds count once they ended."""
        ended = [viewing for viewing in viewings if viewing.ended_at <= self.now]
        return (
            len(viewings),
            sum(viewing.played_by(self.now) for viewing in viewings),
            *(sum(viewing.viewed_by(self.now, seconds) for viewing in viewings) for seconds in VIEWS),
            sum(viewing.finished_by(self.now) for viewing in viewings),
            sum(len(viewing.seconds) for viewing in ended),
            sum(len({second.position for second in viewing.seconds}) for viewing in ended),
            sum(viewing.impression_ms for viewing in viewings),
        )

    def cells(self, window: tuple[int, int] | None, by: Sequence[str], among: "Matches") -> dict[tuple[int, ...], Cells]:
        """Tallies of those that match, by what they are of and when they were loaded."""
        return self._tallies([viewing for viewing in self.loaded(window) if among(viewing)], lambda viewing: traits(viewing, by))

    def uniques(self, window: tuple[int, int] | None, of: str, reached: str, by: Sequence[str], among: "Matches") -> dict[tuple[int, ...], int]:
        """Distinct viewers or addresses of those that match and came so far."""
        found: dict[tuple[int, ...], set[int]] = {}
        for viewing in self.loaded(window):
            if among(viewing) and viewing.reached(reached, self.now):
                found.setdefault(traits(viewing, by), set()).add(getattr(viewing, of))
        return {cell: len(those) for cell, those in found.items()}

    def by_country(self, window: tuple[int, int] | None, kind: int | None = None) -> dict[str, Cells]:
        of = [viewing for viewing in self.loaded(window) if kind is None or viewing.kind == kind]
        return self._tallies(of, lambda viewing: viewing.country)

    def by_media(self, window: tuple[int, int] | None, media: Collection[int] | None = None) -> dict[int, Cells]:
        return self._tallies(self._of(media, window), lambda viewing: viewing.media)

    def by_day_and_media(self, window: tuple[int, int], media: Collection[int] | None = None) -> dict[tuple[int, int], Cells]:
        return self._tallies(self._of(media, window), lambda viewing: (viewing.loaded_at // DAY * DAY, viewing.media))

    def _of(self, media: Collection[int] | None, window: tuple[int, int] | None) -> list[Viewing]:
        return [viewing for viewing in self.loaded(window) if media is None or viewing.media in media]

    def _tallies(self, viewings: Iterable[Viewing], key: Callable[[Viewing], Key]) -> dict[Key, Cells]:
        cells: dict[Key, list[Viewing]] = {}
        for viewing in viewings:
            cells.setdefault(key(viewing), []).append(viewing)
        return {name: self.tally(cell) for name, cell in cells.items()}

    def people(self, media: int) -> tuple[int, int]:
        """(viewers who loaded it, viewers who played it)."""
        of = [viewing for viewing in self.seen if viewing.media == media]
        return len({viewing.viewer for viewing in of}), len({viewing.viewer for viewing in of if viewing.played_by(self.now)})

    # The wall clock, whatever a vendor is shown: who asks names a kind or a media.

    def seconds_by_interval(self, window: tuple[int, int] | None, *, kind: int, width: int, media: Collection[int] | None = None) -> Counter[int]:
        """Watched seconds by the start of their interval."""
        start, end = window or (0, self.now)
        of = [viewing for viewing in self.viewings if viewing.kind == kind and (media is None or viewing.media in media)]
        instants = [second.at for viewing in of for second in viewing.seconds]
        return Counter(at // width * width for at in instants if start <= at < end and at < self.now)

    def viewers_by_interval(self, window: tuple[int, int], *, kind: int, width: int, media: Collection[int] | None = None) -> Counter[int]:
        """Distinct viewers by the start of the interval that they watched in."""
        of = [viewing for viewing in self.viewings if viewing.kind == kind and (media is None or viewing.media in media)]
        pairs = {(second.at // width * width, viewing.viewer) for viewing in of for second in viewing.seconds if self._passed(second, window)}
        return Counter(start for start, _ in pairs)

    def watched(self, window: tuple[int, int], among: "Matches") -> tuple[int, int]:
        """(seconds watched, viewings that watched)."""
        each = [sum(self._passed(second, window) for second in viewing.seconds) for viewing in self.viewings if viewing.kind in self.kinds and among(viewing)]
        return sum(each), sum(seconds > 0 for seconds in each)

    def _passed(self, second: Second, window: tuple[int, int]) -> bool:
        return window[0] <= second.at < min(window[1], self.now)

    def concurrency(self, window: tuple[int, int], by: Sequence[str], among: "Matches", *, viewers: bool) -> dict[tuple[int, ...], Counter[int]]:
        """By cell: how many viewings, or viewers, watch in each second, now included."""
        found: dict[tuple[int, ...], set[tuple[int, int]]] = {}
        for viewing in self.viewings:
            if viewing.kind in self.kinds and among(viewing):
                who = viewing.viewer if viewers else viewing.number
                instants = {(second.at, who) for second in viewing.seconds if window[0] <= second.at < window[1] and second.at <= self.now}
                if instants:
                    found.setdefault(traits(viewing, by), set()).update(instants)
        return {cell: Counter(at for at, _ in watching) for cell, watching in found.items()}

    def audience_at(self, window: tuple[int, int], *, media: int, step: int) -> list[tuple[int, int]]:
        """(instant, how many have the media on screen) at the multiples of `step`, where anyone has; now included."""
        instants = [second.at for viewing in self.viewings if viewing.media == media for second in viewing.seconds]
        watching = Counter(at for at in instants if window[0] <= at < window[1] and at <= self.now and at % step == 0)
        return sorted(watching.items())

    def passes(self, *, media: int, seconds: int, window: tuple[int, int] | None) -> tuple[list[int], list[int]]:
        """By position: how many ended viewings had it, and how often they had it again."""
        first, again = [0] * seconds, [0] * seconds
        for viewing in self.viewings:
            within = window is None or window[0] <= viewing.loaded_at < window[1]
            for second in viewing.seconds if within and viewing.media == media and viewing.ended_at <= self.now else ():
                if second.position < seconds:
                    (again if second.again else first)[second.position] += 1
        return first, again

    # One by one.

    def matching(
        self,
        *,
        media: int | None = None,
        viewer: int | None = None,
        within: tuple[int, int] | None = None,
        labels: Mapping[str, str] | None = None,
        played: bool = False,
    ) -> list[Viewing]:
        """The viewings of those, oldest first."""
        return [
            viewing
            for viewing in self.loaded(within)
            if media in (None, viewing.media)
            and viewer in (None, viewing.viewer)
            and (labels or {}).items() <= viewing.labels.items()
            and (not played or viewing.played_by(self.now))
        ]

    def spans(self, viewing: Viewing) -> list[Span]:
        """What of a viewing was played by now."""
        passed = [second for second in viewing.seconds if second.at < self.now]
        runs = [list(run) for _, run in groupby(passed, key=lambda second: (second.stretch, second.again))]
        return [Span(run[0].at, run[-1].at + 1, run[0].position, run[-1].position + 1, run[0].again) for run in runs]

    def visitors(self, *, known: str | None = None, search: str | None = None) -> list[Visitor]:
        """The viewers who loaded anything, the most recently active first."""
        found = [self._visitor(viewer) for viewer in self.viewers if self._fits(viewer, known, search)]
        return sorted([visitor for visitor in found if visitor], key=lambda visitor: (-visitor.last_active_at, visitor.number))

    def _fits(self, viewer: Viewer, known: str | None, search: str | None) -> bool:
        texts = [text.casefold() for text in (viewer.name, viewer.email) if text is not None]
        is_known = known is None or {"name": viewer.name, "email": viewer.email}[known] is not None
        return is_known and (not search or any(search.casefold() in text for text in texts))

    def _visitor(self, viewer: Viewer) -> Visitor | None:
        loads = [viewing for viewing in self.seen if viewing.viewer == viewer.number]
        if not loads:
            return None
        plays = [viewing for viewing in loads if viewing.played_by(self.now)]
        last = plays[-1] if plays else loads[-1]
        return Visitor(viewer.number, len(loads), len(plays), loads[0].loaded_at, last.loaded_at, last.number if plays else None)
