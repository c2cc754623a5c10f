"""A vendor's sub-application: its routes, its errors, its middleware."""

import asyncio
import traceback
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as RoutingException
from starlette.types import ASGIApp

from playhead.analytics.snapshot import Snapshot
from playhead.domain.account import Account
from playhead.domain.errors import ApiError, ErrorKind, NotFoundError, Rule, Violation
from playhead.emulator import Emulator
from playhead.gateway.context import request_context
from playhead.gateway.middleware import VendorMiddleware
from playhead.gateway.validation import violation_from_pydantic
from playhead.gateway.vendor import Vendor

# Requests of a vendor that work at the same time, each on its own connection: all vendors together
# fewer than the store has. A request that held a connection and waited for a thread would otherwise
# wait for threads that wait for connections. Requests that only sleep are not counted.
MAX_CONCURRENT_REQUESTS = 8
ROUTING_ERRORS = {404: ErrorKind.no_route, 405: ErrorKind.wrong_method}


def create_vendor_app(vendor: Vendor, emulator: Emulator) -> ASGIApp:
    """The sub-application of a vendor: its routes, its error bodies, its paths."""
    # No docs routes and no redirects: the vendor answers unknown paths and slashes itself.
    app = FastAPI(
        title=vendor.name, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    app.state.vendor = vendor
    app.state.emulator = emulator
    app.state.concurrency_limiter = asyncio.Semaphore(MAX_CONCURRENT_REQUESTS)
    app.include_router(vendor.routes)
    app.add_exception_handler(ApiError, _render_exception)
    app.add_exception_handler(NotFoundError, _render_exception)
    app.add_exception_handler(RequestValidationError, _render_exception)
    app.add_exception_handler(RoutingException, _render_exception)
    app.add_exception_handler(Exception, _render_exception)
    return VendorMiddleware(vendor, app)


def current_snapshot(request: Request) -> Iterator[Snapshot]:
    """One snapshot of the account's world, which ends before the answer is sent."""
    vendor: Vendor = request.app.state.vendor
    emulator: Emulator = request.app.state.emulator
    now = request_context(request).now_override
    with emulator.snapshot(current_account(request), vendor.visibility, now=now) as snapshot:
        yield snapshot


def current_account(request: Request) -> Account:
    """The authenticated account; raises ApiError(unauthenticated) without one."""
    account = request_context(request).account
    if account is None:
        raise ApiError(ErrorKind.unauthenticated, [Violation("Authorization", Rule.missing)])
    return account


CurrentSnapshot = Annotated[Snapshot, Depends(current_snapshot, scope="function")]
CurrentAccount = Annotated[Account, Depends(current_account)]


def _render_exception(request: Request, error: Exception) -> Response:
    """Turn any exception into an ApiError, and that into the vendor's answer."""
    api_error = _to_api_error(error)
    context = request_context(request)
    context.rejection = api_error.describe()
    if api_error.kind in (ErrorKind.no_route, ErrorKind.wrong_method):
        _identify_account(request)
    if api_error.kind is ErrorKind.crash:
        context.crash = "".join(traceback.format_exception(error))
    vendor: Vendor = request.app.state.vendor
    return vendor.render_error(api_error, request)


def _identify_account(request: Request) -> None:
    """Note the account of a request that needs no key, for the journal, if the account exists."""
    vendor = request.app.state.vendor
    emulator = request.app.state.emulator
    keys = emulator.key_resolver(vendor.name, auto_create=False)
    with suppress(Exception):  # the answer needs neither the key nor the store
        vendor.authenticate(request, b"", keys)
    request_context(request).account = keys.resolved


def _to_api_error(error: Exception) -> ApiError:
    if isinstance(error, ApiError):
        return error
    if isinstance(error, NotFoundError):  # the account was deleted since it was authenticated
        return ApiError(
            ErrorKind.unauthenticated,
            [Violation("Authorization", Rule.refused, bounds={"reason": "its account is gone"})],
        )
    if isinstance(error, RequestValidationError):
        violations = [violation_from_pydantic(details) for details in error.errors()]
        return ApiError(ErrorKind.invalid, violations)
    if isinstance(error, RoutingException) and error.status_code in ROUTING_ERRORS:
        allow = (error.headers or {}).get("Allow", "")
        return ApiError(ROUTING_ERRORS[error.status_code], allow=allow)
    if isinstance(error, RoutingException) and error.status_code < 500:
        return ApiError(ErrorKind.invalid, [Violation("body", Rule.json)])  # an unreadable body
    return ApiError(ErrorKind.crash)
