"""One world as its vendors tell it: every question asked once over HTTP and remembered, so that many laws share the answers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import httpx
from hypothesis import seed, settings
from hypothesis import strategies as st

from playhead import Server
from playhead.clock import instant_of, utc
from playhead.stats import library
from playhead.stats.reading import Reading, Window
from playhead.vendors.gcore import GCORE
from tests.stats.sketches import LOADS, WORLDS, Sketch, Told, told
from tests.worlds import DAY, NOW, World

NewWorld = Callable[[], World]
Test = TypeVar("Test", bound=Callable[..., Any])  # Any: test functions of all kinds


def _profile() -> settings:
    assert settings.default is not None
    return settings.default


def same_worlds(test: Test) -> Test:
    """Ask all laws of the same worlds where chance is fixed (CI), so that each is recorded and asked once; two fifths as many as elsewhere."""
    profile = _profile()
    fewer: Test = settings(max_examples=profile.max_examples * 2 // 5)(test)
    return seed(2024)(fewer) if profile.derandomize else fewer


TODAY = NOW - NOW % DAY
EVER = Window(NOW - 100 * DAY, NOW + 3 * DAY)
GRANULARITIES = {"1m": 60, "5m": 300, "15m": 900, "1h": 3600, "1d": DAY, "1mo": 0}

# Windows that a closed interval of whole seconds can say, at most five days long.
WINDOWS = st.one_of(
    st.tuples(st.integers(-3, 1), st.integers(1, 4)).map(lambda days: Window(TODAY + days[0] * DAY, TODAY + sum(days) * DAY)),
    st.tuples(LOADS, st.integers(1, 400)).map(lambda pair: Window(pair[0], pair[0] + pair[1])),
    st.tuples(LOADS, st.integers(1, 3 * DAY)).map(lambda pair: Window(pair[0], pair[0] + pair[1])),
)


def ended_at(sketch: Sketch) -> int:
    """When a sketched viewing ends."""
    return sketch.loaded_at + (sketch.wait if sketch.moves else 0) + sum(stop - start + pause for start, stop, pause in sketch.moves) + sketch.linger


def quiet(sketched: Sequence[Sketch]) -> list[Sketch]:
    """Those that have ended by now, or have not begun: nothing is in progress."""
    return [sketch for sketch in sketched if ended_at(sketch) <= NOW or sketch.loaded_at > NOW]


def straight(sketched: Sequence[Sketch]) -> list[Sketch]:
    """The same viewings from the start on in one go."""
    return [sketch._replace(moves=((0, max(stop for _, stop, _ in sketch.moves), 0),) if sketch.moves else ()) for sketch in sketched]


QUIET_WORLDS = WORLDS.map(quiet)


# Four seconds are a play, five a view: of a video, a live stream and a playlist, two in Paris and one in Seattle.
BRIEF = [Sketch(media, viewer, NOW - 5_000 + 100 * media, 1, ((0, length, 0),), 0, {}) for media in (1, 3, 7) for viewer, length in ((0, 4), (1, 4), (1, 5))]


class Video(NamedTuple):
    """A video at all three vendors."""

    title: str
    seconds: int
    duration: float
    gcore: int
    wistia: str
    apivideo: str


class Live(NamedTuple):
    """A live stream at the two vendors that see it."""

    title: str
    gcore: int
    apivideo: str


class Heard:
    """What the vendors say of one world; `told` is what was recorded, None for a generated world."""

    def __init__(self, world: World, web: httpx.Client, told: Told | None = None) -> None:
        self.world, self.web, self.told = world, web, told
        self._answers: dict[tuple[str, str, str], Any] = {}  # Any: JSON

    def ask(self, vendor: str, path: str, **parameters: Any) -> Any:
        """The JSON of a 200 at a vendor."""
        key = (vendor, path, repr(sorted(parameters.items())))
        if key not in self._answers:
            response = self.world.get(self.web, vendor, path, **parameters)
            assert response.status_code == 200, (vendor, path, parameters, response.text)
            self._answers[key] = response.json()
        return self._answers[key]

    # The catalogues, brought together by title.

    @cached_property
    def videos(self) -> list[Video]:
        medias, gcore = self.medias, {video["name"]: video for video in self.gcore_videos}
        ids = {video["title"]: video["videoId"] for video in self.pages("/videos")}
        return [
            Video(
                media["name"],
                -(-gcore[media["name"]]["duration"] // 1000),
                media["duration"],
                gcore[media["name"]]["id"],
                media["hashed_id"],
                ids[media["name"]],
            )
            for media in medias
        ]

    @cached_property
    def lives(self) -> list[Live]:
        ids = {stream["name"]: stream["liveStreamId"] for stream in self.pages("/live-streams")}
        return [Live(stream["name"], stream["id"], ids[stream["name"]]) for stream in self.ask("gcore", "/streaming/streams")]

    # Gcore.

    @property
    def gcore_videos(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("gcore", "/streaming/videos", per_page=1000)
        return found

    def countries(self, window: Window, kind: str | None = None) -> dict[str, int]:
        """Views by the code of the country."""
        rows = self.ask("gcore", "/streaming/statistics/countries", **closed(window, "date_from", "date_to"), **({"type": kind} if kind else {}))["data"]
        return {row["country"]: row["views"] for row in rows}

    def heatmap(self, window: Window, kind: str, id_: int) -> dict[int, int]:
        """Viewers by second of a video, or by instant."""
        rows = self.ask("gcore", "/streaming/statistics/heatmap", type=kind, stream_id=id_, **closed(window, "date_from", "date_to"))["data"]
        return {row["seconds"] if kind == "vod" else instant_of(row["time"]): row["viewers"] for row in rows}

    def minutes(self, window: Window, granularity: str, **which: int) -> dict[int, int]:
        """Minutes of live streams watched, by start of the interval."""
        path = "/streaming/statistics/stream/watching_duration"
        series = self.ask("gcore", path, granularity=granularity, **closed(window, "from_", "to"), **which)[0]["metrics"]["streams"]
        assert len(dict(series)) == len(series)
        return dict(series)

    def minutes_in_all(self, window: Window, **which: int) -> int:
        """Minutes of live streams watched, rounded up once."""
        found: int = self.ask("gcore", "/streaming/statistics/stream/watching_duration/total", **closed(window, "from_", "to"), **which)[0]["duration"]
        return found

    # Wistia.

    @cached_property
    def medias(self) -> list[dict[str, Any]]:
        return list(self.listed("/v1/medias.json"))

    def listed(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """A list of Wistia's, page after page until a short one."""
        page = 1
        while rows := self.ask("wistia", path, page=page, per_page=100, **parameters):
            yield from rows
            if len(rows) < 100:
                return
            page += 1

    @cached_property
    def events(self) -> Mapping[str, list[dict[str, Any]]]:
        """All events, newest first, by hashed id of their media."""
        found: dict[str, list[dict[str, Any]]] = {video.wistia: [] for video in self.videos}
        for event in self.listed("/v1/stats/events.json"):
            found[event["media_id"]].append(event)
        return found

    @cached_property
    def visitors(self) -> Mapping[str, dict[str, Any]]:
        """All visitors by key."""
        rows = list(self.listed("/v1/stats/visitors.json"))
        found = {row["visitor_key"]: row for row in rows}
        assert len(found) == len(rows)
        return found

    def by_date(self, what: str) -> dict[str, dict[str, Any]]:
        """Rows by date of all days in which anything happens."""
        rows = self.ask("wistia", f"/modern/stats/{what}/by_date", start_date=day_of(EVER.start), end_date=day_of(EVER.end))
        return {row["date"]: row for row in rows}

    # api.video.

    def pages(self, path: str, *, size: int = 100, **parameters: Any) -> list[dict[str, Any]]:
        """A list of api.video's, all its pages one after the other; its counters are checked on the way."""
        found: list[dict[str, Any]] = []
        page, last, total = 1, 1, 0
        while page <= last:
            answer = self.ask("apivideo", path, currentPage=page, pageSize=size, **parameters)
            told = answer["pagination"]
            last, total = told["pagesTotal"], told["itemsTotal"]
            assert (told["currentPage"], told["pageSize"], told["currentPageItems"]) == (page, size, len(answer["data"]))
            found += answer["data"]
            page += 1
        assert len(found) == total
        return found

    def sessions(self, media: Video | Live, **parameters: Any) -> list[dict[str, Any]]:
        return self.pages(sessions_of(media), **parameters)

    def session_count(self, media: Video | Live, **parameters: Any) -> int:
        found: int = self.ask("apivideo", sessions_of(media), pageSize=1, **parameters)["pagination"]["itemsTotal"]
        return found

    def session_events(self, session: Mapping[str, Any]) -> list[dict[str, Any]]:
        return self.pages(f"/analytics/sessions/{session['session']['sessionId']}/events")

    def plays(self, path: str, dimension: str, **parameters: Any) -> dict[str, int]:
        """Plays by the words of a dimension."""
        return {row["value"]: row["plays"] for row in self.pages(path, dimension=dimension, **parameters)}

    def figure(self, path: str, window: Window, **parameters: Any) -> float:
        """The figure of a metric: `play/count`."""
        found: float = self.ask("apivideo", f"/data/metrics/{path}", **half_open(window), **parameters)["data"]
        return found

    def buckets(self, path: str, window: Window, **parameters: Any) -> dict[str, float]:
        """The figures of a breakdown: `play/country`."""
        return {row["dimensionValue"]: row["metricValue"] for row in self.pages(f"/data/buckets/{path}", **half_open(window), **parameters)}

    def points(self, metric: str, window: Window, **parameters: Any) -> dict[str, float]:
        """The figures of a metric over time."""
        return {row["emittedAt"]: row["metricValue"] for row in self.pages(f"/data/timeseries/{metric}", **half_open(window), **parameters)}


_HEARD: dict[tuple[str, str], Heard] = {}


def hear(new_world: NewWorld, web: httpx.Client, sketched: Sequence[Sketch]) -> Heard:
    """A world of what was sketched; the one that an earlier law recorded, where there is one."""
    key = (new_world().server.url, repr(sketched))
    if key not in _HEARD:
        if len(_HEARD) > 500:
            _HEARD.clear()
        world = new_world()
        _HEARD[key] = Heard(world, web, told(world, sketched))
    return _HEARD[key]


def sessions_of(media: Video | Live) -> str:
    return f"/analytics/{'videos' if isinstance(media, Video) else 'live-streams'}/{media.apivideo}"


def closed(window: Window, start: str, end: str) -> dict[str, str]:
    """A window with both its ends inside, as Gcore's parameters say it."""
    return {start: iso(window.start), end: iso(window.end - 1)}


def half_open(window: Window) -> dict[str, Any]:  # Any: parameters
    """A window as api.video's parameters say it."""
    return {"from": iso(window.start), "to": iso(window.end)}


def iso(instant: int) -> str:
    return f"{utc(instant):%Y-%m-%dT%H:%M:%SZ}"


def day_of(instant: int) -> str:
    return utc(instant).date().isoformat()


def days_between(first: str, last: str) -> list[str]:
    """Dates, both ends included."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(start + timedelta(days)).isoformat() for days in range((end - start).days + 1)]


def broadcasts(demo: Server) -> dict[str, list[Window]]:
    """When each live stream of the demo was on air, by its title."""
    store, account = demo.emulator.store, demo.emulator.account("laws")
    with store.snapshot() as connection:
        reading = Reading(connection, account, GCORE.sight)
        runs = library.broadcasts(reading)
        return {media.title: [Window(run.started_at, run.ended_at) for run in runs[media.number]] for media in library.media(reading) if media.number in runs}


# What a session's events tell, read as a consumer of them reads it.


class Run(NamedTuple):
    """Playback without a break: wall clock, and the position at its start."""

    started_at: int
    stopped_at: int
    position: int

    @property
    def seconds(self) -> int:
        return self.stopped_at - self.started_at


# Where an event says how far playback came; a seek backward comes after a `resume` where it leads to.
REACHED = {"pause": "at", "end": "at", "seek.forward": "from", "seek.backward": "to"}


def runs(events: Sequence[Mapping[str, Any]], *, until: int) -> list[Run]:
    """What a session played, as far as its events say; what was not closed goes on until `until`."""
    found: list[Run] = []
    playing: tuple[int, int] | None = None  # since when, from which position
    for event in events:
        at, type_ = instant_of(event["emittedAt"]), event["type"]
        if playing:
            found.append(Run(playing[0], at, playing[1]))
            reached = event[REACHED[type_]]
            assert reached == playing[1] + at - playing[0], event  # media time advances as the wall clock does
        if type_ in ("pause", "end"):
            playing = None
        elif type_ != "ready":
            assert playing is not None or type_ in ("play", "resume"), event
            playing = (at, event["at"] if type_ in ("play", "resume") else event["to"])
    if playing:
        found.append(Run(playing[0], until, playing[1]))
    return [run for run in found if run.seconds]


def positions(found: Sequence[Run]) -> list[int]:
    """Every second of the media that was on screen, in order, repeated where it was seen again."""
    return [run.position + offset for run in found for offset in range(run.seconds)]


LETTERS = {"ready": "r", "play": "p", "pause": "u", "resume": "m", "end": "e", "seek.forward": "s", "seek.backward": "s"}
GRAMMAR = re.compile(r"r(p(s|um)*[ue]?)*")


def sentence(events: Sequence[Mapping[str, Any]]) -> str:
    """The types of events, a letter each, for GRAMMAR."""
    return "".join(LETTERS[event["type"]] for event in events)
