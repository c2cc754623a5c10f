"""What becomes of an uploaded video:

how long its transcoding takes, and how large its file is. Pure.
"""

from playhead.world.generator.random import random_ints

# kbit/s of a source by the shorter side of its picture, about what cameras and editors write.
_RATES = ((1440, 16_000), (1080, 8_000), (720, 5_000), (480, 2_500), (0, 1_200))


def transcoding_seconds(duration_ms: int) -> int:
    """Seconds from the upload of a video to its last rendition:

    a quarter of its length, and what starting takes.
    """
    return 20 + duration_ms // 4000


def source_bytes(duration_ms: int, *, width: int, height: int, number: int) -> int:
    """The size of a source file: what its picture asks for, give or take a fifth."""
    rate = next(rate for side, rate in _RATES if min(width, height) >= side)
    return (
        duration_ms * rate // 8 * (80 + random_ints(0, "source", number, 1)[0] * 41 // 2**32) // 100
    )
