"""The page at /_emulator/docs:

the control API's operations, from its OpenAPI document, in HTML without scripts.
"""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

Document = Mapping[str, Any]  # Any: a part of a JSON document
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem "
    "auto;padding:0 1rem;color:#222}code,pre{font-size:14px;background:#f4f4f4}"
    "pre{padding:.6rem;overflow:auto}table{border-collapse:collapse;width:100%}td,"
    "th{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;"
    "vertical-align:top}h3{margin-top:2.2rem}"
)
MAX_DEPTH = 6


def render_docs(document: Document) -> str:
    """The document as a page."""
    title = f"{document['info']['title']} {document['info']['version']}"
    sections = "".join(
        _section(tag, list(operations)) for tag, operations in _by_tag(document).items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta '
        f'name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>"
        '<p>Also as <a href="openapi.json">OpenAPI</a>. Whatever goes wrong is a '
        f"problem as RFC 9457 has it.</p>{sections}</body></html>"
    )


def _by_tag(document: Document) -> dict[str, list[str]]:
    schemas = document.get("components", {}).get("schemas", {})
    found: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found.setdefault(next(iter(operation.get("tags", [])), "other"), []).append(
                _operation(method, path, operation, schemas)
            )
    return found


def _section(tag: str, operations: list[str]) -> str:
    return f"<h2>{escape(tag.capitalize())}</h2>{''.join(operations)}"


def _operation(method: str, path: str, operation: Document, schemas: Document) -> str:
    return "".join(
        (
            (
                f"<h3><code>{escape(method.upper())} {escape(path)}</code></h3>"
                f"<p>{escape(operation.get('description', ''))}"
                "</p>"
            ),
            _table(
                ("parameter", "in", "meaning"),
                [_parameter(parameter) for parameter in operation.get("parameters", [])],
            ),
            *_bodies(operation, schemas),
            _table(
                ("status", "meaning"),
                [
                    (status, said.get("description", ""))
                    for status, said in operation["responses"].items()
                ],
            ),
        )
    )


def _parameter(parameter: Document) -> tuple[str, str, str]:
    schema = parameter.get("schema", {})
    required = ", required" if parameter.get("required") else ""
    default = (
        f" Without it {json.dumps(schema['default'])}." if schema.get("default") is not None else ""
    )
    return (
        parameter["name"],
        f"{parameter['in']}{required}",
        parameter.get("description", "") + default,
    )


def _bodies(operation: Document, schemas: Document) -> Iterator[str]:
    """What a body looks like, and its fields."""
    for kind, said in operation.get("requestBody", {}).get("content", {}).items():
        schema = said.get("schema", {})
        yield (
            f"<p>Body, {escape(kind)}:</p><pre>{escape(_as_text(_example(schema, schemas, 0)))}"
            "</pre>"
        )
        fields = [
            (name, _describe_field(field))
            for object_ in _objects(schema, schemas)
            for name, field in object_.get("properties", {}).items()
        ]
        yield _table(("field", "meaning"), list(dict.fromkeys(fields)))


def _objects(schema: Document, schemas: Document) -> Iterator[Document]:
    schema = _resolve_ref(schema, schemas)
    yield schema
    for choice in (
        *schema.get("anyOf", ()),
        *schema.get("oneOf", ()),
        *([schema["items"]] if isinstance(schema.get("items"), dict) else ()),
    ):
        yield from _objects(choice, schemas)


def _resolve_ref(schema: Document, schemas: Document) -> Document:
    found: Document = (
        schemas.get(schema["$ref"].rpartition("/")[2], {}) if "$ref" in schema else schema
    )
    return found


def _describe_field(field: Document) -> str:
    choices = field.get("enum") or ([field["const"]] if "const" in field else [])
    return str(field.get("description", "")) + (
        f" One of {', '.join(map(str, choices))}." if choices else ""
    )


def _example(schema: Document, schemas: Document, depth: int) -> Any:  # Any: JSON
    """Something of a schema: its example or default, else a value of its type."""
    schema = _resolve_ref(schema, schemas)
    for name in ("examples", "enum"):
        if isinstance(schema.get(name), list) and schema[name]:
            return schema[name][0]
    for name in ("example", "const", "default"):
        if name in schema:
            return schema[name]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return _example(choices[0], schemas, depth)
    if depth > MAX_DEPTH:
        return None
    if "properties" in schema:
        return {
            name: _example(field, schemas, depth + 1)
            for name, field in schema["properties"].items()
        }
    if schema.get("type") == "array":
        return [_example(schema.get("items", {}), schemas, depth + 1)]
    return _SAMPLE_VALUES.get(schema.get("format", "")) or _SAMPLE_VALUES.get(
        schema.get("type", ""), {}
    )


_SAMPLE_VALUES: Mapping[str, object] = {
    "date-time": "2024-06-05T12:00:00Z",
    "duration": "P1DT12H",
    "string": "…",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
}


def _as_text(example: Any) -> str:  # Any: JSON
    return (
        str(example)
        if isinstance(example, str)
        else json.dumps(example, indent=2, ensure_ascii=False)
    )


def _table(heads: tuple[str, ...], rows: list[Any]) -> str:  # Any: tuples of so many texts
    if not rows:
        return ""
    head = "".join(f"<th>{head}</th>" for head in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
