"""Clocks over HTTP: show, set, let go, advance."""

from fastapi import APIRouter

from playhead.accounts.clock import clock_state
from playhead.control.dependencies import AccountName, EmulatorDep, PathAccount
from playhead.control.problems import problem_responses
from playhead.control.schemas.accounts import Advance, Clock, NewClock
from playhead.domain.account import ClockSetting

routes = APIRouter(tags=["clock"], responses=problem_responses(404, 422))


@routes.get("/accounts/{name}/clock")
def clock(account: PathAccount) -> Clock:
    """The account's clock."""
    return Clock.of(clock_state(account))


@routes.put("/accounts/{name}/clock")
def set_clock(name: AccountName, new: NewClock, emulator: EmulatorDep) -> Clock:
    """Set the clock; while nothing is recorded, the world moves to its week."""
    return Clock.of(emulator.clocks.set(name, new.to_setting()))


@routes.delete("/accounts/{name}/clock")
def use_system_clock(name: AccountName, emulator: EmulatorDep) -> Clock:
    """Let the clock be the server's again."""
    return Clock.of(emulator.clocks.set(name, ClockSetting()))


@routes.post("/accounts/{name}/clock/advance")
def advance_clock(name: AccountName, advance: Advance, emulator: EmulatorDep) -> Clock:
    """Move the clock forward or back; the world stays where it is."""
    return Clock.of(emulator.clocks.advance(name, advance.by))
