"""The state of one request, from the dispatcher to the journal."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from fastapi import Request

from playhead.analytics.snapshot import Snapshot
from playhead.domain.account import Account


@dataclass
class RequestContext:
    """What is known of one request while it is answered.

    `dispatch` makes it and writes it to the log and the journal.
    """

    vendor_name: str = ""
    account: Account | None = None
    now_override: int | None = None  # the instant that the request asks to be answered at
    rejection: str = ""
    interventions: str = ""  # the preference, fault, stub or limit that answered
    warnings: list[str] = field(default_factory=list)
    extra_headers: dict[str, str] = field(default_factory=dict)  # beside the vendor's own
    original_query: Sequence[tuple[str, str]] | None = (
        None  # as it was sent, where a lenient account's is read otherwise
    )
    snapshot_context: AbstractContextManager[Snapshot] | None = (
        None  # while the route does its work
    )
    disconnect: str | None = None
    corrupt_body: bool = False
    crash: str = ""


def request_context(request: Request) -> RequestContext:
    """The visit of a request."""
    context: RequestContext = request.scope["request_context"]
    return context
