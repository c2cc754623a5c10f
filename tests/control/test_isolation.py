"""One account never sees another's viewings, clock, faults, stubs or journal:

asked by every operation of every vendor.
"""

import httpx
import pytest

from playhead import Server
from tests.control.conftest import ControlApi
from tests.operations import OPERATIONS, OperationRequest
from tests.worlds import World, viewer

# Those that a key opens, each once; tokens and health are nobody's.
AUTHENTICATED = [
    operation
    for operation in OPERATIONS
    if operation.body is None
    and "public_token" not in operation.query
    and operation.template != "/health"
]
REQUESTS = [
    *{
        (operation.vendor, operation.template): operation for operation in reversed(AUTHENTICATED)
    }.values()
][::-1]
VENDORS = ("apivideo", "gcore", "wistia")


def answers(web: httpx.Client, server: Server, key: str) -> dict[str, tuple[int, bytes]]:
    """What an account is answered by every operation."""
    answered = {operation.name: operation.send(web, server.url, key) for operation in REQUESTS}
    return {name: (response.status_code, response.content) for name, response in answered.items()}


@pytest.fixture
def demo_control_api(web: httpx.Client, demo: Server) -> ControlApi:
    """The control API of the demo server."""
    return ControlApi(web, demo.url)


def differences(
    before: dict[str, tuple[int, bytes]], after: dict[str, tuple[int, bytes]]
) -> set[str]:
    assert before.keys() == after.keys()
    return {name for name in before if before[name] != after[name]}


def test_what_is_recorded_in_one_account_is_not_seen_in_another(
    demo_control_api: ControlApi, web: httpx.Client, demo: Server, key: str
) -> None:
    before = answers(web, demo, f"{key} other")
    world = World(demo, key)
    film = world.video("film", ids={"wistia": ["filmoftest"], "apivideo": ["vifilmoftest"]})
    air = world.live("air")
    world.broadcast(air, "2024-05-10T10:00:00Z", "2024-05-10T12:00:00Z")
    for media in (film, air):
        world.watch(
            media,
            "ana",
            "2024-05-10T10:30:00Z",
            (0, 30),
            viewer=viewer("ana", full_name="Joanna Test", email="jo@example.com"),
        )
    assert differences(answers(web, demo, key), answers(web, demo, f"{key} other")) >= {
        "wistia get /v1/stats/account",
        "gcore get /streaming/videos?per_page=100",
        "apivideo get /videos?pageSize=100",
    }
    assert differences(before, answers(web, demo, f"{key} other")) == set()
    for path in ("/wistia/v1/stats/medias/filmoftest", "/apivideo/videos/vifilmoftest"):
        _, vendor, rest = path.split("/", 2)
        assert [
            demo_control_api.status(vendor, f"/{rest}", name) for name in (key, f"{key} other")
        ] == [200, 404]


def test_a_clock_is_of_one_account(
    demo_control_api: ControlApi, web: httpx.Client, demo: Server, key: str
) -> None:
    before = answers(web, demo, f"{key} other")
    answers(web, demo, key)
    demo_control_api.account(key, "PUT", "/clock", {"mode": "frozen", "at": "2024-04-20T00:00:00Z"})
    assert "wistia get /v1/stats/account" in differences(before, answers(web, demo, key))
    assert differences(before, answers(web, demo, f"{key} other")) == set()


def test_faults_and_stubs_are_of_one_account(
    demo_control_api: ControlApi, web: httpx.Client, demo: Server, key: str
) -> None:
    before = answers(web, demo, f"{key} other")
    demo_control_api.create(name=key)
    assert (
        demo_control_api.account(
            key, "POST", "/faults", {"match": {"vendor": "wistia"}, "effect": {"status": 503}}
        ).status_code
        == 201
    )
    for stub in (
        {"vendor": "gcore", "path": "/streaming/videos", "json": ["stubbed"]},
        {"vendor": "apivideo", "path": "/videos", "json": ["stubbed"]},
    ):
        assert demo_control_api.account(key, "POST", "/stubs", stub).status_code == 201
    struck = differences(before, answers(web, demo, key))
    assert struck >= {
        operation.name
        for operation in REQUESTS
        if operation.vendor == "wistia" or operation.path in ("/streaming/videos", "/videos")
    }
    assert differences(before, answers(web, demo, f"{key} other")) == set()
    assert [
        demo_control_api.account(f"{key} other", "GET", path).json()
        for path in ("/faults", "/stubs")
    ] == [{"faults": []}, {"stubs": []}]


def test_a_journal_is_of_one_account(
    demo_control_api: ControlApi, web: httpx.Client, demo: Server, key: str
) -> None:
    operations: list[OperationRequest] = [
        next(operation for operation in REQUESTS if operation.vendor == vendor)
        for vendor in VENDORS
    ]
    for operation in operations:
        operation.send(web, demo.url, key)
    operations[0].send(web, demo.url, f"{key} other")
    told = [
        demo_control_api.account(name, "GET", "/requests").json()["requests"]
        for name in (key, f"{key} other")
    ]
    assert [[request["vendor"] for request in requests] for requests in told] == [
        list(VENDORS),
        ["apivideo"],
    ]


def test_the_clock_of_a_limit_and_its_count_are_of_one_account(
    demo_control_api: ControlApi, key: str
) -> None:
    for name in (key, f"{key} other"):
        demo_control_api.create(name=name, rate_limits={"wistia": 1})
    assert [
        demo_control_api.status("wistia", "/v1/stats/account", name)
        for name in (key, key, f"{key} other")
    ] == [200, 429, 200]


def test_what_one_account_removes_stays_in_another(demo_control_api: ControlApi, key: str) -> None:
    for name in (key, f"{key} other"):
        demo_control_api.create(name=name)
        for path, body in (
            ("/faults", {"match": {"nth": 9}, "effect": {"status": 500}}),
            ("/stubs", {"vendor": "gcore", "path": "/streaming/videos", "json": 1}),
        ):
            assert demo_control_api.account(name, "POST", path, body).status_code == 201
    theirs = [
        demo_control_api.account(f"{key} other", "GET", path).json()[path[1:]][0]["id"]
        for path in ("/faults", "/stubs")
    ]
    assert [
        demo_control_api.account(key, "DELETE", f"{path}/{id_}").status_code
        for path, id_ in zip(("/faults", "/stubs"), theirs, strict=True)
    ] == [404, 404]
    demo_control_api.account(key, "DELETE", "/faults")
    demo_control_api.account(key, "DELETE", "/stubs")
    demo_control_api.account(key, "POST", "/reset")
    demo_control_api.account(key, "DELETE")
    shown = demo_control_api.account(f"{key} other", "GET").json()
    assert (shown["faults"], shown["stubs"]) == (1, 1)
