"""Faults over HTTP: plan, list, remove."""

from typing import Annotated

from fastapi import APIRouter, Depends

from playhead.control.dependencies import EmulatorDep, PathAccount, VendorsDep
from playhead.control.problems import problem_responses
from playhead.control.route_lookup import check_operation, find_vendor, normalize_path_pattern
from playhead.control.schemas import faults as shapes
from playhead.domain.errors import UserError
from playhead.faults.repository import Faults

routes = APIRouter(tags=["faults"])


def get_faults(account: PathAccount, emulator: EmulatorDep) -> Faults:
    """The faults of the account in the path; raises Missing."""
    return Faults(emulator.store, account)


FaultsDep = Annotated[Faults, Depends(get_faults)]


@routes.get(
    "/accounts/{name}/faults",
    responses=problem_responses(404, 422),
    response_model_exclude_defaults=True,
)
def faults(account_faults: FaultsDep) -> shapes.Faults:
    """The account's faults, in the order of planning: of those that are due, the first is done."""
    return shapes.Faults(faults=[shapes.Fault.of(fault) for fault in account_faults.all()])


@routes.post(
    "/accounts/{name}/faults",
    status_code=201,
    responses=problem_responses(404, 409, 422),
    response_model_exclude_defaults=True,
)
def create_fault(
    new: shapes.NewFault, account_faults: FaultsDep, vendors: VendorsDep
) -> shapes.Fault:
    """Plan a fault for requests of the account."""
    chosen = [find_vendor(new.match.vendor, vendors)] if new.match.vendor else list(vendors)
    check_operation(new.match.operation, chosen)
    if new.effect.retry is not None and not any(vendor.retry_header for vendor in chosen):
        raise UserError(
            f"effect.retry: {chosen[0].name} has no header that tells a client whether to try again"
        )
    if new.match.path:
        new.match.path = normalize_path_pattern(new.match.path, chosen)
    return shapes.Fault.of(account_faults.add(new.to_rule()))


@routes.delete("/accounts/{name}/faults", status_code=204, responses=problem_responses(404, 422))
def remove_faults(account_faults: FaultsDep) -> None:
    """Remove all faults of the account."""
    account_faults.remove()


@routes.delete(
    "/accounts/{name}/faults/{id}", status_code=204, responses=problem_responses(404, 422)
)
def remove_fault(id: shapes.Id, account_faults: FaultsDep) -> None:
    """Remove one fault."""
    account_faults.remove(id)
