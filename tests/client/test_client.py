"""The client: what a test says to a running server, and what it hears."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import httpx
import psutil
import pytest

import playhead
from playhead import Client, ControlError, Server
from playhead.client import Account, CatalogEntry
from playhead.domain.errors import UserError
from playhead.vendors import VENDORS
from tests.worlds import NOW_TEXT, credentials

VENDOR_NAMES = [vendor.name for vendor in VENDORS]
ROUTES = {"gcore": "/streaming/videos", "wistia": "/v1/stats/account.json", "apivideo": "/videos"}


@pytest.fixture
def account(empty: Server, key: str) -> Iterator[Account]:
    """An account with nothing in it."""
    made = empty.client.create(key)
    yield made
    empty.client.account(key).delete()


def vendor_request(account: Account, vendor: str, path: str) -> httpx.Response:
    """A vendor's answer to the account's key."""
    return httpx.get(
        account.url(vendor) + path, headers={"Authorization": credentials(vendor, account.key)}
    )


# ---- Accounts


@pytest.mark.parametrize("name", ["a b", "a/b?c#d", "50%", "ключ", "a+b", ".."])
def test_any_name_will_do(empty: Server, name: str) -> None:
    made = empty.client.create(name)
    try:
        assert (made.name, empty.client.account(name).info["name"]) == (name, name)
    finally:
        made.delete()


def test_an_account_without_a_name_gets_one(empty: Server) -> None:
    made = empty.client.create()
    assert made.name in [account.name for account in empty.client.accounts()]
    made.delete()


def test_options_of_an_account_are_as_the_api_spells_them(empty: Server, key: str) -> None:
    made = empty.client.create(
        key, lenient=True, clock={"mode": "offset", "by": timedelta(days=-1)}
    )
    assert (made.info["lenient"], made.clock.now) == (True, "2024-06-04T12:00:00Z")
    made.delete()


def test_a_deleted_account_is_gone(empty: Server, key: str) -> None:
    made = empty.client.create(key)
    made.delete()
    with pytest.raises(ControlError) as raised:
        made.delete()
    assert raised.value.status == 404


def test_a_reset_account_is_as_it_was_created(account: Account) -> None:
    account.freeze("2024-01-01")
    account.reset()
    assert account.clock.now == NOW_TEXT


def test_a_fork_has_a_clock_of_its_own(account: Account) -> None:
    fork = account.fork(f"{account.name} forked")
    fork.freeze("2024-01-01")
    assert (fork.name, account.clock.now) == (f"{account.name} forked", NOW_TEXT)
    fork.delete()


@pytest.mark.parametrize("vendor", VENDOR_NAMES)
def test_its_key_and_url_are_what_a_vendors_client_needs(account: Account, vendor: str) -> None:
    assert vendor_request(account, vendor, ROUTES[vendor]).status_code == 200
    assert account.count(vendor=vendor) == 1


def test_the_catalogue_of_the_demo_has_the_documented_video(demo: Server) -> None:
    account = demo.client.create()
    assert CatalogEntry("live", "12345", "The Morning Desk") in account.catalog["gcore"]
    account.delete()


# ---- Time


@pytest.mark.parametrize(
    "instant",
    [
        "2024-06-01T10:00:00Z",
        datetime(2024, 6, 1, 10, tzinfo=UTC),
        datetime(2024, 6, 1, 10),
        datetime(2024, 6, 1, 12, tzinfo=timezone(timedelta(hours=2))),
    ],
    ids=["text", "aware", "naive is UTC", "elsewhere"],
)
def test_a_clock_is_frozen_at_an_instant(account: Account, instant: str | datetime) -> None:
    clock = account.freeze(instant)
    assert (clock.mode, clock.now, account.clock) == ("frozen", "2024-06-01T10:00:00Z", clock)


@pytest.mark.parametrize(
    ("by", "now"),
    [
        ("P1D", "2024-06-06T12:00:00Z"),
        (timedelta(hours=-36), "2024-06-04T00:00:00Z"),
        (timedelta(minutes=1, seconds=1), "2024-06-05T12:01:01Z"),
    ],
    ids=["text", "back", "timedelta"],
)
def test_a_clock_is_moved(account: Account, by: str | timedelta, now: str) -> None:
    assert account.advance(by).now == now


def test_a_clock_that_thaws_is_the_servers(account: Account) -> None:
    account.freeze("2024-01-01")
    assert (account.use_system_clock().mode, account.clock.now) == ("real", NOW_TEXT)


# ---- What was watched


def test_a_recorded_viewing_is_in_every_vendors_figures(account: Account) -> None:
    talk = account.create_media("talk", duration=100)
    viewing = account.record(
        talk,
        played=[(0, 20), (30, 40, 5)],
        loaded_at=datetime(2024, 6, 4, 10),
        viewer={"country": "FR"},
    )
    assert (viewing.media, viewing.loaded_at, viewing.ended_at) == (
        talk.id,
        "2024-06-04T10:00:00Z",
        "2024-06-04T10:00:35Z",
    )
    stats = vendor_request(
        account, "wistia", f"/v1/stats/medias/{talk.ids['wistia'][0]}.json"
    ).json()
    assert (stats["play_count"], stats["visitors"]) == (1, 1)
    assert account.list_viewings() == [viewing]


@pytest.mark.parametrize("vendor", VENDOR_NAMES)
def test_a_media_is_named_by_any_vendors_id(account: Account, vendor: str) -> None:
    talk = account.create_media("talk", duration=100)
    assert account.record(talk.ids[vendor][0], played=[(0, 20)]).media == talk.number


def test_what_is_taken_back_is_gone(account: Account) -> None:
    talk = account.create_media("talk", duration=100)
    kept, by_object, by_id = (account.record(talk, played=[(0, 20)]) for _ in range(3))
    account.delete_viewing(by_object)
    account.delete_viewing(by_id.ids["apivideo"][0])
    assert account.list_viewings() == [kept]


def test_many_are_recorded_at_once(account: Account) -> None:
    talk = account.create_media("talk", duration=100)
    made = account.record_all({"media": talk, "played": [(0, 20)]} for _ in range(1001))
    assert len(made) == 1001
    assert account.list_viewings() == made


def test_one_bad_line_and_nothing_is_recorded(account: Account) -> None:
    talk = account.create_media("talk", duration=100)
    with pytest.raises(ControlError, match="line 2") as raised:
        account.record_all(
            [{"media": talk, "played": [(0, 20)]}, {"media": talk, "played": [(0, 200)]}]
        )
    assert (raised.value.status, account.list_viewings()) == (422, [])


def test_a_broadcast_is_a_run_of_a_live_stream(account: Account) -> None:
    air = account.create_media("air", kind="live")
    account.broadcast(air, "2024-06-05T10:00:00Z", datetime(2024, 6, 5, 11))
    assert [media.kind for media in account.list_media()] == ["live"]
    with pytest.raises(ControlError, match="ends before it starts"):
        account.broadcast(air, "2024-06-05T11:00:00Z", "2024-06-05T10:00:00Z")


def test_what_is_exported_can_be_imported_elsewhere(account: Account) -> None:
    account.record(
        account.create_media("talk", duration=100),
        played=[(0, 20)],
        loaded_at="2024-06-04T10:00:00Z",
    )
    copy = Client(account.base_url).create()
    assert copy.import_(account.export()) > 1
    assert [viewing.loaded_at for viewing in copy.list_viewings()] == ["2024-06-04T10:00:00Z"]
    copy.delete()


# ---- Faults and stubs


def test_a_fault_is_met_until_its_times_are_over(account: Account) -> None:
    account.fail(vendor="wistia", status=503, times=1)
    assert [vendor_request(account, "wistia", ROUTES["wistia"]).status_code for _ in range(2)] == [
        503,
        200,
    ]
    (fault,) = account.faults()
    assert (fault.done, fault.over, fault.match, fault.effect["status"]) == (
        1,
        True,
        {"vendor": "wistia"},
        503,
    )


def test_faults_are_removed_one_by_one_or_all(account: Account) -> None:
    faults = [account.fail(status=status) for status in (500, 501, 502)]
    account.clear_faults(faults[0])
    assert [fault.effect["status"] for fault in account.faults()] == [501, 502]
    account.clear_faults()
    assert account.faults() == []


@pytest.mark.parametrize(
    "latency", [20, timedelta(milliseconds=20)], ids=["milliseconds", "timedelta"]
)
def test_latency_is_waited_for(account: Account, latency: float | timedelta) -> None:
    account.fail(latency=latency)
    vendor_request(account, "gcore", ROUTES["gcore"])
    assert account.requests()[0].milliseconds >= 20


def test_a_stub_answers_instead_of_the_world(account: Account) -> None:
    stub = account.stub("wistia", "/v1/stats/medias/{id}.json", json={"play_count": 7})
    assert vendor_request(account, "wistia", "/v1/stats/medias/whatever.json").json() == {
        "play_count": 7
    }
    assert [found.done for found in account.stubs()] == [1]
    account.clear_stubs(stub)
    assert account.stubs() == []


# ---- What happened


def test_requests_tell_what_was_asked_and_why_it_was_refused(account: Account) -> None:
    vendor_request(account, "gcore", "/streaming/videos?page=1")
    vendor_request(account, "gcore", "/streaming/nothing")
    (request,) = account.requests(status=200)
    assert (request.vendor, request.operation, request.method, request.path, request.query) == (
        "gcore",
        "videos",
        "GET",
        "/streaming/videos",
        "page=1",
    )
    assert str(request) == f"{request.at} gcore GET /streaming/videos?page=1 200"


def test_every_page_of_requests_is_read(account: Account) -> None:
    for _ in range(5):
        vendor_request(account, "wistia", ROUTES["wistia"])
    found = account.requests()
    assert len(found) == len({request.id for request in found}) == account.count() == 5


def test_waiting_ends_with_the_request(account: Account) -> None:
    asking = threading.Timer(0.05, vendor_request, [account, "gcore", ROUTES["gcore"]])
    asking.start()
    assert [
        request.vendor for request in account.wait_for_requests(1, timeout=30, vendor="gcore")
    ] == ["gcore"]
    asking.join()


def test_waiting_in_vain_says_so(account: Account) -> None:
    with pytest.raises(ControlError, match="not 1") as raised:
        account.wait_for_requests(1, timeout=0.01)
    assert raised.value.status == 408


def test_requests_are_followed_as_they_come(account: Account) -> None:
    vendor_request(account, "gcore", ROUTES["gcore"])
    following = account.follow()
    assert next(following).vendor == "gcore"
    vendor_request(account, "wistia", ROUTES["wistia"])
    assert next(following).vendor == "wistia"
    following.close()  # type: ignore[attr-defined] # it is a generator: its connection ends here


def test_forgotten_requests_are_gone(account: Account) -> None:
    vendor_request(account, "gcore", ROUTES["gcore"])
    account.clear_requests()
    assert (account.count(), account.requests()) == (0, [])


def test_what_named_no_account_is_the_servers(empty: Server, key: str) -> None:
    httpx.get(f"{empty.url}/wistia/v1/stats/account.json?mine={key}")
    assert [
        request.status
        for request in empty.client.anonymous_requests(vendor="wistia")
        if key in request.query
    ] == [401]


# ---- What goes wrong


def test_a_refusal_says_what_was_asked_and_what_is_wrong(account: Account) -> None:
    with pytest.raises(ControlError) as raised:
        account.advance("tomorrow")
    error = raised.value
    assert (error.status, error.title[:4]) == (422, "422 ")
    assert f"POST {account.base_url}/_emulator/accounts/" in str(error) and error.detail in str(
        error
    )
    assert "'tomorrow' is not an ISO 8601 duration" in error.detail


def test_nobody_there_says_how_to_start_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(
        ControlError, match=r"Connection refused; .* `playhead serve` starts one"
    ) as raised:
        Client(url).accounts()
    assert raised.value.status == 0


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://127.0.0.1", "http://", ""])
def test_what_is_no_url_is_refused_at_once(url: str) -> None:
    with pytest.raises(UserError, match="is not the http://host:port"):
        Client(url)


def test_an_instant_that_is_none_is_refused_here(account: Account) -> None:
    with pytest.raises(TypeError, match="neither JSON nor an instant"):
        account.freeze(object())  # type: ignore[arg-type] # that is the point


def test_a_token_is_given() -> None:
    with Server(scenario="empty", now=NOW_TEXT, control_token="s3cret") as server:
        assert server.client.accounts() == []
        with pytest.raises(ControlError, match="token") as raised, Client(server.url) as stranger:
            stranger.accounts()
    assert raised.value.status == 401


# ---- Connections


def open_connections(server: Server) -> int:
    """How many connections this process has to a server."""
    port = int(server.url.rpartition(":")[2])
    return sum(
        bool(found.raddr) and found.raddr.port == port
        for found in psutil.Process().net_connections("tcp")
        if found.status == "ESTABLISHED"
    )


def test_one_connection_is_kept_for_one_thread(key: str) -> None:
    with Server(scenario="empty") as server:
        account = server.client.create(key)
        for _ in range(10):
            account.advance("PT1M")
        assert open_connections(server) == 1


def test_threads_do_not_wait_for_each_other(empty: Server, account: Account) -> None:
    with ThreadPoolExecutor(8) as threads:
        waiting = threads.submit(account.wait_for_requests, 1, 60)
        clocks = [threads.submit(account.advance, "PT1M") for _ in range(40)]
        assert len({clock.result().now for clock in clocks}) == 40
        vendor_request(account, "gcore", ROUTES["gcore"])
        assert len(waiting.result()) == 1


def test_a_kept_connection_that_ended_is_opened_anew() -> None:
    with Server(scenario="empty") as server:
        client = Client(server.url)
        assert client.accounts() == []
    with Server(scenario="empty", port=server.url.rpartition(":")[2]), client:
        client.create(
            "a"
        )  # never sent twice: the end of the connection is seen before anything is said on it
        assert [account.name for account in client.accounts()] == ["a"]


def test_asking_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys, playhead.client; print(sorted({name.partition('.')[0] for name in "
        "sys.modules} - set(sys.stdlib_module_names)))"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )
    assert [name for name in eval(run.stdout) if not name.startswith(("_", "sitecustomize"))] == [
        "playhead"
    ]


def test_the_package_exports_it() -> None:
    assert playhead.Client is Client
