"""What calls to action and forms came to, in the terms of analytics."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import NamedTuple, TypeVar

from playhead.analytics import conversions
from playhead.analytics.conversions import PromptCounts
from playhead.analytics.snapshot import Snapshot
from playhead.domain.media import PromptKind
from playhead.domain.time_range import TimeRange
from playhead.vendors.wistia.rates import rate

Key = TypeVar("Key", bound=Hashable)


class PromptTotals(NamedTuple):
    """Calls to action that were shown and followed; forms that were filled in."""

    cta_impressions: int = 0
    cta_conversions: int = 0
    form_conversions: int = 0

    def __add__(self, other: object) -> "PromptTotals":
        """Part by part, unlike other tuples."""
        assert isinstance(other, PromptTotals)
        return PromptTotals(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def cta_rate(self) -> float:
        """Clicks over impressions."""
        return rate(self.cta_conversions, self.cta_impressions)


EMPTY_PROMPTS = PromptTotals()


def prompt_totals(
    snapshot: Snapshot,
    time_range: TimeRange,
    *,
    media: Collection[int] | None,
    key: Callable[[int, int], Key],
) -> Mapping[Key, PromptTotals]:
    """What was shown to the viewings loaded in a window, by something made of (day of load, number
    of the media).
    """
    found: dict[Key, PromptTotals] = defaultdict(PromptTotals)
    for (day, number, kind, _), count in conversions.counts(
        snapshot, time_range, media=media
    ).items():
        found[key(day, number)] += _from_count(kind, count)
    return found


def _from_count(kind: PromptKind, count: PromptCounts) -> PromptTotals:
    return (
        PromptTotals(form_conversions=count.converted)
        if kind is PromptKind.form
        else PromptTotals(count.shown, count.converted)
    )
