"""The schema of which all of some documents are: their keys and types, and nothing of their values."""

from collections.abc import Sequence

from playhead.description.published import Document, Json

NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}


def schema_of(values: Sequence[Json]) -> Document:
    """The schema of some documents; a key that some of them lack is optional."""
    types = list(dict.fromkeys(type(value) for value in values))
    if len(types) > 1:
        return {"anyOf": [schema_of([value for value in values if type(value) is kind]) for kind in types]}
    kind = types[0]
    if kind is dict:
        return _of_objects(values)
    items = [item for value in values for item in value] if kind is list else []
    return {"type": NAMES[kind], **({"items": schema_of(items)} if items else {})}


def _of_objects(values: Sequence[Json]) -> Document:
    names = dict.fromkeys(name for value in values for name in value)
    required = [name for name in names if all(name in value for value in values)]
    properties = {name: schema_of([value[name] for value in values if name in value]) for name in names}
    return {"type": "object", **({"required": required} if required else {}), "properties": properties}
