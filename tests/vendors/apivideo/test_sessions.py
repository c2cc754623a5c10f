"""GET /analytics/videos/{videoId} and /analytics/live-streams/{liveStreamId}."""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.vendors.apivideo import ids as apivideo_ids
from playhead.vendors.apivideo import vocabulary
from tests.worlds import NOW, World, viewer

pytestmark = pytest.mark.covers("apivideo.video_sessions", "apivideo.live_stream_sessions")

AT = "2024-05-10T10:00:00Z"


def list_sessions(
    world: World, web: httpx.Client, media: int, kind: str = "video", **query: Any
) -> dict[str, Any]:
    path = {"video": "/analytics/videos/", "live": "/analytics/live-streams/"}[
        kind
    ] + apivideo_ids.id_of(kind, media)
    answer = world.get(web, "apivideo", path, **query)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def ids(document: dict[str, Any]) -> list[str]:
    return [row["session"]["sessionId"] for row in document["data"]]


def session(*viewings: int) -> list[str]:
    return [apivideo_ids.id_of("viewing", viewing) for viewing in viewings]


def test_a_session_in_full(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    viewing = world.watch(
        video,
        "ana",
        AT,
        (0, 30),
        start_delay=2,
        labels={"hats": "green", "userName": "Ana"},
        page="https://example.com/page",
    )
    assert list_sessions(world, web, video)["data"] == [
        {
            "session": {
                "sessionId": apivideo_ids.id_of("viewing", viewing),
                "loadedAt": "2024-05-10T10:00:00+00:00",
                "endedAt": "2024-05-10T10:00:32+00:00",
                "metadata": [
                    {"key": "hats", "value": "green"},
                    {"key": "userName", "value": "Ana"},
                ],
            },
            "location": {"country": "United States", "city": "Seattle"},
            "referrer": {
                "url": "https://example.com/page",
                "medium": "unknown",
                "source": "unknown",
                "searchTerm": "unknown",
            },
            "device": {"type": "desktop", "vendor": "Dell", "model": "unknown"},
            "os": {"name": "Microsoft Windows", "shortname": "W10", "version": "Windows10"},
            "client": {"type": "browser", "name": "Firefox", "version": "67.0"},
        }
    ]


def test_a_video_session_without_a_page_has_no_url(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", AT, (0, 30))
    assert list_sessions(world, web, video)["data"][0]["referrer"]["url"] is None


def test_a_live_session_has_neither_metadata_nor_nulls(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.watch(live, "ana", AT, (0, 30), labels={"hats": "green"})
    row = list_sessions(world, web, live, "live")["data"][0]
    assert row["referrer"]["url"] == "unknown"
    assert list(row["session"]) == ["sessionId", "loadedAt", "endedAt"]


def test_every_load_is_a_session_the_oldest_first(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    late = world.watch(video, "ana", "2024-05-10T11:00:00Z", (0, 30))
    early = world.watch(video, "ana", AT)
    world.watch(world.video("another"), "ana", AT, (0, 30))
    assert ids(list_sessions(world, web, video)) == session(early, late)


def test_what_is_to_come_is_not_listed(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    loaded_now = world.watch(video, "ana", NOW, (0, 30))
    world.watch(video, "bo", NOW + 1, (0, 30))
    assert ids(list_sessions(world, web, video)) == session(loaded_now)


def test_a_period_takes_the_sessions_that_were_loaded_in_it(
    world: World, web: httpx.Client
) -> None:
    video = world.video(seconds=3600)
    world.watch(video, "ana", "2024-05-09T23:59:59Z", (0, 3600))
    first = world.watch(video, "bo", "2024-05-10T00:00:00Z", (0, 10))
    last = world.watch(video, "cy", "2024-05-10T23:59:59Z", (0, 10))
    after = world.watch(video, "di", "2024-05-11T00:00:00Z", (0, 10))
    assert ids(list_sessions(world, web, video, period="2024-05-10")) == session(first, last)
    assert ids(list_sessions(world, web, video, period="2024-05-10/2024-05-11")) == session(
        first, last, after
    )
    assert ids(list_sessions(world, web, video, period="2024-05-10T08:00:00.000Z")) == session(
        first, last
    )
    assert list_sessions(world, web, video, period="2024-05")["pagination"]["itemsTotal"] == 4
    assert list_sessions(world, web, video, period="2023")["data"] == []


@pytest.mark.parametrize("query", [{}, {"period": ""}])
def test_without_a_period_all_sessions_are_listed(
    query: dict[str, str], world: World, web: httpx.Client
) -> None:
    video = world.video(seconds=60)
    old = world.watch(video, "ana", "2024-03-20T00:00:00Z")
    new = world.watch(video, "ana", AT)
    assert ids(list_sessions(world, web, video, **query)) == session(old, new)


@pytest.fixture
def labelled_viewings(world: World) -> tuple[int, dict[str, int]]:
    """A video with four sessions of various metadata."""
    video = world.video(seconds=60)
    rows: dict[str, dict[str, str]] = {
        "both": {"hats": "green", "userName": "Ana"},
        "green": {"hats": "green"},
        "odd": {"hats": "Green", "a b": "x&y=é"},
        "none": {},
    }
    return video, {
        name: world.watch(video, "ana", f"2024-05-10T1{index}:00:00Z", labels=labels)
        for index, (name, labels) in enumerate(rows.items())
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("metadata[hats]=green", ["both", "green"]),
        ("metadata%5Bhats%5D=green", ["both", "green"]),
        ("metadata[hats]=Green", ["odd"]),
        ("metadata[hats]=green&metadata[userName]=Ana", ["both"]),
        ("metadata[hats]=green&metadata[userName]=Bo", []),
        ("metadata[hats]=blue&metadata[hats]=green", ["both", "green"]),
        ("metadata[hats]=green&metadata[hats]=blue", []),
        ("metadata%5Ba+b%5D=x%26y%3D%C3%A9", ["odd"]),
        ("metadata%5Ba%20b%5D=x%26y%3D%C3%A9", ["odd"]),
        ("metadata[nobody]=green", []),
        ("metadata[hats]=%00", []),
        ("metadata[hats]=", []),
        ("metadata=hats", ["both", "green", "odd", "none"]),
        ("metadata[]=green", ["both", "green", "odd", "none"]),
        ("metadata[hats]=green&period=2024-05-10", ["both", "green"]),
        ("metadata[hats]=green&period=2024-05-11", []),
    ],
)
def test_metadata_narrows_the_list(
    query: str,
    expected: list[str],
    labelled_viewings: tuple[int, dict[str, int]],
    world: World,
    web: httpx.Client,
) -> None:
    video, viewings = labelled_viewings
    answer = web.get(
        f"{world.server.url}/analytics/videos/{apivideo_ids.id_of('video', video)}?{query}",
        auth=(world.key, ""),
    )
    assert ids(answer.json()) == session(*(viewings[name] for name in expected))


def test_metadata_does_not_narrow_the_sessions_of_a_live_stream(
    world: World, web: httpx.Client
) -> None:
    live = world.live()
    viewing = world.watch(live, "ana", AT, (0, 30), labels={"hats": "red"})
    assert ids(list_sessions(world, web, live, "live", **{"metadata[hats]": "green"})) == session(
        viewing
    )


@pytest.mark.parametrize(
    ("positions", "loaded", "heard"),
    [
        (((0, 60),), 25, 20),  # pings at 10 and 20
        (((0, 60),), 30, 30),
        (((0, 60),), 9, 0),
        (((0, 4), (4, 60, 300)), 200, 4),  # pausing: the pause itself was the last
        (((0, 4), (4, 60, 10)), 17, 4),
        (((0, 4), (4, 60, 10)), 20, 20),
    ],
)
def test_a_running_session_ended_with_its_last_signal(
    positions: Any, loaded: int, heard: int, world: World, web: httpx.Client
) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", NOW - loaded, *positions)
    found = list_sessions(world, web, video)["data"][0]["session"]
    assert found["endedAt"] == vocabulary.format_atom(NOW - loaded + heard)


def test_a_session_that_never_played_was_heard_of_at_its_load(
    world: World, web: httpx.Client
) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", NOW - 25, ended_at=NOW + 60)
    assert list_sessions(world, web, video)["data"][0]["session"][
        "endedAt"
    ] == vocabulary.format_atom(NOW - 25)


def test_a_phone_in_another_place(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", AT, (0, 5), viewer=viewer("ana", device=18, place=16))
    row = list_sessions(world, web, video)["data"][0]
    assert (
        row["location"],
        row["device"]["type"],
        row["os"]["shortname"],
        row["client"]["name"],
    ) == (
        {"country": "United Kingdom", "city": "London"},
        "mobile",
        "I17.4",
        "Mobile Safari",
    )


def test_a_live_stream_is_no_video_whatever_its_id_begins_with(
    world: World, web: httpx.Client
) -> None:
    given = {"apivideo": ["viStreamCalledVideo"]}
    world.live("stream", ids=given)
    assert (
        world.get(web, "apivideo", "/analytics/live-streams/viStreamCalledVideo").status_code == 200
    )
    refused = world.get(web, "apivideo", "/analytics/videos/viStreamCalledVideo")
    assert (refused.status_code, refused.json()["name"]) == (404, "videoId")


def test_a_playlist_is_not_seen(world: World, web: httpx.Client) -> None:
    playlist = world.playlist()
    viewing = world.watch(playlist, "ana", AT, (0, 30))
    assert (
        world.get(
            web, "apivideo", f"/analytics/videos/{apivideo_ids.id_of('video', playlist)}"
        ).status_code
        == 404
    )
    assert (
        world.get(
            web, "apivideo", f"/analytics/sessions/{apivideo_ids.id_of('viewing', viewing)}/events"
        ).status_code
        == 404
    )


def test_another_account_does_not_see_a_recorded_video(world: World, web: httpx.Client) -> None:
    path = f"{world.server.url}/analytics/videos/{apivideo_ids.id_of('video', world.video())}"
    assert web.get(path, auth=(world.key, "")).status_code == 200
    assert web.get(path, auth=(world.key + "-other", "")).status_code == 404


DOCUMENTED = [
    (
        (
            "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg?period=2022-01-01&"
            "metadata[hats]=green&currentPage=1&pageSize=25"
        ),
        0,
    ),
    (
        (
            "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg?period=2024-05&metadata[hats]=green&"
            "currentPage=1&pageSize=25"
        ),
        25,
    ),
    (
        (
            "/analytics/live-streams/vi4k0jvEUuaTdRAEjQ4Jfrgz?"
            "period=2022-01-01T00%3A00%3A00.000Z&currentPage=1&pageSize=25"
        ),
        0,
    ),
    (
        (
            "/analytics/live-streams/vi4k0jvEUuaTdRAEjQ4Jfrgz?"
            "period=2024-05-02T00%3A00%3A00.000Z&currentPage=1&pageSize=5"
        ),
        5,
    ),
    ("/analytics/sessions/psEmFwGQUAXR2lFHj5nDOpy/events?currentPage=1&pageSize=25", 25),
]


@pytest.mark.parametrize(("path", "items"), DOCUMENTED)
def test_the_requests_of_the_guide_find_something_in_the_demo(
    path: str, items: int, demo: Server, web: httpx.Client
) -> None:
    answer = web.get(demo.url + path, auth=("guide", ""), headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["pagination"]["currentPageItems"] == items


def test_the_session_of_the_guide_is_one_of_its_video(demo: Server, web: httpx.Client) -> None:
    query = {"metadata[userName]": "amelie", "metadata[hats]": "green", "period": "2024-05-16"}
    rows = web.get(
        f"{demo.url}/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg", params=query, auth=("guide", "")
    ).json()["data"]
    assert "psEmFwGQUAXR2lFHj5nDOpy" in [row["session"]["sessionId"] for row in rows]


def test_a_month_is_the_sum_of_its_days_and_a_week_of_its_own(
    demo: Server, web: httpx.Client
) -> None:
    def total(period: str) -> int:
        path = f"{demo.url}/analytics/live-streams/vi4k0jvEUuaTdRAEjQ4Jfrgz"
        return int(
            web.get(path, params={"period": period, "pageSize": 1}, auth=("guide", "")).json()[
                "pagination"
            ]["itemsTotal"]
        )

    days = {day: total(f"2024-05-{day:02}") for day in range(1, 32)}
    assert total("2024-05") == total("2024-05-01/2024-05-31") == sum(days.values()) > 0
    assert total("2024-W20") == sum(days[day] for day in range(13, 20)) > 0
