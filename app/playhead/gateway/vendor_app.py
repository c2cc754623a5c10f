"""What a vendor is to the rest of Playhead, and how its sub-application is built."""

import asyncio
import traceback
from contextlib import suppress
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
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

# Requests of a vendor that are worked on at the same time, each with a connection of the store of
# its own: together fewer than the store has,
# since one that held a connection and waited for a thread would wait for threads that wait for
# connections. Those that only wait are not counted.
MAX_CONCURRENT_REQUESTS = 8


def create_vendor_app(vendor: Vendor, emulator: Emulator) -> ASGIApp:
    """The sub-application of a vendor: its routes, its voice, its paths."""
    # The vendor's own answers to unknown paths and slashes: no docs routes and no redirects.
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


async def current_snapshot(request: Request) -> Snapshot:
    """The account's world in one snapshot, which begins with the account itself.

    The gate ends it once the answer is made.
    """
    vendor = request.app.state.vendor
    context = request_context(request)
    context.snapshot_context = request.app.state.emulator.snapshot(
        current_account(request), vendor.visibility, now=context.now_override
    )
    snapshot: Snapshot = await run_in_threadpool(context.snapshot_context.__enter__)
    return snapshot


def current_account(request: Request) -> Account:
    """The account that the gate let in."""
    account = request_context(request).account
    if account is None:
        raise ApiError(ErrorKind.unauthenticated, [Violation("Authorization", Rule.missing)])
    return account


CurrentSnapshot = Annotated[Snapshot, Depends(current_snapshot)]
CurrentAccount = Annotated[Account, Depends(current_account)]


def _render_exception(request: Request, error: Exception) -> Response:
    """Every mishap becomes a Failure, and every Failure the vendor's bytes."""
    failure = _to_api_error(error)
    request_context(request).rejection = failure.describe()
    if failure.kind in (ErrorKind.no_route, ErrorKind.wrong_method):
        _identify_account(request)
    if failure.kind is ErrorKind.crash:
        request_context(request).crash = "".join(traceback.format_exception(error))
    vendor: Vendor = request.app.state.vendor
    return vendor.render_error(failure, request)


def _identify_account(request: Request) -> None:
    """Whose request it was that needs no key:

    the journal tells, if the account is there already.
    """
    vendor = request.app.state.vendor
    emulator = request.app.state.emulator
    keys = emulator.key_resolver(vendor.name, auto_create=False)
    with suppress(
        Exception
    ):  # whatever is wrong with the key or the store: the answer needs neither
        vendor.authenticate(request, b"", keys)
    request_context(request).account = keys.resolved


def _to_api_error(error: Exception) -> ApiError:
    if isinstance(error, ApiError):
        return error
    if isinstance(error, NotFoundError):  # deleted since it was let in
        return ApiError(
            ErrorKind.unauthenticated,
            [Violation("Authorization", Rule.refused, bounds={"reason": "its account is gone"})],
        )
    if isinstance(error, RequestValidationError):
        return ApiError(
            ErrorKind.invalid, [violation_from_pydantic(found) for found in error.errors()]
        )
    if isinstance(error, RoutingException) and error.status_code in (404, 405):
        allow = (error.headers or {}).get("Allow", "")
        return ApiError(
            ErrorKind.no_route if error.status_code == 404 else ErrorKind.wrong_method, allow=allow
        )
    if (
        isinstance(error, RoutingException) and error.status_code < 500
    ):  # a body that cannot be read
        return ApiError(ErrorKind.invalid, [Violation("body", Rule.json)])
    return ApiError(ErrorKind.crash)
