"""What can go wrong with an operation, in the vendor's own words: status, body, its schema and an example of each."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from fastapi import Request
from fastapi.routing import APIRoute

from playhead.description.outline import schema_of
from playhead.description.parameters import TOLERATED
from playhead.description.published import Document, Json
from playhead.description.samples import resolved
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.gate import KINDS, limited
from playhead.vendor import Vendor, Visit, entered, reading

MEANINGS = {
    Kind.invalid: "A parameter or the body is refused",
    Kind.unauthenticated: "There is no key, or none that opens an account",
    Kind.forbidden: "The account may not ask this",
    Kind.unknown: "There is nothing of that id",
    Kind.limited: "More requests than the account's limit",
    Kind.crash: "Something broke",
}
OF_THE_OPERATION = (Kind.invalid, Kind.unknown)  # their words tell its parameters
ELSE = {"reason": "…", "after": "…", "count": "…"}  # what a wording may ask for, of rules that no schema shows
UNSAID = ("content-type", "content-length")

# Which rule a value can break, by what its schema says.
FORMATS = {"date-time": Rule.instant, "date": Rule.date, "period": Rule.period}
BREAKABLE: Sequence[tuple[Rule, Callable[[Document], bool]]] = (
    (Rule.integer, lambda schema: schema.get("type") in ("integer", "number", "boolean")),
    (Rule.choice, lambda schema: "enum" in schema),
    (Rule.range, lambda schema: bool(schema.keys() & {"minimum", "maximum", "maxLength", "maxItems", "maxProperties"})),
    (Rule.malformed, lambda schema: "pattern" in schema and "format" not in schema),
)


class Mishap(NamedTuple):
    """One answer: what it is called, when it is given, and what it is."""

    name: str
    kind: Kind
    said: str
    status: str
    media_type: str
    body: Json
    headers: tuple[str, ...]


class Mishaps:
    """The mishaps of one vendor's operations; those that tell nothing of an operation are shared."""

    def __init__(self, vendor: Vendor, schemas: Document) -> None:
        self.vendor = vendor
        self.given = schemas
        self.bodies: dict[str, list[Json]] = {}
        self.shared: Document = {}

    def of(self, path: str, method: str, said: Document, route: APIRoute) -> list[Mishap]:
        """Everything that can go wrong with an operation, the likeliest first."""
        place = re.sub(r"{\w+}", "…", path)
        request = Request({"type": "http", "method": method.upper(), "path": place, "query_string": b"", "headers": [], "visit": Visit(self.vendor.name)})
        failures = [*self._refusals(said), *self._barred(said, route, request), *_unknown(said)]
        if limit := self.vendor.limit(request):
            failures.append(("limited", limited(limit, limit.seconds)))
        found = [self._answered(name, failure, request) for name, failure in [*failures, ("crash", Failure(Kind.crash))]]
        found += self._declared(said, {mishap.status for mishap in found}, request)
        for mishap in found:
            if "json" in mishap.media_type:
                self.bodies.setdefault(mishap.status, []).append(mishap.body)
        return found

    def schemas(self) -> Document:
        """The schema of every status that is JSON, by the name of its component; of all that was found so far."""
        return {_component(status): schema_of(bodies) for status, bodies in sorted(self.bodies.items())}

    def responses(self, mishaps: Sequence[Mishap]) -> Document:
        """The answers of an operation by status; shared ones are referred to."""
        statuses = sorted({mishap.status for mishap in mishaps})
        return {status: self._response([mishap for mishap in mishaps if mishap.status == status]) for status in statuses}

    def _response(self, mishaps: Sequence[Mishap]) -> Document:
        said = _response(mishaps)
        if any(mishap.kind in OF_THE_OPERATION for mishap in mishaps):
            return said
        media = mishaps[0].media_type.rpartition("/")[2] or "bodiless"
        name = "-".join([*dict.fromkeys(mishap.name for mishap in mishaps), *([] if "json" in media else [media])])
        self.shared.setdefault(name, said)
        return {"$ref": f"#/components/responses/{name}"}

    def _refusals(self, said: Document) -> Iterator[tuple[str, Failure]]:
        """One of each rule that a parameter or the body can break."""
        seen: set[Rule] = set()
        for parameter in said.get("parameters", []):
            for rule, bounds in self._rules(parameter):
                if rule not in seen:
                    seen.add(rule)
                    yield str(rule), Failure(Kind.invalid, [Problem(parameter["name"], rule, "…", bounds)])
        for name in _attributes(said):
            yield "unreadable", Failure(Kind.invalid, [Problem("body", Rule.json)])
            yield "missing", Failure(Kind.invalid, [Problem(name, Rule.missing)])
            yield "malformed", Failure(Kind.invalid, [Problem(name, Rule.malformed)])

    def _rules(self, parameter: Document) -> Iterator[tuple[Rule, Mapping[str, object]]]:
        if parameter.get(TOLERATED):
            return
        schema = resolved(parameter["schema"], self.given)
        choices = ", ".join(f"'{word}'" for word in schema.get("enum", schema.get("items", {}).get("enum", [])))
        bounds = {**ELSE, "choices": choices, "minimum": schema.get("minimum", ""), "maximum": schema.get("maximum", "")}
        if parameter.get("required") and parameter["in"] == "query":
            yield Rule.missing, bounds
        if schema.get("format") in FORMATS:
            yield FORMATS[schema["format"]], bounds
        yield from ((rule, bounds) for rule, breaks in BREAKABLE if breaks(schema) or breaks(schema.get("items", {})))

    def _barred(self, said: Document, route: APIRoute, request: Request) -> Iterator[tuple[str, Failure]]:
        """Who may not ask: without a key, and without a permission."""
        if not (enters(route, reading) or enters(route, entered)):
            return
        attribute = next(iter(_attributes(said)), None)
        missing = Problem(attribute, Rule.refused, "…", {"reason": "…"}) if attribute else Problem("Authorization", Rule.missing)
        yield str(Kind.unauthenticated), Failure(Kind.unauthenticated, [missing])
        for name, permission in self.vendor.permissions.items():
            if permission.concerns(request):
                yield f"without_{name}", permission.failure

    def _declared(self, said: Document, told: set[str], request: Request) -> Iterator[Mishap]:
        """Further statuses that the route itself says: what answers where such a one is planned."""
        for status, answer in said["responses"].items():
            if status not in told and not status.startswith("2") and "content" not in answer:
                kind = KINDS.get(int(status), Kind.planned)
                failure = Failure(kind, [Problem("request", Rule.refused, "…", ELSE)], status=int(status))
                yield self._answered(f"status_{status}", failure, request)._replace(said=answer["description"])

    def _answered(self, name: str, failure: Failure, request: Request) -> Mishap:
        answer = self.vendor.answer(failure, request)
        kind, body = answer.headers.get("content-type", "").partition(";")[0], bytes(answer.body).decode()
        headers = tuple(header for header in answer.headers if header not in UNSAID)
        said = MEANINGS.get(failure.kind, failure.phrase() if failure.status else "…")
        return Mishap(name, failure.kind, said, str(answer.status_code), kind, json.loads(body) if "json" in kind else body, headers)


def enters(route: APIRoute, by: Callable[..., Any]) -> bool:  # Any: a dependency, whatever it gives
    """Whether a route depends on something, such as an account's reading."""
    return any(dependency.call is by for dependency in route.dependant.dependencies)


def _unknown(said: Document) -> Iterator[tuple[str, Failure]]:
    """What a path names may not exist."""
    for name, given in [(one["name"], str(one.get("example", "…"))) for one in said.get("parameters", []) if one["in"] == "path"][-1:]:
        yield str(Kind.unknown), Failure(Kind.unknown, [Problem(name, Rule.unknown, given)])


def _attributes(said: Document) -> list[str]:
    """The attributes that a body must have."""
    content: Document = said.get("requestBody", {}).get("content", {})
    return [name for kind in content.values() for name in kind["schema"].get("required", [])]


def _response(mishaps: Sequence[Mishap]) -> Document:
    content: Document = {}
    for mishap in [mishap for mishap in mishaps if mishap.media_type]:  # an answer without a body has no type
        is_json = "json" in mishap.media_type
        schema = {"$ref": f"#/components/schemas/{_component(mishap.status)}"} if is_json else {"type": "string"}
        examples = content.setdefault(mishap.media_type, {"schema": schema, "examples": {}})["examples"]
        examples.setdefault(mishap.name, {"value": mishap.body})
    headers = {name: {"schema": {"type": "string"}} for mishap in mishaps for name in mishap.headers}
    return {"description": mishaps[0].said, **({"headers": headers} if headers else {}), **({"content": content} if content else {})}


def _component(status: str) -> str:
    return f"Error{status}"
