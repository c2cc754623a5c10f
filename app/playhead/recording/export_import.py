"""Carrying what was recorded from one account into another: a line for each thing, nothing lost."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from ipaddress import IPv4Address
from itertools import islice
from json import dumps, loads
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, Table, select, update

from playhead.accounts import clock as account_clock
from playhead.accounts import overlays
from playhead.accounts.repository import AccountRow, clock_now
from playhead.accounts.service import create_overlay, get_writable_for_update
from playhead.analytics.snapshot import Snapshot, number_of
from playhead.domain.clock import Clock, week_start
from playhead.domain.errors import ConflictError, UserError
from playhead.domain.media import MediaKind, PromptKind
from playhead.domain.playback import PlayedRange, Prompt
from playhead.recording import export_schema
from playhead.recording.inputs import ItemError, NewBroadcast, NewMedia, NewViewer, NewViewing
from playhead.recording.session import RecordingSession
from playhead.storage import tables
from playhead.storage.database import Store
from playhead.storage.tables import NUMBER_BITS, OVERLAY_BIT

BATCH_SIZE = 500  # things that are read in one go
WORLD_IDENTITY_COLUMNS = (
    "scenario",
    "fingerprint",
    "seed",
    "size",
    "version",
)  # what makes a world the same one
Model = TypeVar("Model", bound=BaseModel)
NumberedLines = Iterable[tuple[str, bytes]]  # lines, and what they are called in a refusal


def export_lines(snapshot: Snapshot) -> Iterator[bytes]:
    """The lines of all that was recorded in an account."""
    yield _encode_line(_header(snapshot))
    if snapshot.account.overlay is not None:
        export = _Exporter(snapshot, snapshot.account.overlay)
        for found in (
            export.projects(),
            export.media(),
            export.pages(),
            export.viewers(),
            export.broadcasts(),
            export.viewings(),
        ):
            yield from map(_encode_line, found)


def _encode_line(item: Mapping[str, object]) -> bytes:
    return dumps(item, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _header(snapshot: Snapshot) -> dict[str, object]:
    worlds = tables.worlds.c
    account = snapshot.account
    base = snapshot.rows(
        select(*(worlds[name] for name in WORLD_IDENTITY_COLUMNS)).where(worlds.id == account.world)
    )[0]
    ever = snapshot.rows(select(worlds.size).where(worlds.id == account.overlay))
    named = {
        ("world_version" if name == "version" else name): value
        for name, value in zip(WORLD_IDENTITY_COLUMNS, base, strict=True)
    }
    return {
        "playhead": 1,
        **named,
        "anchor": account.anchor,
        "viewings": ever[0].size if ever else 0,
    }


class _Exporter:
    """What an overlay world holds, table after table, by number."""

    def __init__(self, snapshot: Snapshot, world: int) -> None:
        self.snapshot = snapshot
        self.world = world
        self.anchor = snapshot.account.anchor
        self.ids = self._read_ids()

    def _read_ids(self) -> dict[tuple[str, int], dict[str, list[str]]]:
        aliases = tables.aliases.c
        found = defaultdict[tuple[str, int], dict[str, list[str]]](dict)
        columns = select(aliases.kind, aliases.number, aliases.vendor, aliases.id)
        for row in self.snapshot.rows(
            columns.where(aliases.world == self.world).order_by(aliases.vendor, aliases.id)
        ):
            found[row.kind, row.number].setdefault(row.vendor, []).append(row.id)
        return found

    def _ids_of(self, kind: str, row: AccountRow) -> dict[str, list[str]]:
        return self.ids.get((kind, number_of(row.id)), {})

    def _rows(self, table: Table) -> Iterator[AccountRow]:
        """The rows of a table by number, some at a time."""
        first = self.world << NUMBER_BITS
        beyond = self.world + 1 << NUMBER_BITS
        while some := self.snapshot.rows(
            select(table)
            .where(table.c.id >= first, table.c.id < beyond)
            .order_by(table.c.id)
            .limit(BATCH_SIZE)
        ):
            yield from some
            first = some[-1].id + 1

    def projects(self) -> Iterator[dict[str, object]]:
        for row in self._rows(tables.projects):
            what = {
                "title": row.title,
                "description": row.description,
                "created_at": row.created_at + self.anchor,
            }
            yield {"project": {"number": number_of(row.id), **what}}

    def media(self) -> Iterator[dict[str, object]]:
        for row in self._rows(tables.media):
            kind = MediaKind(row.kind).name
            yield {
                "media": {
                    "number": number_of(row.id),
                    "title": row.title,
                    "kind": kind,
                    "duration_ms": row.duration_ms,
                    "project": number_of(row.project),
                    "description": row.description,
                    "released_at": row.released_at + self.anchor,
                    "client_user_id": row.client_user_id,
                    "tags": loads(row.tags),
                    "labels": dict(loads(row.labels)),
                    "items": loads(row.items),
                    "source_bytes": row.source_bytes or None,
                    "prompts": [
                        {"kind": PromptKind(kind).name, "at": at, "text": text, "url": url}
                        for kind, at, text, url in loads(row.prompts)
                    ],
                    "ids": self._ids_of(kind, row),
                }
            }

    def pages(self) -> Iterator[dict[str, object]]:
        for row in self._rows(tables.pages):
            yield {"page": {"number": number_of(row.id), "url": row.url}}

    def viewers(self) -> Iterator[dict[str, object]]:
        for row in self._rows(tables.viewers):
            who = {
                "name": row.name,
                "email": row.email,
                "organisation": row.organisation,
                "ids": self._ids_of("viewer", row),
            }
            yield {
                "viewer": {
                    "number": number_of(row.id),
                    "ip": str(IPv4Address(row.ip)),
                    "device": row.device,
                    "place": row.place,
                    **who,
                }
            }

    def broadcasts(self) -> Iterator[dict[str, object]]:
        for row in self._rows(tables.broadcasts):
            times = {
                "started_at": row.started_at + self.anchor,
                "ended_at": row.ended_at + self.anchor,
            }
            how = {"bitrate": row.bitrate, "height": row.height, "fps": row.fps}
            yield {
                "broadcast": {
                    "number": number_of(row.id),
                    "media": number_of(row.media),
                    **times,
                    **how,
                }
            }

    def viewings(self) -> Iterator[dict[str, object]]:
        some: list[AccountRow] = []
        for row in self._rows(tables.viewings):
            some.append(row)
            if len(some) == BATCH_SIZE:
                yield from self._viewings(some)
                some = []
        yield from self._viewings(some)

    def _viewings(self, rows: Sequence[AccountRow]) -> Iterator[dict[str, object]]:
        stretches = self._played_ranges(rows)
        labels = self._labels(rows)
        urls = self._urls(rows)
        converts = self._converts(rows)
        for row in rows:
            yield {
                "viewing": {
                    "number": number_of(row.id),
                    "media": number_of(row.media),
                    "viewer": number_of(row.viewer),
                    "loaded_at": row.loaded_at + self.anchor,
                    "played": stretches.get(row.id, []),
                    "ended_at": row.ended_at + self.anchor,
                    "page": urls[row.page],
                    "impression_ms": row.impression_ms,
                    "converts": converts.get(row.id, []),
                    "labels": labels.get(row.id, {}),
                    "ids": self._ids_of("viewing", row),
                }
            }

    def _played_ranges(self, rows: Sequence[AccountRow]) -> dict[int, list[list[int]]]:
        table = tables.played_ranges
        found = defaultdict[int, list[list[int]]](list)
        ids = [row.id for row in rows]
        for row in self.snapshot.rows(
            select(table).where(table.c.viewing.in_(ids)).order_by(table.c.viewing, table.c.ordinal)
        ):
            found[row.viewing].append(
                [row.started_at + self.anchor, row.start_position, row.stop_position]
            )
        return found

    def _labels(self, rows: Sequence[AccountRow]) -> dict[int, dict[str, str]]:
        table = tables.viewing_labels
        found = defaultdict[int, dict[str, str]](dict)
        ids = [row.id for row in rows]
        for row in self.snapshot.rows(
            select(table).where(table.c.viewing.in_(ids)).order_by(table.c.viewing, table.c.name)
        ):
            found[row.viewing][row.name] = row.value
        return found

    def _converts(self, rows: Sequence[AccountRow]) -> dict[int, list[str]]:
        table = tables.conversions
        found = defaultdict[int, list[str]](list)
        ids = [row.id for row in rows]
        kinds = (
            select(table.c.viewing, table.c.kind)
            .where(table.c.viewing.in_(ids), table.c.converted_at.is_not(None))
            .distinct()
        )
        for viewing, kind in self.snapshot.rows(kinds.order_by(table.c.viewing, table.c.kind)):
            found[viewing].append(PromptKind(kind).name)
        return found

    def _urls(self, rows: Sequence[AccountRow]) -> dict[int, str | None]:
        pages = tables.pages.c
        return {
            row.id: row.url
            for row in self.snapshot.rows(
                select(pages.id, pages.url).where(pages.id.in_({row.page for row in rows}))
            )
        }


def import_(store: Store, name: str, clock: Clock, numbered_lines: NumberedLines) -> int:
    """Record what was exported, all or nothing.

    How many things. Raises Unfit with the bad line, and Conflict where the account is not as it was
    there.
    """
    remaining = iter(numbered_lines)
    header = _parse(export_schema.Header, *next(remaining, ("line 1", b"")))
    if week_start(header.anchor) != header.anchor:
        raise ItemError("line 1", "the anchor is no Monday")
    with store.transaction() as connection:
        _prepare(connection, get_writable_for_update(connection, name), header, clock)
        overlay = RecordingSession.open(connection, name, clock)
        count = 0
        for some in _batches(remaining):
            overlay.viewer_index.prefetch(_addresses(overlay, some))
            for which, line in some:
                with overlay.item(which):
                    _add_item(overlay, line)
            count += len(some)
        with overlay.item("line 1"):
            overlay.advance_sequence(tables.viewings, OVERLAY_BIT + header.viewings)
        overlay.flush()
    return count


def _batches(
    numbered_lines: Iterator[tuple[str, bytes]],
) -> Iterator[list[tuple[str, export_schema.ExportLine]]]:
    while some := [
        (which, _parse(export_schema.ExportLine, which, text))
        for which, text in islice(numbered_lines, BATCH_SIZE)
    ]:
        yield some


def _addresses(
    session: RecordingSession, batch: Sequence[tuple[str, export_schema.ExportLine]]
) -> Iterator[int]:
    for _, line in batch:
        if line.viewer is not None:
            with suppress(UserError):  # said where the viewer is recorded, with its line
                yield session.viewer_index.parse_address(line.viewer.ip)


def _parse(model: type[Model], label: str, text: bytes) -> Model:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ItemError(label, f"{where}: {first['msg']}" if where else first["msg"]) from None


def _prepare(
    connection: Connection, row: AccountRow, header: export_schema.Header, clock: Clock
) -> None:
    """Empty the account's overlay and move its world to the header's week; raises Conflict."""
    if row.overlay is not None and not overlays.is_empty(connection, row.overlay):
        raise ConflictError(
            "there is something recorded in the account: import into another, or reset it"
        )
    worlds = tables.worlds.c
    base = tuple(
        connection.execute(
            select(*(worlds[name] for name in WORLD_IDENTITY_COLUMNS)).where(worlds.id == row.world)
        ).one()
    )
    wanted = (header.scenario, header.fingerprint, header.seed, header.size, header.world_version)
    if base[1:] != wanted[1:]:
        theirs, ours = (
            dict(
                zip(
                    ("scenario", "fingerprint", "seed", "size", "world version"), world, strict=True
                )
            )
            for world in (wanted, base)
        )
        raise ConflictError(
            f"it was exported from another world ({_describe_world(theirs)}) than the "
            f"account's ({_describe_world(ours)})"
        )
    try:
        account_clock.validate_now(clock_now(row.clock, row.clock_seconds, clock), header.anchor)
    except UserError as refusal:
        raise ConflictError(
            f"the world of the export does not go with the account's clock: {refusal}"
        ) from None
    if row.overlay is not None:
        overlays.drop(connection, row.overlay)
    create_overlay(connection, row.id)
    connection.execute(
        update(tables.accounts).where(tables.accounts.c.id == row.id).values(anchor=header.anchor)
    )


def _describe_world(world: Mapping[str, Any]) -> str:  # Any: names and numbers
    return ", ".join(f"{name} {str(value)[:16]}" for name, value in world.items())


def _add_item(session: RecordingSession, line: export_schema.ExportLine) -> None:
    match line.item:
        case export_schema.Project() as new:
            session.add_project(new.title, new.description, new.created_at, number=new.number)
        case export_schema.Media() as new:
            prompts = [
                Prompt(PromptKind[prompt.kind], prompt.at, prompt.text, prompt.url)
                for prompt in new.prompts
            ]
            media = NewMedia(**{**_fields(new), "kind": MediaKind[new.kind], "prompts": prompts})
            session.add_media(media, number=new.number)
        case export_schema.Page() as new:
            session.add_page(new.url, number=new.number)
        case export_schema.Viewer() as new:
            session.add_viewer(NewViewer(**_fields(new)), number=new.number)
        case export_schema.Broadcast() as new:
            session.add_broadcast(NewBroadcast(**_fields(new)), number=new.number)
        case export_schema.Viewing() as new:
            stretches = [PlayedRange(*stretch) for stretch in new.played]
            converts = [PromptKind[kind] for kind in new.converts]
            session.add_viewing(
                NewViewing(**{**_fields(new), "played": stretches, "converts": converts}),
                number=new.number,
            )


def _fields(model: BaseModel) -> dict[str, Any]:  # Any: what the fields hold
    return {name: getattr(model, name) for name in type(model).model_fields if name != "number"}
