"""Who asks: an API key as Basic user, or a token as Bearer.

Tokens are computed and never stored — evidence/apivideo.md §1.2.
"""

import hmac
import json
import re
from base64 import b64decode, urlsafe_b64decode

from fastapi import Request

from playhead.accounts.keys import KeyResolver
from playhead.accounts.rate_limits import RateLimit, RateLimitState
from playhead.domain.account import Account
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.gateway.context import request_context
from playhead.gateway.credentials import parse_api_key
from playhead.gateway.vendor import Permission
from playhead.vendors.apivideo.auth_tokens.compute import (
    MAC_BYTES,
    _base64,
    _mac,
    _refresh_token,
)
from playhead.vendors.apivideo.auth_tokens.params import parse_json_object, required_text

HEADER_FIELD = "Authorization"
KEY_FIELD = "API key"
TOKEN_FIELD = "access token"
TOKEN_ADVICE = (
    "a Bearer takes the access_token of POST /auth/api-key, unexpired by the "
    "account's clock; an API key is sent as the Basic user"
)


def authenticate(request: Request, body: bytes, keys: KeyResolver) -> Account:
    """The account of a Bearer token, of a Basic user, or of what is exchanged for tokens.

    Raises Failure.
    """
    account, given = _account(request, body, keys)
    if account.options.environment not in (
        None,
        ENVIRONMENT_OF_HOST.get(request_host(request), account.options.environment),
    ):
        raise _unauthenticated(
            given,
            Rule.refused,
            reason=f"the account is of the {account.options.environment} environment",
        )
    return account


def request_host(request: Request) -> str:
    """The host name that was asked."""
    return request.headers.get("host", "").partition(":")[0].lower()


def _account(request: Request, body: bytes, keys: KeyResolver) -> tuple[Account, str]:
    """The account, and what named it."""
    exchange = TOKEN_EXCHANGES.get(request.scope["path"])
    if exchange and request.method == "POST":
        name, exchanged = exchange
        return exchanged(required_text(parse_json_object(body), name), keys), name
    header = request.headers.get("authorization")
    if header is None:
        raise _unauthenticated(HEADER_FIELD, Rule.missing)
    scheme, _, value = header.partition(" ")
    if scheme.lower() not in SCHEMES or not value.strip():
        raise _unauthenticated(HEADER_FIELD, Rule.scheme)
    named, given = SCHEMES[scheme.lower()]
    return named(value.strip(), keys), given


def _account_of_refresh_token(token: str, keys: KeyResolver) -> Account:
    """The account of a refresh token, old ones included; raises Failure(unauthenticated)."""
    stated = bytes.fromhex(token)[MAC_BYTES:] if re.fullmatch(r"([0-9a-f]{2})+", token) else b""
    if not stated or not hmac.compare_digest(_refresh_token(stated), token):
        raise _unauthenticated(
            "refreshToken", Rule.refused, reason="it is none that this server issued"
        )
    return keys.account(stated[8:].decode())


def _account_of_basic(value: str, keys: KeyResolver) -> Account:
    try:
        user = b64decode(value, validate=True).decode().partition(":")[0]
    except ValueError:
        raise _unauthenticated(HEADER_FIELD, Rule.malformed) from None
    return _get_account(parse_api_key(user, field=KEY_FIELD), keys, KEY_FIELD)


def _account_of_bearer(value: str, keys: KeyResolver) -> Account:
    signed, _, signature = value.rpartition(".")
    if not hmac.compare_digest(_base64(_mac(signed.encode())).encode(), signature.encode()):
        raise _unauthenticated(TOKEN_FIELD, Rule.refused, reason=TOKEN_ADVICE)
    claims = json.loads(urlsafe_b64decode(signed.partition(".")[2] + "=="))
    account = keys.account(claims["sub"])
    if account.now >= claims["exp"]:
        raise _unauthenticated(
            TOKEN_FIELD,
            Rule.refused,
            reason=f"it expired {account.now - claims['exp']} s ago by the account's clock",
        )
    return account


def _account_of_api_key(key: str, keys: KeyResolver) -> Account:
    return _get_account(parse_api_key(key, field="apiKey"), keys, "apiKey")


def _get_account(key: str, keys: KeyResolver, field: str) -> Account:
    try:
        return keys.account(key)
    except ApiError as failure:
        raise _unauthenticated(field, Rule.refused, **failure.violations[0].bounds) from None


SCHEMES = {"basic": (_account_of_basic, KEY_FIELD), "bearer": (_account_of_bearer, TOKEN_FIELD)}
TOKEN_EXCHANGES = {
    "/auth/api-key": ("apiKey", _account_of_api_key),
    "/auth/refresh": ("refreshToken", _account_of_refresh_token),
}
# Where production and sandbox keys are told apart: nowhere but at the vendor's own host names —
# §1.1.
ENVIRONMENT_OF_HOST = {"ws.api.video": "production", "sandbox.api.video": "sandbox"}

PERMISSIONS = {
    "active": Permission(
        granted_by_default=True,
        applies_to=lambda _request: True,
        error=ApiError(ErrorKind.forbidden, [Violation("active", Rule.permission)]),
    ),
    "analytics": Permission(
        granted_by_default=True,
        applies_to=lambda request: request.scope["path"].startswith(("/analytics/", "/data/")),
        error=ApiError(ErrorKind.forbidden, [Violation("analytics", Rule.permission)]),
    ),
}
RETENTION_DAYS = {
    "production": 30,
    "sandbox": 1,
}  # days for which plays and /data are kept — §1.1, §3.4
REQUESTS_PER_MINUTE = {"production": 500, "sandbox": 100}  # a minute — §1.4


def rate_limit(request: Request) -> RateLimit | None:
    """The documented requests a minute, of the operation or of the account's environment.

    Those for tokens are not counted.
    """
    if request.scope["path"] in TOKEN_EXCHANGES:
        return None
    return RateLimit("reads", REQUESTS_PER_MINUTE[request_environment(request)], 60)


def request_environment(request: Request) -> str:
    """The environment that is asked: the host's, else the account's own."""
    account = request_context(request).account
    return (
        ENVIRONMENT_OF_HOST.get(request_host(request))
        or (account.options.environment if account else None)
        or "production"
    )


def rate_limit_headers(state: RateLimitState) -> dict[str, str]:
    """What every answer tells of the limit.

    Never Retry-After, at which Python's client sleeps and repeats — §0.13.
    """
    return {
        "X-RateLimit-Limit": str(state.limit),
        "X-RateLimit-Remaining": str(state.remaining),
        "X-RateLimit-Retry-After": str(state.reset_after),
    }


def _unauthenticated(field: str, rule: Rule, **bounds: object) -> ApiError:
    return ApiError(ErrorKind.unauthenticated, [Violation(field, rule, bounds=bounds)])
