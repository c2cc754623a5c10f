"""GET /streaming/streams and /streaming/streams/{id}."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.domain.media import MediaKind
from playhead.recording.inputs import NewMedia
from playhead.vendors.gcore import ids
from tests.worlds import NOW, World

pytestmark = pytest.mark.covers("gcore.streams", "gcore.stream")

DOCUMENTED = Path(__file__).parents[3] / "fixtures" / "documented" / "gcore" / "streams.json"
NOT_FOUND = (
    '{"status":404,"error":"Not Found. Entity you are looking for was not found, '
    'please check the initial parameters"}'
)


def streams(world: World, web: httpx.Client, **parameters: Any) -> list[dict[str, Any]]:
    answer = world.get(web, "gcore", "/streaming/streams", **parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    rows: list[dict[str, Any]] = answer.json()
    return rows


def test_live_streams_in_the_order_they_were_made(world: World, web: httpx.Client) -> None:
    numbers = [world.live(title) for title in ("b", "a", "c")]
    world.video("no stream")
    world.playlist("no stream")
    assert [(row["id"], row["name"]) for row in streams(world, web)] == [
        (ids.id_of(number), name) for number, name in zip(numbers, "bac", strict=True)
    ]
    assert [row["broadcast_ids"] for row in streams(world, web)] == [
        [ids.broadcast_id(number)] for number in numbers
    ]


def test_nothing_is_an_empty_list(world: World, web: httpx.Client) -> None:
    assert world.get(web, "gcore", "/streaming/streams").text == "[]"


def test_a_stream_has_the_documented_keys(world: World, web: httpx.Client) -> None:
    world.live()
    (row,) = streams(world, web)
    published = json.loads(DOCUMENTED.read_text(encoding="utf-8"))["response"]
    published = published.get("body", published) if isinstance(published, dict) else published
    assert list(row)[:3] == ["id", "name", "active"]
    assert set(row) - {"broadcast_ids"} <= set(
        published[0]
    )  # that one is in the schema, not in the example


def test_a_stream_that_never_ran(world: World, web: httpx.Client) -> None:
    world.live(client_user_id=7, released_at=NOW - 86_400)
    (row,) = streams(world, web)
    assert (row["active"], row["live"], row["client_user_id"], row["created_at"]) == (
        True,
        False,
        7,
        "2024-06-04T12:00:00.000Z",
    )
    assert [
        row[key]
        for key in (
            "started_at_primary",
            "finished_at_primary",
            "frame_rate",
            "video_height",
            "recording_duration",
        )
    ] == [None] * 5


def test_a_stream_that_is_on_air(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.broadcast(live, "2024-06-04T11:00:00Z", "2024-06-04T11:30:00Z")
    world.broadcast(live, "2024-06-05T11:59:00Z", "2024-06-05T12:30:00Z")
    (row,) = streams(world, web)
    assert (row["live"], row["started_at_primary"], row["finished_at_primary"]) == (
        True,
        "2024-06-05T11:59:00.000Z",
        "2024-06-04T11:30:00.000Z",
    )
    assert (
        row["recording_duration"],
        row["frame_rate"],
        row["video_height"],
        row["video_width"],
    ) == (60, 30, 1080, 1920)


def test_a_stream_that_has_run(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.broadcast(live, "2024-06-05T11:00:00Z", "2024-06-05T12:00:00Z")
    world.broadcast(live, "2024-06-05T12:00:01Z", "2024-06-05T13:00:00Z")
    (row,) = streams(world, web)
    assert (row["live"], row["started_at_primary"], row["finished_at_primary"]) == (
        False,
        "2024-06-05T11:00:00.000Z",
        "2024-06-05T12:00:00.000Z",
    )


def test_a_stream_that_is_not_there_yet(world: World, web: httpx.Client) -> None:
    live = world.live(released_at=NOW + 1)
    assert streams(world, web) == []
    assert world.get(web, "gcore", f"/streaming/streams/{ids.id_of(live)}").status_code == 404


def test_everything_is_on_the_first_page(world: World, web: httpx.Client) -> None:
    world.recording.media([NewMedia(str(index), kind=MediaKind.live) for index in range(30)])
    assert len(streams(world, web)) == len(streams(world, web, page=1, with_broadcasts=1)) == 30
    assert streams(world, web, page=2) == []


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"page": 0}, "page: invalid value"),
        ({"page": "x"}, "page: invalid value"),
        ({"with_broadcasts": 2}, "with_broadcasts: invalid value"),
    ],
    ids=str,
)
def test_refused(world: World, web: httpx.Client, parameters: dict[str, Any], error: str) -> None:
    answer = world.get(web, "gcore", "/streaming/streams", **parameters)
    assert (answer.status_code, answer.json()) == (400, {"data": [], "errors": [error]})


def test_one_stream_is_the_same_as_in_the_list(world: World, web: httpx.Client) -> None:
    live = world.live()
    answer = world.get(web, "gcore", f"/streaming/streams/{ids.id_of(live)}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert [answer.json()] == streams(world, web)


def test_what_is_no_stream_is_not_found(world: World, web: httpx.Client) -> None:
    video = world.video()
    for id_ in (
        ids.id_of(video),
        ids.slug_of(video),
        "1",
        "nobody",
        "-1",
        "²",
        "%00",
        "a%2Fb",
        "x" * 5000,
    ):
        answer = world.get(web, "gcore", f"/streaming/streams/{id_}")
        assert (answer.status_code, answer.headers["content-type"], answer.text) == (
            404,
            "application/json",
            NOT_FOUND,
        )


def test_12345_is_a_video_and_a_live_stream(demo: Server, web: httpx.Client) -> None:
    world = World(demo, "demo")
    stream, video = (
        world.get(web, "gcore", f"/streaming/{kind}/12345").json() for kind in ("streams", "videos")
    )
    assert (stream["id"], stream["name"], stream["client_user_id"]) == (
        12345,
        "The Morning Desk",
        2400001,
    )
    assert (video["id"], video["name"], video["client_id"]) == (
        12345,
        "How It Works: Inside a Kettlemoor Grinder",
        123,
    )
