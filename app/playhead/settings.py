"""The only module that reads the environment: what a user can set, with defaults and meanings."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from playhead.clock import Clock, FrozenClock, SystemClock, instant_of
from playhead.failure import Refusal

PREFIX = "PLAYHEAD_"


def _user_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "playhead"


class Settings(BaseModel):
    """Every setting; each is an option of `playhead serve` and an environment variable `PLAYHEAD_…`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    store: str | None = Field(None, description="sqlite:///file or postgresql+psycopg://…; without it a temporary SQLite file, removed at exit")
    scenario: str = Field("demo", description="name of a scenario that ships with Playhead (demo, empty), or the path of a YAML file")
    seed: int = Field(1, ge=0, lt=2**63, description="which of the scenario's worlds to generate")
    now: str | None = Field(None, description="ISO 8601 instant at which the clock stands still; without it the machine's clock")
    viewings: int | None = Field(None, ge=1, le=20_000_000, description="scale the scenario's traffic and viewers to about this many viewings in 13 weeks")
    log: Literal["text", "json", "off"] = Field("text", description="one line a request on stderr: text, json or off")
    cache: Path = Field(default_factory=_user_cache, description="directory in which generated worlds are kept")

    @field_validator("now")
    @classmethod
    def _is_instant(cls, value: str | None) -> str | None:
        if value is not None:
            instant_of(value)
        return value

    @classmethod
    def load(cls, given: Mapping[str, object] | None = None, environment: Mapping[str, str] | None = None) -> Self:
        """Settings from what was given, then the environment, then the defaults; raises Refusal for a bad one."""
        environment = os.environ if environment is None else environment
        variables = {name: environment[variable(name)] for name in cls.model_fields if environment.get(variable(name))}
        values = {**variables, **{name: value for name, value in (given or {}).items() if value is not None}}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            raise Refusal(f"{name}={values[name]!r}: {first['msg']} (option --{name} or {variable(name)})") from None

    def clock(self) -> Clock:
        """The server's clock: frozen at `now`, or the machine's."""
        return FrozenClock(instant_of(self.now)) if self.now else SystemClock()


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()
