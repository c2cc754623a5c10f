"""Gcore's voice in mishap: the one place that words a Failure — evidence/gcore.md §1.3, §1.6."""

from collections.abc import Callable
from hashlib import sha256

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation

# Only the first text is published; the others follow its pattern (unknown 7).
MESSAGES: dict[Rule, str] = {
    Rule.missing: "{field}: query param is not set",
    Rule.instant: "{field}: invalid datetime, ISO 8601 expected",
    Rule.order: "{field}: must not be later than {after}",
    Rule.too_many: "{field}: too many points",
}
DEFAULT_MESSAGE = "{field}: invalid value"


def render_error(error: ApiError, request: Request) -> Response:
    """A Failure in Gcore's envelope."""
    return RENDERERS[error.kind](error, request)


def _envelope(status: int, *errors: str, **headers: str) -> Response:
    return JSONResponse({"data": [], "errors": list(errors)}, status_code=status, headers=headers)


def _message(violation: Violation) -> str:
    return MESSAGES.get(violation.rule, DEFAULT_MESSAGE).format_map(
        {**violation.bounds, "field": violation.field}
    )


def _invalid(error: ApiError, _request: Request) -> Response:
    return _envelope(400, *(_message(problem) for problem in error.violations))


def _unauthenticated(error: ApiError, request: Request) -> Response:
    # Unknown 1: the status is certain, the body carries every key that the general documentation
    # names — §1.3.
    known = error.violations[0].rule is Rule.missing
    body = {
        "exception_class": "not_authenticated" if known else "token_not_valid",
        "message": "Authentication credentials were not provided."
        if known
        else "Token is invalid or expired",
        "request_id": sha256(f"{request.url.path}?{request.url.query}".encode()).hexdigest()[:32],
    }
    return JSONResponse(body, status_code=401, headers={"WWW-Authenticate": "APIKey"})


def _unknown(_error: ApiError, _request: Request) -> Response:
    # The catalogue words a missing entity otherwise than the statistics do a missing path — §1.6,
    # schema `notfound`.
    error = (
        "Not Found. Entity you are looking for was not found, please check the initial parameters"
    )
    return JSONResponse({"status": 404, "error": error}, status_code=404)


RENDERERS: dict[ErrorKind, Callable[[ApiError, Request], Response]] = {
    ErrorKind.invalid: _invalid,
    ErrorKind.unauthenticated: _unauthenticated,
    ErrorKind.forbidden: lambda _failure, _request: _envelope(403, "access denied"),
    ErrorKind.unknown: _unknown,
    ErrorKind.no_route: lambda _failure, _request: _envelope(404, "not found"),
    ErrorKind.wrong_method: lambda failure, _request: _envelope(
        405, "method not allowed", Allow=failure.allow or "GET"
    ),
    ErrorKind.not_acceptable: lambda _failure, _request: _envelope(406, "not acceptable"),
    # Unknown 19: the legacy documentation tells the limit and no more — §1.7.
    ErrorKind.limited: lambda failure, _request: _envelope(
        429,
        "too many requests",
        **{"Retry-After": str(failure.violations[0].bounds.get("seconds", 1))},
    ),
    ErrorKind.planned: lambda failure, _request: _envelope(
        failure.status or 500, failure.status_phrase().lower()
    ),
    ErrorKind.crash: lambda _failure, _request: _envelope(500, "internal server error"),
}
