"""What viewers were shown over videos and acted on: forms filled in, links followed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select, true

from playhead.analytics.query import BUCKET_OFFSET
from playhead.analytics.snapshot import AnyRow, Snapshot, number_of
from playhead.domain.clock import DAY
from playhead.domain.media import PromptKind
from playhead.domain.time_range import TimeRange
from playhead.storage import tables


class PromptCounts(NamedTuple):
    """How often prompts were shown, and how often they were acted on."""

    shown: int = 0
    converted: int = 0


class Conversion(NamedTuple):
    """A viewer who acted on a prompt:

    numbers of its viewing and media, place of the prompt in the media; `at` in seconds since 1970.
    """

    viewing: int
    prompt: int
    kind: PromptKind
    media: int
    name: str | None
    email: str | None
    converted_at: int
    is_first: bool


class FirstConversion(NamedTuple):
    """The viewing in which a viewer first acted on a kind of prompt, by number.

    When it was loaded in seconds since 1970.
    """

    viewing: int
    loaded_at: int


_TABLE = tables.conversions.c


def counts(
    snapshot: Snapshot, time_range: TimeRange | None, *, media: Collection[int] | None = None
) -> dict[tuple[int, int, PromptKind, int], PromptCounts]:
    """By (00:00 UTC of the day of load, number of the media, kind, place of the prompt), of the
    viewings loaded in a window (or ever).
    """
    relative_range = snapshot.clip_to_now(time_range)
    anchor = snapshot.account.anchor
    day = ((_TABLE.loaded_at + BUCKET_OFFSET) // DAY).label("day")
    sums = (func.count(), func.count(case((_TABLE.converted_at <= snapshot.now, 1))))
    counts_by_key: dict[tuple[int, int, PromptKind, int], PromptCounts] = defaultdict(PromptCounts)
    for world in snapshot.account.worlds:
        statement = select(day, _TABLE.media, _TABLE.kind, _TABLE.prompt, *sums).where(
            _conditions(snapshot, world, relative_range, media)
        )
        for row in snapshot.rows(
            statement.group_by("day", _TABLE.media, _TABLE.kind, _TABLE.prompt)
        ):
            key = (
                int(row[0]) * DAY - BUCKET_OFFSET + anchor,
                number_of(row[1]),
                PromptKind(row[2]),
                row[3],
            )
            before = counts_by_key[key]
            counts_by_key[key] = PromptCounts(before.shown + row[4], before.converted + row[5])
    return dict(counts_by_key)


def by_page(
    snapshot: Snapshot, time_range: TimeRange | None, *, media: Collection[int], kind: PromptKind
) -> dict[tuple[int, int], PromptCounts]:
    """By (00:00 UTC of the day of load, number of the page), what viewings of these media were
    shown that were loaded in a window (or ever).
    """
    relative_range = snapshot.clip_to_now(time_range)
    anchor = snapshot.account.anchor
    viewings = tables.viewings
    day = ((_TABLE.loaded_at + BUCKET_OFFSET) // DAY).label("day")
    sums = (func.count(), func.count(case((_TABLE.converted_at <= snapshot.now, 1))))
    counts_by_key: dict[tuple[int, int], PromptCounts] = defaultdict(PromptCounts)
    for world in snapshot.account.worlds:
        of = and_(_conditions(snapshot, world, relative_range, media), _TABLE.kind == kind.value)
        statement = (
            select(day, viewings.c.page, *sums)
            .join_from(tables.conversions, viewings, viewings.c.id == _TABLE.viewing)
            .where(of)
        )
        for row in snapshot.rows(statement.group_by("day", viewings.c.page)):
            key = (int(row[0]) * DAY - BUCKET_OFFSET + anchor, number_of(row[1]))
            counts_by_key[key] = PromptCounts(
                counts_by_key[key].shown + row[2], counts_by_key[key].converted + row[3]
            )
    return dict(counts_by_key)


def list_page(
    snapshot: Snapshot,
    time_range: TimeRange | None,
    *,
    media: int,
    kind: PromptKind,
    limit: int,
    after: tuple[int, int] | None = None,
) -> list[Conversion]:
    """Conversions on a media by the viewings loaded in a window, the newest first, at most so many.

    `after`: those behind (instant, viewing).
    """
    relative_range = snapshot.clip_to_now(time_range)
    rows: list[AnyRow] = []
    for world in snapshot.account.worlds:
        conditions = (
            _conditions(snapshot, world, relative_range, [media]),
            _TABLE.kind == kind.value,
            _TABLE.converted_at <= snapshot.now,
        )
        rows += _rows(snapshot, and_(*conditions))
    found = sorted(
        _conversions(snapshot, rows),
        key=lambda conversion: (conversion.converted_at, conversion.viewing),
        reverse=True,
    )
    behind = (
        found
        if after is None
        else [
            conversion
            for conversion in found
            if (conversion.converted_at, conversion.viewing) < after
        ]
    )
    return behind[:limit]


def by_viewing(snapshot: Snapshot, numbers: Collection[int]) -> dict[int, list[Conversion]]:
    """The conversions of viewings so far, by the viewing's number, in the order of their
    prompts.
    """
    conversions_by_viewing: dict[int, list[Conversion]] = defaultdict(list)
    rows = _rows(
        snapshot,
        and_(_TABLE.viewing.in_(snapshot.row_ids(numbers)), _TABLE.converted_at <= snapshot.now),
    )
    for conversion in _conversions(snapshot, rows):
        conversions_by_viewing[conversion.viewing].append(conversion)
    return dict(conversions_by_viewing)


def first_conversions(
    snapshot: Snapshot, *, kind: PromptKind, viewers: Collection[int] | None = None
) -> dict[int, FirstConversion]:
    """Of those viewers (or of all) who ever acted on such a prompt, by number:

    in which viewing they first did.
    """
    first_by_viewer: dict[int, tuple[int, int, int]] = {}
    anchor = snapshot.account.anchor
    of_them = true() if viewers is None else _TABLE.viewer.in_(snapshot.row_ids(viewers))
    for world in snapshot.account.worlds:
        conditions = (
            _conditions(snapshot, world, None, None),
            of_them,
            _TABLE.kind == kind.value,
            _TABLE.converted_at <= snapshot.now,
        )
        for row in snapshot.rows(
            select(_TABLE.viewer, _TABLE.converted_at, _TABLE.viewing, _TABLE.loaded_at).where(
                *conditions
            )
        ):
            first = (row[1], number_of(row[2]), row[3] + anchor)
            first_by_viewer[number_of(row[0])] = min(
                first, first_by_viewer.get(number_of(row[0]), first)
            )
    return {
        viewer: FirstConversion(viewing, loaded_at)
        for viewer, (_, viewing, loaded_at) in first_by_viewer.items()
    }


def _conditions(
    snapshot: Snapshot, world: int, relative_range: TimeRange | None, media: Collection[int] | None
) -> ColumnElement[bool]:
    """What a world's viewings were shown so far that were loaded in a clipped window (None:

    whenever) and are seen; only videos have prompts.
    """
    conditions = [_TABLE.world == world, _TABLE.shown_at <= snapshot.now]
    # Without a window there is no condition on the load, lest its index be walked where that of the
    # viewers leads there at once.
    conditions += (
        []
        if relative_range is None
        else [_TABLE.loaded_at >= relative_range.start, _TABLE.loaded_at < relative_range.end]
    )
    conditions += [] if media is None else [_TABLE.media.in_(snapshot.row_ids(media))]
    conditions += [_TABLE.ended_at <= snapshot.now] if snapshot.visibility.ended_only else []
    return and_(*conditions)


def _rows(snapshot: Snapshot, condition: ColumnElement[bool]) -> list[AnyRow]:
    viewers = tables.viewers.c
    columns = (
        _TABLE.viewing,
        _TABLE.prompt,
        _TABLE.kind,
        _TABLE.media,
        _TABLE.viewer,
        _TABLE.converted_at,
        viewers.name,
        viewers.email,
    )
    return snapshot.rows(
        select(*columns)
        .join_from(tables.conversions, tables.viewers, viewers.id == _TABLE.viewer)
        .where(condition)
        .order_by(_TABLE.viewing, _TABLE.prompt)
    )


def _conversions(snapshot: Snapshot, rows: Sequence[AnyRow]) -> list[Conversion]:
    firsts = _first_converted_at(snapshot, {row.viewer for row in rows})
    return [
        Conversion(
            number_of(row.viewing),
            row.prompt,
            PromptKind(row.kind),
            number_of(row.media),
            row.name,
            row.email,
            row.converted_at + snapshot.account.anchor,
            row.converted_at == firsts[row.viewer, row.kind],
        )
        for row in rows
    ]


def _first_converted_at(snapshot: Snapshot, viewers: Collection[int]) -> dict[tuple[int, int], int]:
    """When viewers first acted on each kind of prompt, by (packed viewer, kind)."""
    converted_at_by_viewer: dict[tuple[int, int], int] = {}
    for world in snapshot.account.worlds:
        of_them = (
            _TABLE.world == world,
            _TABLE.viewer.in_(viewers),
            _TABLE.converted_at <= snapshot.now,
        )
        for viewer, kind, at in snapshot.rows(
            select(_TABLE.viewer, _TABLE.kind, func.min(_TABLE.converted_at))
            .where(*of_them)
            .group_by(_TABLE.viewer, _TABLE.kind)
        ):
            converted_at_by_viewer[viewer, kind] = min(
                at, converted_at_by_viewer.get((viewer, kind), at)
            )
    return converted_at_by_viewer
