"""Schemathesis, installed on demand and run in a process of its own against a server's description of itself."""

import subprocess
import sys
from pathlib import Path

from tests.clients.environments import PYTHON, installed, surroundings

# -S: nothing but what the tool brings; its own folder is its only path.
RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from schemathesis.cli import schemathesis; schemathesis(prog_name='st')"
SECONDS = 240
CONFORMS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")


def fuzzed(url: str, *options: str, folder: Path, how: str = "", hooks: str = "", checks: tuple[str, ...] = CONFORMS) -> str:
    """What the tool says when it finds nothing wrong with the document at an address; `how` is its configuration. Fails with what it says else."""
    tool = installed("schemathesis", PYTHON)
    ours = folder / "site-packages"  # or Hypothesis would read each module of the tool for constants of its user's
    ours.symlink_to(tool)
    (folder / "schemathesis.toml").write_text('hooks = "hooks.py"\n' + how)
    (folder / "hooks.py").write_text(hooks)
    command = [sys.executable, "-I", "-S", "-c", RUN, str(ours), "run", url, "--generation-deterministic", "--no-color", "--continue-on-failure"]
    ran = subprocess.run(
        [*command, "--checks", ",".join(checks), *options],
        env=surroundings(home=folder) | {"HYPOTHESIS_STORAGE_DIRECTORY": str(tool / ".hypothesis")},  # its tables of characters take seconds
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-12_000:] + ran.stderr[-2_000:]
    return ran.stdout
