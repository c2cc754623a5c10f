"""Gcore's statistics of transcoding and storage: translate, ask, fill the shape."""

from fastapi import APIRouter
from pydantic import MISSING

from playhead.domain.media import MediaKind
from playhead.gateway.pipeline import EmulatedRoute
from playhead.gateway.vendor_app import CurrentSnapshot
from playhead.vendors.gcore import ids, lookup, vocabulary
from playhead.vendors.gcore.delivery.schemas import (
    StreamMetrics,
    StreamSeries,
    VodMetrics,
    VodSeries,
)
from playhead.vendors.gcore.processing import compute
from playhead.vendors.gcore.processing.params import (
    ProbesQueryParams,
    ResellerQueryParams,
    SeriesPeriodQueryParams,
    SeriesQueryParams,
)
from playhead.vendors.gcore.processing.schemas import (
    ProbeRow,
    ResellerSeries,
    StorageMetrics,
    StorageSeries,
)
from playhead.vendors.gcore.processing.schemas import Probes as ProbesAnswer

routes = APIRouter(route_class=EmulatedRoute)


@routes.get("/streaming/statistics/ffprobe")
def ffprobes(params: ProbesQueryParams, snapshot: CurrentSnapshot) -> ProbesAnswer:
    """What arrived of a live stream, by intervals in which anything did."""
    numbers = ids.numbers_of_id(snapshot, [MediaKind.live], params.stream_id)
    rows = compute.probes(snapshot, params, numbers[0]) if numbers else []
    return ProbesAnswer(
        data=[
            ProbeRow(
                time=vocabulary.format_datetime(start),
                avg_bitrate=probe.bitrate,
                sum_frames=probe.frames,
                max_height=probe.height,
                max_fps=probe.fps,
                max_keyframe_interval=probe.keyframe_interval,
            )
            for start, probe in rows
        ]
    )


@routes.get("/streaming/statistics/stream")
def stream_series(params: SeriesQueryParams, snapshot: CurrentSnapshot) -> list[StreamSeries]:
    """Minutes transcoded of all live streams together, each interval rounded up by itself."""
    series = compute.stream_minutes_transcoded(snapshot, params)
    return [StreamSeries(client=lookup.client_id(snapshot), metrics=StreamMetrics(streams=series))]


@routes.get("/streaming/statistics/max_stream")
def max_streams_series(params: SeriesQueryParams, snapshot: CurrentSnapshot) -> list[StreamSeries]:
    """The most live streams that were transcoded at the same time, by intervals."""
    series = compute.peak_streams(snapshot, params)
    return [StreamSeries(client=lookup.client_id(snapshot), metrics=StreamMetrics(streams=series))]


@routes.get("/streaming/statistics/reseller/stream")
def reseller_stream_series(
    params: ResellerQueryParams, snapshot: CurrentSnapshot
) -> list[ResellerSeries]:
    """Minutes transcoded for a reseller's clients:

    the account itself is the one, or an element for each stream.
    """
    client = lookup.client_id(snapshot)
    if not params.by_streams:
        series = compute.stream_minutes_transcoded(snapshot, params)
        return [
            ResellerSeries(client=client, stream=MISSING, metrics=StreamMetrics(streams=series))
        ]
    return [
        ResellerSeries(
            client=client,
            stream=id_,
            metrics=StreamMetrics(
                streams=compute.stream_minutes_transcoded(snapshot, params, [number])
            ),
        )
        for number, id_ in lookup.stream_ids_by_number(snapshot).items()
    ]


@routes.get("/streaming/statistics/storage")
def storage_series(params: SeriesQueryParams, snapshot: CurrentSnapshot) -> list[StorageSeries]:
    """Bytes of all processed videos with their renditions, the most of each interval."""
    points = compute.stored_bytes_by_interval(snapshot, params.window, params.granularity)
    metrics = StorageMetrics(storage=points, max_volume_usage=compute.highest_point(points))
    return [StorageSeries(client=lookup.client_id(snapshot), metrics=metrics)]


@routes.get("/streaming/statistics/vod/storage_duration")
def vod_storage_volume(
    params: SeriesPeriodQueryParams, snapshot: CurrentSnapshot
) -> list[VodSeries]:
    """Minutes of all processed videos, the most of each day, rounded up once over their sum."""
    series = compute.minutes_stored(snapshot, params.window)
    return [VodSeries(client=lookup.client_id(snapshot), metrics=VodMetrics(vod=series))]


@routes.get("/streaming/statistics/vod/transcoding_duration")
def vod_transcoding_duration(
    params: SeriesPeriodQueryParams, snapshot: CurrentSnapshot
) -> list[VodSeries]:
    """Minutes of videos whose processing ended on a day, each day rounded up by itself."""
    series = compute.video_minutes_transcoded(snapshot, params.window)
    return [VodSeries(client=lookup.client_id(snapshot), metrics=VodMetrics(vod=series))]
