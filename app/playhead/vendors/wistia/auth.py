"""Who asks: an API token in any of the ways that clients send it, or a public token for a heat map
— evidence/wistia.md §1.2, §4.
"""

import base64
import binascii
import re

from fastapi import Request

from playhead.accounts.keys import KeyResolver
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.snapshot import Snapshot
from playhead.domain.account import Account
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.gateway.credentials import parse_api_key
from playhead.gateway.vendor import Permission
from playhead.vendors.wistia import ids, vocabulary

QUERY_TOKENS = ("api_password", "access_token")
HEALTH_PATH = "/health"
HEATMAP_PATH = re.compile(r"/(v1|modern)/stats/events/[^/]+/iframe\.html")

STATS_PATH = re.compile(r"/(v1|modern)/(stats|analytics)/.*")


def _is_stats_request(request: Request) -> bool:
    return STATS_PATH.fullmatch(request.scope["path"]) is not None and not is_heatmap_request(
        request
    )


PERMISSIONS = {
    # A token without the scope `stats:read` — §1.2, §1.3.
    "stats_scope": Permission(
        granted_by_default=True,
        applies_to=_is_stats_request,
        error=ApiError(ErrorKind.unauthenticated, [Violation("stats_scope", Rule.permission)]),
    ),
    # A plan that statistics are no part of: documented from 2026-03 on — §1.3.
    "stats_plan": Permission(
        granted_by_default=True,
        applies_to=_is_stats_request,
        error=ApiError(ErrorKind.forbidden, [Violation("stats_plan", Rule.permission)]),
    ),
}


def authenticate(request: Request, _body: bytes, keys: KeyResolver) -> Account | None:
    """The account of the request's token, none where none is needed.

    Raises Failure(unauthenticated).
    """
    if request.scope["path"] == HEALTH_PATH:
        return None
    if is_heatmap_request(request):
        return _account_of_public_token(request, keys)
    header = request.headers.get("authorization", "").strip()
    if header:
        return keys.account(_key_from_header(header))
    given = [request.query_params[name] for name in QUERY_TOKENS if request.query_params.get(name)]
    return keys.account(parse_api_key(given[0] if given else "", field="Authorization"))


def is_heatmap_request(request: Request) -> bool:
    """Whether the page of a heat map is asked for:

    opened by the public token, answered in HTML whatever happens.
    """
    return HEATMAP_PATH.fullmatch(request.scope["path"]) is not None


def _key_from_header(header: str) -> str:
    scheme, _, given = header.partition(" ")
    if scheme.lower() not in ("bearer", "basic"):
        raise ApiError(ErrorKind.unauthenticated, [Violation("Authorization", Rule.scheme)])
    return parse_api_key(
        given if scheme.lower() == "bearer" else _key_from_basic(given), field="Authorization"
    )


def _key_from_basic(encoded: str) -> str:
    """The password, without one the user: clients put the token in either — §1.2."""
    try:
        user, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise ApiError(
            ErrorKind.unauthenticated, [Violation("Authorization", Rule.malformed)]
        ) from None
    return password or user


def _account_of_public_token(request: Request, keys: KeyResolver) -> Account:
    """The account of a public token; one that no key has opened yet has no heat maps."""
    token = request.query_params.get("public_token", "")
    if not token:
        raise ApiError(ErrorKind.unauthenticated, [Violation("public_token", Rule.missing)])
    placeholder = Account(
        "", 0, keys.accounts.default_world, None, 0, 0
    )  # fixed tokens are facts of the world: it takes no account to read them
    with keys.accounts.store.snapshot() as connection:
        naming = AliasResolver(
            Snapshot(connection, placeholder, request.app.state.vendor.visibility), vocabulary.NAME
        )
        number = naming.number("account", token, ids.decode_public_token)
    account = None if number is None else keys.account_by_number(number)
    if account is None:
        raise ApiError(
            ErrorKind.unauthenticated,
            [Violation("public_token", Rule.refused, bounds={"reason": "it is no account's"})],
        )
    return account
