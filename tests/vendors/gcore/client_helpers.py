"""Questions to Gcore's statistics, as these tests put them."""

from itertools import pairwise
from typing import Any

import httpx

from playhead.domain.clock import parse_instant
from tests.worlds import World

STATISTICS = "/streaming/statistics"
MAY = {"date_from": "2024-05-01T00:00:00Z", "date_to": "2024-05-31T23:59:59Z"}


def rows(world: World, web: httpx.Client, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of an operation that answers an object, in May unless asked otherwise."""
    answer = world.get(web, "gcore", f"{STATISTICS}/{name}", **{**MAY, **parameters})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), (
        answer.text
    )
    body = answer.json()
    assert [*body] == ["data"]
    rows: list[dict[str, Any]] = body["data"]
    return rows


def row_values(
    world: World, web: httpx.Client, name: str, **parameters: Any
) -> list[tuple[Any, ...]]:
    """The same as the values of each row."""
    return [tuple(row.values()) for row in rows(world, web, name, **parameters)]


def series_metrics(
    world: World, web: httpx.Client, name: str, start: str, end: str, **parameters: Any
) -> dict[str, Any]:
    """What the one element of a series says."""
    answer = world.get(web, "gcore", f"{STATISTICS}/{name}", from_=start, to=end, **parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), (
        answer.text
    )
    (element,) = answer.json()
    metrics: dict[str, Any] = element["metrics"]
    return metrics


def series_values(
    world: World, web: httpx.Client, name: str, start: str, end: str, **parameters: Any
) -> list[int]:
    """The values of a series, whose instants follow each other without a gap."""
    (points,) = (
        points
        for key, points in series_metrics(world, web, name, start, end, **parameters).items()
        if key != "max_volume_usage"
    )
    instants = [instant for instant, _ in points]
    assert len({later - earlier for earlier, later in pairwise(instants)}) <= 1
    assert not instants or instants[0] <= parse_instant(start)
    return [value for _, value in points]


def error_messages(world: World, web: httpx.Client, name: str, **parameters: Any) -> list[str]:
    """What an operation refuses a request for."""
    answer = world.get(web, "gcore", f"{STATISTICS}/{name}", **parameters)
    assert (answer.status_code, answer.json()["data"]) == (400, []), answer.text
    errors: list[str] = answer.json()["errors"]
    return errors
