"""Recording session: media, broadcasts, viewers and viewings of one account, in one transaction."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple, Self

from sqlalchemy import Connection, Table, func, select, update

from playhead.accounts.repository import AccountRow, account_from_row
from playhead.accounts.service import create_overlay, get_writable_for_update, mark_modified
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.domain.account import Account
from playhead.domain.clock import DAY, Clock, parse_instant, utc_datetime
from playhead.domain.errors import UserError
from playhead.domain.media import LAST_DAY, MediaKind, PromptKind
from playhead.domain.playback import PlayedRange, Prompt, prompt_displays
from playhead.recording.aliases import AliasRegistry, aliases_of
from playhead.recording.inputs import ItemError, NewBroadcast, NewMedia, NewViewer, NewViewing
from playhead.recording.viewer_index import ViewerIndex, ViewerRef
from playhead.storage import tables
from playhead.storage.database import Row, Store, bulk_insert
from playhead.storage.tables import NUMBER_BITS, NUMBER_MASK, OVERLAY_BIT
from playhead.world.fact_rows import FactRows
from playhead.world.generator import transcoding
from playhead.world.generator.audience import Viewer
from playhead.world.generator.days import (
    PlayerLoad,
    add_conversions,
    add_viewing,
    prompts_column,
    viewer_row,
)
from playhead.world.provisioning import insert_facts

BATCH_SIZE = 2000  # viewings whose rows are kept before they are inserted
MIN_INSTANT = parse_instant("2000-01-01")
ALL_VISIBLE = Visibility(frozenset(MediaKind))


class MediaRef(NamedTuple):
    """A media as viewings of it need it: `seconds` are 0 of a live stream."""

    kind: MediaKind
    seconds: int
    prompts: tuple[Prompt, ...]


@contextmanager
def recording_session(store: Store, name: str, clock: Clock) -> Iterator["RecordingSession"]:
    """Open an account for recording; the block is all or nothing. Raises NotFoundError."""
    with store.transaction() as connection:
        overlay = RecordingSession.open(connection, name, clock)
        yield overlay
        overlay.flush()


class RecordingSession:
    """A unit of work: everything recorded into an account's overlay in one transaction."""

    def __init__(self, connection: Connection, account: Account) -> None:
        assert account.overlay is not None
        self.connection = connection
        self.account = account
        self.anchor = account.anchor
        self.base = account.world
        self.world = account.overlay
        self.label = ""
        self.viewer_index = ViewerIndex(connection, account.worlds)
        self.aliases = AliasRegistry(connection, account.worlds)
        self._next_numbers: dict[Table, int] = {}
        self._media: dict[int, MediaRef | None] = {}
        self._numbers_cache: dict[Table, frozenset[int]] = {}
        self._fact_rows = FactRows.empty()
        self._viewer_rows: list[Row] = []
        self._page_rows: list[Row] = []

    def add_project(
        self, title: str, description: str, created_at: int, *, number: int | None = None
    ) -> int:
        """Record a project."""
        number = self.allocate_number(tables.projects, number)
        bulk_insert(
            self.connection,
            tables.projects,
            [(self.row_id(number), self.world, title, description, self.to_world_time(created_at))],
        )
        return number

    def add_media(self, new: NewMedia, *, number: int | None = None) -> int:
        """Record a media; its number."""
        if (new.kind is MediaKind.live) == bool(
            new.duration_ms
        ) and new.kind is not MediaKind.playlist:
            raise UserError("a video has a duration, a live stream has none")
        if new.project is not None and not self.has("project", new.project):
            raise UserError(f"there is no project of number {new.project}")
        if missing := [item for item in new.items if not self.has("video", item)]:
            raise UserError(f"there is no video of number {missing[0]}")
        number = self.allocate_number(tables.media, number)
        released = (
            MIN_INSTANT - self.anchor
            if new.released_at is None
            else self.to_world_time(new.released_at)
        )
        project = self._default_project() if new.project is None else new.project
        texts = [
            json.dumps(value, ensure_ascii=False)
            for value in (list(new.tags), list(map(list, new.labels.items())), list(new.items))
        ]
        shape = (new.duration_ms or self._total_duration_ms(new.items), 1920, 1080)
        head = (
            self.row_id(number),
            self.world,
            self.row_id(project),
            new.kind.value,
            new.title,
            new.description,
        )
        # What is recorded is ready at once: nobody waits for a transcoder that there is not.
        tail = (
            released,
            new.client_user_id,
            *texts,
            released,
            self._source_bytes(new, number),
            prompts_column(self._prompts(new)),
        )
        bulk_insert(self.connection, tables.media, [(*head, *shape, *tail)])
        self._media.pop(number, None)
        self.aliases.assign(self.label, new.kind.name, new.ids, number)
        return number

    def _source_bytes(self, new: NewMedia, number: int) -> int:
        """The size of a video's file: what was said, or what its length suggests."""
        if new.kind is not MediaKind.video:
            return 0
        return new.source_bytes or transcoding.source_bytes(
            new.duration_ms, width=1920, height=1080, number=number
        )

    def _prompts(self, new: NewMedia) -> tuple[Prompt, ...]:
        """What is shown over a video, none of it after the end; raises Refusal."""
        if new.kind is not MediaKind.video and (new.prompts or new.source_bytes):
            raise UserError("only a video has a source file, and prompts over it")
        return tuple(
            prompt._replace(at=min(prompt.at, -(-new.duration_ms // 1000)))
            for prompt in new.prompts
        )

    def _total_duration_ms(self, items: Sequence[int]) -> int:
        lengths = {item: self._row(tables.media, item) for item in items}
        return sum(row.duration_ms for item in items if (row := lengths[item]) is not None)

    def _default_project(self) -> int:
        """The project of what is recorded without one:

        the first there is, made where there is none.
        """
        projects = tables.projects
        mine = select(func.min(projects.c.id))
        for world in (self.base, self.world):
            if (
                first := self.connection.execute(mine.where(projects.c.world == world)).scalar()
            ) is not None:
                return int(first) & NUMBER_MASK
        return self.add_project("Recorded", "", MIN_INSTANT)

    def add_broadcast(self, new: NewBroadcast, *, number: int | None = None) -> int:
        """Record a run of a live stream; its number."""
        if new.ended_at <= new.started_at:
            raise UserError("it ends before it starts")
        if not self.has("live", new.media):
            raise UserError(f"there is no live stream of number {new.media}")
        times = (self.to_world_time(new.started_at), self.to_world_time(new.ended_at))
        number = self.allocate_number(tables.broadcasts, number)
        self._fact_rows.broadcasts.append(
            (
                self.row_id(number),
                self.world,
                self.row_id(new.media),
                *times,
                new.bitrate,
                new.height,
                new.fps,
            )
        )
        return number

    def add_viewing(self, new: NewViewing, *, number: int | None = None) -> int:
        """Record a viewing; its number."""
        media = self.media(new.media)
        if media is None:
            raise UserError(f"there is no media of number {new.media}")
        loaded_at = self.to_world_time(new.loaded_at)
        stretches = self._played_ranges(new, length=media.seconds or None)
        last = max(
            [
                loaded_at,
                *(stretch.started_at + stretch.stop - stretch.start for stretch in stretches),
            ]
        )
        ended_at = last if new.ended_at is None else self.to_world_time(new.ended_at)
        if ended_at < last:
            raise UserError("it ends before its last stretch does")
        self.to_world_time(last + self.anchor)
        viewer = self._get_or_add_viewer(new.viewer)
        number = self.allocate_number(tables.viewings, number)
        whose = (viewer.id, viewer.place, viewer.device, self.page_id(new.page), viewer.ip)
        load = PlayerLoad(
            self.row_id(number),
            self.world,
            self.row_id(new.media),
            media.kind.value,
            *whose,
            loaded_at,
            new.impression_ms,
        )
        add_viewing(
            self._fact_rows,
            load,
            stretches,
            ended_at,
            end=media.seconds if media.kind is MediaKind.video else None,
        )
        self._add_conversions(
            new,
            load,
            prompt_displays(media.prompts, stretches),
            ended_at,
            has_email=viewer.has_email,
        )
        self._fact_rows.labels.extend(
            (load.viewing, name, self.world, value) for name, value in sorted(new.labels.items())
        )
        self.aliases.assign(self.label, "viewing", new.ids, number)
        if len(self._fact_rows.viewings) >= BATCH_SIZE:
            self._insert_rows()
        return number

    def _add_conversions(
        self,
        new: NewViewing,
        load: PlayerLoad,
        prompts: Sequence[tuple[int, Prompt, int]],
        ended_at: int,
        *,
        has_email: bool,
    ) -> None:
        """Record what was shown to a viewing and acted on; raises Refusal."""
        if missing := set(new.converts) - {prompt.kind for _, prompt, _ in prompts}:
            raise UserError(f"it comes to no {min(missing).name} that it could convert by")
        if PromptKind.form in new.converts and not has_email:
            raise UserError("a form is filled in by viewers who have an e-mail address")
        kinds = {index: prompt.kind for index, prompt, _ in prompts}
        add_conversions(
            self._fact_rows, load, prompts, ended_at, lambda index: kinds[index] in new.converts
        )

    def _played_ranges(self, new: NewViewing, *, length: int | None) -> list[PlayedRange]:
        stretches = [
            PlayedRange(self.to_world_time(began), start, stop) for began, start, stop in new.played
        ]
        free_from = self.to_world_time(new.loaded_at)
        for began, start, stop in stretches:
            if began < free_from or start < 0 or stop <= start:
                raise UserError(
                    "stretches go forward from position 0 or later, one after the other, from the "
                    "load on"
                )
            if length is not None and stop > length:
                raise UserError(f"it goes on after the end of its media, at {length} s")
            free_from = began + stop - start
        return stretches

    def _get_or_add_viewer(self, new: NewViewer | int) -> ViewerRef:
        """The viewer of that number, or with that address and device; made where there is none."""
        if isinstance(new, int):
            known = self.viewer(new)
            if known is None:
                raise UserError(f"there is no viewer of number {new}")
            return known
        known = self.viewer_index.by_ip_and_device(self._parse_address(new), new.device)
        if known is None:
            return self.add_viewer(new)[1]
        for name in aliases_of("viewer", new.ids):
            if self.aliases.number(name) != known.id & NUMBER_MASK:
                raise UserError(
                    f"{new.ip} with device {new.device} is a viewer already, "
                    f"who has not the id {name.id!r}"
                    f" at {name.vendor}"
                )
        return known

    def add_viewer(self, new: NewViewer, *, number: int | None = None) -> tuple[int, ViewerRef]:
        """Record a viewer; its number, and what is known of it."""
        ip = self._parse_address(new)
        if self.viewer_index.by_ip_and_device(ip, new.device):
            raise UserError(f"there is a viewer at {new.ip} with device {new.device} already")
        number = self.allocate_number(tables.viewers, number)
        viewer = Viewer(number, new.name, new.email, ip, new.organisation, new.place, new.device)
        self._viewer_rows.append(viewer_row(self.world << NUMBER_BITS, self.world, viewer))
        known = ViewerRef(self.row_id(number), new.place, new.device, ip, new.email is not None)
        self.viewer_index.add(known)
        self.aliases.assign(self.label, "viewer", new.ids, number)
        return number, known

    def _parse_address(self, new: NewViewer) -> int:
        """The number of a viewer's address.

        Refuses a viewer who is nowhere, on nothing, or at no address.
        """
        for table, number in ((tables.places, new.place), (tables.devices, new.device)):
            if number not in self.known_numbers(table):
                raise UserError(f"there is no {table.name.removesuffix('s')} of number {number}")
        return self.viewer_index.parse_address(new.ip)

    def page_id(self, url: str | None) -> int:
        """The packed id of the page of a URL; made where there is none."""
        return self.page_ids[url] if url in self.page_ids else self.row_id(self.add_page(url))

    @cached_property
    def page_ids(self) -> dict[str | None, int]:
        """The packed ids of the pages that there are, by URL."""
        pages = tables.pages.c
        rows = self.connection.execute(
            select(pages.url, pages.id)
            .where(pages.world.in_((self.base, self.world)))
            .order_by(pages.id.desc())
        )
        return {row.url: row.id for row in rows}

    def add_page(self, url: str | None, *, number: int | None = None) -> int:
        """Record a page; its number."""
        if url in self.page_ids:
            raise UserError(f"there is a page {url!r} already")
        number = self.allocate_number(tables.pages, number)
        self._page_rows.append((self.row_id(number), self.world, url, None, None, None, None, None))
        self.page_ids[url] = self.row_id(number)
        return number

    def flush(self) -> None:
        """Insert what is kept, and note how many viewings were ever recorded; raises Unfit."""
        self._insert_rows()
        self.aliases.write()
        worlds = tables.worlds
        ever = self.peek_number(tables.viewings) - OVERLAY_BIT
        self.connection.execute(update(worlds).where(worlds.c.id == self.world).values(size=ever))

    def _insert_rows(self) -> None:
        insert_facts(self.connection, self.world, self._fact_rows)
        bulk_insert(self.connection, tables.viewers, self._viewer_rows)
        bulk_insert(self.connection, tables.pages, self._page_rows)
        for kept in (*self._fact_rows, self._viewer_rows, self._page_rows):
            kept.clear()

    @classmethod
    def open(cls, connection: Connection, name: str, clock: Clock) -> Self:
        """The overlay of an account, which nobody else writes to until the transaction ends.

        Raises Missing.
        """
        row = get_writable_for_update(connection, name)
        mark_modified(connection, row.id)
        account = account_from_row(row, clock)
        return cls(
            connection,
            account
            if row.overlay is not None
            else replace(account, overlay=create_overlay(connection, row.id)),
        )

    @property
    def snapshot(self) -> Snapshot:
        """What the account holds, with what was recorded in this transaction but is not written yet
        left out.
        """
        return Snapshot(self.connection, self.account, ALL_VISIBLE)

    @contextmanager
    def item(self, label: str) -> Iterator[None]:
        """While one of several things is recorded: a Refusal says of which."""
        self.label = label
        try:
            yield
        except ItemError:
            raise
        except UserError as refusal:
            raise ItemError(label, str(refusal)) from None

    def media(self, number: int) -> MediaRef | None:
        """The media of that number."""
        if number not in self._media:
            self._media[number] = self._read_media(number)
        return self._media[number]

    def has(self, kind: str, number: int) -> bool:
        """Whether there is such a thing: kinds as in `stats.naming`."""
        if kind in MediaKind.__members__:
            media = self.media(number)
            return media is not None and media.kind is MediaKind[kind]
        if kind == "viewer":
            return self.viewer(number) is not None
        return (
            self._row(tables.projects if kind == "project" else tables.viewings, number) is not None
        )

    def viewer(self, number: int) -> ViewerRef | None:
        """The viewer of that number."""
        return None if number >> NUMBER_BITS else self.viewer_index.by_id(self.row_id(number))

    def row_id(self, number: int) -> int:
        """The packed id of a number of either world."""
        return (self.world if number & OVERLAY_BIT else self.base) << NUMBER_BITS | number

    def _read_media(self, number: int) -> MediaRef | None:
        row = self._row(tables.media, number)
        if row is None:
            return None
        prompts = tuple(
            Prompt(PromptKind(kind), at, text, url)
            for kind, at, text, url in json.loads(row.prompts)
        )
        return MediaRef(MediaKind(row.kind), -(-row.duration_ms // 1000), prompts)

    def _row(self, table: Table, number: int) -> AccountRow | None:
        return (
            None
            if number >> NUMBER_BITS
            else self.connection.execute(
                select(table).where(table.c.id == self.row_id(number))
            ).first()
        )

    def known_numbers(self, table: Table) -> frozenset[int]:
        """The numbers of places or devices."""
        if table not in self._numbers_cache:
            self._numbers_cache[table] = frozenset(
                self.connection.execute(select(table.c.number)).scalars()
            )
        return self._numbers_cache[table]

    def peek_number(self, table: Table) -> int:
        """The number of the next thing to record.

        Those of viewings that were deleted never come again.
        """
        if table not in self._next_numbers:
            worlds = tables.worlds.c
            ever = select(OVERLAY_BIT + worlds.size).where(worlds.id == self.world)
            last = select(func.max(table.c.id)).where(table.c.world == self.world)
            found = self.connection.execute(ever if table is tables.viewings else last).scalar()
            self._next_numbers[table] = (
                OVERLAY_BIT
                if found is None
                else (found & NUMBER_MASK) + (table is not tables.viewings)
            )
        return self._next_numbers[table]

    def allocate_number(self, table: Table, number: int | None = None) -> int:
        """A new number: the next, or a given one that comes after all before it."""
        following = self.peek_number(table)
        if number is not None and not following <= number < OVERLAY_BIT << 1:
            raise UserError(f"the number {number} is none of those from {following} on")
        self._next_numbers[table] = (following if number is None else number) + 1
        return self._next_numbers[table] - 1

    def advance_sequence(self, table: Table, number: int) -> None:
        """Let that be the number of the next thing; raises Refusal where there are later ones."""
        if number < self.peek_number(table):
            raise UserError(f"there are more {table.name} than it says")
        self._next_numbers[table] = number

    def to_world_time(self, instant: int) -> int:
        """Seconds from the anchor.

        Raises Refusal for what lies before 2000 or after the world's last day.
        """
        relative = instant - self.anchor
        if instant < MIN_INSTANT or relative >= (LAST_DAY + 1) * DAY:
            raise UserError(
                f"it has an instant before 2000 or after the last day of the account's world, "
                f"{utc_datetime(self.anchor + LAST_DAY * DAY):%Y-%m-%d}"
            )
        return relative
