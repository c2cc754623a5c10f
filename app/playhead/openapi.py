"""`python -m playhead.openapi`: writes what each vendor's routes take and answer as OpenAPI 3.1, in our own words."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute

from playhead import __version__
from playhead.control.reference import EVIDENCE
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.vendor import Vendor, Visit, reading
from playhead.vendors import VENDORS

Document = dict[str, Any]  # Any: a JSON document

ADDRESS = "http://127.0.0.1:8000"
ABOUT = "As Playhead answers it: an emulator of this vendor's statistics over one synthetic world. Any key opens an account of its own."


def document(vendor: Vendor) -> Document:
    """The OpenAPI document of a vendor."""
    routes: dict[str, APIRoute] = {}

    def name(route: APIRoute) -> str:
        routes[f"{route.name} {route.path_format}"] = route
        return f"{route.name} {route.path_format}"  # unique while FastAPI looks at it

    app = FastAPI(title=f"{vendor.name} by Playhead", version=__version__, description=ABOUT, generate_unique_id_function=name)
    app.include_router(vendor.routes)
    made: Document = json.loads(json.dumps(app.openapi()))
    made["servers"] = [
        {"url": ADDRESS, "description": "Playhead, at the vendor's documented paths"},
        {"url": f"{ADDRESS}/{vendor.name}", "description": "Playhead, by the vendor's prefix"},
    ]
    operations = [(path, operation) for path, methods in made["paths"].items() for operation in methods.values()]
    names = Counter(routes[operation["operationId"]].name for _, operation in operations)
    for path, operation in operations:
        route = routes[operation["operationId"]]
        operation["operationId"] = route.name if names[route.name] == 1 else f"{path.split('/')[1]}_{route.name}"
        needs_key = any(dependency.call is reading for dependency in route.dependant.dependencies)
        operation["security"] = [{scheme: []} for scheme in vendor.schemes] if needs_key else []
        _finish(vendor, path, operation)
    components = made.setdefault("components", {})
    components["schemas"] = {name: schema for name, schema in components.get("schemas", {}).items() if name not in ("HTTPValidationError", "ValidationError")}
    components["securitySchemes"] = {name: dict(scheme) for name, scheme in vendor.schemes.items()}
    _plain(made)
    return made


def write(folder: Path) -> list[Path]:
    """Write every vendor's document into a folder; the files."""
    folder.mkdir(exist_ok=True)
    files = [folder / f"{vendor.name}.yaml" for vendor in VENDORS]
    for vendor, file in zip(VENDORS, files, strict=True):
        file.write_text(text(vendor), encoding="utf-8")
    return files


def text(vendor: Vendor) -> str:
    """A vendor's document as YAML."""
    said = "# Exported from the code by `make openapi`; do not edit.\n"
    return said + yaml.safe_dump(document(vendor), sort_keys=False, allow_unicode=True, width=140)


def _finish(vendor: Vendor, path: str, operation: Document) -> None:
    """Our words instead of FastAPI's."""
    operation["summary"] = EVIDENCE.sub("", operation.pop("description").partition("\n")[0]).rstrip(".")
    operation["responses"].pop("422", None)
    operation["responses"]["200"]["description"] = "The answer"
    operation["responses"] |= _mishaps(vendor, path, operation)


def _mishaps(vendor: Vendor, path: str, operation: Document) -> Document:
    """The vendor's own answers to what can go wrong with an operation, by status."""
    places = [(parameter["in"], parameter["name"]) for parameter in operation.get("parameters", [])]
    asked = next((name for place, name in places if place == "query"), "body")
    named = next((name for place, name in places if place == "path"), "id")
    failures = {
        "A parameter or the body is refused": Failure(Kind.invalid, [Problem(asked, Rule.malformed)]),
        "There is no key, or none that opens an account": Failure(Kind.unauthenticated, [Problem("Authorization", Rule.missing)]),
        "There is nothing of that id": Failure(Kind.unknown, [Problem(named, Rule.unknown, "…")]),
    }
    possible = ["query" in dict(places) or "requestBody" in operation, bool(operation["security"]), "path" in dict(places)]
    found: Document = {}
    for (said, failure), can_happen in zip(failures.items(), possible, strict=True):
        if can_happen:
            answer = vendor.answer(failure, Request({"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [], "visit": Visit()}))
            kind, body = answer.headers["content-type"].partition(";")[0], bytes(answer.body)
            example = {"schema": {"type": "object"}, "example": json.loads(body)} if "json" in kind else {"schema": {"type": "string"}}
            found[str(answer.status_code)] = {"description": said, "content": {kind: example}}
    return found


def _plain(part: Any) -> None:  # Any: a part of a JSON document
    """Take the evidence out of every description, and titles that only repeat a name, in place."""
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else []:
        if isinstance(inner, dict) and isinstance(inner.get("description"), str):
            inner["description"] = EVIDENCE.sub(".", inner["description"])
        if isinstance(inner, dict) and isinstance(inner.get("title"), str) and "type" in inner:
            del inner["title"]
        _plain(inner)


if __name__ == "__main__":
    for written in write(Path(*sys.argv[1:2] or ["openapi"])):
        print(written)
