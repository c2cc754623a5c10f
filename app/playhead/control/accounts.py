"""Accounts over HTTP: create, list, show, delete, reset, fork."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request

from playhead.accounts import opening
from playhead.accounts.account import EVERY_VENDOR, Options
from playhead.accounts.account import Account as Found
from playhead.accounts.opening import ClockSetting
from playhead.control.asking import Asked, Emulating, Named, Vendors
from playhead.control.shapes import Account, Accounts, Clock, Fork, NewAccount
from playhead.emulator import Emulator
from playhead.failure import Refusal
from playhead.vendor import Vendor

routes = APIRouter(tags=["accounts"])


@routes.get("/accounts")
def accounts(emulator: Emulating, vendors: Vendors, request: Request) -> Accounts:
    """Every account."""
    return Accounts(accounts=[shown(found, emulator, vendors, request) for found in emulator.accounts.all()])


@routes.post("/accounts", status_code=201)
def create_account(emulator: Emulating, vendors: Vendors, request: Request, new: NewAccount | None = None) -> Account:
    """Create an account; its world is generated at the first reading."""
    new = new or NewAccount.model_validate({})
    made = opening.NewAccount(
        name=new.name,
        world=emulator.world_of(new.scenario, seed=new.seed, viewings=new.viewings),
        clock=new.clock.setting() if new.clock else ClockSetting(),
        options=options(new, vendors),
        credentials=new.credentials if isinstance(new.credentials, dict) else {EVERY_VENDOR: new.credentials},
    )
    _check_vendors(made.credentials, vendors)
    return shown(emulator.accounts.create(made), emulator, vendors, request)


@routes.get("/accounts/{name}")
def account(found: Asked, emulator: Emulating, vendors: Vendors, request: Request) -> Account:
    """One account."""
    return shown(found, emulator, vendors, request)


@routes.delete("/accounts/{name}", status_code=204)
def delete_account(name: Named, emulator: Emulating) -> None:
    """Remove an account with all that was recorded, planned and noted in it."""
    emulator.accounts.delete(name)


@routes.post("/accounts/{name}/reset")
def reset_account(name: Named, emulator: Emulating, vendors: Vendors, request: Request) -> Account:
    """Make an account as it was created or forked."""
    return shown(emulator.accounts.reset(name), emulator, vendors, request)


@routes.post("/accounts/{name}/fork", status_code=201)
def fork_account(name: Named, emulator: Emulating, vendors: Vendors, request: Request, fork: Fork | None = None) -> Account:
    """Copy an account: what was recorded, planned and set in it, not its journal."""
    return shown(emulator.accounts.fork(name, fork.name if fork else None), emulator, vendors, request)


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


def shown(found: Found, emulator: Emulator, vendors: Sequence[Vendor], request: Request) -> Account:
    """An account as the API shows it."""
    (scenario, seed), now = emulator.world_name(found), emulator.clocks.shown(found.name)
    return Account(
        name=found.name,
        key=found.name,
        scenario=scenario,
        seed=seed,
        ready=emulator.is_ready(found),
        recorded=found.overlay is not None,
        clock=Clock.of(now),
        lenient=found.options.lenient,
        environment=found.options.environment,  # type: ignore[arg-type] # one of the two, since one of them was taken
        permissions={name: dict(given) for name, given in found.options.permissions.items()},
        rate_limits={name: limit or True for name, limit in found.options.limits.items()},
        faults=found.faults,
        stubs=found.stubs,
        urls={vendor.name: f"{request.base_url.scheme}://{request.base_url.netloc}/{vendor.name}" for vendor in vendors},
    )
