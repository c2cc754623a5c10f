"""How soon `playhead serve` answers, and how much memory it then holds."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager

from bench.processes import ServerProcess, baseline, serve
from bench.scale import Scale
from bench.stores import Stores
from bench.table import Aim, Figure

STARTUP_AIM = Aim(2.2, of_ratio=True)
MEMORY_AIM = Aim(110)
FIRST_START_AIM = Aim(3)
BARE = "bare Starlette"
DEPENDENCIES = "FastAPI and SQLAlchemy, imported"
CACHED = "playhead serve, from the cache"


def figures(stores: Stores, scale: Scale) -> Iterator[Figure]:
    """Seconds to the first answer and MB then resident, of alternating starts."""
    seconds: dict[str, list[float]] = {BARE: [], DEPENDENCIES: [], CACHED: []}
    resident: dict[str, list[float]] = {BARE: [], DEPENDENCIES: [], CACHED: []}
    cpu: dict[str, float | None] = {}
    for run in range(1 + scale.starts):
        for name in seconds:
            with _start(name, stores) as running:
                if run:  # the first fills the cache and warms the disk
                    seconds[name].append(running.startup_seconds)
                    resident[name].append(running.resident_mb)
                    cpu[name] = running.cpu_seconds
    yield from _beside_bare("first answer", "s", seconds, STARTUP_AIM, cpu)
    yield from _beside_bare("resident memory", "MB", resident, MEMORY_AIM, {})
    first = [_uncached_start(stores) for _ in range(scale.first_starts)]
    yield Figure(
        "first answer: playhead serve, first ever",
        "demo, empty cache",
        "s",
        first,
        min(seconds[BARE]),
        FIRST_START_AIM,
        statistic=min,
    )


def _beside_bare(
    quantity: str,
    unit: str,
    samples: Mapping[str, list[float]],
    aim: Aim,
    cpu: Mapping[str, float | None],
) -> Iterator[Figure]:
    for name, measured in samples.items():
        ours = name is CACHED
        yield Figure(
            f"{quantity}: {name}",
            "demo" if ours else "",
            unit,
            measured,
            min(samples[BARE]),
            aim if ours else None,
            statistic=min,
            cpu=cpu.get(name),
        )


def _start(name: str, stores: Stores) -> AbstractContextManager[ServerProcess]:
    if name is CACHED:
        return serve(settings=stores.settings)
    return baseline("bare_starlette" if name is BARE else "bare_dependencies")


def _uncached_start(stores: Stores) -> float:
    settings = {**stores.settings, "PLAYHEAD_CACHE": tempfile.mkdtemp(dir=stores.folder)}
    with serve(settings=settings) as running:
        return running.startup_seconds
