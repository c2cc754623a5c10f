"""Gcore: ids, both ways."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some

from playhead import Server
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.snapshot import Snapshot
from playhead.vendors.gcore import GCORE, ids, vocabulary

NUMBERS = [0, 1, 29, 2**22, 2**33, 2**33 + 7]


@pytest.fixture(scope="module")
def snapshot_without_aliases(empty: Server) -> Iterator[AliasResolver]:
    """A world in which nothing was given an id."""
    with empty.emulator.store.snapshot() as connection:
        yield AliasResolver(
            Snapshot(connection, empty.emulator.open_account("words"), GCORE.visibility),
            vocabulary.NAME,
        )


@pytest.mark.parametrize("kind", ["video", "live", "playlist"])
@pytest.mark.parametrize("number", NUMBERS)
def test_ids_lead_back(snapshot_without_aliases: AliasResolver, kind: str, number: int) -> None:
    assert ids.id_of(number) >= 100_000
    assert ids.number_of_id(snapshot_without_aliases, kind, str(ids.id_of(number))) == number


@pytest.mark.parametrize("number", [*NUMBERS, 2**34 - 1])
def test_slugs_lead_back_to_videos_alone(
    snapshot_without_aliases: AliasResolver, number: int
) -> None:
    slug = ids.slug_of(number)
    assert len(slug) == 22
    assert slug.isalnum()
    assert ids.number_of_id(snapshot_without_aliases, "video", slug) == number
    assert ids.number_of_id(snapshot_without_aliases, "live", slug) is None


@pytest.mark.invariants
@given(some.integers(0, 2**22), some.integers(0, 2**22))
def test_no_two_numbers_share_an_id(one: int, other: int) -> None:
    assert (
        (ids.id_of(one) == ids.id_of(other))
        == (ids.slug_of(one) == ids.slug_of(other))
        == (one == other)
    )


@pytest.mark.invariants
@given(some.text())
def test_any_text_is_an_id_or_none(snapshot_without_aliases: AliasResolver, text: str) -> None:
    found = ids.number_of_id(snapshot_without_aliases, "video", text)
    assert (
        found is None
        or text in (str(ids.id_of(found)), ids.slug_of(found))
        or int(text) == ids.id_of(found)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "-1",
        "99999",
        "999999999",
        "²",
        "١٢٣٤٥٦٧",
        "0x10",
        "1e6",
        " 123456",
        "z" * 22,
        "é" * 22,
        "0" * 23,
        "1" * 400,
    ],
)
def test_other_texts_are_no_ids(snapshot_without_aliases: AliasResolver, text: str) -> None:
    assert ids.number_of_id(snapshot_without_aliases, "video", text) is None


@pytest.mark.parametrize("fixed", [["slug", "12"], ["12", "slug"]])
def test_given_ids_win_each_in_its_form(fixed: list[str]) -> None:
    assert (ids.id_of(5, fixed), ids.slug_of(5, fixed)) == (12, "slug")


def test_what_was_not_given_is_made() -> None:
    assert ids.id_of(5, ["slug"]) == ids.id_of(5)
    assert ids.slug_of(5, ["12"]) == ids.slug_of(5)
