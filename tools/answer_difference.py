"""The difference of two answers to one request, as lines to read."""

import json
from collections.abc import Iterator, Sequence
from difflib import unified_diff

from tools.running_server import Answer

# Headers that are not compared, and why.
IGNORED = {
    "x-request-id": "random, it names one exchange",
    "date": "from the machine's clock",
}
LONGEST_DIFF = 30  # lines
LONGEST_LINE = 200  # columns
PIECE = 100  # bytes of a body that is not text


def difference(old: Answer, new: Answer) -> list[str]:
    """A short unified diff of status, headers and body; empty for equal answers."""
    heads = _diff(_head(old), _head(new))
    bodies = [] if old.body == new.body else _body_diff(old.body, new.body)
    lines = [*heads, *bodies]
    left_out = len(lines) - LONGEST_DIFF
    more = [f"… {left_out} more lines"] if left_out > 0 else []
    return [line[:LONGEST_LINE] for line in [*lines[:LONGEST_DIFF], *more]]


def _head(answer: Answer) -> list[str]:
    """Status and headers. Their order means nothing to a client, except among equal names."""
    compared = [header for header in answer.headers if header[0].lower() not in IGNORED]
    ordered = sorted(compared, key=lambda header: header[0].lower())
    return [f"{answer.status} {answer.reason}", *(f"{name}: {value}" for name, value in ordered)]


def _body_diff(old: bytes, new: bytes) -> list[str]:
    """By lines of the indented JSON, or by pieces of bytes where that shows nothing."""
    return _diff(_indented(old), _indented(new)) or _diff(_pieces(old), _pieces(new))


def _diff(old: Sequence[str], new: Sequence[str]) -> list[str]:
    return [line for line in unified_diff(old, new, lineterm="", n=1) if line[:3] not in HEADINGS]


HEADINGS = {"---", "+++"}


def _indented(body: bytes) -> list[str]:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=1).splitlines()
    except ValueError:
        return body.decode("utf-8", "backslashreplace").splitlines()


def _pieces(body: bytes) -> list[str]:
    return list(_cut(body))


def _cut(body: bytes) -> Iterator[str]:
    for start in range(0, len(body), PIECE):
        yield repr(body[start : start + PIECE])
