"""Several workers on one store:

one port, the same answers whoever gives them, and nothing left behind.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import httpx
import psutil
import pytest

from playhead import Client, Server
from tests.worlds import NOW_TEXT

T = TypeVar("T")
TIMEOUT_SECONDS = 60  # in which everything must have happened
STATS = "/v1/stats/account.json"
URL = re.compile(r"Playhead listens on (\S+)")


def wait_until(probe: Callable[[], T | None]) -> T:
    """What is found, once it is something."""
    end = time.monotonic() + TIMEOUT_SECONDS
    while (value := probe()) is None or value is False:
        assert time.monotonic() < end, "it did not happen"
    return value


def is_alive(process: psutil.Process) -> bool:
    """Whether a process has not ended; where nobody asks how it ended, its number stays taken."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


class Workers:
    """A running `playhead serve` and the processes that answer for it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout
        self.url = URL.findall(process.stdout.readline())[0]
        self.parent = psutil.Process(process.pid)

    def connect(self, client: httpx.Client) -> int:
        """The process at the other end of a client's one connection, after a request."""
        stream = client.get(self.url).extensions["network_stream"]
        return wait_until(lambda: self._holder(stream.get_extra_info("client_addr")))

    def _holder(self, address: tuple[str, int]) -> int | None:
        for child in self.parent.children():
            with contextlib.suppress(psutil.Error):
                if any(connection.raddr == address for connection in child.net_connections("tcp")):
                    return child.pid
        return None

    def connect_to_each(self, stack: ExitStack, count: int) -> dict[int, httpx.Client]:
        """As many clients as there are workers, by the process that each of them is
        connected with.
        """
        clients: dict[int, httpx.Client] = {}

        def connect() -> bool:
            client = stack.enter_context(httpx.Client(timeout=TIMEOUT_SECONDS))
            clients.setdefault(self.connect(client), client)
            return len(clients) == count

        wait_until(connect)
        return clients


@contextmanager
def start_workers(count: int, *options: str, **variables: str) -> Iterator[Workers]:
    """So many workers on a free port."""
    command = [
        sys.executable,
        "-m",
        "playhead",
        "serve",
        "--port=0",
        "--log=off",
        "--scenario=empty",
        f"--now={NOW_TEXT}",
        f"--workers={count}",
        *options,
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, text=True, env=os.environ | variables, stdout=pipe, stderr=pipe
    ) as process:
        try:
            yield Workers(process)
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=TIMEOUT_SECONDS)


@pytest.fixture(scope="module")
def two_workers(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, httpx.Client, httpx.Client]]:
    """Two workers on one SQLite file: their URL, and a client of each."""
    store = tmp_path_factory.mktemp("two") / "store.db"
    with start_workers(2, f"--store=sqlite:///{store}") as running, ExitStack() as stack:
        yield running.url, *running.connect_to_each(stack, 2).values()


def test_a_key_opens_the_same_account_at_each(
    two_workers: tuple[str, httpx.Client, httpx.Client],
) -> None:
    url, *clients = two_workers
    assert [
        client.get(f"{url}{STATS}", headers={"Authorization": "Bearer shared"}).status_code
        for client in clients
    ] == [200, 200]
    names = [
        account["name"]
        for account in clients[0].get(f"{url}/_emulator/accounts").json()["accounts"]
    ]
    assert names.count("shared") == 1


@pytest.mark.parametrize("minutes", range(1, 21))
def test_a_clock_that_one_sets_is_what_the_other_tells(
    two_workers: tuple[str, httpx.Client, httpx.Client], minutes: int
) -> None:
    url, one, other = two_workers
    account = f"{url}/_emulator/accounts/clock-{minutes}"
    one.post(f"{url}/_emulator/accounts", json={"name": f"clock-{minutes}"}).raise_for_status()
    other.post(f"{account}/clock/advance", json={"by": f"PT{minutes}M"}).raise_for_status()
    assert one.get(f"{account}/clock").json()["now"] == f"2024-06-05T12:{minutes:02}:00Z"


def test_what_one_deletes_the_other_no_longer_has(
    two_workers: tuple[str, httpx.Client, httpx.Client],
) -> None:
    url, one, other = two_workers
    account = f"{url}/_emulator/accounts/gone"
    one.post(f"{url}/_emulator/accounts", json={"name": "gone"}).raise_for_status()
    assert other.delete(account).status_code == 204
    assert one.get(account).status_code == 404


def test_what_one_answered_is_soon_in_the_journal_of_the_other(
    two_workers: tuple[str, httpx.Client, httpx.Client],
) -> None:
    url, one, other = two_workers
    for client in (one, other):
        client.get(f"{url}{STATS}", headers={"Authorization": "Bearer noted"})
    count = f"{url}/_emulator/accounts/noted/requests/count"
    assert wait_until(lambda: one.get(count).json()["count"] == 2)
    assert other.get(count).json()["count"] == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_they_end_together_and_leave_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with start_workers(2, TMPDIR=str(tmp_path)) as running, ExitStack() as stack:
        one, other = running.connect_to_each(stack, 2).values()  # whose connections stay open
        one.post(f"{running.url}/_emulator/accounts", json={"name": "ours"}).raise_for_status()
        assert other.get(f"{running.url}/_emulator/accounts/ours").status_code == 200, (
            "a temporary store, too, is one"
        )
        children = running.parent.children(recursive=True)
        running.process.send_signal(number)
        stdout, stderr = running.process.communicate(timeout=TIMEOUT_SECONDS)
    assert (running.process.returncode, stderr) == (0, "")
    assert "Playhead listens" not in stdout, "it is said once"
    assert wait_until(lambda: not any(is_alive(child) for child in children)), (
        "the last ones end a moment after the one that started them"
    )
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_at_a_terminal_reaches_them_all_and_they_end(tmp_path: Path) -> None:
    with start_workers(2, TMPDIR=str(tmp_path)) as running, ExitStack() as stack:
        children = running.connect_to_each(stack, 2)
        for pid in (*children, running.process.pid):
            os.kill(pid, signal.SIGINT)
        _, stderr = running.process.communicate(timeout=TIMEOUT_SECONDS)
    assert (running.process.returncode, stderr, list(tmp_path.iterdir())) == (0, "", [])


def test_what_was_answered_last_is_noted_before_they_end(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/store.db"
    with start_workers(2, f"--store={store}") as running, ExitStack() as stack:
        for client in running.connect_to_each(stack, 2).values():
            client.get(f"{running.url}{STATS}", headers={"Authorization": "Bearer noted"})
        running.process.terminate()
        running.process.communicate(timeout=TIMEOUT_SECONDS)
    with Server(store=store, scenario="empty", now=NOW_TEXT) as server:
        assert server.client.account("noted").count() == 2


def test_who_waits_for_requests_does_not_keep_them_from_ending() -> None:
    with (
        start_workers(2) as running,
        Client(running.url) as client,
        ThreadPoolExecutor(1) as threads,
    ):
        account = client.create()
        following = account.follow()
        httpx.get(f"{running.url}{STATS}", headers={"Authorization": f"Bearer {account.key}"})
        assert next(following).path == STATS
        rest = threads.submit(list, following)
        running.process.terminate()
        running.process.communicate(timeout=TIMEOUT_SECONDS)
        assert rest.result(timeout=TIMEOUT_SECONDS) == []


def test_one_that_dies_is_replaced() -> None:
    with start_workers(2) as running, ExitStack() as stack:
        before = running.connect_to_each(stack, 2)
        os.kill(min(before), signal.SIGKILL)
        after = running.connect_to_each(stack, 2)
    assert len(after.keys() & before.keys()) == 1


def test_they_end_when_the_process_that_started_them_is_killed() -> None:
    with start_workers(2) as running, ExitStack() as stack:
        running.connect_to_each(stack, 2)
        children = running.parent.children(recursive=True)
        running.process.kill()
        running.process.communicate(timeout=TIMEOUT_SECONDS)
        wait_until(lambda: not any(is_alive(child) for child in children))
