"""Whose request is it: by documented host, by prefix, or by documented path. Also request ids, the log line and the journal."""

import json
import secrets  # noqa: TID251  # request ids, which are part of no answer's body
import sys
from collections.abc import Callable, Sequence
from urllib.parse import quote, unquote

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.accounts.entries import NOBODY, Entry
from playhead.clock import SystemClock, stopwatch
from playhead.settings import CONTROL
from playhead.vendor import Vendor, Visit

Log = Callable[[str], None]
Note = Callable[[Entry], None]
LONGEST_COUNT = 10  # digits of a client's count of its attempts


def to_stderr(line: str) -> None:
    """Write a line of the log."""
    print(line, file=sys.stderr, flush=True)


class Dispatch:
    """The application: hands each request to its vendor or to the control API, and writes one line of each vendor's."""

    def __init__(
        self, apps: Sequence[tuple[Vendor, ASGIApp]], *, front: Response, control: ASGIApp, log: str, note: Sequence[Note] = (), write: Log = to_stderr
    ) -> None:
        self.apps = apps
        self.front = front
        self.control = control
        self.log = log
        self.note = note
        self.secrets = frozenset[str]().union(*(vendor.secrets for vendor, _ in apps))  # masked wherever they are sent, mistaken paths included
        self.write = write
        self.on_shutdown: Callable[[], None] = lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and _is_of_control(scope):
            await self.control(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self.on_shutdown()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        vendor, app, raw_path = self._whose(scope)
        exchange = Exchange(scope, vendor, raw_path)
        note = self._note if app is not self.front else _keep_quiet

        async def send_on(message: Message) -> None:
            message = exchange.signed(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                note(exchange)  # before the client has it all, so that it can ask at once
            await send(message)

        try:
            await app(exchange.inner(cut=lambda: note(exchange)), receive, send_on)
        finally:
            note(exchange)
            self._write(exchange)

    def _note(self, exchange: "Exchange") -> None:
        if exchange.noted:
            return
        exchange.noted = True
        entry = exchange.entry(self.secrets)
        for note in self.note:
            note(entry)

    def _whose(self, scope: Scope) -> tuple[Vendor | None, ASGIApp, bytes]:
        """The vendor of a request, its application, and the path there."""
        path = scope.get("raw_path") or scope["path"].encode()
        path = path.partition(b"?")[0]
        host = dict(scope["headers"]).get(b"host", b"").partition(b":")[0].decode("latin-1").lower()
        root = "/" + path.decode("latin-1").split("/")[1] if path.startswith(b"/") else ""
        for vendor, app in self.apps:
            if host in vendor.hosts or root in vendor.roots:
                return vendor, app, path
            if root == f"/{vendor.name}":
                return vendor, app, path[len(root) :] or b"/"
        return None, self.front if path == b"/" and scope["method"] in ("GET", "HEAD") else _nothing_here(path), path

    def _write(self, exchange: "Exchange") -> None:
        if self.log != "off":
            self._write_line(exchange)
        if exchange.visit.crash:  # a fault of ours is told however quiet the log is
            self.write(exchange.visit.crash)

    def _write_line(self, exchange: "Exchange") -> None:
        visit, status, milliseconds = exchange.visit, exchange.status, exchange.seconds * 1000
        method, path, operation, account = exchange.scope["method"], exchange.scope["path"], exchange.operation or "-", exchange.account_name
        why = "; ".join(filter(None, [visit.applied, visit.refused, *visit.remarks]))
        if self.log == "json":
            line = {"vendor": visit.vendor, "operation": operation, "account": account, "method": method, "path": path, "status": status}
            self.write(json.dumps({**line, "milliseconds": round(milliseconds, 1), "why": why}, ensure_ascii=False))
        else:
            path = quote(path)  # a line stays one line
            self.write(f"{visit.vendor} {operation} {account or '-'!r} {method} {path} {status} {milliseconds:.1f} ms{' ' + why if why else ''}")


class Exchange:
    """One request and what became of it."""

    def __init__(self, scope: Scope, vendor: Vendor | None, raw_path: bytes) -> None:
        self.scope = scope
        self.vendor = vendor
        self.raw_path = raw_path
        self.visit = Visit(vendor.name if vendor else "playhead")
        self.status = 0
        self.noted = False
        self.came_at = SystemClock().milliseconds()
        self.started = stopwatch()
        self._inner: Scope = {}

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return stopwatch() - self.started

    @property
    def operation(self) -> str:
        return getattr(self._inner.get("route"), "name", "") or ""

    @property
    def account_name(self) -> str:
        return self.visit.account.name if self.visit.account else ""

    def inner(self, *, cut: Callable[[], None]) -> Scope:
        """The scope for the vendor's application; `cut` is called before the connection is."""
        close = self.scope.get("state", {}).get("cut")

        def cut_off() -> None:
            cut()
            close()

        # HEAD is GET without a body, for every route; sub-applications only know GET.
        method = "GET" if self.scope["method"] == "HEAD" else self.scope["method"]
        own = {"visit": self.visit, "cut": close and cut_off, "head": self.scope["method"] == "HEAD", "state": {}}
        self._inner = {**self.scope, **own, "raw_path": self.raw_path, "method": method}
        return self._inner

    def signed(self, message: Message) -> Message:
        """A message of the answer, as it is sent: with a request id, which names one request and no part of any world."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return {**message, "headers": [*message["headers"], (b"x-request-id", secrets.token_hex(16).encode())]}
        return {**message, "body": b"", "more_body": False} if self.scope["method"] == "HEAD" else message

    def entry(self, secrets: frozenset[str]) -> Entry:
        """The journal's entry, without secrets."""
        visit = self.visit
        return Entry(
            account=visit.account.id if visit.account else NOBODY,
            at_ms=self.came_at,
            vendor=visit.vendor,
            operation=self.operation,
            method=self.scope["method"],
            path=self.raw_path.decode("latin-1"),
            query=_masked(self.scope["query_string"].decode("latin-1"), secrets),
            status=self.status,
            microseconds=round(self.seconds * 1_000_000),
            applied=visit.applied,
            retry=self._retry(),
            why="; ".join(filter(None, [visit.refused, *visit.remarks])),
        )

    def _retry(self) -> int:
        """How often the client says that it tried before."""
        header = self.vendor.attempt_header if self.vendor else None
        attempt = dict(self.scope["headers"]).get(header.encode(), b"") if header else b""
        return int(attempt) if attempt.isdigit() and len(attempt) < LONGEST_COUNT else 0


def _keep_quiet(_exchange: Exchange) -> None:
    """The page at the root is nobody's request."""


def _is_of_control(scope: Scope) -> bool:
    path: str = scope["path"]
    return path == CONTROL or path.startswith(CONTROL + "/")


def _masked(query: str, secrets: frozenset[str]) -> str:
    if not secrets or not query:
        return query
    pairs = [pair.partition("=") for pair in query.split("&")]
    return "&".join(f"{name}{equals}{'***' if unquote(name) in secrets else value}" for name, equals, value in pairs)


def _nothing_here(path: bytes) -> Response:
    """Playhead's own 404, for a path that is no vendor's."""
    detail = f"No vendor answers at {path.decode('latin-1')}. GET / tells which paths, prefixes and host names there are."
    problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": detail}
    return JSONResponse(problem, status_code=404, media_type="application/problem+json")
