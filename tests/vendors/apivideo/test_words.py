"""Ids and vocabulary."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import playhead
from playhead.store.tables import NUMBER_BITS
from playhead.vendors.apivideo import words

KINDS = sorted(words.PREFIXES)
DEVICES = list(csv.DictReader((Path(playhead.__file__).parent / "fixtures" / "devices.csv").read_text().splitlines()))


@given(kind=st.sampled_from(KINDS), number=st.integers(0, (1 << NUMBER_BITS) - 1))
def test_an_id_leads_back_to_its_number(kind: str, number: int) -> None:
    text = words.id_of(kind, number)
    assert re.fullmatch(words.PREFIXES[kind] + "[1-7][0-9A-Za-z]{21}", text)
    assert words.number_of(kind, text) == number


def test_all_first_digits_occur() -> None:
    assert {words.id_of("viewing", number)[2] for number in range(200)} == set("1234567")


def test_an_id_that_was_given_is_the_id() -> None:
    assert words.id_of("video", 3, ["vi4k0jvEUuaTdRAEjQ4Prklg"]) == "vi4k0jvEUuaTdRAEjQ4Prklg"


def test_the_two_letters_say_nothing() -> None:
    assert words.number_of("video", "xx" + words.id_of("live", 7)[2:]) == 7


def test_a_session_is_no_video() -> None:
    assert words.number_of("video", words.id_of("viewing", 7)) is None


@pytest.mark.parametrize("text", ["", "vi", "vi0", "vi" + "0" * 22, "vi" + "1" * 22, "vi" + "z" * 22, "vi" + "é" * 22, "vi" + "1" * 23])
def test_what_was_never_made_is_no_id(text: str) -> None:
    assert words.number_of("video", text) is None


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device["number"])
def test_every_device_has_words(device: dict[str, str]) -> None:
    assert words.DEVICES[device["type"]] in ("desktop", "mobile", "tablet", "tv", "console")
    assert words.BROWSERS[device["browser"]]
    assert all(words.system(device["os"], device["os_version"]))
    assert words.DEVICE_TYPES[device["type"]] in ("computer", "phone", "tablet", "tv", "console")
    assert words.OPERATING_SYSTEMS[device["os"]] == words.OPERATING_SYSTEMS[device["os"]].lower()
    assert words.BROWSER_FAMILIES[device["browser"]]


@pytest.mark.parametrize(("ours", "theirs"), [("EU", "EU"), ("OC", "AZ"), ("AN", "AN")])
def test_a_continent_in_words(ours: str, theirs: str) -> None:
    assert words.CONTINENTS[ours] == theirs


@pytest.mark.parametrize(
    ("code", "version", "said"),
    [
        ("windows", "10", ("Microsoft Windows", "W10", "Windows10")),  # published
        ("windows", "11", ("Microsoft Windows", "W11", "Windows11")),
        ("ios", "17.4", ("iOS", "I17.4", "iOS17.4")),
        ("linux", "unknown", ("Linux", "unknown", "unknown")),
    ],
)
def test_an_operating_system_in_words(code: str, version: str, said: tuple[str, str, str]) -> None:
    assert words.system(code, version) == said


def test_an_instant_in_words() -> None:
    assert words.atom(1561376701) == "2019-06-24T11:45:01+00:00"
