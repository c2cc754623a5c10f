"""What the journal costs: the CPU that a server spends on a request with it, against the same server without."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from statistics import median

from bench.client import Client, Request
from bench.processes import Running, baseline
from bench.scale import Scale
from bench.stores import Stores
from bench.table import Aim, Figure

AIM = Aim(1.1, of_ratio=True)
WAYS = ("with", "without")
ROUNDS = 6
WRITTEN = 0.2  # seconds after which all that was noted is written
ASKED = {
    "a month's statistics": (
        Request("gcore", "/streaming/statistics/countries?date_from=2024-05-01T00:00:00Z&date_to=2024-05-31T23:59:59Z"),
        Request("wistia", "/v1/stats/account/by_date?start_date=2024-05-01&end_date=2024-05-31"),
        Request("apivideo", "/live-streams"),
    ),
    "the cheapest": (Request("gcore", "/streaming/streams"),),
}


def figures(stores: Stores, scale: Scale) -> Iterator[Figure]:
    """Milliseconds of CPU a request, both servers taking turns, so that the machine's moods meet both."""
    with ExitStack() as ending:
        pair = {way: ending.enter_context(baseline("noting", way, settings=stores.settings)) for way in WAYS}
        for says, requests in ASKED.items():
            each = _turns(pair, requests, max(100, scale.requests * 8))
            if each["without"]:
                yield Figure(f"server CPU of a request, with the journal: {says}", "demo", "ms", each["with"], median(each["without"]), AIM)


def _turns(pair: Mapping[str, Running], requests: Sequence[Request], count: int) -> dict[str, list[float]]:
    each: dict[str, list[float]] = {way: [] for way in WAYS}
    for turn in range(ROUNDS + 1):
        for way in WAYS if turn % 2 else reversed(WAYS):
            spent = _cpu(pair[way], requests, count)
            if turn and spent is not None:  # the first turn warms up
                each[way].append(spent)
    return each


def _cpu(running: Running, requests: Sequence[Request], count: int) -> float | None:
    """Milliseconds of CPU a request, of so many one after the other, what is written afterwards included."""
    before = running.cpu
    with Client.connected(running.port) as client:
        for index in range(count):
            client.seconds(requests[index % len(requests)])
    time.sleep(WRITTEN)
    after = running.cpu
    return None if before is None or after is None else (after - before) * 1000 / count
