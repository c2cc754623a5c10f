"""The journal as a stream of server-sent events."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from playhead import Server
from playhead.journal.entry import JournalFilter, StoredEntry
from playhead.journal.subscription import follow
from tests.worlds import NOW_TEXT, World

VIDEOS = "/streaming/videos"
STREAMS = "/streaming/streams"


class Stream:
    """A stream that was opened: its answer, and its events one by one."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()

    def next(self) -> tuple[int, dict[str, Any]]:
        """The next event: its id and its request."""
        lines = [line for line in self._block() if not line.startswith(":")]
        if not lines:
            return self.next()
        fields = dict(line.split(": ", 1) for line in lines)
        assert sorted(fields) == ["data", "id"]
        return int(fields["id"]), json.loads(fields["data"])

    def _block(self) -> list[str]:
        lines: list[str] = []
        for line in self._lines:
            if not line:
                return lines
            lines.append(line)
        raise EOFError

    def next_path(self) -> str:
        return str(self.next()[1]["path"])


OpenStream = Callable[..., Any]  # Any: a context manager of a Stream


@pytest.fixture
def open_stream(world: World) -> OpenStream:
    """Opens the stream of the test's account."""
    world.account  # noqa: B018  # opens it
    return lambda query="", **headers: stream(world.server, world.key, query, headers)


@contextmanager
def stream(server: Server, key: str, query: str, headers: dict[str, str]) -> Iterator[Stream]:
    url = f"{server.url}/_emulator/accounts/{quote(key, safe='')}/requests/stream{query}"
    with httpx.stream(
        "GET",
        url,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        timeout=30,
    ) as answer:
        yield Stream(answer)


@pytest.fixture
def journal_client(world: World, web: httpx.Client) -> Callable[[str], object]:
    """Asks Gcore, with the test's key."""
    return lambda path: world.get(web, "gcore", path)


def test_it_is_a_stream_of_events(open_stream: OpenStream) -> None:
    with open_stream() as stream:
        assert (stream.answer.status_code, stream.answer.headers["content-type"]) == (
            200,
            "text/event-stream; charset=utf-8",
        )
        assert stream.answer.headers["cache-control"] == "no-store"


def test_what_is_there_comes_first_and_then_each_as_it_comes(
    open_stream: OpenStream, journal_client: Callable[[str], object]
) -> None:
    journal_client(VIDEOS)
    with open_stream() as stream:
        assert stream.next_path() == VIDEOS
        for path in (STREAMS, VIDEOS, STREAMS):
            journal_client(path)
            assert stream.next_path() == path


def test_an_event_is_the_request_as_the_journal_shows_it(
    open_stream: OpenStream,
    journal_client: Callable[[str], object],
    world: World,
    web: httpx.Client,
) -> None:
    journal_client(f"{VIDEOS}?page=0")
    (request,) = web.get(
        f"{world.server.url}/_emulator/accounts/{quote(world.key, safe='')}/requests"
    ).json()["requests"]
    with open_stream() as stream:
        assert stream.next() == (request["id"], request)


def test_only_the_requests_that_are_wanted_come(
    open_stream: OpenStream, journal_client: Callable[[str], object]
) -> None:
    with open_stream("?operation=streams") as stream:
        for path in (VIDEOS, STREAMS):
            journal_client(path)
        assert stream.next_path() == STREAMS


@pytest.mark.parametrize("name", ["Last-Event-ID", "after"])
def test_it_goes_on_behind_the_last_event_that_the_client_had(
    open_stream: OpenStream, journal_client: Callable[[str], object], name: str
) -> None:
    for path in (VIDEOS, STREAMS):
        journal_client(path)
    with open_stream() as stream:
        id_, _ = stream.next()
    with (
        open_stream("", Last_Event_ID=str(id_))
        if name == "Last-Event-ID"
        else open_stream(f"?after={id_}") as stream
    ):
        assert stream.next_path() == STREAMS


@pytest.mark.parametrize(
    "id_", ["", "abc", "-1", "9" * 19, "9" * 30, "1.5"], ids=lambda text: text[:6]
)
def test_an_id_that_is_none_is_no_reason_to_refuse(
    open_stream: OpenStream, journal_client: Callable[[str], object], id_: str
) -> None:
    journal_client(VIDEOS)
    with open_stream("", Last_Event_ID=id_) as stream:
        assert stream.next_path() == VIDEOS


def test_a_stream_whose_client_left_is_not_written_on(
    open_stream: OpenStream, world: World, journal_client: Callable[[str], object]
) -> None:
    journal = world.server.emulator.journal
    with open_stream() as stream:
        journal_client(VIDEOS)
        stream.next()
        assert journal.has_subscribers
    asyncio.run(wait_until_no_listeners(world.server))


async def wait_until_no_listeners(server: Server) -> None:
    async with asyncio.timeout(20):
        while server.emulator.journal.has_subscribers:
            await asyncio.sleep(0.01)


def test_it_ends_with_the_server(key: str) -> None:
    server = Server(scenario="empty", now=NOW_TEXT).start()
    server.emulator.open_account(key)
    with stream(server, key, "", {}) as opened:
        opened.answer.iter_lines()
        server.stop()
        with pytest.raises(EOFError):
            opened.next()


def test_silence_is_broken_now_and_then(world: World) -> None:
    async def first() -> StoredEntry | None:
        asking = JournalFilter(world.account.id)
        async for noted in follow(
            world.server.emulator.journal, asking, is_disconnected=there, keep_alive=0.01
        ):
            return noted
        raise EOFError

    async def there() -> bool:
        return False

    assert asyncio.run(first()) is None
