"""Faults as values: which requests a rule matches, and what it does to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Disconnect = Literal["before_response", "mid_body"]


MILLION = 1_000_000


MAX_LATENCY_MS = 300_000


@dataclass(frozen=True)
class Latency:
    """How long an answer is held back: `ms`, or a lognormal draw of that median with this sigma."""

    ms: int
    sigma: float = 0.0


@dataclass(frozen=True)
class FaultEffect:
    """What is done to a request.

    Without a status the true answer is what is held back, cut or spoiled.
    """

    status: int | None = None
    retry: bool | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    latency: Latency | None = None
    disconnect: Disconnect | None = None
    malformed: bool = False


@dataclass(frozen=True)
class FaultRule:
    """Which requests a fault is for (what is None or empty does not matter), which of those it is
    done to, and what it does.

    `path` is a pattern with `*`; `nth` counts the requests that match, from 1; `chance` is in
    millionths;
    after `times` requests or `seconds` (of the account's clock or of the machine's, whichever pass
    first) it is over.
    """

    effect: FaultEffect
    vendor: str | None = None
    operation: str | None = None
    path: str | None = None
    nth: Sequence[int] = ()
    probability_ppm: int = MILLION
    times: int | None = None
    ttl_seconds: int | None = None

    def matches(self, request: "RequestMatch") -> bool:
        """Whether a request is one of those it is for."""
        fits = (self.vendor in (None, request.vendor), self.operation in (None, request.operation))
        return all(fits) and (self.path is None or _path_matches(self.path, request.path))


def _path_matches(pattern: str, path: str) -> bool:
    """Whether a pattern is of that path, a `*` being any text.

    Never slow, however many there are.
    """
    first, *others = pattern.split("*")
    if not others or not path.startswith(first):
        return path == pattern
    at = len(first)
    for part in others[:-1]:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return path.endswith(others[-1]) and len(path) - len(others[-1]) >= at


class RequestMatch(NamedTuple):
    """A request, as far as faults tell requests apart."""

    vendor: str
    operation: str
    path: str


class Fault(NamedTuple):
    """A fault that is planned:

    how many requests it matched, how many it was done to, and whether it is over.
    """

    id: int
    rule: FaultRule
    matched: int
    applied: int
    expired: bool


class InjectedFault(NamedTuple):
    """What a fault does to a request: which fault, its effect, and milliseconds to wait."""

    fault_id: int
    effect: FaultEffect
    latency_ms: int


def rule_from_json(document: Mapping[str, Any]) -> FaultRule:  # Any: JSON
    """The plan that a document says, as `asdict` makes it of one."""
    effect = document["effect"]
    latency = Latency(**effect["latency"]) if effect["latency"] else None
    return FaultRule(
        **{
            **document,
            "nth": tuple(document["nth"]),
            "effect": FaultEffect(**{**effect, "latency": latency}),
        }
    )
