"""How long every operation takes, over HTTP on loopback, from a server process of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from statistics import median

from bench.client import BenchClient, Request
from bench.operations import OPERATIONS, MeasuredOperation
from bench.processes import ServerProcess, baseline, run_command
from bench.request_stream import IdsByKind, collect_ids, requests
from bench.scale import Scale
from bench.stores import Stores
from bench.table import Aim, Figure

WARM_UP = 3
MIN_SAMPLES = 3
FRONT_PAGE = Request("", "/")
DATABASES = ("SQLite", "PostgreSQL")


def figures(stores: Stores, scale: Scale) -> Iterator[Figure]:
    """Milliseconds of each operation on the smallest and the greatest world of each database, one
    operation after the other.
    """
    measured = [
        list(_world_figures(stores, database, size, scale))
        for database in DATABASES
        for size in scale.ends
    ]
    for of_an_operation in zip(*measured, strict=True):
        yield from of_an_operation


def _world_figures(stores: Stores, database: str, size: int, scale: Scale) -> Iterator[Figure]:
    bare = bare_latency(scale)
    on = f"{database}, {size:,}"
    yield Figure("GET / of bare Starlette, just before", on, "ms", bare)
    with client_of_world(stores, database, size) as (running, client, ids):
        for operation in OPERATIONS:
            before = running.cpu_seconds
            samples = measure(client, requests(operation, ids[operation.vendor]), scale)
            cpu = _per_request(before, running.cpu_seconds, len(samples) + WARM_UP)
            yield Figure(
                _label(operation),
                on,
                "ms",
                samples,
                median(bare),
                Aim(operation.aim_ms) if operation.aim_ms else None,
                cpu=cpu,
            )


def _per_request(before: float | None, after: float | None, count: int) -> float | None:
    """Milliseconds each, of seconds that went by."""
    return None if before is None or after is None else (after - before) * 1000 / count


@contextmanager
def client_of_world(
    stores: Stores, database: str, size: int
) -> Iterator[tuple[ServerProcess, BenchClient, dict[str, IdsByKind]]]:
    """A server of a world, a client of it, and ids to ask it for."""
    with (
        stores.serving(database, size) as (running, url),
        BenchClient.connect(running.port) as client,
    ):
        catalog = json.loads(
            run_command(
                "catalog",
                "--json",
                "--store",
                url,
                "--viewings",
                str(size),
                settings=stores.settings,
            )
        )
        yield running, client, collect_ids(client, catalog)


def bare_latency(scale: Scale) -> list[float]:
    """Milliseconds of the one answer of the bare application."""
    with baseline("bare_starlette") as running, BenchClient.connect(running.port) as client:
        return measure(client, iter(lambda: FRONT_PAGE, None), scale)


def measure(client: BenchClient, requests: Iterator[Request], scale: Scale) -> list[float]:
    """How long requests took, one after the other on one connection; the first few do not count."""
    for request in islice(requests, WARM_UP):
        client.timed(request)
    samples: list[float] = []
    for request in islice(requests, scale.requests):
        samples.append(client.timed(request) * 1000)
        if sum(samples) > scale.seconds * 1000 and len(samples) >= MIN_SAMPLES:
            break
    return samples


def _label(operation: MeasuredOperation) -> str:
    return f"{operation.vendor} {operation.path} {operation.label}".rstrip()
