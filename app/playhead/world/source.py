"""Where a scenario is found: by name among those that ship with Playhead, or as a file."""

import re
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from playhead.failure import Refusal


class Source(NamedTuple):
    """Where a scenario was found, its text, and the digest of the text."""

    name: str
    text: str
    fingerprint: str


def find(scenario: str) -> Source:
    """The scenario of that name that ships with Playhead, or the file at that path; raises Refusal."""
    shipped = files("playhead") / "fixtures" / "scenarios" / f"{scenario}.yaml"
    path = shipped if re.fullmatch(r"[\w-]+", scenario) and shipped.is_file() else Path(scenario)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"scenario={scenario!r}: {_no_scenario(error)}; these ship with Playhead: {', '.join(shipped_names())}") from None
    return of_text(str(path) if path is not shipped else scenario, text)


def of_text(name: str, text: str) -> Source:
    """The scenario that a text tells."""
    return Source(name, text, sha256(text.encode()).hexdigest())


def _no_scenario(error: Exception) -> str:
    return "there is no such scenario or file" if isinstance(error, FileNotFoundError) else str(error)


def shipped_names() -> list[str]:
    """Names of the scenarios that ship with Playhead."""
    directory = files("playhead") / "fixtures" / "scenarios"
    return sorted(entry.name.removesuffix(".yaml") for entry in directory.iterdir() if entry.name.endswith(".yaml"))
