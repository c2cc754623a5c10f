"""How soon `playhead serve` answers, and how much memory it then holds."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager

from bench.processes import Running, baseline, playhead
from bench.scale import Scale
from bench.stores import Stores
from bench.table import Aim, Figure

READY, MEMORY, FIRST = Aim(2.2, of_ratio=True), Aim(110), Aim(3)
BARE, FLOOR, CACHED = "bare Starlette", "FastAPI and SQLAlchemy, imported", "playhead serve, from the cache"


def figures(stores: Stores, scale: Scale) -> Iterator[Figure]:
    """Seconds to the first answer and MB then resident, of alternating starts."""
    seconds: dict[str, list[float]] = {BARE: [], FLOOR: [], CACHED: []}
    resident: dict[str, list[float]] = {BARE: [], FLOOR: [], CACHED: []}
    cpu: dict[str, float | None] = {}
    for run in range(1 + scale.starts):
        for name in seconds:
            with _start(name, stores) as running:
                if run:  # the first fills the cache and warms the disk
                    seconds[name].append(running.ready)
                    resident[name].append(running.resident)
                    cpu[name] = running.cpu
    yield from _beside_bare("first answer", "s", seconds, READY, cpu)
    yield from _beside_bare("resident memory", "MB", resident, MEMORY, {})
    first = [_first_ever(stores) for _ in range(scale.first_starts)]
    yield Figure("first answer: playhead serve, first ever", "demo, empty cache", "s", first, min(seconds[BARE]), FIRST, judged=min)


def _beside_bare(what: str, unit: str, samples: Mapping[str, list[float]], aim: Aim, cpu: Mapping[str, float | None]) -> Iterator[Figure]:
    for name, measured in samples.items():
        ours = name is CACHED
        yield Figure(f"{what}: {name}", "demo" if ours else "", unit, measured, min(samples[BARE]), aim if ours else None, judged=min, cpu=cpu.get(name))


def _start(name: str, stores: Stores) -> AbstractContextManager[Running]:
    if name is CACHED:
        return playhead(settings=stores.settings)
    return baseline("bare" if name is BARE else "floor")


def _first_ever(stores: Stores) -> float:
    settings = {**stores.settings, "PLAYHEAD_CACHE": tempfile.mkdtemp(dir=stores.folder)}
    with playhead(settings=settings) as running:
        return running.ready
