"""Account: what a test says to one account, and what it hears."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Unpack

from playhead.client.models import (
    CatalogEntry,
    Clock,
    Fault,
    Filters,
    JsonObject,
    Media,
    Request,
    Stub,
    Viewing,
    from_json,
)
from playhead.client.transport import (
    ApiRequest,
    Body,
    HttpTransport,
    json_body,
    ndjson_body,
    quote_segment,
)

Instant = str | datetime  # ISO 8601; without an offset it is UTC
Duration = str | timedelta  # ISO 8601, such as P1DT12H or -PT30M
PAGE_SIZE = 1000  # recorded viewings or requests in an answer


class Account:
    """One account: what its key opens at every vendor."""

    def __init__(self, transport: HttpTransport, name: str) -> None:
        self._transport = transport
        self.name = name
        self.key = name
        self.base_url = transport.url

    def __repr__(self) -> str:
        return f"Account({self.name!r} at {self.base_url})"

    def url(self, vendor: str) -> str:
        """The base URL for a vendor's client."""
        return f"{self.base_url}/{vendor}"

    @property
    def info(self) -> JsonObject:
        """What the server says of it: scenario, seed, clock, permissions and so on."""
        shown: JsonObject = self._call("GET")
        return shown

    @property
    def catalog(self) -> dict[str, list[CatalogEntry]]:
        """What each vendor can be asked for, by vendor."""
        found = self._call("GET", "/catalog")
        return {
            vendor: [from_json(CatalogEntry, entry) for entry in entries]
            for vendor, entries in found.items()
        }

    def reset(self) -> None:
        """Make it as it was created or forked."""
        self._call("POST", "/reset")

    def fork(self, name: str | None = None) -> "Account":
        """A copy: what was recorded, planned and set in it, not its journal."""
        return Account(
            self._transport, self._call("POST", "/fork", json_body(drop_none(name=name)))["name"]
        )

    def delete(self) -> None:
        """Remove it, with all that is in it."""
        self._call("DELETE")

    # Time.

    @property
    def clock(self) -> Clock:
        """Its clock, and what that shows."""
        return from_json(Clock, self._call("GET", "/clock"))

    def freeze(self, instant: Instant) -> Clock:
        """Let its clock stand at an instant."""
        return from_json(
            Clock, self._call("PUT", "/clock", json_body({"mode": "frozen", "at": instant}))
        )

    def offset(self, by: Duration) -> Clock:
        """Let its clock go ahead of the server's, or behind it."""
        return from_json(
            Clock, self._call("PUT", "/clock", json_body({"mode": "offset", "by": by}))
        )

    def advance(self, by: Duration) -> Clock:
        """Move its clock forward, or back."""
        return from_json(Clock, self._call("POST", "/clock/advance", json_body({"by": by})))

    def use_system_clock(self) -> Clock:
        """Let its clock be the server's again."""
        return from_json(Clock, self._call("DELETE", "/clock"))

    # What was watched.

    def create_media(self, title: str, **new: object) -> Media:
        """Make a media. `kind`: video (usual), live or playlist; `duration` in seconds; project,
        description, released_at, tags, labels, items, ids.

        `prompts`: forms and calls to action that a video shows, as dicts of kind, at, text, url;
        `source_bytes`: the size of its file.
        """
        return from_json(
            Media, self._call("POST", "/media", json_body({"title": title, **new}))["media"][0]
        )

    def list_media(self) -> list[Media]:
        """Every media that it has."""
        return [from_json(Media, media) for media in self._call("GET", "/media")["media"]]

    def broadcast(
        self, media: Media | int | str, started_at: Instant, ended_at: Instant, **new: object
    ) -> None:
        """Record a run of a live stream; also: bitrate, height, fps."""
        self._call(
            "POST",
            "/broadcasts",
            json_body(
                {
                    "media": _media_number(media),
                    "started_at": started_at,
                    "ended_at": ended_at,
                    **new,
                }
            ),
        )

    def record(self, media: Media | int | str, **new: object) -> Viewing:
        """Record a viewing of a media (any vendor's id will do).

        `played`: what was watched, as (from, to) or (from, to, pause before) in seconds; `viewer`:
        an id, or a dict of ip, user_agent, name, email,
        organisation, country, city; `loaded_at` (otherwise it has just ended), `wait`, `ended_at`,
        `page`, `labels`, `ids`, `impression_ms`, and
        `converts`: the kinds of prompts that it acts on (form, call_to_action).
        """
        return from_json(
            Viewing,
            self._call("POST", "/viewings", json_body({"media": _media_number(media), **new}))[
                "viewings"
            ][0],
        )

    def list_viewings(self) -> list[Viewing]:
        """Every recorded viewing, in the order of recording."""
        found: list[Viewing] = []
        while True:
            query = {"after": found[-1].id if found else None, "limit": PAGE_SIZE}
            page = self._transport.call(self._request("GET", "/viewings", query=query))["viewings"]
            found += [from_json(Viewing, viewing) for viewing in page]
            if len(page) < PAGE_SIZE:
                return found

    def record_all(self, viewings: Iterable[Mapping[str, object]]) -> list[Viewing]:
        """Record viewings, each with a `media` and what `record` takes:

        all of them or, when one is refused, none.
        """
        body = ndjson_body(
            {name: _media_number(value) for name, value in viewing.items()} for viewing in viewings
        )
        return [
            from_json(Viewing, viewing)
            for viewing in self._call("POST", "/viewings", body)["viewings"]
        ]

    def delete_viewing(self, viewing: Viewing | str) -> None:
        """Take a recorded viewing back; by its id, or by any vendor's."""
        self._call(
            "DELETE",
            f"/viewings/{quote_segment(viewing.id if isinstance(viewing, Viewing) else viewing)}",
        )

    def export(self) -> bytes:
        """All that is recorded in it, as NDJSON."""
        return self._transport.read(self._request("GET", "/export"))

    def import_(self, lines: bytes | str) -> int:
        """Record what `export` gave; how many lines."""
        content = lines.encode() if isinstance(lines, str) else lines
        return int(self._call("POST", "/import", Body("application/x-ndjson", content))["imported"])

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
        """Plan a fault for the requests of a vendor, an operation, a path with `*`, the nth ones,
        or some by chance; `times` and `ttl` end it.

        Its effect: `status` (400 to 599, in the vendor's own words), `retry` (False: the client is
        told not to), `headers`, `disconnect` ("before" the
        answer or "inside" it), `malformed` (JSON that is none), `latency` in milliseconds or
        {"median_ms": 200, "sigma": 0.5}.
        """
        match = drop_none(
            vendor=vendor, operation=operation, path=path, nth=nth, probability=probability
        )
        planned = {
            "match": match,
            "effect": drop_none(latency=_latency(latency), **effect),
            **drop_none(times=times, ttl=ttl),
        }
        return from_json(Fault, self._call("POST", "/faults", json_body(planned)))

    def faults(self) -> list[Fault]:
        """The faults that are planned."""
        return [from_json(Fault, fault) for fault in self._call("GET", "/faults")["faults"]]

    def clear_faults(self, fault: Fault | int | None = None) -> None:
        """Remove a fault, or all of them."""
        self._call("DELETE", _item_path("/faults", fault))

    def stub(self, vendor: str, path: str, **stub: object) -> Stub:
        """Answer a path of a vendor, in which `{x}` stands for any segment, with `json` or `body`.

        Also: method, query, status, headers.
        """
        return from_json(
            Stub, self._call("POST", "/stubs", json_body({"vendor": vendor, "path": path, **stub}))
        )

    def stubs(self) -> list[Stub]:
        """The canned answers that are set."""
        return [from_json(Stub, stub) for stub in self._call("GET", "/stubs")["stubs"]]

    def clear_stubs(self, stub: Stub | int | None = None) -> None:
        """Remove a canned answer, or all of them."""
        self._call("DELETE", _item_path("/stubs", stub))

    # What happened.

    def requests(self, **filters: Unpack[Filters]) -> list[Request]:
        """The requests that it got, oldest first."""
        return list(iter_requests(self._transport, f"{self._path}/requests", filters))

    def count(self, **filters: Unpack[Filters]) -> int:
        """How many requests it got."""
        return int(
            self._transport.call(self._request("GET", "/requests/count", query=filters))["count"]
        )

    def wait_for_requests(
        self, count: int = 1, timeout: float = 5.0, **filters: Unpack[Filters]
    ) -> list[Request]:
        """The requests, as soon as there are so many.

        A ControlError of status 408 when there are not in time.
        """
        query = {**filters, "count": count, "timeout": timeout}
        found = self._transport.call(
            self._request("GET", "/requests/wait", query=query, timeout=timeout + 60)
        )
        return [from_json(Request, request) for request in found["requests"]]

    def follow(self, **filters: Unpack[Filters]) -> Iterator[Request]:
        """The requests, those first that it got already, then each as it comes.

        It ends with the server.
        """
        for event in self._transport.events(
            self._request("GET", "/requests/stream", query=filters, timeout=None)
        ):
            yield from_json(Request, event)

    def clear_requests(self) -> None:
        """Forget the requests that it got."""
        self._call("DELETE", "/requests")

    @property
    def _path(self) -> str:
        return f"/accounts/{quote_segment(self.name)}"

    def _request(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        query: Mapping[str, object] | None = None,
        timeout: float | None = 120.0,
    ) -> ApiRequest:
        return ApiRequest(method, self._path + path, body, query, timeout)

    def _call(self, method: str, path: str = "", body: Body | None = None) -> Any:  # Any: JSON
        return self._transport.call(self._request(method, path, body))


def drop_none(**values: object) -> dict[str, object]:
    """Those that are given."""
    return {name: value for name, value in values.items() if value is not None}


def _media_number(media: object) -> object:
    return media.number if isinstance(media, Media) else media


def _latency(latency: float | timedelta | Mapping[str, float] | None) -> Mapping[str, float] | None:
    if isinstance(latency, timedelta):
        latency = latency.total_seconds() * 1000
    return {"ms": round(latency)} if isinstance(latency, int | float) else latency


def _item_path(path: str, item: Fault | Stub | int | None) -> str:
    return path if item is None else f"{path}/{item if isinstance(item, int) else item.id}"


def iter_requests(
    transport: HttpTransport, path: str, filters: Mapping[str, object]
) -> Iterator[Request]:
    """The requests at a path that fit, page by page."""
    after = None
    while True:
        page = transport.call(
            ApiRequest("GET", path, query={**filters, "after": after, "limit": PAGE_SIZE})
        )
        yield from (from_json(Request, request) for request in page["requests"])
        after = page["next"]
        if after is None:
            return
