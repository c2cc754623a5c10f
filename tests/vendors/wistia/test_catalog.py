"""Wistia: media, projects and folders."""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.analytics.snapshot import Snapshot
from playhead.vendors.wistia import WISTIA
from playhead.vendors.wistia.ids import hashed_id, numeric_id
from tests.worlds import World

pytestmark = pytest.mark.covers("wistia.medias", "wistia.projects", "wistia.folders")

# The project of what is recorded where there is none.
RECORDED = numeric_id("project", 2**33), hashed_id("project", 2**33)


@pytest.fixture
def demo_catalog(demo: Server, key: str) -> World:
    return World(demo, key)


def get_json(world: World, web: httpx.Client, path: str, **parameters: Any) -> Any:
    response = world.get(web, "wistia", path, **parameters)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    return response.json()


def recorded_media(world: World) -> tuple[str, int]:
    """The two ids of a recorded media."""
    number = world.video(
        "Title",
        seconds=9.5,
        description="Text",
        tags=["a", "b"],
        released_at=1_380_000_000,
        source_bytes=7_125_000,
    )
    return hashed_id("video", number), numeric_id("video", number)


def files(url: str, hashed: str, *, size: str, form: str) -> list[dict[str, object]]:
    return [
        {
            "url": f"{url}/deliveries/{hashed}-{type_}.bin",
            "width": width,
            "height": height,
            size: bytes_,
            form: "video/mp4",
            "type": type_,
        }
        for type_, width, height, bytes_ in (
            ("OriginalFile", 1920, 1080, 7_125_000),
            ("IphoneVideoFile", 640, 360, 1_187_500),
        )
    ]


def test_a_media_under_v1_in_full(world: World, web: httpx.Client) -> None:
    hashed, number = recorded_media(world)
    url = world.server.url
    assert get_json(world, web, "/v1/medias.json") == [
        {
            "id": number,
            "name": "Title",
            "type": "Video",
            "archived": False,
            "created": "2013-09-24T05:20:00+00:00",
            "updated": "2013-09-24T05:20:00+00:00",
            "duration": 9.5,
            "hashed_id": hashed,
            "description": "Text",
            "progress": 1,
            "status": "ready",
            "thumbnail": {"url": f"{url}/deliveries/{hashed}.jpg", "width": 200, "height": 112},
            "project": {
                "id": RECORDED[0],
                "name": "Recorded",
                "hashed_id": RECORDED[1],
                "hashedId": RECORDED[1],
            },
            "assets": files(url, hashed, size="fileSize", form="contentType"),
        }
    ]


def test_a_media_under_modern_in_full(world: World, web: httpx.Client) -> None:
    hashed, number = recorded_media(world)
    url = world.server.url
    assert get_json(world, web, "/modern/medias") == [
        {
            "id": number,
            "name": "Title",
            "type": "Video",
            "archived": False,
            "created": "2013-09-24T05:20:00+00:00",
            "updated": "2013-09-24T05:20:00+00:00",
            "duration": 9.5,
            "hashed_id": hashed,
            "description": "Text",
            "progress": 1,
            "status": "ready",
            "thumbnail": {"url": f"{url}/deliveries/{hashed}.jpg", "width": 200, "height": 112},
            "folder": {"id": RECORDED[0], "name": "Recorded", "hashed_id": RECORDED[1]},
            "assets": files(url, hashed, size="file_size", form="content_type"),
            "tags": [{"name": "a"}, {"name": "b"}],
        }
    ]


def test_a_project_and_a_folder_in_full(demo_catalog: World, web: httpx.Client) -> None:
    (project,) = get_json(demo_catalog, web, "/v1/projects.json", **{"hashed_ids[]": "4d23503f70"})
    assert project == {
        "id": 22570,
        "name": "Stories and Campaigns",
        "description": "Customers, people and seasons.",
        "mediaCount": 8,
        "created": "2024-03-04T00:00:00+00:00",
        "updated": "2024-03-04T00:00:00+00:00",
        "hashedId": "4d23503f70",
        "hashed_id": "4d23503f70",
        "public": False,
        "publicId": "4d23503f70",
        "anonymousCanUpload": False,
        "anonymousCanDownload": False,
    }
    (folder,) = get_json(demo_catalog, web, "/modern/folders", **{"hashed_ids[]": "4d23503f70"})
    assert folder == {
        "id": 22570,
        "name": "Stories and Campaigns",
        "description": "Customers, people and seasons.",
        "media_count": 8,
        "medias": {"url": f"{demo_catalog.server.url}/modern/medias?folder_id=4d23503f70"},
        "created": "2024-03-04T00:00:00+00:00",
        "updated": "2024-03-04T00:00:00+00:00",
        "hashed_id": "4d23503f70",
        "public": False,
        "public_id": "4d23503f70",
        "anonymous_can_upload": False,
        "anonymous_can_download": False,
        "kind": "shared",
        "personal_library": False,
    }


def test_a_media_says_where_it_is_kept(demo_catalog: World, web: httpx.Client) -> None:
    (old,) = get_json(demo_catalog, web, "/v1/medias", hashed_id="gskhw4w4lm")
    assert old["project"] == {
        "id": 22570,
        "name": "Stories and Campaigns",
        "hashed_id": "4d23503f70",
        "hashedId": "4d23503f70",
    }
    (new,) = get_json(demo_catalog, web, "/modern/medias", **{"hashed_ids[]": "gskhw4w4lm"})
    assert new["folder"] == {
        "id": 22570,
        "name": "Stories and Campaigns",
        "hashed_id": "4d23503f70",
    }


def test_the_address_of_a_folders_media_lists_them(demo_catalog: World, web: httpx.Client) -> None:
    for folder in get_json(demo_catalog, web, "/modern/folders"):
        media = web.get(
            folder["medias"]["url"], headers={"Authorization": f"Bearer {demo_catalog.key}"}
        ).json()
        assert [one["folder"]["id"] for one in media] == [folder["id"]] * folder["media_count"]


def test_only_videos_are_listed(demo_catalog: World, web: httpx.Client) -> None:
    before = len(get_json(demo_catalog, web, "/v1/medias.json"))
    demo_catalog.live("on air", project=0)
    demo_catalog.playlist("in a row")
    assert (
        len(get_json(demo_catalog, web, "/v1/medias.json"))
        == before
        == sum(one["mediaCount"] for one in get_json(demo_catalog, web, "/v1/projects"))
    )


FILTERED_TITLES = {
    "by name": ("/v1/medias", {"name": "b"}, ["b"]),
    "by a part of a name": ("/v1/medias", {"name": "B"}, []),
    "by type": ("/v1/medias", {"type": "Video"}, ["a", "b", "C"]),
    "by another type": ("/v1/medias", {"type": "Audio"}, []),
    "by tag": ("/modern/medias", {"tags[]": ["x"]}, ["a", "b"]),
    "by all tags": ("/modern/medias", {"tags[]": ["x", "y"]}, ["b"]),
    "archived": ("/modern/medias", {"archived": "true"}, []),
    "not archived": ("/modern/medias", {"archived": "false"}, ["a", "b", "C"]),
    "by hashed id": ("/v1/medias", {"hashed_id": "aaaaaaaaaa"}, ["a"]),
    "by hashed ids": (
        "/modern/medias",
        {"hashed_ids[]": ["aaaaaaaaaa", "cccccccccc", "nomedia000"]},
        ["a", "C"],
    ),
    "of an unknown project": ("/v1/medias", {"project_id": "nomedia000"}, []),
    "of an unknown folder": ("/modern/medias", {"folder_id": "nomedia000"}, []),
    "a folder is no word of v1": ("/v1/medias", {"folder_id": "nomedia000"}, ["a", "b", "C"]),
    "a project is no word of modern": (
        "/modern/medias",
        {"project_id": "nomedia000"},
        ["a", "b", "C"],
    ),
    "empty ones": ("/v1/medias", {"name": "", "type": "", "project_id": ""}, ["a", "b", "C"]),
    "as the program asks": ("/modern/medias", {"description_format": "markdown"}, ["a", "b", "C"]),
}


@pytest.fixture
def three_media(world: World) -> World:
    """Media whose order differs by name, age and position."""
    world.video(
        "b", ids={"wistia": ["20", "bbbbbbbbbb"]}, released_at=1_300_000_000, tags=["x", "y"]
    )
    world.video("C", ids={"wistia": ["30", "cccccccccc"]}, released_at=1_100_000_000)
    world.video("a", ids={"wistia": ["10", "aaaaaaaaaa"]}, released_at=1_200_000_000, tags=["x"])
    return world


@pytest.mark.parametrize(
    ("path", "parameters", "names"), FILTERED_TITLES.values(), ids=FILTERED_TITLES
)
def test_which_media(
    three_media: World, web: httpx.Client, path: str, parameters: dict[str, Any], names: list[str]
) -> None:
    assert (
        sorted(
            [one["name"] for one in get_json(three_media, web, path, **parameters)],
            key=str.casefold,
        )
        == names
    )


ORDERS = {
    "by id": ({}, "abC"),
    "by name": ({"sort_by": "name"}, "abC"),
    "by name, descending": ({"sort_by": "name", "sort_direction": "0"}, "Cba"),
    "by creation": ({"sort_by": "created", "sort_direction": "1"}, "Cab"),
    "by change": ({"sort_by": "updated"}, "Cab"),
    "by position": ({"sort_by": "position"}, "bCa"),
    "descending by id": ({"sort_direction": "0"}, "Cba"),
    "by an unknown word": ({"sort_by": "colour", "sort_direction": "up"}, "abC"),
    "a page": ({"sort_by": "name", "per_page": "2"}, "ab"),
    "the next page": ({"sort_by": "name", "per_page": "2", "page": "2"}, "C"),
    "past the end": ({"per_page": "2", "page": "3"}, ""),
    "more than there can be": ({"per_page": "500"}, "abC"),
}


@pytest.mark.parametrize(("parameters", "names"), ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("path", ["/v1/medias.json", "/modern/medias"])
def test_the_order_of_media(
    three_media: World, web: httpx.Client, path: str, parameters: dict[str, str], names: str
) -> None:
    assert "".join(one["name"] for one in get_json(three_media, web, path, **parameters)) == names


@pytest.mark.parametrize("path", ["/v1/projects.json", "/modern/folders"])
def test_the_order_of_projects(demo_catalog: World, web: httpx.Client, path: str) -> None:
    by_id = get_json(demo_catalog, web, path)
    assert [one["id"] for one in by_id] == sorted(one["id"] for one in by_id)
    names = ["Barista Academy", "Events and Broadcasts", "Product Tours", "Stories and Campaigns"]
    assert [one["name"] for one in get_json(demo_catalog, web, path, sort_by="name")] == names
    assert [
        one["name"]
        for one in get_json(
            demo_catalog, web, path, sort_by="name", sort_direction="0", page="2", per_page="3"
        )
    ] == names[:1]
    count = "mediaCount" if path.startswith("/v1") else "media_count"
    assert [one[count] for one in get_json(demo_catalog, web, path, sort_by="mediaCount")] == [
        3,
        7,
        8,
        8,
    ]


def test_the_catalog_names_what_can_be_asked_for(demo_catalog: World, web: httpx.Client) -> None:
    with demo_catalog.server.emulator.store.snapshot() as connection:
        rows = WISTIA.catalog(Snapshot(connection, demo_catalog.account, WISTIA.visibility))
    kinds = [kind for kind, _, _ in rows]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "project": 4,
        "media": 26,
        "event": 5,
        "visitor": 5,
        "public_token": 1,
    }
    paths = {"project": "projects", "media": "medias", "event": "events", "visitor": "visitors"}
    for kind, id_, title in rows[:-1]:
        assert title
        assert (
            demo_catalog.get(web, "wistia", f"/v1/stats/{paths[kind]}/{id_}.json").status_code
            == 200
        )
    token = rows[-1][1]
    event = next(id_ for kind, id_, _ in rows if kind == "event")
    assert (
        web.get(
            f"{demo_catalog.server.url}/v1/stats/events/{event}/iframe.html",
            params={"public_token": token},
        ).status_code
        == 200
    )


@pytest.mark.parametrize("scenario", ["demo", "empty"])
def test_the_example_works(
    scenario: str, request: pytest.FixtureRequest, web: httpx.Client
) -> None:
    server: Server = request.getfixturevalue(scenario)
    account = server.emulator.open_account("somebody")
    with server.emulator.store.snapshot() as connection:
        said = WISTIA.curl_example(Snapshot(connection, account, WISTIA.visibility), server.url)
    _, header, url, _ = said.removeprefix("curl -H ").replace("' '", "'").split("'")
    name, value = header.split(": ")
    assert web.get(url, headers={name: value}).status_code == 200
