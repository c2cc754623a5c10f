"""Requests to the control API of a running server, over connections that are kept.

Only the standard library: it is imported into others' tests.
"""

import http.client
import json
import select
import weakref
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from playhead.domain.errors import UserError

CONTROL = "/_emulator"
DEFAULT_TIMEOUT = 120.0  # seconds that an answer may take: a first reading makes a world
IDEMPOTENT_METHODS = (
    "GET",
    "PUT",
    "DELETE",
)  # what may be sent again when a kept connection turns out to have ended
CONNECTION_CLASSES: dict[str, type[http.client.HTTPConnection]] = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}
HINTS = {
    401: "give the token that the server was started with",
    403: "the server's setting control_hosts names the hosts by which it may be asked",
}


class ControlError(UserError):
    """What the control API refused, or why nobody answered:

    `status` (0 without an answer), `title`, and a `detail` that says what to do.
    """

    def __init__(self, status: int, title: str, detail: str, *, request_line: str) -> None:
        advice = f" ({HINTS[status]})" if status in HINTS else ""
        super().__init__(f"{request_line}: {title}: {detail}{advice}")
        self.status = status
        self.title = title
        self.detail = detail


class Body(NamedTuple):
    """What is sent: its type and its bytes."""

    type: str
    content: bytes


@dataclass(frozen=True)
class ApiRequest:
    """One request:

    what to do with which part of the control API, and how many seconds an answer may take (None:
    any time).
    """

    method: str
    path: str
    body: Body | None = None
    query: Mapping[str, object] | None = None
    timeout: float | None = DEFAULT_TIMEOUT

    def target(self, base: str) -> str:
        """Path and query, below the server's own path."""
        given = {name: value for name, value in (self.query or {}).items() if value is not None}
        return f"{base.rstrip('/')}{CONTROL}{self.path}{'?' if given else ''}{urlencode(given)}"


class HttpTransport:
    """The control API at a URL.

    Safe to use from many threads: each takes a connection that nobody uses, or opens one.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self._parts = urlsplit(url)
        if self._parts.scheme not in CONNECTION_CLASSES or not self._parts.hostname:
            raise UserError(f"url={url!r} is not the http://host:port of a running Playhead")
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._idle: deque[http.client.HTTPConnection] = deque()
        weakref.finalize(self, _close_all, self._idle)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        _close_all(self._idle)

    def call(self, request: ApiRequest) -> Any:  # Any: JSON
        """The JSON of the answer, None where it has no body; raises ControlError."""
        content = self.read(request)
        return json.loads(content) if content else None

    def read(self, request: ApiRequest) -> bytes:
        """The body of the answer; raises ControlError."""
        try:
            response, content = self._send_with_retry(request)
        except (OSError, http.client.HTTPException) as error:
            raise self._connection_error(request, error) from None
        if response.status >= 400:
            raise self._response_error(request, response, content)
        return content

    def events(self, request: ApiRequest) -> Iterator[Any]:  # Any: JSON
        """The JSON of each event of a stream, as it comes; raises ControlError."""
        with closing(self._connect()) as connection:
            try:
                response = self._send(connection, request)
                if response.status >= 400:
                    raise self._response_error(request, response, response.read())
                for line in response:
                    if line.startswith(b"data:"):
                        yield json.loads(line[5:])
            except (OSError, http.client.HTTPException) as error:
                raise self._connection_error(request, error) from None

    def _send_with_retry(self, request: ApiRequest) -> tuple[http.client.HTTPResponse, bytes]:
        kept = self._take_idle_connection()
        if kept is not None:
            try:
                return self._exchange(kept, request)
            except ConnectionError:
                if request.method not in IDEMPOTENT_METHODS:
                    raise
        return self._exchange(self._connect(), request)

    def _exchange(
        self, connection: http.client.HTTPConnection, request: ApiRequest
    ) -> tuple[http.client.HTTPResponse, bytes]:
        try:
            response = self._send(connection, request)
            content = response.read()
        except BaseException:
            connection.close()
            raise
        if connection.sock is not None:  # else the server has asked to end it
            self._idle.append(connection)
        return response, content

    def _send(
        self, connection: http.client.HTTPConnection, request: ApiRequest
    ) -> http.client.HTTPResponse:
        connection.timeout = request.timeout
        if connection.sock is not None:
            connection.sock.settimeout(request.timeout)
        headers = self._headers | ({"Content-Type": request.body.type} if request.body else {})
        connection.request(
            request.method,
            request.target(self._parts.path),
            request.body.content if request.body else None,
            headers,
        )
        return connection.getresponse()

    def _connect(self) -> http.client.HTTPConnection:
        return CONNECTION_CLASSES[self._parts.scheme](str(self._parts.hostname), self._parts.port)

    def _take_idle_connection(self) -> http.client.HTTPConnection | None:
        """A connection that nobody uses and that the server has not ended."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            waiting = select.poll()
            waiting.register(connection.sock, select.POLLIN)
            if not waiting.poll(0):
                return connection
            connection.close()  # nothing was asked, so what is there to read can only be its end

    def _request_line(self, request: ApiRequest) -> str:
        return f"{request.method} {self.url}{request.target('')}"

    def _connection_error(self, request: ApiRequest, error: Exception) -> ControlError:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        detail = f"{reason}; is that the URL of a running Playhead? `playhead serve` starts one"
        return ControlError(0, "no answer", detail, request_line=self._request_line(request))

    def _response_error(
        self, request: ApiRequest, response: http.client.HTTPResponse, content: bytes
    ) -> ControlError:
        asked = self._request_line(request)
        title = f"{response.status} {response.reason}"
        if response.getheader("Content-Type", "").startswith("application/problem+json"):
            return ControlError(
                response.status, title, str(json.loads(content)["detail"]), request_line=asked
            )
        return ControlError(
            response.status,
            title,
            "that is not Playhead's control API; is the URL right?",
            request_line=asked,
        )


def json_body(value: object) -> Body:
    """A value as JSON; instants and durations may be Python's own."""
    return Body("application/json", _encode(value))


def ndjson_body(values: Iterator[object]) -> Body:
    """Values as NDJSON."""
    return Body("application/x-ndjson", b"".join(_encode(value) + b"\n" for value in values))


def quote_segment(name: object) -> str:
    """A name or an id as one segment of a path."""
    return quote(str(name), safe="")


def _encode(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=format_iso).encode()


def format_iso(value: object) -> str:
    """An instant or a duration in ISO 8601.

    Without an offset an instant is UTC. Raises TypeError for anything else.
    """
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{'-' if seconds < 0 else ''}PT{abs(seconds)}S"
    raise TypeError(f"{value!r} is neither JSON nor an instant nor a duration")


def _close_all(connections: deque[http.client.HTTPConnection]) -> None:
    while connections:
        connections.pop().close()
