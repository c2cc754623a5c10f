"""The tests of Gcore's own client for the statistics, unchanged, against a lenient account:

445 of 445 — evidence/gcore.md §6.4.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from pathlib import Path

import httpx
import pytest

from playhead import Server
from tests.clients.environments import (
    ClientKind,
    install_client,
    isolated_environment,
    pip_install,
    raise_if_failed,
    start_python,
)

NAME = "gcore-suite-0.59.0"
KEY = "My API Key"  # the key that the suite sends
SUITE = "tests/api_resources/streaming/test_statistics.py"
# Isolated from our own packages; the suite's configuration counts, but for its workers.
RUN = (
    "import sys; sys.path[:0] = [sys.argv[1], '.']; import pytest; "
    "sys.exit(pytest.main(['-q', '-o', 'addopts=', '-p', 'no:cacheprovider', "
    "sys.argv[2]]))"
)


def install(folder: Path, pins: list[str]) -> None:
    """The client with what its tests need, and beside it the source distribution, which alone has
    the tests.
    """
    pip_install(folder, pins)
    arguments = [
        "download",
        "--quiet",
        "--no-deps",
        "--no-binary",
        pins[0].partition("==")[0],
        "--dest",
        str(folder),
        pins[0],
    ]
    completed = subprocess.run(
        [sys.executable, "-m", "pip", *arguments], capture_output=True, text=True, check=False
    )
    raise_if_failed(completed.returncode, completed.stderr)
    (archive,) = folder.glob("gcore-*.tar.gz")
    with tarfile.open(archive) as source:
        source.extractall(folder, filter="data")


@pytest.fixture(scope="module")
def suite_folder() -> Path:
    """The folder of the client; the source distribution lies in it."""
    return install_client(NAME, ClientKind(install=install, start=start_python))


def test_the_client_s_own_tests_pass(suite_folder: Path, demo: Server, web: httpx.Client) -> None:
    created = web.post(f"{demo.url}/_emulator/accounts", json={"name": KEY, "lenient": True})
    assert created.status_code == 201, created.text
    (source,) = (path for path in suite_folder.glob("gcore-0.59.0") if path.is_dir())
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", RUN, str(suite_folder), SUITE],
        cwd=source,
        env={**isolated_environment(home=suite_folder), "TEST_API_BASE_URL": demo.url},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert (ran.returncode, int(passed[1])) == (0, 445), ran.stdout[-6000:]
