"""What each vendor's operations take, read from the routes themselves, and what each was made after."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from playhead.accounts.stubs import Example, NewStub, examples
from playhead.control.about_shapes import Operation, Parameter
from playhead.description.document import EVIDENCE
from playhead.vendor import Vendor

Document = Mapping[str, Any]  # Any: a part of a JSON document
GRADE = re.compile(r"\bgrade (\w+)")


def operations(vendors: Sequence[Vendor]) -> list[Operation]:
    """Every operation of every vendor."""
    published = [example for example in examples() if example.status < 400]
    return [operation for vendor in vendors for operation in _of_vendor(vendor, [found for found in published if found.vendor == vendor.name])]


def _of_vendor(vendor: Vendor, published: Sequence[Example]) -> Iterator[Operation]:
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
            source = _source(vendor, method.upper(), path, names[said["operationId"]], published) or _evidence(said.get("description", ""))
            yield Operation(
                vendor=vendor.name,
                operation=names[said["operationId"]],
                method=method.upper(),
                path=path,
                summary=_plain(said.get("description", "").partition("\n")[0]).rstrip("."),
                parameters=[_parameter(parameter, schemas) for parameter in said.get("parameters", [])],
                body=_body(said, schemas),
                source=source,
                grade=next(iter(GRADE.findall(source)), None) if source else None,
            )


def _parameter(said: Document, schemas: Document) -> Parameter:
    schema = _whole(said["schema"], schemas)
    description = _plain(said.get("description") or schema.pop("description", ""))
    return Parameter(name=said["name"], required=said.get("required", False), description=description, **{"in": said["in"], "schema": schema})


def _body(said: Document, schemas: Document) -> dict[str, Any] | None:
    content: Document = said.get("requestBody", {}).get("content", {})
    return next((_whole(kind["schema"], schemas) for kind in content.values()), None)


def _whole(part: Any, schemas: Document) -> Any:  # Any: a part of a JSON document
    """A schema with what it refers to in its place, and without titles that repeat a name."""
    if isinstance(part, list):
        return [_whole(inner, schemas) for inner in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _whole(schemas[part["$ref"].rpartition("/")[2]], schemas)
    return {name: _whole(inner, schemas) for name, inner in part.items() if name != "title" or isinstance(inner, dict)}


def _source(vendor: Vendor, method: str, path: str, name: str, published: Sequence[Example]) -> str | None:
    """The source of the published example whose request is one of the route's; one without a stub goes by its name."""
    route = NewStub(vendor.name, method, path)

    def is_of(example: Example) -> bool:
        return route.matches(vendor.name, example.stub.method, example.stub.path, ()) if example.stub else example.operation == name

    return next((example.source for example in published if is_of(example)), None)


def _evidence(description: str) -> str | None:
    """What a route without a published example says that it was made after, with its grade: `— <document>, §n, grade X`."""
    found = EVIDENCE.search(description)
    return " ".join(found[0].strip(" \n—.").split()) if found and GRADE.search(found[0]) else None


def _plain(text: str) -> str:
    return EVIDENCE.sub(".", text)
