"""Who asks: an API key as Basic user, or a token as Bearer; tokens are computed and never stored — contracts/apivideo.md §1.2."""

import hmac
import json
import re
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from fastapi import Request

from playhead.accounts.account import Account
from playhead.accounts.limits import Limit, Standing
from playhead.emulator import Keys
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.vendor import Permission, credential, visit
from playhead.vendors.apivideo.queries import attribute, document_of
from playhead.vendors.apivideo.shapes import Tokens

LIFETIME = 3600  # seconds
# A constant, so that every process on a store takes the tokens of every other. It protects nothing: any key opens an account.
SECRET = b"playhead: any key opens an account of its own"

HEADER, KEY, TOKEN = "Authorization", "API key", "access token"
ADVICE = "a Bearer takes the access_token of POST /auth/api-key, unexpired by the account's clock; an API key is sent as the Basic user"


def authenticate(request: Request, body: bytes, keys: Keys) -> Account:
    """The account of a Bearer token, of a Basic user, or of what is exchanged for tokens; raises Failure."""
    account, given = _account(request, body, keys)
    if account.options.environment not in (None, HOSTS.get(host(request), account.options.environment)):
        raise _refused(given, Rule.refused, reason=f"the account is of the {account.options.environment} environment")
    return account


def host(request: Request) -> str:
    """The host name that was asked."""
    return request.headers.get("host", "").partition(":")[0].lower()


def _account(request: Request, body: bytes, keys: Keys) -> tuple[Account, str]:
    """The account, and what named it."""
    exchange = EXCHANGES.get(request.scope["path"])
    if exchange and request.method == "POST":
        name, exchanged = exchange
        return exchanged(attribute(document_of(body), name), keys), name
    header = request.headers.get("authorization")
    if header is None:
        raise _refused(HEADER, Rule.missing)
    scheme, _, value = header.partition(" ")
    if scheme.lower() not in SCHEMES or not value.strip():
        raise _refused(HEADER, Rule.scheme)
    named, given = SCHEMES[scheme.lower()]
    return named(value.strip(), keys), given


def tokens(account: Account) -> Tokens:
    """A new pair for an account, by its clock."""
    claims = {"iat": account.now, "exp": account.now + LIFETIME, "sub": account.name}
    signed = ".".join(_base64(json.dumps(part, separators=(",", ":")).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, claims))
    return Tokens(
        token_type="Bearer",
        expires_in=LIFETIME,
        access_token=f"{signed}.{_base64(_mac(signed.encode()))}",
        refresh_token=_refresh_token(account.now.to_bytes(8, signed=True) + account.name.encode()),
    )


def _refreshed(token: str, keys: Keys) -> Account:
    """The account of a refresh token, old ones included; raises Failure(unauthenticated)."""
    stated = bytes.fromhex(token)[MAC_BYTES:] if re.fullmatch(r"([0-9a-f]{2})+", token) else b""
    if not stated or not hmac.compare_digest(_refresh_token(stated), token):
        raise _refused("refreshToken", Rule.refused, reason="it is none that this server issued")
    return keys.account(stated[8:].decode())


def _by_key(value: str, keys: Keys) -> Account:
    try:
        user = b64decode(value, validate=True).decode().partition(":")[0]
    except ValueError:
        raise _refused(HEADER, Rule.malformed) from None
    return _opened(credential(user, field=KEY), keys, KEY)


def _by_token(value: str, keys: Keys) -> Account:
    signed, _, signature = value.rpartition(".")
    if not hmac.compare_digest(_base64(_mac(signed.encode())).encode(), signature.encode()):
        raise _refused(TOKEN, Rule.refused, reason=ADVICE)
    claims = json.loads(urlsafe_b64decode(signed.partition(".")[2] + "=="))
    account = keys.account(claims["sub"])
    if account.now >= claims["exp"]:
        raise _refused(TOKEN, Rule.refused, reason=f"it expired {account.now - claims['exp']} s ago by the account's clock")
    return account


def _exchanged(key: str, keys: Keys) -> Account:
    return _opened(credential(key, field="apiKey"), keys, "apiKey")


def _opened(key: str, keys: Keys, field: str) -> Account:
    try:
        return keys.account(key)
    except Failure as failure:
        raise _refused(field, Rule.refused, **failure.problems[0].bounds) from None


SCHEMES = {"basic": (_by_key, KEY), "bearer": (_by_token, TOKEN)}
EXCHANGES = {"/auth/api-key": ("apiKey", _exchanged), "/auth/refresh": ("refreshToken", _refreshed)}
# Where production and sandbox keys are told apart: nowhere but at the vendor's own host names — §1.1.
HOSTS = {"ws.api.video": "production", "sandbox.api.video": "sandbox"}

PERMISSIONS = {
    "active": Permission(given=True, concerns=lambda _request: True, failure=Failure(Kind.forbidden, [Problem("active", Rule.permission)])),
    "analytics": Permission(
        given=True,
        concerns=lambda request: request.scope["path"].startswith(("/analytics/", "/data/")),
        failure=Failure(Kind.forbidden, [Problem("analytics", Rule.permission)]),
    ),
}
RETENTION = {"production": 30, "sandbox": 1}  # days for which plays and /data are kept — §1.1, §3.4
READS = {"production": 500, "sandbox": 100}  # a minute — §1.4


def limit(request: Request) -> Limit | None:
    """How many requests a minute are documented where it is asked, or for the account's environment; those for tokens are not counted."""
    if request.scope["path"] in EXCHANGES:
        return None
    return Limit("reads", READS[environment(request)], 60)


def environment(request: Request) -> str:
    """The environment that is asked: the host's, else the account's own."""
    account = visit(request).account
    return HOSTS.get(host(request)) or (account.options.environment if account else None) or "production"


def standing(standing: Standing) -> dict[str, str]:
    """What every answer tells of the limit; never Retry-After, at which Python's client sleeps and repeats — §0.13."""
    return {"X-RateLimit-Limit": str(standing.limit), "X-RateLimit-Remaining": str(standing.remaining), "X-RateLimit-Retry-After": str(standing.ends_in)}


MAC_BYTES = sha256().digest_size


def _refresh_token(stated: bytes) -> str:
    """Authenticity first, so that the beginning of a token looks like nobody's, then when and for whom it was issued."""
    return (_mac(stated) + stated).hex()


def _mac(content: bytes) -> bytes:
    return hmac.digest(SECRET, content, "sha256")


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _refused(field: str, rule: Rule, **bounds: object) -> Failure:
    return Failure(Kind.unauthenticated, [Problem(field, rule, bounds=bounds)])
