"""Wistia: lists of media and folders by cursors instead of pages."""

import base64
from typing import Any

import httpx
import pytest

from tests.worlds import World

pytestmark = pytest.mark.covers("wistia.medias", "wistia.folders")

AGES = {
    "e": 1_300_000_000,
    "d": 1_100_000_000,
    "c": 1_200_000_000,
    "b": 1_100_000_000,
    "a": 1_400_000_000,
}


@pytest.fixture
def five_media(world: World) -> World:
    """Media from a to e by id; d and b are of one age."""
    for name, age in AGES.items():
        world.video(name, ids={"wistia": [str(ord(name)), name * 10]}, released_at=age)
    return world


def list_medias(world: World, web: httpx.Client, **parameters: Any) -> Any:
    """A list of media; a word before `cursor_` is meant in brackets."""
    query = {
        f"cursor[{name.removeprefix('cursor_')}]" if name.startswith("cursor_") else name: value
        for name, value in parameters.items()
    }
    return world.get(web, "wistia", "/modern/medias", **query)


def names(rows: list[dict[str, Any]]) -> str:
    return "".join(row["name"] for row in rows)


def test_a_record_has_a_cursor_only_where_cursors_are_asked_for(
    five_media: World, web: httpx.Client
) -> None:
    without, off, on = (
        list_medias(five_media, web, **query).json()
        for query in ({}, {"cursor_enabled": 0}, {"cursor_enabled": 1})
    )
    assert (
        without
        == off
        == [{name: value for name, value in row.items() if name != "cursor"} for row in on]
    )
    assert all(isinstance(row["cursor"], str) for row in on)
    assert len({row["cursor"] for row in on}) == 5


ORDERS = {
    "by id": ({}, "abcde"),
    "by id, descending": ({"sort_direction": "0"}, "edcba"),
    "by creation": ({"sort_by": "created"}, "bdcea"),
    "by creation, descending": ({"sort_by": "created", "sort_direction": "0"}, "aecdb"),
    "by an unknown word": ({"sort_by": "colour"}, "abcde"),
}


@pytest.mark.parametrize(("order", "expected"), ORDERS.values(), ids=ORDERS)
def test_forwards_and_back_again(
    five_media: World, web: httpx.Client, order: dict[str, str], expected: str
) -> None:
    first = list_medias(five_media, web, **order, cursor_enabled=1, per_page=2).json()
    second = list_medias(
        five_media, web, **order, cursor_after=first[-1]["cursor"], per_page=2
    ).json()
    third = list_medias(
        five_media, web, **order, cursor_after=second[-1]["cursor"], per_page=2
    ).json()
    assert [names(first), names(second), names(third)] == [
        expected[:2],
        expected[2:4],
        expected[4:],
    ]
    assert list_medias(five_media, web, **order, cursor_after=third[-1]["cursor"]).json() == []
    assert (
        list_medias(five_media, web, **order, cursor_before=third[0]["cursor"], per_page=2).json()
        == second
    )
    assert (
        list_medias(five_media, web, **order, cursor_before=second[0]["cursor"], per_page=9).json()
        == first
    )
    assert (
        names(
            list_medias(
                five_media,
                web,
                **order,
                cursor_after=first[0]["cursor"],
                cursor_before=third[0]["cursor"],
            ).json()
        )
        == expected[1:4]
    )


def test_a_cursor_is_not_moved_by_what_is_added(five_media: World, web: httpx.Client) -> None:
    first = list_medias(five_media, web, cursor_enabled=1, per_page=2).json()
    five_media.video("new", ids={"wistia": ["3", "newnewnewn"]})
    assert names(list_medias(five_media, web, cursor_after=first[-1]["cursor"]).json()) == "cde"


def test_folders_too(five_media: World, web: httpx.Client) -> None:
    rows = five_media.get(
        web, "wistia", "/modern/folders", **{"cursor[enabled]": "1", "sort_by": "updated"}
    ).json()
    assert [row["name"] for row in rows] == ["Recorded"]
    after = {"cursor[after]": rows[0]["cursor"], "sort_by": "updated"}
    assert five_media.get(web, "wistia", "/modern/folders", **after).json() == []


OF_CREATION = base64.urlsafe_b64encode(b'["created", 1, 1]').decode()
REFUSED = {
    "a made-up cursor": ({"cursor_after": "x"}, "cursor[after]"),
    "no base64": ({"cursor_before": "日本語"}, "cursor[before]"),
    "a very long one": ({"cursor_before": "W" * 5000}, "cursor[before]"),
    "one of another order": ({"cursor_after": OF_CREATION}, "cursor[after]"),
    "an order that has none": ({"cursor_enabled": 1, "sort_by": "name"}, "sort_by"),
    "another": ({"cursor_enabled": 1, "sort_by": "position"}, "sort_by"),
    "pages as well": ({"cursor_enabled": 1, "page": 1}, "page"),
}


@pytest.mark.parametrize(("query", "field"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(
    five_media: World, web: httpx.Client, query: dict[str, Any], field: str
) -> None:
    answer = list_medias(five_media, web, **query)
    assert (answer.status_code, answer.json()["error"]) == (400, "Bad request")
    assert [error.split(" ")[0] for error in answer.json()["errors"]] == [field]


def test_a_cursor_of_creation_goes_with_creation(five_media: World, web: httpx.Client) -> None:
    assert (
        names(list_medias(five_media, web, cursor_after=OF_CREATION, sort_by="created").json())
        == "bdcea"
    )


@pytest.mark.parametrize(
    "query",
    [{"cursor": "x"}, {"cursor_enabled": "yes"}, {"cursor_other": "1"}, {"cursor_after": ""}],
    ids=str,
)
def test_anything_else_is_no_cursor(
    five_media: World, web: httpx.Client, query: dict[str, str]
) -> None:
    assert list_medias(five_media, web, **query).json() == list_medias(five_media, web).json()


def test_v1_has_no_cursors(five_media: World, web: httpx.Client) -> None:
    assert (
        names(five_media.get(web, "wistia", "/v1/medias", **{"cursor[after]": "x"}).json())
        == "abcde"
    )
