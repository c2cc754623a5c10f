"""Wistia's analytics:

pages and domains that embed media, what is watched most, and how viewers come.
"""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.domain.media import PromptKind
from playhead.domain.playback import Prompt
from playhead.vendors.wistia.ids import hashed_id
from tests.worlds import World, viewer

pytestmark = pytest.mark.covers(
    "wistia.analytics_account_embed_locations",
    "wistia.analytics_account_top_content",
    "wistia.analytics_media_embed_locations",
    "wistia.analytics_media_embed_locations_timeseries",
    "wistia.analytics_media_languages",
    "wistia.analytics_media_traffic",
)

CALL = PromptKind.call_to_action
JUNE = {"start_date": "2024-06-01", "end_date": "2024-06-05"}
GetJson = Callable[..., Any]
EMBED_ONE = "https://a.test/one"
EMBED_TWO = "https://a.test/two?x=1"
EMBED_THREE = "http://b.test"


def json_getter(world: World, web: httpx.Client) -> GetJson:
    def get(path: str, **parameters: Any) -> Any:
        response = world.get(web, "wistia", f"/modern/analytics{path}", **{**JUNE, **parameters})
        assert (response.status_code, response.headers["content-type"]) == (
            200,
            "application/json",
        ), response.text
        return response.json()

    return get


@pytest.fixture
def get_json(world: World, web: httpx.Client) -> GetJson:
    return json_getter(world, web)


def media_path(media: int, rest: str) -> str:
    return f"/medias/{hashed_id('video', media)}{rest}"


@pytest.fixture
def embedded_media(world: World) -> int:
    """A video on three pages:

    Ana plays on one and two, Bo only loads on one and plays on three, Cy plays in an application.
    """
    video = world.video(
        "first", seconds=10, prompts=[Prompt(CALL, 2, "Read on", "https://example.com/")]
    )
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 10), page=EMBED_ONE, converts=[CALL])
    world.watch(video, "ana", "2024-06-01T09:00:00Z", (0, 10), page=EMBED_TWO)
    world.watch(video, "ana", "2024-06-04T08:00:00Z", (0, 5), page=EMBED_ONE)
    world.watch(video, "bo", "2024-06-01T08:00:00Z", page=EMBED_ONE)
    world.watch(video, "bo", "2024-06-04T08:00:00Z", (0, 10), (0, 10), page=EMBED_THREE)
    world.watch(video, "cy", "2024-06-01T08:00:00Z", (0, 10), page=None)
    return video


# Pages.


def test_the_pages_of_a_media(get_json: GetJson, embedded_media: int) -> None:
    one, three, two = get_json(media_path(embedded_media, "/embed_locations"))
    assert one == {
        "embed_domain": "a.test",
        "embed_path": "/one",
        "embed_url": EMBED_ONE,
        "page_title": "/one",
        "loads": 3,
        "unique_loads": 2,
        "plays": 2,
        "unique_plays": 1,
        "play_rate": 2 / 3,
        "played_time": 15,
        "engagement_rate": 0.75,
        "unique_visitors": 2,
        "cta_conversion_rate": 0.5,
    }
    assert (
        three["embed_url"],
        three["embed_path"],
        three["played_time"],
        three["engagement_rate"],
    ) == (EMBED_THREE, "/", 20, 1)
    assert (two["embed_url"], two["embed_path"], two["cta_conversion_rate"]) == (
        EMBED_TWO,
        "/two",
        0,
    )


ORDERS = {
    "by plays": ({}, [EMBED_ONE, EMBED_THREE, EMBED_TWO]),
    "fewest first": ({"sort_direction": "asc"}, [EMBED_THREE, EMBED_TWO, EMBED_ONE]),
    "by loads": ({"sort_by": "loads"}, [EMBED_ONE, EMBED_THREE, EMBED_TWO]),
    "by play rate": ({"sort_by": "play_rate"}, [EMBED_THREE, EMBED_TWO, EMBED_ONE]),
    "by engagement": (
        {"sort_by": "engagement_rate", "sort_direction": "asc"},
        [EMBED_ONE, EMBED_THREE, EMBED_TWO],
    ),
    "the first": ({"per_page": "1"}, [EMBED_ONE]),
    "one of them": ({"embed_url": EMBED_TWO}, [EMBED_TWO]),
    "one where it is not": ({"embed_url": "https://a.test/"}, []),
}


@pytest.mark.parametrize(("query", "expected"), ORDERS.values(), ids=ORDERS)
def test_which_pages_in_which_order(
    get_json: GetJson, embedded_media: int, query: dict[str, str], expected: list[str]
) -> None:
    assert [
        row["embed_url"]
        for row in get_json(media_path(embedded_media, "/embed_locations"), **query)
    ] == expected


def test_pages_by_interval_with_the_others_together(get_json: GetJson, embedded_media: int) -> None:
    first, *empty, last = get_json(
        media_path(embedded_media, "/embed_locations_timeseries"), granularity="daily", per_page="1"
    )
    assert [row["timestamp"][:10] for row in (first, *empty, last)] == [
        "2024-06-01",
        "2024-06-02",
        "2024-06-03",
        "2024-06-04",
    ]
    assert [row["entries"] for row in empty] == [[], []]
    assert [
        (entry["embed_url"], entry["page_title"], entry["plays"]) for entry in first["entries"]
    ] == [(EMBED_ONE, "/one", 1), (None, "All other", 1)]
    assert [(entry["embed_url"], entry["plays"]) for entry in last["entries"]] == [
        (EMBED_THREE, 1),
        (None, 1),
    ]


def test_viewers_of_the_other_pages_count_once(
    get_json: GetJson, world: World, embedded_media: int
) -> None:
    world.watch(embedded_media, "ana", "2024-06-02T08:00:00Z", (0, 10), page=EMBED_THREE)
    (month,) = get_json(
        media_path(embedded_media, "/embed_locations_timeseries"),
        granularity="monthly",
        per_page="1",
        sort_by="loads",
    )
    first, others = month["entries"]
    assert (first["embed_url"], first["unique_loads"], first["cta_conversion_rate"]) == (
        EMBED_ONE,
        2,
        0.5,
    )
    assert others == {
        "embed_domain": None,
        "embed_path": None,
        "embed_url": None,
        "page_title": "All other",
        "loads": 3,
        "unique_loads": 2,
        "plays": 3,
        "unique_plays": 2,
        "play_rate": 1,
        "played_time": 40,
        "engagement_rate": 1,
        "unique_visitors": 2,
        "cta_conversion_rate": 0,
    }


def test_without_others_there_is_no_such_entry(get_json: GetJson, embedded_media: int) -> None:
    (month,) = get_json(
        media_path(embedded_media, "/embed_locations_timeseries"), granularity="monthly"
    )
    assert month["entries"] == get_json(media_path(embedded_media, "/embed_locations"))


# Domains.


def test_the_domains_of_an_account(get_json: GetJson, world: World, embedded_media: int) -> None:
    other = world.video("second", seconds=10)
    world.watch(other, "bo", "2024-06-01T08:00:00Z", (0, 10), page=EMBED_TWO)
    assert get_json("/account/embed_locations") == [
        {
            "embed_domain": "a.test",
            "media_count": 2,
            "loads": 5,
            "plays": 4,
            "play_rate": 0.8,
            "played_time": 35,
            "engagement_rate": 35 / 40,
            "unique_visitors": 2,
        },
        {
            "embed_domain": "b.test",
            "media_count": 1,
            "loads": 1,
            "plays": 1,
            "play_rate": 1,
            "played_time": 20,
            "engagement_rate": 1,
            "unique_visitors": 1,
        },
    ]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("play_rate", "ba"),
        ("played_time", "ab"),
        ("unique_visitors", "ab"),
        ("engagement_rate", "ba"),
    ],
)
def test_the_order_of_domains(
    get_json: GetJson, embedded_media: int, order: str, expected: str
) -> None:
    assert [
        row["embed_domain"][0] for row in get_json("/account/embed_locations", sort_by=order)
    ] == list(expected)
    assert [
        row["embed_domain"][0]
        for row in get_json("/account/embed_locations", sort_by=order, per_page=1)
    ] == [expected[0]]


# What is watched most.


def test_the_media_that_are_watched_most(
    get_json: GetJson, world: World, embedded_media: int
) -> None:
    world.video("never loaded")
    other = world.video("second", seconds=10, released_at=1_700_000_000)
    world.watch(other, "bo", "2024-06-01T08:00:00Z", (0, 5))
    first, second = get_json("/account/top_content")
    assert (first["media_name"], first["plays"], first["unique_visitors"]) == ("first", 5, 3)
    assert second == {
        "media_name": "second",
        "media_hashed_id": hashed_id("video", other),
        "media_type": "Video",
        "media_thumbnail_url": f"{world.server.url}/deliveries/{hashed_id('video', other)}.jpg",
        "media_duration": 10,
        "media_uploaded_at": "2023-11-14T22:13:20.000Z",
        "media_deleted_at": None,
        "unique_loads": 1,
        "unique_plays": 1,
        "form_conversions": 0,
        "plays": 1,
        "play_rate": 1,
        "engagement_rate": 0.5,
        "unique_visitors": 1,
        "played_time": 5,
    }


def test_media_that_are_asked_for_by_id_are_told_loaded_or_not(
    get_json: GetJson, world: World, embedded_media: int
) -> None:
    ids = [hashed_id("video", world.video(f"video {index}")) for index in range(11)]
    assert len(get_json("/account/top_content")) == 1
    rows = get_json("/account/top_content", **{"hashed_ids[]": [*ids, ids[0]]})
    assert {row["media_hashed_id"] for row in rows} == set(ids)
    assert len(get_json("/account/top_content", **{"hashed_ids[]": ids, "per_page": "2"})) == 2


def test_ids_go_with_media_only_and_all_must_be_known(world: World, web: httpx.Client) -> None:
    ids = {"hashed_ids[]": [hashed_id("video", world.video()), "nope"]}
    unknown = world.get(web, "wistia", "/modern/analytics/account/top_content", **JUNE, **ids)
    assert (unknown.status_code, unknown.content) == (404, b"")
    refused = world.get(
        web, "wistia", "/modern/analytics/account/top_content", **JUNE, **ids, group_by="project"
    )
    assert (refused.status_code, refused.json()["errors"]) == (
        400,
        ["hashed_ids[] is refused: it goes with group_by=media only."],
    )


def test_the_projects_that_are_watched_most(demo: Server, web: httpx.Client, key: str) -> None:
    """Each viewer once, whatever media of the project they loaded."""
    world = World(demo, key)
    ask = json_getter(World(demo, key), web)
    rows = ask("/account/top_content", group_by="project", sort_by="unique_visitors")
    assert len(rows) == 4 and [row["unique_visitors"] for row in rows] == sorted(
        [row["unique_visitors"] for row in rows], reverse=True
    )
    tours = next(row for row in rows if row["project_hashed_id"] == "ln2k6qwi9k")
    parts = [
        row
        for row in ask("/account/top_content", per_page="1000")
        if row["media_name"] in titles(world, web)
    ]
    assert tours["plays"] == sum(part["plays"] for part in parts)
    assert (
        max(part["unique_visitors"] for part in parts)
        < tours["unique_visitors"]
        < sum(part["unique_visitors"] for part in parts)
    )
    assert (tours["project_name"], tours["project_video_count"]) == ("Product Tours", 8)
    assert tours["project_url"] == f"{demo.url}/projects/ln2k6qwi9k"


def titles(world: World, web: httpx.Client) -> set[str]:
    return {
        media["name"]
        for media in world.get(web, "wistia", "/modern/medias", folder_id="ln2k6qwi9k").json()
    }


def test_there_are_no_channels(get_json: GetJson, embedded_media: int) -> None:
    assert get_json("/account/top_content", group_by="channel") == []


# How viewers come, and what they speak.

BLOG = "https://blog.example.com/2024/first-espresso/"
SHOP = "https://shop.example.com/starter-set/"
GROUPS = {
    "utm_campaign": [(None, 3, 2), ("cold-brew-summer", 2, 1)],
    "utm_source": [("bing", 2, 2), ("example", 2, 1), (None, 1, 0)],
    "utm_medium": [("organic", 2, 2), ("social", 2, 1), (None, 1, 0)],
    "referrer_domain": [("www.bing.com", 2, 2), ("social.example.org", 2, 1), (None, 1, 0)],
    "viewer_screen_size": [("1920x1080", 4, 2), ("1536x864", 1, 1)],
}


@pytest.fixture
def demo_traffic(demo: Server, key: str) -> tuple[World, int]:
    """A video of one's own on the demo's pages:

    two plays by a search, a play and a load from a campaign, a load in an application.
    """
    world = World(demo, key)
    video = world.video(seconds=10)
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 10), page=BLOG)
    world.watch(
        video,
        "",
        "2024-06-01T08:00:00Z",
        (0, 5),
        page=BLOG,
        viewer=viewer("bo", device=5, place=20),
    )
    world.watch(video, "ana", "2024-06-02T08:00:00Z", (0, 10), page=SHOP)
    world.watch(video, "cy", "2024-06-02T08:00:00Z", page=SHOP)
    world.watch(video, "cy", "2024-06-02T08:00:00Z", page=None)
    return world, video


@pytest.mark.parametrize(("group", "expected"), GROUPS.items(), ids=GROUPS)
def test_how_viewers_come(
    demo_traffic: tuple[World, int],
    web: httpx.Client,
    group: str,
    expected: list[tuple[str | None, int, int]],
) -> None:
    world, video = demo_traffic
    rows = json_getter(world, web)(media_path(video, "/traffic"), group_by=group)
    assert [(row[group], row["loads"], row["plays"]) for row in rows] == expected
    assert all(set(row) == {group, "loads", "plays", "engagement_rate"} for row in rows)


def test_the_order_of_ways(demo_traffic: tuple[World, int], web: httpx.Client) -> None:
    ask = json_getter(demo_traffic[0], web)
    path = media_path(demo_traffic[1], "/traffic")
    assert [
        row["engagement_rate"]
        for row in ask(path, group_by="utm_medium", sort_by="engagement_rate")
    ] == [1, 0.75, 0]
    assert [
        row["utm_medium"]
        for row in ask(
            path, group_by="utm_medium", sort_by="loads", sort_direction="asc", per_page="2"
        )
    ] == [None, "organic"]


def test_a_page_is_told_with_its_title(demo_traffic: tuple[World, int], web: httpx.Client) -> None:
    rows = json_getter(demo_traffic[0], web)(media_path(demo_traffic[1], "/embed_locations"))
    assert [(row["page_title"], row["embed_path"]) for row in rows] == [
        ("Your First Espresso", "/2024/first-espresso/"),
        ("The Starter Set", "/starter-set/"),
    ]


def test_in_which_languages_it_is_watched(
    demo_traffic: tuple[World, int], web: httpx.Client
) -> None:
    ask = json_getter(demo_traffic[0], web)
    assert ask(media_path(demo_traffic[1], "/languages")) == [
        {"language": "en", "plays": 2, "percent_of_total_plays": 2 / 3, "captions_support": False},
        {"language": "fr", "plays": 1, "percent_of_total_plays": 1 / 3, "captions_support": False},
    ]
    assert [
        row["language"] for row in ask(media_path(demo_traffic[1], "/languages"), per_page="1")
    ] == ["en"]
