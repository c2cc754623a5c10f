"""The small world that counts are asked of."""

import httpx
import pytest

from tests.vendors.apivideo.small_world import SmallWorld
from tests.worlds import World


@pytest.fixture
def small_world(world: World, web: httpx.Client) -> SmallWorld:
    """Six loads of three media by three viewers on two days."""
    return SmallWorld(world, web)
