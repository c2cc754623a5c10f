"""The schema of which all of some documents are:

their keys and types, and nothing of their values.
"""

from collections.abc import Sequence

from tools.export_openapi.documented_examples import Document, Json

JSON_TYPES = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}


def infer_schema(values: Sequence[Json]) -> Document:
    """The schema of some documents; a key that some of them lack is optional."""
    types = list(dict.fromkeys(type(value) for value in values))
    if len(types) > 1:
        return {
            "anyOf": [
                infer_schema([value for value in values if type(value) is kind]) for kind in types
            ]
        }
    kind = types[0]
    if kind is dict:
        return _infer_object(values)
    items = [item for value in values for item in value] if kind is list else []
    return {"type": JSON_TYPES[kind], **({"items": infer_schema(items)} if items else {})}


def _infer_object(values: Sequence[Json]) -> Document:
    names = dict.fromkeys(name for value in values for name in value)
    required = [name for name in names if all(name in value for value in values)]
    properties = {
        name: infer_schema([value[name] for value in values if name in value]) for name in names
    }
    return {
        "type": "object",
        **({"required": required} if required else {}),
        "properties": properties,
    }
