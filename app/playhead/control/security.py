"""Guard: who may ask the control API at all.

Web pages may not, whatever name they reach this machine by; a token may be wanted; bodies are
bounded.
"""

import re
from hmac import compare_digest
from ipaddress import AddressValueError, IPv4Address
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as RoutingException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.control.problems import problem_response, problem_responses
from playhead.settings import CONTROL_PREFIX, Settings, environment_variable

# Orchestrators ask by the address of a container, and know no token.
HEALTH_PATHS = frozenset({f"{CONTROL_PREFIX}/health/live", f"{CONTROL_PREFIX}/health/ready"})
HOST_PATTERN = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+?)\.?)(?::[0-9]*)?", re.ASCII)
BULK_PATHS = re.compile(rf"{CONTROL_PREFIX}/accounts/[^/]+/(?:viewings|import)")
# What a form of any page can send, and a browser sends without asking first. None of it is JSON.
FORM_MEDIA_TYPES = frozenset(
    {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"}
)
MAX_BODY_BYTES = 1_000_000
MAX_BULK_BODY_BYTES = 256_000_000
COMMON_RESPONSES = problem_responses(401, 403, 413, 415)


class Rejection(NamedTuple):
    """Why a request is not let in."""

    status: int
    reason: str


class SecurityMiddleware:
    """Lets in what comes from this machine's programs and not from a web page that its user happens
    to look at.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = frozenset(
            filter(
                None,
                (
                    name.strip().strip("[]").rstrip(".").lower()
                    for name in settings.control_hosts.split(",")
                ),
            )
        )
        self.token = settings.control_token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        denial = self._rejection(scope, Headers(scope=scope))
        if denial is None:
            await self.app(scope, _limit_body(scope, receive), send)
        else:
            await _to_response(denial)(scope, receive, send)

    def _rejection(self, scope: Scope, headers: Headers) -> Rejection | None:
        if _is_cross_site(scope, headers):
            return Rejection(
                403,
                (
                    "Web pages may not ask here: neither those of another origin nor those that "
                    "hide theirs."
                ),
            )
        if scope["path"] not in HEALTH_PATHS:
            if not self._is_allowed_host(headers):
                name = headers.get("host", "")
                where = environment_variable("control_hosts")
                return Rejection(
                    403,
                    (
                        f"The host {name!r} is not known to be this server: add its name to "
                        f"--control-hosts or {where}; * allows any."
                    ),
                )
            if not self._has_token(headers):
                return Rejection(
                    401,
                    "A token is wanted as `Authorization: Bearer …`: the one of --control-token.",
                )
        type_ = headers.get("content-type", "").partition(";")[0].strip().lower()
        if type_ in FORM_MEDIA_TYPES:
            return Rejection(
                415, f"Nothing here takes {type_}: say `Content-Type: application/json`."
            )
        length = headers.get("content-length", "")
        most = _max_bytes(scope)
        return (
            Rejection(413, _too_large_message(most))
            if length.isdigit() and int(length) > most
            else None
        )

    def _is_allowed_host(self, headers: Headers) -> bool:
        """Whether the host is named as this machine or as one of the setting:

        a name that a page had rebound to this machine is neither.
        """
        given = headers.getlist("host")
        match = HOST_PATTERN.fullmatch(given[0].lower()) if len(given) == 1 else None
        name = (match[1] or match[2]) if match else ""
        return "*" in self.hosts or name in self.hosts or _is_loopback(name)

    def _has_token(self, headers: Headers) -> bool:
        if self.token is None:
            return True
        scheme, _, given = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and compare_digest(
            given.strip().encode("latin-1"), self.token.encode()
        )


def _is_cross_site(scope: Scope, headers: Headers) -> bool:
    """Whether a browser says that another site's page asks; who is no browser says nothing."""
    ours = f"{scope['scheme']}://{headers.get('host', '')}".lower()
    sites = headers.getlist("sec-fetch-site")
    return any(origin.lower() != ours for origin in headers.getlist("origin")) or any(
        site not in ("same-origin", "none") for site in sites
    )


def _is_loopback(name: str) -> bool:
    try:
        return (
            name == "::1"
            or name == "localhost"
            or name.endswith(".localhost")
            or IPv4Address(name).is_loopback
        )
    except AddressValueError:
        return False


def _max_bytes(scope: Scope) -> int:
    return MAX_BULK_BODY_BYTES if BULK_PATHS.fullmatch(scope["path"]) else MAX_BODY_BYTES


def _too_large_message(max_bytes: int) -> str:
    return f"The body is larger than {max_bytes:,} bytes."


def _limit_body(scope: Scope, receive: Receive) -> Receive:
    """What arrives, as long as it is no more than it may be:

    a body that comes in chunks tells no length before.
    """
    most = _max_bytes(scope)
    arrived = 0

    async def receive_no_more() -> Message:
        nonlocal arrived
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > most:
            raise RoutingException(413, _too_large_message(most))
        return message

    return receive_no_more


def _to_response(rejection: Rejection) -> Response:
    return problem_response(
        rejection.status,
        rejection.reason,
        headers={"WWW-Authenticate": "Bearer"} if rejection.status == 401 else {},
    )
