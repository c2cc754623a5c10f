"""Small random worlds: sketched by Hypothesis, recorded into an account, told to the naive model as well."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, NamedTuple

from hypothesis import strategies as st
from sqlalchemy import select

from playhead.accounts.account import Account
from playhead.accounts.recording import NewMedia, NewViewer, NewViewing
from playhead.stats.reading import Reading, Sight, Window
from playhead.store import tables
from playhead.store.store import Store
from playhead.store.tables import NUMBER_MASK
from playhead.world.terms import MediaKind
from tests import naive
from tests.worlds import DAY, NOW, World, played

EVERYTHING = Sight(frozenset(MediaKind))
FINISHED_VIDEOS = Sight(frozenset({MediaKind.video}), finished_only=True)
SIGHTS = st.sampled_from([EVERYTHING, FINISHED_VIDEOS])

VIDEOS = [NewMedia(f"video of {seconds} s", duration_ms=round(seconds * 1000)) for seconds in (3, 40, 300.5)]
LIVES = [NewMedia(f"live {index}", kind=MediaKind.live) for index in range(3)]
PLAYLISTS = [NewMedia(f"playlist of {seconds} s", kind=MediaKind.playlist, duration_ms=seconds * 1000) for seconds in (6, 80, 200)]
LIBRARY = [*VIDEOS, *LIVES, *PLAYLISTS]
SECONDS = [-(-media.duration_ms // 1000) or 400 for media in LIBRARY]

# Two on one address, and two cities of one country.
SEATTLE, NEW_YORK, PARIS = 0, 1, 20
PLACES = {SEATTLE: "US", NEW_YORK: "US", PARIS: "FR"}
PEOPLE = [
    NewViewer("203.0.113.1", device=0, place=SEATTLE, name="Ana Straße", email="ana@example.com"),
    NewViewer("203.0.113.1", device=5, place=PARIS),
    NewViewer("203.0.113.2", device=0, place=PARIS, name="Émile 50%"),
    NewViewer("203.0.113.3", device=3, place=NEW_YORK, email="BO_x@example.org"),
    NewViewer("203.0.113.4", device=7, place=NEW_YORK),
]
PAGES = (None, "https://www.example.com/a", "https://shop.example.com/b?c")
SEARCHES = ("", "ana", "STRASSE", "ÉMILE", "%", "_", "a@e", "example.com", "nobody")


class Sketch(NamedTuple):
    """A viewing by indexes into LIBRARY and PEOPLE; moves are (from, to, seconds paused before)."""

    media: int
    viewer: int
    loaded_at: int
    wait: int
    moves: tuple[tuple[int, int, int], ...]
    linger: int
    labels: dict[str, str]
    page: int = 0


MIDNIGHT = NOW - NOW % DAY
LOADS = st.one_of(
    st.integers(NOW - 3 * DAY, NOW + DAY),
    st.integers(NOW - 500, NOW + 5),
    st.integers(NOW - 15, NOW),
    st.integers(MIDNIGHT - 300, MIDNIGHT + 2),
    st.sampled_from([NOW, NOW - 60, MIDNIGHT, MIDNIGHT - 1, MIDNIGHT - DAY]),
)
LABELS = st.fixed_dictionaries({}, optional={"hats": st.sampled_from(["green", "red"]), "size": st.just("L")})


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    media = draw(st.integers(0, len(LIBRARY) - 1))
    positions = st.integers(0, SECONDS[media])
    ends = draw(st.lists(st.tuples(positions, positions).filter(lambda pair: pair[0] != pair[1]), max_size=4))
    moves = tuple((*sorted(pair), draw(st.sampled_from([0, 0, 1, 7, 90]))) for pair in ends)
    numbers = (draw(st.integers(0, len(PEOPLE) - 1)), draw(LOADS), draw(st.integers(0, 12)))
    return Sketch(media, *numbers, moves, draw(st.integers(0, 9)), draw(LABELS), draw(st.integers(0, 2)))  # type: ignore[arg-type]  # sorted pairs lose their length


WORLDS = st.lists(sketches(), max_size=12)

SPANS = st.sampled_from([0, 1, 30, 60, 3600, DAY, 2 * DAY, 5 * DAY])
WINDOWS = st.one_of(
    st.tuples(st.integers(-3, 2), st.integers(0, 4)).map(lambda days: Window(MIDNIGHT + days[0] * DAY, MIDNIGHT + (days[0] + days[1]) * DAY)),
    st.tuples(st.integers(NOW - 100, NOW + 100), st.integers(0, 200)).map(lambda pair: Window(pair[0], pair[0] + pair[1])),
    st.tuples(LOADS, st.integers(0, 400)).map(lambda pair: Window(pair[0], pair[0] + pair[1])),
    st.tuples(LOADS, SPANS).map(lambda pair: Window(pair[0] // 60 * 60, pair[0] // 60 * 60 + pair[1])),
    st.tuples(LOADS, st.integers(0, 3 * DAY)).map(lambda pair: Window(pair[0], pair[0] + pair[1])),
)


@dataclass(frozen=True)
class Told:
    """A recorded world: the account that has it, and all that the naive model must know."""

    store: Store
    account: Account
    media: list[int]
    viewings: tuple[naive.Viewing, ...]
    viewers: tuple[naive.Viewer, ...]

    def model(self, sight: Sight, *, now: int = NOW) -> naive.Naive:
        return naive.Naive(self.viewings, self.viewers, now, frozenset(sight.kinds), sight.finished_only)

    @contextmanager
    def reading(self, sight: Sight) -> Iterator[Reading]:
        with self.store.snapshot() as connection:
            yield Reading(connection, self.account, sight)


def told(world: World, sketched: Sequence[Sketch]) -> Told:
    """The sketched viewings, recorded into a world."""
    media = world.recording.media(LIBRARY)
    new = [_new_viewing(media, sketch) for sketch in sketched]
    numbers = world.recording.viewings(new)
    store, account = world.server.emulator.store, world.account
    viewers = _viewer_numbers(store, account)
    pages = _page_numbers(store, account)
    viewings = [_viewing(number, one, sketch, viewers, pages) for number, one, sketch in zip(numbers, new, sketched, strict=True)]
    people = [naive.Viewer(viewers[_pair(person)], person.name, person.email) for person in PEOPLE if _pair(person) in viewers]
    return Told(store, account, media, tuple(viewings), tuple(people))


def _new_viewing(media: Sequence[int], sketch: Sketch) -> NewViewing:
    stretches = played(*sketch.moves, at=sketch.loaded_at + sketch.wait)
    last = stretches[-1].started_at + stretches[-1].stop - stretches[-1].start if stretches else sketch.loaded_at
    return NewViewing(
        media[sketch.media],
        PEOPLE[sketch.viewer],
        sketch.loaded_at,
        stretches,
        last + sketch.linger,
        PAGES[sketch.page],
        200 + sketch.wait,
        labels=sketch.labels,
    )


def _viewing(number: int, new: NewViewing, sketch: Sketch, viewers: dict[tuple[int, int], int], pages: dict[str | None, int]) -> naive.Viewing:
    assert new.ended_at is not None and isinstance(new.viewer, NewViewer)
    who, stretches = viewers[_pair(new.viewer)], tuple((began, start, stop) for began, start, stop in new.stretches)
    kind, country = LIBRARY[sketch.media].kind, PLACES[new.viewer.place]
    person, end = new.viewer, SECONDS[sketch.media] if kind is MediaKind.video else None
    told_of = (number, new.media, kind, who, country, new.loaded_at, new.ended_at, stretches, new.labels)
    return naive.Viewing(*told_of, person.place, person.device, pages[new.page], _pair(person)[0], new.impression_ms, end)


def _pair(person: NewViewer) -> tuple[int, int]:
    return int(ip_address(person.ip)), person.device


def _viewer_numbers(store: Store, account: Account) -> dict[tuple[int, int], int]:
    viewers = tables.viewers
    with store.snapshot() as connection:
        rows: Any = connection.execute(select(viewers.c.ip, viewers.c.device, viewers.c.id).where(viewers.c.world == account.overlay))
        return {(row.ip, row.device): row.id & NUMBER_MASK for row in rows}


def _page_numbers(store: Store, account: Account) -> dict[str | None, int]:
    pages = tables.pages
    with store.snapshot() as connection:
        rows: Any = connection.execute(select(pages.c.url, pages.c.id).where(pages.c.world == account.overlay))
        return {row.url: row.id & NUMBER_MASK for row in rows}
