"""Recording into an account's overlay:

what is refused, what becomes of viewers, pages and ids, and who sees it.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

import pytest
from sqlalchemy import func, select

from playhead import Server
from playhead.analytics import catalog, viewers, viewings
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.analytics.viewings import Order, ViewingFilter
from playhead.domain.account import Account
from playhead.domain.clock import SystemClock, parse_instant
from playhead.domain.errors import ConflictError, NotFoundError, UserError
from playhead.domain.media import MediaKind
from playhead.domain.playback import PlayedRange
from playhead.emulator import Emulator
from playhead.recording.inputs import NewBroadcast, NewMedia, NewViewer, NewViewing
from playhead.recording.session import recording_session
from playhead.recording.viewer_index import FREE_ADDRESS_COUNT
from playhead.recording.viewings import delete_viewing
from playhead.settings import Settings
from playhead.storage import tables
from playhead.storage.tables import NUMBER_BITS, OVERLAY_BIT
from tests.recorder import Recording
from tests.worlds import DAY, NOW, NOW_TEXT, World, played_ranges, viewer

WorldFactory = Callable[[], World]
ALL_VISIBLE = Visibility(frozenset(MediaKind))
YESTERDAY = NOW - DAY
ANA = viewer("ana")
PARIS = 20


@pytest.fixture
def snapshot(world: World) -> Iterator[Callable[[], Snapshot]]:
    """What the account holds at the moment of asking."""
    with world.server.emulator.store.engine.connect() as connection:

        def read() -> Snapshot:
            connection.rollback()
            return Snapshot(connection, world.account, ALL_VISIBLE)

        yield read


def all_viewers(snapshot: Snapshot) -> list[viewers.ViewerActivity]:
    return viewers.list_page(snapshot, limit=100)


def all_viewings(snapshot: Snapshot) -> list[viewings.Viewing]:
    return viewings.list_page(snapshot, ViewingFilter(), order=Order.oldest_first, limit=100)


# What is refused.

VIDEO = OVERLAY_BIT
LIVE = OVERLAY_BIT + 1
UNKNOWN_NUMBER = OVERLAY_BIT + 99
OTHER_WORLD = 1 << NUMBER_BITS | OVERLAY_BIT
WATCHED = NewViewing(VIDEO, ANA, YESTERDAY, played_ranges((0, 30), (10, 20), at=YESTERDAY + 5))

BAD_VIEWINGS = {
    "of no media": replace(WATCHED, media=UNKNOWN_NUMBER),
    "of no number of ours": replace(WATCHED, media=OTHER_WORLD),
    "played before it was loaded": replace(WATCHED, played=[PlayedRange(YESTERDAY - 1, 0, 30)]),
    "playing twice at once": replace(
        WATCHED, played=[PlayedRange(YESTERDAY, 0, 30), PlayedRange(YESTERDAY + 29, 0, 30)]
    ),
    "playing backwards": replace(WATCHED, played=[PlayedRange(YESTERDAY, 30, 20)]),
    "playing nothing": replace(WATCHED, played=[PlayedRange(YESTERDAY, 30, 30)]),
    "playing before the beginning": replace(WATCHED, played=[PlayedRange(YESTERDAY, -1, 20)]),
    "playing beyond the end": replace(WATCHED, played=[PlayedRange(YESTERDAY, 0, 61)]),
    "ended before its last stretch": replace(WATCHED, ended_at=YESTERDAY + 44),
    "ended before it was loaded": replace(WATCHED, played=[], ended_at=YESTERDAY - 1),
    "before 2000": replace(WATCHED, loaded_at=parse_instant("1999-12-31T23:59:59Z"), played=[]),
    "after the last day": replace(WATCHED, loaded_at=NOW + 400 * DAY, played=[]),
    "from nowhere": replace(WATCHED, viewer=replace(ANA, place=999)),
    "on nothing": replace(WATCHED, viewer=replace(ANA, device=-1)),
    "from no address": replace(WATCHED, viewer=replace(ANA, ip="203.0.113.256")),
    "from half an address": replace(WATCHED, viewer=replace(ANA, ip="203.0.113")),
    "by nobody": replace(WATCHED, viewer=UNKNOWN_NUMBER),
    "ended after the last day": replace(
        WATCHED,
        loaded_at=NOW + 370 * DAY,
        played=[PlayedRange(NOW + 370 * DAY, 0, 1)],
        ended_at=NOW + 400 * DAY,
    ),
}


@pytest.mark.parametrize("bad", BAD_VIEWINGS.values(), ids=BAD_VIEWINGS.keys())
def test_one_bad_viewing_leaves_nothing_of_its_list(
    world: World, snapshot: Callable[[], Snapshot], bad: NewViewing
) -> None:
    assert (world.video(), world.live()) == (VIDEO, LIVE)
    good = replace(
        WATCHED,
        page="https://www.example.com/new",
        labels={"hats": "green"},
        ids={"wistia": ["one"]},
    )
    with pytest.raises(UserError, match=r"^viewing 1: "):
        world.recording.viewings([good, bad])
    assert (all_viewers(snapshot()), all_viewings(snapshot())) == ([], [])
    assert catalog.number_of_alias(snapshot(), "wistia", "viewing", "one") is None
    assert world.recording.viewings([good]) == [OVERLAY_BIT]


BAD_MEDIA = {
    "video without a duration": NewMedia("bad"),
    "live stream with a duration": NewMedia("bad", kind=MediaKind.live, duration_ms=1000),
    "released before 2000": NewMedia("bad", duration_ms=1000, released_at=0),
    "released after the last day": NewMedia("bad", duration_ms=1000, released_at=NOW + 400 * DAY),
    "in no project": NewMedia("bad", duration_ms=1000, project=7),
    "playlist of nothing known": NewMedia("bad", kind=MediaKind.playlist, items=[UNKNOWN_NUMBER]),
    "playlist of a live stream": NewMedia("bad", kind=MediaKind.playlist, items=[LIVE]),
    "an id that is taken": NewMedia("bad", duration_ms=1000, ids={"gcore": ["12"]}),
}


@pytest.mark.parametrize("bad", BAD_MEDIA.values(), ids=BAD_MEDIA.keys())
def test_one_bad_media_leaves_nothing_of_its_list(
    world: World, snapshot: Callable[[], Snapshot], bad: NewMedia
) -> None:
    world.video("first", ids={"gcore": ["12"]})
    world.live("second")
    with pytest.raises(UserError, match=r"^media 1 'bad': "):
        world.recording.media([NewMedia("good", duration_ms=1000), bad])
    assert [media.title for media in catalog.media(snapshot())] == ["first", "second"]


BAD_BROADCASTS = {
    "ends as it starts": NewBroadcast(LIVE, YESTERDAY, YESTERDAY),
    "of a video": NewBroadcast(VIDEO, YESTERDAY, YESTERDAY + 60),
    "of nothing": NewBroadcast(UNKNOWN_NUMBER, YESTERDAY, YESTERDAY + 60),
    "before 2000": NewBroadcast(LIVE, 0, YESTERDAY),
    "after the last day": NewBroadcast(LIVE, YESTERDAY, NOW + 400 * DAY),
}


@pytest.mark.parametrize("bad", BAD_BROADCASTS.values(), ids=BAD_BROADCASTS.keys())
def test_one_bad_broadcast_leaves_nothing_of_its_list(
    world: World, snapshot: Callable[[], Snapshot], bad: NewBroadcast
) -> None:
    assert (world.video(), world.live()) == (VIDEO, LIVE)
    with pytest.raises(UserError, match=r"^broadcast 1: "):
        world.recording.broadcasts([NewBroadcast(LIVE, YESTERDAY, YESTERDAY + 60), bad])
    assert catalog.broadcasts(snapshot()) == {}


# Media and broadcasts.


def test_media_of_every_kind_and_all_that_is_said_of_them(
    world: World, snapshot: Callable[[], Snapshot]
) -> None:
    clip = world.video(
        "Clip", seconds=7.5, tags=["a", "b"], labels={"season": "spring"}, client_user_id=7
    )
    air = world.live("Air")
    row = world.playlist("Row", seconds=8, items=[clip])
    found = {media.number: media for media in catalog.media(snapshot())}
    assert [(found[number].kind, found[number].title) for number in (clip, air, row)] == [
        (1, "Clip"),
        (2, "Air"),
        (3, "Row"),
    ]
    assert (found[clip].duration_ms, found[clip].seconds, found[clip].tags, found[clip].labels) == (
        7500,
        8,
        ("a", "b"),
        (("season", "spring"),),
    )
    assert (found[clip].client_user_id, found[air].client_user_id, found[row].items) == (
        7,
        None,
        (clip,),
    )


def test_every_media_has_a_project_that_exists(
    world: World, snapshot: Callable[[], Snapshot]
) -> None:
    world.video()
    world.live()
    owners = {media.project for media in catalog.media(snapshot())}
    assert owners == {project.number for project in catalog.projects(snapshot())}


def test_what_is_released_later_is_not_seen(world: World, snapshot: Callable[[], Snapshot]) -> None:
    world.recording.media(
        [
            NewMedia(title, duration_ms=1000, released_at=at)
            for title, at in (("now", NOW), ("soon", NOW + 1))
        ]
    )
    assert [media.title for media in catalog.media(snapshot())] == ["now"]


def test_broadcasts_are_seen_once_they_begin_oldest_first(
    world: World, snapshot: Callable[[], Snapshot]
) -> None:
    air = world.live()
    starts = [NOW, YESTERDAY, NOW + 1]
    world.recording.broadcasts(
        [NewBroadcast(air, start, start + 60, bitrate=900, height=720, fps=25) for start in starts]
    )
    found = [run[1:] for run in catalog.broadcasts(snapshot())[air]]
    assert found == [
        (air, YESTERDAY, YESTERDAY + 60, 900, 720, 25),
        (air, NOW, NOW + 60, 900, 720, 25),
    ]


# Viewers, pages, ids.


def test_a_viewer_is_an_address_and_a_device(
    world: World, snapshot: Callable[[], Snapshot]
) -> None:
    video = world.video()
    first = NewViewer("203.0.113.9", device=1, place=PARIS, name="Ana")
    for index, who in enumerate(
        [
            first,
            replace(first, device=2, name="Bo"),
            replace(first, ip="203.0.113.10"),
            replace(first, place=0, name="Cy"),
        ]
    ):
        world.watch(video, "", YESTERDAY + index, viewer=who)
    found = sorted(
        (one.profile.number, one.profile.name, one.profile.place.city, one.loads)
        for one in all_viewers(snapshot())
    )
    assert found == [
        (OVERLAY_BIT, "Ana", "Paris", 2),
        (OVERLAY_BIT + 1, "Bo", "Paris", 1),
        (OVERLAY_BIT + 2, "Ana", "Paris", 1),
    ]


def test_a_viewer_of_the_base_is_recognised(demo: Server, key: str) -> None:
    world = World(demo, key)
    with demo.emulator.store.snapshot() as connection:
        newest = viewers.list_page(Snapshot(connection, world.account, ALL_VISIBLE), limit=1)[0]
        device: Any = connection.execute(
            select(tables.viewers.c.device).where(
                tables.viewers.c.id == world.account.world << NUMBER_BITS | newest.profile.number
            )
        ).scalar()
    media = world.video()
    number = world.watch(
        media,
        "",
        NOW,
        (0, 1),
        viewer=NewViewer(str(IPv4Address(newest.profile.ip)), device=device, name="Somebody Else"),
    )
    with demo.emulator.store.snapshot() as connection:
        same = viewers.get(Snapshot(connection, world.account, ALL_VISIBLE), newest.profile.number)
        one = viewings.get(Snapshot(connection, world.account, ALL_VISIBLE), number)
    assert same is not None and one is not None
    assert (same.profile, same.loads) == (newest.profile, newest.loads + 1)
    assert one.viewer == newest.profile


def test_pages_are_used_again(world: World, snapshot: Callable[[], Snapshot]) -> None:
    video = world.video()
    urls = ["https://a.example.com/", None, "https://a.example.com/", None]
    for index, url in enumerate(urls):
        world.watch(video, "ana", YESTERDAY + index, page=url)
    assert [one.page.url for one in all_viewings(snapshot())] == urls
    pages = tables.pages
    assert (
        snapshot().rows(
            select(func.count()).select_from(pages).where(pages.c.world == world.account.overlay)
        )[0][0]
        == 2
    )


def test_given_ids_are_aliases(world: World, snapshot: Callable[[], Snapshot]) -> None:
    video = world.video(ids={"apivideo": ["viOne", "viTwo"], "wistia": ["viOne"]})
    viewing = world.watch(
        video,
        "",
        YESTERDAY,
        viewer=replace(ANA, ids={"wistia": ["ANA"]}),
        ids={"wistia": ["first"]},
    )
    asked = [
        ("apivideo", "video", "viTwo"),
        ("wistia", "video", "viOne"),
        ("wistia", "viewing", "first"),
        ("wistia", "viewer", "ANA"),
        ("gcore", "video", "viOne"),
    ]
    assert [catalog.number_of_alias(snapshot(), *each) for each in asked] == [
        video,
        video,
        viewing,
        OVERLAY_BIT,
        None,
    ]
    assert catalog.aliases(snapshot(), "apivideo", "video", [video]) == {video: ["viOne", "viTwo"]}


def test_an_id_of_the_base_is_taken(demo: Server, key: str) -> None:
    with pytest.raises(UserError, match="another video has the id '12345' at gcore"):
        World(demo, key).video(ids={"gcore": ["12345"]})


# Viewings.


def test_a_viewing_says_what_was_recorded(world: World, snapshot: Callable[[], Snapshot]) -> None:
    video = world.video(seconds=60)
    number = world.watch(
        video,
        "ana",
        YESTERDAY,
        (0, 30),
        (20, 40, 5),
        start_delay=2,
        labels={"size": "L", "hats": "green"},
    )
    one = viewings.get(snapshot(), number)
    assert one is not None
    assert (one.media, one.kind, one.loaded_at, one.played_at, one.ended_at) == (
        video,
        1,
        YESTERDAY,
        YESTERDAY + 2,
        YESTERDAY + 57,
    )
    assert (one.watched_seconds, one.distinct_seconds) == (50, 40)
    assert viewings.labels(snapshot(), [number]) == {number: [("hats", "green"), ("size", "L")]}
    spans = [
        (
            span.started_at - YESTERDAY,
            span.stopped_at - YESTERDAY,
            span.start,
            span.stop,
            span.is_repeat,
        )
        for span in viewings.spans(snapshot(), number)
    ]
    assert spans == [(2, 32, 0, 30, False), (37, 47, 20, 30, True), (47, 57, 30, 40, False)]


def test_a_viewing_without_an_end_ends_with_its_last_stretch_or_its_load(
    world: World, snapshot: Callable[[], Snapshot]
) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", YESTERDAY, (0, 30))
    world.watch(video, "ana", YESTERDAY + 100)
    world.watch(video, "ana", YESTERDAY + 200, (0, 30), ended_at=YESTERDAY + 240)
    assert [one.ended_at - YESTERDAY for one in all_viewings(snapshot())] == [30, 100, 240]


def test_a_world_keeps_its_longest_stretch_and_its_longest_wait(
    world: World, snapshot: Callable[[], Snapshot]
) -> None:
    video = world.video(seconds=900)
    worlds = tables.worlds

    def limits() -> tuple[int, int]:
        row = snapshot().rows(
            select(worlds.c.max_range_seconds, worlds.c.max_start_delay).where(
                worlds.c.id == world.account.overlay
            )
        )[0]
        return row.max_range_seconds, row.max_start_delay

    world.watch(video, "ana", YESTERDAY, (0, 100), (0, 50, 30), start_delay=7)
    assert limits() == (100, 137)
    world.watch(video, "ana", YESTERDAY, (0, 700))
    assert limits() == (700, 137)
    world.watch(video, "ana", YESTERDAY, (0, 1), start_delay=500)
    world.watch(video, "ana", YESTERDAY, (0, 2))
    assert limits() == (700, 500)


# Whose it is.


def test_two_accounts_do_not_see_each_other(new_world: WorldFactory) -> None:
    mine = new_world()
    yours = new_world()
    mine.watch(mine.video("mine"), "ana", YESTERDAY, (0, 10))
    yours.video("yours")
    yours.watch(
        yours.video("yours too"), "bo", YESTERDAY, (0, 20), page="https://your.example.com/"
    )
    seen = []
    for world in (mine, yours):
        with world.server.emulator.store.snapshot() as connection:
            reading = Snapshot(connection, world.account, ALL_VISIBLE)
            titles = [media.title for media in catalog.media(reading)]
            seen.append(
                (
                    titles,
                    [one.watched_seconds for one in all_viewings(reading)],
                    [one.profile.ip & 255 for one in all_viewers(reading)],
                )
            )
    assert seen == [(["mine"], [10], [1]), (["yours", "yours too"], [20], [2])]


def test_an_account_in_which_nothing_was_recorded_has_no_overlay(
    world: World, account: Account
) -> None:
    assert account.overlay is None
    with pytest.raises(UserError):
        Recording(world.server.emulator.store, account).media([NewMedia("bad")])
    assert world.account.overlay is None


# Numbers that were given.


def test_the_number_of_a_deleted_viewing_is_given_to_no_other(world: World) -> None:
    video = world.video()
    numbers = [world.watch(video, "ana", YESTERDAY) for _ in range(2)]
    delete_viewing(world.server.emulator.store, world.key, numbers[1])
    assert world.watch(video, "ana", YESTERDAY) == numbers[1] + 1


def test_a_fork_goes_on_with_the_numbers(world: World) -> None:
    video = world.video()
    number = world.watch(video, "ana", YESTERDAY)
    delete_viewing(world.server.emulator.store, world.key, number)
    forked = World(world.server, world.server.emulator.accounts.fork(world.key, None).name)
    assert [each.watch(video, "ana", YESTERDAY) for each in (world, forked)] == [number + 1] * 2


def test_a_deleted_viewing_leaves_no_row(world: World, snapshot: Callable[[], Snapshot]) -> None:
    number = world.watch(
        world.video(),
        "ana",
        YESTERDAY,
        (0, 30),
        labels={"hats": "green"},
        ids={"wistia": ["first"]},
    )
    delete_viewing(world.server.emulator.store, world.key, number)
    for table in (tables.viewings, tables.played_ranges, tables.viewing_labels):
        assert (
            snapshot().rows(
                select(func.count())
                .select_from(table)
                .where(table.c.world == world.account.overlay)
            )[0][0]
            == 0
        )
    assert catalog.number_of_alias(snapshot(), "wistia", "viewing", "first") is None


def test_only_what_was_recorded_can_be_erased(world: World) -> None:
    world.watch(world.video(), "ana", YESTERDAY)
    with pytest.raises(ConflictError):
        delete_viewing(world.server.emulator.store, world.key, 7)
    with pytest.raises(NotFoundError):
        delete_viewing(world.server.emulator.store, world.key, UNKNOWN_NUMBER)
    with pytest.raises(NotFoundError):
        delete_viewing(world.server.emulator.store, "nobody is called so", OVERLAY_BIT)


def test_a_viewer_that_there_is_is_named_by_number(
    world: World, snapshot: Callable[[], Snapshot]
) -> None:
    video = world.video()
    world.watch(video, "ana", YESTERDAY)
    world.watch(video, "", YESTERDAY, viewer=OVERLAY_BIT)
    assert [(one.profile.number, one.loads) for one in all_viewers(snapshot())] == [
        (OVERLAY_BIT, 2)
    ]


def test_viewers_without_an_address_share_addresses_once_all_are_taken(world: World) -> None:
    with recording_session(
        world.server.emulator.store, world.account.name, SystemClock()
    ) as overlay:
        first = overlay.viewer_index.next_free_address([2, 5])
        overlay.viewer_index._next_free = FREE_ADDRESS_COUNT - 1
        overlay.add_viewer(NewViewer("198.18.0.0", device=2))
        last, again = (overlay.viewer_index.next_free_address([2, 5]) for _ in range(2))
    assert [(str(IPv4Address(ip)), device) for ip, device in (first, last, again)] == [
        ("198.18.0.0", 2),
        ("198.19.255.255", 2),
        ("198.18.0.0", 5),
    ]


def test_two_writers_of_one_account_on_a_server_wait_for_each_other(postgresql_url: str) -> None:
    settings = Settings.load(
        {"store": postgresql_url, "scenario": "empty", "now": NOW_TEXT, "log": "off"}
    )
    with closing(Emulator.open(settings)) as emulator, ThreadPoolExecutor(4) as pool:
        recording = Recording(emulator.store, emulator.open_account("ana"))
        video = recording.media([NewMedia("Clip", duration_ms=60_000)])[0]
        said = [NewViewing(video, ANA, YESTERDAY), NewViewing(video, viewer("bo"), YESTERDAY)]
        made = list(pool.map(lambda _: recording.viewings(said), range(12)))
        with emulator.snapshot(emulator.open_account("ana"), ALL_VISIBLE) as reading:
            assert [one.loads for one in all_viewers(reading)] == [12, 12]
    assert sorted(number for numbers in made for number in numbers) == list(
        range(OVERLAY_BIT, OVERLAY_BIT + 24)
    )
