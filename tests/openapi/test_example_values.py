"""Examples of answers:

published where the shape has it, else from the same key elsewhere, else plain; and what a schema of
some bodies is.
"""

from typing import Any

import pytest

from tools.export_openapi.documented_examples import ABSENT
from tools.export_openapi.example_values import ExampleValues, is_valid
from tools.export_openapi.schema_inference import infer_schema

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
NULL = {"type": "null"}
NULLABLE = {"anyOf": [TEXT, NULL]}
VIDEO = {"$ref": "#/components/schemas/Video"}
SCHEMAS = {
    "Video": {
        "type": "object",
        "required": ["title"],
        "properties": {"title": TEXT, "views": NUMBER},
    }
}


def object_schema(*required: str, **properties: Any) -> dict[str, Any]:  # Any: schemas
    return {"type": "object", "required": list(required), "properties": properties}


@pytest.mark.parametrize(
    ("schema", "given", "shown"),
    [
        (TEXT, "sun", "sun"),
        (TEXT, 7, "…"),
        (TEXT, ABSENT, "…"),
        ({"type": "string", "enum": ["a", "b"]}, "c", "a"),
        ({"type": "string", "examples": ["x"]}, ABSENT, "x"),
        ({"type": "integer", "minimum": 1}, ABSENT, 1),
        ({"type": "integer"}, True, 0),
        ({"type": "number"}, 3, 3),
        (NULLABLE, ABSENT, None),
        (NULLABLE, "sun", "sun"),
        (object_schema("a", a=TEXT, b=TEXT), {"b": "B", "c": "C"}, {"a": "…", "b": "B"}),
        ({"type": "array", "items": NUMBER}, [1, 2, 3], [1, 2]),
        ({"type": "array", "items": NUMBER}, ABSENT, [0]),
        ({"type": "array", "prefixItems": [NUMBER, TEXT]}, [1, "a"], [1, "a"]),
        (VIDEO, {"title": "Sun"}, {"title": "Sun"}),
    ],
)
def test_a_sample_is_what_was_published_as_far_as_it_is_of_the_shape(
    schema: Any, given: Any, shown: Any
) -> None:
    assert ExampleValues(SCHEMAS, []).example(schema, given) == shown


def test_a_model_that_was_published_once_is_shown_wherever_it_stands() -> None:
    samples = ExampleValues(
        SCHEMAS, [({"type": "array", "items": VIDEO}, [{"title": "Sun", "views": 3}])]
    )
    assert samples.example(object_schema("video", video=VIDEO)) == {
        "video": {"title": "Sun", "views": 3}
    }


def test_a_key_that_was_published_once_is_shown_elsewhere() -> None:
    samples = ExampleValues(
        SCHEMAS,
        [(object_schema(city=TEXT), {"city": "Rome"}), (object_schema(city=TEXT), {"city": None})],
    )
    assert samples.example(object_schema("city", "town", city=NULLABLE, town=NULLABLE)) == {
        "city": "Rome",
        "town": None,
    }


@pytest.mark.parametrize(
    ("schema", "value", "does"),
    [
        (NUMBER, True, False),
        (NULLABLE, None, True),
        ({"maximum": 3}, 4, False),
        (VIDEO, {}, True),
        (VIDEO, [], False),
    ],
)
def test_a_value_fits_by_type_and_bounds(schema: Any, value: Any, does: bool) -> None:
    assert is_valid(schema, value, SCHEMAS) is does


@pytest.mark.parametrize(
    ("bodies", "schema"),
    [
        ([{"a": 1}, {"a": 2}], {"type": "object", "required": ["a"], "properties": {"a": NUMBER}}),
        ([{"a": 1}, {"b": "x"}], {"type": "object", "properties": {"a": NUMBER, "b": TEXT}}),
        (
            [{"a": 1}, {"a": "x"}],
            {"type": "object", "required": ["a"], "properties": {"a": {"anyOf": [NUMBER, TEXT]}}},
        ),
        ([[], ["x"]], {"type": "array", "items": TEXT}),
        ([[]], {"type": "array"}),
    ],
)
def test_the_schema_of_some_bodies_is_what_they_have_in_common(bodies: Any, schema: Any) -> None:
    assert infer_schema(bodies) == schema
