"""What the journal costs:

the CPU that a server spends on a request with it, against the same server without.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from statistics import median

from bench.client import BenchClient, Request
from bench.processes import ServerProcess, baseline
from bench.scale import Scale
from bench.stores import Stores
from bench.table import Aim, Figure

OVERHEAD_AIM = Aim(1.1, of_ratio=True)
MODES = ("with", "without")
ROUNDS = 6
FLUSH_SECONDS = 0.2  # seconds after which all that was noted is written
WORKLOADS = {
    "a month's statistics": (
        Request(
            "gcore",
            (
                "/streaming/statistics/countries?date_from=2024-05-01T00:00:00Z&"
                "date_to=2024-05-31T23:59:59Z"
            ),
        ),
        Request("wistia", "/v1/stats/account/by_date?start_date=2024-05-01&end_date=2024-05-31"),
        Request("apivideo", "/live-streams"),
    ),
    "the cheapest": (Request("gcore", "/streaming/streams"),),
}


def figures(stores: Stores, scale: Scale) -> Iterator[Figure]:
    """Milliseconds of CPU a request, both servers taking turns, so that the machine's moods meet
    both.
    """
    with ExitStack() as ending:
        pair = {
            way: ending.enter_context(baseline("journal_server", way, settings=stores.settings))
            for way in MODES
        }
        for says, requests in WORKLOADS.items():
            each = _alternate(pair, requests, max(100, scale.requests * 8))
            if each["without"]:
                yield Figure(
                    f"server CPU of a request, with the journal: {says}",
                    "demo",
                    "ms",
                    each["with"],
                    median(each["without"]),
                    OVERHEAD_AIM,
                )


def _alternate(
    pair: Mapping[str, ServerProcess], requests: Sequence[Request], count: int
) -> dict[str, list[float]]:
    cpu_by_mode: dict[str, list[float]] = {way: [] for way in MODES}
    for turn in range(ROUNDS + 1):
        for way in MODES if turn % 2 else reversed(MODES):
            spent = _cpu_per_request(pair[way], requests, count)
            if turn and spent is not None:  # the first turn warms up
                cpu_by_mode[way].append(spent)
    return cpu_by_mode


def _cpu_per_request(
    running: ServerProcess, requests: Sequence[Request], count: int
) -> float | None:
    """Milliseconds of CPU a request, of so many one after the other, what is written afterwards
    included.
    """
    before = running.cpu_seconds
    with BenchClient.connect(running.port) as client:
        for index in range(count):
            client.timed(requests[index % len(requests)])
    time.sleep(FLUSH_SECONDS)
    after = running.cpu_seconds
    return None if before is None or after is None else (after - before) * 1000 / count
