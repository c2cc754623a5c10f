"""What arrived of broadcasts: the samples that an ingest server took."""

from collections.abc import Iterator

from playhead.analytics import catalog
from playhead.analytics.snapshot import Snapshot
from playhead.domain.time_range import TimeRange
from playhead.world.generator.ingest import Sample
from playhead.world.generator.ingest import samples as samples_of


def samples(snapshot: Snapshot, time_range: TimeRange, *, media: int) -> Iterator[Sample]:
    """The samples of a live stream that were taken in a window, up to now, oldest first.

    `at` in seconds since 1970.
    """
    anchor = snapshot.account.anchor
    end = min(time_range.end, snapshot.account.now)
    for broadcast in catalog.broadcasts(snapshot).get(media, []):
        if broadcast.started_at >= end or broadcast.ended_at <= time_range.start:
            continue
        shape = (broadcast.bitrate, broadcast.height, broadcast.fps)
        # By the world's own seconds: what was drawn for a sample must not depend on the anchor.
        for sample in samples_of(
            broadcast.number,
            broadcast.started_at - anchor,
            min(broadcast.ended_at, end) - anchor,
            *shape,
            since=time_range.start - anchor,
        ):
            if sample.at + anchor >= time_range.start:
                yield sample._replace(at=sample.at + anchor)
