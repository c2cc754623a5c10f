"""An account's clock:

frozen, ahead of the server's, or the server's; and the anchor that follows it while nothing is
recorded.
"""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection, update

from playhead.accounts import overlays
from playhead.accounts.repository import clock_now, get_for_update
from playhead.domain.account import Account, ClockSetting
from playhead.domain.clock import DAY, Clock, parse_instant, utc_datetime, week_start
from playhead.domain.errors import UserError
from playhead.domain.media import FIRST_DAY, LAST_DAY
from playhead.storage import tables
from playhead.storage.database import Store

# A world reaches 91 days before its anchor and 371 after it; all of that must be years that a date
# can have.
MIN_NOW = parse_instant("1971-01-01")
MAX_NOW = parse_instant("9997-12-31")


ClockChange = Callable[[ClockSetting], ClockSetting]


class ClockState(NamedTuple):
    """A clock, what it shows, and between which instants its world has anything.

    In seconds since 1970.
    """

    setting: ClockSetting
    now: int
    first: int
    last: int


def clock_state(account: Account) -> ClockState:
    """An account's clock."""
    return _clock_state_at(account.clock, account.now, account.anchor)


class AccountClocks:
    """The clocks of a store's accounts."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock

    def set(self, name: str, setting: ClockSetting) -> ClockState:
        """Set a clock, and move the anchor to its week while nothing is recorded.

        Raises Missing and Refusal.
        """
        return self._change(name, lambda _old: setting, move_anchor=True)

    def advance(self, name: str, seconds: int) -> ClockState:
        """Move a clock forward or back, the anchor staying; raises Missing and Refusal."""
        return self._change(
            name,
            lambda old: ClockSetting(
                "frozen" if old.kind == "frozen" else "offset", old.seconds + seconds
            ),
            move_anchor=False,
        )

    def _change(self, name: str, change: ClockChange, *, move_anchor: bool) -> ClockState:
        accounts = tables.accounts
        with self.store.transaction() as connection:
            row = get_for_update(connection, name)
            setting = change(ClockSetting(row.clock, row.clock_seconds))
            now = clock_now(*setting, self.clock)
            free = move_anchor and _nothing_recorded(connection, row.overlay)
            anchor = week_start(now) if free else row.anchor
            validate_now(now, anchor)
            values = {
                "clock": setting.kind,
                "clock_seconds": setting.seconds,
                "anchor": anchor,
                "modified": 1,
            }
            connection.execute(update(accounts).where(accounts.c.id == row.id).values(values))
        return _clock_state_at(setting, now, anchor)


def _clock_state_at(setting: ClockSetting, now: int, anchor: int) -> ClockState:
    return ClockState(setting, now, anchor + FIRST_DAY * DAY, _last_instant(anchor))


def _last_instant(anchor: int) -> int:
    return anchor + (LAST_DAY + 1) * DAY - 1


def validate_now(now: int, anchor: int) -> None:
    """Raise Refusal for an instant that no clock over a world of that anchor can show."""
    if not MIN_NOW <= now < MAX_NOW:
        raise UserError("a clock shows instants from 1971-01-01 up to 9997-12-30")
    last = _last_instant(anchor)
    if now > last:
        raise UserError(
            f"{utc_datetime(now):%Y-%m-%dT%H:%M:%SZ} is beyond the last instant of the "
            f"account's world ({utc_datetime(last):%Y-%m-%dT%H:%M:%SZ}): "
            "set the clock while nothing is recorded, and the world moves with it"
        )


def _nothing_recorded(connection: Connection, overlay: int | None) -> bool:
    return overlay is None or overlays.is_empty(connection, overlay)
