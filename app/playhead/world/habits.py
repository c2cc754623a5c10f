"""How people go through a video: a few habits, each from a draw to stretches of playback. Pure."""

from collections.abc import Callable, Sequence

from playhead.world.viewing import Stretch


def plain(started_at: int, target: int, _seconds: int, _draw: Sequence[int]) -> list[Stretch]:
    """From the beginning in one go."""
    return [Stretch(started_at, 0, target)]


def with_pause(started_at: int, target: int, _seconds: int, draw: Sequence[int]) -> list[Stretch]:
    """With one pause."""
    at, away = target * (draw[7] >> 16) >> 16, 3 + (draw[8] & 127)
    if not at:
        return [Stretch(started_at, 0, target)]
    return [Stretch(started_at, 0, at), Stretch(started_at + at + away, at, target)]


def with_skip(started_at: int, target: int, seconds: int, draw: Sequence[int]) -> list[Stretch]:
    """With one part left out."""
    at = target * (draw[7] >> 16) >> 16
    to = at + 1 + ((seconds - at) * (draw[8] >> 16) >> 17)
    if not at or to >= seconds:
        return [Stretch(started_at, 0, target)]
    return [Stretch(started_at, 0, at), Stretch(started_at + at, to, max(to + 1, target))]


def with_return(started_at: int, target: int, _seconds: int, draw: Sequence[int]) -> list[Stretch]:
    """Back to something seen before."""
    at = max(1, target * (draw[7] >> 16) >> 16)
    back = at * (draw[8] >> 16) >> 16
    return [Stretch(started_at, 0, at), Stretch(started_at + at, back, max(target, back + 1))]


def with_return_and_pause(started_at: int, target: int, seconds: int, draw: Sequence[int]) -> list[Stretch]:
    """Back to something seen before, after a pause."""
    first, second = with_return(started_at, target, seconds, draw)
    return [first, second._replace(started_at=second.started_at + 3 + (draw[9] & 127))]


def from_link(started_at: int, target: int, seconds: int, draw: Sequence[int]) -> list[Stretch]:
    """From somewhere in the middle, to which a link leads."""
    at = (seconds - 1) * (draw[7] >> 16) >> 17
    return [Stretch(started_at, at, min(seconds, at + target))]


Habit = Callable[[int, int, int, Sequence[int]], list[Stretch]]
_SHARES: tuple[tuple[Habit, int], ...] = ((plain, 60), (with_pause, 15), (with_skip, 9), (with_return, 11), (with_return_and_pause, 3), (from_link, 2))
HABITS: tuple[Habit, ...] = tuple(habit for habit, share in _SHARES for _ in range(share))  # by a draw of a hundred
