"""Small random worlds:

sketched by Hypothesis, recorded into an account, told to the naive model as well.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, NamedTuple

from hypothesis import strategies as st
from sqlalchemy import select

from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.domain.account import Account
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.recording.inputs import NewMedia, NewViewer, NewViewing
from playhead.storage import tables
from playhead.storage.database import Store
from playhead.storage.tables import NUMBER_MASK
from tests import reference_model
from tests.worlds import DAY, NOW, World, played_ranges

ALL_VISIBLE = Visibility(frozenset(MediaKind))
ENDED_VIDEOS = Visibility(frozenset({MediaKind.video}), ended_only=True)
VISIBILITIES = st.sampled_from([ALL_VISIBLE, ENDED_VIDEOS])

VIDEOS = [
    NewMedia(f"video of {seconds} s", duration_ms=round(seconds * 1000))
    for seconds in (3, 40, 300.5)
]
LIVES = [NewMedia(f"live {index}", kind=MediaKind.live) for index in range(3)]
PLAYLISTS = [
    NewMedia(f"playlist of {seconds} s", kind=MediaKind.playlist, duration_ms=seconds * 1000)
    for seconds in (6, 80, 200)
]
CATALOG = [*VIDEOS, *LIVES, *PLAYLISTS]
CATALOG_SECONDS = [-(-media.duration_ms // 1000) or 400 for media in CATALOG]

# Two on one address, and two cities of one country.
SEATTLE = 0
NEW_YORK = 1
PARIS = 20
PLACES = {SEATTLE: "US", NEW_YORK: "US", PARIS: "FR"}
VIEWERS = [
    NewViewer("203.0.113.1", device=0, place=SEATTLE, name="Ana Straße", email="ana@example.com"),
    NewViewer("203.0.113.1", device=5, place=PARIS),
    NewViewer("203.0.113.2", device=0, place=PARIS, name="Émile 50%"),
    NewViewer("203.0.113.3", device=3, place=NEW_YORK, email="BO_x@example.org"),
    NewViewer("203.0.113.4", device=7, place=NEW_YORK),
]
PAGES = (None, "https://www.example.com/a", "https://shop.example.com/b?c")
SEARCHES = ("", "ana", "STRASSE", "ÉMILE", "%", "_", "a@e", "example.com", "nobody")


class ViewingSketch(NamedTuple):
    """A viewing by indexes into LIBRARY and PEOPLE; moves are (from, to, seconds paused before)."""

    media: int
    viewer: int
    loaded_at: int
    start_delay: int
    played: tuple[tuple[int, int, int], ...]
    idle_after: int
    labels: dict[str, str]
    page: int = 0


MIDNIGHT = NOW - NOW % DAY
LOAD_TIMES = st.one_of(
    st.integers(NOW - 3 * DAY, NOW + DAY),
    st.integers(NOW - 500, NOW + 5),
    st.integers(NOW - 15, NOW),
    st.integers(MIDNIGHT - 300, MIDNIGHT + 2),
    st.sampled_from([NOW, NOW - 60, MIDNIGHT, MIDNIGHT - 1, MIDNIGHT - DAY]),
)
LABELS = st.fixed_dictionaries(
    {}, optional={"hats": st.sampled_from(["green", "red"]), "size": st.just("L")}
)


@st.composite
def viewing_sketches(draw: st.DrawFn) -> ViewingSketch:
    media = draw(st.integers(0, len(CATALOG) - 1))
    positions = st.integers(0, CATALOG_SECONDS[media])
    ends = draw(
        st.lists(
            st.tuples(positions, positions).filter(lambda pair: pair[0] != pair[1]), max_size=4
        )
    )
    moves = tuple((min(pair), max(pair), draw(st.sampled_from([0, 0, 1, 7, 90]))) for pair in ends)
    numbers = (draw(st.integers(0, len(VIEWERS) - 1)), draw(LOAD_TIMES), draw(st.integers(0, 12)))
    idle_after = draw(st.integers(0, 9))
    labels = draw(LABELS)
    page = draw(st.integers(0, 2))
    return ViewingSketch(media, *numbers, moves, idle_after, labels, page)


WORLDS = st.lists(viewing_sketches(), max_size=12)

RANGE_LENGTHS = st.sampled_from([0, 1, 30, 60, 3600, DAY, 2 * DAY, 5 * DAY])
TIME_RANGES = st.one_of(
    st.tuples(st.integers(-3, 2), st.integers(0, 4)).map(
        lambda days: TimeRange(MIDNIGHT + days[0] * DAY, MIDNIGHT + (days[0] + days[1]) * DAY)
    ),
    st.tuples(st.integers(NOW - 100, NOW + 100), st.integers(0, 200)).map(
        lambda pair: TimeRange(pair[0], pair[0] + pair[1])
    ),
    st.tuples(LOAD_TIMES, st.integers(0, 400)).map(
        lambda pair: TimeRange(pair[0], pair[0] + pair[1])
    ),
    st.tuples(LOAD_TIMES, RANGE_LENGTHS).map(
        lambda pair: TimeRange(pair[0] // 60 * 60, pair[0] // 60 * 60 + pair[1])
    ),
    st.tuples(LOAD_TIMES, st.integers(0, 3 * DAY)).map(
        lambda pair: TimeRange(pair[0], pair[0] + pair[1])
    ),
)


@dataclass(frozen=True)
class RecordedWorld:
    """A recorded world: the account that has it, and all that the naive model must know."""

    store: Store
    account: Account
    media: list[int]
    viewings: tuple[reference_model.Viewing, ...]
    viewers: tuple[reference_model.Viewer, ...]

    def model(self, visibility: Visibility, *, now: int = NOW) -> reference_model.ReferenceModel:
        return reference_model.ReferenceModel(
            self.viewings, self.viewers, now, frozenset(visibility.kinds), visibility.ended_only
        )

    @contextmanager
    def snapshot(self, visibility: Visibility) -> Iterator[Snapshot]:
        with self.store.snapshot() as connection:
            yield Snapshot(connection, self.account, visibility)


def record(world: World, sketched: Sequence[ViewingSketch]) -> RecordedWorld:
    """The sketched viewings, recorded into a world."""
    media = world.recording.media(CATALOG)
    new = [_new_viewing(media, sketch) for sketch in sketched]
    numbers = world.recording.viewings(new)
    store = world.server.emulator.store
    account = world.account
    viewers = _viewer_numbers(store, account)
    pages = _page_numbers(store, account)
    viewings = [
        _reference_viewing(number, one, sketch, viewers, pages)
        for number, one, sketch in zip(numbers, new, sketched, strict=True)
    ]
    people = [
        reference_model.Viewer(viewers[_ip_and_device(person)], person.name, person.email)
        for person in VIEWERS
        if _ip_and_device(person) in viewers
    ]
    return RecordedWorld(store, account, media, tuple(viewings), tuple(people))


def _new_viewing(media: Sequence[int], sketch: ViewingSketch) -> NewViewing:
    ranges = played_ranges(*sketch.played, at=sketch.loaded_at + sketch.start_delay)
    last = (
        ranges[-1].started_at + ranges[-1].stop - ranges[-1].start if ranges else sketch.loaded_at
    )
    return NewViewing(
        media[sketch.media],
        VIEWERS[sketch.viewer],
        sketch.loaded_at,
        ranges,
        last + sketch.idle_after,
        PAGES[sketch.page],
        200 + sketch.start_delay,
        labels=sketch.labels,
    )


def _reference_viewing(
    number: int,
    new: NewViewing,
    sketch: ViewingSketch,
    viewers: dict[tuple[int, int], int],
    pages: dict[str | None, int],
) -> reference_model.Viewing:
    assert new.ended_at is not None and isinstance(new.viewer, NewViewer)
    viewer_number = viewers[_ip_and_device(new.viewer)]
    stretches = tuple((began, start, stop) for began, start, stop in new.played)
    kind = CATALOG[sketch.media].kind
    country = PLACES[new.viewer.place]
    person = new.viewer
    end = CATALOG_SECONDS[sketch.media] if kind is MediaKind.video else None
    fields = (
        number,
        new.media,
        kind,
        viewer_number,
        country,
        new.loaded_at,
        new.ended_at,
        stretches,
        new.labels,
    )
    return reference_model.Viewing(
        *fields,
        person.place,
        person.device,
        pages[new.page],
        _ip_and_device(person)[0],
        new.impression_ms,
        end,
    )


def _ip_and_device(viewer: NewViewer) -> tuple[int, int]:
    return int(ip_address(viewer.ip)), viewer.device


def _viewer_numbers(store: Store, account: Account) -> dict[tuple[int, int], int]:
    viewers = tables.viewers
    with store.snapshot() as connection:
        rows: Any = connection.execute(
            select(viewers.c.ip, viewers.c.device, viewers.c.id).where(
                viewers.c.world == account.overlay
            )
        )
        return {(row.ip, row.device): row.id & NUMBER_MASK for row in rows}


def _page_numbers(store: Store, account: Account) -> dict[str | None, int]:
    pages = tables.pages
    with store.snapshot() as connection:
        rows: Any = connection.execute(
            select(pages.c.url, pages.c.id).where(pages.c.world == account.overlay)
        )
        return {row.url: row.id & NUMBER_MASK for row in rows}
