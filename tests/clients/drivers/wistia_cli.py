"""Puts calls to Wistia's command line program:

one process of it each, `"output"` (json by default) is its `-o`.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import dropwhile
from pathlib import Path
from typing import Any

PROGRAM = Path("node_modules", "@wistia", "wistia-cli-linux-x64", "bin", "wistia")
# No prompts, and no output for coding agents, which the program would choose by its environment.
# --debug: of most errors the program prints the body only; what it logs to stderr has the status as
# well.
PLAINLY = ("--no-interactive", "--agent-mode=false", "--color", "never", "--debug")

Call = dict[str, Any]  # Any: JSON of the conversation.


class CommandError(Exception):
    """The program ended with an error.

    The message is what it prints without `--debug`, the last line of it the answer's body.
    """

    def __init__(self, printed: str) -> None:
        said = list(dropwhile(is_debugging, printed.splitlines()))
        super().__init__("\n".join(said).strip())
        answered = re.search(r"^\[DEBUG\] Response: (\d{3})", printed, re.MULTILINE)
        self.status = int(answered[1]) if answered else None
        self.body = said[-1] if self.status and self.status >= 400 else None


def is_debugging(line: str) -> bool:
    return line.startswith(("[DEBUG]", "  "))


@contextmanager
def connect(base_url: str, key: str, folder: str) -> Iterator[Callable[[Call], object]]:
    command = [
        str(Path(folder, PROGRAM)),
        "--server-url",
        f"{base_url}/modern",
        *PLAINLY,
        "--bearer-auth",
    ]

    def ask(call: Call) -> object:
        output = call.get("output", "json")
        spoken = subprocess.run(
            [
                *command,
                call.get("key", key),
                *call["method"].split(),
                *flags(call["arguments"]),
                "-o",
                output,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if spoken.returncode != 0:
            raise CommandError(spoken.stderr)
        return json.loads(spoken.stdout) if output == "json" else spoken.stdout

    yield ask


def flags(arguments: dict[str, object]) -> list[str]:
    """`{"media_id": "x"}` as `--media-id=x`, `{"tags": ["x", "y"]}` as `--tags=x --tags=y`."""
    given = [
        (name, each)
        for name, value in arguments.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    return [f"--{name.replace('_', '-')}={value}" for name, value in given]
