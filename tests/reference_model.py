"""What `stats` must say, counted second by second in plain lists.

It shares no code with Playhead.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import NamedTuple, TypeVar

DAY = 86_400
VIEW_THRESHOLDS = (3, 5, 10, 30)  # watched seconds that make a view

Key = TypeVar("Key")
Measures = tuple[int, ...]
"""Loads, plays, views of 3, 5, 10 and 30 seconds, ends,
watched seconds, distinct seconds, milliseconds of impression."""


class Second(NamedTuple):
    """One second of playback:

    when, of which position, whether its viewing had that before, of which stretch.
    """

    at: int
    position: int
    is_repeat: bool
    range_index: int


class PlayedSpan(NamedTuple):
    """Seconds in a row, all new or all seen before."""

    started_at: int
    stopped_at: int
    start: int
    stop: int
    is_repeat: bool


class ViewerActivity(NamedTuple):
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
    played: tuple[tuple[int, int, int], ...] = ()
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
        seconds = []
        for index, (began, start, stop) in enumerate(self.played):
            for position in range(start, stop):
                seconds.append(Second(began + position - start, position, position in seen, index))
                seen.add(position)
        return seconds

    def played_by(self, now: int) -> bool:
        return bool(self.played) and self.played[0][0] <= now

    def viewed_by(self, now: int, seconds: int) -> bool:
        """Whether so many seconds had been watched."""
        return len(self.seconds) >= seconds and self.seconds[seconds - 1].at + 1 <= now

    def completed_by(self, now: int) -> bool:
        """Whether it had come to the end of its video."""
        return any(
            second.position + 1 == self.end and second.at + 1 <= now for second in self.seconds
        )

    def reached(self, milestone: str, now: int) -> bool:
        """Whether it had come so far:

        load, play, view (of 5 seconds), view_3, view_10, view_30, end.
        """
        views = {"view": 5, "view_3": 3, "view_10": 10, "view_30": 30}
        if milestone in views:
            return self.viewed_by(now, views[milestone])
        return {
            "load": self.loaded_at <= now,
            "play": self.played_by(now),
            "end": self.completed_by(now),
        }[milestone]


Predicate = Callable[[Viewing], bool]
INTERVAL_SECONDS = {"day": DAY, "hour": 3600, "minute": 60}


def group_key(viewing: Viewing, dimensions: Sequence[str]) -> tuple[int, ...]:
    """What a viewing is of; of its load, the beginning of the day, hour or minute."""
    return tuple(
        viewing.loaded_at // INTERVAL_SECONDS[each] * INTERVAL_SECONDS[each]
        if each in INTERVAL_SECONDS
        else getattr(viewing, each)
        for each in dimensions
    )


@dataclass(frozen=True)
class ReferenceModel:
    """A world at one instant, as one vendor is shown it."""

    viewings: tuple[Viewing, ...]
    viewers: tuple[Viewer, ...]
    now: int
    kinds: frozenset[int]
    ended_only: bool

    @cached_property
    def visible(self) -> list[Viewing]:
        """The viewings that the vendor is shown, oldest first."""
        found = [
            viewing
            for viewing in self.viewings
            if viewing.kind in self.kinds and viewing.loaded_at <= self.now
        ]
        if self.ended_only:
            found = [viewing for viewing in found if viewing.ended_at <= self.now]
        return sorted(found, key=lambda viewing: (viewing.loaded_at, viewing.number))

    def loaded(self, time_range: tuple[int, int] | None) -> list[Viewing]:
        return [
            viewing
            for viewing in self.visible
            if time_range is None or time_range[0] <= viewing.loaded_at < time_range[1]
        ]

    # Counts.

    def measures(self, viewings: Collection[Viewing]) -> Measures:
        """What there is of viewings; their seconds count once they ended."""
        ended = [viewing for viewing in viewings if viewing.ended_at <= self.now]
        return (
            len(viewings),
            sum(viewing.played_by(self.now) for viewing in viewings),
            *(
                sum(viewing.viewed_by(self.now, seconds) for viewing in viewings)
                for seconds in VIEW_THRESHOLDS
            ),
            sum(viewing.completed_by(self.now) for viewing in viewings),
            sum(len(viewing.seconds) for viewing in ended),
            sum(len({second.position for second in viewing.seconds}) for viewing in ended),
            sum(viewing.impression_ms for viewing in viewings),
        )

    def aggregate(
        self, time_range: tuple[int, int] | None, dimensions: Sequence[str], filters: "Predicate"
    ) -> dict[tuple[int, ...], Measures]:
        """Tallies of those that match, by what they are of and when they were loaded."""
        return self._aggregate_by(
            [viewing for viewing in self.loaded(time_range) if filters(viewing)],
            lambda viewing: group_key(viewing, dimensions),
        )

    def uniques(
        self,
        time_range: tuple[int, int] | None,
        unique_by: str,
        milestone: str,
        dimensions: Sequence[str],
        filters: "Predicate",
    ) -> dict[tuple[int, ...], int]:
        """Distinct viewers or addresses of those that match and came so far."""
        found: dict[tuple[int, ...], set[int]] = {}
        for viewing in self.loaded(time_range):
            if filters(viewing) and viewing.reached(milestone, self.now):
                found.setdefault(group_key(viewing, dimensions), set()).add(
                    getattr(viewing, unique_by)
                )
        return {cell: len(those) for cell, those in found.items()}

    def by_country(
        self, time_range: tuple[int, int] | None, kind: int | None = None
    ) -> dict[str, Measures]:
        of = [
            viewing for viewing in self.loaded(time_range) if kind is None or viewing.kind == kind
        ]
        return self._aggregate_by(of, lambda viewing: viewing.country)

    def by_media(
        self, time_range: tuple[int, int] | None, media: Collection[int] | None = None
    ) -> dict[int, Measures]:
        return self._aggregate_by(self._of_media(media, time_range), lambda viewing: viewing.media)

    def by_day_and_media(
        self, time_range: tuple[int, int], media: Collection[int] | None = None
    ) -> dict[tuple[int, int], Measures]:
        return self._aggregate_by(
            self._of_media(media, time_range),
            lambda viewing: (viewing.loaded_at // DAY * DAY, viewing.media),
        )

    def _of_media(
        self, media: Collection[int] | None, time_range: tuple[int, int] | None
    ) -> list[Viewing]:
        return [
            viewing
            for viewing in self.loaded(time_range)
            if media is None or viewing.media in media
        ]

    def _aggregate_by(
        self, viewings: Iterable[Viewing], key: Callable[[Viewing], Key]
    ) -> dict[Key, Measures]:
        cells: dict[Key, list[Viewing]] = {}
        for viewing in viewings:
            cells.setdefault(key(viewing), []).append(viewing)
        return {name: self.measures(cell) for name, cell in cells.items()}

    def audience(self, media: int) -> tuple[int, int]:
        """(viewers who loaded it, viewers who played it)."""
        of = [viewing for viewing in self.visible if viewing.media == media]
        return len({viewing.viewer for viewing in of}), len(
            {viewing.viewer for viewing in of if viewing.played_by(self.now)}
        )

    # The wall clock, whatever a vendor is shown: who asks names a kind or a media.

    def seconds_by_interval(
        self,
        time_range: tuple[int, int] | None,
        *,
        kind: int,
        width: int,
        media: Collection[int] | None = None,
    ) -> Counter[int]:
        """Watched seconds by the start of their interval."""
        start, end = time_range or (0, self.now)
        of = [
            viewing
            for viewing in self.viewings
            if viewing.kind == kind and (media is None or viewing.media in media)
        ]
        instants = [second.at for viewing in of for second in viewing.seconds]
        return Counter(
            at // width * width for at in instants if start <= at < end and at < self.now
        )

    def viewers_by_interval(
        self,
        time_range: tuple[int, int],
        *,
        kind: int,
        width: int,
        media: Collection[int] | None = None,
    ) -> Counter[int]:
        """Distinct viewers by the start of the interval that they watched in."""
        of = [
            viewing
            for viewing in self.viewings
            if viewing.kind == kind and (media is None or viewing.media in media)
        ]
        pairs = {
            (second.at // width * width, viewing.viewer)
            for viewing in of
            for second in viewing.seconds
            if self._is_past(second, time_range)
        }
        return Counter(start for start, _ in pairs)

    def watch_time(self, time_range: tuple[int, int], filters: "Predicate") -> tuple[int, int]:
        """(seconds watched, viewings that watched)."""
        each = [
            sum(self._is_past(second, time_range) for second in viewing.seconds)
            for viewing in self.viewings
            if viewing.kind in self.kinds and filters(viewing)
        ]
        return sum(each), sum(seconds > 0 for seconds in each)

    def _is_past(self, second: Second, time_range: tuple[int, int]) -> bool:
        return time_range[0] <= second.at < min(time_range[1], self.now)

    def concurrency(
        self,
        time_range: tuple[int, int],
        dimensions: Sequence[str],
        filters: "Predicate",
        *,
        viewers: bool,
    ) -> dict[tuple[int, ...], Counter[int]]:
        """By cell: how many viewings, or viewers, watch in each second, now included."""
        found: dict[tuple[int, ...], set[tuple[int, int]]] = {}
        for viewing in self.viewings:
            if viewing.kind in self.kinds and filters(viewing):
                who = viewing.viewer if viewers else viewing.number
                instants = {
                    (second.at, who)
                    for second in viewing.seconds
                    if time_range[0] <= second.at < time_range[1] and second.at <= self.now
                }
                if instants:
                    found.setdefault(group_key(viewing, dimensions), set()).update(instants)
        return {cell: Counter(at for at, _ in watching) for cell, watching in found.items()}

    def concurrent_at(
        self, time_range: tuple[int, int], *, media: int, step: int
    ) -> list[tuple[int, int]]:
        """(instant, how many have the media on screen) at the multiples of `step`, where anyone
        has.

        Now included.
        """
        instants = [
            second.at
            for viewing in self.viewings
            if viewing.media == media
            for second in viewing.seconds
        ]
        watching = Counter(
            at
            for at in instants
            if time_range[0] <= at < time_range[1] and at <= self.now and at % step == 0
        )
        return sorted(watching.items())

    def retention(
        self, *, media: int, seconds: int, time_range: tuple[int, int] | None
    ) -> tuple[list[int], list[int]]:
        """By position: how many ended viewings had it, and how often they had it again."""
        first = [0] * seconds
        again = [0] * seconds
        for viewing in self.viewings:
            within = time_range is None or time_range[0] <= viewing.loaded_at < time_range[1]
            for second in (
                viewing.seconds
                if within and viewing.media == media and viewing.ended_at <= self.now
                else ()
            ):
                if second.position < seconds:
                    (again if second.is_repeat else first)[second.position] += 1
        return first, again

    # One by one.

    def matching(
        self,
        *,
        media: int | None = None,
        viewer: int | None = None,
        time_range: tuple[int, int] | None = None,
        labels: Mapping[str, str] | None = None,
        played_only: bool = False,
    ) -> list[Viewing]:
        """The viewings of those, oldest first."""
        return [
            viewing
            for viewing in self.loaded(time_range)
            if media in (None, viewing.media)
            and viewer in (None, viewing.viewer)
            and (labels or {}).items() <= viewing.labels.items()
            and (not played_only or viewing.played_by(self.now))
        ]

    def spans(self, viewing: Viewing) -> list[PlayedSpan]:
        """What of a viewing was played by now."""
        passed = [second for second in viewing.seconds if second.at < self.now]
        runs = [
            list(run)
            for _, run in groupby(passed, key=lambda second: (second.range_index, second.is_repeat))
        ]
        return [
            PlayedSpan(
                run[0].at, run[-1].at + 1, run[0].position, run[-1].position + 1, run[0].is_repeat
            )
            for run in runs
        ]

    def viewer_activity(
        self, *, identified_by: str | None = None, search: str | None = None
    ) -> list[ViewerActivity]:
        """The viewers who loaded anything, the most recently active first."""
        found = [
            self._activity_of(viewer)
            for viewer in self.viewers
            if self._matches_search(viewer, identified_by, search)
        ]
        return sorted(
            [visitor for visitor in found if visitor],
            key=lambda visitor: (-visitor.last_active_at, visitor.number),
        )

    def _matches_search(
        self, viewer: Viewer, identified_by: str | None, search: str | None
    ) -> bool:
        texts = [text.casefold() for text in (viewer.name, viewer.email) if text is not None]
        is_known = (
            identified_by is None
            or {"name": viewer.name, "email": viewer.email}[identified_by] is not None
        )
        return is_known and (not search or any(search.casefold() in text for text in texts))

    def _activity_of(self, viewer: Viewer) -> ViewerActivity | None:
        loads = [viewing for viewing in self.visible if viewing.viewer == viewer.number]
        if not loads:
            return None
        plays = [viewing for viewing in loads if viewing.played_by(self.now)]
        last = plays[-1] if plays else loads[-1]
        return ViewerActivity(
            viewer.number,
            len(loads),
            len(plays),
            loads[0].loaded_at,
            last.loaded_at,
            last.number if plays else None,
        )
