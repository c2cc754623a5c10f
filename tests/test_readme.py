"""The README is true: its examples answer what they show, its tables are the code's."""

import re
import shlex
from pathlib import Path

import httpx
import pytest

from playhead import Server
from playhead.openapi import document
from playhead.settings import Settings, variable
from playhead.vendors import VENDORS
from tests.worlds import NOW_TEXT

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ (curl .*)\n(.*)\n```", README)


def rows(heading: str) -> list[list[str]]:
    """The cells of the table whose head begins so."""
    _, _, after = README.partition(f"| {heading} |")
    lines = after.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def test_there_is_an_example_for_each_vendor() -> None:
    paths = [shlex.split(command)[-1].removeprefix("http://127.0.0.1:8000") for command, _ in EXAMPLES]
    whose = [next(vendor.name for vendor in VENDORS if path.startswith(vendor.roots)) for path in paths]
    assert whose == [vendor.name for vendor in VENDORS]


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[shlex.split(command)[-1] for command, _ in EXAMPLES])
def test_an_example_answers_what_is_shown(demo: Server, web: httpx.Client, command: str, shown: str) -> None:
    answer = curl(web, command.replace("http://127.0.0.1:8000", demo.url))
    start, ellipsis, _ = shown.partition("…")
    assert (answer[: len(start)] if ellipsis else answer) == start


def curl(web: httpx.Client, command: str) -> str:
    """What curl would print: no curl is needed to test."""
    _, flag, value, url = shlex.split(command)
    if flag == "-u":
        return web.get(url, auth=(value.partition(":")[0], value.partition(":")[2])).text
    name, _, text = value.partition(": ")
    assert flag == "-H"
    return web.get(url, headers={name: text}).text


def test_the_frozen_instant_is_the_one_of_the_tests() -> None:
    assert f"ARGS='--now {NOW_TEXT}' make run" in README


def test_the_python_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+\n", capsys.readouterr().out)


def test_the_operations_are_the_routes() -> None:
    told = set()
    for vendor, operation, _ in rows("vendor"):
        method, path = operation.replace("`", "").split(" ")
        told |= {(vendor, method.lower(), path.replace("{v1,modern}", version)) for version in ("v1", "modern")}
    routes = {(vendor.name, method, path) for vendor in VENDORS for path, methods in document(vendor)["paths"].items() for method in methods}
    assert told == routes


def test_the_settings_are_the_codes() -> None:
    expected = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "") or field.default_factory else f"`{field.default}`"
        expected.append([f"`--{name.replace('_', '-')}`" if name != "cache" else "", f"`{variable(name)}`", default, str(field.description)])
    assert rows("option") == expected


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"\]\((\w[\w./]*)\)|`((?:fixtures|openapi)/[\w./]*)`", README)
    assert [name for pair in named for name in pair if name and not (Path(__file__).parents[1] / name).exists()] == []
