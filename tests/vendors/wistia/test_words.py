"""Wistia: ids and vocabulary, both ways."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some

from playhead import Server
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.vendors.wistia import WISTIA, words
from playhead.world import reference

NUMBERS = [0, 1, 29, 2**24 + 5, 2**33, 2**33 + 7, 2**34 - 1]
KEY = re.compile(r"[0-9a-z]{7}_[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}-[0-9a-f]{9}-[0-9a-f]{12}-[0-9a-f]{4}")


@pytest.fixture(scope="module")
def unnamed(empty: Server) -> Iterator[Naming]:
    """A world in which nothing was given an id."""
    with empty.emulator.store.snapshot() as connection:
        yield Naming(Reading(connection, empty.emulator.account("words"), WISTIA.sight), words.NAME)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("kind", ["video", "project"])
def test_hashed_ids_lead_back(unnamed: Naming, kind: str, number: int) -> None:
    id_ = words.hashed_id(kind, number)
    assert re.fullmatch("[0-9a-z]{10}", id_)
    assert words.entity(unnamed, kind, id_) == number


@pytest.mark.parametrize("number", [0, 1, 29, 2**24 + 5, 2**33, 2**33 + 7])
@pytest.mark.parametrize("kind", ["video", "project"])
def test_numeric_ids_lead_back(unnamed: Naming, kind: str, number: int) -> None:
    id_ = str(words.numeric_id(kind, number))
    assert re.fullmatch("[0-9]{9}", id_)
    assert words.entity(unnamed, kind, id_) == number


def test_ids_of_the_two_kinds_differ() -> None:
    assert words.hashed_id("video", 1) != words.hashed_id("project", 1)
    assert words.numeric_id("video", 1) != words.numeric_id("project", 1)


@pytest.mark.parametrize("given", [["abc", "12"], ["12", "abc"]])
def test_given_ids_win_each_in_its_form(given: list[str]) -> None:
    assert (words.hashed_id("video", 5, given), words.numeric_id("video", 5, given)) == ("abc", 12)


def test_ten_digits_are_a_hashed_id() -> None:
    assert words.hashed_id("video", 5, ["0123456789"]) == "0123456789"
    assert words.numeric_id("video", 5, ["0123456789"]) == words.numeric_id("video", 5)


@pytest.mark.parametrize("text", ["", "x", "zzzzzzzzzz", "993554BA94", "99999999", "99999999999", "-1", "999999999", "99355 ba94", "٣٣٣٣٣٣٣٣٣", "0" * 400])
def test_other_texts_are_no_ids(unnamed: Naming, text: str) -> None:
    assert words.entity(unnamed, "video", text) is None


@pytest.mark.parametrize("number", [*NUMBERS, 2**58])
@pytest.mark.parametrize("kind", ["viewer", "viewing"])
def test_keys_lead_back_and_have_the_form_of_today(unnamed: Naming, kind: str, number: int) -> None:
    key = words.key(kind, number)
    assert KEY.fullmatch(key) and len(key) == 72
    assert words.number_behind(unnamed, kind, key) == number


def test_a_visitors_key_is_no_events(unnamed: Naming) -> None:
    assert words.number_behind(unnamed, "viewing", words.key("viewer", 1)) is None


@given(place=some.integers(0, 71), character=some.sampled_from("0123456789abcdefg-_A"))
def test_a_key_with_one_other_character_names_nothing(unnamed: Naming, place: int, character: str) -> None:
    key = words.key("viewing", 12345)
    changed = key[:place] + character + key[place + 1 :]
    assert words.number_behind(unnamed, "viewing", changed) == (12345 if changed == key else None)


@pytest.mark.parametrize("text", ["", "v20150225_58a3cd55-4cbc-4d2a-8c25-53e93a26f3c5", "x" * 72, "1390862572596e0.8447021404281259"])
def test_other_texts_are_no_keys(unnamed: Naming, text: str) -> None:
    assert words.number_behind(unnamed, "viewing", text) is None


def test_a_given_key_wins() -> None:
    assert words.key("viewing", 5, ["1390862572596e0.8447021404281259", "z"]) == "1390862572596e0.8447021404281259"


@pytest.mark.parametrize("number", [0, 1, 2**50 - 1])
def test_public_tokens_lead_back(number: int) -> None:
    token = words.public_token(number)
    assert re.fullmatch("[0-9a-z]{10}", token)
    assert words.account_number(token) == number


@pytest.mark.parametrize("text", ["", "0", "zzzzzzzzzz", "P5J1MNPAKV", "p5j1mnpak-"])
def test_other_texts_are_no_public_tokens(text: str) -> None:
    assert words.account_number(text) is None


@pytest.mark.parametrize(("code", "name"), [("chrome_ios", "Chrome"), ("edge", "Microsoft Edge"), ("safari_mobile", "Safari"), ("lynx", "Unknown Browser")])
def test_browsers(code: str, name: str) -> None:
    assert words.browser(code) == name


@pytest.mark.parametrize(("version", "major"), [("124.0", "124"), ("17.4", "17"), ("9", "9"), ("unknown", "0"), ("", "0")])
def test_browser_versions_are_text(version: str, major: str) -> None:
    assert words.browser_version(version) == major


@pytest.mark.parametrize(("code", "name"), [("ios", "iOS (iPhone)"), ("ipados", "iOS (iPad)"), ("windows", "Windows"), ("beos", "Unknown")])
def test_platforms(code: str, name: str) -> None:
    assert words.platform(code) == name


def test_only_televisions_and_consoles_have_no_name() -> None:
    assert {device.type for device in reference.devices() if words.browser(device.browser) == "Unknown Browser"} == {"tv", "console"}
    assert {device.type for device in reference.devices() if words.platform(device.os) == "Unknown"} == {"console"}


def test_instants_have_milliseconds_or_an_offset() -> None:
    assert words.stamp(1_380_000_000) == "2013-09-24T05:20:00.000Z"
    assert words.catalogue_stamp(1_380_000_000) == "2013-09-24T05:20:00+00:00"
