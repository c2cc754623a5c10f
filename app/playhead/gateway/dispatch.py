"""Whose request is it:

by documented host, by prefix, or by documented path. Also request ids, the log line and the
journal.
"""

import json
import secrets  # noqa: TID251  # request ids, which are part of no answer's body
import sys
from collections.abc import Callable, Sequence
from urllib.parse import quote, unquote

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.domain.clock import SystemClock, monotonic_seconds
from playhead.gateway.context import RequestContext
from playhead.gateway.vendor import Vendor
from playhead.journal.entry import ANONYMOUS, JournalEntry
from playhead.settings import CONTROL_PREFIX

LogWriter = Callable[[str], None]
EntryObserver = Callable[[JournalEntry], None]
MAX_ATTEMPT_DIGITS = 10  # digits of a client's count of its attempts


def write_to_stderr(line: str) -> None:
    """Write a line of the log."""
    print(line, file=sys.stderr, flush=True)


class VendorDispatcher:
    """The application:

    hands each request to its vendor or to the control API, and writes one line of each vendor's.
    """

    def __init__(
        self,
        apps: Sequence[tuple[Vendor, ASGIApp]],
        *,
        index_page: Response,
        control: ASGIApp,
        log: str,
        observers: Sequence[EntryObserver] = (),
        write_log: LogWriter = write_to_stderr,
    ) -> None:
        self.apps = apps
        self.index_page = index_page
        self.control = control
        self.log = log
        self.observers = observers
        self.secret_params = frozenset[str]().union(
            *(vendor.secret_params for vendor, _ in apps)
        )  # masked wherever they are sent, mistaken paths included
        self.write_log = write_log
        self.on_shutdown: Callable[[], None] = lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._run_lifespan(receive, send)
        elif scope["type"] == "http" and _is_control_path(scope):
            await self.control(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve_request(scope, receive, send)

    async def _run_lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self.on_shutdown()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _serve_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        vendor, app, raw_path = self._resolve_vendor(scope)
        exchange = Exchange(scope, vendor, raw_path)
        note = self._notify_observers if app is not self.index_page else _ignore_request

        async def send_on(message: Message) -> None:
            message = exchange.add_request_id(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                note(exchange)  # before the client has it all, so that it can ask at once
            await send(message)

        try:
            await app(exchange.vendor_scope(on_disconnect=lambda: note(exchange)), receive, send_on)
        finally:
            note(exchange)
            self._log_request(exchange)

    def _notify_observers(self, exchange: "Exchange") -> None:
        if exchange.observers_notified:
            return
        exchange.observers_notified = True
        entry = exchange.journal_entry(self.secret_params)
        for note in self.observers:
            note(entry)

    def _resolve_vendor(self, scope: Scope) -> tuple[Vendor | None, ASGIApp, bytes]:
        """The vendor of a request, its application, and the path there."""
        path = scope.get("raw_path") or scope["path"].encode()
        path = path.partition(b"?")[0]
        host = dict(scope["headers"]).get(b"host", b"").partition(b":")[0].decode("latin-1").lower()
        root = "/" + path.decode("latin-1").split("/")[1] if path.startswith(b"/") else ""
        for vendor, app in self.apps:
            if host in vendor.hosts or root in vendor.path_prefixes:
                return vendor, app, path
            if root == f"/{vendor.name}":
                return vendor, app, path[len(root) :] or b"/"
        return (
            None,
            self.index_page
            if path == b"/" and scope["method"] in ("GET", "HEAD")
            else _not_found_response(path),
            path,
        )

    def _log_request(self, exchange: "Exchange") -> None:
        if self.log != "off":
            self._log_line(exchange)
        if exchange.context.crash:  # a fault of ours is told however quiet the log is
            self.write_log(exchange.context.crash)

    def _log_line(self, exchange: "Exchange") -> None:
        visit = exchange.context
        status = exchange.status
        milliseconds = exchange.elapsed_seconds * 1000
        method = exchange.scope["method"]
        path = exchange.scope["path"]
        operation = exchange.operation or "-"
        account = exchange.account_name
        why = "; ".join(filter(None, [visit.interventions, visit.rejection, *visit.warnings]))
        if self.log == "json":
            line = {
                "vendor": visit.vendor_name,
                "operation": operation,
                "account": account,
                "method": method,
                "path": path,
                "status": status,
            }
            self.write_log(
                json.dumps(
                    {**line, "milliseconds": round(milliseconds, 1), "reason": why},
                    ensure_ascii=False,
                )
            )
        else:
            path = quote(path)  # a line stays one line
            self.write_log(
                f"{visit.vendor_name} {operation} {account or '-'!r} "
                f"{method} {path} {status} {milliseconds:.1f}"
                f" ms{' ' + why if why else ''}"
            )


class Exchange:
    """One request and what became of it."""

    def __init__(self, scope: Scope, vendor: Vendor | None, raw_path: bytes) -> None:
        self.scope = scope
        self.vendor = vendor
        self.raw_path = raw_path
        self.context = RequestContext(vendor.name if vendor else "playhead")
        self.status = 0
        self.observers_notified = False
        self.received_at_ms = SystemClock().now_ms()
        self.started_at = monotonic_seconds()
        self._vendor_scope: Scope = {}

    @property
    def elapsed_seconds(self) -> float:
        """How long it has taken so far."""
        return monotonic_seconds() - self.started_at

    @property
    def operation(self) -> str:
        return getattr(self._vendor_scope.get("route"), "name", "") or ""

    @property
    def account_name(self) -> str:
        return self.context.account.name if self.context.account else ""

    def vendor_scope(self, *, on_disconnect: Callable[[], None]) -> Scope:
        """The scope for the vendor's application; `cut` is called before the connection is."""
        close = self.scope.get("state", {}).get("disconnect")

        def cut_off() -> None:
            on_disconnect()
            close()

        # HEAD is GET without a body, for every route; sub-applications only know GET.
        method = "GET" if self.scope["method"] == "HEAD" else self.scope["method"]
        own = {
            "request_context": self.context,
            "disconnect": close and cut_off,
            "head": self.scope["method"] == "HEAD",
            "state": {},
        }
        self._vendor_scope = {**self.scope, **own, "raw_path": self.raw_path, "method": method}
        return self._vendor_scope

    def add_request_id(self, message: Message) -> Message:
        """A message of the answer, as it is sent:

        with a request id, which names one request and no part of any world.
        """
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return {
                **message,
                "headers": [*message["headers"], (b"x-request-id", secrets.token_hex(16).encode())],
            }
        return (
            {**message, "body": b"", "more_body": False}
            if self.scope["method"] == "HEAD"
            else message
        )

    def journal_entry(self, secret_params: frozenset[str]) -> JournalEntry:
        """The journal's entry, without secrets."""
        visit = self.context
        return JournalEntry(
            account=visit.account.id if visit.account else ANONYMOUS,
            at_ms=self.received_at_ms,
            vendor=visit.vendor_name,
            operation=self.operation,
            method=self.scope["method"],
            path=self.raw_path.decode("latin-1"),
            query=_mask_query(self.scope["query_string"].decode("latin-1"), secret_params),
            status=self.status,
            microseconds=round(self.elapsed_seconds * 1_000_000),
            interventions=visit.interventions,
            retry=self._retry_count(),
            reason="; ".join(filter(None, [visit.rejection, *visit.warnings])),
        )

    def _retry_count(self) -> int:
        """How often the client says that it tried before."""
        header = self.vendor.attempt_header if self.vendor else None
        attempt = dict(self.scope["headers"]).get(header.encode(), b"") if header else b""
        return int(attempt) if attempt.isdigit() and len(attempt) < MAX_ATTEMPT_DIGITS else 0


def _ignore_request(_exchange: Exchange) -> None:
    """The page at the root is nobody's request."""


def _is_control_path(scope: Scope) -> bool:
    path: str = scope["path"]
    return path == CONTROL_PREFIX or path.startswith(CONTROL_PREFIX + "/")


def _mask_query(query: str, secret_params: frozenset[str]) -> str:
    if not secret_params or not query:
        return query
    pairs = [pair.partition("=") for pair in query.split("&")]
    return "&".join(
        f"{name}{equals}{'***' if unquote(name) in secret_params else value}"
        for name, equals, value in pairs
    )


def _not_found_response(path: bytes) -> Response:
    """Playhead's own 404, for a path that is no vendor's."""
    detail = (
        f"No vendor answers at {path.decode('latin-1')}. GET / tells which paths, "
        "prefixes and host names there are."
    )
    problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": detail}
    return JSONResponse(problem, status_code=404, media_type="application/problem+json")
