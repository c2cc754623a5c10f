"""Citations of the evidence: every section, law, quirk and unknown that a text names exists."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EVIDENCE = ROOT / "docs" / "evidence"
FOLDERS = ("app", "bench", "docs", "fixtures", "openapi", "tests", "tools")
PAGES = ("CHANGELOG.md", "CONTRIBUTING.md", "README.md")
SUFFIXES = {".json", ".md", ".py", ".yaml"}

# A citation may be broken by a line of a comment, by two strings, or by Markdown.
GAP = r"[\s#\"'`]*"
NUMBER = r"\d+(?:\.\d+)?"
SECTION = rf"§({NUMBER})(?:[–-]§?({NUMBER}))?(?: L\d)?"
SECTIONS = re.compile(SECTION)
NAMED = re.compile(
    rf"evidence/(\w+)\.md{GAP}{SECTION}(?:{GAP}(?:,|;|and|or|to){GAP}{SECTION})*",
)
ITEMS = re.compile(rf"\b(law|quirk|unknown)s?{GAP}(\d+(?:{GAP}(?:,|and|to|–){GAP}\d+\b)*)", re.I)
WISTIA_LAWS = re.compile(r"\b(L\d)\b")
FORMER = re.compile(r"\bcontracts" + r"/|\bseeds" + r"/\d|\bcontract §", re.I)


def vendors() -> set[str]:
    """The vendors that have a file of evidence."""
    return {file.stem for file in EVIDENCE.glob("*.md")} - {"README"}


def texts() -> Iterator[tuple[str, str]]:
    """The path and the text of every file that may cite."""
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in SUFFIXES:
                yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")
    for page in PAGES:
        yield page, (ROOT / page).read_text(encoding="utf-8")


def vendor_of(path: str) -> str | None:
    """The vendor that a file is about, by its folder or its name."""
    folder = re.search(r"\b(?:vendors|documented)/(\w+)/", path)
    name = re.search(r"\b(?:test_|evidence/)([a-z]+)[\w]*\.\w+$", path)
    return next((found[1] for found in (folder, name) if found and found[1] in vendors()), None)


def own_vendor(path: str) -> str | None:
    """The vendor whose sections need no file name here."""
    is_its_own = path.startswith(("app/playhead/vendors/", "docs/evidence/"))
    return vendor_of(path) if is_its_own else None


@cache
def labels(vendor: str) -> set[str]:
    """What can be cited: sections and items of the evidence, laws, quirks and unknowns."""
    return {*evidence_labels(vendor), *readme_labels(vendor)}


def evidence_labels(vendor: str) -> Iterator[str]:
    """Sections, items of sections, and laws."""
    section = ""
    for line in (EVIDENCE / f"{vendor}.md").read_text(encoding="utf-8").splitlines():
        if heading := re.match(rf"##+ ({NUMBER})\.? ", line):
            section = heading[1]
            yield f"§{section}"
        elif item := re.match(r"(\d+)\. ", line):
            yield f"§{section}.{item[1]}"
            if section == "4":
                yield f"law {item[1]}"
        elif law := re.match(r"\* \*\*(L\d+)\*\*", line):
            yield law[1]


def readme_labels(vendor: str) -> Iterator[str]:
    """Quirks and unknowns."""
    readme = ROOT / "app" / "playhead" / "vendors" / vendor / "README.md"
    kind = ""
    for line in readme.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"#+ (\w+)", line):
            kind = heading[1].lower().removesuffix("s")
        elif item := re.match(r"(\d+)\. ", line):
            yield f"{kind} {item[1]}"


def citations(path: str, text: str) -> Iterator[tuple[int, str | None, str]]:
    """The place, the vendor and the label of everything that a text cites."""
    named = [(run.span(), run[1]) for run in NAMED.finditer(text)]
    for found in SECTIONS.finditer(text):
        place = found.start()
        vendor = next((name for (a, b), name in named if a <= place < b), own_vendor(path))
        yield from ((place, vendor, f"§{number}") for number in found.groups() if number)
    if about := vendor_of(path):
        for found in ITEMS.finditer(text):
            for number in re.findall(r"\d+", found[2]):
                yield found.start(), about, f"{found[1].lower()} {number}"
    if about == "wistia":
        yield from ((found.start(), about, found[1]) for found in WISTIA_LAWS.finditer(text))


def broken(path: str, text: str) -> list[str]:
    """The citations of a text that lead nowhere, with file and line."""
    problems = []
    for place, vendor, label in citations(path, text):
        where = f"{path}:{text.count(chr(10), 0, place) + 1}"
        if vendor is None:
            problems.append(f"{where}: {label} without a file; write evidence/<vendor>.md {label}")
        elif vendor not in vendors() or label not in labels(vendor):
            problems.append(f"{where}: {vendor} has no {label}")
    return problems


def test_every_vendor_has_its_evidence() -> None:
    folders = {file.parent.name for file in (ROOT / "app/playhead/vendors").glob("*/README.md")}
    assert vendors() == folders


def test_every_citation_resolves() -> None:
    assert [problem for path, text in texts() for problem in broken(path, text)] == []


@pytest.mark.parametrize("vendor", sorted(vendors()))
def test_evidence_is_cited_by_code_tests_and_fixtures(vendor: str) -> None:
    citing = {
        path.partition("/")[0]
        for path, text in texts()
        for _, cited, label in citations(path, text)
        if cited == vendor and label.startswith("§")
    }
    assert citing >= {"app", "docs", "fixtures", "tests"}


def test_no_text_cites_what_is_not_published() -> None:
    assert [path for path, text in texts() if FORMER.search(text)] == []


VENDOR_FILE = "app/playhead/vendors/wistia/auth.py"
SHARED_FILE = "app/playhead/gateway/errors.py"
SIGN = "\N{SECTION SIGN}"  # so that the examples are no citations of this file


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        (VENDOR_FILE, "# {}3.6 and {}0.10", 0),
        (VENDOR_FILE, "# {}3.66", 1),
        (VENDOR_FILE, "# evidence/gcore.md {}3.24", 0),
        (VENDOR_FILE, "# quirk 1, unknowns 1 and 2, L3", 0),
        (VENDOR_FILE, "# Quirk 99", 1),
        (VENDOR_FILE, "# unknowns 1 and 99", 1),
        (VENDOR_FILE, "# L9", 1),
        (SHARED_FILE, "# {}3.6", 1),
        (SHARED_FILE, "# evidence/wistia.md {}3.6, {}4 and {}9.11", 0),
        (SHARED_FILE, "# evidence/wistia.md {}3.6, {}44", 1),
        (SHARED_FILE, "# evidence/wistia.md\n# {}3.6,\n# {}4", 0),
        (SHARED_FILE, '"evidence/gcore.md "\n"{}3.12–3.16"', 0),
        (SHARED_FILE, "# evidence/gcore.md {}3.12–3.99", 1),
        (SHARED_FILE, "# evidence/acme.md {}1", 1),
        ("tests/laws/test_gcore.py", "Laws 1 and 22", 0),
        ("tests/laws/test_gcore.py", "Law 23", 1),
    ],
)
def test_a_wrong_citation_is_found(path: str, text: str, count: int) -> None:
    assert len(broken(path, text.replace("{}", SIGN))) == count
