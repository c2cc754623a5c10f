"""Dispatch of requests to vendors, by documented host, by prefix or by documented path."""

import secrets  # noqa: TID251  # request ids, which are not part of a body
from collections.abc import Callable, Sequence

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.gateway.access_log import AccessLog, LogWriter, journal_entry, write_to_stderr
from playhead.gateway.context import RequestContext
from playhead.gateway.vendor import Vendor
from playhead.journal.entry import JournalEntry
from playhead.settings import CONTROL_PREFIX

EntryObserver = Callable[[JournalEntry], None]


class VendorDispatcher:
    """The ASGI application: hands each request to its vendor or to the control API.

    Every request to a vendor is logged, and its journal entry given to the observers.
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
        self.access_log = AccessLog(log, write_log)
        self.observers = observers
        # Masked on every path: a client may send one vendor's secret to another by mistake.
        self.secret_params = frozenset[str]().union(*(vendor.secret_params for vendor, _ in apps))
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
        context = RequestContext(vendor, scope, raw_path)
        context.close_connection = self._notifying_close(context)
        context.vendor_scope = _vendor_scope(context)

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                context.status = message["status"]
                message = _with_request_id(message)
            elif context.is_head:
                message = {**message, "body": b"", "more_body": False}
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                # Before the client has the whole answer, so that it finds the entry at once.
                self._notify_observers(context)
            await send(message)

        if app is self.index_page:
            context.observers_notified = True  # the page at / is not in the journal
        try:
            await app(context.vendor_scope, receive, send_on)
        finally:
            self._notify_observers(context)
            self.access_log.log(context)

    def _notify_observers(self, context: RequestContext) -> None:
        if context.observers_notified:
            return
        context.observers_notified = True
        entry = journal_entry(context, secret_params=self.secret_params)
        for notify in self.observers:
            notify(entry)

    def _notifying_close(self, context: RequestContext) -> Callable[[], None] | None:
        """The server's function that closes the connection, with the journal written first."""
        close = context.scope.get("state", {}).get("disconnect")
        if close is None:
            return None

        def notify_and_close() -> None:
            self._notify_observers(context)
            close()

        return notify_and_close

    def _resolve_vendor(self, scope: Scope) -> tuple[Vendor | None, ASGIApp, bytes]:
        """The vendor of a request, its application, and the path there."""
        path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0]
        host = dict(scope["headers"]).get(b"host", b"").partition(b":")[0].decode("latin-1").lower()
        root = "/" + path.decode("latin-1").split("/")[1] if path.startswith(b"/") else ""
        for vendor, app in self.apps:
            if host in vendor.hosts or root in vendor.path_prefixes:
                return vendor, app, path
            if root == f"/{vendor.name}":
                return vendor, app, path[len(root) :] or b"/"
        if path == b"/" and scope["method"] in ("GET", "HEAD"):
            return None, self.index_page, path
        return None, _not_found_response(path), path


def _vendor_scope(context: RequestContext) -> Scope:
    """The scope of the vendor's application, which knows GET but not HEAD."""
    return {
        **context.scope,
        "request_context": context,
        "state": {},
        "raw_path": context.raw_path,
        "method": "GET" if context.is_head else context.scope["method"],
    }


def _with_request_id(message: Message) -> Message:
    """The start of an answer with a request id, which names one request and nothing of a world."""
    header = (b"x-request-id", secrets.token_hex(16).encode())
    return {**message, "headers": [*message["headers"], header]}


def _is_control_path(scope: Scope) -> bool:
    path: str = scope["path"]
    return path == CONTROL_PREFIX or path.startswith(CONTROL_PREFIX + "/")


def _not_found_response(path: bytes) -> Response:
    """Playhead's own 404, for a path that belongs to no vendor."""
    detail = (
        f"No vendor answers at {path.decode('latin-1')}. GET / tells which paths, "
        "prefixes and host names there are."
    )
    problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": detail}
    return JSONResponse(problem, status_code=404, media_type="application/problem+json")
