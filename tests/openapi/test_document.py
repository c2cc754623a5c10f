"""A vendor's document, of a vendor with one operation:

what its parameters, answers and mishaps become.
"""

from dataclasses import replace
from typing import Annotated, Any, Literal

import pytest
from fastapi import APIRouter, Query
from pydantic import MISSING, BaseModel, Field, model_validator

from playhead.gateway.vendor import Vendor
from playhead.gateway.vendor_app import CurrentSnapshot
from playhead.vendors import VENDORS
from tools.export_openapi.document import build_document


class Shape(BaseModel):
    """An answer."""

    title: str
    views: int | MISSING


class ExampleParams(BaseModel):
    """Parameters."""

    page: int = Field(1, ge=1, le=9, description="Which page — evidence/gcore.md §1, quirk 2.")
    sort: str | None = Field(
        None, description="By what.", json_schema_extra={"enum": ["a", "b"], "x-tolerated": True}
    )
    kind: Literal["x", "y"] | None = Field(None, description="Of which kind.", examples=["x"])
    search: str | None = Field(None, description="Any words.")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, raw: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in raw.items() if value != "" or name == "kind"}


@pytest.fixture
def example_vendor() -> Vendor:
    routes = APIRouter()

    @routes.get("/things/{thing}", responses={503: {"description": "Not now"}})
    def things(
        thing: str, query: Annotated[ExampleParams, Query()], asked: CurrentSnapshot
    ) -> list[Shape]:
        """Things — evidence/gcore.md §2, quirk 3."""
        return []

    (gcore,) = [vendor for vendor in VENDORS if vendor.name == "gcore"]
    return replace(gcore, routes=routes)


@pytest.fixture
def example_operation(example_vendor: Vendor) -> dict[str, Any]:  # Any: JSON
    said: dict[str, Any] = build_document(example_vendor)["paths"]["/things/{thing}"]["get"]
    return said


def parameter(operation: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in operation["parameters"] if one["name"] == name]
    return {key: value for key, value in found.items() if key not in ("name", "in", "required")}


def test_a_parameter_keeps_its_bounds_and_loses_its_evidence(
    example_operation: dict[str, Any],
) -> None:
    schema = {"type": "integer", "minimum": 1, "maximum": 9, "default": 1}
    assert parameter(example_operation, "page") | {"example": 1} == {
        "description": "Which page.",
        "allowEmptyValue": True,
        "schema": schema,
        "example": 1,
    }


def test_what_is_tolerated_is_marked_on_the_parameter(example_operation: dict[str, Any]) -> None:
    assert parameter(example_operation, "sort") == {
        "description": "By what.",
        "x-tolerated": True,
        "allowEmptyValue": True,
        "schema": {"type": "string", "enum": ["a", "b"]},
    }


def test_whether_nothing_may_be_sent_is_asked_of_the_query(
    example_operation: dict[str, Any],
) -> None:
    assert parameter(example_operation, "kind") == {
        "description": "Of which kind.",
        "schema": {"type": "string", "enum": ["x", "y"]},
        "example": "x",
    }
    assert "allowEmptyValue" not in parameter(example_operation, "search")  # any text may be empty


def test_what_may_be_absent_is_not_required(example_vendor: Vendor) -> None:
    assert build_document(example_vendor)["components"]["schemas"]["Shape"]["required"] == ["title"]


def test_mishaps_are_those_that_can_happen(
    example_vendor: Vendor, example_operation: dict[str, Any]
) -> None:
    assert sorted(example_operation["responses"]) == [
        "200",
        "400",
        "401",
        "404",
        "429",
        "500",
        "503",
    ]
    assert example_operation["responses"]["400"]["content"]["application/json"][
        "examples"
    ].keys() == {"integer", "range", "choice"}
    unavailable = build_document(example_vendor)["components"]["responses"]["status_503"]
    assert (
        unavailable["description"],
        unavailable["content"]["application/json"]["examples"]["status_503"]["value"],
    ) == (
        "Not now",
        {"data": [], "errors": ["service unavailable"]},
    )


def test_an_address_is_where_it_is_served(example_vendor: Vendor) -> None:
    assert [
        server["url"] for server in build_document(example_vendor, "http://10.0.0.1")["servers"]
    ] == ["http://10.0.0.1", "http://10.0.0.1/gcore"]
