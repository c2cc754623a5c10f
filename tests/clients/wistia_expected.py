"""What `stats` says of the questions put to Wistia's clients, in Wistia's words and by its
arithmetic — evidence/wistia.md §6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pytest

from playhead.analytics import aggregates, catalog, retention, viewers, viewings
from playhead.analytics.aggregates import Measures
from playhead.analytics.catalog import Media
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.viewers import IdentifiedBy, ViewerActivity
from playhead.analytics.viewings import Order, Viewing, ViewingFilter
from playhead.domain.clock import DAY, parse_instant, utc_datetime
from playhead.domain.time_range import TimeRange
from playhead.vendors.wistia import ids, vocabulary
from tests.clients.client_helpers import assigned_ids, media_titled

# Ids as documented, and what they stand for in the demo world.
MEDIA = "gskhw4w4lm"
MEDIA_TITLE = "A Bakery by the Harbour"
LONG_MEDIA, LONG_MEDIA_TITLE = (
    "993554ba94",
    "How It Works: Inside a Kettlemoor Grinder",
)  # longer than 1000 s
PROJECT = "ln2k6qwi9k"
PROJECT_TITLE = "Product Tours"
EVENT = "1390862572596e0.8447021404281259"
JIMS_KEY = "E4E7613B5C24CB0F1F7C0A1E4E874635E752263E"

DATES = {"start_date": "2024-05-10", "end_date": "2024-05-20"}
DATES_TIME_RANGE = TimeRange(parse_instant("2024-05-10"), parse_instant("2024-05-21"))


def engagement(media: Media, tally: Measures) -> float:
    return round(tally.distinct_seconds / (media.seconds * tally.plays), 6) if tally.plays else 0


def counts(
    snapshot: Snapshot, media: list[Media], counted: Mapping[int, Measures]
) -> dict[str, object]:
    """Loads, plays, and hours = plays × lifetime engagement × duration."""
    lifetime = aggregates.by_media(snapshot)
    nothing = Measures()
    parts = [
        (one, counted.get(one.number, nothing), engagement(one, lifetime.get(one.number, nothing)))
        for one in media
    ]
    return {
        "load_count": sum(tally.loads for _, tally, _ in parts),
        "play_count": sum(tally.plays for _, tally, _ in parts),
        "hours_watched": pytest.approx(
            sum(tally.plays * mean * one.duration_ms for one, tally, mean in parts) / 3_600_000
        ),
    }


def lifetime_counts(snapshot: Snapshot, media: list[Media]) -> dict[str, object]:
    return counts(snapshot, media, aggregates.by_media(snapshot))


def by_date(snapshot: Snapshot, media: list[Media]) -> list[dict[str, object]]:
    cells = aggregates.by_day_and_media(snapshot, DATES_TIME_RANGE)
    days = range(DATES_TIME_RANGE.start, DATES_TIME_RANGE.end, DAY)
    counted = {
        day: {number: tally for (of, number), tally in cells.items() if of == day} for day in days
    }
    return [
        {"date": f"{utc_datetime(day):%Y-%m-%d}", **counts(snapshot, media, counted[day])}
        for day in days
    ]


def project_media(snapshot: Snapshot) -> list[Media]:
    number = next(
        project.number for project in catalog.projects(snapshot) if project.title == PROJECT_TITLE
    )
    return [media for media in catalog.media(snapshot) if media.project == number]


def media_stats(snapshot: Snapshot) -> dict[str, object]:
    media = media_titled(snapshot, MEDIA_TITLE)
    people = aggregates.audience(snapshot, media.number)
    mean = engagement(media, aggregates.by_media(snapshot)[media.number])
    return {
        **lifetime_counts(snapshot, [media]),
        "engagement": mean,
        "visitors": people.viewers,
        "play_rate": pytest.approx(people.players / people.viewers),
    }


def engagement_graph(snapshot: Snapshot, title: str) -> dict[str, object]:
    media = media_titled(snapshot, title)
    first, again = retention.retention(snapshot, media=media.number, seconds=media.seconds)
    mean = engagement(media, aggregates.by_media(snapshot)[media.number])
    return {
        "engagement": mean,
        "engagement_data": graph_cells(first),
        "rewatch_data": graph_cells(again),
    }


def graph_cells(seconds: list[int]) -> list[int]:
    """One a second, or a thousand rounded means."""
    bounds = [cell * len(seconds) // 1000 for cell in range(1001)]
    parts = [seconds[start:stop] for start, stop in pairwise(bounds)]
    return seconds if len(seconds) <= 1000 else [int(sum(part) / len(part) + 0.5) for part in parts]


def format_timestamp(instant: int) -> str:
    return f"{utc_datetime(instant):%Y-%m-%dT%H:%M:%S}.000Z"


def key_of(snapshot: Snapshot, kind: str, number: int) -> str:
    return ids.record_key(kind, number, assigned_ids(snapshot, vocabulary.NAME, kind, number))


def hashed_id_of(snapshot: Snapshot, kind: str, number: int) -> str:
    return ids.hashed_id(kind, number, assigned_ids(snapshot, vocabulary.NAME, kind, number))


def visitor_json(snapshot: Snapshot, visitor: ViewerActivity) -> dict[str, object]:
    return {
        "visitor_key": key_of(snapshot, "viewer", visitor.profile.number),
        "load_count": visitor.loads,
        "play_count": visitor.plays,
        "created_at": format_timestamp(visitor.first_load_at),
        "last_active_at": format_timestamp(visitor.last_active_at),
        "visitor_identity": {
            "name": visitor.profile.name or "",
            "email": visitor.profile.email,
            "org": {"name": None, "title": None},
        },
        **(
            {}
            if visitor.last_play is None
            else {"last_event_key": key_of(snapshot, "viewing", visitor.last_play)}
        ),
    }


def visitors(
    snapshot: Snapshot, **filters: Any
) -> list[dict[str, object]]:  # Any: the keywords of viewers.page
    return [visitor_json(snapshot, visitor) for visitor in viewers.list_page(snapshot, **filters)]


def jims_activity(snapshot: Snapshot) -> ViewerActivity:
    (activity,) = viewers.list_page(snapshot, search="jim@example.com", limit=2)
    return activity


def event_json(snapshot: Snapshot, viewing: Viewing) -> dict[str, object]:
    media = next(media for media in catalog.media(snapshot, numbers=[viewing.media]))
    return {
        "event_key": key_of(snapshot, "viewing", viewing.number),
        "visitor_key": key_of(snapshot, "viewer", viewing.viewer.number),
        "received_at": format_timestamp(viewing.loaded_at),
        "percent_viewed": pytest.approx(viewing.distinct_seconds / media.seconds),
        "media_id": hashed_id_of(snapshot, "video", media.number),
        "media_name": media.title,
        "country": viewing.viewer.place.country,
        "city": viewing.viewer.place.city,
        "email": viewing.viewer.email,
    }


def events(
    snapshot: Snapshot, viewing_filter: ViewingFilter, *, limit: int, offset: int = 0
) -> list[dict[str, object]]:
    found = viewings.list_page(
        snapshot,
        viewing_filter._replace(played_only=True),
        order=Order.newest_first,
        limit=limit,
        offset=offset,
    )
    return [event_json(snapshot, viewing) for viewing in found]


def documented_event(snapshot: Snapshot) -> dict[str, object]:
    at = parse_instant("2024-05-29T22:42:53Z")
    found = events(
        snapshot,
        ViewingFilter(
            media=media_titled(snapshot, LONG_MEDIA_TITLE).number, time_range=TimeRange(at, at + 1)
        ),
        limit=1,
    )[0]
    return {**found, "event_key": EVENT, "media_id": LONG_MEDIA}


Expected = dict[str, object] | list[dict[str, object]]
EXPECTED: dict[str, Callable[[Snapshot], Expected]] = {
    "account": lambda stats: lifetime_counts(stats, catalog.media(stats)),
    "account by date": lambda stats: by_date(stats, catalog.media(stats)),
    "project": lambda stats: {
        **lifetime_counts(stats, project_media(stats)),
        "number_of_videos": len(project_media(stats)),
    },
    "project by date": lambda stats: by_date(stats, project_media(stats)),
    "media": media_stats,
    "media by date": lambda stats: by_date(stats, [media_titled(stats, MEDIA_TITLE)]),
    "engagement": lambda stats: engagement_graph(stats, MEDIA_TITLE),
    "engagement of a long media": lambda stats: engagement_graph(stats, LONG_MEDIA_TITLE),
    "visitors": lambda stats: visitors(stats, limit=20, offset=20),
    "known visitors": lambda stats: visitors(stats, identified_by=IdentifiedBy.email, limit=100),
    "searched visitors": lambda stats: visitors(stats, search="jim@example", limit=100),
    "visitor": lambda stats: {**visitor_json(stats, jims_activity(stats)), "visitor_key": JIMS_KEY},
    "events": lambda stats: events(stats, ViewingFilter(), limit=30, offset=60),
    "events of a media": lambda stats: events(
        stats,
        ViewingFilter(media=media_titled(stats, MEDIA_TITLE).number, time_range=DATES_TIME_RANGE),
        limit=50,
    ),
    "events of a visitor": lambda stats: events(
        stats, ViewingFilter(viewer=jims_activity(stats).profile.number), limit=100
    ),
    "event": documented_event,
}
