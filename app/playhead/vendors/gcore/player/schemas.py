"""Answers of the player statistics."""

from pydantic import MISSING, BaseModel

from playhead.vendors.gcore.param_types import Event, Type


class ViewsRow(BaseModel):
    """Views of a day and a type; the other keys as far as they were asked for."""

    views: int
    date: str
    type: Type
    host: str | MISSING
    os: str | MISSING
    browser: str | MISSING
    platform: str | MISSING
    ip: str | MISSING
    country: str | MISSING
    event: Event | MISSING
    id: int | MISSING


class Views(BaseModel):
    """Views by day, by type, and by what was asked for."""

    data: list[ViewsRow]


class UniquesRow(BaseModel):
    """Distinct addresses of a type; the other keys as far as they were asked for."""

    unique_ips: int
    date: str
    type: Type
    host: str | MISSING
    os: str | MISSING
    browser: str | MISSING
    platform: str | MISSING
    ip: str | MISSING
    country: str | MISSING
    event: Event | MISSING
    id: int | MISSING


class UniqueViewers(BaseModel):
    """Distinct addresses by type, and by what was asked for."""

    data: list[UniquesRow]


class RegionViews(BaseModel):
    """Views from one region; its code says nothing of its country."""

    views: int
    region: str
    region_name: str


class ViewsByRegion(BaseModel):
    """Views by region, the most first."""

    data: list[RegionViews]


class PopularVideo(BaseModel):
    """Views of one entity.

    Its id a string, as the schema and both SDKs have it — quirk 14, §3.6.
    """

    views: int
    id: str


class PopularVideos(BaseModel):
    """Views by entity, the most first."""

    data: list[PopularVideo]


class BrowserViews(BaseModel):
    """Views by one browser."""

    views: int
    browser: str


class ViewsByBrowser(BaseModel):
    """Views by browser, the most first."""

    data: list[BrowserViews]


class SystemViews(BaseModel):
    """Views on one operating system."""

    views: int
    os: str


class ViewsBySystem(BaseModel):
    """Views by operating system, the most first."""

    data: list[SystemViews]


class EmbedViews(BaseModel):
    """Views on one page."""

    views: int
    embed_url: str


class ViewsByEmbed(BaseModel):
    """Views by page, the most first."""

    data: list[EmbedViews]


class HostViews(BaseModel):
    """Views on the pages of one host — quirk 14, §3.10."""

    views: int
    host: str


class ViewsByHost(BaseModel):
    """Views by host, the most first."""

    data: list[HostViews]


class CountryViews(BaseModel):
    """Views from one country."""

    views: int
    country: str
    country_name: str


class ViewsByCountry(BaseModel):
    """Views by country, the most first."""

    data: list[CountryViews]


class HeatmapRow(BaseModel):
    """Viewers at one second of a video, or at one instant of a stream or playlist.

    Never both keys — §3.11.
    """

    viewers: int
    seconds: int | MISSING
    time: str | MISSING


class ViewsHeatmap(BaseModel):
    """A heat map, in ascending order."""

    data: list[HeatmapRow]
