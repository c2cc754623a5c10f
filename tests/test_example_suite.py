"""The story: the suite of a dashboard that uses three vendors' clients, run with four workers on
one server.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.environments import PYTHON, install_client

EXAMPLE_SUITE = Path(__file__).parent / "example_suite"
MIN_TESTS = 200


@pytest.fixture(scope="module")
def clients_folder() -> Path:
    """The folder of the three clients."""
    return install_client("example-suite", PYTHON)


def test_two_hundred_tests_share_one_server(clients_folder: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "4",
        "-q",
        "-c",
        str(EXAMPLE_SUITE / "pytest.ini"),
        "--rootdir",
        str(EXAMPLE_SUITE),
        "-p",
        "no:cacheprovider",
    ]
    environment = {**os.environ, "EXAMPLE_CLIENTS": str(clients_folder)}
    for name in [name for name in environment if name.startswith(("PYTEST_", "HYPOTHESIS"))]:
        del environment[name]
    ran = subprocess.run(
        [*command, "--basetemp", str(tmp_path / "example_suite"), str(EXAMPLE_SUITE)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed, ran.stdout
    assert int(passed[1]) >= MIN_TESTS
