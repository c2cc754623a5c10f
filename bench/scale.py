"""How much is measured."""

from typing import NamedTuple

from bench.stores import LARGE, MEDIUM, SMALL


class Scale(NamedTuple):
    """Sizes of worlds, numbers of runs, and what one operation may take."""

    sizes: tuple[int, ...]
    starts: int
    first_starts: int
    requests: int  # at most so many an operation and world,
    seconds: float  # and no more once they took so long

    @property
    def ends(self) -> tuple[int, ...]:
        """The smallest size and the greatest."""
        return tuple(dict.fromkeys((self.sizes[0], self.sizes[-1])))


QUICK = Scale((SMALL,), starts=1, first_starts=1, requests=8, seconds=0.3)
FULL = Scale((SMALL, MEDIUM, LARGE), starts=9, first_starts=3, requests=120, seconds=2)
