"""What those clients of api.video are asked that know plays or /data, and which methods and
parameters they have.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.clients.apivideo_calls import LIVE, VIDEO, MethodCall

PLAYS_CLIENTS = ("apivideo-1.3.0", "apivideo-1.3.2", "apivideo-node-2.5.4")
DATA_CLIENTS = ("apivideo-1.4.7", "apivideo-node-2.6.8")

API = "AnalyticsApi"
DAYS = {"_from": "2024-05-20", "to": "2024-06-05"}
TIME_RANGE = {"_from": "2024-05-20T02:00:00+02:00", "to": "2024-06-05T00:00:00+00:00"}
ONE_HOUR = {"_from": "2024-06-05T10:30:00+00:00", "to": "2024-06-05T11:30:00+00:00"}
# Every filter; what they leave is not empty.
FILTERS: dict[str, object] = {
    "media_id": [VIDEO, LIVE],
    "media_type": "video",
    "continent": ["EU", "NA", "AZ"],
    "country": ["FR", "US", "GB"],
    "device_type": ["computer", "phone"],
    "operating_system": ["windows", "mac osx", "android"],
    "browser": ["firefox", "chrome"],
    "tag": "featured",
    "referrer": ["https://example.com/xxx-yyy", ""],
}
DIMENSIONS = {
    "videos": ("videoId", "emittedAt", "country", "deviceType", "operatingSystem", "browser"),
    "live_streams": (
        "liveStreamId",
        "emittedAt",
        "country",
        "deviceType",
        "operatingSystem",
        "browser",
    ),
}
METRICS = (
    *(
        "play/count",
        "play/rate",
        "play/total",
        "play/sum",
        "start/count",
        "end/count",
        "impression/count",
        "impression-time/average",
    ),
    *(
        "impression-time/sum",
        "watch-time/average",
        "watch-time/sum",
        "ccv/average",
        "ccv/peak",
        "ccv/live",
        "view/count",
    ),
)
DURATIONS = ("3s", "5s", "10s", "30s")
TIMESERIES_METRICS = (
    "play",
    "play-rate",
    "start",
    "end",
    "impression",
    "ccv-peak",
    "ccv-average",
    "view",
)
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


def plays_calls() -> dict[str, MethodCall]:
    """(method, arguments) by name, in Python's spelling."""
    single_media_filter = {"videos": f"videoId:{VIDEO}", "live_streams": f"liveStreamId:{LIVE}"}
    calls: dict[str, MethodCall] = {}
    for kind, dimensions in DIMENSIONS.items():
        method = f"{API}.get_{kind}_plays"
        calls |= {
            f"{kind} by {dimension}": (method, {**DAYS, "dimension": dimension})
            for dimension in dimensions
        }
        calls[f"one of {kind}, page 2"] = (
            method,
            {
                **DAYS,
                "dimension": "country",
                "filter": single_media_filter[kind],
                "current_page": 2,
                "page_size": 3,
            },
        )
        calls[f"{kind} too long ago"] = (method, {"_from": "2024-01-01", "dimension": "country"})
    return calls


def data_calls() -> dict[str, MethodCall]:
    """(method, arguments) by name, in Python's spelling."""
    figure = f"{API}.get_aggregated_metrics"
    parts = f"{API}.get_metrics_breakdown"
    series = f"{API}.get_metrics_over_time"
    everything = {"filter_by": FILTERS, "unique": True, "view_duration": "3s"}
    return {
        **{path: (figure, {**_metric_arguments(path), **TIME_RANGE}) for path in METRICS},
        **{
            f"view/count {seconds}": (
                figure,
                {**_metric_arguments("view/count"), **TIME_RANGE, "view_duration": seconds},
            )
            for seconds in DURATIONS
        },
        "view/count, unique": (
            figure,
            {**_metric_arguments("view/count"), **TIME_RANGE, "unique": True},
        ),
        "view/count, not unique": (
            figure,
            {**_metric_arguments("view/count"), **TIME_RANGE, "unique": False},
        ),
        "ccv/peak, unique": (
            figure,
            {**_metric_arguments("ccv/peak"), **TIME_RANGE, "unique": True},
        ),
        "play/count, default": (figure, _metric_arguments("play/count")),
        "all of a figure": (
            figure,
            {**_metric_arguments("view/count"), **TIME_RANGE, **everything},
        ),
        **{
            f"{metric} by country": (
                parts,
                {"metric": metric, "breakdown": "country", **TIME_RANGE, "page_size": 100},
            )
            for metric in TIMESERIES_METRICS
        },
        **{
            f"play by {breakdown}": (
                parts,
                {"metric": "play", "breakdown": breakdown, **TIME_RANGE, "page_size": 100},
            )
            for breakdown in BREAKDOWNS
        },
        "play-total by media-id": (
            parts,
            {"metric": "play-total", "breakdown": "media-id", "page_size": 100},
        ),
        "all of a breakdown": (
            parts,
            {
                "metric": "view",
                "breakdown": "browser",
                **TIME_RANGE,
                **everything,
                **_sort_arguments("dimensionValue"),
            },
        ),
        **{
            f"{metric} by hour": (
                series,
                {"metric": metric, **TIME_RANGE, "interval": "hour", "page_size": 100},
            )
            for metric in TIMESERIES_METRICS
        },
        "play by day": (series, {"metric": "play", **TIME_RANGE, "interval": "day"}),
        "play by minute": (series, {"metric": "play", **ONE_HOUR, "interval": "minute"}),
        "all of a series": (
            series,
            {
                "metric": "view",
                **TIME_RANGE,
                "interval": "day",
                **everything,
                **_sort_arguments("emittedAt"),
            },
        ),
        "no such figure": (figure, _metric_arguments("end/average")),
        "too long ago": (
            parts,
            {"metric": "play", "breakdown": "country", "_from": "2024-01-01T00:00:00+00:00"},
        ),
    }


def _metric_arguments(path: str) -> dict[str, object]:
    metric, _, aggregation = path.partition("/")
    return {"metric": metric, "aggregation": aggregation}


def _sort_arguments(by: str) -> dict[str, object]:
    return {"sort_by": by, "sort_order": "desc", "current_page": 1, "page_size": 2}


# What the clients themselves have.


class Method(NamedTuple):
    """A method, and the parameters of its operation, as the client spells them."""

    name: str
    parameters: frozenset[str]


def client_methods(folder: Path) -> list[Method]:
    """The public methods of the installed client's AnalyticsApi, read from its files."""
    python = folder / "apivideo/api/analytics_api.py"
    node = folder / "node_modules/@api.video/nodejs-client/lib/api/AnalyticsApi.d.ts"
    return (
        _python_methods(python.read_text()) if python.exists() else _node_methods(node.read_text())
    )


def _python_methods(source: str) -> list[Method]:
    functions = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    return [Method(function.name, frozenset(_parameters(function))) for function in functions]


def _parameters(function: ast.FunctionDef) -> Mapping[str, str]:
    assigned = {
        node.targets[0].id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    found: dict[str, str] = ast.literal_eval(assigned["attribute_map"])
    return found


def _node_methods(declarations: str) -> list[Method]:
    found = re.findall(r"^    (\w+)\(\{([^}]*)\}", declarations, re.MULTILINE)
    return [Method(name, frozenset(re.findall(r"\w+", parameters))) for name, parameters in found]


def covered_methods(
    calls: Mapping[str, MethodCall], to_client_name: Callable[[str], str]
) -> dict[str, frozenset[str]]:
    """The methods that are asked, and with which parameters, in a client's own spelling."""
    found: dict[str, frozenset[str]] = {}
    for method, arguments in calls.values():
        name = to_client_name(method.partition(".")[2])
        found[name] = found.get(name, frozenset()) | frozenset(map(to_client_name, arguments))
    return found
