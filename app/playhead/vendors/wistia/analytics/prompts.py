"""What calls to action and forms came to, in the terms of analytics."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import NamedTuple, TypeVar

from playhead.stats import conversions
from playhead.stats.conversions import Count
from playhead.stats.reading import Reading, Window
from playhead.vendors.wistia.figures import rate
from playhead.world.terms import PromptKind

Key = TypeVar("Key", bound=Hashable)


class Prompted(NamedTuple):
    """Calls to action that were shown and followed; forms that were filled in."""

    shown: int = 0
    followed: int = 0
    forms: int = 0

    def __add__(self, other: object) -> "Prompted":
        """Part by part, unlike other tuples."""
        assert isinstance(other, Prompted)
        return Prompted(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def cta_rate(self) -> float:
        """Clicks over impressions."""
        return rate(self.followed, self.shown)


UNPROMPTED = Prompted()


def prompted(reading: Reading, window: Window, *, media: Collection[int] | None, by: Callable[[int, int], Key]) -> Mapping[Key, Prompted]:
    """What was shown to the viewings loaded in a window, by something made of (day of load, number of the media)."""
    found: dict[Key, Prompted] = defaultdict(Prompted)
    for (day, number, kind, _), count in conversions.counts(reading, window, media=media).items():
        found[by(day, number)] += _of(kind, count)
    return found


def _of(kind: PromptKind, count: Count) -> Prompted:
    return Prompted(forms=count.converted) if kind is PromptKind.form else Prompted(count.shown, count.converted)
