"""What the control API takes and gives of what is planned: faults and stubs."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import Path as PathParameter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

from playhead.accounts import faults, stubs
from playhead.accounts.faults import LONGEST_WAIT_MS, MILLION
from playhead.accounts.stubs import Pairs
from playhead.control.shapes import Duration, Part

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}", re.ASCII)
VALUE = re.compile(r"[\x21-\x7e\xa0-\xff]([\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa0-\xff])?|")
FRAMING = {"content-length", "transfer-encoding", "connection", "upgrade", "trailer", "te"}
JSON_TYPE = re.compile(r"application/([\w.-]+\+)?json(\s*;.*)?", re.ASCII | re.IGNORECASE)
BODILESS = (204, 205, 304)


def _headers(given: dict[str, str]) -> dict[str, str]:
    for name, value in given.items():
        if not TOKEN.fullmatch(name) or not VALUE.fullmatch(value):
            raise ValueError(f"{name!r}: {value!r} is no header that HTTP could carry")
        if name.lower() in FRAMING:
            raise ValueError(f"{name} is the server's to say")
    return given


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("half a character (a lone surrogate) is no text") from None
    return text


def _seconds(duration: int) -> int:
    if not 0 < duration <= 10**10:
        raise ValueError("a time to live is longer than nothing, and shorter than three centuries")
    return duration


Text = Annotated[str, AfterValidator(_encodable)]
Name = Annotated[Text, Field(min_length=1, max_length=200)]
Path = Annotated[Text, Field(min_length=1, max_length=1000)]
Headers = Annotated[dict[str, str], AfterValidator(_headers), Field(max_length=50)]
Count = Annotated[int, Field(ge=1, le=10**12)]
Id = Annotated[int, PathParameter(ge=1, lt=2**31)]


class Match(Part):
    """Which requests a fault is for; of those that fit, which it is done to."""

    vendor: Name | None = None
    operation: Name | None = Field(None, description="As `/operations` names it.")
    path: Path | None = Field(None, description="A pattern in which `*` is any text.")
    nth: Count | Annotated[list[Count], Field(min_length=1, max_length=1000)] | None = Field(
        None, description="Which of the requests that fit, counted from 1; one number or several."
    )
    probability: float | None = Field(None, ge=0, le=1, description="Of each request that fits, drawn from the account's seed.")


class FixedLatency(Part):
    """An answer held back for as long."""

    ms: int = Field(ge=0, le=LONGEST_WAIT_MS)


class LognormalLatency(Part):
    """An answer held back for a time that is drawn from the account's seed; never longer than 300 s."""

    median_ms: int = Field(ge=1, le=LONGEST_WAIT_MS)
    sigma: float = Field(gt=0, le=10, description="The spread: of the natural logarithm's normal distribution.")


class Effect(Part):
    """What is done to a request; without a status to the answer that it would have had."""

    status: int | None = Field(None, ge=400, le=599, description="Answered in the vendor's own envelope.")
    retry: bool | None = Field(None, description="Tells the vendor's clients whether to try again, where the vendor has a header for it.")
    headers: Headers = Field({}, description="Of the answer; one that it has is replaced.")
    latency: FixedLatency | LognormalLatency | None = None
    cut: Literal["before", "inside"] | None = Field(None, description="The connection is closed before a byte of the answer, or in the midst of its body.")
    malformed: bool = Field(False, description="The body is no JSON, at the same length.")

    @model_validator(mode="after")
    def _does_something(self) -> "Effect":
        if self.planned() == faults.Effect():
            raise ValueError("an effect without anything: give status, retry, headers, latency, cut or malformed")
        return self

    def planned(self) -> faults.Effect:
        return faults.Effect(self.status, self.retry, self.headers, self._latency(), self.cut, self.malformed)

    def _latency(self) -> faults.Latency | None:
        latency = self.latency
        if isinstance(latency, LognormalLatency):
            return faults.Latency(latency.median_ms, latency.sigma)
        return faults.Latency(latency.ms) if latency else None

    @classmethod
    def of(cls, effect: faults.Effect) -> "Effect":
        latency = effect.latency
        shown = None if latency is None else {"median_ms": latency.ms, "sigma": latency.sigma} if latency.sigma else {"ms": latency.ms}
        said = {"status": effect.status, "retry": effect.retry, "headers": effect.headers, "latency": shown, "cut": effect.cut, "malformed": effect.malformed}
        return cls.model_validate(said)


class NewFault(Part):
    """A fault to plan."""

    match: Match = Field(default_factory=lambda: Match.model_validate({}), description="Without it every request.")
    effect: Effect
    times: Count | None = Field(None, description="To how many requests it is done.")
    ttl: Annotated[Duration, AfterValidator(_seconds)] | None = Field(
        None, description="How long it lasts, on the account's clock or in real time, whichever ends first."
    )

    def plan(self) -> faults.Plan:
        match, nth = self.match, self.match.nth
        return faults.Plan(
            effect=self.effect.planned(),
            vendor=match.vendor,
            operation=match.operation,
            path=match.path,
            nth=nth if isinstance(nth, list) else [nth] if nth else (),
            chance=MILLION if match.probability is None else round(match.probability * MILLION),
            times=self.times,
            seconds=self.ttl,
        )


class Fault(BaseModel):
    """A fault that is planned."""

    id: int
    match: Match
    effect: Effect
    times: int | None
    ttl: str | None
    met: int = Field(description="Requests that fitted.")
    done: int = Field(description="Requests that it was done to.")
    over: bool = Field(description="Whether its times or its time are spent.")

    @classmethod
    def of(cls, fault: faults.Fault) -> "Fault":
        plan = fault.plan
        match = Match(
            vendor=plan.vendor,
            operation=plan.operation,
            path=plan.path,
            nth=list(plan.nth) if len(plan.nth) > 1 else plan.nth[0] if plan.nth else None,
            probability=None if plan.chance >= MILLION else plan.chance / MILLION,
        )
        ttl = None if plan.seconds is None else f"PT{plan.seconds}S"
        return cls(id=fault.id, match=match, effect=Effect.of(plan.effect), times=plan.times, ttl=ttl, met=fault.met, done=fault.done, over=fault.over)


class Faults(BaseModel):
    """The faults of an account, in the order of planning."""

    faults: list[Fault]


Query = Annotated[dict[Text, Text | list[Text]], Field(max_length=100)]


class NewStub(Part):
    """A canned answer; in path and query a `{placeholder}` stands for any segment or value."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    vendor: Name
    method: Literal["GET", "POST"] = "GET"
    path: Path
    query: Query = Field({}, description="What must be there; there may be more.")
    status: int = Field(200, ge=200, le=599)
    headers: Headers = Field({}, description="Of the answer.")
    json_: JsonValue = Field(None, alias="json", description="The body, as JSON.")
    body: Text | None = Field(None, description="The body, as text.")

    @model_validator(mode="after")
    def _has_one_body(self) -> "NewStub":
        if self._is_json and self.body is not None:
            raise ValueError("json or body, not both")
        if self.status in BODILESS and (self._is_json or self.body):
            raise ValueError(f"an answer of status {self.status} has no body")
        self.content()
        return self

    @property
    def _is_json(self) -> bool:
        return "json_" in self.model_fields_set

    def content(self) -> str:
        """The body as it is sent."""
        return _encodable(compact(self.json_)) if self._is_json else self.body or ""

    def planned(self, path: str) -> stubs.NewStub:
        """The stub, its path as the vendor knows it."""
        pairs = [(name, value) for name, values in self.query.items() for value in ([values] if isinstance(values, str) else values)]
        usual = {} if self.status in BODILESS else {"Content-Type": "application/json" if self._is_json else "text/plain; charset=utf-8"}
        headers = self.headers if any(name.lower() == "content-type" for name in self.headers) else {**usual, **self.headers}
        return stubs.NewStub(self.vendor, self.method, path, pairs, self.status, headers, self.content())


class Stub(BaseModel):
    """A stub that is set."""

    model_config = ConfigDict(populate_by_name=True)

    id: int
    vendor: str
    method: str
    path: str
    query: dict[str, str | list[str]]
    status: int
    headers: dict[str, str]
    json_: JsonValue = Field(None, alias="json")
    body: str | None = None
    done: int = Field(description="Requests that it answered.")

    @classmethod
    def of(cls, found: stubs.Stub) -> "Stub":
        stub = found.stub
        said = {"id": found.id, "vendor": stub.vendor, "method": stub.method, "path": stub.path, "query": _by_name(stub.query), "status": stub.status}
        return cls.model_validate({**said, "headers": stub.headers, **_body(stub), "done": found.done})


class Stubs(BaseModel):
    """The stubs of an account, in the order of setting."""

    stubs: list[Stub]


def compact(value: JsonValue) -> str:
    """JSON without blanks; raises ValueError for what JSON cannot say."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _by_name(query: Pairs) -> dict[str, str | list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in query:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _body(stub: stubs.NewStub) -> Mapping[str, JsonValue]:
    """The body as JSON, where it is sent as that and is the same written anew; else as text."""
    type_ = next((value for name, value in stub.headers.items() if name.lower() == "content-type"), "")
    try:
        read = json.loads(stub.body) if JSON_TYPE.fullmatch(type_) else None
    except ValueError:
        read = None
    if stub.body and JSON_TYPE.fullmatch(type_) and compact(read) == stub.body:
        return {"json": read}
    return {"body": stub.body} if stub.body else {}
