"""A viewing from its stretches of playback:

what is new, what is seen again, what it came to, what follows from them. Pure.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from playhead.domain.media import PromptKind

VIEW_THRESHOLDS = (
    3,
    5,
    10,
    30,
)  # watched seconds that make a view; without another word it is five


class PlayedRange(NamedTuple):
    """Uninterrupted playback at speed 1:

    from when, and from which position to which, in whole seconds.
    """

    started_at: int
    start: int
    stop: int


class Prompt(NamedTuple):
    """What is shown over a video at a second of it, and which share of those who see it
    act on it.
    """

    kind: PromptKind
    at: int
    text: str
    url: str | None
    percent: int = 0


class RangePart(NamedTuple):
    """A stretch, or a part of one, that is wholly new or wholly seen before within its viewing."""

    started_at: int
    stopped_at: int
    start: int
    stop: int
    is_repeat: int


class PlaybackSummary(NamedTuple):
    """What a viewing's stretches say of it.

    `viewed_at` is when each number of VIEWS had been watched, `finished_at` when it came to the
    end.
    """

    parts: list[RangePart]
    played_at: int | None
    viewed_at: tuple[int | None, ...]
    finished_at: int | None
    watched_seconds: int
    distinct_seconds: int


def summarize(played_ranges: Sequence[PlayedRange], *, end: int | None = None) -> PlaybackSummary:
    """All that follows from the stretches of one viewing, in the order they were played.

    `end` is the last position of its media, None if it has none.
    """
    if len(played_ranges) == 1:  # most viewings, and a million are generated
        started_at, start, stop = played_ranges[0]
        length = stop - start
        viewed = tuple(
            [started_at + seconds if length >= seconds else None for seconds in VIEW_THRESHOLDS]
        )
        return PlaybackSummary(
            [RangePart(started_at, started_at + length, start, stop, 0)],
            started_at,
            viewed,
            started_at + length if stop == end else None,
            length,
            length,
        )
    parts = split_repeats(played_ranges)
    watched = sum(stretch.stop - stretch.start for stretch in played_ranges)
    distinct = sum(piece.stop - piece.start for piece in parts if not piece.is_repeat)
    viewed = tuple([time_of_view(played_ranges, seconds) for seconds in VIEW_THRESHOLDS])
    finished = next(
        (
            stretch.started_at + stretch.stop - stretch.start
            for stretch in played_ranges
            if stretch.stop == end
        ),
        None,
    )
    return PlaybackSummary(
        parts,
        played_ranges[0].started_at if played_ranges else None,
        viewed,
        finished,
        watched,
        distinct,
    )


def time_of_view(played_ranges: Iterable[PlayedRange], seconds: int) -> int | None:
    """When so many seconds had been watched."""
    left = seconds
    for played_range in played_ranges:
        length = played_range.stop - played_range.start
        if length >= left:
            return played_range.started_at + left
        left -= length
    return None


def prompt_displays(
    prompts: Sequence[Prompt], played_ranges: Sequence[PlayedRange]
) -> list[tuple[int, Prompt, int]]:
    """The prompts that a viewing came to, and when: (place, prompt, instant)."""
    displays = []
    for index, prompt in enumerate(prompts):
        display_times = (
            stretch.started_at + prompt.at - stretch.start
            for stretch in played_ranges
            if stretch.start <= prompt.at <= stretch.stop
        )
        shown_at = next(display_times, None)
        if shown_at is not None:
            displays.append((index, prompt, shown_at))
    return displays


def split_repeats(played_ranges: Sequence[PlayedRange]) -> list[RangePart]:
    """The stretches, cut where they pass from new to seen-before positions or back."""
    if all(before.stop <= after.start for before, after in pairwise(played_ranges)):
        # Whoever only goes forward sees nothing twice: most viewings, and a million are generated.
        return [
            RangePart(started_at, started_at + stop - start, start, stop, 0)
            for started_at, start, stop in played_ranges
        ]
    seen_ranges: list[tuple[int, int]] = []
    parts: list[RangePart] = []
    for played_range in played_ranges:
        parts += _split_range(played_range, seen_ranges)
        seen_ranges = _add_range(seen_ranges, played_range.start, played_range.stop)
    return parts


def _split_range(
    played_range: PlayedRange, seen_ranges: Sequence[tuple[int, int]]
) -> list[RangePart]:
    """The pieces of one stretch, given the disjoint ascending ranges seen before it."""
    parts: list[RangePart] = []
    position = played_range.start
    for start, stop in seen_ranges:
        if stop <= position or start >= played_range.stop:
            continue
        if start > position:
            parts.append(_part_of_range(played_range, position, start, is_repeat=0))
        position = max(position, start)
        parts.append(
            _part_of_range(played_range, position, min(stop, played_range.stop), is_repeat=1)
        )
        position = min(stop, played_range.stop)
    if position < played_range.stop:
        parts.append(_part_of_range(played_range, position, played_range.stop, is_repeat=0))
    return parts


def _part_of_range(
    played_range: PlayedRange, start: int, stop: int, *, is_repeat: int
) -> RangePart:
    started_at = played_range.started_at + start - played_range.start
    return RangePart(started_at, started_at + stop - start, start, stop, is_repeat)


def _add_range(
    seen_ranges: Sequence[tuple[int, int]], start: int, stop: int
) -> list[tuple[int, int]]:
    """The ranges with one more, merged where they touch."""
    separate = [piece for piece in seen_ranges if piece[1] < start or piece[0] > stop]
    touching = [piece for piece in seen_ranges if not (piece[1] < start or piece[0] > stop)]
    merged = (
        min([start, *(low for low, _ in touching)]),
        max([stop, *(high for _, high in touching)]),
    )
    return sorted([*separate, merged])
