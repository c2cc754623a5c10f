"""What the exported documents say of parameters, held against the answers:

the shown values work, the tolerated are tolerated, the rest refused.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import httpx
import pytest

from playhead import Server
from playhead.gateway.vendor import Vendor
from playhead.vendors import VENDORS
from tests.worlds import credentials
from tools.export_openapi.document import build_document

KEY, PUBLIC_TOKEN = (
    "demo",
    "p5j1mnpakv",
)  # the demo fixes the token, which opens the pages that no key is needed for
NONSENSE = "nonsense"


class DocumentedOperation(NamedTuple):
    """An operation, and the values that its document shows for what must be given."""

    vendor: str
    path: str
    document: Mapping[str, Any]  # Any: JSON
    values: Mapping[str, Mapping[str, str]]  # by place and name

    def parameters(self, place: str = "query") -> list[Mapping[str, Any]]:
        return [
            parameter
            for parameter in self.document.get("parameters", [])
            if parameter["in"] == place
        ]

    def request(
        self,
        web: httpx.Client,
        server: Server,
        *,
        without: str = "",
        **overrides: Mapping[str, str],
    ) -> httpx.Response:
        """The answer with some values changed, by place, or without one."""
        values = {
            place: {**self.values[place], **overrides.get(place, {})} for place in ("path", "query")
        }
        query = {name: value for name, value in values["query"].items() if name != without}
        if {"public_token": []} in self.document["security"]:
            query["public_token"] = PUBLIC_TOKEN
        url = f"{server.url}/{self.vendor}{self.path.format_map(values['path'])}"
        return web.get(url, params=query, headers={"Authorization": credentials(self.vendor, KEY)})

    def describe(self, description: str, answer: httpx.Response) -> str:
        """An answer that was not expected, in one line."""
        return f"{self.path} {description}: {answer.status_code} {answer.text[:100]}"


def example_text(parameter: Mapping[str, Any]) -> str:
    """The shown value of a parameter as it is sent."""
    example = parameter.get("example", NONSENSE)
    return example if isinstance(example, str) else json.dumps(example)


def documented_operations(vendor: Vendor) -> Iterator[DocumentedOperation]:
    for path, methods in build_document(vendor)["paths"].items():
        if "200" in methods.get("get", {}).get(
            "responses", {}
        ):  # what never succeeds is nobody's to show
            required = [
                parameter
                for parameter in methods["get"].get("parameters", [])
                if parameter.get("required")
            ]
            values = {
                place: {one["name"]: example_text(one) for one in required if one["in"] == place}
                for place in ("path", "query")
            }
            yield DocumentedOperation(vendor.name, path, methods["get"], values)


@pytest.fixture(scope="module", params=VENDORS, ids=lambda vendor: vendor.name)
def operations(request: pytest.FixtureRequest) -> list[DocumentedOperation]:
    """Every operation of a vendor that is only read."""
    return list(documented_operations(request.param))


def test_what_must_be_given_is_enough(
    web: httpx.Client, demo: Server, operations: list[DocumentedOperation]
) -> None:
    answers = [(question, question.request(web, demo)) for question in operations]
    assert [
        question.describe("with what must be given", answer)
        for question, answer in answers
        if answer.status_code != 200
    ] == []


def test_all_values_that_are_shown_go_together(
    web: httpx.Client, demo: Server, operations: list[DocumentedOperation]
) -> None:
    shown = [
        (
            question,
            [one for one in question.parameters() if isinstance(one.get("example"), str | int)],
        )
        for question in operations
    ]
    answers = [
        (
            question,
            question.request(
                web, demo, query={one["name"]: example_text(one) for one in parameters}
            ),
        )
        for question, parameters in shown
    ]
    assert [
        question.describe("with all that is shown", answer)
        for question, answer in answers
        if answer.status_code != 200
    ] == []


def test_what_is_tolerated_may_be_nonsense(
    web: httpx.Client, demo: Server, operations: list[DocumentedOperation]
) -> None:
    tolerated = [
        (question, parameter["name"])
        for question in operations
        for parameter in question.parameters()
        if parameter.get("x-tolerated")
    ]
    answers = [
        (question, name, question.request(web, demo, query={name: NONSENSE}))
        for question, name in tolerated
    ]
    assert [
        question.describe(name, answer)
        for question, name, answer in answers
        if answer.status_code != 200
    ] == []


def test_what_may_be_empty_may_be_empty(
    web: httpx.Client, demo: Server, operations: list[DocumentedOperation]
) -> None:
    empty = [
        (question, parameter["name"])
        for question in operations
        for parameter in question.parameters()
        if parameter.get("allowEmptyValue")
    ]
    answers = [
        (question, name, question.request(web, demo, query={name: ""})) for question, name in empty
    ]
    assert [
        question.describe(name, answer)
        for question, name, answer in answers
        if answer.status_code != 200
    ] == []


def test_what_must_be_given_is_missed(
    web: httpx.Client, demo: Server, operations: list[DocumentedOperation]
) -> None:
    required = [
        (question, parameter["name"])
        for question in operations
        for parameter in question.parameters()
        if parameter.get("required")
    ]
    answers = [
        (question, name, question.request(web, demo, without=name)) for question, name in required
    ]
    assert [
        question.describe(name, answer)
        for question, name, answer in answers
        if answer.status_code not in (400, 422)
    ] == []


def test_an_id_that_names_nothing_is_a_documented_answer(
    web: httpx.Client, demo: Server, operations: list[DocumentedOperation]
) -> None:
    named = [
        (question, parameter["name"])
        for question in operations
        for parameter in question.parameters("path")
    ]
    answers = [
        (question, name, question.request(web, demo, path={name: NONSENSE}))
        for question, name in named
    ]
    assert [
        question.describe(name, answer)
        for question, name, answer in answers
        if str(answer.status_code) not in question.document["responses"]
    ] == []


def test_wistia_tolerates_what_it_documents_otherwise() -> None:
    """The example of the README: a page size that is none."""
    (wistia,) = [vendor for vendor in VENDORS if vendor.name == "wistia"]
    tolerated = {
        parameter["name"]
        for question in documented_operations(wistia)
        for parameter in question.parameters()
        if parameter.get("x-tolerated")
    }
    assert {"page", "per_page", "filter", "sort_by", "archived"} <= tolerated
