"""Viewings one by one: pages of them, one of them, its stretches and labels."""

from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select

from playhead.stats.reading import AnyRow, Reading, Window, number_of
from playhead.store import tables
from playhead.world.terms import MediaKind


class Order(Enum):
    """Pages by when the viewings were loaded."""

    oldest_first = "oldest_first"
    newest_first = "newest_first"


class Place(NamedTuple):
    """Where a viewer is; coordinates in degrees."""

    city: str
    country: str
    country_name: str
    continent: str
    subdivision: str
    subdivision_name: str
    latitude: float
    longitude: float
    language: str


class Device(NamedTuple):
    """What a viewer watches on, in neutral codes."""

    type: str
    vendor: str
    model: str
    os: str
    os_version: str
    browser: str
    browser_version: str
    user_agent: str
    screen: str


class Page(NamedTuple):
    """Where the player was embedded, and how its visitors come there; what is None is unknown."""

    url: str | None
    medium: str | None
    source: str | None
    term: str | None
    campaign: str | None
    title: str | None


class Person(NamedTuple):
    """A viewer: one person on one device; `name` and `email` are mostly None."""

    number: int
    name: str | None
    email: str | None
    ip: int
    organisation: str
    place: Place
    device: Device


class Viewing(NamedTuple):
    """One load of the player; instants in seconds since 1970, None where it never came to that."""

    number: int
    media: int
    kind: MediaKind
    viewer: Person
    page: Page
    loaded_at: int
    played_at: int | None
    ended_at: int
    watched_seconds: int
    distinct_seconds: int


class Span(NamedTuple):
    """A stretch of playback, or a part of one: wall clock in seconds since 1970, positions in seconds."""

    started_at: int
    stopped_at: int
    start: int
    stop: int
    again: bool


class Which(NamedTuple):
    """Which viewings are asked for; what is None does not matter."""

    media: int | None = None
    viewer: int | None = None
    within: Window | None = None
    labels: Mapping[str, str] | None = None
    played: bool = False


def count(reading: Reading, which: Which) -> int:
    """How many viewings there are of those."""
    return sum(int(reading.rows(select(func.count()).select_from(tables.viewings).where(*conditions))[0][0]) for _, conditions in _where(reading, which))


def page(reading: Reading, which: Which, *, order: Order, limit: int, offset: int = 0) -> list[Viewing]:
    """A page of the viewings, by when they were loaded and then by number."""
    keys = _keys(reading, which, order, limit=limit, offset=offset)
    found = {viewing.number: viewing for viewing in _viewings(reading, [packed for _, packed in keys])}
    return [found[number_of(packed)] for _, packed in keys]


def one(reading: Reading, number: int) -> Viewing | None:
    """The viewing of that number, once it was loaded."""
    packed = reading.id_of(number)
    viewings = tables.viewings
    seen = (viewings.c.id == packed, viewings.c.loaded_at <= reading.now, reading.of_kinds(), reading.finished())
    if packed is None or not reading.rows(select(viewings.c.id).where(*seen)):
        return None
    return _viewings(reading, [packed])[0]


def _where(reading: Reading, which: Which) -> list[tuple[int, list[ColumnElement[bool]]]]:
    """The conditions of a question in each world of the account."""
    viewings, window = tables.viewings, reading.clipped(which.within)
    media = None if which.media is None else reading.id_of(which.media)
    viewer = None if which.viewer is None else reading.id_of(which.viewer)
    if (which.media is not None and media is None) or (which.viewer is not None and viewer is None):
        return []
    if any("\0" in text for pair in (which.labels or {}).items() for text in pair):  # PostgreSQL has no such text
        return []
    found = []
    for world in reading.account.worlds:
        conditions = [reading.loaded(world, window, media=which.media)]
        conditions += [viewings.c.viewer == viewer] if viewer is not None else []
        conditions += [viewings.c.played_at <= reading.now] if which.played else []
        conditions += [viewings.c.id.in_(_labelled(world, name, value)) for name, value in (which.labels or {}).items()]
        found.append((world, conditions))
    return found


def _labelled(world: int, name: str, value: str) -> Select[tuple[int]]:
    labels = tables.viewing_labels
    return select(labels.c.viewing).where(labels.c.world == world, labels.c.name == name, labels.c.value == value)


def _keys(reading: Reading, which: Which, order: Order, *, limit: int, offset: int) -> list[tuple[int, int]]:
    """(loaded_at, packed id) of a page: one SELECT a world, so that each follows its index; merged when there are two."""
    viewings = tables.viewings
    worlds = _where(reading, which)
    newest = order is Order.newest_first
    columns = (viewings.c.loaded_at.desc(), viewings.c.id.desc()) if newest else (viewings.c.loaded_at, viewings.c.id)
    alone = len(worlds) == 1
    keys: list[tuple[int, int]] = []
    for _, conditions in worlds:
        statement = select(viewings.c.loaded_at, viewings.c.id).where(*conditions).order_by(*columns)
        statement = statement.limit(limit).offset(offset) if alone else statement.limit(limit + offset)
        keys += [(row[0], row[1]) for row in reading.rows(statement)]
    if alone:
        return keys
    return sorted(keys, key=lambda key: (key[0], number_of(key[1])), reverse=newest)[offset : offset + limit]


_VIEWER_COLUMNS = (tables.viewers.c.id, tables.viewers.c.name, tables.viewers.c.email, tables.viewers.c.ip, tables.viewers.c.organisation)
_PLACE_COLUMNS = tuple(tables.places.c[name] for name in Place._fields)
_DEVICE_COLUMNS = tuple(tables.devices.c[name] for name in Device._fields)
_PAGE_COLUMNS = tuple(tables.pages.c[name] for name in Page._fields)
PERSON_COLUMNS = (*_VIEWER_COLUMNS, *_PLACE_COLUMNS, *_DEVICE_COLUMNS)


def person(values: Collection[Any]) -> Person:  # Any: columns of four types
    """A viewer from the values of PERSON_COLUMNS."""
    ordered = list(values)
    number, name, email, ip, organisation = ordered[:5]
    device = 5 + len(Place._fields)
    return Person(number_of(number), name, email, ip, organisation, place(ordered[5:device]), Device(*ordered[device:]))


def place(values: Sequence[Any]) -> Place:  # Any: texts
    """A place from the values of its columns, where coordinates are texts."""
    where = dict(zip(Place._fields, values, strict=True))
    return Place(**{**where, "latitude": float(where["latitude"]), "longitude": float(where["longitude"])})


def _viewings(reading: Reading, packed: Collection[int]) -> list[Viewing]:
    """Viewings with all that is said of their viewer and page."""
    table = tables.viewings
    facts = (
        table.c.id,
        table.c.media,
        table.c.kind,
        table.c.loaded_at,
        table.c.played_at,
        table.c.ended_at,
        table.c.watched_seconds,
        table.c.distinct_seconds,
    )
    statement = (
        select(*facts, *_PAGE_COLUMNS, *PERSON_COLUMNS)
        .join_from(table, tables.viewers, tables.viewers.c.id == table.c.viewer)
        .join(tables.places, tables.places.c.number == tables.viewers.c.place)
        .join(tables.devices, tables.devices.c.number == tables.viewers.c.device)
        .join(tables.pages, tables.pages.c.id == table.c.page)
        .where(table.c.id.in_(packed))
    )
    return [_viewing(reading, row) for row in reading.rows(statement)]


def _viewing(reading: Reading, row: AnyRow) -> Viewing:
    anchor, (packed, media, kind, loaded_at, played_at, ended_at, watched, distinct), rest = reading.account.anchor, row[:8], row[8:]
    played = played_at + anchor if played_at is not None and played_at <= reading.now else None
    viewer, on = person(rest[len(Page._fields) :]), Page(*rest[: len(Page._fields)])
    times = (loaded_at + anchor, played, ended_at + anchor)
    return Viewing(number_of(packed), number_of(media), MediaKind(kind), viewer, on, *times, watched, distinct)


def spans(reading: Reading, number: int) -> list[Span]:
    """What of a viewing was played, in order, up to now."""
    table, anchor = tables.stretches, reading.account.anchor
    rows = reading.rows(select(table).where(table.c.viewing == reading.id_of(number), table.c.started_at < reading.now).order_by(table.c.ordinal))
    found = []
    for row in rows:
        length = min(row.stopped_at, reading.now) - row.started_at
        began = row.started_at + anchor
        found.append(Span(began, began + length, row.start_position, row.start_position + length, bool(row.again)))
    return found


def labels(reading: Reading, numbers: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """The names and values that viewings brought along, by number, in the order of their names."""
    table = tables.viewing_labels
    rows = reading.rows(select(table).where(table.c.viewing.in_(reading.ids_of(numbers))).order_by(table.c.viewing, table.c.name))
    found: dict[int, list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(number_of(row.viewing), []).append((row.name, row.value))
    return found
