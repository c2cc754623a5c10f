"""What a client said, and what `stats` says of the same account, asked in-process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playhead import Server
from playhead.analytics import catalog
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.catalog import Media
from playhead.analytics.snapshot import Snapshot, Visibility
from tests.clients.environments import Answer

Answers = Mapping[str, Answer]


def parsed_value(
    answer: Answer, class_name: str
) -> Any:  # Any: the JSON that a client made of what it parsed.
    """What the client made of an answer, which must be an object of that class of its own."""
    assert answer.ok, (
        f"{answer.name}: {answer.error} {answer.status} {answer.message} {answer.body}"
    )
    assert answer.type == class_name, f"{answer.name}: {answer.type}"
    return answer.value


@contextmanager
def open_snapshot(server: Server, key: str, visibility: Visibility) -> Iterator[Snapshot]:
    """The account of a key as a vendor with that sight reads it."""
    account = server.emulator.open_account(key)
    with server.emulator.store.snapshot() as connection:
        yield Snapshot(connection, account, visibility)


def media_titled(snapshot: Snapshot, title: str) -> Media:
    """The media of that title."""
    return next(media for media in catalog.media(snapshot) if media.title == title)


def assigned_ids(snapshot: Snapshot, vendor: str, kind: str, number: int) -> list[str]:
    """The ids that the scenario gave something at a vendor."""
    return AliasResolver(snapshot, vendor).assigned(kind, [number]).get(number, [])
