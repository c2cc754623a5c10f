"""The journal over HTTP: what was asked, how often, waiting for it, and following it."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi import Request as Arrived
from fastapi.responses import StreamingResponse

from playhead.accounts.entries import Asking, Noted
from playhead.control.asking import Asked, Emulating
from playhead.control.journal_shapes import LAST_ID, Count, FilteredPage, FilteredStream, FilteredWait, Filters, Request, Requests, RequestsPage
from playhead.control.problems import Answers, Denied, answers
from playhead.control.waiting import follow, wait
from playhead.emulator import Emulator

routes = APIRouter(tags=["journal"])
EVENTS = "text/event-stream"
STREAM: dict[str, Any] = {"description": "An event for each request: its `id`, and as `data` the request as JSON.", "content": {EVENTS: {}}}  # Any: OpenAPI
NO_STREAM_KEPT = {"Cache-Control": "no-store"}
IN_STREAM: Answers = {200: STREAM, **answers(404, 422)}


@routes.get("/requests", responses=answers(422))
def unnamed_requests(emulator: Emulating, page: Annotated[FilteredPage, Query()]) -> RequestsPage:
    """The requests that named no account: without a key, with one that opens nothing, or at a path that is no vendor's."""
    return _page(emulator, page.asking(), page.limit)


@routes.get("/accounts/{name}/requests", responses=answers(404, 422))
def requests(account: Asked, emulator: Emulating, page: Annotated[FilteredPage, Query()]) -> RequestsPage:
    """The requests of an account, in the order in which they were answered."""
    return _page(emulator, page.asking(account.id), page.limit)


@routes.delete("/accounts/{name}/requests", status_code=204, responses=answers(404, 422))
def forget_requests(account: Asked, emulator: Emulating) -> None:
    """Forget the requests of an account."""
    emulator.journal.forget(account.id)


@routes.get("/accounts/{name}/requests/count", responses=answers(404, 422))
def count_of_requests(account: Asked, emulator: Emulating, filters: Annotated[Filters, Query()]) -> Count:
    """How many requests an account had."""
    return Count(count=emulator.journal.count(filters.asking(account.id)))


@routes.get("/accounts/{name}/requests/wait", responses=answers(404, 408, 422, 503))
async def wait_for_requests(account: Asked, emulator: Emulating, arrived: Arrived, wanted: Annotated[FilteredWait, Query()]) -> Requests:
    """Wait until so many requests are there, those included that are there already."""
    asking = wanted.asking(account.id)
    found, ended = await wait(emulator.journal, asking, count=wanted.count, timeout=wanted.timeout, gone=arrived.is_disconnected)
    if len(found) < wanted.count:
        there = f"there {'is 1 such request' if len(found) == 1 else f'are {len(found)} such requests'}, not {wanted.count}"
        raise Denied(503, f"{there}, and the server ends") if ended else Denied(408, f"after {wanted.timeout:g} s {there}")
    return Requests(requests=[Request.of(noted) for noted in found])


@routes.get("/accounts/{name}/requests/stream", response_class=StreamingResponse, responses=IN_STREAM)
async def stream_of_requests(
    account: Asked,
    emulator: Emulating,
    arrived: Arrived,
    wanted: Annotated[FilteredStream, Query()],
    last_event_id: Annotated[str | None, Header(description="The id of the last event that the client had.")] = None,
) -> StreamingResponse:
    """Each request as a server-sent event, those first that are there; it ends when the client leaves."""
    asking = wanted.asking(account.id)
    events = _events(emulator, asking._replace(after=_id(last_event_id, asking.after)), arrived)
    return StreamingResponse(events, media_type=EVENTS, headers=NO_STREAM_KEPT)


async def _events(emulator: Emulator, asking: Asking, arrived: Arrived) -> AsyncIterator[str]:
    yield ": requests\n\n"  # so that the client knows at once that it is heard
    async for noted in follow(emulator.journal, asking, gone=arrived.is_disconnected):
        yield _event(noted) if noted else ": nothing new\n\n"


def _event(noted: Noted) -> str:
    return f"id: {noted.id}\ndata: {Request.of(noted).model_dump_json()}\n\n"


def _id(text: str | None, otherwise: int) -> int:
    """The id of an event; a client that was sent none, or another's, says what is no id."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,19}", text) and int(text) <= LAST_ID else otherwise


def _page(emulator: Emulator, asking: Asking, limit: int) -> RequestsPage:
    found = emulator.journal.page(asking, limit=limit + 1)
    shown = [Request.of(noted) for noted in found[:limit]]
    return RequestsPage(requests=shown, next=shown[-1].id if len(found) > limit else None)
