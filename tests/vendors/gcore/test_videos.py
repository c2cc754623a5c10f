"""GET /streaming/videos and /streaming/videos/{id}."""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.recording.inputs import NewMedia
from playhead.vendors.gcore import ids as gcore_ids
from tests.worlds import NOW, World

pytestmark = pytest.mark.covers("gcore.videos", "gcore.video")

NOT_FOUND = (
    '{"status":404,"error":"Not Found. Entity you are looking for was not found, '
    'please check the initial parameters"}'
)


def videos(world: World, web: httpx.Client, **parameters: Any) -> list[dict[str, Any]]:
    answer = world.get(web, "gcore", "/streaming/videos", **parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), (
        answer.text
    )
    rows: list[dict[str, Any]] = answer.json()
    return rows


@pytest.fixture
def three_videos(world: World) -> World:
    """Three videos, beside a live stream and a playlist."""
    world.video("Ärger im Großbüro", client_user_id=5, ids={"gcore": ["11", "slugOfThatOne"]})
    world.video("Zwei", client_user_id=5, ids={"gcore": ["22"]})
    world.video("Drei", ids={"gcore": ["33"]})
    world.live("Zwei", ids={"gcore": ["44"]})
    world.playlist("Zwei")
    return world


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [11, 22, 33]),
    ({"id": "22"}, [22]),
    ({"id": "33,11"}, [11, 33]),
    ({"id": "33, 11 ,99,x"}, [11, 33]),
    ({"id": "44"}, []),
    ({"search": "EI"}, [22, 33]),
    ({"search": "ärger"}, [11]),
    ({"search": "GROSSBÜRO"}, [11]),
    ({"search": "großBÜRO"}, [11]),
    ({"search": "22"}, [22]),
    ({"search": "2"}, []),
    ({"search": "slugOfThatOne"}, [11]),
    ({"search": "%"}, []),
    ({"status": "ready"}, [11, 22, 33]),
    ({"status": "error"}, []),
    ({"client_user_id": 5}, [11, 22]),
    ({"client_user_id": 0}, []),
    ({"client_user_id": 5, "search": "ei"}, [22]),
    ({"stream_id": 44}, []),
    ({"page": 2}, []),
    ({"per_page": 2}, [11, 22]),
    ({"per_page": 2, "page": 2}, [33]),
    ({"per_page": 1, "page": 2, "client_user_id": 5}, [22]),
    ({"per_page": 1000, "page": 10**17}, []),
    ({"id": "", "search": "", "page": "", "status": ""}, [11, 22, 33]),
]


@pytest.mark.parametrize(("filters", "ids"), FILTERS, ids=[str(filters) for filters, _ in FILTERS])
def test_all_conditions_together(
    three_videos: World, web: httpx.Client, filters: dict[str, Any], ids: list[int]
) -> None:
    assert [video["id"] for video in videos(three_videos, web, **filters)] == ids


def test_a_page_has_25_unless_asked(world: World, web: httpx.Client) -> None:
    world.recording.media([NewMedia(str(index), duration_ms=1000) for index in range(26)])
    assert [len(videos(world, web, page=page)) for page in (1, 2, 3)] == [25, 1, 0]


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({"page": 0}, ["page: invalid value"]),
        ({"per_page": 0}, ["per_page: invalid value"]),
        ({"per_page": 1001}, ["per_page: invalid value"]),
        ({"page": "x", "per_page": "y"}, ["page: invalid value", "per_page: invalid value"]),
        ({"status": "Ready"}, ["status: invalid value"]),
        ({"client_user_id": "x"}, ["client_user_id: invalid value"]),
        ({"stream_id": "1,2"}, ["stream_id: invalid value"]),
    ],
    ids=str,
)
def test_refused(
    world: World, web: httpx.Client, parameters: dict[str, Any], errors: list[str]
) -> None:
    answer = world.get(web, "gcore", "/streaming/videos", **parameters)
    assert (answer.status_code, answer.json()) == (400, {"data": [], "errors": errors})


def test_fields_are_those_asked_for(three_videos: World, web: httpx.Client) -> None:
    assert videos(three_videos, web, fields="name, id,nothing", id="22") == [
        {"id": 22, "name": "Zwei"}
    ]
    assert videos(three_videos, web, fields="nothing", id="22") == [{}]
    (whole,) = videos(three_videos, web, id="22")
    assert videos(three_videos, web, id="22", fields=",".join(whole)) == [whole]
    assert videos(three_videos, web, id="22", fields="converted_videos") == [
        {"converted_videos": whole["converted_videos"]}
    ]


def test_what_a_video_says_of_itself(world: World, web: httpx.Client) -> None:
    video = world.video("Kurz", seconds=12.5, client_user_id=9, released_at=NOW - 86_400)
    (row,) = videos(world, web)
    assert (row["id"], row["slug"]) == (gcore_ids.id_of(video), gcore_ids.slug_of(video))
    assert (row["name"], row["duration"], row["status"], row["client_user_id"]) == (
        "Kurz",
        12_500,
        "ready",
        9,
    )
    assert (row["client_id"], row["created_at"], row["stream_id"]) == (
        gcore_ids.client_id(world.key, world.account.number),
        "2024-06-04T12:00:00.000Z",
        None,
    )


def test_views_are_those_of_ever(world: World, web: httpx.Client) -> None:
    watched = world.video()
    _unwatched = world.video()
    world.watch(watched, "ana", "2020-05-10T10:00:00Z", (0, 5))
    world.watch(watched, "bo", "2024-05-10T10:00:00Z", (0, 4))
    world.watch(watched, "cy", "2024-05-10T10:00:00Z")
    world.watch(watched, "di", NOW + 60, (0, 60))
    assert [(video["views"], video["cdn_views"]) for video in videos(world, web)] == [
        (1, 2),
        (0, 0),
    ]


def test_one_video_is_the_same_as_in_the_list(three_videos: World, web: httpx.Client) -> None:
    (row,) = videos(three_videos, web, id="11")
    for id_ in ("11", "slugOfThatOne"):
        answer = three_videos.get(web, "gcore", f"/streaming/videos/{id_}")
        assert (answer.status_code, answer.headers["content-type"], answer.json()) == (
            200,
            "application/json",
            row,
        )


def test_a_made_slug_finds_its_video(world: World, web: httpx.Client) -> None:
    video = world.video()
    assert world.get(web, "gcore", f"/streaming/videos/{gcore_ids.slug_of(video)}").json()[
        "id"
    ] == gcore_ids.id_of(video)


def test_what_is_no_video_is_not_found(three_videos: World, web: httpx.Client) -> None:
    for id_ in (
        "44",
        "1",
        "0",
        "-1",
        "nobody",
        "0" * 22,
        "z" * 22,
        "²",
        "%00",
        "%FF",
        "a%2Fb",
        "x" * 5000,
    ):
        answer = three_videos.get(web, "gcore", f"/streaming/videos/{id_}")
        assert (answer.status_code, answer.headers["content-type"], answer.text) == (
            404,
            "application/json",
            NOT_FOUND,
        )


def test_a_video_that_is_not_there_yet(world: World, web: httpx.Client) -> None:
    video = world.video(released_at=NOW + 1)
    assert videos(world, web) == []
    assert world.get(web, "gcore", f"/streaming/videos/{gcore_ids.id_of(video)}").status_code == 404


def test_the_demo_has_the_documented_video(demo: Server, web: httpx.Client) -> None:
    (video,) = videos(
        World(demo, "demo"), web, id="12345", fields="id,slug,client_id,client_user_id"
    )
    assert video == {
        "id": 12345,
        "client_id": 123,
        "client_user_id": 2400001,
        "slug": "F0000000MxmUA",
    }
