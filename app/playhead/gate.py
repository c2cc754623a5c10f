"""The gate before every vendor's routes: who asks, and what was planned for the request; only then the route does its work."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from playhead.accounts import clocks, limits
from playhead.accounts.account import Account
from playhead.accounts.faults import Asked, Effect, Faults
from playhead.accounts.stubs import NewStub, Stubs, example_for
from playhead.clock import instant_of
from playhead.emulator import Emulator
from playhead.failure import Failure, Kind, Problem, Refusal, Rule
from playhead.preference import Preference
from playhead.vendor import Vendor, Visit, visit

NOW_HEADER = "X-Playhead-Now"
KINDS = {
    401: Kind.unauthenticated,
    403: Kind.forbidden,
    404: Kind.no_route,
    405: Kind.wrong_method,
    406: Kind.not_acceptable,
    429: Kind.limited,
    500: Kind.crash,
}


@dataclass
class Turn:
    """What was planned for a request: how long to wait, and an answer, if it is not the world's."""

    wait: float = 0.0
    failure: Failure | None = None
    stub: NewStub | None = None
    lenient: bool = False


class GatedRoute(APIRoute):
    """A route behind the gate."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:  # Any: as Starlette has it
        answer = super().get_route_handler()

        async def gated(request: Request) -> Response:
            body = await request.body() if request.method == "POST" else b""
            turn = await run_in_threadpool(Gate(request).turn, body)
            if turn.wait:
                await asyncio.sleep(turn.wait)
            if turn.failure:
                raise turn.failure
            if turn.stub:
                return _response(turn.stub)
            # What the parameters are taken for was written after the request had read them.
            return await answer(Request(request.scope, request.receive) if turn.lenient else request)

        return gated


class Gate:
    """One request at the gate, in the order in which it is looked at."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.vendor: Vendor = request.app.state.vendor
        self.emulator: Emulator = request.app.state.emulator
        self.visit: Visit = visit(request)

    def turn(self, body: bytes) -> Turn:
        """Who asks, whether it may, and what was planned for it; raises Failure."""
        limit = self.vendor.limit(self.request)
        if limit:
            self.visit.headers |= self.vendor.standing(limits.unlimited(limit))
        account = self.vendor.authenticate(self.request, body, self.emulator.keys(self.vendor.name))
        self.visit.account = account
        if account is None:
            return Turn()
        self._permit(account)
        if limit:
            self._count(account, limit)
        self._move_clock(account)
        turn = self._preferred() or self._faulted(account)
        if not turn.failure and not turn.stub and account.stubs:
            turn.stub = self._stubbed(account)
        if account.options.lenient and self.request.method == "GET":
            turn.lenient = True
            self._read_leniently()
        return turn

    def _permit(self, account: Account) -> None:
        for name, permission in self.vendor.permissions.items():
            given = account.options.permissions.get(self.vendor.name, {}).get(name, permission.given)
            if not given and permission.concerns(self.request):
                raise permission.failure

    def _count(self, account: Account, documented: limits.Limit) -> None:
        wanted = account.options.limits.get(self.vendor.name)
        if wanted is None:
            return
        limit = documented._replace(requests=wanted or documented.requests)
        standing = limits.count(self.emulator.store, account, self.vendor.name, limit)
        self.visit.headers |= self.vendor.standing(standing)
        if standing.exceeded:
            self.visit.applied = "limit"
            raise limited(limit, standing.ends_in)

    def _move_clock(self, account: Account) -> None:
        text = self.request.headers.get(NOW_HEADER)
        if text is None:
            return
        try:
            now = instant_of(text)
            clocks.check(now, account.anchor)
        except (ValueError, OverflowError):
            raise Failure(Kind.invalid, [Problem(NOW_HEADER, Rule.instant, text)]) from None
        except Refusal as refusal:
            raise Failure(Kind.invalid, [Problem(NOW_HEADER, Rule.beyond, text, {"reason": str(refusal)})]) from None
        self.visit.now = now

    def _preferred(self) -> Turn | None:
        preference = Preference.of(self.request.headers.getlist("prefer"))
        self.visit.remarks += preference.remarks
        if not preference.applied:
            return None
        self.visit.headers["Preference-Applied"] = self.visit.applied = preference.applied
        turn = Turn(wait=preference.wait)
        if preference.documented:
            turn.stub = example_for(self.vendor.name, self.request.method, *self._asked(), status=preference.code)
            if turn.stub is None:
                self.visit.remarks.append("Prefer: example=documented finds no published example of this request")
        if preference.code and not turn.stub:
            turn.failure = self._of_status(preference.code)
        return turn

    def _faulted(self, account: Account) -> Turn:
        struck = None
        if account.faults:
            asked = Asked(self.vendor.name, self.request.scope["route"].name, self.request.scope["path"])
            struck = Faults(self.emulator.store, account).strike(asked)
        if struck is None:
            return Turn()
        self.visit.applied = f"fault {struck.fault}"
        self._spoil(struck.effect)
        failure = self._of_status(struck.effect.status) if struck.effect.status else None
        return Turn(wait=struck.wait_ms / 1000, failure=failure)

    def _spoil(self, effect: Effect) -> None:
        self.visit.cut, self.visit.malformed = effect.cut, effect.malformed
        self.visit.headers |= dict(effect.headers)
        if effect.retry is not None and self.vendor.retry_header:
            self.visit.headers[self.vendor.retry_header] = str(effect.retry).lower()

    def _stubbed(self, account: Account) -> NewStub | None:
        found = Stubs(self.emulator.store, account.id).answering(self.vendor.name, self.request.method, *self._asked())
        if found is None:
            return None
        self.visit.applied = f"stub {found.id}"
        return found.stub

    def _asked(self) -> tuple[str, list[tuple[str, str]]]:
        return self.request.scope["path"], parse_qsl(self.request.scope["query_string"].decode("latin-1"), keep_blank_values=True)

    def _of_status(self, status: int) -> Failure:
        """The failure of a status that was asked for, as the vendor words such ones."""
        limit = self.vendor.limit(self.request)
        if status == HTTPStatus.TOO_MANY_REQUESTS and limit:
            return limited(limit, limit.seconds)
        return Failure(KINDS.get(status, Kind.planned), [Problem("request", Rule.refused, bounds={"reason": self.visit.applied})], status=status)

    def _read_leniently(self) -> None:
        """Before anything reads the parameters: those that a strict account is refused are taken for what finds nothing."""
        pairs = self._asked()[1]
        self.request.scope["query_string"] = urlencode([(name, self.vendor.lenient(name, value)) for name, value in pairs]).encode()


def limited(limit: limits.Limit, ends_in: int) -> Failure:
    """The failure of a request beyond a limit."""
    bounds = {"maximum": limit.requests, "window": limit.seconds, "seconds": ends_in}
    return Failure(Kind.limited, [Problem("requests", Rule.limit, bounds=bounds)])


def _response(stub: NewStub) -> Response:
    headers: Mapping[str, str] = stub.headers
    return Response(stub.body, status_code=stub.status, headers=dict(headers))
