"""Servers and accounts that tests share: one server a scenario and worker, one account a test."""

import os
from collections.abc import Callable, Iterator

import httpx
import pytest
from hypothesis import HealthCheck, settings

from playhead import Server
from playhead.domain.account import Account

# fixtures and a hook, found by their names here
from tests.postgresql import new_postgresql_url, postgresql_url, pytest_sessionfinish  # noqa: F401
from tests.worlds import NOW_TEXT, World

collect_ignore = ["example_suite"]  # test_example_suite.py runs it

settings.register_profile(
    "ci", derandomize=True, deadline=None, max_examples=16, suppress_health_check=list(HealthCheck)
)
settings.register_profile(
    "explore",
    deadline=None,
    max_examples=2000,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
settings.load_profile(os.environ.get("PLAYHEAD_HYPOTHESIS", "ci"))


# Begun first, so that none of them is left over when all others are done.
LONG_RUNNING = (
    "test_example_suite",
    "test_schemathesis",
    "test_stateful_model",
    "test_a_hundred_thousand",
    "test_the_image_builds",
)


def pytest_itemcollected(item: pytest.Item) -> None:
    """One worker runs a module:

    what its tests share, servers and answers above all, is made once.
    """
    if not is_long_running(item) and item.get_closest_marker("xdist_group") is None:
        item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name}.{item.path.stem}"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long tests before the others, those in their order."""
    items.sort(key=lambda item: not is_long_running(item))


def is_long_running(item: pytest.Item) -> bool:
    """Whether it is one of those that are begun first."""
    return any(name in item.nodeid for name in LONG_RUNNING)


@pytest.fixture(scope="session", autouse=True)
def _isolated_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Worlds are cached for the run, beside the workers' temporary files, never in the user's
    directory.
    """
    directory = (
        tmp_path_factory.getbasetemp().parent
        if "PYTEST_XDIST_WORKER" in os.environ
        else tmp_path_factory.getbasetemp()
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYHEAD_CACHE", str(directory / "worlds"))
        yield


@pytest.fixture(scope="session")
def demo() -> Iterator[Server]:
    """A server of the demo world, its clock at NOW."""
    with Server(scenario="demo", now=NOW_TEXT) as server:
        yield server


@pytest.fixture(scope="session")
def empty() -> Iterator[Server]:
    """A server of nothing but what tests record, its clock at NOW."""
    with Server(scenario="empty", now=NOW_TEXT) as server:
        yield server


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A key, and so an account, that no other test has."""
    return "".join(
        character if character.isalnum() or character in "_-" else "-"
        for character in request.node.nodeid
    )[-180:]


@pytest.fixture
def world(empty: Server, key: str) -> World:
    """A fresh account on the empty server, to record into and to ask."""
    return World(empty, key)


@pytest.fixture
def new_world(empty: Server, key: str) -> Callable[[], World]:
    """A maker of fresh accounts, for properties that need one an example."""
    counter = iter(range(10**9))
    return lambda: World(empty, f"{key}-{next(counter)}")


@pytest.fixture(scope="session")
def web() -> Iterator[httpx.Client]:
    """A client that keeps its connections."""
    with httpx.Client(timeout=60) as client:
        yield client


@pytest.fixture
def account(world: World) -> Account:
    """The account of the test."""
    return world.account
