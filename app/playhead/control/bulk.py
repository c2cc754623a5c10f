"""Bodies of many things:

kept aside while they arrive, so that nobody waits for a client; then read one by one.
"""

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

from playhead.control.problems import HTTPStatusError
from playhead.recording.inputs import ItemError

NDJSON = "application/x-ndjson"
JSON = "application/json"
NDJSON_TYPES = (NDJSON, "application/ndjson", "application/jsonl")
MAX_MEMORY_BYTES = 1 << 20  # bytes beyond which a body is kept in a file
CHUNK_BYTES = 1 << 16
MAX_LINE_BYTES = 32_000_000
MAX_ARRAY_BYTES = 64_000_000  # bytes; read as a whole, unlike lines

ItemModel = TypeVar("ItemModel", bound=BaseModel)
BodyFile = IO[bytes]


@asynccontextmanager
async def spooled_body(request: Request) -> AsyncIterator[BodyFile]:
    """The body of a request once all of it is there.

    Until then it holds no thread and no transaction.
    """
    with SpooledTemporaryFile(MAX_MEMORY_BYTES) as body:
        async for piece in request.stream():
            await run_in_threadpool(body.write, piece) if body.tell() + len(
                piece
            ) > MAX_MEMORY_BYTES else body.write(piece)
        body.seek(0)
        yield body


def media_type(request: Request, *allowed: str) -> str:
    """The media type of a request's body, JSON unless it says another.

    Raises Denied for one that is not allowed.
    """
    said = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if said not in allowed:
        raise HTTPStatusError(
            415,
            (
                f"The body is {said or 'of no media type'}: {allowed[0]} is wanted"
                f"{f', or {allowed[1]}' if len(allowed) > 1 else ''}"
                "."
            ),
        )
    return said


class Item(NamedTuple, Generic[ItemModel]):
    """One of the things in a body, and what it is called in a refusal:

    `line 3`, `viewing 3`, always from 1.
    """

    label: str
    value: ItemModel


class ItemReader(Generic[ItemModel]):
    """The things in a body:

    one in JSON, an array of them, or one a line; counted first, each checked when it is reached.
    """

    def __init__(self, model: type[ItemModel], item_name: str, *, max_items: int) -> None:
        self.adapter = TypeAdapter(model)
        self.item_name = item_name
        self.max_items = max_items

    def read(self, body: BodyFile, media_type: str) -> Iterator[Item[ItemModel]]:
        """Raises RequestValidationError at a bad one, and Denied where there are too many."""
        pieces: Iterable[tuple[str, object]]
        if media_type in NDJSON_TYPES:
            count = sum(1 for _ in read_lines(body))
            pieces = read_lines(body)
            body.seek(0)
        else:
            several = read_json(body)
            count = len(several)
            pieces = (
                (f"{self.item_name} {number}", piece) for number, piece in enumerate(several, 1)
            )
        if count > self.max_items:
            raise HTTPStatusError(
                413, f"One request takes {self.max_items:,} {self.item_name}s at most."
            )
        return (Item(which, self._parse(which, piece)) for which, piece in pieces)

    def _parse(self, label: str, piece: object) -> ItemModel:
        try:
            return (
                self.adapter.validate_json(piece)
                if isinstance(piece, bytes)
                else self.adapter.validate_python(piece)
            )
        except ValidationError as error:
            raise RequestValidationError(
                [
                    {**found, "loc": (label, *found["loc"])}
                    for found in error.errors(include_url=False)
                ]
            ) from None


def read_json(body: BodyFile) -> list[object]:
    """The things in a body of JSON: those of an array, or the one that it is."""
    text = body.read(MAX_ARRAY_BYTES + 1)
    if len(text) > MAX_ARRAY_BYTES:
        raise HTTPStatusError(
            413, f"More than {MAX_ARRAY_BYTES:,} bytes are taken line by line: as {NDJSON}."
        )
    try:
        said = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise body_error("body", f"it is no JSON: {error}") from None
    return said if isinstance(said, list) else [said]


def read_lines(body: BodyFile) -> Iterator[tuple[str, bytes]]:
    """The lines of a body that say anything, by their number."""
    number = 0
    while line := body.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            raise body_error(f"line {number}", f"it is longer than {MAX_LINE_BYTES:,} bytes")
        if line.strip():
            yield f"line {number}", line.strip()


def body_error(where: str, reason: str) -> RequestValidationError:
    """A refusal of one part of a body."""
    return RequestValidationError([{"loc": (where,), "msg": reason, "type": "refused"}])


def item_error(error: ItemError) -> RequestValidationError:
    """A refusal of one of several things."""
    return body_error(error.label, error.reason)


async def spooled_response(
    pieces: Iterable[bytes], *, media_type: str = JSON, status: int = 200
) -> StreamingResponse:
    """An answer of any length:

    all of it is there before any is sent, so that no transaction waits for a client.
    """
    kept = await run_in_threadpool(_spool, pieces)
    return StreamingResponse(_read_chunks(kept), status_code=status, media_type=media_type)


def _spool(pieces: Iterable[bytes]) -> BodyFile:
    kept = SpooledTemporaryFile(MAX_MEMORY_BYTES)  # noqa: SIM115 # closed by who sends it
    try:
        kept.writelines(pieces)
    except BaseException:
        kept.close()
        raise
    kept.seek(0)
    return kept


def _read_chunks(body: BodyFile) -> Iterator[bytes]:
    with body:
        while piece := body.read(CHUNK_BYTES):
            yield piece


def json_array(name: str, items: Iterable[Any]) -> Iterator[bytes]:  # Any: JSON
    """`{"name": [items]}`, one after the other."""
    yield b'{"' + name.encode() + b'":['
    for index, item in enumerate(items):
        yield (b"," if index else b"") + json.dumps(
            item, ensure_ascii=False, separators=(",", ":")
        ).encode()
    yield b"]}"


def bulk_request_body(
    model: type[BaseModel], *media_types: str
) -> dict[str, Any]:  # Any: a piece of OpenAPI
    """How OpenAPI says that an operation takes one such thing, an array of them, or one a line."""
    schema = model.model_json_schema()
    one = _inline_refs(
        {name: part for name, part in schema.items() if name != "$defs"}, schema.get("$defs", {})
    )
    forms = {
        JSON: {"schema": {"anyOf": [one, {"type": "array", "items": one}]}},
        NDJSON: {"schema": {"type": "string", "description": f"{model.__name__}: one a line."}},
    }
    return {
        "requestBody": {"required": True, "content": {name: forms[name] for name in media_types}}
    }


def _inline_refs(
    part: Any, definitions: dict[str, Any]
) -> Any:  # Any: JSON Schema; what names nothing is the same wherever it stands
    if isinstance(part, list):
        return [_inline_refs(each, definitions) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _inline_refs(definitions[part["$ref"].rpartition("/")[2]], definitions)
    return {name: _inline_refs(each, definitions) for name, each in part.items()}
