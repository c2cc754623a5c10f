"""About the server: its health, what it is, what exists in it, what its vendors answer, metrics, and the page of this API."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from playhead import __version__
from playhead.accounts.account import Account
from playhead.control.about_shapes import Catalog, CatalogEntry, Health, Info, Limit, Operation, ServerClock, Vendor, World
from playhead.control.asking import Asked, Emulating, Name, Vendors
from playhead.control.page import page
from playhead.control.problems import Answers, Denied, answers
from playhead.control.reference import operations
from playhead.description.document import text
from playhead.emulator import Emulator
from playhead.failure import Failure, Missing
from playhead.settings import variable
from playhead.vendor import Vendor as Emulated
from playhead.vendor import Visit

routes = APIRouter(tags=["about"])
MASK = "***"
SECRETS = ("control_token",)
EXPOSITION = "text/plain; version=0.0.4"  # of Prometheus
DOCUMENT: Answers = {200: {"description": "The document", "content": {"application/yaml": {"schema": {"type": "object"}}}}}


class Yaml(PlainTextResponse):
    """A document in YAML — RFC 9512."""

    media_type = "application/yaml"


@routes.get("/health/live")
async def live() -> Health:
    """Whether the server answers."""
    return Health(status="ok")


@routes.get("/health/ready", responses=answers(503))
def ready(emulator: Emulating) -> Health:
    """Whether the server can work: its store answers, and holds its world."""
    if not emulator.is_up():
        raise Denied(503, "the store does not answer, or has lost the world")
    return Health(status="ok")


@routes.get("/info")
def info(emulator: Emulating, vendors: Vendors) -> Info:
    """What this server is: version, world, clock, settings, vendors."""
    mode: Literal["real", "frozen"] = "frozen" if emulator.settings.now else "real"
    return Info(
        version=__version__,
        world=World(**emulator.summary()._asdict()),
        clock=ServerClock.model_construct(mode=mode, now=emulator.clock.now()),
        settings=_settings(emulator),
        vendors=[_shown(vendor) for vendor in vendors],
    )


@routes.get("/catalog", responses=answers(404, 422))
def catalog_of_key(
    emulator: Emulating, vendors: Vendors, key: Annotated[Name, Query(description="The key; one that opens nothing yet is given an account.")] = "demo"
) -> Catalog:
    """What a key finds at each vendor: kinds, ids and titles."""
    try:
        return {vendor.name: _catalog(emulator, emulator.keys(vendor.name).account(key), vendor) for vendor in vendors}
    except Failure as failure:
        raise Missing(f"the key opens nothing: {failure.plain()}") from None


@routes.get("/accounts/{name}/catalog", responses=answers(404, 422))
def catalog_of_account(account: Asked, emulator: Emulating, vendors: Vendors) -> Catalog:
    """What exists in an account, by vendor: kinds, ids and titles."""
    return {vendor.name: _catalog(emulator, account, vendor) for vendor in vendors}


@routes.get("/operations")
def all_operations(vendors: Vendors) -> list[Operation]:
    """What the vendors' operations take, and what each was made after."""
    return operations(vendors)


@routes.get("/openapi/{vendor}.yaml", response_class=Yaml, responses=DOCUMENT | answers(404))
def openapi(vendor: Annotated[str, Path(description="The vendor's name.")], vendors: Vendors, request: Request) -> Response:
    """What a vendor's operations take and answer, as OpenAPI 3.1, with this server's address."""
    found = next((one for one in vendors if one.name == vendor), None)
    if found is None:
        raise Missing(f"there is no vendor {vendor!r}: {', '.join(one.name for one in vendors)}")
    return Yaml(text(found, str(request.base_url).removesuffix("/")))


@routes.get("/metrics", response_class=PlainTextResponse, responses=answers(404))
def metrics(emulator: Emulating) -> Response:
    """Counts and latencies of this process for Prometheus."""
    if emulator.metrics is None:
        raise Missing(f"metrics are off: start the server with --metrics or {variable('metrics')}=true")
    return PlainTextResponse(emulator.metrics.text(accounts=emulator.number_of_accounts()), media_type=EXPOSITION)


@routes.get("/docs", response_class=HTMLResponse)
def docs(request: Request) -> HTMLResponse:
    """This API as a page."""
    return HTMLResponse(page(request.app.openapi()))


def _settings(emulator: Emulator) -> dict[str, Any]:  # Any: settings are of several types
    given = emulator.settings.model_dump(mode="json")
    masked = {name: MASK for name in SECRETS if given[name] is not None}
    return {**given, **masked, "store": emulator.store.name if given["store"] else None}


def _catalog(emulator: Emulator, account: Account, vendor: Emulated) -> list[CatalogEntry]:
    with emulator.reading(account, vendor.sight) as reading:
        return [CatalogEntry(kind=kind, id=id_, title=title) for kind, id_, title in vendor.catalog(reading)]


def _shown(vendor: Emulated) -> Vendor:
    return Vendor(
        name=vendor.name,
        prefix=f"/{vendor.name}",
        hosts=list(vendor.hosts),
        roots=list(vendor.roots),
        permissions={name: permission.given for name, permission in vendor.permissions.items()},
        limits=_limits(vendor, operations([vendor])),
    )


def _limits(vendor: Emulated, known: Sequence[Operation]) -> list[Limit]:
    """The limits of a vendor's operations at each of its host names."""
    found = []
    for host in vendor.hosts:
        for operation in known:
            limit = vendor.limit(_asked(vendor, host, operation))
            if limit and (shown := Limit(host=host, **limit._asdict())) not in found:
                found.append(shown)
    return found


def _asked(vendor: Emulated, host: str, operation: Operation) -> Request:
    """A request for an operation, by nobody."""
    scope = {"type": "http", "method": operation.method, "path": operation.path, "query_string": b"", "headers": [(b"host", host.encode())]}
    return Request({**scope, "visit": Visit(vendor.name)})
