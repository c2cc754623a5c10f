"""What a vendor's routes take and answer, as a document of OpenAPI 3.1.

`python -m tools.export_openapi` writes it, the control API serves it.
"""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import yaml
from fastapi import FastAPI
from fastapi.routing import APIRoute

from playhead import __version__
from playhead.control.operations import EVIDENCE_PATTERN, summary_of
from playhead.gateway.vendor import Vendor
from playhead.gateway.vendor_app import current_account, current_snapshot
from tools.export_openapi.documented_examples import Document, DocumentedExamples
from tools.export_openapi.error_responses import ErrorResponses, depends_on
from tools.export_openapi.example_values import ExampleValues
from tools.export_openapi.optional_keys import mark_optional
from tools.export_openapi.parameters import normalize_parameter

DEFAULT_SERVER_URL = "http://127.0.0.1:8000"
DESCRIPTION = (
    "As Playhead answers it: an emulator of this vendor's statistics over one synthetic world. "
    "Any key opens an account of its own. `x-tolerated` marks a parameter whose values outside "
    "its schema are accepted nonetheless, as the vendor accepts them."
)
FASTAPI_SCHEMAS = ("HTTPValidationError", "ValidationError")


class Operation(NamedTuple):
    """What is said of an operation, and the route that it is said of."""

    path: str
    method: str
    spec: Document
    route: APIRoute


def build_document(vendor: Vendor, server_url: str = DEFAULT_SERVER_URL) -> Document:
    """The OpenAPI document of a vendor, as a server at an address answers it."""
    made, operations = _fastapi_document(vendor)
    schemas = made["components"]["schemas"]
    mark_optional(schemas, [operation.route.response_model for operation in operations])
    published = DocumentedExamples(vendor)
    made["servers"] = [
        {"url": server_url, "description": "Playhead, at the vendor's documented paths"},
        {"url": f"{server_url}/{vendor.name}", "description": "Playhead, by the vendor's prefix"},
    ]
    made["components"]["securitySchemes"] = {
        name: dict(scheme) for name, scheme in vendor.security_schemes.items()
    }
    _set_operation_ids(operations)
    _add_security(vendor, operations)
    for operation in operations:
        _describe(operation, published, schemas)
    made["components"]["responses"] = _add_error_responses(vendor, operations, schemas)
    samples = ExampleValues(
        schemas,
        [
            (_success_schema(operation), published.body(operation.method, operation.path))
            for operation in operations
        ],
    )
    for operation in operations:
        _add_examples(operation, samples, published)
    whole: Document = json.loads(
        json.dumps(made)
    )  # so that nothing in it is shared, which YAML would tell
    return whole


def to_yaml(vendor: Vendor, server_url: str = DEFAULT_SERVER_URL) -> str:
    """A vendor's document as YAML."""
    said = "# Exported from the code by `make openapi`; do not edit.\n"
    return said + yaml.safe_dump(
        build_document(vendor, server_url), sort_keys=False, allow_unicode=True, width=140
    )


def _fastapi_document(vendor: Vendor) -> tuple[Document, list[Operation]]:
    """What the framework says of a vendor, without its own words, and the operations in it."""
    routes: dict[str, APIRoute] = {}

    def name(route: APIRoute) -> str:
        routes[f"{route.name} {route.path_format}"] = route
        return f"{route.name} {route.path_format}"  # unique while FastAPI looks at it

    app = FastAPI(
        title=f"{vendor.name} by Playhead",
        version=__version__,
        description=DESCRIPTION,
        generate_unique_id_function=name,
    )
    app.include_router(vendor.routes)
    made: Document = json.loads(json.dumps(app.openapi()))
    made["components"] = {
        "schemas": {
            name: schema
            for name, schema in made["components"]["schemas"].items()
            if name not in FASTAPI_SCHEMAS
        }
    }
    _strip_evidence(made)
    found = [
        Operation(path, method, said, routes[said["operationId"]])
        for path, methods in made["paths"].items()
        for method, said in methods.items()
    ]
    return made, found


def _set_operation_ids(operations: Sequence[Operation]) -> None:
    """Each operation by its route's name.

    Where two have one name, by what their paths begin with as well.
    """
    names = Counter(operation.route.name for operation in operations)
    for operation in operations:
        name = operation.route.name
        operation.spec["operationId"] = (
            name if names[name] == 1 else f"{operation.path.split('/')[1]}_{name}"
        )


def _add_security(vendor: Vendor, operations: Sequence[Operation]) -> None:
    """How each operation is opened:

    as it says itself, else by the schemes that no operation keeps to itself.
    """
    own = {
        name
        for operation in operations
        for choice in operation.spec.get("security", [])
        for name in choice
    }
    usual: list[dict[str, list[str]]] = [
        {name: []} for name in vendor.security_schemes if name not in own
    ]
    for operation in operations:
        operation.spec.setdefault("security", usual if _needs_key(operation) else [])


def _needs_key(operation: Operation) -> bool:
    """Whether it is asked with a key; one that is entered by its body is how a key is exchanged."""
    return depends_on(operation.route, current_snapshot) or (
        depends_on(operation.route, current_account) and "requestBody" not in operation.spec
    )


def _describe(operation: Operation, documented: DocumentedExamples, schemas: Document) -> None:
    said = operation.spec
    said["summary"] = summary_of(said.pop("description"))
    said["responses"].pop("422", None)
    if (
        said["responses"]["200"].get("content", {}).get("application/json", {}).get("schema") == {}
    ):  # a route that returns nothing: it only fails
        del said["responses"]["200"]
    else:
        said["responses"]["200"]["description"] = "The answer"
    if "parameters" in said:
        asked = documented.parameters(operation.method, operation.path)
        said["parameters"] = [
            normalize_parameter(parameter, operation.route, schemas, asked)
            for parameter in said["parameters"]
        ]


def _add_error_responses(
    vendor: Vendor, operations: Sequence[Operation], schemas: Document
) -> Document:
    """Tell each operation what can go wrong with it; the answers that many share."""
    mishaps = ErrorResponses(vendor, schemas)
    found = [
        (
            operation,
            mishaps.for_operation(
                operation.path, operation.method, operation.spec, operation.route
            ),
        )
        for operation in operations
    ]
    schemas |= mishaps.schemas()
    for operation, answers in found:
        operation.spec["responses"] = dict(
            sorted({**operation.spec["responses"], **mishaps.responses(answers)}.items())
        )
    return mishaps.shared


def _success_schema(operation: Operation) -> Document:
    """The schema of an operation's success, and nothing where it is no JSON."""
    content: Document = operation.spec["responses"].get("200", {}).get("content", {})
    schema: Document = content.get("application/json", {}).get("schema", {})
    return schema


# What a success looks like that is no JSON.
TEXT_EXAMPLES = {"text/plain": "OK", "text/html": "<!doctype html>…"}


def _add_examples(
    operation: Operation, example_values: ExampleValues, documented: DocumentedExamples
) -> None:
    for kind, said in operation.spec["responses"].get("200", {}).get("content", {}).items():
        if "json" in kind:
            said["example"] = example_values.example(
                said["schema"], documented.body(operation.method, operation.path)
            )
        else:
            said.setdefault("schema", {"type": "string"})
            said.setdefault("example", TEXT_EXAMPLES.get(kind, "…"))


def _strip_evidence(part: Any) -> None:  # Any: a part of a JSON document
    """Take the evidence out of every description, and titles that only repeat a name, in place."""
    for inner in (
        part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    ):
        if isinstance(inner, dict) and isinstance(inner.get("description"), str):
            inner["description"] = EVIDENCE_PATTERN.sub(".", inner["description"])
        if (
            isinstance(inner, dict)
            and isinstance(inner.get("title"), str)
            and inner.keys() & {"type", "anyOf"}
        ):
            del inner["title"]
        _strip_evidence(inner)
