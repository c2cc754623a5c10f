"""Wistia: the account, its token, and media, projects and folders one by one."""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.vendors.wistia.ids import hashed_id, numeric_id
from tests.worlds import World

pytestmark = pytest.mark.covers(
    "wistia.account_itself",
    "wistia.account_usage",
    "wistia.token",
    "wistia.media_itself",
    "wistia.media_summary",
    "wistia.project_itself",
    "wistia.folder",
)


def get_json(world: World, web: httpx.Client, path: str, **parameters: Any) -> Any:
    response = world.get(web, "wistia", path, **parameters)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json"), (
        response.text
    )
    return response.json()


@pytest.fixture
def demo_catalog(demo: Server, key: str) -> World:
    return World(demo, key)


# The account.


def test_the_account_in_both_spellings(demo_catalog: World, web: httpx.Client) -> None:
    number = demo_catalog.account.number
    url = demo_catalog.server.url
    assert get_json(demo_catalog, web, "/v1/account.json") == {
        "id": number,
        "name": demo_catalog.key,
        "url": url,
        "mediaCount": 26,
        "videoLimit": 1_000_000,
        "projectCount": 4,
        "channelCount": 0,
    }
    assert get_json(demo_catalog, web, "/modern/account") == {
        "id": number,
        "name": demo_catalog.key,
        "url": url,
        "media_count": 26,
        "video_limit": 1_000_000,
        "folder_count": 4,
        "channel_count": 0,
    }


def test_what_the_account_may_use_is_told_without_limits(world: World, web: httpx.Client) -> None:
    assert get_json(world, web, "/modern/account_usage") == {
        "plan": {
            "tier": "premium",
            "name": "Premium",
            "is_standard": True,
            "is_trial": False,
            "trial_expires_at": None,
        },
        "can_upload": False,
        "upload_blocked_reason": "Uploads are not emulated",
        "limits": None,
        "links": {"plans_url": f"{world.server.url}/account/plans"},
    }


def test_a_token_says_what_it_may(world: World, web: httpx.Client) -> None:
    told = {
        "type": "permanent",
        "application": None,
        "scopes": ["media:read", "stats:read"],
        "name": world.key,
        "expires_at": None,
    }
    assert get_json(world, web, "/modern/token") == told


def test_a_token_without_the_scope_of_statistics_says_so(
    empty: Server, web: httpx.Client, key: str
) -> None:
    empty.client.create(key, permissions={"wistia": {"stats_scope": False}})
    assert get_json(World(empty, key), web, "/modern/token")["scopes"] == ["media:read"]


# A media.


def test_a_media_alone_is_what_the_list_says_of_it(demo_catalog: World, web: httpx.Client) -> None:
    for prefix in ("/v1", "/modern"):
        listed = get_json(demo_catalog, web, f"{prefix}/medias")[3]
        for id_ in (listed["hashed_id"], listed["id"]):
            assert get_json(demo_catalog, web, f"{prefix}/medias/{id_}.json") == listed


def test_descriptions_are_plain_in_any_format(demo_catalog: World, web: httpx.Client) -> None:
    plain, markdown = (
        get_json(demo_catalog, web, "/modern/medias/gskhw4w4lm", **format_)
        for format_ in ({}, {"description_format": "markdown"})
    )
    assert plain == markdown


def test_a_video_is_processed_for_a_while_after_its_upload(
    demo_catalog: World, web: httpx.Client
) -> None:
    """Thirty seconds of video are transcoded in 27."""
    id_ = next(
        media["hashed_id"]
        for media in get_json(
            demo_catalog, web, "/modern/medias", name="Kettlemoor Mini in 30 Seconds"
        )
    )

    def at(time: str) -> Any:
        headers = {
            "Authorization": f"Bearer {demo_catalog.key}",
            "X-Playhead-Now": f"2024-03-25T{time}Z",
        }
        media = web.get(f"{demo_catalog.server.url}/modern/medias/{id_}", headers=headers).json()
        return media["status"], media["progress"], [file["type"] for file in media["assets"]]

    assert at("08:00:00") == ("processing", 0, ["OriginalFile"])
    assert at("08:00:09") == ("processing", 0.33, ["OriginalFile"])
    assert at("08:00:26") == ("processing", 0.96, ["OriginalFile"])
    assert at("08:00:27") == ("ready", 1, ["OriginalFile", "IphoneVideoFile"])


@pytest.mark.parametrize("prefix", ["/v1", "/modern"])
def test_the_counts_of_a_media_are_whole_percents(
    world: World, web: httpx.Client, prefix: str
) -> None:
    video = world.video("Title", seconds=8)
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 8))
    world.watch(video, "ana", "2024-06-01T09:00:00Z", (0, 1))
    world.watch(video, "bo", "2024-06-01T10:00:00Z")
    world.watch(video, "cy", "2024-06-01T10:00:00Z")
    assert get_json(world, web, f"{prefix}/medias/{hashed_id('video', video)}/stats.json") == {
        "id": numeric_id("video", video),
        "hashed_id": hashed_id("video", video),
        "name": "Title",
        # One of three viewers; nine of sixteen seconds: 56.25 %.
        "stats": {
            "pageLoads": 4,
            "visitors": 3,
            "percentOfVisitorsClickingPlay": 33,
            "plays": 2,
            "averagePercentWatched": 56,
        },
    }


def test_half_a_percent_is_rounded_up(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=200)
    world.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 1))
    assert (
        get_json(world, web, f"/v1/medias/{hashed_id('video', video)}/stats")["stats"][
            "averagePercentWatched"
        ]
        == 1
    )


# A project.


def test_a_project_alone_has_its_media(demo_catalog: World, web: httpx.Client) -> None:
    listed = next(
        one
        for one in get_json(demo_catalog, web, "/v1/projects")
        if one["hashedId"] == "ln2k6qwi9k"
    )
    for id_ in ("ln2k6qwi9k", listed["id"]):
        found = get_json(demo_catalog, web, f"/v1/projects/{id_}.json")
        medias = found.pop("medias")
        assert found == listed
        assert medias == [
            {name: value for name, value in media.items() if name not in ("project", "assets")}
            for media in get_json(demo_catalog, web, "/v1/medias", project_id="ln2k6qwi9k")
        ]
        assert len(medias) == found["mediaCount"] == 8


def test_a_project_shows_five_hundred_media_a_page(world: World, web: httpx.Client) -> None:
    for index in range(2):
        world.video(f"video {index}")
    id_ = get_json(world, web, "/v1/projects")[0]["hashedId"]
    assert [
        len(get_json(world, web, f"/v1/projects/{id_}", page=page)["medias"])
        for page in (1, 2, "x")
    ] == [2, 0, 2]


def test_a_folder_alone_is_what_the_list_says_of_it(demo_catalog: World, web: httpx.Client) -> None:
    listed = get_json(demo_catalog, web, "/modern/folders")[1]
    for id_ in (listed["hashed_id"], listed["id"]):
        assert get_json(demo_catalog, web, f"/modern/folders/{id_}") == listed


UNKNOWN_IDS = {
    "/v1/medias/nope": "Media",
    "/v1/medias/nope.json": "Media",
    "/modern/medias/nope": "Media",
    "/v1/medias/nope/stats": "Media",
    "/modern/medias/nope/stats": "Media",
    "/v1/projects/nope": "Project",
    "/modern/folders/nope": "Folder",
}


@pytest.mark.parametrize(("path", "what"), UNKNOWN_IDS.items())
def test_an_unknown_one_is_named(world: World, web: httpx.Client, path: str, what: str) -> None:
    answer = world.get(web, "wistia", path)
    assert (answer.status_code, answer.json()) == (
        404,
        {"error": f"{what} with ID 'nope' not found."},
    )


@pytest.mark.parametrize("kind", ["live", "playlist"])
def test_what_is_no_video_is_no_media(world: World, web: httpx.Client, kind: str) -> None:
    number = world.live() if kind == "live" else world.playlist()
    assert (
        world.get(web, "wistia", f"/modern/medias/{hashed_id('video', number)}").status_code == 404
    )
