"""Waiting for requests, and processes that see each other's."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from playhead import Server
from tests.control.client_helpers import COUNTRIES, STREAMS, VIDEOS, JournalClient
from tests.worlds import NOW_TEXT, World, credentials

QUICK_SECONDS = 0.25  # seconds within which other processes see an entry
TIMEOUT_SECONDS = 20  # seconds that a busy machine may take instead


@pytest.fixture
def journal_client(empty: Server, world: World, web: httpx.Client) -> JournalClient:
    assert world.account.name == world.key  # it is there
    return JournalClient(web, empty.url, world.key)


# ---- Waiting


def test_what_is_there_is_not_waited_for(journal_client: JournalClient) -> None:
    for path in (VIDEOS, STREAMS, VIDEOS):
        journal_client.gcore(path)
    answer = journal_client.control(
        "GET", "/requests/wait", params={"operation": "videos", "count": 2, "timeout": 300}
    )
    assert [request["path"] for request in answer.json()["requests"]] == [VIDEOS, VIDEOS]


def test_one_waits_until_so_many_have_come(journal_client: JournalClient, empty: Server) -> None:
    with ThreadPoolExecutor(1) as thread, httpx.Client(timeout=60) as own:
        waiting = thread.submit(
            JournalClient(own, journal_client.url, journal_client.key).control,
            "GET",
            "/requests/wait",
            params={"count": 2, "status": "2xx", "timeout": 60},
        )
        journal_client.gcore()
        journal_client.gcore(COUNTRIES)
        assert not waiting.done()
        journal_client.gcore()
        assert [
            request["path"] for request in waiting.result(TIMEOUT_SECONDS).json()["requests"]
        ] == [VIDEOS, VIDEOS]


def test_after_the_timeout_one_is_told_how_many_there_are(journal_client: JournalClient) -> None:
    journal_client.gcore()
    answer = journal_client.control("GET", "/requests/wait?count=2&timeout=0.05")
    assert (answer.status_code, answer.headers["content-type"]) == (408, "application/problem+json")
    assert answer.json()["detail"] == "after 0.05 s there is 1 such request, not 2"


@pytest.mark.parametrize(
    "query", ["timeout=301", "timeout=-1", "timeout=nan", "count=0", "count=1001"]
)
def test_nobody_waits_for_ever(journal_client: JournalClient, query: str) -> None:
    assert journal_client.control("GET", f"/requests/wait?{query}").status_code == 422


def test_a_hundred_who_wait_hold_nobody_up(empty: Server, world: World) -> None:
    assert asyncio.run(while_a_hundred_wait(empty.url, world.key)) < 2


async def while_a_hundred_wait(url: str, key: str) -> float:
    """Seconds that a request took while a hundred waited; all of them hear of it."""
    async with httpx.AsyncClient(
        base_url=url, timeout=60, limits=httpx.Limits(max_connections=200)
    ) as client:
        await client.get(
            "/gcore/streaming/streams", headers={"Authorization": credentials("gcore", key)}
        )
        path = f"/_emulator/accounts/{quote(key, safe='')}/requests"
        waiting = [
            asyncio.create_task(client.get(f"{path}/wait?operation=videos&timeout=60"))
            for _ in range(100)
        ]
        done, _ = await asyncio.wait(waiting, timeout=1)
        assert not done
        began = time.monotonic()
        await client.get(f"/gcore{VIDEOS}", headers={"Authorization": credentials("gcore", key)})
        taken = time.monotonic() - began
        answers = await asyncio.gather(*waiting)
    assert [answer.json()["requests"][0]["path"] for answer in answers] == [VIDEOS] * 100
    return taken


def test_a_server_that_ends_lets_nobody_wait(key: str) -> None:
    server = Server(scenario="empty", now=NOW_TEXT).start()
    with ThreadPoolExecutor(1) as thread, httpx.Client(timeout=60) as client:
        ask = JournalClient(client, server.url, key)
        server.emulator.open_account(key)
        waiting = thread.submit(ask.control, "GET", "/requests/wait?timeout=60")
        assert wait_until(lambda: server.emulator.journal.has_subscribers)
        server.stop()
        assert waiting.result(TIMEOUT_SECONDS).status_code == 503


# ---- Several processes


@pytest.fixture(params=["sqlite", "postgresql"])
def two_servers(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[tuple[Server, Server]]:
    """Two servers on one store."""
    url = (
        f"sqlite:///{tmp_path}/store.db"
        if request.param == "sqlite"
        else request.getfixturevalue("postgresql_url")
    )
    with (
        Server(scenario="empty", now=NOW_TEXT, store=url) as one,
        Server(scenario="empty", now=NOW_TEXT, store=url) as other,
    ):
        yield one, other


def wait_until(true: Callable[[], object]) -> float:
    """Seconds until something is true."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < TIMEOUT_SECONDS
        time.sleep(0.002)
    return time.monotonic() - began or 1e-9


def has_counted(client: JournalClient, count: int) -> bool:
    return bool(client.control("GET", "/requests/count").json() == {"count": count})


def test_other_processes_see_a_request_soon(
    two_servers: tuple[Server, Server], web: httpx.Client, key: str
) -> None:
    here, there = (JournalClient(web, server.url, key) for server in two_servers)
    taken = []
    for count in range(1, 9):
        here.gcore()
        taken.append(wait_until(partial(has_counted, there, count)))
    assert min(taken) < QUICK_SECONDS


def test_other_processes_requests_are_waited_for(
    two_servers: tuple[Server, Server], web: httpx.Client, key: str
) -> None:
    here, there = (JournalClient(web, server.url, key) for server in two_servers)
    here.gcore()
    with ThreadPoolExecutor(1) as thread, httpx.Client(timeout=60) as own:
        waiting = thread.submit(
            JournalClient(own, there.url, key).control, "GET", "/requests/wait?count=3&timeout=60"
        )
        assert wait_until(lambda: two_servers[1].emulator.journal.has_subscribers)
        here.gcore()
        here.gcore()
        assert len(waiting.result(TIMEOUT_SECONDS).json()["requests"]) == 3


def test_each_process_sees_all_in_one_order(two_servers: tuple[Server, Server], key: str) -> None:
    """Whoever goes on behind the last request it saw misses none."""
    with ThreadPoolExecutor(4) as threads, httpx.Client(timeout=60) as client:
        askers = [JournalClient(client, server.url, key) for server in two_servers]
        askers[0].gcore()
        asking = [threads.submit(askers[index % 2].gcore) for index in range(60)]
        seen: list[int] = []
        began = time.monotonic()
        while len(seen) < 61:
            assert time.monotonic() - began < TIMEOUT_SECONDS
            seen += [request["id"] for request in askers[1].requests(after=seen[-1] if seen else 0)]
        assert all(asked.result().status_code == 200 for asked in asking)
        assert seen == [request["id"] for request in askers[0].requests(limit=1000)]
