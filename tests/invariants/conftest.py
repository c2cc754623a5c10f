"""The worlds that laws are asked of."""

from collections.abc import Callable, Sequence

import httpx
import pytest

from playhead import Server
from tests.analytics.world_sketches import ViewingSketch
from tests.invariants import vendor_client
from tests.invariants.vendor_client import VendorClient, WorldFactory
from tests.worlds import World

RecordAndQuery = Callable[[Sequence[ViewingSketch]], VendorClient]


@pytest.fixture
def record_and_query(new_world: WorldFactory, web: httpx.Client) -> RecordAndQuery:
    """What the vendors say of a sketched world."""
    return lambda sketched: vendor_client.record_and_query(new_world, web, sketched)


@pytest.fixture(scope="session")
def demo_client(demo: Server, web: httpx.Client) -> VendorClient:
    """What the vendors say of the demo."""
    return VendorClient(World(demo, "laws"), web)
