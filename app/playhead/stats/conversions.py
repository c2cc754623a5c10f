"""What viewers were shown over videos and acted on: forms filled in, links followed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select, true

from playhead.clock import DAY
from playhead.stats.counting import EPOCH
from playhead.stats.reading import AnyRow, Reading, Window, number_of
from playhead.store import tables
from playhead.world.terms import PromptKind


class Count(NamedTuple):
    """How often prompts were shown, and how often they were acted on."""

    shown: int = 0
    converted: int = 0


class Conversion(NamedTuple):
    """A viewer who acted on a prompt: numbers of its viewing and media, place of the prompt in the media; `at` in seconds since 1970."""

    viewing: int
    prompt: int
    kind: PromptKind
    media: int
    name: str | None
    email: str | None
    at: int
    first: bool


class First(NamedTuple):
    """The viewing in which a viewer first acted on a kind of prompt, by number; when it was loaded in seconds since 1970."""

    viewing: int
    loaded_at: int


_TABLE = tables.conversions.c


def counts(reading: Reading, within: Window | None, *, media: Collection[int] | None = None) -> dict[tuple[int, int, PromptKind, int], Count]:
    """By (00:00 UTC of the day of load, number of the media, kind, place of the prompt), of the viewings loaded in a window (or ever)."""
    window, anchor = reading.clipped(within), reading.account.anchor
    day = ((_TABLE.loaded_at + EPOCH) // DAY).label("day")
    sums = (func.count(), func.count(case((_TABLE.converted_at <= reading.now, 1))))
    found: dict[tuple[int, int, PromptKind, int], Count] = defaultdict(Count)
    for world in reading.account.worlds:
        statement = select(day, _TABLE.media, _TABLE.kind, _TABLE.prompt, *sums).where(_of(reading, world, window, media))
        for row in reading.rows(statement.group_by("day", _TABLE.media, _TABLE.kind, _TABLE.prompt)):
            cell = (int(row[0]) * DAY - EPOCH + anchor, number_of(row[1]), PromptKind(row[2]), row[3])
            before = found[cell]
            found[cell] = Count(before.shown + row[4], before.converted + row[5])
    return dict(found)


def by_page(reading: Reading, within: Window | None, *, media: Collection[int], kind: PromptKind) -> dict[tuple[int, int], Count]:
    """By (00:00 UTC of the day of load, number of the page), what viewings of these media were shown that were loaded in a window (or ever)."""
    window, anchor, viewings = reading.clipped(within), reading.account.anchor, tables.viewings
    day = ((_TABLE.loaded_at + EPOCH) // DAY).label("day")
    sums = (func.count(), func.count(case((_TABLE.converted_at <= reading.now, 1))))
    found: dict[tuple[int, int], Count] = defaultdict(Count)
    for world in reading.account.worlds:
        of = and_(_of(reading, world, window, media), _TABLE.kind == kind.value)
        statement = select(day, viewings.c.page, *sums).join_from(tables.conversions, viewings, viewings.c.id == _TABLE.viewing).where(of)
        for row in reading.rows(statement.group_by("day", viewings.c.page)):
            cell = (int(row[0]) * DAY - EPOCH + anchor, number_of(row[1]))
            found[cell] = Count(found[cell].shown + row[2], found[cell].converted + row[3])
    return dict(found)


def page(reading: Reading, within: Window | None, *, media: int, kind: PromptKind, limit: int, after: tuple[int, int] | None = None) -> list[Conversion]:
    """Conversions on a media by the viewings loaded in a window, the newest first, at most so many; `after`: those behind (instant, viewing)."""
    window = reading.clipped(within)
    rows: list[AnyRow] = []
    for world in reading.account.worlds:
        conditions = (_of(reading, world, window, [media]), _TABLE.kind == kind.value, _TABLE.converted_at <= reading.now)
        rows += _rows(reading, and_(*conditions))
    found = sorted(_conversions(reading, rows), key=lambda conversion: (conversion.at, conversion.viewing), reverse=True)
    behind = found if after is None else [conversion for conversion in found if (conversion.at, conversion.viewing) < after]
    return behind[:limit]


def of_viewings(reading: Reading, numbers: Collection[int]) -> dict[int, list[Conversion]]:
    """The conversions of viewings so far, by the viewing's number, in the order of their prompts."""
    found: dict[int, list[Conversion]] = defaultdict(list)
    rows = _rows(reading, and_(_TABLE.viewing.in_(reading.ids_of(numbers)), _TABLE.converted_at <= reading.now))
    for conversion in _conversions(reading, rows):
        found[conversion.viewing].append(conversion)
    return dict(found)


def firsts(reading: Reading, *, kind: PromptKind, viewers: Collection[int] | None = None) -> dict[int, First]:
    """Of those viewers (or of all) who ever acted on such a prompt, by number: in which viewing they first did."""
    found: dict[int, tuple[int, int, int]] = {}
    anchor = reading.account.anchor
    of_them = true() if viewers is None else _TABLE.viewer.in_(reading.ids_of(viewers))
    for world in reading.account.worlds:
        conditions = (_of(reading, world, None, None), of_them, _TABLE.kind == kind.value, _TABLE.converted_at <= reading.now)
        for row in reading.rows(select(_TABLE.viewer, _TABLE.converted_at, _TABLE.viewing, _TABLE.loaded_at).where(*conditions)):
            first = (row[1], number_of(row[2]), row[3] + anchor)
            found[number_of(row[0])] = min(first, found.get(number_of(row[0]), first))
    return {viewer: First(viewing, loaded_at) for viewer, (_, viewing, loaded_at) in found.items()}


def _of(reading: Reading, world: int, window: Window | None, media: Collection[int] | None) -> ColumnElement[bool]:
    """What a world's viewings were shown so far that were loaded in a clipped window (None: whenever) and are seen; only videos have prompts."""
    conditions = [_TABLE.world == world, _TABLE.shown_at <= reading.now]
    # Without a window there is no condition on the load, lest its index be walked where that of the viewers leads there at once.
    conditions += [] if window is None else [_TABLE.loaded_at >= window.start, _TABLE.loaded_at < window.end]
    conditions += [] if media is None else [_TABLE.media.in_(reading.ids_of(media))]
    conditions += [_TABLE.ended_at <= reading.now] if reading.sight.finished_only else []
    return and_(*conditions)


def _rows(reading: Reading, condition: ColumnElement[bool]) -> list[AnyRow]:
    viewers = tables.viewers.c
    columns = (_TABLE.viewing, _TABLE.prompt, _TABLE.kind, _TABLE.media, _TABLE.viewer, _TABLE.converted_at, viewers.name, viewers.email)
    return reading.rows(
        select(*columns).join_from(tables.conversions, tables.viewers, viewers.id == _TABLE.viewer).where(condition).order_by(_TABLE.viewing, _TABLE.prompt)
    )


def _conversions(reading: Reading, rows: Sequence[AnyRow]) -> list[Conversion]:
    firsts = _firsts(reading, {row.viewer for row in rows})
    return [
        Conversion(
            number_of(row.viewing),
            row.prompt,
            PromptKind(row.kind),
            number_of(row.media),
            row.name,
            row.email,
            row.converted_at + reading.account.anchor,
            row.converted_at == firsts[row.viewer, row.kind],
        )
        for row in rows
    ]


def _firsts(reading: Reading, viewers: Collection[int]) -> dict[tuple[int, int], int]:
    """When viewers first acted on each kind of prompt, by (packed viewer, kind)."""
    found: dict[tuple[int, int], int] = {}
    for world in reading.account.worlds:
        of_them = (_TABLE.world == world, _TABLE.viewer.in_(viewers), _TABLE.converted_at <= reading.now)
        for viewer, kind, at in reading.rows(
            select(_TABLE.viewer, _TABLE.kind, func.min(_TABLE.converted_at)).where(*of_them).group_by(_TABLE.viewer, _TABLE.kind)
        ):
            found[viewer, kind] = min(at, found.get((viewer, kind), at))
    return found
