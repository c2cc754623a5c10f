"""What a client of an older version does not get:

one table, applied by the one class of all routes — evidence/apivideo.md §6.4.
"""

import json
import re
from collections.abc import Callable, Collection, Coroutine, Mapping
from itertools import product
from typing import Any, NamedTuple

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.datastructures import Headers

from playhead.gateway.pipeline import EmulatedRoute
from playhead.vendors.apivideo.vocabulary import UNKNOWN

Version = tuple[int, int, int]


class ClientVersion(NamedTuple):
    """Which client asks, as far as it says."""

    language: str
    version: Version


class CompatRule(NamedTuple):
    """What clients of a language refuse, from a version on and before one:

    keys, nulls, words of a `context`; a dot goes one object deeper.
    """

    language: str
    since: Version = (0, 0, 0)
    before: Version = (1_000_000, 0, 0)
    removed_keys: tuple[str, ...] = ()
    replaced_nulls: tuple[str, ...] = ()
    removed_context: Mapping[str, Collection[str]] = {}


# What can be asked for and is in no client's enumerations: left out, since every key of `context`
# may be absent — §0.12.
UNKNOWN_CONTEXT = {
    "metric": {"play-total"},
    "aggregation": {"peak", "live"},
    "breakdown": {"referrer"},
}

# What Python's clients accept was measured: they raise on any other key, null and word — §6.3. The
# others' words are read in their sources.
COMPAT_RULES = (
    CompatRule(
        "python",
        before=(1, 3, 2),
        removed_keys=("discarded", "discardedAt", "deletesAt", "language", "languageOrigin"),
    ),
    CompatRule("python", before=(1, 3, 0), removed_keys=("restreams",)),
    CompatRule(
        "python",
        before=(0, 0, 10),
        removed_keys=("session.metadata",),
        replaced_nulls=("location.city", "referrer.url"),
    ),
    CompatRule("python", since=(1, 4, 0), removed_context=UNKNOWN_CONTEXT),
    *(
        CompatRule(language, removed_context=UNKNOWN_CONTEXT)
        for language in ("java", "android", "swift", "ios")
    ),
)

# Python up to 1.2.1 says who it is only here, quotes included — §6.2.
CLIENT_PATTERNS = (
    ("av-origin-client", re.compile(r"\s*(\w+):(\d+)\.(\d+)\.(\d+)")),
    ("user-agent", re.compile(r'"?api\.video client \((\w+); v:(\d+)\.(\d+)\.(\d+)')),
)


def parse_client(headers: Mapping[str, str]) -> ClientVersion | None:
    """The client that a request's headers name."""
    for header, spelling in CLIENT_PATTERNS:
        if header in headers:
            stated = spelling.match(headers[header])
            if stated:
                return ClientVersion(
                    stated[1].lower(), (int(stated[2]), int(stated[3]), int(stated[4]))
                )
    return None


def rules_for(client: ClientVersion | None) -> list[CompatRule]:
    """The rows of the table that concern a client; none for one that says nothing of itself."""
    return [
        row
        for row in COMPAT_RULES
        if client and client.language == row.language and row.since <= client.version < row.before
    ]


def adapt(
    document: dict[str, Any], rules: list[CompatRule]
) -> dict[str, Any]:  # Any: a JSON document
    """An answer without what a client refuses, in place:

    the item itself, or each item of its list; and what is told of the question.
    """
    found = document.get("data", [document])
    context = document.get("context", {})
    items = found if isinstance(found, list) else []
    for row in rules:
        for item, path in product(items, row.removed_keys):
            _apply_at(item, path, lambda parent, key: parent.pop(key, None))
        for item, path in product(items, row.replaced_nulls):
            _apply_at(item, path, _replace_null)
        for name in [
            name for name, words in row.removed_context.items() if context.get(name) in words
        ]:
            del context[name]
    return document


def _apply_at(
    item: dict[str, Any], path: str, change: Callable[[dict[str, Any], str], object]
) -> None:
    *above, key = path.split(".")
    for name in above:
        item = item.get(name, {})
    change(item, key)


def _replace_null(parent: dict[str, Any], key: str) -> None:
    if key in parent and parent[key] is None:
        parent[key] = UNKNOWN


class _AdaptingRoute(APIRoute):
    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:  # Any: as Starlette has it
        answered = super().get_route_handler()

        async def answer(request: Request) -> Response:
            response = await answered(request)
            rows = rules_for(parse_client(Headers(scope=request.scope)))
            return JSONResponse(adapt(json.loads(bytes(response.body)), rows)) if rows else response

        return answer


class CompatRoute(EmulatedRoute, _AdaptingRoute):
    """A route whose answers fit the client that asks; what a stub answers is nobody's to fit."""
