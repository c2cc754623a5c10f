"""The text of the repository: line widths, and names of modules that no longer exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE_FOLDERS = ("app", "tests", "bench", "tools")
MAX_CODE_COLUMNS = 100
MAX_PROSE_COLUMNS = 120
OLD_MODULES = (
    "playhead.main",
    "playhead.dispatch",
    "playhead.gate",
    "playhead.vendor",
    "playhead.failure",
    "playhead.clock",
    "playhead.ids",
    "playhead.spoiling",
    "playhead.preference",
    "playhead.metrics",
    "playhead.background",
    "playhead.containers",
    "playhead.commands",
    "playhead.pytest_plugin",
    "playhead.openapi",
    "playhead.stats",
    "playhead.store",
    "playhead.description",
    "playhead.verbs",
    "playhead.accounts.account",
    "playhead.accounts.arrangement",
    "playhead.accounts.attendance",
    "playhead.accounts.clocks",
    "playhead.accounts.describing",
    "playhead.accounts.entries",
    "playhead.accounts.faults",
    "playhead.accounts.forgetting",
    "playhead.accounts.ground",
    "playhead.accounts.journal",
    "playhead.accounts.limits",
    "playhead.accounts.lines",
    "playhead.accounts.names",
    "playhead.accounts.opening",
    "playhead.accounts.recorded",
    "playhead.accounts.recording",
    "playhead.accounts.stubs",
    "playhead.accounts.transfer",
    "playhead.accounts.writing",
    "playhead.control.about",
    "playhead.control.arranging",
    "playhead.control.asking",
    "playhead.control.bodies",
    "playhead.control.building",
    "playhead.control.finding",
    "playhead.control.guard",
    "playhead.control.page",
    "playhead.control.planned_places",
    "playhead.control.planned_shapes",
    "playhead.control.reference",
    "playhead.control.shapes",
    "playhead.control.showing",
    "playhead.control.waiting",
    "playhead.world.dice",
    "playhead.world.filling",
    "playhead.world.growth",
    "playhead.world.generate",
    "playhead.world.habits",
    "playhead.world.rhythm",
    "playhead.world.source",
    "playhead.world.tallying",
    "playhead.world.terms",
    "playhead.world.viewing",
)
OLD_PATHS = tuple(
    name.replace("playhead.", "app/playhead/").replace(".", "/") for name in OLD_MODULES
)


def code_files() -> list[Path]:
    """The project's own Python files."""
    return [
        file
        for folder in CODE_FOLDERS
        for file in sorted((ROOT / folder).rglob("*.py"))
        if "fixtures" not in file.parts and file != Path(__file__)
    ]


def prose_files() -> list[Path]:
    """Markdown at the top, in docs/ and beside the vendors."""
    folders = [ROOT.glob("*.md"), (ROOT / "docs").rglob("*.md"), (ROOT / ".github").rglob("*.md")]
    vendors = (ROOT / "app/playhead/vendors").rglob("README.md")
    return sorted({*(file for files in folders for file in files), *vendors})


def too_wide(file: Path, columns: int) -> list[str]:
    """Lines beyond the width, as `path:line`."""
    lines = file.read_text(encoding="utf-8").splitlines()
    name = file.relative_to(ROOT)
    return [f"{name}:{at}" for at, line in enumerate(lines, 1) if len(line) > columns]


def prose_too_wide(file: Path) -> list[str]:
    """Lines of prose beyond the width: tables, code blocks and long links may be wider."""
    text = file.read_text(encoding="utf-8")
    without_code = re.sub(r"```.*?```", lambda block: "\n" * block[0].count("\n"), text, flags=re.S)
    return [
        f"{file.relative_to(ROOT)}:{at}"
        for at, line in enumerate(without_code.splitlines(), 1)
        if len(line) > MAX_PROSE_COLUMNS
        and not line.startswith(("|", "    "))
        and "://" not in line
    ]


def old_names(text: str) -> set[str]:
    """Names of modules that were moved, in dotted form or as a path."""
    dotted = {
        name
        for name in OLD_MODULES
        if re.search(rf"(?:from |import |\"){re.escape(name)}(?:\.\w+)*\b(?!\()", text)
    }
    paths = {path for path in OLD_PATHS if f"{path}.py" in text or f"{path}/" in text}
    return dotted | (paths - {"app/playhead/openapi"})


def test_no_line_of_code_is_too_wide() -> None:
    assert [line for file in code_files() for line in too_wide(file, MAX_CODE_COLUMNS)] == []


def test_no_line_of_prose_is_too_wide() -> None:
    assert [line for file in prose_files() for line in prose_too_wide(file)] == []


@pytest.mark.parametrize("text", ["import playhead.stats", "see app/playhead/gate.py"])
def test_an_old_name_is_noticed(text: str) -> None:
    assert old_names(text)


def test_no_old_module_is_named() -> None:
    files = [*code_files(), *prose_files(), ROOT / "pyproject.toml", ROOT / "Makefile"]
    named = {file.name: old_names(file.read_text(encoding="utf-8")) for file in files}
    assert {name: names for name, names in named.items() if names} == {}


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 130
