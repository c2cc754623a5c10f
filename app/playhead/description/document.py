"""What a vendor's routes take and answer, as a document of OpenAPI 3.1; `python -m playhead.openapi` writes it, the control API serves it."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import yaml
from fastapi import FastAPI
from fastapi.routing import APIRoute

from playhead import __version__
from playhead.description.absences import allow
from playhead.description.mishaps import Mishaps, enters
from playhead.description.parameters import settled
from playhead.description.published import Document, Published
from playhead.description.samples import Samples
from playhead.vendor import Vendor, entered, reading

ADDRESS = "http://127.0.0.1:8000"
ABOUT = (
    "As Playhead answers it: an emulator of this vendor's statistics over one synthetic world. Any key opens an account of its own. "
    "`x-tolerated` marks a parameter whose values outside its schema are taken nonetheless, as the vendor takes them."
)
# Where a sentence of the code says on which evidence it stands; who reads it here needs the sentence.
EVIDENCE = re.compile(r"\s+— [^—]*(?:§|[Qq]uirk|[Uu]nknown|contracts/)[^—]*$")
FRAMEWORKS = ("HTTPValidationError", "ValidationError")


class Operation(NamedTuple):
    """What is said of an operation, and the route that it is said of."""

    path: str
    method: str
    said: Document
    route: APIRoute


def document(vendor: Vendor, address: str = ADDRESS) -> Document:
    """The OpenAPI document of a vendor, as a server at an address answers it."""
    made, operations = _bare(vendor)
    schemas = made["components"]["schemas"]
    allow(schemas, [operation.route.response_model for operation in operations])
    published = Published(vendor)
    made["servers"] = [
        {"url": address, "description": "Playhead, at the vendor's documented paths"},
        {"url": f"{address}/{vendor.name}", "description": "Playhead, by the vendor's prefix"},
    ]
    made["components"]["securitySchemes"] = {name: dict(scheme) for name, scheme in vendor.schemes.items()}
    _name(operations)
    _lock(vendor, operations)
    for operation in operations:
        _say(operation, published, schemas)
    made["components"]["responses"] = _mishaps(vendor, operations, schemas)
    samples = Samples(schemas, [(_shown(operation), published.body(operation.method, operation.path)) for operation in operations])
    for operation in operations:
        _show(operation, samples, published)
    whole: Document = json.loads(json.dumps(made))  # so that nothing in it is shared, which YAML would tell
    return whole


def text(vendor: Vendor, address: str = ADDRESS) -> str:
    """A vendor's document as YAML."""
    said = "# Exported from the code by `make openapi`; do not edit.\n"
    return said + yaml.safe_dump(document(vendor, address), sort_keys=False, allow_unicode=True, width=140)


def _bare(vendor: Vendor) -> tuple[Document, list[Operation]]:
    """What the framework says of a vendor, without its own words, and the operations in it."""
    routes: dict[str, APIRoute] = {}

    def name(route: APIRoute) -> str:
        routes[f"{route.name} {route.path_format}"] = route
        return f"{route.name} {route.path_format}"  # unique while FastAPI looks at it

    app = FastAPI(title=f"{vendor.name} by Playhead", version=__version__, description=ABOUT, generate_unique_id_function=name)
    app.include_router(vendor.routes)
    made: Document = json.loads(json.dumps(app.openapi()))
    made["components"] = {"schemas": {name: schema for name, schema in made["components"]["schemas"].items() if name not in FRAMEWORKS}}
    _plain(made)
    found = [Operation(path, method, said, routes[said["operationId"]]) for path, methods in made["paths"].items() for method, said in methods.items()]
    return made, found


def _name(operations: Sequence[Operation]) -> None:
    """Each operation by its route's name; where two have one name, by what their paths begin with as well."""
    names = Counter(operation.route.name for operation in operations)
    for operation in operations:
        name = operation.route.name
        operation.said["operationId"] = name if names[name] == 1 else f"{operation.path.split('/')[1]}_{name}"


def _lock(vendor: Vendor, operations: Sequence[Operation]) -> None:
    """How each operation is opened: as it says itself, else by the schemes that no operation keeps to itself."""
    own = {name for operation in operations for choice in operation.said.get("security", []) for name in choice}
    usual: list[dict[str, list[str]]] = [{name: []} for name in vendor.schemes if name not in own]
    for operation in operations:
        operation.said.setdefault("security", usual if _needs_key(operation) else [])


def _needs_key(operation: Operation) -> bool:
    """Whether it is asked with a key; one that is entered by its body is how a key is exchanged."""
    return enters(operation.route, reading) or (enters(operation.route, entered) and "requestBody" not in operation.said)


def _say(operation: Operation, published: Published, schemas: Document) -> None:
    said = operation.said
    said["summary"] = EVIDENCE.sub("", said.pop("description").partition("\n")[0]).rstrip(".")
    said["responses"].pop("422", None)
    if said["responses"]["200"].get("content", {}).get("application/json", {}).get("schema") == {}:  # a route that returns nothing: it only fails
        del said["responses"]["200"]
    else:
        said["responses"]["200"]["description"] = "The answer"
    if "parameters" in said:
        asked = published.asked(operation.method, operation.path)
        said["parameters"] = [settled(parameter, operation.route, schemas, asked) for parameter in said["parameters"]]


def _mishaps(vendor: Vendor, operations: Sequence[Operation], schemas: Document) -> Document:
    """Tell each operation what can go wrong with it; the answers that many share."""
    mishaps = Mishaps(vendor, schemas)
    found = [(operation, mishaps.of(operation.path, operation.method, operation.said, operation.route)) for operation in operations]
    schemas |= mishaps.schemas()
    for operation, answers in found:
        operation.said["responses"] = dict(sorted({**operation.said["responses"], **mishaps.responses(answers)}.items()))
    return mishaps.shared


def _shown(operation: Operation) -> Document:
    """The schema of an operation's success, and nothing where it is no JSON."""
    content: Document = operation.said["responses"].get("200", {}).get("content", {})
    schema: Document = content.get("application/json", {}).get("schema", {})
    return schema


# What a success looks like that is no JSON.
TEXTS = {"text/plain": "OK", "text/html": "<!doctype html>…"}


def _show(operation: Operation, samples: Samples, published: Published) -> None:
    for kind, said in operation.said["responses"].get("200", {}).get("content", {}).items():
        if "json" in kind:
            said["example"] = samples.of(said["schema"], published.body(operation.method, operation.path))
        else:
            said.setdefault("schema", {"type": "string"})
            said.setdefault("example", TEXTS.get(kind, "…"))


def _plain(part: Any) -> None:  # Any: a part of a JSON document
    """Take the evidence out of every description, and titles that only repeat a name, in place."""
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else []:
        if isinstance(inner, dict) and isinstance(inner.get("description"), str):
            inner["description"] = EVIDENCE.sub(".", inner["description"])
        if isinstance(inner, dict) and isinstance(inner.get("title"), str) and inner.keys() & {"type", "anyOf"}:
            del inner["title"]
        _plain(inner)
