"""What is told about the server:

its health, world, settings, vendors, operations and what exists in an account.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from playhead.control.dependencies import Instant


class Health(BaseModel):
    """It answers."""

    status: Literal["ok"]


class World(BaseModel):
    """The world of accounts that say nothing of theirs."""

    scenario: str
    seed: int
    version: int = Field(
        description=(
            "Of what makes worlds; another one makes another world of the same scenario and seed."
        )
    )
    digest: str
    media: int
    viewers: int
    viewings: int


class ServerClock(BaseModel):
    """The server's clock, which accounts follow that have none of their own."""

    mode: Literal["real", "frozen"]
    now: Instant


class Limit(BaseModel):
    """A documented limit: so many requests of a sort in so many seconds, at a host name."""

    host: str
    name: str
    requests: int
    seconds: int


class Vendor(BaseModel):
    """A vendor that is emulated."""

    name: str
    prefix: str = Field(
        description="Before every path, so that a client with a base URL reaches this vendor alone."
    )
    hosts: list[str]
    roots: list[str] = Field(
        description=(
            "What its documented paths begin with; these are answered without the prefix too."
        )
    )
    permissions: dict[str, bool] = Field(
        description="What an account may be given or denied there, and whether it usually has it."
    )
    limits: list[Limit]


class Info(BaseModel):
    """What this server is."""

    version: str
    world: World
    clock: ServerClock
    settings: dict[str, Any] = Field(
        description="By name; secrets masked."
    )  # Any: settings are of several types
    vendors: list[Vendor]


class CatalogEntry(BaseModel):
    """Something that can be asked for."""

    kind: str
    id: str
    title: str


Catalog = dict[str, list[CatalogEntry]]


class Parameter(BaseModel):
    """A parameter of an operation, as OpenAPI describes one."""

    model_config = ConfigDict(serialize_by_alias=True)

    name: str
    place: str = Field(alias="in")
    required: bool
    description: str
    schema_: dict[str, Any] = Field(alias="schema")  # Any: JSON Schema


class Operation(BaseModel):
    """An operation of a vendor, and what it was made after."""

    vendor: str
    operation: str
    method: str
    path: str
    summary: str
    parameters: list[Parameter]
    body: dict[str, Any] | None = Field(
        description="The schema of its body, if it has one."
    )  # Any: JSON Schema
    source: str | None = Field(
        description=(
            "Where its example was published; where none was, what else it was made after, "
            "if that is known."
        )
    )
    grade: str | None = Field(description="How good the evidence is, in the words of the source.")
