"""Playlists, names of videos, spectators of broadcasts, and the account that asks."""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.domain.clock import parse_instant
from playhead.domain.media import MediaKind
from playhead.recording.inputs import NewMedia
from playhead.vendors.gcore import ids as gcore_ids
from tests.worlds import NOW, World, viewer

pytestmark = pytest.mark.covers(
    "gcore.playlists",
    "gcore.playlist",
    "gcore.video_names",
    "gcore.spectators",
    "gcore.account_overview",
)

NOT_FOUND = {
    "status": 404,
    "error": (
        "Not Found. Entity you are looking for was not found, please check the initial parameters"
    ),
}


def get_json(world: World, web: httpx.Client, path: str, **parameters: Any) -> Any:
    answer = world.get(web, "gcore", path, **parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), (
        answer.text
    )
    return answer.json()


# Playlists.


def test_a_playlist_has_its_videos_in_their_order(world: World, web: httpx.Client) -> None:
    one = world.video("one", ids={"gcore": ["77"]})
    other = world.video("other")
    released = parse_instant("2024-05-10T10:00:00Z")
    (list_,) = world.recording.media(
        [
            NewMedia(
                "list",
                kind=MediaKind.playlist,
                items=[other, one, other],
                client_user_id=7,
                released_at=released,
            )
        ]
    )
    client = gcore_ids.client_id(world.key, world.account.number)
    id_ = gcore_ids.id_of(list_)
    assert get_json(world, web, "/streaming/playlists") == [
        {
            "id": id_,
            "name": "list",
            "client_id": client,
            "client_user_id": 7,
            "active": True,
            "playlist_type": "live",
            "start_time": "2024-05-10T10:00:00Z",
            "loop": False,
            "countdown": False,
            "video_ids": [gcore_ids.id_of(other), 77, gcore_ids.id_of(other)],
            "hls_url": f"https://{client}.gvideo.example/playlists/{client}_{id_}/master.m3u8",
            "hls_cmaf_url": (
                f"https://{client}.gvideo.example/playlists/{client}_{id_}/master-cmaf.m3u8"
            ),
            "iframe_url": f"https://player.gvideo.example/playlists/{client}_{id_}",
        }
    ]
    assert [get_json(world, web, f"/streaming/playlists/{id_}")] == get_json(
        world, web, "/streaming/playlists"
    )


def test_all_playlists_are_on_the_first_page(world: World, web: httpx.Client) -> None:
    world.video()
    lists = [world.playlist(str(index)) for index in range(3)]
    assert [row["id"] for row in get_json(world, web, "/streaming/playlists", page=1)] == [
        gcore_ids.id_of(number) for number in lists
    ]
    assert get_json(world, web, "/streaming/playlists", page=2) == []
    assert world.get(web, "gcore", "/streaming/playlists", page=0).json() == {
        "data": [],
        "errors": ["page: invalid value"],
    }


@pytest.mark.parametrize("path", ["/streaming/playlists", "/streaming/broadcasts"])
def test_what_is_none_is_not_found(world: World, web: httpx.Client, path: str) -> None:
    rest = "/spectators" if path.endswith("broadcasts") else ""
    for id_ in (
        gcore_ids.id_of(world.video()),
        gcore_ids.id_of(world.live("live")),
        "1",
        "nobody",
        "²",
        "x" * 5000,
    ):
        answer = world.get(web, "gcore", f"{path}/{id_}{rest}")
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


# Names.


@pytest.mark.parametrize(
    ("ids", "named"),
    [
        (None, [11, 22, 33]),
        ("22,11", [11, 22]),
        (["22", "11"], [11, 22]),
        (["22, 11", "33"], [11, 22, 33]),
        ("44", []),
        ("-1", []),
        ("", [11, 22, 33]),
    ],
)
def test_names_of_videos(world: World, web: httpx.Client, ids: Any, named: list[int]) -> None:
    for id_ in (11, 22, 33):
        world.video(f"video {id_}", ids={"gcore": [str(id_)]})
    world.live(ids={"gcore": ["44"]})
    parameters = {} if ids is None else {"ids": ids}
    assert get_json(world, web, "/streaming/videos/names", **parameters) == [
        {"id": id_, "name": f"video {id_}"} for id_ in named
    ]


@pytest.mark.parametrize("ids", ["x", "1,x", "1.5", "9" * 19])
def test_ids_are_numbers(world: World, web: httpx.Client, ids: str) -> None:
    answer = world.get(web, "gcore", "/streaming/videos/names", ids=ids)
    assert (answer.status_code, answer.json()) == (
        400,
        {"data": [], "errors": ["ids: invalid value"]},
    )


# Spectators.


def spectators(world: World, web: httpx.Client, title: str) -> int:
    """Of the broadcast around a stream, found as its owner finds it."""
    (broadcast,) = next(
        stream["broadcast_ids"]
        for stream in get_json(world, web, "/streaming/streams")
        if stream["name"] == title
    )
    said = get_json(world, web, f"/streaming/broadcasts/{broadcast}/spectators")
    assert [*said] == ["spectators_count"]
    return int(said["spectators_count"])


def test_spectators_are_the_viewers_who_have_it_on_screen_now(
    world: World, web: httpx.Client
) -> None:
    air = world.live("air")
    other = world.live("other")
    for start in (NOW - 60, NOW - 10, NOW - 10):  # Ana twice at a time
        world.watch(air, "ana" if start == NOW - 10 else "bo", start, (0, 300))
    world.watch(air, "ana", NOW - 5, (0, 300), viewer=viewer("ana", device=18))
    world.watch(air, "cy", NOW - 60, (0, 60))  # until a moment ago
    world.watch(air, "di", NOW - 60, (0, 30), (30, 90, 60))  # pauses
    world.watch(air, "ed", NOW + 1, (0, 60))
    world.watch(other, "fay", NOW - 60, (0, 300))
    assert (spectators(world, web, "air"), spectators(world, web, "other")) == (3, 1)


def test_who_begins_at_this_second_is_a_spectator(world: World, web: httpx.Client) -> None:
    air = world.live("air")
    assert spectators(world, web, "air") == 0
    world.watch(air, "ana", NOW, (0, 60))
    assert spectators(world, web, "air") == 1


# The account.


def test_the_account_that_asks(demo: Server, web: httpx.Client) -> None:
    said = get_json(World(demo, "demo"), web, "/iam/clients/me")
    assert (said["id"], said["currentUser"], said["email"], said["status"]) == (
        123,
        123,
        "user@example.com",
        "active",
    )
    assert {
        product for product, service in said["serviceStatuses"].items() if service["enabled"]
    } == {"STREAMING"}
    assert said["capabilities"] == ["STREAMING"]


def test_its_number_is_that_of_the_statistics(world: World, web: httpx.Client) -> None:
    world.video()
    id_ = get_json(world, web, "/iam/clients/me")["id"]
    assert (
        get_json(world, web, "/streaming/statistics/stream/watching_duration/total")[0]["client"]
        == id_
    )
    assert get_json(world, web, "/streaming/videos")[0]["client_id"] == id_
