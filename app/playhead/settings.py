"""The only module that reads the environment: what a user can set, with defaults and meanings."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from playhead.clock import Clock, FrozenClock, SystemClock, instant_of
from playhead.failure import Refusal

PREFIX = "PLAYHEAD_"
CONTROL = "/_emulator"  # where the control API answers
STORES = ("sqlite:///", "postgresql+psycopg://")
# A world reaches 91 days before its anchor and 371 after it; all of that must be years that a date can have.
EARLIEST, LATEST = "1971-01-01", "9997-12-31"


def _user_cache() -> Path:
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "playhead"
    except RuntimeError:  # a user without a home, as in containers: nothing is kept
        return Path(os.devnull) / "playhead"


class Given(BaseModel):
    """What is set by options and by the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def load(cls, given: Mapping[str, object] | None = None, environment: Mapping[str, str] | None = None) -> Self:
        """From what was given, then the environment, then the defaults; raises Refusal for a bad one."""
        environment = os.environ if environment is None else environment
        variables = {name: environment[variable(name)] for name in cls.model_fields if environment.get(variable(name))}
        values = {**variables, **{name: value for name, value in (given or {}).items() if value is not None}}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            name, reason = str(first["loc"][0]), first["msg"].removeprefix("Value error, ")
            given_as = variable(name) if name == "cache" else f"option --{name.replace('_', '-')} or {variable(name)}"
            raise Refusal(f"{name}={_without_password(values[name])!r}: {reason} ({given_as})") from None


class Settings(Given):
    """Every setting; each but the cache is an option of `playhead serve`, and each an environment variable `PLAYHEAD_…`."""

    host: str = Field("127.0.0.1", min_length=1, description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    store: str | None = Field(None, description="sqlite:///file or postgresql+psycopg://…; without it a temporary SQLite file, removed at exit")
    scenario: str = Field("demo", description="name of a scenario that ships with Playhead (demo, empty, documented), or the path of a YAML file")
    seed: int = Field(1, ge=0, lt=2**63, description="which of the scenario's worlds to generate")
    now: str | None = Field(None, description="ISO 8601 instant at which the clock stands still; without it the machine's clock")
    viewings: int | None = Field(None, ge=1, le=20_000_000, description="scale the scenario's traffic and viewers to about this many viewings in 13 weeks")
    log: Literal["text", "json", "off"] = Field("text", description="one line a request on stderr: text, json or off")
    workers: int = Field(1, ge=1, le=64, description="how many processes answer, all on one store")
    auth: Literal["open", "strict"] = Field("open", description="open: any key opens an account of its own; strict: only accounts that were created")
    idle: int = Field(86_400, ge=60, description="seconds after which an account in which nothing was ever set is forgotten")
    control_hosts: str = Field("", description="host names, separated by commas, by which /_emulator may be asked beside the loopback's; * for any")
    control_token: str | None = Field(None, min_length=1, description="a token that /_emulator then wants as `Authorization: Bearer …`")
    metrics: bool = Field(False, description="answer /_emulator/metrics for Prometheus")
    cache: Path = Field(default_factory=_user_cache, description="directory in which generated worlds are kept; without it the user's cache directory")

    @field_validator("now")
    @classmethod
    def _is_instant(cls, value: str | None) -> str | None:
        try:
            instant = None if value is None else instant_of(value)
        except (ValueError, OverflowError):
            raise ValueError("not an ISO 8601 instant such as 2024-06-05T12:00:00Z") from None
        if instant is not None and not instant_of(EARLIEST) <= instant < instant_of(LATEST):
            raise ValueError(f"no instant between {EARLIEST} and {LATEST}")
        return value

    @field_validator("store")
    @classmethod
    def _is_store(cls, value: str | None) -> str | None:
        # A database in memory would be another one for each thread: without --store there is a file that nobody has to mind.
        if value is not None and (not value.startswith(STORES) or value in (*STORES, "sqlite:///:memory:")):
            raise ValueError("not sqlite:///file or postgresql+psycopg://user@host/name")
        return value

    def clock(self) -> Clock:
        """The server's clock: frozen at `now`, or the machine's."""
        return FrozenClock(instant_of(self.now)) if self.now else SystemClock()


class Remote(Given):
    """Which running server is asked, for the commands that ask one."""

    url: str = Field("http://127.0.0.1:8000", description="URL of a running Playhead")
    control_token: str | None = Field(None, min_length=1, description="its control token, where it wants one")


def _without_password(value: object) -> object:
    return re.sub(r":[^:/@]*@", ":***@", value) if isinstance(value, str) else value


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()
