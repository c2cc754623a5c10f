"""What a client of an older version does not get: one table, applied by the one class of all routes — contracts/apivideo.md §6.4."""

import json
import re
from collections.abc import Callable, Collection, Coroutine, Mapping
from itertools import product
from typing import Any, NamedTuple

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.datastructures import Headers

from playhead.gate import GatedRoute
from playhead.vendors.apivideo.words import UNKNOWN

Version = tuple[int, int, int]


class Client(NamedTuple):
    """Which client asks, as far as it says."""

    language: str
    version: Version


class Row(NamedTuple):
    """What clients of a language refuse, from a version on and before one: keys, nulls, words of a `context`; a dot goes one object deeper."""

    language: str
    since: Version = (0, 0, 0)
    before: Version = (1_000_000, 0, 0)
    keys: tuple[str, ...] = ()
    nulls: tuple[str, ...] = ()
    words: Mapping[str, Collection[str]] = {}


# What can be asked for and is in no client's enumerations: left out, since every key of `context` may be absent — §0.12.
UNTOLD = {"metric": {"play-total"}, "aggregation": {"peak", "live"}, "breakdown": {"referrer"}}

# What Python's clients accept was measured: they raise on any other key, null and word — §6.3. The others' words are read in their sources.
ROWS = (
    Row("python", before=(1, 3, 2), keys=("discarded", "discardedAt", "deletesAt", "language", "languageOrigin")),
    Row("python", before=(1, 3, 0), keys=("restreams",)),
    Row("python", before=(0, 0, 10), keys=("session.metadata",), nulls=("location.city", "referrer.url")),
    Row("python", since=(1, 4, 0), words=UNTOLD),
    *(Row(language, words=UNTOLD) for language in ("java", "android", "swift", "ios")),
)

# Python up to 1.2.1 says who it is only here, quotes included — §6.2.
SPELLINGS = (
    ("av-origin-client", re.compile(r"\s*(\w+):(\d+)\.(\d+)\.(\d+)")),
    ("user-agent", re.compile(r'"?api\.video client \((\w+); v:(\d+)\.(\d+)\.(\d+)')),
)


def client_of(headers: Mapping[str, str]) -> Client | None:
    """The client that a request's headers name."""
    for header, spelling in SPELLINGS:
        if header in headers:
            stated = spelling.match(headers[header])
            if stated:
                return Client(stated[1].lower(), (int(stated[2]), int(stated[3]), int(stated[4])))
    return None


def rows_for(client: Client | None) -> list[Row]:
    """The rows of the table that concern a client; none for one that says nothing of itself."""
    return [row for row in ROWS if client and client.language == row.language and row.since <= client.version < row.before]


def fitted(document: dict[str, Any], rows: list[Row]) -> dict[str, Any]:  # Any: a JSON document
    """An answer without what a client refuses, in place: the item itself, or each item of its list; and what is told of the question."""
    found, context = document.get("data", [document]), document.get("context", {})
    items = found if isinstance(found, list) else []
    for row in rows:
        for item, path in product(items, row.keys):
            _change(item, path, lambda parent, key: parent.pop(key, None))
        for item, path in product(items, row.nulls):
            _change(item, path, _said)
        for name in [name for name, words in row.words.items() if context.get(name) in words]:
            del context[name]
    return document


def _change(item: dict[str, Any], path: str, change: Callable[[dict[str, Any], str], object]) -> None:
    *above, key = path.split(".")
    for name in above:
        item = item.get(name, {})
    change(item, key)


def _said(parent: dict[str, Any], key: str) -> None:
    if key in parent and parent[key] is None:
        parent[key] = UNKNOWN


class _Fitted(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:  # Any: as Starlette has it
        answered = super().get_route_handler()

        async def answer(request: Request) -> Response:
            response = await answered(request)
            rows = rows_for(client_of(Headers(scope=request.scope)))
            return JSONResponse(fitted(json.loads(bytes(response.body)), rows)) if rows else response

        return answer


class FittedRoute(GatedRoute, _Fitted):
    """A route whose answers fit the client that asks; what a stub answers is nobody's to fit."""
