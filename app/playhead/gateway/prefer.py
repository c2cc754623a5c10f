"""What a request prefers of its answer:

the header `Prefer` (RFC 7240), with `code`, `wait` and `example=documented`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Self

MAX_WAIT_SECONDS = 300.0
PREFERENCE_PATTERN = re.compile(r"([a-z]+)\s*=\s*(\"?)([^\";,]*)\2", re.IGNORECASE)
MAX_WARNING_LENGTH = 100


class PreferHeader(NamedTuple):
    """A status from 400 to 599, seconds to wait, the published example.

    Remarks on what is not understood.
    """

    code: int | None = None
    wait: float = 0.0
    documented_example: bool = False
    warnings: tuple[str, ...] = ()

    @classmethod
    def parse(cls, headers: Iterable[str]) -> Self:
        """The preferences of a request's headers, the first of each counting.

        What is not understood is left out and remarked on.
        """
        values: dict[str, str] = {}
        warnings = []
        for text in filter(None, map(str.strip, re.split("[,;]", ",".join(headers)))):
            pair = PREFERENCE_PATTERN.fullmatch(text)
            name, value = (pair[1].lower(), pair[3].strip()) if pair else ("", "")
            if name in PREFER_RULES and PREFER_RULES[name].accepts(value):
                values.setdefault(name, value)
            else:
                rule = PREFER_RULES.get(name)
                reason = rule.description if rule else UNKNOWN_PREFERENCE
                warnings.append(f"Prefer: {text[:MAX_WARNING_LENGTH]} is ignored: {reason}")
        code = int(values["code"]) if "code" in values else None
        return cls(code, float(values.get("wait", 0)), "example" in values, tuple(warnings))


class PreferRule(NamedTuple):
    """Which values a preference takes, and that in words."""

    accepts: Callable[[str], bool]
    description: str


def _is_wait(text: str) -> bool:
    return (
        re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text, re.ASCII) is not None
        and float(text) <= MAX_WAIT_SECONDS
    )


PREFER_RULES: Mapping[str, PreferRule] = {
    "code": PreferRule(
        lambda text: re.fullmatch(r"[45]\d\d", text, re.ASCII) is not None,
        "code is a status from 400 to 599",
    ),
    "wait": PreferRule(_is_wait, "wait is a number of seconds up to 300"),
    "example": PreferRule(lambda text: text == "documented", "`documented` is the only example"),
}
UNKNOWN_PREFERENCE = f"{', '.join(PREFER_RULES)} are what can be preferred"
