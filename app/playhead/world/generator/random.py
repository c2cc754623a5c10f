"""Chance: streams of integers that are the same on every machine, for ever, within a world
version.
"""

import struct
from hashlib import shake_128

WORLD_VERSION = 2


def random_ints(seed: int, kind: str, index: int, count: int) -> tuple[int, ...]:
    """`count` integers below 2**32 of the stream that belongs to (world version, seed, kind,
    index).
    """
    # Its own stream a thing: one more draw for one viewer or day shifts nothing else.
    source = f"{WORLD_VERSION}/{seed}/{kind}/{index}".encode()
    return struct.unpack(f"<{count}I", shake_128(source).digest(4 * count))


class SeededRandom:
    """Draws for one thing, one after the other, where there are few enough to spell out."""

    def __init__(self, seed: int, kind: str, index: int, *, count: int = 64) -> None:
        self._ints = iter(random_ints(seed, kind, index, count))

    def below(self, limit: int) -> int:
        """A whole number in 0..limit-1."""
        return next(self._ints) * limit >> 32

    def between(self, low: int, high: int) -> int:
        """A whole number in low..high, both included."""
        return low + self.below(high - low + 1)
