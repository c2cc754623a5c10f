"""GET /streaming/statistics/stream, max_stream and reseller/stream."""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.vendors.gcore import ids
from tests.control.account_client import AccountClient
from tests.vendors.gcore.client_helpers import error_messages, series_metrics, series_values
from tests.worlds import World

pytestmark = pytest.mark.covers(
    "gcore.stream_series", "gcore.max_streams_series", "gcore.reseller_stream_series"
)

TEN = ("2024-05-10T10:00:00Z", "2024-05-10T12:59:59Z")
NAMES = ["stream", "max_stream", "reseller/stream"]


def test_two_streams_for_a_full_hour_are_120_minutes_and_two_at_once(
    world: World, web: httpx.Client
) -> None:
    for title in ("one", "other"):
        world.broadcast(world.live(title), "2024-05-10T10:00:00Z", "2024-05-10T11:00:00Z")
    assert series_values(world, web, "stream", *TEN) == [120, 0, 0]
    assert series_values(world, web, "max_stream", *TEN) == [2, 0, 0]


def test_one_after_the_other_is_one_at_once(world: World, web: httpx.Client) -> None:
    world.broadcast(world.live("one"), "2024-05-10T10:00:00Z", "2024-05-10T10:30:00Z")
    world.broadcast(world.live("other"), "2024-05-10T10:30:00Z", "2024-05-10T11:00:01Z")
    assert series_values(world, web, "stream", *TEN) == [60, 1, 0]
    assert series_values(world, web, "max_stream", *TEN) == [1, 1, 0]
    assert series_values(world, web, "max_stream", *TEN, granularity="1d") == [1]


def test_a_stream_that_runs_twice_at_a_time_is_one(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.broadcast(live, "2024-05-10T10:00:00Z", "2024-05-10T10:40:00Z")
    world.broadcast(live, "2024-05-10T10:20:00Z", "2024-05-10T11:00:00Z")
    assert series_values(world, web, "stream", *TEN) == [60, 0, 0]
    assert series_values(world, web, "max_stream", *TEN) == [1, 0, 0]


def test_only_what_lies_in_the_window_and_before_now(world: World, web: httpx.Client) -> None:
    world.broadcast(world.live(), "2024-06-05T11:00:00Z", "2024-06-05T13:00:00Z")
    assert series_values(world, web, "stream", "2024-06-05T11:50:00Z", "2024-06-06") == [10, 0]
    assert series_values(world, web, "max_stream", "2024-06-05T11:50:00Z", "2024-06-06") == [1, 0]
    assert series_values(world, web, "stream", "2024-06-06", "2024-06-07") == []


def test_viewers_do_not_matter(world: World, web: httpx.Client) -> None:
    world.watch(world.live(), "ana", "2024-05-10T10:00:00Z", (0, 600))
    assert (
        series_values(world, web, "stream", *TEN)
        == series_values(world, web, "max_stream", *TEN)
        == [0, 0, 0]
    )


@pytest.mark.parametrize("name", NAMES)
def test_pairs_of_one_client(world: World, web: httpx.Client, name: str) -> None:
    world.broadcast(world.live(), "2024-05-10T10:00:00Z", "2024-05-10T10:01:00Z")
    answer = world.get(
        web,
        "gcore",
        f"/streaming/statistics/{name}",
        from_="2024-05-10",
        to="2024-05-10",
        granularity="1d",
    )
    assert answer.text == (
        f'[{{"client":{ids.client_id(world.key, world.account.number)},'
        f'"metrics":{{"streams":[[1715299200,0]]}}}}]'
    )
    assert series_metrics(
        world, web, name, "2024-05-10", "2024-05-10T23:59:59Z", granularity="1d"
    ) == {"streams": [[1715299200, 1]]}


def test_an_element_for_each_stream(world: World, web: httpx.Client) -> None:
    one = world.live("one")
    other = world.live("other")
    world.broadcast(one, "2024-05-10T10:00:00Z", "2024-05-10T10:30:30Z")
    world.broadcast(other, "2024-05-10T10:00:00Z", "2024-05-10T10:01:00Z")
    window = {"from_": TEN[0], "to": TEN[1], "granularity": "1d"}
    answer = world.get(
        web, "gcore", "/streaming/statistics/reseller/stream", by_streams="true", **window
    ).json()
    assert [[*element] for element in answer] == [["client", "stream", "metrics"]] * 2
    assert [(element["stream"], element["metrics"]["streams"][0][1]) for element in answer] == [
        (ids.id_of(one), 31),
        (ids.id_of(other), 1),
    ]
    together = world.get(
        web, "gcore", "/streaming/statistics/reseller/stream", by_streams="false", **window
    ).json()
    assert [element["metrics"]["streams"][0][1] for element in together] == [32]


def test_who_is_no_reseller_is_denied(web: httpx.Client, empty: Server, key: str) -> None:
    planned = AccountClient(web, empty.url, key, permissions={"gcore": {"reseller": False}})
    answer = planned.vendor_request(
        "gcore", "/streaming/statistics/reseller/stream?from=2024-05-01&to=2024-05-02"
    )
    assert (answer.status_code, answer.json()) == (403, {"data": [], "errors": ["access denied"]})
    assert (
        planned.vendor_request(
            "gcore", "/streaming/statistics/stream?from=2024-05-01&to=2024-05-02"
        ).status_code
        == 200
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({}, ["from: query param is not set", "to: query param is not set"]),
        (
            {"from_": "2024-05-01", "to": "2024-05-02", "granularity": "1mo"},
            ["granularity: invalid value"],
        ),
        ({"from_": "2024-05-03", "to": "2024-05-02"}, ["from: must not be later than to"]),
        ({"from_": "2000-01-01", "to": "2024-05-02"}, ["granularity: too many points"]),
        (
            {"from_": "0001-01-01", "to": "9999-12-31", "granularity": "1d"},
            ["granularity: too many points"],
        ),
    ],
    ids=str,
)
def test_refused(
    world: World, web: httpx.Client, name: str, parameters: dict[str, Any], errors: list[str]
) -> None:
    assert error_messages(world, web, name, **parameters) == errors


@pytest.mark.parametrize("value", ["1", "True", "yes", "x"])
def test_by_streams_is_true_or_false(world: World, web: httpx.Client, value: str) -> None:
    assert error_messages(
        world, web, "reseller/stream", from_="2024-05-01", to="2024-05-02", by_streams=value
    ) == ["by_streams: invalid value"]
