"""Whether a question costs what its window holds, or what the world holds."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from statistics import mean, median

from bench.client import BenchClient
from bench.latency import DATABASES, client_of_world, measure
from bench.operations import ONE_DAY_OPERATIONS, ONE_MINUTE_OPERATIONS, MeasuredOperation
from bench.request_stream import PAST_DAYS, TODAY, requests
from bench.scale import Scale
from bench.stores import Stores
from bench.table import Aim, Figure

PER_VIEWING_AIM = Aim(1, of_ratio=True)
RATIO_AIM = Aim(1.5, of_ratio=True)
Samples = Mapping[MeasuredOperation, list[float]]


def figures(stores: Stores, scale: Scale) -> Iterator[Figure]:
    """Windows of a day, a viewing in them.

    Windows of a minute, which hold next to nothing: the great world against the small one.
    """
    for database in DATABASES if len(scale.ends) > 1 else ():
        measured = {size: _measure(stores, database, size, scale) for size in scale.ends}
        (small, few), (great, many) = measured[scale.ends[0]], measured[scale.ends[-1]]
        on = f"{database}, {scale.ends[-1]:,} against {scale.ends[0]:,}"
        for operation in ONE_DAY_OPERATIONS:
            beside = median(_per_viewing(small[operation], few))
            yield Figure(
                f"{operation.path} {operation.label}, a viewing of the day",
                on,
                "µs",
                _per_viewing(great[operation], many),
                beside,
                PER_VIEWING_AIM,
            )
        for operation in ONE_MINUTE_OPERATIONS:
            yield Figure(
                f"{operation.path} {operation.label}",
                on,
                "ms",
                great[operation],
                median(small[operation]),
                RATIO_AIM,
            )


def _measure(stores: Stores, database: str, size: int, scale: Scale) -> tuple[Samples, float]:
    """Milliseconds by operation, and how many viewings a day has."""
    with client_of_world(stores, database, size) as (_, client, ids):
        samples = {
            operation: measure(client, requests(operation, ids[operation.vendor]), scale)
            for operation in (*ONE_DAY_OPERATIONS, *ONE_MINUTE_OPERATIONS)
        }
        return samples, _viewings_a_day(client)


def _viewings_a_day(client: BenchClient) -> float:
    days = client.json(
        "wistia",
        f"/v1/stats/account/by_date?start_date={TODAY - timedelta(PAST_DAYS)}&end_date={TODAY}",
    )
    return mean(int(day["load_count"]) for day in days)


def _per_viewing(samples: list[float], viewings: float) -> list[float]:
    return [sample * 1000 / viewings for sample in samples]
