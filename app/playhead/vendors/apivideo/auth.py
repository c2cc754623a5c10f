"""Who asks: an API key as Basic user, or a token as Bearer; tokens are computed and never stored — contracts/apivideo.md §1.2."""

import hmac
import json
import re
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from fastapi import Request

from playhead.accounts.account import Account
from playhead.emulator import Emulator
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.vendor import credential
from playhead.vendors.apivideo.shapes import Tokens

LIFETIME = 3600  # seconds
# A constant, so that every process on a store takes the tokens of every other. It protects nothing: any key opens an account.
SECRET = b"playhead: any key opens an account of its own"

HEADER, KEY, TOKEN = "Authorization", "API key", "access token"
ADVICE = "a Bearer takes the access_token of POST /auth/api-key, unexpired by the account's clock; an API key is sent as the Basic user"


def authenticate(request: Request, emulator: Emulator) -> Account:
    """The account of a Bearer token or of a Basic user; raises Failure(unauthenticated)."""
    header = request.headers.get("authorization")
    if header is None:
        raise _refused(HEADER, Rule.missing)
    scheme, _, value = header.partition(" ")
    if scheme.lower() not in SCHEMES or not value.strip():
        raise _refused(HEADER, Rule.scheme)
    return SCHEMES[scheme.lower()](value.strip(), emulator)


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


def refreshed(token: str, emulator: Emulator) -> Account:
    """The account of a refresh token, old ones included; raises Failure(unauthenticated)."""
    stated = bytes.fromhex(token)[MAC_BYTES:] if re.fullmatch(r"([0-9a-f]{2})+", token) else b""
    if not stated or not hmac.compare_digest(_refresh_token(stated), token):
        raise _refused("refreshToken", Rule.refused, reason="it is none that this server issued")
    return emulator.account(stated[8:].decode())


def _by_key(value: str, emulator: Emulator) -> Account:
    try:
        user = b64decode(value, validate=True).decode().partition(":")[0]
    except ValueError:
        raise _refused(HEADER, Rule.malformed) from None
    return emulator.account(credential(user, field=KEY))


def _by_token(value: str, emulator: Emulator) -> Account:
    signed, _, signature = value.rpartition(".")
    if not hmac.compare_digest(_base64(_mac(signed.encode())).encode(), signature.encode()):
        raise _refused(TOKEN, Rule.refused, reason=ADVICE)
    claims = json.loads(urlsafe_b64decode(signed.partition(".")[2] + "=="))
    account = emulator.account(claims["sub"])
    if account.now >= claims["exp"]:
        raise _refused(TOKEN, Rule.refused, reason=f"it expired {account.now - claims['exp']} s ago by the account's clock")
    return account


SCHEMES = {"basic": _by_key, "bearer": _by_token}
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
