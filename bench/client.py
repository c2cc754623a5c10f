"""One connection that is kept, and the seconds that each answer took on it."""

import base64
import http.client
import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple, Self

from bench.processes import HOST

KEY = "demo"
AUTHORIZATIONS = {
    "apivideo": f"Basic {base64.b64encode(f'{KEY}:'.encode()).decode()}",
    "gcore": f"APIKey {KEY}",
    "wistia": f"Bearer {KEY}",
}
TIMEOUT = 120


class Request(NamedTuple):
    """What is sent: to whom, the path with its query, and the JSON of a body."""

    vendor: str
    path: str
    body: str | None = None


class BenchClient:
    """A kept connection to a server."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def connect(cls, port: int) -> Iterator[Self]:
        """A client of a port of this machine."""
        with closing(http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)) as connection:
            yield cls(connection)

    def timed(self, request: Request) -> float:
        """How long the whole answer took to come; raises for one that is no 200."""
        began = time.perf_counter()
        self._send(request)
        return time.perf_counter() - began

    def json(
        self, vendor: str, path: str, body: str | None = None
    ) -> Any:  # Any: whatever JSON is answered
        """What is answered."""
        return json.loads(self._send(Request(vendor, path, body)))

    def _send(self, request: Request) -> bytes:
        headers = {"Authorization": AUTHORIZATIONS[request.vendor]} if request.vendor else {}
        self._connection.request(
            "POST" if request.body else "GET", request.path, request.body, headers
        )
        response = self._connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"{request} is answered with {response.status}: {answer[:300]!r}")
        return answer
