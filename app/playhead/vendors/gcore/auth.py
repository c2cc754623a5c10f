"""Who asks: everything after the scheme APIKey (or Bearer) is the key — contracts/gcore.md §1.2."""

from fastapi import Request

from playhead.accounts.account import Account
from playhead.emulator import Keys
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.vendor import Permission, credential

SCHEMES = ("apikey", "bearer")
# A token may lack the right to statistics; the status is documented, the body ours — §1.3.
PERMISSIONS = {
    "statistics": Permission(
        given=True,
        concerns=lambda request: request.scope["path"].startswith("/streaming/statistics/"),
        failure=Failure(Kind.forbidden, [Problem("statistics", Rule.permission)]),
    ),
    "reseller": Permission(
        given=True,
        concerns=lambda request: request.scope["path"] == "/streaming/statistics/reseller/stream",
        failure=Failure(Kind.forbidden, [Problem("reseller", Rule.permission)]),
    ),
}


def authenticate(request: Request, _body: bytes, keys: Keys) -> Account:
    """The account of the request's key; raises Failure(unauthenticated)."""
    header = request.headers.get("authorization")
    if header is None:
        raise Failure(Kind.unauthenticated, [Problem("Authorization", Rule.missing)])
    scheme, _, key = header.partition(" ")
    if scheme.lower() not in SCHEMES:
        raise Failure(Kind.unauthenticated, [Problem("Authorization", Rule.scheme)])
    return keys.account(credential(key, field="Authorization"))
