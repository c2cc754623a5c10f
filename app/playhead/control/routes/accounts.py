"""Accounts over HTTP: create, list, show, delete, reset, fork."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from playhead.accounts import clock as account_clock
from playhead.accounts import service
from playhead.control.dependencies import AccountName, EmulatorDep, PathAccount, VendorsDep
from playhead.control.problems import problem_responses
from playhead.control.schemas.accounts import Account, Accounts, Clock, Fork, NewAccount
from playhead.domain.account import EVERY_VENDOR, AccountOptions, ClockSetting
from playhead.domain.account import Account as Found
from playhead.domain.errors import UserError
from playhead.gateway.vendor import Vendor
from playhead.world.summary import WorldStatus

routes = APIRouter(tags=["accounts"])


class AccountPresenter:
    """Accounts as the API shows them."""

    def __init__(self, emulator: EmulatorDep, vendors: VendorsDep, request: Request) -> None:
        self.emulator = emulator
        self.urls = {
            vendor.name: f"{request.base_url.scheme}://{request.base_url.netloc}/{vendor.name}"
            for vendor in vendors
        }

    def __call__(self, entities: Sequence[Found]) -> list[Account]:
        worlds = self.emulator.world_statuses(entities)
        return [self._to_schema(account, worlds[account.world]) for account in entities]

    def _to_schema(self, account: Found, world: WorldStatus) -> Account:
        return Account(
            name=account.name,
            key=account.name,
            scenario=world.scenario,
            seed=world.seed,
            ready=world.is_ready(account),
            recorded=account.overlay is not None,
            clock=Clock.of(account_clock.clock_state(account)),
            lenient=account.options.lenient,
            # one of the two, since one of them was taken
            environment=account.options.environment,  # type: ignore[arg-type]
            permissions={name: dict(given) for name, given in account.options.permissions.items()},
            rate_limits={name: limit or True for name, limit in account.options.limits.items()},
            faults=account.faults,
            stubs=account.stubs,
            urls=self.urls,
        )


AccountPresenterDep = Annotated[AccountPresenter, Depends(AccountPresenter)]


@routes.get("/accounts")
def accounts(present: AccountPresenterDep, emulator: EmulatorDep) -> Accounts:
    """Every account."""
    return Accounts(accounts=present(emulator.accounts.list_all()))


@routes.post("/accounts", status_code=201, responses=problem_responses(409, 422))
def create_account(
    present: AccountPresenterDep,
    emulator: EmulatorDep,
    vendors: VendorsDep,
    new: NewAccount | None = None,
) -> Account:
    """Create an account; its world is generated at the first reading."""
    new = new or NewAccount.model_validate({})
    chosen = parse_options(new, vendors)
    credentials = (
        new.credentials if isinstance(new.credentials, dict) else {EVERY_VENDOR: new.credentials}
    )
    _check_vendors(credentials, vendors)
    world = emulator.get_or_register_world(new.scenario, seed=new.seed, viewings=new.viewings)
    clock = new.clock.to_setting() if new.clock else ClockSetting()
    return present(
        [emulator.accounts.create(service.NewAccount(new.name, world, clock, chosen, credentials))]
    )[0]


@routes.get("/accounts/{name}", responses=problem_responses(404, 422))
def account(entity: PathAccount, present: AccountPresenterDep) -> Account:
    """One account."""
    return present([entity])[0]


@routes.delete("/accounts/{name}", status_code=204, responses=problem_responses(404, 422))
def delete_account(name: AccountName, emulator: EmulatorDep) -> None:
    """Remove an account with all that was recorded, planned and noted in it."""
    emulator.accounts.delete(name)


@routes.post("/accounts/{name}/reset", responses=problem_responses(404, 422))
def reset_account(
    name: AccountName, present: AccountPresenterDep, emulator: EmulatorDep
) -> Account:
    """Make an account as it was created, forked, or opened by its key."""
    return present([emulator.accounts.reset(name)])[0]


@routes.post("/accounts/{name}/fork", status_code=201, responses=problem_responses(404, 409, 422))
def fork_account(
    name: AccountName, present: AccountPresenterDep, emulator: EmulatorDep, fork: Fork | None = None
) -> Account:
    """Copy an account:

    what was recorded, planned and set in it, not its journal and not its credentials.
    """
    return present([emulator.accounts.fork(name, fork.name if fork else None)])[0]


def parse_options(new: NewAccount, vendors: Sequence[Vendor]) -> AccountOptions:
    """What was set of an account; raises Refusal for a vendor or permission that there is not."""
    _check_vendors(new.permissions, vendors)
    for vendor in vendors:
        if unknown := [
            name for name in new.permissions.get(vendor.name, {}) if name not in vendor.permissions
        ]:
            raise UserError(
                f"permissions: {vendor.name} has none called {unknown[0]!r}, only "
                f"{', '.join(vendor.permissions)}"
            )
    limits = (
        dict.fromkeys((vendor.name for vendor in vendors), True)
        if new.rate_limits is True
        else new.rate_limits or {}
    )
    _check_vendors(limits, vendors)
    counted = {
        name: 0 if limit is True else int(limit)
        for name, limit in limits.items()
        if limit is not False
    }
    return AccountOptions(new.lenient, new.environment, new.permissions, counted)


def _check_vendors(
    by_vendor: Mapping[str, Any], vendors: Sequence[Vendor]
) -> None:  # Any: whatever is said by vendor
    known = [vendor.name for vendor in vendors]
    if unknown := [name for name in by_vendor if name not in (EVERY_VENDOR, *known)]:
        raise UserError(f"there is no vendor {unknown[0]!r}, only {', '.join(known)}")
