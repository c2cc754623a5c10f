"""Validation: violations out of pydantic's errors, and the texts that their messages need."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote

from pydantic_core import PydanticCustomError

from playhead.domain.errors import Rule, Violation

_RULES_BY_TYPE: Mapping[str, Rule] = {
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
_BOUNDS_BY_NAME = {"expected": "choices", "ge": "minimum", "le": "maximum"}


def violation_from_pydantic(error: Mapping[str, Any]) -> Violation:  # Any: pydantic's error details
    """The violation of one of pydantic's errors."""
    location = error["loc"]
    fallback = Rule.json if location[0] == "body" else Rule.malformed
    rule = _RULES_BY_TYPE.get(error["type"], fallback)
    context = error.get("ctx") or {}
    bounds = {_BOUNDS_BY_NAME.get(name, name): value for name, value in context.items()}
    value = error.get("input")
    text = str(value) if isinstance(value, str | int) else None
    field = str(location[-1])
    return Violation(field, rule, text, {"choices": "", **bounds})


def validation_error(rule: Rule, **bounds: object) -> PydanticCustomError:
    """The error that a parameter's validator raises:

    the rule by its name, for the vendor to word.
    """
    return PydanticCustomError(rule.value, rule.value, bounds or None)


def closest_match(text: str, candidates: Iterable[str]) -> str | None:
    """The id most similar to a text, for the log; None without candidates."""
    return next(iter(get_close_matches(text, list(candidates), n=1, cutoff=0.0)), None)


def quote_segment(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="")
