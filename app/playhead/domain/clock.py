"""The only module that reads the time; everyone else is given a Clock or an instant."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

DAY = 86_400
WEEK = 7 * DAY
_MONDAY = 4 * DAY  # 1970-01-05, the first Monday after the epoch


class Clock(Protocol):
    """Tells the instant in whole seconds since 1970-01-01 UTC."""

    def now(self) -> int: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        return int(time.time())

    def now_ms(self) -> int:
        """The same in milliseconds."""
        return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class FrozenClock:
    """A clock that stands still at one instant."""

    instant: int

    def now(self) -> int:
        return self.instant


def monotonic_seconds() -> float:
    """Seconds of a clock that only ever goes forward, for measuring durations."""
    return time.perf_counter()


def sleep(seconds: float) -> None:
    """Wait in the calling thread; used where one process waits for another's lease."""
    time.sleep(seconds)


def week_start(instant: int) -> int:
    """The Monday 00:00 UTC of the week that `instant` lies in."""
    return instant - (instant - _MONDAY) % WEEK


def parse_instant(text: str) -> int:
    """Seconds since 1970 of an ISO 8601 instant or date.

    Without an offset it is UTC. Raises ValueError.
    """
    moment = datetime.fromisoformat(text.strip())
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def utc_datetime(instant: int) -> datetime:
    """The aware UTC datetime of an instant in seconds since 1970."""
    return datetime.fromtimestamp(instant, UTC)
