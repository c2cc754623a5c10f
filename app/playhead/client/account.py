"""Account: what a test says to one account, and what it hears."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Unpack

from playhead.client.shapes import Clock, Entry, Fault, Filters, Media, Request, Shown, Stub, Viewing, shaped
from playhead.client.wire import Body, Question, Wire, json_body, lines_body, segment

Instant = str | datetime  # ISO 8601; without an offset it is UTC
Duration = str | timedelta  # ISO 8601, such as P1DT12H or -PT30M
PAGE = 1000  # recorded viewings or requests in an answer


class Account:
    """One account: what its key opens at every vendor."""

    def __init__(self, wire: Wire, name: str) -> None:
        self._wire = wire
        self.name = name
        self.key = name
        self.base = wire.url

    def __repr__(self) -> str:
        return f"Account({self.name!r} at {self.base})"

    def url(self, vendor: str) -> str:
        """The base URL for a vendor's client."""
        return f"{self.base}/{vendor}"

    @property
    def shown(self) -> Shown:
        """What the server says of it: scenario, seed, clock, permissions and so on."""
        shown: Shown = self._ask("GET")
        return shown

    @property
    def catalog(self) -> dict[str, list[Entry]]:
        """What each vendor can be asked for, by vendor."""
        found = self._ask("GET", "/catalog")
        return {vendor: [shaped(Entry, entry) for entry in entries] for vendor, entries in found.items()}

    def reset(self) -> None:
        """Make it as it was created or forked."""
        self._ask("POST", "/reset")

    def fork(self, name: str | None = None) -> "Account":
        """A copy: what was recorded, planned and set in it, not its journal."""
        return Account(self._wire, self._ask("POST", "/fork", json_body(given(name=name)))["name"])

    def delete(self) -> None:
        """Remove it, with all that is in it."""
        self._ask("DELETE")

    # Time.

    @property
    def clock(self) -> Clock:
        """Its clock, and what that shows."""
        return shaped(Clock, self._ask("GET", "/clock"))

    def freeze(self, instant: Instant) -> Clock:
        """Let its clock stand at an instant."""
        return shaped(Clock, self._ask("PUT", "/clock", json_body({"mode": "frozen", "at": instant})))

    def offset(self, by: Duration) -> Clock:
        """Let its clock go ahead of the server's, or behind it."""
        return shaped(Clock, self._ask("PUT", "/clock", json_body({"mode": "offset", "by": by})))

    def advance(self, by: Duration) -> Clock:
        """Move its clock forward, or back."""
        return shaped(Clock, self._ask("POST", "/clock/advance", json_body({"by": by})))

    def thaw(self) -> Clock:
        """Let its clock be the server's again."""
        return shaped(Clock, self._ask("DELETE", "/clock"))

    # What was watched.

    def media(self, title: str, **new: object) -> Media:
        """Make a media. `kind`: video (usual), live or playlist; `duration` in seconds; project, description, released_at, tags, labels, items, ids.

        `prompts`: forms and calls to action that a video shows, as dicts of kind, at, text, url; `source_bytes`: the size of its file.
        """
        return shaped(Media, self._ask("POST", "/media", json_body({"title": title, **new}))["media"][0])

    def library(self) -> list[Media]:
        """Every media that it has."""
        return [shaped(Media, media) for media in self._ask("GET", "/media")["media"]]

    def broadcast(self, media: Media | int | str, started_at: Instant, ended_at: Instant, **new: object) -> None:
        """Record a run of a live stream; also: bitrate, height, fps."""
        self._ask("POST", "/broadcasts", json_body({"media": _number(media), "started_at": started_at, "ended_at": ended_at, **new}))

    def record(self, media: Media | int | str, **new: object) -> Viewing:
        """Record a viewing of a media (any vendor's id will do).

        `stretches`: what was watched, as (from, to) or (from, to, pause before) in seconds; `viewer`: an id, or a dict of ip, user_agent, name, email,
        organisation, country, city; `loaded_at` (otherwise it has just ended), `wait`, `ended_at`, `page`, `labels`, `ids`, `impression_ms`, and
        `converts`: the kinds of prompts that it acts on (form, call_to_action).
        """
        return shaped(Viewing, self._ask("POST", "/viewings", json_body({"media": _number(media), **new}))["viewings"][0])

    def recorded(self) -> list[Viewing]:
        """Every recorded viewing, in the order of recording."""
        found: list[Viewing] = []
        while True:
            query = {"after": found[-1].id if found else None, "limit": PAGE}
            page = self._wire.call(self._question("GET", "/viewings", query=query))["viewings"]
            found += [shaped(Viewing, viewing) for viewing in page]
            if len(page) < PAGE:
                return found

    def record_all(self, viewings: Iterable[Mapping[str, object]]) -> list[Viewing]:
        """Record viewings, each with a `media` and what `record` takes: all of them or, when one is refused, none."""
        body = lines_body({name: _number(value) for name, value in viewing.items()} for viewing in viewings)
        return [shaped(Viewing, viewing) for viewing in self._ask("POST", "/viewings", body)["viewings"]]

    def unrecord(self, viewing: Viewing | str) -> None:
        """Take a recorded viewing back; by its id, or by any vendor's."""
        self._ask("DELETE", f"/viewings/{segment(viewing.id if isinstance(viewing, Viewing) else viewing)}")

    def export(self) -> bytes:
        """All that is recorded in it, as NDJSON."""
        return self._wire.read(self._question("GET", "/export"))

    def import_(self, lines: bytes | str) -> int:
        """Record what `export` gave; how many lines."""
        content = lines.encode() if isinstance(lines, str) else lines
        return int(self._ask("POST", "/import", Body("application/x-ndjson", content))["imported"])

    # What is to go wrong, and what is to be answered instead.

    def fail(
        self,
        *,
        vendor: str | None = None,
        operation: str | None = None,
        path: str | None = None,
        nth: int | Sequence[int] | None = None,
        probability: float | None = None,
        times: int | None = None,
        ttl: Duration | None = None,
        latency: float | timedelta | Mapping[str, float] | None = None,
        **effect: object,
    ) -> Fault:
        """Plan a fault for the requests of a vendor, an operation, a path with `*`, the nth ones, or some by chance; `times` and `ttl` end it.

        Its effect: `status` (400 to 599, in the vendor's own words), `retry` (False: the client is told not to), `headers`, `cut` ("before" the
        answer or "inside" it), `malformed` (JSON that is none), `latency` in milliseconds or {"median_ms": 200, "sigma": 0.5}.
        """
        match = given(vendor=vendor, operation=operation, path=path, nth=nth, probability=probability)
        planned = {"match": match, "effect": given(latency=_latency(latency), **effect), **given(times=times, ttl=ttl)}
        return shaped(Fault, self._ask("POST", "/faults", json_body(planned)))

    def faults(self) -> list[Fault]:
        """The faults that are planned."""
        return [shaped(Fault, fault) for fault in self._ask("GET", "/faults")["faults"]]

    def clear_faults(self, fault: Fault | int | None = None) -> None:
        """Remove a fault, or all of them."""
        self._ask("DELETE", _one_of("/faults", fault))

    def stub(self, vendor: str, path: str, **stub: object) -> Stub:
        """Answer a path of a vendor, in which `{x}` stands for any segment, with `json` or `body`; also: method, query, status, headers."""
        return shaped(Stub, self._ask("POST", "/stubs", json_body({"vendor": vendor, "path": path, **stub})))

    def stubs(self) -> list[Stub]:
        """The canned answers that are set."""
        return [shaped(Stub, stub) for stub in self._ask("GET", "/stubs")["stubs"]]

    def clear_stubs(self, stub: Stub | int | None = None) -> None:
        """Remove a canned answer, or all of them."""
        self._ask("DELETE", _one_of("/stubs", stub))

    # What happened.

    def requests(self, **filters: Unpack[Filters]) -> list[Request]:
        """The requests that it got, oldest first."""
        return list(pages(self._wire, f"{self._path}/requests", filters))

    def count(self, **filters: Unpack[Filters]) -> int:
        """How many requests it got."""
        return int(self._wire.call(self._question("GET", "/requests/count", query=filters))["count"])

    def wait(self, count: int = 1, timeout: float = 5.0, **filters: Unpack[Filters]) -> list[Request]:
        """The requests, as soon as there are so many; a ControlError of status 408 when there are not in time."""
        query = {**filters, "count": count, "timeout": timeout}
        found = self._wire.call(self._question("GET", "/requests/wait", query=query, patience=timeout + 60))
        return [shaped(Request, request) for request in found["requests"]]

    def follow(self, **filters: Unpack[Filters]) -> Iterator[Request]:
        """The requests, those first that it got already, then each as it comes; it ends with the server."""
        for event in self._wire.events(self._question("GET", "/requests/stream", query=filters, patience=None)):
            yield shaped(Request, event)

    def forget(self) -> None:
        """Forget the requests that it got."""
        self._ask("DELETE", "/requests")

    @property
    def _path(self) -> str:
        return f"/accounts/{segment(self.name)}"

    def _question(
        self, method: str, path: str, body: Body | None = None, *, query: Mapping[str, object] | None = None, patience: float | None = 120.0
    ) -> Question:
        return Question(method, self._path + path, body, query, patience)

    def _ask(self, method: str, path: str = "", body: Body | None = None) -> Any:  # Any: JSON
        return self._wire.call(self._question(method, path, body))


def given(**values: object) -> dict[str, object]:
    """Those that are given."""
    return {name: value for name, value in values.items() if value is not None}


def _number(said: object) -> object:
    return said.number if isinstance(said, Media) else said


def _latency(latency: float | timedelta | Mapping[str, float] | None) -> Mapping[str, float] | None:
    if isinstance(latency, timedelta):
        latency = latency.total_seconds() * 1000
    return {"ms": round(latency)} if isinstance(latency, int | float) else latency


def _one_of(path: str, thing: Fault | Stub | int | None) -> str:
    return path if thing is None else f"{path}/{thing if isinstance(thing, int) else thing.id}"


def pages(wire: Wire, path: str, filters: Mapping[str, object]) -> Iterator[Request]:
    """The requests at a path that fit, page by page."""
    after = None
    while True:
        page = wire.call(Question("GET", path, query={**filters, "after": after, "limit": PAGE}))
        yield from (shaped(Request, request) for request in page["requests"])
        after = page["next"]
        if after is None:
            return
