"""api.video's voice in mishap, on every route: exact bodies, exact content types."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy.schema import DropTable

from playhead import Server
from playhead.storage import tables

REFERENCE = "https://docs.api.video/reference/"
PROBLEM = "application/problem+json"
VIDEO = "vi4k0jvEUuaTdRAEjQ4Prklg"
LIVE = "vi4k0jvEUuaTdRAEjQ4Jfrgz"
SESSION = "psEmFwGQUAXR2lFHj5nDOpy"

ROUTES = [
    ("POST", "/auth/api-key"),
    ("POST", "/auth/refresh"),
    ("GET", f"/analytics/videos/{VIDEO}"),
    ("GET", f"/analytics/live-streams/{LIVE}"),
    ("GET", f"/analytics/sessions/{SESSION}/events"),
    ("GET", "/analytics/videos/plays?from=2024-06-01&dimension=country"),
    ("GET", "/analytics/live-streams/plays?from=2024-06-01&dimension=country"),
    ("GET", "/data/metrics/play/count"),
    ("GET", "/data/buckets/play/country"),
    ("GET", "/data/timeseries/play"),
    ("GET", "/videos"),
    ("GET", f"/videos/{VIDEO}"),
    ("GET", "/live-streams"),
    ("GET", f"/live-streams/{LIVE}"),
]
GETS = [path for method, path in ROUTES if method == "GET"]
NO_ROUTE = {
    "type": f"{REFERENCE}unrecognized-request-url",
    "title": "Unrecognized request URL.",
    "status": 404,
}
WRONG_METHOD = {
    "type": f"{REFERENCE}method-not-allowed",
    "title": "Method is not allowed for this route.",
    "status": 405,
}


def request(
    web: httpx.Client, server: Server, path: str, method: str = "GET", **more: Any
) -> httpx.Response:
    return web.request(method, server.url + path, auth=("voice", ""), **more)


def normalize(answer: httpx.Response) -> tuple[int, str, Any]:
    return answer.status_code, answer.headers["content-type"], answer.json()


def not_found(name: str) -> dict[str, Any]:
    return {
        "type": f"{REFERENCE}resource-not-found",
        "title": "The requested resource was not found.",
        "name": name,
        "status": 404,
    }


def invalid_value(name: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"{REFERENCE}request-invalid-query-parameter",
        "title": "A query parameter is invalid.",
        "status": 400,
        "detail": detail,
        "name": name,
    }


@pytest.mark.parametrize("path", GETS)
def test_success_is_plain_json_and_open_to_every_origin(
    path: str, demo: Server, web: httpx.Client
) -> None:
    answer = request(web, demo, path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-cache, private"
    assert "retry-after" not in answer.headers


UNKNOWN = [
    ("/analytics/videos/{}", "videoId"),
    ("/analytics/live-streams/{}", "liveStreamId"),
    ("/analytics/sessions/{}/events", "sessionId"),
    ("/videos/{}", "videoId"),
    ("/live-streams/{}", "liveStreamId"),
]


@pytest.mark.parametrize(("path", "name"), UNKNOWN)
@pytest.mark.parametrize(
    "id_", ["viUnknown0000000000000000", "vi%2F..%2Fx", "%00", "%FF", "日本", "x" * 3000]
)
def test_an_unknown_id(id_: str, path: str, name: str, demo: Server, web: httpx.Client) -> None:
    assert normalize(request(web, demo, path.format(id_))) == (404, PROBLEM, not_found(name))


@pytest.mark.parametrize(
    ("path", "id_", "name"),
    [
        ("/videos/{}", LIVE, "videoId"),
        ("/live-streams/{}", VIDEO, "liveStreamId"),
        ("/analytics/sessions/{}/events", VIDEO, "sessionId"),
    ],
)
def test_an_id_of_another_kind_is_unknown(
    path: str, id_: str, name: str, demo: Server, web: httpx.Client
) -> None:
    assert normalize(request(web, demo, path.format(id_))) == (404, PROBLEM, not_found(name))


@pytest.mark.parametrize("path", [f"/analytics/videos/{VIDEO}", f"/analytics/live-streams/{LIVE}"])
@pytest.mark.parametrize(
    "period", ["period_example", "2018-13", "2018-W60", "2018-01-15/2018-01-01"]
)
def test_no_form_of_a_period(period: str, path: str, demo: Server, web: httpx.Client) -> None:
    detail = (
        "This value must be one of the following formats: YYYY, YYYY-MM, YYYY-Www, "
        "YYYY-MM-DD, YYYY-MM-DD/YYYY-MM-DD."
    )
    assert normalize(request(web, demo, path, params={"period": period})) == (
        400,
        PROBLEM,
        invalid_value("period", detail),
    )


def test_of_a_repeated_parameter_the_last_counts(demo: Server, web: httpx.Client) -> None:
    path = f"/analytics/videos/{VIDEO}"
    assert request(web, demo, f"{path}?period=x&period=2024").status_code == 200
    assert request(web, demo, f"{path}?period=2024&period=x").status_code == 400


@pytest.mark.parametrize(
    ("path", "name", "choices"),
    [
        ("/videos", "sortBy", "title,createdAt,publishedAt,updatedAt"),
        ("/videos", "sortOrder", "asc,desc"),
        ("/live-streams", "sortBy", "name,createdAt,updatedAt"),
        ("/live-streams", "sortOrder", "asc,desc"),
    ],
)
@pytest.mark.parametrize("value", ["nothing", "", "TITLE"])
def test_no_choice(
    value: str, path: str, name: str, choices: str, demo: Server, web: httpx.Client
) -> None:
    body = invalid_value(name, f"This value must be part of the following values: {choices}")
    assert normalize(request(web, demo, path, params={name: value})) == (400, PROBLEM, body)


@pytest.mark.parametrize("path", [f"/analytics/videos/{VIDEO}", "/videos"])
def test_more_metadata_than_a_store_can_look_for(
    path: str, demo: Server, web: httpx.Client
) -> None:
    pairs = [(f"metadata[key{number}]", "value") for number in range(101)]
    assert request(web, demo, path, params=pairs[:100]).json()["data"] == []
    assert normalize(request(web, demo, path, params=pairs)) == (
        400,
        PROBLEM,
        invalid_value("metadata", "This value is invalid."),
    )


@pytest.mark.parametrize(
    "path",
    [
        "/videos/",
        f"/videos/{VIDEO}/",
        "/analytics",
        "/analytics/videos",
        "/auth",
        "/auth/api-key/",
        "/data/metrics",
        "/videos/a/b",
        "/apivideo",
    ],
)
def test_an_unknown_path_needs_no_key(path: str, demo: Server, web: httpx.Client) -> None:
    assert normalize(web.get(demo.url + path)) == (404, PROBLEM, NO_ROUTE)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_wrong_method_needs_no_key(
    method: str, path: str, demo: Server, web: httpx.Client
) -> None:
    for wrong in {"GET", "POST", "PUT", "PATCH", "DELETE"} - {method}:
        answer = web.request(wrong, demo.url + path)
        assert normalize(answer) == (405, PROBLEM, WRONG_METHOD)
        assert answer.headers["allow"] == method


@pytest.mark.parametrize("path", GETS)
def test_without_a_key_nothing_is_told(path: str, demo: Server, web: httpx.Client) -> None:
    answer = web.get(f"{demo.url}{path}?pageSize=0")
    assert normalize(answer)[:2] == (401, PROBLEM)
    assert answer.json()["title"] == 'The "Authorization" header is missing.'


@pytest.mark.parametrize("path", GETS)
def test_head_is_get_without_a_body(path: str, demo: Server, web: httpx.Client) -> None:
    answer = request(web, demo, path, "HEAD")
    full = request(web, demo, path)
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (
        200,
        "application/json",
        b"",
    )
    assert answer.headers["content-length"] == full.headers["content-length"]


@pytest.mark.parametrize("path", GETS)
def test_a_body_on_get_is_not_read(path: str, demo: Server, web: httpx.Client) -> None:
    answer = request(
        web, demo, path, content=b"{not json", headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_preflight_is_answered_without_a_key(
    method: str, path: str, demo: Server, web: httpx.Client
) -> None:
    asking = {
        "Origin": "https://example.com",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,av-origin-client",
    }
    answer = web.options(demo.url + path, headers=asking)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert method in answer.headers["access-control-allow-methods"]
    assert "AV-Origin-Client" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "application/json, */*;q=0.8",
        "application/vnd.api.video+json",
        "*/*",
        "text/html",
    ],
)
def test_any_accept_gets_json(accept: str, demo: Server, web: httpx.Client) -> None:
    assert (
        request(web, demo, "/videos", headers={"Accept": accept}).headers["content-type"]
        == "application/json"
    )


@pytest.mark.parametrize("path", [f"/%61nalytics/videos/{VIDEO}", f"/videos/%76{VIDEO[1:]}"])
def test_a_path_may_be_percent_encoded(path: str, demo: Server, web: httpx.Client) -> None:
    answer = request(web, demo, f"/apivideo{path}")
    assert answer.status_code == 200


@pytest.mark.parametrize("host", ["ws.api.video", "sandbox.api.video"])
def test_the_documented_hosts_are_the_vendor_s(host: str, demo: Server, web: httpx.Client) -> None:
    assert normalize(web.get(f"{demo.url}/nowhere", headers={"Host": host})) == (
        404,
        PROBLEM,
        NO_ROUTE,
    )


@pytest.fixture(scope="module")
def server_without_tables() -> Iterator[Server]:
    """A server whose store lost a table."""
    with Server(scenario="empty") as server:
        with server.emulator.store.transaction() as connection:
            connection.execute(DropTable(tables.accounts))
        yield server


@pytest.mark.parametrize("path", GETS)
def test_a_crash_is_a_problem_too(
    path: str, server_without_tables: Server, web: httpx.Client
) -> None:
    assert normalize(request(web, server_without_tables, path)) == (
        500,
        PROBLEM,
        {"type": "about:blank", "title": "An internal error occurred.", "status": 500},
    )


def test_an_unknown_id_is_told_the_nearest_in_the_log(
    capsys: pytest.CaptureFixture[str], web: httpx.Client
) -> None:
    with Server(scenario="demo", now="2024-06-05T12:00:00Z", log="text") as server:
        request(web, server, f"/videos/{VIDEO[:-1]}x")
        request(web, server, f"/analytics/videos/{VIDEO}?metadata=hats")
    unknown, ignored = capsys.readouterr().err.splitlines()
    assert f"did you mean {VIDEO}?" in unknown
    assert "metadata[key]=value" in ignored
