"""What each vendor's operations take, read from the routes themselves, and what each was made
after.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from playhead.control.schemas.server import Operation, Parameter
from playhead.gateway.vendor import Vendor
from playhead.stubs.documented_examples import Example, examples
from playhead.stubs.matching import StubDefinition

Document = Mapping[str, Any]  # Any: a part of a JSON document
# The end of a docstring that names the evidence: "… — Gcore API reference, §n, grade D."
EVIDENCE_PATTERN = re.compile(r"\s+— [^—]*(?:§|[Qq]uirk|[Uu]nknown|evidence/)[^—]*$")
GRADE_PATTERN = re.compile(r"\bgrade (\w+)")


def list_operations(vendors: Sequence[Vendor]) -> list[Operation]:
    """Every operation of every vendor."""
    published = [example for example in examples() if example.status < 400]
    return [
        operation
        for vendor in vendors
        for operation in _vendor_operations(
            vendor, [found for found in published if found.vendor == vendor.name]
        )
    ]


def _vendor_operations(
    vendor: Vendor, examples_of_vendor: Sequence[Example]
) -> Iterator[Operation]:
    names: dict[str, str] = {}

    def name(route: APIRoute) -> str:
        unique = f"{route.name} {route.path_format}"
        names[unique] = route.name
        return unique

    app = FastAPI(generate_unique_id_function=name)
    app.include_router(vendor.routes)
    document = app.openapi()
    schemas = document.get("components", {}).get("schemas", {})
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            source = _source(
                vendor, method.upper(), path, names[said["operationId"]], examples_of_vendor
            ) or _evidence(said.get("description", ""))
            yield Operation(
                vendor=vendor.name,
                operation=names[said["operationId"]],
                method=method.upper(),
                path=path,
                summary=summary_of(said.get("description", "")),
                parameters=[
                    _parameter(parameter, schemas) for parameter in said.get("parameters", [])
                ],
                body=_body(said, schemas),
                source=source,
                grade=next(iter(GRADE_PATTERN.findall(source)), None) if source else None,
            )


def _parameter(parameter: Document, schemas: Document) -> Parameter:
    schema = _resolve_refs(parameter["schema"], schemas)
    description = _strip_evidence(parameter.get("description") or schema.pop("description", ""))
    return Parameter(
        name=parameter["name"],
        required=parameter.get("required", False),
        description=description,
        **{"in": parameter["in"], "schema": schema},
    )


def _body(operation: Document, schemas: Document) -> dict[str, Any] | None:
    content: Document = operation.get("requestBody", {}).get("content", {})
    return next((_resolve_refs(kind["schema"], schemas) for kind in content.values()), None)


def _resolve_refs(part: Any, schemas: Document) -> Any:  # Any: a part of a JSON document
    """A schema with what it refers to in its place, and without titles that repeat a name."""
    if isinstance(part, list):
        return [_resolve_refs(inner, schemas) for inner in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _resolve_refs(schemas[part["$ref"].rpartition("/")[2]], schemas)
    return {
        name: _resolve_refs(inner, schemas)
        for name, inner in part.items()
        if name != "title" or isinstance(inner, dict)
    }


def _source(
    vendor: Vendor, method: str, path: str, name: str, examples_of_vendor: Sequence[Example]
) -> str | None:
    """The source of the published example whose request is one of the route's.

    One without a stub goes by its name.
    """
    route = StubDefinition(vendor.name, method, path)

    def is_of(example: Example) -> bool:
        return (
            route.matches(vendor.name, example.stub.method, example.stub.path, ())
            if example.stub
            else example.operation == name
        )

    return next((example.source for example in examples_of_vendor if is_of(example)), None)


def _evidence(description: str) -> str | None:
    """What a route without a published example says that it was made after, with its grade:

    `— <document>, §n, grade X`.
    """
    match = EVIDENCE_PATTERN.search(" ".join(description.split()))
    return match[0].strip(" —.") if match and GRADE_PATTERN.search(match[0]) else None


def summary_of(description: str) -> str:
    """The first paragraph of a docstring in one line, without its evidence."""
    paragraph = " ".join(description.partition("\n\n")[0].split())
    return EVIDENCE_PATTERN.sub("", paragraph).rstrip(".")


def _strip_evidence(text: str) -> str:
    return EVIDENCE_PATTERN.sub(".", text)
