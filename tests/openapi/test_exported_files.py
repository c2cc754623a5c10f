"""The exported OpenAPI files: fresh, valid, in our own words, each answer with an example."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator

from playhead.control.operations import EVIDENCE_PATTERN
from playhead.gateway.vendor import Vendor
from playhead.vendors import VENDORS
from tools.export_openapi.__main__ import write_documents
from tools.export_openapi.document import build_document, to_yaml

FOLDER = Path(__file__).parents[2] / "openapi"
METHODS = {"get", "post"}

Json = Any  # Any: a part of a JSON document


class Operation(NamedTuple):
    """An operation of a document."""

    path: str
    method: str
    document: dict[str, Json]


def nested_objects(value: Json) -> Iterator[dict[str, Json]]:
    """Every object of a document."""
    if isinstance(value, dict):
        yield value
    for part in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    ):
        yield from nested_objects(part)


@pytest.fixture(scope="module", params=VENDORS, ids=lambda vendor: vendor.name)
def vendor(request: pytest.FixtureRequest) -> Vendor:
    found: Vendor = request.param
    return found


@pytest.fixture(scope="module")
def vendor_document(vendor: Vendor) -> dict[str, Json]:
    """The document of a vendor."""
    return build_document(vendor)


@pytest.fixture(scope="module")
def operations(vendor_document: dict[str, Json]) -> list[Operation]:
    """Every operation of the document."""
    return [
        Operation(path, method, said)
        for path, methods in vendor_document["paths"].items()
        for method, said in methods.items()
    ]


def responses(
    document: dict[str, Json], operation: Operation
) -> Iterator[tuple[str, dict[str, Json]]]:
    """(status, answer) of an operation, shared ones in their place."""
    for status, response in operation.document["responses"].items():
        yield (
            status,
            document["components"]["responses"][response["$ref"].rpartition("/")[2]]
            if "$ref" in response
            else response,
        )


def schema_errors(document: dict[str, Json], schema: Json, example: Json) -> list[str]:
    """What is wrong with an example by a schema of the document."""
    resolved_schema = {**schema, "components": document["components"]}
    return [
        f"{error.json_path}: {error.message}"
        for error in OAS31Validator(
            resolved_schema, format_checker=oas31_format_checker
        ).iter_errors(example)
    ]


# ---- The files


def test_the_file_is_what_the_code_says(vendor: Vendor) -> None:
    assert (FOLDER / f"{vendor.name}.yaml").read_text(encoding="utf-8") == to_yaml(vendor), (
        "run `make openapi`"
    )


def test_there_is_a_file_for_each_vendor_and_no_other() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {f"{vendor.name}.yaml" for vendor in VENDORS}


def test_writing_makes_the_folder(tmp_path: Path) -> None:
    assert [file.name for file in write_documents(tmp_path / "openapi")] == [
        f"{vendor.name}.yaml" for vendor in VENDORS
    ]


def test_it_is_a_document_of_openapi_3_1(vendor: Vendor, operations: list[Operation]) -> None:
    read = yaml.safe_load(to_yaml(vendor))
    assert [error.message for error in OpenAPIV31SpecValidator(read).iter_errors()] == []
    assert read["openapi"].startswith("3.1.")
    assert {operation.method for operation in operations} <= METHODS


# ---- Operations and parameters


def test_every_operation_has_a_name_of_its_own(operations: list[Operation]) -> None:
    names = [operation.document["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"\w+", name)] == []


def test_the_parameters_of_a_path_are_described(operations: list[Operation]) -> None:
    for path, _, said in operations:
        described = {
            parameter["name"]
            for parameter in said.get("parameters", [])
            if parameter["in"] == "path"
        }
        assert described == set(re.findall(r"{(\w+)}", path)), path


def test_a_parameter_of_a_query_is_described_and_never_null(operations: list[Operation]) -> None:
    for path, _, said in operations:
        for parameter in said.get("parameters", []):
            assert parameter["in"] == "path" or parameter.get("description"), (
                f"{path} {parameter['name']}"
            )
            assert {"type": "null"} not in nested_objects(parameter["schema"]), (
                f"{path} {parameter['name']}"
            )


def test_what_must_be_given_is_shown_with_a_value(operations: list[Operation]) -> None:
    lacking = [
        f"{path} {parameter['name']}"
        for path, _, said in operations
        for parameter in said.get("parameters", [])
        if parameter.get("required") and "example" not in parameter and "200" in said["responses"]
    ]
    assert lacking == []


def test_a_value_that_is_shown_is_one_that_is_allowed(
    vendor_document: dict[str, Json], operations: list[Operation]
) -> None:
    shown = [
        parameter
        for operation in operations
        for parameter in operation.document.get("parameters", [])
        if "example" in parameter
    ]
    assert {
        parameter["name"]: found
        for parameter in shown
        if (found := schema_errors(vendor_document, parameter["schema"], parameter["example"]))
    } == {}


def test_a_key_is_asked_for_by_a_scheme_that_is_described(
    vendor_document: dict[str, Json], operations: list[Operation]
) -> None:
    asked = {
        name for operation in operations for each in operation.document["security"] for name in each
    }
    assert asked == set(vendor_document["components"]["securitySchemes"]) != set()


# ---- Answers


def test_every_answer_has_a_schema_and_an_example_of_it(
    vendor_document: dict[str, Json], operations: list[Operation]
) -> None:
    for operation in operations:
        for status, answer in responses(vendor_document, operation):
            for kind, said in answer.get("content", {}).items():
                shown = (
                    [said["example"]]
                    if "example" in said
                    else [example["value"] for example in said["examples"].values()]
                )
                assert shown, f"{operation.path} {status} {kind}"
                assert [
                    found
                    for example in shown
                    for found in schema_errors(vendor_document, said["schema"], example)
                ] == [], f"{operation.path} {status} {kind}"


def test_what_goes_wrong_is_told_by_status(operations: list[Operation]) -> None:
    for path, _, said in operations:
        assert "500" in said["responses"], path
        assert not said["security"] or {"401", "429"} <= said["responses"].keys(), path
        assert "{" not in path or "404" in said["responses"], path


def test_a_refusal_is_named_by_its_rule(vendor_document: dict[str, Json]) -> None:
    if "/streaming/statistics/countries" in vendor_document["paths"]:
        refused = vendor_document["paths"]["/streaming/statistics/countries"]["get"]["responses"][
            "400"
        ]["content"]["application/json"]["examples"]
        assert refused["missing"]["value"] == {
            "data": [],
            "errors": ["date_from: query param is not set"],
        }
        assert refused.keys() == {"missing", "instant", "choice"}


# ---- Words


def test_nothing_is_said_in_the_frameworks_words(
    vendor: Vendor, operations: list[Operation]
) -> None:
    words = to_yaml(vendor)
    assert [
        said
        for said in ("ValidationError", "Successful Response", "fastapi", "title: ''")
        if said in words
    ] == []
    assert all(operation.document["summary"] for operation in operations)


def test_evidence_stays_in_the_code(vendor_document: dict[str, Json]) -> None:
    said = [
        part[name]
        for part in nested_objects(vendor_document)
        for name in ("description", "summary")
        if isinstance(part.get(name), str)
    ]
    assert [
        sentence for sentence in said if EVIDENCE_PATTERN.search(sentence) or "§" in sentence
    ] == []
