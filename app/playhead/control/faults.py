"""Faults over HTTP: plan, list, remove."""

from typing import Annotated

from fastapi import APIRouter, Depends

from playhead.accounts.faults import Faults
from playhead.control import planned_shapes as shapes
from playhead.control.asking import Asked, Emulating, Vendors
from playhead.control.planned_places import check_operation, named, path_at
from playhead.control.problems import answers
from playhead.failure import Refusal

routes = APIRouter(tags=["faults"])


def faults_of(account: Asked, emulator: Emulating) -> Faults:
    """The faults of the account in the path; raises Missing."""
    return Faults(emulator.store, account)


Planned = Annotated[Faults, Depends(faults_of)]


@routes.get("/accounts/{name}/faults", responses=answers(404, 422), response_model_exclude_defaults=True)
def faults(planned: Planned) -> shapes.Faults:
    """The account's faults, in the order of planning: of those that are due, the first is done."""
    return shapes.Faults(faults=[shapes.Fault.of(fault) for fault in planned.all()])


@routes.post("/accounts/{name}/faults", status_code=201, responses=answers(404, 409, 422), response_model_exclude_defaults=True)
def plan_fault(new: shapes.NewFault, planned: Planned, vendors: Vendors) -> shapes.Fault:
    """Plan a fault for requests of the account."""
    chosen = [named(new.match.vendor, vendors)] if new.match.vendor else list(vendors)
    check_operation(new.match.operation, chosen)
    if new.effect.retry is not None and not any(vendor.retry_header for vendor in chosen):
        raise Refusal(f"effect.retry: {chosen[0].name} has no header that tells a client whether to try again")
    if new.match.path:
        new.match.path = path_at(new.match.path, chosen)
    return shapes.Fault.of(planned.add(new.plan()))


@routes.delete("/accounts/{name}/faults", status_code=204, responses=answers(404, 422))
def remove_faults(planned: Planned) -> None:
    """Remove all faults of the account."""
    planned.remove()


@routes.delete("/accounts/{name}/faults/{id}", status_code=204, responses=answers(404, 422))
def remove_fault(id: shapes.Id, planned: Planned) -> None:
    """Remove one fault."""
    planned.remove(id)
