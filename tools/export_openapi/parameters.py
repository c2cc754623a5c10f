"""What a parameter may be:

its schema in plain form, what is tolerated beside it, and the published value.
"""

import json
from collections.abc import Callable, Iterable, Mapping

from fastapi.routing import APIRoute
from pydantic import BaseModel

from tools.export_openapi.documented_examples import Document, DocumentedParameters, Json
from tools.export_openapi.example_values import is_valid, resolve_refs

TOLERATED = "x-tolerated"
MOVED_KEYS = ("description", "examples", "title")  # since they are said of the parameter


def normalize_parameter(
    parameter: Document, route: APIRoute, schemas: Document, documented: DocumentedParameters
) -> Document:
    """A parameter as the framework says it, in the form in which it is exported."""
    schema = _without_null(parameter["schema"])
    description = parameter.get("description") or schema.get("description", "")
    kept: Document = {
        name: parameter[name]
        for name in ("name", "in", "required", "style", "explode")
        if name in parameter
    }
    more: Document = {"description": description} if description else {}
    if schema.pop(TOLERATED, parameter.get(TOLERATED, False)):
        more[TOLERATED] = True
    if (
        parameter["in"] == "query"
        and not parameter.get("required")
        and _is_narrow(resolve_refs(schema, schemas))
        and _takes_empty(route, parameter["name"])
    ):
        more["allowEmptyValue"] = True
    example = _example(parameter, schema, schemas, documented)
    schema = {
        name: value
        for name, value in schema.items()
        if name not in MOVED_KEYS and (name, value) != ("default", "")
    }
    return {**kept, **more, "schema": schema, **({"example": example[0]} if example else {})}


def _without_null(schema: Document) -> Document:
    """A schema of what may be sent: a parameter may be absent, but nobody can send a null."""
    kept = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**kept[0], **rest} if len(kept) == 1 else dict(schema)


def _is_narrow(schema: Document) -> bool:
    """Whether it is not simply any text."""
    return schema.get("type") not in ("string", "array", "object") or bool(
        schema.keys() & {"enum", "format", "pattern", "minLength"}
    )


def _takes_empty(route: APIRoute, name: str) -> bool:
    """Whether the query of a route takes `name=` for nothing:

    its model drops it before it is looked at.
    """
    return any(
        name in (of, field.alias) and _drops_empty(model, name)
        for model in _models(route)
        for of, field in model.model_fields.items()
    )


def _drops_empty(model: type[BaseModel], name: str) -> bool:
    given = {name: ""}
    for validator, decorator in model.__pydantic_decorators__.model_validators.items():
        if decorator.info.mode == "before":
            given = getattr(model, validator)(given)
    return name not in given


def _models(route: APIRoute) -> Iterable[type[BaseModel]]:
    found = [field.field_info.annotation for field in route.dependant.query_params]
    return [model for model in found if isinstance(model, type) and issubclass(model, BaseModel)]


def _example(
    parameter: Document, schema: Document, schemas: Document, documented: DocumentedParameters
) -> list[Json]:
    """A value to show, if there is one: of the published request, else the code's."""
    whole = resolve_refs(schema, schemas)
    find = documented.values if parameter.get("required") else documented.own_values
    read = PARSERS.get(whole.get("type", ""), str)
    values = [read(text) for text in find(parameter["in"], parameter["name"])]
    words = whole.get("enum", []) if parameter.get("required") else []
    known = [
        *([parameter["example"]] if "example" in parameter else []),
        *values,
        *schema.get("examples", []),
        *words,
    ]
    return [value for value in known if is_valid(schema, value, schemas)][:1]


def _parse_json(text: str) -> Json:
    try:
        return json.loads(text)
    except ValueError:
        return text


PARSERS: Mapping[str, Callable[[str], Json]] = {
    "array": lambda text: [text],
    **dict.fromkeys(("integer", "number", "boolean"), _parse_json),
}
