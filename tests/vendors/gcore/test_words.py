"""Gcore: ids, both ways."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some

from playhead import Server
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.vendors.gcore import GCORE, words

NUMBERS = [0, 1, 29, 2**22, 2**33, 2**33 + 7]


@pytest.fixture(scope="module")
def unnamed(empty: Server) -> Iterator[Naming]:
    """A world in which nothing was given an id."""
    with empty.emulator.store.snapshot() as connection:
        yield Naming(Reading(connection, empty.emulator.account("words"), GCORE.sight), words.NAME)


@pytest.mark.parametrize("kind", ["video", "live", "playlist"])
@pytest.mark.parametrize("number", NUMBERS)
def test_ids_lead_back(unnamed: Naming, kind: str, number: int) -> None:
    assert words.id_of(number) >= 100_000
    assert words.entity(unnamed, kind, str(words.id_of(number))) == number


@pytest.mark.parametrize("number", [*NUMBERS, 2**34 - 1])
def test_slugs_lead_back_to_videos_alone(unnamed: Naming, number: int) -> None:
    slug = words.slug_of(number)
    assert len(slug) == 22
    assert slug.isalnum()
    assert words.entity(unnamed, "video", slug) == number
    assert words.entity(unnamed, "live", slug) is None


@pytest.mark.laws
@given(some.integers(0, 2**22), some.integers(0, 2**22))
def test_no_two_numbers_share_an_id(one: int, other: int) -> None:
    assert (words.id_of(one) == words.id_of(other)) == (words.slug_of(one) == words.slug_of(other)) == (one == other)


@pytest.mark.laws
@given(some.text())
def test_any_text_is_an_id_or_none(unnamed: Naming, text: str) -> None:
    found = words.entity(unnamed, "video", text)
    assert found is None or text in (str(words.id_of(found)), words.slug_of(found)) or int(text) == words.id_of(found)


@pytest.mark.parametrize("text", ["", "x", "-1", "99999", "999999999", "²", "١٢٣٤٥٦٧", "0x10", "1e6", " 123456", "z" * 22, "é" * 22, "0" * 23, "1" * 400])
def test_other_texts_are_no_ids(unnamed: Naming, text: str) -> None:
    assert words.entity(unnamed, "video", text) is None


@pytest.mark.parametrize("fixed", [["slug", "12"], ["12", "slug"]])
def test_given_ids_win_each_in_its_form(fixed: list[str]) -> None:
    assert (words.id_of(5, fixed), words.slug_of(5, fixed)) == (12, "slug")


def test_what_was_not_given_is_made() -> None:
    assert words.id_of(5, ["slug"]) == words.id_of(5)
    assert words.slug_of(5, ["12"]) == words.slug_of(5)
