"""The journal over HTTP: what was asked, how often, waiting for it, and following it."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi import Request as Arrived
from fastapi.responses import StreamingResponse

from playhead.control.dependencies import EmulatorDep, PathAccount
from playhead.control.problems import HTTPStatusError, Responses, problem_responses
from playhead.control.schemas.requests import (
    MAX_ID,
    Count,
    FilteredPage,
    FilteredStream,
    FilteredWait,
    Filters,
    Request,
    Requests,
    RequestsPage,
)
from playhead.emulator import Emulator
from playhead.journal.entry import JournalFilter, StoredEntry
from playhead.journal.subscription import follow, wait

routes = APIRouter(tags=["journal"])
EVENT_STREAM_TYPE = "text/event-stream"
EVENT_STREAM: dict[str, Any] = {
    "description": "An event for each request: its `id`, and as `data` the request as JSON.",
    "content": {EVENT_STREAM_TYPE: {}},
}  # Any: OpenAPI
NO_STORE = {"Cache-Control": "no-store"}
STREAM_RESPONSES: Responses = {200: EVENT_STREAM, **problem_responses(404, 422)}


@routes.get("/requests", responses=problem_responses(422))
def anonymous_requests(
    emulator: EmulatorDep, page: Annotated[FilteredPage, Query()]
) -> RequestsPage:
    """The requests that named no account:

    without a key, with one that opens nothing, or at a path that is no vendor's.
    """
    return _page(emulator, page.to_filter(), page.limit)


@routes.get("/accounts/{name}/requests", responses=problem_responses(404, 422))
def requests(
    account: PathAccount, emulator: EmulatorDep, page: Annotated[FilteredPage, Query()]
) -> RequestsPage:
    """The requests of an account, in the order in which they were answered."""
    return _page(emulator, page.to_filter(account.id), page.limit)


@routes.delete("/accounts/{name}/requests", status_code=204, responses=problem_responses(404, 422))
def clear_requests(account: PathAccount, emulator: EmulatorDep) -> None:
    """Forget the requests of an account."""
    emulator.journal.clear(account.id)


@routes.get("/accounts/{name}/requests/count", responses=problem_responses(404, 422))
def count_of_requests(
    account: PathAccount, emulator: EmulatorDep, filters: Annotated[Filters, Query()]
) -> Count:
    """How many requests an account had."""
    return Count(count=emulator.journal.count(filters.to_filter(account.id)))


@routes.get("/accounts/{name}/requests/wait", responses=problem_responses(404, 408, 422, 503))
async def wait_for_requests(
    account: PathAccount,
    emulator: EmulatorDep,
    http_request: Arrived,
    params: Annotated[FilteredWait, Query()],
) -> Requests:
    """Wait until so many requests are there, those included that are there already."""
    asking = params.to_filter(account.id)
    found, ended = await wait(
        emulator.journal,
        asking,
        count=params.count,
        timeout=params.timeout,
        is_disconnected=http_request.is_disconnected,
    )
    if len(found) < params.count:
        there = (
            f"there {'is 1 such request' if len(found) == 1 else f'are {len(found)} such requests'}"
            f", not {params.count}"
        )
        raise (
            HTTPStatusError(503, f"{there}, and the server ends")
            if ended
            else HTTPStatusError(408, f"after {params.timeout:g} s {there}")
        )
    return Requests(requests=[Request.of(noted) for noted in found])


@routes.get(
    "/accounts/{name}/requests/stream", response_class=StreamingResponse, responses=STREAM_RESPONSES
)
async def stream_of_requests(
    account: PathAccount,
    emulator: EmulatorDep,
    http_request: Arrived,
    params: Annotated[FilteredStream, Query()],
    last_event_id: Annotated[
        str | None, Header(description="The id of the last event that the client had.")
    ] = None,
) -> StreamingResponse:
    """Each request as a server-sent event, those first that are there.

    It ends when the client leaves.
    """
    asking = params.to_filter(account.id)
    events = _events(
        emulator, asking._replace(after=_parse_event_id(last_event_id, asking.after)), http_request
    )
    return StreamingResponse(events, media_type=EVENT_STREAM_TYPE, headers=NO_STORE)


async def _events(
    emulator: Emulator, filters: JournalFilter, http_request: Arrived
) -> AsyncIterator[str]:
    yield ": requests\n\n"  # so that the client knows at once that it is heard
    async for noted in follow(
        emulator.journal, filters, is_disconnected=http_request.is_disconnected
    ):
        yield _format_event(noted) if noted else ": nothing new\n\n"


def _format_event(entry: StoredEntry) -> str:
    return f"id: {entry.id}\ndata: {Request.of(entry).model_dump_json()}\n\n"


def _parse_event_id(text: str | None, default: int) -> int:
    """The id of an event; a client that was sent none, or another's, says what is no id."""
    return (
        int(text)
        if text and re.fullmatch(r"[0-9]{1,19}", text) and int(text) <= MAX_ID
        else default
    )


def _page(emulator: Emulator, filters: JournalFilter, limit: int) -> RequestsPage:
    found = emulator.journal.page(filters, limit=limit + 1)
    shown = [Request.of(noted) for noted in found[:limit]]
    return RequestsPage(requests=shown, next=shown[-1].id if len(found) > limit else None)
