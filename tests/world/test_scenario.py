"""Scenarios: what a file may say, and how a broken one is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from playhead.domain.clock import DAY
from playhead.domain.errors import UserError
from playhead.world.scenario.loader import builtin_names, load
from playhead.world.scenario.schema import Scenario, ScenarioModel, parse

FULL_SCENARIO = """\
name: small
pages:
  - url: https://www.example.com/
projects:
  - title: Shelf
    media:
      - title: Bread
        duration: "1:40"
        ids: {gcore: "7"}
      - title: Butter
        duration: 20
      - title: Both
        kind: playlist
        items: [Bread, Butter]
viewers:
  - ref: ana
    ip: 192.0.2.1
    city: Lyon
viewings:
  - media: Bread
    viewer: ana
    at: -3d 12:00
    played: [[0, 100], [10, 20, 5]]
"""

# What is changed in WHOLE, the line that is to blame then, and what is said of it.
INVALID_SCENARIOS = {
    "an unclosed bracket": (
        "items: [Bread, Butter]",
        "items: [Bread, Butter",
        15,
        "did not find expected",
    ),
    "a tab": ("    ip: 192", "\tip: 192", 17, "found a tab character"),
    "a control character": ("title: Butter", "title: But\x07ter", 10, "characters are not allowed"),
    "an unknown key": (
        "city: Lyon",
        "city: Lyon\n    town: Lyon",
        19,
        "viewers.0.town: Extra inputs are not permitted",
    ),
    "a key misspelt": ("duration: 20", "lenght: 20", 11, "lenght: Extra inputs are not permitted"),
    "text for a list": (
        "items: [Bread, Butter]",
        "items: Bread",
        14,
        "projects.0.media.2.items: Input should be a valid tuple",
    ),
    "text for a duration": (
        "duration: 20",
        "duration: long",
        11,
        "a duration is written 4:32, 1:02:03 or as a number of seconds",
    ),
    "text for a number": (
        "title: Butter",
        "title: Butter\n        weight: much",
        11,
        "weight: Input should be a valid integer",
    ),
    "too great a number": (
        "title: Butter",
        "title: Butter\n        retention: 101",
        11,
        "retention: Input should be less than or equal to 100",
    ),
    "no name": ("name: small", "description: small", 1, "name: Field required"),
    "a time of day that is none": (
        "-3d 12:00",
        "-3d 24:00",
        22,
        "a time of day is written 18:30 or 18:30:05",
    ),
    "a date for a moment": ("-3d 12:00", "2024-05-01", 22, "a moment is written -10d 12:00"),
    "a moment before the world": (
        "-3d 12:00",
        "-92d",
        22,
        "Input should be greater than or equal to",
    ),
    "an address that is none": (
        "192.0.2.1",
        "192.0.2.256",
        17,
        "viewers.0.ip: String should match pattern",
    ),
    "a video without duration": ("        duration: 20\n", "", 10, "a video needs `duration`"),
    "a video with items": (
        "duration: 20",
        "duration: 20\n        items: [Bread]",
        10,
        "only a playlist has `items`",
    ),
    "two media of one title": (
        "title: Butter",
        "title: Bread",
        10,
        "two media have the same title: 'Bread'",
    ),
    "two viewers of one ref": (
        "viewers:",
        "viewers:\n  - {ref: ana, ip: 192.0.2.2, city: Lyon}",
        17,
        "two viewers have the same ref: 'ana'",
    ),
    "one id for two videos": (
        "duration: 20",
        "duration: 20\n        ids: {gcore: 7}",
        12,
        "two of a kind have the same id: 'gcore video 7'",
    ),
    "a playlist item without video": (
        "[Bread, Butter]",
        "[Bread, Jam]",
        14,
        "a playlist item names no video: 'Jam'",
    ),
    "a viewing of nothing": ("media: Bread", "media: Jam", 20, "a viewing names no media: 'Jam'"),
    "a viewing by nobody": (
        "viewer: ana",
        "viewer: bo",
        21,
        "viewings.0.viewer: a viewing names no viewer: 'bo'",
    ),
    "a viewing on no page": (
        "viewer: ana",
        "viewer: ana\n    page: https://shop.example.com/",
        22,
        "a viewing names no page",
    ),
    "a stretch backwards": (
        "[0, 100]",
        "[100, 0]",
        23,
        "a stretch [100, 0] goes from a position to a later one",
    ),
    "a stretch of one number": ("[0, 100]", "[100]", 23, "viewings.0.played.0.1: Field required"),
    "a stretch after the end": (
        "[0, 100]",
        "[0, 101]",
        23,
        "a viewing goes on after the end of its video, at 100 s",
    ),
    "a city that is not there": (
        "city: Lyon",
        "city: Atlantis",
        18,
        "viewers.0.city: there is no such city: 'Atlantis'",
    ),
    "a device that is not there": (
        "city: Lyon",
        "city: Lyon\n    device: 999",
        19,
        "viewers.0.device: there is no such device: 999",
    ),
    "a locale that is not there": (
        "name: small",
        "name: small\nlocales: [en_US, tlh]",
        2,
        "nobody is frozen for the locale: 'tlh'",
    ),
    "traffic without viewers": (
        "name: small",
        "name: small\naudience:\n  viewings: 10",
        3,
        "an audience with viewings needs viewers",
    ),
}


def error_message(text: str) -> str:
    with pytest.raises(UserError) as caught:
        parse(text, name="small.yaml")
    return str(caught.value)


def keys(part: type[ScenarioModel]) -> Iterator[str]:
    """All keys of a part and of the parts in it."""
    for key, field in part.model_fields.items():
        yield key
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, ScenarioModel):
                yield from keys(inner)


@pytest.mark.parametrize("name", builtin_names())
def test_a_shipped_scenario_parses_under_its_own_name(name: str) -> None:
    assert parse(load(name).text, name=name).name == name


def test_four_scenarios_ship() -> None:
    assert builtin_names() == ["demo", "documented", "empty", "example"]


def test_the_example_shows_every_key() -> None:
    text = load("example").text
    assert {key for key in keys(Scenario) if f"{key}:" not in text} == set()


def test_a_whole_file_says_what_it_means() -> None:
    scenario = parse(FULL_SCENARIO, name="small.yaml")
    bread, butter, both = scenario.media
    assert (bread.duration, butter.duration, both.items) == (100_000, 20_000, ("Bread", "Butter"))
    assert bread.ids == {"gcore": ["7"]}
    assert scenario.viewings[0].at == -3 * DAY + 12 * 3600
    assert scenario.viewings[0].played == ((0, 100), (10, 20, 5))


@pytest.mark.parametrize(
    ("right", "wrong", "line", "reason"), INVALID_SCENARIOS.values(), ids=INVALID_SCENARIOS
)
def test_a_broken_file_is_refused_with_file_line_and_reason(
    right: str, wrong: str, line: int, reason: str
) -> None:
    assert FULL_SCENARIO.count(right) == 1
    told = error_message(FULL_SCENARIO.replace(right, wrong))
    assert told.startswith(f"small.yaml:{line}: ")
    assert reason in told
    assert "\n" not in told


@pytest.mark.parametrize(
    "text",
    ["", "- a list", "just words", "name: 2024-13-45"],
    ids=["nothing", "a list", "words", "a day that is none"],
)
def test_a_file_that_is_no_scenario_is_refused_in_one_line(text: str) -> None:
    assert error_message(text).startswith("small.yaml:")
    assert "\n" not in error_message(text)


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [
        ("4:32", 272_000),
        ('"4:32"', 272_000),
        ("1:02:03", 3_723_000),
        ("4:32.5", 272_500),
        ('"4:32.125"', 272_125),
        ("45", 45_000),
        ("0.5", 500),
    ],
)
def test_a_duration_may_be_written_as_people_do(written: str, milliseconds: int) -> None:
    scenario = parse(
        FULL_SCENARIO.replace("duration: 20", f"duration: {written}"), name="small.yaml"
    )
    assert scenario.media[1].duration == milliseconds


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("mon 00:00", 0), ("tue 18:30", DAY + 18 * 3600 + 1800), ("sun 23:59:59", 7 * DAY - 1)],
)
def test_a_broadcast_every_week_is_told_by_weekday_and_time(written: str, seconds: int) -> None:
    live = (
        f"projects: [{{title: Shelf, media: [{{title: Air, kind: live, broadcasts: "
        f"[{{every: {written}, minutes: 5}}]}}]}}]"
    )
    assert parse(f"name: small\n{live}", name="small.yaml").media[0].broadcasts[0].every == seconds


def test_an_unknown_name_lists_those_that_ship() -> None:
    with pytest.raises(
        UserError,
        match=(
            r"scenario='deno': there is no such scenario or file; these ship with Playhead: "
            r"demo, documented, empty, example$"
        ),
    ):
        load("deno")


def test_a_path_is_a_scenario_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(FULL_SCENARIO, encoding="utf-8")
    source = load(str(path))
    assert (source.name, source.text) == (str(path), FULL_SCENARIO)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["a directory", "not UTF-8"])
def test_what_cannot_be_read_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(
        UserError, match=r"these ship with Playhead: demo, documented, empty, example$"
    ):
        load(str(path))


def test_another_text_has_another_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(FULL_SCENARIO, encoding="utf-8")
    first = load(str(path)).fingerprint
    path.write_text(FULL_SCENARIO + "# more\n", encoding="utf-8")
    assert load(str(path)).fingerprint != first
