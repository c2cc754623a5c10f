"""How long every operation takes, over HTTP on loopback, from a server process of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from statistics import median

from bench.client import Client, Request
from bench.operations import OPERATIONS, Operation
from bench.processes import Running, baseline, command
from bench.scale import Scale
from bench.stores import Stores
from bench.table import Aim, Figure
from bench.turns import Ids, ids_of, requests

WARM_UP = 3
AT_LEAST = 3
FRONT = Request("", "/")
DATABASES = ("SQLite", "PostgreSQL")


def figures(stores: Stores, scale: Scale) -> Iterator[Figure]:
    """Milliseconds of each operation on the smallest and the greatest world of each database, one operation after the other."""
    measured = [list(_of_a_world(stores, database, size, scale)) for database in DATABASES for size in scale.ends]
    for of_an_operation in zip(*measured, strict=True):
        yield from of_an_operation


def _of_a_world(stores: Stores, database: str, size: int, scale: Scale) -> Iterator[Figure]:
    bare = front_of_bare(scale)
    on = f"{database}, {size:,}"
    yield Figure("GET / of bare Starlette, just before", on, "ms", bare)
    with asking(stores, database, size) as (running, client, ids):
        for operation in OPERATIONS:
            before = running.cpu
            samples = milliseconds(client, requests(operation, ids[operation.vendor]), scale)
            cpu = _each(before, running.cpu, len(samples) + WARM_UP)
            yield Figure(_name(operation), on, "ms", samples, median(bare), Aim(operation.aim) if operation.aim else None, cpu=cpu)


def _each(before: float | None, after: float | None, count: int) -> float | None:
    """Milliseconds each, of seconds that went by."""
    return None if before is None or after is None else (after - before) * 1000 / count


@contextmanager
def asking(stores: Stores, database: str, size: int) -> Iterator[tuple[Running, Client, dict[str, Ids]]]:
    """A server of a world, a client of it, and ids to ask it for."""
    with stores.serving(database, size) as (running, url), Client.connected(running.port) as client:
        catalog = json.loads(command("catalog", "--json", "--store", url, "--viewings", str(size), settings=stores.settings))
        yield running, client, ids_of(client, catalog)


def front_of_bare(scale: Scale) -> list[float]:
    """Milliseconds of the one answer of the bare application."""
    with baseline("bare") as running, Client.connected(running.port) as client:
        return milliseconds(client, iter(lambda: FRONT, None), scale)


def milliseconds(client: Client, asked: Iterator[Request], scale: Scale) -> list[float]:
    """How long requests took, one after the other on one connection; the first few do not count."""
    for request in islice(asked, WARM_UP):
        client.seconds(request)
    samples: list[float] = []
    for request in islice(asked, scale.requests):
        samples.append(client.seconds(request) * 1000)
        if sum(samples) > scale.seconds * 1000 and len(samples) >= AT_LEAST:
            break
    return samples


def _name(operation: Operation) -> str:
    return f"{operation.vendor} {operation.path} {operation.says}".rstrip()
