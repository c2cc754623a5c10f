"""How long every operation takes, over HTTP on loopback, from a server process of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from statistics import median

from bench.client import Client, Request
from bench.operations import OPERATIONS, Operation
from bench.processes import baseline, command
from bench.scale import Scale
from bench.stores import Stores
from bench.table import Aim, Figure
from bench.turns import Ids, ids_of, requests

WARM_UP = 3
FRONT = Request("", "/")
DATABASES = ("SQLite", "PostgreSQL")


def figures(stores: Stores, scale: Scale) -> Iterator[Figure]:
    """Milliseconds of each operation on the smallest and the greatest world of each database, one operation after the other."""
    found: dict[Operation, list[Figure]] = {operation: [] for operation in OPERATIONS}
    for database in DATABASES:
        for size in scale.ends:
            bare = front_of_bare(scale)
            on = f"{database}, {size:,}"
            yield Figure("GET / of bare Starlette, just before", on, "ms", bare)
            with asking(stores, database, size) as (client, ids):
                for operation in OPERATIONS:
                    samples = milliseconds(client, requests(operation, ids[operation.vendor]), scale)
                    found[operation].append(Figure(_name(operation), on, "ms", samples, median(bare), Aim(operation.aim) if operation.aim else None))
    for measured in found.values():
        yield from measured


@contextmanager
def asking(stores: Stores, database: str, size: int) -> Iterator[tuple[Client, dict[str, Ids]]]:
    """A client of a server of a world, and ids to ask it for."""
    with stores.serving(database, size) as (running, url), Client.connected(running.port) as client:
        catalog = json.loads(command("catalog", "--json", "--store", url, "--viewings", str(size), settings=stores.settings))
        yield client, ids_of(client, catalog)


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
        if sum(samples) > scale.seconds * 1000 and len(samples) >= WARM_UP:
            break
    return samples


def _name(operation: Operation) -> str:
    return f"{operation.vendor} {operation.path} {operation.says}".rstrip()
