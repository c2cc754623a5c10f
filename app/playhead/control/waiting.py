"""Waiting for an account's requests without holding a thread: for so many of them, or for each as it comes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool

from playhead.accounts.entries import Asking, Noted
from playhead.accounts.journal import Journal
from playhead.clock import stopwatch

SOON = 0.02  # seconds: what comes together is looked at together
LOOK_UP = 5.0  # seconds after which it is seen whether the client is still there
KEEP_ALIVE = 15.0  # seconds of silence
PAGE = 500
Gone = Callable[[], Awaitable[bool]]


class Bell:
    """Rung on any thread, heard in one event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Let it be heard."""
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._rung.set)

    async def heard(self, seconds: float) -> bool:
        """Whether it rang within so many seconds."""
        try:
            await asyncio.wait_for(self._rung.wait(), seconds)
        except TimeoutError:
            return False
        await asyncio.sleep(SOON)
        self._rung.clear()
        return True


class Waited(NamedTuple):
    """What was there when the waiting ended; `ended` when it was the server that ended it."""

    found: list[Noted]
    ended: bool


async def wait(journal: Journal, asking: Asking, *, count: int, timeout: float, gone: Gone) -> Waited:
    """Wait until so many requests are there, the time is over, or nobody waits for them any more."""
    bell, until = Bell(), stopwatch() + timeout
    with journal.watched(asking.account, bell.ring):
        while True:
            found = await run_in_threadpool(journal.page, asking, limit=count)
            if len(found) >= count or journal.left:
                return Waited(found, journal.left)
            while not await bell.heard(min(LOOK_UP, max(0.0, until - stopwatch()))):
                if stopwatch() >= until or await gone():
                    return Waited(found, False)


async def follow(journal: Journal, asking: Asking, *, gone: Gone, silence: float = KEEP_ALIVE) -> AsyncIterator[Noted | None]:
    """Each request as it comes, those first that are there; None after so many seconds in which none came."""
    bell, silent_since = Bell(), stopwatch()
    with journal.watched(asking.account, bell.ring):
        while not (journal.left or await gone()):
            found = await run_in_threadpool(journal.page, asking, limit=PAGE)
            for noted in found:
                yield noted
            if found:
                asking, silent_since = asking._replace(after=found[-1].id), stopwatch()
            elif stopwatch() - silent_since >= silence:
                yield None
                silent_since = stopwatch()
            if len(found) < PAGE:
                await bell.heard(min(LOOK_UP, silence))
