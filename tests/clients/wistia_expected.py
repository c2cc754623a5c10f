"""What `stats` says of the questions put to Wistia's clients, in Wistia's words and by its arithmetic — contracts/wistia.md §6."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pytest

from playhead.clock import DAY, instant_of, utc
from playhead.stats import library, positions, tallies, viewers, viewings
from playhead.stats.library import Media
from playhead.stats.reading import Reading, Window
from playhead.stats.tallies import Tally
from playhead.stats.viewers import Known, Visitor
from playhead.stats.viewings import Order, Viewing, Which
from playhead.vendors.wistia import words
from tests.clients.asking import given, media_called

# Ids as documented, and what they stand for in the demo world.
MEDIA, BAKERY = "gskhw4w4lm", "A Bakery by the Harbour"
LONG_MEDIA, TOUR = "993554ba94", "How It Works: Inside a Kettlemoor Grinder"  # longer than 1000 s
PROJECT, TOURS = "ln2k6qwi9k", "Product Tours"
EVENT = "1390862572596e0.8447021404281259"
JIM = "E4E7613B5C24CB0F1F7C0A1E4E874635E752263E"

DATES = {"start_date": "2024-05-10", "end_date": "2024-05-20"}
IN_DATES = Window(instant_of("2024-05-10"), instant_of("2024-05-21"))


def engagement(media: Media, tally: Tally) -> float:
    return round(tally.distinct_seconds / (media.seconds * tally.plays), 6) if tally.plays else 0


def counts(stats: Reading, media: list[Media], counted: Mapping[int, Tally]) -> dict[str, object]:
    """Loads, plays, and hours = plays × lifetime engagement × duration."""
    lifetime, nothing = tallies.by_media(stats), Tally()
    parts = [(one, counted.get(one.number, nothing), engagement(one, lifetime.get(one.number, nothing))) for one in media]
    return {
        "load_count": sum(tally.loads for _, tally, _ in parts),
        "play_count": sum(tally.plays for _, tally, _ in parts),
        "hours_watched": pytest.approx(sum(tally.plays * mean * one.duration_ms for one, tally, mean in parts) / 3_600_000),
    }


def ever(stats: Reading, media: list[Media]) -> dict[str, object]:
    return counts(stats, media, tallies.by_media(stats))


def by_date(stats: Reading, media: list[Media]) -> list[dict[str, object]]:
    cells = tallies.by_day_and_media(stats, IN_DATES)
    days = range(IN_DATES.start, IN_DATES.end, DAY)
    counted = {day: {number: tally for (of, number), tally in cells.items() if of == day} for day in days}
    return [{"date": f"{utc(day):%Y-%m-%d}", **counts(stats, media, counted[day])} for day in days]


def of_project(stats: Reading) -> list[Media]:
    number = next(project.number for project in library.projects(stats) if project.title == TOURS)
    return [media for media in library.media(stats) if media.project == number]


def of_media(stats: Reading) -> dict[str, object]:
    media = media_called(stats, BAKERY)
    people = tallies.people(stats, media.number)
    mean = engagement(media, tallies.by_media(stats)[media.number])
    return {**ever(stats, [media]), "engagement": mean, "visitors": people.visitors, "play_rate": pytest.approx(people.players / people.visitors)}


def graph(stats: Reading, title: str) -> dict[str, object]:
    media = media_called(stats, title)
    first, again = positions.passes(stats, media=media.number, seconds=media.seconds)
    mean = engagement(media, tallies.by_media(stats)[media.number])
    return {"engagement": mean, "engagement_data": cells(first), "rewatch_data": cells(again)}


def cells(seconds: list[int]) -> list[int]:
    """One a second, or a thousand rounded means."""
    bounds = [cell * len(seconds) // 1000 for cell in range(1001)]
    parts = [seconds[start:stop] for start, stop in pairwise(bounds)]
    return seconds if len(seconds) <= 1000 else [int(sum(part) / len(part) + 0.5) for part in parts]


def stamp(instant: int) -> str:
    return f"{utc(instant):%Y-%m-%dT%H:%M:%S}.000Z"


def key(stats: Reading, kind: str, number: int) -> str:
    return words.key(kind, number, given(stats, words.NAME, kind, number))


def hashed(stats: Reading, kind: str, number: int) -> str:
    return words.hashed_id(kind, number, given(stats, words.NAME, kind, number))


def told_visitor(stats: Reading, visitor: Visitor) -> dict[str, object]:
    return {
        "visitor_key": key(stats, "viewer", visitor.person.number),
        "load_count": visitor.loads,
        "play_count": visitor.plays,
        "created_at": stamp(visitor.first_load_at),
        "last_active_at": stamp(visitor.last_active_at),
        "visitor_identity": {"name": visitor.person.name or "", "email": visitor.person.email, "org": {"name": None, "title": None}},
        **({} if visitor.last_play is None else {"last_event_key": key(stats, "viewing", visitor.last_play)}),
    }


def visitors(stats: Reading, **which: Any) -> list[dict[str, object]]:  # Any: the keywords of viewers.page
    return [told_visitor(stats, visitor) for visitor in viewers.page(stats, **which)]


def jim(stats: Reading) -> Visitor:
    (found,) = viewers.page(stats, search="jim@example.com", limit=2)
    return found


def told_event(stats: Reading, viewing: Viewing) -> dict[str, object]:
    media = next(media for media in library.media(stats, numbers=[viewing.media]))
    return {
        "event_key": key(stats, "viewing", viewing.number),
        "visitor_key": key(stats, "viewer", viewing.viewer.number),
        "received_at": stamp(viewing.loaded_at),
        "percent_viewed": pytest.approx(viewing.distinct_seconds / media.seconds),
        "media_id": hashed(stats, "video", media.number),
        "media_name": media.title,
        "country": viewing.viewer.place.country,
        "city": viewing.viewer.place.city,
        "email": viewing.viewer.email,
    }


def events(stats: Reading, which: Which, *, limit: int, offset: int = 0) -> list[dict[str, object]]:
    found = viewings.page(stats, which._replace(played=True), order=Order.newest_first, limit=limit, offset=offset)
    return [told_event(stats, viewing) for viewing in found]


def fixed_event(stats: Reading) -> dict[str, object]:
    at = instant_of("2024-05-29T22:42:53Z")
    found = events(stats, Which(media=media_called(stats, TOUR).number, within=Window(at, at + 1)), limit=1)[0]
    return {**found, "event_key": EVENT, "media_id": LONG_MEDIA}


Expected = dict[str, object] | list[dict[str, object]]
EXPECTED: dict[str, Callable[[Reading], Expected]] = {
    "account": lambda stats: ever(stats, library.media(stats)),
    "account by date": lambda stats: by_date(stats, library.media(stats)),
    "project": lambda stats: {**ever(stats, of_project(stats)), "number_of_videos": len(of_project(stats))},
    "project by date": lambda stats: by_date(stats, of_project(stats)),
    "media": of_media,
    "media by date": lambda stats: by_date(stats, [media_called(stats, BAKERY)]),
    "engagement": lambda stats: graph(stats, BAKERY),
    "engagement of a long media": lambda stats: graph(stats, TOUR),
    "visitors": lambda stats: visitors(stats, limit=20, offset=20),
    "known visitors": lambda stats: visitors(stats, known=Known.email, limit=100),
    "searched visitors": lambda stats: visitors(stats, search="jim@example", limit=100),
    "visitor": lambda stats: {**told_visitor(stats, jim(stats)), "visitor_key": JIM},
    "events": lambda stats: events(stats, Which(), limit=30, offset=60),
    "events of a media": lambda stats: events(stats, Which(media=media_called(stats, BAKERY).number, within=IN_DATES), limit=50),
    "events of a visitor": lambda stats: events(stats, Which(viewer=jim(stats).person.number), limit=100),
    "event": fixed_event,
}
