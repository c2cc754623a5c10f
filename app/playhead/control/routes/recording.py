"""Recording over HTTP:

media, broadcasts and viewings go in one by one, in arrays or in lines; all of a request or nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from playhead.control import presenter
from playhead.control.bulk import (
    JSON,
    NDJSON,
    NDJSON_TYPES,
    BodyFile,
    ItemReader,
    bulk_request_body,
    item_error,
    json_array,
    media_type,
    read_lines,
    spooled_body,
    spooled_response,
)
from playhead.control.dependencies import EmulatorDep, PathAccount, VendorsDep
from playhead.control.id_lookup import IdLookup
from playhead.control.problems import problem_responses
from playhead.control.recording_mapper import RecordingMapper
from playhead.control.schemas import recording as shapes
from playhead.domain.account import Account
from playhead.domain.errors import NotFoundError, UserError
from playhead.emulator import Emulator
from playhead.gateway.vendor import Vendor
from playhead.recording import export_import, viewings
from playhead.recording.inputs import ItemError, NewBroadcast
from playhead.recording.session import ALL_VISIBLE, RecordingSession, recording_session

routes = APIRouter(tags=["recording"])

# media or broadcasts, and viewings, that one request takes
MAX_ITEMS = 1000
MAX_VIEWINGS = 100_000
MEDIA_READER = ItemReader(shapes.NewMedia, "media", max_items=MAX_ITEMS)
BROADCAST_READER = ItemReader(shapes.NewBroadcast, "broadcast", max_items=MAX_ITEMS)
VIEWING_READER = ItemReader(shapes.NewViewing, "viewing", max_items=MAX_VIEWINGS)
RECORDING_RESPONSES = problem_responses(404, 413, 415, 422)
IMPORT_REQUEST_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            NDJSON: {"schema": {"type": "string", "description": "What an export answers."}}
        },
    }
}

Result = TypeVar("Result")
ViewingId = Annotated[
    str, Path(description="Its number, or the id that any vendor has for it.", max_length=200)
]
After = Annotated[int, Query(ge=0, lt=2**34, description="The `id` behind which to go on.")]


@routes.get("/accounts/{name}/media", responses=problem_responses(404, 422))
def list_media(
    account: PathAccount, emulator: EmulatorDep, vendors: VendorsDep
) -> shapes.MediaList:
    """The media of the account: those of its world, and those that were recorded."""
    with emulator.snapshot(account, ALL_VISIBLE) as reading:
        return presenter.list_media(vendors, reading)


@routes.post(
    "/accounts/{name}/media",
    status_code=201,
    responses=RECORDING_RESPONSES,
    openapi_extra=bulk_request_body(shapes.NewMedia, JSON, NDJSON),
)
async def record_media(
    account: PathAccount, emulator: EmulatorDep, vendors: VendorsDep, request: Request
) -> shapes.MediaList:
    """Record media, to have viewings or broadcasts."""
    type_ = media_type(request, JSON, *NDJSON_TYPES)
    async with spooled_body(request) as body:
        return await run_in_threadpool(_record_media, emulator, vendors, account, body, type_)


@routes.post(
    "/accounts/{name}/broadcasts",
    status_code=201,
    responses=RECORDING_RESPONSES,
    openapi_extra=bulk_request_body(shapes.NewBroadcast, JSON, NDJSON),
)
async def record_broadcasts(
    account: PathAccount, emulator: EmulatorDep, vendors: VendorsDep, request: Request
) -> shapes.Broadcasts:
    """Record runs of live streams."""
    type_ = media_type(request, JSON, *NDJSON_TYPES)
    async with spooled_body(request) as body:
        made = await run_in_threadpool(
            _record,
            emulator,
            vendors,
            account,
            lambda into: into.broadcasts(BROADCAST_READER.read(body, type_)),
        )
    return shapes.Broadcasts(broadcasts=[_broadcast(number, run) for number, run in made])


@routes.post(
    "/accounts/{name}/viewings",
    status_code=201,
    responses=RECORDING_RESPONSES,
    response_model=shapes.Viewings,
    openapi_extra=bulk_request_body(shapes.NewViewing, JSON, NDJSON),
)
async def record_viewings(
    account: PathAccount, emulator: EmulatorDep, vendors: VendorsDep, request: Request
) -> Response:
    """Record viewings, up to 100,000.

    Every statistic of every vendor shows them at the next reading.
    """
    type_ = media_type(request, JSON, *NDJSON_TYPES)
    async with spooled_body(request) as body:
        numbers = await run_in_threadpool(
            _record,
            emulator,
            vendors,
            account,
            lambda into: into.viewings(VIEWING_READER.read(body, type_)),
        )
    return await spooled_response(
        _viewings_json(emulator, vendors, account, after=numbers.start - 1, count=len(numbers)),
        status=201,
    )


@routes.get(
    "/accounts/{name}/viewings",
    responses=problem_responses(404, 422),
    response_model=shapes.Viewings,
)
async def list_viewings(
    account: PathAccount,
    emulator: EmulatorDep,
    vendors: VendorsDep,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """The recorded viewings, in the order of recording."""
    return await spooled_response(
        _viewings_json(emulator, vendors, account, after=after, count=limit)
    )


@routes.delete(
    "/accounts/{name}/viewings/{id}", status_code=204, responses=problem_responses(404, 409, 422)
)
def delete_viewing(
    account: PathAccount, id: ViewingId, emulator: EmulatorDep, vendors: VendorsDep
) -> None:
    """Take a recorded viewing away; generated ones stay."""
    with emulator.snapshot(account, ALL_VISIBLE) as reading:
        finder = IdLookup(
            vendors, reading, lambda _kind, number: viewings.viewing_exists(reading, number)
        )
        try:
            number = finder.number(("viewing",), id)
        except UserError as refusal:
            raise NotFoundError(str(refusal)) from None
    viewings.delete_viewing(emulator.store, account.name, number)


@routes.get(
    "/accounts/{name}/export",
    responses={
        200: {
            "content": {NDJSON: {"schema": {"type": "string"}}},
            "description": "A header, then one thing a line.",
        },
        **problem_responses(404, 422),
    },
    response_class=Response,
)
async def export(account: PathAccount, emulator: EmulatorDep) -> Response:
    """All that was recorded in the account, a line each, to be imported into another."""
    return await spooled_response(_export_lines(emulator, account), media_type=NDJSON)


@routes.post(
    "/accounts/{name}/import",
    status_code=201,
    responses=problem_responses(404, 409, 413, 415, 422),
    openapi_extra=IMPORT_REQUEST_BODY,
)
async def import_(account: PathAccount, emulator: EmulatorDep, request: Request) -> shapes.Imported:
    """Record what was exported, into an account of the same world in which nothing is recorded.

    Its world moves to the week of the export's.
    """
    media_type(request, *NDJSON_TYPES)
    async with spooled_body(request) as body:
        return shapes.Imported(
            imported=await run_in_threadpool(_import_lines, emulator, account, body)
        )


def _record_media(
    emulator: Emulator, vendors: Sequence[Vendor], account: Account, body: BodyFile, type_: str
) -> shapes.MediaList:
    numbers = _record(
        emulator, vendors, account, lambda into: into.media(MEDIA_READER.read(body, type_))
    )
    with emulator.snapshot(account, ALL_VISIBLE) as reading:
        return presenter.list_media(vendors, reading, numbers)


def _record(
    emulator: Emulator,
    vendors: Sequence[Vendor],
    account: Account,
    arrange: Callable[[RecordingMapper], Result],
) -> Result:
    with _open_session(emulator, account) as overlay:
        return arrange(RecordingMapper(overlay, vendors))


@contextmanager
def _open_session(emulator: Emulator, account: Account) -> Iterator[RecordingSession]:
    with emulator.snapshot(account, ALL_VISIBLE):
        pass  # grows the world, so that what it has can be named
    try:
        with recording_session(emulator.store, account.name, emulator.clock) as overlay:
            yield overlay
    except ItemError as found:
        raise item_error(found) from None


def _viewings_json(
    emulator: Emulator, vendors: Sequence[Vendor], account: Account, *, after: int, count: int
) -> Iterator[bytes]:
    with emulator.snapshot(account, ALL_VISIBLE) as reading:
        yield from json_array(
            "viewings", presenter.list_viewings(vendors, reading, after=after, count=count)
        )


def _broadcast(number: int, run: NewBroadcast) -> shapes.Broadcast:
    return shapes.Broadcast.model_construct(
        number=number,
        media=run.media,
        started_at=run.started_at,
        ended_at=run.ended_at,
        bitrate=run.bitrate,
        height=run.height,
        fps=run.fps,
    )


def _export_lines(emulator: Emulator, account: Account) -> Iterator[bytes]:
    with emulator.snapshot(account, ALL_VISIBLE) as reading:
        yield from export_import.export_lines(reading)


def _import_lines(emulator: Emulator, account: Account, body: BodyFile) -> int:
    with emulator.snapshot(account, ALL_VISIBLE):
        pass
    try:
        return export_import.import_(emulator.store, account.name, emulator.clock, read_lines(body))
    except ItemError as found:
        raise item_error(found) from None
