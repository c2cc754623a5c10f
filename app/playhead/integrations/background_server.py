"""A server in the background of a test run:

many processes agree on one through a folder, and the last of them ends it. POSIX only.
"""

import fcntl
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from playhead.domain.clock import monotonic_seconds, sleep
from playhead.domain.errors import UserError

# The shell is gone at once, and the server nobody's child: whoever started it may end before it
# does.
START_SCRIPT = 'folder=$1; shift; "$@" >"$folder/out" 2>"$folder/err" </dev/null & echo $!'
GREETING_PATTERN = re.compile(r"Playhead listens on (\S+)")
STOP_GRACE_SECONDS = 10.0  # seconds in which it has to end by itself
POLL_SECONDS = 0.02


def get_or_start_server(folder: Path, options: Sequence[str]) -> str:
    """Start the folder's server with these options of `playhead serve` unless it runs; its URL.

    Raises Refusal with what it said when it died.
    """
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "pid").exists():
            _start_server(folder, options)
        return _wait_for_url(folder)


def stop_server(folder: Path) -> None:
    """End the folder's server, if it has one, and wait until it is gone."""
    if not (folder / "pid").exists():
        return
    number = int((folder / "pid").read_text())
    until = monotonic_seconds() + STOP_GRACE_SECONDS
    _send_signal(folder, number, signal.SIGTERM)
    while not _has_exited(folder):
        if monotonic_seconds() > until:
            _send_signal(folder, number, signal.SIGKILL)
        sleep(POLL_SECONDS)


def _start_server(folder: Path, options: Sequence[str]) -> None:
    # -P: a folder called playhead in the working directory is not the package.
    command = [
        sys.executable,
        "-P",
        "-m",
        "playhead",
        "serve",
        "--host=127.0.0.1",
        "--port=0",
        "--log=off",
        *options,
    ]
    with (folder / "running").open("a") as running:
        fcntl.flock(
            running, fcntl.LOCK_EX
        )  # the server inherits it, and so holds it as long as it lives
        started = subprocess.run(
            ["/bin/sh", "-c", START_SCRIPT, "sh", str(folder), *command],
            pass_fds=[running.fileno()],
            start_new_session=True,
            stdout=subprocess.PIPE,
            check=True,
        )
    (folder / "pid").write_text(str(int(started.stdout)))


def _wait_for_url(folder: Path) -> str:
    while True:
        gone = _has_exited(folder)
        if said := GREETING_PATTERN.search((folder / "out").read_text()):
            return said[1]
        if gone:
            raise UserError(
                f"the test run's `playhead serve` ended at its start: "
                f"{(folder / 'err').read_text().strip()}"
            )
        sleep(POLL_SECONDS)


def _has_exited(folder: Path) -> bool:
    with (folder / "running").open("a") as running:
        try:
            fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _send_signal(folder: Path, pid: int, signal_number: signal.Signals) -> None:
    if not _has_exited(folder):  # its number may be another's by now
        with suppress(ProcessLookupError):
            os.kill(pid, signal_number)
