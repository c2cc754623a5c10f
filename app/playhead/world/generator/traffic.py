"""When people watch and for how long: integer tables, drawn from once for every viewing."""

from bisect import bisect_right
from itertools import accumulate, pairwise

QUARTER_HOUR = 900
# Hourly weights in the viewer's own time, midnight first.
_WORKDAY = (
    9,
    5,
    3,
    2,
    2,
    4,
    10,
    22,
    34,
    42,
    44,
    44,
    48,
    46,
    42,
    41,
    43,
    48,
    56,
    66,
    74,
    68,
    46,
    22,
)
_WEEKEND = (
    16,
    10,
    6,
    4,
    3,
    3,
    6,
    11,
    20,
    32,
    42,
    48,
    52,
    54,
    54,
    54,
    55,
    57,
    62,
    70,
    76,
    70,
    52,
    30,
)
# What share of a media has been watched when a viewer leaves, by the viewer's rank: (rank %, share
# %).
_DROP_OFF = ((0, 0), (5, 1), (12, 4), (25, 16), (40, 38), (55, 68), (66, 96), (67, 100), (100, 100))
_LIVE_STAY = ((0, 0), (12, 5), (30, 25), (48, 60), (61, 97), (62, 100), (100, 100))
# When the viewers of a broadcast come: share of them, seconds from its start per thousand of its
# length.
_LIVE_ARRIVAL = ((0, -80), (16, 0), (55, 15), (80, 80), (93, 350), (100, 900))
# 2**(-k/8) in 1/65536.
_DECAY_EIGHTHS = (65536, 60097, 55109, 50535, 46341, 42495, 38968, 35734)


def _quarter_hours(hours: tuple[int, ...]) -> tuple[int, ...]:
    """1024 quarter hours of a day, each as often as its weight says."""
    weights = [
        (hours[quarter // 4] * (4 - quarter % 4) + hours[(quarter // 4 + 1) % 24] * (quarter % 4))
        for quarter in range(96)
    ]
    sums = list(accumulate(weights))
    return tuple(bisect_right(sums, step * sums[-1] >> 10) for step in range(1024))


def _curve(points: tuple[tuple[int, int], ...], *, scale: int) -> tuple[int, ...]:
    """The piecewise linear curve through the points, at 256 ranks, in 1/1024 (or as scaled)."""
    values = []
    for rank in range(256):
        at = rank * 100 * 1000 // 255
        (low, bottom), (high, top) = next((a, b) for a, b in pairwise(points) if at <= b[0] * 1000)
        values.append(
            (bottom * 1000 + (top - bottom) * (at - low * 1000) // max(1, high - low))
            * scale
            // 100_000
        )
    return tuple(values)


QUARTER_HOURS_BY_WEEKDAY = (_quarter_hours(_WORKDAY),) * 5 + (
    _quarter_hours(_WEEKEND),
) * 2  # by weekday
DROP_OFF = _curve(_DROP_OFF, scale=1024)
LIVE_STAY = _curve(_LIVE_STAY, scale=1024)
LIVE_ARRIVAL = _curve(_LIVE_ARRIVAL, scale=100)  # thousandths of the broadcast's length


def decay(age_days: int, half_life: int) -> int:
    """2**(-age/half_life) in 1/65536, in steps of an eighth of a half-life."""
    eighths = age_days * 8 // half_life
    return _DECAY_EIGHTHS[eighths % 8] >> min(eighths // 8, 31)


def retention_shift(duration_seconds: int, retention: int) -> int:
    """How far a media's length and grip move its viewers' ranks of leaving, in 1/256."""
    bonus = next(
        bonus
        for limit, bonus in ((60, 20), (300, 10), (1200, 0), (10**9, -15))
        if duration_seconds < limit
    )
    return (retention + bonus - 50) * 128 // 100
