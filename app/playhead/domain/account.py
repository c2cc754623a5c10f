"""An account: a name with a world, an overlay, a clock, an anchor and options."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import NamedTuple

EVERY_VENDOR = ""  # the vendor of a credential that opens its account at all vendors


class ClockSetting(NamedTuple):
    """Setting of an account's clock: `frozen` at an instant, else seconds ahead of the server's."""

    kind: str = "real"
    seconds: int = 0


@dataclass(frozen=True)
class AccountOptions:
    """Options that a user sets on an account; by vendor where the key is a vendor's name.

    `permissions` differ from the vendor's default. `limits` are requests per rate limit period;
    0 stands for the documented number.
    """

    lenient: bool = False
    environment: str | None = None
    permissions: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    @lru_cache(maxsize=256)
    def from_json(cls, text: str) -> "AccountOptions":
        """Options of a JSON text. The cache holds no state: equal texts are equal options."""
        return cls(**json.loads(text)) if text else cls()

    def to_json(self) -> str:
        """JSON of the options; empty without options."""
        return "" if self == AccountOptions() else json.dumps(asdict(self))


@dataclass(frozen=True)
class Account:
    """One account at an instant: `world` is its base, `overlay` the world recorded into it."""

    name: str
    number: int
    world: int
    overlay: int | None
    anchor: int
    now: int
    id: int = 0
    options: AccountOptions = field(default_factory=AccountOptions)
    faults: int = 0
    stubs: int = 0
    clock: ClockSetting = field(default_factory=ClockSetting)

    @property
    def worlds(self) -> tuple[int, ...]:
        """Worlds that the account sees, the base first."""
        return (self.world,) if self.overlay is None else (self.world, self.overlay)

    @property
    def relative_now(self) -> int:
        """The account's clock, in seconds from its anchor."""
        return self.now - self.anchor
