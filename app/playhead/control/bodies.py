"""Bodies of many things: kept aside while they arrive, so that nobody waits for a client; then read one by one."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Generic, NamedTuple, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import from_json
from starlette.concurrency import run_in_threadpool

from playhead.accounts.arrangement import Unfit
from playhead.control.problems import Denied

NDJSON = "application/x-ndjson"
JSON = "application/json"
LINES = (NDJSON, "application/ndjson", "application/jsonl")
IN_MEMORY = 1 << 20  # bytes beyond which a body is kept in a file
AT_ONCE = 1 << 16
LONGEST_LINE = 32_000_000
LONGEST_ARRAY = 64_000_000  # bytes; read as a whole, unlike lines

Thing = TypeVar("Thing", bound=BaseModel)
Body = IO[bytes]


@asynccontextmanager
async def arrived(request: Request) -> AsyncIterator[Body]:
    """The body of a request once all of it is there; until then it holds no thread and no transaction."""
    with SpooledTemporaryFile(IN_MEMORY) as body:
        async for piece in request.stream():
            await run_in_threadpool(body.write, piece) if body.tell() + len(piece) > IN_MEMORY else body.write(piece)
        body.seek(0)
        yield body


def media_type(request: Request, *allowed: str) -> str:
    """The media type of a request's body, JSON unless it says another; raises Denied for one that is not allowed."""
    said = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if said not in allowed:
        raise Denied(415, f"The body is {said or 'of no media type'}: {allowed[0]} is wanted{f', or {allowed[1]}' if len(allowed) > 1 else ''}.")
    return said


class Item(NamedTuple, Generic[Thing]):
    """One of the things in a body, and what it is called in a refusal: `line 3`, `viewing 3`, always from 1."""

    which: str
    thing: Thing


class Items(Generic[Thing]):
    """The things in a body: one in JSON, an array of them, or one a line; counted first, each checked when it is reached."""

    def __init__(self, shape: type[Thing], called: str, *, at_most: int) -> None:
        self.adapter = TypeAdapter(shape)
        self.called = called
        self.at_most = at_most

    def read(self, body: Body, media_type: str) -> Iterator[Item[Thing]]:
        """Raises RequestValidationError at a bad one, and Denied where there are too many."""
        pieces: Iterable[tuple[str, object]]
        if media_type in LINES:
            count, pieces = sum(1 for _ in lines(body)), lines(body)
            body.seek(0)
        else:
            several = whole(body)
            count, pieces = len(several), ((f"{self.called} {number}", piece) for number, piece in enumerate(several, 1))
        if count > self.at_most:
            raise Denied(413, f"One request takes {self.at_most:,} {self.called}s at most.")
        return (Item(which, self._checked(which, piece)) for which, piece in pieces)

    def _checked(self, which: str, piece: object) -> Thing:
        try:
            return self.adapter.validate_json(piece) if isinstance(piece, bytes) else self.adapter.validate_python(piece)
        except ValidationError as error:
            raise RequestValidationError([{**found, "loc": (which, *found["loc"])} for found in error.errors(include_url=False)]) from None


def whole(body: Body) -> list[object]:
    """The things in a body of JSON: those of an array, or the one that it is."""
    text = body.read(LONGEST_ARRAY + 1)
    if len(text) > LONGEST_ARRAY:
        raise Denied(413, f"More than {LONGEST_ARRAY:,} bytes are taken line by line: as {NDJSON}.")
    try:
        said = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise invalid("body", f"it is no JSON: {error}") from None
    return said if isinstance(said, list) else [said]


def lines(body: Body) -> Iterator[tuple[str, bytes]]:
    """The lines of a body that say anything, by their number."""
    number = 0
    while line := body.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise invalid(f"line {number}", f"it is longer than {LONGEST_LINE:,} bytes")
        if line.strip():
            yield f"line {number}", line.strip()


def invalid(where: str, reason: str) -> RequestValidationError:
    """A refusal of one part of a body."""
    return RequestValidationError([{"loc": (where,), "msg": reason, "type": "refused"}])


def unfit(found: Unfit) -> RequestValidationError:
    """A refusal of one of several things."""
    return invalid(found.which, found.reason)


async def streamed(pieces: Iterable[bytes], *, media_type: str = JSON, status: int = 200) -> StreamingResponse:
    """An answer of any length: all of it is there before any is sent, so that no transaction waits for a client."""
    kept = await run_in_threadpool(_kept, pieces)
    return StreamingResponse(_read(kept), status_code=status, media_type=media_type)


def _kept(pieces: Iterable[bytes]) -> Body:
    kept = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 # closed by who sends it
    try:
        kept.writelines(pieces)
    except BaseException:
        kept.close()
        raise
    kept.seek(0)
    return kept


def _read(kept: Body) -> Iterator[bytes]:
    with kept:
        while piece := kept.read(AT_ONCE):
            yield piece


def listed(name: str, items: Iterable[Any]) -> Iterator[bytes]:  # Any: JSON
    """`{"name": [items]}`, one after the other."""
    yield b'{"' + name.encode() + b'":['
    for index, item in enumerate(items):
        yield (b"," if index else b"") + json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode()
    yield b"]}"


def taking(shape: type[BaseModel], *media_types: str) -> dict[str, Any]:  # Any: a piece of OpenAPI
    """How OpenAPI says that an operation takes one such thing, an array of them, or one a line."""
    schema = shape.model_json_schema()
    one = _without_references({name: part for name, part in schema.items() if name != "$defs"}, schema.get("$defs", {}))
    forms = {
        JSON: {"schema": {"anyOf": [one, {"type": "array", "items": one}]}},
        NDJSON: {"schema": {"type": "string", "description": f"{shape.__name__}: one a line."}},
    }
    return {"requestBody": {"required": True, "content": {name: forms[name] for name in media_types}}}


def _without_references(part: Any, named: dict[str, Any]) -> Any:  # Any: JSON Schema; what names nothing is the same wherever it stands
    if isinstance(part, list):
        return [_without_references(each, named) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _without_references(named[part["$ref"].rpartition("/")[2]], named)
    return {name: _without_references(each, named) for name, each in part.items()}
