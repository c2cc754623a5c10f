"""The README is true: its examples answer what they show, its tables are the code's."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml

from playhead import Server
from playhead.control.operations import list_operations
from playhead.settings import CONTROL_PREFIX
from playhead.vendors import VENDORS
from tests.clients.environments import NODE, PYTHON, install_client
from tests.worlds import NOW_TEXT
from tools import readme_tables

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {page.name: page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md")}
EXAMPLES = re.findall(r"```console\n\$ (curl .*)\n(.*)\n```", README)


def test_there_is_an_example_for_each_vendor_and_the_control_api() -> None:
    paths = [
        shlex.split(command)[-1].removeprefix("http://127.0.0.1:8000") for command, _ in EXAMPLES
    ]
    whose = [
        next(
            (vendor.name for vendor in VENDORS if path.startswith(vendor.path_prefixes)),
            CONTROL_PREFIX,
        )
        for path in paths
    ]
    assert whose == [*(vendor.name for vendor in VENDORS), CONTROL_PREFIX]


@pytest.mark.parametrize(
    ("command", "shown"), EXAMPLES, ids=[shlex.split(command)[-1] for command, _ in EXAMPLES]
)
def test_an_example_answers_what_is_shown(
    demo: Server, web: httpx.Client, command: str, shown: str
) -> None:
    answer = curl(web, command.replace("http://127.0.0.1:8000", demo.url))
    start, ellipsis, _ = shown.partition("…")
    assert (answer[: len(start)] if ellipsis else answer) == start


def curl(web: httpx.Client, command: str) -> str:
    """What curl would print: no curl is needed to test."""
    *options, url = [
        word
        for word in shlex.split(command)[1:]
        if word not in ("--fail", "--retry", "20", "--retry-connrefused")
    ]
    flag, value = options or ("", "")
    assert flag in ("", "-u", "-H")
    if flag == "-u":
        return web.get(url, auth=(value.partition(":")[0], value.partition(":")[2])).text
    name, _, text = value.partition(": ")
    return web.get(url, headers={name: text} if flag else {}).text


def test_the_frozen_instant_is_the_one_of_the_tests() -> None:
    assert f"ARGS='--now {NOW_TEXT}' make run" in README


def code_block(text: str, language: str) -> str:
    """The only example in a language on a page."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)
    return str(block)


@pytest.fixture(scope="module")
def example_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first Python example as a user's test module, beside the clients that it imports."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "test_statistics.py").write_text(code_block(README, "python"))
    (folder / "conftest.py").write_text(
        f"import sys\n\nsys.path.append({str(install_client('example-suite', PYTHON))!r})\n"
    )
    return folder


def pytest_summary(suite: Path, *options: str) -> str:
    """What pytest says in the end of the user's tests."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTEST")
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(suite),
        "-c",
        os.devnull,
        *options,
        str(suite),
    ]
    stdout = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=100, check=False
    ).stdout
    return stdout.strip().splitlines()[-1]


def test_the_users_tests_pass(example_folder: Path) -> None:
    assert pytest_summary(example_folder).startswith("2 passed")


def test_the_python_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    example = code_block(PAGES["pytest.md"], "python")
    exec(compile(example, "docs/pytest.md", "exec"), {})
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+\n", capsys.readouterr().out)


def test_the_steps_of_the_ci_job_pass(web: httpx.Client, example_folder: Path) -> None:
    recipe = code_block(PAGES["ci.md"], "yaml")
    job = yaml.safe_load(recipe)["jobs"]["contract"]
    service = job["services"]["playhead"]
    assert service["ports"] == ["8000:8000"]
    given = {
        name.removeprefix("PLAYHEAD_").lower(): value for name, value in service["env"].items()
    }
    with Server(**given) as server:
        for step in job["steps"]:
            command = step["run"].replace("http://127.0.0.1:8000", server.url)
            assert (
                pytest_summary(example_folder, *shlex.split(command)[1:])
                if command.startswith("pytest")
                else curl(web, command)
            ).startswith(("2 passed", "{"))


def test_the_frontends_example_runs(demo: Server) -> None:
    script = code_block(PAGES["frontend.md"], "javascript")
    said = subprocess.run(
        [NODE, "--input-type=module", "-e", script.replace("http://127.0.0.1:8000", demo.url)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.stdout == "2843 plays, 479 hours, 31 days\n", said.stderr


# ---- Operations


OPERATIONS = list_operations(VENDORS)


@pytest.fixture(scope="module")
def test_files_by_operation() -> readme_tables.FilesByOperation:
    """Files of tests by operation, as a process of its own collects them:

    this one may have been given a few tests only.
    """
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTEST")
    }
    command = [
        sys.executable,
        "-c",
        (
            "import json; from tools.readme_tables import collect_covers; "
            "print(json.dumps(collect_covers()))"
        ),
    ]
    said = subprocess.run(
        command,
        env=environment,
        cwd=readme_tables.ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    found: dict[str, list[str]] = json.loads(said.stdout)
    return found


same_worker = pytest.mark.xdist_group("covered")  # one worker collects


def test_the_page_of_operations_is_current() -> None:
    assert readme_tables.render_operations(OPERATIONS) == PAGES["operations.md"], "run `make docs`"


def test_the_page_of_settings_is_current() -> None:
    assert readme_tables.render_settings() == PAGES["settings.md"], "run `make docs`"


@same_worker
def test_every_operation_has_a_test(
    test_files_by_operation: readme_tables.FilesByOperation,
) -> None:
    assert {
        readme_tables.qualified_name(one) for one in OPERATIONS
    } - test_files_by_operation.keys() == set(), "mark a test with `covers`"


@same_worker
def test_every_mark_names_an_operation(
    test_files_by_operation: readme_tables.FilesByOperation,
) -> None:
    assert {
        name: files
        for name, files in test_files_by_operation.items()
        if name not in map(readme_tables.qualified_name, OPERATIONS)
    } == {}


def test_every_operation_has_evidence_of_a_known_grade() -> None:
    grades = {
        readme_tables.qualified_name(one): one.grade
        for one in sorted(OPERATIONS, key=lambda one: one.grade is not None)
    }
    assert {
        name
        for name, grade in grades.items()
        if not any(grade in letters for letters in readme_tables.GRADES.values())
    } == set()


def test_a_name_means_one_operation() -> None:
    meant: dict[str, set[tuple[str, str]]] = {}
    for one in OPERATIONS:
        meant.setdefault(readme_tables.qualified_name(one), set()).add(
            (one.method, readme_tables.without_first_segment(one.path))
        )
    assert {name: what for name, what in meant.items() if len(what) > 1} == {}


LINKS = [
    pytest.param(page, target, id=f"{page.relative_to(ROOT)}: {target}")
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("app/**/README.md")]
    if "fixtures" not in page.parts
    for target in re.findall(r"\]\(([\w./-]+)(?:#[\w-]*)?\)", page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("page", "target"), LINKS)
def test_a_link_leads_to_a_file(page: Path, target: str) -> None:
    assert (page.parent / target).exists()


def test_the_methods_are_those_of_the_client(demo: Server) -> None:
    named = set(re.findall(r"`\.(\w+)", PAGES["pytest.md"]))
    account = demo.client.create()
    assert {method for method in named if not hasattr(account, method)} == set()
    assert {"record", "freeze", "fail", "requests"} < named
