"""Accounts over HTTP: create, list, show, delete, reset, fork."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from playhead.accounts import clocks, opening
from playhead.accounts.account import EVERY_VENDOR, ClockSetting, Options
from playhead.accounts.account import Account as Found
from playhead.control.asking import Asked, Emulating, Named, Vendors
from playhead.control.problems import answers
from playhead.control.shapes import Account, Accounts, Clock, Fork, NewAccount
from playhead.emulator import KnownWorld
from playhead.failure import Refusal
from playhead.vendor import Vendor

routes = APIRouter(tags=["accounts"])


class Show:
    """Accounts as the API shows them."""

    def __init__(self, emulator: Emulating, vendors: Vendors, request: Request) -> None:
        self.emulator = emulator
        self.urls = {vendor.name: f"{request.base_url.scheme}://{request.base_url.netloc}/{vendor.name}" for vendor in vendors}

    def __call__(self, found: Sequence[Found]) -> list[Account]:
        worlds = self.emulator.worlds(found)
        return [self._shown(account, worlds[account.world]) for account in found]

    def _shown(self, account: Found, world: KnownWorld) -> Account:
        return Account(
            name=account.name,
            key=account.name,
            scenario=world.scenario,
            seed=world.seed,
            ready=world.is_ready(account),
            recorded=account.overlay is not None,
            clock=Clock.of(clocks.shown(account)),
            lenient=account.options.lenient,
            environment=account.options.environment,  # type: ignore[arg-type] # one of the two, since one of them was taken
            permissions={name: dict(given) for name, given in account.options.permissions.items()},
            rate_limits={name: limit or True for name, limit in account.options.limits.items()},
            faults=account.faults,
            stubs=account.stubs,
            urls=self.urls,
        )


Showing = Annotated[Show, Depends(Show)]


@routes.get("/accounts")
def accounts(show: Showing, emulator: Emulating) -> Accounts:
    """Every account."""
    return Accounts(accounts=show(emulator.accounts.all()))


@routes.post("/accounts", status_code=201, responses=answers(409, 422))
def create_account(show: Showing, emulator: Emulating, vendors: Vendors, new: NewAccount | None = None) -> Account:
    """Create an account; its world is generated at the first reading."""
    new = new or NewAccount.model_validate({})
    chosen, credentials = options(new, vendors), new.credentials if isinstance(new.credentials, dict) else {EVERY_VENDOR: new.credentials}
    _check_vendors(credentials, vendors)
    world = emulator.world_of(new.scenario, seed=new.seed, viewings=new.viewings)
    clock = new.clock.setting() if new.clock else ClockSetting()
    return show([emulator.accounts.create(opening.NewAccount(new.name, world, clock, chosen, credentials))])[0]


@routes.get("/accounts/{name}", responses=answers(404, 422))
def account(found: Asked, show: Showing) -> Account:
    """One account."""
    return show([found])[0]


@routes.delete("/accounts/{name}", status_code=204, responses=answers(404, 422))
def delete_account(name: Named, emulator: Emulating) -> None:
    """Remove an account with all that was recorded, planned and noted in it."""
    emulator.accounts.delete(name)


@routes.post("/accounts/{name}/reset", responses=answers(404, 422))
def reset_account(name: Named, show: Showing, emulator: Emulating) -> Account:
    """Make an account as it was created, forked, or opened by its key."""
    return show([emulator.accounts.reset(name)])[0]


@routes.post("/accounts/{name}/fork", status_code=201, responses=answers(404, 409, 422))
def fork_account(name: Named, show: Showing, emulator: Emulating, fork: Fork | None = None) -> Account:
    """Copy an account: what was recorded, planned and set in it, not its journal and not its credentials."""
    return show([emulator.accounts.fork(name, fork.name if fork else None)])[0]


def options(new: NewAccount, vendors: Sequence[Vendor]) -> Options:
    """What was set of an account; raises Refusal for a vendor or permission that there is not."""
    _check_vendors(new.permissions, vendors)
    for vendor in vendors:
        if unknown := [name for name in new.permissions.get(vendor.name, {}) if name not in vendor.permissions]:
            raise Refusal(f"permissions: {vendor.name} has none called {unknown[0]!r}, only {', '.join(vendor.permissions)}")
    limits = dict.fromkeys((vendor.name for vendor in vendors), True) if new.rate_limits is True else new.rate_limits or {}
    _check_vendors(limits, vendors)
    counted = {name: 0 if limit is True else int(limit) for name, limit in limits.items() if limit is not False}
    return Options(new.lenient, new.environment, new.permissions, counted)


def _check_vendors(named: Mapping[str, Any], vendors: Sequence[Vendor]) -> None:  # Any: whatever is said by vendor
    known = [vendor.name for vendor in vendors]
    if unknown := [name for name in named if name not in (EVERY_VENDOR, *known)]:
        raise Refusal(f"there is no vendor {unknown[0]!r}, only {', '.join(known)}")
