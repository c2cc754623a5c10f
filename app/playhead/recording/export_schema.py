"""The lines of an export:

a header, then things by their numbers. Instants are seconds since 1970, references are numbers,
none of them computed.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

# In characters: what an index of PostgreSQL's holds, at four bytes each, is below 2,704 bytes.
MAX_LABEL_LENGTH = 100
MAX_VALUE_LENGTH = 500
MAX_NAME_LENGTH = 200


def validate_storable(text: str) -> str:
    """A text that every store can keep; raises ValueError."""
    if "\0" in text:
        raise ValueError("a text has no character of number 0")
    return text


Text = Annotated[str, AfterValidator(validate_storable)]
Id = Annotated[
    str, Field(min_length=1, max_length=MAX_NAME_LENGTH), AfterValidator(validate_storable)
]
Ids = dict[Id, list[Id]]
Labels = dict[
    Annotated[Text, Field(max_length=MAX_LABEL_LENGTH)],
    Annotated[Text, Field(max_length=MAX_VALUE_LENGTH)],
]
PersonName = Annotated[Text, Field(max_length=MAX_NAME_LENGTH)]
Number = Annotated[int, Field(ge=0, lt=2**53)]
Instant = Annotated[int, Field(ge=0, lt=2**40)]
UInt31 = Annotated[int, Field(ge=0, lt=2**31)]


class StrictModel(BaseModel):
    """A piece of a line.

    What it does not know it refuses, and nothing is taken for something else.
    """

    model_config = ConfigDict(extra="forbid", strict=True)


class Header(StrictModel):
    """What was exported:

    the base world, the Monday that its days are counted from, and how many viewings were ever
    recorded.
    """

    playhead: Literal[1]
    scenario: str
    fingerprint: str
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    size: Number
    world_version: UInt31
    anchor: Annotated[int, Field(ge=-(2**40), lt=2**40)]
    viewings: Number


class Project(StrictModel):
    """A project."""

    number: Number
    title: Text
    description: Text
    created_at: Instant


class Prompt(StrictModel):
    """What is shown over a video at a second of it."""

    kind: Literal["form", "call_to_action"]
    at: UInt31
    text: Text
    url: Text | None


class Media(StrictModel):
    """A media, with what `NewMedia` says of it."""

    number: Number
    title: Text
    kind: Literal["video", "live", "playlist"]
    duration_ms: Number
    project: Number
    description: Text
    released_at: Instant
    client_user_id: Number | None
    tags: list[Text]
    labels: Labels
    items: list[Number]
    source_bytes: Number | None
    prompts: list[Prompt]
    ids: Ids


class Page(StrictModel):
    """A page that viewings are on."""

    number: Number
    url: Text | None


class Viewer(StrictModel):
    """A viewer, with what `NewViewer` says of it."""

    number: Number
    ip: str
    device: UInt31
    place: UInt31
    name: PersonName | None
    email: PersonName | None
    organisation: Text
    ids: Ids


class Broadcast(StrictModel):
    """A run of a live stream, with what `NewBroadcast` says of it."""

    number: Number
    media: Number
    started_at: Instant
    ended_at: Instant
    bitrate: UInt31
    height: UInt31
    fps: UInt31


class Viewing(StrictModel):
    """A viewing, with what `NewViewing` says of it.

    Stretches are [when it began, from, to], cut where they pass into what was seen before.
    """

    number: Number
    media: Number
    viewer: Number
    loaded_at: Instant
    played: list[Annotated[list[Instant], Field(min_length=3, max_length=3)]]
    ended_at: Instant
    page: Text | None
    impression_ms: UInt31
    converts: list[Literal["form", "call_to_action"]]
    labels: Labels
    ids: Ids


class ExportLine(StrictModel):
    """One thing."""

    project: Project | None = None
    media: Media | None = None
    page: Page | None = None
    viewer: Viewer | None = None
    broadcast: Broadcast | None = None
    viewing: Viewing | None = None

    @model_validator(mode="after")
    def _check_single_item(self) -> Self:
        if len(self.model_fields_set) != 1 or self.item is None:
            raise ValueError(f"a line is one of {', '.join(type(self).model_fields)}")
        return self

    @property
    def item(self) -> Project | Media | Page | Viewer | Broadcast | Viewing | None:
        """What it is."""
        return (
            self.project or self.media or self.page or self.viewer or self.broadcast or self.viewing
        )
