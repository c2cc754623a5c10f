"""GET /streaming/statistics/countries."""

import csv
from pathlib import Path

import httpx
import pytest

from playhead import Server
from tests.worlds import NOW, World, viewer

pytestmark = pytest.mark.covers("gcore.views_by_country")

MAY = {"date_from": "2024-05-01T00:00:00Z", "date_to": "2024-05-31T23:59:59Z"}
SEATTLE = 0
NEW_YORK = 1
TORONTO = 7
SAO_PAULO = 10
PLACES = Path(__file__).parents[3] / "fixtures" / "places.csv"


def countries(world: World, web: httpx.Client, **parameters: str) -> dict[str, int]:
    """Views by code, in the order of the answer."""
    answer = world.get(web, "gcore", "/streaming/statistics/countries", **{**MAY, **parameters})
    return {row["country"]: row["views"] for row in answer.json()["data"]}


def test_only_views_of_five_seconds_count(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", "2024-05-10T10:00:00Z", (0, 4))
    world.watch(video, "bo", "2024-05-10T10:00:00Z", (0, 5))
    world.watch(video, "cy", "2024-05-10T10:00:00Z")
    rows = world.get(web, "gcore", "/streaming/statistics/countries", **MAY).json()
    assert rows == {"data": [{"views": 1, "country": "US", "country_name": "United States"}]}


def test_five_seconds_may_be_watched_in_pieces(world: World, web: httpx.Client) -> None:
    world.watch(world.video(), "ana", "2024-05-10T10:00:00Z", (0, 3), (20, 22, 60))
    assert countries(world, web) == {"US": 1}


def test_nobody_is_an_empty_list(world: World, web: httpx.Client) -> None:
    answer = world.get(web, "gcore", "/streaming/statistics/countries", **MAY)
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (
        200,
        "application/json",
        '{"data":[]}',
    )


def test_the_most_viewed_come_first_then_by_code(world: World, web: httpx.Client) -> None:
    video = world.video()
    for name, place in (
        ("ana", NEW_YORK),
        ("bo", SAO_PAULO),
        ("cy", TORONTO),
        ("di", TORONTO),
        ("ed", SEATTLE),
        ("fay", TORONTO),
        ("gus", SAO_PAULO),
    ):
        world.watch(video, name, "2024-05-10T10:00:00Z", (0, 9), viewer=viewer(name, place=place))
    assert list(countries(world, web).items()) == [("CA", 3), ("BR", 2), ("US", 2)]


def test_every_view_counts_not_every_viewer(world: World, web: httpx.Client) -> None:
    video = world.video()
    for hour in (10, 11, 12):
        world.watch(video, "ana", f"2024-05-10T{hour}:00:00Z", (0, 9))
    assert countries(world, web) == {"US": 3}


@pytest.mark.parametrize(
    ("date_from", "date_to", "views"),
    [
        ("2024-05-10T10:00:00Z", "2024-05-10T10:00:00Z", 1),
        ("2024-05-10T09:00:00Z", "2024-05-10T10:00:00Z", 1),
        ("2024-05-10T09:00:00Z", "2024-05-10T09:59:59Z", 0),
        ("2024-05-10T10:00:00Z", "2024-05-10T11:00:00Z", 1),
        ("2024-05-10T10:00:01Z", "2024-05-10T11:00:00Z", 0),
    ],
    ids=[
        "that second",
        "up to that second",
        "up to the one before",
        "from that second",
        "from the next",
    ],
)
def test_both_ends_are_in_the_window(
    world: World, web: httpx.Client, date_from: str, date_to: str, views: int
) -> None:
    world.watch(world.video(), "ana", "2024-05-10T10:00:00Z", (0, 9))
    assert sum(countries(world, web, date_from=date_from, date_to=date_to).values()) == views


def test_a_view_belongs_to_the_second_of_its_load(world: World, web: httpx.Client) -> None:
    world.watch(world.video(), "ana", "2024-05-10T10:00:00Z", (0, 9), start_delay=600)
    assert countries(world, web, date_from="2024-05-10T10:00:01Z") == {}
    assert countries(world, web, date_to="2024-05-10T10:00:00Z") == {"US": 1}


def test_a_running_viewing_counts_from_its_fifth_second_on(world: World, web: httpx.Client) -> None:
    video = world.video()
    world.watch(video, "ana", NOW - 4, (0, 60))
    assert countries(world, web, date_to="2024-07-01") == {}
    world.watch(video, "bo", NOW - 5, (0, 60))
    assert countries(world, web, date_to="2024-07-01") == {"US": 1}


def test_what_is_yet_to_come_is_not_seen(world: World, web: httpx.Client) -> None:
    world.watch(world.video(), "ana", NOW + 3600, (0, 9))
    assert countries(world, web, date_to="2024-07-01") == {}


@pytest.mark.parametrize(("type_", "code"), [("vod", "US"), ("live", "CA"), ("playlist", "BR")])
def test_a_type_leaves_only_its_entities(
    world: World, web: httpx.Client, type_: str, code: str
) -> None:
    video = world.video()
    live = world.live()
    for media, name, place in (
        (video, "ana", SEATTLE),
        (live, "bo", TORONTO),
        (world.playlist(items=[video]), "cy", SAO_PAULO),
    ):
        world.watch(media, name, "2024-05-10T10:00:00Z", (0, 9), viewer=viewer(name, place=place))
    assert countries(world, web, type=type_) == {code: 1}
    assert countries(world, web) == {"BR": 1, "CA": 1, "US": 1}


def test_every_country_is_a_known_one(demo: Server, web: httpx.Client) -> None:
    """`ZZ`, which the evidence keeps for unknown places, never occurs."""
    with PLACES.open(encoding="utf-8", newline="") as file:
        known = {row["country"]: row["country_name"] for row in csv.DictReader(file)}
    world = World(demo, "demo")
    rows = world.get(web, "gcore", "/streaming/statistics/countries", **MAY).json()["data"]
    assert len(rows) >= 25
    assert {row["country"]: row["country_name"] for row in rows}.items() <= known.items()


def test_the_types_add_up_to_the_whole(demo: Server, web: httpx.Client) -> None:
    world = World(demo, "demo")
    parts = [
        sum(countries(world, web, type=type_).values()) for type_ in ("vod", "live", "playlist")
    ]
    assert all(parts)
    assert sum(parts) == sum(countries(world, web).values())
