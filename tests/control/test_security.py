"""The control API is for programs of this machine:

what a web page, a rebound name or a stranger sends is refused.
"""

import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from playhead import Server
from tests.control.conftest import ControlApi, send_raw

PROBLEM = "application/problem+json"
FOREIGN_HOSTS = "http://evil.example"

StartServer = Callable[..., tuple[Server, ControlApi]]


def host(control: ControlApi, name: str, path: str = "/accounts") -> httpx.Response:
    """What is answered to a request that reaches the server by that name."""
    return control("GET", path, headers={"Host": name})


def assert_denied(response: httpx.Response, status: int = 403) -> None:
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM)
    assert not [name for name in response.headers if name.startswith("access-control-")]


# ---- Names of the server


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "localhost:8000",
        "LocalHost:1",
        "localhost.",
        "app.localhost:3000",
        "127.0.0.1",
        "127.0.0.1:8000",
        "127.8.9.1",
        "[::1]",
        "[::1]:8000",
    ],
)
def test_names_of_the_loopback_are_the_servers(control_api: ControlApi, name: str) -> None:
    assert host(control_api, name).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("evil.example", id="a name that was rebound to this machine"),
        pytest.param("evil.example:8000", id="with a port"),
        pytest.param("localhost.evil.example", id="beginning like ours"),
        pytest.param("127.0.0.1.evil.example", id="beginning like our address"),
        pytest.param("evillocalhost", id="ending like ours"),
        pytest.param("localhost:80@evil.example", id="a user that looks like a host"),
        pytest.param("localhost:80:evil", id="two ports"),
        pytest.param("localhost:x", id="a port that is none"),
        pytest.param("localhost..", id="two dots at its end"),
        pytest.param("evil.example/localhost", id="a path"),
        pytest.param("localhost evil.example", id="a blank"),
        pytest.param("localhost,evil.example", id="two names"),
        pytest.param("[::2]", id="another IPv6 address"),
        pytest.param("[::1", id="half a bracket"),
        pytest.param("::1", id="no brackets"),
        pytest.param("10.0.0.1", id="an address that is not the loopback's"),
        pytest.param("127.1", id="an address in short"),
        pytest.param("0x7f000001", id="an address in hexadecimal"),
        pytest.param("api.gcore.com", id="a vendor's"),
        pytest.param("", id="none"),
    ],
)
def test_any_other_name_is_refused_and_told_what_to_set(control_api: ControlApi, name: str) -> None:
    response = host(control_api, name)
    assert_denied(response)
    assert "PLAYHEAD_CONTROL_HOSTS" in response.json()["detail"]


def test_names_of_the_setting_are_the_servers(start_server: StartServer) -> None:
    _, control = start_server(control_hosts="Playhead, ci.internal ,fe80::7")
    assert [
        host(control, name).status_code
        for name in ("playhead:8000", "CI.internal.", "[fe80::7]:1", "localhost")
    ] == [200] * 4
    assert_denied(host(control, "internal"))


def test_a_star_allows_any_name(start_server: StartServer) -> None:
    _, control = start_server(control_hosts="*")
    assert host(control, "whatever.example").status_code == 200


@pytest.mark.parametrize("probe", ["live", "ready"])
def test_orchestrators_ask_for_health_by_any_address_and_without_a_token(
    start_server: StartServer, probe: str
) -> None:
    _, control = start_server(control_token="secret")
    assert host(control, "10.1.2.3:8000", f"/health/{probe}").status_code == 200
    assert_denied(control("GET", f"/health/{probe}", headers={"Origin": FOREIGN_HOSTS}))


@pytest.mark.parametrize(
    "path",
    ["/health/live/", "/health%2Flive", "/health/live%2F..%2F..%2Faccounts", "/health/../accounts"],
)
def test_what_only_looks_like_health_is_guarded(control_api: ControlApi, path: str) -> None:
    head = f"GET /_emulator{path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert b" 403 " in send_raw(control_api.url, head.encode()).splitlines()[0]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(
            b"GET /_emulator/accounts HTTP/1.0\r\n\r\n", 403, id="no name, as HTTP/1.0 allows"
        ),
        pytest.param(
            b"GET /_emulator/accounts HTTP/1.0\r\nHost: localhost\r\n\r\n",
            200,
            id="HTTP/1.0 with a name",
        ),
        pytest.param(
            b"GET /_emulator/accounts HTTP/1.1\r\nConnection: close\r\n\r\n",
            400,
            id="no name in HTTP/1.1",
        ),
        pytest.param(
            (
                b"GET /_emulator/accounts HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n"
                b"Connection: close\r\n\r\n"
            ),
            400,
            id="two names",
        ),
        pytest.param(
            (
                b"GET http://evil.example/_emulator/accounts HTTP/1.1\r\nHost: localhost\r\n"
                b"Connection: close\r\n\r\n"
            ),
            404,
            id="a name in the target",
        ),
        pytest.param(
            (
                b"GET /%5Femulator/accounts HTTP/1.1\r\nHost: evil.example\r\nConnection: "
                b"close\r\n\r\n"
            ),
            403,
            id="an encoded prefix",
        ),
    ],
)
def test_requests_that_no_client_library_sends(empty: Server, request_: bytes, status: int) -> None:
    assert send_raw(empty.url, request_).split(b" ", 2)[1] == str(status).encode()


# ---- Web pages


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": FOREIGN_HOSTS}, id="another origin"),
        pytest.param({"Origin": "null"}, id="a page that hides its origin"),
        pytest.param({"Origin": "http://localhost:1"}, id="another port"),
        pytest.param(
            {"Origin": "http://localhost.evil.example"}, id="an origin that begins like ours"
        ),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="across sites"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="across origins of a site"),
        pytest.param(
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1"},
            id="a link on another site",
        ),
    ],
)
def test_foreign_pages_are_refused_on_every_method(
    control_api: ControlApi, method: str, headers: dict[str, str]
) -> None:
    response = control_api(method, "/accounts", headers=headers)
    assert_denied(response)


def test_https_is_another_origin_than_http(control_api: ControlApi) -> None:
    assert_denied(
        control_api(
            "GET", "/accounts", headers={"Origin": control_api.url.replace("http:", "https:")}
        )
    )


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}],
    ids=["typed by hand", "the server's own page"],
)
def test_the_servers_own_pages_may_ask(control_api: ControlApi, headers: dict[str, str]) -> None:
    assert (
        control_api("GET", "/accounts", headers={**headers, "Origin": control_api.url}).status_code
        == 200
    )


def test_a_page_of_a_rebound_name_is_same_origin_to_its_browser_and_still_refused(
    control_api: ControlApi,
) -> None:
    port = urlsplit(control_api.url).port
    headers = {
        "Host": f"evil.example:{port}",
        "Origin": f"http://evil.example:{port}",
        "Sec-Fetch-Site": "same-origin",
    }
    assert_denied(control_api("DELETE", "/accounts/whatever", headers=headers))


CREDENTIAL_FORMS = [
    "text/plain",
    "Text/Plain; charset=utf-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
]


@pytest.mark.parametrize("type_", CREDENTIAL_FORMS)
def test_a_form_of_another_site_changes_nothing_even_from_a_browser_that_says_nothing(
    control_api: ControlApi, key: str, type_: str
) -> None:
    control_api.create(name=key)
    assert_denied(
        control_api(
            "POST", "/accounts", content=f'{{"name": "{key} too"}}', headers={"Content-Type": type_}
        ),
        415,
    )
    before = control_api.account(key, "GET").json()
    told = control_api("GET", "/accounts").json()
    paths = control_api("GET", "/openapi.json").json()["paths"]
    changing = [
        (method, path)
        for path, methods in paths.items()
        for method in methods
        if method in ("post", "put", "patch", "delete")
    ]
    assert len(changing) > 10
    for method, path in changing:
        url = path.removeprefix("/_emulator").replace("{name}", key)
        assert_denied(
            control_api(method.upper(), url, content=b"{}", headers={"Content-Type": type_}), 415
        )
    assert (control_api.account(key, "GET").json(), control_api("GET", "/accounts").json()) == (
        before,
        told,
    )


@pytest.mark.parametrize(
    "type_", ["", "text/json", "application/jsonp", "application/json5", "text/html"]
)
def test_what_does_not_say_that_it_is_json_is_not_read_as_json(
    control_api: ControlApi, key: str, type_: str
) -> None:
    response = control_api(
        "POST",
        "/accounts",
        content=f'{{"name": "{key}"}}',
        headers={"Content-Type": type_} if type_ else {},
    )
    assert response.status_code == 422
    assert control_api.account(key, "GET").status_code == 404


def test_an_image_of_another_site_changes_nothing(control_api: ControlApi, key: str) -> None:
    control_api.create(name=key)
    before = control_api.account(key, "GET").json()
    for path in ("", "/reset", "/fork", "/clock/advance"):
        assert_denied(
            control_api(
                "GET",
                f"/accounts/{key}{path}",
                headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"},
            )
        )
    assert [
        control_api.account(key, "GET", path).status_code
        for path in ("/reset", "/fork", "/clock/advance")
    ] == [405] * 3
    assert control_api.account(key, "GET").json() == before


def test_no_answer_of_the_control_api_opens_it_to_pages(control_api: ControlApi, key: str) -> None:
    preflight = {
        "Origin": control_api.url,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type",
    }
    answers = [
        control_api("OPTIONS", "/accounts", headers=preflight),
        control_api("GET", "/accounts", headers={"Origin": control_api.url}),
        control_api("POST", "/accounts", {"name": key}, headers={"Origin": control_api.url}),
    ]
    assert [answer.status_code for answer in answers] == [405, 200, 201]
    assert not [
        name for answer in answers for name in answer.headers if name.startswith("access-control-")
    ]


@pytest.mark.parametrize("name", ["Prefer", "X-Playhead-Now"])
@pytest.mark.parametrize(
    "path",
    ["/gcore/streaming/statistics/countries", "/wistia/v1/stats/account", "/apivideo/videos"],
)
def test_vendors_paths_stay_open_to_pages(
    web: httpx.Client, empty: Server, path: str, name: str
) -> None:
    response = web.options(
        f"{empty.url}{path}",
        headers={
            "Origin": FOREIGN_HOSTS,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": name,
        },
    )
    allowed = response.headers["access-control-allow-headers"].lower()
    assert response.headers["access-control-allow-origin"] in ("*", FOREIGN_HOSTS)
    assert allowed == "*" or name.lower() in allowed


# ---- The token


def status_with_token(control: ControlApi, value: str | None) -> httpx.Response:
    return control("GET", "/accounts", headers={} if value is None else {"Authorization": value})


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong",
        "Bearer secre",
        "Bearer secrets",
        "Basic secret",
        "secret",
        "Bearer secret x",
    ],
)
def test_a_wanted_token_is_wanted(start_server: StartServer, value: str | None) -> None:
    _, control = start_server(control_token="secret")
    response = status_with_token(control, value)
    assert_denied(response, 401)
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["secret", "Ключ"], ids=["latin", "other"])
def test_the_token_opens(start_server: StartServer, token: str) -> None:
    _, control = start_server(control_token=token)
    assert [
        control(
            "GET", "/accounts", headers={b"Authorization": f"{scheme} {token}".encode()}
        ).status_code
        for scheme in ("Bearer", "bearer")
    ] == [200, 200]


def test_vendors_want_no_token_of_the_control_api(start_server: StartServer) -> None:
    _, control = start_server(control_token="secret")
    assert control.status("wistia", "/v1/stats/account", "anything") == 200


# ---- Bodies


def test_a_body_of_a_megabyte_is_read_and_a_greater_one_refused(control_api: ControlApi) -> None:
    assert (
        control_api(
            "POST",
            "/accounts",
            content=b'{"x":"' + b" " * 999_992 + b'"}',
            headers={"Content-Type": "application/json"},
        ).status_code
        == 422
    )
    assert_denied(
        control_api(
            "POST",
            "/accounts",
            content=b" " * 1_000_001,
            headers={"Content-Type": "application/json"},
        ),
        413,
    )


def test_a_body_that_does_not_tell_its_length_is_counted(control_api: ControlApi) -> None:
    chunks = (b" " * 100_000 for _ in range(11))
    assert_denied(
        control_api(
            "POST", "/accounts", content=chunks, headers={"Content-Type": "application/json"}
        ),
        413,
    )


def test_a_length_is_believed_before_anything_arrives(empty: Server) -> None:
    head = (
        b"POST /_emulator/accounts HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
        b"application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    )
    assert send_raw(empty.url, head % 10**15).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("path", ["viewings", "import"])
def test_what_records_may_be_256_megabytes(empty: Server, path: str) -> None:
    head = (
        f"POST /_emulator/accounts/nobody/{path} HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/x-ndjson\r\nContent-Length: 256000001\r\n"
    )
    assert send_raw(empty.url, f"{head}Connection: close\r\n\r\n".encode()).startswith(
        b"HTTP/1.1 413 "
    )


def test_a_body_that_never_ends_holds_nobody_up(empty: Server, control_api: ControlApi) -> None:
    address = urlsplit(empty.url)
    head = (
        b"POST /_emulator/accounts HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
        b"application/json\r\nContent-Length: 900000\r\n\r\n{"
    )
    slow = [
        socket.create_connection((address.hostname or "", address.port or 0)) for _ in range(100)
    ]
    for connection in slow:
        connection.sendall(head)
    try:
        assert control_api("GET", "/accounts", timeout=10).status_code == 200
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"name": "\\ud800"}',
        b'{"\\ud800": 1}',
        b"[" * 100_000,
        b"1" * 5000,
        b'{"seed": NaN}',
        b'{"scenario": {"title": "\\u0000"}}',
    ],
    ids=[
        "nothing",
        "half",
        "no text",
        "half a character",
        "half a character as a name",
        "deep",
        "a long number",
        "no number",
        "nul",
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem_and_no_crash(
    control_api: ControlApi, body: bytes
) -> None:
    response = control_api(
        "POST", "/accounts/nobody/fork", content=body, headers={"Content-Type": "application/json"}
    )
    assert (response.status_code, response.headers["content-type"]) in (
        (422, PROBLEM),
        (404, PROBLEM),
    )
    created = control_api(
        "POST", "/accounts", content=body, headers={"Content-Type": "application/json"}
    )
    assert created.status_code == (422 if body else 201), created.text


def test_every_operation_documents_what_the_guard_answers(control_api: ControlApi) -> None:
    paths = control_api("GET", "/openapi.json").json()["paths"]
    operations = [operation for path in paths.values() for operation in path.values()]
    assert operations
    assert not [
        operation["operationId"]
        for operation in operations
        if not {"401", "403", "413", "415"} <= operation["responses"].keys()
    ]
