"""GET /videos, /videos/{videoId}, /live-streams, /live-streams/{liveStreamId}.

And what the catalogue prints.
"""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.analytics.snapshot import Snapshot
from playhead.domain.clock import parse_instant
from playhead.vendors.apivideo import APIVIDEO, ids
from tests.worlds import World

pytestmark = pytest.mark.covers(
    "apivideo.videos", "apivideo.video", "apivideo.live_streams", "apivideo.live_stream"
)


def get_json(world: World, web: httpx.Client, path: str, *query: tuple[str, str]) -> Any:
    answer = web.get(world.server.url + path, params=query, auth=(world.key, ""))
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_video_in_full(world: World, web: httpx.Client) -> None:
    number = world.video(
        "Tour",
        description="Inside.",
        released_at=parse_instant("2024-05-01T08:00:00Z"),
        tags=["tour", "new"],
        labels={"season": "spring"},
    )
    id_ = ids.id_of("video", number)
    player = f"https://embed.apivideo.example/vod/{id_}"
    assert get_json(world, web, f"/videos/{id_}") == {
        "videoId": id_,
        "createdAt": "2024-05-01T08:00:00+00:00",
        "title": "Tour",
        "description": "Inside.",
        "publishedAt": "2024-05-01T08:00:00+00:00",
        "updatedAt": "2024-05-01T08:00:00+00:00",
        "tags": ["tour", "new"],
        "metadata": [{"key": "season", "value": "spring"}],
        "source": {"uri": f"/videos/{id_}/source"},
        "assets": {
            "iframe": (
                f'<iframe src="{player}" width="100%" height="100%" frameborder="0" '
                'scrolling="no" allowfullscreen=""></iframe>'
            ),
            "player": player,
            "hls": f"https://cdn.apivideo.example/vod/{id_}/hls/manifest.m3u8",
            "thumbnail": f"https://cdn.apivideo.example/vod/{id_}/thumbnail.jpg",
            "mp4": f"https://cdn.apivideo.example/vod/{id_}/mp4/source.mp4",
        },
        "public": True,
        "panoramic": False,
        "mp4Support": True,
        "discarded": False,
        "discardedAt": None,
        "deletesAt": None,
        "language": None,
        "languageOrigin": None,
    }


def test_a_live_stream_in_full(world: World, web: httpx.Client) -> None:
    id_ = ids.id_of("live", world.live("Desk", released_at=parse_instant("2024-05-01T08:00:00Z")))
    found = get_json(world, web, f"/live-streams/{id_}")
    player = f"https://embed.apivideo.example/live/{id_}"
    assert found == {
        "liveStreamId": id_,
        "createdAt": "2024-05-01T08:00:00+00:00",
        "updatedAt": "2024-05-01T08:00:00+00:00",
        "streamKey": found["streamKey"],
        "name": "Desk",
        "public": True,
        "broadcasting": False,
        "assets": {
            "iframe": (
                f'<iframe src="{player}" width="100%" height="100%" frameborder="0" '
                'scrolling="no" allowfullscreen=""></iframe>'
            ),
            "player": player,
            "hls": f"https://live.apivideo.example/{id_}.m3u8",
            "thumbnail": f"https://live.apivideo.example/{id_}/thumbnail.jpg",
        },
        "restreams": [
            {
                "name": "YouTube",
                "serverUrl": "rtmp://youtube.broadcast.example.com",
                "streamKey": found["restreams"][0]["streamKey"],
            }
        ],
    }
    assert found["streamKey"] != found["restreams"][0]["streamKey"]


@pytest.mark.parametrize(
    ("start", "end", "on_air"),
    [
        ("11:00:00", "12:00:01", True),
        ("12:00:00", "13:00:00", True),
        ("11:00:00", "12:00:00", False),
        ("12:00:01", "13:00:00", False),
    ],
)
def test_a_live_stream_broadcasts_while_it_is_on_air(
    start: str, end: str, on_air: bool, world: World, web: httpx.Client
) -> None:
    live = world.live()
    world.broadcast(live, f"2024-06-05T{start}Z", f"2024-06-05T{end}Z")
    assert get_json(world, web, "/live-streams")["data"][0]["broadcasting"] is on_air


def test_a_video_that_is_not_yet_released_is_not_there(world: World, web: httpx.Client) -> None:
    number = world.video(released_at=parse_instant("2024-06-05T12:00:01Z"))
    assert get_json(world, web, "/videos")["data"] == []
    assert world.get(web, "apivideo", f"/videos/{ids.id_of('video', number)}").status_code == 404


@pytest.fixture
def catalog_world(world: World) -> World:
    """Three videos and two live streams."""
    world.video(
        "Burrs",
        description="How to clean",
        released_at=parse_instant("2024-05-03"),
        tags=["how-to", "burr"],
        labels={"hats": "green", "season": "spring"},
    )
    world.video(
        "Apron",
        description="A story",
        released_at=parse_instant("2024-05-02"),
        tags=["story"],
        labels={"hats": "green"},
    )
    world.video("Carafe", description="", released_at=parse_instant("2024-05-01"), tags=["how-to"])
    world.live("Desk", released_at=parse_instant("2024-05-02"))
    world.live("Answers", released_at=parse_instant("2024-05-03"))
    return world


VIDEOS: list[tuple[list[tuple[str, str]], list[str]]] = [
    ([], ["Carafe", "Apron", "Burrs"]),
    ([("sortBy", "title")], ["Apron", "Burrs", "Carafe"]),
    ([("sortBy", "title"), ("sortOrder", "desc")], ["Carafe", "Burrs", "Apron"]),
    ([("sortBy", "publishedAt"), ("sortOrder", "desc")], ["Burrs", "Apron", "Carafe"]),
    ([("sortBy", "updatedAt"), ("sortOrder", "asc")], ["Carafe", "Apron", "Burrs"]),
    ([("title", "r")], ["Carafe", "Apron", "Burrs"]),
    ([("title", "Apr")], ["Apron"]),
    ([("title", "")], ["Carafe", "Apron", "Burrs"]),
    ([("description", "clean")], ["Burrs"]),
    ([("tags[]", "how-to")], ["Carafe", "Burrs"]),
    ([("tags[]", "how-to"), ("tags[]", "burr")], ["Burrs"]),
    ([("tags[0]", "how-to"), ("tags[1]", "burr")], ["Burrs"]),
    ([("tags", "story")], ["Apron"]),
    ([("metadata[hats]", "green")], ["Apron", "Burrs"]),
    ([("metadata[hats]", "green"), ("metadata[season]", "spring")], ["Burrs"]),
    ([("metadata[hats]", "Green")], []),
    ([("liveStreamId", "li400mYKSgQ6xs7taUeSaEKr")], []),
    ([("title", "r"), ("tags[]", "story")], ["Apron"]),
    ([("unknown", "x")], ["Carafe", "Apron", "Burrs"]),
]


@pytest.mark.parametrize(("query", "titles"), VIDEOS, ids=[str(row[0]) for row in VIDEOS])
def test_videos_chosen_and_ordered(
    query: Sequence[tuple[str, str]], titles: list[str], catalog_world: World, web: httpx.Client
) -> None:
    found = get_json(catalog_world, web, "/videos", *query)
    assert [video["title"] for video in found["data"]] == titles
    assert found["pagination"]["itemsTotal"] == len(titles)


LIVE_STREAMS: list[tuple[list[tuple[str, str]], list[str]]] = [
    ([], ["Desk", "Answers"]),
    ([("sortBy", "name")], ["Answers", "Desk"]),
    ([("sortBy", "createdAt"), ("sortOrder", "desc")], ["Answers", "Desk"]),
    ([("name", "es")], ["Desk"]),
    ([("streamKey", "none of them")], []),
]


@pytest.mark.parametrize(
    ("query", "names"), LIVE_STREAMS, ids=[str(row[0]) for row in LIVE_STREAMS]
)
def test_live_streams_chosen_and_ordered(
    query: Sequence[tuple[str, str]], names: list[str], catalog_world: World, web: httpx.Client
) -> None:
    assert [
        stream["name"] for stream in get_json(catalog_world, web, "/live-streams", *query)["data"]
    ] == names


def test_a_live_stream_is_found_by_its_key(catalog_world: World, web: httpx.Client) -> None:
    streams = get_json(catalog_world, web, "/live-streams")["data"]
    for stream in streams:
        assert get_json(catalog_world, web, "/live-streams", ("streamKey", stream["streamKey"]))[
            "data"
        ] == [stream]


def test_a_list_is_paged(catalog_world: World, web: httpx.Client) -> None:
    second = get_json(catalog_world, web, "/videos", ("pageSize", "2"), ("currentPage", "2"))
    assert [video["title"] for video in second["data"]] == ["Burrs"]
    assert second["pagination"]["pagesTotal"] == 2


def test_the_demo_has_the_documented_ids(demo: Server, web: httpx.Client) -> None:
    assert (
        web.get(f"{demo.url}/videos/vi4k0jvEUuaTdRAEjQ4Prklg", auth=("guide", "")).status_code
        == 200
    )
    assert (
        web.get(f"{demo.url}/live-streams/vi4k0jvEUuaTdRAEjQ4Jfrgz", auth=("guide", "")).status_code
        == 200
    )
    assert (
        web.get(f"{demo.url}/videos/vi4k0jvEUuaTdRAEjQ4Jfrgz", auth=("guide", "")).status_code
        == 404
    )


def test_what_the_catalogue_prints_can_be_asked_for(demo: Server, web: httpx.Client) -> None:
    with demo.emulator.store.snapshot() as connection:
        rows = APIVIDEO.catalog(
            Snapshot(connection, demo.emulator.open_account("guide"), APIVIDEO.visibility)
        )
    paths = {
        "video": "/videos/{}",
        "live": "/live-streams/{}",
        "session": "/analytics/sessions/{}/events",
    }
    assert {kind: len([row for row in rows if row[0] == kind]) for kind in paths} == {
        "video": 26,
        "live": 3,
        "session": 5,
    }
    assert all(
        web.get(demo.url + paths[kind].format(id_), auth=("guide", "")).status_code == 200
        for kind, id_, _ in rows
    )


def test_the_example_works(demo: Server, empty: Server, web: httpx.Client) -> None:
    for server in (demo, empty):
        with server.emulator.store.snapshot() as connection:
            example = APIVIDEO.curl_example(
                Snapshot(connection, server.emulator.open_account("guide"), APIVIDEO.visibility),
                server.url,
            )
        curl, flag, user, url = example.replace("'", "").split(" ")
        assert (curl, flag, user) == ("curl", "-u", "guide:")
        found = web.get(url, auth=("guide", "")).json()
        assert (found["pagination"]["itemsTotal"] > 0) == (server is demo)
