"""What analytics count: sums of tallies, distinct viewers, and the rates made of them — contracts/wistia.md §7.3, unknown 20."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from playhead.stats import library, tallies, uniques
from playhead.stats.counting import Among, By, Cell, Reached
from playhead.stats.reading import Reading, Window
from playhead.stats.tallies import Tally
from playhead.stats.uniques import Identity
from playhead.vendors.wistia.analytics import intervals
from playhead.vendors.wistia.analytics.intervals import Granularity
from playhead.vendors.wistia.figures import rate

# A play is one of three seconds here: so analytics count some per cent fewer than the statistics do — quirk 17, §7.3, §9.11.
PLAYED = Reached.view_3


class Sums(NamedTuple):
    """Loads, plays and seconds watched; seconds seen at least once, and as many as those plays could have had."""

    loads: int = 0
    plays: int = 0
    played_time: int = 0
    seen: int = 0
    possible: int = 0

    def __add__(self, other: object) -> "Sums":
        """Part by part, unlike other tuples."""
        assert isinstance(other, Sums)
        return Sums(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def play_rate(self) -> float:
        """The share of the loads that came to a play."""
        return rate(self.plays, self.loads)

    @property
    def engagement_rate(self) -> float:
        """The share of a media that a play saw; never more than all of it."""
        return min(1.0, rate(self.seen, self.possible))


class People(NamedTuple):
    """Distinct viewers who loaded, and who played."""

    loads: int = 0
    plays: int = 0


NOTHING, NOBODY = Sums(), People()


def of(tally: Tally, seconds: int) -> Sums:
    """The sums of a tally of a media of that length."""
    return Sums(tally.loads, tally.views_3, tally.watched_seconds, tally.distinct_seconds, tally.views_3 * seconds)


def sums_by_media(reading: Reading, window: Window, *, by: Sequence[By] = (), among: Among) -> dict[Cell, Sums]:
    """Sums by cell; the number of the media is the last in it."""
    lengths = {media.number: media.seconds for media in library.media(reading, numbers=among.media)}
    cells = tallies.cells(reading, window, by=[*by, By.media], among=among)
    return {cell: of(tally, lengths[cell[-1]]) for cell, tally in cells.items() if cell[-1] in lengths}


def sums(reading: Reading, window: Window, *, by: Sequence[By] = (), among: Among) -> dict[Cell, Sums]:
    """Sums by cell."""
    return folded((cell[:-1], part) for cell, part in sums_by_media(reading, window, by=by, among=among).items())


def folded(parts: Iterable[tuple[Cell, Sums]]) -> dict[Cell, Sums]:
    """Sums of what falls into one cell."""
    found: dict[Cell, Sums] = defaultdict(Sums)
    for cell, part in parts:
        found[cell] = found[cell] + part
    return dict(found)


def by_interval(parts: Mapping[Cell, Sums], granularity: Granularity) -> dict[Cell, Sums]:
    """Sums by cells that begin with a day, by cells that begin with the start of its interval."""
    return folded(((intervals.start_of(granularity, day), *rest), part) for (day, *rest), part in parts.items())


def people(reading: Reading, window: Window, *, by: Sequence[By] = (), among: Among) -> dict[Cell, People]:
    """Distinct viewers by cell."""
    loads = uniques.uniques(reading, window, of=Identity.viewer, reached=Reached.load, by=by, among=among)
    plays = uniques.uniques(reading, window, of=Identity.viewer, reached=PLAYED, by=by, among=among)
    return {cell: People(count, plays.get(cell, 0)) for cell, count in loads.items()}


def people_in_all(reading: Reading, window: Window, *, among: Among) -> People:
    """Distinct viewers of it all."""
    return people(reading, window, among=among).get((), NOBODY)


def people_by_interval(reading: Reading, window: Window, granularity: Granularity, *, among: Among) -> dict[int, People]:
    """Distinct viewers by the start of the interval; those of a longer one than a day are no sum of its days'."""
    if granularity is Granularity.daily:
        return {day: found for (day,), found in people(reading, window, by=[By.day], among=among).items()}
    return {start: people_in_all(reading, part, among=among) for start, part in intervals.parts(granularity, window)}
