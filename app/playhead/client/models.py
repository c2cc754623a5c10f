"""What the control API tells: media, viewings, clocks, faults, stubs, requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypedDict, TypeVar

JsonObject = dict[str, Any]  # Any: JSON, as the control API's own documentation has it
Model = TypeVar("Model")


@dataclass(frozen=True)
class Media:
    """A video, live stream or playlist:

    its number, and by vendor the ids by which it is asked for.
    """

    number: int
    kind: str
    title: str
    duration: float
    released_at: str
    ids: Mapping[str, Sequence[str]]
    recorded: bool

    @property
    def id(self) -> int:
        """The number: it names the media wherever Playhead is spoken to."""
        return self.number


@dataclass(frozen=True)
class Viewing:
    """A recorded viewing:

    its id, its media's number, its ids and its viewer's by vendor, and from when on each vendor
    shows it.
    """

    id: str
    media: int
    ids: Mapping[str, Sequence[str]]
    viewer: Mapping[str, Sequence[str]]
    loaded_at: str
    ended_at: str
    visible_from: Mapping[str, str]


@dataclass(frozen=True)
class Clock:
    """A clock: `mode` is real, frozen or offset; `first` and `last` bound its world."""

    mode: str
    offset_seconds: int
    now: str
    first: str
    last: str


@dataclass(frozen=True)
class Fault:
    """A planned fault:

    how many requests it has met, how many it has spoiled, and whether it is over.
    """

    id: int
    match: JsonObject
    effect: JsonObject
    times: int | None
    ttl: str | None
    met: int
    done: int
    over: bool


@dataclass(frozen=True)
class Stub:
    """A canned answer, and how many requests it has answered."""

    id: int
    vendor: str
    method: str
    path: str
    status: int
    done: int


@dataclass(frozen=True)
class Request:
    """A request that an account got:

    `applied` is the fault or stub that answered it, `retry` the client's own count, `why` the rule
    that refused it.
    """

    id: int
    at: str
    vendor: str
    operation: str
    method: str
    path: str
    query: str
    status: int
    milliseconds: float
    interventions: str
    retry: int
    reason: str

    def __str__(self) -> str:
        remarks = "; ".join(filter(None, [self.interventions, self.reason]))
        return (
            f"{self.at} {self.vendor} {self.method} "
            f"{self.path}{'?' if self.query else ''}{self.query}"
            f" {self.status}{f' ({remarks})' if remarks else ''}"
        )


@dataclass(frozen=True)
class CatalogEntry:
    """A line of the catalogue: what a vendor can be asked for by its id."""

    kind: str
    id: str
    title: str


class Filters(TypedDict, total=False):
    """Which requests are meant; `status` may be one, or a class such as 4xx."""

    vendor: str
    operation: str
    method: str
    path: str
    status: int | str
    interventions: str


def from_json(
    model: type[Model], document: Mapping[str, Any]
) -> Model:  # Any: JSON; what a later server adds is left out
    """What was told, as its shape."""
    names = [field.name for field in fields(model)]  # type: ignore[arg-type] # each is a dataclass
    return model(**{name: document[name] for name in names if name in document})
