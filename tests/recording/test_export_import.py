"""What is exported from one account and imported into another:

nothing lost, nothing else taken, on either store.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from playhead.domain.clock import FrozenClock
from playhead.domain.errors import ConflictError
from playhead.domain.media import PromptKind
from playhead.domain.playback import Prompt
from playhead.emulator import Emulator
from playhead.recording import export_import
from playhead.recording.inputs import ItemError, NewMedia, NewViewing
from playhead.recording.session import ALL_VISIBLE
from playhead.recording.viewings import delete_viewing
from playhead.settings import Settings
from playhead.storage.tables import OVERLAY_BIT
from tests.analytics.world_sketches import CATALOG, WORLDS, ViewingSketch, record
from tests.postgresql import DatabaseFactory
from tests.recorder import Recording
from tests.worlds import DAY, NOW, NOW_TEXT, World, played_ranges, viewer

WorldFactory = Callable[[], World]
YESTERDAY = NOW - DAY


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def emulator(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Emulator]:
    """An emulator of nothing but what is recorded, on either store."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.sqlite'}"
    else:
        new_database: DatabaseFactory = request.getfixturevalue("new_postgresql_url")
        url = new_database()
    emulator = Emulator.open(
        Settings.load({"store": url, "scenario": "empty", "now": NOW_TEXT, "log": "off"})
    )
    yield emulator
    emulator.close()


@pytest.fixture(scope="module")
def account_names() -> Iterator[str]:
    """Names of accounts that nobody else has."""
    return (f"account {number}" for number in range(10**9))


def export_account(emulator: Emulator, name: str) -> list[bytes]:
    with emulator.snapshot(emulator.open_account(name), ALL_VISIBLE) as reading:
        return list(export_import.export_lines(reading))


def import_account(emulator: Emulator, name: str, lines: Sequence[bytes]) -> int:
    emulator.open_account(name)
    return export_import.import_(
        emulator.store,
        name,
        emulator.clock,
        [(f"line {number}", line) for number, line in enumerate(lines, 1)],
    )


def line_kinds(lines: Sequence[bytes]) -> list[str]:
    """What each line is of."""
    return [next(iter(json.loads(line))) for line in lines]


class RecordedAccount:
    """The account of that name, recorded into from Python."""

    def __init__(self, emulator: Emulator, name: str) -> None:
        self.emulator = emulator
        self.name = name
        self.recording = Recording(emulator.store, emulator.open_account(name))

    def export_lines(self) -> list[bytes]:
        """One or more of everything that can be recorded; its lines."""
        labels = {"b": "2", "a": "ü"}
        ids = {"wistia": ["z", "first"], "apivideo": ["psOne"]}
        prompts = [
            Prompt(PromptKind.form, 20, "Sign up", None),
            Prompt(PromptKind.call_to_action, 61, "More", "https://example.com/more"),
        ]
        described: dict[str, Any] = {
            "tags": ["t"],
            "labels": labels,
            "ids": {"gcore": ["7"]},
            "prompts": prompts,
            "source_bytes": 12_345_678_901,
        }
        new_clip = NewMedia("Clip", duration_ms=60_500, **described)
        clip, air = self.recording.media([new_clip, *CATALOG[3:4]])
        self.recording.media([NewMedia("Row", kind=CATALOG[6].kind, items=[clip, clip])])
        ana = viewer("ana", place=20, full_name="Ana", email="ana@example.com")
        stretches = played_ranges((0, 30), (20, 40, 5), (0, 60), at=YESTERDAY + 3)
        acted: dict[str, Any] = {"converts": [PromptKind.form], "labels": labels, "ids": ids}
        page = "https://example.com/"
        self.recording.viewings([NewViewing(clip, ana, YESTERDAY, stretches, page=page, **acted)])
        self.recording.viewings(
            [NewViewing(air, OVERLAY_BIT, YESTERDAY + 9), NewViewing(clip, viewer("bo"), NOW + DAY)]
        )
        return export_account(self.emulator, self.name)


def test_what_was_imported_is_exported_the_same(
    emulator: Emulator, account_names: Iterator[str]
) -> None:
    lines = RecordedAccount(emulator, next(account_names)).export_lines()
    into = next(account_names)
    assert import_account(emulator, into, lines) == len(lines) - 1
    assert export_account(emulator, into) == lines
    assert line_kinds(lines) == [
        "playhead",
        "project",
        *["media"] * 3,
        "page",
        "page",
        "viewer",
        "viewer",
        *["viewing"] * 3,
    ]


def test_either_store_exports_the_same(tmp_path: Path, postgresql_url: str) -> None:
    found = []
    for url in (f"sqlite:///{tmp_path / 'store.sqlite'}", postgresql_url):
        emulator = Emulator.open(
            Settings.load({"store": url, "scenario": "empty", "now": NOW_TEXT, "log": "off"})
        )
        found.append(RecordedAccount(emulator, "ana").export_lines())
        emulator.close()
    assert found[0] == found[1]


def test_a_number_that_was_given_before_is_not_given_after(
    emulator: Emulator, account_names: Iterator[str]
) -> None:
    name = next(account_names)
    into = next(account_names)
    arranged = RecordedAccount(emulator, name)
    arranged.export_lines()
    delete_viewing(emulator.store, name, OVERLAY_BIT + 2)
    import_account(emulator, into, export_account(emulator, name))
    again = NewViewing(OVERLAY_BIT, OVERLAY_BIT, YESTERDAY)
    assert [
        Recording(emulator.store, emulator.open_account(each)).viewings([again])
        for each in (name, into)
    ] == [[OVERLAY_BIT + 3]] * 2


def test_a_viewer_whose_viewing_was_deleted_is_carried_along(
    emulator: Emulator, account_names: Iterator[str]
) -> None:
    name = next(account_names)
    into = next(account_names)
    RecordedAccount(emulator, name).export_lines()
    for number in range(3):
        delete_viewing(emulator.store, name, OVERLAY_BIT + number)
    import_account(emulator, into, export_account(emulator, name))
    assert line_kinds(export_account(emulator, into)).count("viewer") == 2


def test_the_world_moves_to_the_week_that_was_exported(
    emulator: Emulator, account_names: Iterator[str]
) -> None:
    name = next(account_names)
    into = next(account_names)
    lines = RecordedAccount(emulator, name).export_lines()
    header = json.loads(lines[0])
    moved = json.dumps({**header, "anchor": header["anchor"] - 7 * DAY}).encode()
    import_account(emulator, into, [moved, *lines[1:]])
    assert emulator.accounts.get(into).anchor == header["anchor"] - 7 * DAY
    assert export_account(emulator, into)[1:] == lines[1:]


def test_the_longest_names_and_labels_are_carried(
    emulator: Emulator, account_names: Iterator[str]
) -> None:
    name = next(account_names)
    into = next(account_names)
    arranged = RecordedAccount(emulator, name)
    rare = "".join(
        chr(0x20000 + number * 37) for number in range(500)
    )  # four bytes each, and nothing that can be packed
    clip = arranged.recording.media([NewMedia("Clip", duration_ms=60_000)])[0]
    who = viewer("ana", full_name=rare[:200], email=rare[300:])
    arranged.recording.viewings([NewViewing(clip, who, YESTERDAY, labels={rare[:100]: rare})])
    import_account(emulator, into, export_account(emulator, name))
    assert export_account(emulator, into) == export_account(emulator, name)


# What is refused, and that nothing of it stays.


def with_values(line: int, **values: Any) -> Callable[[list[Any]], None]:
    """Another value in the thing of a line, counted from 1."""

    def change(said: list[Any]) -> None:
        thing = said[line - 1] if line == 1 else next(iter(said[line - 1].values()))
        thing.update(values)

    return change


def shifted_in_time(line: int) -> Callable[[list[Any]], None]:
    """The line at the end."""
    return lambda said: said.append(said.pop(line - 1))


PROJECT = 2
CLIP = 3
ROW = 5
PAGE = 6
ANA = 8
BO = 9
FIRST = 10
SECOND = 11
BAD_LINES: dict[str, tuple[Callable[[list[Any]], None], str]] = {
    "no header": (lambda said: said.pop(0), "line 1: playhead: Field required"),
    "of a later form": (with_values(1, playhead=2), "line 1: playhead: Input should be 1"),
    "of no Monday": (with_values(1, anchor=NOW), "line 1: the anchor is no Monday"),
    "fewer viewings than there are": (
        with_values(1, viewings=2),
        "line 1: there are more viewings than it says",
    ),
    "what is not known": (
        lambda said: said.append({"colour": {}}),
        "line 13: colour: Extra inputs are not permitted",
    ),
    "nothing": (
        lambda said: said.append({}),
        "line 13: Value error, a line is one of project, media",
    ),
    "two things": (
        lambda said: said[PAGE - 1].update(said[ANA - 1]),
        f"line {PAGE}: Value error, a line is one of",
    ),
    "a number twice": (
        lambda said: said.insert(3, said[2]),
        f"line 4: the number {OVERLAY_BIT} is none of those from {OVERLAY_BIT + 1} on",
    ),
    "a number of the world's own": (
        with_values(CLIP, number=7),
        f"line {CLIP}: the number 7 is none of those",
    ),
    "a number too high": (with_values(CLIP, number=OVERLAY_BIT * 2), f"line {CLIP}: the number"),
    "a media of no project": (
        shifted_in_time(PROJECT),
        f"line {PROJECT}: there is no project of number",
    ),
    "a viewer twice": (
        with_values(BO, ip="203.0.113.1"),
        f"line {BO}: there is a viewer at 203.0.113.1 with device 0 already",
    ),
    "a viewer on nothing": (
        with_values(BO, device=99),
        f"line {BO}: there is no device of number 99",
    ),
    "a page twice": (with_values(PAGE, url=None), f"line {PAGE + 1}: there is a page None already"),
    "an id twice": (
        with_values(SECOND, ids={"wistia": ["z"]}),
        f"line {SECOND}: another viewing has the id 'z' at wistia",
    ),
    "a viewing of nothing": (
        with_values(FIRST, media=OVERLAY_BIT + 9),
        f"line {FIRST}: there is no media of number",
    ),
    "a viewing by nobody": (
        with_values(FIRST, viewer=OVERLAY_BIT + 9),
        f"line {FIRST}: there is no viewer of number",
    ),
    "a viewing beyond the end": (
        with_values(FIRST, played=[[YESTERDAY, 0, 62]]),
        f"line {FIRST}: it goes on after the end of its media, at 61 s",
    ),
    "an instant in text": (
        with_values(FIRST, loaded_at="2024"),
        f"line {FIRST}: viewing.loaded_at: Input should be a valid integer",
    ),
}


@pytest.mark.parametrize(("spoil", "reason"), BAD_LINES.values(), ids=BAD_LINES.keys())
def test_one_bad_line_leaves_nothing(
    emulator: Emulator,
    account_names: Iterator[str],
    spoil: Callable[[list[Any]], None],
    reason: str,
) -> None:
    name = next(account_names)
    into = next(account_names)
    said = [json.loads(line) for line in RecordedAccount(emulator, name).export_lines()]
    spoil(said)
    with pytest.raises(ItemError) as refused:
        import_account(emulator, into, [json.dumps(line).encode() for line in said])
    assert str(refused.value).startswith(reason)
    assert emulator.accounts.get(into).overlay is None


def test_what_is_no_json_is_refused_by_its_line(
    emulator: Emulator, account_names: Iterator[str]
) -> None:
    lines = RecordedAccount(emulator, next(account_names)).export_lines()
    with pytest.raises(ItemError, match=r"^line 2: Invalid JSON"):
        import_account(emulator, next(account_names), [lines[0], b"\xff\xfe", *lines[1:]])
    with pytest.raises(ItemError, match=r"^line 1: Invalid JSON"):
        import_account(emulator, next(account_names), [])


def test_an_account_that_has_something_takes_no_import(
    emulator: Emulator, account_names: Iterator[str]
) -> None:
    name = next(account_names)
    lines = RecordedAccount(emulator, name).export_lines()
    with pytest.raises(ConflictError, match="there is something recorded in the account"):
        import_account(emulator, name, lines)
    assert export_account(emulator, name) == lines


def test_an_account_from_which_all_was_deleted_takes_an_import(
    emulator: Emulator, account_names: Iterator[str]
) -> None:
    name = next(account_names)
    into = next(account_names)
    lines = RecordedAccount(emulator, name).export_lines()
    import_account(emulator, into, [lines[0]])
    import_account(emulator, into, lines)
    assert export_account(emulator, into) == lines


@pytest.mark.parametrize(
    "other",
    [{"seed": 2}, {"size": 500}, {"fingerprint": "0"}, {"world_version": 99}],
    ids=lambda other: next(iter(other)),
)
def test_an_account_of_another_world_takes_no_import(
    emulator: Emulator, account_names: Iterator[str], other: dict[str, Any]
) -> None:
    header, *lines = RecordedAccount(emulator, next(account_names)).export_lines()
    with pytest.raises(ConflictError, match="it was exported from another world"):
        import_account(
            emulator,
            next(account_names),
            [json.dumps({**json.loads(header), **other}).encode(), *lines],
        )


def test_a_clock_beyond_the_exports_world_takes_no_import(
    emulator: Emulator, account_names: Iterator[str]
) -> None:
    lines = RecordedAccount(emulator, next(account_names)).export_lines()
    into = next(account_names)
    emulator.open_account(into)
    said = [(f"line {number}", line) for number, line in enumerate(lines, 1)]
    with pytest.raises(ConflictError, match="does not go with the account's clock"):
        export_import.import_(emulator.store, into, FrozenClock(NOW + 400 * DAY), said)


@pytest.mark.invariants
@given(sketched=WORLDS)
def test_every_world_survives_the_journey(
    new_world: WorldFactory, sketched: list[ViewingSketch]
) -> None:
    one = new_world()
    other = new_world()
    record(one, sketched)
    lines = export_account(one.server.emulator, one.key)
    assert import_account(other.server.emulator, other.key, lines) == len(lines) - 1
    assert export_account(other.server.emulator, other.key) == lines
    assert line_kinds(lines).count("viewing") == len(sketched)
