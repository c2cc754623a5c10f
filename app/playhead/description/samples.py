"""An example of every answer: what the vendor published where it is of our shape, the published value of the same key elsewhere, else a plain word."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from playhead.description.published import ABSENT, Document, Json

ROWS = 2  # of a list are shown
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}
FORMS = {"date-time": r"\d{4}-\d\d-\d\d[Tt]", "date": r"\d{4}-\d\d-\d\d$"}
PLAIN: Mapping[str, Json] = {"string": "…", "integer": 0, "number": 0, "boolean": False, "null": None}


def resolved(schema: Document, schemas: Document) -> Document:
    """A schema, and what it refers to in its place."""
    if "$ref" not in schema:
        return schema
    rest = {name: value for name, value in schema.items() if name != "$ref"}
    return resolved({**schemas[schema["$ref"].rpartition("/")[2]], **rest}, schemas)


def fits(schema: Document, value: Json, schemas: Document) -> bool:
    """Whether a value is of the type, and one of the words, that a schema wants; what is inside is not looked at."""
    schema = resolved(schema, schemas)
    if "anyOf" in schema:
        return any(fits(one, value, schemas) for one in schema["anyOf"])
    types = TYPES.get(schema.get("type", ""), (object,))
    is_of_type = isinstance(value, types) and (bool in types or object in types or not isinstance(value, bool))
    is_a_word = value in schema.get("enum", [value]) and value == schema.get("const", value)
    return is_of_type and is_a_word and _is_within(schema, value) and _has_form(schema, value)


def _is_within(schema: Document, value: Json) -> bool:
    return not isinstance(value, int | float) or schema.get("minimum", value) <= value <= schema.get("maximum", value)


def _has_form(schema: Document, value: Json) -> bool:
    return not isinstance(value, str) or re.match(FORMS.get(schema.get("format", ""), ""), value) is not None


class Samples:
    """Examples by schema, from the published answers of one vendor, each given with its operation's schema."""

    def __init__(self, schemas: Document, published: Sequence[tuple[Document, Json]]) -> None:
        self.schemas = schemas
        self.models: dict[str, Json] = {}
        self.keys: dict[str, list[Json]] = {}
        for schema, body in published:
            if body is not ABSENT:
                self._note(schema, body)
        for _, body in published:
            for name, value in _pairs(body):
                self.keys.setdefault(name, []).append(value)

    def of(self, schema: Document, given: Json = ABSENT, key: str = "") -> Json:
        """An example that is valid by a schema, as near as possible to what was given."""
        if "$ref" in schema:
            known = self.models.get(schema["$ref"].rpartition("/")[2], ABSENT)
            return self.of(resolved(schema, self.schemas), known if given is ABSENT else given, key)
        if "anyOf" in schema:
            return self._choice(schema["anyOf"], given, key)
        if schema.get("type") == "object":
            return self._object(schema, given if isinstance(given, dict) else {})
        if schema.get("type") == "array":
            return self._list(schema, given)
        return next(value for value in self._words(schema, given, key) if fits(schema, value, self.schemas))

    def _choice(self, options: Sequence[Document], given: Json, key: str) -> Json:
        """The first that what is known fits; else nothing, where nothing may stand."""
        for known in [given, *self.keys.get(key, [])]:
            for option in options:
                if known is not ABSENT and fits(option, known, self.schemas):
                    return self.of(option, known, key)
        return self.of({"type": "null"} if {"type": "null"} in options else options[0], key=key)

    def _object(self, schema: Document, given: Mapping[str, Json]) -> Json:
        if "properties" not in schema:
            inner = schema.get("additionalProperties")
            return {name: self.of(inner, value, name) if isinstance(inner, dict) else value for name, value in given.items()}
        shown = [(name, part) for name, part in schema["properties"].items() if name in given or name in schema.get("required", [])]
        return {name: self.of(part, given.get(name, ABSENT), name) for name, part in shown}

    def _list(self, schema: Document, given: Json) -> Json:
        if "prefixItems" in schema:
            values = given if isinstance(given, list) and len(given) == len(schema["prefixItems"]) else [ABSENT] * len(schema["prefixItems"])
            return [self.of(part, value) for part, value in zip(schema["prefixItems"], values, strict=True)]
        return [self.of(schema.get("items", {}), value) for value in (given[:ROWS] if isinstance(given, list) else [ABSENT])]

    def _words(self, schema: Document, given: Json, key: str) -> Iterator[Json]:
        yield from () if given is ABSENT else (given,)
        yield from schema.get("examples", [])
        yield from schema.get("enum", [])
        yield from (schema["const"],) if "const" in schema else ()
        yield from self.keys.get(key, [])
        yield schema.get("minimum", PLAIN.get(schema.get("type", "null")))

    def _note(self, schema: Document, body: Json) -> None:
        """Remember the first published object of each model."""
        if "$ref" in schema and isinstance(body, dict):
            self.models.setdefault(schema["$ref"].rpartition("/")[2], body)
        whole = resolved(schema, self.schemas)
        for option in whole.get("anyOf", []):
            if fits(option, body, self.schemas):
                self._note(option, body)
        if isinstance(body, list):
            for row in body:
                self._note(whole.get("items", {}), row)
        for name, part in whole.get("properties", {}).items() if isinstance(body, dict) else ():
            if name in body:
                self._note(part, body[name])


def _pairs(body: Json) -> Iterator[tuple[str, Json]]:
    """Every key of a document with its value."""
    if isinstance(body, dict):
        yield from body.items()
    inside: Iterable[Any] = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    for part in inside:
        yield from _pairs(part)
