"""What can go wrong, as values: vendors word a Failure, the command line prints a Refusal."""

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus


class ErrorKind(StrEnum):
    """The sort of mishap; each vendor gives every kind a status, a content type and words."""

    invalid = "invalid"
    unauthenticated = "unauthenticated"
    forbidden = "forbidden"
    unknown = "unknown"
    no_route = "no_route"
    wrong_method = "wrong_method"
    not_acceptable = "not_acceptable"
    limited = "limited"
    planned = "planned"
    crash = "crash"


class Rule(StrEnum):
    """The rule that a parameter, header or id broke."""

    missing = "missing"
    malformed = "malformed"
    instant = "instant"
    date = "date"
    period = "period"
    integer = "integer"
    choice = "choice"
    range = "range"
    order = "order"
    too_many = "too_many"
    scheme = "scheme"
    refused = "refused"
    unknown = "unknown"
    json = "json"
    suffix = "suffix"
    limit = "limit"
    permission = "permission"
    beyond = "beyond"


LOG_MESSAGES: dict[Rule, str] = {
    Rule.missing: "{field} is missing",
    Rule.malformed: "{field} is malformed",
    Rule.instant: "{field}={given!r} is not an ISO 8601 instant",
    Rule.date: "{field}={given!r} is not a date YYYY-MM-DD",
    Rule.period: "{field}={given!r} is not a year, month, week, day or range of them",
    Rule.integer: "{field}={given!r} is not a whole number",
    Rule.choice: "{field}={given!r} is not one of {choices}",
    Rule.range: "{field}={given!r} is outside {minimum}..{maximum}",
    Rule.order: "{field} is later than {after}",
    Rule.too_many: "{field} asks for {count} points, at most {maximum} are answered",
    Rule.scheme: "{field} has a scheme or form that this vendor does not take",
    Rule.refused: "{field} was refused: {reason}",
    Rule.unknown: "no {field} {given}",
    Rule.json: "the body is not the JSON that this operation takes",
    Rule.suffix: "{field} {given!r} is not served",
    Rule.limit: "{field}: more than {maximum} in {window} s, the next window begins in {seconds} s",
    Rule.permission: "the account lacks the permission {field!r}",
    Rule.beyond: "{field}={given!r} is refused: {reason}",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: the field as the vendor spells it, what was given, and the rule's bounds."""

    field: str
    rule: Rule
    value: str | None = None
    bounds: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def describe(self) -> str:
        """The rule in plain words, for the log; `near` in the bounds becomes a suggestion."""
        words = LOG_MESSAGES[self.rule].format_map(
            {"minimum": "", "maximum": "", **self.bounds, "field": self.field, "given": self.value}
        )
        near = self.bounds.get("near")
        return f"{words}: did you mean {near}?" if near else words


# RFC 9110 renamed these; which names Python knows depends on its version.
CURRENT_PHRASES = {
    413: "Content Too Large",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}


class ApiError(Exception):
    """A mishap on a vendor's path.

    The vendor's `errors.py` alone turns it into bytes. `status` is another one than the kind's own.
    """

    def __init__(
        self,
        kind: ErrorKind,
        violations: list[Violation] | None = None,
        *,
        allow: str = "",
        status: int | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.violations = violations or []
        self.allow = allow
        self.status = status

    def status_phrase(self) -> str:
        """What HTTP calls the status."""
        return (
            CURRENT_PHRASES.get(self.status or 0) or HTTPStatus(self.status).phrase
            if self.status in {status.value for status in HTTPStatus}
            else "Error"
        )

    def describe(self) -> str:
        """All broken rules in plain words."""
        return "; ".join(problem.describe() for problem in self.violations) or self.kind.replace(
            "_", " "
        )


class UserError(Exception):
    """What a user of the command line, the Python API or the control API got wrong, in one line
    that says what to do.
    """


class NotFoundError(UserError):
    """What was named does not exist."""


class ConflictError(UserError):
    """What was asked does not go together with what there is."""
