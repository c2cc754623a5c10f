"""Time ranges: half-open pairs of instants."""

from typing import NamedTuple

MIN_TIME = -(10**11)  # before anything that can be recorded, in seconds from any anchor


class TimeRange(NamedTuple):
    """Instants from `start` up to, not including, `end`, in seconds since 1970."""

    start: int
    end: int

    def relative_to(self, anchor: int) -> "TimeRange":
        """The range in seconds from an anchor: the one place where an anchor is subtracted."""
        return TimeRange(self.start - anchor, self.end - anchor)
