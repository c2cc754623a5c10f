"""What a request prefers of its answer: the header `Prefer` (RFC 7240), with `code`, `wait` and `example=documented`."""

import re
from collections.abc import Iterable
from typing import NamedTuple, Self

LONGEST_WAIT = 300.0
PAIR = re.compile(r"\s*([a-z]+)\s*=\s*\"?([^\";,]*)\"?\s*", re.IGNORECASE)


class Preference(NamedTuple):
    """A status from 400 to 599, seconds to wait, the published example; `applied` says those of them that hold."""

    code: int | None = None
    wait: float = 0.0
    documented: bool = False
    applied: str = ""
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, headers: Iterable[str]) -> Self:
        """The preferences of a request's headers; one that is not understood is left out and remarked on."""
        found: dict[str, str] = {}
        remarks = []
        for text in ",".join(headers).split(","):
            pair = PAIR.fullmatch(text)
            if pair and (name := pair[1].lower()) in _READERS:
                (found.setdefault(name, pair[2]) if _READERS[name](pair[2]) else remarks.append(f"Prefer: {text.strip()} is ignored: {_FORMS[name]}"))
        code = int(found["code"]) if "code" in found else None
        applied = ", ".join(f"{name}={value}" for name, value in found.items())
        return cls(code, float(found.get("wait", 0)), "example" in found, applied, tuple(remarks))


def _is_code(text: str) -> bool:
    return re.fullmatch(r"[45]\d\d", text, re.ASCII) is not None


def _is_wait(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text, re.ASCII) is not None and float(text) <= LONGEST_WAIT


def _is_documented(text: str) -> bool:
    return text == "documented"


_READERS = {"code": _is_code, "wait": _is_wait, "example": _is_documented}
_FORMS = {"code": "a status from 400 to 599", "wait": "seconds up to 300", "example": "`documented` is the only one"}
