"""What fills an operation's templates:

another window and other ids each turn, so that no two answers are of the same pages.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from bench.client import KEY, BenchClient, Request
from bench.operations import PATH_WORDS, MeasuredOperation, placeholder
from bench.stores import NOW

IdsByKind = Mapping[str, Sequence[str]]
Catalog = Mapping[str, Sequence[Mapping[str, str]]]

PATH_WORD_SLOTS = {placeholder(word): word for word in PATH_WORDS}
TODAY = datetime.fromisoformat(NOW).date()
PAST_DAYS = 91
RANGE_DAYS = 30
DEEP_PAGE = 100  # rows
LOADS_OF_A_VIEWER = 8  # of the demo world, about


def collect_ids(client: BenchClient, catalog: Catalog) -> dict[str, IdsByKind]:
    """Ids to ask for, by vendor and kind:

    the catalog's, and more events, visitors and sessions than it shows.
    """
    ids: dict[str, dict[str, Sequence[str]]] = {
        vendor: _by_kind(rows) for vendor, rows in catalog.items()
    }
    ids["gcore"]["broadcast"] = [
        str(id_)
        for stream in client.json("gcore", "/streaming/streams")
        for id_ in stream["broadcast_ids"]
    ]
    ids["wistia"] |= _event_ids(client)
    ids["apivideo"] |= _session_ids(client, ids["apivideo"]["video"])
    title = next(
        row["title"] for row in catalog["apivideo"] if row["id"] == ids["apivideo"]["busiest"][0]
    )
    for vendor in ("gcore", "wistia"):
        ids[vendor]["busiest"] = [row["id"] for row in catalog[vendor] if row["title"] == title]
    return dict(ids)


def _by_kind(rows: Sequence[Mapping[str, str]]) -> dict[str, Sequence[str]]:
    kinds = dict.fromkeys(row["kind"] for row in rows)
    return {kind: [row["id"] for row in rows if row["kind"] == kind] for kind in kinds}


def _event_ids(client: BenchClient) -> dict[str, Sequence[str]]:
    """Events of many days and their visitors; halfway through the list of each."""
    events = []
    for before in range(1, 80, 4):
        day = TODAY - timedelta(before)
        events += client.json(
            "wistia", f"/v1/stats/events?per_page=10&start_date={day}&end_date={day}"
        )
    account = client.json("wistia", "/v1/stats/account")
    return {
        "event": [event["event_key"] for event in events],
        "visitor": [event["visitor_key"] for event in events],
        "deep_events": _middle_pages(account["play_count"]),
        "deep_visitors": _middle_pages(account["load_count"] // LOADS_OF_A_VIEWER),
        "searched": ["ana", "son", "brown", "example.com", "el", "mar"],
    }


def _session_ids(client: BenchClient, videos: Sequence[str]) -> dict[str, Sequence[str]]:
    """Some sessions of every video; the video that has most, halfway through its list."""
    sessions: list[str] = []
    counts: dict[str, int] = {}
    for video in videos:
        page = client.json(
            "apivideo",
            f"/analytics/videos/{video}?pageSize=4&period={TODAY - timedelta(RANGE_DAYS)}/{TODAY}",
        )
        sessions += [row["session"]["sessionId"] for row in page["data"]]
        counts[video] = client.json("apivideo", f"/analytics/videos/{video}?pageSize=1")[
            "pagination"
        ]["itemsTotal"]
    busiest = max(counts, key=lambda video: counts[video])
    return {
        "session": sessions,
        "busiest": [busiest],
        "deep_sessions": _middle_pages(counts[busiest]),
        "refresh_token": [
            client.json("apivideo", "/auth/api-key", f'{{"apiKey": "{KEY}"}}')["refresh_token"]
        ],
        "hat": ["green", "red", "blue"],
    }


def _middle_pages(rows: int) -> list[str]:
    """Pages halfway through a list."""
    return [str(max(1, rows // DEEP_PAGE // 2 - page)) for page in range(10)]


def requests(operation: MeasuredOperation, ids: IdsByKind) -> Iterator[Request]:
    """The operation as request after request, for ever."""
    turn = 0
    while True:
        values = {
            **PATH_WORD_SLOTS,
            **{kind: known[turn % len(known)] for kind, known in ids.items() if known},
            **_time_slots(turn),
            "turn": turn,
            "process": os.getpid(),
        }
        yield _fill(operation, values)
        turn += 1


def _fill(operation: MeasuredOperation, values: Mapping[str, object]) -> Request:
    escaped = {name: quote(str(value), safe=":") for name, value in values.items()}
    path = operation.path.format_map(escaped)
    query = operation.query.format_map(escaped)
    return Request(
        operation.vendor,
        f"{path}?{query}" if query else path,
        operation.body.format_map(values) or None,
    )


_TIME_SLOTS: Mapping[str, Callable[[date, int], object]] = {
    "first": lambda start, _: start,
    "last": lambda start, _: start + timedelta(RANGE_DAYS - 1),
    "odd_first": lambda start, turn: _odd_instant(start, turn),
    "odd_last": lambda start, turn: _odd_instant(start + timedelta(RANGE_DAYS), turn),
    "day": lambda start, _: start,
    "next_day": lambda start, _: start + timedelta(1),
    # What api.video keeps: the last 30 days.
    "recent_day": lambda _, turn: TODAY - timedelta(RANGE_DAYS - 1 - turn % 3),
    "recent": lambda _, turn: _odd_instant(TODAY - timedelta(RANGE_DAYS - 1), turn),
    "prefix": lambda _, turn: ("v1", "modern")[turn % 2],
    "small_page": lambda _, turn: 20 + turn % 6,
}


def _time_slots(turn: int) -> dict[str, object]:
    """Windows that begin on another day of the past each turn."""
    start = TODAY - timedelta(1 + RANGE_DAYS + turn * 7 % (PAST_DAYS - RANGE_DAYS - 3))
    return {name: form(start, turn) for name, form in _TIME_SLOTS.items()}


def _odd_instant(day: date, turn: int) -> str:
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(
        seconds=3607 * (turn % 24) + turn % 60
    )
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
