"""Where a scenario is found: by name among those that ship with Playhead, or as a file."""

import re
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from playhead.domain.errors import UserError


class ScenarioSource(NamedTuple):
    """Where a scenario was found, its text, and the digest of the text."""

    name: str
    text: str
    fingerprint: str


def load(scenario: str) -> ScenarioSource:
    """The scenario of that name that ships with Playhead, or the file at that path.

    Raises Refusal.
    """
    builtin = files("playhead") / "fixtures" / "scenarios" / f"{scenario}.yaml"
    path = builtin if re.fullmatch(r"[\w-]+", scenario) and builtin.is_file() else Path(scenario)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"scenario={scenario!r}: {_not_found_reason(error)}; these ship with Playhead: "
            f"{', '.join(builtin_names())}"
        ) from None
    return source_from_text(str(path) if path is not builtin else scenario, text)


def source_from_text(name: str, text: str) -> ScenarioSource:
    """The scenario that a text tells."""
    return ScenarioSource(name, text, sha256(text.encode()).hexdigest())


def _not_found_reason(error: Exception) -> str:
    return (
        "there is no such scenario or file" if isinstance(error, FileNotFoundError) else str(error)
    )


def builtin_names() -> list[str]:
    """Names of the scenarios that ship with Playhead."""
    directory = files("playhead") / "fixtures" / "scenarios"
    return sorted(
        entry.name.removesuffix(".yaml")
        for entry in directory.iterdir()
        if entry.name.endswith(".yaml")
    )
