"""Writing to an account's overlay world: media, broadcasts, viewers and viewings, all of one transaction or none."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection, func, select, update

from playhead.accounts.account import Account
from playhead.accounts.arrangement import NewBroadcast, NewMedia, NewViewer, NewViewing
from playhead.accounts.attendance import Known
from playhead.accounts.ground import EARLIEST, Ground
from playhead.accounts.names import names
from playhead.clock import Clock
from playhead.failure import Refusal
from playhead.store import tables
from playhead.store.store import Row, Store, insert
from playhead.store.tables import NUMBER_BITS, NUMBER_MASK, OVERLAY_BIT
from playhead.world import processing
from playhead.world.audience import Viewer
from playhead.world.filling import insert_facts
from playhead.world.generate import Load, add_conversions, add_viewing, prompts_column, viewer_row
from playhead.world.rows import Rows
from playhead.world.terms import MediaKind, PromptKind
from playhead.world.viewing import Prompt, Stretch, shown

TOGETHER = 2000  # viewings whose rows are kept before they are inserted


@contextmanager
def writing(store: Store, name: str, clock: Clock) -> Iterator["Overlay"]:
    """The overlay of the account of that name, open for writing: all that the block does, or nothing of it; raises Missing."""
    with store.change() as connection:
        overlay = Overlay.open(connection, name, clock)
        yield overlay
        overlay.write()


class Overlay(Ground):
    """The overlay world of an account, as far as it is written to."""

    def __init__(self, connection: Connection, account: Account) -> None:
        super().__init__(connection, account)
        self._facts = Rows.none()
        self._viewers: list[Row] = []
        self._new_pages: list[Row] = []

    def add_project(self, title: str, description: str, created_at: int, *, number: int | None = None) -> int:
        """Record a project."""
        number = self.take(tables.projects, number)
        insert(self.connection, tables.projects, [(self.packed(number), self.world, title, description, self.relative(created_at))])
        return number

    def add_media(self, new: NewMedia, *, number: int | None = None) -> int:
        """Record a media; its number."""
        if (new.kind is MediaKind.live) == bool(new.duration_ms) and new.kind is not MediaKind.playlist:
            raise Refusal("a video has a duration, a live stream has none")
        if new.project is not None and not self.has("project", new.project):
            raise Refusal(f"there is no project of number {new.project}")
        if missing := [item for item in new.items if not self.has("video", item)]:
            raise Refusal(f"there is no video of number {missing[0]}")
        number = self.take(tables.media, number)
        released = EARLIEST - self.anchor if new.released_at is None else self.relative(new.released_at)
        project = self._project() if new.project is None else new.project
        texts = [json.dumps(value, ensure_ascii=False) for value in (list(new.tags), list(map(list, new.labels.items())), list(new.items))]
        shape = (new.duration_ms or self._together(new.items), 1920, 1080)
        head = (self.packed(number), self.world, self.packed(project), new.kind.value, new.title, new.description)
        # What is recorded is ready at once: nobody waits for a transcoder that there is not.
        tail = (released, new.client_user_id, *texts, released, self._size(new, number), prompts_column(self._prompts(new)))
        insert(self.connection, tables.media, [(*head, *shape, *tail)])
        self._media.pop(number, None)
        self.names.give(self.which, new.kind.name, new.ids, number)
        return number

    def _size(self, new: NewMedia, number: int) -> int:
        """The size of a video's file: what was said, or what its length suggests."""
        if new.kind is not MediaKind.video:
            return 0
        return new.source_bytes or processing.source_bytes(new.duration_ms, width=1920, height=1080, number=number)

    def _prompts(self, new: NewMedia) -> tuple[Prompt, ...]:
        """What is shown over a video, none of it after the end; raises Refusal."""
        if new.kind is not MediaKind.video and (new.prompts or new.source_bytes):
            raise Refusal("only a video has a source file, and prompts over it")
        return tuple(prompt._replace(at=min(prompt.at, -(-new.duration_ms // 1000))) for prompt in new.prompts)

    def _together(self, items: Sequence[int]) -> int:
        lengths = {item: self._row(tables.media, item) for item in items}
        return sum(row.duration_ms for item in items if (row := lengths[item]) is not None)

    def _project(self) -> int:
        """The project of what is recorded without one: the first there is, made where there is none."""
        projects = tables.projects
        mine = select(func.min(projects.c.id))
        for world in (self.base, self.world):
            if (first := self.connection.execute(mine.where(projects.c.world == world)).scalar()) is not None:
                return int(first) & NUMBER_MASK
        return self.add_project("Recorded", "", EARLIEST)

    def add_broadcast(self, new: NewBroadcast, *, number: int | None = None) -> int:
        """Record a run of a live stream; its number."""
        if new.ended_at <= new.started_at:
            raise Refusal("it ends before it starts")
        if not self.has("live", new.media):
            raise Refusal(f"there is no live stream of number {new.media}")
        times = (self.relative(new.started_at), self.relative(new.ended_at))
        number = self.take(tables.broadcasts, number)
        self._facts.broadcasts.append((self.packed(number), self.world, self.packed(new.media), *times, new.bitrate, new.height, new.fps))
        return number

    def add_viewing(self, new: NewViewing, *, number: int | None = None) -> int:
        """Record a viewing; its number."""
        media = self.media(new.media)
        if media is None:
            raise Refusal(f"there is no media of number {new.media}")
        loaded_at = self.relative(new.loaded_at)
        stretches = self._stretches(new, length=media.seconds or None)
        last = max([loaded_at, *(stretch.started_at + stretch.stop - stretch.start for stretch in stretches)])
        ended_at = last if new.ended_at is None else self.relative(new.ended_at)
        if ended_at < last:
            raise Refusal("it ends before its last stretch does")
        self.relative(last + self.anchor)
        viewer = self._viewer(new.viewer)
        number = self.take(tables.viewings, number)
        whose = (viewer.id, viewer.place, viewer.device, self.page(new.page), viewer.ip)
        load = Load(self.packed(number), self.world, self.packed(new.media), media.kind.value, *whose, loaded_at, new.impression_ms)
        add_viewing(self._facts, load, stretches, ended_at, end=media.seconds if media.kind is MediaKind.video else None)
        self._convert(new, load, shown(media.prompts, stretches), ended_at, known=viewer.known)
        self._facts.labels.extend((load.viewing, name, self.world, value) for name, value in sorted(new.labels.items()))
        self.names.give(self.which, "viewing", new.ids, number)
        if len(self._facts.viewings) >= TOGETHER:
            self._insert()
        return number

    def _convert(self, new: NewViewing, load: Load, prompts: Sequence[tuple[int, Prompt, int]], ended_at: int, *, known: bool) -> None:
        """Record what was shown to a viewing and acted on; raises Refusal."""
        if missing := set(new.converts) - {prompt.kind for _, prompt, _ in prompts}:
            raise Refusal(f"it comes to no {min(missing).name} that it could convert by")
        if PromptKind.form in new.converts and not known:
            raise Refusal("a form is filled in by viewers who have an e-mail address")
        kinds = {index: prompt.kind for index, prompt, _ in prompts}
        add_conversions(self._facts, load, prompts, ended_at, lambda index: kinds[index] in new.converts)

    def _stretches(self, new: NewViewing, *, length: int | None) -> list[Stretch]:
        stretches = [Stretch(self.relative(began), start, stop) for began, start, stop in new.stretches]
        free_from = self.relative(new.loaded_at)
        for began, start, stop in stretches:
            if began < free_from or start < 0 or stop <= start:
                raise Refusal("stretches go forward from position 0 or later, one after the other, from the load on")
            if length is not None and stop > length:
                raise Refusal(f"it goes on after the end of its media, at {length} s")
            free_from = began + stop - start
        return stretches

    def _viewer(self, new: NewViewer | int) -> Known:
        """The viewer of that number, or with that address and device; made where there is none."""
        if isinstance(new, int):
            known = self.viewer(new)
            if known is None:
                raise Refusal(f"there is no viewer of number {new}")
            return known
        known = self.attendance.pair(self._address(new), new.device)
        if known is None:
            return self.add_viewer(new)[1]
        for name in names("viewer", new.ids):
            if self.names.number(name) != known.id & NUMBER_MASK:
                raise Refusal(f"{new.ip} with device {new.device} is a viewer already, who has not the id {name.id!r} at {name.vendor}")
        return known

    def add_viewer(self, new: NewViewer, *, number: int | None = None) -> tuple[int, Known]:
        """Record a viewer; its number, and what is known of it."""
        ip = self._address(new)
        if self.attendance.pair(ip, new.device):
            raise Refusal(f"there is a viewer at {new.ip} with device {new.device} already")
        number = self.take(tables.viewers, number)
        viewer = Viewer(number, new.name, new.email, ip, new.organisation, new.place, new.device)
        self._viewers.append(viewer_row(self.world << NUMBER_BITS, self.world, viewer))
        known = Known(self.packed(number), new.place, new.device, ip, new.email is not None)
        self.attendance.add(known)
        self.names.give(self.which, "viewer", new.ids, number)
        return number, known

    def _address(self, new: NewViewer) -> int:
        """The number of a viewer's address; refuses a viewer who is nowhere, on nothing, or at no address."""
        for table, number in ((tables.places, new.place), (tables.devices, new.device)):
            if number not in self.numbers(table):
                raise Refusal(f"there is no {table.name.removesuffix('s')} of number {number}")
        return self.attendance.address(new.ip)

    def page(self, url: str | None) -> int:
        """The packed id of the page of a URL; made where there is none."""
        return self.pages[url] if url in self.pages else self.packed(self.add_page(url))

    @cached_property
    def pages(self) -> dict[str | None, int]:
        """The packed ids of the pages that there are, by URL."""
        pages = tables.pages.c
        rows = self.connection.execute(select(pages.url, pages.id).where(pages.world.in_((self.base, self.world))).order_by(pages.id.desc()))
        return {row.url: row.id for row in rows}

    def add_page(self, url: str | None, *, number: int | None = None) -> int:
        """Record a page; its number."""
        if url in self.pages:
            raise Refusal(f"there is a page {url!r} already")
        number = self.take(tables.pages, number)
        self._new_pages.append((self.packed(number), self.world, url, None, None, None, None, None))
        self.pages[url] = self.packed(number)
        return number

    def write(self) -> None:
        """Insert what is kept, and note how many viewings were ever recorded; raises Unfit."""
        self._insert()
        self.names.write()
        worlds = tables.worlds
        ever = self.next(tables.viewings) - OVERLAY_BIT
        self.connection.execute(update(worlds).where(worlds.c.id == self.world).values(size=ever))

    def _insert(self) -> None:
        insert_facts(self.connection, self.world, self._facts)
        insert(self.connection, tables.viewers, self._viewers)
        insert(self.connection, tables.pages, self._new_pages)
        for kept in (*self._facts, self._viewers, self._new_pages):
            kept.clear()
