"""Ids and vocabulary."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import playhead
from playhead.storage.tables import NUMBER_BITS
from playhead.vendors.apivideo import ids, vocabulary

KINDS = sorted(ids.PREFIXES)
DEVICES = list(
    csv.DictReader(
        (Path(playhead.__file__).parent / "fixtures" / "devices.csv").read_text().splitlines()
    )
)


@given(kind=st.sampled_from(KINDS), number=st.integers(0, (1 << NUMBER_BITS) - 1))
def test_an_id_leads_back_to_its_number(kind: str, number: int) -> None:
    text = ids.id_of(kind, number)
    assert re.fullmatch(ids.PREFIXES[kind] + "[1-7][0-9A-Za-z]{21}", text)
    assert ids.number_of(kind, text) == number


def test_all_first_digits_occur() -> None:
    assert {ids.id_of("viewing", number)[2] for number in range(200)} == set("1234567")


def test_an_id_that_was_given_is_the_id() -> None:
    assert ids.id_of("video", 3, ["vi4k0jvEUuaTdRAEjQ4Prklg"]) == "vi4k0jvEUuaTdRAEjQ4Prklg"


def test_the_two_letters_say_nothing() -> None:
    assert ids.number_of("video", "xx" + ids.id_of("live", 7)[2:]) == 7


def test_a_session_is_no_video() -> None:
    assert ids.number_of("video", ids.id_of("viewing", 7)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "vi",
        "vi0",
        "vi" + "0" * 22,
        "vi" + "1" * 22,
        "vi" + "z" * 22,
        "vi" + "é" * 22,
        "vi" + "1" * 23,
    ],
)
def test_what_was_never_made_is_no_id(text: str) -> None:
    assert ids.number_of("video", text) is None


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device["number"])
def test_every_device_has_words(device: dict[str, str]) -> None:
    assert vocabulary.SESSION_DEVICES[device["type"]] in (
        "desktop",
        "mobile",
        "tablet",
        "tv",
        "console",
    )
    assert vocabulary.BROWSERS[device["browser"]]
    assert all(vocabulary.operating_system(device["os"], device["os_version"]))
    assert vocabulary.DEVICE_TYPES[device["type"]] in (
        "computer",
        "phone",
        "tablet",
        "tv",
        "console",
    )
    assert (
        vocabulary.OPERATING_SYSTEMS[device["os"]]
        == vocabulary.OPERATING_SYSTEMS[device["os"]].lower()
    )
    assert vocabulary.BROWSER_FAMILIES[device["browser"]]


@pytest.mark.parametrize(("ours", "theirs"), [("EU", "EU"), ("OC", "AZ"), ("AN", "AN")])
def test_a_continent_in_words(ours: str, theirs: str) -> None:
    assert vocabulary.CONTINENTS[ours] == theirs


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
    assert vocabulary.operating_system(code, version) == said


def test_an_instant_in_words() -> None:
    assert vocabulary.format_atom(1561376701) == "2019-06-24T11:45:01+00:00"
