"""How people go through a video: a few habits, each from a draw to stretches of playback. Pure."""

from collections.abc import Callable, Sequence

from playhead.domain.playback import PlayedRange


def straight_through(
    started_at: int, target: int, _seconds: int, _draw: Sequence[int]
) -> list[PlayedRange]:
    """From the beginning in one go."""
    return [PlayedRange(started_at, 0, target)]


def with_pause(
    started_at: int, target: int, _seconds: int, draw: Sequence[int]
) -> list[PlayedRange]:
    """With one pause."""
    at = target * (draw[7] >> 16) >> 16
    away = 3 + (draw[8] & 127)
    if not at:
        return [PlayedRange(started_at, 0, target)]
    return [PlayedRange(started_at, 0, at), PlayedRange(started_at + at + away, at, target)]


def with_skip(started_at: int, target: int, seconds: int, draw: Sequence[int]) -> list[PlayedRange]:
    """With one part left out."""
    at = target * (draw[7] >> 16) >> 16
    resume_at = at + 1 + ((seconds - at) * (draw[8] >> 16) >> 17)
    if not at or resume_at >= seconds:
        return [PlayedRange(started_at, 0, target)]
    return [
        PlayedRange(started_at, 0, at),
        PlayedRange(started_at + at, resume_at, max(resume_at + 1, target)),
    ]


def with_return(
    started_at: int, target: int, _seconds: int, draw: Sequence[int]
) -> list[PlayedRange]:
    """Back to something seen before."""
    at = max(1, target * (draw[7] >> 16) >> 16)
    return_to = at * (draw[8] >> 16) >> 16
    return [
        PlayedRange(started_at, 0, at),
        PlayedRange(started_at + at, return_to, max(target, return_to + 1)),
    ]


def with_return_and_pause(
    started_at: int, target: int, seconds: int, draw: Sequence[int]
) -> list[PlayedRange]:
    """Back to something seen before, after a pause."""
    first, second = with_return(started_at, target, seconds, draw)
    return [first, second._replace(started_at=second.started_at + 3 + (draw[9] & 127))]


def from_link(started_at: int, target: int, seconds: int, draw: Sequence[int]) -> list[PlayedRange]:
    """From somewhere in the middle, to which a link leads."""
    at = (seconds - 1) * (draw[7] >> 16) >> 17
    return [PlayedRange(started_at, at, min(seconds, at + target))]


Behaviour = Callable[[int, int, int, Sequence[int]], list[PlayedRange]]
_SHARES: tuple[tuple[Behaviour, int], ...] = (
    (straight_through, 60),
    (with_pause, 15),
    (with_skip, 9),
    (with_return, 11),
    (with_return_and_pause, 3),
    (from_link, 2),
)
BEHAVIOURS: tuple[Behaviour, ...] = tuple(
    habit for habit, share in _SHARES for _ in range(share)
)  # by a draw of a hundred
