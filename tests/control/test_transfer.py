"""Export and import over HTTP: the imported account answers as the first one does, at every operation of every vendor."""

import json
import re
from collections.abc import Callable

import httpx
import pytest

from playhead import Server
from tests.control.arranging import NDJSON, Recorder
from tests.operations import OPERATIONS, Operation
from tests.worlds import World

CLIENT = "555_"  # Gcore's client id, where a key begins with one
# What an account's name is in, as it is in the public tokens: there no two accounts answer the same.
OF_THE_NAME = ("/auth/api-key", "iframe.html", "/v1/account", "/modern/account", "/modern/token")


@pytest.fixture
def recorder(demo: Server, key: str, web: httpx.Client) -> Recorder:
    """A fresh account of the demo."""
    return Recorder(World(demo, f"{CLIENT}{key}"), web)


@pytest.fixture
def other(demo: Server, key: str, web: httpx.Client) -> Recorder:
    """Another one."""
    return Recorder(World(demo, f"{CLIENT}other-{key}"), web)


def carry(source: Recorder, target: Recorder) -> httpx.Response:
    """Import what another account exports."""
    exported = source.ask("GET", "export")
    assert (exported.status_code, exported.headers["content-type"]) == (200, "application/x-ndjson")
    return target.ask("POST", "import", content=exported.content, headers=NDJSON)


def arrange(recorder: Recorder) -> None:
    """Something that every statistic shows."""
    recorder.record("media", {"title": "Mine", "duration": 30, "ids": {"gcore": ["77"]}}, {"title": "Air", "kind": "live"})
    recorder.record("broadcasts", {"media": 12345, "started_at": "2024-05-10T09:00:00Z", "ended_at": "2024-05-10T10:00:00Z"})
    ana = {"ip": "203.0.113.1", "name": "John Ana", "city": "Paris", "ids": {"wistia": ["ana"]}}
    for kind in ("video", "live", "playlist"):
        media = next(one["number"] for one in recorder.ask("GET", "media").json()["media"] if one["kind"] == kind and "12345" in one["ids"]["gcore"])
        said = {"media": media, "stretches": [[0, 20], [5, 9, 2]], "labels": {"hats": "green"}, "page": "https://example.com/new"}
        recorder.record("viewings", {**said, "viewer": ana, "loaded_at": "2024-05-10T09:30:00Z"}, said, {**said, "media": 77})


def bytes_of(recorder: Recorder, operation: Operation) -> bytes:
    answer = operation.ask(recorder.web, recorder.world.server.url, recorder.world.key)
    assert answer.status_code == 200
    return re.sub(rb"public_token=\w+", b"", answer.content)


def test_the_imported_account_answers_the_same_bytes(recorder: Recorder, other: Recorder) -> None:
    asked_once = {(operation.vendor, operation.template): operation for operation in reversed(OPERATIONS) if operation.status == 200}.values()
    operations = [operation for operation in asked_once if not any(part in operation.template for part in OF_THE_NAME)]
    before = [bytes_of(other, operation) for operation in operations]
    arrange(recorder)
    assert carry(recorder, other).status_code == 201
    asked = [bytes_of(recorder, operation) for operation in operations]
    after = [bytes_of(other, operation) for operation in operations]
    assert after == asked
    moved = {operation.template for operation, then, now in zip(operations, before, after, strict=True) if then != now}
    assert moved >= STATISTICS


STATISTICS = {
    "/streaming/statistics/countries",
    "/streaming/statistics/heatmap",
    "/streaming/statistics/stream/watching_duration",
    "/streaming/statistics/stream/watching_duration/total",
    "/analytics/videos/{videoId}",
    "/analytics/live-streams/{liveStreamId}",
    "/v1/stats/account",
    "/v1/stats/account/by_date",
    "/v1/stats/medias/{media_id}",
    "/v1/stats/medias/{media_id}/by_date",
    "/v1/stats/medias/{media_id}/engagement",
    "/v1/stats/visitors",
    "/v1/stats/events",
}


def test_what_was_imported_is_exported_the_same(recorder: Recorder, other: Recorder) -> None:
    arrange(recorder)
    lines = recorder.ask("GET", "export").content
    assert carry(recorder, other).json() == {"imported": len(lines.splitlines()) - 1}
    assert other.ask("GET", "export").content == lines
    assert other.viewings() == recorder.viewings()


def test_an_account_in_which_nothing_was_recorded_is_a_header(recorder: Recorder, other: Recorder) -> None:
    (header,) = [json.loads(line) for line in recorder.ask("GET", "export").text.splitlines()]
    assert (header["playhead"], header["scenario"], header["seed"], header["viewings"]) == (1, "demo", 1, 0)
    assert carry(recorder, other).json() == {"imported": 0}


def test_an_account_takes_one_import(recorder: Recorder, other: Recorder) -> None:
    arrange(recorder)
    answers = [carry(recorder, other) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json()["detail"] == "there is something recorded in the account: import into another, or reset it"


def test_an_account_of_another_world_takes_no_import(recorder: Recorder, new_world: Callable[[], World], web: httpx.Client) -> None:
    arrange(recorder)
    answer = carry(recorder, Recorder(new_world(), web))
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("it was exported from another world (scenario demo")


def test_garbage_is_refused_by_its_line(recorder: Recorder) -> None:
    header = recorder.ask("GET", "export").content
    answer = recorder.ask("POST", "import", content=header + b'\n{"viewer": 7}\n', headers=NDJSON)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "line 3")
    assert recorder.ask("POST", "import", content=b"", headers=NDJSON).json()["detail"].startswith("line 1: ")
    assert recorder.ask("POST", "import", json={}).status_code == 415
