"""The worlds that laws are asked of."""

from collections.abc import Callable, Sequence

import httpx
import pytest

from playhead import Server
from tests.laws.hearing import Heard, NewWorld, hear
from tests.stats.sketches import Sketch
from tests.worlds import World

Hear = Callable[[Sequence[Sketch]], Heard]


@pytest.fixture
def heard(new_world: NewWorld, web: httpx.Client) -> Hear:
    """What the vendors say of a sketched world."""
    return lambda sketched: hear(new_world, web, sketched)


@pytest.fixture(scope="session")
def demo_heard(demo: Server, web: httpx.Client) -> Heard:
    """What the vendors say of the demo."""
    return Heard(World(demo, "laws"), web)
