"""Recording: media, broadcasts and viewings that a user arranges, written to the account's overlay world."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from sqlalchemy import Connection, Table, func, select, update

from playhead.accounts import overlays
from playhead.accounts.account import Account
from playhead.accounts.opening import touch
from playhead.clock import DAY, instant_of
from playhead.failure import Refusal
from playhead.store import tables
from playhead.store.store import Store, insert
from playhead.store.tables import NUMBER_BITS, NUMBER_MASK, OVERLAY_BIT
from playhead.world.audience import Viewer
from playhead.world.filling import insert_facts
from playhead.world.generate import Load, add_viewing, alias_rows, viewer_row
from playhead.world.rows import Rows
from playhead.world.terms import LAST_DAY, MediaKind
from playhead.world.viewing import Stretch

EARLIEST = instant_of("2000-01-01")
Ids = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class NewMedia:
    """A media to record; `released_at` in seconds since 1970 (None: as early as can be), `items` are numbers of videos."""

    title: str
    kind: MediaKind = MediaKind.video
    duration_ms: int = 0
    project: int | None = None
    description: str = ""
    released_at: int | None = None
    client_user_id: int | None = None
    tags: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    items: Sequence[int] = ()
    ids: Ids = field(default_factory=dict)


@dataclass(frozen=True)
class NewBroadcast:
    """A run of a live stream to record, in seconds since 1970."""

    media: int
    started_at: int
    ended_at: int
    bitrate: int = 4500
    height: int = 1080
    fps: int = 30


@dataclass(frozen=True)
class NewViewer:
    """A viewer to record; one whose address and device the account's worlds already pair is that viewer."""

    ip: str
    device: int = 0
    place: int = 0
    name: str | None = None
    email: str | None = None
    organisation: str = ""
    ids: Ids = field(default_factory=dict)


@dataclass(frozen=True)
class NewViewing:
    """A viewing to record: whole seconds since 1970; without `ended_at` it ends with its last stretch."""

    media: int
    viewer: NewViewer
    loaded_at: int
    stretches: Sequence[Stretch] = ()
    ended_at: int | None = None
    page: str | None = None
    impression_ms: int = 250
    labels: Mapping[str, str] = field(default_factory=dict)
    ids: Ids = field(default_factory=dict)


class Recording:
    """Writes to one account's overlay; every call is all or nothing."""

    def __init__(self, store: Store, account: Account) -> None:
        self.store = store
        self.name = account.name

    def media(self, media: Sequence[NewMedia]) -> list[int]:
        """Record media; their numbers, in order. Raises Refusal, with the index of the bad one."""
        with self.store.change() as connection:
            overlay = _Overlay(connection, self.name)
            return [overlay.add_media(index, one) for index, one in enumerate(media)]

    def broadcasts(self, broadcasts: Sequence[NewBroadcast]) -> None:
        """Record runs of live streams."""
        with self.store.change() as connection:
            overlay = _Overlay(connection, self.name)
            for index, one in enumerate(broadcasts):
                overlay.add_broadcast(index, one)

    def viewings(self, viewings: Sequence[NewViewing]) -> list[int]:
        """Record viewings; their numbers, in order."""
        with self.store.change() as connection:
            overlay = _Overlay(connection, self.name)
            rows = Rows([], [], [], [])
            numbers = [overlay.add_viewing(index, one, rows) for index, one in enumerate(viewings)]
            insert_facts(connection, overlay.world, rows)
            return numbers


class _Overlay:
    """The overlay world of an account within one transaction; made with the first thing that is recorded."""

    def __init__(self, connection: Connection, name: str) -> None:
        self.connection = connection
        row = connection.execute(select(tables.accounts).where(tables.accounts.c.name == name).with_for_update()).one()
        self.anchor, self.base = row.anchor, row.world
        self.world = row.overlay if row.overlay is not None else self._make(row.id)
        touch(connection, row.id)
        self.next = {table: self._next(table) for table in (tables.media, tables.viewers, tables.pages, tables.viewings, tables.broadcasts)}

    def _make(self, account: int) -> int:
        world = overlays.make(self.connection)
        self.connection.execute(update(tables.accounts).where(tables.accounts.c.id == account).values(overlay=world))
        return world

    def _next(self, table: Table) -> int:
        last = self.connection.execute(select(func.max(table.c.id)).where(table.c.world == self.world)).scalar()
        return OVERLAY_BIT if last is None else (last & NUMBER_MASK) + 1

    def _take(self, table: Table) -> int:
        number = self.next[table]
        self.next[table] += 1
        return number

    def _packed(self, number: int) -> int:
        world: int = self.world if number & OVERLAY_BIT else self.base
        return world << NUMBER_BITS | number

    def _relative(self, instant: int, what: str) -> int:
        relative: int = instant - self.anchor
        if instant < EARLIEST or relative >= (LAST_DAY + 1) * DAY:
            raise Refusal(f"{what}: an instant {instant} lies before 2000 or after the world's last day")
        return relative

    def _alias(self, what: str, kind: str, ids: Ids, number: int) -> None:
        aliases = tables.aliases
        for row in alias_rows(self.world, kind, {vendor: list(texts) for vendor, texts in ids.items()}, number):
            same = (aliases.c.vendor == row[1], aliases.c.kind == kind, aliases.c.id == row[3])
            if self.connection.execute(select(aliases.c.number).where(aliases.c.world.in_((self.base, self.world)), *same)).first():
                raise Refusal(f"{what}: another {kind} has the id {row[3]!r} at {row[1]}")
            insert(self.connection, aliases, [row])

    def add_media(self, index: int, new: NewMedia) -> int:
        what = f"media {index} {new.title!r}"
        if (new.kind is MediaKind.live) == bool(new.duration_ms) and new.kind is not MediaKind.playlist:
            raise Refusal(f"{what}: a video has a duration, a live stream has none")
        if new.project is not None and not self._has(tables.projects, self._packed(new.project)):
            raise Refusal(f"{what}: there is no project of number {new.project}")
        if missing := [item for item in new.items if self._kind(item) != MediaKind.video]:
            raise Refusal(f"{what}: there is no video of number {missing[0]}")
        number = self._take(tables.media)
        released = EARLIEST - self.anchor if new.released_at is None else self._relative(new.released_at, what)
        project = self._project() if new.project is None else new.project
        texts = [json.dumps(value, ensure_ascii=False) for value in (list(new.tags), list(map(list, new.labels.items())), list(new.items))]
        shape = (new.duration_ms, 1920, 1080)
        head = (self._packed(number), self.world, self._packed(project), new.kind.value, new.title, new.description)
        insert(self.connection, tables.media, [(*head, *shape, released, new.client_user_id, *texts)])
        self._alias(what, new.kind.name, new.ids, number)
        return number

    def _project(self) -> int:
        """The project of what is recorded without one: the first there is, made where there is none."""
        projects = tables.projects
        mine = select(func.min(projects.c.id))
        for world in (self.base, self.world):
            if (first := self.connection.execute(mine.where(projects.c.world == world)).scalar()) is not None:
                return int(first) & NUMBER_MASK
        insert(self.connection, projects, [(self._packed(OVERLAY_BIT), self.world, "Recorded", "", EARLIEST - self.anchor)])
        return OVERLAY_BIT

    def add_broadcast(self, index: int, new: NewBroadcast) -> None:
        what = f"broadcast {index}"
        if new.ended_at <= new.started_at:
            raise Refusal(f"{what}: it ends before it starts")
        if self._kind(new.media) != MediaKind.live:
            raise Refusal(f"{what}: there is no live stream of number {new.media}")
        times = (self._relative(new.started_at, what), self._relative(new.ended_at, what))
        row = (self._packed(self._take(tables.broadcasts)), self.world, self._packed(new.media), *times, new.bitrate, new.height, new.fps)
        insert(self.connection, tables.broadcasts, [row])

    def _kind(self, media: int) -> int | None:
        return None if media >> NUMBER_BITS else self.connection.execute(select(tables.media.c.kind).where(tables.media.c.id == self._packed(media))).scalar()

    def _has(self, table: Table, key: int) -> bool:
        return self.connection.execute(select(table.c[0]).where(table.c[0] == key)).first() is not None

    def add_viewing(self, index: int, new: NewViewing, rows: Rows) -> int:
        what = f"viewing {index}"
        media = self._kind(new.media)
        if media is None:
            raise Refusal(f"{what}: there is no media of number {new.media}")
        loaded_at = self._relative(new.loaded_at, what)
        stretches = self._stretches(new, what, length=self._length(new.media))
        viewer, place, device = self._viewer(new.viewer, what)
        last = max([loaded_at, *(stretch.started_at + stretch.stop - stretch.start for stretch in stretches)])
        ended_at = last if new.ended_at is None else self._relative(new.ended_at, what)
        if ended_at < last:
            raise Refusal(f"{what}: it ends before its last stretch does")
        number = self._take(tables.viewings)
        load = Load(
            self._packed(number),
            self.world,
            self._packed(new.media),
            media,
            viewer,
            place,
            device,
            self._page(new.page),
            int(IPv4Address(new.viewer.ip)),
            loaded_at,
            new.impression_ms,
        )
        add_viewing(rows, load, stretches, ended_at)
        rows.labels.extend((load.viewing, name, self.world, value) for name, value in sorted(new.labels.items()))
        self._alias(what, "viewing", new.ids, number)
        return number

    def _stretches(self, new: NewViewing, what: str, *, length: int | None) -> list[Stretch]:
        stretches = [Stretch(self._relative(began, what), start, stop) for began, start, stop in new.stretches]
        free_from = self._relative(new.loaded_at, what)
        for began, start, stop in stretches:
            if began < free_from or start < 0 or stop <= start:
                raise Refusal(f"{what}: stretches go forward from position 0 or later, one after the other, from the load on")
            if length is not None and stop > length:
                raise Refusal(f"{what}: it goes on after the end of its media, at {length} s")
            free_from = began + stop - start
        return stretches

    def _length(self, media: int) -> int | None:
        """How many seconds a media has; None for a live stream."""
        table = tables.media
        return -(-(self.connection.execute(select(table.c.duration_ms).where(table.c.id == self._packed(media))).scalar() or 0) // 1000) or None

    def _viewer(self, new: NewViewer, what: str) -> tuple[int, int, int]:
        """(packed id, place, device) of the viewer with that address and device, made where there is none."""
        viewers, ip = tables.viewers, self._address(new, what)
        pair = select(viewers.c.id, viewers.c.place, viewers.c.device).where(viewers.c.ip == ip, viewers.c.device == new.device)
        for world in (self.base, self.world):
            if row := self.connection.execute(pair.where(viewers.c.world == world)).first():
                return row.id, row.place, row.device
        number = self._take(tables.viewers)
        viewer = Viewer(number, new.name, new.email, ip, new.organisation, new.place, new.device)
        insert(self.connection, viewers, [viewer_row(self.world << NUMBER_BITS, self.world, viewer)])
        self._alias(what, "viewer", new.ids, number)
        return self._packed(number), new.place, new.device

    def _address(self, new: NewViewer, what: str) -> int:
        """The number of a viewer's address; refuses a viewer who is nowhere, on nothing, or at no address."""
        for table, number in ((tables.places, new.place), (tables.devices, new.device)):
            if not self._has(table, number):
                raise Refusal(f"{what}: there is no {table.name.removesuffix('s')} of number {number}")
        try:
            return int(IPv4Address(new.ip))
        except ValueError:
            raise Refusal(f"{what}: {new.ip!r} is no IPv4 address") from None

    def _page(self, url: str | None) -> int:
        pages = tables.pages
        known = select(pages.c.id).where(pages.c.world.in_((self.base, self.world)), pages.c.url == url if url is not None else pages.c.url.is_(None))
        if (found := self.connection.execute(known).scalar()) is not None:
            return int(found)
        number = self._take(pages)
        insert(self.connection, pages, [(self._packed(number), self.world, url, None, None, None)])
        return self._packed(number)
