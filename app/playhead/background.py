"""A server in the background of a test run: many processes agree on one through a folder, and the last of them ends it. POSIX only."""

import fcntl
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from playhead.clock import pause, stopwatch
from playhead.failure import Refusal

# The shell is gone at once, and the server nobody's child: whoever started it may end before it does.
SCRIPT = 'folder=$1; shift; "$@" >"$folder/out" 2>"$folder/err" </dev/null & echo $!'
GREETING = re.compile(r"Playhead listens on (\S+)")
GRACE = 10.0  # seconds in which it has to end by itself
MOMENT = 0.02


def url_of_server(folder: Path, options: Sequence[str]) -> str:
    """The URL of the folder's server, started with `playhead serve`'s options by whoever asks first; raises Refusal with what it said when it died."""
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "pid").exists():
            _start(folder, options)
        return _url(folder)


def end_server(folder: Path) -> None:
    """End the folder's server, if it has one, and wait until it is gone."""
    if not (folder / "pid").exists():
        return
    number, until = int((folder / "pid").read_text()), stopwatch() + GRACE
    _signal(folder, number, signal.SIGTERM)
    while not _is_gone(folder):
        if stopwatch() > until:
            _signal(folder, number, signal.SIGKILL)
        pause(MOMENT)


def _start(folder: Path, options: Sequence[str]) -> None:
    # -P: a folder called playhead in the working directory is not the package.
    command = [sys.executable, "-P", "-m", "playhead", "serve", "--host=127.0.0.1", "--port=0", "--log=off", *options]
    with (folder / "running").open("a") as running:
        fcntl.flock(running, fcntl.LOCK_EX)  # the server inherits it, and so holds it as long as it lives
        started = subprocess.run(
            ["/bin/sh", "-c", SCRIPT, "sh", str(folder), *command], pass_fds=[running.fileno()], start_new_session=True, stdout=subprocess.PIPE, check=True
        )
    (folder / "pid").write_text(str(int(started.stdout)))


def _url(folder: Path) -> str:
    while True:
        gone = _is_gone(folder)
        if said := GREETING.search((folder / "out").read_text()):
            return said[1]
        if gone:
            raise Refusal(f"the test run's `playhead serve` ended at its start: {(folder / 'err').read_text().strip()}")
        pause(MOMENT)


def _is_gone(folder: Path) -> bool:
    with (folder / "running").open("a") as running:
        try:
            fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _signal(folder: Path, number: int, what: signal.Signals) -> None:
    if not _is_gone(folder):  # its number may be another's by now
        with suppress(ProcessLookupError):
            os.kill(number, what)
