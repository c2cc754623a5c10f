"""What recording takes and gives:

media, broadcasts, viewers and viewings as the control API spells them.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from playhead.control.dependencies import Instant
from playhead.control.schemas.accounts import RequestModel
from playhead.recording.export_schema import (
    MAX_LABEL_LENGTH,
    MAX_NAME_LENGTH,
    MAX_VALUE_LENGTH,
    validate_storable,
)

MAX_SECONDS = 86_400  # seconds of a media, and of a pause
MAX_POSITION_SECONDS = 10_000_000  # seconds: no position in a live stream is further


def _validate_vendor_id(text: str) -> str:
    if not text.isprintable() or text != text.strip() or "/" in text:
        raise ValueError("an id is printable, without slashes and without a blank at either end")
    return text


Text = Annotated[str, Field(max_length=10_000), AfterValidator(validate_storable)]
Title = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(validate_storable)]
ShortText = Annotated[str, Field(max_length=MAX_VALUE_LENGTH), AfterValidator(validate_storable)]
NonEmptyText = Annotated[
    str, Field(min_length=1, max_length=500), AfterValidator(validate_storable)
]
VendorId = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_validate_vendor_id)]
PersonName = Annotated[
    str, Field(min_length=1, max_length=MAX_NAME_LENGTH), AfterValidator(validate_storable)
]
Labels = Annotated[
    dict[Annotated[NonEmptyText, Field(max_length=MAX_LABEL_LENGTH)], ShortText],
    Field(max_length=100),
]
Ids = Annotated[
    dict[str, Annotated[list[VendorId], Field(max_length=10)]],
    Field(description="Ids to fix, by vendor; what is given none has one of its own."),
]
Reference = Annotated[
    Annotated[str, Field(min_length=1, max_length=200)] | Annotated[int, Field(ge=0, lt=2**63)],
    Field(
        description=(
            "An id of any vendor's, or the number. Where a vendor has one id for a video, a "
            "live stream and a playlist, it is the first of these."
        )
    ),
]
Seconds = Annotated[int, Field(ge=0, le=MAX_POSITION_SECONDS)]
PlayedRange = Annotated[list[Seconds], Field(min_length=2, max_length=3)]


class StrictRequestModel(RequestModel):
    """A piece of a request in which nothing is taken for something else."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NewPrompt(StrictRequestModel):
    """What is shown over a video for its viewers to act on."""

    kind: Literal["form", "call_to_action"]
    at: Annotated[int, Field(ge=0, le=MAX_SECONDS)] | None = Field(
        None, description="Second of the video; without it the end."
    )
    text: Title = "Learn more"
    url: Annotated[str, Field(max_length=2000), AfterValidator(validate_storable)] | None = Field(
        None, description="Where a call to action leads."
    )


class NewMedia(StrictRequestModel):
    """A media to record."""

    title: Title
    kind: Literal["video", "live", "playlist"] = "video"
    duration: Annotated[float, Field(gt=0, le=MAX_SECONDS, allow_inf_nan=False)] | None = Field(
        None,
        description=(
            "Seconds, with up to three decimals: of a video always, of a live stream never; "
            "a playlist without one is as long as its items."
        ),
    )
    project: Reference | None = Field(
        None, description="The project it is in; without one the account's first."
    )
    description: Text = ""
    released_at: Instant | None = Field(
        None, description="When it appears; without it it was always there."
    )
    client_user_id: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    tags: list[NonEmptyText] = Field(default_factory=list, max_length=100)
    labels: Labels = Field(default_factory=dict)
    items: list[Reference] = Field(
        default_factory=list, max_length=1000, description="Of a playlist: its videos."
    )
    source_bytes: Annotated[int, Field(ge=1, lt=2**50)] | None = Field(
        None, description="Of a video: the size of its file; without it what its length suggests."
    )
    prompts: list[NewPrompt] = Field(
        default_factory=list, max_length=8, description="Of a video: forms and calls to action."
    )
    ids: Ids = Field(default_factory=dict)


class NewBroadcast(StrictRequestModel):
    """A run of a live stream to record."""

    media: Reference
    started_at: Instant
    ended_at: Instant
    bitrate: int = Field(4500, ge=1, le=1_000_000, description="Kilobits a second.")
    height: int = Field(1080, ge=16, le=10_000)
    fps: int = Field(30, ge=1, le=1000)


class NewViewer(StrictRequestModel):
    """A viewer by what is known of it.

    One whose address and device there are already is that viewer, whatever else is said.
    """

    ip: Annotated[str, Field(max_length=100)] | None = Field(
        None,
        description="IPv4; without it the next address of 198.18.0.0/15 at which nobody is.",
        examples=["203.0.113.9"],
    )
    user_agent: Annotated[str, Field(max_length=1000)] | None = Field(
        None,
        description=(
            "Stands for the nearest device of those that Playhead knows; without it Chrome "
            "124 on Windows 11."
        ),
    )
    name: PersonName | None = None
    email: PersonName | None = None
    organisation: ShortText = Field("", description="Who gives the address out.")
    country: Annotated[str, Field(max_length=100)] | None = Field(
        None,
        description=(
            "ISO 3166-1 code or English name. Without it and a city: where others at that "
            "address are, else somewhere that the address decides."
        ),
    )
    city: Annotated[str, Field(max_length=100)] | None = None
    ids: Ids = Field(default_factory=dict)


class NewViewing(StrictRequestModel):
    """A viewing to record."""

    media: Reference
    viewer: Reference | NewViewer | None = Field(
        None, description="Without one: a new viewer of its own."
    )
    loaded_at: Instant | None = Field(
        None,
        description=(
            "From 2000-01-01 to the last day of the account's world; without it so that it "
            "has just ended by the account's clock."
        ),
    )
    wait: Annotated[int, Field(ge=0, le=MAX_SECONDS)] = Field(
        0, description="Seconds from the load to the first play."
    )
    played: list[PlayedRange] = Field(
        default_factory=list,
        max_length=1000,
        description=(
            "What was played, in order, in whole seconds of the media: [from, to], or [from,"
            " to, seconds paused before]. None: it was never played."
        ),
    )
    ended_at: Instant | None = Field(None, description="Without it, when its last stretch ends.")
    page: (
        Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(validate_storable)]
        | None
    ) = Field(
        None,
        description=(
            "URL of the page that it was embedded in; without one it was in an application."
        ),
    )
    converts: list[Literal["form", "call_to_action"]] = Field(
        default_factory=list,
        max_length=2,
        description=(
            "Which prompts of its media it acts on; a form takes a viewer with an e-mail address."
        ),
    )
    labels: Labels = Field(default_factory=dict)
    ids: Ids = Field(default_factory=dict)
    impression_ms: int = Field(
        250, ge=0, le=600_000, description="Milliseconds that the player took to appear."
    )


class Media(BaseModel):
    """A media as it is; ids are in the order in which the vendor prefers them."""

    number: int
    kind: Literal["video", "live", "playlist"]
    title: str
    duration: float = Field(description="Seconds; 0 of a live stream.")
    released_at: Instant
    ids: dict[str, list[str]] = Field(
        description="By vendor; a vendor that does not know the kind is left out."
    )
    recorded: bool = Field(
        description="Whether it was recorded; else it is of the account's world."
    )


class MediaList(BaseModel):
    """Media, by number."""

    media: list[Media]


class Broadcast(BaseModel):
    """A run of a live stream as it was recorded."""

    number: int
    media: int
    started_at: Instant
    ended_at: Instant
    bitrate: int
    height: int
    fps: int


class Broadcasts(BaseModel):
    """Recorded runs, in the order of recording."""

    broadcasts: list[Broadcast]


class Viewing(BaseModel):
    """A viewing as it was recorded."""

    id: str = Field(description="Its number.")
    media: int
    ids: dict[str, list[str]] = Field(
        description="By vendor; one that has no ids for viewings is left out."
    )
    viewer: dict[str, list[str]] = Field(description="Its viewer's ids, by vendor.")
    loaded_at: Instant
    ended_at: Instant
    visible_from: dict[str, Instant] = Field(
        description=(
            "From which instant of the account's clock each vendor shows it; one that never "
            "does is left out."
        )
    )


class Viewings(BaseModel):
    """Recorded viewings, in the order of recording."""

    viewings: list[Viewing]


class Imported(BaseModel):
    """What an import brought."""

    imported: int = Field(
        description="How many things: projects, media, pages, viewers, broadcasts and viewings."
    )
