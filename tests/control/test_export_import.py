"""Export and import over HTTP:

the imported account answers as the first one does, at every operation of every vendor.
"""

import json
import re
from collections.abc import Callable

import httpx
import pytest

from playhead import Server
from tests.control.recorder import NDJSON, Recorder
from tests.operations import OPERATIONS, OperationRequest
from tests.worlds import World

CLIENT = "555_"  # Gcore's client id, where a key begins with one
# What an account's name is in, as it is in the public tokens: there no two accounts answer the
# same.
NAME_DEPENDENT = ("/auth/api-key", "iframe.html", "/v1/account", "/modern/account", "/modern/token")


@pytest.fixture
def recorder(demo: Server, key: str, web: httpx.Client) -> Recorder:
    """A fresh account of the demo."""
    return Recorder(World(demo, f"{CLIENT}{key}"), web)


@pytest.fixture
def other_recorder(demo: Server, key: str, web: httpx.Client) -> Recorder:
    """Another one."""
    return Recorder(World(demo, f"{CLIENT}other-{key}"), web)


def export_and_import(source: Recorder, target: Recorder) -> httpx.Response:
    """Import what another account exports."""
    exported = source.request("GET", "export")
    assert (exported.status_code, exported.headers["content-type"]) == (200, "application/x-ndjson")
    return target.request("POST", "import", content=exported.content, headers=NDJSON)


def record_everything(recorder: Recorder) -> None:
    """Something that every statistic shows."""
    recorder.record(
        "media",
        {"title": "Mine", "duration": 30, "ids": {"gcore": ["77"]}},
        {"title": "Air", "kind": "live"},
    )
    recorder.record(
        "broadcasts",
        {"media": 12345, "started_at": "2024-05-10T09:00:00Z", "ended_at": "2024-05-10T10:00:00Z"},
    )
    ana = {"ip": "203.0.113.1", "name": "John Ana", "city": "Paris", "ids": {"wistia": ["ana"]}}
    for kind in ("video", "live", "playlist"):
        media = next(
            one["number"]
            for one in recorder.request("GET", "media").json()["media"]
            if one["kind"] == kind and "12345" in one["ids"]["gcore"]
        )
        said = {
            "media": media,
            "played": [[0, 20], [5, 9, 2]],
            "labels": {"hats": "green"},
            "page": "https://example.com/new",
        }
        recorder.record(
            "viewings",
            {**said, "viewer": ana, "loaded_at": "2024-05-10T09:30:00Z"},
            said,
            {**said, "media": 77},
        )


def normalized_body(recorder: Recorder, operation: OperationRequest) -> bytes:
    answer = operation.send(recorder.web, recorder.world.server.url, recorder.world.key)
    assert answer.status_code == 200
    return re.sub(rb"public_token=\w+", b"", answer.content)


def test_the_imported_account_answers_the_same_bytes(
    recorder: Recorder, other_recorder: Recorder
) -> None:
    asked_once = {
        (operation.vendor, operation.template): operation
        for operation in reversed(OPERATIONS)
        if operation.status == 200
    }.values()
    operations = [
        operation
        for operation in asked_once
        if not any(part in operation.template for part in NAME_DEPENDENT)
    ]
    before = [normalized_body(other_recorder, operation) for operation in operations]
    record_everything(recorder)
    assert export_and_import(recorder, other_recorder).status_code == 201
    asked = [normalized_body(recorder, operation) for operation in operations]
    after = [normalized_body(other_recorder, operation) for operation in operations]
    assert after == asked
    moved = {
        operation.template
        for operation, then, now in zip(operations, before, after, strict=True)
        if then != now
    }
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


def test_what_was_imported_is_exported_the_same(
    recorder: Recorder, other_recorder: Recorder
) -> None:
    record_everything(recorder)
    lines = recorder.request("GET", "export").content
    assert export_and_import(recorder, other_recorder).json() == {
        "imported": len(lines.splitlines()) - 1
    }
    assert other_recorder.request("GET", "export").content == lines
    assert other_recorder.viewings() == recorder.viewings()


def test_an_account_in_which_nothing_was_recorded_is_a_header(
    recorder: Recorder, other_recorder: Recorder
) -> None:
    (header,) = [json.loads(line) for line in recorder.request("GET", "export").text.splitlines()]
    assert (header["playhead"], header["scenario"], header["seed"], header["viewings"]) == (
        1,
        "demo",
        1,
        0,
    )
    assert export_and_import(recorder, other_recorder).json() == {"imported": 0}


def test_an_account_takes_one_import(recorder: Recorder, other_recorder: Recorder) -> None:
    record_everything(recorder)
    answers = [export_and_import(recorder, other_recorder) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert (
        answers[1].json()["detail"]
        == "there is something recorded in the account: import into another, or reset it"
    )


def test_an_account_of_another_world_takes_no_import(
    recorder: Recorder, new_world: Callable[[], World], web: httpx.Client
) -> None:
    record_everything(recorder)
    answer = export_and_import(recorder, Recorder(new_world(), web))
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("it was exported from another world (scenario demo")


def test_garbage_is_refused_by_its_line(recorder: Recorder) -> None:
    header = recorder.request("GET", "export").content
    answer = recorder.request(
        "POST", "import", content=header + b'\n{"viewer": 7}\n', headers=NDJSON
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "line 3")
    assert (
        recorder.request("POST", "import", content=b"", headers=NDJSON)
        .json()["detail"]
        .startswith("line 1: ")
    )
    assert recorder.request("POST", "import", json={}).status_code == 415
