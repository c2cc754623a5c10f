"""Requests to the control API of a running server, over connections that are kept. Only the standard library: it is imported into others' tests."""

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

from playhead.failure import Refusal

CONTROL = "/_emulator"
PATIENCE = 120.0  # seconds that an answer may take: a first reading makes a world
REPEATABLE = ("GET", "PUT", "DELETE")  # what may be sent again when a kept connection turns out to have ended
OPENERS: dict[str, type[http.client.HTTPConnection]] = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
ADVICE = {401: "give the token that the server was started with", 403: "the server's setting control_hosts names the hosts by which it may be asked"}


class ControlError(Refusal):
    """What the control API refused, or why nobody answered: `status` (0 without an answer), `title`, and a `detail` that says what to do."""

    def __init__(self, status: int, title: str, detail: str, *, asked: str) -> None:
        advice = f" ({ADVICE[status]})" if status in ADVICE else ""
        super().__init__(f"{asked}: {title}: {detail}{advice}")
        self.status = status
        self.title = title
        self.detail = detail


class Body(NamedTuple):
    """What is sent: its type and its bytes."""

    type: str
    content: bytes


@dataclass(frozen=True)
class Question:
    """One request: what to do with which part of the control API, and how many seconds an answer may take (None: any time)."""

    method: str
    path: str
    body: Body | None = None
    query: Mapping[str, object] | None = None
    patience: float | None = PATIENCE

    def target(self, base: str) -> str:
        """Path and query, below the server's own path."""
        given = {name: value for name, value in (self.query or {}).items() if value is not None}
        return f"{base.rstrip('/')}{CONTROL}{self.path}{'?' if given else ''}{urlencode(given)}"


class Wire:
    """The control API at a URL. Safe to use from many threads: each takes a connection that nobody uses, or opens one."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self._parts = urlsplit(url)
        if self._parts.scheme not in OPENERS or not self._parts.hostname:
            raise Refusal(f"url={url!r} is not the http://host:port of a running Playhead")
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._idle: deque[http.client.HTTPConnection] = deque()
        weakref.finalize(self, _close, self._idle)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        _close(self._idle)

    def call(self, question: Question) -> Any:  # Any: JSON
        """The JSON of the answer, None where it has no body; raises ControlError."""
        content = self.read(question)
        return json.loads(content) if content else None

    def read(self, question: Question) -> bytes:
        """The body of the answer; raises ControlError."""
        try:
            response, content = self._answer(question)
        except (OSError, http.client.HTTPException) as error:
            raise self._unanswered(question, error) from None
        if response.status >= 400:
            raise self._refused(question, response, content)
        return content

    def events(self, question: Question) -> Iterator[Any]:  # Any: JSON
        """The JSON of each event of a stream, as it comes; raises ControlError."""
        with closing(self._opened()) as connection:
            try:
                response = self._sent(connection, question)
                if response.status >= 400:
                    raise self._refused(question, response, response.read())
                for line in response:
                    if line.startswith(b"data:"):
                        yield json.loads(line[5:])
            except (OSError, http.client.HTTPException) as error:
                raise self._unanswered(question, error) from None

    def _answer(self, question: Question) -> tuple[http.client.HTTPResponse, bytes]:
        kept = self._kept()
        if kept is not None:
            try:
                return self._exchanged(kept, question)
            except ConnectionError:
                if question.method not in REPEATABLE:
                    raise
        return self._exchanged(self._opened(), question)

    def _exchanged(self, connection: http.client.HTTPConnection, question: Question) -> tuple[http.client.HTTPResponse, bytes]:
        try:
            response = self._sent(connection, question)
            content = response.read()
        except BaseException:
            connection.close()
            raise
        if connection.sock is not None:  # else the server has asked to end it
            self._idle.append(connection)
        return response, content

    def _sent(self, connection: http.client.HTTPConnection, question: Question) -> http.client.HTTPResponse:
        connection.timeout = question.patience
        if connection.sock is not None:
            connection.sock.settimeout(question.patience)
        headers = self._headers | ({"Content-Type": question.body.type} if question.body else {})
        connection.request(question.method, question.target(self._parts.path), question.body.content if question.body else None, headers)
        return connection.getresponse()

    def _opened(self) -> http.client.HTTPConnection:
        return OPENERS[self._parts.scheme](str(self._parts.hostname), self._parts.port)

    def _kept(self) -> http.client.HTTPConnection | None:
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

    def _asked(self, question: Question) -> str:
        return f"{question.method} {self.url}{question.target('')}"

    def _unanswered(self, question: Question, error: Exception) -> ControlError:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        detail = f"{reason}; is that the URL of a running Playhead? `playhead serve` starts one"
        return ControlError(0, "no answer", detail, asked=self._asked(question))

    def _refused(self, question: Question, response: http.client.HTTPResponse, content: bytes) -> ControlError:
        asked, title = self._asked(question), f"{response.status} {response.reason}"
        if response.getheader("Content-Type", "").startswith("application/problem+json"):
            return ControlError(response.status, title, str(json.loads(content)["detail"]), asked=asked)
        return ControlError(response.status, title, "that is not Playhead's control API; is the URL right?", asked=asked)


def json_body(value: object) -> Body:
    """A value as JSON; instants and durations may be Python's own."""
    return Body("application/json", _said(value))


def lines_body(values: Iterator[object]) -> Body:
    """Values as NDJSON."""
    return Body("application/x-ndjson", b"".join(_said(value) + b"\n" for value in values))


def segment(name: object) -> str:
    """A name or an id as one segment of a path."""
    return quote(str(name), safe="")


def _said(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=iso).encode()


def iso(value: object) -> str:
    """An instant or a duration in ISO 8601; without an offset an instant is UTC. Raises TypeError for anything else."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{'-' if seconds < 0 else ''}PT{abs(seconds)}S"
    raise TypeError(f"{value!r} is neither JSON nor an instant nor a duration")


def _close(connections: deque[http.client.HTTPConnection]) -> None:
    while connections:
        connections.pop().close()
