"""Recording over HTTP: media, broadcasts and viewings go in one by one, in arrays or in lines; all of a request or nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from playhead.accounts import recorded, transfer
from playhead.accounts.account import Account
from playhead.accounts.arrangement import NewBroadcast, Unfit
from playhead.accounts.ground import EVERYTHING
from playhead.accounts.writing import Overlay, writing
from playhead.control import recording_shapes as shapes
from playhead.control import showing
from playhead.control.arranging import Arranging
from playhead.control.asking import Asked, Emulating, Vendors
from playhead.control.bodies import JSON, LINES, NDJSON, Body, Items, arrived, lines, listed, media_type, streamed, taking, unfit
from playhead.control.finding import Finder
from playhead.control.problems import answers
from playhead.emulator import Emulator
from playhead.failure import Missing, Refusal
from playhead.vendor import Vendor

routes = APIRouter(tags=["recording"])

FEW, MANY = 1000, 100_000  # media or broadcasts, and viewings, that one request takes
MEDIA, BROADCASTS = Items(shapes.NewMedia, "media", at_most=FEW), Items(shapes.NewBroadcast, "broadcast", at_most=FEW)
VIEWINGS = Items(shapes.NewViewing, "viewing", at_most=MANY)
TAKES = answers(404, 413, 415, 422)
EXPORTED = {"requestBody": {"required": True, "content": {NDJSON: {"schema": {"type": "string", "description": "What an export answers."}}}}}

Result = TypeVar("Result")
Id = Annotated[str, Path(description="Its number, or the id that any vendor has for it.", max_length=200)]
After = Annotated[int, Query(ge=0, lt=2**34, description="The `id` behind which to go on.")]


@routes.get("/accounts/{name}/media", responses=answers(404, 422))
def list_media(found: Asked, emulator: Emulating, vendors: Vendors) -> shapes.MediaList:
    """The media of the account: those of its world, and those that were recorded."""
    with emulator.reading(found, EVERYTHING) as reading:
        return showing.media(vendors, reading)


@routes.post("/accounts/{name}/media", status_code=201, responses=TAKES, openapi_extra=taking(shapes.NewMedia, JSON, NDJSON))
async def record_media(found: Asked, emulator: Emulating, vendors: Vendors, request: Request) -> shapes.MediaList:
    """Record media, to have viewings or broadcasts."""
    type_ = media_type(request, JSON, *LINES)
    async with arrived(request) as body:
        return await run_in_threadpool(_record_media, emulator, vendors, found, body, type_)


@routes.post("/accounts/{name}/broadcasts", status_code=201, responses=TAKES, openapi_extra=taking(shapes.NewBroadcast, JSON, NDJSON))
async def record_broadcasts(found: Asked, emulator: Emulating, vendors: Vendors, request: Request) -> shapes.Broadcasts:
    """Record runs of live streams."""
    type_ = media_type(request, JSON, *LINES)
    async with arrived(request) as body:
        made = await run_in_threadpool(_record, emulator, vendors, found, lambda into: into.broadcasts(BROADCASTS.read(body, type_)))
    return shapes.Broadcasts(broadcasts=[_broadcast(number, run) for number, run in made])


@routes.post(
    "/accounts/{name}/viewings",
    status_code=201,
    responses=TAKES,
    response_model=shapes.Viewings,
    openapi_extra=taking(shapes.NewViewing, JSON, NDJSON),
)
async def record_viewings(found: Asked, emulator: Emulating, vendors: Vendors, request: Request) -> Response:
    """Record viewings, up to 100,000; every statistic of every vendor shows them at the next reading."""
    type_ = media_type(request, JSON, *LINES)
    async with arrived(request) as body:
        numbers = await run_in_threadpool(_record, emulator, vendors, found, lambda into: into.viewings(VIEWINGS.read(body, type_)))
    return await streamed(_listed(emulator, vendors, found, after=numbers.start - 1, count=len(numbers)), status=201)


@routes.get("/accounts/{name}/viewings", responses=answers(404, 422), response_model=shapes.Viewings)
async def list_viewings(found: Asked, emulator: Emulating, vendors: Vendors, after: After = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Response:
    """The recorded viewings, in the order of recording."""
    return await streamed(_listed(emulator, vendors, found, after=after, count=limit))


@routes.delete("/accounts/{name}/viewings/{id}", status_code=204, responses=answers(404, 409, 422))
def delete_viewing(found: Asked, id: Id, emulator: Emulating, vendors: Vendors) -> None:
    """Take a recorded viewing away; generated ones stay."""
    with emulator.reading(found, EVERYTHING) as reading:
        finder = Finder(vendors, reading, lambda _kind, number: recorded.has_viewing(reading, number))
        try:
            number = finder.number(("viewing",), id)
        except Refusal as refusal:
            raise Missing(str(refusal)) from None
    recorded.erase(emulator.store, found.name, number)


@routes.get(
    "/accounts/{name}/export",
    responses={200: {"content": {NDJSON: {"schema": {"type": "string"}}}, "description": "A header, then one thing a line."}, **answers(404, 422)},
    response_class=Response,
)
async def export(found: Asked, emulator: Emulating) -> Response:
    """All that was recorded in the account, a line each, to be imported into another."""
    return await streamed(_exported(emulator, found), media_type=NDJSON)


@routes.post("/accounts/{name}/import", status_code=201, responses=answers(404, 409, 413, 415, 422), openapi_extra=EXPORTED)
async def import_(found: Asked, emulator: Emulating, request: Request) -> shapes.Imported:
    """Record what was exported, into an account of the same world in which nothing is recorded; its world moves to the week of the export's."""
    media_type(request, *LINES)
    async with arrived(request) as body:
        return shapes.Imported(imported=await run_in_threadpool(_imported, emulator, found, body))


def _record_media(emulator: Emulator, vendors: Sequence[Vendor], account: Account, body: Body, type_: str) -> shapes.MediaList:
    numbers = _record(emulator, vendors, account, lambda into: into.media(MEDIA.read(body, type_)))
    with emulator.reading(account, EVERYTHING) as reading:
        return showing.media(vendors, reading, numbers)


def _record(emulator: Emulator, vendors: Sequence[Vendor], account: Account, arrange: Callable[[Arranging], Result]) -> Result:
    with _open(emulator, account) as overlay:
        return arrange(Arranging(overlay, vendors))


@contextmanager
def _open(emulator: Emulator, account: Account) -> Iterator[Overlay]:
    with emulator.reading(account, EVERYTHING):
        pass  # grows the world, so that what it has can be named
    try:
        with writing(emulator.store, account.name, emulator.clock) as overlay:
            yield overlay
    except Unfit as found:
        raise unfit(found) from None


def _listed(emulator: Emulator, vendors: Sequence[Vendor], account: Account, *, after: int, count: int) -> Iterator[bytes]:
    with emulator.reading(account, EVERYTHING) as reading:
        yield from listed("viewings", showing.viewings(vendors, reading, after=after, count=count))


def _broadcast(number: int, run: NewBroadcast) -> shapes.Broadcast:
    return shapes.Broadcast.model_construct(
        number=number, media=run.media, started_at=run.started_at, ended_at=run.ended_at, bitrate=run.bitrate, height=run.height, fps=run.fps
    )


def _exported(emulator: Emulator, account: Account) -> Iterator[bytes]:
    with emulator.reading(account, EVERYTHING) as reading:
        yield from transfer.exported(reading)


def _imported(emulator: Emulator, account: Account, body: Body) -> int:
    with emulator.reading(account, EVERYTHING):
        pass
    try:
        return transfer.import_(emulator.store, account.name, emulator.clock, lines(body))
    except Unfit as found:
        raise unfit(found) from None
