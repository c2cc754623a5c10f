"""Access and refresh tokens, computed from account and clock."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

TOKEN_LIFETIME = 3600  # seconds


# A constant, so that every process on a store takes the tokens of every other. It protects nothing:
# any key opens an account.
SECRET = b"playhead: any key opens an account of its own"


MAC_BYTES = sha256().digest_size


def _refresh_token(claims: bytes) -> str:
    """Authenticity first, so that the beginning of a token looks like nobody's, then when and for
    whom it was issued.
    """
    return (_mac(claims) + claims).hex()


def _mac(content: bytes) -> bytes:
    return hmac.digest(SECRET, content, "sha256")


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
