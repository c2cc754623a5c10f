"""Metrics for Prometheus:

counts and latencies by vendor, operation and status class; off unless the setting asks for them.
"""

import sys
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from playhead import Server
from playhead.domain.errors import UserError
from tests.worlds import NOW_TEXT, credentials

LATENCY = "playhead_request_seconds"


class MetricsServer:
    """A server with metrics: asks it, and reads them."""

    def __init__(self, web: httpx.Client, server: Server) -> None:
        self.web = web
        self.server = server

    def vendor_request(self, path: str, key: str = "ana", **headers: str) -> int:
        return self.web.get(
            f"{self.server.url}/gcore{path}",
            headers={"Authorization": credentials("gcore", key), **headers},
        ).status_code

    def samples(self, name: str) -> dict[tuple[str, ...], float]:
        """The samples of a name, by their labels but the process."""
        answer = self.web.get(f"{self.server.url}/_emulator/metrics")
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (
            200,
            "text/plain",
        )
        found = [
            sample
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
            if sample.name == name
        ]
        assert all(sample.labels.pop("process", "1").isdigit() for sample in found)
        return {
            tuple(sample.labels[label] for label in sorted(sample.labels)): sample.value
            for sample in found
        }


@pytest.fixture
def metrics_server(web: httpx.Client) -> Iterator[MetricsServer]:
    with Server(scenario="empty", now=NOW_TEXT, metrics=True) as server:
        yield MetricsServer(web, server)


def test_requests_are_counted_by_operation_status_and_vendor(metrics_server: MetricsServer) -> None:
    assert [
        metrics_server.vendor_request(path)
        for path in ("/streaming/videos", "/streaming/videos", "/streaming/videos/7", "/nothing")
    ] == [200, 200, 404, 404]
    assert metrics_server.samples("playhead_requests_total") == {
        ("videos", "2xx", "gcore"): 2,
        ("video", "4xx", "gcore"): 1,
        ("", "4xx", "gcore"): 1,
    }


def test_latencies_fall_into_buckets(metrics_server: MetricsServer) -> None:
    metrics_server.vendor_request("/streaming/videos", Prefer="wait=0.06")
    buckets = {
        float(bound): count
        for (bound, *_), count in metrics_server.samples(f"{LATENCY}_bucket").items()
    }
    assert (buckets[0.05], buckets[10]) == (0, 1)
    assert 0.06 <= next(iter(metrics_server.samples(f"{LATENCY}_sum").values())) < 10


def test_accounts_are_counted(metrics_server: MetricsServer) -> None:
    for key in ("ana", "bo", "ana"):
        metrics_server.vendor_request("/streaming/videos", key)
    assert metrics_server.samples("playhead_accounts") == {(): 2}


def test_what_asks_the_control_api_is_not_counted(metrics_server: MetricsServer) -> None:
    metrics_server.web.get(f"{metrics_server.server.url}/_emulator/info")
    assert metrics_server.samples("playhead_requests_total") == {}


def test_two_servers_in_a_process_count_for_themselves(
    metrics_server: MetricsServer, web: httpx.Client
) -> None:
    metrics_server.vendor_request("/streaming/videos")
    with Server(scenario="empty", now=NOW_TEXT, metrics=True) as other:
        assert MetricsServer(web, other).samples("playhead_requests_total") == {}


def test_metrics_are_off_unless_the_setting_asks_for_them(web: httpx.Client, empty: Server) -> None:
    answer = web.get(f"{empty.url}/_emulator/metrics")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "--metrics" in answer.json()["detail"]


def test_without_the_package_a_server_with_metrics_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(UserError, match=r"pip install 'playhead\[metrics\]'"):
        Server(scenario="empty", metrics=True).start()
    with Server(scenario="empty"):
        pass
