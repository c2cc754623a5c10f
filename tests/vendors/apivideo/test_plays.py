"""GET /analytics/videos/plays and /analytics/live-streams/plays: dimensions, days, one filter."""

from typing import Any

import httpx
import pytest

from playhead.vendors.apivideo import ids
from tests.vendors.apivideo.small_world import SmallWorld
from tests.worlds import World

pytestmark = pytest.mark.covers("apivideo.videos_plays", "apivideo.live_streams_plays")

VIDEOS = "/analytics/videos/plays"
LIVE_STREAMS = "/analytics/live-streams/plays"
BOTH_DAYS = {"from": "2024-06-04", "to": "2024-06-06"}


def plays(counted: SmallWorld, path: str, **query: str) -> list[tuple[str, int]]:
    answer = counted.world.get(counted.web, "apivideo", path, **{**BOTH_DAYS, **query})
    assert answer.status_code == 200, answer.text
    return [(row["value"], row["plays"]) for row in answer.json()["data"]]


DIMENSIONS: dict[tuple[str, str], list[tuple[str, int]]] = {
    (VIDEOS, "country"): [("united states", 3), ("france", 1)],
    (VIDEOS, "deviceType"): [("computer", 3), ("phone", 1)],
    (VIDEOS, "operatingSystem"): [("windows", 3), ("ios", 1)],
    (VIDEOS, "browser"): [("firefox", 3), ("safari", 1)],
    (VIDEOS, "emittedAt"): [
        ("2024-06-04T10:00:00.000Z", 2),
        ("2024-06-04T11:00:00.000Z", 1),
        ("2024-06-05T09:00:00.000Z", 1),
    ],
    (LIVE_STREAMS, "country"): [("australia", 1)],
    (LIVE_STREAMS, "deviceType"): [("phone", 1)],
    (LIVE_STREAMS, "operatingSystem"): [("android", 1)],
    (LIVE_STREAMS, "browser"): [("chrome", 1)],
    (LIVE_STREAMS, "emittedAt"): [("2024-06-04T12:00:00.000Z", 1)],
}


@pytest.mark.parametrize(("path", "dimension"), DIMENSIONS)
def test_dimensions(path: str, dimension: str, small_world: SmallWorld) -> None:
    assert plays(small_world, path, dimension=dimension) == DIMENSIONS[path, dimension]


def test_by_media(small_world: SmallWorld) -> None:
    assert plays(small_world, VIDEOS, dimension="videoId") == [
        (small_world.first, 3),
        (small_world.second, 1),
    ]
    assert plays(small_world, LIVE_STREAMS, dimension="liveStreamId") == [(small_world.live, 1)]


def test_of_one_media(small_world: SmallWorld) -> None:
    assert plays(
        small_world, VIDEOS, dimension="country", filter=f"videoId:{small_world.first}"
    ) == [("united states", 3)]
    assert plays(
        small_world, VIDEOS, dimension="videoId", filter=f"videoId:{small_world.second}"
    ) == [(small_world.second, 1)]
    assert plays(
        small_world, LIVE_STREAMS, dimension="browser", filter=f"liveStreamId:{small_world.live}"
    ) == [("chrome", 1)]


def test_of_more_than_two_days_by_day(small_world: SmallWorld) -> None:
    expected = [("2024-06-04T00:00:00.000Z", 3), ("2024-06-05T00:00:00.000Z", 1)]
    assert plays(small_world, VIDEOS, dimension="emittedAt", **{"from": "2024-06-03"}) == expected


def test_today_is_left_out_unless_asked_for(world: World, web: httpx.Client) -> None:
    video = world.video()
    world.watch(video, "ana", "2024-06-05T09:00:00Z", (0, 5))
    found = [
        world.get(web, "apivideo", VIDEOS, dimension="country", **days).json()["data"]
        for days in ({"from": "2024-06-04"}, BOTH_DAYS, {"from": "2024-06-05"})
    ]
    assert found == [[], [{"value": "united states", "plays": 1}], []]


def test_a_page(small_world: SmallWorld) -> None:
    answer = small_world.world.get(
        small_world.web,
        "apivideo",
        VIDEOS,
        **BOTH_DAYS,
        dimension="country",
        pageSize="1",
        currentPage="2",
    ).json()
    asked = "from=2024-06-04&to=2024-06-06&dimension=country"
    assert answer["data"] == [{"value": "france", "plays": 1}]
    assert answer["pagination"]["links"][-1] == {
        "rel": "last",
        "uri": f"{VIDEOS}?{asked}&currentPage=2&pageSize=1",
    }
    assert answer["pagination"]["itemsTotal"] == 2


def test_a_load_that_never_plays_is_no_play(world: World, web: httpx.Client) -> None:
    world.watch(world.video(), "ana", "2024-06-04T09:00:00Z")
    assert world.get(web, "apivideo", VIDEOS, dimension="country", **BOTH_DAYS).json()["data"] == []


# Refusals.

REFERENCE = "https://docs.api.video/reference/"
DIMENSIONS_OF = {
    VIDEOS: "emittedAt,videoId,country,deviceType,operatingSystem,browser",
    LIVE_STREAMS: "emittedAt,liveStreamId,country,deviceType,operatingSystem,browser",
}
LAST_DAYS = "This value must be within the last 30 days."
NO_DATE = "This value must be a date of format YYYY-MM-DD."
INVALID_QUERIES: list[tuple[dict[str, str | None], str, str]] = [
    ({"from": "2024-05-05"}, "from", LAST_DAYS),
    ({"from": "2024-06-06"}, "from", LAST_DAYS),
    ({"to": "2024-06-07"}, "to", LAST_DAYS),
    ({"to": "2024-06-03"}, "to", 'This value must be greater than "from".'),
    ({"from": "Thu Jun 01 2023"}, "from", NO_DATE),
    ({"from": "2024-06-31"}, "from", NO_DATE),
    ({"from": "2024-06-04T00:00:00Z"}, "from", NO_DATE),
    ({"from": ""}, "from", NO_DATE),
    ({"to": "20240605"}, "to", NO_DATE),
    ({"to": "٢٠٢٤-06-05"}, "to", NO_DATE),
]


def error_body(
    world: World, web: httpx.Client, path: str, query: dict[str, str | None]
) -> dict[str, Any]:
    given = {
        name: value
        for name, value in {"from": "2024-06-04", "dimension": "country", **query}.items()
        if value is not None
    }
    answer = world.get(web, "apivideo", path, **given)
    assert (answer.status_code, answer.headers["content-type"]) == (
        400,
        "application/problem+json",
    ), answer.text
    document: dict[str, Any] = answer.json()
    return document


def violation(name: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"{REFERENCE}request-invalid-query-parameter",
        "title": "A query parameter is invalid.",
        "status": 400,
        "detail": detail,
        "name": name,
    }


@pytest.mark.parametrize("path", [VIDEOS, LIVE_STREAMS])
@pytest.mark.parametrize(
    ("query", "name", "detail"), INVALID_QUERIES, ids=[str(row[0]) for row in INVALID_QUERIES]
)
def test_bad_days(
    query: dict[str, str | None], name: str, detail: str, path: str, world: World, web: httpx.Client
) -> None:
    assert error_body(world, web, path, query) == violation(name, detail)


@pytest.mark.parametrize(("path", "choices"), DIMENSIONS_OF.items())
@pytest.mark.parametrize("dimension", ["city", "", "Country", "media-id"])
def test_no_dimension(
    dimension: str, path: str, choices: str, world: World, web: httpx.Client
) -> None:
    assert error_body(world, web, path, {"dimension": dimension}) == violation(
        "dimension", f"This value must be part of the following values: {choices}"
    )


@pytest.mark.parametrize(("path", "other"), [(VIDEOS, "liveStreamId"), (LIVE_STREAMS, "videoId")])
def test_the_other_kind_s_dimension(path: str, other: str, world: World, web: httpx.Client) -> None:
    assert error_body(world, web, path, {"dimension": other})["name"] == "dimension"


@pytest.mark.parametrize("name", ["from", "dimension"])
def test_what_is_missing(name: str, world: World, web: httpx.Client) -> None:
    assert error_body(world, web, VIDEOS, {name: None}) == {
        "type": f"{REFERENCE}invalid-attribute",
        "title": "An attribute is invalid.",
        "status": 400,
        "detail": "This value must be of type string.",
        "name": name,
    }


FILTERED = {VIDEOS: ("videoId", "video"), LIVE_STREAMS: ("liveStreamId", "live stream")}


@pytest.mark.parametrize("path", FILTERED)
def test_bad_filters(path: str, world: World, web: httpx.Client) -> None:
    name, thing = FILTERED[path]
    structure = violation(
        "filter", f"This value must be of the following structure(s): {name}:{{{name}}}"
    )
    for text in (
        "",
        "vi4k0jvEUuaTdRAEjQ4Prklg",
        f"{name}:",
        f"{name}=x",
        "country:FR",
        f"{name.lower()}:x",
    ):
        assert error_body(world, web, path, {"filter": text}) == structure
    for text in ("x", "\0", "x" * 3000):
        assert error_body(world, web, path, {"filter": f"{name}:{text}"}) == violation(
            "filter", f"This value must refer to an existing {thing}"
        )


def test_a_video_is_no_live_stream(world: World, web: httpx.Client) -> None:
    id_ = ids.id_of("video", world.video())
    assert (
        error_body(world, web, LIVE_STREAMS, {"filter": f"liveStreamId:{id_}"})["name"] == "filter"
    )


@pytest.mark.parametrize(("first", "status"), [("2024-05-06", 200), ("2024-05-05", 400)])
def test_thirty_days_by_the_account_s_clock(
    first: str, status: int, world: World, web: httpx.Client
) -> None:
    assert (
        world.get(web, "apivideo", VIDEOS, dimension="country", **{"from": first}).status_code
        == status
    )


@pytest.mark.parametrize(("first", "status"), [("2024-06-04", 200), ("2024-06-03", 400)])
def test_the_sandbox_keeps_one_day(
    first: str, status: int, world: World, web: httpx.Client
) -> None:
    query = {"dimension": "country", "from": first}
    answer = web.get(
        f"{world.server.url}{VIDEOS}",
        params=query,
        auth=(world.key, ""),
        headers={"Host": "sandbox.api.video"},
    )
    assert answer.status_code == status
    assert status == 200 or answer.json()["detail"] == "This value must be within the last day."
