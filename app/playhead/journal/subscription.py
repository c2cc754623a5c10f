"""Waiting for an account's requests without holding a thread:

for so many of them, or for each as it comes.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool

from playhead.domain.clock import monotonic_seconds
from playhead.journal.entry import JournalFilter, StoredEntry
from playhead.journal.writer import Journal

COALESCE_SECONDS = 0.02  # seconds: what comes together is looked at together
DISCONNECT_CHECK_SECONDS = 5.0  # seconds after which it is seen whether the client is still there
KEEP_ALIVE_SECONDS = 15.0  # seconds of silence
PAGE_SIZE = 500
IsDisconnected = Callable[[], Awaitable[bool]]


class LoopNotifier:
    """Rung on any thread, heard in one event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def notify(self) -> None:
        """Let it be heard."""
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, seconds: float) -> bool:
        """Whether it rang within so many seconds."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        await asyncio.sleep(COALESCE_SECONDS)
        self._event.clear()
        return True


class WaitResult(NamedTuple):
    """What was there when the waiting ended; `ended` when it was the server that ended it."""

    entries: list[StoredEntry]
    is_shutting_down: bool


async def wait(
    journal: Journal,
    filters: JournalFilter,
    *,
    count: int,
    timeout: float,
    is_disconnected: IsDisconnected,
) -> WaitResult:
    """Wait until so many requests are there, the time is over, or nobody waits for them
    any more.
    """
    bell = LoopNotifier()
    until = monotonic_seconds() + timeout
    with journal.subscribe(filters.account, bell.notify):
        while True:
            found = await run_in_threadpool(journal.page, filters, limit=count)
            if len(found) >= count or journal.is_shutting_down:
                return WaitResult(found, journal.is_shutting_down)
            while not await bell.wait(
                min(DISCONNECT_CHECK_SECONDS, max(0.0, until - monotonic_seconds()))
            ):
                if monotonic_seconds() >= until or await is_disconnected():
                    return WaitResult(found, False)


async def follow(
    journal: Journal,
    filters: JournalFilter,
    *,
    is_disconnected: IsDisconnected,
    keep_alive: float = KEEP_ALIVE_SECONDS,
) -> AsyncIterator[StoredEntry | None]:
    """Each request as it comes, those first that are there.

    None after so many seconds in which none came.
    """
    bell = LoopNotifier()
    silent_since = monotonic_seconds()
    with journal.subscribe(filters.account, bell.notify):
        while not (journal.is_shutting_down or await is_disconnected()):
            found = await run_in_threadpool(journal.page, filters, limit=PAGE_SIZE)
            for noted in found:
                yield noted
            if found:
                filters = filters._replace(after=found[-1].id)
                silent_since = monotonic_seconds()
            elif monotonic_seconds() - silent_since >= keep_alive:
                yield None
                silent_since = monotonic_seconds()
            if len(found) < PAGE_SIZE:
                await bell.wait(min(DISCONNECT_CHECK_SECONDS, keep_alive))
