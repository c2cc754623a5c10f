"""Processes of this interpreter on a free port of 127.0.0.1:

started, timed, weighed, and ended by their id.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_TIMEOUT = 120  # seconds
POLL_SECONDS = 0.002


class ServerProcess(NamedTuple):
    """A process that answers, and how many seconds it took to."""

    process: "subprocess.Popen[bytes]"
    port: int
    startup_seconds: float

    @property
    def resident_mb(self) -> float:
        """Its resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status")
        if status.exists():
            line = next(
                line for line in status.read_text().splitlines() if line.startswith("VmRSS:")
            )
            return int(line.split()[1]) * 1024 / 1e6
        ps_output = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, check=True
        )
        return int(ps_output.stdout) * 1024 / 1e6

    @property
    def cpu_seconds(self) -> float | None:
        """The seconds that processors have spent on it, which a busy machine hardly changes.

        None where nobody tells.
        """
        stat_file = Path(f"/proc/{self.process.pid}/stat")
        if not stat_file.exists():
            return None
        user, system = stat_file.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This environment with these settings of Playhead and no others."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLAYHEAD_")},
        **settings,
    }


@contextmanager
def baseline(
    module: str, *arguments: str, settings: Mapping[str, str] | None = None
) -> Iterator[ServerProcess]:
    """One of our baselines, answering."""
    port = _free_port()
    with _start(["-m", f"bench.{module}", str(port), *arguments], port, settings or {}) as running:
        yield running


@contextmanager
def serve(*options: str, settings: Mapping[str, str]) -> Iterator[ServerProcess]:
    """`playhead serve`, answering."""
    port = _free_port()
    with _start(
        ["-m", "playhead", "serve", "--port", str(port), *options], port, settings
    ) as running:
        yield running


def run_command(*arguments: str, settings: Mapping[str, str]) -> str:
    """What a command of Playhead's prints."""
    line = [sys.executable, "-m", "playhead", *arguments]
    completed = subprocess.run(
        line, cwd=REPOSITORY, env=environment(settings), stdout=subprocess.PIPE, check=True
    )
    return completed.stdout.decode()


@contextmanager
def _start(arguments: list[str], port: int, settings: Mapping[str, str]) -> Iterator[ServerProcess]:
    line = [sys.executable, *arguments]
    silence = subprocess.DEVNULL
    began = time.perf_counter()
    process = subprocess.Popen(
        line, cwd=REPOSITORY, env=environment(settings), stdout=silence, stderr=silence
    )
    try:
        _wait_until_ready(process, port)
        yield ServerProcess(process, port, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Ask GET / again and again until it is answered."""
    until = time.monotonic() + START_TIMEOUT
    while not _is_ready(port):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{process.args!r} does not answer")
        time.sleep(POLL_SECONDS)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=START_TIMEOUT)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])
