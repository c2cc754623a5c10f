"""What a user arranges:

media, broadcasts, viewers and viewings to record, in instants since 1970 and numbers of the
account's worlds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from playhead.domain.errors import UserError
from playhead.domain.media import MediaKind, PromptKind
from playhead.domain.playback import PlayedRange, Prompt

Ids = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class NewMedia:
    """A media to record; `released_at` in seconds since 1970 (None: as early as can be), `items`
    are numbers of videos.

    A playlist without a duration is as long as its items are together.
    """

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
    source_bytes: int | None = None
    prompts: Sequence[Prompt] = ()
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
    """A viewer to record.

    One whose address and device the account's worlds already pair is that viewer.
    """

    ip: str
    device: int = 0
    place: int = 0
    name: str | None = None
    email: str | None = None
    organisation: str = ""
    ids: Ids = field(default_factory=dict)


@dataclass(frozen=True)
class NewViewing:
    """A viewing to record: whole seconds since 1970; without `ended_at` it ends with its last
    stretch. A viewer that there is has a number.

    It acts on those prompts of its media that it comes to and that are of a kind it `converts` by.
    """

    media: int
    viewer: NewViewer | int
    loaded_at: int
    played: Sequence[PlayedRange] = ()
    ended_at: int | None = None
    page: str | None = None
    impression_ms: int = 250
    converts: Collection[PromptKind] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    ids: Ids = field(default_factory=dict)


class ItemError(UserError):
    """One of several things to record that breaks a rule: which, and the rule."""

    def __init__(self, label: str, reason: str) -> None:
        super().__init__(f"{label}: {reason}")
        self.label = label
        self.reason = reason
