"""The control API's voice in mishap: RFC 9457 problems, worded here alone."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as RoutingException

from playhead.domain.errors import ApiError, ConflictError, NotFoundError, UserError

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it; `errors` names each broken field."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []


class HTTPStatusError(UserError):
    """A request that is not allowed, and the status that says so."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


STATUS_BY_ERROR: Mapping[type[UserError], int] = {NotFoundError: 404, ConflictError: 409}
DESCRIPTIONS = {
    401: "The server wants a token, and this is not it.",
    403: "The request comes from a web page, or names a host that is not the server's.",
    404: "There is no such thing.",
    408: "What was waited for did not come in time.",
    409: "That does not go together with what there is.",
    413: "The body is too large.",
    415: "The body is of a media type that is not taken.",
    422: "The request breaks a rule; the detail says which.",
    503: "The server is not ready.",
}
Responses = dict[int | str, dict[str, Any]]  # Any: a piece of OpenAPI


def problem_responses(*statuses: int) -> Responses:
    """The problems that an operation may answer with, for its `responses`."""
    schema = Problem.model_json_schema()
    return {
        status: {"description": DESCRIPTIONS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


def problem_response(
    status: int,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as an answer."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _escape_surrogates(detail),
    }  # Any: JSON
    broken = (
        {
            "errors": [
                {name: _escape_surrogates(text) for name, text in error.items()} for error in errors
            ]
        }
        if errors
        else {}
    )
    return JSONResponse(
        {**body, **broken}, status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def _escape_surrogates(text: str) -> str:
    """A text without halves of characters, which JSON can send and nobody can write."""
    return text.encode("utf-8", "backslashreplace").decode()


def install_handlers(app: FastAPI) -> None:
    """Make every mishap of an application a problem."""
    app.add_exception_handler(UserError, _on_user_error)
    app.add_exception_handler(ApiError, _on_user_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(RoutingException, _on_http_exception)
    app.add_exception_handler(Exception, _on_crash)


def _on_user_error(_request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPStatusError):
        return problem_response(error.status, str(error))
    status = next(
        (status for kind, status in STATUS_BY_ERROR.items() if isinstance(error, kind)), 422
    )
    return problem_response(status, error.describe() if isinstance(error, ApiError) else str(error))


def _on_validation_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [
        {
            "field": ".".join(map(str, found["loc"])),
            "reason": found["msg"].removeprefix("Value error, "),
        }
        for found in error.errors()
    ]
    return problem_response(
        422, "; ".join(f"{found['field']}: {found['reason']}" for found in errors), errors=errors
    )


def _on_http_exception(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RoutingException)
    if error.status_code == HTTPStatus.BAD_REQUEST:  # of FastAPI's, for bytes that are no JSON
        return problem_response(422, "The body cannot be read.")
    details = {
        404: "There is nothing here. GET /_emulator/docs tells what there is.",
        405: "This path does not take that method.",
    }
    return problem_response(
        error.status_code, details.get(error.status_code, str(error.detail)), headers=error.headers
    )


def _on_crash(_request: Request, _error: Exception) -> Response:
    return problem_response(500, "Something broke; the server's log says what.")
