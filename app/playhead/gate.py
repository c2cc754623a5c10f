"""The gate before every vendor's routes: who asks, and what was planned for the request; only then the route does its work."""

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
Pairs = list[tuple[str, str]]
Answer = Callable[[Request], Coroutine[Any, Any, Response]]  # Any: as Starlette has it


@dataclass
class Turn:
    """What was planned for a request: how long to wait, an answer, if it is not the world's, and what planned it."""

    wait: float = 0.0
    failure: Failure | None = None
    stub: NewStub | None = None
    by: list[str] = field(default_factory=list)
    preferred: str = ""

    @property
    def settled(self) -> bool:
        """Whether the answer is planned."""
        return bool(self.failure or self.stub)


class GatedRoute(APIRoute):
    """A route behind the gate."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:  # Any: as Starlette has it
        answer = super().get_route_handler()

        async def gated(request: Request) -> Response:
            body = await request.body() if request.method == "POST" else b""
            query = request.scope["query_string"]
            async with request.app.state.turns:
                turn = await run_in_threadpool(Gate(request).turn, body)
            if turn.wait:
                await _hold_back(request.receive, turn.wait)
            if turn.failure:
                raise turn.failure
            if turn.stub:
                return _response(turn.stub)
            # A query that was changed was changed after the request had read it.
            return await _worked(answer, request if request.scope["query_string"] is query else Request(request.scope, request.receive))

        return gated


async def _worked(answer: Answer, request: Request) -> Response:
    """The route's own answer; the reading that it asked is ended before the answer is sent, however long that takes."""
    async with request.app.state.turns:
        try:
            return await answer(request)
        finally:
            reading = visit(request).reading
            if reading is not None:
                await run_in_threadpool(reading.__exit__, None, None, None)


class Gate:
    """One request at the gate, in the order in which it is looked at."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.vendor: Vendor = request.app.state.vendor
        self.emulator: Emulator = request.app.state.emulator
        self.visit: Visit = visit(request)

    def turn(self, body: bytes) -> Turn:
        """Who asks, whether it may, and what was planned for it; raises Failure."""
        self._tell_limit()
        account = self._enter(body)
        if account is not None:
            self._permit(account)
            self._count(account)
            self._move_clock(account)
        turn = Turn()
        self._prefer(turn)
        if account is not None and account.faults and not turn.settled:
            self._strike(turn, account)
        if account is not None and account.stubs and not turn.settled:
            self._stub(turn, account)
        if account is not None and account.options.lenient and self.request.method == "GET":
            self._read_leniently()
        # What the account planned goes before what the request preferred: the journal is asked for the first words.
        self.visit.applied = ", ".join(filter(None, [*turn.by, turn.preferred]))
        return turn

    def _enter(self, body: bytes) -> Account | None:
        """The account that asks, none where no key is needed; one whose token has expired is noted as well."""
        keys = self.emulator.keys(self.vendor.name)
        try:
            return self.vendor.authenticate(self.request, body, keys)
        finally:
            self.visit.account = keys.opened

    def _permit(self, account: Account) -> None:
        for name, permission in self.vendor.permissions.items():
            given = account.options.permissions.get(self.vendor.name, {}).get(name, permission.given)
            if not given and permission.concerns(self.request):
                raise permission.failure

    def _tell_limit(self) -> limits.Limit | None:
        """The limit that holds for the request, once its headers are among those of the answer; none where it is not counted."""
        limit = self.vendor.limit(self.request)
        if limit:
            self.visit.headers |= self.vendor.standing(limits.unlimited(limit))
        return limit

    def _count(self, account: Account) -> None:
        documented, wanted = self._tell_limit(), account.options.limits.get(self.vendor.name)
        if documented is None or wanted is None:
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

    def _prefer(self, turn: Turn) -> None:
        preference = Preference.of(self.request.headers.getlist("prefer"))
        self.visit.remarks += preference.remarks
        applied = []
        if preference.wait:
            turn.wait = preference.wait
            applied.append(f"wait={preference.wait:g}")
        if preference.documented:
            turn.stub = example_for(self.vendor.name, self.request.method, *self._asked(), template=self._template, status=preference.code)
            if turn.stub is None:
                self.visit.remarks.append("Prefer: example=documented finds no published example of this request")
            else:
                applied.append("example=documented")
        if preference.code and not turn.stub:
            applied.append(f"code={preference.code}")
            turn.failure = self._of_status(preference.code, applied[-1])
        if applied:
            turn.preferred = self.visit.headers["Preference-Applied"] = ", ".join(applied)

    def _strike(self, turn: Turn, account: Account) -> None:
        asked = Asked(self.vendor.name, self.request.scope["route"].name, self.request.scope["path"])
        struck = Faults(self.emulator.store, account).strike(asked)
        if struck is None:
            return
        turn.by.append(f"fault {struck.fault}")
        turn.wait += struck.wait_ms / 1000
        if struck.effect.status:
            turn.failure = self._of_status(struck.effect.status, turn.by[0])
        self._spoil(struck.effect)

    def _spoil(self, effect: Effect) -> None:
        self.visit.cut, self.visit.malformed = effect.cut, effect.malformed
        self.visit.headers |= dict(effect.headers)
        if effect.retry is not None and self.vendor.retry_header:
            self.visit.headers[self.vendor.retry_header] = str(effect.retry).lower()

    def _stub(self, turn: Turn, account: Account) -> None:
        found = Stubs(self.emulator.store, account.id).answering(self.vendor.name, self.request.method, *self._asked(), template=self._template)
        if found is not None:
            turn.stub = found.stub
            turn.by.append(f"stub {found.id}")

    @property
    def _template(self) -> str:
        """The path of the matched route, with its placeholders."""
        template: str = self.request.scope["route"].path_format
        return template

    def _asked(self) -> tuple[str, Pairs]:
        return self.request.scope["path"], parse_qsl(self.request.scope["query_string"].decode("latin-1"), keep_blank_values=True)

    def _of_status(self, status: int, by: str) -> Failure:
        """The failure of a status that was asked for, as the vendor words such ones."""
        limit = self.vendor.limit(self.request)
        if status == HTTPStatus.TOO_MANY_REQUESTS and limit:
            self.visit.headers |= self.vendor.standing(limits.Standing(limit.requests, 0, limit.seconds, True))
            return limited(limit, limit.seconds)
        named = [*self.request.path_params.items()] if self.request.scope["route"].include_in_schema else []
        if status == HTTPStatus.NOT_FOUND and named:  # of an operation that takes an id, 404 says that there is no such one
            return Failure(Kind.unknown, [Problem(named[-1][0], Rule.unknown, str(named[-1][1]))])
        return Failure(KINDS.get(status, Kind.planned), [Problem("request", Rule.refused, bounds={"reason": by})], status=status)

    def _read_leniently(self) -> None:
        """Before anything reads the parameters: those that a strict account is refused are taken for what finds nothing."""
        pairs = self._asked()[1]
        taken = [(name, self.vendor.lenient(name, value)) for name, value in pairs]
        if taken != pairs:
            self.visit.query = pairs
            self.request.scope["query_string"] = urlencode(taken).encode()


def limited(limit: limits.Limit, ends_in: int) -> Failure:
    """The failure of a request beyond a limit."""
    bounds = {"maximum": limit.requests, "window": limit.seconds, "seconds": ends_in}
    return Failure(Kind.limited, [Problem("requests", Rule.limit, bounds=bounds)])


async def _hold_back(receive: Receive, seconds: float) -> None:
    """Wait, holding no thread; no longer than the client does, so that a server can end."""
    gone = asyncio.ensure_future(_gone(receive))
    await asyncio.wait([gone], timeout=seconds)
    gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _response(stub: NewStub) -> Response:
    return Response(stub.body, status_code=stub.status, headers=dict(stub.headers))
