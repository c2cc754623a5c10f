"""Wistia's analytics: who filled in a form of a media, part by part."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from playhead.domain.media import PromptKind
from playhead.domain.playback import Prompt
from playhead.vendors.wistia.ids import hashed_id
from tests.worlds import World, viewer

pytestmark = pytest.mark.covers("wistia.analytics_media_conversions")

FORM = PromptKind.form
JUNE = {"start_date": "2024-06-01", "end_date": "2024-06-05"}
GetJson = Callable[..., httpx.Response]


@pytest.fixture
def media_with_form(world: World) -> int:
    """A video with two forms at one second of it:

    five who fill in both, a day after the other, and one who was there before.
    """
    video = world.video(
        prompts=[Prompt(FORM, 5, "Ask us", None), Prompt(FORM, 5, "And your colleagues", None)]
    )
    for day, name in (
        ("05-31", "fay"),
        ("06-01", "ana"),
        ("06-02", "bo"),
        ("06-03", "cy"),
        ("06-04", "di"),
    ):
        who = viewer(name, full_name=f"{name.capitalize()} Of Test", email=f"{name}@example.com")
        world.watch(video, "", f"2024-{day}T08:00:00Z", (0, 6), viewer=who, converts=[FORM])
    return video


@pytest.fixture
def get_json(world: World, web: httpx.Client) -> GetJson:
    def get(media: int, **parameters: Any) -> httpx.Response:
        return world.get(
            web,
            "wistia",
            f"/modern/analytics/medias/{hashed_id('video', media)}/conversions",
            **{**JUNE, **parameters},
        )

    return get


def test_one_in_full(get_json: GetJson, media_with_form: int) -> None:
    """A form is filled in two seconds after it was shown, or when the viewing ends."""
    found = get_json(media_with_form, start_date="2024-06-04", per_page="1").json()
    assert found["data"] == [
        {
            "first_name": "Di",
            "last_name": "Of Test",
            "email": "di@example.com",
            "converted_at": "2024-06-04T08:00:06.000Z",
        }
    ]
    cursor = found["page_info"]["end_cursor"]
    assert found["page_info"] == {
        "has_next_page": True,
        "has_previous_page": False,
        "end_cursor": cursor,
        "start_cursor": cursor,
    }


@pytest.mark.parametrize("size", [1, 2, 3, 4, 8, 100])
def test_part_by_part_the_newest_first(get_json: GetJson, media_with_form: int, size: int) -> None:
    """Both forms of a viewing are told, though they were filled in at one instant."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    more = True
    while more:
        said = get_json(media_with_form, per_page=size, **cursor).json()
        assert said["page_info"]["has_previous_page"] is bool(found)
        found += [row["first_name"] for row in said["data"]]
        cursor = {"cursor": said["page_info"]["end_cursor"]}
        more = said["page_info"]["has_next_page"]
    assert found == ["Di", "Di", "Cy", "Cy", "Bo", "Bo", "Ana", "Ana"]


def test_nobody(get_json: GetJson, world: World) -> None:
    nothing = {
        "has_next_page": False,
        "has_previous_page": False,
        "end_cursor": None,
        "start_cursor": None,
    }
    assert get_json(world.video()).json() == {"data": [], "page_info": nothing}


def test_a_name_may_be_unknown(get_json: GetJson, world: World) -> None:
    video = world.video(prompts=[Prompt(FORM, 0, "Ask us", None)])
    world.watch(
        video,
        "",
        "2024-06-01T08:00:00Z",
        (0, 6),
        viewer=viewer("ed", email="ed@example.com"),
        converts=[FORM],
    )
    (row,) = get_json(video).json()["data"]
    assert (row["first_name"], row["last_name"], row["email"]) == (None, None, "ed@example.com")


@pytest.mark.parametrize(
    "cursor",
    ["x", "日本語", "W" * 5000, "WyJpZCIsIDEsIDEsIDFd", "WyJjb252ZXJ0ZWRfYXQiLCAxZTksIDEsIDFd"],
)
def test_what_is_no_cursor_is_refused(get_json: GetJson, media_with_form: int, cursor: str) -> None:
    answer = get_json(media_with_form, cursor=cursor)
    refused = {
        "error": "Bad request",
        "errors": ["cursor is refused: it is no cursor of this list in this order."],
    }
    assert (answer.status_code, answer.json()) == (400, refused)
