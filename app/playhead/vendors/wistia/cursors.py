"""Cursors as text, and back."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

MAX_CURSOR_LENGTH = 200


MAX_NUMBER = 2**62  # what any store takes


WRONG_LIST = "it is no cursor of this list in this order"


def encode_cursor(order: str, numbers: Sequence[int]) -> str:
    """A place as clients carry it; it names its order, since it means nothing in another one."""
    return urlsafe_b64encode(json.dumps([order, *numbers]).encode()).decode().rstrip("=")


def decode_cursor(order: str, text: str, count: int) -> list[int] | None:
    """The numbers of a place that a text says; None where it is none of that order."""
    try:
        said = (
            json.loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
            if len(text) <= MAX_CURSOR_LENGTH
            else None
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, list) or len(said) != count + 1 or said[0] != order:
        return None
    return (
        said[1:]
        if all(type(number) is int and abs(number) < MAX_NUMBER for number in said[1:])
        else None
    )
