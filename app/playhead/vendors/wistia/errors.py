"""Wistia's voice in mishap: the one place that words a Failure — contracts/wistia.md §1.3, §4."""

import re

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.vendors.wistia import heatmap
from playhead.vendors.wistia.auth import wants_heatmap

STATUSES = {
    Kind.invalid: 422,
    Kind.unauthenticated: 401,
    Kind.forbidden: 403,
    Kind.unknown: 404,
    Kind.no_route: 404,
    Kind.wrong_method: 405,
    Kind.not_acceptable: 406,
    Kind.limited: 429,
    Kind.planned: 500,
    Kind.crash: 500,
}
# Published: those of 401, of an unknown folder (for `unknown`) and of 500. The others are ours (unknown 1).
TEXTS = {
    Kind.unauthenticated: "Invalid credentials.",
    Kind.forbidden: "Your account does not have access to this feature.",
    Kind.no_route: "Not found.",
    Kind.wrong_method: "Method not allowed.",
    Kind.not_acceptable: "Only JSON is available.",
    Kind.crash: "Internal server error",
}
RULES = {
    Rule.date: "{field} is not a valid date, use YYYY-MM-DD.",
    Rule.missing: "{field} is missing.",
    Rule.choice: "{field} is not one of {choices}.",
    Rule.integer: "{field} is not a whole number.",
    Rule.range: "{field} is out of range.",
    Rule.refused: "{field} is refused: {reason}.",
    Rule.too_many: "The date range is too long: {count} days, at most {maximum}.",
}
CODES = {Kind.unauthenticated: "unauthorized_credentials"}
NO_SCOPE = {"code": "unauthorized_scope", "error": "This token does not have the scope that this request needs."}
# What refuses with 400 and all reasons — §1.3, §7.3 — and what else of analytics is published.
BAD_REQUESTS = re.compile(r"/modern/(analytics/.*|medias|folders)")
ANALYTICS = re.compile(r"/modern/analytics/.*")
ANALYTICS_TEXTS = {
    409: "Aggregate analytics are not available until the event has ended",
    503: "Analytics service is temporarily unavailable",
}
HTML_TEXTS = {
    Kind.unauthenticated: "This heatmap needs the account’s public token.",
    Kind.unknown: "There is no such event.",
}


def answer(failure: Failure, request: Request) -> Response:
    """A Failure as JSON, or as a page where a page was asked for."""
    headers = {"Allow": failure.allow or "GET"} if failure.kind is Kind.wrong_method else {}
    status = failure.status or STATUSES[failure.kind]
    if failure.kind is Kind.limited:  # the one answer that is text — §1.3
        return PlainTextResponse("Rate limit exceeded", status_code=status, headers={"Retry-After": str(failure.problems[0].bounds.get("seconds", 60))})
    if wants_heatmap(request):
        return HTMLResponse(heatmap.notice(HTML_TEXTS.get(failure.kind) or _text(failure)), status_code=status, headers=headers)
    if failure.kind is Kind.unauthenticated and failure.problems[0].rule is Rule.permission:
        return JSONResponse(NO_SCOPE, status_code=status)
    path = request.scope["path"]
    if ANALYTICS.fullmatch(path):
        return _of_analytics(failure, status, headers)
    return _bad_request(failure) if BAD_REQUESTS.fullmatch(path) and _is_bad_request(failure) else _json(failure, _text(failure), status, headers)


def _of_analytics(failure: Failure, status: int, headers: dict[str, str]) -> Response:
    """Analytics say 404 without a body, and why a request is bad — quirk 19."""
    if failure.kind is Kind.unknown or failure.status == 404:
        return Response(status_code=404)
    if _is_bad_request(failure):
        return _bad_request(failure)
    return _json(failure, ANALYTICS_TEXTS.get(failure.status or 0) or _text(failure), status, headers)


def _is_bad_request(failure: Failure) -> bool:
    return failure.kind is Kind.invalid or (failure.kind is Kind.planned and failure.status == 400)


def _bad_request(failure: Failure) -> Response:
    reasons = [_text(failure)] if failure.kind is Kind.planned else [_of(problem) for problem in failure.problems]
    return JSONResponse({"error": "Bad request", "errors": reasons}, status_code=400)


def _json(failure: Failure, text: str, status: int, headers: dict[str, str]) -> Response:
    code = {"code": CODES[failure.kind]} if failure.kind in CODES else {}
    return JSONResponse({**code, "error": text}, status_code=status, headers=headers)


def _text(failure: Failure) -> str:
    if failure.kind is Kind.planned:
        return f"{failure.phrase()}."
    return TEXTS.get(failure.kind) or _of(failure.problems[0])


def _of(problem: Problem) -> str:
    if problem.rule is Rule.unknown:
        return f"{problem.field.removesuffix('_id').removesuffix('_key').capitalize()} with ID '{problem.given}' not found."
    return RULES.get(problem.rule, "{field} is invalid.").format_map({"choices": "", "reason": "", **problem.bounds, "field": problem.field})
