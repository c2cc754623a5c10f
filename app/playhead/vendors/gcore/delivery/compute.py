"""Gcore's arithmetic of what the network delivered, to any player:

viewers and minutes, following the wall clock — evidence/gcore.md §3.1, §3.19–3.24.
"""

from collections import Counter
from collections.abc import Collection

from playhead.analytics import concurrency, watch_time
from playhead.analytics.query import Filters
from playhead.analytics.snapshot import Snapshot
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.vendors.gcore import ids
from playhead.vendors.gcore.delivery.params import CdnUniquesParams
from playhead.vendors.gcore.intervals import (
    MONTH,
    WIDTHS,
    Points,
    clip_to_now,
    interval_starts,
    month_of,
    month_start,
    round_up_minutes,
)
from playhead.vendors.gcore.param_types import KIND_OF_TYPE, Type


def watch_minutes(
    snapshot: Snapshot,
    time_range: TimeRange,
    granularity: str,
    *,
    kind: MediaKind,
    media: Collection[int] | None,
) -> Points:
    """(start of interval, minutes watched) for every interval that touches a window, empty ones
    included — §1.11, unknown 4.
    """
    time_range = clip_to_now(time_range, snapshot.account.now)
    found = interval_starts(time_range, granularity)
    watched = watch_time.seconds_by_interval(
        snapshot, time_range, kind=kind, width=WIDTHS[granularity], media=media
    )
    if granularity == MONTH:
        watched = _sum_by_month(watched)
    return [(start, round_up_minutes(watched[start])) for start in found]


def watch_minutes_total(
    snapshot: Snapshot,
    time_range: TimeRange | None,
    *,
    kind: MediaKind,
    media: Collection[int] | None,
) -> int:
    """Minutes watched in a window, or ever, rounded up once."""
    if time_range is None:
        return round_up_minutes(watch_time.total_seconds(snapshot, kind=kind, media=media))
    return round_up_minutes(
        watch_time.seconds_by_interval(
            snapshot, time_range, kind=kind, width=WIDTHS["1d"], media=media
        ).total()
    )


def viewers_by_interval(
    snapshot: Snapshot,
    time_range: TimeRange,
    granularity: str,
    *,
    kind: MediaKind,
    media: Collection[int] | None,
) -> Points:
    """(start of interval, distinct viewers) for every interval that touches a window, empty ones
    included.
    """
    time_range = clip_to_now(time_range, snapshot.account.now)
    found = interval_starts(time_range, granularity)
    watched = watch_time.viewers_by_interval(
        snapshot, time_range, kind=kind, width=WIDTHS[granularity], media=media
    )
    return [(start, watched[start]) for start in found]


def unique_viewers(snapshot: Snapshot, params: CdnUniquesParams) -> list[tuple[Type, int]]:
    """Distinct viewers of the type that is asked for.

    Else of each: a playlist's only where there are any — §3.1.
    """
    if params.type:
        return [
            (
                params.type,
                watch_time.viewers(
                    snapshot,
                    params.window,
                    kind=KIND_OF_TYPE[params.type],
                    media=_numbers_of_entity(snapshot, params.type, params.id),
                ),
            )
        ]
    found = [
        (type_, watch_time.viewers(snapshot, params.window, kind=KIND_OF_TYPE[type_]))
        for type_ in Type
    ]
    return [(type_, count) for type_, count in found if count or type_ is not Type.playlist]


def spectators(snapshot: Snapshot, number: int) -> int:
    """Distinct viewers who have a live stream on screen at this second."""
    now = TimeRange(snapshot.account.now, snapshot.account.now + 1)
    watched = concurrency.deltas(
        snapshot,
        now,
        filters=Filters(kinds=frozenset({MediaKind.live}), media=[number]),
        viewers=True,
    )
    return concurrency.integrate(watched.get((), []), now).peak


def _numbers_of_entity(snapshot: Snapshot, type_: Type, id_: str | None) -> list[int] | None:
    """The numbers to ask for: none of what has no such id, None without an id."""
    return None if id_ is None else ids.numbers_of_id(snapshot, [KIND_OF_TYPE[type_]], id_)


def _sum_by_month(by_day: Counter[int]) -> Counter[int]:
    months = Counter[int]()
    for day, seconds in by_day.items():
        months[month_start(month_of(day))] += seconds
    return months
