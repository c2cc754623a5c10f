"""The lines of an export: a header, then things by their numbers. Instants are seconds since 1970, references are numbers, none of them computed."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

# In characters: what an index of PostgreSQL's holds, at four bytes each, is below 2,704 bytes.
LONGEST_LABEL, LONGEST_VALUE, LONGEST_NAME = 100, 500, 200


def storable(text: str) -> str:
    """A text that every store can keep; raises ValueError."""
    if "\0" in text:
        raise ValueError("a text has no character of number 0")
    return text


Text = Annotated[str, AfterValidator(storable)]
Id = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(storable)]
Ids = dict[Id, list[Id]]
Labels = dict[Annotated[Text, Field(max_length=LONGEST_LABEL)], Annotated[Text, Field(max_length=LONGEST_VALUE)]]
Who = Annotated[Text, Field(max_length=LONGEST_NAME)]
Number = Annotated[int, Field(ge=0, lt=2**53)]
Instant = Annotated[int, Field(ge=0, lt=2**40)]
Small = Annotated[int, Field(ge=0, lt=2**31)]


class Part(BaseModel):
    """A piece of a line; what it does not know it refuses, and nothing is taken for something else."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Header(Part):
    """What was exported: the base world, the Monday that its days are counted from, and how many viewings were ever recorded."""

    playhead: Literal[1]
    scenario: str
    fingerprint: str
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    size: Number
    world_version: Small
    anchor: Annotated[int, Field(ge=-(2**40), lt=2**40)]
    viewings: Number


class Project(Part):
    """A project."""

    number: Number
    title: Text
    description: Text
    created_at: Instant


class Prompt(Part):
    """What is shown over a video at a second of it."""

    kind: Literal["form", "call_to_action"]
    at: Small
    text: Text
    url: Text | None


class Media(Part):
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


class Page(Part):
    """A page that viewings are on."""

    number: Number
    url: Text | None


class Viewer(Part):
    """A viewer, with what `NewViewer` says of it."""

    number: Number
    ip: str
    device: Small
    place: Small
    name: Who | None
    email: Who | None
    organisation: Text
    ids: Ids


class Broadcast(Part):
    """A run of a live stream, with what `NewBroadcast` says of it."""

    number: Number
    media: Number
    started_at: Instant
    ended_at: Instant
    bitrate: Small
    height: Small
    fps: Small


class Viewing(Part):
    """A viewing, with what `NewViewing` says of it; stretches are [when it began, from, to], cut where they pass into what was seen before."""

    number: Number
    media: Number
    viewer: Number
    loaded_at: Instant
    stretches: list[Annotated[list[Instant], Field(min_length=3, max_length=3)]]
    ended_at: Instant
    page: Text | None
    impression_ms: Small
    converts: list[Literal["form", "call_to_action"]]
    labels: Labels
    ids: Ids


class Line(Part):
    """One thing."""

    project: Project | None = None
    media: Media | None = None
    page: Page | None = None
    viewer: Viewer | None = None
    broadcast: Broadcast | None = None
    viewing: Viewing | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if len(self.model_fields_set) != 1 or self.thing is None:
            raise ValueError(f"a line is one of {', '.join(type(self).model_fields)}")
        return self

    @property
    def thing(self) -> Project | Media | Page | Viewer | Broadcast | Viewing | None:
        """What it is."""
        return self.project or self.media or self.page or self.viewer or self.broadcast or self.viewing
