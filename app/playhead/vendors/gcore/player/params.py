"""Parameters of the player statistics."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from playhead.vendors.gcore.param_types import (
    Event,
    Id,
    Type,
    UniquesGroup,
    ViewsGroup,
    choice_list,
)
from playhead.vendors.gcore.params import PeriodParams, TypedPeriodParams


class PlayerParams(TypedPeriodParams):
    """Which viewings count, all conditions together."""

    id: Id | None = Field(
        None,
        description=(
            "Only the entity with this id, of whatever type where none is given; of a video "
            "also its slug."
        ),
    )
    event: Event | None = Field(
        None,
        description=(
            "How far a viewing must have come; without it `watch`, or all where they are "
            "grouped by event."
        ),
    )
    host: str | None = Field(None, description="Only pages of this host, in capitals or not.")
    country: str | None = Field(
        None, description="Only viewers in this country, ISO 3166-1 alpha-2, in capitals or not."
    )


class ViewsParams(PlayerParams):
    """Views, by what."""

    group: Annotated[list[ViewsGroup], choice_list(ViewsGroup)] = Field(
        [], description="Further keys to count by; repeated, or separated by commas."
    )


class UniquesParams(PlayerParams):
    """Addresses, by what."""

    group: Annotated[list[UniquesGroup], choice_list(UniquesGroup)] = Field(
        [], description="Keys to count by, without any `date`; repeated, or separated by commas."
    )


class HeatmapParams(PeriodParams):
    """One entity in a window."""

    type: Type = Field(description="What the entity is; decides the form of the rows.")
    stream_id: Id = Field(
        description="Id of the entity, whatever its type; of a video also its slug."
    )


ViewsQueryParams = Annotated[ViewsParams, Query()]


UniquesQueryParams = Annotated[UniquesParams, Query()]


TypedPeriodQueryParams = Annotated[TypedPeriodParams, Query()]


HeatmapQueryParams = Annotated[HeatmapParams, Query()]
