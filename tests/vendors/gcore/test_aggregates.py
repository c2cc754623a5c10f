"""GET /streaming/statistics/ regions, popular, browsers, systems, embeds, hosts.

Countries have a file of their own.
"""

from typing import Any

import httpx
import pytest

from playhead import Server
from playhead.analytics import lookups
from playhead.analytics.snapshot import Snapshot
from playhead.vendors.gcore import GCORE, vocabulary
from playhead.vendors.gcore import ids as gcore_ids
from tests.vendors.gcore.client_helpers import MAY, error_messages, row_values, rows
from tests.worlds import World, viewer

AGGREGATES = {
    "regions": "views_by_region",
    "popular": "popular_videos",
    "browsers": "views_by_browser",
    "systems": "views_by_operating_system",
    "embeds": "views_by_referer",
    "hosts": "views_by_hostname",
}
pytestmark = pytest.mark.covers(*(f"gcore.{name}" for name in AGGREGATES.values()))
every_aggregate = pytest.mark.parametrize("name", AGGREGATES)

AT = "2024-05-10T10:00:00Z"
SEATTLE = 0
NEW_YORK = 1
CANBERRA = 62
ADELAIDE = 63


@every_aggregate
def test_only_views_of_five_seconds_count(world: World, web: httpx.Client, name: str) -> None:
    video = world.video()
    world.watch(video, "ana", AT, (0, 4))
    world.watch(video, "bo", AT)
    assert rows(world, web, name) == []
    world.watch(video, "ana", AT, (0, 5))
    world.watch(video, "ana", AT, (0, 5))
    assert [row["views"] for row in rows(world, web, name)] == [2]


@every_aggregate
@pytest.mark.parametrize(("type_", "views"), [("vod", 1), ("live", 2), ("playlist", 3)])
def test_a_type_leaves_only_its_entities(
    world: World, web: httpx.Client, name: str, type_: str, views: int
) -> None:
    for media, times in ((world.video(), 1), (world.live(), 2), (world.playlist(), 3)):
        for _ in range(times):
            world.watch(media, "ana", AT, (0, 9))
    assert sum(row["views"] for row in rows(world, web, name)) == 6
    assert [row["views"] for row in rows(world, web, name, type=type_)] == [views]


@every_aggregate
def test_the_window_is_that_of_the_load(world: World, web: httpx.Client, name: str) -> None:
    world.watch(world.video(), "ana", "2024-05-10T23:59:59Z", (0, 9))
    assert len(rows(world, web, name, date_to="2024-05-10T23:59:59Z")) == 1
    assert (
        rows(world, web, name, date_from="2024-05-11")
        == rows(world, web, name, date_to="2024-05-10T23:59:58Z")
        == []
    )


@every_aggregate
def test_refused(world: World, web: httpx.Client, name: str) -> None:
    assert error_messages(world, web, name) == [
        "date_from: query param is not set",
        "date_to: query param is not set",
    ]
    assert error_messages(world, web, name, date_from="2024-05-02", date_to="2024-05-01") == [
        "date_from: must not be later than date_to"
    ]
    assert error_messages(world, web, name, **MAY, type="cat") == ["type: invalid value"]


def test_regions_are_codes_and_names(world: World, web: httpx.Client) -> None:
    video = world.video()
    for name, place in (("ana", ADELAIDE), ("bo", CANBERRA), ("cy", CANBERRA)):
        world.watch(video, name, AT, (0, 9), viewer=viewer(name, place=place))
    assert world.get(web, "gcore", "/streaming/statistics/regions", **MAY).text == (
        '{"data":[{"views":2,"region":"ACT","region_name":"Australian Capital '
        'Territory"},{"views":1,"region":"SA","region_name":"South Australia"}]}'
    )


def test_equal_codes_of_two_countries_are_two_regions(demo: Server, web: httpx.Client) -> None:
    found = rows(World(demo, "demo"), web, "regions")
    assert len({(row["region"], row["region_name"]) for row in found}) == len(found)
    names = sorted(row["region_name"] for row in found if row["region"] == "WA")
    assert names == ["Washington", "Western Australia"]


def test_popular_ids_are_strings_and_those_of_each_type_apart(
    world: World, web: httpx.Client
) -> None:
    ids = {"gcore": ["9"]}
    video = world.video("v", ids=ids)
    live = world.live("l", ids=ids)
    list_ = world.playlist("p")
    second = world.video("second", ids={"gcore": ["100"]})
    third = world.video("third", ids={"gcore": ["20"]})
    for media, times in ((live, 2), (video, 2), (second, 1), (third, 1), (list_, 3)):
        for _ in range(times):
            world.watch(media, "ana", AT, (0, 9))
    assert row_values(world, web, "popular") == [
        (3, str(gcore_ids.id_of(list_))),
        (2, "9"),
        (2, "9"),
        (1, "20"),
        (1, "100"),
    ]
    assert row_values(world, web, "popular", type="live") == [(2, "9")]


DEVICES: list[tuple[int, str, str]] = [
    (0, "Windows", "Firefox"),
    (5, "Windows", "Edge"),
    (9, "Mac OS X", "Safari"),
    (16, "Linux", "Chrome"),
    (17, "Chrome OS", "Chrome"),
    (18, "iOS", "Mobile Safari"),
    (22, "iOS", "Chrome Mobile iOS"),
    (23, "iOS", "Firefox iOS"),
    (24, "Android", "Chrome Mobile"),
    (26, "Android", "Samsung Internet"),
    (31, "Android", "Opera Mobile"),
    (33, "Android", "Edge Mobile"),
    (34, "iOS", "Mobile Safari"),
    (39, "Tizen", "Safari"),
    (41, "Web0S", "Chrome"),
    (44, "Other", "Safari"),
]


@pytest.mark.parametrize(("device", "system", "browser"), DEVICES)
def test_browsers_and_systems_are_families(
    world: World, web: httpx.Client, device: int, system: str, browser: str
) -> None:
    world.watch(world.video(), "ana", AT, (0, 9), viewer=viewer("ana", device=device))
    assert rows(world, web, "systems") == [{"views": 1, "os": system}]
    assert rows(world, web, "browsers") == [{"views": 1, "browser": browser}]


def test_every_device_has_its_words(empty: Server) -> None:
    with empty.emulator.store.snapshot() as connection:
        devices = lookups.devices(
            Snapshot(connection, empty.emulator.open_account("words"), GCORE.visibility)
        ).values()
    assert {vocabulary.platform(device) for device in devices} == {
        "desktop",
        "mobile",
        "tablet",
        "tv",
        "other",
    }
    assert {device.os for device in devices if vocabulary.os_family(device) == "Other"} == {
        "playstation"
    }
    assert [device for device in devices if vocabulary.browser_family(device) == "Other"] == []


PAGES: list[tuple[str | None, str, str]] = [
    ("https://example.com/xxx-yyy", "https://example.com/xxx-yyy", "example.com"),
    ("https://example.com/xxx?a=1&b=2#c", "https://example.com/xxx", "example.com"),
    ("http://User:pass@EXAMPLE.com:8080/", "http://EXAMPLE.com:8080/", "example.com"),
    ("https://example.com", "https://example.com", "example.com"),
    ("//example.com/x", "//example.com/x", "example.com"),
    ("https://[::1]:80/x", "https://[::1]:80/x", "::1"),
    ("example.com/x", "unknown", "unknown"),
    ("https://[broken/x", "unknown", "unknown"),
    ("app://", "unknown", "unknown"),
    (None, "unknown", "unknown"),
]


@pytest.mark.parametrize(("page", "embed_url", "host"), PAGES, ids=str)
def test_a_page_s_address_and_host(
    world: World, web: httpx.Client, page: str | None, embed_url: str, host: str
) -> None:
    world.watch(world.video(), "ana", AT, (0, 9), page=page)
    assert rows(world, web, "embeds") == [{"views": 1, "embed_url": embed_url}]
    assert rows(world, web, "hosts") == [{"views": 1, "host": host}]


def test_pages_that_differ_in_their_queries_are_one(world: World, web: httpx.Client) -> None:
    video = world.video()
    for page in ("https://a.com/x?1", "https://a.com/x?2", "https://a.com/y", "https://b.com/x"):
        world.watch(video, "ana", AT, (0, 9), page=page)
    assert row_values(world, web, "embeds") == [
        (2, "https://a.com/x"),
        (1, "https://a.com/y"),
        (1, "https://b.com/x"),
    ]
    assert row_values(world, web, "hosts") == [(3, "a.com"), (1, "b.com")]


@pytest.mark.parametrize("parameters", [{}, {"type": "vod"}, {"type": "live"}], ids=str)
def test_all_of_them_count_the_same_views(
    demo: Server, web: httpx.Client, parameters: dict[str, Any]
) -> None:
    world = World(demo, "demo")
    sums = {
        name: sum(row["views"] for row in rows(world, web, name, **parameters))
        for name in ("countries", *AGGREGATES, "views")
    }
    assert len(set(sums.values())) == 1
    assert sums["views"] > 100
