"""Every operation of every vendor, asked once or more of the demo world with the ids that the
vendors' documentation uses.
"""

from collections.abc import Mapping
from typing import NamedTuple

import httpx

from tests.worlds import credentials

KEY = "demo"


class OperationRequest(NamedTuple):
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
        query = "&".join(f"{name}={value}" for name, value in self.query.items())
        return f"{self.vendor} {self.method} {self.path}?{query}".rstrip("?")

    def send(self, web: httpx.Client, url: str, key: str = KEY) -> httpx.Response:
        """The answer of a server at that address."""
        headers = {"Authorization": credentials(self.vendor, key)}
        return web.request(
            self.method,
            f"{url}/{self.vendor}{self.path}",
            params=dict(self.query),
            json=self.body,
            headers=headers,
        )


MAY = {"date_from": "2024-05-01T00:00:00Z", "date_to": "2024-05-31T23:59:59Z"}
FROM_MAY = {"from": "2024-05-01T00:00:00Z", "to": "2024-05-31T23:59:59Z"}
DAYS = {"start_date": "2024-05-01", "end_date": "2024-05-31"}

AGGREGATES = ("regions", "popular", "browsers", "systems", "embeds", "hosts")
SERIES = (
    "stream",
    "max_stream",
    "storage",
    "reseller/stream",
    "vod/viewers",
    "vod/watching_duration",
    "stream/viewers",
)
GCORE = [
    OperationRequest("gcore", "/streaming/statistics/countries", query=MAY),
    OperationRequest("gcore", "/streaming/statistics/countries", query={**MAY, "type": "live"}),
    OperationRequest(
        "gcore", "/streaming/statistics/heatmap", query={**MAY, "type": "vod", "stream_id": "12345"}
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/heatmap",
        query={**MAY, "type": "live", "stream_id": "12345"},
    ),
    *(
        OperationRequest(
            "gcore",
            "/streaming/statistics/stream/watching_duration",
            query={**FROM_MAY, "granularity": width},
        )
        for width in ("5m", "1h", "1d", "1mo")
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/stream/watching_duration",
        query={**FROM_MAY, "stream_id": "12345", "client_user_id": "2400001"},
    ),
    OperationRequest("gcore", "/streaming/statistics/stream/watching_duration/total"),
    OperationRequest(
        "gcore",
        "/streaming/statistics/stream/watching_duration/total",
        query={**FROM_MAY, "stream_id": "12345"},
    ),
    *(
        OperationRequest("gcore", f"/streaming/statistics/{name}", query=MAY)
        for name in ("cdn/uniqs", "views", "uniqs", *AGGREGATES)
    ),
    *(
        OperationRequest("gcore", f"/streaming/statistics/{name}", query={**MAY, "type": "live"})
        for name in ("cdn/uniqs", *AGGREGATES)
    ),
    OperationRequest(
        "gcore", "/streaming/statistics/cdn/uniqs", query={**MAY, "type": "vod", "id": "12345"}
    ),
    *(
        OperationRequest("gcore", "/streaming/statistics/views", query={**MAY, "group": group})
        for group in ("host,os,browser,platform", "ip", "country,event,id")
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/views",
        query={
            **MAY,
            "type": "vod",
            "id": "12345",
            "event": "start",
            "host": "example.com",
            "country": "US",
        },
    ),
    *(
        OperationRequest("gcore", "/streaming/statistics/uniqs", query={**MAY, "group": group})
        for group in ("host,os", "ip", "date,country,event,id")
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/ffprobe",
        query={**MAY, "stream_id": "12345", "interval": "6000"},
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/ffprobe",
        query={**MAY, "stream_id": "320423", "interval": "2", "units": "week"},
    ),
    *(
        OperationRequest(
            "gcore", f"/streaming/statistics/{name}", query={**FROM_MAY, "granularity": width}
        )
        for name in SERIES
        for width in ("5m", "1d")
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/reseller/stream",
        query={**FROM_MAY, "granularity": "1d", "by_streams": "true"},
    ),
    *(
        OperationRequest("gcore", f"/streaming/statistics/vod/{name}_duration", query=FROM_MAY)
        for name in ("storage", "transcoding")
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/vod/viewers",
        query={**FROM_MAY, "slug": "F0000000MxmUA", "client_user_id": "2400001"},
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/vod/watching_duration",
        query={**FROM_MAY, "granularity": "1mo", "client_user_id": "102"},
    ),
    OperationRequest("gcore", "/streaming/statistics/vod/watching_duration/total"),
    OperationRequest(
        "gcore",
        "/streaming/statistics/vod/watching_duration/total",
        query={**FROM_MAY, "slug": "F0000000MxmUA"},
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/stream/viewers",
        query={**FROM_MAY, "stream_id": "12345", "client_user_id": "2400001"},
    ),
    # Instants that no 32 bits hold.
    OperationRequest(
        "gcore",
        "/streaming/statistics/views",
        query={"date_from": "0001-01-01", "date_to": "9999-12-31"},
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/cdn/uniqs",
        query={"date_from": "0001-01-01", "date_to": "9999-12-31"},
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/ffprobe",
        query={
            "date_from": "0001-01-01",
            "date_to": "9999-12-31",
            "stream_id": "12345",
            "units": "month",
        },
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/countries",
        query={"date_from": "0001-01-01", "date_to": "9999-12-31"},
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/heatmap",
        query={
            "date_from": "0001-01-01",
            "date_to": "9999-12-31",
            "type": "live",
            "stream_id": "12345",
        },
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/stream/watching_duration",
        query={"from": "0001-01-01", "to": "9999-12-31", "granularity": "1mo"},
    ),
    OperationRequest(
        "gcore",
        "/streaming/statistics/stream/watching_duration/total",
        query={"from": "0001-01-01", "to": "9999-12-31"},
    ),
    OperationRequest("gcore", "/streaming/streams"),
    OperationRequest("gcore", "/streaming/streams/{stream_id}", {"stream_id": "12345"}),
    OperationRequest("gcore", "/streaming/videos", query={"per_page": "100"}),
    OperationRequest("gcore", "/streaming/videos/names", query={"ids": "12345,65432"}),
    OperationRequest("gcore", "/streaming/videos/{video_id}", {"video_id": "12345"}),
    OperationRequest("gcore", "/streaming/playlists"),
    OperationRequest("gcore", "/streaming/playlists/{playlist_id}", {"playlist_id": "12345"}),
    OperationRequest(
        "gcore", "/streaming/broadcasts/{broadcast_id}/spectators", {"broadcast_id": "3278898"}
    ),  # around the stream 12345
    OperationRequest("gcore", "/iam/clients/me"),
]

VIDEO = "vi4k0jvEUuaTdRAEjQ4Prklg"
STREAM = "vi4k0jvEUuaTdRAEjQ4Jfrgz"
SESSION = "psEmFwGQUAXR2lFHj5nDOpy"
# Within the 30 days for which these are kept.
LAST_17_DAYS = {"from": "2024-05-20", "to": "2024-06-05"}
SINCE_MAY = {"from": "2024-05-20T06:30:00Z"}
AN_HOUR = {"from": "2024-06-05T10:30:00Z", "to": "2024-06-05T11:30:00Z"}
METRIC_AGGREGATIONS = {
    "play": "count rate total sum",
    "start": "count",
    "end": "count",
    "impression": "count",
    "impression-time": "average sum",
    "watch-time": "average sum",
    "ccv": "average peak live",
    "view": "count",
}
BREAKDOWNS = (
    "media-id",
    "media-type",
    "continent",
    "country",
    "device-type",
    "operating-system",
    "browser",
    "referrer",
)
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
    OperationRequest("apivideo", "/auth/api-key", body={"apiKey": KEY}),
    OperationRequest(
        "apivideo", "/analytics/videos/{videoId}", {"videoId": VIDEO}, {"period": "2024-05"}
    ),
    OperationRequest(
        "apivideo",
        "/analytics/videos/{videoId}",
        {"videoId": VIDEO},
        {"period": "2024-05", "metadata[hats]": "green", "pageSize": "100"},
    ),
    OperationRequest(
        "apivideo",
        "/analytics/live-streams/{liveStreamId}",
        {"liveStreamId": STREAM},
        {"period": "2024-05", "currentPage": "2"},
    ),
    OperationRequest(
        "apivideo",
        "/analytics/sessions/{sessionId}/events",
        {"sessionId": SESSION},
        {"pageSize": "100"},
    ),
    *(
        OperationRequest(
            "apivideo", "/analytics/videos/plays", query={**LAST_17_DAYS, "dimension": name}
        )
        for name in ("videoId", "emittedAt", "country", "browser")
    ),
    OperationRequest(
        "apivideo",
        "/analytics/videos/plays",
        query={"from": "2024-06-04", "dimension": "emittedAt", "filter": f"videoId:{VIDEO}"},
    ),
    *(
        OperationRequest(
            "apivideo", "/analytics/live-streams/plays", query={**LAST_17_DAYS, "dimension": name}
        )
        for name in ("liveStreamId", "deviceType")
    ),
    OperationRequest(
        "apivideo",
        "/analytics/live-streams/plays",
        query={**LAST_17_DAYS, "dimension": "operatingSystem", "filter": f"liveStreamId:{STREAM}"},
    ),
    *(
        OperationRequest(
            "apivideo",
            "/data/metrics/{metric}/{aggregation}",
            {"metric": metric, "aggregation": aggregation},
            SINCE_MAY,
        )
        for metric, aggregations in METRIC_AGGREGATIONS.items()
        for aggregation in aggregations.split()
    ),
    OperationRequest(
        "apivideo",
        "/data/metrics/{metric}/{aggregation}",
        {"metric": "view", "aggregation": "count"},
        {**SINCE_MAY, "unique": "true"},
    ),
    OperationRequest(
        "apivideo",
        "/data/metrics/{metric}/{aggregation}",
        {"metric": "ccv", "aggregation": "peak"},
        {**SINCE_MAY, "unique": "true"},
    ),
    OperationRequest(
        "apivideo",
        "/data/metrics/{metric}/{aggregation}",
        {"metric": "play", "aggregation": "count"},
        {**SINCE_MAY, **EVERY_FILTER},
    ),
    *(
        OperationRequest(
            "apivideo",
            "/data/buckets/{metric}/{breakdown}",
            {"metric": "play", "breakdown": name},
            SINCE_MAY,
        )
        for name in BREAKDOWNS
    ),
    *(
        OperationRequest(
            "apivideo",
            "/data/buckets/{metric}/{breakdown}",
            {"metric": metric, "breakdown": "country"},
            SINCE_MAY,
        )
        for metric in ("play-rate", "end", "ccv-peak", "ccv-average", "view")
    ),
    OperationRequest(
        "apivideo",
        "/data/buckets/{metric}/{breakdown}",
        {"metric": "view", "breakdown": "browser"},
        {**SINCE_MAY, "unique": "true"},
    ),
    OperationRequest(
        "apivideo",
        "/data/buckets/{metric}/{breakdown}",
        {"metric": "play-total", "breakdown": "media-id"},
    ),
    *(
        OperationRequest(
            "apivideo",
            "/data/timeseries/{metric}",
            {"metric": metric},
            {**SINCE_MAY, "interval": interval},
        )
        for metric, interval in (
            ("play", "hour"),
            ("play-rate", "day"),
            ("ccv-peak", "hour"),
            ("ccv-average", "day"),
            ("view", "day"),
        )
    ),
    OperationRequest(
        "apivideo",
        "/data/timeseries/{metric}",
        {"metric": "view"},
        {**SINCE_MAY, "unique": "true", "viewDuration": "30s"},
    ),
    OperationRequest(
        "apivideo",
        "/data/timeseries/{metric}",
        {"metric": "impression"},
        {"from": "2024-06-05T10:30:00Z", "to": "2024-06-05T11:30:00Z", "interval": "minute"},
    ),
    OperationRequest("apivideo", "/videos", query={"pageSize": "100"}),
    OperationRequest("apivideo", "/videos/{videoId}", {"videoId": VIDEO}),
    OperationRequest("apivideo", "/live-streams"),
    OperationRequest("apivideo", "/live-streams/{liveStreamId}", {"liveStreamId": STREAM}),
]

MEDIA = {"media_id": "993554ba94"}
PROJECT = {"project_id": "4d23503f70"}
EVENT = {"event_key": "1390862572596e0.8447021404281259"}
VISITOR = {"visitor_key": "E4E7613B5C24CB0F1F7C0A1E4E874635E752263E"}
WISTIA_STATS: list[tuple[str, Mapping[str, str], Mapping[str, str]]] = [
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
WIDTHS = ("daily", "weekly", "monthly")
GROUPS = ("utm_campaign", "utm_source", "utm_medium", "referrer_domain", "viewer_screen_size")
MEDIA_PATH = "/medias/{media_id}"
WISTIA_ANALYTICS: list[tuple[str, Mapping[str, str], Mapping[str, str]]] = [
    ("/account", {}, DAYS),
    *(("/account/timeseries", {}, {**DAYS, "granularity": width}) for width in WIDTHS),
    *(
        ("/account/top_content", {}, {**DAYS, "group_by": group, "sort_by": "unique_visitors"})
        for group in ("media", "project")
    ),
    (
        "/account/top_content",
        {},
        {**DAYS, "hashed_ids[]": MEDIA["media_id"], "sort_direction": "asc"},
    ),
    ("/account/embed_locations", {}, {**DAYS, "sort_by": "played_time", "per_page": "100"}),
    (MEDIA_PATH, MEDIA, DAYS),
    *((f"{MEDIA_PATH}/timeseries", MEDIA, {**DAYS, "granularity": width}) for width in WIDTHS),
    (f"{MEDIA_PATH}/embed_locations", MEDIA, {**DAYS, "sort_by": "play_rate"}),
    (f"{MEDIA_PATH}/embed_locations", MEDIA, {**DAYS, "embed_url": "https://example.com/xxx-yyy"}),
    *(
        (
            f"{MEDIA_PATH}/embed_locations_timeseries",
            MEDIA,
            {**DAYS, "granularity": width, "per_page": "2"},
        )
        for width in WIDTHS
    ),
    *((f"{MEDIA_PATH}/traffic", MEDIA, {**DAYS, "group_by": group}) for group in GROUPS),
    (f"{MEDIA_PATH}/conversions", MEDIA, {**DAYS, "per_page": "3"}),
    (f"{MEDIA_PATH}/languages", MEDIA, DAYS),
    # As long as a question may be.
    *(
        (template, ids, {"start_date": "2024-01-01", "end_date": "2026-01-01"})
        for template, ids in (("/account", {}), (MEDIA_PATH, MEDIA))
    ),
]
# Of which there are none: 404, whatever is asked.
UNKNOWN_WEBINAR = {"webinar_id": "webinar000"}
WEBINAR_QUERIES: Mapping[str, Mapping[str, str]] = {
    "": {},
    "/registration": {"granularity": "daily"},
    "/traffic": {"group_by": "utm_source"},
    "/audience": {},
    "/histograms": {},
}
WISTIA = [
    OperationRequest("wistia", "/health"),
    *(
        OperationRequest("wistia", f"{prefix}{template}", ids, query)
        for prefix in ("/v1", "/modern")
        for template, ids, query in WISTIA_STATS
    ),
    # The key of the account's public token is fixed by the demo; its heat maps open by it alone.
    *(
        OperationRequest(
            "wistia",
            f"{prefix}/stats/events/{{event_key}}/iframe.html",
            EVENT,
            {"public_token": "p5j1mnpakv"},
        )
        for prefix in ("/v1", "/modern")
    ),
    OperationRequest("wistia", "/v1/account"),
    OperationRequest("wistia", "/v1/medias"),
    OperationRequest("wistia", "/v1/medias/{media_id}", MEDIA),
    OperationRequest("wistia", "/v1/projects"),
    OperationRequest("wistia", "/v1/projects/{project_id}", PROJECT),
    OperationRequest("wistia", "/modern/account"),
    OperationRequest("wistia", "/modern/account_usage"),
    OperationRequest("wistia", "/modern/token"),
    OperationRequest("wistia", "/modern/medias"),
    OperationRequest(
        "wistia",
        "/modern/medias",
        query={
            "cursor[enabled]": "1",
            "sort_by": "created",
            "sort_direction": "0",
            "per_page": "3",
        },
    ),
    OperationRequest(
        "wistia", "/modern/medias/{media_id}", MEDIA, {"description_format": "markdown"}
    ),
    *(
        OperationRequest("wistia", f"{prefix}/medias/{{media_id}}/stats", MEDIA)
        for prefix in ("/v1", "/modern")
    ),
    OperationRequest("wistia", "/modern/folders"),
    OperationRequest(
        "wistia",
        "/modern/folders",
        query={"cursor[enabled]": "1", "sort_by": "updated", "per_page": "3"},
    ),
    OperationRequest("wistia", "/modern/folders/{folder_id}", {"folder_id": "4d23503f70"}),
    *(
        OperationRequest("wistia", f"/modern/analytics{template}", ids, query)
        for template, ids, query in WISTIA_ANALYTICS
    ),
    *(
        OperationRequest(
            "wistia",
            f"/modern/analytics/webinars/{{webinar_id}}{rest}",
            UNKNOWN_WEBINAR,
            query,
            status=404,
        )
        for rest, query in WEBINAR_QUERIES.items()
    ),
]
# What a first answer is needed for: the token that it gives.
REFRESH_PATH = "/auth/refresh"

OPERATIONS = [*APIVIDEO, *GCORE, *WISTIA]


def refresh_request(web: httpx.Client, url: str) -> OperationRequest:
    """api.video's refresh, with a token that the server at that address issued."""
    issued = OPERATIONS[0].send(web, url).json()["refresh_token"]
    return OperationRequest("apivideo", REFRESH_PATH, body={"refreshToken": issued})
