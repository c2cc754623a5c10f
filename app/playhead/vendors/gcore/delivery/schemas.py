"""Answers of the delivery statistics."""

from pydantic import MISSING, BaseModel

from playhead.vendors.gcore.intervals import Points
from playhead.vendors.gcore.param_types import Type


class CdnUniquesRow(BaseModel):
    """Distinct viewers of a type, in any player."""

    uniqs: int
    type: Type


class CdnUniqueViewers(BaseModel):
    """Distinct viewers by type."""

    data: list[CdnUniquesRow]


class StreamMetrics(BaseModel):
    """A series of live streams."""

    streams: Points


class StreamSeries(BaseModel):
    """One client's series."""

    client: int
    metrics: StreamMetrics


class VodMetrics(BaseModel):
    """A series of videos."""

    vod: Points


class VodSeries(BaseModel):
    """One client's series."""

    client: int
    metrics: VodMetrics


class StreamTotal(BaseModel):
    """One client's minutes.

    A filter that was used is echoed, the stream's id as a string — quirk 2, §3.24.
    """

    client: int
    duration: int
    stream_id: str | MISSING
    client_user_id: int | MISSING


class VodTotal(BaseModel):
    """One client's minutes; a filter that was used is echoed — quirk 2, §3.21."""

    client: int
    duration: int
    slug: str | MISSING
    client_user_id: int | MISSING
