"""Who asks: everything after the scheme APIKey (or Bearer) is the key — contracts/gcore.md §1.2."""

from fastapi import Request

from playhead.accounts.account import Account
from playhead.emulator import Emulator
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.vendor import credential

SCHEMES = ("apikey", "bearer")


def authenticate(request: Request, emulator: Emulator) -> Account:
    """The account of the request's key; raises Failure(unauthenticated)."""
    header = request.headers.get("authorization")
    if header is None:
        raise Failure(Kind.unauthenticated, [Problem("Authorization", Rule.missing)])
    scheme, _, key = header.partition(" ")
    if scheme.lower() not in SCHEMES:
        raise Failure(Kind.unauthenticated, [Problem("Authorization", Rule.scheme)])
    return emulator.account(credential(key, field="Authorization"))
