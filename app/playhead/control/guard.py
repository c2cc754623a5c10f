"""Guard: who may ask the control API at all. Web pages may not, whatever name they reach this machine by; a token may be wanted; bodies are bounded."""

import re
from hmac import compare_digest
from ipaddress import AddressValueError, IPv4Address
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as RoutingException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.control.problems import answers, problem
from playhead.settings import CONTROL, Settings, variable

# Orchestrators ask by the address of a container, and know no token.
HEALTH = frozenset({f"{CONTROL}/health/live", f"{CONTROL}/health/ready"})
HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+?)\.?)(?::[0-9]*)?", re.ASCII)
LARGE = re.compile(rf"{CONTROL}/accounts/[^/]+/(?:viewings|import)")
# What a form of any page can send, and a browser sends without asking first. None of it is JSON.
FORMS = frozenset({"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"})
USUAL_BYTES, LARGE_BYTES = 1_000_000, 256_000_000
OF_EVERY_OPERATION = answers(401, 403, 413, 415)


class Denial(NamedTuple):
    """Why a request is not let in."""

    status: int
    reason: str


class Guard:
    """Lets in what comes from this machine's programs and not from a web page that its user happens to look at."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = frozenset(filter(None, (name.strip().strip("[]").rstrip(".").lower() for name in settings.control_hosts.split(","))))
        self.token = settings.control_token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        denial = self._denial(scope, Headers(scope=scope))
        if denial is None:
            await self.app(scope, _bounded(scope, receive), send)
        else:
            await _answer(denial)(scope, receive, send)

    def _denial(self, scope: Scope, headers: Headers) -> Denial | None:
        if _is_of_a_foreign_page(scope, headers):
            return Denial(403, "Web pages may not ask here: neither those of another origin nor those that hide theirs.")
        if scope["path"] not in HEALTH:
            if not self._is_ours(headers):
                name, where = headers.get("host", ""), variable("control_hosts")
                return Denial(403, f"The host {name!r} is not known to be this server: add its name to --control-hosts or {where}; * allows any.")
            if not self._has_token(headers):
                return Denial(401, "A token is wanted as `Authorization: Bearer …`: the one of --control-token.")
        type_ = headers.get("content-type", "").partition(";")[0].strip().lower()
        if type_ in FORMS:
            return Denial(415, f"Nothing here takes {type_}: say `Content-Type: application/json`.")
        length, most = headers.get("content-length", ""), _most(scope)
        return Denial(413, _too_large(most)) if length.isdigit() and int(length) > most else None

    def _is_ours(self, headers: Headers) -> bool:
        """Whether the host is named as this machine or as one of the setting: a name that a page had rebound to this machine is neither."""
        given = headers.getlist("host")
        match = HOST.fullmatch(given[0].lower()) if len(given) == 1 else None
        name = (match[1] or match[2]) if match else ""
        return "*" in self.hosts or name in self.hosts or _is_loopback(name)

    def _has_token(self, headers: Headers) -> bool:
        if self.token is None:
            return True
        scheme, _, given = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and compare_digest(given.strip().encode("latin-1"), self.token.encode())


def _is_of_a_foreign_page(scope: Scope, headers: Headers) -> bool:
    """Whether a browser says that another site's page asks; who is no browser says nothing."""
    ours = f"{scope['scheme']}://{headers.get('host', '')}".lower()
    sites = headers.getlist("sec-fetch-site")
    return any(origin.lower() != ours for origin in headers.getlist("origin")) or any(site not in ("same-origin", "none") for site in sites)


def _is_loopback(name: str) -> bool:
    try:
        return name == "::1" or name == "localhost" or name.endswith(".localhost") or IPv4Address(name).is_loopback
    except AddressValueError:
        return False


def _most(scope: Scope) -> int:
    return LARGE_BYTES if LARGE.fullmatch(scope["path"]) else USUAL_BYTES


def _too_large(most: int) -> str:
    return f"The body is larger than {most:,} bytes."


def _bounded(scope: Scope, receive: Receive) -> Receive:
    """What arrives, as long as it is no more than it may be: a body that comes in chunks tells no length before."""
    most, arrived = _most(scope), 0

    async def receive_no_more() -> Message:
        nonlocal arrived
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > most:
            raise RoutingException(413, _too_large(most))
        return message

    return receive_no_more


def _answer(denial: Denial) -> Response:
    return problem(denial.status, denial.reason, headers={"WWW-Authenticate": "Bearer"} if denial.status == 401 else {})
