"""Wistia's voice in mishap: the one place that words a Failure — evidence/wistia.md §1.3, §4."""

import re

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.vendors.wistia.auth import is_heatmap_request
from playhead.vendors.wistia.stats import heatmap

STATUSES = {
    ErrorKind.invalid: 422,
    ErrorKind.unauthenticated: 401,
    ErrorKind.forbidden: 403,
    ErrorKind.unknown: 404,
    ErrorKind.no_route: 404,
    ErrorKind.wrong_method: 405,
    ErrorKind.not_acceptable: 406,
    ErrorKind.limited: 429,
    ErrorKind.planned: 500,
    ErrorKind.crash: 500,
}
# Published: those of 401, of an unknown folder (for `unknown`) and of 500. The others are ours
# (unknown 1).
MESSAGES = {
    ErrorKind.unauthenticated: "Invalid credentials.",
    ErrorKind.forbidden: "Your account does not have access to this feature.",
    ErrorKind.no_route: "Not found.",
    ErrorKind.wrong_method: "Method not allowed.",
    ErrorKind.not_acceptable: "Only JSON is available.",
    ErrorKind.crash: "Internal server error",
}
RULE_MESSAGES = {
    Rule.date: "{field} is not a valid date, use YYYY-MM-DD.",
    Rule.missing: "{field} is missing.",
    Rule.choice: "{field} is not one of {choices}.",
    Rule.integer: "{field} is not a whole number.",
    Rule.range: "{field} is out of range.",
    Rule.refused: "{field} is refused: {reason}.",
    Rule.too_many: "The date range is too long: {count} days, at most {maximum}.",
}
CODES = {ErrorKind.unauthenticated: "unauthorized_credentials"}
MISSING_SCOPE = {
    "code": "unauthorized_scope",
    "error": "This token does not have the scope that this request needs.",
}
# What refuses with 400 and all reasons — §1.3, §7.3 — and what else of analytics is published.
BAD_REQUEST_PATHS = re.compile(r"/modern/(analytics/.*|medias|folders)")
ANALYTICS_PATHS = re.compile(r"/modern/analytics/.*")
ANALYTICS_MESSAGES = {
    409: "Aggregate analytics are not available until the event has ended",
    503: "Analytics service is temporarily unavailable",
}
HTML_MESSAGES = {
    ErrorKind.unauthenticated: "This heatmap needs the account’s public token.",
    ErrorKind.unknown: "There is no such event.",
}


def render_error(error: ApiError, request: Request) -> Response:
    """A Failure as JSON, or as a page where a page was asked for."""
    headers = {"Allow": error.allow or "GET"} if error.kind is ErrorKind.wrong_method else {}
    status = error.status or STATUSES[error.kind]
    if error.kind is ErrorKind.limited:  # the one answer that is text — §1.3
        return PlainTextResponse(
            "Rate limit exceeded",
            status_code=status,
            headers={"Retry-After": str(error.violations[0].bounds.get("seconds", 60))},
        )
    if is_heatmap_request(request):
        return HTMLResponse(
            heatmap.render_notice(HTML_MESSAGES.get(error.kind) or _message(error)),
            status_code=status,
            headers=headers,
        )
    if error.kind is ErrorKind.unauthenticated and error.violations[0].rule is Rule.permission:
        return JSONResponse(MISSING_SCOPE, status_code=status)
    path = request.scope["path"]
    if ANALYTICS_PATHS.fullmatch(path):
        return _render_analytics(error, status, headers)
    return (
        _bad_request(error)
        if BAD_REQUEST_PATHS.fullmatch(path) and _is_bad_request(error)
        else _json(error, _message(error), status, headers)
    )


def _render_analytics(error: ApiError, status: int, headers: dict[str, str]) -> Response:
    """Analytics say 404 without a body, and why a request is bad — quirk 19."""
    if error.kind is ErrorKind.unknown or error.status == 404:
        return Response(status_code=404)
    if _is_bad_request(error):
        return _bad_request(error)
    return _json(
        error, ANALYTICS_MESSAGES.get(error.status or 0) or _message(error), status, headers
    )


def _is_bad_request(error: ApiError) -> bool:
    return error.kind is ErrorKind.invalid or (
        error.kind is ErrorKind.planned and error.status == 400
    )


def _bad_request(error: ApiError) -> Response:
    reasons = (
        [_message(error)]
        if error.kind is ErrorKind.planned
        else [_violation_message(problem) for problem in error.violations]
    )
    return JSONResponse({"error": "Bad request", "errors": reasons}, status_code=400)


def _json(error: ApiError, text: str, status: int, headers: dict[str, str]) -> Response:
    code = {"code": CODES[error.kind]} if error.kind in CODES else {}
    return JSONResponse({**code, "error": text}, status_code=status, headers=headers)


def _message(error: ApiError) -> str:
    if error.kind is ErrorKind.planned:
        return f"{error.status_phrase()}."
    return MESSAGES.get(error.kind) or _violation_message(error.violations[0])


def _violation_message(violation: Violation) -> str:
    if violation.rule is Rule.unknown:
        return (
            f"{violation.field.removesuffix('_id').removesuffix('_key').capitalize()} with "
            f"ID '{violation.value}' not found."
        )
    return RULE_MESSAGES.get(violation.rule, "{field} is invalid.").format_map(
        {"choices": "", "reason": "", **violation.bounds, "field": violation.field}
    )
