"""What those clients of api.video are asked that know plays or /data, and which methods and parameters they have."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.clients.apivideo_questions import LIVE, VIDEO, Question

PLAYS_CLIENTS = ("apivideo-1.3.0", "apivideo-1.3.2", "apivideo-node-2.5.4")
DATA_CLIENTS = ("apivideo-1.4.7", "apivideo-node-2.6.8")

API = "AnalyticsApi"
DAYS = {"_from": "2024-05-20", "to": "2024-06-05"}
FRAME = {"_from": "2024-05-20T02:00:00+02:00", "to": "2024-06-05T00:00:00+00:00"}
HOUR = {"_from": "2024-06-05T10:30:00+00:00", "to": "2024-06-05T11:30:00+00:00"}
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
    "live_streams": ("liveStreamId", "emittedAt", "country", "deviceType", "operatingSystem", "browser"),
}
FIGURES = (
    *("play/count", "play/rate", "play/total", "play/sum", "start/count", "end/count", "impression/count", "impression-time/average"),
    *("impression-time/sum", "watch-time/average", "watch-time/sum", "ccv/average", "ccv/peak", "ccv/live", "view/count"),
)
DURATIONS = ("3s", "5s", "10s", "30s")
TIMED = ("play", "play-rate", "start", "end", "impression", "ccv-peak", "ccv-average", "view")
BREAKDOWNS = ("media-id", "media-type", "continent", "country", "device-type", "operating-system", "browser", "referrer")


def plays_questions() -> dict[str, Question]:
    """(method, arguments) by name, in Python's spelling."""
    one = {"videos": f"videoId:{VIDEO}", "live_streams": f"liveStreamId:{LIVE}"}
    found: dict[str, Question] = {}
    for kind, dimensions in DIMENSIONS.items():
        method = f"{API}.get_{kind}_plays"
        found |= {f"{kind} by {dimension}": (method, {**DAYS, "dimension": dimension}) for dimension in dimensions}
        found[f"one of {kind}, page 2"] = (method, {**DAYS, "dimension": "country", "filter": one[kind], "current_page": 2, "page_size": 3})
        found[f"{kind} too long ago"] = (method, {"_from": "2024-01-01", "dimension": "country"})
    return found


def data_questions() -> dict[str, Question]:
    """(method, arguments) by name, in Python's spelling."""
    figure, parts, series = f"{API}.get_aggregated_metrics", f"{API}.get_metrics_breakdown", f"{API}.get_metrics_over_time"
    everything = {"filter_by": FILTERS, "unique": True, "view_duration": "3s"}
    return {
        **{path: (figure, {**_figure(path), **FRAME}) for path in FIGURES},
        **{f"view/count {seconds}": (figure, {**_figure("view/count"), **FRAME, "view_duration": seconds}) for seconds in DURATIONS},
        "view/count, unique": (figure, {**_figure("view/count"), **FRAME, "unique": True}),
        "view/count, not unique": (figure, {**_figure("view/count"), **FRAME, "unique": False}),
        "ccv/peak, unique": (figure, {**_figure("ccv/peak"), **FRAME, "unique": True}),
        "play/count, default": (figure, _figure("play/count")),
        "all of a figure": (figure, {**_figure("view/count"), **FRAME, **everything}),
        **{f"{metric} by country": (parts, {"metric": metric, "breakdown": "country", **FRAME, "page_size": 100}) for metric in TIMED},
        **{f"play by {breakdown}": (parts, {"metric": "play", "breakdown": breakdown, **FRAME, "page_size": 100}) for breakdown in BREAKDOWNS},
        "play-total by media-id": (parts, {"metric": "play-total", "breakdown": "media-id", "page_size": 100}),
        "all of a breakdown": (parts, {"metric": "view", "breakdown": "browser", **FRAME, **everything, **_sorted("dimensionValue")}),
        **{f"{metric} by hour": (series, {"metric": metric, **FRAME, "interval": "hour", "page_size": 100}) for metric in TIMED},
        "play by day": (series, {"metric": "play", **FRAME, "interval": "day"}),
        "play by minute": (series, {"metric": "play", **HOUR, "interval": "minute"}),
        "all of a series": (series, {"metric": "view", **FRAME, "interval": "day", **everything, **_sorted("emittedAt")}),
        "no such figure": (figure, _figure("end/average")),
        "too long ago": (parts, {"metric": "play", "breakdown": "country", "_from": "2024-01-01T00:00:00+00:00"}),
    }


def _figure(path: str) -> dict[str, object]:
    metric, _, aggregation = path.partition("/")
    return {"metric": metric, "aggregation": aggregation}


def _sorted(by: str) -> dict[str, object]:
    return {"sort_by": by, "sort_order": "desc", "current_page": 1, "page_size": 2}


# What the clients themselves have.


class Method(NamedTuple):
    """A method, and the parameters of its operation, as the client spells them."""

    name: str
    parameters: frozenset[str]


def methods(folder: Path) -> list[Method]:
    """The public methods of the installed client's AnalyticsApi, read from its files."""
    python, node = folder / "apivideo/api/analytics_api.py", folder / "node_modules/@api.video/nodejs-client/lib/api/AnalyticsApi.d.ts"
    return _in_python(python.read_text()) if python.exists() else _in_node(node.read_text())


def _in_python(source: str) -> list[Method]:
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return [Method(function.name, frozenset(_parameters(function))) for function in functions]


def _parameters(function: ast.FunctionDef) -> Mapping[str, str]:
    assigned = {node.targets[0].id: node.value for node in ast.walk(function) if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)}
    found: dict[str, str] = ast.literal_eval(assigned["attribute_map"])
    return found


def _in_node(declarations: str) -> list[Method]:
    found = re.findall(r"^    (\w+)\(\{([^}]*)\}", declarations, re.MULTILINE)
    return [Method(name, frozenset(re.findall(r"\w+", parameters))) for name, parameters in found]


def covered(asked: Mapping[str, Question], spelled: Callable[[str], str]) -> dict[str, frozenset[str]]:
    """The methods that are asked, and with which parameters, in a client's own spelling."""
    found: dict[str, frozenset[str]] = {}
    for method, arguments in asked.values():
        name = spelled(method.partition(".")[2])
        found[name] = found.get(name, frozenset()) | frozenset(map(spelled, arguments))
    return found
