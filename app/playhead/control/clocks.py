"""Clocks over HTTP: show, set, let go, advance."""

from fastapi import APIRouter

from playhead.accounts.account import ClockSetting
from playhead.accounts.clocks import shown
from playhead.control.asking import Asked, Emulating, Named
from playhead.control.problems import answers
from playhead.control.shapes import Advance, Clock, NewClock

routes = APIRouter(tags=["clock"], responses=answers(404, 422))


@routes.get("/accounts/{name}/clock")
def clock(found: Asked) -> Clock:
    """The account's clock."""
    return Clock.of(shown(found))


@routes.put("/accounts/{name}/clock")
def set_clock(name: Named, new: NewClock, emulator: Emulating) -> Clock:
    """Set the clock; while nothing is recorded, the world moves to its week."""
    return Clock.of(emulator.clocks.set(name, new.setting()))


@routes.delete("/accounts/{name}/clock")
def release_clock(name: Named, emulator: Emulating) -> Clock:
    """Let the clock be the server's again."""
    return Clock.of(emulator.clocks.set(name, ClockSetting()))


@routes.post("/accounts/{name}/clock/advance")
def advance_clock(name: Named, advance: Advance, emulator: Emulating) -> Clock:
    """Move the clock forward or back; the world stays where it is."""
    return Clock.of(emulator.clocks.advance(name, advance.by))
