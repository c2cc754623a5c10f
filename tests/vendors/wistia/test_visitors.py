"""Wistia: visitors, one by one and in pages."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from playhead.recording.inputs import NewViewer
from playhead.vendors.wistia.ids import record_key
from tests.worlds import NOW, World, viewer

pytestmark = pytest.mark.covers("wistia.visitors", "wistia.visitor")

GetJson = Callable[..., Any]
ANA = viewer("ana", full_name="Ana Sousa", email="ana@example.com")
BO = viewer("bo", full_name="Bo Straße")
CY = viewer("cy", email="cy@example.org")


@pytest.fixture
def get_json(world: World, web: httpx.Client) -> GetJson:
    def get(rest: str = "", **parameters: str) -> Any:
        response = world.get(web, "wistia", f"/v1/stats/visitors{rest}.json", **parameters)
        assert response.status_code == 200, response.text
        return response.json()

    return get


def test_a_visitor_in_full(get_json: GetJson, world: World) -> None:
    one = world.video("one")
    other = world.video("other")
    world.watch(
        one,
        "",
        "2024-06-01T08:00:00Z",
        (0, 30),
        viewer=ANA,
        ids={"wistia": ["event-1"]},
        start_delay=40,
    )
    world.watch(other, "", "2024-06-02T08:00:00Z", viewer=ANA)
    (found,) = get_json()
    visitor_key = found.pop("visitor_key")
    assert re.fullmatch(
        (
            r"[0-9a-z]{7}_[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}-[0-9a-f]{9}-[0-9a-f]{12}"
            r"-[0-9a-f]{4}"
        ),
        visitor_key,
    )
    assert found == {
        "created_at": "2024-06-01T08:00:00.000Z",
        "last_active_at": "2024-06-01T08:00:00.000Z",  # of the last play, though a load came later
        "last_event_key": "event-1",
        "load_count": 2,
        "play_count": 1,
        "identifying_event_key": None,
        "visitor_identity": {
            "name": "Ana Sousa",
            "email": "ana@example.com",
            "org": {"name": None, "title": None},
        },
        "user_agent_details": {
            "browser": "Firefox",
            "browser_version": "67",
            "platform": "Windows",
            "mobile": False,
        },
    }
    assert get_json(f"/{visitor_key}") == {"visitor_key": visitor_key, **found}


def test_who_never_played_has_no_last_event_and_is_active_by_loads(
    get_json: GetJson, world: World
) -> None:
    video = world.video()
    world.watch(video, "ana", "2024-06-01T08:00:00Z")
    world.watch(video, "ana", "2024-06-02T08:00:00Z")
    (found,) = get_json()
    assert "last_event_key" not in found
    assert (found["created_at"], found["last_active_at"]) == (
        "2024-06-01T08:00:00.000Z",
        "2024-06-02T08:00:00.000Z",
    )
    assert (found["load_count"], found["play_count"]) == (2, 0)


def test_an_unnamed_visitor_has_an_empty_name_and_no_address(
    get_json: GetJson, world: World
) -> None:
    world.watch(world.video(), "ana", "2024-06-01T08:00:00Z", (0, 1))
    assert get_json()[0]["visitor_identity"] == {
        "name": "",
        "email": None,
        "org": {"name": None, "title": None},
    }


def test_the_last_event_can_be_fetched(get_json: GetJson, world: World, web: httpx.Client) -> None:
    video = world.video()
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 1))
    world.watch(video, "ana", "2024-06-02T08:00:00Z", (0, 2))
    (found,) = get_json()
    event = world.get(web, "wistia", f"/modern/stats/events/{found['last_event_key']}").json()
    assert (event["visitor_key"], event["received_at"]) == (
        found["visitor_key"],
        found["last_active_at"],
    )


def test_a_last_event_that_is_no_longer_kept_is_left_out(get_json: GetJson, world: World) -> None:
    video = world.video()
    world.watch(video, "ana", "2022-06-05T12:00:00Z", (0, 1))
    world.watch(video, "bo", "2022-06-05T11:59:59Z", (0, 1))
    assert [("last_event_key" in visitor, visitor["play_count"]) for visitor in get_json()] == [
        (True, 1),
        (False, 1),
    ]


def test_visitors_are_ordered_by_their_last_activity(get_json: GetJson, world: World) -> None:
    video = world.video()
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 1), start_delay=500)
    world.watch(video, "bo", "2024-06-01T08:00:01Z", (0, 1))
    world.watch(video, "ana", "2024-06-03T08:00:00Z")  # a load is no activity of one who plays
    world.watch(video, "cy", "2024-06-02T08:00:00Z")
    assert [visitor["last_active_at"][:19] for visitor in get_json()] == [
        "2024-06-02T08:00:00",
        "2024-06-01T08:00:01",
        "2024-06-01T08:00:00",
    ]


def test_only_finished_sessions_on_videos_make_a_visitor(get_json: GetJson, world: World) -> None:
    world.watch(world.live(), "ana", "2024-06-01T08:00:00Z", (0, 10))
    world.watch(world.video(), "bo", NOW - 5, (0, 4), ended_at=NOW + 100)
    assert get_json() == []


@pytest.fixture
def named_viewers(world: World) -> World:
    video = world.video()
    for hour, who in enumerate((ANA, BO, CY, viewer("di"))):
        world.watch(video, "", f"2024-06-01T0{hour}:00:00Z", (0, 1), viewer=who)
    return world


SEARCH_RESULTS = {
    "all": ({}, ["", "cy@example.org", "Bo Straße", "Ana Sousa"]),
    "has_name": ({"filter": "has_name"}, ["Bo Straße", "Ana Sousa"]),
    "has_email": ({"filter": "has_email"}, ["cy@example.org", "Ana Sousa"]),
    "an e-mail gate": ({"filter": "identified_by_email_gate"}, []),
    "an unknown filter is ignored": (
        {"filter": "has_cat"},
        ["", "cy@example.org", "Bo Straße", "Ana Sousa"],
    ),
    "an empty filter is none": (
        {"filter": "", "search": ""},
        ["", "cy@example.org", "Bo Straße", "Ana Sousa"],
    ),
    "exact name": ({"search": "Ana Sousa"}, ["Ana Sousa"]),
    "exact address": ({"search": "cy@example.org"}, ["cy@example.org"]),
    "a part": ({"search": "example"}, ["cy@example.org", "Ana Sousa"]),
    "in other capitals": ({"search": "STRASSE"}, ["Bo Straße"]),
    "not a pattern": ({"search": "%"}, []),
    "nobody": ({"search": "zoe"}, []),
    "both": ({"filter": "has_name", "search": "example"}, ["Ana Sousa"]),
    "an impossible text": ({"search": "\0"}, []),
    "a very long text": ({"search": "a" * 5000}, []),
    "by media is no condition": (
        {"media_id": "nothing"},
        ["", "cy@example.org", "Bo Straße", "Ana Sousa"],
    ),
}


@pytest.mark.parametrize(("parameters", "names"), SEARCH_RESULTS.values(), ids=SEARCH_RESULTS)
def test_filter_and_search(
    named_viewers: World, get_json: GetJson, parameters: dict[str, str], names: list[str]
) -> None:
    assert [
        visitor["visitor_identity"]["name"] or visitor["visitor_identity"]["email"] or ""
        for visitor in get_json(**parameters)
    ] == names


PAGES = {
    "first": ({"per_page": "3"}, [0, 1, 2]),
    "second": ({"per_page": "3", "page": "2"}, [3]),
    "past the end": ({"per_page": "3", "page": "3"}, []),
    "far past the end": ({"page": "9" * 18}, []),
    "the old name": ({"page_size": "1"}, [0]),
    "the new name wins": ({"page_size": "1", "per_page": "2"}, [0, 1]),
    **{
        f"per_page {text!r}": ({"per_page": text}, [0, 1, 2, 3])
        for text in ("0", "-1", "x", "1.0", "", "500", "٣")
    },
    **{
        f"page {text!r}": ({"page": text, "per_page": "3"}, [0, 1, 2])
        for text in ("0", "-1", "x", "1.5", "")
    },
}


@pytest.mark.parametrize(("parameters", "places"), PAGES.values(), ids=PAGES)
def test_pages(
    named_viewers: World, get_json: GetJson, parameters: dict[str, str], places: list[int]
) -> None:
    everybody = get_json()
    assert get_json(**parameters) == [everybody[place] for place in places]


def test_a_page_has_a_hundred_at_most(world: World, get_json: GetJson) -> None:
    video = world.video()
    for number in range(101):
        world.watch(
            video, "", NOW - 1000 + number, (0, 1), viewer=NewViewer(f"198.51.100.{number + 1}")
        )
    assert len(get_json()) == len(get_json(per_page="500")) == len(get_json(per_page="100")) == 100
    assert len(get_json(page="2")) == len(get_json(page="2", per_page="500")) == 1
    assert len(get_json(per_page="99")) == 99


def test_a_given_key_names_the_visitor(world: World, get_json: GetJson) -> None:
    given = "E4E7613B5C24CB0F1F7C0A1E4E874635E752263E"
    named = NewViewer("192.0.2.1", ids={"wistia": [given]})
    world.watch(world.video(), "", "2024-06-01T08:00:00Z", viewer=named)
    assert get_json()[0]["visitor_key"] == get_json(f"/{given}")["visitor_key"] == given


def test_a_viewer_who_loaded_nothing_yet_is_unknown(
    world: World, get_json: GetJson, web: httpx.Client
) -> None:
    world.watch(world.live(), "ana", "2024-06-01T08:00:00Z", (0, 1))
    world.watch(world.video(), "bo", "2024-06-01T08:00:00Z", (0, 1))
    keys = [
        record_key("viewer", 2**33 + index) for index in range(2)
    ]  # the first two that were recorded
    assert [world.get(web, "wistia", f"/v1/stats/visitors/{one}").status_code for one in keys] == [
        404,
        200,
    ]
