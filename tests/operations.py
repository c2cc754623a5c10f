"""Every operation of every vendor, asked once or more of the demo world with the ids that the vendors' documentation uses."""

from collections.abc import Mapping
from typing import NamedTuple

import httpx

from tests.worlds import credentials

KEY = "demo"


class Operation(NamedTuple):
    """One request: the route's template, and what fills it."""

    vendor: str
    template: str
    ids: Mapping[str, str] = {}
    query: Mapping[str, str] = {}
    body: Mapping[str, str] | None = None
    status: int = 200

    @property
    def method(self) -> str:
        return "get" if self.body is None else "post"

    @property
    def path(self) -> str:
        return self.template.format_map(self.ids)

    @property
    def name(self) -> str:
        return f"{self.vendor} {self.method} {self.path}?{'&'.join(f'{name}={value}' for name, value in self.query.items())}".rstrip("?")

    def ask(self, web: httpx.Client, url: str, key: str = KEY) -> httpx.Response:
        """The answer of a server at that address."""
        headers = {"Authorization": credentials(self.vendor, key)}
        return web.request(self.method, f"{url}/{self.vendor}{self.path}", params=dict(self.query), json=self.body, headers=headers)


MAY = {"date_from": "2024-05-01T00:00:00Z", "date_to": "2024-05-31T23:59:59Z"}
FROM_MAY = {"from": "2024-05-01T00:00:00Z", "to": "2024-05-31T23:59:59Z"}
DAYS = {"start_date": "2024-05-01", "end_date": "2024-05-31"}

AGGREGATES = ("regions", "popular", "browsers", "systems", "embeds", "hosts")
SERIES = ("stream", "max_stream", "storage", "reseller/stream", "vod/viewers", "vod/watching_duration", "stream/viewers")
GCORE = [
    Operation("gcore", "/streaming/statistics/countries", query=MAY),
    Operation("gcore", "/streaming/statistics/countries", query={**MAY, "type": "live"}),
    Operation("gcore", "/streaming/statistics/heatmap", query={**MAY, "type": "vod", "stream_id": "12345"}),
    Operation("gcore", "/streaming/statistics/heatmap", query={**MAY, "type": "live", "stream_id": "12345"}),
    *(Operation("gcore", "/streaming/statistics/stream/watching_duration", query={**FROM_MAY, "granularity": width}) for width in ("5m", "1h", "1d", "1mo")),
    Operation("gcore", "/streaming/statistics/stream/watching_duration", query={**FROM_MAY, "stream_id": "12345", "client_user_id": "2400001"}),
    Operation("gcore", "/streaming/statistics/stream/watching_duration/total"),
    Operation("gcore", "/streaming/statistics/stream/watching_duration/total", query={**FROM_MAY, "stream_id": "12345"}),
    *(Operation("gcore", f"/streaming/statistics/{name}", query=MAY) for name in ("cdn/uniqs", "views", "uniqs", *AGGREGATES)),
    *(Operation("gcore", f"/streaming/statistics/{name}", query={**MAY, "type": "live"}) for name in ("cdn/uniqs", *AGGREGATES)),
    Operation("gcore", "/streaming/statistics/cdn/uniqs", query={**MAY, "type": "vod", "id": "12345"}),
    *(Operation("gcore", "/streaming/statistics/views", query={**MAY, "group": group}) for group in ("host,os,browser,platform", "ip", "country,event,id")),
    Operation("gcore", "/streaming/statistics/views", query={**MAY, "type": "vod", "id": "12345", "event": "start", "host": "example.com", "country": "US"}),
    *(Operation("gcore", "/streaming/statistics/uniqs", query={**MAY, "group": group}) for group in ("host,os", "ip", "date,country,event,id")),
    Operation("gcore", "/streaming/statistics/ffprobe", query={**MAY, "stream_id": "12345", "interval": "6000"}),
    Operation("gcore", "/streaming/statistics/ffprobe", query={**MAY, "stream_id": "320423", "interval": "2", "units": "week"}),
    *(Operation("gcore", f"/streaming/statistics/{name}", query={**FROM_MAY, "granularity": width}) for name in SERIES for width in ("5m", "1d")),
    Operation("gcore", "/streaming/statistics/reseller/stream", query={**FROM_MAY, "granularity": "1d", "by_streams": "true"}),
    *(Operation("gcore", f"/streaming/statistics/vod/{name}_duration", query=FROM_MAY) for name in ("storage", "transcoding")),
    Operation("gcore", "/streaming/statistics/vod/viewers", query={**FROM_MAY, "slug": "F0000000MxmUA", "client_user_id": "2400001"}),
    Operation("gcore", "/streaming/statistics/vod/watching_duration", query={**FROM_MAY, "granularity": "1mo", "client_user_id": "102"}),
    Operation("gcore", "/streaming/statistics/vod/watching_duration/total"),
    Operation("gcore", "/streaming/statistics/vod/watching_duration/total", query={**FROM_MAY, "slug": "F0000000MxmUA"}),
    Operation("gcore", "/streaming/statistics/stream/viewers", query={**FROM_MAY, "stream_id": "12345", "client_user_id": "2400001"}),
    # Instants that no 32 bits hold.
    Operation("gcore", "/streaming/statistics/views", query={"date_from": "0001-01-01", "date_to": "9999-12-31"}),
    Operation("gcore", "/streaming/statistics/cdn/uniqs", query={"date_from": "0001-01-01", "date_to": "9999-12-31"}),
    Operation("gcore", "/streaming/statistics/ffprobe", query={"date_from": "0001-01-01", "date_to": "9999-12-31", "stream_id": "12345", "units": "month"}),
    Operation("gcore", "/streaming/statistics/countries", query={"date_from": "0001-01-01", "date_to": "9999-12-31"}),
    Operation("gcore", "/streaming/statistics/heatmap", query={"date_from": "0001-01-01", "date_to": "9999-12-31", "type": "live", "stream_id": "12345"}),
    Operation("gcore", "/streaming/statistics/stream/watching_duration", query={"from": "0001-01-01", "to": "9999-12-31", "granularity": "1mo"}),
    Operation("gcore", "/streaming/statistics/stream/watching_duration/total", query={"from": "0001-01-01", "to": "9999-12-31"}),
    Operation("gcore", "/streaming/streams"),
    Operation("gcore", "/streaming/streams/{stream_id}", {"stream_id": "12345"}),
    Operation("gcore", "/streaming/videos", query={"per_page": "100"}),
    Operation("gcore", "/streaming/videos/names", query={"ids": "12345,65432"}),
    Operation("gcore", "/streaming/videos/{video_id}", {"video_id": "12345"}),
    Operation("gcore", "/streaming/playlists"),
    Operation("gcore", "/streaming/playlists/{playlist_id}", {"playlist_id": "12345"}),
    Operation("gcore", "/streaming/broadcasts/{broadcast_id}/spectators", {"broadcast_id": "3278898"}),  # around the stream 12345
    Operation("gcore", "/iam/clients/me"),
]

VIDEO, STREAM, SESSION = "vi4k0jvEUuaTdRAEjQ4Prklg", "vi4k0jvEUuaTdRAEjQ4Jfrgz", "psEmFwGQUAXR2lFHj5nDOpy"
# Within the 30 days for which these are kept.
LAST_WEEKS, SINCE_MAY = {"from": "2024-05-20", "to": "2024-06-05"}, {"from": "2024-05-20T06:30:00Z"}
AN_HOUR = {"from": "2024-06-05T10:30:00Z", "to": "2024-06-05T11:30:00Z"}
FIGURES = {
    "play": "count rate total sum",
    "start": "count",
    "end": "count",
    "impression": "count",
    "impression-time": "average sum",
    "watch-time": "average sum",
    "ccv": "average peak live",
    "view": "count",
}
BREAKDOWNS = ("media-id", "media-type", "continent", "country", "device-type", "operating-system", "browser", "referrer")
EVERY_FILTER = {
    "filterBy[mediaId][]": VIDEO,
    "filterBy[mediaType]": "video",
    "filterBy[continent][]": "EU",
    "filterBy[country][0]": "FR",
    "filterBy[deviceType]": "computer",
    "filterBy[operatingSystem][]": "windows",
    "filterBy[browser][]": "chrome",
}
APIVIDEO = [
    Operation("apivideo", "/auth/api-key", body={"apiKey": KEY}),
    Operation("apivideo", "/analytics/videos/{videoId}", {"videoId": VIDEO}, {"period": "2024-05"}),
    Operation("apivideo", "/analytics/videos/{videoId}", {"videoId": VIDEO}, {"period": "2024-05", "metadata[hats]": "green", "pageSize": "100"}),
    Operation("apivideo", "/analytics/live-streams/{liveStreamId}", {"liveStreamId": STREAM}, {"period": "2024-05", "currentPage": "2"}),
    Operation("apivideo", "/analytics/sessions/{sessionId}/events", {"sessionId": SESSION}, {"pageSize": "100"}),
    *(Operation("apivideo", "/analytics/videos/plays", query={**LAST_WEEKS, "dimension": name}) for name in ("videoId", "emittedAt", "country", "browser")),
    Operation("apivideo", "/analytics/videos/plays", query={"from": "2024-06-04", "dimension": "emittedAt", "filter": f"videoId:{VIDEO}"}),
    *(Operation("apivideo", "/analytics/live-streams/plays", query={**LAST_WEEKS, "dimension": name}) for name in ("liveStreamId", "deviceType")),
    Operation("apivideo", "/analytics/live-streams/plays", query={**LAST_WEEKS, "dimension": "operatingSystem", "filter": f"liveStreamId:{STREAM}"}),
    *(
        Operation("apivideo", "/data/metrics/{metric}/{aggregation}", {"metric": metric, "aggregation": aggregation}, SINCE_MAY)
        for metric, aggregations in FIGURES.items()
        for aggregation in aggregations.split()
    ),
    Operation("apivideo", "/data/metrics/{metric}/{aggregation}", {"metric": "view", "aggregation": "count"}, {**SINCE_MAY, "unique": "true"}),
    Operation("apivideo", "/data/metrics/{metric}/{aggregation}", {"metric": "ccv", "aggregation": "peak"}, {**SINCE_MAY, "unique": "true"}),
    Operation("apivideo", "/data/metrics/{metric}/{aggregation}", {"metric": "play", "aggregation": "count"}, {**SINCE_MAY, **EVERY_FILTER}),
    *(Operation("apivideo", "/data/buckets/{metric}/{breakdown}", {"metric": "play", "breakdown": name}, SINCE_MAY) for name in BREAKDOWNS),
    *(
        Operation("apivideo", "/data/buckets/{metric}/{breakdown}", {"metric": metric, "breakdown": "country"}, SINCE_MAY)
        for metric in ("play-rate", "end", "ccv-peak", "ccv-average", "view")
    ),
    Operation("apivideo", "/data/buckets/{metric}/{breakdown}", {"metric": "view", "breakdown": "browser"}, {**SINCE_MAY, "unique": "true"}),
    Operation("apivideo", "/data/buckets/{metric}/{breakdown}", {"metric": "play-total", "breakdown": "media-id"}),
    *(
        Operation("apivideo", "/data/timeseries/{metric}", {"metric": metric}, {**SINCE_MAY, "interval": interval})
        for metric, interval in (("play", "hour"), ("play-rate", "day"), ("ccv-peak", "hour"), ("ccv-average", "day"), ("view", "day"))
    ),
    Operation("apivideo", "/data/timeseries/{metric}", {"metric": "view"}, {**SINCE_MAY, "unique": "true", "viewDuration": "30s"}),
    Operation(
        "apivideo", "/data/timeseries/{metric}", {"metric": "impression"}, {"from": "2024-06-05T10:30:00Z", "to": "2024-06-05T11:30:00Z", "interval": "minute"}
    ),
    Operation("apivideo", "/videos", query={"pageSize": "100"}),
    Operation("apivideo", "/videos/{videoId}", {"videoId": VIDEO}),
    Operation("apivideo", "/live-streams"),
    Operation("apivideo", "/live-streams/{liveStreamId}", {"liveStreamId": STREAM}),
]

MEDIA, PROJECT = {"media_id": "993554ba94"}, {"project_id": "4d23503f70"}
EVENT, VISITOR = {"event_key": "1390862572596e0.8447021404281259"}, {"visitor_key": "E4E7613B5C24CB0F1F7C0A1E4E874635E752263E"}
STATS: list[tuple[str, Mapping[str, str], Mapping[str, str]]] = [
    ("/stats/account", {}, {}),
    ("/stats/account/by_date", {}, DAYS),
    ("/stats/projects/{project_id}", PROJECT, {}),
    ("/stats/projects/{project_id}/by_date", PROJECT, DAYS),
    ("/stats/medias/{media_id}", MEDIA, {}),
    ("/stats/medias/{media_id}/by_date", MEDIA, DAYS),
    ("/stats/medias/{media_id}/engagement", MEDIA, {}),
    ("/stats/visitors", {}, {}),
    ("/stats/visitors", {}, {"search": "JO", "filter": "has_name"}),
    ("/stats/visitors/{visitor_key}", VISITOR, {}),
    ("/stats/events", {}, {}),
    ("/stats/events", {}, {**DAYS, **MEDIA, "per_page": "5"}),
    ("/stats/events/{event_key}", EVENT, {}),
]
WIDTHS, GROUPS = ("daily", "weekly", "monthly"), ("utm_campaign", "utm_source", "utm_medium", "referrer_domain", "viewer_screen_size")
OF_MEDIA = "/medias/{media_id}"
ANALYTICS: list[tuple[str, Mapping[str, str], Mapping[str, str]]] = [
    ("/account", {}, DAYS),
    *(("/account/timeseries", {}, {**DAYS, "granularity": width}) for width in WIDTHS),
    *(("/account/top_content", {}, {**DAYS, "group_by": group, "sort_by": "unique_visitors"}) for group in ("media", "project")),
    ("/account/top_content", {}, {**DAYS, "hashed_ids[]": MEDIA["media_id"], "sort_direction": "asc"}),
    ("/account/embed_locations", {}, {**DAYS, "sort_by": "played_time", "per_page": "100"}),
    (OF_MEDIA, MEDIA, DAYS),
    *((f"{OF_MEDIA}/timeseries", MEDIA, {**DAYS, "granularity": width}) for width in WIDTHS),
    (f"{OF_MEDIA}/embed_locations", MEDIA, {**DAYS, "sort_by": "play_rate"}),
    (f"{OF_MEDIA}/embed_locations", MEDIA, {**DAYS, "embed_url": "https://example.com/xxx-yyy"}),
    *((f"{OF_MEDIA}/embed_locations_timeseries", MEDIA, {**DAYS, "granularity": width, "per_page": "2"}) for width in WIDTHS),
    *((f"{OF_MEDIA}/traffic", MEDIA, {**DAYS, "group_by": group}) for group in GROUPS),
    (f"{OF_MEDIA}/conversions", MEDIA, {**DAYS, "per_page": "3"}),
    (f"{OF_MEDIA}/languages", MEDIA, DAYS),
    # As long as a question may be.
    *((template, ids, {"start_date": "2024-01-01", "end_date": "2026-01-01"}) for template, ids in (("/account", {}), (OF_MEDIA, MEDIA))),
]
# Of which there are none: 404, whatever is asked.
WEBINAR = {"webinar_id": "webinar000"}
WEBINARS: Mapping[str, Mapping[str, str]] = {
    "": {},
    "/registration": {"granularity": "daily"},
    "/traffic": {"group_by": "utm_source"},
    "/audience": {},
    "/histograms": {},
}
WISTIA = [
    Operation("wistia", "/health"),
    *(Operation("wistia", f"{prefix}{template}", ids, query) for prefix in ("/v1", "/modern") for template, ids, query in STATS),
    # The key of the account's public token is fixed by the demo; its heat maps open by it alone.
    *(Operation("wistia", f"{prefix}/stats/events/{{event_key}}/iframe.html", EVENT, {"public_token": "p5j1mnpakv"}) for prefix in ("/v1", "/modern")),
    Operation("wistia", "/v1/account"),
    Operation("wistia", "/v1/medias"),
    Operation("wistia", "/v1/medias/{media_id}", MEDIA),
    Operation("wistia", "/v1/projects"),
    Operation("wistia", "/v1/projects/{project_id}", PROJECT),
    Operation("wistia", "/modern/account"),
    Operation("wistia", "/modern/account_usage"),
    Operation("wistia", "/modern/token"),
    Operation("wistia", "/modern/medias"),
    Operation("wistia", "/modern/medias", query={"cursor[enabled]": "1", "sort_by": "created", "sort_direction": "0", "per_page": "3"}),
    Operation("wistia", "/modern/medias/{media_id}", MEDIA, {"description_format": "markdown"}),
    *(Operation("wistia", f"{prefix}/medias/{{media_id}}/stats", MEDIA) for prefix in ("/v1", "/modern")),
    Operation("wistia", "/modern/folders"),
    Operation("wistia", "/modern/folders", query={"cursor[enabled]": "1", "sort_by": "updated", "per_page": "3"}),
    Operation("wistia", "/modern/folders/{folder_id}", {"folder_id": "4d23503f70"}),
    *(Operation("wistia", f"/modern/analytics{template}", ids, query) for template, ids, query in ANALYTICS),
    *(Operation("wistia", f"/modern/analytics/webinars/{{webinar_id}}{rest}", WEBINAR, query, status=404) for rest, query in WEBINARS.items()),
]
# What a first answer is needed for: the token that it gives.
REFRESH = "/auth/refresh"

OPERATIONS = [*APIVIDEO, *GCORE, *WISTIA]


def refreshing(web: httpx.Client, url: str) -> Operation:
    """api.video's refresh, with a token that the server at that address issued."""
    issued = OPERATIONS[0].ask(web, url).json()["refresh_token"]
    return Operation("apivideo", REFRESH, body={"refreshToken": issued})
