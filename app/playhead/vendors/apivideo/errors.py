"""api.video's voice in mishap: the one place that words a Failure — evidence/apivideo.md §1.3."""

import re
from collections.abc import Callable, Mapping

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from playhead.accounts.rate_limits import untouched_state
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.gateway.context import request_context
from playhead.vendors.apivideo import auth

REFERENCE_URL = "https://docs.api.video/reference/"
OUT_OF_RANGE = "This parameter is out of the allowed range of values."
# `page`, not `currentPage` — quirk 2. A value that is no number is told its bounds as well (unknown
# 4).
RANGES: dict[str, tuple[str, dict[str, int]]] = {
    "currentPage": ("page", {"min": 1}),
    "pageSize": ("pageSize", {"min": 1, "max": 100}),
}
DETAILS: dict[Rule, str] = {
    Rule.refused: "This field was not expected.",
    Rule.date: "This value must be a date of format YYYY-MM-DD.",
    Rule.instant: "This value is not a valid datetime.",
    Rule.scheme: "This value must be of the following structure(s): {form}",
    Rule.unknown: "This value must refer to an existing {thing}",
    Rule.period: (
        "This value must be one of the following formats: YYYY, YYYY-MM, YYYY-Www, "
        "YYYY-MM-DD, YYYY-MM-DD/YYYY-MM-DD."
    ),
    Rule.choice: "This value must be part of the following values: {choices}",
}
# Where the parameter matters as well — §3.4, §3.6, §3.8. Plays word their bounds in days, /data do
# not (unknown 20).
FIELD_DETAILS: dict[tuple[str, Rule], str] = {
    ("from", Rule.beyond): "This value must be within the last {days}.",
    ("to", Rule.beyond): "This value must be within the last {days}.",
    ("to", Rule.range): 'This value must be greater than "from".',
    ("from", Rule.range): "This value is out of the retention period.",
    ("from", Rule.order): 'This value should be less than "to".',
    (
        "viewDuration",
        Rule.choice,
    ): 'This view duration is invalid. Use one of "3s", "5s", "10s", "30s".',
    ("interval", Rule.choice): 'This interval is invalid. Use one of "minute", "hour", "day".',
    ("interval", Rule.too_many): "This interval cannot be used with a timeframe over 60 minutes.",
    ("filterBy[referrer]", Rule.range): "This value should not contain more than 2048 characters.",
}
# Whatever is wrong with these, it is said that they should be text — §3.4, §3.6.
TYPE_ERRORS = {
    ("metric", Rule.choice),
    ("aggregation", Rule.choice),
    ("breakdown", Rule.choice),
    ("dimension", Rule.missing),
    ("from", Rule.missing),
}
# A header's rule, or the thing that it carries → error page and title.
AUTHENTICATION_ERRORS: dict[str, tuple[str, str]] = {
    Rule.missing: (
        "authentication-missing-authorization-header",
        'The "Authorization" header is missing.',
    ),
    Rule.scheme: (
        "authentication-invalid-authorization-header-value",
        'The "Authorization" header value is invalid.',
    ),
    Rule.malformed: (
        "authentication-invalid-authorization-header-value",
        'The "Authorization" header value is invalid.',
    ),
    Rule.refused: ("authentication-invalid-api-key", "The API key is invalid."),
    auth.KEY_FIELD: ("authentication-invalid-api-key", "The API key is invalid."),
    auth.TOKEN_FIELD: (
        "authentication-invalid-access-token",
        "The access token is invalid or expired.",
    ),
}


def render_error(error: ApiError, request: Request) -> Response:
    """A Failure as a problem."""
    limit = auth.rate_limit(request)
    headers = request_context(request).extra_headers
    if (
        limit and not headers
    ):  # nobody counted it, since it has no route; the limit is told nonetheless — §1.4
        headers |= auth.rate_limit_headers(untouched_state(limit))
    return RENDERERS[error.kind](error)


# What an account lacks → error page and title.
PERMISSION_ERRORS = {
    "active": ("authorization-suspended-account", "Suspended account"),
    "analytics": (
        "authorization-disabled-analytics",
        "You cannot get analytics from this project.",
    ),
}


def _forbidden(error: ApiError) -> Response:
    lack = next(
        (problem.field for problem in error.violations if problem.rule is Rule.permission), "active"
    )
    return _problem(403, _typed(*PERMISSION_ERRORS[lack]))


def _planned(error: ApiError) -> Response:
    return _problem(
        error.status or 500, {"type": "about:blank", "title": f"{error.status_phrase()}."}
    )


def _problem(status: int, body: Mapping[str, object], **headers: str) -> Response:
    # Quirk 1: exactly this content type; Node's client up to 2.4.0 compares it letter by letter —
    # §0.2.
    return JSONResponse(
        {**body, "status": status},
        status_code=status,
        media_type="application/problem+json",
        headers=headers,
    )


def _typed(page: str, title: str, **more: str) -> dict[str, object]:
    return {"type": REFERENCE_URL + page, "title": title, **more}


def _invalid(error: ApiError) -> Response:
    first = error.violations[0]
    if first.field in RANGES and first.rule is not Rule.refused:
        return _out_of_range([problem for problem in error.violations if problem.field in RANGES])
    rule = Rule.malformed if (first.field, first.rule) in TYPE_ERRORS else first.rule
    return _problem(400, PROBLEM_BODIES.get(rule, _bad_value)(first))


def _out_of_range(problems: list[Violation]) -> Response:
    found = [
        {"title": OUT_OF_RANGE, "name": name, "range": bounds}
        for name, bounds in (RANGES[problem.field] for problem in problems)
    ]
    body = {
        "title": OUT_OF_RANGE,
        "name": found[0]["name"],
        "status": 400,
        "range": found[0]["range"],
        "problems": found,
    }
    return _problem(400, body)


def _bad_value(violation: Violation) -> dict[str, object]:
    choices = ",".join(re.findall(r"'([^']*)'", str(violation.bounds.get("choices", ""))))
    detail = FIELD_DETAILS.get((violation.field, violation.rule)) or DETAILS.get(
        violation.rule, "This value is invalid."
    )
    bounds = {
        "choices": choices,
        **{
            name: bound
            for name, bound in violation.bounds.items()
            if name in ("days", "form", "thing")
        },
    }
    return {
        **_typed("request-invalid-query-parameter", "A query parameter is invalid."),
        "status": 400,
        "detail": detail.format_map(bounds),
        "name": violation.field,
    }


PROBLEM_BODIES: dict[Rule, Callable[[Violation], dict[str, object]]] = {
    Rule.json: lambda _problem: _typed("invalid-payload", "The payload is invalid."),
    Rule.missing: lambda problem: _typed(
        "attribute-required", "This attribute is required.", name=problem.field
    ),
    Rule.malformed: lambda problem: {
        **_typed("invalid-attribute", "An attribute is invalid."),
        "status": 400,
        "detail": "This value must be of type string.",
        "name": problem.field,
    },
}


def _unauthenticated(error: ApiError) -> Response:
    refused = error.violations[0]
    if refused.field in (
        "apiKey",
        "refreshToken",
    ):  # Quirk 3: 400 from the two endpoints that give tokens — §1.2.
        return _problem(
            400,
            _typed(
                "authentication-invalid-user-credentials",
                "The user credentials were incorrect.",
                name="",
            ),
        )
    page, title = AUTHENTICATION_ERRORS.get(
        refused.rule if refused.field == auth.HEADER_FIELD else refused.field,
        AUTHENTICATION_ERRORS[auth.TOKEN_FIELD],
    )
    return _problem(401, _typed(page, title))


def _unknown(error: ApiError) -> Response:
    return _problem(
        404,
        _typed(
            "resource-not-found",
            "The requested resource was not found.",
            name=error.violations[0].field,
        ),
    )


RENDERERS: dict[ErrorKind, Callable[[ApiError], Response]] = {
    ErrorKind.invalid: _invalid,
    ErrorKind.unauthenticated: _unauthenticated,
    ErrorKind.forbidden: _forbidden,
    ErrorKind.limited: lambda _failure: _problem(
        429, _typed("too-many-requests", "Too many requests.")
    ),
    ErrorKind.planned: _planned,
    ErrorKind.unknown: _unknown,
    ErrorKind.no_route: lambda _failure: _problem(
        404, _typed("unrecognized-request-url", "Unrecognized request URL.")
    ),
    ErrorKind.wrong_method: lambda failure: _problem(
        405,
        _typed("method-not-allowed", "Method is not allowed for this route."),
        Allow=failure.allow or "GET",
    ),
    # Nothing is published of these two (unknown 5).
    ErrorKind.not_acceptable: lambda _failure: _problem(
        406, {"type": "about:blank", "title": "Not acceptable."}
    ),
    ErrorKind.crash: lambda _failure: _problem(
        500, {"type": "about:blank", "title": "An internal error occurred."}
    ),
}
