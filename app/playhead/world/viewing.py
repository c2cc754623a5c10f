"""A viewing from its stretches of playback: what is new, what is seen again, what it came to, what follows from them. Pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from playhead.world.terms import PromptKind

VIEWS = (3, 5, 10, 30)  # watched seconds that make a view; without another word it is five


class Stretch(NamedTuple):
    """Uninterrupted playback at speed 1: from when, and from which position to which, in whole seconds."""

    started_at: int
    start: int
    stop: int


class Prompt(NamedTuple):
    """What is shown over a video at a second of it, and which share of those who see it act on it."""

    kind: PromptKind
    at: int
    text: str
    url: str | None
    percent: int = 0


class Piece(NamedTuple):
    """A stretch, or a part of one, that is wholly new or wholly seen before within its viewing."""

    started_at: int
    stopped_at: int
    start: int
    stop: int
    again: int


class Facts(NamedTuple):
    """What a viewing's stretches say of it; `viewed_at` is when each number of VIEWS had been watched, `finished_at` when it came to the end."""

    pieces: list[Piece]
    played_at: int | None
    viewed_at: tuple[int | None, ...]
    finished_at: int | None
    watched_seconds: int
    distinct_seconds: int


def facts(stretches: Sequence[Stretch], *, end: int | None = None) -> Facts:
    """All that follows from the stretches of one viewing, in the order they were played; `end` is the last position of its media, None if it has none."""
    if len(stretches) == 1:  # most viewings, and a million are generated
        started_at, start, stop = stretches[0]
        length = stop - start
        viewed = tuple([started_at + seconds if length >= seconds else None for seconds in VIEWS])
        return Facts([Piece(started_at, started_at + length, start, stop, 0)], started_at, viewed, started_at + length if stop == end else None, length, length)
    pieces = cut(stretches)
    watched = sum(stretch.stop - stretch.start for stretch in stretches)
    distinct = sum(piece.stop - piece.start for piece in pieces if not piece.again)
    viewed = tuple([viewed_at(stretches, seconds) for seconds in VIEWS])
    finished = next((stretch.started_at + stretch.stop - stretch.start for stretch in stretches if stretch.stop == end), None)
    return Facts(pieces, stretches[0].started_at if stretches else None, viewed, finished, watched, distinct)


def viewed_at(stretches: Iterable[Stretch], seconds: int) -> int | None:
    """When so many seconds had been watched."""
    left = seconds
    for stretch in stretches:
        length = stretch.stop - stretch.start
        if length >= left:
            return stretch.started_at + left
        left -= length
    return None


def shown(prompts: Sequence[Prompt], stretches: Sequence[Stretch]) -> list[tuple[int, Prompt, int]]:
    """The prompts that a viewing came to, and when: (place, prompt, instant)."""
    found = []
    for index, prompt in enumerate(prompts):
        came = (stretch.started_at + prompt.at - stretch.start for stretch in stretches if stretch.start <= prompt.at <= stretch.stop)
        shown_at = next(came, None)
        if shown_at is not None:
            found.append((index, prompt, shown_at))
    return found


def cut(stretches: Sequence[Stretch]) -> list[Piece]:
    """The stretches, cut where they pass from new to seen-before positions or back."""
    if all(before.stop <= after.start for before, after in pairwise(stretches)):
        # Whoever only goes forward sees nothing twice: most viewings, and a million are generated.
        return [Piece(started_at, started_at + stop - start, start, stop, 0) for started_at, start, stop in stretches]
    seen: list[tuple[int, int]] = []
    pieces: list[Piece] = []
    for stretch in stretches:
        pieces += _pieces(stretch, seen)
        seen = _with(seen, stretch.start, stretch.stop)
    return pieces


def _pieces(stretch: Stretch, seen: Sequence[tuple[int, int]]) -> list[Piece]:
    """The pieces of one stretch, given the disjoint ascending ranges seen before it."""
    pieces: list[Piece] = []
    position = stretch.start
    for start, stop in seen:
        if stop <= position or start >= stretch.stop:
            continue
        if start > position:
            pieces.append(_piece(stretch, position, start, again=0))
        position = max(position, start)
        pieces.append(_piece(stretch, position, min(stop, stretch.stop), again=1))
        position = min(stop, stretch.stop)
    if position < stretch.stop:
        pieces.append(_piece(stretch, position, stretch.stop, again=0))
    return pieces


def _piece(stretch: Stretch, start: int, stop: int, *, again: int) -> Piece:
    started_at = stretch.started_at + start - stretch.start
    return Piece(started_at, started_at + stop - start, start, stop, again)


def _with(seen: Sequence[tuple[int, int]], start: int, stop: int) -> list[tuple[int, int]]:
    """The ranges with one more, merged where they touch."""
    apart = [piece for piece in seen if piece[1] < start or piece[0] > stop]
    touching = [piece for piece in seen if not (piece[1] < start or piece[0] > stop)]
    merged = (min([start, *(low for low, _ in touching)]), max([stop, *(high for _, high in touching)]))
    return sorted([*apart, merged])
