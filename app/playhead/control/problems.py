"""The control API's voice in mishap: RFC 9457 problems, worded here alone."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as RoutingException

from playhead.failure import Conflict, Failure, Missing, Refusal

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it; `errors` names each broken field."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []


class Denied(Refusal):
    """A request that is not allowed, and the status that says so."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


STATUSES: Mapping[type[Refusal], int] = {Missing: 404, Conflict: 409}


def problem(status: int, detail: str, *, errors: list[dict[str, str]] | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as an answer."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}  # Any: JSON
    return JSONResponse({**body, **({"errors": errors} if errors else {})}, status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def install(app: FastAPI) -> None:
    """Make every mishap of an application a problem."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(Failure, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(RoutingException, _no_route)


def _refused(_request: Request, error: Exception) -> Response:
    if isinstance(error, Denied):
        return problem(error.status, str(error))
    status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 422)
    return problem(status, error.plain() if isinstance(error, Failure) else str(error))


def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [{"field": ".".join(map(str, found["loc"])), "reason": found["msg"].removeprefix("Value error, ")} for found in error.errors()]
    return problem(422, "; ".join(f"{found['field']}: {found['reason']}" for found in errors), errors=errors)


def _no_route(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RoutingException)
    details = {404: "There is nothing here. GET /_emulator/docs tells what there is.", 405: "This path does not take that method."}
    return problem(error.status_code, details.get(error.status_code, str(error.detail)), headers=error.headers)
