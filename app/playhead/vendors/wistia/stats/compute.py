"""Wistia's arithmetic:

engagement, hours, cells of the engagement graph. Pure but for the questions it asks —
evidence/wistia.md §6.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from playhead.analytics import aggregates, conversions, viewers, viewings
from playhead.analytics.aggregates import Measures
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.catalog import Media
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.viewers import ViewerActivity as Found
from playhead.analytics.viewings import Order, Viewing, ViewingFilter
from playhead.domain.clock import DAY
from playhead.domain.media import PromptKind
from playhead.domain.time_range import TimeRange
from playhead.vendors.wistia import ids, vocabulary
from playhead.vendors.wistia.rates import engagement
from playhead.vendors.wistia.stats.params import (
    EMAIL_GATE,
    VISITOR_FILTERS,
    EventsParams,
    VisitorsParams,
    retention_start,
)

MAX_CELLS = 1000
MILLIONTH = 1_000_000
MILLIS_PER_HOUR = 3_600_000


class Counts(NamedTuple):
    """Loads and plays, and the hours that the plays stand for."""

    loads: int
    plays: int
    hours: float


def lifetime_counts(
    snapshot: Snapshot, media: Sequence[Media], *, numbers: Collection[int] | None = None
) -> Counts:
    """Lifetime counts of media; `only` are their numbers, None where they are all there are."""
    lifetime = aggregates.by_media(snapshot, media=numbers)
    return counts(media, lifetime, lifetime)


def counts_by_date(
    snapshot: Snapshot,
    media: Sequence[Media],
    days: range,
    *,
    numbers: Collection[int] | None = None,
) -> list[tuple[int, Counts]]:
    """Counts of each day.

    A day's hours are its plays times a constant of each media — quirk 3, L3.
    """
    if not days:
        return []
    lifetime = aggregates.by_media(snapshot, media=numbers)
    cells = aggregates.by_day_and_media(snapshot, TimeRange(days[0], days[-1] + DAY), media=numbers)
    found: dict[int, dict[int, Measures]] = {}
    for (day, number), tally in cells.items():
        found.setdefault(day, {})[number] = tally
    return [(day, counts(media, found.get(day, {}), lifetime)) for day in days]


def counts(
    media: Iterable[Media], measures: Mapping[int, Measures], lifetime: Mapping[int, Measures]
) -> Counts:
    """Counts of what was `counted`, by the number of the media; hours need their lifetime."""
    loads = 0
    plays = 0
    hours = 0
    for one in media:
        tally = measures.get(one.number, Measures())
        loads = loads + tally.loads
        plays = plays + tally.plays
        hours += tally.plays * _play_length(one, lifetime.get(one.number, Measures()))
    # One division of whole numbers: the hours of a whole are those of its parts — L1.
    return Counts(loads, plays, hours / (MILLIONTH * MILLIS_PER_HOUR))


def _play_length(media: Media, lifetime: Measures) -> int:
    """What a play of a media stands for, in millionths of a millisecond:

    rounded engagement times duration.
    """
    return round(engagement(media, lifetime) * MILLIONTH) * media.duration_ms


def engagement_cells(seconds: Sequence[int]) -> list[int]:
    """One cell a second.

    Of more than a thousand seconds a thousand rounded means — quirk 4, unknown 6.
    """
    if len(seconds) <= MAX_CELLS:
        return list(seconds)
    bounds = [index * len(seconds) // MAX_CELLS for index in range(MAX_CELLS + 1)]
    parts = [seconds[start:stop] for start, stop in pairwise(bounds)]
    return [(2 * sum(part) + len(part)) // (2 * len(part)) for part in parts]


def select_events(snapshot: Snapshot, params: EventsParams) -> list[Viewing]:
    """The page of events that a query asks for, newest first.

    An unknown media or visitor has none.
    """
    naming = AliasResolver(snapshot, vocabulary.NAME)
    media = ids.number_of_id(naming, "video", params.media_id) if params.media_id else None
    viewer = (
        ids.number_of_record_key(naming, "viewer", params.visitor_key)
        if params.visitor_key
        else None
    )
    if (params.media_id and media is None) or (params.visitor_key and viewer is None):
        return []
    viewing_filter = ViewingFilter(
        media=media, viewer=viewer, time_range=params.window(snapshot.account.now), played_only=True
    )
    return viewings.list_page(
        snapshot, viewing_filter, order=Order.newest_first, limit=params.limit, offset=params.offset
    )


def find_event(snapshot: Snapshot, key: str) -> Viewing | None:
    """The event of that key, as long as it is kept."""
    number = ids.number_of_record_key(AliasResolver(snapshot, vocabulary.NAME), "viewing", key)
    viewing = viewings.get(snapshot, number) if number is not None else None
    return (
        viewing
        if viewing
        and viewing.played_at is not None
        and viewing.loaded_at >= retention_start(snapshot.account.now)
        else None
    )


def select_visitors(snapshot: Snapshot, params: VisitorsParams) -> list[Found]:
    """The page of visitors that a query asks for, the most recently active first."""
    gate = (
        conversions.first_conversions(snapshot, kind=PromptKind.form).keys()
        if params.filter == EMAIL_GATE
        else None
    )
    known = VISITOR_FILTERS.get(params.filter or "")
    return viewers.list_page(
        snapshot,
        identified_by=known,
        search=params.search,
        numbers=gate,
        limit=params.limit,
        offset=params.offset,
    )


def find_visitor(snapshot: Snapshot, key: str) -> Found | None:
    """The visitor of that key, once it loaded anything."""
    number = ids.number_of_record_key(AliasResolver(snapshot, vocabulary.NAME), "viewer", key)
    return viewers.get(snapshot, number) if number is not None else None
