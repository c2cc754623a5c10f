"""From what the control API takes to what is recorded: ids become numbers, descriptions viewers, and what is not said is worked out."""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

from playhead.accounts.arrangement import NewBroadcast, NewMedia, NewViewer, NewViewing
from playhead.accounts.describing import Described, Describing
from playhead.accounts.writing import Overlay
from playhead.control import recording_shapes as shapes
from playhead.control.bodies import Item
from playhead.control.finding import MEDIA, Finder
from playhead.failure import Refusal
from playhead.vendor import Vendor
from playhead.world.generate import stretches_of
from playhead.world.terms import MediaKind, PromptKind
from playhead.world.viewing import Prompt

TOGETHER = 500  # viewings whose addresses are looked up in one query


class Arranging:
    """What is recorded into one overlay, in the order of a body."""

    def __init__(self, overlay: Overlay, vendors: Sequence[Vendor]) -> None:
        self.overlay = overlay
        self.finder = Finder(vendors, overlay.reading, overlay.has, overlay.names.given)
        self.describing = Describing(overlay.connection, overlay.attendance)

    def media(self, items: Iterable[Item[shapes.NewMedia]]) -> list[int]:
        """Record media; their numbers."""
        numbers = []
        for which, new in items:
            with self.overlay.at(which):
                numbers.append(self.overlay.add_media(self._media(new)))
        return numbers

    def broadcasts(self, items: Iterable[Item[shapes.NewBroadcast]]) -> list[tuple[int, NewBroadcast]]:
        """Record runs of live streams; their numbers, and what they were taken for."""
        recorded = []
        for which, new in items:
            with self.overlay.at(which):
                run = NewBroadcast(self.finder.number(("live",), new.media), new.started_at, new.ended_at, new.bitrate, new.height, new.fps)
                recorded.append((self.overlay.add_broadcast(run), run))
        return recorded

    def viewings(self, items: Iterable[Item[shapes.NewViewing]]) -> range:
        """Record viewings; their numbers."""
        first = last = None
        for some in _together(iter(items)):
            self.overlay.attendance.foresee(self._addresses(some))
            for which, new in some:
                with self.overlay.at(which):
                    last = self.overlay.add_viewing(self._viewing(new))
                    first = last if first is None else first
        return range(0) if first is None or last is None else range(first, last + 1)

    def _media(self, new: shapes.NewMedia) -> NewMedia:
        self.finder.check_ids(new.kind, new.ids)
        if new.items and new.kind != "playlist":
            raise Refusal("only a playlist has items")
        return NewMedia(
            title=new.title,
            kind=MediaKind[new.kind],
            duration_ms=0 if new.duration is None else max(1, round(new.duration * 1000)),
            project=None if new.project is None else self.finder.number(("project",), new.project),
            description=new.description,
            released_at=new.released_at,
            client_user_id=new.client_user_id,
            tags=new.tags,
            labels=new.labels,
            items=[self.finder.number(("video",), item) for item in new.items],
            source_bytes=new.source_bytes,
            prompts=[_prompt(prompt, new.duration or 0) for prompt in new.prompts],
            ids=new.ids,
        )

    def _viewing(self, new: shapes.NewViewing) -> NewViewing:
        self.finder.check_ids("viewing", new.ids)
        lasts = new.wait + sum(stop - start + sum(paused) for start, stop, *paused in new.stretches)
        ends = self.overlay.account.now if new.ended_at is None else new.ended_at
        loaded_at = ends - lasts if new.loaded_at is None else new.loaded_at
        return NewViewing(
            media=self.finder.number(MEDIA, new.media),
            viewer=self._viewer(new.viewer),
            loaded_at=loaded_at,
            stretches=stretches_of(loaded_at + new.wait, [tuple(stretch) for stretch in new.stretches]),
            ended_at=new.ended_at,
            page=new.page,
            impression_ms=new.impression_ms,
            converts=[PromptKind[kind] for kind in new.converts],
            labels=new.labels,
            ids=new.ids,
        )

    def _viewer(self, said: str | int | shapes.NewViewer | None) -> NewViewer | int:
        if isinstance(said, str | int):
            return self.finder.number(("viewer",), said)
        if said is None:
            return self.describing.viewer(Described())
        self.finder.check_ids("viewer", said.ids)
        return self.describing.viewer(Described(**vars(said)))

    def _addresses(self, items: Iterable[Item[shapes.NewViewing]]) -> Iterator[int]:
        for _, new in items:
            if isinstance(new.viewer, shapes.NewViewer) and new.viewer.ip is not None:
                with suppress(Refusal):  # said where the viewing is recorded, with its number
                    yield self.overlay.attendance.address(new.viewer.ip)


def _prompt(new: shapes.NewPrompt, duration: float) -> Prompt:
    return Prompt(PromptKind[new.kind], math.ceil(duration) if new.at is None else new.at, new.text, new.url)


def _together(items: Iterator[Item[shapes.NewViewing]]) -> Iterator[list[Item[shapes.NewViewing]]]:
    while some := list(islice(items, TOGETHER)):
        yield some
