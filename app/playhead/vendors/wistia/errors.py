"""Wistia's voice in mishap: the one place that words a Failure — contracts/wistia.md §1.3, §4."""

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
    Rule.too_many: "The date range is too long: {count} days, at most {maximum}.",
}
CODES = {Kind.unauthenticated: "unauthorized_credentials"}
NO_SCOPE = {"code": "unauthorized_scope", "error": "This token does not have the scope that this request needs."}
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
    code = {"code": CODES[failure.kind]} if failure.kind in CODES else {}
    return JSONResponse({**code, "error": _text(failure)}, status_code=status, headers=headers)


def _text(failure: Failure) -> str:
    if failure.kind is Kind.planned:
        return f"{failure.phrase()}."
    return TEXTS.get(failure.kind) or _of(failure.problems[0])


def _of(problem: Problem) -> str:
    if problem.rule is Rule.unknown:
        return f"{problem.field.removesuffix('_id').removesuffix('_key').capitalize()} with ID '{problem.given}' not found."
    return RULES.get(problem.rule, "{field} is invalid.").format_map({**problem.bounds, "field": problem.field})
