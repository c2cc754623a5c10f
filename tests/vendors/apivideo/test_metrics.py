"""GET /data/metrics/{metric}/{aggregation}:

each figure of six loads, and who watches at the same time.
"""

import httpx
import pytest

from playhead.vendors.apivideo import ids
from tests.vendors.apivideo.small_world import SmallWorld
from tests.worlds import NOW, World, viewer

pytestmark = pytest.mark.covers("apivideo.metric")

FIGURES: dict[str, int | float] = {
    "play/count": 5,
    "play/sum": 5,
    "play/total": 5,
    "play/rate": 5 / 6,
    "start/count": 5,
    "end/count": 1,
    "impression/count": 6,
    "impression-time/sum": 2250,
    "impression-time/average": 375.0,
    "watch-time/sum": 111,
    "watch-time/average": 22.2,
    "view/count": 4,
    "ccv/peak": 1,
}


@pytest.mark.parametrize("path", FIGURES)
def test_figures(path: str, small_world: SmallWorld) -> None:
    found = small_world.metric(path)
    assert (found, type(found)) == (FIGURES[path], type(FIGURES[path]))


@pytest.mark.parametrize(
    ("duration", "views", "unique"), [("3s", 5, 4), ("5s", 4, 4), ("10s", 3, 3), ("30s", 2, 2)]
)
def test_a_view_lasts_and_a_viewer_counts_once_a_day(
    duration: str, views: int, unique: int, small_world: SmallWorld
) -> None:
    assert small_world.metric("view/count", viewDuration=duration) == views
    assert small_world.metric("view/count", viewDuration=duration, unique="True") == unique


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("view/count", {}, "view-5"),
        ("view/count", {"viewDuration": "30s"}, "view-30"),
        ("view/count", {"viewDuration": "3s", "unique": "true"}, "unique-view-3"),
        ("view/count", {"unique": "0"}, "view-5"),
        ("ccv/peak", {}, "ccv"),
        ("ccv/average", {"unique": "1"}, "unique-ccv"),
        ("play/sum", {}, "play"),
        ("impression-time/sum", {}, "impression-time"),
    ],
)
def test_uniqueness_and_duration_are_part_of_the_name(
    path: str, query: dict[str, str], name: str, small_world: SmallWorld
) -> None:
    context = small_world.get_json(f"/data/metrics/{path}", **query)["context"]
    assert (context["metric"], context["aggregation"]) == (name, path.partition("/")[2])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, ("2024-06-04T12:00:00+00:00", "2024-06-05T12:00:00+00:00")),
        (
            {"to": "2024-06-01T12:00:00Z"},
            ("2024-05-31T12:00:00+00:00", "2024-06-01T12:00:00+00:00"),
        ),
        (
            {"from": "2024-06-01T01:00:00+02:00"},
            ("2024-05-31T23:00:00+00:00", "2024-06-05T12:00:00+00:00"),
        ),
        (
            {"from": "2024-06-01T01:00:00 02:00"},
            ("2024-05-31T23:00:00+00:00", "2024-06-05T12:00:00+00:00"),
        ),
        (
            {"from": "2024-06-04T01:02:03.456789", "to": "2024-06-05T00:00:00"},
            ("2024-06-04T01:02:03+00:00", "2024-06-05T00:00:00+00:00"),
        ),
        (
            {"from": "2024-05-06T12:00:00Z"},
            ("2024-05-06T12:00:00+00:00", "2024-06-05T12:00:00+00:00"),
        ),
    ],
    ids=str,
)
def test_the_timeframe_is_told_in_utc(
    given: dict[str, str], told: tuple[str, str], world: World, web: httpx.Client
) -> None:
    context = world.get(web, "apivideo", "/data/metrics/play/count", **given).json()["context"]
    assert (context["timeframe"]["from"], context["timeframe"]["to"]) == told


def test_from_is_inside_and_to_is_not(small_world: SmallWorld) -> None:
    assert (
        small_world.metric(
            "impression/count", from_="2024-06-04T10:00:00Z", to="2024-06-04T10:30:00Z"
        )
        == 1
    )
    assert (
        small_world.metric(
            "impression/count", from_="2024-06-04T10:00:01Z", to="2024-06-04T10:30:01Z"
        )
        == 1
    )


def test_what_was_ever_played_has_no_timeframe(world: World, web: httpx.Client) -> None:
    video = world.video()
    world.watch(video, "ana", "2024-03-01T10:00:00Z", (0, 5))
    world.watch(video, "ana", NOW, (0, 5))
    for query in ({}, {"from": "2020-01-01T00:00:00Z"}):
        answer = world.get(web, "apivideo", "/data/metrics/play/total", **query).json()
        assert answer == {"context": {"metric": "play", "aggregation": "total"}, "data": 2}


@pytest.mark.parametrize("path", [path for path in FIGURES if not path.startswith("ccv")])
def test_of_nothing_there_is_nothing(path: str, world: World, web: httpx.Client) -> None:
    assert world.get(web, "apivideo", f"/data/metrics/{path}").json()["data"] == 0


def test_watch_time_follows_the_clock(world: World, web: httpx.Client) -> None:
    """Loaded before the timeframe, watched into it: counted as watched, not as a play."""
    world.watch(world.video(seconds=600), "ana", "2024-06-04T09:58:00Z", (0, 300))
    hour = {"from": "2024-06-04T10:00:00Z", "to": "2024-06-04T11:00:00Z"}
    found = {
        path: world.get(web, "apivideo", f"/data/metrics/{path}", **hour).json()["data"]
        for path in ("watch-time/sum", "play/count")
    }
    assert found == {"watch-time/sum": 180, "play/count": 0}


@pytest.fixture
def overlapping_viewings(world: World) -> World:
    """From 10:00:00: ana for 60 s, bo for 30 s, and ana again in a second tab for 20 s of those."""
    video = world.video(seconds=60)
    for name, seconds in (("ana", 60), ("bo", 30), ("ana", 20)):
        world.watch(video, name, "2024-06-05T10:00:00Z", (0, seconds))
    return world


@pytest.mark.parametrize(
    ("aggregation", "query", "figure"),
    [
        ("peak", {}, 3),
        ("peak", {"unique": "true"}, 2),
        ("average", {}, 110 / 3600),
        ("average", {"unique": "true"}, 90 / 3600),
    ],
)
def test_viewers_at_the_same_time(
    aggregation: str,
    query: dict[str, str],
    figure: float,
    overlapping_viewings: World,
    web: httpx.Client,
) -> None:
    hour = {"from": "2024-06-05T10:00:00Z", "to": "2024-06-05T11:00:00Z"}
    assert (
        overlapping_viewings.get(
            web, "apivideo", f"/data/metrics/ccv/{aggregation}", **hour, **query
        ).json()["data"]
        == figure
    )


@pytest.mark.parametrize(("ended", "watching"), [(0, 1), (10, 1), (19, 1), (20, 0), (-30, 1)])
def test_live_is_the_most_of_the_last_twenty_seconds(
    ended: int, watching: int, world: World, web: httpx.Client
) -> None:
    """`ended` seconds ago, the second of now included."""
    world.watch(world.video(seconds=600), "ana", NOW - ended - 59, (0, 60))
    assert world.get(web, "apivideo", "/data/metrics/ccv/live").json()["data"] == watching


def test_an_average_over_what_is_yet_to_come_is_of_what_has_been(
    world: World, web: httpx.Client
) -> None:
    world.watch(world.video(seconds=600), "ana", NOW - 99, (0, 100))
    future = {"from": "2024-06-05T11:58:21Z", "to": "2024-06-05T13:00:00Z"}
    assert world.get(web, "apivideo", "/data/metrics/ccv/average", **future).json()["data"] == 1.0


FILTERS: list[tuple[dict[str, str], int]] = [
    ({"filterBy[country][]": "US"}, 3),
    ({"filterBy[country][0]": "US", "filterBy[country][1]": "FR"}, 4),
    ({"filterBy[country]": "FR"}, 1),
    ({"filterBy[country]": "fr"}, 0),
    ({"filterBy[continent][]": "AZ"}, 1),
    ({"filterBy[continent][]": "OC"}, 1),
    ({"filterBy[continent][]": "EU", "filterBy[country][]": "US"}, 0),
    ({"filterBy[mediaType]": "video"}, 4),
    ({"filterBy[mediaType]": "live-stream"}, 1),
    ({"filterBy[deviceType][]": "computer"}, 3),
    ({"filterBy[deviceType][]": "phone", "filterBy[operatingSystem][]": "ios"}, 1),
    ({"filterBy[operatingSystem][]": "mac osx"}, 0),
    ({"filterBy[browser][]": "chrome"}, 1),
    ({"filterBy[browser][0]": "firefox", "filterBy[browser][1]": "safari"}, 4),
    ({"filterBy[tag]": "how-to"}, 3),
    ({"filterBy[tag]": "new"}, 4),
    ({"filterBy[tag]": "New"}, 0),
    ({"filterBy[tag]": "new", "filterBy[country][]": "FR"}, 1),
    ({"filterBy[referrer][]": "https://shop.example/a b?c=d"}, 1),
    ({"filterBy[referrer][]": "https%3A%2F%2Fshop.example%2Fa%20b%3Fc%3Dd"}, 1),
    ({"filterBy[referrer][]": "https://shop.example/a b?c=d/"}, 0),
    ({"filterBy[referrer][]": ""}, 4),
    ({"filterBy[mediaId][]": "viNobody"}, 0),
]


@pytest.mark.parametrize(("query", "plays"), FILTERS, ids=[str(row[0]) for row in FILTERS])
def test_filters(query: dict[str, str], plays: int, small_world: SmallWorld) -> None:
    assert small_world.metric("play/count", **query) == plays


def test_filters_by_media(small_world: SmallWorld) -> None:
    assert small_world.metric("play/count", **{"filterBy[mediaId][]": small_world.first}) == 3
    assert (
        small_world.metric(
            "play/total",
            **{
                "filterBy[mediaId][0]": small_world.second,
                "filterBy[mediaId][1]": small_world.live,
                "filterBy[mediaId][2]": "x",
            },
        )
        == 2
    )
    assert (
        small_world.metric(
            "play/total", **{"filterBy[mediaId]": small_world.live, "filterBy[mediaType]": "video"}
        )
        == 0
    )
    assert small_world.metric("watch-time/sum", **{"filterBy[mediaId]": small_world.live}) == 30
    assert (
        small_world.metric(
            "ccv/peak", **{"filterBy[mediaId]": small_world.live, "filterBy[country]": "US"}
        )
        == 0
    )


def test_the_brackets_may_be_raw(small_world: SmallWorld) -> None:
    target = (
        f"{small_world.world.server.url}/data/metrics/play/count?"
        "from=2024-06-04T00:00:00Z&filterBy[country][]=US&filterBy[country][]=AU"
    )
    assert small_world.web.get(target, auth=(small_world.world.key, "")).json()["data"] == 4


def test_the_letters_of_a_media_id_do_not_matter(world: World, web: httpx.Client) -> None:
    live = world.live()
    world.watch(live, "cy", "2024-06-05T10:00:00Z", (0, 5), viewer=viewer("cy"))
    id_ = f"vi{ids.id_of('live', live)[2:]}"
    assert (
        world.get(web, "apivideo", "/data/metrics/play/count", **{"filterBy[mediaId]": id_}).json()[
            "data"
        ]
        == 1
    )
