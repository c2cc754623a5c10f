"""`python -m tools.readme_tables`: writes the README's tables of operations from the routes, their evidence and the tests' `covers` marks."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import pytest

from playhead.control.operations import list_operations
from playhead.control.schemas.server import Operation
from playhead.gateway.vendor_app import Vendor
from playhead.vendors import VENDORS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN_MARK, END_MARK = (
    "<!-- Made by `make readme`; do not edit. -->\n",
    "<!-- Made until here. -->\n",
)

# What a grade says of the evidence; the vendors' contracts have letters of their own.
GRADES = {
    "the vendor documents it": ("DOC", "D"),
    "the vendor documented it in 2015": ("seed",),
    "an official SDK, command or OpenAPI file has it": ("SDK", "S"),
    "an official client was seen to need it": ("MEASURED", "O"),
    "the vendor's product pages show it": ("PORTAL",),
    "others wrote down what they saw": ("WILD", "W"),
    "unknown, so our choice": ("CHOICE", "U"),
}

FilesByOperation = Mapping[str, Sequence[str]]
"""Files of tests by the operation that they cover."""


class CoversCollector:
    """What a pytest run would cover: a plugin of pytest's."""

    def __init__(self) -> None:
        self.files: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note the mark of every test."""
        for item in items:
            for mark in item.iter_markers("covers"):
                for operation in mark.args:
                    self.files[operation].add(item.path.relative_to(ROOT).as_posix())


def collect_covers() -> FilesByOperation:
    """What the marks say, collected in this process, which should have no pytest in it yet."""
    marked = [
        str(file)
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        if "mark.covers(" in file.read_text(encoding="utf-8")
    ]
    collection = CoversCollector()
    # One process, since workers would tell us nothing; without a word on stdout.
    code = pytest.main(
        [
            f"--rootdir={ROOT}",
            "--collect-only",
            "--assert=plain",
            "-n0",
            "-pno:cacheprovider",
            "-pno:terminal",
            *marked,
        ],
        plugins=[collection],
    )
    if code:
        raise SystemExit("pytest cannot collect the tests: `pytest --collect-only` says why")
    return {operation: sorted(files) for operation, files in collection.files.items()}


def qualified_name(operation: Operation) -> str:
    """What a `covers` mark calls it."""
    return f"{operation.vendor}.{operation.operation}"


def render_readme(readme: str, test_files: FilesByOperation) -> str:
    """The README with its tables of operations made anew."""
    before, _, rest = readme.partition(BEGIN_MARK)
    _, _, after = rest.partition(END_MARK)
    all_operations = list_operations(VENDORS)
    tables = [
        _table(vendor, [one for one in all_operations if one.vendor == vendor.name], test_files)
        for vendor in VENDORS
    ]
    files = sorted({file for named in test_files.values() for file in named})
    links = "".join(f"[{_test_label(file)}]: {file}\n" for file in files)
    return f"{before}{BEGIN_MARK}\n{''.join(tables)}{_legend(all_operations)}\n{links}\n{END_MARK}{after}"


def _table(vendor: Vendor, operations: Sequence[Operation], test_files: FilesByOperation) -> str:
    about = f"app/playhead/vendors/{vendor.name}/README.md"
    title = (ROOT / about).read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
    rows = sorted(_rows(operations, test_files), key=lambda row: row.split("`")[1])
    head = "| operation | parameters | source | grade | tests |\n|---|---|---|---|---|\n"
    return f"### [{title}]({about})\n\n{head}{''.join(rows)}\n"


def _rows(operations: Sequence[Operation], test_files: FilesByOperation) -> Iterator[str]:
    """A row for each operation; the same one under two first segments is one."""
    evidence = {one.operation: (one.source, one.grade) for one in reversed(operations) if one.grade}

    def what(one: Operation) -> tuple[str, ...]:
        return one.operation, one.method, without_first_segment(one.path), _parameters(one)

    for _, group in groupby(sorted(operations, key=what), what):
        aliases = list(group)
        source, grade = next(
            ((one.source, one.grade) for one in aliases if one.grade),
            evidence.get(aliases[0].operation, ("", "")),
        )
        tests = ", ".join(
            f"[{_test_label(file)}]" for file in test_files.get(qualified_name(aliases[0]), ())
        )
        yield f"| {aliases[0].method} `{_path(aliases)}` | {_parameters(aliases[0])} | {_source_title(source or '')} | {grade} | {tests} |\n"


def without_first_segment(path: str) -> str:
    """A path without its first segment."""
    return path[1:].partition("/")[2]


def _path(aliases: Sequence[Operation]) -> str:
    """The path of all: `/{v1,modern}/medias`."""
    first = [one.path[1:].partition("/")[0] for one in aliases]
    return (
        aliases[0].path
        if len(aliases) == 1
        else f"/{{{','.join(first)}}}/{without_first_segment(aliases[0].path)}"
    )


def _parameters(operation: Operation) -> str:
    """The names of the parameters that do not stand in the path."""
    named = {
        parameter.name: parameter.required
        for parameter in operation.parameters
        if parameter.place != "path"
    }
    body = operation.body or {}
    named |= {name: name in body.get("required", ()) for name in body.get("properties", {})}
    return ", ".join(f"**{name}**" if required else name for name, required in named.items())


def _source_title(source: str) -> str:
    """The name of the document alone."""
    return re.split(r" \(|[,;.] ", source)[0]


def _test_label(file: str) -> str:
    """A file's name in the table: of tests/vendors/gcore/test_videos.py, gcore/videos."""
    return re.sub(r"^tests/(vendors/)?|\btest_|\.py$", "", file)


def _legend(operations: Sequence[Operation]) -> str:
    used = {one.grade for one in operations}
    grades = "\n".join(
        f"* {', '.join(letter for letter in letters if letter in used)}: {said}"
        for said, letters in GRADES.items()
        if used & {*letters}
    )
    return f"""\
Parameters in bold are required; those of the path stand in it. `fixtures/documented/` has the published examples with their full sources. The tests are those
that look at what is answered. The grade says how good the evidence is:

{grades}
"""


if __name__ == "__main__":
    README.write_text(
        render_readme(README.read_text(encoding="utf-8"), collect_covers()), encoding="utf-8"
    )
