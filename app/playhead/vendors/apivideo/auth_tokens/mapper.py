"""Tokens as api.video answers them."""

import json

from playhead.domain.account import Account
from playhead.vendors.apivideo.auth_tokens.compute import (
    TOKEN_LIFETIME,
    _base64,
    _mac,
    _refresh_token,
)
from playhead.vendors.apivideo.auth_tokens.schemas import Tokens


def issue_tokens(account: Account) -> Tokens:
    """A new pair for an account, by its clock."""
    claims = {"iat": account.now, "exp": account.now + TOKEN_LIFETIME, "sub": account.name}
    signed = ".".join(
        _base64(json.dumps(part, separators=(",", ":")).encode())
        for part in ({"typ": "JWT", "alg": "HS256"}, claims)
    )
    return Tokens(
        token_type="Bearer",
        expires_in=TOKEN_LIFETIME,
        access_token=f"{signed}.{_base64(_mac(signed.encode()))}",
        refresh_token=_refresh_token(account.now.to_bytes(8, signed=True) + account.name.encode()),
    )
