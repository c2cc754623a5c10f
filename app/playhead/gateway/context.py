"""The state of one request, from the dispatcher to the log and the journal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fastapi import Request
from starlette.types import Scope

from playhead.domain.account import Account
from playhead.domain.clock import SystemClock, monotonic_seconds
from playhead.gateway.vendor import Vendor

MAX_ATTEMPT_DIGITS = 10  # digits of a client's count of its attempts


@dataclass
class RequestContext:
    """One request and what becomes of it.

    The dispatcher makes it; every later step reads it from `request_context(request)`.
    """

    vendor: Vendor | None = None
    scope: Scope = field(default_factory=dict)  # as the server sent it
    raw_path: bytes = b"/"  # without the vendor's prefix
    close_connection: Callable[[], None] | None = None  # None: the server offers no way to close

    account: Account | None = None
    now_override: int | None = None  # the instant that `X-Playhead-Now` asks for
    original_query: Sequence[tuple[str, str]] | None = None  # as sent, if it was sanitized
    extra_headers: dict[str, str] = field(default_factory=dict)  # besides the vendor's own
    disconnect: str | None = None  # a fault closes the connection: before_response, mid_body
    corrupt_body: bool = False  # a fault makes the body invalid JSON

    rejection: str = ""  # why the vendor refused, in Playhead's words
    interventions: str = ""  # the preference, fault, stub or limit that answered
    warnings: list[str] = field(default_factory=list)
    crash: str = ""  # the traceback of an error of Playhead's own

    vendor_scope: Scope = field(default_factory=dict)  # what the vendor's application works on
    status: int = 0
    observers_notified: bool = False
    received_at_ms: int = field(default_factory=lambda: SystemClock().now_ms())
    started_at: float = field(default_factory=monotonic_seconds)

    @property
    def vendor_name(self) -> str:
        """The vendor's name, or `playhead` for a path that belongs to no vendor."""
        return self.vendor.name if self.vendor else "playhead"

    @property
    def account_name(self) -> str:
        return self.account.name if self.account else ""

    @property
    def operation(self) -> str:
        """The name of the matched route; empty without one."""
        return getattr(self.vendor_scope.get("route"), "name", "") or ""

    @property
    def is_head(self) -> bool:
        """Whether the client sent HEAD, which the vendor's application answers as GET."""
        return self.scope.get("method") == "HEAD"

    @property
    def elapsed_seconds(self) -> float:
        return monotonic_seconds() - self.started_at

    @property
    def reason(self) -> str:
        """Why the request was refused, and what was ignored in it."""
        return "; ".join(filter(None, [self.rejection, *self.warnings]))

    def retry_count(self) -> int:
        """How many attempts the client counted before this one."""
        header = self.vendor.attempt_header if self.vendor else None
        if header is None:
            return 0
        attempt = dict(self.scope["headers"]).get(header.encode(), b"")
        return int(attempt) if attempt.isdigit() and len(attempt) < MAX_ATTEMPT_DIGITS else 0


def request_context(request: Request) -> RequestContext:
    """The context that the dispatcher made for a request."""
    context: RequestContext = request.scope["request_context"]
    return context
