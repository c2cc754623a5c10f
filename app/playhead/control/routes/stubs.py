"""Stubs over HTTP: set, list, remove."""

from typing import Annotated

from fastapi import APIRouter, Depends

from playhead.control.dependencies import EmulatorDep, PathAccount, VendorsDep
from playhead.control.problems import problem_responses
from playhead.control.route_lookup import check_route, find_vendor, normalize_path_pattern
from playhead.control.schemas import faults as shapes
from playhead.stubs.repository import Stubs

routes = APIRouter(tags=["stubs"])


def get_stubs(account: PathAccount, emulator: EmulatorDep) -> Stubs:
    """The stubs of the account in the path; raises Missing."""
    return Stubs(emulator.store, account.id)


StubsDep = Annotated[Stubs, Depends(get_stubs)]


@routes.get(
    "/accounts/{name}/stubs",
    responses=problem_responses(404, 422),
    response_model_exclude_unset=True,
)
def stubs(account_stubs: StubsDep) -> shapes.Stubs:
    """The account's stubs, in the order of setting:

    of those that fit a request, the last answers it.
    """
    return shapes.Stubs(stubs=[shapes.Stub.of(stub) for stub in account_stubs.all()])


@routes.post(
    "/accounts/{name}/stubs",
    status_code=201,
    responses=problem_responses(404, 409, 422),
    response_model_exclude_unset=True,
)
def set_stub(new: shapes.NewStub, account_stubs: StubsDep, vendors: VendorsDep) -> shapes.Stub:
    """Set a canned answer to requests of the account."""
    vendor = find_vendor(new.vendor, vendors)
    path = normalize_path_pattern(new.path, [vendor])
    check_route(vendor, new.method, path)
    return shapes.Stub.of(account_stubs.add(new.to_definition(path)))


@routes.delete("/accounts/{name}/stubs", status_code=204, responses=problem_responses(404, 422))
def remove_stubs(account_stubs: StubsDep) -> None:
    """Remove all stubs of the account, those that it began with included."""
    account_stubs.remove()


@routes.delete(
    "/accounts/{name}/stubs/{id}", status_code=204, responses=problem_responses(404, 422)
)
def remove_stub(id: shapes.Id, account_stubs: StubsDep) -> None:
    """Remove one stub."""
    account_stubs.remove(id)
