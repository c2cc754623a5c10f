"""Generated worlds are kept, and the next start copies them."""

import os
from pathlib import Path

import pytest

from playhead.emulator import Emulator
from playhead.settings import Settings
from playhead.world.summary import WorldSummary
from tests.worlds import NOW_TEXT


class CountingProgress:
    """Counts the days that were generated."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, _done: int, _of: int) -> None:
        self.count += 1


def start_emulator(**settings: object) -> tuple[WorldSummary, int]:
    """A start's world, and how many days it had to generate."""
    days = CountingProgress()
    emulator = Emulator.open(
        Settings.load({"scenario": "demo", "viewings": 300, "now": NOW_TEXT, **settings}),
        progress=days,
    )
    try:
        return emulator.world_summary(), days.count
    finally:
        emulator.close()


def test_the_second_start_copies(tmp_path: Path) -> None:
    first = start_emulator(cache=tmp_path)
    second = start_emulator(cache=tmp_path)
    assert second[0] == first[0]
    assert (first[1], second[1]) == (98, 0)


@pytest.mark.parametrize(
    "other",
    [{"seed": 2}, {"viewings": 400}, {"scenario": "empty"}],
    ids=["seed", "size", "scenario"],
)
def test_another_world_is_another_file(tmp_path: Path, other: dict[str, object]) -> None:
    start_emulator(cache=tmp_path)
    kept = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    start_emulator(cache=tmp_path, **other)
    assert len(list(tmp_path.iterdir())) == 2
    assert {name: (tmp_path / name).read_bytes() for name in kept} == kept


def test_what_happens_in_a_store_does_not_reach_the_cache(tmp_path: Path) -> None:
    start_emulator(cache=tmp_path)
    (kept,) = tmp_path.iterdir()
    before = kept.read_bytes()
    emulator = Emulator.open(
        Settings.load({"viewings": 300, "now": "2025-02-01", "cache": tmp_path})
    )
    emulator.open_account("someone")
    emulator.close()
    assert [file.name for file in tmp_path.iterdir()] == [kept.name]
    assert kept.read_bytes() == before


def test_a_named_store_begins_as_a_copy_too(tmp_path: Path) -> None:
    cache = tmp_path / "worlds"
    start_emulator(cache=cache)
    assert start_emulator(cache=cache, store=f"sqlite:///{tmp_path}/a.db")[1] == 0


def test_a_named_store_is_opened_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    first = start_emulator(cache=tmp_path / "worlds", store=url)
    assert start_emulator(cache=tmp_path / "elsewhere", store=url) == (first[0], 0)


@pytest.mark.parametrize("where", ["nowhere", "file"])
def test_without_a_usable_cache_directory_it_starts_all_the_same(
    tmp_path: Path, where: str
) -> None:
    (tmp_path / "file").write_text("no directory")
    cache = tmp_path / "file" if where == "file" else Path(os.devnull) / "nothing"
    assert start_emulator(cache=cache) == (start_emulator(cache=tmp_path / "good")[0], 98)


def test_what_a_broken_start_left_is_no_hindrance(tmp_path: Path) -> None:
    whole = start_emulator(cache=tmp_path / "a")[0]
    (name,) = (file.name for file in (tmp_path / "a").iterdir())
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / name.replace(".sqlite", f".{os.getpid()}.part")).write_bytes(b"half")
    assert start_emulator(cache=tmp_path / "b")[0] == whole


def test_a_kept_file_that_is_spoiled_is_made_anew(tmp_path: Path) -> None:
    whole = start_emulator(cache=tmp_path)[0]
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"This is no database any more.")
    assert start_emulator(cache=tmp_path) == (whole, 98)
