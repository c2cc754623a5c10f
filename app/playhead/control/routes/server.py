"""About the server:

its health, what it is, what exists in it, what its vendors answer, metrics, and the page of this
API.
"""

from collections.abc import Sequence
from importlib.resources import files
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from playhead import __version__
from playhead.control.dependencies import EmulatorDep, Name, PathAccount, VendorsDep
from playhead.control.docs_page import render_docs
from playhead.control.operations import list_operations
from playhead.control.problems import HTTPStatusError, Responses, problem_responses
from playhead.control.schemas.server import (
    Catalog,
    CatalogEntry,
    Health,
    Info,
    Limit,
    Operation,
    ServerClock,
    Vendor,
    World,
)
from playhead.domain.account import Account
from playhead.domain.errors import ApiError, NotFoundError
from playhead.emulator import Emulator
from playhead.gateway.context import RequestContext
from playhead.gateway.vendor import Vendor as Emulated
from playhead.settings import environment_variable

routes = APIRouter(tags=["about"])
MASK = "***"
SECRET_SETTINGS = ("control_token",)
PROMETHEUS_TYPE = "text/plain; version=0.0.4"  # of Prometheus
YAML_RESPONSE: Responses = {
    200: {
        "description": "The document",
        "content": {"application/yaml": {"schema": {"type": "object"}}},
    }
}


EXPORTED_SERVER_URL = "http://127.0.0.1:8000"  # of the documents that `make openapi` writes


class YamlResponse(PlainTextResponse):
    """A document in YAML — RFC 9512."""

    media_type = "application/yaml"


@routes.get("/health/live")
async def live() -> Health:
    """Whether the server answers."""
    return Health(status="ok")


@routes.get("/health/ready", responses=problem_responses(503))
def ready(emulator: EmulatorDep) -> Health:
    """Whether the server can work: its store answers, and holds its world."""
    if not emulator.is_ready():
        raise HTTPStatusError(503, "the store does not answer, or has lost the world")
    return Health(status="ok")


@routes.get("/info")
def info(emulator: EmulatorDep, vendors: VendorsDep) -> Info:
    """What this server is: version, world, clock, settings, vendors."""
    mode: Literal["real", "frozen"] = "frozen" if emulator.settings.now else "real"
    return Info(
        version=__version__,
        world=World(**emulator.world_summary()._asdict()),
        clock=ServerClock.model_construct(mode=mode, now=emulator.clock.now()),
        settings=_settings(emulator),
        vendors=[_vendor_schema(vendor) for vendor in vendors],
    )


@routes.get("/catalog", responses=problem_responses(404, 422))
def catalog_of_key(
    emulator: EmulatorDep,
    vendors: VendorsDep,
    key: Annotated[
        Name, Query(description="The key; one that opens nothing yet is given an account.")
    ] = "demo",
) -> Catalog:
    """What a key finds at each vendor: kinds, ids and titles."""
    try:
        return {
            vendor.name: _catalog(emulator, emulator.key_resolver(vendor.name).account(key), vendor)
            for vendor in vendors
        }
    except ApiError as failure:
        raise NotFoundError(f"the key opens nothing: {failure.describe()}") from None


@routes.get("/accounts/{name}/catalog", responses=problem_responses(404, 422))
def catalog_of_account(account: PathAccount, emulator: EmulatorDep, vendors: VendorsDep) -> Catalog:
    """What exists in an account, by vendor: kinds, ids and titles."""
    return {vendor.name: _catalog(emulator, account, vendor) for vendor in vendors}


@routes.get("/operations")
def all_operations(vendors: VendorsDep) -> list[Operation]:
    """What the vendors' operations take, and what each was made after."""
    return list_operations(vendors)


@routes.get(
    "/openapi/{vendor}.yaml",
    response_class=YamlResponse,
    responses=YAML_RESPONSE | problem_responses(404),
)
def openapi(
    vendor: Annotated[str, Path(description="The vendor's name.")],
    vendors: VendorsDep,
    request: Request,
) -> Response:
    """What a vendor's operations take and answer, as OpenAPI 3.1, with this server's address."""
    found = next((one for one in vendors if one.name == vendor), None)
    if found is None:
        raise NotFoundError(
            f"there is no vendor {vendor!r}: {', '.join(one.name for one in vendors)}"
        )
    document = files("playhead").joinpath("openapi", f"{found.name}.yaml").read_text("utf-8")
    base_url = str(request.base_url).removesuffix("/")
    return YamlResponse(document.replace(EXPORTED_SERVER_URL, base_url))


@routes.get("/metrics", response_class=PlainTextResponse, responses=problem_responses(404))
def metrics(emulator: EmulatorDep) -> Response:
    """Counts and latencies of this process for Prometheus."""
    if emulator.metrics is None:
        raise NotFoundError(
            f"metrics are off: start the server with --metrics or {environment_variable('metrics')}"
            "=true"
        )
    return PlainTextResponse(
        emulator.metrics.render(accounts=emulator.accounts.count()), media_type=PROMETHEUS_TYPE
    )


@routes.get("/docs", response_class=HTMLResponse)
def docs(request: Request) -> HTMLResponse:
    """This API as a page."""
    return HTMLResponse(render_docs(request.app.openapi()))


def _settings(emulator: Emulator) -> dict[str, Any]:  # Any: settings are of several types
    given = emulator.settings.model_dump(mode="json")
    masked = {name: MASK for name in SECRET_SETTINGS if given[name] is not None}
    return {**given, **masked, "store": emulator.store.safe_url if given["store"] else None}


def _catalog(emulator: Emulator, account: Account, vendor: Emulated) -> list[CatalogEntry]:
    with emulator.snapshot(account, vendor.visibility) as reading:
        return [
            CatalogEntry(kind=kind, id=id_, title=title)
            for kind, id_, title in vendor.catalog(reading)
        ]


def _vendor_schema(vendor: Emulated) -> Vendor:
    return Vendor(
        name=vendor.name,
        prefix=f"/{vendor.name}",
        hosts=list(vendor.hosts),
        roots=list(vendor.path_prefixes),
        permissions={
            name: permission.granted_by_default for name, permission in vendor.permissions.items()
        },
        limits=_limits(vendor, list_operations([vendor])),
    )


def _limits(vendor: Emulated, vendor_operations: Sequence[Operation]) -> list[Limit]:
    """The limits of a vendor's operations at each of its host names."""
    found = []
    for host in vendor.hosts:
        for operation in vendor_operations:
            limit = vendor.rate_limit(_sample_request(host, operation))
            if limit and (shown := Limit(host=host, **limit._asdict())) not in found:
                found.append(shown)
    return found


def _sample_request(host: str, operation: Operation) -> Request:
    """A request for an operation, without a key."""
    scope = {
        "type": "http",
        "method": operation.method,
        "path": operation.path,
        "query_string": b"",
        "headers": [(b"host", host.encode())],
    }
    return Request({**scope, "request_context": RequestContext()})
