"""Terms of every world:

the kinds of media and of what is shown over them, and the days that a world covers.
"""

from enum import IntEnum

FIRST_DAY = -91
LAST_DAY = 371
PAST_DAYS = -FIRST_DAY


class MediaKind(IntEnum):
    """What a media is; a fact of its row, never read from an id."""

    video = 1
    live = 2
    playlist = 3


class PromptKind(IntEnum):
    """What is shown over a video for its viewer to act on:

    a form to fill in, or a link to follow.
    """

    form = 1
    call_to_action = 2
