"""The exported OpenAPI files: fresh, valid, in our own words."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.openapi.models import OpenAPI

from playhead.control.reference import EVIDENCE
from playhead.openapi import document, text, write
from playhead.vendor import Vendor
from playhead.vendors import VENDORS

FOLDER = Path(__file__).parents[1] / "openapi"
EACH = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
METHODS = {"get", "post"}


def parts(inside: Any) -> Iterator[dict[str, Any]]:  # Any: a part of a JSON document
    """Every object of a document."""
    if isinstance(inside, dict):
        yield inside
    for part in inside.values() if isinstance(inside, dict) else inside if isinstance(inside, list) else []:
        yield from parts(part)


def operations(made: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, operation) for path, methods in made["paths"].items() for method, operation in methods.items()]


@EACH
def test_the_file_is_what_the_code_says(vendor: Vendor) -> None:
    assert (FOLDER / f"{vendor.name}.yaml").read_text(encoding="utf-8") == text(vendor), "run `make openapi`"


def test_there_is_a_file_for_each_vendor_and_no_other() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {f"{vendor.name}.yaml" for vendor in VENDORS}


def test_writing_makes_the_folder(tmp_path: Path) -> None:
    assert [file.name for file in write(tmp_path / "openapi")] == [f"{vendor.name}.yaml" for vendor in VENDORS]


@EACH
def test_it_is_a_document_of_openapi_3_1(vendor: Vendor) -> None:
    made = yaml.safe_load(text(vendor))
    OpenAPI.model_validate(made)
    assert made["openapi"].startswith("3.1.")
    assert {method for _, method, _ in operations(made)} <= METHODS
    assert [
        part["$ref"] for part in parts(made) if "$ref" in part and part["$ref"].removeprefix("#/components/schemas/") not in made["components"]["schemas"]
    ] == []


@EACH
def test_every_operation_has_a_name_of_its_own(vendor: Vendor) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document(vendor))]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"\w+", name)] == []


@EACH
def test_the_parameters_of_a_path_are_described(vendor: Vendor) -> None:
    for path, _, operation in operations(document(vendor)):
        described = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"}
        assert described == set(re.findall(r"{(\w+)}", path)), path


@EACH
def test_a_key_is_asked_for_by_a_scheme_that_is_described(vendor: Vendor) -> None:
    made = document(vendor)
    asked = {name for _, _, operation in operations(made) for each in operation["security"] for name in each}
    assert asked == set(made["components"]["securitySchemes"]) != set()


@EACH
def test_nothing_is_said_in_the_frameworks_words(vendor: Vendor) -> None:
    words = text(vendor)
    assert [said for said in ("ValidationError", "Successful Response", "fastapi", "title: ''") if said in words] == []
    assert all(operation["summary"] for _, _, operation in operations(document(vendor)))


@EACH
def test_evidence_stays_in_the_code(vendor: Vendor) -> None:
    said = [part[name] for part in parts(document(vendor)) for name in ("description", "summary") if isinstance(part.get(name), str)]
    assert [sentence for sentence in said if EVIDENCE.search(sentence) or "§" in sentence] == []


@EACH
def test_a_refusal_is_shown_in_the_vendors_envelope(vendor: Vendor) -> None:
    for path, _, operation in operations(document(vendor)):
        assert not operation["security"] or "401" in operation["responses"], path
        assert "{" not in path or "404" in operation["responses"], path
