"""Renditions of a video, and the bytes they take."""

from typing import NamedTuple

from playhead.analytics.catalog import Media

_RENDITIONS = ((1080, 4300), (720, 2000), (480, 1000), (360, 600))  # height, kbit/s


class Rendition(NamedTuple):
    """One of the sizes that a video is transcoded to."""

    height: int
    bitrate: int
    size: int


def renditions(media: Media) -> list[Rendition]:
    """The renditions of a video, up to its own height."""
    return [
        Rendition(height, rate, media.duration_ms * rate // 8)
        for height, rate in _RENDITIONS
        if height <= media.height
    ]


def stored_bytes(media: Media) -> int:
    """What a processed video takes: its source file and its renditions."""
    return media.source_bytes + sum(rendition.size for rendition in renditions(media))
