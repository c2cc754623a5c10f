"""Schemathesis asks the control API everything that its OpenAPI allows, and more:

no crash, and no answer that is not documented.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playhead import Server
from tests.schemathesis_runner import run_schemathesis
from tests.worlds import NOW_TEXT

# What may wait is not waited for; a stream of events has no end, so it is not asked
# (test_journal_stream.py does).
CONFIG = """
[phases.coverage]
unexpected-methods = []

[[operations]]
include-path-regex = "/requests/wait$"
parameters = { name = "here", timeout = 0.01 }

[[operations]]
include-path-regex = "/requests/stream$"
enabled = false

[[operations]]
include-path-regex = "/accounts/.name./"
parameters = { name = "here" }
"""
HOOKS = """
import json
import schemathesis

@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    values = value if isinstance(value, list) else [value]
    return "\\n".join(json.dumps(line) for line in values).encode()
"""


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that nobody else asks: all its accounts come and go."""
    with Server(scenario="empty", now=NOW_TEXT) as server:
        server.client.create("here").create_media("clip", duration=60)
        yield server


def test_no_answer_is_undocumented(own_server: Server, tmp_path: Path) -> None:
    options = ("--max-examples", "3", "--phases", "examples,coverage,fuzzing,stateful")
    assert "generated" in run_schemathesis(
        f"{own_server.url}/_emulator/openapi.json",
        *options,
        folder=tmp_path,
        config=CONFIG,
        hooks=HOOKS,
    )
