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

GCORE = [
    Operation("gcore", "/streaming/statistics/countries", query=MAY),
    Operation("gcore", "/streaming/statistics/countries", query={**MAY, "type": "live"}),
    Operation("gcore", "/streaming/statistics/heatmap", query={**MAY, "type": "vod", "stream_id": "12345"}),
    Operation("gcore", "/streaming/statistics/heatmap", query={**MAY, "type": "live", "stream_id": "12345"}),
    *(Operation("gcore", "/streaming/statistics/stream/watching_duration", query={**FROM_MAY, "granularity": width}) for width in ("5m", "1h", "1d", "1mo")),
    Operation("gcore", "/streaming/statistics/stream/watching_duration", query={**FROM_MAY, "stream_id": "12345", "client_user_id": "2400001"}),
    Operation("gcore", "/streaming/statistics/stream/watching_duration/total"),
    Operation("gcore", "/streaming/statistics/stream/watching_duration/total", query={**FROM_MAY, "stream_id": "12345"}),
    # Instants that no 32 bits hold.
    Operation("gcore", "/streaming/statistics/countries", query={"date_from": "0001-01-01", "date_to": "9999-12-31"}),
    Operation("gcore", "/streaming/statistics/heatmap", query={"date_from": "0001-01-01", "date_to": "9999-12-31", "type": "live", "stream_id": "12345"}),
    Operation("gcore", "/streaming/statistics/stream/watching_duration", query={"from": "0001-01-01", "to": "9999-12-31", "granularity": "1mo"}),
    Operation("gcore", "/streaming/statistics/stream/watching_duration/total", query={"from": "0001-01-01", "to": "9999-12-31"}),
    Operation("gcore", "/streaming/streams"),
    Operation("gcore", "/streaming/streams/{stream_id}", {"stream_id": "12345"}),
    Operation("gcore", "/streaming/videos", query={"per_page": "100"}),
    Operation("gcore", "/streaming/videos/{video_id}", {"video_id": "12345"}),
]

VIDEO, STREAM, SESSION = "vi4k0jvEUuaTdRAEjQ4Prklg", "vi4k0jvEUuaTdRAEjQ4Jfrgz", "psEmFwGQUAXR2lFHj5nDOpy"
APIVIDEO = [
    Operation("apivideo", "/auth/api-key", body={"apiKey": KEY}),
    Operation("apivideo", "/analytics/videos/{videoId}", {"videoId": VIDEO}, {"period": "2024-05"}),
    Operation("apivideo", "/analytics/videos/{videoId}", {"videoId": VIDEO}, {"period": "2024-05", "metadata[hats]": "green", "pageSize": "100"}),
    Operation("apivideo", "/analytics/live-streams/{liveStreamId}", {"liveStreamId": STREAM}, {"period": "2024-05", "currentPage": "2"}),
    Operation("apivideo", "/analytics/sessions/{sessionId}/events", {"sessionId": SESSION}, {"pageSize": "100"}),
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
WISTIA = [
    Operation("wistia", "/health"),
    *(Operation("wistia", f"{prefix}{template}", ids, query) for prefix in ("/v1", "/modern") for template, ids, query in STATS),
    # The key of the account's public token is fixed by the demo; its heat maps open by it alone.
    *(Operation("wistia", f"{prefix}/stats/events/{{event_key}}/iframe.html", EVENT, {"public_token": "p5j1mnpakv"}) for prefix in ("/v1", "/modern")),
    Operation("wistia", "/v1/medias"),
    Operation("wistia", "/v1/projects"),
    Operation("wistia", "/modern/medias"),
    Operation("wistia", "/modern/folders"),
]
# What a first answer is needed for: the token that it gives.
REFRESH = "/auth/refresh"

OPERATIONS = [*APIVIDEO, *GCORE, *WISTIA]


def refreshing(web: httpx.Client, url: str) -> Operation:
    """api.video's refresh, with a token that the server at that address issued."""
    issued = OPERATIONS[0].ask(web, url).json()["refresh_token"]
    return Operation("apivideo", REFRESH, body={"refreshToken": issued})
