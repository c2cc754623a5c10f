"""Operations of the vendors, read from the documents in openapi/."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

Json = Mapping[str, Any]  # Any: a part of an OpenAPI document
# Words of a schema that say nothing about which values are valid.
PROSE = {"title", "description", "default", "examples"}


class Parameter(NamedTuple):
    """A query or path parameter, its schema without references."""

    name: str
    schema: Json
    required: bool
    example: str | None

    @property
    def item(self) -> Json:
        """The schema of one value."""
        item: Json = self.schema.get("items", self.schema)
        return item

    @property
    def signature(self) -> tuple[str, str]:
        """Equal for parameters of the same name that take the same values."""
        return self.name, repr(sorted(self.schema.items()))


class Operation(NamedTuple):
    """A method at a path of one vendor; the path has placeholders."""

    vendor: str
    method: str
    path: str
    query: tuple[Parameter, ...]
    placeholders: tuple[Parameter, ...]
    security: tuple[str, ...]
    body: Json | None

    @property
    def required(self) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.query if parameter.required)

    @property
    def optional(self) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.query if not parameter.required)


def operations_of(folder: Path) -> list[Operation]:
    """All operations of all documents in a folder, ordered by vendor and path."""
    documents = {path.stem: yaml.safe_load(path.read_text()) for path in folder.glob("*.yaml")}
    return sorted(
        (
            _operation(vendor, method.upper(), path, described, document)
            for vendor, document in documents.items()
            for path, methods in document["paths"].items()
            for method, described in methods.items()
        ),
        key=lambda operation: (operation.vendor, operation.path, operation.method),
    )


def _operation(vendor: str, method: str, path: str, described: Json, document: Json) -> Operation:
    parameters = described.get("parameters", [])
    body = described.get("requestBody", {}).get("content", {}).get("application/json")
    return Operation(
        vendor=vendor,
        method=method,
        path=path,
        query=tuple(_parameters(parameters, "query", document)),
        placeholders=tuple(_parameters(parameters, "path", document)),
        security=tuple(name for scheme in described.get("security", []) for name in scheme),
        body=body and body["example"],
    )


def _parameters(described: list[Json], place: str, document: Json) -> Iterator[Parameter]:
    for parameter in described:
        if parameter["in"] == place:
            yield from _flat(parameter, _resolved(parameter["schema"], document))


def _flat(parameter: Json, schema: Json) -> Iterator[Parameter]:
    """One parameter, or one for each property of an object such as `filterBy[country]`."""
    name = parameter["name"]
    required = bool(parameter.get("required"))
    if schema.get("type") != "object":
        example = parameter.get("example")
        yield Parameter(name, schema, required, None if example is None else str(example))
        return
    for inner, inner_schema in schema.get("properties", {"hats": {"type": "string"}}).items():
        yield Parameter(f"{name}[{inner}]", inner_schema, required, None)


def _resolved(schema: Any, document: Json) -> Any:  # Any: a JSON schema or a part of one
    if isinstance(schema, list):
        return [_resolved(part, document) for part in schema]
    if not isinstance(schema, dict):
        return schema
    target: Any = {}
    if "$ref" in schema:
        target = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        target = _resolved(target, document)
    own = {key: part for key, part in schema.items() if key not in {*PROSE, "$ref"}}
    return {**target, **{key: _resolved(part, document) for key, part in own.items()}}
