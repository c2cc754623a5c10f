"""Gcore's voice in mishap: the one place that words a Failure — contracts/gcore.md §1.3, §1.6."""

from collections.abc import Callable
from hashlib import sha256

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from playhead.failure import Failure, Kind, Problem, Rule

# Only the first text is published; the others follow its pattern (unknown 7).
TEXTS: dict[Rule, str] = {
    Rule.missing: "{field}: query param is not set",
    Rule.instant: "{field}: invalid datetime, ISO 8601 expected",
    Rule.order: "{field}: must not be later than {after}",
    Rule.too_many: "{field}: too many points",
}
INVALID = "{field}: invalid value"


def answer(failure: Failure, request: Request) -> Response:
    """A Failure in Gcore's envelope."""
    return ANSWERS[failure.kind](failure, request)


def _envelope(status: int, *errors: str, **headers: str) -> Response:
    return JSONResponse({"data": [], "errors": list(errors)}, status_code=status, headers=headers)


def _text(problem: Problem) -> str:
    return TEXTS.get(problem.rule, INVALID).format_map({**problem.bounds, "field": problem.field})


def _invalid(failure: Failure, _request: Request) -> Response:
    return _envelope(400, *(_text(problem) for problem in failure.problems))


def _unauthenticated(failure: Failure, request: Request) -> Response:
    # Unknown 1: the status is certain, the body carries every key that the general documentation names — §1.3.
    known = failure.problems[0].rule is Rule.missing
    body = {
        "exception_class": "not_authenticated" if known else "token_not_valid",
        "message": "Authentication credentials were not provided." if known else "Token is invalid or expired",
        "request_id": sha256(f"{request.url.path}?{request.url.query}".encode()).hexdigest()[:32],
    }
    return JSONResponse(body, status_code=401, headers={"WWW-Authenticate": "APIKey"})


def _unknown(_failure: Failure, _request: Request) -> Response:
    # The catalogue words a missing entity otherwise than the statistics do a missing path — §1.6, schema `notfound`.
    error = "Not Found. Entity you are looking for was not found, please check the initial parameters"
    return JSONResponse({"status": 404, "error": error}, status_code=404)


ANSWERS: dict[Kind, Callable[[Failure, Request], Response]] = {
    Kind.invalid: _invalid,
    Kind.unauthenticated: _unauthenticated,
    Kind.forbidden: lambda _failure, _request: _envelope(403, "access denied"),
    Kind.unknown: _unknown,
    Kind.no_route: lambda _failure, _request: _envelope(404, "not found"),
    Kind.wrong_method: lambda failure, _request: _envelope(405, "method not allowed", Allow=failure.allow or "GET"),
    Kind.not_acceptable: lambda _failure, _request: _envelope(406, "not acceptable"),
    # Unknown 19: the legacy documentation tells the limit and no more — §1.7.
    Kind.limited: lambda failure, _request: _envelope(429, "too many requests", **{"Retry-After": str(failure.problems[0].bounds.get("seconds", 1))}),
    Kind.planned: lambda failure, _request: _envelope(failure.status or 500, failure.phrase().lower()),
    Kind.crash: lambda _failure, _request: _envelope(500, "internal server error"),
}
