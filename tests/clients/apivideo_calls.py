"""What each of api.video's clients is asked, in its own spelling:

one conversation with each, every use of it in one process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO

from playhead import Server
from tests.clients.client_helpers import Answers
from tests.clients.environments import Call, client

KEY = "clients"
VIDEO, LIVE, SESSION = (
    "vi4k0jvEUuaTdRAEjQ4Prklg",
    "vi4k0jvEUuaTdRAEjQ4Jfrgz",
    "psEmFwGQUAXR2lFHj5nDOpy",
)  # as documented

# Which client, how it is used, and whether it lets one leave `period` out: mandatory since Python
# 1.2.8 and Node 2.2.9.
PYTHON = ("apivideo-1.2.7", "apivideo-1.3.0")
NODE = ("apivideo-node-2.2.8", "apivideo-node-2.5.4")
USES = {
    **{
        f"{name}, {how}": (name, options)
        for name in PYTHON
        for how, options in {"connect()": {}, "with": {"block": True}}.items()
    },
    **{name: (name, {}) for name in NODE},
}
WITHOUT_PERIOD = ("apivideo-1.2.7", "apivideo-node-2.2.8")

# Every form of a period, and the days that it means.
PERIODS = {
    "2024": ("2024-01-01", "2025-01-01"),
    "2024-05": ("2024-05-01", "2024-06-01"),
    "2024-W20": ("2024-05-13", "2024-05-20"),
    "2024-05-16": ("2024-05-16", "2024-05-17"),
    "2024-05-10/2024-05-16": ("2024-05-10", "2024-05-17"),
    "2024-04/2024-05": ("2024-04-01", "2024-06-01"),
    "2024-W19/2024-W20": ("2024-05-06", "2024-05-20"),
    "2024-05-16T11:45:01.000Z": ("2024-05-16", "2024-05-17"),
}
METADATA: dict[str, dict[str, str]] = {
    "one pair": {"hats": "green"},
    "two pairs": {"hats": "green", "userName": "amelie"},
    "of nobody": {"hats": "Green"},
}

RAW = "RawStatisticsApi"
MethodCall = tuple[str, dict[str, object]]


def session_calls(live_session: str) -> dict[str, MethodCall]:
    """(method, arguments) by name, in Python's spelling."""
    videos = f"{RAW}.list_video_sessions"
    live = f"{RAW}.list_live_stream_sessions"
    events = f"{RAW}.list_session_events"
    month = {"period": "2024-05"}
    return {
        **{
            f"video {period}": (videos, {"video_id": VIDEO, "period": period}) for period in PERIODS
        },
        **{
            f"live {period}": (live, {"live_stream_id": LIVE, "period": period})
            for period in PERIODS
        },
        **{
            f"metadata {name}": (videos, {"video_id": VIDEO, **month, "metadata": pairs})
            for name, pairs in METADATA.items()
        },
        "video, page 3": (videos, {"video_id": VIDEO, **month, "current_page": 3, "page_size": 10}),
        "live, page 2": (
            live,
            {"live_stream_id": LIVE, **month, "current_page": 2, "page_size": 10},
        ),
        "beyond the last page": (videos, {"video_id": VIDEO, **month, "current_page": 1000}),
        "events": (events, {"session_id": SESSION, "page_size": 100}),
        "events, page 2": (events, {"session_id": SESSION, "current_page": 2, "page_size": 10}),
        "live events": (events, {"session_id": live_session, "page_size": 100}),
        "videos": ("VideosApi.list", {"page_size": 100}),
        "videos, page 2": (
            "VideosApi.list",
            {"current_page": 2, "page_size": 10, "sort_by": "title", "sort_order": "desc"},
        ),
        "tagged videos": ("VideosApi.list", {"tags": ["course", "cleaning"]}),
        "labelled videos": ("VideosApi.list", {"metadata": {"hats": "green"}}),
        "one video": ("VideosApi.get", {"video_id": VIDEO}),
        "live streams": ("LiveStreamsApi.list", {}),
        "one live stream": ("LiveStreamsApi.get", {"live_stream_id": LIVE}),
        "unknown video": ("VideosApi.get", {"video_id": "viNobody"}),
        "sessions of an unknown video": (videos, {"video_id": "viNobody", **month}),
        "sessions of an unknown live stream": (live, {"live_stream_id": VIDEO, **month}),
        "events of an unknown session": (events, {"session_id": "psNobody"}),
        "bad period": (videos, {"video_id": VIDEO, "period": "2024-13"}),
        "bad page": (videos, {"video_id": VIDEO, **month, "current_page": 0}),
    }


def node_call(method: str, arguments: Mapping[str, object]) -> tuple[str, object]:
    """A question in Node's spelling:

    `videos.get`, which takes its id by position, `rawStatistics.listVideoSessions`.
    """
    api, _, name = method.partition(".")
    spelled = f"{api[0].lower()}{api[1:].removesuffix('Api')}.{camel_case(name)}"
    return spelled, list(arguments.values()) if name == "get" else {
        camel_case(key): camel_keys(value) for key, value in arguments.items()
    }


def camel_keys(value: object) -> object:
    """A value, where it is a filter in Node's spelling; the keys of metadata are the user's own."""
    return (
        {camel_case(key): values for key, values in value.items()}
        if isinstance(value, dict) and "media_id" in value
        else value
    )


def camel_case(name: str) -> str:
    first, *others = name.lstrip("_").split("_")
    return first + "".join(part.capitalize() for part in others)


def client_call(
    name: str, question: MethodCall, options: Mapping[str, object], *, node: bool
) -> Call:
    method, arguments = node_call(*question) if node else question
    # an object or a list, as in_node says
    return Call(name, method, arguments, options)  # type: ignore[arg-type]


@dataclass(frozen=True)
class RecordedCalls:
    """What a client made of our answers, and what it asked for: (method, path, status)."""

    answers: Answers
    requests: list[tuple[str, str, int]]


def record_calls(
    name: str, server: Server, *, later_server: Server, calls_by_name: Mapping[str, MethodCall]
) -> RecordedCalls:
    """Talk to a server that logs JSON.

    Python's clients take their token to another one as well, whose clock is late.
    """
    node = name in NODE
    calls = []
    for use, (used, options) in USES.items():
        if used == name:
            calls += [
                client_call(f"{use}: {asking}", question, options, node=node)
                for asking, question in calls_by_name.items()
            ]
            calls += [
                client_call(
                    f"{use}: bad key",
                    ("VideosApi.list", {}),
                    {**options, "key": "invalid-key"},
                    node=node,
                )
            ]
            if name in WITHOUT_PERIOD:
                calls += [
                    client_call(
                        f"{use}: no period",
                        (f"{RAW}.list_video_sessions", {"video_id": VIDEO}),
                        options,
                        node=node,
                    )
                ]
    if not node:
        calls += [Call("expired token", "VideosApi.list", {}, {"host": later_server.url})]
    with redirect_stderr(StringIO()) as log:
        answers = client(name).run(base_url=server.url, key=KEY, calls=calls)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    return RecordedCalls(
        answers, [(line["method"], line["path"], line["status"]) for line in lines]
    )
