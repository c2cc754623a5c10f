"""The library as an account sees it:

projects, media, broadcasts, places, and the ids that were fixed.
"""

import json
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select

from playhead.analytics.snapshot import AnyRow, Snapshot, number_of
from playhead.domain.media import MediaKind, PromptKind
from playhead.domain.playback import Prompt
from playhead.storage import tables


class Project(NamedTuple):
    """A folder of media; `created_at` in seconds since 1970."""

    number: int
    title: str
    description: str
    created_at: int


class Media(NamedTuple):
    """A video, live stream or playlist; instants in seconds since 1970, `items` are numbers of
    videos.

    A video was uploaded when it was released, and is ready from `processed_at` on.
    """

    number: int
    project: int
    kind: MediaKind
    title: str
    description: str
    duration_ms: int
    width: int
    height: int
    released_at: int
    client_user_id: int | None
    tags: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    items: tuple[int, ...]
    processed_at: int
    source_bytes: int
    prompts: tuple[Prompt, ...]

    @property
    def seconds(self) -> int:
        """Its length in whole seconds, rounded up: how many positions it has."""
        return -(-self.duration_ms // 1000)


class Broadcast(NamedTuple):
    """One run of a live stream, in seconds since 1970."""

    number: int
    media: int
    started_at: int
    ended_at: int
    bitrate: int
    height: int
    fps: int


class Country(NamedTuple):
    """A country by its ISO 3166-1 alpha-2 code and English short name."""

    code: str
    name: str


def projects(snapshot: Snapshot) -> list[Project]:
    """All projects, by number."""
    table = tables.projects
    anchor = snapshot.account.anchor
    rows = snapshot.rows(select(table).where(table.c.world.in_(snapshot.account.worlds)))
    all_projects = [
        Project(number_of(row.id), row.title, row.description, row.created_at + anchor)
        for row in rows
    ]
    return sorted(all_projects)


def media(snapshot: Snapshot, *, numbers: Collection[int] | None = None) -> list[Media]:
    """The released media that the vendor sees, by number; only those of `numbers` when given."""
    table = tables.media
    statement = select(table).where(
        table.c.world.in_(snapshot.account.worlds),
        table.c.kind.in_(snapshot.visibility.kinds),
        table.c.released_at <= snapshot.now,
    )
    if numbers is not None:
        statement = statement.where(table.c.id.in_(snapshot.row_ids(numbers)))
    return sorted(
        (_media(row, snapshot.account.anchor) for row in snapshot.rows(statement)),
        key=lambda found: found.number,
    )


def _media(row: AnyRow, anchor: int) -> Media:
    return Media(
        number=number_of(row.id),
        project=number_of(row.project),
        kind=MediaKind(row.kind),
        title=row.title,
        description=row.description,
        duration_ms=row.duration_ms,
        width=row.width,
        height=row.height,
        released_at=row.released_at + anchor,
        client_user_id=row.client_user_id,
        tags=tuple(json.loads(row.tags)),
        labels=tuple((name, value) for name, value in json.loads(row.labels)),
        items=tuple(json.loads(row.items)),
        processed_at=row.processed_at + anchor,
        source_bytes=row.source_bytes,
        prompts=tuple(
            Prompt(PromptKind(kind), at, text, url)
            for kind, at, text, url in json.loads(row.prompts)
        ),
    )


def broadcasts(snapshot: Snapshot) -> dict[int, list[Broadcast]]:
    """The broadcasts that have begun, oldest first, by the number of their live stream."""
    table = tables.broadcasts
    anchor = snapshot.account.anchor
    broadcasts_by_media: dict[int, list[Broadcast]] = {}
    for row in snapshot.rows(
        select(table)
        .where(table.c.world.in_(snapshot.account.worlds), table.c.started_at <= snapshot.now)
        .order_by(table.c.started_at, table.c.id)
    ):
        broadcast = Broadcast(
            number_of(row.id),
            number_of(row.media),
            row.started_at + anchor,
            row.ended_at + anchor,
            row.bitrate,
            row.height,
            row.fps,
        )
        broadcasts_by_media.setdefault(broadcast.media, []).append(broadcast)
    return broadcasts_by_media


def countries(snapshot: Snapshot) -> dict[int, Country]:
    """The country of each place, by the place's number."""
    table = tables.places
    return {
        row.number: Country(row.country, row.country_name)
        for row in snapshot.rows(select(table.c.number, table.c.country, table.c.country_name))
    }


def number_of_alias(snapshot: Snapshot, vendor: str, kind: str, text: str) -> int | None:
    """The number of what was given that id at a vendor."""
    if "\0" in text:  # PostgreSQL has no such text
        return None
    table = tables.aliases
    of = (
        table.c.world.in_(snapshot.account.worlds),
        table.c.vendor == vendor,
        table.c.kind == kind,
        table.c.id == text,
    )
    return next((row.number for row in snapshot.rows(select(table.c.number).where(*of))), None)


def aliases(
    snapshot: Snapshot, vendor: str, kind: str, numbers: Collection[int]
) -> dict[int, list[str]]:
    """The ids that things of those numbers were given at a vendor, in the order of their text."""
    table = tables.aliases
    of = (
        table.c.world.in_(snapshot.account.worlds),
        table.c.vendor == vendor,
        table.c.kind == kind,
        table.c.number.in_(numbers),
    )
    ids_by_number: dict[int, list[str]] = {}
    for row in snapshot.rows(select(table.c.number, table.c.id).where(*of).order_by(table.c.id)):
        ids_by_number.setdefault(row.number, []).append(row.id)
    return ids_by_number
