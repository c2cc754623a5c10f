"""Wistia: ids and vocabulary, both ways."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some

from playhead import Server
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.snapshot import Snapshot
from playhead.vendors.wistia import WISTIA, ids, vocabulary
from playhead.world.generator import reference

NUMBERS = [0, 1, 29, 2**24 + 5, 2**33, 2**33 + 7, 2**34 - 1]
KEY = re.compile(
    r"[0-9a-z]{7}_[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}-[0-9a-f]{9}-[0-9a-f]{12}-[0-9a-f]{4}"
)


@pytest.fixture(scope="module")
def snapshot_without_aliases(empty: Server) -> Iterator[AliasResolver]:
    """A world in which nothing was given an id."""
    with empty.emulator.store.snapshot() as connection:
        yield AliasResolver(
            Snapshot(connection, empty.emulator.open_account("words"), WISTIA.visibility),
            vocabulary.NAME,
        )


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("kind", ["video", "project"])
def test_hashed_ids_lead_back(
    snapshot_without_aliases: AliasResolver, kind: str, number: int
) -> None:
    id_ = ids.hashed_id(kind, number)
    assert re.fullmatch("[0-9a-z]{10}", id_)
    assert ids.number_of_id(snapshot_without_aliases, kind, id_) == number


@pytest.mark.parametrize("number", [0, 1, 29, 2**24 + 5, 2**33, 2**33 + 7])
@pytest.mark.parametrize("kind", ["video", "project"])
def test_numeric_ids_lead_back(
    snapshot_without_aliases: AliasResolver, kind: str, number: int
) -> None:
    id_ = str(ids.numeric_id(kind, number))
    assert re.fullmatch("[0-9]{9}", id_)
    assert ids.number_of_id(snapshot_without_aliases, kind, id_) == number


def test_ids_of_the_two_kinds_differ() -> None:
    assert ids.hashed_id("video", 1) != ids.hashed_id("project", 1)
    assert ids.numeric_id("video", 1) != ids.numeric_id("project", 1)


@pytest.mark.parametrize("given", [["abc", "12"], ["12", "abc"]])
def test_given_ids_win_each_in_its_form(given: list[str]) -> None:
    assert (ids.hashed_id("video", 5, given), ids.numeric_id("video", 5, given)) == (
        "abc",
        12,
    )


def test_ten_digits_are_a_hashed_id() -> None:
    assert ids.hashed_id("video", 5, ["0123456789"]) == "0123456789"
    assert ids.numeric_id("video", 5, ["0123456789"]) == ids.numeric_id("video", 5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "zzzzzzzzzz",
        "993554BA94",
        "99999999",
        "99999999999",
        "-1",
        "999999999",
        "99355 ba94",
        "٣٣٣٣٣٣٣٣٣",
        "0" * 400,
    ],
)
def test_other_texts_are_no_ids(snapshot_without_aliases: AliasResolver, text: str) -> None:
    assert ids.number_of_id(snapshot_without_aliases, "video", text) is None


@pytest.mark.parametrize("number", [*NUMBERS, 2**58])
@pytest.mark.parametrize("kind", ["viewer", "viewing"])
def test_keys_lead_back_and_have_the_form_of_today(
    snapshot_without_aliases: AliasResolver, kind: str, number: int
) -> None:
    key = ids.record_key(kind, number)
    assert KEY.fullmatch(key) and len(key) == 72
    assert ids.number_of_record_key(snapshot_without_aliases, kind, key) == number


def test_a_visitors_key_is_no_events(snapshot_without_aliases: AliasResolver) -> None:
    assert (
        ids.number_of_record_key(snapshot_without_aliases, "viewing", ids.record_key("viewer", 1))
        is None
    )


@given(place=some.integers(0, 71), character=some.sampled_from("0123456789abcdefg-_A"))
def test_a_key_with_one_other_character_names_nothing(
    snapshot_without_aliases: AliasResolver, place: int, character: str
) -> None:
    key = ids.record_key("viewing", 12345)
    changed = key[:place] + character + key[place + 1 :]
    assert ids.number_of_record_key(snapshot_without_aliases, "viewing", changed) == (
        12345 if changed == key else None
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v20150225_58a3cd55-4cbc-4d2a-8c25-53e93a26f3c5",
        "x" * 72,
        "1390862572596e0.8447021404281259",
    ],
)
def test_other_texts_are_no_keys(snapshot_without_aliases: AliasResolver, text: str) -> None:
    assert ids.number_of_record_key(snapshot_without_aliases, "viewing", text) is None


def test_a_given_key_wins() -> None:
    assert (
        ids.record_key("viewing", 5, ["1390862572596e0.8447021404281259", "z"])
        == "1390862572596e0.8447021404281259"
    )


@pytest.mark.parametrize("number", [0, 1, 2**50 - 1])
def test_public_tokens_lead_back(number: int) -> None:
    token = ids.public_token(number)
    assert re.fullmatch("[0-9a-z]{10}", token)
    assert ids.decode_public_token(token) == number


@pytest.mark.parametrize("text", ["", "0", "zzzzzzzzzz", "P5J1MNPAKV", "p5j1mnpak-"])
def test_other_texts_are_no_public_tokens(text: str) -> None:
    assert ids.decode_public_token(text) is None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("chrome_ios", "Chrome"),
        ("edge", "Microsoft Edge"),
        ("safari_mobile", "Safari"),
        ("lynx", "Unknown Browser"),
    ],
)
def test_browsers(code: str, name: str) -> None:
    assert vocabulary.browser(code) == name


@pytest.mark.parametrize(
    ("version", "major"),
    [("124.0", "124"), ("17.4", "17"), ("9", "9"), ("unknown", "0"), ("", "0")],
)
def test_browser_versions_are_text(version: str, major: str) -> None:
    assert vocabulary.browser_version(version) == major


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ios", "iOS (iPhone)"),
        ("ipados", "iOS (iPad)"),
        ("windows", "Windows"),
        ("beos", "Unknown"),
    ],
)
def test_platforms(code: str, name: str) -> None:
    assert vocabulary.platform(code) == name


def test_only_televisions_and_consoles_have_no_name() -> None:
    assert {
        device.type
        for device in reference.devices()
        if vocabulary.browser(device.browser) == "Unknown Browser"
    } == {"tv", "console"}
    assert {
        device.type for device in reference.devices() if vocabulary.platform(device.os) == "Unknown"
    } == {"console"}


def test_instants_have_milliseconds_or_an_offset() -> None:
    assert vocabulary.format_timestamp(1_380_000_000) == "2013-09-24T05:20:00.000Z"
    assert vocabulary.format_iso(1_380_000_000) == "2013-09-24T05:20:00+00:00"
