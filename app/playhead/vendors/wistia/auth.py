"""Who asks: an API token in any of the ways that clients send it, or a public token for a heat map — contracts/wistia.md §1.2, §4."""

import base64
import binascii
import re

from fastapi import Request

from playhead.accounts.account import Account
from playhead.emulator import Keys
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.vendor import Permission, credential
from playhead.vendors.wistia import words

QUERY_TOKENS = ("api_password", "access_token")
HEALTH = "/health"
HEATMAP = re.compile(r"/(v1|modern)/stats/events/[^/]+/iframe\.html")

STATS = re.compile(r"/(v1|modern)/(stats|analytics)/.*")


def _of_stats(request: Request) -> bool:
    return STATS.fullmatch(request.scope["path"]) is not None and not wants_heatmap(request)


PERMISSIONS = {
    # A token without the scope `stats:read` — §1.2, §1.3.
    "stats_scope": Permission(given=True, concerns=_of_stats, failure=Failure(Kind.unauthenticated, [Problem("stats_scope", Rule.permission)])),
    # A plan that statistics are no part of: documented from 2026-03 on — §1.3.
    "stats_plan": Permission(given=True, concerns=_of_stats, failure=Failure(Kind.forbidden, [Problem("stats_plan", Rule.permission)])),
}


def authenticate(request: Request, _body: bytes, keys: Keys) -> Account | None:
    """The account of the request's token, none where none is needed; raises Failure(unauthenticated)."""
    if request.scope["path"] == HEALTH:
        return None
    if wants_heatmap(request):
        return _of_public_token(request, keys)
    header = request.headers.get("authorization", "").strip()
    if header:
        return keys.account(_of_header(header))
    given = [request.query_params[name] for name in QUERY_TOKENS if request.query_params.get(name)]
    return keys.account(credential(given[0] if given else "", field="Authorization"))


def wants_heatmap(request: Request) -> bool:
    """Whether the page of a heat map is asked for: opened by the public token, answered in HTML whatever happens."""
    return HEATMAP.fullmatch(request.scope["path"]) is not None


def _of_header(header: str) -> str:
    scheme, _, given = header.partition(" ")
    if scheme.lower() not in ("bearer", "basic"):
        raise Failure(Kind.unauthenticated, [Problem("Authorization", Rule.scheme)])
    return credential(given if scheme.lower() == "bearer" else _of_basic(given), field="Authorization")


def _of_basic(given: str) -> str:
    """The password, without one the user: clients put the token in either — §1.2."""
    try:
        user, _, password = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise Failure(Kind.unauthenticated, [Problem("Authorization", Rule.malformed)]) from None
    return password or user


def _of_public_token(request: Request, keys: Keys) -> Account:
    """The account of a public token; one that no key has opened yet has no heat maps."""
    token = request.query_params.get("public_token", "")
    if not token:
        raise Failure(Kind.unauthenticated, [Problem("public_token", Rule.missing)])
    nobody = Account("", 0, keys.emulator.world, None, 0, 0)  # fixed tokens are facts of the world: it takes no account to read them
    with keys.emulator.store.snapshot() as connection:
        naming = Naming(Reading(connection, nobody, request.app.state.vendor.sight), words.NAME)
        number = naming.number("account", token, words.account_number)
    account = None if number is None else keys.account_of_number(number)
    if account is None:
        raise Failure(Kind.unauthenticated, [Problem("public_token", Rule.refused, bounds={"reason": "it is no account's"})])
    return account
