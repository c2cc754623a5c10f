"""Stubs over HTTP: set, list, remove."""

from typing import Annotated

from fastapi import APIRouter, Depends

from playhead.accounts.stubs import Stubs
from playhead.control import planned_shapes as shapes
from playhead.control.asking import Asked, Emulating, Vendors
from playhead.control.planned_places import check_routed, named, path_at
from playhead.control.problems import answers

routes = APIRouter(tags=["stubs"])


def stubs_of(account: Asked, emulator: Emulating) -> Stubs:
    """The stubs of the account in the path; raises Missing."""
    return Stubs(emulator.store, account.id)


Planned = Annotated[Stubs, Depends(stubs_of)]


@routes.get("/accounts/{name}/stubs", responses=answers(404, 422), response_model_exclude_unset=True)
def stubs(planned: Planned) -> shapes.Stubs:
    """The account's stubs, in the order of setting: of those that fit a request, the last answers it."""
    return shapes.Stubs(stubs=[shapes.Stub.of(stub) for stub in planned.all()])


@routes.post("/accounts/{name}/stubs", status_code=201, responses=answers(404, 409, 422), response_model_exclude_unset=True)
def set_stub(new: shapes.NewStub, planned: Planned, vendors: Vendors) -> shapes.Stub:
    """Set a canned answer to requests of the account."""
    vendor = named(new.vendor, vendors)
    path = path_at(new.path, [vendor])
    check_routed(vendor, new.method, path)
    return shapes.Stub.of(planned.add(new.planned(path)))


@routes.delete("/accounts/{name}/stubs", status_code=204, responses=answers(404, 422))
def remove_stubs(planned: Planned) -> None:
    """Remove all stubs of the account, those that it began with included."""
    planned.remove()


@routes.delete("/accounts/{name}/stubs/{id}", status_code=204, responses=answers(404, 422))
def remove_stub(id: shapes.Id, planned: Planned) -> None:
    """Remove one stub."""
    planned.remove(id)
