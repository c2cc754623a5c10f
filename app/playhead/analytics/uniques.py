"""Distinct viewers, or addresses, of viewings that came so far."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from enum import Enum

from sqlalchemy import func, select

from playhead.analytics.query import (
    NO_FILTERS,
    Dimension,
    Filters,
    GroupKey,
    Milestone,
    group_columns,
    key_decoder,
    where,
)
from playhead.analytics.snapshot import Snapshot
from playhead.domain.time_range import TimeRange
from playhead.storage import tables


class UniqueBy(Enum):
    """What makes two viewings those of one:

    the viewer, which is an address and a device, or the address alone.
    """

    viewer = "viewer"
    address = "ip"


def uniques(
    snapshot: Snapshot,
    time_range: TimeRange | None,
    *,
    unique_by: UniqueBy,
    milestone: Milestone,
    dimensions: Sequence[Dimension] = (),
    filters: Filters = NO_FILTERS,
) -> dict[GroupKey, int]:
    """How many distinct ones there are among the viewings loaded in a window (or ever) that came so
    far, by cell; empty cells are absent.
    """
    relative_range = snapshot.clip_to_now(time_range)
    identity = tables.viewings.c[unique_by.value]
    read = key_decoder(dimensions, snapshot.account.anchor)
    key_columns = [
        column.label(f"cell_{place}") for place, column in enumerate(group_columns(dimensions))
    ]
    names = [cell.name for cell in key_columns]
    if len(snapshot.account.worlds) == 1:
        conditions = (
            where(snapshot, snapshot.account.world, relative_range, filters),
            milestone.condition(snapshot.now),
        )
        rows = snapshot.rows(
            select(*key_columns, func.count(identity.distinct()))
            .where(*conditions)
            .group_by(*names)
        )
        return {read(row[:-1]): row[-1] for row in rows if row[-1]}
    identities_by_key: dict[GroupKey, set[int]] = defaultdict(set)
    for (
        world
    ) in snapshot.account.worlds:  # one of the base may have been recorded in the overlay as well
        conditions = (
            where(snapshot, world, relative_range, filters),
            milestone.condition(snapshot.now),
        )
        for row in snapshot.rows(select(*key_columns, identity).where(*conditions).distinct()):
            identities_by_key[read(row[:-1])].add(row[-1])
    return {cell: len(identities) for cell, identities in identities_by_key.items()}


def daily_unique_sum(
    snapshot: Snapshot,
    time_range: TimeRange | None,
    *,
    unique_by: UniqueBy,
    milestone: Milestone,
    dimensions: Sequence[Dimension] = (),
    filters: Filters = NO_FILTERS,
) -> dict[GroupKey, int]:
    """The same where one counts once a UTC day: the distinct ones of each day together, by cell."""
    sums = Counter[GroupKey]()
    for (_, *cell), count in uniques(
        snapshot,
        time_range,
        unique_by=unique_by,
        milestone=milestone,
        dimensions=[Dimension.day, *dimensions],
        filters=filters,
    ).items():
        sums[tuple(cell)] += count
    return dict(sums)
