"""From what the control API takes to what is recorded:

ids become numbers, descriptions viewers, and what is not said is worked out.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

from playhead.control.bulk import Item
from playhead.control.id_lookup import MEDIA_KINDS, IdLookup
from playhead.control.schemas import recording as shapes
from playhead.domain.errors import UserError
from playhead.domain.media import MediaKind, PromptKind
from playhead.domain.playback import Prompt
from playhead.gateway.vendor import Vendor
from playhead.recording.inputs import NewBroadcast, NewMedia, NewViewer, NewViewing
from playhead.recording.session import RecordingSession
from playhead.recording.viewer_resolver import ViewerResolver, ViewerSpec
from playhead.world.generator.days import played_ranges_from

BATCH_SIZE = 500  # viewings whose addresses are looked up in one query


class RecordingMapper:
    """What is recorded into one overlay, in the order of a body."""

    def __init__(self, session: RecordingSession, vendors: Sequence[Vendor]) -> None:
        self.session = session
        self.id_lookup = IdLookup(vendors, session.snapshot, session.has, session.aliases.pending)
        self.viewer_resolver = ViewerResolver(session.connection, session.viewer_index)

    def media(self, items: Iterable[Item[shapes.NewMedia]]) -> list[int]:
        """Record media; their numbers."""
        numbers = []
        for which, new in items:
            with self.session.item(which):
                numbers.append(self.session.add_media(self._media(new)))
        return numbers

    def broadcasts(
        self, items: Iterable[Item[shapes.NewBroadcast]]
    ) -> list[tuple[int, NewBroadcast]]:
        """Record runs of live streams; their numbers, and what they were taken for."""
        recorded = []
        for which, new in items:
            with self.session.item(which):
                run = NewBroadcast(
                    self.id_lookup.number(("live",), new.media),
                    new.started_at,
                    new.ended_at,
                    new.bitrate,
                    new.height,
                    new.fps,
                )
                recorded.append((self.session.add_broadcast(run), run))
        return recorded

    def viewings(self, items: Iterable[Item[shapes.NewViewing]]) -> range:
        """Record viewings; their numbers."""
        first = last = None
        for some in _batches(iter(items)):
            self.session.viewer_index.prefetch(self._addresses(some))
            for which, new in some:
                with self.session.item(which):
                    last = self.session.add_viewing(self._viewing(new))
                    first = last if first is None else first
        return range(0) if first is None or last is None else range(first, last + 1)

    def _media(self, new: shapes.NewMedia) -> NewMedia:
        self.id_lookup.check_ids(new.kind, new.ids)
        if new.items and new.kind != "playlist":
            raise UserError("only a playlist has items")
        return NewMedia(
            title=new.title,
            kind=MediaKind[new.kind],
            duration_ms=0 if new.duration is None else max(1, round(new.duration * 1000)),
            project=None
            if new.project is None
            else self.id_lookup.number(("project",), new.project),
            description=new.description,
            released_at=new.released_at,
            client_user_id=new.client_user_id,
            tags=new.tags,
            labels=new.labels,
            items=[self.id_lookup.number(("video",), item) for item in new.items],
            source_bytes=new.source_bytes,
            prompts=[_prompt(prompt, new.duration or 0) for prompt in new.prompts],
            ids=new.ids,
        )

    def _viewing(self, new: shapes.NewViewing) -> NewViewing:
        self.id_lookup.check_ids("viewing", new.ids)
        lasts = new.wait + sum(stop - start + sum(paused) for start, stop, *paused in new.played)
        ends = self.session.account.now if new.ended_at is None else new.ended_at
        loaded_at = ends - lasts if new.loaded_at is None else new.loaded_at
        return NewViewing(
            media=self.id_lookup.number(MEDIA_KINDS, new.media),
            viewer=self._viewer(new.viewer),
            loaded_at=loaded_at,
            played=played_ranges_from(
                loaded_at + new.wait, [tuple(stretch) for stretch in new.played]
            ),
            ended_at=new.ended_at,
            page=new.page,
            impression_ms=new.impression_ms,
            converts=[PromptKind[kind] for kind in new.converts],
            labels=new.labels,
            ids=new.ids,
        )

    def _viewer(self, viewer: str | int | shapes.NewViewer | None) -> NewViewer | int:
        if isinstance(viewer, str | int):
            return self.id_lookup.number(("viewer",), viewer)
        if viewer is None:
            return self.viewer_resolver.resolve(ViewerSpec())
        self.id_lookup.check_ids("viewer", viewer.ids)
        return self.viewer_resolver.resolve(ViewerSpec(**vars(viewer)))

    def _addresses(self, items: Iterable[Item[shapes.NewViewing]]) -> Iterator[int]:
        for _, new in items:
            if isinstance(new.viewer, shapes.NewViewer) and new.viewer.ip is not None:
                with suppress(UserError):  # said where the viewing is recorded, with its number
                    yield self.session.viewer_index.parse_address(new.viewer.ip)


def _prompt(new: shapes.NewPrompt, duration: float) -> Prompt:
    return Prompt(
        PromptKind[new.kind], math.ceil(duration) if new.at is None else new.at, new.text, new.url
    )


def _batches(items: Iterator[Item[shapes.NewViewing]]) -> Iterator[list[Item[shapes.NewViewing]]]:
    while some := list(islice(items, BATCH_SIZE)):
        yield some
