"""Puts calls to api.video's Python client; with `"block"` inside one `with
AuthenticatedApiClient(...)`, else after `connect()`.

The block stays open for all such calls and ends with the process's last call. With `"host"` another
server is asked, with
the token of the first one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from importlib import import_module
from typing import Any

# import_module: the client is in no environment that the type checker sees.
apivideo = import_module("apivideo")
apis = import_module("apivideo.apis")
models = import_module("apivideo.model_utils")

Call = dict[str, Any]  # Any: JSON of the conversation.


@contextmanager
def connect(base_url: str, key: str, folder: str) -> Iterator[Callable[[Call], object]]:
    with ExitStack() as blocks:
        clients: dict[tuple[str, bool], Any] = {}  # Any: the client's own class.

        def ask(call: Call) -> object:
            who = (call.get("key", key), call.get("block", False))
            if who not in clients:
                client = unconnected(base_url, who[0])
                clients[who] = blocks.enter_context(client) if who[1] else connected(client)
            clients[who].configuration.host = call.get("host", base_url)
            return method(clients[who], call)(
                **{name: typed(name, value) for name, value in call["arguments"].items()}
            )

        yield ask


def unconnected(base_url: str, key: str) -> Any:  # Any: the client's own class.
    client = apivideo.AuthenticatedApiClient(key)
    client.configuration.host = (
        base_url  # The constructor overwrites any other host: evidence/apivideo.md §6.1
    )
    return client


def connected(client: Any) -> object:
    client.connect()
    return client


def method(client: object, call: Call) -> Any:  # Any: one of the client's many methods.
    """`RawStatisticsApi.list_video_sessions`: a class of the client and a method of it."""
    api, name = call["method"].split(".")
    return getattr(getattr(apis, api)(client), name)


def typed(name: str, value: Any) -> object:  # Any: what JSON can say.
    """An argument as the client wants it:

    instants and dates as such, filters as its own model; it drops a plain dict in silence.
    """
    if name in ("_from", "to"):
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return (
        import_module("apivideo.model.filter_by2").FilterBy2(**value)
        if name == "filter_by"
        else value
    )


def plain(model: object) -> object:
    # serialize: keys as they are on the wire, not the client's Python names.
    return models.model_to_dict(model, serialize=True)
