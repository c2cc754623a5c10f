"""Wistia: events, which are finished play sessions."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from playhead.recording.inputs import NewViewer
from playhead.vendors.wistia.ids import hashed_id, numeric_id
from tests.worlds import NOW, World

pytestmark = pytest.mark.covers("wistia.events", "wistia.event")

GetJson = Callable[..., Any]
EVENT_KEY = re.compile(
    r"[0-9a-z]{7}_[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}-[0-9a-f]{9}-[0-9a-f]{12}-[0-9a-f]{4}"
)


@pytest.fixture
def get_json(world: World, web: httpx.Client) -> GetJson:
    def get(rest: str = "", **parameters: str) -> Any:
        response = world.get(web, "wistia", f"/v1/stats/events{rest}.json", **parameters)
        assert response.status_code == 200, response.text
        return response.json()

    return get


def test_an_event_in_full(get_json: GetJson, world: World) -> None:
    video = world.video("How <it> works", seconds=9.5, ids={"wistia": ["993554ba94"]})
    seattle = NewViewer(
        "64.95.172.26",
        device=22,
        place=0,
        email="ana@example.com",
        organisation="Onvia.com",
        ids={"wistia": ["B6D1F479"]},
    )
    world.watch(
        video,
        "",
        "2024-06-01T08:00:00Z",
        (0, 4),
        (0, 5),
        viewer=seattle,
        page="https://example.com/a",
        ids={"wistia": ["1390862572596e0.84"]},
        start_delay=7,
    )
    (found,) = get_json()
    token = found["iframe_heatmap_url"].rpartition("=")[2]
    assert re.fullmatch("[0-9a-z]{10}", token)
    url = world.server.url
    assert found == {
        "received_at": "2024-06-01T08:00:00.000Z",
        "event_key": "1390862572596e0.84",
        "ip": "64.95.172.26",
        "country": "US",
        "region": "Washington",
        "city": "Seattle",
        "lat": 47.6062,
        "lon": -122.3321,
        "org": "Onvia.com",
        "email": "ana@example.com",
        "percent_viewed": 0.5,
        "embed_url": "https://example.com/a",
        "conversion_type": "",
        "conversion_data": {},
        "iframe_heatmap_url": (
            f"{url}/v1/stats/events/1390862572596e0.84/iframe.html?public_token={token}"
        ),
        "visitor_key": "B6D1F479",
        "user_agent_details": {
            "browser": "Chrome",
            "browser_version": "124",
            "platform": "iOS (iPhone)",
            "mobile": True,
        },
        "media_id": "993554ba94",
        "media_name": "How <it> works",
        "media_url": f"{url}/medias/993554ba94",
        "thumbnail": {
            "url": f"{url}/deliveries/993554ba94.jpg",
            "width": 640,
            "height": 360,
            "fileSize": 32914,
            "contentType": "image/jpeg",
            "type": "StillImageFile",
        },
    }
    assert get_json("/1390862572596e0.84") == found


def test_nothing_is_null_but_the_address(get_json: GetJson, world: World) -> None:
    world.watch(
        world.video(seconds=7), "", "2024-06-01T08:00:00Z", (0, 1), viewer=NewViewer("192.0.2.7")
    )
    (found,) = get_json()
    assert [name for name, value in found.items() if value is None] == ["email"]
    assert (found["org"], found["embed_url"], found["percent_viewed"]) == ("", "", 1 / 7)


def test_a_load_without_a_play_is_no_event(get_json: GetJson, world: World) -> None:
    video = world.video()
    world.watch(video, "ana", "2024-06-01T08:00:00Z")
    assert get_json() == []


def test_a_session_is_an_event_when_it_has_ended(get_json: GetJson, world: World) -> None:
    video = world.video(seconds=600)
    world.watch(video, "ana", NOW - 100, (0, 50), ended_at=NOW + 1, ids={"wistia": ["running"]})
    world.watch(video, "bo", NOW - 100, (0, 50), ended_at=NOW, ids={"wistia": ["ended"]})
    assert [event["event_key"] for event in get_json()] == ["ended"]


def test_live_streams_and_playlists_make_no_events(get_json: GetJson, world: World) -> None:
    for media in (world.live(), world.playlist()):
        world.watch(media, "ana", "2024-06-01T08:00:00Z", (0, 10))
    assert get_json() == []


def test_made_keys_have_the_form_of_today_and_are_found(get_json: GetJson, world: World) -> None:
    world.watch(world.video(), "ana", "2024-06-01T08:00:00Z", (0, 1))
    (found,) = get_json()
    assert EVENT_KEY.fullmatch(found["event_key"])
    assert len(found["event_key"]) == 72
    assert get_json(f"/{found['event_key']}") == found


def test_events_are_newest_first_and_pages_follow_each_other(
    get_json: GetJson, world: World
) -> None:
    video = world.video()
    for minute in (3, 1, 2, 5, 4):
        world.watch(video, "ana", f"2024-06-01T08:0{minute}:00Z", (0, 1))
    minutes = [event["received_at"][15:16] for event in get_json()]
    assert minutes == ["5", "4", "3", "2", "1"]
    assert [
        [event["received_at"][15:16] for event in get_json(per_page="2", page=page)]
        for page in "1234"
    ] == [["5", "4"], ["3", "2"], ["1"], []]


def test_a_page_has_a_hundred_at_most(get_json: GetJson, world: World) -> None:
    video = world.video()
    for second in range(101):
        world.watch(video, "ana", NOW - 1000 + second, (0, 1))
    assert len(get_json()) == len(get_json(per_page="500")) == len(get_json(per_page="0")) == 100
    assert len(get_json(page="2")) == 1


@pytest.fixture
def week_of_events(world: World) -> World:
    video = world.video("one", ids={"wistia": ["onemedia00"]})
    other = world.video("other", ids={"wistia": ["othermedia"]})
    for day, name, media in ((1, "ana", video), (2, "bo", video), (3, "ana", other)):
        who = NewViewer(f"192.0.2.{ord(name[0])}", ids={"wistia": [name]})
        world.watch(
            media,
            "",
            f"2024-05-0{day}T00:00:00Z",
            (0, 1),
            viewer=who,
            ids={"wistia": [f"{day} first"]},
        )
        world.watch(
            media,
            "",
            f"2024-05-0{day}T23:59:59Z",
            (0, 1),
            viewer=who,
            ids={"wistia": [f"{day} last"]},
        )
    return world


EVENT_FILTERS = {
    "one day, whole": (
        {"start_date": "2024-05-02", "end_date": "2024-05-02"},
        ["2 last", "2 first"],
    ),
    "from a day on": ({"start_date": "2024-05-03"}, ["3 last", "3 first"]),
    "up to a day": ({"end_date": "2024-05-01"}, ["1 last", "1 first"]),
    "start after end": ({"start_date": "2024-05-03", "end_date": "2024-05-01"}, []),
    "future": ({"start_date": "2030-01-01"}, []),
    "long ago": ({"end_date": "1000-01-01"}, []),
    "a media": ({"media_id": "othermedia"}, ["3 last", "3 first"]),
    "no such media": ({"media_id": "nomedia000"}, []),
    "an impossible media": ({"media_id": "\0"}, []),
    "a visitor": ({"visitor_key": "bo"}, ["2 last", "2 first"]),
    "no such visitor": ({"visitor_key": "zoe"}, []),
    "all together": (
        {
            "media_id": "onemedia00",
            "visitor_key": "ana",
            "start_date": "2024-05-01",
            "end_date": "2024-05-31",
        },
        ["1 last", "1 first"],
    ),
    "nothing in common": ({"media_id": "othermedia", "visitor_key": "bo"}, []),
    "empty ones": (
        {"media_id": "othermedia", "visitor_key": "", "start_date": "", "end_date": ""},
        ["3 last", "3 first"],
    ),
}


@pytest.mark.parametrize(("parameters", "keys"), EVENT_FILTERS.values(), ids=EVENT_FILTERS)
def test_which_events(
    week_of_events: World, get_json: GetJson, parameters: dict[str, str], keys: list[str]
) -> None:
    assert [event["event_key"] for event in get_json(**parameters)] == keys


def test_a_numeric_media_id_works_too(get_json: GetJson, world: World) -> None:
    one = world.video("one")
    other = world.video("other")
    for media in (one, other):
        world.watch(media, "ana", "2024-06-01T08:00:00Z", (0, 1))
    assert [event["media_id"] for event in get_json(media_id=str(numeric_id("video", other)))] == [
        hashed_id("video", other)
    ]


def test_events_are_kept_for_two_years_and_counts_for_ever(
    get_json: GetJson, world: World, web: httpx.Client
) -> None:
    video = world.video()
    world.watch(video, "ana", "2022-06-05T12:00:00Z", (0, 1), ids={"wistia": ["kept"]})
    world.watch(video, "ana", "2022-06-05T11:59:59Z", (0, 1), ids={"wistia": ["gone"]})
    assert [event["event_key"] for event in get_json()] == ["kept"]
    assert [
        event["event_key"] for event in get_json(start_date="2020-01-01", end_date="2022-06-05")
    ] == ["kept"]
    assert [
        world.get(web, "wistia", f"/v1/stats/events/{key}").status_code for key in ("kept", "gone")
    ] == [200, 404]
    assert world.get(web, "wistia", "/v1/stats/account").json()["play_count"] == 2


@pytest.mark.parametrize("prefix", ["/v1", "/modern", "/wistia/v1", "/wistia/modern"])
def test_addresses_have_the_requests_origin_and_never_a_prefix(
    world: World, web: httpx.Client, prefix: str
) -> None:
    world.watch(world.video(), "ana", "2024-06-01T08:00:00Z", (0, 1))
    headers = {"Authorization": f"Bearer {world.key}", "Host": "stats.test:81"}
    (found,) = web.get(f"{world.server.url}{prefix}/stats/events", headers=headers).json()
    assert found["iframe_heatmap_url"].startswith(
        f"http://stats.test:81/v1/stats/events/{found['event_key']}/iframe.html?public_token="
    )
    assert (
        found["iframe_heatmap_url"].split("/")[6] == found["event_key"]
    )  # as one client cuts it out
    assert found["media_url"] == f"http://stats.test:81/medias/{found['media_id']}"


def test_the_documented_host_is_answered_at_its_own_address(
    world: World, web: httpx.Client
) -> None:
    world.watch(world.video(), "ana", "2024-06-01T08:00:00Z", (0, 1))
    headers = {"Authorization": f"Bearer {world.key}", "Host": "api.wistia.com"}
    (found,) = web.get(f"{world.server.url}/v1/stats/events.json", headers=headers).json()
    assert found["iframe_heatmap_url"].startswith("http://api.wistia.com/v1/stats/events/")
