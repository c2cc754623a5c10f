"""Parameters of the processing statistics."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from playhead.vendors.gcore.param_types import Boolean, Id, Interval, Units
from playhead.vendors.gcore.params import PeriodParams, SeriesParams, SeriesPeriodParams


class ProbesParams(PeriodParams):
    """What arrived of a stream, by intervals."""

    stream_id: Id = Field(description="Id of the live stream.")
    interval: Interval = Field(10, description="Width of an interval, in `units`.")
    units: Units = Field(
        Units.second,
        description="What `interval` counts; weeks begin on Monday, months are calendar months.",
    )


class ResellerParams(SeriesParams):
    """A reseller's series."""

    by_streams: Boolean = Field(
        False, description="An element for each stream in place of one for the client."
    )


ProbesQueryParams = Annotated[ProbesParams, Query()]


SeriesPeriodQueryParams = Annotated[SeriesPeriodParams, Query()]


SeriesQueryParams = Annotated[SeriesParams, Query()]


ResellerQueryParams = Annotated[ResellerParams, Query()]
