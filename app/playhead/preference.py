"""What a request prefers of its answer: the header `Prefer` (RFC 7240), with `code`, `wait` and `example=documented`."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Self

LONGEST_WAIT = 300.0
PAIR = re.compile(r"([a-z]+)\s*=\s*(\"?)([^\";,]*)\2", re.IGNORECASE)
LONGEST_REMARK = 100


class Preference(NamedTuple):
    """A status from 400 to 599, seconds to wait, the published example; remarks on what is not understood."""

    code: int | None = None
    wait: float = 0.0
    documented: bool = False
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, headers: Iterable[str]) -> Self:
        """The preferences of a request's headers, the first of each counting; what is not understood is left out and remarked on."""
        found: dict[str, str] = {}
        remarks = []
        for text in filter(None, map(str.strip, re.split("[,;]", ",".join(headers)))):
            pair = PAIR.fullmatch(text)
            name, value = (pair[1].lower(), pair[3].strip()) if pair else ("", "")
            if name in FORMS and FORMS[name].reads(value):
                found.setdefault(name, value)
            else:
                remarks.append(f"Prefer: {text[:LONGEST_REMARK]} is ignored: {FORMS[name].form if name in FORMS else UNKNOWN}")
        code = int(found["code"]) if "code" in found else None
        return cls(code, float(found.get("wait", 0)), "example" in found, tuple(remarks))


class Form(NamedTuple):
    """Which values a preference takes, and that in words."""

    reads: Callable[[str], bool]
    form: str


def _is_wait(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text, re.ASCII) is not None and float(text) <= LONGEST_WAIT


FORMS: Mapping[str, Form] = {
    "code": Form(lambda text: re.fullmatch(r"[45]\d\d", text, re.ASCII) is not None, "code is a status from 400 to 599"),
    "wait": Form(_is_wait, "wait is a number of seconds up to 300"),
    "example": Form(lambda text: text == "documented", "`documented` is the only example"),
}
UNKNOWN = f"{', '.join(FORMS)} are what can be preferred"
