"""Schemathesis asks the control API everything that its OpenAPI allows, and more: no crash, and no answer that is not documented."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from playhead import Server
from tests.clients.environments import PYTHON, installed, surroundings
from tests.worlds import NOW_TEXT

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# -S: nothing but what the tool brings; its own folder is its only path.
# What may wait is not waited for; a stream of events has no end, so it is not asked (test_journal_stream.py does).
HOW = """
hooks = "hooks.py"

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
    return "\\n".join(json.dumps(line) for line in (value if isinstance(value, list) else [value])).encode()
"""
RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from schemathesis.cli import schemathesis; schemathesis(prog_name='st')"


@pytest.fixture
def alone() -> Iterator[Server]:
    """A server that nobody else asks: all its accounts come and go."""
    with Server(scenario="empty", now=NOW_TEXT) as server:
        server.client.create("here").media("clip", duration=60)
        yield server


def test_no_answer_is_undocumented(alone: Server, tmp_path: Path) -> None:
    folder = installed("schemathesis", PYTHON)
    how = ["--generation-deterministic", "--max-examples", "5", "--phases", "examples,coverage,fuzzing,stateful", "--checks", CHECKS, "--no-color"]
    (tmp_path / "schemathesis.toml").write_text(HOW)
    (tmp_path / "hooks.py").write_text(HOOKS)
    command = [sys.executable, "-I", "-S", "-c", RUN, str(folder), "run", f"{alone.url}/_emulator/openapi.json", *how, "--continue-on-failure"]
    ran = subprocess.run(command, env=surroundings(home=tmp_path), cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False)
    assert ran.returncode == 0, ran.stdout[-12_000:] + ran.stderr[-2_000:]
    assert "generated" in ran.stdout
