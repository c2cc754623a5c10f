"""What the control API takes and gives of what is planned: faults and stubs."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import Path as PathParameter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

from playhead.control.schemas.accounts import Duration, RequestModel
from playhead.faults import model
from playhead.faults.model import MAX_LATENCY_MS, MILLION
from playhead.stubs import matching
from playhead.stubs import repository as stubs_model
from playhead.stubs.matching import QueryPairs

HEADER_NAME_PATTERN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}", re.ASCII)
HEADER_VALUE_PATTERN = re.compile(
    r"[\x21-\x7e\xa0-\xff]([\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa0-\xff])?|"
)
RESERVED_HEADERS = {"content-length", "transfer-encoding", "connection", "upgrade", "trailer", "te"}
JSON_TYPE_PATTERN = re.compile(r"application/([\w.-]+\+)?json(\s*;.*)?", re.ASCII | re.IGNORECASE)
BODILESS_STATUSES = (204, 205, 304)


def _validate_headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not HEADER_NAME_PATTERN.fullmatch(name) or not HEADER_VALUE_PATTERN.fullmatch(value):
            raise ValueError(f"{name!r}: {value!r} is no header that HTTP could carry")
        if name.lower() in RESERVED_HEADERS:
            raise ValueError(f"{name} is the server's to say")
    return headers


def _validate_encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("half a character (a lone surrogate) is no text") from None
    return text


def _validate_ttl(duration: int) -> int:
    if not 0 < duration <= 10**10:
        raise ValueError("a time to live is longer than nothing, and shorter than three centuries")
    return duration


Text = Annotated[str, AfterValidator(_validate_encodable)]
Name = Annotated[Text, Field(min_length=1, max_length=200)]
Path = Annotated[Text, Field(min_length=1, max_length=1000)]
Headers = Annotated[dict[str, str], AfterValidator(_validate_headers), Field(max_length=50)]
Count = Annotated[int, Field(ge=1, le=10**12)]
Id = Annotated[int, PathParameter(ge=1, lt=2**31)]


class Match(RequestModel):
    """Which requests a fault is for; of those that fit, which it is done to."""

    vendor: Name | None = None
    operation: Name | None = Field(None, description="As `/operations` names it.")
    path: Path | None = Field(None, description="A pattern in which `*` is any text.")
    nth: Count | Annotated[list[Count], Field(min_length=1, max_length=1000)] | None = Field(
        None, description="Which of the requests that fit, counted from 1; one number or several."
    )
    probability: float | None = Field(
        None, ge=0, le=1, description="Of each request that fits, drawn from the account's seed."
    )


class FixedLatency(RequestModel):
    """An answer held back for as long."""

    ms: int = Field(ge=0, le=MAX_LATENCY_MS)


class LognormalLatency(RequestModel):
    """An answer held back for a time that is drawn from the account's seed.

    Never longer than 300 s.
    """

    median_ms: int = Field(ge=1, le=MAX_LATENCY_MS)
    sigma: float = Field(
        gt=0, le=10, description="The spread: of the natural logarithm's normal distribution."
    )


class Effect(RequestModel):
    """What is done to a request; without a status to the answer that it would have had."""

    status: int | None = Field(
        None, ge=400, le=599, description="Answered in the vendor's own envelope."
    )
    retry: bool | None = Field(
        None,
        description=(
            "Tells the vendor's clients whether to try again, where the vendor has a header for it."
        ),
    )
    headers: Headers = Field({}, description="Of the answer; one that it has is replaced.")
    latency: FixedLatency | LognormalLatency | None = None
    disconnect: Literal["before_response", "mid_body"] | None = Field(
        None,
        description=(
            "The connection is closed before a byte of the answer, or in the midst of its body."
        ),
    )
    malformed: bool = Field(False, description="The body is no JSON, at the same length.")

    @model_validator(mode="after")
    def _does_something(self) -> "Effect":
        if self.to_domain() == model.FaultEffect():
            raise ValueError(
                "an effect without anything: give status, retry, headers, latency, cut or malformed"
            )
        return self

    def to_domain(self) -> model.FaultEffect:
        return model.FaultEffect(
            self.status, self.retry, self.headers, self._latency(), self.disconnect, self.malformed
        )

    def _latency(self) -> model.Latency | None:
        latency = self.latency
        if isinstance(latency, LognormalLatency):
            return model.Latency(latency.median_ms, latency.sigma)
        return model.Latency(latency.ms) if latency else None

    @classmethod
    def of(cls, effect: model.FaultEffect) -> "Effect":
        latency = effect.latency
        shown = (
            None
            if latency is None
            else {"median_ms": latency.ms, "sigma": latency.sigma}
            if latency.sigma
            else {"ms": latency.ms}
        )
        said = {
            "status": effect.status,
            "retry": effect.retry,
            "headers": effect.headers,
            "latency": shown,
            "disconnect": effect.disconnect,
            "malformed": effect.malformed,
        }
        return cls.model_validate(said)


class NewFault(RequestModel):
    """A fault to plan."""

    match: Match = Field(
        default_factory=lambda: Match.model_validate({}), description="Without it every request."
    )
    effect: Effect
    times: Count | None = Field(None, description="To how many requests it is done.")
    ttl: Annotated[Duration, AfterValidator(_validate_ttl)] | None = Field(
        None,
        description=(
            "How long it lasts, on the account's clock or in real time, whichever ends first."
        ),
    )

    def to_rule(self) -> model.FaultRule:
        match, nth = self.match, self.match.nth
        return model.FaultRule(
            effect=self.effect.to_domain(),
            vendor=match.vendor,
            operation=match.operation,
            path=match.path,
            nth=nth if isinstance(nth, list) else [nth] if nth else (),
            probability_ppm=MILLION
            if match.probability is None
            else round(match.probability * MILLION),
            times=self.times,
            ttl_seconds=self.ttl,
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
    def of(cls, fault: model.Fault) -> "Fault":
        plan = fault.rule
        match = Match(
            vendor=plan.vendor,
            operation=plan.operation,
            path=plan.path,
            nth=list(plan.nth) if len(plan.nth) > 1 else plan.nth[0] if plan.nth else None,
            probability=None if plan.probability_ppm >= MILLION else plan.probability_ppm / MILLION,
        )
        ttl = None if plan.ttl_seconds is None else f"PT{plan.ttl_seconds}S"
        return cls(
            id=fault.id,
            match=match,
            effect=Effect.of(plan.effect),
            times=plan.times,
            ttl=ttl,
            met=fault.matched,
            done=fault.applied,
            over=fault.expired,
        )


class Faults(BaseModel):
    """The faults of an account, in the order of planning."""

    faults: list[Fault]


QueryObject = Annotated[dict[Text, Text | list[Text]], Field(max_length=100)]


class NewStub(RequestModel):
    """A canned answer; in path and query a `{placeholder}` stands for any segment or value."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    vendor: Name
    method: Literal["GET", "POST"] = "GET"
    path: Path
    query: QueryObject = Field({}, description="What must be there; there may be more.")
    status: int = Field(200, ge=200, le=599)
    headers: Headers = Field({}, description="Of the answer.")
    json_: JsonValue = Field(None, alias="json", description="The body, as JSON.")
    body: Text | None = Field(None, description="The body, as text.")

    @model_validator(mode="after")
    def _has_one_body(self) -> "NewStub":
        if self._is_json and self.body is not None:
            raise ValueError("json or body, not both")
        if self.status in BODILESS_STATUSES and (self._is_json or self.body):
            raise ValueError(f"an answer of status {self.status} has no body")
        self.content()
        return self

    @property
    def _is_json(self) -> bool:
        return "json_" in self.model_fields_set

    def content(self) -> str:
        """The body as it is sent."""
        return _validate_encodable(compact_json(self.json_)) if self._is_json else self.body or ""

    def to_definition(self, path: str) -> matching.StubDefinition:
        """The stub, its path as the vendor knows it."""
        pairs = [
            (name, value)
            for name, values in self.query.items()
            for value in ([values] if isinstance(values, str) else values)
        ]
        usual = (
            {}
            if self.status in BODILESS_STATUSES
            else {
                "Content-Type": "application/json" if self._is_json else "text/plain; charset=utf-8"
            }
        )
        headers = (
            self.headers
            if any(name.lower() == "content-type" for name in self.headers)
            else {**usual, **self.headers}
        )
        return matching.StubDefinition(
            self.vendor, self.method, path, pairs, self.status, headers, self.content()
        )


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
    def of(cls, record: stubs_model.Stub) -> "Stub":
        stub = record.definition
        said = {
            "id": record.id,
            "vendor": stub.vendor,
            "method": stub.method,
            "path": stub.path,
            "query": _query_object(stub.query),
            "status": stub.status,
        }
        return cls.model_validate(
            {**said, "headers": stub.headers, **_body_fields(stub), "done": record.served}
        )


class Stubs(BaseModel):
    """The stubs of an account, in the order of setting."""

    stubs: list[Stub]


def compact_json(value: JsonValue) -> str:
    """JSON without blanks; raises ValueError for what JSON cannot say."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _query_object(query: QueryPairs) -> dict[str, str | list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in query:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _body_fields(stub: matching.StubDefinition) -> Mapping[str, JsonValue]:
    """The body as JSON, where it is sent as that and is the same written anew; else as text."""
    type_ = next(
        (value for name, value in stub.headers.items() if name.lower() == "content-type"), ""
    )
    try:
        read = json.loads(stub.body) if JSON_TYPE_PATTERN.fullmatch(type_) else None
    except ValueError:
        read = None
    if stub.body and JSON_TYPE_PATTERN.fullmatch(type_) and compact_json(read) == stub.body:
        return {"json": read}
    return {"body": stub.body} if stub.body else {}
