"""Puts calls to the Gcore SDK; with `"strict"` it validates answers, with `"async"` the
asynchronous client asks, with `"list"` nobody is asked.

With `"list"` the method names a resource, and the answer is its public methods with their
parameters.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, reduce
from importlib import import_module
from typing import Any

# import_module: the client is in no environment that the type checker sees.
gcore = import_module("gcore")

Call = dict[str, Any]  # Any: JSON of the conversation.


@contextmanager
def connect(base_url: str, key: str, folder: str) -> Iterator[Callable[[Call], object]]:
    # Clients are kept: to make one takes longer than to ask it.
    with asyncio.Runner() as runner, ExitStack() as open_clients:

        @cache
        def client(key: str, asynchronous: bool, strict: bool) -> object:
            settings = {"base_url": base_url, "api_key": key, "_strict_response_validation": strict}
            if not asynchronous:
                return open_clients.enter_context(gcore.Gcore(**settings))
            made = gcore.AsyncGcore(**settings)
            open_clients.callback(lambda: runner.run(made.close()))
            return made

        def ask(call: Call) -> object:
            asynchronous = call.get("async", False)
            asked = client(call.get("key", key), asynchronous, call.get("strict", False))
            if call.get("list"):
                return methods(method(asked, call))
            returned = method(asked, call)(**call["arguments"])
            return runner.run(awaited(returned)) if asynchronous else returned

        yield ask


async def awaited(returned: Awaitable[object]) -> object:
    """A list's method returns something to await that is no coroutine, as a runner wants."""
    return await returned


def method(client: object, call: Call) -> Any:  # Any: one of the client's many methods.
    """`streaming.statistics.get_views`, looked up step by step.

    `from_` is the client's spelling of `from`.
    """
    return reduce(getattr, call["method"].split("."), client)


# What every method takes for the sake of the request itself.
OF_THE_REQUEST = {"extra_headers", "extra_query", "extra_body", "timeout"}


def methods(resource: object) -> dict[str, list[str]]:
    """The public methods of a resource, and the parameters of each."""
    names = (
        name
        for name in vars(type(resource))
        if not name.startswith("_") and inspect.isfunction(vars(type(resource))[name])
    )
    return {
        name: [
            each
            for each in inspect.signature(getattr(resource, name)).parameters
            if each not in OF_THE_REQUEST
        ]
        for name in names
    }


def plain(model: Any) -> object:  # Any: a model of the client.
    # warnings: the client's series are typed as integers and hold pairs (evidence/gcore.md §0.2).
    return model.to_dict(mode="json", warnings=False)
