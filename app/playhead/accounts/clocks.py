"""An account's clock: frozen, ahead of the server's, or the server's; and the anchor that follows it while nothing is recorded."""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection, update

from playhead.accounts import overlays
from playhead.accounts.account import Account, ClockSetting, locked, now_of
from playhead.clock import DAY, Clock, instant_of, monday_of, utc
from playhead.failure import Refusal
from playhead.store import tables
from playhead.store.store import Store
from playhead.world.terms import FIRST_DAY, LAST_DAY

# A world reaches 91 days before its anchor and 371 after it; all of that must be years that a date can have.
EARLIEST, LATEST = instant_of("1971-01-01"), instant_of("9997-12-31")


Change = Callable[[ClockSetting], ClockSetting]


class Shown(NamedTuple):
    """A clock, what it shows, and between which instants its world has anything; in seconds since 1970."""

    setting: ClockSetting
    now: int
    first: int
    last: int


def shown(account: Account) -> Shown:
    """An account's clock."""
    return _shown(account.clock, account.now, account.anchor)


class Clocks:
    """The clocks of a store's accounts."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock

    def set(self, name: str, setting: ClockSetting) -> Shown:
        """Set a clock, and move the anchor to its week while nothing is recorded; raises Missing and Refusal."""
        return self._change(name, lambda _old: setting, moves=True)

    def advance(self, name: str, seconds: int) -> Shown:
        """Move a clock forward or back, the anchor staying; raises Missing and Refusal."""
        return self._change(name, lambda old: ClockSetting("frozen" if old.kind == "frozen" else "offset", old.seconds + seconds), moves=False)

    def _change(self, name: str, change: Change, *, moves: bool) -> Shown:
        accounts = tables.accounts
        with self.store.change() as connection:
            row = locked(connection, name)
            setting = change(ClockSetting(row.clock, row.clock_seconds))
            now = now_of(*setting, self.clock)
            free = moves and _nothing_recorded(connection, row.overlay)
            anchor = monday_of(now) if free else row.anchor
            check(now, anchor)
            values = {"clock": setting.kind, "clock_seconds": setting.seconds, "anchor": anchor, "touched": 1}
            connection.execute(update(accounts).where(accounts.c.id == row.id).values(values))
        return _shown(setting, now, anchor)


def _shown(setting: ClockSetting, now: int, anchor: int) -> Shown:
    return Shown(setting, now, anchor + FIRST_DAY * DAY, _last(anchor))


def _last(anchor: int) -> int:
    return anchor + (LAST_DAY + 1) * DAY - 1


def check(now: int, anchor: int) -> None:
    """Raise Refusal for an instant that no clock over a world of that anchor can show."""
    if not EARLIEST <= now < LATEST:
        raise Refusal("a clock shows instants from 1971-01-01 up to 9997-12-30")
    last = _last(anchor)
    if now > last:
        raise Refusal(
            f"{utc(now):%Y-%m-%dT%H:%M:%SZ} is beyond the last instant of the account's world ({utc(last):%Y-%m-%dT%H:%M:%SZ}): "
            "set the clock while nothing is recorded, and the world moves with it"
        )


def _nothing_recorded(connection: Connection, overlay: int | None) -> bool:
    return overlay is None or overlays.is_empty(connection, overlay)
