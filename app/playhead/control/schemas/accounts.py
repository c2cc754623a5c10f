"""What the control API takes and gives: accounts and clocks."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, WithJsonSchema

from playhead.accounts.clock import ClockState
from playhead.control.dependencies import Instant, Name
from playhead.domain.account import ClockSetting

DURATION_PATTERN = re.compile(
    r"([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII
)
UNIT_SECONDS = (604_800, 86_400, 3600, 60, 1)


def _parse_duration(value: object) -> int:
    match = (
        DURATION_PATTERN.fullmatch(value)
        if isinstance(value, str) and value[-1:] not in ("P", "T")
        else None
    )
    if match is None:
        raise ValueError(
            f"{value!r} is not an ISO 8601 duration of weeks, days, hours, minutes and "
            "seconds such as P1DT12H or -PT30M"
        )
    sign, *counts = match.groups()
    seconds = sum(int(count or 0) * unit for count, unit in zip(counts, UNIT_SECONDS, strict=True))
    return -seconds if sign == "-" else seconds


Duration = Annotated[
    int,
    BeforeValidator(_parse_duration),
    WithJsonSchema({"type": "string", "format": "duration", "examples": ["P1DT12H", "-PT30M"]}),
]


class RequestModel(BaseModel):
    """A piece of a request; what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class RealClock(RequestModel):
    """The server's clock."""

    mode: Literal["real"]

    def to_setting(self) -> ClockSetting:
        return ClockSetting()


class FrozenClock(RequestModel):
    """A clock that stands still."""

    mode: Literal["frozen"]
    at: Instant = Field(description="Where it stands.")

    def to_setting(self) -> ClockSetting:
        return ClockSetting("frozen", self.at)


class OffsetClock(RequestModel):
    """A clock that goes as the server's does, ahead of it or behind."""

    mode: Literal["offset"]
    by: Duration = Field(description="How far it is ahead; behind with a minus.")

    def to_setting(self) -> ClockSetting:
        return ClockSetting("offset", self.by)


NewClock = Annotated[RealClock | FrozenClock | OffsetClock, Field(discriminator="mode")]


class Advance(RequestModel):
    """How far to move a clock."""

    by: Duration = Field(description="Forward; back with a minus.")


class Clock(BaseModel):
    """A clock, what it shows, and between which instants its world has anything."""

    mode: Literal["real", "frozen", "offset"]
    offset_seconds: int = Field(description="How far ahead of the server's clock; 0 when frozen.")
    now: Instant
    first: Instant
    last: Instant

    @classmethod
    def of(cls, state: ClockState) -> "Clock":
        kind, seconds = state.setting
        offset = 0 if kind == "frozen" else seconds
        return cls.model_construct(
            mode=kind, offset_seconds=offset, now=state.now, first=state.first, last=state.last
        )


class NewAccount(RequestModel):
    """An account to create; nothing is required."""

    name: Name | None = Field(None, description="Also its key; without one it is given one.")
    scenario: str | dict[str, object] | None = Field(
        None, description="One that ships with Playhead, or a document; without it the server's."
    )
    seed: int | None = Field(None, ge=0, lt=2**63)
    viewings: int | None = Field(
        None,
        ge=1,
        le=20_000_000,
        description="Scale the world to about this many viewings in 13 weeks.",
    )
    clock: NewClock | None = None
    credentials: list[Name] | dict[str, list[Name]] = Field(
        [], description="Further keys that open it; by vendor, or at every vendor."
    )
    lenient: bool = Field(
        False,
        description="Dates that cannot be read mean an empty window, and bad ids match nothing.",
    )
    environment: Literal["production", "sandbox"] | None = Field(
        None, description="Told apart at a vendor's own host names only; without one it is of both."
    )
    permissions: dict[str, dict[str, bool]] = Field(
        {}, description="By vendor, those that are otherwise than usual."
    )
    rate_limits: StrictBool | dict[str, StrictBool | Annotated[int, Field(ge=1, le=10**9)]] = Field(
        False,
        description=(
            "true: as each vendor documents; or by vendor: true, or requests in the "
            "vendor's window."
        ),
    )


class Fork(RequestModel):
    """A copy to make."""

    name: Name | None = Field(None, description="Of the copy; without one it is given one.")


class Account(BaseModel):
    """An account as it stands."""

    name: str
    key: str = Field(description="What opens it at every vendor.")
    scenario: str
    seed: int
    ready: bool = Field(
        description="Whether its world is generated; else that happens at the first reading."
    )
    recorded: bool = Field(description="Whether anything is recorded in it.")
    clock: Clock
    lenient: bool
    environment: Literal["production", "sandbox"] | None
    permissions: dict[str, dict[str, bool]]
    rate_limits: dict[str, bool | int]
    faults: int
    stubs: int
    urls: dict[str, str] = Field(description="By vendor, the base URL for its clients.")


class Accounts(BaseModel):
    """All accounts, in the order of opening."""

    accounts: list[Account]
