"""The requests of the five source documents, as they stand there:

every one is answered, and with figures once its days have any.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from playhead import Server
from tests.worlds import credentials


class DocumentedRequest(NamedTuple):
    """A request as a vendor's documentation has it: the host, and all that follows it."""

    host: str
    target: str

    def moved_to_may(self) -> "DocumentedRequest":
        """The curls' period moved to where the demo of June 2024 has viewings."""
        return self._replace(
            target=self.target.replace(
                "period=2022-01-01T00%3A00%3A00.000Z", "period=2024-05-31T00%3A00%3A00.000Z"
            ).replace("2022-01-01", "2024-05")
        )


MEDIA = "/v1/stats/medias/993554ba94"
EVENT = "/v1/stats/events/1390862572596e0.8447021404281259"
HEATMAP_EVENT = "/v1/stats/events/1355283144880f0.12204939918592572"
MAY = "2024-05-01T00:00:00Z", "2024-05-31T23:59:59Z"
STATISTICS = "/streaming/statistics"
PLAYER_MAY = f"date_from={MAY[0]}&date_to={MAY[1]}"
LIVE_MAY = f"from={MAY[0]}&to={MAY[1]}"

# The guide to raw statistics: the backslashes of `metadata\[hats\]` are curl's, which sends raw
# brackets — evidence/apivideo.md §6.2.
CURLS = {
    "video sessions": (
        "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg?period=2022-01-01&"
        "metadata[hats]=green&currentPage=1&pageSize=25"
    ),
    "live stream sessions": (
        "/analytics/live-streams/vi4k0jvEUuaTdRAEjQ4Jfrgz?"
        "period=2022-01-01T00%3A00%3A00.000Z&currentPage=1&pageSize=25"
    ),
    "session events": (
        "/analytics/sessions/psEmFwGQUAXR2lFHj5nDOpy/events?currentPage=1&pageSize=25"
    ),
}
# Wistia's Stats API page: [start date] and [end date] are placeholders there; the ids are those of
# its samples.
WISTIA = {
    "account": "/v1/stats/account.json",
    "account by date": "/v1/stats/account/by_date.json?start_date=2024-05-01&end_date=2024-05-31",
    "project": "/v1/stats/projects/ln2k6qwi9k.json",
    "project by date": (
        "/v1/stats/projects/ln2k6qwi9k/by_date.json?start_date=2024-05-01&end_date=2024-05-31"
    ),
    "media": f"{MEDIA}.json",
    "media by date": f"{MEDIA}/by_date.json?start_date=2024-05-01&end_date=2024-05-31",
    "media engagement": f"{MEDIA}/engagement.json",
    "visitors": "/v1/stats/visitors.json",
    "visitor": "/v1/stats/visitors/E4E7613B5C24CB0F1F7C0A1E4E874635E752263E.json",
    "events": "/v1/stats/events.json",
    "event": f"{EVENT}.json",
    "event heat map": f"{HEATMAP_EVENT}/iframe.html?public_token=p5j1mnpakv",
}
# Gcore's reference pages, with the examples of their parameters.
GCORE = {
    "countries": f"{STATISTICS}/countries?{PLAYER_MAY}",
    **{
        f"heatmap {kind}": f"{STATISTICS}/heatmap?{PLAYER_MAY}&type={kind}&stream_id=12345"
        for kind in ("vod", "live", "playlist")
    },
    "watching duration": f"{STATISTICS}/stream/watching_duration?{LIVE_MAY}",
    **{
        f"watching duration {granularity}": (
            f"{STATISTICS}/stream/watching_duration?{LIVE_MAY}&granularity={granularity}&"
            "stream_id=12345&client_user_id=2400001"
        )
        for granularity in ("1m", "5m", "15m", "1h", "1d", "1mo")
    },
}
REQUESTS = {
    **{
        f"api.video {name}": DocumentedRequest("ws.api.video", target)
        for name, target in CURLS.items()
    },
    **{
        f"Wistia {name}": DocumentedRequest("api.wistia.com", target)
        for name, target in WISTIA.items()
    },
    **{
        f"Gcore {name}": DocumentedRequest("api.gcore.com", target)
        for name, target in GCORE.items()
    },
}
VENDORS_OF = {"ws.api.video": "apivideo", "api.wistia.com": "wistia", "api.gcore.com": "gcore"}


def send(web: httpx.Client, server: Server, request: DocumentedRequest) -> httpx.Response:
    """A documented request, byte by byte, to its documented host.

    The token is replaced by the demo's key.
    """
    headers = {"Host": request.host, "Accept": "application/json"}
    if "public_token" not in request.target:  # the one request that is documented without a token
        headers["Authorization"] = authorization(web, server, request.host)
    url = httpx.URL(server.url)
    url = url.copy_with(raw_path=request.target.encode())
    assert url.raw_path == request.target.encode()
    return web.send(httpx.Request("GET", url, headers=headers))


def authorization(web: httpx.Client, server: Server, host: str) -> str:
    if host != "ws.api.video":
        return credentials(VENDORS_OF[host], "demo")
    token = web.post(
        f"{server.url}/auth/api-key", json={"apiKey": "demo"}, headers={"Host": host}
    ).json()
    return f"{token['token_type']} {token['access_token']}"


def numbers_in(node: Any) -> Iterator[float]:
    """All numbers in an answer that are no instant, id or counter of a page."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name not in ("pagination", "client", "seconds", "lat", "lon"):
                yield from numbers_in(value)
    elif isinstance(node, list):
        pairs = all(isinstance(row, list) for row in node)
        for row in node:
            yield from numbers_in(row[1] if pairs else row)
    elif isinstance(node, int | float):
        yield node


@pytest.fixture(scope="module")
def server_now() -> Iterator[Server]:
    """The demo by the machine's clock, as `make run` starts it."""
    with Server(scenario="demo") as server:
        yield server


@pytest.mark.parametrize("name", REQUESTS)
def test_a_documented_request_is_answered(web: httpx.Client, server_now: Server, name: str) -> None:
    response = send(web, server_now, REQUESTS[name])
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith(
        "text/html" if "iframe.html" in name or "heat map" in name else "application/json"
    )


@pytest.mark.parametrize(
    "name", [name for name in REQUESTS if name.startswith(("Gcore", "Wistia"))]
)
def test_in_june_2024_it_carries_data(web: httpx.Client, demo: Server, name: str) -> None:
    response = send(web, demo, REQUESTS[name])
    assert response.status_code == 200, response.text
    if "heat map" in name:
        assert "%" in response.text
    else:
        assert any(numbers_in(response.json())), response.text


@pytest.mark.parametrize("name", [name for name in REQUESTS if name.startswith("api.video")])
def test_in_june_2024_a_curl_moved_to_may_carries_data(
    web: httpx.Client, demo: Server, name: str
) -> None:
    response = send(web, demo, REQUESTS[name].moved_to_may())
    assert response.status_code == 200, response.text
    assert response.json()["data"], response.text
    assert response.json()["pagination"]["itemsTotal"] > 0


def test_the_brackets_reach_the_server_raw_and_narrow_the_list(
    web: httpx.Client, demo: Server
) -> None:
    """As the guide's curl sends them; and all sessions that come back wear green hats."""
    request = REQUESTS["api.video video sessions"].moved_to_may()
    everything = send(
        web, demo, request._replace(target=request.target.replace("&metadata[hats]=green", ""))
    ).json()
    green = send(web, demo, request).json()
    assert "metadata[hats]=green" in request.target
    assert 0 < green["pagination"]["itemsTotal"] < everything["pagination"]["itemsTotal"]
    assert all(
        {"key": "hats", "value": "green"} in row["session"]["metadata"] for row in green["data"]
    )


def test_the_table_is_complete() -> None:
    """Three curls, twelve addresses, three operations with all their types and granularities."""
    assert (len(CURLS), len(WISTIA), len(GCORE)) == (3, 12, 11)
