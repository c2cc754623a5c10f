"""A lenient account and all of Gcore's statistics:

what cannot be read is a window without an instant, or an id that nobody has.
"""

from typing import Any

import httpx
import pytest

from playhead import Server
from tests.control.account_client import AccountClient
from tests.worlds import World

pytestmark = pytest.mark.covers(
    "gcore.ffprobes", "gcore.storage_series", "gcore.unique_viewers_cdn"
)

ROWS = (
    "views",
    "uniqs",
    "countries",
    "regions",
    "popular",
    "browsers",
    "systems",
    "embeds",
    "hosts",
    "ffprobe",
    "heatmap",
)
SERIES = (
    "stream",
    "max_stream",
    "reseller/stream",
    "vod/storage_duration",
    "vod/transcoding_duration",
)
WATCHED = ("vod/viewers", "vod/watching_duration", "stream/viewers", "stream/watching_duration")
# What the official client's own tests send.
LITERAL = (
    "date_from=date_from&date_to=date_to&from=from&to=to&stream_id=stream_id&id=id&"
    "slug=slug&client_user_id=0&interval=0&type=live&group=host"
)


@pytest.fixture
def lenient_account(web: httpx.Client, empty: Server, key: str) -> AccountClient:
    """A lenient account with a stream that was on air and watched."""
    planned = AccountClient(web, empty.url, key, lenient=True)
    world = World(empty, planned.name)
    live = world.live(ids={"gcore": ["7"]})
    world.broadcast(live, "2024-05-10T10:00:00Z", "2024-05-10T11:00:00Z")
    world.watch(live, "ana", "2024-05-10T10:00:00Z", (0, 60))
    return planned


def get_json(lenient: AccountClient, name: str, query: str) -> Any:
    answer = lenient.vendor_request("gcore", f"/streaming/statistics/{name}?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_words_for_dates_and_ids_leave_nothing(lenient_account: AccountClient) -> None:
    assert [get_json(lenient_account, name, LITERAL) for name in ROWS] == [{"data": []}] * len(ROWS)
    for name in (*SERIES, *WATCHED):
        (element,) = get_json(lenient_account, name, LITERAL)
        assert [*element["metrics"].values()] == [[]], name
    assert get_json(lenient_account, "storage", LITERAL)[0]["metrics"] == {
        "storage": [],
        "max_volume_usage": [],
    }
    assert get_json(lenient_account, "cdn/uniqs", LITERAL) == {
        "data": [{"uniqs": 0, "type": "live"}]
    }


@pytest.mark.parametrize("interval", ["0", "-1", "x", "1.5"])
def test_what_is_no_interval_finds_nothing(lenient_account: AccountClient, interval: str) -> None:
    query = "date_from=2024-05-01&date_to=2024-05-31&stream_id=7&units=hour"
    assert len(get_json(lenient_account, "ffprobe", f"{query}&interval=1")["data"]) == 1
    assert get_json(lenient_account, "ffprobe", f"{query}&interval={interval}") == {"data": []}


def test_what_can_be_read_counts_as_ever(lenient_account: AccountClient) -> None:
    window = "from=2024-05-10&to=2024-05-10T23:59:59Z&granularity=1d"
    assert get_json(lenient_account, "stream", window)[0]["metrics"]["streams"][0][1] == 60
    assert get_json(lenient_account, "stream/viewers", window)[0]["metrics"]["streams"][0][1] == 1
    assert (
        get_json(lenient_account, "stream/viewers", f"{window}&stream_id=x")[0]["metrics"][
            "streams"
        ][0][1]
        == 0
    )
    assert (
        lenient_account.vendor_request(
            "gcore", "/streaming/statistics/views?date_from=x&date_to=x&group=cat"
        ).status_code
        == 400
    )
