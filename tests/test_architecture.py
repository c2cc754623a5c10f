"""docs/architecture.md is true: a traced request and a traced recording take the steps it lists."""

import re
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import httpx
import pytest

from playhead import Server
from tests.worlds import NOW_TEXT

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "app" / "playhead"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
STEP = re.compile(r"^\d+\. `([\w/]+\.py)` `([\w.]+)`", re.MULTILINE)
MAY = {"date_from": "2024-05-01", "date_to": "2024-05-31"}

Step = tuple[str, str]
"""A file below app/playhead, and a function in it."""


def documented_steps(heading: str) -> list[Step]:
    """The numbered steps under a heading of the page."""
    _, _, section = PAGE.partition(f"## {heading}\n")
    return STEP.findall(section.partition("\n## ")[0])


@contextmanager
def traced_calls() -> Iterator[list[Step]]:
    """The package's functions in the order of their calls, in all threads started meanwhile."""
    calls: list[Step] = []

    def note(frame: FrameType, event: str, _argument: object) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(str(PACKAGE)):
            name = frame.f_code.co_qualname.replace(".<locals>", "")
            calls.append((str(Path(file).relative_to(PACKAGE)), name))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def missing_step(steps: Sequence[Step], calls: Sequence[Step]) -> Step | None:
    """The first step that does not follow the ones before it."""
    position = 0
    for step in steps:
        try:
            position = calls.index(step, position) + 1
        except ValueError:
            return step
    return None


def request_countries(server: Server, key: str) -> None:
    headers = {"Authorization": f"APIKey {key}"}
    url = f"{server.url}/streaming/statistics/countries"
    assert httpx.get(url, params=MAY, headers=headers).status_code == 200


def record_viewing(server: Server, key: str) -> None:
    account = server.client.create(name=key)
    media = account.create_media("talk", duration=100)
    account.record(media, played=[(0, 20)])


WALKS = {"One request": request_countries, "One recording": record_viewing}


@pytest.mark.parametrize("heading", WALKS)
def test_the_documented_steps_are_taken_in_order(heading: str) -> None:
    steps = documented_steps(heading)
    assert len(steps) >= 8
    with traced_calls() as calls, Server(scenario="empty", now=NOW_TEXT) as server:
        WALKS[heading](server, "traced")
    assert missing_step(steps, calls) is None


def test_steps_in_another_order_are_noticed() -> None:
    calls = [("a.py", "f"), ("b.py", "g")]
    assert missing_step([("b.py", "g"), ("a.py", "f")], calls) == ("a.py", "f")
