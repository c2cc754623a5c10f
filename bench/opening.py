"""How long it takes to open, fork and reset an account, on worlds of any size and with overlays that hold something or nothing."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import count
from typing import Any

from bench.latency import AT_LEAST, DATABASES, WARM_UP, front_of_bare
from bench.processes import HOST
from bench.scale import Scale
from bench.stores import Stores
from bench.table import Aim, Figure, p99

ACCOUNTS = "/_emulator/accounts"
OVERLAYS = (0, 100)  # viewings
SOON = Aim(20)
TIMEOUT = 120
WATCHED = [[0, 60], [30, 90, 5]]
LENGTH = 600  # seconds, of the media that is watched


def figures(stores: Stores, scale: Scale) -> Iterator[Figure]:
    """Milliseconds of each, one request after the other; what is aimed at is the 99th percentile."""
    for database in DATABASES:
        for size in scale.ends:
            yield from _of_a_world(stores, database, size, scale)


def _of_a_world(stores: Stores, database: str, size: int, scale: Scale) -> Iterator[Figure]:
    bare, on = p99(front_of_bare(scale)), f"{database}, {size:,}"
    # No `cpu`: between the measured requests are others.
    with stores.serving(database, size) as (running, _), closing(http.client.HTTPConnection(HOST, running.port, timeout=TIMEOUT)) as connection:
        control = Control(connection)
        for name, act in control.acts():
            yield Figure(name, on, "ms", _milliseconds(act, scale), bare, SOON, judged=p99)


def _milliseconds(act: Callable[[], float], scale: Scale) -> list[float]:
    for _ in range(WARM_UP):
        act()
    samples: list[float] = []
    while len(samples) < scale.requests and (sum(samples) < scale.seconds * 1000 or len(samples) < AT_LEAST):
        samples.append(act() * 1000)
    return samples


class Control:
    """The control API, asked on one kept connection."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self.connection = connection
        self.numbers = count(1)

    def acts(self) -> Iterator[tuple[str, Callable[[], float]]]:
        """What is measured: by its name, what does it once and says how many seconds it took."""
        yield "POST /accounts", self.open
        for viewings in OVERLAYS:
            name = f"with {viewings}"
            self.ask("POST", "", {"name": name})
            media = self._record(name, viewings) if viewings else None
            yield f"POST /accounts/{{name}}/fork, {viewings} viewings recorded", partial(self.fork, name)
            self.ask("POST", f"/{_quoted(name)}/fork", {"name": f"fork {name}"})
            yield f"POST /accounts/{{name}}/reset, {viewings} viewings recorded", partial(self.reset, f"fork {name}", media)

    def open(self) -> float:
        """Open an account."""
        return self.ask("POST", "", {"name": f"opened {next(self.numbers)}"})

    def fork(self, name: str) -> float:
        """Fork an account."""
        return self.ask("POST", f"/{_quoted(name)}/fork", {"name": f"forked {next(self.numbers)}"})

    def reset(self, name: str, media: int | None) -> float:
        """Reset a fork, into which one more viewing was recorded, so that it has an overlay of its own to lose."""
        if media is not None:
            self._answer("POST", f"/{_quoted(name)}/viewings", {"media": media, "stretches": WATCHED})
        return self.ask("POST", f"/{_quoted(name)}/reset", {})

    def ask(self, method: str, path: str, body: Any) -> float:  # Any: JSON
        """How many seconds an answer takes that is no refusal."""
        began = time.perf_counter()
        self._answer(method, path, body)
        return time.perf_counter() - began

    def _record(self, name: str, viewings: int) -> int:
        """Record viewings of a new media; its number."""
        media: int = self._answer("POST", f"/{_quoted(name)}/media", {"title": "film", "duration": LENGTH})["media"][0]["number"]
        self._answer("POST", f"/{_quoted(name)}/viewings", [{"media": media, "stretches": WATCHED} for _ in range(viewings)])
        return media

    def _answer(self, method: str, path: str, body: Any) -> Any:
        self.connection.request(method, ACCOUNTS + path, json.dumps(body), {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        answer = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path} is answered with {response.status}: {answer[:300]!r}")
        return json.loads(answer)


def _quoted(name: str) -> str:
    return name.replace(" ", "%20")
