"""What a client of an older version does not get."""

from typing import Any

import httpx
import pytest

from playhead.vendors.apivideo import ids
from playhead.vendors.apivideo.client_compat import ClientVersion, parse_client
from tests.worlds import World

pytestmark = pytest.mark.covers(
    "apivideo.video_sessions",
    "apivideo.videos",
    "apivideo.video",
    "apivideo.live_streams",
    "apivideo.live_stream",
)

NEW_KEYS = {"discarded", "discardedAt", "deletesAt", "language", "languageOrigin"}
OLD_AGENT = '"api.video client (python; v:{}; )"'
ALL_KEYS = [
    {},
    {"AV-Origin-Client": "python:1.3.2"},
    {"AV-Origin-Client": "python:1.10.0"},
    {"AV-Origin-Client": "nodejs:1.0.0"},
    {"AV-Origin-Client": "nonsense"},
]
STRICT = [
    {"AV-Origin-Client": "python:1.3.1"},
    {"AV-Origin-Client": "python:1.2.7"},
    {"User-Agent": OLD_AGENT.format("1.2.0")},
]


def get_json(world: World, web: httpx.Client, path: str, headers: dict[str, str]) -> dict[str, Any]:
    answer = web.get(world.server.url + path, headers=headers, auth=(world.key, ""))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), (
        answer.text
    )
    document: dict[str, Any] = answer.json()
    return document


def names(headers: dict[str, str]) -> str:
    return next(iter(headers.values()), "no header")


@pytest.mark.parametrize("headers", ALL_KEYS, ids=names)
def test_whoever_says_nothing_of_old_python_gets_full_videos(
    headers: dict[str, str], world: World, web: httpx.Client
) -> None:
    video = ids.id_of("video", world.video(labels={"season": "spring"}))
    found = get_json(world, web, f"/videos/{video}", headers)
    assert set(found) > NEW_KEYS
    assert get_json(world, web, "/videos", headers)["data"] == [found]


@pytest.mark.parametrize("headers", STRICT, ids=names)
def test_python_before_1_3_2_gets_the_strict_keys_and_no_null(
    headers: dict[str, str], world: World, web: httpx.Client
) -> None:
    video = ids.id_of("video", world.video(labels={"season": "spring"}))
    full = get_json(world, web, f"/videos/{video}", {})
    found = get_json(world, web, f"/videos/{video}", headers)
    assert found == {name: value for name, value in full.items() if name not in NEW_KEYS}
    assert None not in found.values()
    assert get_json(world, web, "/videos", headers)["data"] == [found]


@pytest.mark.parametrize(
    ("headers", "present"),
    [
        ({}, True),
        ({"AV-Origin-Client": "python:1.3.0"}, True),
        ({"AV-Origin-Client": "python:1.2.8"}, False),
        ({"User-Agent": OLD_AGENT.format("1.2.1")}, False),
    ],
    ids=str,
)
def test_restreams_are_for_python_from_1_3_0_on(
    headers: dict[str, str], present: bool, world: World, web: httpx.Client
) -> None:
    stream = ids.id_of("live", world.live())
    found = get_json(world, web, f"/live-streams/{stream}", headers)
    assert ("restreams" in found) == present
    assert "record" not in found
    assert get_json(world, web, "/live-streams", headers)["data"] == [found]


@pytest.mark.parametrize(
    ("client", "url", "metadata"),
    [
        ("python:0.0.9", "unknown", False),
        ("python:0.0.10", None, True),
        ("python:1.2.7", None, True),
        ("nodejs:0.0.9", None, True),
    ],
)
def test_the_oldest_python_knows_neither_session_metadata_nor_null(
    client: str, url: str | None, metadata: bool, world: World, web: httpx.Client
) -> None:
    video = world.video()
    world.watch(video, "ana", "2024-05-10T10:00:00Z")
    row = get_json(
        world,
        web,
        f"/analytics/videos/{ids.id_of('video', video)}",
        {"AV-Origin-Client": client},
    )["data"][0]
    assert (row["referrer"]["url"], "metadata" in row["session"]) == (url, metadata)


STRICT_OF_WORDS = ["python:1.4.0", "python:1.4.7", "java:1.6.0", "android:1.6.1", "swift:1.2.2"]
ANY_WORD = ["nodejs:2.6.8", "go:1.4.0", "php:1.4.0", "csharp:1.6.0", "python:1.3.2", "python:1.2.7"]
OMITTED_KEYS = [
    ("/data/metrics/ccv/peak", "aggregation"),
    ("/data/metrics/ccv/live", "aggregation"),
    ("/data/buckets/play/referrer", "breakdown"),
    ("/data/buckets/play-total/media-id", "metric"),
]


@pytest.mark.covers("apivideo.metric", "apivideo.metric_breakdown")
@pytest.mark.parametrize(("path", "untold"), OMITTED_KEYS)
def test_words_in_no_enumeration_are_left_out_for_those_who_raise_on_them(
    path: str, untold: str, world: World, web: httpx.Client
) -> None:
    full = get_json(world, web, path, {})
    assert untold in full["context"]
    assert all(
        get_json(world, web, path, {"AV-Origin-Client": client}) == full for client in ANY_WORD
    )
    del full["context"][untold]
    assert all(
        get_json(world, web, path, {"AV-Origin-Client": client}) == full
        for client in STRICT_OF_WORDS
    )


@pytest.mark.covers("apivideo.metric", "apivideo.metric_over_time")
@pytest.mark.parametrize(
    "path", ["/data/metrics/ccv/average", "/data/buckets/play/country", "/data/timeseries/ccv-peak"]
)
def test_every_other_word_is_told(path: str, world: World, web: httpx.Client) -> None:
    assert get_json(world, web, path, {"AV-Origin-Client": "python:1.4.7"}) == get_json(
        world, web, path, {}
    )


def test_an_answer_that_is_fitted_is_else_the_same(world: World, web: httpx.Client) -> None:
    world.video("日本語")
    full = get_json(world, web, "/videos", {})
    found = get_json(world, web, "/videos", {"AV-Origin-Client": "python:1.2.7"})
    assert found["pagination"] == full["pagination"]
    assert found["data"][0]["title"] == "日本語"


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        ({"av-origin-client": "python:1.3.0"}, ClientVersion("python", (1, 3, 0))),
        (
            {"av-origin-client": "nodejs:2.5.4", "user-agent": OLD_AGENT.format("1.2.0")},
            ClientVersion("nodejs", (2, 5, 4)),
        ),
        ({"user-agent": OLD_AGENT.format("0.0.9")}, ClientVersion("python", (0, 0, 9))),
        (
            {"user-agent": "api.video client (python; v:1.2.0; app)"},
            ClientVersion("python", (1, 2, 0)),
        ),
        ({"user-agent": "python-urllib3/2.8.0"}, None),
        ({"av-origin-client": ""}, None),
        ({}, None),
    ],
    ids=str,
)
def test_the_client_that_headers_name(
    headers: dict[str, str], client: ClientVersion | None
) -> None:
    assert parse_client(headers) == client
