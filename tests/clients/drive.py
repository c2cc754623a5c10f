"""Runs inside a client's process: puts calls from stdin to the client, writes what it made of them
to stdout.

Started as `python -I -S drive.py <the client's folder> <driver>`. The driver offers
`connect(base_url, key, folder)`, a context manager that yields `ask(call) -> what the client
returned`, and
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
    json.dump(answers, sys.stdout, default=to_json)


def answer(driver: Driver, ask: Any, call: dict[str, Any]) -> dict[str, object]:
    try:
        returned = ask(call)
        value = json.loads(json.dumps(to_plain(driver, returned), default=to_json))
        return {"name": call["name"], "ok": True, "type": type_name(returned), "value": value}
    except Exception as error:  # Whatever a client raises is what the test wants to see.
        return {"name": call["name"], "ok": False, **error_record(error)}


def to_plain(driver: Driver, returned: object) -> object:
    if isinstance(returned, list):
        return [to_plain(driver, element) for element in returned]
    if returned is None or isinstance(returned, (dict, str, int, float)):
        return returned
    return driver["plain"](returned)


def type_name(returned: object) -> str:
    """`Views`, or `list[StreamSeriesItem]`; an empty list is `list`."""
    if isinstance(returned, list) and returned:
        return f"list[{type(returned[0]).__name__}]"
    return "list" if isinstance(returned, list) else type(returned).__name__


def error_record(error: Exception) -> dict[str, object]:
    """What the client kept of an error, whether on the exception itself or on the response it
    carries.
    """
    response = getattr(error, "response", None)
    status = first_attribute(error, response, names=("status_code", "status"))
    body = first_attribute(error, response, names=("body", "text"))
    return {
        "error": type(error).__name__,
        "status": status,
        "message": str(error),
        "body": parse_body(body),
    }


def first_attribute(*holders: object, names: tuple[str, ...]) -> object:
    values = (getattr(holder, name, None) for holder in holders for name in names)
    return next((value for value in values if value is not None), None)


def parse_body(body: object) -> object:
    """The body as JSON says it; text that is no JSON stays text."""
    if not isinstance(body, (str, bytes)):
        return body
    try:
        return json.loads(body)
    except ValueError:
        return body if isinstance(body, str) else body.decode(errors="replace")


def to_json(value: object) -> object:
    if isinstance(value, date):  # A datetime is a date too.
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"no JSON for {value!r}")


if __name__ == "__main__":
    main(*sys.argv[1:])
