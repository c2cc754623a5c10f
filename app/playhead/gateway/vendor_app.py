"""What a vendor is to the rest of Playhead, and how its sub-application is built."""

import asyncio
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import quote, unquote_to_bytes

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic_core import PydanticCustomError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as RoutingException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.accounts.rate_limits import RateLimit, RateLimitState
from playhead.analytics.aliases import IdCodec
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.domain.account import Account
from playhead.domain.errors import ApiError, ErrorKind, NotFoundError, Rule, Violation
from playhead.emulator import Emulator, KeyResolver
from playhead.faults.injection import send_with_fault

MAX_KEY_LENGTH = 200
# Requests of a vendor that are worked on at the same time, each with a connection of the store of
# its own: together fewer than the store has,
# since one that held a connection and waited for a thread would wait for threads that wait for
# connections. Those that only wait are not counted.
MAX_CONCURRENT_REQUESTS = 8


class Permission(NamedTuple):
    """What an account may do at a vendor unless it was told otherwise, for which requests, and the
    failure of those that may not.
    """

    granted_by_default: bool
    applies_to: Callable[[Request], bool]
    error: ApiError


@dataclass(frozen=True)
class Vendor:
    """One emulated vendor; `vendors/<name>/__init__.py` fills it."""

    name: str
    hosts: tuple[str, ...]
    path_prefixes: tuple[str, ...]
    visibility: Visibility
    routes: APIRouter
    authenticate: Callable[
        [Request, bytes, KeyResolver], Account | None
    ]  # with the body of a request that has one; None where no key is needed
    render_error: Callable[[ApiError, Request], Response]
    ids: IdCodec
    catalog: Callable[[Snapshot], list[tuple[str, str, str]]]
    curl_example: Callable[[Snapshot, str], str]
    normalize_path: Callable[[str], str] = str
    duplicate_keys: Literal["first", "last"] = "last"
    list_params: frozenset[str] = frozenset()
    default_headers: Mapping[str, str] = field(default_factory=dict)
    preflight_headers: Mapping[str, str] = field(default_factory=dict)
    security_schemes: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # how a key is sent, as OpenAPI says it
    permissions: Mapping[str, Permission] = field(default_factory=dict)
    rate_limit: Callable[[Request], RateLimit | None] = lambda _request: (
        None
    )  # the documented one, for a request that is counted
    rate_limit_headers: Callable[[RateLimitState], Mapping[str, str]] = (
        lambda _standing: {}
    )  # the headers that tell it
    sanitize_param: Callable[[str, str], str] = lambda _name, value: (
        value
    )  # what a lenient account's parameter is taken for
    secret_params: frozenset[str] = frozenset()  # parameters that the journal masks
    retry_header: str | None = None  # tells a client whether to try again
    attempt_header: str | None = None  # in which a client counts its attempts


@dataclass
class RequestContext:
    """What is known of one request while it is answered.

    `dispatch` makes it and writes it to the log and the journal.
    """

    vendor_name: str = ""
    account: Account | None = None
    now_override: int | None = None  # the instant that the request asks to be answered at
    rejection: str = ""
    interventions: str = ""  # the preference, fault, stub or limit that answered
    warnings: list[str] = field(default_factory=list)
    extra_headers: dict[str, str] = field(default_factory=dict)  # beside the vendor's own
    original_query: Sequence[tuple[str, str]] | None = (
        None  # as it was sent, where a lenient account's is read otherwise
    )
    snapshot_context: AbstractContextManager[Snapshot] | None = (
        None  # while the route does its work
    )
    disconnect: str | None = None
    corrupt_body: bool = False
    crash: str = ""


def request_context(request: Request) -> RequestContext:
    """The visit of a request."""
    context: RequestContext = request.scope["request_context"]
    return context


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


_RULES: dict[str, Rule] = {
    "missing": Rule.missing,
    "int_parsing": Rule.integer,
    "int_type": Rule.integer,
    "int_from_float": Rule.integer,
    "int_parsing_size": Rule.integer,
    "enum": Rule.choice,
    "literal_error": Rule.choice,
    "greater_than_equal": Rule.range,
    "less_than_equal": Rule.range,
    "too_long": Rule.range,
    **{rule.value: rule for rule in Rule},
}
_BOUNDS = {"expected": "choices", "ge": "minimum", "le": "maximum"}


def violation_from_pydantic(error: Mapping[str, Any]) -> Violation:  # Any: pydantic's error details
    """The Problem of one complaint of pydantic's."""
    inside_body = error["loc"][0] == "body"
    rule = _RULES.get(error["type"], Rule.json if inside_body else Rule.malformed)
    bounds = {_BOUNDS.get(name, name): value for name, value in (error.get("ctx") or {}).items()}
    given = error.get("input")
    where = str(error["loc"][-1]) if len(error["loc"]) > 1 else str(error["loc"][0])
    return Violation(
        where, rule, str(given) if isinstance(given, str | int) else None, {"choices": "", **bounds}
    )


def validation_error(rule: Rule, **bounds: object) -> PydanticCustomError:
    """What a validator of a query raises: the rule by its name, to be worded by the vendor."""
    return PydanticCustomError(rule.value, rule.value, bounds or None)


class VendorMiddleware:
    """Before and after the routes:

    the spelling of paths and queries, preflights, the headers of every answer.
    """

    def __init__(self, vendor: Vendor, app: FastAPI) -> None:
        self.vendor = vendor
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _merge_headers(
                    message["headers"],
                    defaults=self.vendor.default_headers,
                    overrides=scope["request_context"].extra_headers,
                )
            await send_with_fault(message, scope, receive, send)

        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=dict(self.vendor.preflight_headers))(
                scope, receive, send_with_headers
            )
            return
        scope["path"] = self.vendor.normalize_path(_decode_path(scope))
        scope["query_string"] = self._deduplicate_query(scope["query_string"])
        try:
            await self.app(scope, receive, send_with_headers)
        except (
            Exception
        ) as error:  # raised again by Starlette after it was answered; the log has it
            scope["request_context"].crash = scope["request_context"].crash or "".join(
                traceback.format_exception(error)
            )

    def _deduplicate_query(self, query: bytes) -> bytes:
        """The query with only the first of each repeated name, where that is the vendor's
        reading.
        """
        if self.vendor.duplicate_keys == "last":
            return query
        names: set[bytes] = set()
        kept = []
        for pair in query.split(b"&"):
            name = unquote_to_bytes(pair.partition(b"=")[0].replace(b"+", b" "))
            if name not in names or name.decode("utf-8", "replace") in self.vendor.list_params:
                kept.append(pair)
            names.add(name)
        return b"&".join(kept)


def _decode_path(scope: Scope) -> str:
    """The path with its percent-encodings read, except of slashes:

    an encoded one is part of an id.
    """
    segments = scope["raw_path"].split(b"/")
    return "/".join(
        unquote_to_bytes(segment).decode("utf-8", "replace").replace("/", "%2F")
        for segment in segments
    )


def _merge_headers(
    response_headers: Iterable[tuple[bytes, bytes]],
    *,
    defaults: Mapping[str, str],
    overrides: Mapping[str, str],
) -> list[tuple[bytes, bytes]]:
    """The headers of an answer, none twice:

    its own take the place of the vendor's usual ones, planned ones the place of both.
    """
    before = _encode_headers(defaults)
    after = _encode_headers(overrides)
    kept = [(name, value) for name, value in response_headers if name.lower() not in after]
    taken = {*after, *(name.lower() for name, _ in kept)}
    return [
        *kept,
        *((name, value) for name, value in before.items() if name not in taken),
        *after.items(),
    ]


def _encode_headers(headers: Mapping[str, str]) -> Mapping[bytes, bytes]:
    return {name.lower().encode(): value.encode("latin-1") for name, value in headers.items()}


def parse_api_key(text: str, *, field: str) -> str:
    """A usable key:

    1 to 200 printable characters that do not begin with `invalid`; raises Failure(unauthenticated).
    """
    key = text.strip()
    if not key:
        raise ApiError(ErrorKind.unauthenticated, [Violation(field, Rule.missing)])
    if len(key) > MAX_KEY_LENGTH or not key.isprintable():
        raise ApiError(ErrorKind.unauthenticated, [Violation(field, Rule.malformed)])
    if key.startswith("invalid"):
        raise ApiError(
            ErrorKind.unauthenticated,
            [
                Violation(
                    field,
                    Rule.refused,
                    bounds={"reason": "keys that begin with `invalid` open nothing"},
                )
            ],
        )
    return key


def closest_match(text: str, candidates: Iterable[str]) -> str | None:
    """The known id that looks most like the given one, for the log."""
    return next(iter(get_close_matches(text, list(candidates), n=1, cutoff=0.0)), None)


def quote_segment(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="")
