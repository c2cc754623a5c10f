"""Bodies of the token operations."""

import json
from collections.abc import Mapping
from typing import Any

from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation


def parse_json_object(body: bytes) -> Mapping[str, Any]:  # Any: whatever JSON a client sends
    """The JSON object in a body, whatever its content type says; raises Failure(invalid)."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise ApiError(ErrorKind.invalid, [Violation("body", Rule.json)])
    return document


def required_text(document: Mapping[str, Any], name: str) -> str:
    """A text that a body must have; raises Failure(invalid)."""
    value = document.get(name)
    if value is None:
        raise ApiError(ErrorKind.invalid, [Violation(name, Rule.missing)])
    if not isinstance(value, str):
        raise ApiError(ErrorKind.invalid, [Violation(name, Rule.malformed)])
    return value


def body_openapi(name: str) -> dict[str, Any]:  # Any: a piece of OpenAPI
    """The description of a body with one attribute."""
    schema = {"type": "object", "required": [name], "properties": {name: {"type": "string"}}}
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": {name: "demo"}}},
        }
    }
