"""Viewings one by one: pages of them, one of them, its stretches and labels."""

from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select

from playhead.analytics.snapshot import AnyRow, Snapshot, number_of
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.storage import tables


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


class ViewerProfile(NamedTuple):
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
    viewer: ViewerProfile
    page: Page
    loaded_at: int
    played_at: int | None
    ended_at: int
    watched_seconds: int
    distinct_seconds: int


class PlayedSpan(NamedTuple):
    """A stretch of playback, or a part of one:

    wall clock in seconds since 1970, positions in seconds.
    """

    started_at: int
    stopped_at: int
    start: int
    stop: int
    is_repeat: bool


class ViewingFilter(NamedTuple):
    """Which viewings are asked for; what is None does not matter."""

    media: int | None = None
    viewer: int | None = None
    time_range: TimeRange | None = None
    labels: Mapping[str, str] | None = None
    played_only: bool = False


def count(snapshot: Snapshot, viewing_filter: ViewingFilter) -> int:
    """How many viewings there are of those."""
    return sum(
        int(
            snapshot.rows(select(func.count()).select_from(tables.viewings).where(*conditions))[0][
                0
            ]
        )
        for _, conditions in _conditions_by_world(snapshot, viewing_filter)
    )


def list_page(
    snapshot: Snapshot, viewing_filter: ViewingFilter, *, order: Order, limit: int, offset: int = 0
) -> list[Viewing]:
    """A page of the viewings, by when they were loaded and then by number."""
    keys = _page_keys(snapshot, viewing_filter, order, limit=limit, offset=offset)
    viewings_by_number = {
        viewing.number: viewing
        for viewing in _load_viewings(snapshot, [packed for _, packed in keys])
    }
    return [viewings_by_number[number_of(packed)] for _, packed in keys]


def get(snapshot: Snapshot, number: int) -> Viewing | None:
    """The viewing of that number, once it was loaded."""
    row_id = snapshot.row_id(number)
    viewings = tables.viewings
    seen = (
        viewings.c.id == row_id,
        viewings.c.loaded_at <= snapshot.now,
        snapshot.kind_condition(),
        snapshot.ended_condition(),
    )
    if row_id is None or not snapshot.rows(select(viewings.c.id).where(*seen)):
        return None
    return _load_viewings(snapshot, [row_id])[0]


def _conditions_by_world(
    snapshot: Snapshot, viewing_filter: ViewingFilter
) -> list[tuple[int, list[ColumnElement[bool]]]]:
    """The conditions of a question in each world of the account."""
    viewings = tables.viewings
    relative_range = snapshot.clip_to_now(viewing_filter.time_range)
    media = None if viewing_filter.media is None else snapshot.row_id(viewing_filter.media)
    viewer = None if viewing_filter.viewer is None else snapshot.row_id(viewing_filter.viewer)
    if (viewing_filter.media is not None and media is None) or (
        viewing_filter.viewer is not None and viewer is None
    ):
        return []
    if any(
        "\0" in text for pair in (viewing_filter.labels or {}).items() for text in pair
    ):  # PostgreSQL has no such text
        return []
    found = []
    for world in snapshot.account.worlds:
        conditions = [snapshot.loaded_in(world, relative_range, media=viewing_filter.media)]
        conditions += [viewings.c.viewer == viewer] if viewer is not None else []
        conditions += [viewings.c.played_at <= snapshot.now] if viewing_filter.played_only else []
        conditions += [
            viewings.c.id.in_(_label_condition(world, name, value))
            for name, value in (viewing_filter.labels or {}).items()
        ]
        found.append((world, conditions))
    return found


def _label_condition(world: int, name: str, value: str) -> Select[tuple[int]]:
    labels = tables.viewing_labels
    return select(labels.c.viewing).where(
        labels.c.world == world, labels.c.name == name, labels.c.value == value
    )


def _page_keys(
    snapshot: Snapshot, viewing_filter: ViewingFilter, order: Order, *, limit: int, offset: int
) -> list[tuple[int, int]]:
    """(loaded_at, packed id) of a page:

    one SELECT a world, so that each follows its index; merged when there are two.
    """
    viewings = tables.viewings
    worlds = _conditions_by_world(snapshot, viewing_filter)
    newest = order is Order.newest_first
    columns = (
        (viewings.c.loaded_at.desc(), viewings.c.id.desc())
        if newest
        else (viewings.c.loaded_at, viewings.c.id)
    )
    alone = len(worlds) == 1
    keys: list[tuple[int, int]] = []
    for _, conditions in worlds:
        statement = (
            select(viewings.c.loaded_at, viewings.c.id).where(*conditions).order_by(*columns)
        )
        statement = (
            statement.limit(limit).offset(offset) if alone else statement.limit(limit + offset)
        )
        keys += [(row[0], row[1]) for row in snapshot.rows(statement)]
    if alone:
        return keys
    return sorted(keys, key=lambda key: (key[0], number_of(key[1])), reverse=newest)[
        offset : offset + limit
    ]


_VIEWER_COLUMNS = (
    tables.viewers.c.id,
    tables.viewers.c.name,
    tables.viewers.c.email,
    tables.viewers.c.ip,
    tables.viewers.c.organisation,
)
_PLACE_COLUMNS = tuple(tables.places.c[name] for name in Place._fields)
_DEVICE_COLUMNS = tuple(tables.devices.c[name] for name in Device._fields)
_PAGE_COLUMNS = tuple(tables.pages.c[name] for name in Page._fields)
PROFILE_COLUMNS = (*_VIEWER_COLUMNS, *_PLACE_COLUMNS, *_DEVICE_COLUMNS)


def profile_from_columns(values: Collection[Any]) -> ViewerProfile:  # Any: columns of four types
    """A viewer from the values of PERSON_COLUMNS."""
    ordered = list(values)
    number, name, email, ip, organisation = ordered[:5]
    device = 5 + len(Place._fields)
    return ViewerProfile(
        number_of(number),
        name,
        email,
        ip,
        organisation,
        place_from_columns(ordered[5:device]),
        Device(*ordered[device:]),
    )


def place_from_columns(values: Sequence[Any]) -> Place:  # Any: texts
    """A place from the values of its columns, where coordinates are texts."""
    where = dict(zip(Place._fields, values, strict=True))
    return Place(
        **{**where, "latitude": float(where["latitude"]), "longitude": float(where["longitude"])}
    )


def _load_viewings(snapshot: Snapshot, row_ids: Collection[int]) -> list[Viewing]:
    """Viewings with all that is said of their viewer and page."""
    table = tables.viewings
    columns = (
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
        select(*columns, *_PAGE_COLUMNS, *PROFILE_COLUMNS)
        .join_from(table, tables.viewers, tables.viewers.c.id == table.c.viewer)
        .join(tables.places, tables.places.c.number == tables.viewers.c.place)
        .join(tables.devices, tables.devices.c.number == tables.viewers.c.device)
        .join(tables.pages, tables.pages.c.id == table.c.page)
        .where(table.c.id.in_(row_ids))
    )
    return [_viewing_from_row(snapshot, row) for row in snapshot.rows(statement)]


def _viewing_from_row(snapshot: Snapshot, row: AnyRow) -> Viewing:
    anchor, (row_id, media, kind, loaded_at, played_at, ended_at, watched, distinct), rest = (
        snapshot.account.anchor,
        row[:8],
        row[8:],
    )
    played = played_at + anchor if played_at is not None and played_at <= snapshot.now else None
    viewer = profile_from_columns(rest[len(Page._fields) :])
    embedding_page = Page(*rest[: len(Page._fields)])
    times = (loaded_at + anchor, played, ended_at + anchor)
    return Viewing(
        number_of(row_id),
        number_of(media),
        MediaKind(kind),
        viewer,
        embedding_page,
        *times,
        watched,
        distinct,
    )


def spans(snapshot: Snapshot, number: int) -> list[PlayedSpan]:
    """What of a viewing was played, in order, up to now."""
    table = tables.played_ranges
    anchor = snapshot.account.anchor
    rows = snapshot.rows(
        select(table)
        .where(table.c.viewing == snapshot.row_id(number), table.c.started_at < snapshot.now)
        .order_by(table.c.ordinal)
    )
    played_spans = []
    for row in rows:
        length = min(row.stopped_at, snapshot.now) - row.started_at
        began = row.started_at + anchor
        played_spans.append(
            PlayedSpan(
                began,
                began + length,
                row.start_position,
                row.start_position + length,
                bool(row.is_repeat),
            )
        )
    return played_spans


def labels(snapshot: Snapshot, numbers: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """The names and values that viewings brought along, by number, in the order of their names."""
    table = tables.viewing_labels
    rows = snapshot.rows(
        select(table)
        .where(table.c.viewing.in_(snapshot.row_ids(numbers)))
        .order_by(table.c.viewing, table.c.name)
    )
    labels_by_number: dict[int, list[tuple[str, str]]] = {}
    for row in rows:
        labels_by_number.setdefault(number_of(row.viewing), []).append((row.name, row.value))
    return labels_by_number
