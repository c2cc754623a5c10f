"""Waiting: it holds no thread, so that the next request is answered at once, and it ends with the
client.
"""

import asyncio
import time
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from playhead import Server
from playhead.app import create_app
from tests.control.account_client import COUNTRIES, MAY, SIMPLE_PATHS, AccountClient
from tests.worlds import NOW_TEXT

CLIENT_COUNT = 100
MAX_CONCURRENT = 5  # seconds, on a busy machine; what waits, waits much longer
LATENCY_MS = 60


def seconds(task: Any) -> float:
    started = time.perf_counter()
    task()
    return time.perf_counter() - started


@pytest.mark.parametrize("by", ["preference", "fault"])
def test_an_answer_is_held_back(web: httpx.Client, empty: Server, key: str, by: str) -> None:
    planned = AccountClient(web, empty.url, key)
    if by == "fault":
        planned.add_fault({"latency": {"ms": 300}})
    headers = {"Prefer": "wait=0.3"} if by == "preference" else {}
    assert (
        0.3
        <= seconds(lambda: planned.vendor_request("gcore", headers=headers))
        < 0.3 + MAX_CONCURRENT
    )


@pytest.mark.parametrize("by", ["preference", "fault"])
def test_a_hundred_wait_and_the_next_is_answered_at_once(
    web: httpx.Client, empty: Server, key: str, by: str
) -> None:
    planned = AccountClient(web, empty.url, key)
    if by == "fault":
        planned.add_fault({"latency": {"ms": LATENCY_MS * 1000}}, operation="live_watch_time_total")
    headers = {
        "Authorization": f"APIKey {key}",
        **({"Prefer": f"wait={LATENCY_MS}"} if by == "preference" else {}),
    }
    waited = asyncio.run(_next_of_many(planned, headers))
    assert waited < MAX_CONCURRENT


async def _next_of_many(planned: AccountClient, headers: dict[str, str]) -> float:
    """How long a request takes while many wait."""
    limits = httpx.Limits(max_connections=CLIENT_COUNT + 1)
    async with httpx.AsyncClient(
        timeout=2 * LATENCY_MS, limits=limits, base_url=planned.url
    ) as client:
        waiting = [
            asyncio.ensure_future(client.get(SIMPLE_PATHS["gcore"], headers=headers))
            for _ in range(CLIENT_COUNT)
        ]
        await _until_all_wait(planned, by_fault="Prefer" not in headers)
        started = time.perf_counter()
        answer = await client.get(
            COUNTRIES, params=MAY, headers={"Authorization": headers["Authorization"]}
        )
        taken = time.perf_counter() - started
        assert answer.status_code == 200
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    return taken


async def _until_all_wait(planned: AccountClient, *, by_fault: bool) -> None:
    """Until every request has arrived:

    the fault has met it, or others that came behind it in the server's queue are answered.
    """
    async with httpx.AsyncClient(base_url=planned.url, timeout=LATENCY_MS) as other:
        for _ in range(3):
            await other.get(
                COUNTRIES, params=MAY, headers={"Authorization": f"APIKey {planned.name}"}
            )
        faults = f"/_emulator/accounts/{quote(planned.name, safe='')}/faults"
        while by_fault and (await other.get(faults)).json()["faults"][0]["done"] < CLIENT_COUNT:
            pass


def test_a_hundred_at_once_are_all_answered_soon(empty: Server, key: str) -> None:
    """Each needs a thread and a connection of the store, of which there are fewer:

    who holds one never waits for the other.
    """

    async def ask() -> list[int]:
        limits = httpx.Limits(max_connections=CLIENT_COUNT)
        async with httpx.AsyncClient(
            timeout=LATENCY_MS,
            limits=limits,
            base_url=empty.url,
            headers={"Authorization": f"APIKey {key}"},
        ) as client:
            return [
                answer.status_code
                for answer in await asyncio.gather(
                    *(client.get(SIMPLE_PATHS["gcore"]) for _ in range(CLIENT_COUNT))
                )
            ]

    started = time.perf_counter()
    assert asyncio.run(ask()) == [200] * CLIENT_COUNT
    assert time.perf_counter() - started < LATENCY_MS / 4


def test_nobody_waits_for_a_client_that_is_gone(web: httpx.Client) -> None:
    def give_up() -> None:
        with Server(scenario="empty", now=NOW_TEXT) as server:
            planned = AccountClient(web, server.url, "account")
            planned.add_fault({"latency": {"ms": LATENCY_MS * 1000}})
            with pytest.raises(httpx.ReadTimeout):
                httpx.get(
                    f"{server.url}{SIMPLE_PATHS['gcore']}",
                    headers={"Authorization": "APIKey account"},
                    timeout=0.2,
                )

    assert seconds(give_up) < LATENCY_MS / 2


def test_waiting_works_without_a_socket() -> None:
    app = create_app(scenario="empty", now=NOW_TEXT)

    async def ask() -> int:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://api.gcore.com"
        ) as client:
            return (
                await client.get(
                    SIMPLE_PATHS["gcore"],
                    headers={"Authorization": "APIKey k", "Prefer": "wait=0.01"},
                )
            ).status_code

    assert asyncio.run(ask()) == 200
    app.on_shutdown()
