"""Who asks: everything after the scheme APIKey (or Bearer) is the key — evidence/gcore.md §1.2."""

from fastapi import Request

from playhead.accounts.keys import KeyResolver
from playhead.domain.account import Account
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.gateway.credentials import parse_api_key
from playhead.gateway.vendor import Permission

SCHEMES = ("apikey", "bearer")
# A token may lack the right to statistics; the status is documented, the body ours — §1.3.
PERMISSIONS = {
    "statistics": Permission(
        granted_by_default=True,
        applies_to=lambda request: request.scope["path"].startswith("/streaming/statistics/"),
        error=ApiError(ErrorKind.forbidden, [Violation("statistics", Rule.permission)]),
    ),
    "reseller": Permission(
        granted_by_default=True,
        applies_to=lambda request: request.scope["path"] == "/streaming/statistics/reseller/stream",
        error=ApiError(ErrorKind.forbidden, [Violation("reseller", Rule.permission)]),
    ),
}


def authenticate(request: Request, _body: bytes, keys: KeyResolver) -> Account:
    """The account of the request's key; raises Failure(unauthenticated)."""
    header = request.headers.get("authorization")
    if header is None:
        raise ApiError(ErrorKind.unauthenticated, [Violation("Authorization", Rule.missing)])
    scheme, _, key = header.partition(" ")
    if scheme.lower() not in SCHEMES:
        raise ApiError(ErrorKind.unauthenticated, [Violation("Authorization", Rule.scheme)])
    return keys.account(parse_api_key(key, field="Authorization"))
