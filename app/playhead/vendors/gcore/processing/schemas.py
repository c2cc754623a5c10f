"""Answers of the processing statistics."""

from pydantic import MISSING, BaseModel, Field

from playhead.vendors.gcore.delivery.schemas import StreamMetrics
from playhead.vendors.gcore.intervals import Points


class ProbeRow(BaseModel):
    """What arrived of a stream in an interval that begins at `time`."""

    time: str
    avg_bitrate: float
    sum_frames: int
    max_height: int
    max_fps: int
    max_keyframe_interval: int


class Probes(BaseModel):
    """What arrived of a stream, in ascending order."""

    data: list[ProbeRow]


class ResellerSeries(BaseModel):
    """A client's series, or that of one stream — unknown 10."""

    client: int
    stream: int | MISSING
    metrics: StreamMetrics


class StorageMetrics(BaseModel):
    """Bytes stored, and the point at which they were the most; empty without any point."""

    storage: Points
    max_volume_usage: list[int] = Field(max_length=2)


class StorageSeries(BaseModel):
    """One client's series."""

    client: int
    metrics: StorageMetrics
