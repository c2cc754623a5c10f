"""`python -m tests.readme`: writes the README's tables of operations from the routes, their evidence and the tests' `covers` marks."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import pytest

from playhead.control.about_shapes import Operation
from playhead.control.reference import operations
from playhead.vendor import Vendor
from playhead.vendors import VENDORS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- Made by `make readme`; do not edit. -->\n", "<!-- Made until here. -->\n"

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

Covering = Mapping[str, Sequence[str]]
"""Files of tests by the operation that they cover."""


class Collection:
    """What a pytest run would cover: a plugin of pytest's."""

    def __init__(self) -> None:
        self.files: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note the mark of every test."""
        for item in items:
            for mark in item.iter_markers("covers"):
                for operation in mark.args:
                    self.files[operation].add(item.path.relative_to(ROOT).as_posix())


def covering() -> Covering:
    """What the marks say, collected in this process, which should have no pytest in it yet."""
    marked = [str(file) for file in sorted((ROOT / "tests").rglob("test_*.py")) if "mark.covers(" in file.read_text(encoding="utf-8")]
    collection = Collection()
    # One process, since workers would tell us nothing; without a word on stdout.
    code = pytest.main([f"--rootdir={ROOT}", "--collect-only", "--assert=plain", "-n0", "-pno:cacheprovider", "-pno:terminal", *marked], plugins=[collection])
    if code:
        raise SystemExit("pytest cannot collect the tests: `pytest --collect-only` says why")
    return {operation: sorted(files) for operation, files in collection.files.items()}


def name_of(operation: Operation) -> str:
    """What a `covers` mark calls it."""
    return f"{operation.vendor}.{operation.operation}"


def written(readme: str, covered: Covering) -> str:
    """The README with its tables of operations made anew."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    told = operations(VENDORS)
    tables = [_table(vendor, [one for one in told if one.vendor == vendor.name], covered) for vendor in VENDORS]
    files = sorted({file for named in covered.values() for file in named})
    links = "".join(f"[{_label(file)}]: {file}\n" for file in files)
    return f"{before}{BEGIN}\n{''.join(tables)}{_legend(told)}\n{links}\n{END}{after}"


def _table(vendor: Vendor, told: Sequence[Operation], covered: Covering) -> str:
    about = f"app/playhead/vendors/{vendor.name}/README.md"
    title = (ROOT / about).read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
    rows = sorted(_rows(told, covered), key=lambda row: row.split("`")[1])
    head = "| operation | parameters | source | grade | tests |\n|---|---|---|---|---|\n"
    return f"### [{title}]({about})\n\n{head}{''.join(rows)}\n"


def _rows(told: Sequence[Operation], covered: Covering) -> Iterator[str]:
    """A row for each operation; the same one under two first segments is one."""
    evidence = {one.operation: (one.source, one.grade) for one in reversed(told) if one.grade}

    def what(one: Operation) -> tuple[str, ...]:
        return one.operation, one.method, tail(one.path), _parameters(one)

    for _, group in groupby(sorted(told, key=what), what):
        same = list(group)
        source, grade = next(((one.source, one.grade) for one in same if one.grade), evidence.get(same[0].operation, ("", "")))
        tests = ", ".join(f"[{_label(file)}]" for file in covered.get(name_of(same[0]), ()))
        yield f"| {same[0].method} `{_path(same)}` | {_parameters(same[0])} | {_document(source or '')} | {grade} | {tests} |\n"


def tail(path: str) -> str:
    """A path without its first segment."""
    return path[1:].partition("/")[2]


def _path(same: Sequence[Operation]) -> str:
    """The path of all: `/{v1,modern}/medias`."""
    first = [one.path[1:].partition("/")[0] for one in same]
    return same[0].path if len(same) == 1 else f"/{{{','.join(first)}}}/{tail(same[0].path)}"


def _parameters(one: Operation) -> str:
    """The names of the parameters that do not stand in the path."""
    named = {parameter.name: parameter.required for parameter in one.parameters if parameter.place != "path"}
    body = one.body or {}
    named |= {name: name in body.get("required", ()) for name in body.get("properties", {})}
    return ", ".join(f"**{name}**" if required else name for name, required in named.items())


def _document(source: str) -> str:
    """The name of the document alone."""
    return re.split(r" \(|[,;.] ", source)[0]


def _label(file: str) -> str:
    """A file's name in the table: of tests/vendors/gcore/test_videos.py, gcore/videos."""
    return re.sub(r"^tests/(vendors/)?|\btest_|\.py$", "", file)


def _legend(told: Sequence[Operation]) -> str:
    used = {one.grade for one in told}
    grades = "\n".join(f"* {', '.join(letter for letter in letters if letter in used)}: {said}" for said, letters in GRADES.items() if used & {*letters})
    return f"""\
Parameters in bold are required; those of the path stand in it. `fixtures/documented/` has the published examples with their full sources. The tests are those
that look at what is answered. The grade says how good the evidence is:

{grades}
"""


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8"), covering()), encoding="utf-8")
