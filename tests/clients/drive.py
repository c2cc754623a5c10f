"""Runs inside a client's process: puts calls from stdin to the client, writes what it made of them to stdout.

Started as `python -I -S drive.py <the client's folder> <driver>`. The driver offers
`connect(base_url, key, folder)`, a context manager that yields `ask(call) -> what the client returned`, and
`plain(value)`, which turns one returned object into JSON by the client's own means.
"""

from __future__ import annotations

import json
import runpy
import sys
from contextlib import redirect_stdout
from datetime import date
from enum import Enum
from typing import Any

Driver = dict[str, Any]  # Any: the names of a driver's module.


def main(folder: str, driver_path: str) -> None:
    """One conversation: stdin is `{"base_url", "key", "calls"}`, stdout a list of answers."""
    sys.path.insert(0, folder)
    conversation = json.load(sys.stdin)
    with redirect_stdout(sys.stderr):  # A client's own prints must not end up between the answers.
        driver = runpy.run_path(driver_path)
        with driver["connect"](conversation["base_url"], conversation["key"], folder) as ask:
            answers = [answer(driver, ask, call) for call in conversation["calls"]]
    json.dump(answers, sys.stdout, default=iso)


def answer(driver: Driver, ask: Any, call: dict[str, Any]) -> dict[str, object]:
    try:
        returned = ask(call)
        value = json.loads(json.dumps(plain(driver, returned), default=iso))
        return {"name": call["name"], "ok": True, "type": kind(returned), "value": value}
    except Exception as error:  # Whatever a client raises is what the test wants to see.
        return {"name": call["name"], "ok": False, **failure(error)}


def plain(driver: Driver, returned: object) -> object:
    if isinstance(returned, list):
        return [plain(driver, element) for element in returned]
    if returned is None or isinstance(returned, (dict, str, int, float)):
        return returned
    return driver["plain"](returned)


def kind(returned: object) -> str:
    """`Views`, or `list[StreamSeriesItem]`; an empty list is `list`."""
    if isinstance(returned, list) and returned:
        return f"list[{type(returned[0]).__name__}]"
    return "list" if isinstance(returned, list) else type(returned).__name__


def failure(error: Exception) -> dict[str, object]:
    """What the client kept of an error, whether on the exception itself or on the response it carries."""
    response = getattr(error, "response", None)
    status = first(error, response, names=("status_code", "status"))
    body = first(error, response, names=("body", "text"))
    return {"error": type(error).__name__, "status": status, "message": str(error), "body": parsed(body)}


def first(*holders: object, names: tuple[str, ...]) -> object:
    found = (getattr(holder, name, None) for holder in holders for name in names)
    return next((value for value in found if value is not None), None)


def parsed(body: object) -> object:
    """The body as JSON says it; text that is no JSON stays text."""
    if not isinstance(body, (str, bytes)):
        return body
    try:
        return json.loads(body)
    except ValueError:
        return body if isinstance(body, str) else body.decode(errors="replace")


def iso(value: object) -> object:
    if isinstance(value, date):  # A datetime is a date too.
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"no JSON for {value!r}")


if __name__ == "__main__":
    main(*sys.argv[1:])
