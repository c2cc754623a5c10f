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

from playhead.accounts import clocks, lines, overlays
from playhead.accounts.account import AnyRow, now_of
from playhead.accounts.arrangement import NewBroadcast, NewMedia, NewViewer, NewViewing, Unfit
from playhead.accounts.ground import locked, new_overlay
from playhead.accounts.writing import Overlay
from playhead.clock import Clock, monday_of
from playhead.failure import Conflict, Refusal
from playhead.stats.reading import Reading, number_of
from playhead.store import tables
from playhead.store.store import Store
from playhead.store.tables import NUMBER_BITS, OVERLAY_BIT
from playhead.world.terms import MediaKind, PromptKind
from playhead.world.viewing import Prompt, Stretch

TOGETHER = 500  # things that are read in one go
BASE = ("scenario", "fingerprint", "seed", "size", "version")  # what makes a world the same one
Shape = TypeVar("Shape", bound=BaseModel)
Numbered = Iterable[tuple[str, bytes]]  # lines, and what they are called in a refusal


def exported(reading: Reading) -> Iterator[bytes]:
    """The lines of all that was recorded in an account."""
    yield _line(_header(reading))
    if reading.account.overlay is not None:
        export = _Export(reading, reading.account.overlay)
        for found in (export.projects(), export.media(), export.pages(), export.viewers(), export.broadcasts(), export.viewings()):
            yield from map(_line, found)


def _line(said: Mapping[str, object]) -> bytes:
    return dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _header(reading: Reading) -> dict[str, object]:
    worlds, account = tables.worlds.c, reading.account
    base = reading.rows(select(*(worlds[name] for name in BASE)).where(worlds.id == account.world))[0]
    ever = reading.rows(select(worlds.size).where(worlds.id == account.overlay))
    named = {("world_version" if name == "version" else name): value for name, value in zip(BASE, base, strict=True)}
    return {"playhead": 1, **named, "anchor": account.anchor, "viewings": ever[0].size if ever else 0}


class _Export:
    """What an overlay world holds, table after table, by number."""

    def __init__(self, reading: Reading, world: int) -> None:
        self.reading = reading
        self.world = world
        self.anchor = reading.account.anchor
        self.ids = self._ids()

    def _ids(self) -> dict[tuple[str, int], dict[str, list[str]]]:
        aliases, found = tables.aliases.c, defaultdict[tuple[str, int], dict[str, list[str]]](dict)
        columns = select(aliases.kind, aliases.number, aliases.vendor, aliases.id)
        for row in self.reading.rows(columns.where(aliases.world == self.world).order_by(aliases.vendor, aliases.id)):
            found[row.kind, row.number].setdefault(row.vendor, []).append(row.id)
        return found

    def _of(self, kind: str, row: AnyRow) -> dict[str, list[str]]:
        return self.ids.get((kind, number_of(row.id)), {})

    def _rows(self, table: Table) -> Iterator[AnyRow]:
        """The rows of a table by number, some at a time."""
        first, beyond = self.world << NUMBER_BITS, self.world + 1 << NUMBER_BITS
        while some := self.reading.rows(select(table).where(table.c.id >= first, table.c.id < beyond).order_by(table.c.id).limit(TOGETHER)):
            yield from some
            first = some[-1].id + 1

    def projects(self) -> Iterator[dict[str, object]]:
        for row in self._rows(tables.projects):
            what = {"title": row.title, "description": row.description, "created_at": row.created_at + self.anchor}
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
                    "prompts": [{"kind": PromptKind(kind).name, "at": at, "text": text, "url": url} for kind, at, text, url in loads(row.prompts)],
                    "ids": self._of(kind, row),
                }
            }

    def pages(self) -> Iterator[dict[str, object]]:
        for row in self._rows(tables.pages):
            yield {"page": {"number": number_of(row.id), "url": row.url}}

    def viewers(self) -> Iterator[dict[str, object]]:
        for row in self._rows(tables.viewers):
            who = {"name": row.name, "email": row.email, "organisation": row.organisation, "ids": self._of("viewer", row)}
            yield {"viewer": {"number": number_of(row.id), "ip": str(IPv4Address(row.ip)), "device": row.device, "place": row.place, **who}}

    def broadcasts(self) -> Iterator[dict[str, object]]:
        for row in self._rows(tables.broadcasts):
            times = {"started_at": row.started_at + self.anchor, "ended_at": row.ended_at + self.anchor}
            how = {"bitrate": row.bitrate, "height": row.height, "fps": row.fps}
            yield {"broadcast": {"number": number_of(row.id), "media": number_of(row.media), **times, **how}}

    def viewings(self) -> Iterator[dict[str, object]]:
        some: list[AnyRow] = []
        for row in self._rows(tables.viewings):
            some.append(row)
            if len(some) == TOGETHER:
                yield from self._viewings(some)
                some = []
        yield from self._viewings(some)

    def _viewings(self, rows: Sequence[AnyRow]) -> Iterator[dict[str, object]]:
        stretches, labels, urls, converts = self._stretches(rows), self._labels(rows), self._urls(rows), self._converts(rows)
        for row in rows:
            yield {
                "viewing": {
                    "number": number_of(row.id),
                    "media": number_of(row.media),
                    "viewer": number_of(row.viewer),
                    "loaded_at": row.loaded_at + self.anchor,
                    "stretches": stretches.get(row.id, []),
                    "ended_at": row.ended_at + self.anchor,
                    "page": urls[row.page],
                    "impression_ms": row.impression_ms,
                    "converts": converts.get(row.id, []),
                    "labels": labels.get(row.id, {}),
                    "ids": self._of("viewing", row),
                }
            }

    def _stretches(self, rows: Sequence[AnyRow]) -> dict[int, list[list[int]]]:
        table, found = tables.stretches, defaultdict[int, list[list[int]]](list)
        ids = [row.id for row in rows]
        for row in self.reading.rows(select(table).where(table.c.viewing.in_(ids)).order_by(table.c.viewing, table.c.ordinal)):
            found[row.viewing].append([row.started_at + self.anchor, row.start_position, row.stop_position])
        return found

    def _labels(self, rows: Sequence[AnyRow]) -> dict[int, dict[str, str]]:
        table, found = tables.viewing_labels, defaultdict[int, dict[str, str]](dict)
        ids = [row.id for row in rows]
        for row in self.reading.rows(select(table).where(table.c.viewing.in_(ids)).order_by(table.c.viewing, table.c.name)):
            found[row.viewing][row.name] = row.value
        return found

    def _converts(self, rows: Sequence[AnyRow]) -> dict[int, list[str]]:
        table, found = tables.conversions, defaultdict[int, list[str]](list)
        ids = [row.id for row in rows]
        kinds = select(table.c.viewing, table.c.kind).where(table.c.viewing.in_(ids), table.c.converted_at.is_not(None)).distinct()
        for viewing, kind in self.reading.rows(kinds.order_by(table.c.viewing, table.c.kind)):
            found[viewing].append(PromptKind(kind).name)
        return found

    def _urls(self, rows: Sequence[AnyRow]) -> dict[int, str | None]:
        pages = tables.pages.c
        return {row.id: row.url for row in self.reading.rows(select(pages.id, pages.url).where(pages.id.in_({row.page for row in rows})))}


def import_(store: Store, name: str, clock: Clock, said: Numbered) -> int:
    """Record what was exported, all or nothing; how many things. Raises Unfit with the bad line, and Conflict where the account is not as it was there."""
    remaining = iter(said)
    header = _checked(lines.Header, *next(remaining, ("line 1", b"")))
    if monday_of(header.anchor) != header.anchor:
        raise Unfit("line 1", "the anchor is no Monday")
    with store.change() as connection:
        _prepare(connection, locked(connection, name), header, clock)
        overlay = Overlay.open(connection, name, clock)
        count = 0
        for some in _together(remaining):
            overlay.attendance.foresee(_addresses(overlay, some))
            for which, line in some:
                with overlay.at(which):
                    _add(overlay, line)
            count += len(some)
        with overlay.at("line 1"):
            overlay.skip_to(tables.viewings, OVERLAY_BIT + header.viewings)
        overlay.write()
    return count


def _together(said: Iterator[tuple[str, bytes]]) -> Iterator[list[tuple[str, lines.Line]]]:
    while some := [(which, _checked(lines.Line, which, text)) for which, text in islice(said, TOGETHER)]:
        yield some


def _addresses(overlay: Overlay, some: Sequence[tuple[str, lines.Line]]) -> Iterator[int]:
    for _, line in some:
        if line.viewer is not None:
            with suppress(Refusal):  # said where the viewer is recorded, with its line
                yield overlay.attendance.address(line.viewer.ip)


def _checked(shape: type[Shape], which: str, text: bytes) -> Shape:
    try:
        return shape.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise Unfit(which, f"{where}: {first['msg']}" if where else first["msg"]) from None


def _prepare(connection: Connection, row: AnyRow, header: lines.Header, clock: Clock) -> None:
    """Empty the account's overlay and move its world to the header's week; raises Conflict."""
    if row.overlay is not None and not overlays.is_empty(connection, row.overlay):
        raise Conflict("there is something recorded in the account: import into another, or reset it")
    worlds = tables.worlds.c
    base = tuple(connection.execute(select(*(worlds[name] for name in BASE)).where(worlds.id == row.world)).one())
    wanted = (header.scenario, header.fingerprint, header.seed, header.size, header.world_version)
    if base[1:] != wanted[1:]:
        theirs, ours = (dict(zip(("scenario", "fingerprint", "seed", "size", "world version"), world, strict=True)) for world in (wanted, base))
        raise Conflict(f"it was exported from another world ({_said(theirs)}) than the account's ({_said(ours)})")
    try:
        clocks.check(now_of(row.clock, row.clock_seconds, clock), header.anchor)
    except Refusal as refusal:
        raise Conflict(f"the world of the export does not go with the account's clock: {refusal}") from None
    if row.overlay is not None:
        overlays.drop(connection, row.overlay)
    new_overlay(connection, row.id)
    connection.execute(update(tables.accounts).where(tables.accounts.c.id == row.id).values(anchor=header.anchor))


def _said(world: Mapping[str, Any]) -> str:  # Any: names and numbers
    return ", ".join(f"{name} {str(value)[:16]}" for name, value in world.items())


def _add(overlay: Overlay, line: lines.Line) -> None:
    match line.thing:
        case lines.Project() as new:
            overlay.add_project(new.title, new.description, new.created_at, number=new.number)
        case lines.Media() as new:
            prompts = [Prompt(PromptKind[prompt.kind], prompt.at, prompt.text, prompt.url) for prompt in new.prompts]
            media = NewMedia(**{**_plain(new), "kind": MediaKind[new.kind], "prompts": prompts})
            overlay.add_media(media, number=new.number)
        case lines.Page() as new:
            overlay.add_page(new.url, number=new.number)
        case lines.Viewer() as new:
            overlay.add_viewer(NewViewer(**_plain(new)), number=new.number)
        case lines.Broadcast() as new:
            overlay.add_broadcast(NewBroadcast(**_plain(new)), number=new.number)
        case lines.Viewing() as new:
            stretches = [Stretch(*stretch) for stretch in new.stretches]
            converts = [PromptKind[kind] for kind in new.converts]
            overlay.add_viewing(NewViewing(**{**_plain(new), "stretches": stretches, "converts": converts}), number=new.number)


def _plain(new: BaseModel) -> dict[str, Any]:  # Any: what the fields hold
    return {name: getattr(new, name) for name in type(new).model_fields if name != "number"}
