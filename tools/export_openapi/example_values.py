"""An example of every answer:

what the vendor published where it is of our shape, the published value of the same key elsewhere,
else a plain word.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tools.export_openapi.documented_examples import ABSENT, Document, Json

MAX_ROWS = 2  # of a list are shown
PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}
FORMAT_PATTERNS = {"date-time": r"\d{4}-\d\d-\d\d[Tt]", "date": r"\d{4}-\d\d-\d\d$"}
DEFAULT_VALUES: Mapping[str, Json] = {
    "string": "…",
    "integer": 0,
    "number": 0,
    "boolean": False,
    "null": None,
}


def resolve_refs(schema: Document, schemas: Document) -> Document:
    """A schema, and what it refers to in its place."""
    if "$ref" not in schema:
        return schema
    rest = {name: value for name, value in schema.items() if name != "$ref"}
    return resolve_refs({**schemas[schema["$ref"].rpartition("/")[2]], **rest}, schemas)


def is_valid(schema: Document, value: Json, schemas: Document) -> bool:
    """Whether a value is of the type, and one of the words, that a schema wants.

    What is inside is not looked at.
    """
    schema = resolve_refs(schema, schemas)
    if "anyOf" in schema:
        return any(is_valid(one, value, schemas) for one in schema["anyOf"])
    types = PYTHON_TYPES.get(schema.get("type", ""), (object,))
    is_of_type = isinstance(value, types) and (
        bool in types or object in types or not isinstance(value, bool)
    )
    is_a_word = value in schema.get("enum", [value]) and value == schema.get("const", value)
    return is_of_type and is_a_word and _in_bounds(schema, value) and _matches_format(schema, value)


def _in_bounds(schema: Document, value: Json) -> bool:
    return not isinstance(value, int | float) or schema.get(
        "minimum", value
    ) <= value <= schema.get("maximum", value)


def _matches_format(schema: Document, value: Json) -> bool:
    return (
        not isinstance(value, str)
        or re.match(FORMAT_PATTERNS.get(schema.get("format", ""), ""), value) is not None
    )


class ExampleValues:
    """Examples by schema, from the published answers of one vendor, each given with its operation's
    schema.
    """

    def __init__(self, schemas: Document, documented: Sequence[tuple[Document, Json]]) -> None:
        self.schemas = schemas
        self.model_examples: dict[str, Json] = {}
        self.key_values: dict[str, list[Json]] = {}
        for schema, body in documented:
            if body is not ABSENT:
                self._collect(schema, body)
        for _, body in documented:
            for name, value in _pairs(body):
                self.key_values.setdefault(name, []).append(value)

    def example(self, schema: Document, documented: Json = ABSENT, key: str = "") -> Json:
        """An example that is valid by a schema, as near as possible to what was given."""
        if "$ref" in schema:
            known = self.model_examples.get(schema["$ref"].rpartition("/")[2], ABSENT)
            return self.example(
                resolve_refs(schema, self.schemas),
                known if documented is ABSENT else documented,
                key,
            )
        if "anyOf" in schema:
            return self._choice(schema["anyOf"], documented, key)
        if schema.get("type") == "object":
            return self._object(schema, documented if isinstance(documented, dict) else {})
        if schema.get("type") == "array":
            return self._list(schema, documented)
        return next(
            value
            for value in self._candidates(schema, documented, key)
            if is_valid(schema, value, self.schemas)
        )

    def _choice(self, options: Sequence[Document], documented: Json, key: str) -> Json:
        """The first that what is known fits; else nothing, where nothing may stand."""
        for known in [documented, *self.key_values.get(key, [])]:
            for option in options:
                if known is not ABSENT and is_valid(option, known, self.schemas):
                    return self.example(option, known, key)
        return self.example(
            {"type": "null"} if {"type": "null"} in options else options[0], key=key
        )

    def _object(self, schema: Document, documented: Mapping[str, Json]) -> Json:
        if "properties" not in schema:
            inner = schema.get("additionalProperties")
            return {
                name: self.example(inner, value, name) if isinstance(inner, dict) else value
                for name, value in documented.items()
            }
        shown = [
            (name, part)
            for name, part in schema["properties"].items()
            if name in documented or name in schema.get("required", [])
        ]
        return {
            name: self.example(part, documented.get(name, ABSENT), name) for name, part in shown
        }

    def _list(self, schema: Document, documented: Json) -> Json:
        if "prefixItems" in schema:
            values = (
                documented
                if isinstance(documented, list) and len(documented) == len(schema["prefixItems"])
                else [ABSENT] * len(schema["prefixItems"])
            )
            return [
                self.example(part, value)
                for part, value in zip(schema["prefixItems"], values, strict=True)
            ]
        return [
            self.example(schema.get("items", {}), value)
            for value in (documented[:MAX_ROWS] if isinstance(documented, list) else [ABSENT])
        ]

    def _candidates(self, schema: Document, documented: Json, key: str) -> Iterator[Json]:
        yield from () if documented is ABSENT else (documented,)
        yield from schema.get("examples", [])
        yield from schema.get("enum", [])
        yield from (schema["const"],) if "const" in schema else ()
        yield from self.key_values.get(key, [])
        yield schema.get("minimum", DEFAULT_VALUES.get(schema.get("type", "null")))

    def _collect(self, schema: Document, body: Json) -> None:
        """Remember the first published object of each model."""
        if "$ref" in schema and isinstance(body, dict):
            self.model_examples.setdefault(schema["$ref"].rpartition("/")[2], body)
        whole = resolve_refs(schema, self.schemas)
        for option in whole.get("anyOf", []):
            if is_valid(option, body, self.schemas):
                self._collect(option, body)
        if isinstance(body, list):
            for row in body:
                self._collect(whole.get("items", {}), row)
        for name, part in whole.get("properties", {}).items() if isinstance(body, dict) else ():
            if name in body:
                self._collect(part, body[name])


def _pairs(body: Json) -> Iterator[tuple[str, Json]]:
    """Every key of a document with its value."""
    if isinstance(body, dict):
        yield from body.items()
    inside: Iterable[Any] = (
        body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    )
    for part in inside:
        yield from _pairs(part)
