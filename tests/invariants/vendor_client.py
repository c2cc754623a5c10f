"""One world as its vendors tell it:

every question asked once over HTTP and remembered, so that many laws share the answers.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import httpx
from hypothesis import seed, settings
from hypothesis import strategies as st

from playhead import Server
from playhead.analytics import catalog
from playhead.analytics.snapshot import Snapshot
from playhead.domain.clock import parse_instant, utc_datetime
from playhead.domain.time_range import TimeRange
from playhead.vendors.gcore import GCORE
from tests.analytics.world_sketches import LOAD_TIMES, WORLDS, RecordedWorld, ViewingSketch, record
from tests.worlds import DAY, NOW, World

WorldFactory = Callable[[], World]
Function = TypeVar("Function", bound=Callable[..., Any])  # Any: test functions of all kinds


def _default_settings() -> settings:
    assert settings.default is not None
    return settings.default


def shared_examples(test: Function) -> Function:
    """Ask all laws of the same worlds where chance is fixed (CI), so that each is recorded and
    asked once; two fifths as many as elsewhere.
    """
    profile = _default_settings()
    with_fewer_examples: Function = settings(max_examples=profile.max_examples * 2 // 5)(test)
    return seed(2024)(with_fewer_examples) if profile.derandomize else with_fewer_examples


TODAY = NOW - NOW % DAY
ALL_TIME = TimeRange(NOW - 100 * DAY, NOW + 3 * DAY)
GRANULARITIES = {"1m": 60, "5m": 300, "15m": 900, "1h": 3600, "1d": DAY, "1mo": 0}

# Windows that a closed interval of whole seconds can say, at most five days long.
CLOSED_TIME_RANGES = st.one_of(
    st.tuples(st.integers(-3, 1), st.integers(1, 4)).map(
        lambda days: TimeRange(TODAY + days[0] * DAY, TODAY + sum(days) * DAY)
    ),
    st.tuples(LOAD_TIMES, st.integers(1, 400)).map(
        lambda pair: TimeRange(pair[0], pair[0] + pair[1])
    ),
    st.tuples(LOAD_TIMES, st.integers(1, 3 * DAY)).map(
        lambda pair: TimeRange(pair[0], pair[0] + pair[1])
    ),
)


def ended_at(sketch: ViewingSketch) -> int:
    """When a sketched viewing ends."""
    return (
        sketch.loaded_at
        + (sketch.start_delay if sketch.played else 0)
        + sum(stop - start + pause for start, stop, pause in sketch.played)
        + sketch.idle_after
    )


def without_running_viewings(sketched: Sequence[ViewingSketch]) -> list[ViewingSketch]:
    """Those that have ended by now, or have not begun: nothing is in progress."""
    return [sketch for sketch in sketched if ended_at(sketch) <= NOW or sketch.loaded_at > NOW]


def without_seeks(sketched: Sequence[ViewingSketch]) -> list[ViewingSketch]:
    """The same viewings from the start on in one go."""
    return [
        sketch._replace(
            played=((0, max(stop for _, stop, _ in sketch.played), 0),) if sketch.played else ()
        )
        for sketch in sketched
    ]


ENDED_WORLDS = WORLDS.map(without_running_viewings)


# Four seconds are a play, five a view: of a video, a live stream and a playlist, two in Paris and
# one in Seattle.
SHORT_VIEWINGS = [
    ViewingSketch(media, viewer, NOW - 5_000 + 100 * media, 1, ((0, length, 0),), 0, {})
    for media in (1, 3, 7)
    for viewer, length in ((0, 4), (1, 4), (1, 5))
]


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


class VendorClient:
    """What the vendors say of one world.

    `told` is what was recorded, None for a generated world.
    """

    def __init__(
        self, world: World, web: httpx.Client, recorded: RecordedWorld | None = None
    ) -> None:
        self.world = world
        self.web = web
        self.recorded = recorded
        self._answers: dict[tuple[str, str, str], Any] = {}  # Any: JSON

    def get_json(self, vendor: str, path: str, **parameters: Any) -> Any:
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
        medias = self.wistia_medias
        gcore = {video["name"]: video for video in self.gcore_videos}
        ids = {video["title"]: video["videoId"] for video in self.apivideo_list("/videos")}
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
        ids = {
            stream["name"]: stream["liveStreamId"] for stream in self.apivideo_list("/live-streams")
        }
        return [
            Live(stream["name"], stream["id"], ids[stream["name"]])
            for stream in self.get_json("gcore", "/streaming/streams")
        ]

    # Gcore.

    @property
    def gcore_videos(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get_json("gcore", "/streaming/videos", per_page=1000)
        return found

    def views_by_country(self, time_range: TimeRange, kind: str | None = None) -> dict[str, int]:
        """Views by the code of the country."""
        rows = self.get_json(
            "gcore",
            "/streaming/statistics/countries",
            **closed_interval_params(time_range, "date_from", "date_to"),
            **({"type": kind} if kind else {}),
        )["data"]
        return {row["country"]: row["views"] for row in rows}

    def heatmap(self, time_range: TimeRange, kind: str, id_: int) -> dict[int, int]:
        """Viewers by second of a video, or by instant."""
        rows = self.get_json(
            "gcore",
            "/streaming/statistics/heatmap",
            type=kind,
            stream_id=id_,
            **closed_interval_params(time_range, "date_from", "date_to"),
        )["data"]
        return {
            row["seconds"] if kind == "vod" else parse_instant(row["time"]): row["viewers"]
            for row in rows
        }

    def live_minutes(
        self, time_range: TimeRange, granularity: str, **filters: int
    ) -> dict[int, int]:
        """Minutes of live streams watched, by start of the interval."""
        path = "/streaming/statistics/stream/watching_duration"
        series = self.get_json(
            "gcore",
            path,
            granularity=granularity,
            **closed_interval_params(time_range, "from_", "to"),
            **filters,
        )[0]["metrics"]["streams"]
        assert len(dict(series)) == len(series)
        return dict(series)

    def total_live_minutes(self, time_range: TimeRange, **filters: int) -> int:
        """Minutes of live streams watched, rounded up once."""
        found: int = self.get_json(
            "gcore",
            "/streaming/statistics/stream/watching_duration/total",
            **closed_interval_params(time_range, "from_", "to"),
            **filters,
        )[0]["duration"]
        return found

    # Wistia.

    @cached_property
    def wistia_medias(self) -> list[dict[str, Any]]:
        return list(self.wistia_list("/v1/medias.json"))

    def wistia_list(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """A list of Wistia's, page after page until a short one."""
        page = 1
        while rows := self.get_json("wistia", path, page=page, per_page=100, **parameters):
            yield from rows
            if len(rows) < 100:
                return
            page += 1

    @cached_property
    def events(self) -> Mapping[str, list[dict[str, Any]]]:
        """All events, newest first, by hashed id of their media."""
        found: dict[str, list[dict[str, Any]]] = {video.wistia: [] for video in self.videos}
        for event in self.wistia_list("/v1/stats/events.json"):
            found[event["media_id"]].append(event)
        return found

    @cached_property
    def visitors(self) -> Mapping[str, dict[str, Any]]:
        """All visitors by key."""
        rows = list(self.wistia_list("/v1/stats/visitors.json"))
        found = {row["visitor_key"]: row for row in rows}
        assert len(found) == len(rows)
        return found

    def by_date(self, path: str) -> dict[str, dict[str, Any]]:
        """Rows by date of all days in which anything happens."""
        rows = self.get_json(
            "wistia",
            f"/modern/stats/{path}/by_date",
            start_date=iso_date(ALL_TIME.start),
            end_date=iso_date(ALL_TIME.end),
        )
        return {row["date"]: row for row in rows}

    # api.video.

    def apivideo_list(
        self, path: str, *, size: int = 100, **parameters: Any
    ) -> list[dict[str, Any]]:
        """A list of api.video's, all its pages one after the other.

        Its counters are checked on the way.
        """
        items: list[dict[str, Any]] = []
        page = 1
        last = 1
        total = 0
        while page <= last:
            answer = self.get_json("apivideo", path, currentPage=page, pageSize=size, **parameters)
            pagination = answer["pagination"]
            last = pagination["pagesTotal"]
            total = pagination["itemsTotal"]
            assert (
                pagination["currentPage"],
                pagination["pageSize"],
                pagination["currentPageItems"],
            ) == (page, size, len(answer["data"]))
            items += answer["data"]
            page += 1
        assert len(items) == total
        return items

    def sessions(self, media: Video | Live, **parameters: Any) -> list[dict[str, Any]]:
        return self.apivideo_list(sessions_path(media), **parameters)

    def session_count(self, media: Video | Live, **parameters: Any) -> int:
        found: int = self.get_json("apivideo", sessions_path(media), pageSize=1, **parameters)[
            "pagination"
        ]["itemsTotal"]
        return found

    def session_events(self, session: Mapping[str, Any]) -> list[dict[str, Any]]:
        return self.apivideo_list(f"/analytics/sessions/{session['session']['sessionId']}/events")

    def plays_by_dimension(self, path: str, dimension: str, **parameters: Any) -> dict[str, int]:
        """Plays by the words of a dimension."""
        return {
            row["value"]: row["plays"]
            for row in self.apivideo_list(path, dimension=dimension, **parameters)
        }

    def metric(self, path: str, time_range: TimeRange, **parameters: Any) -> float:
        """The figure of a metric: `play/count`."""
        found: float = self.get_json(
            "apivideo",
            f"/data/metrics/{path}",
            **half_open_interval_params(time_range),
            **parameters,
        )["data"]
        return found

    def buckets(self, path: str, time_range: TimeRange, **parameters: Any) -> dict[str, float]:
        """The figures of a breakdown: `play/country`."""
        return {
            row["dimensionValue"]: row["metricValue"]
            for row in self.apivideo_list(
                f"/data/buckets/{path}", **half_open_interval_params(time_range), **parameters
            )
        }

    def timeseries(self, metric: str, time_range: TimeRange, **parameters: Any) -> dict[str, float]:
        """The figures of a metric over time."""
        return {
            row["emittedAt"]: row["metricValue"]
            for row in self.apivideo_list(
                f"/data/timeseries/{metric}", **half_open_interval_params(time_range), **parameters
            )
        }


_CLIENTS: dict[tuple[str, str], VendorClient] = {}


def record_and_query(
    new_world: WorldFactory, web: httpx.Client, sketched: Sequence[ViewingSketch]
) -> VendorClient:
    """A world of what was sketched; the one that an earlier law recorded, where there is one."""
    key = (new_world().server.url, repr(sketched))
    if key not in _CLIENTS:
        if len(_CLIENTS) > 500:
            _CLIENTS.clear()
        world = new_world()
        _CLIENTS[key] = VendorClient(world, web, record(world, sketched))
    return _CLIENTS[key]


def sessions_path(media: Video | Live) -> str:
    return f"/analytics/{'videos' if isinstance(media, Video) else 'live-streams'}/{media.apivideo}"


def closed_interval_params(time_range: TimeRange, start: str, end: str) -> dict[str, str]:
    """A window with both its ends inside, as Gcore's parameters say it."""
    return {start: format_iso(time_range.start), end: format_iso(time_range.end - 1)}


def half_open_interval_params(time_range: TimeRange) -> dict[str, Any]:  # Any: parameters
    """A window as api.video's parameters say it."""
    return {"from": format_iso(time_range.start), "to": format_iso(time_range.end)}


def format_iso(instant: int) -> str:
    return f"{utc_datetime(instant):%Y-%m-%dT%H:%M:%SZ}"


def iso_date(instant: int) -> str:
    return utc_datetime(instant).date().isoformat()


def days_between(first: str, last: str) -> list[str]:
    """Dates, both ends included."""
    start = date.fromisoformat(first)
    end = date.fromisoformat(last)
    return [(start + timedelta(days)).isoformat() for days in range((end - start).days + 1)]


def broadcast_ranges(demo: Server) -> dict[str, list[TimeRange]]:
    """When each live stream of the demo was on air, by its title."""
    store = demo.emulator.store
    account = demo.emulator.open_account("laws")
    with store.snapshot() as connection:
        snapshot = Snapshot(connection, account, GCORE.visibility)
        runs = catalog.broadcasts(snapshot)
        return {
            media.title: [TimeRange(run.started_at, run.ended_at) for run in runs[media.number]]
            for media in catalog.media(snapshot)
            if media.number in runs
        }


# What a session's events tell, read as a consumer of them reads it.


class PlaybackRun(NamedTuple):
    """Playback without a break: wall clock, and the position at its start."""

    started_at: int
    stopped_at: int
    position: int

    @property
    def seconds(self) -> int:
        return self.stopped_at - self.started_at


# Where an event says how far playback came; a seek backward comes after a `resume` where it leads
# to.
REACHED_KEY = {"pause": "at", "end": "at", "seek.forward": "from", "seek.backward": "to"}


def playback_runs(events: Sequence[Mapping[str, Any]], *, until: int) -> list[PlaybackRun]:
    """What a session played, as far as its events say.

    What was not closed goes on until `until`.
    """
    found: list[PlaybackRun] = []
    playing: tuple[int, int] | None = None  # since when, from which position
    for event in events:
        at = parse_instant(event["emittedAt"])
        type_ = event["type"]
        if playing:
            found.append(PlaybackRun(playing[0], at, playing[1]))
            reached = event[REACHED_KEY[type_]]
            assert reached == playing[1] + at - playing[0], (
                event
            )  # media time advances as the wall clock does
        if type_ in ("pause", "end"):
            playing = None
        elif type_ != "ready":
            assert playing is not None or type_ in ("play", "resume"), event
            playing = (at, event["at"] if type_ in ("play", "resume") else event["to"])
    if playing:
        found.append(PlaybackRun(playing[0], until, playing[1]))
    return [run for run in found if run.seconds]


def positions_played(runs: Sequence[PlaybackRun]) -> list[int]:
    """Every second of the media that was on screen, in order, repeated where it was seen again."""
    return [run.position + offset for run in runs for offset in range(run.seconds)]


EVENT_LETTERS = {
    "ready": "r",
    "play": "p",
    "pause": "u",
    "resume": "m",
    "end": "e",
    "seek.forward": "s",
    "seek.backward": "s",
}
EVENT_GRAMMAR = re.compile(r"r(p(s|um)*[ue]?)*")


def event_string(events: Sequence[Mapping[str, Any]]) -> str:
    """The types of events, a letter each, for GRAMMAR."""
    return "".join(EVENT_LETTERS[event["type"]] for event in events)
