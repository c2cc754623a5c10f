"""Schemathesis, installed on demand and run in a process of its own against a server's description
of itself.
"""

import subprocess
import sys
from pathlib import Path

from tests.clients.environments import PYTHON, install_client, isolated_environment

# -S: nothing but what the tool brings; its own folder is its only path.
LAUNCHER = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from schemathesis.cli import "
    "schemathesis; schemathesis(prog_name='st')"
)
TIMEOUT_SECONDS = 240
CONFORMANCE_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


def run_schemathesis(
    url: str,
    *options: str,
    folder: Path,
    config: str = "",
    hooks: str = "",
    checks: tuple[str, ...] = CONFORMANCE_CHECKS,
) -> str:
    """What the tool says when it finds nothing wrong with the document at an address.

    `how` is its configuration. Fails with what it says else.
    """
    tool = install_client("schemathesis", PYTHON)
    isolated_packages = (
        folder / "site-packages"
    )  # or Hypothesis would read each module of the tool for constants of its user's
    isolated_packages.symlink_to(tool)
    (folder / "schemathesis.toml").write_text('hooks = "hooks.py"\n' + config)
    (folder / "hooks.py").write_text(hooks)
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        LAUNCHER,
        str(isolated_packages),
        "run",
        url,
        "--generation-deterministic",
        "--no-color",
        "--continue-on-failure",
    ]
    completed = subprocess.run(
        [*command, "--checks", ",".join(checks), *options],
        env=isolated_environment(home=folder)
        | {
            "HYPOTHESIS_STORAGE_DIRECTORY": str(tool / ".hypothesis")
        },  # its tables of characters take seconds
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert completed.returncode == 0, completed.stdout[-12_000:] + completed.stderr[-2_000:]
    return completed.stdout
