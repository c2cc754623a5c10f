"""Whether a question costs what its window holds, or what the world holds."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from statistics import mean, median

from bench.client import Client
from bench.latency import DATABASES, asking, milliseconds
from bench.operations import OF_A_DAY, OF_A_MINUTE, Operation
from bench.scale import Scale
from bench.stores import Stores
from bench.table import Aim, Figure
from bench.turns import PAST_DAYS, TODAY, requests

NOT_MORE = Aim(1, of_ratio=True)
HARDLY_MORE = Aim(1.5, of_ratio=True)
Samples = Mapping[Operation, list[float]]


def figures(stores: Stores, scale: Scale) -> Iterator[Figure]:
    """Windows of a day, a viewing in them; windows of a minute, which hold next to nothing: the great world against the small one."""
    for database in DATABASES if len(scale.ends) > 1 else ():
        measured = {size: _measured(stores, database, size, scale) for size in scale.ends}
        (small, few), (great, many) = measured[scale.ends[0]], measured[scale.ends[-1]]
        on = f"{database}, {scale.ends[-1]:,} against {scale.ends[0]:,}"
        for operation in OF_A_DAY:
            beside = median(_each(small[operation], few))
            yield Figure(f"{operation.path} {operation.says}, a viewing of the day", on, "µs", _each(great[operation], many), beside, NOT_MORE)
        for operation in OF_A_MINUTE:
            yield Figure(f"{operation.path} {operation.says}", on, "ms", great[operation], median(small[operation]), HARDLY_MORE)


def _measured(stores: Stores, database: str, size: int, scale: Scale) -> tuple[Samples, float]:
    """Milliseconds by operation, and how many viewings a day has."""
    with asking(stores, database, size) as (_, client, ids):
        taken = {operation: milliseconds(client, requests(operation, ids[operation.vendor]), scale) for operation in (*OF_A_DAY, *OF_A_MINUTE)}
        return taken, _viewings_a_day(client)


def _viewings_a_day(client: Client) -> float:
    days = client.json("wistia", f"/v1/stats/account/by_date?start_date={TODAY - timedelta(PAST_DAYS)}&end_date={TODAY}")
    return mean(int(day["load_count"]) for day in days)


def _each(samples: list[float], viewings: float) -> list[float]:
    return [sample * 1000 / viewings for sample in samples]
