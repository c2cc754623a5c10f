"""Whose request is it: by documented host, by prefix, or by documented path. Also request ids and the log line."""

import json
import secrets  # noqa: TID251  # request ids, which are part of no answer's body
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.clock import stopwatch
from playhead.vendor import Vendor, Visit

Log = Callable[[str], None]


def to_stderr(line: str) -> None:
    """Write a line of the log."""
    print(line, file=sys.stderr, flush=True)


class Dispatch:
    """The application: hands each request to its vendor, and writes one line of each."""

    def __init__(self, apps: Sequence[tuple[Vendor, ASGIApp]], *, front: Response, log: str, write: Log = to_stderr) -> None:
        self.apps = apps
        self.front = front
        self.log = log
        self.write = write
        self.on_shutdown: Callable[[], None] = lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
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
        inner = {**scope, "raw_path": raw_path, "visit": visit, "state": {}, "method": "GET" if scope["method"] == "HEAD" else scope["method"]}

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
        self._write(scope, inner, visit, status, (stopwatch() - started) * 1000)

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
        operation = getattr(inner.get("route"), "name", "") or "-"
        why = "; ".join(filter(None, [visit.refused, *visit.remarks]))
        if self.log == "json":
            path = scope["path"]
            line = {"vendor": visit.vendor, "operation": operation, "account": visit.account, "method": scope["method"], "path": path, "status": status}
            self.write(json.dumps({**line, "milliseconds": round(milliseconds, 1), "why": why}, ensure_ascii=False))
        else:
            account, path = visit.account or "-", quote(scope["path"])  # a line stays one line
            self.write(f"{visit.vendor} {operation} {account!r} {scope['method']} {path} {status} {milliseconds:.1f} ms{' ' + why if why else ''}")
        if visit.crash:
            self.write(visit.crash)


def _nothing_here(path: bytes) -> Response:
    """Playhead's own 404, for a path that is no vendor's."""
    detail = f"No vendor answers at {path.decode('latin-1')}. GET / tells which paths, prefixes and host names there are."
    problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": detail}
    return JSONResponse(problem, status_code=404, media_type="application/problem+json")
