"""Pages: counters, links, and what is out of range."""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.vendors.apivideo import ids
from tests.worlds import World

pytestmark = pytest.mark.covers("apivideo.video_sessions")

PROBLEM = "application/problem+json"
OUT_OF_RANGE = "This parameter is out of the allowed range of values."


@pytest.fixture
def five_videos(world: World) -> str:
    """The path of a video with five sessions."""
    video = world.video(seconds=60)
    for second in range(5):
        world.watch(video, "ana", f"2024-05-10T10:00:0{second}Z", labels={"a b": "x&y"})
    return f"/analytics/videos/{ids.id_of('video', video)}"


def page(world: World, web: httpx.Client, path: str) -> dict[str, Any]:
    document: dict[str, Any] = web.get(world.server.url + path, auth=(world.key, "")).json()
    return document


def relations(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (link["rel"], link["uri"].partition("?")[2]) for link in document["pagination"]["links"]
    ]


def test_a_page_in_the_middle(five_videos: str, world: World, web: httpx.Client) -> None:
    document = page(world, web, f"{five_videos}?currentPage=2&pageSize=2")
    assert document["pagination"] == {
        "currentPage": 2,
        "currentPageItems": 2,
        "pageSize": 2,
        "pagesTotal": 3,
        "itemsTotal": 5,
        "links": [
            {"rel": "self", "uri": f"{five_videos}?currentPage=2&pageSize=2"},
            {"rel": "first", "uri": f"{five_videos}?currentPage=1&pageSize=2"},
            {"rel": "previous", "uri": f"{five_videos}?currentPage=1&pageSize=2"},
            {"rel": "next", "uri": f"{five_videos}?currentPage=3&pageSize=2"},
            {"rel": "last", "uri": f"{five_videos}?currentPage=3&pageSize=2"},
        ],
    }


@pytest.mark.parametrize(
    ("query", "items", "rels"),
    [
        ("", 5, ["self", "first", "last"]),
        ("currentPage=1&pageSize=2", 2, ["self", "first", "next", "last"]),
        ("currentPage=3&pageSize=2", 1, ["self", "first", "previous", "last"]),
        ("currentPage=9&pageSize=2", 0, ["self", "first", "previous", "last"]),
        ("currentPage=999999999999999999&pageSize=100", 0, ["self", "first", "previous", "last"]),
        ("currentPage=1&pageSize=5", 5, ["self", "first", "last"]),
        (
            "currentPage=3&currentPage=1&pageSize=100&pageSize=2",
            2,
            ["self", "first", "next", "last"],
        ),
    ],
)
def test_the_links_of_a_page(
    query: str, items: int, rels: list[str], five_videos: str, world: World, web: httpx.Client
) -> None:
    document = page(world, web, f"{five_videos}?{query}")
    assert (
        len(document["data"]),
        document["pagination"]["currentPageItems"],
        document["pagination"]["itemsTotal"],
    ) == (items, items, 5)
    assert [rel for rel, _ in relations(document)] == rels


def test_pages_join_into_the_whole_list(five_videos: str, world: World, web: httpx.Client) -> None:
    pages = [
        page(world, web, f"{five_videos}?currentPage={number}&pageSize=2")["data"]
        for number in (1, 2, 3)
    ]
    assert [row for rows in pages for row in rows] == page(world, web, five_videos)["data"]


def test_an_empty_list_has_one_page(five_videos: str, world: World, web: httpx.Client) -> None:
    document = page(world, web, f"{five_videos}?period=2023")
    counters = {name: value for name, value in document["pagination"].items() if name != "links"}
    assert document["data"] == []
    assert counters == {
        "currentPage": 1,
        "currentPageItems": 0,
        "pageSize": 25,
        "pagesTotal": 1,
        "itemsTotal": 0,
    }
    assert [rel for rel, _ in relations(document)] == ["self", "first", "last"]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (
            "pageSize=1&metadata[a b]=x%26y&currentPage=1&period=2024-05-01/2024-05-31",
            "metadata%5Ba%20b%5D=x%26y&period=2024-05-01%2F2024-05-31",
        ),
        (
            "currentPage=1&period=2024-05-10T00%3A00%3A00.000%2B00%3A00&pageSize=1",
            "period=2024-05-10T00%3A00%3A00.000%2B00%3A00",
        ),
        ("period=&pageSize=1&other=%C3%A9", "period=&other=%C3%A9"),
    ],
)
def test_links_keep_the_filters_in_their_order_percent_encoded(
    query: str, kept: str, five_videos: str, world: World, web: httpx.Client
) -> None:
    document = page(world, web, f"{five_videos}?{query}")
    assert relations(document)[-1] == ("last", f"{kept}&currentPage=5&pageSize=1")


def test_the_last_link_leads_to_the_newest_session(
    five_videos: str, world: World, web: httpx.Client
) -> None:
    document = page(world, web, f"{five_videos}?period=2024-05&pageSize=1")
    newest = page(world, web, document["pagination"]["links"][-1]["uri"])
    assert newest["data"][0]["session"]["loadedAt"] == "2024-05-10T10:00:04+00:00"


def test_links_never_carry_the_prefix(five_videos: str, world: World, web: httpx.Client) -> None:
    assert page(world, web, f"/apivideo{five_videos}") == page(world, web, five_videos)


BELOW_ONE = {"title": OUT_OF_RANGE, "name": "page", "range": {"min": 1}}
WRONG_SIZE = {"title": OUT_OF_RANGE, "name": "pageSize", "range": {"min": 1, "max": 100}}
OUT_OF_RANGE_PAGES = {
    "currentPage=0": [BELOW_ONE],
    "currentPage=-1": [BELOW_ONE],
    "currentPage=x": [BELOW_ONE],
    "currentPage=": [BELOW_ONE],
    "currentPage=1.0": [BELOW_ONE],
    "currentPage=9999999999999999999": [BELOW_ONE],
    "currentPage=%D9%A1": [BELOW_ONE],
    "pageSize=0": [WRONG_SIZE],
    "pageSize=101": [WRONG_SIZE],
    "pageSize=True": [WRONG_SIZE],
    "currentPage=0&pageSize=1000": [BELOW_ONE, WRONG_SIZE],
    "pageSize=1000&currentPage=0": [BELOW_ONE, WRONG_SIZE],
    "pageSize=0&period=never": [WRONG_SIZE],
}
LISTS = [
    "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg",
    "/analytics/live-streams/vi4k0jvEUuaTdRAEjQ4Jfrgz",
    "/analytics/sessions/psEmFwGQUAXR2lFHj5nDOpy/events",
    "/videos",
    "/live-streams",
]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(("query", "problems"), OUT_OF_RANGE_PAGES.items(), ids=OUT_OF_RANGE_PAGES)
def test_out_of_range(
    path: str, query: str, problems: list[dict[str, Any]], demo: Server, web: httpx.Client
) -> None:
    answer = web.get(f"{demo.url}{path}?{query}", auth=("pages", ""))
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.json() == {**problems[0], "status": 400, "problems": problems}
    assert list(answer.json()) == ["title", "name", "status", "range", "problems"]
