"""A Playhead of a commit or of the working tree, started for a comparison and ended after it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

from tools.vendor_requests import HOST, Ids, VendorRequest

NOW = "2024-06-05T12:00:00Z"
ADDRESS = re.compile(r"http://(127\.0\.0\.1):(\d+)")
SECONDS_TO_START = 120
SECONDS_TO_END = 20
SECONDS_TO_ANSWER = 60


class ServerError(Exception):
    """A Playhead that cannot be installed or does not start; says why."""


class Answer(NamedTuple):
    """An answer as it came over the socket; headers in the order in which they were sent."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class RunningServer:
    """A server that listens on a port of the loopback."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.given: Mapping[str, str] = {}

    def ask(self, request: VendorRequest) -> Answer:
        """Send a request on a connection of its own; without an answer the status is 0."""
        sent = request.filled(self.given)
        connection = HTTPConnection(self.host, self.port, timeout=SECONDS_TO_ANSWER)
        try:
            return _sent(connection, sent)
        except (OSError, HTTPException) as error:
            return Answer(0, repr(error), (), b"")
        finally:
            connection.close()


def _sent(connection: HTTPConnection, request: VendorRequest) -> Answer:
    connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
    names = {name.lower() for name, _ in request.headers}
    for name, value in (*(() if "host" in names else (HOST,)), *request.headers):
        connection.putheader(name, value)
    body = None if request.body is None else request.body.encode()
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    response = connection.getresponse()
    return Answer(response.status, response.reason, tuple(response.getheaders()), response.read())


def resolved(ref: str, root: Path) -> str:
    """The full hash of a commit."""
    command = ["git", "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if ended.returncode:
        raise ServerError(f"{ref} is not a commit of {root}.")
    return ended.stdout.strip()


def python_of(commit: str, root: Path, cache: Path) -> Path:
    """The interpreter of an environment in which that commit is installed; made when missing."""
    environment = cache / commit / "venv"
    finished = cache / commit / "installed"
    python = environment / "bin/python"
    if finished.exists():
        return python
    shutil.rmtree(environment, ignore_errors=True)
    _run([sys.executable, "-m", "venv", "--without-pip", str(environment)])
    with tempfile.TemporaryDirectory(prefix="playhead-compare-") as folder:
        _extract(commit, root, Path(folder))
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
        constraints = str(Path(folder, "constraints.txt"))
        _run([*pip, "--disable-pip-version-check", "-c", constraints, folder])
    finished.touch()
    return python


def _extract(commit: str, root: Path, folder: Path) -> None:
    archive = folder / "tree.tar"
    _run(["git", "-C", str(root), "archive", "--output", str(archive), commit])
    _run(["tar", "-x", "-C", str(folder), "-f", str(archive)])
    archive.unlink()


def _run(command: list[str]) -> None:
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode:
        raise ServerError(f"{' '.join(command)} failed:\n{ended.stderr[-2000:]}")


def catalogue(python: Path, cache: Path) -> dict[str, Ids]:
    """Ids of the demo scenario, by vendor and kind, as `playhead catalog` lists them."""
    command = [str(python), "-m", "playhead", "catalog", "--json", "--now", NOW]
    with tempfile.TemporaryDirectory(prefix="playhead-compare-") as folder:
        ended = subprocess.run(
            command, cwd=folder, env=_variables(cache), capture_output=True, text=True
        )
    if ended.returncode:
        raise ServerError(f"{' '.join(command)} failed:\n{ended.stderr[-2000:]}")
    return {vendor: _by_kind(entries) for vendor, entries in json.loads(ended.stdout).items()}


def _by_kind(entries: list[Mapping[str, str]]) -> Ids:
    kinds: dict[str, list[str]] = {}
    for entry in entries:
        kinds.setdefault(entry["kind"], []).append(entry["id"])
    return kinds


@contextmanager
def serving(python: Path, cache: Path) -> Iterator[RunningServer]:
    """A server of that interpreter's Playhead over the demo scenario, at a free port."""
    options = ["--port", "0", "--host", "127.0.0.1", "--now", NOW, "--log", "off"]
    command = [str(python), "-m", "playhead", "serve", *options, "--scenario", "demo"]
    with tempfile.TemporaryDirectory(prefix="playhead-compare-") as name:
        folder = Path(name)
        with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
            process = subprocess.Popen(
                command, cwd=folder, env=_variables(cache), stdout=out, stderr=err
            )
        try:
            yield _listening(process, folder)
        finally:
            _end(process)


def _variables(cache: Path) -> dict[str, str]:
    """Nothing of the caller's environment, so that its settings reach neither server."""
    cache.mkdir(parents=True, exist_ok=True)
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "PLAYHEAD_CACHE": str(cache)}


def _listening(process: subprocess.Popen[bytes], folder: Path) -> RunningServer:
    give_up = monotonic() + SECONDS_TO_START
    while monotonic() < give_up:
        address = ADDRESS.search((folder / "out").read_text())
        if address:
            return RunningServer(address[1], int(address[2]))
        if process.poll() is not None:
            break
        sleep(0.05)
    raise ServerError(f"The server did not start: {(folder / 'err').read_text()[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(SECONDS_TO_END)
    if process.poll() is None:
        process.kill()
        process.wait()
