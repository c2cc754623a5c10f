"""How long it takes to open, fork and reset an account, on worlds of any size and with overlays
that hold something or nothing.
"""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import count
from typing import Any

from bench.latency import DATABASES, MIN_SAMPLES, WARM_UP, bare_latency
from bench.processes import HOST
from bench.scale import Scale
from bench.stores import Stores
from bench.table import Aim, Figure, p99

ACCOUNTS = "/_emulator/accounts"
OVERLAYS = (0, 100)  # viewings
CHANGE_AIM = Aim(20)
TIMEOUT = 120
PLAYED = [[0, 60], [30, 90, 5]]
MEDIA_SECONDS = 600  # seconds, of the media that is watched


def figures(stores: Stores, scale: Scale) -> Iterator[Figure]:
    """Milliseconds of each, one request after the other.

    What is aimed at is the 99th percentile.
    """
    for database in DATABASES:
        for size in scale.ends:
            yield from _world_figures(stores, database, size, scale)


def _world_figures(stores: Stores, database: str, size: int, scale: Scale) -> Iterator[Figure]:
    bare = p99(bare_latency(scale))
    on = f"{database}, {size:,}"
    # No `cpu`: between the measured requests are others.
    with (
        stores.serving(database, size) as (running, _),
        closing(http.client.HTTPConnection(HOST, running.port, timeout=TIMEOUT)) as connection,
    ):
        control = ControlClient(connection)
        for name, act in control.actions():
            yield Figure(name, on, "ms", _measure(act, scale), bare, CHANGE_AIM, statistic=p99)


def _measure(action: Callable[[], float], scale: Scale) -> list[float]:
    for _ in range(WARM_UP):
        action()
    samples: list[float] = []
    while len(samples) < scale.requests and (
        sum(samples) < scale.seconds * 1000 or len(samples) < MIN_SAMPLES
    ):
        samples.append(action() * 1000)
    return samples


class ControlClient:
    """The control API, asked on one kept connection."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self.connection = connection
        self.numbers = count(1)

    def actions(self) -> Iterator[tuple[str, Callable[[], float]]]:
        """What is measured: by its name, what does it once and says how many seconds it took."""
        yield "POST /accounts", self.create_account
        for viewings in OVERLAYS:
            name = f"with {viewings}"
            self.timed("POST", "", {"name": name})
            media = self._record(name, viewings) if viewings else None
            yield (
                f"POST /accounts/{{name}}/fork, {viewings} viewings recorded",
                partial(self.fork, name),
            )
            self.timed("POST", f"/{_quote(name)}/fork", {"name": f"fork {name}"})
            yield (
                f"POST /accounts/{{name}}/reset, {viewings} viewings recorded",
                partial(self.reset, f"fork {name}", media),
            )

    def create_account(self) -> float:
        """Open an account."""
        return self.timed("POST", "", {"name": f"opened {next(self.numbers)}"})

    def fork(self, name: str) -> float:
        """Fork an account."""
        return self.timed("POST", f"/{_quote(name)}/fork", {"name": f"forked {next(self.numbers)}"})

    def reset(self, name: str, media: int | None) -> float:
        """Reset a fork, into which one more viewing was recorded, so that it has an overlay of its
        own to lose.
        """
        if media is not None:
            self._send("POST", f"/{_quote(name)}/viewings", {"media": media, "played": PLAYED})
        return self.timed("POST", f"/{_quote(name)}/reset", {})

    def timed(self, method: str, path: str, body: Any) -> float:  # Any: JSON
        """How many seconds an answer takes that is no refusal."""
        began = time.perf_counter()
        self._send(method, path, body)
        return time.perf_counter() - began

    def _record(self, name: str, viewings: int) -> int:
        """Record viewings of a new media; its number."""
        media: int = self._send(
            "POST", f"/{_quote(name)}/media", {"title": "film", "duration": MEDIA_SECONDS}
        )["media"][0]["number"]
        self._send(
            "POST",
            f"/{_quote(name)}/viewings",
            [{"media": media, "played": PLAYED} for _ in range(viewings)],
        )
        return media

    def _send(self, method: str, path: str, body: Any) -> Any:
        self.connection.request(
            method, ACCOUNTS + path, json.dumps(body), {"Content-Type": "application/json"}
        )
        response = self.connection.getresponse()
        answer = response.read()
        if response.status >= 300:
            raise RuntimeError(
                f"{method} {path} is answered with {response.status}: {answer[:300]!r}"
            )
        return json.loads(answer)


def _quote(name: str) -> str:
    return name.replace(" ", "%20")
