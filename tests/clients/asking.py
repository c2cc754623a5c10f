"""What a client said, and what `stats` says of the same account, asked in-process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playhead import Server
from playhead.stats import library
from playhead.stats.library import Media
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading, Sight
from tests.clients.environments import Answer

Answers = Mapping[str, Answer]


def parsed(answer: Answer, kind: str) -> Any:  # Any: the JSON that a client made of what it parsed.
    """What the client made of an answer, which must be an object of that class of its own."""
    assert answer.ok, f"{answer.name}: {answer.error} {answer.status} {answer.message} {answer.body}"
    assert answer.type == kind, f"{answer.name}: {answer.type}"
    return answer.value


@contextmanager
def reading(server: Server, key: str, sight: Sight) -> Iterator[Reading]:
    """The account of a key as a vendor with that sight reads it."""
    account = server.emulator.account(key)
    with server.emulator.store.snapshot() as connection:
        yield Reading(connection, account, sight)


def media_called(stats: Reading, title: str) -> Media:
    """The media of that title."""
    return next(media for media in library.media(stats) if media.title == title)


def given(stats: Reading, vendor: str, kind: str, number: int) -> list[str]:
    """The ids that the scenario gave something at a vendor."""
    return Naming(stats, vendor).given(kind, [number]).get(number, [])
