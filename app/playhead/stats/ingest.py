"""What arrived of broadcasts: the samples that an ingest server took."""

from collections.abc import Iterator

from playhead.stats import library
from playhead.stats.reading import Reading, Window
from playhead.world.ingest import Sample
from playhead.world.ingest import samples as samples_of


def samples(reading: Reading, within: Window, *, media: int) -> Iterator[Sample]:
    """The samples of a live stream that were taken in a window, up to now, oldest first; `at` in seconds since 1970."""
    anchor, end = reading.account.anchor, min(within.end, reading.account.now)
    for run in library.broadcasts(reading).get(media, []):
        if run.started_at >= end or run.ended_at <= within.start:
            continue
        shape = (run.bitrate, run.height, run.fps)
        # By the world's own seconds: what was drawn for a sample must not depend on the anchor.
        for sample in samples_of(run.number, run.started_at - anchor, min(run.ended_at, end) - anchor, *shape, since=within.start - anchor):
            if sample.at + anchor >= within.start:
                yield sample._replace(at=sample.at + anchor)
