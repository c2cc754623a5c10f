"""The only module that reads the environment: what a user can set, with defaults and meanings."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from playhead.domain.clock import Clock, FrozenClock, SystemClock, parse_instant
from playhead.domain.errors import UserError

ENVIRONMENT_PREFIX = "PLAYHEAD_"
CONTROL_PREFIX = "/_emulator"  # where the control API answers
STORE_URL_PREFIXES = ("sqlite:///", "postgresql+psycopg://")
# A world reaches 91 days before its anchor and 371 after it; all of that must be years that a date
# can have.
MIN_NOW = "1971-01-01"
MAX_NOW = "9997-12-31"


def _user_cache_directory() -> Path:
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "playhead"
    except RuntimeError:  # a user without a home, as in containers: nothing is kept
        return Path(os.devnull) / "playhead"


class EnvironmentSettings(BaseModel):
    """What is set by options and by the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def load(
        cls,
        options: Mapping[str, object] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """From what was given, then the environment, then the defaults.

        Raises Refusal for a bad one.
        """
        environment = os.environ if environment is None else environment
        variables = {
            name: environment[environment_variable(name)]
            for name in cls.model_fields
            if environment.get(environment_variable(name))
        }
        values = {
            **variables,
            **{name: value for name, value in (options or {}).items() if value is not None},
        }
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            reason = first["msg"].removeprefix("Value error, ")
            given_as = (
                environment_variable(name)
                if name == "cache"
                else f"option --{name.replace('_', '-')} or {environment_variable(name)}"
            )
            raise UserError(
                f"{name}={_mask_password(values[name])!r}: {reason} ({given_as})"
            ) from None


class Settings(EnvironmentSettings):
    """Every setting.

    Each but the cache is an option of `playhead serve`, and each an environment variable
    `PLAYHEAD_…`.
    """

    host: str = Field("127.0.0.1", min_length=1, description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    store: str | None = Field(
        None,
        description=(
            "sqlite:///file or postgresql+psycopg://…; without it a temporary SQLite file, "
            "removed at exit"
        ),
    )
    scenario: str = Field(
        "demo",
        description=(
            "name of a scenario that ships with Playhead (demo, empty, documented), or the "
            "path of a YAML file"
        ),
    )
    seed: int = Field(1, ge=0, lt=2**63, description="which of the scenario's worlds to generate")
    now: str | None = Field(
        None,
        description=(
            "ISO 8601 instant at which the clock stands still; without it the machine's clock"
        ),
    )
    viewings: int | None = Field(
        None,
        ge=1,
        le=20_000_000,
        description=(
            "scale the scenario's traffic and viewers to about this many viewings in 13 weeks"
        ),
    )
    log: Literal["text", "json", "off"] = Field(
        "text", description="one line a request on stderr: text, json or off"
    )
    workers: int = Field(1, ge=1, le=64, description="how many processes answer, all on one store")
    auth: Literal["open", "strict"] = Field(
        "open",
        description=(
            "open: any key opens an account of its own; strict: only accounts that were created"
        ),
    )
    account_ttl: int = Field(
        86_400,
        ge=60,
        description="seconds after which an account in which nothing was ever set is forgotten",
    )
    control_hosts: str = Field(
        "",
        description=(
            "host names, separated by commas, by which /_emulator may be asked beside the "
            "loopback's; * for any"
        ),
    )
    control_token: str | None = Field(
        None,
        min_length=1,
        description="a token that /_emulator then wants as `Authorization: Bearer …`",
    )
    metrics: bool = Field(False, description="answer /_emulator/metrics for Prometheus")
    cache: Path = Field(
        default_factory=_user_cache_directory,
        description=(
            "directory in which generated worlds are kept; without it the user's cache directory"
        ),
    )

    @field_validator("now")
    @classmethod
    def _validate_now(cls, value: str | None) -> str | None:
        try:
            instant = None if value is None else parse_instant(value)
        except (ValueError, OverflowError):
            raise ValueError("not an ISO 8601 instant such as 2024-06-05T12:00:00Z") from None
        if instant is not None and not parse_instant(MIN_NOW) <= instant < parse_instant(MAX_NOW):
            raise ValueError(f"no instant between {MIN_NOW} and {MAX_NOW}")
        return value

    @field_validator("store")
    @classmethod
    def _validate_store(cls, value: str | None) -> str | None:
        # A database in memory would be another one for each thread: without --store there is a file
        # that nobody has to mind.
        if value is not None and (
            not value.startswith(STORE_URL_PREFIXES)
            or value in (*STORE_URL_PREFIXES, "sqlite:///:memory:")
        ):
            raise ValueError("not sqlite:///file or postgresql+psycopg://user@host/name")
        return value

    def make_clock(self) -> Clock:
        """The server's clock: frozen at `now`, or the machine's."""
        return FrozenClock(parse_instant(self.now)) if self.now else SystemClock()


class RemoteSettings(EnvironmentSettings):
    """Which running server is asked, for the commands that ask one."""

    url: str = Field("http://127.0.0.1:8000", description="URL of a running Playhead")
    control_token: str | None = Field(
        None, min_length=1, description="its control token, where it wants one"
    )


def _mask_password(value: object) -> object:
    return re.sub(r":[^:/@]*@", ":***@", value) if isinstance(value, str) else value


def environment_variable(name: str) -> str:
    """The environment variable of a setting."""
    return ENVIRONMENT_PREFIX + name.upper()
