"""The bench: its cheapest part prints its rows, no operation is left unmeasured, a missed aim is
marked.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.operations import OPERATIONS
from bench.table import Aim, Figure, table
from playhead.gateway.vendor import Vendor
from playhead.vendors import VENDORS
from tools.export_openapi.document import build_document

REPOSITORY = Path(__file__).parents[1]


def test_quick_starts_are_printed_beside_their_baseline() -> None:
    line = [sys.executable, "-m", "bench", "--quick", "--only", "startup"]
    lines = subprocess.run(
        line, cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=120
    ).stdout.splitlines()
    names = [re.split(r"  +", line)[0] for line in lines]
    ours = "playhead serve, from the cache"
    theirs = ["bare Starlette", "FastAPI and SQLAlchemy, imported"]
    assert names[1:-1] == [
        "figure",
        *(
            f"{what}: {name}"
            for what in ("first answer", "resident memory")
            for name in (*theirs, ours)
        ),
        "first answer: playhead serve, first ever",
    ]


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_every_operation_is_measured(vendor: Vendor) -> None:
    there_are = {
        _plain(path) for path in build_document(vendor)["paths"] if "/webinars/" not in path
    }  # Wistia's, of which there are none: no answer to measure
    assert {
        _plain(operation.path) for operation in OPERATIONS if operation.vendor == vendor.name
    } == there_are


def _plain(path: str) -> str:
    """A path without the names of its parts; both prefixes of Wistia's statistics take turns."""
    return re.sub(r"\{\w+\}", "{}", re.sub(r"^/(\{prefix\}|v1|modern)/stats/", "/stats/", path))


@pytest.mark.parametrize(
    ("aim", "marked"),
    [
        pytest.param(Aim(3), False, id="met"),
        pytest.param(Aim(1), True, id="too much"),
        pytest.param(Aim(3, "≥"), True, id="too little"),
        pytest.param(Aim(1.5, of_ratio=True), True, id="too much against the baseline"),
        pytest.param(None, False, id="reported"),
    ],
)
def test_a_missed_aim_is_marked(aim: Aim | None, marked: bool) -> None:
    printed = table([Figure("steps", "", "s", [1, 2, 9], baseline=1, aim=aim)])
    assert printed.endswith("MISSED") == marked
