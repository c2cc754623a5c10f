"""The pipeline before every vendor's routes: authentication, limits, Prefer, faults and stubs."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive

from playhead.accounts import clock, rate_limits
from playhead.domain.account import Account
from playhead.domain.clock import SystemClock, parse_instant
from playhead.domain.errors import ApiError, ErrorKind, Rule, UserError, Violation
from playhead.emulator import Emulator
from playhead.faults.model import FaultEffect, RequestMatch
from playhead.faults.repository import Faults
from playhead.gateway.context import RequestContext, request_context
from playhead.gateway.prefer import PreferHeader
from playhead.gateway.vendor import Vendor
from playhead.stubs.documented_examples import find_example
from playhead.stubs.matching import StubDefinition
from playhead.stubs.repository import Stubs

NOW_HEADER = "X-Playhead-Now"
KINDS_BY_STATUS = {
    401: ErrorKind.unauthenticated,
    403: ErrorKind.forbidden,
    404: ErrorKind.no_route,
    405: ErrorKind.wrong_method,
    406: ErrorKind.not_acceptable,
    429: ErrorKind.limited,
    500: ErrorKind.crash,
}
QueryPairs = list[tuple[str, str]]
RouteHandler = Callable[[Request], Coroutine[Any, Any, Response]]  # Any: as Starlette has it


@dataclass
class Decision:
    """What the pipeline decided: a delay, an answer other than the route's, and the reasons."""

    delay_seconds: float = 0.0
    error: ApiError | None = None
    stub: StubDefinition | None = None
    reasons: list[str] = field(default_factory=list)
    applied_preferences: str = ""

    @property
    def is_short_circuit(self) -> bool:
        """Whether the answer does not come from the route."""
        return bool(self.error or self.stub)


class EmulatedRoute(APIRoute):
    """A route that the pipeline precedes."""

    def get_route_handler(self) -> RouteHandler:
        run_route = super().get_route_handler()

        async def run_pipeline(request: Request) -> Response:
            body = await request.body() if request.method == "POST" else b""
            query = request.scope["query_string"]
            async with request.app.state.concurrency_limiter:
                decision = await run_in_threadpool(RequestPipeline(request).decide, body)
            if decision.delay_seconds:
                await _delay(request.receive, decision.delay_seconds)
            if decision.error:
                raise decision.error
            if decision.stub:
                return _stub_response(decision.stub)
            if request.scope["query_string"] is not query:
                # The old request has parsed the query already.
                request = Request(request.scope, request.receive)
            async with request.app.state.concurrency_limiter:
                return await run_route(request)

        return run_pipeline


class RequestPipeline:
    """The steps before the route, in their order."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.vendor: Vendor = request.app.state.vendor
        self.emulator: Emulator = request.app.state.emulator
        self.context: RequestContext = request_context(request)

    def decide(self, body: bytes) -> Decision:
        """Authenticate, authorize and count the request, then apply Prefer, faults and stubs.

        Raises ApiError for a request that is refused.
        """
        self._set_rate_limit_headers()
        account = self._authenticate(body)
        if account is not None:
            self._authorize(account)
            self._rate_limit(account)
            self._override_clock(account)
        decision = Decision()
        self._apply_prefer(decision)
        if account is not None and account.faults and not decision.is_short_circuit:
            self._inject_fault(decision, account)
        if account is not None and account.stubs and not decision.is_short_circuit:
            self._match_stub(decision, account)
        if account is not None and account.options.lenient and self.request.method == "GET":
            self._sanitize_query()
        # Faults and stubs first: the journal is filtered by the first words.
        self.context.interventions = ", ".join(
            filter(None, [*decision.reasons, decision.applied_preferences])
        )
        return decision

    def _authenticate(self, body: bytes) -> Account | None:
        """The account of the request's key; None where the route needs no key.

        The context notes the account of an expired token as well.
        """
        keys = self.emulator.key_resolver(self.vendor.name)
        try:
            return self.vendor.authenticate(self.request, body, keys)
        finally:
            self.context.account = keys.resolved

    def _authorize(self, account: Account) -> None:
        for name, permission in self.vendor.permissions.items():
            is_granted = account.options.permissions.get(self.vendor.name, {}).get(
                name, permission.granted_by_default
            )
            if not is_granted and permission.applies_to(self.request):
                raise permission.error

    def _set_rate_limit_headers(self) -> rate_limits.RateLimit | None:
        """Add the documented limit's headers, and return the limit; None if it is not counted."""
        limit = self.vendor.rate_limit(self.request)
        if limit:
            self.context.extra_headers |= self.vendor.rate_limit_headers(
                rate_limits.untouched_state(limit)
            )
        return limit

    def _rate_limit(self, account: Account) -> None:
        documented = self._set_rate_limit_headers()
        configured = account.options.limits.get(self.vendor.name)  # 0: the documented number
        if documented is None or configured is None:
            return
        limit = documented._replace(requests=configured or documented.requests)
        clock_ticks = account.clock.kind != "frozen" and isinstance(
            self.emulator.clock, SystemClock
        )
        state = rate_limits.count_request(
            self.emulator.store, account, self.vendor.name, limit, clock_ticks=clock_ticks
        )
        self.context.extra_headers |= self.vendor.rate_limit_headers(state)
        if state.is_exceeded:
            self.context.interventions = "limit"
            raise rate_limit_error(limit, state.reset_after)

    def _override_clock(self, account: Account) -> None:
        text = self.request.headers.get(NOW_HEADER)
        if text is None:
            return
        try:
            now = parse_instant(text)
            clock.validate_now(now, account.anchor)
        except (ValueError, OverflowError):
            raise ApiError(ErrorKind.invalid, [Violation(NOW_HEADER, Rule.instant, text)]) from None
        except UserError as refusal:
            raise ApiError(
                ErrorKind.invalid,
                [Violation(NOW_HEADER, Rule.beyond, text, {"reason": str(refusal)})],
            ) from None
        self.context.now_override = now

    def _apply_prefer(self, decision: Decision) -> None:
        prefer = PreferHeader.parse(self.request.headers.getlist("prefer"))
        self.context.warnings += prefer.warnings
        applied = []
        if prefer.wait:
            decision.delay_seconds = prefer.wait
            applied.append(f"wait={prefer.wait:g}")
        if prefer.documented_example:
            decision.stub = find_example(
                self.vendor.name,
                self.request.method,
                *self._path_and_query(),
                template=self._path_template,
                status=prefer.code,
            )
            if decision.stub is None:
                self.context.warnings.append(
                    "Prefer: example=documented finds no published example of this request"
                )
            else:
                applied.append("example=documented")
        if prefer.code and not decision.stub:
            applied.append(f"code={prefer.code}")
            decision.error = self._error_with_status(prefer.code, applied[-1])
        if applied:
            decision.applied_preferences = self.context.extra_headers["Preference-Applied"] = (
                ", ".join(applied)
            )

    def _inject_fault(self, decision: Decision, account: Account) -> None:
        scope = self.request.scope
        request = RequestMatch(self.vendor.name, scope["route"].name, scope["path"])
        fault = Faults(self.emulator.store, account).apply(request)
        if fault is None:
            return
        decision.reasons.append(f"fault {fault.fault_id}")
        decision.delay_seconds += fault.latency_ms / 1000
        if fault.effect.status:
            decision.error = self._error_with_status(fault.effect.status, decision.reasons[0])
        self._corrupt_response(fault.effect)

    def _corrupt_response(self, effect: FaultEffect) -> None:
        self.context.disconnect = effect.disconnect
        self.context.corrupt_body = effect.malformed
        self.context.extra_headers |= dict(effect.headers)
        if effect.retry is not None and self.vendor.retry_header:
            self.context.extra_headers[self.vendor.retry_header] = str(effect.retry).lower()

    def _match_stub(self, decision: Decision, account: Account) -> None:
        stored_stub = Stubs(self.emulator.store, account.id).match(
            self.vendor.name,
            self.request.method,
            *self._path_and_query(),
            template=self._path_template,
        )
        if stored_stub is not None:
            decision.stub = stored_stub.definition
            decision.reasons.append(f"stub {stored_stub.id}")

    @property
    def _path_template(self) -> str:
        """The path of the matched route, with its placeholders."""
        template: str = self.request.scope["route"].path_format
        return template

    def _path_and_query(self) -> tuple[str, QueryPairs]:
        return self.request.scope["path"], parse_qsl(
            self.request.scope["query_string"].decode("latin-1"), keep_blank_values=True
        )

    def _error_with_status(self, status: int, reason: str) -> ApiError:
        """The error of a status that Prefer or a fault asks for, in the vendor's words."""
        limit = self.vendor.rate_limit(self.request)
        if status == HTTPStatus.TOO_MANY_REQUESTS and limit:
            self.context.extra_headers |= self.vendor.rate_limit_headers(
                rate_limits.RateLimitState(limit.requests, 0, limit.seconds, True)
            )
            return rate_limit_error(limit, limit.seconds)
        ids = [*self.request.path_params.items()]
        if status == HTTPStatus.NOT_FOUND and ids and self.request.scope["route"].include_in_schema:
            name, value = ids[-1]  # an operation on an id answers 404 for an unknown id
            return ApiError(ErrorKind.unknown, [Violation(name, Rule.unknown, str(value))])
        return ApiError(
            KINDS_BY_STATUS.get(status, ErrorKind.planned),
            [Violation("request", Rule.refused, bounds={"reason": reason})],
            status=status,
        )

    def _sanitize_query(self) -> None:
        """Replace parameters that a strict account is refused by values that match nothing."""
        _, pairs = self._path_and_query()
        sanitized = [(name, self.vendor.sanitize_param(name, value)) for name, value in pairs]
        if sanitized != pairs:
            self.context.original_query = pairs
            self.request.scope["query_string"] = urlencode(sanitized).encode()


def rate_limit_error(limit: rate_limits.RateLimit, reset_after: int) -> ApiError:
    """The error of a request beyond a limit."""
    bounds = {"maximum": limit.requests, "window": limit.seconds, "seconds": reset_after}
    return ApiError(ErrorKind.limited, [Violation("requests", Rule.limit, bounds=bounds)])


async def _delay(receive: Receive, seconds: float) -> None:
    """Wait without a thread, until the client disconnects at the latest: a server can then stop."""
    disconnected = asyncio.ensure_future(_wait_for_disconnect(receive))
    await asyncio.wait([disconnected], timeout=seconds)
    disconnected.cancel()


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _stub_response(stub: StubDefinition) -> Response:
    return Response(stub.body, status_code=stub.status, headers=dict(stub.headers))
