"""Puts calls to wystia: its generic `request`, and the methods that parse medias and projects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

# import_module: the client is in no environment that the type checker sees.
wystia = import_module("wystia")
models = import_module("wystia.models")

Call = dict[str, Any]  # Any: JSON of the conversation.

ENUMS = {"sort_by": models.SortBy, "sort_dir": models.SortDir, "media_type": models.MediaType}


@contextmanager
def connect(base_url: str, key: str, folder: str) -> Iterator[Callable[[Call], object]]:
    wystia.WistiaDataApi._API_ENDPOINT = f"{base_url}/v1/"

    def ask(call: Call) -> object:
        wystia.WistiaDataApi.configure(call.get("key", key))
        arguments = {
            name: ENUMS.get(name, same)(value) for name, value in call["arguments"].items()
        }
        return getattr(wystia.WistiaDataApi, call["method"])(**arguments)

    yield ask


def same(value: object) -> object:
    return value


def plain(model: Any) -> object:  # Any: a model of the client.
    return model.to_dict()
