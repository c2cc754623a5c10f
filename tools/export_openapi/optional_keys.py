"""Which keys of an answer may be absent:

those that a shape types `T | MISSING`, which the framework takes for required.
"""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import MISSING, BaseModel

from tools.export_openapi.documented_examples import Document


def mark_optional(
    schemas: Document, response_models: Iterable[Any]
) -> None:  # Any: types as Python writes them
    """Take what may be absent out of what is required, in place."""
    for model in {model for annotation in response_models for model in _models(annotation)}:
        absent = {
            field.serialization_alias or name
            for name, field in model.model_fields.items()
            if MISSING in get_args(field.annotation)
        }
        schema = schemas.get(model.__name__, {})
        if absent and "required" in schema:
            schema["required"] = [name for name in schema["required"] if name not in absent]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # Any: a type as Python writes it
    """Every shape in a type, at any depth."""
    for inner in get_args(annotation):
        yield from _models(inner)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from _models(field.annotation)
