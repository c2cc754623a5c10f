"""Schemathesis asks every operation of a vendor all that its OpenAPI allows, and more:

no crash, no undocumented answer, no documented refusal missed.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from playhead import Server
from playhead.gateway.vendor import Vendor
from playhead.vendors import VENDORS
from tests.schemathesis_runner import CONFORMANCE_CHECKS, run_schemathesis
from tests.worlds import NOW_TEXT

CHECKS = (
    *CONFORMANCE_CHECKS,
    "negative_data_rejection",
    "ignored_auth",
    "unsupported_method",
    "allow_header_conformance",
)
# The key of an account that is there, as each scheme sends it.
KEYS: Mapping[str, str] = {
    "gcore": '[auth.openapi.APIKey]\napi_key = "APIKey demo"\n',
    "wistia": (
        '[auth.openapi.bearer]\nbearer = "demo"\n[auth.openapi.public_token]\napi_key = '
        '"p5j1mnpakv"\n'
    ),
    "apivideo": '[auth.openapi.basic]\nusername = "demo"\npassword = ""\n',
}
# One wrong method stands for all, which one exception handler answers; the statistics below /v1
# are the same functions as those below /modern. What the documents show is asked by
# test_documented_parameters.py, good values by fuzzing.
CONFIG = """
[warnings]
fail-on = ["base_url_mismatch", "unused_openapi_auth"]

[phases.coverage]
unexpected-methods = ["PATCH"]
generation.mode = "negative"

[[operations]]
include-path-regex = "^/v1/"
phases.coverage.enabled = false

"""
# What is tolerated may be anything, so nothing of it can be wrong. A request line of 64 KiB is the
# HTTP server's to refuse, not the vendor's.
HOOKS = """
import schemathesis

@schemathesis.hook
def before_load_schema(context, raw_schema):
    for methods in raw_schema["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                if parameter.get("x-tolerated"):
                    parameter["schema"] = {"type": "string"}

@schemathesis.hook
def filter_case(context, case):
    return len(str(case.query)) < 5_000
"""


@pytest.fixture(scope="module")
def strict_server() -> Iterator[Server]:
    """A server of the demo world that no made-up key opens, so that a refusal can be told from an
    empty account.
    """
    with Server(scenario="demo", now=NOW_TEXT, auth="strict") as server:
        server.client.create("demo")
        yield server


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_the_document_is_kept_to(vendor: Vendor, strict_server: Server, tmp_path: Path) -> None:
    document = f"{strict_server.url}/_emulator/openapi/{vendor.name}.yaml"
    options = (
        "--url",
        f"{strict_server.url}/{vendor.name}",
        "--max-examples",
        "5",
        "--phases",
        "coverage,fuzzing",
    )
    said = run_schemathesis(
        document,
        *options,
        folder=tmp_path,
        config=CONFIG + KEYS[vendor.name],
        hooks=HOOKS,
        checks=CHECKS,
    )
    assert "generated" in said
    assert strict_server.client.account("demo").count(vendor=vendor.name, status=200) > 20, (
        "a run whose key opens nothing has tested nothing"
    )
