"""Gcore's statistics of transcoding and storage: translate, ask, fill the shape."""

from fastapi import APIRouter
from pydantic import MISSING

from playhead.gate import GatedRoute
from playhead.vendor import Asked
from playhead.vendors.gcore import catalogue, storage, transcoding, words
from playhead.vendors.gcore.queries import Probes, Reseller, Series, SeriesPeriod
from playhead.vendors.gcore.shapes import ProbeRow, ResellerSeries, StorageMetrics, StorageSeries, StreamMetrics, StreamSeries, VodMetrics, VodSeries
from playhead.vendors.gcore.shapes import Probes as ProbesAnswer
from playhead.world.terms import MediaKind

routes = APIRouter(route_class=GatedRoute)


@routes.get("/streaming/statistics/ffprobe")
def ffprobes(query: Probes, asked: Asked) -> ProbesAnswer:
    """What arrived of a live stream, by intervals in which anything did."""
    numbers = words.numbers_of(asked, [MediaKind.live], query.stream_id)
    rows = transcoding.probes(asked, query, numbers[0]) if numbers else []
    return ProbesAnswer(
        data=[
            ProbeRow(
                time=words.moment(start),
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
def stream_series(query: Series, asked: Asked) -> list[StreamSeries]:
    """Minutes transcoded of all live streams together, each interval rounded up by itself."""
    series = transcoding.minutes_transcoded(asked, query)
    return [StreamSeries(client=catalogue.client(asked), metrics=StreamMetrics(streams=series))]


@routes.get("/streaming/statistics/max_stream")
def max_streams_series(query: Series, asked: Asked) -> list[StreamSeries]:
    """The most live streams that were transcoded at the same time, by intervals."""
    series = transcoding.most_at_once(asked, query)
    return [StreamSeries(client=catalogue.client(asked), metrics=StreamMetrics(streams=series))]


@routes.get("/streaming/statistics/reseller/stream")
def reseller_stream_series(query: Reseller, asked: Asked) -> list[ResellerSeries]:
    """Minutes transcoded for a reseller's clients: the account itself is the one, or an element for each stream."""
    client = catalogue.client(asked)
    if not query.by_streams:
        series = transcoding.minutes_transcoded(asked, query)
        return [ResellerSeries(client=client, stream=MISSING, metrics=StreamMetrics(streams=series))]
    return [
        ResellerSeries(client=client, stream=id_, metrics=StreamMetrics(streams=transcoding.minutes_transcoded(asked, query, [number])))
        for number, id_ in catalogue.stream_ids(asked).items()
    ]


@routes.get("/streaming/statistics/storage")
def storage_series(query: Series, asked: Asked) -> list[StorageSeries]:
    """Bytes of all processed videos with their renditions, the most of each interval."""
    points = storage.volumes(asked, query.window, query.granularity)
    metrics = StorageMetrics(storage=points, max_volume_usage=storage.highest(points))
    return [StorageSeries(client=catalogue.client(asked), metrics=metrics)]


@routes.get("/streaming/statistics/vod/storage_duration")
def vod_storage_volume(query: SeriesPeriod, asked: Asked) -> list[VodSeries]:
    """Minutes of all processed videos, the most of each day, rounded up once over their sum."""
    series = storage.minutes_stored(asked, query.window)
    return [VodSeries(client=catalogue.client(asked), metrics=VodMetrics(vod=series))]


@routes.get("/streaming/statistics/vod/transcoding_duration")
def vod_transcoding_duration(query: SeriesPeriod, asked: Asked) -> list[VodSeries]:
    """Minutes of videos whose processing ended on a day, each day rounded up by itself."""
    series = storage.minutes_transcoded(asked, query.window)
    return [VodSeries(client=catalogue.client(asked), metrics=VodMetrics(vod=series))]
