"""Puts calls to wistiapy: its generic `get`, and the methods that parse medias and projects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

# import_module: the client is in no environment that the type checker sees.
wistia = import_module("wistia.client")

Call = dict[str, Any]  # Any: JSON of the conversation.


@contextmanager
def connect(base_url: str, key: str, folder: str) -> Iterator[Callable[[Call], object]]:
    def ask(call: Call) -> object:
        client = wistia.WistiaClient(call.get("key", key))
        client.API_BASE_URL = f"{base_url}/v1/"
        return getattr(client, call["method"])(**call["arguments"])

    yield ask


def plain(model: Any) -> object:  # Any: a model of the client.
    return model.to_primitive()
