"""What can go wrong with an operation, in the vendor's own words:

status, body, its schema and an example of each.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from fastapi import Request
from fastapi.routing import APIRoute

from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.gateway.context import RequestContext
from playhead.gateway.pipeline import KINDS_BY_STATUS, rate_limit_error
from playhead.gateway.vendor import Vendor
from playhead.gateway.vendor_app import current_account, current_snapshot
from tools.export_openapi.documented_examples import Document, Json
from tools.export_openapi.example_values import resolve_refs
from tools.export_openapi.parameters import TOLERATED
from tools.export_openapi.schema_inference import infer_schema

DESCRIPTIONS = {
    ErrorKind.invalid: "A parameter or the body is refused",
    ErrorKind.unauthenticated: "There is no key, or none that opens an account",
    ErrorKind.forbidden: "The account may not ask this",
    ErrorKind.unknown: "There is nothing of that id",
    ErrorKind.limited: "More requests than the account's limit",
    ErrorKind.crash: "Something broke",
}
OPERATION_SPECIFIC_KINDS = (ErrorKind.invalid, ErrorKind.unknown)  # their words tell its parameters
PLACEHOLDERS = {
    "reason": "…",
    "after": "…",
    "count": "…",
}  # what a wording may ask for, of rules that no schema shows
OMITTED_HEADERS = ("content-type", "content-length")

# Which rule a value can break, by what its schema says.
FORMAT_RULES = {"date-time": Rule.instant, "date": Rule.date, "period": Rule.period}
SCHEMA_RULES: Sequence[tuple[Rule, Callable[[Document], bool]]] = (
    (Rule.integer, lambda schema: schema.get("type") in ("integer", "number", "boolean")),
    (Rule.choice, lambda schema: "enum" in schema),
    (
        Rule.range,
        lambda schema: bool(
            schema.keys() & {"minimum", "maximum", "maxLength", "maxItems", "maxProperties"}
        ),
    ),
    (Rule.malformed, lambda schema: "pattern" in schema and "format" not in schema),
)


class ErrorResponse(NamedTuple):
    """One answer: what it is called, when it is given, and what it is."""

    name: str
    kind: ErrorKind
    description: str
    status: str
    media_type: str
    body: Json
    headers: tuple[str, ...]


class ErrorResponses:
    """The mishaps of one vendor's operations.

    Those that tell nothing of an operation are shared.
    """

    def __init__(self, vendor: Vendor, schemas: Document) -> None:
        self.vendor = vendor
        self.components = schemas
        self.bodies: dict[str, list[Json]] = {}
        self.shared: Document = {}

    def for_operation(
        self, path: str, method: str, spec: Document, route: APIRoute
    ) -> list[ErrorResponse]:
        """Everything that can go wrong with an operation, the likeliest first."""
        place = re.sub(r"{\w+}", "…", path)
        request = Request(
            {
                "type": "http",
                "method": method.upper(),
                "path": place,
                "query_string": b"",
                "headers": [],
                "request_context": RequestContext(self.vendor),
            }
        )
        failures = [
            *self._validation_errors(spec),
            *self._access_errors(spec, route, request),
            *_not_found_errors(spec),
        ]
        if limit := self.vendor.rate_limit(request):
            failures.append(("limited", rate_limit_error(limit, limit.seconds)))
        found = [
            self._render(name, failure, request)
            for name, failure in [*failures, ("crash", ApiError(ErrorKind.crash))]
        ]
        found += self._declared_responses(spec, {mishap.status for mishap in found}, request)
        for mishap in found:
            if "json" in mishap.media_type:
                self.bodies.setdefault(mishap.status, []).append(mishap.body)
        return found

    def schemas(self) -> Document:
        """The schema of every status that is JSON, by the name of its component.

        Of all that was found so far.
        """
        return {
            _schema_name(status): infer_schema(bodies)
            for status, bodies in sorted(self.bodies.items())
        }

    def responses(self, error_responses: Sequence[ErrorResponse]) -> Document:
        """The answers of an operation by status; shared ones are referred to."""
        statuses = sorted({mishap.status for mishap in error_responses})
        return {
            status: self._response_or_ref(
                [mishap for mishap in error_responses if mishap.status == status]
            )
            for status in statuses
        }

    def _response_or_ref(self, error_responses: Sequence[ErrorResponse]) -> Document:
        said = _build_response(error_responses)
        if any(mishap.kind in OPERATION_SPECIFIC_KINDS for mishap in error_responses):
            return said
        media = error_responses[0].media_type.rpartition("/")[2] or "bodiless"
        name = "-".join(
            [
                *dict.fromkeys(mishap.name for mishap in error_responses),
                *([] if "json" in media else [media]),
            ]
        )
        self.shared.setdefault(name, said)
        return {"$ref": f"#/components/responses/{name}"}

    def _validation_errors(self, spec: Document) -> Iterator[tuple[str, ApiError]]:
        """One of each rule that a parameter or the body can break."""
        seen: set[Rule] = set()
        for parameter in spec.get("parameters", []):
            for rule, bounds in self._rules(parameter):
                if rule not in seen:
                    seen.add(rule)
                    yield (
                        str(rule),
                        ApiError(
                            ErrorKind.invalid, [Violation(parameter["name"], rule, "…", bounds)]
                        ),
                    )
        for name in _required_body_keys(spec):
            yield "unreadable", ApiError(ErrorKind.invalid, [Violation("body", Rule.json)])
            yield "missing", ApiError(ErrorKind.invalid, [Violation(name, Rule.missing)])
            yield "malformed", ApiError(ErrorKind.invalid, [Violation(name, Rule.malformed)])

    def _rules(self, parameter: Document) -> Iterator[tuple[Rule, Mapping[str, object]]]:
        if parameter.get(TOLERATED):
            return
        schema = resolve_refs(parameter["schema"], self.components)
        choices = ", ".join(
            f"'{word}'" for word in schema.get("enum", schema.get("items", {}).get("enum", []))
        )
        bounds = {
            **PLACEHOLDERS,
            "choices": choices,
            "minimum": schema.get("minimum", ""),
            "maximum": schema.get("maximum", ""),
        }
        if parameter.get("required") and parameter["in"] == "query":
            yield Rule.missing, bounds
        if schema.get("format") in FORMAT_RULES:
            yield FORMAT_RULES[schema["format"]], bounds
        yield from (
            (rule, bounds)
            for rule, breaks in SCHEMA_RULES
            if breaks(schema) or breaks(schema.get("items", {}))
        )

    def _access_errors(
        self, spec: Document, route: APIRoute, request: Request
    ) -> Iterator[tuple[str, ApiError]]:
        """Who may not ask: without a key, and without a permission."""
        if not (depends_on(route, current_snapshot) or depends_on(route, current_account)):
            return
        attribute = next(iter(_required_body_keys(spec)), None)
        missing = (
            Violation(attribute, Rule.refused, "…", {"reason": "…"})
            if attribute
            else Violation("Authorization", Rule.missing)
        )
        yield str(ErrorKind.unauthenticated), ApiError(ErrorKind.unauthenticated, [missing])
        for name, permission in self.vendor.permissions.items():
            if permission.applies_to(request):
                yield f"without_{name}", permission.error

    def _declared_responses(
        self, spec: Document, known_statuses: set[str], request: Request
    ) -> Iterator[ErrorResponse]:
        """Further statuses that the route itself says: what answers where such a one is planned."""
        for status, answer in spec["responses"].items():
            if (
                status not in known_statuses
                and not status.startswith("2")
                and "content" not in answer
            ):
                kind = KINDS_BY_STATUS.get(int(status), ErrorKind.planned)
                failure = ApiError(
                    kind,
                    [Violation("request", Rule.refused, "…", PLACEHOLDERS)],
                    status=int(status),
                )
                yield self._render(f"status_{status}", failure, request)._replace(
                    description=answer["description"]
                )

    def _render(self, name: str, failure: ApiError, request: Request) -> ErrorResponse:
        answer = self.vendor.render_error(failure, request)
        kind = answer.headers.get("content-type", "").partition(";")[0]
        body = bytes(answer.body).decode()
        headers = tuple(header for header in answer.headers if header not in OMITTED_HEADERS)
        said = DESCRIPTIONS.get(failure.kind, failure.status_phrase() if failure.status else "…")
        return ErrorResponse(
            name,
            failure.kind,
            said,
            str(answer.status_code),
            kind,
            json.loads(body) if "json" in kind else body,
            headers,
        )


def depends_on(
    route: APIRoute, call: Callable[..., Any]
) -> bool:  # Any: a dependency, whatever it gives
    """Whether a route depends on something, such as an account's reading."""
    return any(dependency.call is call for dependency in route.dependant.dependencies)


def _not_found_errors(spec: Document) -> Iterator[tuple[str, ApiError]]:
    """What a path names may not exist."""
    for name, given in [
        (one["name"], str(one.get("example", "…")))
        for one in spec.get("parameters", [])
        if one["in"] == "path"
    ][-1:]:
        yield (
            str(ErrorKind.unknown),
            ApiError(ErrorKind.unknown, [Violation(name, Rule.unknown, given)]),
        )


def _required_body_keys(spec: Document) -> list[str]:
    """The attributes that a body must have."""
    content: Document = spec.get("requestBody", {}).get("content", {})
    return [name for kind in content.values() for name in kind["schema"].get("required", [])]


def _build_response(error_responses: Sequence[ErrorResponse]) -> Document:
    content: Document = {}
    for mishap in [
        mishap for mishap in error_responses if mishap.media_type
    ]:  # an answer without a body has no type
        is_json = "json" in mishap.media_type
        schema = (
            {"$ref": f"#/components/schemas/{_schema_name(mishap.status)}"}
            if is_json
            else {"type": "string"}
        )
        examples = content.setdefault(mishap.media_type, {"schema": schema, "examples": {}})[
            "examples"
        ]
        examples.setdefault(mishap.name, {"value": mishap.body})
    headers = {
        name: {"schema": {"type": "string"}}
        for mishap in error_responses
        for name in mishap.headers
    }
    return {
        "description": error_responses[0].description,
        **({"headers": headers} if headers else {}),
        **({"content": content} if content else {}),
    }


def _schema_name(status: str) -> str:
    return f"Error{status}"
