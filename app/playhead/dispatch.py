"""Whose request is it: by documented host, by prefix, or by documented path. Also request ids, the log line and the journal."""

import json
import secrets  # noqa: TID251  # request ids, which are part of no answer's body
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.accounts.journal import NOBODY, Entry
from playhead.clock import SystemClock, stopwatch
from playhead.settings import CONTROL
from playhead.vendor import Vendor, Visit

Log = Callable[[str], None]
Note = Callable[[Entry], None]


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
        started, visit, status = stopwatch(), Visit(), 0
        vendor, app, raw_path = self._whose(scope)
        visit.vendor = vendor.name if vendor else "playhead"
        # HEAD is GET without a body, for every route; sub-applications only know GET.
        inner = {
            **scope,
            "raw_path": raw_path,
            "visit": visit,
            "cut": scope.get("state", {}).get("cut"),
            "state": {},
            "method": "GET" if scope["method"] == "HEAD" else scope["method"],
        }

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # A request id names one request and no part of any world.
                message["headers"] = [*message["headers"], (b"x-request-id", secrets.token_hex(16).encode())]
            elif scope["method"] == "HEAD":
                message = {**message, "body": b"", "more_body": False}
            await send(message)

        await app(inner, receive, send_on)
        seconds = stopwatch() - started
        self._write(scope, inner, visit, status, seconds * 1000)
        if app is not self.front:
            entry = _entry(scope, inner, visit, status, vendor, round(seconds * 1_000_000))
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

    def _write(self, scope: Scope, inner: Mapping[str, Any], visit: Visit, status: int, milliseconds: float) -> None:
        if self.log == "off":
            return
        operation, account = _operation(inner) or "-", visit.account.name if visit.account else ""
        why = "; ".join(filter(None, [visit.applied, visit.refused, *visit.remarks]))
        if self.log == "json":
            path = scope["path"]
            line = {"vendor": visit.vendor, "operation": operation, "account": account, "method": scope["method"], "path": path, "status": status}
            self.write(json.dumps({**line, "milliseconds": round(milliseconds, 1), "why": why}, ensure_ascii=False))
        else:
            path = quote(scope["path"])  # a line stays one line
            self.write(f"{visit.vendor} {operation} {account or '-'!r} {scope['method']} {path} {status} {milliseconds:.1f} ms{' ' + why if why else ''}")
        if visit.crash:
            self.write(visit.crash)


def _operation(scope: Mapping[str, Any]) -> str:
    return getattr(scope.get("route"), "name", "") or ""


def _is_of_control(scope: Scope) -> bool:
    path: str = scope["path"]
    return path == CONTROL or path.startswith(CONTROL + "/")


def _entry(scope: Scope, inner: Scope, visit: Visit, status: int, vendor: Vendor | None, microseconds: int) -> Entry:
    """The journal's entry of a request, without secrets."""
    attempt = dict(scope["headers"]).get((vendor.attempt_header or "").encode(), b"") if vendor else b""
    return Entry(
        account=visit.account.id if visit.account else NOBODY,
        at_ms=SystemClock().milliseconds(),
        vendor=visit.vendor,
        operation=_operation(inner),
        method=scope["method"],
        path=inner["raw_path"].decode("latin-1"),
        query=_masked(scope["query_string"].decode("latin-1"), vendor.secrets if vendor else frozenset()),
        status=status,
        microseconds=microseconds,
        applied=visit.applied,
        retry=int(attempt) if attempt.isdigit() else 0,
        why="; ".join(filter(None, [visit.refused, *visit.remarks])),
    )


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
