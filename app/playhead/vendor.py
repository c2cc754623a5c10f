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

from playhead.accounts.account import Account
from playhead.accounts.limits import Limit, Standing
from playhead.emulator import Emulator, Keys
from playhead.failure import Failure, Kind, Missing, Problem, Rule
from playhead.spoiling import spoiled
from playhead.stats.naming import Ids
from playhead.stats.reading import Reading, Sight

LONGEST_KEY = 200
# Requests of a vendor that are worked on at the same time, each with a connection of the store of its own: together fewer than the store has,
# since one that held a connection and waited for a thread would wait for threads that wait for connections. Those that only wait are not counted.
AT_ONCE = 8


class Permission(NamedTuple):
    """What an account may do at a vendor unless it was told otherwise, for which requests, and the failure of those that may not."""

    given: bool
    concerns: Callable[[Request], bool]
    failure: Failure


@dataclass(frozen=True)
class Vendor:
    """One emulated vendor; `vendors/<name>/__init__.py` fills it."""

    name: str
    hosts: tuple[str, ...]
    roots: tuple[str, ...]
    sight: Sight
    routes: APIRouter
    authenticate: Callable[[Request, bytes, Keys], Account | None]  # with the body of a request that has one; None where no key is needed
    answer: Callable[[Failure, Request], Response]
    ids: Ids
    catalog: Callable[[Reading], list[tuple[str, str, str]]]
    example: Callable[[Reading, str], str]
    canonical: Callable[[str], str] = str
    repeated: Literal["first", "last"] = "last"
    lists: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)
    preflight: Mapping[str, str] = field(default_factory=dict)
    schemes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # how a key is sent, as OpenAPI says it
    permissions: Mapping[str, Permission] = field(default_factory=dict)
    limit: Callable[[Request], Limit | None] = lambda _request: None  # the documented one, for a request that is counted
    standing: Callable[[Standing], Mapping[str, str]] = lambda _standing: {}  # the headers that tell it
    lenient: Callable[[str, str], str] = lambda _name, value: value  # what a lenient account's parameter is taken for
    secrets: frozenset[str] = frozenset()  # parameters that the journal masks
    retry_header: str | None = None  # tells a client whether to try again
    attempt_header: str | None = None  # in which a client counts its attempts


@dataclass
class Visit:
    """What is known of one request while it is answered; `dispatch` makes it and writes it to the log and the journal."""

    vendor: str = ""
    account: Account | None = None
    now: int | None = None  # the instant that the request asks to be answered at
    refused: str = ""
    applied: str = ""  # the preference, fault, stub or limit that answered
    remarks: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)  # beside the vendor's own
    query: Sequence[tuple[str, str]] | None = None  # as it was sent, where a lenient account's is read otherwise
    reading: AbstractContextManager[Reading] | None = None  # while the route does its work
    cut: str | None = None
    malformed: bool = False
    crash: str = ""


def visit(request: Request) -> Visit:
    """The visit of a request."""
    found: Visit = request.scope["visit"]
    return found


def build(vendor: Vendor, emulator: Emulator) -> ASGIApp:
    """The sub-application of a vendor: its routes, its voice, its paths."""
    # The vendor's own answers to unknown paths and slashes: no docs routes and no redirects.
    app = FastAPI(title=vendor.name, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.vendor, app.state.emulator, app.state.turns = vendor, emulator, asyncio.Semaphore(AT_ONCE)
    app.include_router(vendor.routes)
    app.add_exception_handler(Failure, _answer)
    app.add_exception_handler(Missing, _answer)
    app.add_exception_handler(RequestValidationError, _answer)
    app.add_exception_handler(RoutingException, _answer)
    app.add_exception_handler(Exception, _answer)
    return _Entrance(vendor, app)


async def reading(request: Request) -> Reading:
    """The account's world in one snapshot, which begins with the account itself; the gate ends it once the answer is made."""
    vendor, seen = request.app.state.vendor, visit(request)
    seen.reading = request.app.state.emulator.reading(entered(request), vendor.sight, at=seen.now)
    found: Reading = await run_in_threadpool(seen.reading.__enter__)
    return found


def entered(request: Request) -> Account:
    """The account that the gate let in."""
    account = visit(request).account
    if account is None:
        raise Failure(Kind.unauthenticated, [Problem("Authorization", Rule.missing)])
    return account


Asked = Annotated[Reading, Depends(reading)]
Entered = Annotated[Account, Depends(entered)]


def _answer(request: Request, error: Exception) -> Response:
    """Every mishap becomes a Failure, and every Failure the vendor's bytes."""
    failure = _failure(error)
    visit(request).refused = failure.plain()
    if failure.kind in (Kind.no_route, Kind.wrong_method):
        _name(request)
    if failure.kind is Kind.crash:
        visit(request).crash = "".join(traceback.format_exception(error))
    vendor: Vendor = request.app.state.vendor
    return vendor.answer(failure, request)


def _name(request: Request) -> None:
    """Whose request it was that needs no key: the journal tells, if the account is there already."""
    vendor, emulator = request.app.state.vendor, request.app.state.emulator
    keys = emulator.keys(vendor.name, opens=False)
    with suppress(Exception):  # whatever is wrong with the key or the store: the answer needs neither
        vendor.authenticate(request, b"", keys)
    visit(request).account = keys.opened


def _failure(error: Exception) -> Failure:
    if isinstance(error, Failure):
        return error
    if isinstance(error, Missing):  # deleted since it was let in
        return Failure(Kind.unauthenticated, [Problem("Authorization", Rule.refused, bounds={"reason": "its account is gone"})])
    if isinstance(error, RequestValidationError):
        return Failure(Kind.invalid, [problem_of(found) for found in error.errors()])
    if isinstance(error, RoutingException) and error.status_code in (404, 405):
        allow = (error.headers or {}).get("Allow", "")
        return Failure(Kind.no_route if error.status_code == 404 else Kind.wrong_method, allow=allow)
    if isinstance(error, RoutingException) and error.status_code < 500:  # a body that cannot be read
        return Failure(Kind.invalid, [Problem("body", Rule.json)])
    return Failure(Kind.crash)


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


def problem_of(error: Mapping[str, Any]) -> Problem:  # Any: pydantic's error details
    """The Problem of one complaint of pydantic's."""
    inside_body = error["loc"][0] == "body"
    rule = _RULES.get(error["type"], Rule.json if inside_body else Rule.malformed)
    bounds = {_BOUNDS.get(name, name): value for name, value in (error.get("ctx") or {}).items()}
    given = error.get("input")
    where = str(error["loc"][-1]) if len(error["loc"]) > 1 else str(error["loc"][0])
    return Problem(where, rule, str(given) if isinstance(given, str | int) else None, {"choices": "", **bounds})


def broken(rule: Rule, **bounds: object) -> PydanticCustomError:
    """What a validator of a query raises: the rule by its name, to be worded by the vendor."""
    return PydanticCustomError(rule.value, rule.value, bounds or None)


class _Entrance:
    """Before and after the routes: the spelling of paths and queries, preflights, the headers of every answer."""

    def __init__(self, vendor: Vendor, app: FastAPI) -> None:
        self.vendor = vendor
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _headers(message["headers"], usual=self.vendor.headers, planned=scope["visit"].headers)
            await spoiled(message, scope, receive, send)

        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=dict(self.vendor.preflight))(scope, receive, send_with_headers)
            return
        scope["path"] = self.vendor.canonical(_decoded(scope))
        scope["query_string"] = self._query(scope["query_string"])
        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:  # raised again by Starlette after it was answered; the log has it
            scope["visit"].crash = scope["visit"].crash or "".join(traceback.format_exception(error))

    def _query(self, query: bytes) -> bytes:
        """The query with only the first of each repeated name, where that is the vendor's reading."""
        if self.vendor.repeated == "last":
            return query
        names: set[bytes] = set()
        kept = []
        for pair in query.split(b"&"):
            name = unquote_to_bytes(pair.partition(b"=")[0].replace(b"+", b" "))
            if name not in names or name.decode("utf-8", "replace") in self.vendor.lists:
                kept.append(pair)
            names.add(name)
        return b"&".join(kept)


def _decoded(scope: Scope) -> str:
    """The path with its percent-encodings read, except of slashes: an encoded one is part of an id."""
    segments = scope["raw_path"].split(b"/")
    return "/".join(unquote_to_bytes(segment).decode("utf-8", "replace").replace("/", "%2F") for segment in segments)


def _headers(own: Iterable[tuple[bytes, bytes]], *, usual: Mapping[str, str], planned: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer, none twice: its own take the place of the vendor's usual ones, planned ones the place of both."""
    before, after = _encoded(usual), _encoded(planned)
    kept = [(name, value) for name, value in own if name.lower() not in after]
    taken = {*after, *(name.lower() for name, _ in kept)}
    return [*kept, *((name, value) for name, value in before.items() if name not in taken), *after.items()]


def _encoded(headers: Mapping[str, str]) -> Mapping[bytes, bytes]:
    return {name.lower().encode(): value.encode("latin-1") for name, value in headers.items()}


def credential(text: str, *, field: str) -> str:
    """A usable key: 1 to 200 printable characters that do not begin with `invalid`; raises Failure(unauthenticated)."""
    key = text.strip()
    if not key:
        raise Failure(Kind.unauthenticated, [Problem(field, Rule.missing)])
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Failure(Kind.unauthenticated, [Problem(field, Rule.malformed)])
    if key.startswith("invalid"):
        raise Failure(Kind.unauthenticated, [Problem(field, Rule.refused, bounds={"reason": "keys that begin with `invalid` open nothing"})])
    return key


def nearest(given: str, known: Iterable[str]) -> str | None:
    """The known id that looks most like the given one, for the log."""
    return next(iter(get_close_matches(given, list(known), n=1, cutoff=0.0)), None)


def escaped(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="")
