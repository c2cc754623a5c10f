"""The small world that counts are asked of."""

import httpx
import pytest

from tests.vendors.apivideo.counted import Counted
from tests.worlds import World


@pytest.fixture
def counted(world: World, web: httpx.Client) -> Counted:
    """Six loads of three media by three viewers on two days."""
    return Counted(world, web)
